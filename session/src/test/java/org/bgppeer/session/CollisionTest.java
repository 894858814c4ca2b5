package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bgppeer.session.Speakers.ONE;
import static org.bgppeer.session.Speakers.ip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Two connections of one neighbor at once (RFC 4271 §6.8): `x`, which we dialled, and `y`, which
/// they did.
@Timeout(60)
@SuppressWarnings("NullAway.Init") // fields are set before each test
class CollisionTest {
  private static final long LOWER = 0x0a000001L;
  private static final long HIGHER = 0x0affff01L;
  private static final Notification COLLISION =
      Notification.of(Notification.CEASE, Notification.CONNECTION_COLLISION);

  private final Speakers speakers = new Speakers();
  private ServerSocket server;
  private Collector collector;
  private ScriptedPeer x;
  private ScriptedPeer y;

  @BeforeEach
  void dial() throws Exception {
    server = ScriptedPeer.listen(ONE);
    collector =
        speakers.start(NeighborConfig.of("one", ip(ONE), 64500).withPort(server.getLocalPort()));
    x = ScriptedPeer.accept(server);
    x.expect(Open.class);
  }

  @AfterEach
  void close() throws Exception {
    x.close();
    server.close();
    speakers.close();
  }

  private void call() throws Exception {
    y = speakers.call(collector, ONE);
    y.expect(Open.class);
  }

  private void establish(ScriptedPeer peer, long identifier) throws Exception {
    peer.open(64500, 90, identifier).expect(Keepalive.class);
    peer.keepalive();
  }

  private List<Tape.Changed> changes() {
    return speakers.tape.changes("one");
  }

  private void awaitUp(int ends) throws Exception {
    speakers.tape.await(
        "the session", _ -> changes().size() == ends + 1 && changes().getLast().newState() == 6);
  }

  private void assertIsTheSession(ScriptedPeer peer) throws Exception {
    long before = heard("< UPDATE");
    peer.announce("192.0.2.0/24");
    speakers.tape.await("the UPDATE", _ -> heard("< UPDATE") == before + 1);
    assertThat(collector.status().getFirst().state()).isInstanceOf(State.Established.class);
    assertThat(changes().stream().map(Object::toString).filter(change -> change.contains("6")))
        .last()
        .isEqualTo("5->6");
  }

