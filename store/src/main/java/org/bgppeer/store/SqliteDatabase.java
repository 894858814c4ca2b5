package org.bgppeer.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.sqlite.Function;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/// An SQLite file, opened by the process that writes it or by one that reads only. In WAL mode
/// readers never wait for the writer, nor the writer for them.
final class SqliteDatabase extends Database {
  private static final int READERS = 8;
  private static final int BUSY_MILLIS = 5_000;
  private static final int WRITER_CACHE_KIB = 64 * 1024;
  private static final int READER_CACHE_KIB = 8 * 1024;

  private final Path file;
  private final HikariDataSource readers;

  private SqliteDatabase(Path file) {
    this.file = file;
    SqliteLibrary.beside(file);
    var pool = new HikariConfig();
    pool.setDataSource(source(true));
    pool.setMaximumPoolSize(READERS);
    pool.setMinimumIdle(1);
    pool.setPoolName("readers");
    pool.setRegisterMbeans(false);
    pool.setInitializationFailTimeout(-1);
    readers = new HikariDataSource(pool);
  }

  /// Opens it for writing; makes it, or brings its tables up to date.
  ///
  /// @throws DatabaseUnavailable if it is not a database of ours, of a newer version, or cannot be
  /// written
  static SqliteDatabase at(Path file) throws DatabaseUnavailable {
    var database = new SqliteDatabase(file);
    try {
      database.migrate();
      return database;
    } catch (DatabaseUnavailable | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// Opens one that is there already, for reading.
  ///
  /// @throws DatabaseUnavailable if there is none, or its version is not ours
  static SqliteDatabase toRead(Path file) throws DatabaseUnavailable {
    if (!Files.exists(file)) {
      throw new DatabaseUnavailable(
          "no database at "
              + file
              + "; start a collector with `bgp-peer run`, or name its data directory with --data");
    }
    var database = new SqliteDatabase(file);
    try {
      int version = database.version();
      if (version > VERSION) {
        throw newer(file, version);
      }
      if (version < VERSION) {
        throw new DatabaseUnavailable(
            "%s has tables of version %d, this program needs %d; `bgp-peer run` brings them up to date"
                .formatted(file, version, VERSION));
      }
      return database;
    } catch (SQLException e) {
      database.close();
      throw unreadable(file, e);
    } catch (DatabaseUnavailable e) {
      database.close();
      throw e;
    }
  }

  private static DatabaseUnavailable newer(Path file, int version) {
    return DatabaseUnavailable.ofAnother(
        "%s was written by a newer bgp-peer (tables of version %d, this program knows %d); update this program, or give it another --data directory"
            .formatted(file, version, VERSION));
  }

  private static DatabaseUnavailable unreadable(Path file, Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof NativeLibraryNotFoundException) {
        return new DatabaseUnavailable(SqliteLibrary.remedy(file), e);
      }
    }
    String message = String.valueOf(e.getMessage());
    String remedy =
        message.contains("NOTADB") || message.contains("not a database")
            ? "it is not an SQLite database; move it away, and the journal fills a new one"
            : message.contains("CORRUPT")
                ? "it is damaged; move it away, and the journal fills a new one"
                : message.contains("CANTOPEN")
                        || message.contains("READONLY")
                        || message.contains("readonly")
                    ? "is the directory there, and may this user write in it?"
                    : message.contains("FULL") || message.contains("SHMSIZE")
                        ? "the disk is full; make room"
                        : message;
    return new DatabaseUnavailable("cannot open the database " + file + ": " + remedy, e);
  }

  /// The version of its tables; zero if it has none.
  private int version() throws SQLException, DatabaseUnavailable {
    try (var connection = reader(); // the pool would try for long
        var statement = connection.createStatement()) {
      int version;
      try (var row = statement.executeQuery("PRAGMA user_version")) {
        version = row.getInt(1);
      }
      try (var row =
          statement.executeQuery(
              "SELECT count(*), count(*) FILTER (WHERE name = 'flyway_schema_history')"
                  + " FROM sqlite_schema WHERE type = 'table'")) {
        if (version <= VERSION && row.getInt(1) > 0 && row.getInt(2) == 0) {
          throw DatabaseUnavailable.ofAnother(
              "cannot open the database "
                  + file
                  + ": it is the database of another program; move it away, and the journal fills a"
                  + " new one");
        }
      }
      return version;
    }
  }

  private void migrate() throws DatabaseUnavailable {
    try {
      int version = Files.exists(file) ? version() : 0;
      if (version > VERSION) {
        throw newer(file, version);
      }
      if (version == VERSION) {
        return;
      }
      var source = source(false);
      try (var connection = source.getConnection();
          var statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
      }
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:org/bgppeer/store/sqlite")
          .loggers("slf4j")
          .load()
          .migrate();
      try (var connection = source.getConnection();
          var statement = connection.createStatement()) {
        statement.execute("PRAGMA user_version = " + VERSION);
      }
    } catch (FlywayValidateException e) {
      throw ofNoRelease(file, e);
    } catch (SQLException | FlywayException e) {
      throw unreadable(file, e);
    }
  }

