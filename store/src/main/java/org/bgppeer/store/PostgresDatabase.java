package org.bgppeer.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// A database of a PostgreSQL server.
///
/// One process at a time writes it: each of its two connections that write holds an advisory lock
/// as long as it lives, and so does one that we gave up until the server has seen that too. What
/// such a one may still commit is therefore there before a new one reads how far the database is.
final class PostgresDatabase extends Database {
  /// The oldest server that is tried: older ones get no more corrections of errors.
  static final int OLDEST = 14;

  private static final String PREFIX = "jdbc:postgresql:";
  private static final int READERS = 8;
  private static final int CONNECT_SECONDS = 10;

  /// An answer that takes longer than this does not come: the server is gone without a word.
  private static final int ANSWER_SECONDS = 300;

  /// A server that ends the connections of the process before may take a while.
  private static final long LOCK_PATIENCE_MILLIS = 10_000;
  private static final int ROUTES_LOCK = 0x62677070; // "bgpp"

  /// Of the connection that writes attribute sets beside the other.
  private static final int SETS_LOCK = ROUTES_LOCK + 1;

  private static final String PASSWORD =
      "; give the right one in the URL (?user=…&password=…) or in ~/.pgpass";

  /// The driver's own words, which are ours to say; held, for else the setting is forgotten.
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  static {
    DRIVER.setLevel(Level.OFF);
  }

  private final String url;
  private final String place;
  private final HikariDataSource readers;

  private PostgresDatabase(String url, String place) {
    this.url = url;
    this.place = place;
    var pool = new HikariConfig();
    pool.setDataSource(source());
    pool.setReadOnly(true);
    // what it costs to compile a question is more than any of ours takes
    pool.setConnectionInitSql("SET jit = off");
    pool.setMaximumPoolSize(READERS);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(5_000);
    pool.setPoolName("readers");
    pool.setRegisterMbeans(false);
    pool.setInitializationFailTimeout(-1);
    readers = new HikariDataSource(pool);
  }

  /// Opens it for writing; makes its tables, or brings them up to date.
  static PostgresDatabase at(String url) throws DatabaseUnavailable {
    String place = nameOf(url);
    try (Connection connection = connect(url)) {
      if (versionToWrite(connection, place) < VERSION) {
        migrate(url);
      }
    } catch (FlywayValidateException e) {
      throw ofNoRelease(place, e);
    } catch (SQLException | FlywayException e) {
      throw unavailable(place, e);
    }
    return new PostgresDatabase(url, place);
  }

  /// Whether it can be opened for writing; nothing is changed.
  static void requireWritable(String url) throws DatabaseUnavailable {
    String place = nameOf(url);
    try (Connection connection = connect(url)) {
      versionToWrite(connection, place);
    } catch (SQLException e) {
      throw unavailable(place, e);
    }
  }

