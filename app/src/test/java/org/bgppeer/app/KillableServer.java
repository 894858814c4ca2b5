package org.bgppeer.app;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL server that can be killed, and started again on the same port.
final class KillableServer implements AutoCloseable {
  private final Path cluster;
  private EmbeddedPostgres server;

  /// Starts one.
  ///
  /// @param cluster the directory of its files
  KillableServer(Path cluster) throws IOException {
    this.cluster = cluster;
    server = builder().start();
  }

  private EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setDataDirectory(cluster.resolve("data"))
        .setCleanDataDirectory(false)
        .setPGStartupWait(Duration.ofMinutes(3)) // on a machine that is busy
        .setServerConfig("fsync", "off")
        .setServerConfig("shared_buffers", "32MB");
  }

  int port() {
    return server.getPort();
  }

  /// @param database with parameters, or without
  String url(String database) {
    String url = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
    return database.contains("?") ? url : url + "?user=postgres";
  }

  void execute(String database, String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection(url(database));
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /// As `kill -9` of all its processes.
  void kill() throws Exception {
    long pid =
        Long.parseLong(
            Files.readAllLines(cluster.resolve("data/postmaster.pid")).getFirst().strip());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  /// After [#kill].
  void startAgain() throws IOException {
    int port = server.getPort();
    server.close();
    server = builder().setPort(port).start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