  private DataSource source(boolean toRead) {
    var config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setCacheSize(-(toRead ? READER_CACHE_KIB : WRITER_CACHE_KIB));
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setOpenMode(SQLiteOpenMode.NOMUTEX); // no connection is in two threads at a time
    config.setGetGeneratedKeys(false); // each would cost a query
    var source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  /// It leaves its log to [Checkpoints].
  @Override
  Connection writer() throws SQLException {
    var connection = source(false).getConnection();
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
    }
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  Checkpoints afterCommit() throws SQLException {
    return new Checkpoints(
        source(false).getConnection(), Checkpoints.PAGES, Checkpoints.MOST, Checkpoints.PATIENCE);
  }

  @Override
  Connection reader() throws SQLException {
    return source(true).getConnection();
  }

  @Override
  DataSource readers() {
    return readers;
  }

  @Override
  BulkWriter bulkWriter(Connection connection) throws SQLException {
    return new SqliteBulkWriter(connection, reader());
  }

  @Override
  Path scratch() {
    return file.toAbsolutePath().resolveSibling("");
  }

  @Override
  String matches(String text, String expression) {
    return text + " REGEXP " + expression;
  }

  @Override
  void teach(Connection connection) {
    try {
      Function.create(
          connection.unwrap(SQLiteConnection.class),
          "regexp",
          new Function() {
            private String text = "";
            private Pattern pattern = Pattern.compile("");

            @Override
            protected void xFunc() throws SQLException {
              String expression = value_text(0);
              if (!expression.equals(text)) {
                text = expression;
                pattern = Pattern.compile(expression);
              }
              result(pattern.matcher(value_text(1)).find() ? 1 : 0);
            }
          });
    } catch (SQLException e) {
      throw new IllegalStateException("SQLite takes no function", e);
    }
  }

  @Override
  String joined(String expression) {
    return "group_concat(DISTINCT " + expression + ")";
  }

  private static final String FORMER =
      """
      (SELECT c.neighbor_id, c.family, c.prefix_key, c.path_id, 0 AS generation, h.attributes_id,
        %s AS valid_from, h.packet, h.ended_at, h.end_reason, h.end_packet, h.version, h.details, h.nlri,
        coalesce(c.first_seen, %s) AS first_seen
      FROM route c CROSS JOIN route_history h WHERE c.former IS NOT NULL AND h.id\
      """
          .formatted(validFrom("h"), validFrom("c"));

  @Override
  String formerVersions() {
    return FORMER
        + """
         IN (WITH RECURSIVE v (id, previous) AS (
          SELECT id, previous FROM route_history WHERE id = c.former
          UNION ALL
          SELECT o.id, o.previous FROM v CROSS JOIN route_history o WHERE o.id = v.previous)
        SELECT id FROM v))\
        """;
  }

  /// Goes from the current version back to the first that had begun, or ended: not before it began,
  /// unless the clock was set back.
  @Override
  String formerVersionsAt(String at) {
    return FORMER
        + """
         = (WITH RECURSIVE v (id, valid_from, ended_at, previous) AS (
          SELECT o.id, %3$s, o.ended_at, o.previous FROM route_history o WHERE o.id = c.former
          UNION ALL
          SELECT o.id, %3$s, o.ended_at, o.previous FROM v CROSS JOIN route_history o
          WHERE v.valid_from > %1$s AND v.ended_at > %1$s AND o.id = v.previous)
        SELECT id FROM v WHERE valid_from <= %1$s) AND %4$s > %1$s
        AND (NOT %2$s OR coalesce(c.ended_at, (SELECT g.ended_at FROM generation_end g
          WHERE g.neighbor_id = c.neighbor_id AND g.family = c.family
            AND g.generation = c.generation), %1$s + 1) > %1$s))\
        """
            .formatted(at, cameTwice(at), validFrom("o"), validFrom("c"));
  }

  /// Goes back in the same way, and keeps what it passes.
  @Override
  String formerVersionsSince(String since) {
    return FORMER
        + """
         IN (WITH RECURSIVE v (id, valid_from, previous) AS (
          SELECT o.id, %2$s, o.previous FROM route_history o WHERE o.id = c.former
          UNION ALL
          SELECT o.id, %2$s, o.previous FROM v CROSS JOIN route_history o
          WHERE v.valid_from > %1$s AND o.id = v.previous)
        SELECT id FROM v) AND %3$s > %1$s)\
        """
            .formatted(since, validFrom("o"), validFrom("c"));
  }

  @Override
  String endedSince(String since) {
    return "h.ended_at >= %1$s AND h.id >= (SELECT min(first_id) FROM route_history_minute WHERE minute >= (%1$s) / %2$d)"
        .formatted(since, RouteWriter.MINUTE);
  }

  @Override
  String size() {
    return "(SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())";
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public String explain(SQLException e) {
    if (!(e instanceof SQLiteException sqlite)) {
      return String.valueOf(e.getMessage());
    }
    if (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE) {
      return "the disk is full; make room"; // where memory is shared between processes
    }
    // extended codes have the plain one in their low octet
    return switch (sqlite.getResultCode().code & 0xff) {
      case 5, 6 -> "another program holds it locked; end that program";
      case 8 -> "this user may not write to it, or its file system is mounted read-only";
      case 10 ->
          "the disk does not read or write it (" + sqlite.getResultCode() + "); check the disk";
      case 11 -> "it is damaged; stop the collector and run `bgp-peer rebuild`";
      case 13 -> "the disk is full; make room";
      case 14 -> "it cannot be opened; is its directory there, and may this user write in it?";
      case 26 -> "it is no SQLite database any more; stop the collector and run `bgp-peer rebuild`";
      default -> String.valueOf(e.getMessage());
    };
  }

  @Override
  public void close() {
    readers.close();
  }
}
