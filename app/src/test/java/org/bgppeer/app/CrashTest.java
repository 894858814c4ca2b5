package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
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

/// The collector is killed where it hurts, again and again, and nothing of what it wrote is wrong.
/// `-Dcrash.rounds=200` does it for longer, `-Dcrash.seed=N` elsewhere.
@Timeout(1800)
class CrashTest {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 5);
  private static final long SEED = Long.getLong("crash.seed", 4271);
  private static final int PREFIXES = 1_000;
  private static final int PREFIXES_A_MESSAGE = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final List<String> ROUTERS = List.of("127.77.3.1", "127.77.3.2");

  @TempDir Path directory;
  private Path data = Path.of("");
  private Path log = Path.of("");

  @Test
  void afterEachKillDatabaseAndHistoryAreThoseOfTheJournal() throws Exception {
    data = directory.resolve("data");
    log = directory.resolve("log");
    Path configuration =
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            """
            local-as: 64512
            router-id: 192.0.2.10
            listen: 127.77.3.10:0
            web: 127.0.0.1:0
            neighbors:
              - {address: %s, as: 64501, name: r1, passive: true}
              - {address: %s, as: 64502, name: r2, passive: true}
            """
                .formatted(ROUTERS.get(0), ROUTERS.get(1)));
    var random = new Random(SEED);

    for (int round = 0; round < ROUNDS; round++) {
      try (var collector = CollectorProcess.start(configuration, log)) {
        var moment = new CountDownLatch(1 + random.nextInt(700)); // messages until the kill
        var churns =
            IntStream.range(0, ROUTERS.size())
                .mapToObj(i -> churn(collector, i, new Random(random.nextLong()), moment))
                .toList();
        boolean reached = moment.await(20, TimeUnit.SECONDS); // who leaves may be sent away
        assertThat(reached || moment.getCount() < 700).as("they speak").isTrue();
        collector.kill();
        for (Thread churn : churns) {
          churn.join();
        }
      }
    }
    killWhileItHoldsRoutes(configuration);
    String lost;
    try (var collector = CollectorProcess.start(configuration, log)) {
      assertThat(collector.page("/")).as("at once").contains("r1", "r2");
      assertThat(collector.page("/neighbor/r1")).contains("r1");
      lost = whatIsNotSentAgainEndsAtEndOfRib(collector);
      collector.stop();
    }

    assertThat(Files.readString(log)).doesNotContain("ERROR", "Exception", "should not");
    assertThat(reason(lost)).isEqualTo("0|not-resent-before-End-of-RIB");
    assertThat(Contents.rows(database(), "SELECT count(*) > 100 FROM route_history"))
        .containsExactly("1");
    assertThat(
            Contents.rows(
                database(), "SELECT count(*) FROM session WHERE cause = 'COLLECTOR_CRASHED'"))
        .as("sessions that a kill ended")
        .isNotEqualTo(List.of("0"));
    var actual = Contents.of(database());
    var expected = Contents.of(projectedAnew());
    for (String table : expected.keySet()) {
      assertThat(actual.get(table)).as(table).isEqualTo(expected.get(table));
    }
  }

  private Path database() {
    return data.resolve("bgp-peer.db");
  }

  /// A router that announces, replaces, withdraws and now and then leaves, until the collector is
  /// gone.
  private static Thread churn(
      CollectorProcess collector, int router, Random random, CountDownLatch moment) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                while (true) {
                  try (var peer = ScriptedPeer.dial(collector.address(), ROUTERS.get(router))) {
                    peer.establish(64501 + router, 90);
                    int messages = 50 + random.nextInt(250);
                    for (int i = 0; i < messages; i++) {
                      String[] prefixes = prefixes(random);
                      if (random.nextInt(3) == 0) {
                        peer.withdraw(prefixes);
                      } else {
                        peer.announce(prefixes);
                      }
                      moment.countDown();
                      if (i == 20) {
                        peer.endOfRib();
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
  private void killWhileItHoldsRoutes(Path configuration) throws Exception {
    try (var collector = CollectorProcess.start(configuration, log);
        var peer = ScriptedPeer.dial(collector.address(), ROUTERS.getFirst())) {
      peer.establish(64501, 90);
      String[] prefixes = IntStream.range(0, 20).mapToObj(CrashTest::prefix).toArray(String[]::new);
      peer.announce(prefixes);
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
      peer.announce("192.0.2.0/24");
      await("what was announced", () -> active("r1").contains("192.0.2.0/24"));
      assertThat(active("r1")).as("held until End-of-RIB").containsAll(held);
      var again = held.stream().filter(prefix -> prefix.hashCode() % 2 == 0).toList();
      for (int i = 0; i < again.size(); i += 100) {
        peer.announce(again.subList(i, Math.min(i + 100, again.size())).toArray(String[]::new));
      }
      peer.endOfRib();
      var expected = new TreeSet<>(again);
      expected.add("192.0.2.0/24");
      await("End-of-RIB", () -> active("r1").equals(List.copyOf(expected)));
      held.removeAll(again);
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
            database(), "SELECT prefix FROM routes WHERE active AND neighbor = '" + neighbor + "'")
        .stream()
        .sorted()
        .toList();
  }

  private String reason(String prefix) throws Exception {
    return Contents.rows(
            database(),
            "SELECT active, reason FROM routes WHERE neighbor = 'r1' AND prefix = '" + prefix + "'")
        .getFirst();
  }

  /// The database that comes of the journal in one go.
  private Path projectedAnew() throws Exception {
    Path file = directory.resolve("anew.db");
    Path journal = data.resolve("journal");
    try (Database database = Database.open(file)) {
      database.configure(
          List.of(
              new Database.ConfiguredNeighbor(
                  "r1", AddressText.of(AddressText.parse(ROUTERS.get(0))), 64501),
              new Database.ConfiguredNeighbor(
                  "r2", AddressText.of(AddressText.parse(ROUTERS.get(1))), 64502)),
          Long.parseLong(
              Contents.rows(database(), "SELECT min(known_at) FROM neighbor").getFirst()));
      try (var projector =
          Projector.start(
              database,
              Database.LIVE,
              from -> Records.of(JournalReader.of(journal, from)),
              Clock.systemUTC())) {
        assertThat(projector.await(end(journal), PATIENCE)).as("projected").isTrue();
      }
    }
    return file;
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
