package org.bgppeer.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.NeighborRow.SessionState;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Neighbors, and what they hold.
final class NeighborQueries {
  private final Jdbi jdbi;
  private final Database database;

  NeighborQueries(Jdbi jdbi, Database database) {
    this.jdbi = jdbi;
    this.database = database;
  }

  List<NeighborRow> neighbors() {
    return neighbors("");
  }

  Set<String> muted() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT n.name FROM muted m JOIN neighbor n ON n.id = m.neighbor_id")
                .mapTo(String.class)
                .set());
  }

  Map<String, List<FamilyCount>> held() {
    return jdbi.withHandle(
        handle -> {
          var held = new HashMap<String, List<FamilyCount>>();
          handle
              .createQuery(
                  """
                  SELECT n.name, f.name, nf.active, nf.stale, nf.inactive, nf.end_of_rib_at
                  FROM neighbor_family nf JOIN family f ON f.code = nf.family
                    JOIN neighbor n ON n.id = nf.neighbor_id WHERE nf.active > 0
                  ORDER BY nf.neighbor_id, nf.family\
                  """)
              .map((row, _) -> Map.entry(row.getString(1), familyCount(row)))
              .forEach(
                  entry ->
                      held.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                          .add(entry.getValue()));
          return held;
        });
  }

  private static FamilyCount familyCount(ResultSet row) throws SQLException {
    return new FamilyCount(
        row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5), Columns.time(row, 6));
  }

  Optional<NeighborRow> neighbor(String name) {
    return neighbors(name).stream().findFirst();
  }

  private List<NeighborRow> neighbors(String name) {
    String where = name.isEmpty() ? "" : " WHERE n.name = :name";
    return jdbi.withHandle(
        handle -> {
          var families = new HashMap<Long, List<FamilyCount>>();
          handle
              .createQuery(
                  """
                  SELECT nf.neighbor_id, f.name, nf.active, nf.stale, nf.inactive, nf.end_of_rib_at
                  FROM neighbor_family nf JOIN family f ON f.code = nf.family
                  ORDER BY nf.neighbor_id, nf.family\
                  """)
              .map((row, _) -> Map.entry(row.getLong(1), familyCount(row)))
              .forEach(
                  entry ->
                      families
                          .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                          .add(entry.getValue()));
          var query =
              handle.createQuery(
                  "SELECT n.id AS n_id, n.name AS n_name, n.source, n.address, n.as_number,"
                      + " n.local_address AS n_local, n.state, n.since, n.why AS n_why,"
                      + " n.last_packet_at, "
                      + SessionQueries.SESSION_COLUMNS
                      + " FROM neighbor n LEFT JOIN session s ON s.id = n.session_id"
                      + where);
          if (!name.isEmpty()) {
            query.bind("name", name);
          }
          return query
              .map((row, _) -> neighbor(row, families.getOrDefault(row.getLong("n_id"), List.of())))
              .stream()
              .sorted(NEED_FIRST)
              .toList();
        });
  }

  List<NeighborRow> neighbors(Instant at) {
    return RouteSql.read(jdbi, handle -> PastNeighbors.at(database, handle, at)).stream()
        .sorted(NEED_FIRST)
        .toList();
  }

  @Nullable Instant oldest() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT coalesce((SELECT since FROM kept WHERE what = 'history'),"
                        + " (SELECT min(known_at) FROM neighbor))")
                .map((row, _) -> Optional.ofNullable(Columns.time(row, 1)))
                .one()
                .orElse(null));
  }

  private static final Comparator<NeighborRow> NEED_FIRST =
      Comparator.comparing((NeighborRow n) -> need(n.state()))
          .thenComparing(NeighborRow::name, NeighborRow.NAME_ORDER);

  private static int need(SessionState state) {
    return switch (state) {
      case DOWN -> 0;
      case STALE -> 1;
      case CONNECTING -> 2;
      case RECEIVING -> 3;
      case UP -> 4;
      case IMPORTED -> 5;
    };
  }

  private static NeighborRow neighbor(ResultSet row, List<FamilyCount> families)
      throws SQLException {
    var state =
        switch (row.getString("state")) {
          case Projection.UP ->
              families.isEmpty() || families.stream().anyMatch(f -> f.endOfRibAt() == null)
                  ? SessionState.RECEIVING
                  : SessionState.UP;
          case Projection.DOWN -> SessionState.DOWN;
          case Projection.STALE -> SessionState.STALE;
          case Projection.IMPORTED -> SessionState.IMPORTED;
          default -> SessionState.CONNECTING;
        };
    return new NeighborRow(
        row.getLong("n_id"),
        row.getString("n_name"),
        row.getString("source"),
        row.getString("address"),
        row.getLong("as_number"),
        row.getString("n_local"),
        state,
        Columns.instant(row.getLong("since")),
        row.getString("n_why"),
        SessionQueries.session(row),
        families,
        Columns.time(row, "last_packet_at"));
  }
}
