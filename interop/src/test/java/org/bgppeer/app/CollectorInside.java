package org.bgppeer.app;

import java.nio.file.Path;

/// A collector within this process, opened as `run` opens it. It stands in this package because
/// nobody but the commands and tests may open rooms.
public final class CollectorInside implements AutoCloseable {
  private final Rooms rooms;
  private final Path data;

  private CollectorInside(Rooms rooms, Path data) {
    this.rooms = rooms;
    this.data = data;
  }

  /// Opens all rooms as this file says.
  public static CollectorInside open(Path file) throws Exception {
    Configuration configuration = ConfigurationReader.read(file);
    Rooms rooms = Rooms.open(configuration);
    var reload = new Reload(() -> ConfigurationReader.read(file), rooms, configuration);
    rooms.takeOrders(configuration.data(), reload);
    return new CollectorInside(rooms, configuration.data());
  }

  /// What a command would tell it: `refresh`, `reset`, `reload`, with its arguments.
  public void order(String... words) throws Exception {
    ControlSocket.ask(data, words);
  }

  /// Stops as on SIGTERM.
  @Override
  public void close() {
    rooms.close();
  }
}
