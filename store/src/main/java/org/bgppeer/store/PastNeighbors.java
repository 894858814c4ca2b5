package org.bgppeer.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.SessionCause;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The neighbors as they were at a moment of the past: from the sessions, the session log, and what
/// [HeldCounts] kept.
final class PastNeighbors {
  private PastNeighbors() {}

  /// Those that were known by then, in no order.
  static List<NeighborRow> at(Database database, Handle handle, Instant moment) {
    long at = Columns.micros(moment);
    Map<Long, Map<Integer, long[]>> counts = counts(database, handle, at);
    Map<Long, Instant> givenUp = givenUp(handle, at);
    return handle
        .createQuery(
            "SELECT n.id AS n_id, n.name AS n_name, n.source, n.address, n.as_number,"
                + " n.local_address AS n_local, n.known_at, n.session_id, "
                + SessionQueries.SESSION_COLUMNS
                + """
                FROM neighbor n LEFT JOIN session s ON s.id =
                  (SELECT max(p.id) FROM session p WHERE p.neighbor_id = n.id
                    AND (p.up_at <= :at OR p.down_at <= :at))
                WHERE n.known_at <= :at\
                """)
        .bind("at", at)
        .map((row, _) -> neighbor(handle, row, moment, counts, givenUp))
        .list();
  }

  private static NeighborRow neighbor(
      Handle handle,
      ResultSet row,
      Instant moment,
      Map<Long, Map<Integer, long[]>> allCounts,
      Map<Long, Instant> givenUp)
      throws SQLException {
    long id = row.getLong("n_id");
    boolean archive = !row.getString("source").equals(Database.LIVE);
    var session = SessionQueries.session(row);
    boolean current = session != null && session.id() == row.getLong("session_id");
    var counts = allCounts.getOrDefault(id, Map.of());
    var end = givenUp.get(id);
    SessionState state;
    Instant since;
    String why = "";
    if (session == null) {
      state = archive ? SessionState.IMPORTED : SessionState.CONNECTING;
      since = Columns.instant(row.getLong("known_at"));
    } else if (end == null && (session.downAt() == null || session.downAt().isAfter(moment))) {
      boolean receiving = current && isReceiving(handle, id, moment);
      state =
          archive ? SessionState.IMPORTED : receiving ? SessionState.RECEIVING : SessionState.UP;
      since = session.upAt();
      session = session.running();
    } else {
      // Only what is kept of a session that ended is active then, and stale.
      boolean keeps = counts.values().stream().anyMatch(count -> count[0] > 0);
      boolean stale = end == null && (keeps || leftStale(session.cause()));
      state = archive ? SessionState.IMPORTED : stale ? SessionState.STALE : SessionState.DOWN;
      since = end != null ? end : Objects.requireNonNull(session.downAt());
      why = Objects.requireNonNullElse(session.why(), "");
    }
    var families = new ArrayList<FamilyCount>();
    for (var count : new java.util.TreeMap<>(counts).entrySet()) {
      long active = count.getValue()[0];
      families.add(
          new FamilyCount(
              Family.ofCode(count.getKey()).toString(),
              active,
              state == SessionState.STALE ? active : 0,
              count.getValue()[1] - active,
              null));
    }
    return new NeighborRow(
        id,
        row.getString("n_name"),
        row.getString("source"),
        row.getString("address"),
        row.getLong("as_number"),
        row.getString("n_local"),
        state,
        since,
        why,
        session,
        families,
        null);
  }

  private static boolean leftStale(@Nullable String cause) {
    return cause != null && Projection.leavesStale(SessionCause.valueOf(cause));
  }

