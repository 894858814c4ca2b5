package org.bgppeer.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bgppeer.wire.Prefix;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/// What the SQL of all questions about routes has in common: what is selected, from where, and the
/// conditions that several of them have.
final class RouteSql {
  static final String VERSION_COLUMNS =
      """
      SELECT n.name AS neighbor, n.address AS neighbor_address, n.as_number AS neighbor_as, n.id AS neighbor_id,
        n.state AS neighbor_state, n.generation AS neighbor_generation, f.name AS family_name,
        r.family AS family, r.prefix_key AS prefix_key, r.path_id AS path_id, r.generation AS generation,
        coalesce(r.valid_from, a.first_at) AS valid_from, coalesce(r.packet, a.first_packet) AS packet,
        coalesce(r.first_seen, r.valid_from, a.first_at) AS first_seen,
        coalesce(r.ended_at, g.ended_at) AS ended_at, coalesce(r.end_reason, g.reason) AS end_reason,
        r.end_packet AS end_packet, r.details AS details,
        (SELECT s.why FROM session s WHERE s.neighbor_id = r.neighbor_id AND s.generation <= r.generation
          ORDER BY s.generation DESC LIMIT 1) AS session_why,
        (SELECT x.generation FROM route_refresh x WHERE x.neighbor_id = r.neighbor_id
          AND x.family = r.family AND x.begun_at IS NOT NULL) AS refresh_generation,
        CASE WHEN r.family NOT IN (257, 258, 260, 513, 514, 516) THEN
          (SELECT text FROM nlri WHERE nlri.family = r.family AND nlri.prefix_key = r.prefix_key)
        END AS nlri_text,
        a.next_hop, a.origin, a.as_path, a.origin_as, a.med, a.local_pref, %s AS communities, a.large_communities,
        a.ext_communities, a.atomic_aggregate, a.aggregator, a.other
      """
          .formatted(CommunityLists.TEXT);

  /// Whoever does not ask for a neighbor by name does not see one that is muted.
  static final String NOT_MUTED = " AND n.id NOT IN (SELECT neighbor_id FROM muted)";

  static final String CURRENT =
      """
      FROM neighbor n CROSS JOIN family f CROSS JOIN route r
      JOIN path_attributes a ON a.id = r.attributes_id
      LEFT JOIN generation_end g
        ON g.neighbor_id = r.neighbor_id AND g.family = r.family AND g.generation = r.generation
      WHERE r.neighbor_id = n.id AND r.family = f.code\
      """;

  /// Former versions in the shape of `route`: what they lack is not asked of them. Their sets come
  /// last, whatever is asked of these: SQLite would make an index of all sets first.
  ///
  /// @param versions a table expression
  static String former(String versions) {
    return """
    FROM neighbor n CROSS JOIN family f CROSS JOIN %s r
    CROSS JOIN path_attributes a LEFT JOIN generation_end g ON g.neighbor_id = -1
    WHERE a.id = r.attributes_id AND r.neighbor_id = n.id AND r.family = f.code\
    """
        .formatted(versions);
  }

  static void run(
      Handle handle,
      String sql,
      Map<String, Object> values,
      @Nullable Instant at,
      List<KeyedRoute> found) {
    bind(handle.createQuery(sql), values)
        .map(
            (row, _) ->
                new KeyedRoute(
                    new RouteKey(
                        row.getInt("neighbor_id"),
                        row.getInt("family"),
                        row.getBytes("prefix_key"),
                        row.getLong("path_id")),
                    route(row, at)))
        .forEach(found::add);
  }

  static Query bind(Query query, Map<String, Object> values) {
    values.forEach((name, value) -> query.bind(name, value));
    return query;
  }

