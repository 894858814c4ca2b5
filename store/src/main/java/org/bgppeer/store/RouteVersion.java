package org.bgppeer.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A row of `route` while it is decided what becomes of it, and once it is not current any more one
/// of `route_history`; 0 stands for null.
final class RouteVersion {
  final byte[] key;
  final long pathId;
  long attributesId;
  int generation;
  int version;

  /// Whether its set came for the first time with it, so that the set says when and in which packet
  /// that was, and the row does not.
  boolean isFirst;

  long validFrom;

  /// Not known of what was read and [#isFirst].
  long packet;

  long firstSeen;
  long endedAt;
  @Nullable String endReason;
  long endPacket;
  @Nullable String details;
  byte @Nullable [] nlri;

  /// Where the history is a log: its place there, and that of the version before.
  long id;

  long former;

  RouteVersion(byte[] key, long pathId) {
    this.key = key;
    this.pathId = pathId;
  }

  void end(long at, String reason, long withPacket) {
    endedAt = at;
    endReason = reason;
    endPacket = withPacket;
  }

  boolean hasNlri() {
    return nlri != null || details != null;
  }

  /// Whether it came in the same packet as another one with the same set.
  boolean cameWith(RouteVersion other) {
    return isFirst == other.isFirst && (isFirst || packet == other.packet);
  }

  /// Whether it says the same as another version.
  boolean sameAs(RouteVersion other) {
    return attributesId == other.attributesId && Objects.equals(details, other.details);
  }
}
