package org.bgppeer.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bgppeer.store.Queries.OriginRoute;
import org.bgppeer.store.Queries.OriginRoutes;
import org.bgppeer.store.Queries.Originated;
import org.bgppeer.store.Queries.Span;
import org.bgppeer.wire.Prefix;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// What an AS originates, by `origin_prefix`: see [OriginIndex].
final class OriginQueries {
  /// So many routes are looked at for one answer: most of the prefixes that an AS had may have gone
  /// to others.
  static final int LOOKS = 5_000;

  private final Jdbi jdbi;
  private final Database database;
  private final boolean walks;
  private final int looks;
  private final PrefixQueries prefixes;

  /// @param walks see [RouteFilters]
  /// @param looks routes that are looked at for one answer
  OriginQueries(Jdbi jdbi, Database database, boolean walks, int looks, PrefixQueries prefixes) {
    this.jdbi = jdbi;
    this.database = database;
    this.walks = walks;
    this.looks = looks;
    this.prefixes = prefixes;
  }

  Originated originated(long as, @Nullable Prefix after, int limit) {
    return RouteSql.read(
        jdbi,
        handle -> {
          var keys = new ArrayList<byte[]>();
          byte[] next = null;
          for (boolean isIpv6 : new boolean[] {false, true}) {
            if (next == null
                && keys.size() <= limit
                && (isIpv6 || after == null || !after.isIpv6())) {
              byte[] behind = after == null || after.isIpv6() != isIpv6 ? new byte[0] : after.key();
              next =
                  originated(
                      handle,
                      as,
                      isIpv6 ? RouteSql.IPV6_PREFIXES : RouteSql.IPV4_PREFIXES,
                      behind,
                      limit + 1,
                      keys);
            }
          }
          if (keys.size() > limit) {
            keys.removeLast();
            next = keys.getLast();
          }
          var rows = List.<PrefixRow>of();
          if (!keys.isEmpty()) {
            var values = new HashMap<String, Object>();
            String where =
                RouteSql.OF_PREFIXES + RouteSql.oneOf("r.prefix_key", "key", keys, values);
            rows =
                prefixes.prefixRows(handle, where, values, Integer.MAX_VALUE).stream()
                    .filter(row -> row.originAses().contains(as))
                    .toList();
          }
          return new Originated(rows, next == null ? null : Prefix.ofKey(next));
        });
  }

  /// Adds the keys of some families that an AS originates until there are so many.
  ///
  /// @return the last one that was looked at, if others are behind it; null if there are enough too
  private byte @Nullable [] originated(
      Handle handle, long as, List<Integer> families, byte[] after, int enough, List<byte[]> keys) {
    String all = announced(families, walks && AskedTable.isIndexIncomplete(handle));
    var tables =
        AskedTable.of(handle, RouteQuery.all(1).withOriginAs(as).withActive(true)).stream()
            .map(AskedTable::table)
            .filter(table -> families.contains(table.family()))
            .toList();
    if (tables.isEmpty()) {
      return null;
    }
    int looked = Math.max(enough, looks / tables.size());
    var values = Map.<String, Object>of("origin_as", as, "after", after, "looked", looked);
    // of each key the routes are looked at, whatever a planner thinks of it
    RouteSql.bind(
            handle.createQuery(
                "SELECT k.prefix_key FROM ("
                    + all
                    + """
                    ) k WHERE (SELECT 1 FROM %s t CROSS JOIN route r
                        CROSS JOIN path_attributes a LEFT JOIN generation_end g
                          ON g.neighbor_id = r.neighbor_id AND g.family = r.family
                            AND g.generation = r.generation
                        WHERE r.neighbor_id = t.column1 AND r.family = t.column2
                          AND r.prefix_key = k.prefix_key AND r.ended_at IS NULL
                          AND g.ended_at IS NULL AND a.id = r.attributes_id
                          AND a.origin_as = :origin_as LIMIT 1) = 1
                    ORDER BY k.prefix_key LIMIT :limit\
                    """
                        .formatted(AskedTable.rows(tables))),
            values)
        .bind("limit", enough - keys.size())
        .mapTo(byte[].class)
        .forEach(keys::add);
    if (keys.size() == enough) {
      return null;
    }
    return RouteSql.bind(
            handle.createQuery(
                "SELECT prefix_key FROM ("
                    + all
                    + ") k ORDER BY prefix_key LIMIT 1 OFFSET :looked - 1"),
            values)
        .mapTo(byte[].class)
        .findOne()
        .orElse(null);
  }

