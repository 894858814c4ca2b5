package org.bgppeer.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bgppeer.store.OriginIndex.Table;
import org.bgppeer.wire.Family;
import org.jdbi.v3.core.Handle;

/// A table that a question may be about.
///
/// @param known whether what the index has of it is all
record AskedTable(Table table, boolean known) {
  private static final String MAY_HAVE_ORIGIN =
      """
      EXISTS (SELECT 1 FROM value_stretch v WHERE v.neighbor_id = nf.neighbor_id
        AND v.family = nf.family AND v.value = :origin),
      (SELECT s.neighbors FROM value_shared s WHERE s.family = nf.family AND s.value = :origin)\
      """;

  /// The tables that a question may be about, in the order of pages.
  static List<AskedTable> of(Handle handle, RouteQuery query) {
    String having = "";
    if (query.at() == null) {
      boolean ended = query.reason() != null || Boolean.FALSE.equals(query.active());
      boolean active = Boolean.TRUE.equals(query.active());
      having = (ended ? " AND nf.inactive > 0" : "") + (active ? " AND nf.active > 0" : "");
    }
    var select =
        handle
            .createQuery(
                """
                SELECT nf.neighbor_id, nf.family, NOT EXISTS (SELECT 1 FROM origin_todo t
                  WHERE t.neighbor_id = nf.neighbor_id AND t.family = nf.family), %s
                FROM neighbor_family nf JOIN neighbor n ON n.id = nf.neighbor_id
                WHERE (:neighbor IS NULL AND n.id NOT IN (SELECT neighbor_id FROM muted)
                    OR n.name = :neighbor)
                  AND (:family IS NULL OR nf.family = :family)%s
                ORDER BY nf.neighbor_id, nf.family\
                """
                    .formatted(query.originAs() == null ? "TRUE, NULL" : MAY_HAVE_ORIGIN, having))
            .bind("neighbor", query.neighbor())
            .bind(
                "family",
                query.family() == null ? null : (Integer) Family.parse(query.family()).code());
    if (query.originAs() != null) {
      select.bind("origin", RouteValues.ORIGIN_AS + String.valueOf(query.originAs()));
    }
    return select.map((row, _) -> asked(row)).stream().flatMap(Optional::stream).toList();
  }

  /// Nothing if the index has all of it, but not the origin.
  private static Optional<AskedTable> asked(ResultSet row) throws SQLException {
    var table = new Table(row.getInt(1), row.getInt(2));
    boolean known = row.getBoolean(3);
    byte[] sharedBy = row.getBytes(5);
    boolean shares = sharedBy != null && NumberSet.of(table.neighborId()).areIn(sharedBy);
    return !known || row.getBoolean(4) || shares
        ? Optional.of(new AskedTable(table, known))
        : Optional.empty();
  }

  /// The tables that may have routes of an origin AS, but for those of muted neighbors.
  static List<Table> tablesOfOrigin(Handle handle, long as) {
    return of(handle, RouteQuery.all(1).withOriginAs(as)).stream().map(AskedTable::table).toList();
  }

  /// Tables as rows of (number of the neighbor, code of the family).
  static String rows(Collection<Table> tables) {
    return tables.stream()
        .map(table -> "(" + table.neighborId() + ", " + table.family() + ")")
        .collect(Collectors.joining(", ", "(VALUES ", ")"));
  }

  static boolean isIndexIncomplete(Handle handle) {
    return handle
        .createQuery("SELECT EXISTS (SELECT 1 FROM origin_todo)")
        .mapTo(Boolean.class)
        .one();
  }
}
