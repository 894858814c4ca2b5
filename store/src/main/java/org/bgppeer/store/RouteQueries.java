package org.bgppeer.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bgppeer.store.OriginIndex.Table;
import org.bgppeer.store.RouteFilters.Filter;
import org.bgppeer.wire.Family;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Answers a [RouteQuery], a page at a time.
final class RouteQueries {
  /// Keys of routes that are read together.
  private static final int MOST_KEYS = 256;

  /// Stretches beyond which all sets and all routes are looked at to count: that costs less.
  private static final int FEW_STRETCHES = 1_000;

  private final Database database;
  private final boolean walks;
  private final RouteFilters filters;

  /// @param walks see [RouteFilters]
  RouteQueries(Database database, boolean walks) {
    this.database = database;
    this.walks = walks;
    filters = new RouteFilters(database, walks);
  }

  RoutePage page(Handle handle, RouteQuery query) {
    var found = keyed(handle, query, query.after() == null ? null : RouteKey.parse(query.after()));
    boolean more = found.size() > query.limit();
    var page = more ? found.subList(0, query.limit()) : found;
    return new RoutePage(
        page.stream().map(KeyedRoute::route).toList(),
        more ? page.getLast().key().toString() : null);
  }

  /// A page of routes behind a place, and one more if there is one.
  private static void pages(
      Handle handle,
      RouteQuery query,
      Filter filter,
      @Nullable RouteKey after,
      List<KeyedRoute> found) {
    if (after == null) {
      select(handle, query, filter, "", Map.of(), found);
      return;
    }
    var place =
        Map.<String, Object>of(
            "after_neighbor", after.neighborId(),
            "after_family", after.family(),
            "after_key", after.prefixKey(),
            "after_path", after.pathId());
    select(
        handle,
        query,
        filter,
        " AND n.id = :after_neighbor AND f.code = :after_family"
            + " AND (r.prefix_key, r.path_id) > (:after_key, :after_path)",
        place,
        found);
    if (found.size() <= query.limit()) {
      select(
          handle,
          query,
          filter,
          " AND (n.id, f.code) > (:after_neighbor, :after_family)",
          place,
          found);
    }
  }

  /// What of a question the index of values answers; null if there is a better way, or nothing.
  private static @Nullable ValueQuestion byValue(RouteQuery query) {
    return RouteFilters.few(query) || query.originAs() != null ? null : ValueQuestion.of(query);
  }

  private void pages(
      Handle handle,
      RouteQuery query,
      ValueQuestion question,
      @Nullable RouteKey after,
      List<KeyedRoute> found) {
    var walk = filters.filter(handle, query, false);
    var look = filters.filter(handle, query, true);
    if (walk == null || look == null) {
      return;
    }
    for (var asked : AskedTable.of(handle, query)) {
      int place = after == null ? 1 : asked.table().compareTo(after.table());
      if (place < 0) {
        continue;
      }
      RouteKey from = place == 0 ? after : null;
      if (walks && !asked.known()) {
        select(handle, query, walk, asked, from, List.of(), found);
      } else {
        var stretches = question.in(handle, asked.table(), asked.known());
        if (Stretch.divide(asked.table().family())) {
          var keys =
              new StretchKeys(
                  database,
                  filters,
                  handle,
                  query,
                  asked.table(),
                  within(query, asked.table(), stretches),
                  from);
          while (found.size() <= query.limit() && keys.hasNext()) {
            int most = Math.min(MOST_KEYS, query.limit() + 1 - found.size());
            select(handle, query, look, asked, from, keys.next(most), found);
          }
        } else if (stretches.size() > 0) {
          select(handle, query, walk, asked, from, List.of(), found);
        }
      }
      if (found.size() > query.limit()) {
        return;
      }
    }
  }

  /// Routes of a table behind a place.
  ///
  /// @param keys of these prefixes; empty for all
  private static void select(
      Handle handle,
      RouteQuery query,
      Filter filter,
      AskedTable asked,
      @Nullable RouteKey after,
      List<byte[]> keys,
      List<KeyedRoute> found) {
    var values = new HashMap<String, Object>();
    String place = place(asked.table(), keys, values);
    if (after != null) {
      place += " AND (r.prefix_key, r.path_id) > (:after_key, :after_path)";
      values.put("after_key", after.prefixKey());
      values.put("after_path", after.pathId());
    }
    select(handle, query, filter, place, values, found);
  }

