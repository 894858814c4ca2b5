package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A position points into a segment that is not there (any more), so following on from it would
/// silently leave records out.
public final class SegmentMissing extends IOException {
  private static final long serialVersionUID = 1;

  private final String segment;
  private final @Nullable String oldest;

  SegmentMissing(Path dir, String segment, @Nullable String oldest) {
    super(
        "segment "
            + segment
            + " is not in "
            + dir.toAbsolutePath()
            + (oldest == null ? ", which has no segments" : "; the oldest there is " + oldest));
    this.segment = segment;
    this.oldest = oldest;
  }

  /// The segment that was asked for.
  public String segment() {
    return segment;
  }

  /// The oldest segment that there is; null if there is none.
  public @Nullable String oldest() {
    return oldest;
  }
}
