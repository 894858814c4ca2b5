package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bgppeer.store.OriginIndex.Table;
import org.jspecify.annotations.Nullable;

/// Writes `value_shared` and `value_stretch`, which together say in which stretches of a table a
/// value may be. Owned by the thread that writes.
///
/// ```
/// value_shared     a value for all tables that have it in about the same stretches: one row
/// value_stretch    a row for each other table that has it, beside what it may share
/// ```
///
/// Nearly all values are of the first kind, for all full tables have about the same routes. A table
/// is looked at in all stretches that it shares.
final class ValueRows {
  private static final int ROWS_A_SELECT = 64;
  private static final int ROWS_AN_INSERT = 16;
  private static final int COLUMNS = 4;

  /// No neighbor's number.
  private static final int NOBODY = -1;

  private final Connection connection;
  private final PreparedStatement there;
  private final Insert own;
  private final Insert shared;

  /// What there is of a value.
  ///
  /// @param own of the table; null if it has no row
  /// @param neighbors of the shared row; null if there is none
  /// @param shared stretches of that
  private record Known(
      byte @Nullable [] own, byte @Nullable [] neighbors, byte @Nullable [] shared) {
    private static final Known NOTHING = new Known(null, null, null);

    /// Whether these neighbors share these stretches.
    boolean has(NumberSet these, NumberSet stretches) {
      return neighbors != null
          && shared != null
          && these.areIn(neighbors)
          && stretches.areIn(shared);
    }

    /// Adds what the shared row is to be to others, if it is to be another than it is.
    ///
    /// @return false if the row may not be shared
    boolean take(SharedValue row, List<SharedValue> more) {
      if (has(row.neighbors(), row.stretches())) {
        return true;
      }
      var all = shared == null ? NumberSet.none() : NumberSet.decode(shared);
      int before = all.size();
      all.addAll(row.stretches());
      boolean shares = neighbors != null && row.neighbors().areIn(neighbors);
      if (!SharedValue.mayShare(all, before, shares ? before : row.stretches().size())) {
        return false;
      }
      more.add(new SharedValue(row.value(), all, with(neighbors, row.neighbors())));
      return true;
    }
  }

  /// The same statement for one row and for many.
  private record Insert(PreparedStatement many, PreparedStatement one) {}

  ValueRows(Connection connection) throws SQLException {
    this.connection = connection;
    // not value IN (…), nor a join: PostgreSQL would plan for the empty table and read all of it
    // ever after
    there =
        connection.prepareStatement(
            """
            SELECT v.column1, (SELECT s.stretches FROM value_stretch s
                WHERE s.neighbor_id = ? AND s.family = ? AND s.value = v.column1),
              (SELECT m.neighbors FROM value_shared m WHERE m.family = ? AND m.value = v.column1),
              (SELECT m.stretches FROM value_shared m WHERE m.family = ? AND m.value = v.column1)
            FROM (VALUES (?)\
            """
                + ", (?)".repeat(ROWS_A_SELECT - 1)
                + ") v");
    own =
        insert(
            "value_stretch (family, value, stretches, neighbor_id)",
            " ON CONFLICT (neighbor_id, family, value)"
                + " DO UPDATE SET stretches = excluded.stretches");
    shared =
        insert(
            "value_shared (family, value, stretches, neighbors)",
            " ON CONFLICT (family, value)"
                + " DO UPDATE SET stretches = excluded.stretches, neighbors = excluded.neighbors");
  }

  private Insert insert(String into, String instead) throws SQLException {
    String one = "INSERT INTO " + into + " VALUES (?, ?, ?, ?)";
    return new Insert(
        connection.prepareStatement(one + ", (?, ?, ?, ?)".repeat(ROWS_AN_INSERT - 1) + instead),
        connection.prepareStatement(one + instead));
  }

  /// Adds to what is there of a table.
  ///
  /// @param rows sorted by their values
  void add(Table table, List<ValueStretches> rows) throws SQLException {
    var neighbor = NumberSet.of(table.neighborId());
    var more = new ArrayList<SharedValue>();
    var own = new ArrayList<ValueStretches>();
    for (int from = 0; from < rows.size(); from += ROWS_A_SELECT) {
      var some = rows.subList(from, Math.min(rows.size(), from + ROWS_A_SELECT));
      var known = known(table, some.stream().map(ValueStretches::value).toList());
      for (var row : some) {
        var its = known.getOrDefault(row.value(), Known.NOTHING);
        if (its.own != null) {
          if (!row.stretches().areIn(its.own) && !its.has(neighbor, row.stretches())) {
            own.add(new ValueStretches(row.value(), with(its.own, row.stretches())));
          }
        } else if (!its.take(new SharedValue(row.value(), row.stretches(), neighbor), more)) {
          own.add(row);
        }
      }
    }
    put(table, own);
    putShared(table.family(), more);
  }

