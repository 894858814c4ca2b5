package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bgppeer.store.OriginIndex.Table;
import org.jspecify.annotations.Nullable;

/// Gives [ValueRows] what changes bring, unless it was looked up lately, which is known by a hash:
/// all values of a set in a stretch, and then each of them. Owned by the thread that writes.
final class ValueIndex {
  /// 16 MB and 8 MB, where changes are at random.
  private static final int SET_HASHES = 1 << 21;

  private static final int VALUE_HASHES = 1 << 20;

  /// Sets that are remembered as they came, and those whose hash is.
  private static final int FRESH = 1 << 12;

  private static final int HASHED = 1 << 16;

  private final PreparedStatement values;
  private final ValueRows rows;
  private final LongHashes knownSets = new LongHashes(SET_HASHES);
  private final LongHashes knownValues = new LongHashes(VALUE_HASHES);
  private final AttributeSets.@Nullable New[] fresh = new AttributeSets.New[FRESH];
  private final long[] hashedIds = new long[HASHED];
  private final long[] hashes = new long[HASHED];
  private final Map<Table, TreeMap<String, NumberSet>> more = new LinkedHashMap<>();
  private @Nullable Table watched;
  private final TreeMap<String, NumberSet> meanwhile = new TreeMap<>();

  ValueIndex(Connection connection) throws SQLException {
    values = RouteValues.select(connection);
    rows = new ValueRows(connection);
  }

  /// These sets are there from now on.
  void sets(List<AttributeSets.New> sets) {
    for (var set : sets.subList(Math.max(0, sets.size() - FRESH), sets.size())) {
      fresh[(int) set.id() & FRESH - 1] = set;
    }
  }

  /// A route was announced.
  void announced(Table table, byte[] key, long set) throws SQLException {
    int stretch = Stretch.of(table.family(), key);
    long where =
        LongHashes.mixed(
            LongHashes.mixed((long) table.neighborId() << Integer.SIZE | table.family()) ^ stretch);
    if (!knownSets.add(LongHashes.mixed(where ^ hash(set)))) {
      return;
    }
    valuesOf(set)
        .each(
            (kind, text, from, to) -> {
              String value = kind + text.substring(from, to);
              if (knownValues.add(LongHashes.mixed(where ^ LongHashes.seed(), value))) {
                more.computeIfAbsent(table, _ -> new TreeMap<>())
                    .computeIfAbsent(value, _ -> NumberSet.none())
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
                (value, in) -> meanwhile.computeIfAbsent(value, _ -> NumberSet.none()).addAll(in));
      }
      rows.add(table.getKey(), list(table.getValue()));
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

  private static List<ValueStretches> list(Map<String, NumberSet> sorted) {
    var list = new ArrayList<ValueStretches>(sorted.size());
    sorted.forEach((value, in) -> list.add(new ValueStretches(value, in)));
    return list;
  }

  /// Writes rows in place of all of a range, with what was announced since [#watch].
  ///
  /// @param walked sorted by their values; all that there was then
  void replace(Table table, OriginWalk.Range range, List<ValueStretches> walked)
      throws SQLException {
    var all = new TreeMap<String, NumberSet>();
    walked.forEach(row -> all.put(row.value(), row.stretches()));
    var since = meanwhile.tailMap(range.behind(), false);
    if (range.to() != null) {
      since = since.headMap(range.to(), true);
    }
    since.forEach((value, in) -> all.computeIfAbsent(value, _ -> NumberSet.none()).addAll(in));
    rows.replace(table, range, list(all));
  }

  /// Adds to what is there.
  ///
  /// @param more sorted by their values
  void add(Table table, List<ValueStretches> more) throws SQLException {
    rows.add(table, more);
  }

  /// Adds to what is there of several tables.
  ///
  /// @param more sorted by their values
  void share(int family, List<SharedValue> more) throws SQLException {
    rows.share(family, more);
  }
}
