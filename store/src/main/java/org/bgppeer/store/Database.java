package org.bgppeer.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The database of a collector, opened by the process that writes it or by one that reads only.
///
/// Whatever differs between databases is behind the methods of this class and of [BulkWriter]: all
/// other SQL of this room is understood by each of them.
public abstract class Database implements AutoCloseable {
  /// The source of what our own sessions brought.
  public static final String LIVE = "live";

  /// The version of the tables in `src/main/resources/org/bgppeer/store`.
  static final int VERSION = 15;

  /// When a version `r` came, of `route` or `route_history`: most do not say so themselves.
  static final String VALID_FROM = validFrom("r");

  /// The same of a row of another name.
  static String validFrom(String row) {
    return "coalesce(%1$s.valid_from, (SELECT p.first_at FROM path_attributes p WHERE p.id = %1$s.attributes_id))"
        .formatted(row);
  }

  /// Opens an SQLite file for writing; makes it, or brings its tables up to date.
  ///
  /// @throws DatabaseUnavailable if it is not a database of ours, of a newer version, or cannot be
  /// written
  public static Database open(Path file) throws DatabaseUnavailable {
    return SqliteDatabase.at(file);
  }

  /// Opens an SQLite file that is there already, for reading.
  ///
  /// @throws DatabaseUnavailable if there is none, or its version is not ours
  public static Database openToRead(Path file) throws DatabaseUnavailable {
    return SqliteDatabase.toRead(file);
  }

  /// Opens a database by its JDBC URL for writing; makes its tables, or brings them up to date.
  ///
  /// @param url `jdbc:postgresql://…`
  /// @throws DatabaseUnavailable if it is not such a URL, cannot be reached, is not ours, of a
  ///     newer version, or another process writes it
  public static Database open(String url) throws DatabaseUnavailable {
    return PostgresDatabase.at(url);
  }

  /// Whether a database can be opened by its JDBC URL for writing. Nothing is changed.
  ///
  /// @throws DatabaseUnavailable as [#open(String)] would
  public static void check(String url) throws DatabaseUnavailable {
    PostgresDatabase.requireWritable(url);
  }

  /// Opens a database by its JDBC URL for reading.
  ///
  /// @param url `jdbc:postgresql://…`
  /// @throws DatabaseUnavailable if it is not such a URL, cannot be reached, or its version is not
  ///     ours
  public static Database openToRead(String url) throws DatabaseUnavailable {
    return PostgresDatabase.toRead(url);
  }

  /// Where the database of a JDBC URL is, for people: no password.
  ///
  /// @throws DatabaseUnavailable if it is not the URL of a database that we know
  public static String placeOf(String url) throws DatabaseUnavailable {
    return PostgresDatabase.nameOf(url);
  }

  /// Tables that no release made.
  static DatabaseUnavailable ofNoRelease(Object place, Throwable e) {
    return new DatabaseUnavailable(
        place
            + " has the tables of a build before the first release; `bgp-peer rebuild` makes them"
            + " anew from the journal",
        e);
  }

  /// A connection for the one that writes, auto-commit off.
  abstract Connection writer() throws SQLException;

  /// A connection for reading, of its own.
  abstract Connection reader() throws SQLException;

  /// Connections for reading, from a pool.
  abstract DataSource readers();

  /// What writes attribute sets and routes over a connection of [#writer].
  abstract BulkWriter bulkWriter(Connection connection) throws SQLException;

  /// What is to be done beside the writer when it has committed.
  abstract AfterCommit afterCommit() throws SQLException;

  /// A directory for files of the writer's own, where there is room.
  abstract Path scratch();

  /// A condition: whether a text has a part that a regular expression describes. It needs
  /// [#teach].
  ///
  /// @param text an SQL expression
  /// @param expression another one
  abstract String matches(String text, String expression);

  /// Gives a connection what [#matches] needs.
  abstract void teach(Connection connection);

  /// An aggregate: the different values of an expression, joined by commas.
  abstract String joined(String expression);

  /// Versions that are not current any more, as a table expression with the columns of `route`.
  abstract String formerVersions();

  /// The one of each path that was current at a moment, if it is not any more and had begun then;
  /// it may have ended before.
  ///
  /// Where a clock was set back a path may have had several at that moment. The newest word counts:
  /// the last version of which something is not later than the moment, its begin or its end.
  ///
  /// @param at an SQL expression, in microseconds
  abstract String formerVersionsAt(String at);

  /// The same, of each path those that were held at a moment or after it, and maybe the one before.
  ///
  /// @param since an expression, in microseconds
  abstract String formerVersionsSince(String since);

  /// Whether a moment came more than once for some table of a neighbor: a condition, the same for
  /// all rows.
  ///
  /// @param at an SQL expression, in microseconds
  static String cameTwice(String at) {
    return "EXISTS (SELECT 1 FROM clock_set_back WHERE since <= %1$s AND until > %1$s)"
        .formatted(at);
  }

  /// A condition: whether a row `h` of `route_history` ended at a moment or after it.
  ///
  /// @param since an SQL expression, in microseconds
  abstract String endedSince(String since);

  /// An SQL expression: the octets that the database has.
  abstract String size();

  /// Where it is, for people.
  public abstract String place();

  /// Why it cannot be used now, for people.
  public abstract String explain(SQLException e);