  /// Adds to what is there of several tables.
  ///
  /// @param rows sorted by their values
  void share(int family, List<SharedValue> rows) throws SQLException {
    var more = new ArrayList<SharedValue>();
    var own = new TreeMap<Integer, List<ValueStretches>>();
    for (int from = 0; from < rows.size(); from += ROWS_A_SELECT) {
      var some = rows.subList(from, Math.min(rows.size(), from + ROWS_A_SELECT));
      var known = known(new Table(NOBODY, family), some.stream().map(SharedValue::value).toList());
      for (var row : some) {
        if (!known.getOrDefault(row.value(), Known.NOTHING).take(row, more)) {
          for (int i = 0; i < row.neighbors().size(); i++) {
            own.computeIfAbsent(row.neighbors().get(i), _ -> new ArrayList<>())
                .add(new ValueStretches(row.value(), row.stretches()));
          }
        }
      }
    }
    putShared(family, more);
    for (var each : own.entrySet()) {
      add(new Table(each.getKey(), family), each.getValue());
    }
  }

  private static NumberSet with(byte @Nullable [] numbers, NumberSet more) {
    var all = numbers == null ? NumberSet.none() : NumberSet.decode(numbers);
    all.addAll(more);
    return all;
  }

  private Map<String, Known> known(Table table, List<String> values) throws SQLException {
    there.setInt(1, table.neighborId());
    there.setInt(2, table.family());
    there.setInt(3, table.family());
    there.setInt(4, table.family());
    for (int i = 0; i < ROWS_A_SELECT; i++) {
      there.setString(5 + i, values.get(Math.min(i, values.size() - 1)));
    }
    var known = new HashMap<String, Known>();
    try (var found = there.executeQuery()) {
      while (found.next()) {
        known.put(
            found.getString(1), new Known(found.getBytes(2), found.getBytes(3), found.getBytes(4)));
      }
    }
    return known;
  }

  /// Writes rows in place of all of a range.
  ///
  /// @param rows sorted by their values; all that the table has there
  void replace(Table table, OriginWalk.Range range, List<ValueStretches> rows) throws SQLException {
    try (var remove = inRange("DELETE FROM value_stretch WHERE family = ?", table, range, true)) {
      remove.executeUpdate();
    }
    leave(table, range, rows.stream().map(ValueStretches::value).collect(Collectors.toSet()));
    add(table, rows);
  }

  /// Takes the table out of the shared rows of a range, but for those of some values which others
  /// have, too.
  private void leave(Table table, OriginWalk.Range range, Set<String> stays) throws SQLException {
    var rest = new ArrayList<SharedValue>();
    var nobody = new ArrayList<String>();
    String select = "SELECT value, neighbors, stretches FROM value_shared WHERE family = ?";
    try (var shares = inRange(select, table, range, false)) {
      shares.setFetchSize(1_000);
      try (var rows = shares.executeQuery()) {
        while (rows.next()) {
          String value = rows.getString(1);
          var neighbors = NumberSet.decode(rows.getBytes(2));
          var others = neighbors.without(table.neighborId());
          if (others.size() == 0) {
            nobody.add(value);
          } else if (others.size() < neighbors.size() && !stays.contains(value)) {
            rest.add(new SharedValue(value, NumberSet.decode(rows.getBytes(3)), others));
          }
        }
      }
    }
    putShared(table.family(), rest);
    try (var remove =
        connection.prepareStatement("DELETE FROM value_shared WHERE family = ? AND value = ?")) {
      for (String value : nobody) {
        remove.setInt(1, table.family());
        remove.setString(2, value);
        remove.addBatch();
      }
      remove.executeBatch();
    }
  }

  private PreparedStatement inRange(
      String sql, Table table, OriginWalk.Range range, boolean ofNeighbor) throws SQLException {
    var statement =
        connection.prepareStatement(
            sql
                + " AND value > ?"
                + (range.to() == null ? "" : " AND value <= ?")
                + (ofNeighbor ? " AND neighbor_id = " + table.neighborId() : ""));
    statement.setInt(1, table.family());
    statement.setString(2, range.behind());
    if (range.to() != null) {
      statement.setString(3, range.to());
    }
    return statement;
  }

  private void put(Table table, List<ValueStretches> rows) throws SQLException {
    put(
        own,
        rows.size(),
        (statement, before, i) -> {
          var row = rows.get(i);
          bind(statement, before, table.family(), row.value(), row.stretches());
          statement.setInt(before + COLUMNS, table.neighborId());
        });
  }

  private void putShared(int family, List<SharedValue> rows) throws SQLException {
    put(
        shared,
        rows.size(),
        (statement, before, i) -> {
          var row = rows.get(i);
          bind(statement, before, family, row.value(), row.stretches());
          statement.setBytes(before + COLUMNS, row.neighbors().encode());
        });
  }

  private static void bind(
      PreparedStatement statement, int before, int family, String value, NumberSet stretches)
      throws SQLException {
    statement.setInt(before + 1, family);
    statement.setString(before + 2, value);
    statement.setBytes(before + 3, stretches.encode());
  }

  /// Binds the columns of a row behind so many parameters.
  private interface Binder {
    void bind(PreparedStatement statement, int before, int row) throws SQLException;
  }

  private static void put(Insert insert, int rows, Binder binder) throws SQLException {
    int whole = rows - rows % ROWS_AN_INSERT;
    for (int i = 0; i < whole; ) {
      for (int p = 0; p < ROWS_AN_INSERT; p++) {
        binder.bind(insert.many, COLUMNS * p, i++);
      }
      insert.many.addBatch(); // a server need not be waited for each time
    }
    if (whole > 0) {
      insert.many.executeBatch();
    }
    for (int i = whole; i < rows; i++) {
      binder.bind(insert.one, 0, i);
      insert.one.executeUpdate();
    }
  }
}