  /// @param at the moment asked for, at which a version that was held is active; null for now
  private static RouteRow route(ResultSet row, @Nullable Instant at) throws SQLException {
    long ended = at == null ? row.getLong("ended_at") : 0;
    boolean active = ended == 0;
    String reason = active ? null : row.getString("end_reason");
    long pathId = row.getLong("path_id");
    boolean stale =
        at == null
            && active
            && (row.getString("neighbor_state").equals(Projection.STALE)
                || row.getInt("generation") < row.getInt("neighbor_generation")
                || row.getInt("generation") < row.getInt("refresh_generation"));
    String sessionWhy = row.getString("session_why");
    String why =
        reason == null
            ? ""
            : reason.equals(Reason.SESSION_DOWN.text()) && sessionWhy != null
                ? sessionWhy
                : Reason.words(reason);
    return new RouteRow(
        row.getString("neighbor"),
        row.getString("neighbor_address"),
        row.getLong("neighbor_as"),
        row.getString("family_name"),
        text(row.getString("nlri_text"), row.getBytes("prefix_key")),
        Objects.requireNonNullElse(row.getString("details"), ""),
        pathId == RouteChanges.NO_PATH_ID ? null : pathId,
        row.getString("next_hop"),
        active,
        stale,
        reason,
        reason != null && Reason.inferred(reason),
        why,
        row.getString("origin"),
        row.getString("as_path"),
        Columns.number(row, "origin_as"),
        Columns.number(row, "med"),
        Columns.number(row, "local_pref"),
        row.getString("communities"),
        row.getString("large_communities"),
        row.getString("ext_communities"),
        row.getBoolean("atomic_aggregate"),
        row.getString("aggregator"),
        row.getString("other"),
        Columns.instant(row.getLong("valid_from")),
        active ? null : Columns.instant(ended),
        Columns.instant(row.getLong("first_seen")),
        Columns.instant(active ? row.getLong("valid_from") : ended),
        Columns.number(row, "packet"),
        active ? null : Columns.number(row, "end_packet"));
  }

  /// The text of a key: that of a prefix, unless `nlri` has one.
  static String text(@Nullable String nlri, byte[] key) {
    return nlri != null ? nlri : Prefix.ofKey(key).toString();
  }

  /// Only families whose keys are those of prefixes of this kind: others might look the same.
  static String ofPrefixes(Prefix prefix) {
    return " AND f.code IN (" + familiesOf(prefix) + ")";
  }

  static final List<Integer> IPV4_PREFIXES = List.of(257, 258, 260);

  static final List<Integer> IPV6_PREFIXES = List.of(513, 514, 516);

  /// The keys of one kind are longer than those of the other.
  static final String OF_PREFIXES = " AND f.code IN (257, 258, 260, 513, 514, 516)";

  static String familiesOf(Prefix prefix) {
    return prefix.isIpv6() ? "513, 514, 516" : "257, 258, 260";
  }

  static String oneOf(String column, String name, List<byte[]> keys, Map<String, Object> values) {
    if (keys.size() == 1) {
      values.put(name, keys.getFirst());
      return " AND " + column + " = :" + name;
    }
    var names = new ArrayList<String>();
    for (byte[] key : keys) {
      values.put(name + names.size(), key);
      names.add(":" + name + names.size());
    }
    return " AND " + column + " IN (" + String.join(", ", names) + ")";
  }

  /// The greatest key of a prefix within this one.
  static byte[] lastWithin(Prefix prefix) {
    byte[] key = prefix.key();
    int bits = (key.length - 1) * 8;
    for (int bit = prefix.length(); bit < bits; bit++) {
      key[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    key[key.length - 1] = (byte) 0xff;
    return key;
  }

  static final String TEXT_IS = "text = :nlri";

  /// Routes whose row in `nlri` is so, found by their keys: in this form SQLite goes from the index
  /// of `nlri` to the keys of `route`. The plus keeps it from going through the whole family.
  static String ofNlri(String condition) {
    return """
     AND f.code IN (SELECT family FROM nlri WHERE %1$s)
    AND r.prefix_key IN (SELECT prefix_key FROM nlri WHERE +nlri.family = f.code AND %1$s)
    """
        .formatted(condition);
  }

  /// Several statements that see the same moment.
  static <T> T read(Jdbi jdbi, HandleCallback<T, RuntimeException> question) {
    return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, question);
  }

  private RouteSql() {}
}
