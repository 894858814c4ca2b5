package org.bgppeer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// What many sessions cost: how long until all are up, whether all stay up, how late KEEPALIVEs
/// are, processor and memory; and what a change of the configuration costs, and whom.
@CommandLine.Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    description =
        "Starts a collector with many neighbors, which call at once, send a table each and stay;"
            + " prints what was seen.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ManySessions implements Callable<Integer> {
  private static final Pattern LISTENING = Pattern.compile("listening +127\\.0\\.0\\.1:(\\d+).*");
  private static final int RELOADS = 5;
  private static final Duration FLOOD = Duration.ofSeconds(30);

  @Option(names = "--neighbors", description = "Default: 10000.")
  private int neighbors = 10_000;

  @Option(names = "--routes", description = "That each has. Default: 100.")
  private int routes = 100;

  @Option(names = "--minutes", description = "How long all stay, with their table in. Default: 10.")
  private int minutes = 10;

  @Option(names = "--change", description = "Seconds between changes of each. Default: 60.")
  private int change = 60;

  @Option(names = "--hold-time", description = "In seconds. Default: 90.")
  private int holdTime = 90;

  @Option(names = "--max-prefix", description = "Give each a limit that it does not reach.")
  private boolean maxPrefix;

  @Option(names = "--reload", description = "Then change one neighbor, and reload.")
  private boolean reload;

  @Option(
      names = "--strangers",
      description = "With the table in, so many a second call from elsewhere for 30 s. Default: 0.")
  private int strangers;

  @Option(names = "--bgp-peer", description = "The program. Default: ./bgp-peer.")
  private Path program = Path.of("./bgp-peer");

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ManySessions()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path data = Files.createTempDirectory("bgp-peer-bench");
    Path file = data.resolve("bgp-peer.yaml");
    Files.writeString(file, configuration(data, 0));
    long begun = System.nanoTime();
    var collector =
        new Collecting(
            new ProcessBuilder(program.toString(), "run", "-c", file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    try (collector) {
      var out =
          new BufferedReader(
              new InputStreamReader(collector.process().getInputStream(), StandardCharsets.UTF_8));
      int port = Integer.parseInt(Collecting.awaitLine(out, LISTENING));
      say("neighbors configured", "%,d".formatted(neighbors));
      say("until it listens", "%.1f s".formatted(since(begun)));
      Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
      byte[] table = SyntheticTable.of(routes, 0);
      try (var crowd =
              new Crowd(
                  new InetSocketAddress("127.0.0.1", port), neighbors, table, holdTime, change);
          var database =
              DriverManager.getConnection("jdbc:sqlite:" + data.resolve("bgp-peer.db"))) {
        measure(collector, crowd, database, data, file);
        if (strangers > 0) {
          flood(collector, crowd, database, new InetSocketAddress("127.0.0.1", port));
        }
      }
    } finally {
      Collecting.remove(data);
    }
    return 0;
  }

  private void measure(Collecting collector, Crowd crowd, Connection database, Path data, Path file)
      throws Exception {
    long begun = System.nanoTime();
    double cpu = collector.cpuSeconds();
    crowd.call();
    await(collector, () -> crowd.up.get() >= neighbors || !crowd.lost.isEmpty());
    say("until all sessions are up", "%.1f s".formatted(since(begun)));
    long all = (long) neighbors * routes;
    await(collector, () -> active(database) >= all || !crowd.lost.isEmpty());
    long stored = active(database);
    say(
        stored >= all ? "until all routes are stored" : "until a session was lost",
        "%.1f s, %,d of %,d routes".formatted(since(begun), stored, all));
    say("CPU until then", "%.1f s".formatted(collector.cpuSeconds() - cpu));
    say("resident then", "%.0f MB".formatted(collector.residentMegabytes()));
    if (minutes > 0) {
      stay(collector, crowd, minutes);
    }
    sayLateness(crowd);
    say("sessions lost", crowd.lost.size() + " " + crowd.lost.stream().limit(5).toList());
    say("most memory resident", "%.0f MB".formatted(collector.mostResidentMegabytes()));
    if (reload) {
      reload(collector, crowd, data, file);
    }
  }

  /// What callers who are nobody's neighbors cost those who are.
  private void flood(Collecting collector, Crowd crowd, Connection database, InetSocketAddress to)
      throws Exception {
    double cpu = collector.cpuSeconds();
    Strangers.Came came = Strangers.call(to, strangers, FLOOD);
    say(
        "strangers",
        "%,d in %.0f s, that is %,.0f/s: %,d got an answer, %,d a reset"
            .formatted(
                came.made(),
                came.seconds(),
                came.made() / came.seconds(),
                came.answered(),
                came.reset()));
    say("CPU meanwhile", "%.1f s".formatted(collector.cpuSeconds() - cpu));
    say("resident then", "%.0f MB".formatted(collector.residentMegabytes()));
    say("sessions lost", crowd.lost.size() + " " + crowd.lost.stream().limit(5).toList());
    crowd.stopChanging();
    long sent = crowd.updates();
    long begun = System.nanoTime();
    await(collector, () -> updates(database) >= sent || since(begun) > 10);
    say("UPDATEs sent, and stored", "%,d, %,d".formatted(sent, updates(database)));
  }

  private static void stay(Collecting collector, Crowd crowd, int minutes) {
    long changes = crowd.changes.get();
    double cpu = collector.cpuSeconds();
    long begun = System.nanoTime();
    await(collector, () -> since(begun) >= minutes * 60);
    double share = (collector.cpuSeconds() - cpu) / since(begun);
    say("minutes, and changes in them", minutes + ", " + (crowd.changes.get() - changes));
    say("CPU meanwhile", "%.1f %% of a core".formatted(share * 100));
    say("resident at the end", "%.0f MB".formatted(collector.residentMegabytes()));
  }

  private static void sayLateness(Crowd crowd) {
    int[] late = crowd.lateness();
    if (late.length > 0) {
      say(
          "KEEPALIVEs late by",
          "%d ms (median), %d ms (p99), %d ms (most), of %,d"
              .formatted(
                  late[late.length / 2],
                  late[late.length * 99 / 100],
                  late[late.length - 1],
                  late.length));
    }
  }

  private void reload(Collecting collector, Crowd crowd, Path data, Path file) throws Exception {
    int lost = crowd.lost.size();
    for (int changed = 1; changed <= RELOADS; changed++) {
      Files.writeString(file, configuration(data, changed));
      double cpu = collector.cpuSeconds();
      long begun = System.nanoTime();
      String answer = order(data, "reload");
      say(
          "reload, one neighbor changed",
          "%.2f s, CPU %.2f s: %s"
              .formatted(
                  since(begun), collector.cpuSeconds() - cpu, answer.strip().replace('\n', ' ')));
    }
    await(collector, () -> crowd.lost.size() >= lost + RELOADS);
    LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
    say("sessions that noticed", (crowd.lost.size() - lost) + " in " + RELOADS + " reloads");
  }

  private static String order(Path data, String order) throws IOException {
    try (var channel =
        SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("control.sock")))) {
      channel.write(ByteBuffer.wrap((order + "\n").getBytes(StandardCharsets.UTF_8)));
      var answer = ByteBuffer.allocate(1 << 16);
      while (channel.read(answer) >= 0 && answer.hasRemaining()) {}
      return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }
  }

  /// @param changed how many are not as the others
  private String configuration(Path data, int changed) {
    var text = new StringBuilder();
    text.append("local-as: 64512\nrouter-id: 127.0.0.1\nlisten: 127.0.0.1:0\nweb: none\n");
    text.append("data: ").append(data).append("\nneighbors:\n");
    for (int i = 0; i < neighbors; i++) {
      text.append("  - address: ").append(Crowd.address(i)).append('\n');
      text.append("    as: ").append(Crowd.FIRST_AS + i).append('\n');
      text.append("    name: router ").append(i).append('\n');
      text.append("    passive: true\n    graceful-restart: false\n");
      if (maxPrefix) {
        text.append("    max-prefix: 1000000\n");
      }
      text.append("    hold-time: ").append(i < changed ? holdTime + 1 : holdTime).append('\n');
    }
    return text.toString();
  }

  private interface Condition {
    boolean holds() throws SQLException;
  }

  private static void await(Collecting collector, Condition condition) {
    try {
      while (!condition.holds()) {
        if (!collector.process().isAlive()) {
          throw new IllegalStateException("the collector ended");
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long active(Connection database) throws SQLException {
    try (var statement = database.createStatement();
        var row = statement.executeQuery("SELECT coalesce(sum(active), 0) FROM neighbor_family")) {
      return row.getLong(1);
    }
  }

  private static long updates(Connection database) throws SQLException {
    try (var statement = database.createStatement();
        var row = statement.executeQuery("SELECT coalesce(sum(updates), 0) FROM session")) {
      return row.getLong(1);
    }
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static void say(String what, String figures) {
    System.out.printf("%-32s %s%n", what, figures);
  }
}