  private void awaitActive() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!(collector.status().getFirst().state() instanceof State.Active)) {
      assertThat(System.nanoTime()).as("time to rest").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private long heard(String what) {
    return speakers.tape.of("one").stream().filter(what::equals).count();
  }

  // ---- all orders

  /// All orders of the OPEN and KEEPALIVE on `x` and of the call, OPEN and KEEPALIVE on `y`.
  static Stream<Arguments> orders() {
    var orders = new ArrayList<String>();
    merge("", "Xx", "+Yy", orders);
    return Stream.of(LOWER, HIGHER, Speakers.OUR_ID)
        .flatMap(identifier -> orders.stream().map(order -> Arguments.of(identifier, order)));
  }

  private static void merge(String so, String left, String right, List<String> all) {
    if (left.isEmpty() && right.isEmpty()) {
      all.add(so);
    }
    if (!left.isEmpty()) {
      merge(so + left.charAt(0), left.substring(1), right, all);
    }
    if (!right.isEmpty()) {
      merge(so + right.charAt(0), left, right.substring(1), all);
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void inWhateverOrderOneConnectionStaysAndTheOtherIsToldWhy(long identifier, String order)
      throws Exception {
    boolean upBeforeTheyCalled = order.startsWith("Xx");
    // Of equal identifiers the higher AS, which is ours, has the connection that stays.
    boolean oursStays = identifier != HIGHER || upBeforeTheyCalled;

    ScriptedPeer lost = null;
    for (int i = 0; i < order.length(); i++) {
      char step = order.charAt(i);
      boolean ours = step == 'X' || step == 'x';
      switch (step) {
        case '+' -> call();
        case 'X', 'Y' -> {
          ScriptedPeer peer = (ours ? x : y).open(64500, 90, identifier);
          boolean isSecond = order.indexOf(ours ? 'Y' : 'X') < i;
          if (!isSecond || ours == oursStays) {
            peer.expect(Keepalive.class);
          }
          boolean otherIsUp = order.indexOf(ours ? 'y' : 'x') < i;
          if (isSecond && (ours != oursStays || !otherIsUp)) {
            lost = oursStays ? y : x;
          }
        }
        default -> confirm(ours ? x : y, lost);
      }
    }

    assertThat((oursStays ? y : x).expectEnd()).isEqualTo(COLLISION);
    assertIsTheSession(oursStays ? x : y);
  }

  private void confirm(ScriptedPeer peer, @Nullable ScriptedPeer lost) throws Exception {
    if (peer == lost) {
      try {
        peer.keepalive(); // which crosses their Cease
      } catch (IOException e) {
        // it is closed already
      }
      return;
    }
    long before = heard("< KEEPALIVE");
    peer.keepalive();
    speakers.tape.await("the KEEPALIVE", _ -> heard("< KEEPALIVE") > before);
  }

  // ---- they decide before they know that we are up

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aSessionThatTheyCloseForTheirOwnConnectionIsFollowedByThatOne(boolean ceaseFirst)
      throws Exception {
    call();
    establish(x, HIGHER);
    awaitUp(0);

    y.open(64500, 90, HIGHER).expect(Keepalive.class);
    if (ceaseFirst) {
      x.notification(COLLISION).expectClose();
      speakers.tape.awaitChange("one", 2);
      y.keepalive();
    } else {
      y.keepalive();
      assertThat(x.expectEnd()).isEqualTo(COLLISION);
    }

    awaitUp(2);
    assertIsTheSession(y);
    assertThat(changes())
        .extracting(Object::toString)
        .containsExactly("5->6", "6->1 COLLISION", "5->6");
  }

  @Test
  void aConnectionThatTheyCloseForTheSessionLeavesThatAlone() throws Exception {
    call();
    establish(x, HIGHER);
    awaitUp(0);

    y.open(64500, 90, HIGHER).expect(Keepalive.class);
    y.notification(COLLISION).expectClose();

    assertIsTheSession(x);
  }

  @Test
  void ourOwnConnectionMayWinAgainstASessionOfTheirsToo() throws Exception {
    call();
    establish(y, LOWER);
    awaitUp(0);

    establish(x, LOWER);

    assertThat(y.expectEnd()).isEqualTo(COLLISION);
    awaitUp(2);
    assertIsTheSession(x);
  }

  @Test
  void whereEachSideClosedAnotherConnectionBothAreBackAtOnce() throws Exception {
    call();
    x.open(64500, 90, HIGHER).expect(Keepalive.class);
    y.open(64500, 90, HIGHER).expect(Keepalive.class);
    assertThat(x.expectEnd()).isEqualTo(COLLISION);
    y.notification(COLLISION).expectClose();

    call(); // and is not sent away as one that failed twice
    y.close();
    speakers.tape.awaitChange("one", 2);
    awaitActive();
    speakers.clock.turn(Duration.ofSeconds(5));
    x.close();
    x = ScriptedPeer.accept(server);
    x.expect(Open.class);
    establish(x, HIGHER);

    awaitUp(2);
    assertIsTheSession(x);
  }

  @Test
  void afterACollisionThatLeftNothingWeDialWithinASecond() throws Exception {
    establish(x, HIGHER);
    awaitUp(0);
    x.notification(COLLISION).expectClose();
    speakers.tape.awaitChange("one", 2);
    awaitActive();
    x.close();

    speakers.clock.turn(Duration.ofSeconds(1));
    x = ScriptedPeer.accept(server);
    x.expect(Open.class);
    establish(x, HIGHER);

    awaitUp(2);
    assertIsTheSession(x);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void afterACollisionWhoseOtherConnectionTheyCloseWithoutAWordWeDialWithinASecond(boolean upFirst)
      throws Exception {
    call();
    if (upFirst) {
      establish(x, LOWER);
      awaitUp(0);
    } else {
      x.open(64500, 90, LOWER).expect(Keepalive.class);
    }
    y.open(64500, 90, LOWER);
    assertThat(y.expectEnd()).isEqualTo(COLLISION);
    if (!upFirst) {
      x.keepalive();
      awaitUp(1);
    }
    x.close(); // for the sake of y
    awaitActive();

    speakers.clock.turn(Duration.ofSeconds(1));
    x = ScriptedPeer.accept(server);
    x.expect(Open.class);
    establish(x, HIGHER);

    speakers.tape.await("the session", _ -> changes().getLast().newState() == 6);
    assertIsTheSession(x);
  }

  /// All beginnings of orders that leave both connections open and undecided.
  static Stream<Arguments> beginnings() {
    var orders = new ArrayList<String>();
    merge("", "Xx", "+Yy", orders);
    List<String> begun =
        orders.stream()
            .flatMap(
                order ->
                    IntStream.rangeClosed(order.indexOf('+') + 1, order.length())
                        .mapToObj(cut -> order.substring(0, cut)))
            .filter(some -> !some.contains("X") || !some.contains("Y"))
            .distinct()
            .toList();
    return Stream.of(LOWER, HIGHER)
        .flatMap(
            identifier ->
                begun.stream()
                    .flatMap(
                        some ->
                            Stream.of("-", "=")
                                .map(closed -> Arguments.of(identifier, some + closed))));
  }

  /// @param begun steps as in [#orders], then which of both they close: `-` ours, `=` theirs
  @ParameterizedTest
  @MethodSource("beginnings")
  void ifTheyCloseOneWithoutAWordTheOtherIsTheSessionAtOnce(long identifier, String begun)
      throws Exception {
    for (char step : begun.toCharArray()) {
      switch (step) {
        case '+' -> call();
        case 'X', 'Y' -> (step == 'X' ? x : y).open(64500, 90, identifier).expect(Keepalive.class);
        case 'x', 'y' -> confirm(step == 'x' ? x : y, null);
        default -> {}
      }
    }
    boolean ours = begun.endsWith("-");
    ScriptedPeer other = ours ? y : x;
    (ours ? x : y).close();
    speakers.tape.await("that it is closed", _ -> counted(Counter.CONNECTIONS_LOST) == 1);

    if (!begun.contains(ours ? "Y" : "X")) {
      other.open(64500, 90, identifier).expect(Keepalive.class);
    }
    if (!begun.contains(ours ? "y" : "x")) {
      other.keepalive();
    }

    speakers.tape.await("the session", _ -> isUp());
    assertIsTheSession(other);
  }

  private boolean isUp() {
    return collector.status().getFirst().state() instanceof State.Established;
  }

  private long counted(Counter counter) {
    return collector.status().getFirst().counters().getOrDefault(counter, 0L);
  }

  @Test
  void aThirdConnectionDoesNotEndTheSessionOfTheSecond() throws Exception {
    call();
    establish(y, HIGHER);
    awaitUp(0);

    var third = speakers.call(collector, ONE);
    third.expect(Open.class);
    third.open(64500, 90, HIGHER);

    assertThat(third.expectEnd()).isEqualTo(COLLISION);
    assertIsTheSession(y);
  }

  // ---- two real ones

  @RepeatedTest(10)
  void twoSpeakersThatCallEachOtherEndWithOneSession() throws Exception {
    var left = new InetSocketAddress(ip("127.11.1.1"), freePort("127.11.1.1"));
    var right = new InetSocketAddress(ip("127.11.1.2"), freePort("127.11.1.2"));
    try (var lower = speaker(64600, 1, left, 64601, right);
        var higher = speaker(64601, 2, right, 64600, left)) {
      lower.start();
      higher.start();

      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!areOne(lower, higher)) {
        assertThat(System.nanoTime())
            .as("time for one session: %s %s", lower.status(), higher.status())
            .isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }

  private static int freePort(String address) throws Exception {
    try (ServerSocket free = ScriptedPeer.listen(address)) {
      return free.getLocalPort();
    }
  }

  private static Collector speaker(
      long as, long identifier, InetSocketAddress own, long peerAs, InetSocketAddress peer) {
    return new Collector(
        LocalConfig.of(as, identifier, List.of(own)),
        List.of(
            NeighborConfig.of("other", peer.getAddress(), peerAs)
                .withPort(peer.getPort())
                .withLocalAddress(own.getAddress())),
        new Tape());
  }

  private static boolean areOne(Collector left, Collector right) throws Exception {
    NeighborDetail one = left.detail("other").orElseThrow().get(10, TimeUnit.SECONDS);
    NeighborDetail two = right.detail("other").orElseThrow().get(10, TimeUnit.SECONDS);
    return one.status().state() instanceof State.Established
        && two.status().state() instanceof State.Established
        && Objects.equals(one.local(), two.peer())
        && Objects.equals(one.peer(), two.local());
  }
}