  /// The first keys behind one that an AS may have announced in some families, in order.
  ///
  /// @param walk whether to go through the tables that are not indexed too
  private static String announced(List<Integer> families, boolean walk) {
    String all =
        families.stream()
            .map(
                family ->
                    """
                    SELECT prefix_key FROM (SELECT prefix_key FROM origin_prefix
                      WHERE origin_as = :origin_as AND family = %1$d AND prefix_key > :after
                      ORDER BY prefix_key LIMIT :looked) of%1$d
                    """
                        .formatted(family))
            .collect(Collectors.joining(" UNION "));
    if (walk) {
      all +=
          """
           UNION SELECT r.prefix_key FROM origin_todo t CROSS JOIN route r
          WHERE t.family IN (%s) AND r.neighbor_id = t.neighbor_id
            AND r.family = t.family AND r.prefix_key > :after AND\
          """
                  .formatted(
                      families.stream().map(String::valueOf).collect(Collectors.joining(", ")))
              + " "
              + RouteFilters.SET_OF_ORIGIN;
    }
    return "SELECT prefix_key FROM (" + all + ") announced ORDER BY prefix_key LIMIT :looked";
  }

  OriginRoutes originRoutes(long as, int limit) {
    return RouteSql.read(jdbi, handle -> originRoutes(handle, as, limit));
  }

  private OriginRoutes originRoutes(Handle handle, long as, int limit) {
    var tables = AskedTable.tablesOfOrigin(handle, as);
    if (tables.isEmpty()) {
      return new OriginRoutes(List.of(), true);
    }
    int looked = Math.max(1, looks / tables.size());
    var found = new TreeMap<Integer, List<KeyedOrigin>>(); // by neighbor: they come by prefix
    var seen = new Seen();
    handle
        .createQuery(
            """
            SELECT n.id, r.family, r.prefix_key, r.path_id, n.name, f.name, a.as_path,
              coalesce(r.valid_from, a.first_at),
              coalesce(r.ended_at, g.ended_at), coalesce(r.end_reason, g.reason), r.end_packet,
              n.state = 'stale' OR r.generation < n.generation OR r.generation < coalesce(
                (SELECT x.generation FROM route_refresh x WHERE x.neighbor_id = r.neighbor_id
                  AND x.family = r.family AND x.begun_at IS NOT NULL), 0),
              CASE WHEN r.family NOT IN (257, 258, 260, 513, 514, 516) THEN
                (SELECT text FROM nlri WHERE nlri.family = r.family AND nlri.prefix_key = r.prefix_key)
              END, r.attributes_id
            FROM (SELECT family, prefix_key FROM origin_prefix WHERE origin_as = :origin_as
                ORDER BY family, prefix_key LIMIT :looked) k
              CROSS JOIN %s t CROSS JOIN neighbor n CROSS JOIN family f CROSS JOIN route r
              CROSS JOIN path_attributes a LEFT JOIN generation_end g
                ON g.neighbor_id = r.neighbor_id AND g.family = r.family AND g.generation = r.generation
            WHERE t.column2 = k.family AND n.id = t.column1 AND f.code = k.family
              AND r.neighbor_id = t.column1 AND r.family = k.family
              AND r.prefix_key = k.prefix_key AND a.id = r.attributes_id AND a.origin_as = :origin_as
            LIMIT :limit\
            """
                .formatted(AskedTable.rows(tables)))
        .bind("origin_as", as)
        .bind("looked", looked)
        .bind("limit", limit + 1)
        .map(
            (row, _) -> {
              var key = new RouteKey(row.getInt(1), row.getInt(2), row.getBytes(3), row.getLong(4));
              Instant ended = Columns.time(row, 9);
              var route =
                  new OriginRoute(
                      seen.text(row, 5, seen.neighbors, key.neighborId()),
                      seen.text(row, 6, seen.families, key.family()),
                      seen.prefix(row, 13, key),
                      key.pathId() == RouteChanges.NO_PATH_ID ? null : key.pathId(),
                      seen.text(row, 7, seen.paths, row.getLong(14)),
                      ended == null && row.getBoolean(12),
                      Columns.instant(row.getLong(8)),
                      ended,
                      ended == null ? null : row.getString(10),
                      ended == null ? null : Columns.number(row, 11));
              found
                  .computeIfAbsent(key.neighborId(), _ -> new ArrayList<>())
                  .add(new KeyedOrigin(key, route));
              return key;
            })
        .list();
    List<OriginRoute> routes =
        found.values().stream()
            .flatMap(list -> list.stream().sorted(ORIGIN_ORDER))
            .map(KeyedOrigin::route)
            .toList();
    boolean more =
        routes.size() > limit
            || handle
                .createQuery(
                    "SELECT EXISTS (SELECT 1 FROM origin_prefix WHERE origin_as = :origin_as"
                        + " ORDER BY family, prefix_key LIMIT 1 OFFSET :looked)")
                .bind("origin_as", as)
                .bind("looked", looked)
                .mapTo(Boolean.class)
                .one();
    return new OriginRoutes(routes.stream().limit(limit).toList(), !more);
  }

