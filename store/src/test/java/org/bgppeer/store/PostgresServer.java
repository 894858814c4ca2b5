package org.bgppeer.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server for the tests of this process, and databases of it: from binaries that Maven
/// brings, or the one that `BGP_PEER_TEST_POSTGRES` names, by a JDBC URL of a superuser.
public final class PostgresServer {
  private static @Nullable String shared;
  private static int databases;

  private PostgresServer() {}

  /// The URL of a new, empty database.
  public static synchronized String newDatabase() throws SQLException {
    String name = "bgp_peer_test_" + ProcessHandle.current().pid() + "_" + ++databases;
    execute(url(), "CREATE DATABASE " + name);
    return url(name);
  }

  /// Removes a database.
  public static void drop(String url) throws SQLException {
    String name = url.replaceAll(".*/([^?/]*).*", "$1");
    execute(url(), "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  /// Runs statements.
  public static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The URL of a database of the server.
  public static String url(String database) {
    return url().replaceAll("/[^/?]*(\\?|$)", "/" + database + "$1");
  }

  private static synchronized String url() {
    if (shared == null) {
      shared = System.getenv("BGP_PEER_TEST_POSTGRES");
    }
    if (shared == null) {
      try {
        var server = builder().start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(server)));
        shared = server.getJdbcUrl("postgres", "postgres");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shared;
  }

  /// A server of its own, to be stopped and started.
  static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(Duration.ofMinutes(1))
        .setServerConfig("fsync", "off")
        .setServerConfig("shared_buffers", "64MB")
        .setServerConfig("max_connections", "60");
  }

  private static void stop(EmbeddedPostgres server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