  /// Whether, of the current session, a table was still coming in.
  private static boolean isReceiving(Handle handle, long id, Instant moment) {
    return handle
            .createQuery(
                """
                SELECT count(*) FROM neighbor_family
                WHERE neighbor_id = :id AND coalesce(end_of_rib_at, :at + 1) > :at\
                """)
            .bind("id", id)
            .bind("at", Columns.micros(moment))
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /// When the routes of a neighbor that did not come back, after our restart or its own, were given
  /// up, if that is the last word of where its session stood.
  private static Map<Long, Instant> givenUp(Handle handle, long at) {
    var found = new HashMap<Long, Instant>();
    handle
        .createQuery(
            """
            SELECT e.neighbor_id, e.at FROM neighbor n CROSS JOIN event e
            WHERE e.id = (SELECT max(x.id) FROM event x WHERE x.neighbor_id = n.id
                AND x.kind IN ('up', 'down') AND x.at <= :at)
              AND e.cause IN (:ours, :theirs)\
            """)
        .bind("ours", SessionCause.STALE_EXPIRED.name())
        .bind("theirs", SessionCause.RESTART_EXPIRED.name())
        .bind("at", at)
        .map((row, _) -> found.put(row.getLong(1), Columns.instant(row.getLong(2))))
        .list();
    return found;
  }

  /// Of each neighbor and family: routes that were active, and all that had been seen.
  private static Map<Long, Map<Integer, long[]>> counts(Database database, Handle handle, long at) {
    long kept =
        handle
            .createQuery("SELECT coalesce(max(since), 0) FROM kept WHERE what = 'held'")
            .mapTo(Long.class)
            .one();
    if (at < kept) {
      return counted(database, handle, "", at);
    }
    var counts = held(handle, at);
    if (cameTwice(handle, at)) {
      counted(
              database,
              handle,
              " WHERE (r.neighbor_id, r.family) IN (SELECT neighbor_id, family FROM clock_set_back"
                  + " WHERE since <= :at AND until > :at)",
              at)
          .forEach(
              (neighbor, families) ->
                  counts.computeIfAbsent(neighbor, _ -> new HashMap<>()).putAll(families));
    }
    return counts;
  }

  private static boolean cameTwice(Handle handle, long at) {
    return handle
        .createQuery("SELECT " + Database.cameTwice(":at"))
        .bind("at", at)
        .mapTo(Boolean.class)
        .one();
  }

  private static Map<Long, Map<Integer, long[]>> held(Handle handle, long at) {
    var counts = new HashMap<Long, Map<Integer, long[]>>();
    handle
        .createQuery(
            """
            SELECT h.neighbor_id, h.family, h.active, h.total, h.since, h.changes
            FROM neighbor_family nf, held h
            WHERE h.neighbor_id = nf.neighbor_id AND h.family = nf.family AND h.since =
              (SELECT max(x.since) FROM held x WHERE x.neighbor_id = nf.neighbor_id
                AND x.family = nf.family AND x.since <= :at)\
            """)
        .bind("at", at)
        .map(
            (row, _) -> {
              var sum = new long[] {row.getLong(3), row.getLong(4), 0};
              HeldCounts.sum(row.getBytes(6), row.getLong(5), at, sum);
              return counts
                  .computeIfAbsent(row.getLong(1), _ -> new HashMap<>())
                  .put(row.getInt(2), sum);
            })
        .list();
    return counts;
  }

  /// The same where `held` does not reach, and where it does not tell which word is the newest:
  /// each route is looked at.
  ///
  /// @param where which; empty for all
  private static Map<Long, Map<Integer, long[]>> counted(
      Database database, Handle handle, String where, long at) {
    var counts = new HashMap<Long, Map<Integer, long[]>>();
    String active =
        """
        sum(CASE WHEN %s <= :at AND coalesce(r.ended_at, g.ended_at, :at + 1) > :at
          THEN 1 ELSE 0 END)
        """
            .formatted(Database.VALID_FROM);
    count(
        handle,
        "SELECT r.neighbor_id, r.family, "
            + active
            + """
            , sum(CASE WHEN coalesce(r.first_seen, %s) <= :at THEN 1 ELSE 0 END)
            FROM route r LEFT JOIN generation_end g ON g.neighbor_id = r.neighbor_id
              AND g.family = r.family AND g.generation = r.generation
            """
                .formatted(Database.VALID_FROM)
            + where
            + " GROUP BY r.neighbor_id, r.family",
        at,
        counts);
    count(
        handle,
        "SELECT r.neighbor_id, r.family, sum(CASE WHEN r.valid_from <= :at AND r.ended_at > :at"
            + " THEN 1 ELSE 0 END), 0 FROM "
            + database.formerVersionsAt(":at")
            + " r"
            + where
            + " GROUP BY r.neighbor_id, r.family",
        at,
        counts);
    return counts;
  }

  private static void count(
      Handle handle, String sql, long at, Map<Long, Map<Integer, long[]>> counts) {
    handle
        .createQuery(sql)
        .bind("at", at)
        .map(
            (row, _) -> {
              long[] sum =
                  counts
                      .computeIfAbsent(row.getLong(1), _ -> new HashMap<>())
                      .computeIfAbsent(row.getInt(2), _ -> new long[2]);
              sum[0] += row.getLong(3);
              sum[1] += row.getLong(4);
              return sum;
            })
        .list();
  }
}
