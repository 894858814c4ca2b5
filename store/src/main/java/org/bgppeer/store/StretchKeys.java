package org.bgppeer.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bgppeer.store.OriginIndex.Table;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The keys of routes in some stretches of a table whose attributes are as asked, now or then, in
/// order.
final class StretchKeys {
  /// Stretches that are looked at together: first, and at most.
  private static final int FIRST_STRETCHES = 4;

  private static final int MOST_STRETCHES = 64;

  private static final byte[] NOWHERE = {1};

  private final Handle handle;
  private final RouteQuery query;
  private final Table table;
  private final NumberSet stretches;
  private final byte @Nullable [] from;
  private final Map<String, Object> values = new HashMap<>();
  private final List<String> tables = new ArrayList<>();
  private final String condition;
  private int next;
  private int step = FIRST_STRETCHES;
  private List<byte[]> keys = List.of();

  /// @param after only routes behind it; null for all
  StretchKeys(
      Database database,
      RouteFilters filters,
      Handle handle,
      RouteQuery query,
      Table table,
      NumberSet stretches,
      @Nullable RouteKey after) {
    this.handle = handle;
    this.query = query;
    this.table = table;
    this.stretches = stretches;
    from = after == null ? null : after.prefixKey();
    int first = from == null ? 0 : Stretch.of(table.family(), from);
    while (next < stretches.size() && stretches.get(next) < first) {
      next++;
    }
    // of few routes each set is looked at, whatever a planner thinks of it, and only of those in
    // a range: the second condition makes it wait until that is known
    condition =
        "(SELECT 1 FROM path_attributes a WHERE a.id = r.attributes_id AND s.column1 IS NOT NULL"
            + filters.ofSets(query, values)
            + ") = 1";
    if (query.at() == null) {
      tables.add(
          "route r WHERE " + (Boolean.TRUE.equals(query.active()) ? "r.ended_at IS NULL" : "TRUE"));
    } else {
      values.put("at", Columns.micros(query.at()));
      tables.add("route r WHERE " + Database.VALID_FROM + " <= :at");
      tables.add(database.formerVersionsAt(":at") + " r WHERE TRUE");
    }
  }

  /// Looks on until there are some.
  boolean hasNext() {
    while (keys.isEmpty() && next < stretches.size()) {
      keys = read();
      step = Math.min(MOST_STRETCHES, 2 * step);
    }
    return !keys.isEmpty();
  }

  /// Some of them, in order.
  List<byte[]> next(int most) {
    var some = keys.subList(0, Math.min(most, keys.size()));
    keys = keys.subList(some.size(), keys.size());
    return some;
  }

  /// Looks at some stretches.
  private List<byte[]> read() {
    int end = Math.min(stretches.size(), next + step);
    var ranges = new ArrayList<String>();
    var bound = new HashMap<>(values);
    bound.put("neighbor", table.neighborId());
    bound.put("family", table.family());
    for (int i = 0; i < step; i++) {
      if (next < end) {
        bound.put("begin" + i, Stretch.begin(table.family(), stretches.get(next)));
        while (next + 1 < end && stretches.get(next + 1) == stretches.get(next) + 1) {
          next++;
        }
        bound.put("end" + i, Stretch.end(table.family(), stretches.get(next++)));
      } else { // none, for each number of them is a statement of its own
        bound.put("begin" + i, NOWHERE);
        bound.put("end" + i, new byte[0]);
      }
      ranges.add("(:begin" + i + ", :end" + i + ")");
    }
    var found = new TreeSet<byte[]>(Arrays::compareUnsigned);
    for (String versions : tables) {
      RouteSql.bind(
              handle.createQuery(
                  "SELECT r.prefix_key FROM (VALUES "
                      + String.join(", ", ranges)
                      + ") s CROSS JOIN "
                      + versions
                      + " AND r.neighbor_id = :neighbor AND r.family = :family"
                      + " AND r.prefix_key BETWEEN s.column1 AND s.column2 AND "
                      + condition),
              bound)
          .mapTo(byte[].class)
          .forEach(found::add);
    }
    return List.copyOf(from == null ? found : found.tailSet(from));
  }
}
