package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bgppeer.store.OriginIndex.Table;
import org.jspecify.annotations.Nullable;

/// Writes `value_stretch`: what changes bring, unless it is there. What was looked up lately is
/// known by a hash: all values of a set in a stretch, and then each of them. Owned by the thread
/// that writes.
final class ValueIndex {
  /// 16 MB and 8 MB, where changes are at random.
  private static final int SET_HASHES = 1 << 21;

  private static final int VALUE_HASHES = 1 << 20;

  /// Sets that are remembered as they came, and those whose hash is.
  private static final int FRESH = 1 << 12;

  private static final int HASHED = 1 << 16;

  private static final int ROWS_A_SELECT = 64;
  private static final int ROWS_AN_INSERT = 16;

  private final Connection connection;
  private final PreparedStatement values;
  private final PreparedStatement there;
  private final PreparedStatement putMany;
  private final PreparedStatement putOne;
  private final LongHashes knownSets = new LongHashes(SET_HASHES);
  private final LongHashes knownValues = new LongHashes(VALUE_HASHES);
  private final AttributeSets.@Nullable New[] fresh = new AttributeSets.New[FRESH];
  private final long[] hashedIds = new long[HASHED];
  private final long[] hashes = new long[HASHED];
  private final Map<Table, TreeMap<String, Stretches>> more = new LinkedHashMap<>();
  private @Nullable Table watched;
  private final TreeMap<String, Stretches> meanwhile = new TreeMap<>();

  ValueIndex(Connection connection) throws SQLException {
    this.connection = connection;
    values = RouteValues.select(connection);
    // not value IN (…): PostgreSQL would plan for the empty table and read all of it ever after
    there =
        connection.prepareStatement(
            """
            SELECT v.column1, (SELECT s.stretches FROM value_stretch s
              WHERE s.neighbor_id = ? AND s.family = ? AND s.value = v.column1)
            FROM (VALUES (?)\
            """
                + ", (?)".repeat(ROWS_A_SELECT - 1)
                + ") v");
    String put =
        "INSERT INTO value_stretch (neighbor_id, family, value, stretches) VALUES (?, ?, ?, ?)";
    String instead =
        " ON CONFLICT (neighbor_id, family, value) DO UPDATE SET stretches = excluded.stretches";
    putMany =
        connection.prepareStatement(put + ", (?, ?, ?, ?)".repeat(ROWS_AN_INSERT - 1) + instead);
    putOne = connection.prepareStatement(put + instead);
  }

  /// These sets are there from now on.
  void sets(List<AttributeSets.New> sets) {
    for (var set : sets.subList(Math.max(0, sets.size() - FRESH), sets.size())) {
      fresh[(int) set.id() & FRESH - 1] = set;
    }
  }

  /// A route was announced.
  void announced(Table table, byte[] key, long set) throws SQLException {
    int stretch = Stretches.of(table.family(), key);
    long where =
        LongHashes.mixed(
            LongHashes.mixed((long) table.neighborId() << Integer.SIZE | table.family()) ^ stretch);
    if (!knownSets.add(LongHashes.mixed(where ^ hash(set)))) {
      return;
    }
    valuesOf(set)
        .each(
            value -> {
              if (knownValues.add(LongHashes.mixed(where ^ LongHashes.seed(), value))) {
                more.computeIfAbsent(table, _ -> new TreeMap<>())
                    .computeIfAbsent(value, _ -> Stretches.none())
                    .add(stretch);
              }
            });
  }

  private long hash(long set) throws SQLException {
    int cell = (int) set & HASHED - 1;
    if (hashedIds[cell] != set) {
      hashes[cell] = valuesOf(set).hash();
      hashedIds[cell] = set;
    }
    return hashes[cell];
  }

  private RouteValues valuesOf(long set) throws SQLException {
    var known = fresh[(int) set & FRESH - 1];
    return known != null && known.id() == set
        ? RouteValues.of(known.text())
        : RouteValues.of(values, set);
  }

