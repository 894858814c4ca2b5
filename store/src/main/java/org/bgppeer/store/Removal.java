package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;

/// Removes what is older than [DatabaseRetention] says, in the thread and over the connection that
/// writes, in steps of at most [#ROWS] rows, each a transaction of its own: whatever waits for the
/// writer waits for one step.
///
/// First goes the history that ended too long ago, in the order of its log. Then whole routes that
/// ended before that, which nothing of the history belongs to any more; there is no index for them,
/// so each table is walked once in a while, and the texts of keys that no route has go with them.
/// Then what the log has, and once a day what nothing is left of in the index of origin ASes.
/// `kept` says from when on questions about the past have an answer; it is written with the first
/// row that goes.
final class Removal {
  /// In one transaction; some milliseconds.
  static final int ROWS = 1_000;

  private static final int WALKED_ROWS = 4_000;
  private static final int PAIRS = 200; // each is looked for at each neighbor
  private static final long WALK_ORIGINS_EVERY = Duration.ofDays(1).toMillis() * 1000;
  private static final long WALK_EVERY = Duration.ofHours(1).toMillis() * 1000;

  /// One table of the log.
  private record LogTable(String select, String delete) {}

  private static final List<LogTable> LOG =
      List.of(
          new LogTable(
              "SELECT id FROM session WHERE down_at < ? AND id NOT IN (SELECT session_id FROM"
                  + " neighbor WHERE session_id IS NOT NULL) AND id < (SELECT max(id) FROM"
                  + " session)",
              "DELETE FROM session WHERE id = ?"),
          new LogTable(
              "SELECT id FROM event WHERE last_at < ? AND id < (SELECT max(id) FROM event)",
              "DELETE FROM event WHERE id = ?"),
          new LogTable(
              "SELECT DISTINCT packet FROM finding WHERE at < ?",
              "DELETE FROM finding WHERE packet = ?"));

  private final Database database;
  private final Connection connection;
  private final BatchWriter writer;
  private final DatabaseRetention retention;
  private long kept;
  private long walkAt;
  private final Deque<FamilyState> toWalk = new ArrayDeque<>();
  private byte @Nullable [] walkedKey;
  private long walkedPath;
  private long removed;
  private long removedBeforeOrigins;
  private long walkOriginsAt;
  private boolean walksOrigins;