  private record KeyedOrigin(RouteKey key, OriginRoute route) {}

  private static final Comparator<KeyedOrigin> ORIGIN_ORDER =
      Comparator.comparing(KeyedOrigin::key, RouteKey.ORDER);

  /// Texts of rows before: many routes have the same, and each that is read anew costs.
  private static final class Seen {
    private final Map<Long, String> neighbors = new HashMap<>();
    private final Map<Long, String> families = new HashMap<>();
    private final Map<Long, String> paths = new HashMap<>();
    private byte[] key = {};
    private int family;
    private String prefix = "";

    /// @param known those that were read, by a number that the row has as well
    String text(ResultSet row, int column, Map<Long, String> known, long number)
        throws SQLException {
      String text = known.get(number);
      if (text == null) {
        text = row.getString(column);
        known.put(number, text);
      }
      return text;
    }

    /// The routes of a prefix come one behind the other.
    String prefix(ResultSet row, int column, RouteKey of) throws SQLException {
      if (of.family() != family || !Arrays.equals(of.prefixKey(), key)) {
        key = of.prefixKey();
        family = of.family();
        prefix = RouteSql.text(row.getString(column), key);
      }
      return prefix;
    }
  }

  List<Span> heldEarlier(long as, Instant since, int limit) {
    return RouteSql.read(
        jdbi,
        handle -> {
          var tables = AskedTable.tablesOfOrigin(handle, as);
          return tables.isEmpty()
              ? List.<Span>of()
              : handle
                  .createQuery(
                      """
                      SELECT r.valid_from, r.ended_at
                      FROM (SELECT family, prefix_key FROM origin_prefix WHERE origin_as = :origin_as) k
                        CROSS JOIN %s t CROSS JOIN %s r CROSS JOIN path_attributes a
                      WHERE t.column2 = k.family AND r.neighbor_id = t.column1 AND r.family = k.family
                        AND r.prefix_key = k.prefix_key AND r.ended_at >= :since
                        AND a.id = r.attributes_id AND a.origin_as = :origin_as LIMIT :limit\
                      """
                          .formatted(AskedTable.rows(tables), database.formerVersions()))
                  .bind("origin_as", as)
                  .bind("since", Columns.micros(since))
                  .bind("limit", limit)
                  .map(
                      (row, _) ->
                          new Span(
                              Columns.instant(row.getLong(1)), Columns.instant(row.getLong(2))))
                  .list();
        });
  }
}
