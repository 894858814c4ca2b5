package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.Path;

/// A segment has octets where no record can begin. [Journal#open] cuts such a tail from the last
/// segment; anywhere else the disk or somebody else has changed the file.
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
