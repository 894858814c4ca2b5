package org.bgppeer.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.bgppeer.app.CollectorInside;
import org.bgppeer.store.Database;
import org.bgppeer.store.DatabaseUnavailable;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;

/// The collector with one neighbor, and its database as people read it. It runs within this
/// process, which is quick, or as `./bgp-peer run -c bgp-peer.yaml` in one of its own, which can be
/// killed.
final class BgpPeer implements AutoCloseable {
  /// What the program says once all its rooms are open.
  private static final String OPEN = "neighbors  ";

  private final Path directory;
  private final Path log;
  private final @Nullable Program program;
  private @Nullable CollectorInside inside;
  private @Nullable Database database;

  private BgpPeer(Path directory, @Nullable Program program) {
    this.directory = directory;
    this.log = directory.resolve("log");
    this.program = program;
  }

  /// One within this process, whose neighbor is called `router`.
  static BgpPeer inside(Path parent, Link link) throws Exception {
    Path directory = configure(parent, link);
    return started(new BgpPeer(directory, null));
  }

  /// One within this process, configured so.
  static BgpPeer inside(Path parent, String yaml) throws Exception {
    return started(new BgpPeer(configure(parent, yaml), null));
  }

  /// One in a process of its own.
  static BgpPeer process(Path parent, Link link) throws Exception {
    Path directory = configure(parent, link);
    return started(
        new BgpPeer(directory, program(directory, List.of(), "run", "-c", "bgp-peer.yaml")));
  }

  /// One in a process of its own that is given other arguments, by another program; its data
  /// directory is `data`.
  static BgpPeer process(Path parent, List<String> starter, String... arguments) throws Exception {
    Path directory = Files.createTempDirectory(parent, "bgp-peer");
    return started(new BgpPeer(directory, program(directory, starter, arguments)));
  }

  private static BgpPeer started(BgpPeer peer) throws Exception {
    try {
      peer.start();
      return peer;
    } catch (Exception | AssertionError e) {
      peer.close();
      throw e;
    }
  }

  private static Path configure(Path parent, Link link) throws IOException {
    String yaml =
        """
        local-as: %d
        router-id: 192.0.2.10
        listen: "%s"
        web: none
        hold-time: %d
        neighbors:
          - name: router
            address: "%s"
            port: %d
            as: %d
            local-address: "%s"
            %s
            %s
            %s
        """
            .formatted(
                link.collectorAs(),
                at(link.collector(), link.collectorPort()),
                link.holdTimeSeconds(),
                link.router(),
                link.routerPort(),
                link.routerAs(),
                link.collector(),
                switch (link.connecting()) {
                  case COLLECTOR -> "active: true";
                  case ROUTER -> "passive: true";
                  case BOTH -> "";
                },
                link.password() == null ? "" : "password-file: password",
                link.rich() ? "ttl-security: true" : "");
    Path directory = configure(parent, yaml);
    if (link.password() != null) {
      Path file = Files.writeString(directory.resolve("password"), link.password() + "\n");
      Files.setPosixFilePermissions(
          file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    }
    return directory;
  }

  private static Path configure(Path parent, String yaml) throws IOException {
    Path directory = Files.createTempDirectory(parent, "bgp-peer");
    Files.writeString(directory.resolve("bgp-peer.yaml"), yaml);
    return directory;
  }

  private static String at(String address, int port) {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }

  /// The class path of this test is the program's too, so nothing needs to be packed before.
  private static Program program(Path directory, List<String> starter, String... arguments) {
    var command = new ArrayList<>(starter);
    command.addAll(
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.bgppeer.app.Main"));
    command.addAll(List.of(arguments));
    return new Program(directory, directory.resolve("log"), Map.of(), command);
  }

  /// Starts it, again with the same configuration and data, and waits until its sessions may begin.
  void start() throws Exception {
    if (program == null) {
      inside = CollectorInside.open(directory.resolve("bgp-peer.yaml"));
      return;
    }
    long before = Files.exists(log) ? Files.size(log) : 0;
    program.start();
    Eventually.holds(
        () -> {
          if (!program.isRunning()) {
            throw new IllegalStateException("it did not start:\n" + program.tail());
          }
          byte[] all = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
          String said =
              new String(all, (int) before, (int) (all.length - before), StandardCharsets.UTF_8);
          assertThat(said).as("what it says at the start").contains(OPEN);
        });
  }

  /// As an operator stops it: SIGTERM if it is a process.
  void stop() throws InterruptedException {
    if (inside != null) {
      inside.close();
      inside = null;
    }
    if (program != null) {
      program.stop();
      assertThat(program.tail()).as("what it says at the end").contains("nothing is lost");
    }
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    if (program == null) {
      throw new IllegalStateException("who kills it kills this test");
    }
    program.kill();
  }

  /// What a command tells it, for instance `refresh`.
  void order(String... words) throws Exception {
    if (inside == null) {
      throw new IllegalStateException("only one within this process is told something");
    }
    inside.order(words);
  }

  /// Adds a setting of the neighbor to the configuration of one that runs.
  void configureMore(String setting) throws Exception {
    Path file = directory.resolve("bgp-peer.yaml");
    Files.writeString(file, Files.readString(file).stripTrailing() + "\n    " + setting + "\n");
    order("reload");
  }

  /// Its database, which can be read whether it runs or not.
  Queries queries() throws DatabaseUnavailable {
    if (database == null) {
      database = Database.openToRead(directory.resolve("data/bgp-peer.db"));
    }
    return database.queries(directory.resolve("data/journal"));
  }

  /// All routes, active or not.
  List<RouteRow> routes() throws DatabaseUnavailable {
    return queries().routes(RouteQuery.all(1000)).routes();
  }

  /// The one route of this prefix.
  RouteRow route(String prefix) throws DatabaseUnavailable {
    List<RouteRow> found = routes().stream().filter(row -> row.prefix().equals(prefix)).toList();
    assertThat(found).as("routes of " + prefix).hasSize(1);
    return found.getFirst();
  }

  /// The prefixes of active routes.
  List<String> active() throws DatabaseUnavailable {
    return routes().stream().filter(RouteRow::active).map(RouteRow::prefix).toList();
  }

  /// The one neighbor.
  NeighborRow neighbor() throws DatabaseUnavailable {
    return queries().neighbors().getFirst();
  }

  /// Asks the database as anybody may who has `sqlite3`.
  List<String> sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/bgp-peer.db"));
        var asked = connection.createStatement();
        var rows = asked.executeQuery(statement)) {
      var all = new ArrayList<String>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        var line = new StringJoiner("|");
        for (int i = 1; i <= columns; i++) {
          line.add(String.valueOf(rows.getString(i)));
        }
        all.add(line.toString());
      }
      return all;
    }
  }

  /// What it said last.
  String log() {
    return program == null ? "" : program.tail();
  }

  /// What its sessions did, the newest first, a line each.
  String sessionLog() throws DatabaseUnavailable {
    return queries().events(null, null, 20).stream()
        .map(event -> event.at() + " " + event.kind() + " " + event.why())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() throws InterruptedException {
    if (database != null) {
      database.close();
    }
    if (inside != null) {
      inside.close();
    }
    if (program != null) {
      program.kill();
    }
  }
}
