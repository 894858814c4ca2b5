package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.bgppeer.session.Endpoints;
import org.bgppeer.session.Recorder;
import org.bgppeer.session.ScriptedPeer;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.StateReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever else of the process stands still or is busy for five seconds: with the shortest hold
/// time that there is, three seconds, no KEEPALIVE is late and no session ends.
@Timeout(120)
class KeepaliveTest {
  private static final int PAUSE_SECONDS = 5;
  private static final String ADDRESS = "127.77.6.1";

  @TempDir Path directory;
  private final AtomicBoolean full = new AtomicBoolean();

  private Rooms open() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            """
            local-as: 64512
            router-id: 192.0.2.10
            listen: 127.77.6.254:0
            web: 127.0.0.1:0
            neighbors:
              - {address: %s, as: 64501, name: one, passive: true}
            """
                .formatted(ADDRESS));
    return Rooms.open(ConfigurationReader.read(file), next -> new Stoppable(next, full));
  }

  /// A journal that can be full.
  private record Stoppable(Recorder next, AtomicBoolean full) implements Recorder {
    @Override
    public void message(
        Endpoints endpoints,
        boolean sent,
        Instant at,
        byte[] octets,
        int offset,
        int length,
        DecodeContext context) {
      next.message(endpoints, sent, at, octets, offset, length, context);
    }

    @Override
    public void stateChange(
        Endpoints endpoints, Instant at, int oldState, int newState, @Nullable StateReason why) {
      next.stateChange(endpoints, at, oldState, newState, why);
    }

    @Override
    public boolean congested() {
      return full.get() || next.congested();
    }
  }

  /// What holds up or keeps busy the rest of the process.
  private interface Burden {
    void carry() throws Exception;
  }

  private void noKeepaliveIsLateWhile(Burden burden) throws Exception {
    try (var rooms = open();
        var peer = ScriptedPeer.dial(rooms.listening().getFirst(), ADDRESS)) {
      peer.open(64_501, 3);
      peer.expect(Open.class);
      peer.expect(Keepalive.class);
      peer.keepalive().announce("192.0.2.0/24");
      var failure = new ArrayList<Throwable>();
      var carrying =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      burden.carry();
                    } catch (Exception e) {
                      failure.add(e);
                    }
                  });

      long last = System.nanoTime();
      long longest = 0;
      int prefix = 0;
      while (carrying.isAlive()) {
        peer.expect(Keepalive.class); // and nothing else
        long now = System.nanoTime();
        longest = Math.max(longest, now - last);
        last = now;
        peer.keepalive().announce("10.0." + prefix++ + ".0/24");
      }
      peer.expect(Keepalive.class);

      assertThat(failure).isEmpty();
      assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(3));
      full.set(false);
      assertThat(routesOnceThereAre(prefix + 1)).isEqualTo(prefix + 1);
      assertThat(number("SELECT count(*) FROM session")).isEqualTo(1);
    }
  }

  /// How many routes the database has, after it had some time for so many.
  private int routesOnceThereAre(int wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    int there = 0;
    while (there < wanted && System.nanoTime() < end) {
      there = number("SELECT count(*) FROM route");
      LockSupport.parkNanos(20_000_000);
    }
    return there;
  }

  private int number(String sql) throws Exception {
    return Integer.parseInt(Contents.rows(directory.resolve("data/bgp-peer.db"), sql).getFirst());
  }

  private static void pause() throws InterruptedException {
    assertThat(new CountDownLatch(1).await(PAUSE_SECONDS, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void theJournalTakesNothing() throws Exception {
    noKeepaliveIsLateWhile(
        () -> {
          full.set(true);
          pause();
        });
  }

  @Test
  void theDatabaseIsLockedAndAllProcessorsAreBusy() throws Exception {
    noKeepaliveIsLateWhile(
        () -> {
          String url = "jdbc:sqlite:" + directory.resolve("data/bgp-peer.db");
          try (var connection = DriverManager.getConnection(url);
              var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("BEGIN IMMEDIATE");
            beBusy();
            statement.execute("ROLLBACK");
          }
        });
  }

  private static void beBusy() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PAUSE_SECONDS);
    var busy = new ArrayList<Thread>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      busy.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (System.nanoTime() < end) {
                      Thread.onSpinWait();
                    }
                  }));
    }
    for (Thread each : busy) {
      each.join();
    }
  }
}