  /// The version of the tables, over a connection that holds the lock of the one that writes.
  private static int versionToWrite(Connection connection, String place)
      throws SQLException, DatabaseUnavailable {
    int version = version(connection, place);
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                version < VERSION
                    ? "SELECT current_user, has_schema_privilege(current_schema(), 'CREATE')"
                    : "SELECT current_user, has_table_privilege('route', 'INSERT')")) {
      row.next();
      if (!row.getBoolean(2)) {
        throw new DatabaseUnavailable(
            "%s: user %s may only read; make it the owner of the database (ALTER DATABASE … OWNER TO %s), or name another user in the URL"
                .formatted(place, row.getString(1), row.getString(1)));
      }
    }
    if (!locked(connection, ROUTES_LOCK)) {
      throw new DatabaseUnavailable(
          place
              + ": another bgp-peer writes to this database; stop that one, or name another"
              + " database with --db");
    }
    return version;
  }

  /// Opens one that is there already, for reading.
  static PostgresDatabase toRead(String url) throws DatabaseUnavailable {
    String place = nameOf(url);
    try (Connection connection = connect(url)) {
      int version = version(connection, place);
      if (version == 0) {
        throw new DatabaseUnavailable(
            place
                + " has no tables yet; start a collector with `bgp-peer run --db …`, or name"
                + " another database with --db");
      }
      if (version < VERSION) {
        throw new DatabaseUnavailable(
            "%s has tables of version %d, this program needs %d; `bgp-peer run --db …` brings them up to date"
                .formatted(place, version, VERSION));
      }
    } catch (SQLException e) {
      throw unavailable(place, e);
    }
    return new PostgresDatabase(url, place);
  }

  /// Where it is, without the password.
  ///
  /// @throws DatabaseUnavailable if it is no URL of PostgreSQL
  static String nameOf(String url) throws DatabaseUnavailable {
    Properties parts = url.startsWith(PREFIX) ? Driver.parseURL(url, null) : null;
    if (parts == null) {
      throw new DatabaseUnavailable(
          url.replaceAll("\\?.*", "").replaceAll("//[^/@]*@", "//")
              + " is no database that is known; write"
              + " jdbc:postgresql://HOST:PORT/DATABASE?user=NAME, or leave it out for SQLite in the"
              + " data directory");
    }
    return "postgresql://%s:%s/%s"
        .formatted(
            PGProperty.PG_HOST.getOrDefault(parts),
            PGProperty.PG_PORT.getOrDefault(parts),
            PGProperty.PG_DBNAME.getOrDefault(parts));
  }

  private static Properties defaults() {
    var defaults = new Properties();
    PGProperty.APPLICATION_NAME.set(defaults, "bgp-peer");
    PGProperty.CONNECT_TIMEOUT.set(defaults, CONNECT_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(defaults, ANSWER_SECONDS);
    PGProperty.TCP_KEEP_ALIVE.set(defaults, true);
    return defaults;
  }

  private static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(url, defaults());
  }

  private DataSource source() {
    var source = new PGSimpleDataSource();
    source.setApplicationName("bgp-peer");
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
    source.setTcpKeepAlive(true);
    source.setUrl(url);
    return source;
  }

  /// The version of our tables; 0 if there are none at all.
  ///
  /// @throws DatabaseUnavailable if the server, the tables or their version are not for us
  private static int version(Connection connection, String place)
      throws SQLException, DatabaseUnavailable {
    int server = connection.getMetaData().getDatabaseMajorVersion();
    if (isTooOld(server)) {
      throw new DatabaseUnavailable(
          "%s is a PostgreSQL %d server; %d or newer is needed".formatted(place, server, OLDEST));
    }
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                SELECT current_schema(),
                  (SELECT count(*) FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v')
                    AND c.relnamespace = current_schema()::regnamespace),
                  to_regclass(quote_ident(current_schema()) || '.flyway_schema_history') IS NOT NULL
                    AND to_regclass(quote_ident(current_schema()) || '.follower') IS NOT NULL\
                """)) {
      row.next();
      if (row.getString(1) == null) {
        throw new DatabaseUnavailable(
            place
                + " has no schema that this user may use; GRANT CREATE, USAGE ON SCHEMA public TO"
                + " it");
      }
      if (row.getLong(2) == 0) {
        return 0;
      }
      if (!row.getBoolean(3)) {
        throw new DatabaseUnavailable(
            "%s (schema %s) holds tables of another program; make a database for bgp-peer alone and name it with --db"
                .formatted(place, row.getString(1)));
      }
    }
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT coalesce(max(version::integer), 0) FROM flyway_schema_history WHERE"
                    + " success")) {
      row.next();
      int version = row.getInt(1);
      if (version > VERSION) {
        throw new DatabaseUnavailable(
            "%s was written by a newer bgp-peer (tables of version %d, this program knows %d); update this program, or name another database with --db"
                .formatted(place, version, VERSION));
      }
      return version;
    }
  }

  static boolean isTooOld(int serverVersion) {
    return serverVersion < OLDEST;
  }

  private static void migrate(String url) {
    Flyway.configure()
        .dataSource(url, null, null)
        .jdbcProperties(Map.of("ApplicationName", "bgp-peer"))
        .locations("classpath:org/bgppeer/store/postgresql")
        .loggers("slf4j")
        .load()
        .migrate();
  }

  /// Takes the lock of the one that writes; for a connection's life.
  private static boolean locked(Connection connection, int lock) throws SQLException {
    String sql = "SELECT pg_try_advisory_lock(" + lock + ", hashtext(current_schema()))";
    long until = System.nanoTime() + LOCK_PATIENCE_MILLIS * 1_000_000;
    try (var statement = connection.createStatement()) {
      while (true) {
        try (var row = statement.executeQuery(sql)) {
          row.next();
          if (row.getBoolean(1)) {
            return true;
          }
        }
        if (System.nanoTime() > until) {
          return false;
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static DatabaseUnavailable unavailable(String place, Exception e) {
    SQLException cause = null;
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        cause = sql;
      }
    }
    String why = cause == null ? firstLine(e) : why(cause);
    return new DatabaseUnavailable("cannot use the database " + place + ": " + why, e);
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  private static String why(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    String said = firstLine(e).replaceFirst("^(ERROR|FATAL): ", "").replaceFirst("\\.$", "");
    return switch (state) {
      case "08001", "08006", "08003", "08000" ->
          e.getCause() instanceof UnknownHostException host
              ? "there is no host " + host.getMessage() + "; correct the URL"
              : said.startsWith("Invalid ")
                  ? said + "; correct the URL"
                  : "the server does not answer ("
                      + said
                      + "); is it running, and are host and port right?";
      case "08004" ->
          said
              + (said.contains("password")
                  ? PASSWORD
                  : "; change that in the URL, or in the server's configuration");
      case "28P01" -> said + PASSWORD;
      case "28000" ->
          said
              + (said.contains("does not exist")
                  ? "; make it: createuser --pwprompt NAME, or correct the URL"
                  : "; permit this user and host in the server's pg_hba.conf");
      case "3D000" -> said + "; make it: createdb -O USER DATABASE";
      case "42501" -> said + "; make this user the owner of the database";
      case "53100" -> "the server's disk is full; make room";
      case "53300" -> said + "; raise max_connections";
      case "57P01", "57P02" -> "the server was shut down; it is tried again";
      case "57P03" -> said + "; try again when it is ready";
      default -> said;
    };
  }

  @Override
  Connection writer() throws SQLException {
    return writer(ROUTES_LOCK);
  }

  private Connection writer(int lock) throws SQLException {
    var connection = connect(url);
    try {
      if (!locked(connection, lock)) {
        throw new SQLException("another bgp-peer writes to this database");
      }
      try (var statement = connection.createStatement()) {
        // The journal holds all, so a crash of the server may cost the last transactions, and the
        // position with them. Few statements here would gain from the planner's choice: temporary
        // tables have no statistics, and every table has the index that it needs.
        statement.execute(
            """
            SET synchronous_commit = off;
            SET jit = off;
            SET enable_hashjoin = off;
            SET enable_mergejoin = off;
            SET enable_seqscan = off;
            SET enable_bitmapscan = off;
            """);
      }
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  Connection reader() throws SQLException {
    return connect(url);
  }

  @Override
  DataSource readers() {
    return readers;
  }

  @Override
  BulkWriter bulkWriter(Connection connection) throws SQLException {
    var sets = new PostgresSetWriter(writer(SETS_LOCK));
    try {
      return new PostgresBulkWriter(connection, sets);
    } catch (SQLException e) {
      sets.close();
      throw e;
    }
  }

  @Override
  AfterCommit afterCommit() {
    return new AfterCommit() {
      @Override
      public void committed() {
        // the server does what is to be done by itself
      }

      @Override
      public void close() {
        // nothing was opened
      }
    };
  }

  /// What people write of Java's regular expressions means the same here, but for the edge of a
  /// word.
  @Override
  Path scratch() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  @Override
  String matches(String text, String expression) {
    return text + " ~ replace(" + expression + ", '\\b', '\\y')";
  }

  @Override
  void teach(Connection connection) {
    // the server knows regular expressions
  }

  @Override
  String joined(String expression) {
    return "string_agg(DISTINCT (" + expression + ")::text, ',')";
  }

  @Override
  String formerVersions() {
    return """
    (SELECT neighbor_id, family, prefix_key, path_id, 0 AS generation, attributes_id, %s AS valid_from,
      packet, ended_at, end_reason, end_packet, version, details, nlri,
      (SELECT coalesce(c.first_seen, %s) FROM route c WHERE c.neighbor_id = h.neighbor_id
        AND c.family = h.family AND c.prefix_key = h.prefix_key AND c.path_id = h.path_id) AS first_seen
    FROM route_history h WHERE true)\
    """
        .formatted(validFrom("h"), validFrom("c"));
  }

  /// The partitions say which of them have what ended later. If the clock was set back, what came
  /// behind a version must be there, and begin and end later than the moment.
  @Override
  String formerVersionsAt(String at) {
    return formerVersions()
        .replace(
            "WHERE true",
            """
            WHERE %3$s <= %1$s AND ended_at > %1$s AND (NOT %2$s OR EXISTS (
              SELECT 1 FROM route c LEFT JOIN generation_end g ON g.neighbor_id = c.neighbor_id
                AND g.family = c.family AND g.generation = c.generation
              WHERE c.neighbor_id = h.neighbor_id AND c.family = h.family
                AND c.prefix_key = h.prefix_key AND c.path_id = h.path_id
                AND %4$s > %1$s AND coalesce(c.ended_at, g.ended_at, %1$s + 1) > %1$s
                AND c.version - h.version - 1 = (SELECT count(*) FROM route_history w
                  WHERE w.neighbor_id = h.neighbor_id AND w.family = h.family
                    AND w.prefix_key = h.prefix_key AND w.path_id = h.path_id
                    AND w.version > h.version AND w.version < c.version
                    AND %5$s > %1$s AND w.ended_at > %1$s)))\
            """
                .formatted(at, cameTwice(at), validFrom("h"), validFrom("c"), validFrom("w")));
  }

  @Override
  String formerVersionsSince(String since) {
    return formerVersions().replace("WHERE true", "WHERE ended_at > " + since);
  }

  @Override
  String endedSince(String since) {
    return "h.ended_at >= " + since;
  }

  @Override
  String size() {
    return "pg_database_size(current_database())";
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public String explain(SQLException e) {
    return why(e);
  }

  @Override
  public void close() {
    readers.close();
  }
}
