package org.bgppeer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// Time to a full table: from the moment that the last session is up until a reader of the database
/// sees every route; and, after it, until the end of those sessions is seen.
@CommandLine.Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Starts a collector, sends it whole tables as fast as it takes them, and prints what that"
            + " cost: a row a run, then their medians.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TableLoad implements Callable<Integer> {
  private static final Pattern WEB = Pattern.compile("web +(http://\\S+)");
  private static final Pattern LISTENING = Pattern.compile("listening +127\\.0\\.0\\.1:(\\d+).*");
  private static final int FIRST_AS = 65_001;

  @Option(names = "--neighbors", description = "How many send the table. Default: 1.")
  private int neighbors = 1;

  @Option(names = "--ipv4", description = "Routes of the table. Default: 1000000.")
  private int ipv4 = 1_000_000;

  @Option(names = "--ipv6", description = "Routes of the table. Default: 200000.")
  private int ipv6 = 200_000;

  @Option(
      names = "--table",
      description =
          "Another table: whole UPDATE messages, one behind the other; --ipv4 and --ipv6 say how"
              + " many routes it has.")
  private @Nullable Path table;

  @Option(names = "--runs", description = "Default: 3.")
  private int runs = 3;

  @Option(
      names = "--again",
      description = "After the table, send it once more with another ORIGIN in each route.")
  private boolean again;

  @Option(names = "--bgp-peer", description = "The program. Default: ./bgp-peer.")
  private Path program = Path.of("./bgp-peer");

  /// What a run cost; times in seconds, memory in MB.
  private record Cost(
      double sent,
      double durable,
      double visible,
      double cpu,
      double again,
      double resident,
      double end,
      double page,
      double database) {
    double[] figures() {
      return new double[] {sent, durable, visible, cpu, again, resident, end, page, database};
    }
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TableLoad()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    byte[] messages = table == null ? SyntheticTable.of(ipv4, ipv6) : Files.readAllBytes(table);
    int[] firstAs = Blaster.firstAs(messages);
    System.out.printf(
        "%d neighbors x %,d routes, %,d octets%n", neighbors, ipv4 + ipv6, messages.length);
    System.out.println(
        "  sent s  journal s  visible s  CPU s  again s  resident MB  end ms  page ms  database"
            + " MB");
    var costs = new ArrayList<Cost>();
    for (int run = 0; run < runs; run++) {
      var cost = run(messages, firstAs);
      costs.add(cost);
      print("", cost.figures());
    }
    var medians = new double[costs.getFirst().figures().length];
    for (int i = 0; i < medians.length; i++) {
      int figure = i;
      medians[i] =
          costs.stream().mapToDouble(c -> c.figures()[figure]).sorted().toArray()[runs / 2];
    }
    print("median", medians);
    return 0;
  }

  private static void print(String what, double[] f) {
    System.out.printf(
        "%8.2f %10.2f %10.2f %6.2f %8.2f %12.0f %7.0f %8.1f %12.0f  %s%n",
        f[0], f[1], f[2], f[3], f[4], f[5], f[6] * 1000, f[7] * 1000, f[8], what);
  }

  private Cost run(byte[] messages, int[] firstAs) throws Exception {
    Path data = Files.createTempDirectory("bgp-peer-bench");
    var collector = new Collecting(start(data));
    var sessions = new ArrayList<Blaster>();
    try {
      var out =
          new BufferedReader(
              new InputStreamReader(collector.process().getInputStream(), StandardCharsets.UTF_8));
      int port = Integer.parseInt(Collecting.awaitLine(out, LISTENING));
      String web = Collecting.awaitLine(out, WEB);
      Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
      for (int i = 0; i < neighbors; i++) {
        sessions.add(
            Blaster.connect(
                new InetSocketAddress("127.0.0.1", port),
                InetAddress.getByAddress(address(i)),
                FIRST_AS + i));
      }
      try (var database =
          DriverManager.getConnection("jdbc:sqlite:" + data.resolve("bgp-peer.db"))) {
        return measure(collector, sessions, messages, firstAs, database, web, data);
      }
    } finally {
      for (var session : sessions) {
        session.close();
      }
      collector.close();
      Collecting.remove(data);
    }
  }

  private Cost measure(
      Collecting collector,
      List<Blaster> sessions,
      byte[] messages,
      int[] firstAs,
      Connection database,
      String web,
      Path data)
      throws Exception {
    long routes = (long) (ipv4 + ipv6) * neighbors;
    double cpuBefore = collector.cpuSeconds();
    var journal = new JournalFiles(data.resolve("journal"));
    long octets = journal.octets() + neighbors * recorded(messages);
    long begun = System.nanoTime();
    var durable = new FutureTask<>(() -> journal.awaitOnDisk(octets) - begun);
    Thread.ofPlatform().start(durable);
    send(sessions, messages, firstAs);
    double sent = since(begun);
    var page = new ArrayList<Double>();
    try (var client = HttpClient.newHttpClient()) {
      var longestMatch = HttpRequest.newBuilder(URI.create(web + "prefix/192.0.2.1.json")).build();
      long asked = 0;
      while (active(database) < routes) {
        if (!collector.process().isAlive()) {
          throw new IOException("the collector ended");
        }
        if (System.nanoTime() - asked > 200_000_000) {
          asked = System.nanoTime();
          client.send(longestMatch, HttpResponse.BodyHandlers.discarding());
          page.add(since(asked));
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
    double visible = since(begun);
    double cpu = collector.cpuSeconds() - cpuBefore;
    double sentAgain = again ? again(sessions, messages, firstAs, database, routes) : 0;
    double resident = collector.mostResidentMegabytes();
    long end = System.nanoTime();
    for (var session : sessions) {
      session.close();
    }
    while (active(database) > 0) {
      LockSupport.parkNanos(1_000_000);
    }
    page.sort(Comparator.naturalOrder());
    return new Cost(
        sent,
        durable.get() / 1e9,
        visible,
        cpu,
        sentAgain,
        resident,
        since(end),
        page.isEmpty() ? 0 : page.get(page.size() / 2),
        megabytes(data));
  }

  /// Octets that the journal has for these messages.
  private static long recorded(byte[] messages) {
    int count = 0;
    for (int at = 0; at < messages.length; at += Blaster.length(messages, at)) {
      count++;
    }
    return messages.length + (long) count * JournalFiles.HEADER;
  }

  /// Of the database and what its log holds beyond that; a log that was moved keeps its size.
  private static double megabytes(Path data) throws IOException {
    return Math.max(
            Files.size(data.resolve("bgp-peer.db")), Files.size(data.resolve("bgp-peer.db-wal")))
        / 1e6;
  }

  private static void send(List<Blaster> sessions, byte[] messages, int[] firstAs)
      throws InterruptedException {
    var threads =
        sessions.stream()
            .map(
                session ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              try {
                                session.send(messages, firstAs);
                              } catch (IOException e) {
                                throw new UncheckedIOException(e);
                              }
                            }))
            .toList();
    for (var thread : threads) {
      thread.join();
    }
  }

  /// Sends the table with other attributes: each ORIGIN another one.
  private static double again(
      List<Blaster> sessions, byte[] messages, int[] firstAs, Connection database, long routes)
      throws SQLException, InterruptedException {
    byte[] changed = messages.clone();
    for (int as : firstAs) {
      int origin = as - 6; // the value of ORIGIN, which stands right before AS_PATH
      changed[origin] = (byte) (changed[origin] == 0 ? 2 : 0);
    }
    long begun = System.nanoTime();
    send(sessions, changed, firstAs);
    while (number(database, "SELECT sum(announced) FROM tally WHERE neighbor_id > 0")
        < 2 * routes) {
      LockSupport.parkNanos(10_000_000);
    }
    double seconds = since(begun);
    long former = number(database, "SELECT count(*) FROM route_history");
    if (former != routes) {
      throw new IllegalStateException(routes + " routes were sent again, history has " + former);
    }
    return seconds;
  }

  private static long active(Connection database) throws SQLException {
    return number(database, "SELECT coalesce(sum(active), 0) FROM neighbor_family");
  }

  private static long number(Connection database, String sql) throws SQLException {
    try (var statement = database.createStatement();
        var row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private Process start(Path data) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "run",
                "--local-as=64512",
                "--router-id=127.0.0.1",
                "--listen=127.0.0.1:0",
                "--web=127.0.0.1:0",
                "--data=" + data));
    for (int i = 0; i < neighbors; i++) {
      String address = InetAddress.getByAddress(address(i)).getHostAddress();
      command.add("--neighbor=" + address + ",as=" + (FIRST_AS + i) + ",passive");
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static byte[] address(int neighbor) {
    int low = neighbor + 2;
    return new byte[] {127, 0, (byte) (low >> 8), (byte) low};
  }
}
