package org.bgppeer.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bgppeer.wire.Octets;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// Sessions, and the session log.
final class SessionQueries {
  private final Jdbi jdbi;

  SessionQueries(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  static final String SESSION_COLUMNS =
      """
      s.id AS s_id, s.neighbor_id, n.name AS s_neighbor, s.generation AS s_generation, s.local_address,
      s.up_at, s.down_at, s.cause AS s_cause, s.why AS s_why, s.notification, s.open_sent AS s_open_sent,
      s.open_received AS s_open_received, s.updates
      """;

  static @Nullable SessionRow session(ResultSet row) throws SQLException {
    long id = row.getLong("s_id");
    if (id == 0) {
      return null;
    }
    return new SessionRow(
        id,
        row.getLong("neighbor_id"),
        row.getString("s_neighbor"),
        row.getInt("s_generation"),
        row.getString("local_address"),
        Columns.instant(row.getLong("up_at")),
        Columns.time(row, "down_at"),
        row.getString("s_cause"),
        row.getString("s_why"),
        Columns.number(row, "notification"),
        octets(row.getBytes("s_open_sent")),
        octets(row.getBytes("s_open_received")),
        row.getLong("updates"));
  }

  private static @Nullable Octets octets(byte @Nullable [] bytes) {
    return bytes == null ? null : Octets.of(bytes);
  }

  List<SessionRow> sessions(@Nullable String neighbor, @Nullable Long before, int limit) {
    return list(
        "(:neighbor IS NULL OR n.name = :neighbor) AND s.id < :before",
        limit,
        query ->
            query
                .bind("neighbor", neighbor)
                .bind("before", before == null ? Long.MAX_VALUE : before));
  }

  List<SessionRow> sessionsAt(@Nullable String neighbor, Instant at, int limit) {
    return list(
            "(:neighbor IS NULL OR n.name = :neighbor) AND s.up_at <= :at",
            limit,
            query -> query.bind("neighbor", neighbor).bind("at", Columns.micros(at)))
        .stream()
        .map(row -> row.downAt() == null || !row.downAt().isAfter(at) ? row : row.running())
        .toList();
  }

  List<SessionRow> sessionsSince(Instant since, int limit) {
    return list(
        "s.down_at IS NULL OR s.down_at >= :since",
        limit,
        query -> query.bind("since", Columns.micros(since)));
  }

  /// The newest first.
  private List<SessionRow> list(String where, int limit, UnaryOperator<Query> bound) {
    return jdbi.withHandle(
        handle ->
            bound
                .apply(
                    handle.createQuery(
                        "SELECT "
                            + SESSION_COLUMNS
                            + "FROM session s JOIN neighbor n ON n.id = s.neighbor_id WHERE "
                            + where
                            + " ORDER BY s.id DESC LIMIT :limit"))
                .bind("limit", limit)
                .map((row, _) -> session(row))
                .list());
  }

  List<EventRow> events(
      @Nullable String neighbor, @Nullable Long before, @Nullable Instant until, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT e.id, e.at, n.name, e.address, e.kind, e.cause, e.why, e.packet, e.times, e.last_at
                    FROM event e LEFT JOIN neighbor n ON n.id = e.neighbor_id
                    WHERE e.id < :before AND e.at <= :until AND (:neighbor IS NULL
                      OR e.neighbor_id = (SELECT id FROM neighbor WHERE name = :neighbor))
                    ORDER BY e.id DESC LIMIT :limit\
                    """)
                .bind("neighbor", neighbor)
                .bind("before", before == null ? Long.MAX_VALUE : before)
                .bind("until", until == null ? Long.MAX_VALUE : Columns.micros(until))
                .bind("limit", limit)
                .map(
                    (row, _) ->
                        new EventRow(
                            row.getLong(1),
                            Columns.instant(row.getLong(2)),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7),
                            Columns.number(row, 8),
                            row.getInt(9),
                            Columns.instant(row.getLong(10))))
                .list());
  }
}