  /// @param connection to it, that of the one that writes
  /// @param writer over the same connection
  Removal(Database database, Connection connection, BatchWriter writer, DatabaseRetention retention)
      throws SQLException {
    this.database = database;
    this.connection = connection;
    this.writer = writer;
    this.retention = retention;
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT max(since) FROM kept WHERE what = 'history'")) {
      kept = row.next() ? row.getLong(1) : 0;
    }
  }

  /// Rows of routes and history that were removed by this object.
  long removed() {
    return removed;
  }

  /// Does one step and commits it.
  ///
  /// @param now in microseconds
  /// @return whether there may be more to do
  boolean step(long now) throws SQLException {
    writer.begin();
    writer.flush();
    boolean more =
        history(before(now, retention.history()), now)
            || tooLarge(now)
            || routes(now, Math.max(kept, before(now, retention.history())))
            || log(before(now, retention.log()))
            || counts(before(now, retention.log()))
            || writer.removeHeld(kept, ROWS)
            || origins(now);
    connection.commit();
    return more;
  }

  private static long before(long now, @Nullable Duration age) {
    return age == null ? Long.MIN_VALUE : now - age.toMillis() * 1000;
  }

  // ---- history

  /// Removes some of what ended before a moment.
  private boolean history(long before, long now) throws SQLException {
    if (before == Long.MIN_VALUE) {
      return false;
    }
    int rows = writer.removeHistory(before, now, ROWS);
    removed += rows;
    if (rows > 0) {
      keep(Math.min(before, now)); // the clock may have been ahead when they ended
    }
    return rows == ROWS;
  }

  /// Removes the oldest history while the database is too large.
  private boolean tooLarge(long now) throws SQLException {
    if (retention.databaseOctets() == 0 || writer.usedOctets() <= retention.databaseOctets()) {
      return false;
    }
    long last = writer.endOfOldestHistory(ROWS / 2);
    long before = removed;
    history(last + 1, now);
    return removed > before;
  }

  private void keep(long since) throws SQLException {
    if (since > kept) {
      kept = since;
      writer.update(
          """
          INSERT INTO kept (what, since) VALUES ('history', ?)
          ON CONFLICT (what) DO UPDATE SET since = excluded.since\
          """,
          since);
    }
  }

  // ---- routes

  /// Walks on through the routes of one neighbor and family and removes those that ended before
  /// what is kept of the history.
  private boolean routes(long now, long before) throws SQLException {
    if (before <= 0) {
      return false;
    }
    if (toWalk.isEmpty()) {
      if (now < walkAt) {
        return false;
      }
      walkAt = now + WALK_EVERY;
      toWalk.addAll(writer.withInactiveRoutes());
      walkedKey = null;
    }
    FamilyState state = toWalk.peek();
    if (state == null) {
      return false;
    }
    int seen = 0;
    var old = new ArrayList<Ended>();
    try (PreparedStatement statement = walk(state);
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        seen++;
        walkedKey = rows.getBytes(1);
        walkedPath = rows.getLong(2);
        long endedAt = rows.getLong(3);
        if (endedAt != 0 && endedAt < before) {
          old.add(new Ended(walkedKey, walkedPath));
          if (old.size() == ROWS) {
            break;
          }
        }
      }
    }
    for (Ended route : old) {
      remove(state, route);
    }
    if (seen < WALKED_ROWS && old.size() < ROWS) {
      toWalk.remove();
      walkedKey = null;
    }
    if (!old.isEmpty()) {
      removed += old.size();
      writer.removedInactive(state, old.size(), now);
      keep(before);
    }
    return !toWalk.isEmpty();
  }

  private record Ended(byte[] key, long pathId) {}

  private PreparedStatement walk(FamilyState state) throws SQLException {
    var statement =
        connection.prepareStatement(
            """
            SELECT r.prefix_key, r.path_id, coalesce(r.ended_at, g.ended_at)
            FROM route r LEFT JOIN generation_end g ON g.neighbor_id = r.neighbor_id
              AND g.family = r.family AND g.generation = r.generation
            WHERE r.neighbor_id = ? AND r.family = ?\
            """
                + (walkedKey == null ? "" : " AND (r.prefix_key, r.path_id) > (?, ?)")
                + " ORDER BY r.prefix_key, r.path_id LIMIT "
                + WALKED_ROWS);
    statement.setInt(1, state.neighborId);
    statement.setInt(2, state.family);
    if (walkedKey != null) {
      statement.setBytes(3, walkedKey);
      statement.setLong(4, walkedPath);
    }
    return statement;
  }

  private void remove(FamilyState state, Ended route) throws SQLException {
    writer.update(
        "DELETE FROM route WHERE neighbor_id = ? AND family = ? AND prefix_key = ? AND path_id = ?",
        state.neighborId,
        state.family,
        route.key,
        route.pathId);
    if (!Family.ofCode(state.family).hasPrefixKeys()) {
      writer.update(
          """
          DELETE FROM nlri WHERE family = ? AND prefix_key = ? AND NOT EXISTS (
            SELECT 1 FROM route r WHERE r.neighbor_id IN
                (SELECT neighbor_id FROM neighbor_family WHERE family = ?)
              AND r.family = ? AND r.prefix_key = ?)\
          """,
          state.family,
          route.key,
          state.family,
          state.family,
          route.key);
    }
  }

  /// Walks on through the index of origin ASes, once something was removed.
  private boolean origins(long now) throws SQLException {
    if (!walksOrigins) {
      if (removed == removedBeforeOrigins || now < walkOriginsAt) {
        return false;
      }
      removedBeforeOrigins = removed;
      walkOriginsAt = now + WALK_ORIGINS_EVERY;
    }
    walksOrigins = writer.removeUnusedOrigins(database, PAIRS);
    return walksOrigins;
  }

  // ---- the log

  private boolean log(long before) throws SQLException {
    if (before == Long.MIN_VALUE) {
      return false;
    }
    for (LogTable table : LOG) {
      var old = new ArrayList<Long>();
      try (var statement = connection.prepareStatement(table.select + " LIMIT " + ROWS)) {
        statement.setLong(1, before);
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            old.add(rows.getLong(1));
          }
        }
      }
      for (Long id : old) {
        writer.update(table.delete, id);
      }
      if (!old.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /// Removes counts over time, but of each the newest: what was held then is held since.
  private boolean counts(long before) throws SQLException {
    if (before == Long.MIN_VALUE) {
      return false;
    }
    int rows =
        writer.update(
            """
            DELETE FROM tally WHERE (neighbor_id, family, minute) IN (
              SELECT t.neighbor_id, t.family, t.minute FROM tally t
              WHERE t.minute < ? AND t.minute < (SELECT max(n.minute) FROM tally n
                WHERE n.neighbor_id = t.neighbor_id AND n.family = t.family)
              LIMIT ?)\
            """,
            before / 60_000_000,
            ROWS);
    return rows == ROWS;
  }
}
