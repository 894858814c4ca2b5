package org.bgppeer.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/// The SQLite file of a collector, opened by the process that writes it or by one that reads only.
/// In
/// WAL mode readers never wait for the writer, nor the writer for them.
public final class Database implements AutoCloseable {
  /// The source of what our own sessions brought.
  public static final String LIVE = "live";

  /// The version of the tables in `src/main/resources/org/bgppeer/store/sqlite`.
  static final int VERSION = 1;

  private static final int READERS = 4;
  private static final int BUSY_MILLIS = 5_000;
  private static final int WRITER_CACHE_KIB = 64 * 1024;
  private static final int READER_CACHE_KIB = 8 * 1024;

  private final Path file;
  private final HikariDataSource readers;

  private Database(Path file) {
    this.file = file;
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
  public static Database open(Path file) throws DatabaseUnavailable {
    var database = new Database(file);
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
  public static Database openToRead(Path file) throws DatabaseUnavailable {
    if (!Files.exists(file)) {
      throw new DatabaseUnavailable(
          "no database at "
              + file
              + "; start a collector with `bgp-peer run`, or name its data directory with --data");
    }
    var database = new Database(file);
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
    return new DatabaseUnavailable(
        "%s was written by a newer bgp-peer (tables of version %d, this program knows %d); update this program, or give it another --data directory"
            .formatted(file, version, VERSION));
  }

  private static DatabaseUnavailable unreadable(Path file, Throwable e) {
    String message = String.valueOf(e.getMessage());
    String remedy =
        message.contains("NOTADB") || message.contains("not a database")
            ? "it is not an SQLite database; move it away, and the journal fills a new one"
            : message.contains("no schema history table")
                ? "it is the database of another program; move it away, and the journal fills a new"
                    + " one"
                : message.contains("CORRUPT")
                    ? "it is damaged; move it away, and the journal fills a new one"
                    : message.contains("CANTOPEN")
                            || message.contains("READONLY")
                            || message.contains("readonly")
                        ? "is the directory there, and may this user write in it?"
                        : message.contains("FULL") ? "the disk is full; make room" : message;
    return new DatabaseUnavailable("cannot open the database " + file + ": " + remedy, e);
  }

  private int version() throws SQLException {
    try (var connection = reader(); // the pool would try for long
        var statement = connection.createStatement();
        var row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
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

  /// A connection for the one that writes, auto-commit off. It leaves its log to [Checkpoints].
  Connection writer() throws SQLException {
    var connection = source(false).getConnection();
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
    }
    connection.setAutoCommit(false);
    return connection;
  }

  /// What moves the log into the database file.
  Checkpoints checkpoints() throws SQLException {
    return new Checkpoints(source(false).getConnection(), Checkpoints.PAGES);
  }

  /// A connection for reading, of its own.
  Connection reader() throws SQLException {
    return source(true).getConnection();
  }

  /// Connections for reading, from a pool.
  DataSource readers() {
    return readers;
  }

  /// The file.
  public Path file() {
    return file;
  }

  /// What can be asked.
  ///
  /// @param journal the directory of the journal, for the packets; null if there is none here
  public Queries queries(@Nullable Path journal) {
    return new SqlQueries(this, journal);
  }

  /// A neighbor of the configuration.
  ///
  /// @param address as text
  public record ConfiguredNeighbor(String name, String address, long as) {}

  /// Makes the configured neighbors known before any of them says a word, and takes over their
  /// names.
  /// Those that are not configured any more stay, with all that they sent. To be called before a
  /// [Projector] starts.
  ///
  /// @param now in microseconds
  public void configure(List<ConfiguredNeighbor> configured, long now) throws SQLException {
    try (var connection = writer();
        var clear = connection.createStatement();
        var free =
            connection.prepareStatement(
                """
                UPDATE neighbor SET name = name || ' (' || address || ' AS' || as_number || ', ' || id || ')'
                WHERE name = ? AND NOT (source = ? AND address = ? AND as_number = ?)\
                """);
        var upsert =
            connection.prepareStatement(
                """
                INSERT INTO neighbor (source, name, address, as_number, configured, state, since, why,
                  generation) VALUES (?, ?, ?, ?, 1, 'connecting', ?, '', 0)
                ON CONFLICT (source, address, as_number)
                DO UPDATE SET name = excluded.name, configured = 1\
                """)) {
      clear.executeUpdate("UPDATE neighbor SET configured = 0 WHERE source = '" + LIVE + "'");
      for (var neighbor : configured) {
        free.setString(1, neighbor.name);
        free.setString(2, LIVE);
        free.setString(3, neighbor.address);
        free.setLong(4, neighbor.as);
        free.executeUpdate();
        upsert.setString(1, LIVE);
        upsert.setString(2, neighbor.name);
        upsert.setString(3, neighbor.address);
        upsert.setLong(4, neighbor.as);
        upsert.setLong(5, now);
        upsert.executeUpdate();
      }
      connection.commit();
    }
  }

  /// Whether an error says that the disk is full.
  static boolean isFull(SQLException e) {
    return e instanceof SQLiteException sqlite
        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
  }

  /// Whether an error says that another program holds the database.
  static boolean isBusy(SQLException e) {
    return e instanceof SQLiteException sqlite
        && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_BUSY
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_LOCKED);
  }

  @Override
  public void close() {
    readers.close();
  }
}
