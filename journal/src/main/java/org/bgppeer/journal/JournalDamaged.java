package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.Path;

/// There is no whole record at a position: the position is wrong, or the disk or somebody else has
/// changed the file.
public final class JournalDamaged extends IOException {
  private static final long serialVersionUID = 1;

  private final Position position;

  JournalDamaged(Path file, Position position, String reason) {
    super(file.toAbsolutePath() + " is damaged at offset " + position.offset() + ": " + reason);
    this.position = position;
  }

  /// Where the first record that cannot be read should begin.
  public Position position() {
    return position;
  }
}