  /// Writes what was announced.
  void finish() throws SQLException {
    for (var table : more.entrySet()) {
      if (table.getKey().equals(watched)) {
        table
            .getValue()
            .forEach(
                (value, in) -> meanwhile.computeIfAbsent(value, _ -> Stretches.none()).addAll(in));
      }
      var rows = new ArrayList<ValueStretches>(table.getValue().size());
      table.getValue().forEach((value, in) -> rows.add(new ValueStretches(value, in)));
      add(table.getKey(), rows);
    }
    more.clear();
  }

  /// From here on notes what is announced in a table: see [#replace].
  void watch(Table table) {
    watched = table;
    knownSets.clear(); // what is known of it may be removed
    knownValues.clear();
  }

  /// Forgets that.
  void watched() {
    watched = null;
    meanwhile.clear();
  }

  /// Writes rows in place of all of a range, with what was announced since [#watch].
  ///
  /// @param rows sorted by their values; all that there was then
  void replace(Table table, OriginWalk.Range range, List<ValueStretches> rows) throws SQLException {
    var all = new TreeMap<String, Stretches>();
    rows.forEach(row -> all.put(row.value(), row.stretches()));
    var since = meanwhile.tailMap(range.behind(), false);
    if (range.to() != null) {
      since = since.headMap(range.to(), true);
    }
    since.forEach((value, in) -> all.computeIfAbsent(value, _ -> Stretches.none()).addAll(in));
    try (var remove =
        connection.prepareStatement(
            "DELETE FROM value_stretch WHERE neighbor_id = ? AND family = ? AND value > ?"
                + (range.to() == null ? "" : " AND value <= ?"))) {
      remove.setInt(1, table.neighborId());
      remove.setInt(2, table.family());
      remove.setString(3, range.behind());
      if (range.to() != null) {
        remove.setString(4, range.to());
      }
      remove.executeUpdate();
    }
    var put = new ArrayList<ValueStretches>(all.size());
    all.forEach((value, in) -> put.add(new ValueStretches(value, in)));
    put(table, put);
  }

  /// Adds to what is there.
  ///
  /// @param rows sorted by their values
  void add(Table table, List<ValueStretches> rows) throws SQLException {
    var changed = new ArrayList<ValueStretches>();
    for (int from = 0; from < rows.size(); from += ROWS_A_SELECT) {
      var some = rows.subList(from, Math.min(rows.size(), from + ROWS_A_SELECT));
      var known = known(table, some);
      for (var row : some) {
        byte[] old = known.get(row.value());
        if (old == null) {
          changed.add(row);
        } else if (!row.stretches().areIn(old)) {
          var all = Stretches.decode(old);
          all.addAll(row.stretches());
          changed.add(new ValueStretches(row.value(), all));
        }
      }
    }
    put(table, changed);
  }

  private Map<String, byte[]> known(Table table, List<ValueStretches> rows) throws SQLException {
    there.setInt(1, table.neighborId());
    there.setInt(2, table.family());
    for (int i = 0; i < ROWS_A_SELECT; i++) {
      there.setString(3 + i, rows.get(Math.min(i, rows.size() - 1)).value());
    }
    var known = new HashMap<String, byte[]>();
    try (var found = there.executeQuery()) {
      while (found.next()) {
        byte[] stretches = found.getBytes(2);
        if (stretches != null) {
          known.put(found.getString(1), stretches);
        }
      }
    }
    return known;
  }

  private void put(Table table, List<ValueStretches> rows) throws SQLException {
    int whole = rows.size() - rows.size() % ROWS_AN_INSERT;
    for (int i = 0; i < whole; ) {
      for (int p = 0; p < ROWS_AN_INSERT; p++) {
        bind(putMany, 4 * p, table, rows.get(i++));
      }
      putMany.addBatch(); // a server need not be waited for each time
    }
    if (whole > 0) {
      putMany.executeBatch();
    }
    for (var row : rows.subList(whole, rows.size())) {
      bind(putOne, 0, table, row);
      putOne.executeUpdate();
    }
  }

  private static void bind(PreparedStatement statement, int before, Table table, ValueStretches row)
      throws SQLException {
    statement.setInt(before + 1, table.neighborId());
    statement.setInt(before + 2, table.family());
    statement.setString(before + 3, row.value());
    statement.setBytes(before + 4, row.stretches().encode());
  }
}