  /// Routes of a table.
  ///
  /// @param keys of these prefixes; empty for all
  private static String place(Table table, List<byte[]> keys, Map<String, Object> values) {
    values.put("of_neighbor", table.neighborId());
    values.put("of_family", table.family());
    String place = " AND n.id = :of_neighbor AND f.code = :of_family";
    if (keys.isEmpty()) {
      return place;
    }
    // as few different statements as can be: each costs more to be read than to be answered
    int count = Integer.highestOneBit(2 * keys.size() - 1);
    var names = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      values.put("found" + i, keys.get(Math.min(i, keys.size() - 1)));
      names.add(":found" + i);
    }
    return place + " AND r.prefix_key IN (" + String.join(", ", names) + ")";
  }

  /// Those stretches that a prefix is in that all routes are to be within.
  private static NumberSet within(RouteQuery query, Table table, NumberSet stretches) {
    var prefix = query.prefix();
    return prefix == null || stretches.size() == 0
        ? stretches
        : stretches.between(
            Stretch.of(table.family(), prefix.key()),
            Stretch.of(table.family(), RouteSql.lastWithin(prefix)));
  }

  /// A page of routes behind a place, and one more if there is one, in order.
  private List<KeyedRoute> keyed(Handle handle, RouteQuery query, @Nullable RouteKey after) {
    var found = new ArrayList<KeyedRoute>();
    var question = byValue(query);
    if (question != null) {
      pages(handle, query, question, after, found);
      return found;
    }
    var filter = filters.filter(handle, query);
    if (filter != null) {
      pages(handle, query, filter, after, found);
    }
    return found;
  }

  private static void select(
      Handle handle,
      RouteQuery query,
      Filter filter,
      String place,
      Map<String, Object> placeValues,
      List<KeyedRoute> found) {
    String order = " ORDER BY n.id, f.code, r.prefix_key, r.path_id LIMIT :limit";
    int wanted = query.limit() + 1 - found.size();
    var values = new HashMap<>(filter.values());
    values.putAll(placeValues);
    values.put("limit", wanted);
    var merged = new ArrayList<KeyedRoute>();
    for (String versions : filter.versions()) {
      String bound = "";
      if (merged.size() >= wanted && filter.wheres().size() == 1 && place.contains("n.id =")) {
        // of the same neighbor and family: what is behind this key is on a later page anyhow
        bound = " AND r.prefix_key <= :last_key";
        values.put("last_key", merged.getLast().key().prefixKey());
      }
      for (String where : filter.wheres()) {
        String sql = RouteSql.VERSION_COLUMNS + versions + where + place + bound + order;
        RouteSql.run(handle, sql, values, query.at(), merged);
      }
    }
    if (filter.versions().size() * filter.wheres().size() > 1) {
      merged.sort(KeyedRoute.ORDER);
    }
    found.addAll(merged.subList(0, Math.min(wanted, merged.size())));
  }

  DiffPage diff(Handle handle, DiffQuery query) {
    return new RouteDiff(
            (routes, after) -> keyed(handle, routes, after),
            query,
            neighborId(handle, query.a().neighbor()),
            neighborId(handle, query.b().neighbor()))
        .page();
  }

  private static int neighborId(Handle handle, @Nullable String name) {
    return handle
        .createQuery("SELECT id FROM neighbor WHERE name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .orElseThrow(() -> new IllegalArgumentException("there is no neighbor '" + name + "'"));
  }

  long count(Handle handle, RouteQuery query) {
    boolean plain =
        query.prefix() == null
            && query.nlri() == null
            && query.originAs() == null
            && query.asPath() == null
            && query.pathAs() == null
            && query.reason() == null
            && query.community() == null
            && query.nextHop() == null
            && query.at() == null;
    if (plain) {
      String column =
          query.active() == null
              ? "nf.active + nf.inactive"
              : query.active() ? "nf.active" : "nf.inactive";
      return handle
          .createQuery(
              "SELECT coalesce(sum("
                  + column
                  + """
                  ), 0) FROM neighbor_family nf JOIN neighbor n ON n.id = nf.neighbor_id
                  JOIN family f ON f.code = nf.family
                  WHERE (:neighbor IS NULL AND n.id NOT IN (SELECT neighbor_id FROM muted)
                      OR n.name = :neighbor)
                    AND (:family IS NULL OR f.code = :family)\
                  """)
          .bind("neighbor", query.neighbor())
          .bind(
              "family",
              query.family() == null ? null : (Integer) Family.parse(query.family()).code())
          .mapTo(Long.class)
          .one();
    }
    var question = byValue(query);
    if (question != null) {
      return count(handle, query, question);
    }
    var filter = filters.filter(handle, query);
    return filter == null ? 0L : count(handle, filter, "", Map.of());
  }

  private long count(Handle handle, RouteQuery query, ValueQuestion question) {
    var look = filters.filter(handle, query, true);
    var walk = filters.filter(handle, query, false);
    if (look == null || walk == null) {
      return 0;
    }
    long count = 0;
    var walked = new ArrayList<Table>();
    for (var asked : AskedTable.of(handle, query)) {
      Table table = asked.table();
      boolean whole = walks && !asked.known();
      var stretches =
          whole
              ? NumberSet.none()
              : within(query, table, question.in(handle, table, asked.known()));
      if (!whole && stretches.size() == 0) {
        continue;
      }
      if (whole || !Stretch.divide(table.family()) || stretches.size() > FEW_STRETCHES) {
        walked.add(table);
        continue;
      }
      var keys = new StretchKeys(database, filters, handle, query, table, stretches, null);
      while (keys.hasNext()) {
        var values = new HashMap<String, Object>();
        String these = place(table, keys.next(MOST_KEYS), values);
        count += count(handle, look, these, values);
      }
    }
    return walked.isEmpty()
        ? count
        : count
            + count(handle, walk, " AND (n.id, f.code) IN " + AskedTable.rows(walked), Map.of());
  }

  private static long count(
      Handle handle, Filter filter, String place, Map<String, Object> placeValues) {
    var values = new HashMap<>(filter.values());
    values.putAll(placeValues);
    long count = 0;
    for (String versions : filter.versions()) {
      for (String where : filter.wheres()) {
        count +=
            RouteSql.bind(handle.createQuery("SELECT count(*) " + versions + where + place), values)
                .mapTo(Long.class)
                .one();
      }
    }
    return count;
  }
}
