package org.bgppeer.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A row of `route` while it is decided what becomes of it, and once it is not current any more one
/// of `route_history`; 0 stands for null.
final class RouteVersion {
  /// What [#of] reads of a row `r` of `route`.
  static final String COLUMNS =
      """
      attributes_id, generation, version, %s, packet, first_seen, former, ended_at, end_reason,
        end_packet, details, nlri, valid_from IS NULL\
      """
          .formatted(Database.VALID_FROM);

  static final int COLUMN_COUNT = 13;

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

  /// A row that begins with [#COLUMNS].
  ///
  /// @param hasNlri whether it may say more than its key
  static RouteVersion of(ResultSet row, byte[] key, long pathId, boolean hasNlri)
      throws SQLException {
    var version = new RouteVersion(key, pathId);
    version.attributesId = row.getLong(1);
    version.generation = row.getInt(2);
    version.version = row.getInt(3);
    version.validFrom = row.getLong(4);
    version.packet = row.getLong(5);
    version.firstSeen = row.getLong(6);
    version.former = row.getLong(7);
    version.endedAt = row.getLong(8);
    if (version.endedAt != 0) {
      version.endReason = row.getString(9);
      version.endPacket = row.getLong(10);
    }
    if (hasNlri) {
      version.details = row.getString(11);
      version.nlri = row.getBytes(12);
    }
    version.isFirst = row.getBoolean(13);
    return version;
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
