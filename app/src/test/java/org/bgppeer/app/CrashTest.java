package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.journal.Position;
import org.bgppeer.session.ScriptedPeer;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Records;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Notification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The collector is killed at random moments under load, again and again: while it writes, while it
/// starts, while it catches up. Afterwards the journal has of each session the beginning of what
/// the router sent, octet for octet; the database is that of the journal, row for row; and its
/// active routes are those of a model that is nothing but a map.
///
/// After some kills the next ones meet an empty data directory, so that a long run is many stories
/// and not one whose comparison takes longer and longer.
///
/// `-Dcrash.rounds=200` does it for longer (`make crash`), `-Dcrash.seed=N` elsewhere.
@Timeout(3 * 3600)
class CrashTest {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 6);
  private static final long SEED = Long.getLong("crash.seed", 4271);
  private static final int ROUNDS_A_DIRECTORY = 20;
  private static final int PREFIXES = 1_000;
  private static final int PREFIXES_A_MESSAGE = 20;
  private static final int MESSAGES_BEFORE_KILL = 700;
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final List<String> ROUTERS = List.of("127.77.3.1", "127.77.3.2");

  @TempDir Path directory;
  private SentSessions sent = new SentSessions();
  private Path data = Path.of("");
  private Path log = Path.of("");
  private Path configuration = Path.of("");
  private final Map<String, Integer> kills = new TreeMap<>();
  private int startMillis = 2_000; // what a start takes on this machine

  @Test
  void afterEachKillDatabaseAndHistoryAreThoseOfTheJournal() throws Exception {
    log = directory.resolve("log");
    var random = new Random(SEED);

    for (int round = 1; round <= ROUNDS; round++) {
      if (round == 1 || round % ROUNDS_A_DIRECTORY == 1 && ROUNDS - round > 4) {
        data = directory.resolve("data" + round);
        beginAnew();
        configuration = configuration("bgp-peer.yaml", "none");
        sent = new SentSessions();
      }
      kills.merge(killSomething(random), 1, Integer::sum);
      if (round % ROUNDS_A_DIRECTORY == 0) {
        startCatchUpAndStop();
        compare();
        System.out.println(round + " rounds, kills: " + kills);
      }
    }
    System.out.println(ROUNDS + " rounds, kills: " + kills);
    killWhileItHoldsRoutes();
    String lost;
    try (var collector = CollectorProcess.start(configuration("pages.yaml", "127.0.0.1:0"), log)) {
      assertThat(collector.page("/")).as("at once").contains("r1", "r2");
      assertThat(collector.page("/neighbor/r1")).contains("r1");
      lost = whatIsNotSentAgainEndsAtEndOfRib(collector);
      collector.stop();
    }

    assertThat(Files.readString(log)).doesNotContain("ERROR", "Exception", "should not");
    assertThat(reason(lost)).isEqualTo("not-resent-before-End-of-RIB");
    assertThat(Contents.rows(url(), "SELECT 1 FROM route_history LIMIT 101")).hasSize(101);
    assertThat(
            Contents.rows(url(), "SELECT count(*) FROM session WHERE cause = 'COLLECTOR_CRASHED'"))
        .as("sessions that a kill ended")
        .isNotEqualTo(List.of("0"));
    compare();
  }

  /// A round.
  ///
  /// @return what was killed
  String killSomething(Random random) throws Exception {
    if (random.nextInt(3) == 0) {
      killWhileItStarts(random);
      return "while it starts";
    }
    killUnderLoad(random, _ -> {});
    return "under load";
  }

  /// To be called when the data directory is a new one.
  void beginAnew() throws Exception {}

  /// The JDBC URL of the database.
  String url() {
    return Contents.sqlite(data.resolve("bgp-peer.db"));
  }

  /// A line of the configuration that says where it is.
  String setting() {
    return "";
  }

  /// Makes an empty one to compare with.
  ///
  /// @return its URL
  String another() throws Exception {
    return Contents.sqlite(Files.createTempDirectory(directory, "anew").resolve("bgp-peer.db"));
  }

  Database open(String url) throws Exception {
    return Database.open(Path.of(url.substring(Contents.sqlite(Path.of("")).length())));
  }

  private Path configuration(String name, String web) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        """
        local-as: 64512
        router-id: 192.0.2.10
        listen: 127.77.3.10:0
        data: %s
        web: %s
        journal: {rotation: 1m}
        %s
        neighbors:
          - {address: %s, as: 64501, name: r1, passive: true}
          - {address: %s, as: 64502, name: r2, passive: true}
        """
            .formatted(data, web, setting(), ROUTERS.get(0), ROUTERS.get(1)));
  }

  /// What may happen while the routers speak, before the collector is killed.
  interface Meanwhile {
    void happen(CollectorProcess collector) throws Exception;
  }

  final void killUnderLoad(Random random, Meanwhile meanwhile) throws Exception {
    long begun = System.nanoTime();
    try (var collector = CollectorProcess.startWithoutPages(configuration, log)) {
      startMillis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      var moment = new CountDownLatch(1 + random.nextInt(MESSAGES_BEFORE_KILL));
      var churns =
          IntStream.range(0, ROUTERS.size())
              .mapToObj(i -> churn(collector, i, new Random(random.nextLong()), moment))
              .toList();
      boolean reached = moment.await(20, TimeUnit.SECONDS); // who leaves may be sent away
      assertThat(reached || moment.getCount() < MESSAGES_BEFORE_KILL).as("they speak").isTrue();
      LockSupport.parkNanos(random.nextLong(50_000_000)); // and not only when a message was sent
      meanwhile.happen(collector);
      collector.kill();
      for (Thread churn : churns) {
        churn.join();
      }
    }
  }

  /// It may recover the journal, catch up, or open its sockets.
  final void killWhileItStarts(Random random) throws Exception {
    Process process = CollectorProcess.launch(configuration, log);
    process.waitFor(random.nextInt(startMillis), TimeUnit.MILLISECONDS);
    process.destroyForcibly();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("killed").isTrue();
  }

  private void startCatchUpAndStop() throws Exception {
    try (var collector = CollectorProcess.startWithoutPages(configuration, log)) {
      Path journal = data.resolve("journal");
      awaitProgress(this::followed, () -> end(journal).toString());
      collector.stop();
    }
  }

  private String followed() throws Exception {
    return String.join(
        "", Contents.rows(url(), "SELECT journal_segment || ':' || journal_offset FROM follower"));
  }

  /// Waits until a position reaches another, however long that takes, if only it moves.
  private static void awaitProgress(Callable<String> position, Callable<String> end)
      throws Exception {
    String last = "";
    long deadline = 0;
    for (String at = position.call(); !at.equals(end.call()); at = position.call()) {
      if (!at.equals(last)) {
        last = at;
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
      assertThat(System.nanoTime()).as("it moves on from %s", at).isLessThan(deadline);
      LockSupport.parkNanos(200_000_000);
    }
  }

  /// The journal with what was sent, the database with the journal and with the model.
  private void compare() throws Exception {
    Path journal = data.resolve("journal");
    var model = sent.model(journal);
    assertThat(Contents.differences(url(), projectedAnew(journal))).isEmpty();
    assertThat(
            Contents.rows(
                url(),
                "SELECT n.address, r.prefix, r.med FROM routes r JOIN neighbor n ON n.name ="
                    + " r.neighbor WHERE r.active"))
        .containsExactlyInAnyOrderElementsOf(model);
  }

  /// A router that announces, replaces, withdraws and now and then leaves, until the collector is
  /// gone.
  private Thread churn(
      CollectorProcess collector, int router, Random random, CountDownLatch moment) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                while (true) {
                  try (var peer = ScriptedPeer.dial(collector.address(), ROUTERS.get(router))) {
                    peer.establish(64501 + router, 90);
                    var session = sent.begin(peer, 64501 + router);
                    int messages = 50 + random.nextInt(250);
                    for (int i = 0; i < messages; i++) {
                      String[] prefixes = prefixes(random);
                      if (i > 0 && random.nextInt(3) == 0) {
                        session.withdraw(prefixes);
                      } else {
                        session.announce(prefixes);
                      }
                      moment.countDown();
                      if (i == 20) {
                        session.endOfRib();
                      }
                    }
                    if (random.nextBoolean()) {
                      peer.notification(
                          Notification.shutdown(Notification.ADMINISTRATIVE_RESET, "again"));
                    }
                  }
                }
              } catch (Exception | AssertionError e) {
                // The collector is gone, or sends us away for a while.
              }
            });
  }

  private static String[] prefixes(Random random) {
    return random
        .ints(PREFIXES_A_MESSAGE, 0, PREFIXES)
        .distinct()
        .mapToObj(CrashTest::prefix)
        .toArray(String[]::new);
  }

  private static String prefix(int number) {
    return "10." + number / 256 + "." + number % 256 + ".0/24";
  }

  /// Whatever chance has left of the first router's routes: it has some when the last kill comes.
  private void killWhileItHoldsRoutes() throws Exception {
    try (var collector = CollectorProcess.startWithoutPages(configuration, log);
        var peer = ScriptedPeer.dial(collector.address(), ROUTERS.getFirst())) {
      peer.establish(64501, 90);
      String[] prefixes = IntStream.range(0, 20).mapToObj(CrashTest::prefix).toArray(String[]::new);
      sent.begin(peer, 64501).announce(prefixes);
      await("what is announced", () -> active("r1").containsAll(List.of(prefixes)));
      collector.kill();
    }
  }

  /// Comes back as the first router with half of what it had.
  ///
  /// @return a prefix that it did not send again
  private String whatIsNotSentAgainEndsAtEndOfRib(CollectorProcess collector) throws Exception {
    var held = new TreeSet<>(active("r1"));
    try (var peer = ScriptedPeer.dial(collector.address(), ROUTERS.getFirst())) {
      peer.establish(64501, 90);
      var session = sent.begin(peer, 64501);
      session.announce("192.0.2.0/24");
      await("what was announced", () -> active("r1").contains("192.0.2.0/24"));
      assertThat(active("r1")).as("held until End-of-RIB").containsAll(held);
      var again = held.stream().filter(prefix -> prefix.hashCode() % 2 == 0).toList();
      for (int i = 0; i < again.size(); i += 100) {
        session.announce(again.subList(i, Math.min(i + 100, again.size())).toArray(String[]::new));
      }
      session.endOfRib();
      var expected = new TreeSet<>(again);
      expected.add("192.0.2.0/24");
      await("End-of-RIB", () -> active("r1").equals(List.copyOf(expected)));
      held.removeAll(again);
      collector.stop(); // while the session is up, so that its routes stay
    }
    return held.isEmpty() ? "" : held.first();
  }

  private interface Question {
    boolean isSo() throws Exception;
  }

  private static void await(String what, Question question) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!question.isSo()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private List<String> active(String neighbor) throws Exception {
    return Contents.rows(
            url(), "SELECT prefix FROM routes WHERE active AND neighbor = '" + neighbor + "'")
        .stream()
        .sorted()
        .toList();
  }

  private String reason(String prefix) throws Exception {
    return Contents.rows(
            url(),
            "SELECT reason FROM routes WHERE NOT active AND neighbor = 'r1' AND prefix = '"
                + prefix
                + "'")
        .getFirst();
  }

  /// The database that comes of the journal in one go.
  private String projectedAnew(Path journal) throws Exception {
    String anew = another();
    try (Database database = open(anew)) {
      database.configure(
          List.of(
              new Database.ConfiguredNeighbor(
                  "r1", AddressText.of(AddressText.parse(ROUTERS.get(0))), 64501),
              new Database.ConfiguredNeighbor(
                  "r2", AddressText.of(AddressText.parse(ROUTERS.get(1))), 64502)),
          Long.parseLong(Contents.rows(url(), "SELECT min(known_at) FROM neighbor").getFirst()));
      try (var projector =
          Projector.start(
              database,
              Database.LIVE,
              from -> Records.of(JournalReader.of(journal, from)),
              Clock.systemUTC())) {
        String end = end(journal).toString();
        awaitProgress(() -> String.valueOf(projector.committed()), () -> end);
      }
    }
    return anew;
  }

  private static Position end(Path journal) throws IOException, InterruptedException {
    try (var reader = JournalReader.of(journal, null)) {
      while (reader.next(Duration.ZERO)) {
        // to the end
      }
      return reader.after();
    }
  }
}
