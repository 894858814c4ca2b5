package org.bgppeer.app;

import java.nio.file.Path;

/// A collector within this process, opened as `run` opens it. It stands in this package because
/// nobody but the commands and tests may open rooms.
public final class CollectorInside implements AutoCloseable {
  private final Rooms rooms;

  private CollectorInside(Rooms rooms) {
    this.rooms = rooms;
  }

  /// Opens all rooms as this file says.
  public static CollectorInside open(Path configuration) throws Exception {
    return new CollectorInside(Rooms.open(ConfigurationReader.read(configuration)));
  }

  /// Stops as on SIGTERM.
  @Override
  public void close() {
    rooms.close();
  }
}
