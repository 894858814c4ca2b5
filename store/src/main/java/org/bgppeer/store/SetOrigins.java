package org.bgppeer.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/// The origin AS of attribute sets by their numbers; the sets that were asked for lately need no
/// look at the database.
final class SetOrigins {
  /// In place of an AS: the set has none.
  static final long NONE = -1;

  static final String SELECT = "SELECT origin_as FROM path_attributes WHERE id = ?";
  private static final int REMEMBERED = 1 << 18;

  private final int[] ids = new int[REMEMBERED];
  private final long[] origins = new long[REMEMBERED];

  void put(long id, long originAs) {
    int cell = (int) id & REMEMBERED - 1;
    ids[cell] = (int) id;
    origins[cell] = originAs;
  }

  /// @param select of [#SELECT]
  long of(long id, PreparedStatement select) throws SQLException {
    int cell = (int) id & REMEMBERED - 1;
    if (ids[cell] != (int) id) {
      select.setLong(1, id);
      try (var row = select.executeQuery()) {
        long origin = row.next() ? row.getLong(1) : 0;
        put(id, origin == 0 && row.wasNull() ? NONE : origin);
      }
    }
    return origins[cell];
  }
}
