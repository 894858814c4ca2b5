package org.bgppeer.app;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a database says, row by row and as text, to be compared with another. Left out are `tally`,
/// `follower`, and the numbers of rows in the log of former versions, which tell how records fell
/// into batches, and the numbers of events, of which those that were counted in another row have
/// left gaps.
final class Contents {
  private static final String SQLITE = "jdbc:sqlite:";

  /// Whether a row says that itself or its set does tells how records fell into batches, too.
  private static final String CAME =
      " coalesce(valid_from, (SELECT first_at FROM path_attributes a WHERE a.id = attributes_id)),"
          + " coalesce(packet, (SELECT first_packet FROM path_attributes a WHERE a.id ="
          + " attributes_id)),";

  /// What a process has seen before it was killed it writes once more.
  private static final String COMMUNITIES =
      " coalesce(communities, (SELECT text FROM community_list l WHERE l.id ="
          + " a.community_list_id)),";

  private static final Map<String, String> TABLES =
      Map.of(
          "neighbor", "SELECT * FROM neighbor ORDER BY id",
          "session", "SELECT * FROM session ORDER BY id",
          "event",
              "SELECT at, last_at, times, neighbor_id, address, kind, cause, why, packet FROM event"
                  + " ORDER BY id",
          "neighbor_family", "SELECT * FROM neighbor_family ORDER BY neighbor_id, family",
          "generation_end", "SELECT * FROM generation_end ORDER BY neighbor_id, family, generation",
          "path_attributes",
              "SELECT id, octets, next_hop, origin, as_path, origin_as, med, local_pref,"
                  + COMMUNITIES
                  + " large_communities, ext_communities, atomic_aggregate, aggregator, other,"
                  + " first_at, first_packet FROM path_attributes a ORDER BY id",
          "route",
              "SELECT neighbor_id, family, prefix_key, path_id, attributes_id, generation, version,"
                  + CAME
                  + " first_seen, former IS NOT NULL, ended_at, end_reason,"
                  + " end_packet, details, nlri FROM route"
                  + " ORDER BY neighbor_id, family, prefix_key, path_id",
          "route_history",
              "SELECT neighbor_id, family, prefix_key, path_id, version, attributes_id,"
                  + CAME
                  + " ended_at, end_reason, end_packet, details, nlri FROM route_history"
                  + " ORDER BY neighbor_id, family, prefix_key, path_id, version",
          "finding",
              "SELECT packet, neighbor_id, at, handling, reason FROM finding"
                  + " ORDER BY packet, reason");

  /// PostgreSQL finds former versions by their key: there is no number of a row of theirs.
  private static final Map<String, String> POSTGRES_TABLES = new HashMap<>(TABLES);

  static {
    POSTGRES_TABLES.compute(
        "route", (_, sql) -> Objects.requireNonNull(sql).replace("former IS NOT NULL, ", ""));
  }

  private Contents() {}

  static Map<String, List<String>> of(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(sqlite(database))) {
      var contents = new LinkedHashMap<String, List<String>>();
      for (var table : TABLES.entrySet()) {
        contents.put(table.getKey(), rows(connection, table.getValue()));
      }
      return contents;
    }
  }

  /// What one database says and the other does not, a line each, few of them; in little memory.
  static List<String> differences(Path actual, Path expected) throws SQLException {
    return differences(sqlite(actual), sqlite(expected));
  }

  /// The same of two JDBC URLs, both of SQLite or both of PostgreSQL.
  static List<String> differences(String actual, String expected) throws SQLException {
    var differences = new ArrayList<String>();
    try (Connection one = DriverManager.getConnection(actual);
        Connection other = DriverManager.getConnection(expected)) {
      for (var table : (actual.startsWith(SQLITE) ? TABLES : POSTGRES_TABLES).entrySet()) {
        try (var a = one.createStatement();
            var b = other.createStatement();
            var rowsA = a.executeQuery(table.getValue());
            var rowsB = b.executeQuery(table.getValue())) {
          String rowA;
          String rowB;
          do {
            rowA = rowsA.next() ? row(rowsA) : "nothing";
            rowB = rowsB.next() ? row(rowsB) : "nothing";
            if (!rowA.equals(rowB)) {
              differences.add(table.getKey() + ": " + rowA + " where expected is " + rowB);
            }
          } while (!(rowA.equals("nothing") && rowB.equals("nothing")) && differences.size() < 20);
        }
      }
    }
    return differences;
  }

  /// Rows of a query, values separated by `|`.
  static List<String> rows(Path database, String sql) throws SQLException {
    return rows(sqlite(database), sql);
  }

  /// The same of a JDBC URL.
  static List<String> rows(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return rows(connection, sql);
    }
  }

  /// The JDBC URL of a file.
  static String sqlite(Path database) {
    return SQLITE + database;
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(row(rows));
      }
      return all;
    }
  }

  private static String row(ResultSet rows) throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    var row = new StringBuilder();
    for (int i = 1; i <= columns; i++) {
      Object value = rows.getObject(i);
      row.append(i == 1 ? "" : "|")
          .append(
              value instanceof byte[] octets
                  ? HexFormat.of().formatHex(octets)
                  : String.valueOf(value));
    }
    return row.toString();
  }
}