  /// What can be asked.
  ///
  /// @param journal the directory of the journal, for the packets; null if there is none here
  public Queries queries(@Nullable Path journal) {
    return new SqlQueries(this, journal);
  }

  /// Mutes neighbors as a command does. To be called before a [Projector] starts.
  ///
  /// @param names of neighbors that are known
  public void mute(Set<String> names) throws SQLException {
    try (var connection = writer();
        var mute = connection.prepareStatement(MUTE)) {
      for (String name : names) {
        mute.setInt(1, 0);
        mute.setString(2, name);
        mute.executeUpdate();
      }
      connection.commit();
    }
  }

  /// A neighbor of the configuration.
  ///
  /// @param address as text
  /// @param localAddress as text, if another one has the same address and AS, and it is told from
  ///     that by this end of its sessions; else empty
  /// @param muted whether its routes are hidden from whoever does not ask for it
  public record ConfiguredNeighbor(
      String name, String address, long as, String localAddress, boolean muted) {
    /// One that is not muted, and told by its address and AS alone.
    public ConfiguredNeighbor(String name, String address, long as) {
      this(name, address, as, "", false);
    }
  }

  static final String MUTE =
      """
      INSERT INTO muted (neighbor_id, is_configured) SELECT id, ? FROM neighbor WHERE name = ?
      ON CONFLICT (neighbor_id) DO UPDATE SET is_configured = excluded.is_configured\
      """;

  /// Makes the configured neighbors known before any of them says a word, and takes over their
  /// names. Those that are not configured any more stay, with all that they sent. To be called
  /// before a [Projector] starts.
  ///
  /// @param now in microseconds
  public void configure(List<ConfiguredNeighbor> configured, long now) throws SQLException {
    try (var connection = writer();
        var clear = connection.createStatement();
        var find =
            connection.prepareStatement(
                """
                SELECT id FROM neighbor WHERE source = ? AND address = ? AND as_number = ?
                  AND (local_address = ? OR name = ?)
                ORDER BY CASE WHEN local_address = ? AND local_address <> '' THEN 0 WHEN name = ? THEN 1 ELSE 2 END
                LIMIT 1\
                """);
        var free =
            connection.prepareStatement(
                """
                UPDATE neighbor SET name = name || ' (' || address || ' AS' || as_number || ', ' || id || ')'
                WHERE name = ? AND id <> ?\
                """);
        var insert =
            connection.prepareStatement(
                """
                INSERT INTO neighbor (id, source, name, address, as_number, local_address, known_at,
                  configured, state, since, why, generation)
                VALUES ((SELECT coalesce(max(id), 0) + 1 FROM neighbor), ?, ?, ?, ?, ?, ?, TRUE, 'connecting', ?, '', 0)\
                """);
        var update =
            connection.prepareStatement(
                """
                UPDATE neighbor SET name = ?, configured = TRUE, local_address = CASE
                  WHEN EXISTS (SELECT 1 FROM neighbor o WHERE o.source = neighbor.source
                    AND o.address = neighbor.address AND o.as_number = neighbor.as_number
                    AND o.local_address = ? AND o.id <> neighbor.id)
                  THEN local_address ELSE ? END
                WHERE id = ?\
                """);
        var mute = connection.prepareStatement(MUTE)) {
      clear.executeUpdate("DELETE FROM muted WHERE is_configured = 1");
      clear.executeUpdate("UPDATE neighbor SET configured = FALSE WHERE source = '" + LIVE + "'");
      for (var neighbor : configured) {
        long known = known(find, neighbor);
        free.setString(1, neighbor.name);
        free.setLong(2, known);
        free.executeUpdate();
        if (known == 0) {
          insert.setString(1, LIVE);
          insert.setString(2, neighbor.name);
          insert.setString(3, neighbor.address);
          insert.setLong(4, neighbor.as);
          insert.setString(5, neighbor.localAddress);
          insert.setLong(6, now);
          insert.setLong(7, now);
          insert.executeUpdate();
        } else {
          update.setString(1, neighbor.name);
          update.setString(2, neighbor.localAddress);
          update.setString(3, neighbor.localAddress);
          update.setLong(4, known);
          update.executeUpdate();
        }
        if (neighbor.muted) {
          mute.setInt(1, 1);
          mute.setString(2, neighbor.name);
          mute.executeUpdate();
        }
      }
      connection.commit();
    }
  }

  /// The number of the neighbor that a configured one was so far: the one with its address, AS and
  /// local address, or that had its name while it was told from others in another way.
  ///
  /// @return 0 if it is new
  private static long known(PreparedStatement find, ConfiguredNeighbor neighbor)
      throws SQLException {
    find.setString(1, LIVE);
    find.setString(2, neighbor.address);
    find.setLong(3, neighbor.as);
    find.setString(4, neighbor.localAddress);
    find.setString(5, neighbor.name);
    find.setString(6, neighbor.localAddress);
    find.setString(7, neighbor.name);
    try (var row = find.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /// Whether the indexes of origin ASes and of values have all that there is: questions by them
  /// walk through nothing. A [Projector] that is at the end of its records sees to that.
  public boolean hasAllOrigins() throws SQLException {
    try (var connection = reader();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM origin_todo")) {
      row.next();
      return row.getLong(1) == 0;
    }
  }

  @Override
  public abstract void close();
}
