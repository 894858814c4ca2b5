package org.bgppeer.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.bgppeer.wire.Prefix;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Which prefixes there are: those that cover one, and those within it.
final class PrefixQueries {
  private final Jdbi jdbi;
  private final Database database;

  PrefixQueries(Jdbi jdbi, Database database) {
    this.jdbi = jdbi;
    this.database = database;
  }

  Optional<Prefix> longestMatch(Prefix address) {
    return jdbi.withHandle(handle -> Optional.ofNullable(longestMatch(handle, address)));
  }

  static @Nullable Prefix longestMatch(Handle handle, Prefix address) {
    var active = new TreeSet<Prefix>(Comparator.comparingInt(Prefix::length));
    var covering =
        coveringPrefixes(
            handle,
            address,
            address.length(),
            candidate -> isActive(handle, candidate) && active.add(candidate));
    if (!active.isEmpty()) {
      return active.last();
    }
    return covering.isEmpty() ? null : covering.last();
  }

  private static boolean isActive(Handle handle, Prefix prefix) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT 1 "
                + RouteSql.CURRENT
                + RouteSql.NOT_MUTED
                + RouteSql.ofPrefixes(prefix)
                + " AND r.prefix_key = :key AND r.ended_at IS NULL AND g.ended_at IS NULL)")
        .bind("key", prefix.key())
        .mapTo(Boolean.class)
        .one();
  }

  /// The prefixes that any neighbor has that cover this one, itself left out, shortest first.
  static TreeSet<Prefix> coveringPrefixes(Handle handle, Prefix prefix) {
    return coveringPrefixes(handle, prefix, prefix.length() - 1, _ -> false);
  }

  /// @param longest length of what is looked for
  /// @param isEnough see [#covering(Prefix, int, Descent, Predicate, TreeSet)]
  private static TreeSet<Prefix> coveringPrefixes(
      Handle handle, Prefix prefix, int longest, Predicate<Prefix> isEnough) {
    var found = new TreeSet<Prefix>(Comparator.comparingInt(Prefix::length));
    try (var nearest =
        handle
            .getConnection()
            .prepareStatement(
                """
                SELECT (SELECT r.prefix_key FROM route r WHERE r.neighbor_id = nf.neighbor_id
                    AND r.family = nf.family AND r.prefix_key <= ?
                  ORDER BY r.prefix_key DESC LIMIT 1)
                FROM neighbor_family nf WHERE nf.family IN (%s)
                  AND nf.neighbor_id NOT IN (SELECT neighbor_id FROM muted)\
                """
                    .formatted(RouteSql.familiesOf(prefix)))) {
      covering(
          prefix,
          longest,
          limit -> {
            nearest.setBytes(1, limit.key());
            return keys(nearest).stream().map(Prefix::ofKey).toList();
          },
          isEnough,
          found);
    } catch (SQLException e) {
      throw new IllegalStateException("the database did not answer", e);
    }
    return found;
  }

  /// The prefixes within other NLRI that cover this one, itself included.
  static TreeSet<Prefix> innerCovering(Handle handle, Prefix prefix) {
    var found = new TreeSet<Prefix>(Comparator.comparingInt(Prefix::length));
    try (var nearest =
        handle
            .getConnection()
            .prepareStatement(
                """
                SELECT inner_key FROM nlri WHERE inner_key IS NOT NULL AND inner_key <= ?
                ORDER BY inner_key DESC LIMIT 1\
                """)) {
      covering(
          prefix,
          prefix.length(),
          limit -> {
            byte[] asked = InnerPrefix.key(limit);
            nearest.setBytes(1, asked);
            return keys(nearest).stream()
                .filter(key -> key[0] == asked[0])
                .map(InnerPrefix::ofKey)
                .toList();
          },
          _ -> false,
          found);
    } catch (SQLException e) {
      throw new IllegalStateException("the database did not answer", e);
    }
    return found;
  }

  private static List<byte[]> keys(PreparedStatement statement) throws SQLException {
    var keys = new ArrayList<byte[]>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        byte[] key = row.getBytes(1);
        if (key != null) {
          keys.add(key);
        }
      }
    }
    return keys;
  }

  /// Finds the prefix with the greatest key that is not above that of another, of each table.
  private interface Descent {
    List<Prefix> atMost(Prefix limit) throws SQLException;
  }

  /// Finds what covers a prefix, in an order by key.
  ///
  /// The greatest key that is not above (address, length) is the longest match if it covers; if
  /// not, no covering prefix is longer than what the two have in common, and we look from there: a
  /// handful of descents of the tree, whatever the table's size. All tables descend together, for a
  /// statement costs more than many of them.
  ///
  /// @param isEnough whether none that is shorter than this one is to be found
  private static void covering(
      Prefix prefix,
      int longest,
      Descent descent,
      Predicate<Prefix> isEnough,
      TreeSet<Prefix> found)
      throws SQLException {
    int length = longest;
    int enough = -1;
    while (length > enough) {
      int next = -1;
      for (Prefix candidate : descent.atMost(Prefix.of(prefix.address(), length))) {
        if (candidate.contains(prefix)) {
          if (found.add(candidate) && candidate.length() > enough && isEnough.test(candidate)) {
            enough = candidate.length();
          }
          next = Math.max(next, candidate.length() - 1);
        } else {
          next = Math.max(next, Math.min(length - 1, common(candidate, prefix)));
        }
      }
      length = next;
    }
  }

  /// How many leading bits two addresses share.
  private static int common(Prefix a, Prefix b) {
    byte[] x = a.address();
    byte[] y = b.address();
    int at = Arrays.mismatch(x, y);
    if (at < 0) {
      return Math.min(a.length(), b.length());
    }
    int shared = at * 8 + Integer.numberOfLeadingZeros((x[at] ^ y[at]) & 0xff) - 24;
    return Math.min(shared, b.length());
  }

  List<PrefixRow> covering(Prefix prefix) {
    return jdbi.withHandle(
        handle ->
            prefixRows(
                    handle,
                    prefix,
                    coveringPrefixes(handle, prefix).stream().map(Prefix::key).toList(),
                    Integer.MAX_VALUE)
                .stream()
                .sorted(Comparator.comparingInt(row -> Prefix.parse(row.prefix()).length()))
                .toList());
  }

  List<PrefixRow> moreSpecific(Prefix prefix, @Nullable Prefix after, int limit) {
    return RouteSql.read(
        jdbi,
        handle -> {
          var rows = new ArrayList<PrefixRow>();
          byte[] behind = (after == null ? prefix : after).key();
          while (rows.size() < limit) {
            var keys = keysWithin(handle, prefix, behind, limit - rows.size());
            if (keys.isEmpty()) {
              break;
            }
            var values = new HashMap<String, Object>();
            String where =
                RouteSql.ofPrefixes(prefix) + RouteSql.oneOf("r.prefix_key", "key", keys, values);
            rows.addAll(prefixRows(handle, where, values, limit - rows.size()));
            behind = keys.getLast();
          }
          return rows;
        });
  }

  /// The first keys within a prefix, from each table in turn: to gather the paths of all that lie
  /// within it would be to walk through whole tables for a short prefix.
  private static List<byte[]> keysWithin(Handle handle, Prefix prefix, byte[] after, int limit) {
    var first = new TreeSet<byte[]>(Arrays::compareUnsigned);
    try (var tables =
            handle
                .getConnection()
                .prepareStatement(
                    """
                    SELECT neighbor_id, family FROM neighbor_family WHERE family IN (%s)
                      AND neighbor_id NOT IN (SELECT neighbor_id FROM muted)\
                    """
                        .formatted(RouteSql.familiesOf(prefix)));
        var table = tables.executeQuery();
        var within =
            handle
                .getConnection()
                .prepareStatement(
                    """
                    SELECT DISTINCT prefix_key FROM route WHERE neighbor_id = ? AND family = ?
                      AND prefix_key > ? AND prefix_key <= ? ORDER BY prefix_key LIMIT ?\
                    """)) {
      byte[] to = RouteSql.lastWithin(prefix);
      while (table.next()) {
        within.setInt(1, table.getInt(1));
        within.setInt(2, table.getInt(2));
        within.setBytes(3, after);
        within.setBytes(4, first.size() == limit ? first.last() : to);
        within.setInt(5, limit);
        first.addAll(keys(within));
        while (first.size() > limit) {
          first.pollLast();
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database did not answer", e);
    }
    return List.copyOf(first);
  }

  /// @param like a prefix of the families that are asked for
  private List<PrefixRow> prefixRows(Handle handle, Prefix like, List<byte[]> keys, int limit) {
    if (keys.isEmpty()) {
      return List.of();
    }
    var values = new HashMap<String, Object>();
    String where = RouteSql.ofPrefixes(like) + RouteSql.oneOf("r.prefix_key", "key", keys, values);
    return prefixRows(handle, where, values, limit);
  }

  Map<Prefix, Set<String>> holders(Collection<Prefix> prefixes) {
    var holders = new HashMap<Prefix, Set<String>>();
    prefixes.forEach(prefix -> holders.put(prefix, new HashSet<>()));
    if (!prefixes.isEmpty()) {
      var values = new HashMap<String, Object>();
      String where =
          RouteSql.oneOf(
              "r.prefix_key", "key", holders.keySet().stream().map(Prefix::key).toList(), values);
      jdbi.useHandle(
          handle ->
              RouteSql.bind(
                      handle.createQuery(
                          "SELECT r.prefix_key, n.name "
                              + RouteSql.CURRENT
                              + RouteSql.NOT_MUTED
                              + " AND r.ended_at IS NULL AND g.ended_at IS NULL"
                              + RouteSql.OF_PREFIXES
                              + where),
                      values)
                  .map((row, _) -> Map.entry(Prefix.ofKey(row.getBytes(1)), row.getString(2)))
                  .forEach(
                      holder ->
                          holders
                              .computeIfAbsent(holder.getKey(), _ -> new HashSet<>())
                              .add(holder.getValue())));
    }
    return holders;
  }

  /// Paths gathered by prefix, in the order of families and keys.
  List<PrefixRow> prefixRows(Handle handle, String where, Map<String, Object> values, int limit) {
    var query =
        handle.createQuery(
            """
            SELECT f.name, r.prefix_key,
              count(*) FILTER (WHERE r.ended_at IS NULL AND g.ended_at IS NULL),
              count(*) FILTER (WHERE r.ended_at IS NOT NULL OR g.ended_at IS NOT NULL),
              count(DISTINCT CASE WHEN r.ended_at IS NULL AND g.ended_at IS NULL THEN n.id END),\
            """
                + " "
                + database.joined(
                    "CASE WHEN r.ended_at IS NULL AND g.ended_at IS NULL THEN a.origin_as END")
                + " "
                + RouteSql.CURRENT
                + RouteSql.NOT_MUTED
                + where
                + " GROUP BY length(r.prefix_key), r.prefix_key, f.code"
                + " ORDER BY length(r.prefix_key), r.prefix_key, f.code LIMIT :limit");
    RouteSql.bind(query, values);
    return query
        .bind("limit", limit)
        .map(
            (row, _) ->
                new PrefixRow(
                    row.getString(1),
                    Prefix.ofKey(row.getBytes(2)).toString(),
                    ases(row.getString(6)),
                    row.getInt(3),
                    row.getInt(4),
                    row.getInt(5)))
        .list();
  }

  private static List<Long> ases(@Nullable String list) {
    return list == null || list.isEmpty()
        ? List.of()
        : Arrays.stream(list.split(",")).map(Long::valueOf).sorted().toList();
  }
}
