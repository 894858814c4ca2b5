package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bgppeer.store.OriginIndex.Table;

/// Keeps `held`: how many routes a neighbor held of a family, at any moment, without a look at one
/// of them.
///
/// ```
/// row:      counts just before `since`, and some changes
/// change:   microseconds behind `since`, active, total      each a number as below
/// number:   zigzag, 7 bits an octet, the lowest first; the high bit says that more follow
/// ```
///
/// A replacement changes no count and takes no room; the routes of one packet are one change. What
/// changes counts at a moment before the newest row, because a clock was set back, goes to the row
/// where it belongs. Owned by the thread that writes.
final class HeldCounts {
  /// A row with so many octets of changes is followed by another one.
  private static final int OCTETS = 800;

  private final Connection connection;
  private final PreparedStatement put;

  /// The newest row of each table.
  private final Map<Table, Row> rows = new HashMap<>();

  private final Map<Table, Changes> changed = new LinkedHashMap<>();

  private static final class Row {
    private long since;
    private long active; // just before since
    private long total;
    private long activeNow;
    private long totalNow;
    private long last; // change
    private byte[] changes = new byte[64];
    private int size;
    private boolean written = true;
  }

  /// Changes of a table in the order of their arrival.
  static final class Changes {
    private long[] at = new long[16];
    private long[] active = new long[16];
    private long[] total = new long[16];
    private int size;
    private boolean sorted = true;

    /// Counts changed at a moment.
    void add(long moment, long activeMore, long totalMore) {
      if (activeMore == 0 && totalMore == 0) {
        return;
      }
      if (size > 0 && at[size - 1] == moment) {
        active[size - 1] += activeMore;
        total[size - 1] += totalMore;
        return;
      }
      if (size == at.length) {
        at = Arrays.copyOf(at, size * 2);
        active = Arrays.copyOf(active, size * 2);
        total = Arrays.copyOf(total, size * 2);
      }
      sorted &= size == 0 || at[size - 1] < moment;
      at[size] = moment;
      active[size] = activeMore;
      total[size] = totalMore;
      size++;
    }

    Changes inOrder() {
      if (sorted) {
        return this;
      }
      var result = new Changes();
      IntStream.range(0, size)
          .boxed()
          .sorted((a, b) -> Long.compare(at[a], at[b]))
          .forEach(i -> result.add(at[i], active[i], total[i]));
      return result;
    }
  }

