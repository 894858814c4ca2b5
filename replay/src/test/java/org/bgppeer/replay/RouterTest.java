package org.bgppeer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MessageError;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.Update;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // the fields are set before each test, and by start()
class RouterTest {
  private static final String[] SMALL = {
    "--as", "64500", "--ipv4", "400", "--ipv6", "150", "--rate", "0"
  };

  private ScriptedCollector collector;
  private final Said said = new Said();
  private RouteTable table;
  private Router router;
  private Thread running;

  @BeforeEach
  void listen() throws IOException {
    collector = new ScriptedCollector();
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    collector.close();
    if (running != null) {
      router.stop();
      assertThat(running.join(Duration.ofSeconds(10))).as("the router stops: " + said).isTrue();
    }
  }

  private void start(String... more) throws UsageError {
    var words = new ArrayList<String>(List.of(SMALL));
    words.addAll(List.of(more));
    if (!words.contains("--listen")) {
      words.addAll(List.of("--to", "127.0.0.1:" + collector.address().getPort()));
    }
    var options = RouterOptions.parse(words.toArray(String[]::new));
    table = new RouteTable(options.vantage(), DemoTable.load());
    var feed =
        new TableFeed(
            table,
            options.vantage().addPath(),
            options.vantage().seed(),
            options.rate(),
            options.breakEvery());
    router = new Router(options, feed, said.log("r1"));
    running =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    router.run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  /// The routes of the table as a collector without ADD-PATH should have them.
  private Map<RouteKey, List<Long>> announced() {
    var all = new TreeMap<RouteKey, List<Long>>();
    for (int route = 0; route < table.size(); route++) {
      if (table.isAnnounced(route)) {
        var key = new RouteKey(table.family(route), table.nlri(route).prefix().toString(), -1);
        all.put(key, table.attributes(route).asPath());
      }
    }
    return all;
  }

  private Notification readNotification() throws IOException, MessageError {
    while (true) {
      if (collector.read() instanceof Notification notification) {
        return notification;
      }
    }
  }

  private void readToTheEnd() throws IOException, MessageError {
    while (true) {
      assertThat(collector.read()).isNotInstanceOf(Notification.class);
    }
  }

  @Test
  void theWholeTableOfBothFamiliesArrivesAndThenEndOfRib() throws Exception {
    start("--name", "transit-a");
    var open = collector.establish(90, ScriptedCollector.modern());
    collector.readTable();

    assertThat(open.as()).isEqualTo(64500);
    assertThat(open.capability(Capability.Fqdn.class)).hasToString("FQDN transit-a");
    assertThat(collector.routes.keySet()).isEqualTo(announced().keySet()).hasSize(550);
    assertThat(collector.findings).isEmpty();
  }

  @Test
  void aCollectorOfIpv4AndTwoOctetAsNumbersGetsWhatItCanRead() throws Exception {
    start();
    collector.establish(90, List.of());
    while (!collector.complete.contains(Family.IPV4_UNICAST)) {
      assertThat(collector.read()).isInstanceOf(Update.class);
    }

    assertThat(collector.routes).hasSize(400);
    assertThat(collector.findings).isEmpty();
  }

  @Test
  void withAddPathPathIdentifiersTellThePathsApart() throws Exception {
    start("--add-path");
    collector.establish(90, ScriptedCollector.modern());
    collector.readTable();

    assertThat(collector.routes.keySet()).allMatch(key -> key.pathId() >= 1).hasSize(table.size());
    assertThat(collector.routes.keySet().stream().filter(key -> key.pathId() == 2)).isNotEmpty();
  }

  @Test
  void whatWasAnnouncedMalformedOnPurposeIsAnnouncedRightLater() throws Exception {
    start("--rate", "200", "--break-every", "10");
    collector.establish(90, ScriptedCollector.modern());
    collector.readTable();
    assertThat(collector.findings).as("in the table itself").isEmpty();
    var malformed = (Update) collector.read();
    while (collector.findings.isEmpty()) {
      malformed = (Update) collector.read();
    }
    var key = ScriptedCollector.keys(malformed.announced().getFirst()).getFirst();

    assertThat(collector.findings.getFirst().toString()).contains("LARGE_COMMUNITIES");
    collector.routes.remove(key);
    while (!collector.routes.containsKey(key)) {
      assertThat(collector.read()).isInstanceOf(Update.class);
    }
  }

  @Test
  void aLocalAddressIsWhereTheConnectionComesFrom() throws Exception {
    start("--local-address", "127.0.0.1");
    var open = collector.establish(90, ScriptedCollector.modern());

    assertThat(open.bgpIdentifier()).isEqualTo(0x7f000001L);
  }

  @Test
  void aRefreshIsFramedAndHasTheWholeFamilyAgain() throws Exception {
    start();
    collector.establish(90, ScriptedCollector.modern());
    collector.readTable();
    var before = Map.copyOf(collector.routes);
    collector.routes.clear();
    collector.send(RouteRefresh.request(Family.IPV6_UNICAST).encode());

    assertThat(collector.read())
        .isEqualTo(new RouteRefresh(Family.IPV6_UNICAST, RouteRefresh.BEGIN, Octets.EMPTY));
    Message last = collector.read();
    while (last instanceof Update) {
      last = collector.read();
    }
    assertThat(last)
        .isEqualTo(new RouteRefresh(Family.IPV6_UNICAST, RouteRefresh.END, Octets.EMPTY));
    assertThat(collector.routes).hasSize(150);
    assertThat(before).containsAllEntriesOf(collector.routes);
  }

  @Test
  void churnLeavesTheCollectorWithExactlyWhatTheTableHas() throws Exception {
    start("--rate", "500");
    collector.establish(90, ScriptedCollector.modern());
    collector.readTable();
    for (int i = 0; i < 2000; i++) {
      assertThat(collector.read()).isNotNull();
    }
    router.stop();
    assertThat(readNotification().subcode()).isEqualTo(Notification.ADMINISTRATIVE_SHUTDOWN);

    assertThat(collector.routes.keySet()).isEqualTo(announced().keySet());
    assertThat(collector.routes.size()).isLessThan(550);
    assertThat(collector.findings).isEmpty();
  }

  @Test
  void stoppingEndsTheSessionWithACease() throws Exception {
    start();
    collector.establish(90, ScriptedCollector.modern());
    collector.readTable();
    router.stop();

    assertThat(readNotification().shutdownText()).isEqualTo("the simulated router is stopped");
    assertThatThrownBy(collector::read).isInstanceOf(EOFException.class);
  }

  @Test
  void aSilentCollectorIsToldThatTheHoldTimerExpired() throws Exception {
    start();
    collector.establish(3, ScriptedCollector.modern());

    assertThat(readNotification().code()).isEqualTo(Notification.HOLD_TIMER_EXPIRED);
  }

  @Test
  void keepalivesComeWellWithinTheHoldTime() throws Exception {
    start();
    collector.establish(3, ScriptedCollector.modern());
    collector.readTable();
    long from = System.nanoTime();

    assertThat(collector.read()).isInstanceOf(Keepalive.class);
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void aSessionLostByShutdownSaysWhyAndComesBackWithItsTable() throws Exception {
    start("--lose-after", "0.2", "--lose-how", "shutdown", "--away", "0.1");
    collector.establish(90, ScriptedCollector.modern());
    var notification = readNotification();
    collector.hangUp();
    collector.establish(90, ScriptedCollector.modern());
    collector.readTable();

    assertThat(notification.shutdownText())
        .isEqualTo("line card replacement, back in a minute (NOC-4711)");
    assertThat(collector.routes).hasSize(550);
  }

  @Test
  void aSessionLostByCloseEndsWithoutAWord() throws Exception {
    start("--lose-after", "0.2", "--lose-how", "close");
    collector.establish(90, ScriptedCollector.modern());

    assertThatThrownBy(this::readToTheEnd).isInstanceOf(EOFException.class);
  }

  @Test
  void aSessionLostByResetBreaks() throws Exception {
    start("--lose-after", "0.2", "--lose-how", "reset");
    collector.establish(90, ScriptedCollector.modern());

    assertThatThrownBy(this::readToTheEnd)
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void aSessionLostBySilenceStaysOpenAndSaysNothing() throws Exception {
    start("--lose-after", "0.2", "--lose-how", "silence", "--away", "0.1");
    collector.establish(3, ScriptedCollector.modern());
    collector.readTable();
    collector.expectSilence(Duration.ofSeconds(3));
    collector.send(Notification.of(Notification.HOLD_TIMER_EXPIRED, 0).encode());
    collector.hangUp();
    collector.establish(90, ScriptedCollector.modern());

    assertThat(said.await("NOTIFICATION received"))
        .contains("losing the session on purpose: silence")
        .contains("NOTIFICATION received: Hold Timer Expired");
  }

  @Test
  void aCollectorOfTheSameAsIsRefused() throws Exception {
    start("--as", "64512");

    assertThatThrownBy(() -> collector.establish(90, ScriptedCollector.modern()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(said.await("NOTIFICATION sent")).contains("Bad Peer AS (2/2)");
  }

  @Test
  void garbageIsAnsweredWithTheNotificationOfTheRfc() throws Exception {
    start();
    collector.establish(90, ScriptedCollector.modern());
    collector.readTable();
    collector.send(new byte[19]);

    assertThat(readNotification().words()).isEqualTo("Connection Not Synchronized (1/1)");
  }

  @Test
  void itComesBackAfterTheCollectorHungUp() throws Exception {
    start();
    for (int i = 0; i < 2; i++) {
      collector.establish(90, ScriptedCollector.modern());
      collector.readTable();
      assertThat(collector.routes).hasSize(550);
      collector.hangUp();
    }
  }

  @Test
  void listeningItTakesTheConnectionOfACollector() throws Exception {
    start("--listen", "127.0.0.1:0");
    assertThat(said.await("listening at")).contains("127.0.0.1");
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), router.listenPort()));
      collector.take(socket);
      collector.establish(90, ScriptedCollector.modern());
      collector.readTable();
    }

    assertThat(collector.routes).hasSize(550);
  }
}
