package org.bgppeer.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bgppeer.store.Queries.Changes;
import org.bgppeer.store.Queries.NeighborPrefix;
import org.bgppeer.wire.Prefix;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// All versions of a path, and what changes most.
final class HistoryQueries {
  private final Jdbi jdbi;
  private final Database database;

  HistoryQueries(Jdbi jdbi, Database database) {
    this.jdbi = jdbi;
    this.database = database;
  }

  List<RouteRow> history(Prefix prefix, int limit) {
    return history(
        RouteSql.ofPrefixes(prefix) + " AND r.prefix_key = :key",
        Map.of("key", prefix.key()),
        limit);
  }

  List<RouteRow> history(String nlri, int limit) {
    return history(RouteSql.ofNlri(RouteSql.TEXT_IS), Map.of("nlri", nlri), limit);
  }

  List<RouteRow> history(Collection<Prefix> prefixes, @Nullable Instant since, int limit) {
    if (prefixes.isEmpty()) {
      return List.of();
    }
    var values = new HashMap<String, Object>();
    String where =
        RouteSql.OF_PREFIXES
            + RouteSql.oneOf(
                "r.prefix_key", "key", prefixes.stream().map(Prefix::key).toList(), values);
    if (since != null) {
      values.put("since", Columns.micros(since));
    }
    return history(
        "FROM neighbor n",
        where,
        values,
        limit,
        since == null ? database.formerVersions() : database.formerVersionsSince(":since"));
  }

  List<RouteRow> histories(Collection<NeighborPrefix> some, Instant since, int limit) {
    if (some.isEmpty()) {
      return List.of();
    }
    var values = new HashMap<String, Object>();
    values.put("since", Columns.micros(since));
    var pairs = new ArrayList<String>();
    for (var each : some) {
      values.put("of_neighbor" + pairs.size(), each.neighbor());
      values.put("of_key" + pairs.size(), each.prefix().key());
      pairs.add("(:of_neighbor%1$d, :of_key%1$d)".formatted(pairs.size()));
    }
    return history(
        "FROM (VALUES " + String.join(", ", pairs) + ") s CROSS JOIN neighbor n",
        " AND n.name = s.column1 AND r.prefix_key = s.column2" + RouteSql.OF_PREFIXES,
        values,
        limit,
        database.formerVersionsSince(":since"));
  }

  private List<RouteRow> history(String where, Map<String, Object> subject, int limit) {
    return history("FROM neighbor n", where, subject, limit, database.formerVersions());
  }

  /// @param begin where the tables begin, `neighbor` last
  /// @param former a table expression
  private List<RouteRow> history(
      String begin, String where, Map<String, Object> subject, int limit, String former) {
    return RouteSql.read(
        jdbi,
        handle -> {
          var values = new HashMap<>(subject);
          values.put("limit", limit);
          var versions = new TreeMap<RouteKey, List<KeyedRoute>>(RouteKey.ORDER);
          for (String from : List.of(RouteSql.former(former), RouteSql.CURRENT)) {
            var found = new ArrayList<KeyedRoute>();
            RouteSql.run(
                handle,
                RouteSql.VERSION_COLUMNS
                    + from.replace("FROM neighbor n", begin)
                    + RouteSql.NOT_MUTED
                    + where
                    + " ORDER BY n.id, f.code, r.prefix_key, r.path_id, r.version DESC"
                    + " LIMIT :limit",
                values,
                null,
                found);
            Collections.reverse(found);
            for (var version : found) {
              versions.computeIfAbsent(version.key(), _ -> new ArrayList<>()).add(version);
            }
          }
          return versions.values().stream().flatMap(List::stream).map(KeyedRoute::route).toList();
        });
  }

  List<Changes> mostChanging(Instant since, @Nullable Instant until, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT f.name, h.prefix_key, count(*) AS changes,
                      (SELECT text FROM nlri
                        WHERE nlri.family = f.code AND nlri.prefix_key = h.prefix_key)
                    FROM route_history h JOIN family f ON f.code = h.family
                    WHERE %s AND h.ended_at <= :until
                      AND h.neighbor_id NOT IN (SELECT neighbor_id FROM muted)
                    GROUP BY f.code, h.prefix_key ORDER BY changes DESC, h.prefix_key LIMIT :limit\
                    """
                        .formatted(database.endedSince(":since")))
                .bind("since", Columns.micros(since))
                .bind("until", until == null ? Long.MAX_VALUE : Columns.micros(until))
                .bind("limit", limit)
                .map(
                    (row, _) ->
                        new Changes(
                            row.getString(1),
                            RouteSql.text(row.getString(4), row.getBytes(2)),
                            row.getLong(3)))
                .list());
  }
}