  HeldCounts(Connection connection) throws SQLException {
    this.connection = connection;
    put =
        connection.prepareStatement(
            """
            INSERT INTO held (neighbor_id, family, since, active, total, changes)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (neighbor_id, family, since) DO UPDATE SET changes = excluded.changes\
            """);
    try (var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                """
                SELECT h.neighbor_id, h.family, h.since, h.active, h.total, h.changes
                FROM held h JOIN (SELECT neighbor_id, family, max(since) AS since FROM held
                  GROUP BY neighbor_id, family) newest
                ON newest.neighbor_id = h.neighbor_id AND newest.family = h.family
                  AND newest.since = h.since\
                """)) {
      while (found.next()) {
        var row = new Row();
        row.since = found.getLong(3);
        row.active = found.getLong(4);
        row.total = found.getLong(5);
        row.changes = found.getBytes(6);
        row.size = row.changes.length;
        long[] all = new long[3];
        sum(row.changes, row.since, Long.MAX_VALUE, all);
        row.activeNow = row.active + all[0];
        row.totalNow = row.total + all[1];
        row.last = Math.max(row.since, all[2]);
        rows.put(new Table(found.getInt(1), found.getInt(2)), row);
      }
    }
  }

  /// To add what changes a table.
  Changes of(int neighborId, int family) {
    return changed.computeIfAbsent(new Table(neighborId, family), _ -> new Changes());
  }

  /// Writes what changed: called before each commit.
  void finish() throws SQLException {
    for (var each : changed.entrySet()) {
      var table = each.getKey();
      var changes = each.getValue().inOrder();
      for (int i = 0; i < changes.size; i++) {
        if (changes.active[i] != 0 || changes.total[i] != 0) {
          add(table, changes.at[i], changes.active[i], changes.total[i]);
        }
      }
      var row = rows.get(table);
      if (row != null) {
        write(table, row);
      }
    }
    changed.clear();
  }

  private void add(Table table, long at, long active, long total) throws SQLException {
    var row = rows.get(table);
    if (row != null && at < row.since) {
      write(table, row);
      late(table, at, active, total);
      row.active += active;
      row.total += total;
    } else {
      if (row == null || row.size >= OCTETS && at >= row.last) {
        var next = new Row();
        next.since = at;
        if (row != null) {
          write(table, row);
          next.active = row.activeNow;
          next.total = row.totalNow;
        }
        next.activeNow = next.active;
        next.totalNow = next.total;
        rows.put(table, next);
        row = next;
      }
      append(row, at - row.since, active, total);
      row.last = Math.max(row.last, at);
    }
    row.activeNow += active;
    row.totalNow += total;
  }

  private static void append(Row row, long behind, long active, long total) {
    if (row.changes.length - row.size < 30) {
      row.changes = Arrays.copyOf(row.changes, row.changes.length * 2 + 30);
    }
    row.size = number(row.changes, row.size, behind);
    row.size = number(row.changes, row.size, active);
    row.size = number(row.changes, row.size, total);
    row.written = false;
  }

  /// A change before the newest row: it counts in each row that begins later.
  private void late(Table table, long at, long active, long total) throws SQLException {
    try (var later =
        connection.prepareStatement(
            "UPDATE held SET active = active + ?, total = total + ? WHERE neighbor_id = ? AND"
                + " family = ? AND since > ?")) {
      later.setLong(1, active);
      later.setLong(2, total);
      later.setInt(3, table.neighborId());
      later.setInt(4, table.family());
      later.setLong(5, at);
      later.executeUpdate();
    }
    var row = new Row();
    row.since = at;
    try (var select =
        connection.prepareStatement(
            "SELECT since, active, total, changes FROM held WHERE neighbor_id = ? AND family = ?"
                + " AND since <= ? ORDER BY since DESC LIMIT 1")) {
      select.setInt(1, table.neighborId());
      select.setInt(2, table.family());
      select.setLong(3, at);
      try (var found = select.executeQuery()) {
        if (found.next()) {
          row.since = found.getLong(1);
          row.active = found.getLong(2);
          row.total = found.getLong(3);
          row.changes = found.getBytes(4);
          row.size = row.changes.length;
        }
      }
    }
    append(row, at - row.since, active, total);
    write(table, row);
  }

  /// Removes rows for moments before this one, but of each table the one that reaches to it.
  ///
  /// @param most rows of a table
  /// @return whether there may be more
  boolean remove(long before, int most) throws SQLException {
    boolean more = false;
    try (var delete =
        connection.prepareStatement(
            """
            DELETE FROM held WHERE neighbor_id = ? AND family = ? AND since IN (
              SELECT since FROM held WHERE neighbor_id = ? AND family = ? AND since <
                (SELECT max(since) FROM held WHERE neighbor_id = ? AND family = ? AND since <= ?)
              ORDER BY since LIMIT ?)\
            """)) {
      for (var table : rows.keySet()) {
        for (int p = 0; p < 6; p += 2) {
          delete.setInt(p + 1, table.neighborId());
          delete.setInt(p + 2, table.family());
        }
        delete.setLong(7, before);
        delete.setInt(8, most);
        more |= delete.executeUpdate() == most;
      }
    }
    return more;
  }

  private void write(Table table, Row row) throws SQLException {
    if (!row.written) {
      put.setInt(1, table.neighborId());
      put.setInt(2, table.family());
      put.setLong(3, row.since);
      put.setLong(4, row.active);
      put.setLong(5, row.total);
      put.setBytes(6, Arrays.copyOf(row.changes, row.size));
      put.executeUpdate();
      row.written = true;
    }
  }

  /// Adds the changes of a row up to a moment to `sum`: active, total; and puts the moment of the
  /// last one there.
  static void sum(byte[] changes, long since, long until, long[] sum) {
    for (int i = 0; i < changes.length; ) {
      long[] change = new long[3];
      for (int part = 0; part < 3; part++) {
        long value = 0;
        int shift = 0;
        int octet;
        do {
          octet = changes[i++];
          value |= (long) (octet & 0x7f) << shift;
          shift += 7;
        } while (octet < 0);
        change[part] = value >>> 1 ^ -(value & 1);
      }
      if (since + change[0] <= until) {
        sum[0] += change[1];
        sum[1] += change[2];
        sum[2] = Math.max(sum[2], since + change[0]);
      }
    }
  }

  private static int number(byte[] to, int offset, long value) {
    int i = offset;
    long rest = value << 1 ^ value >> 63;
    while ((rest & ~0x7fL) != 0) {
      to[i++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    to[i++] = (byte) rest;
    return i;
  }
}
