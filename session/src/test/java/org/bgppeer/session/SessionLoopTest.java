package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.bgppeer.wire.Hex.octets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bgppeer.session.Tape.Said;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.OptionalParameter;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.Update;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real sockets on loopback, scripted neighbors, a clock that the test turns.
class SessionLoopTest {
  private static final long OUR_AS = 64512;
  private static final long OUR_ID = 0x0a0000ffL; // 10.0.0.255
  private static final long LOWER = 0x0a000001L;
  private static final long HIGHER = 0x0affff01L;
  private static final String ONE = "127.11.0.1";
  private static final String TWO = "127.11.0.2";

  private final TurnedClock clock = new TurnedClock();
  private final Tape tape = new Tape();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private static InetAddress ip(String literal) throws Exception {
    return InetAddress.getByName(literal);
  }

  private static NeighborConfig passive(String name, String address, long as) throws Exception {
    return NeighborConfig.of(name, ip(address), as).withDirections(false, true);
  }

  private Collector start(NeighborConfig... neighbors) throws Exception {
    return startWith(tape, neighbors);
  }

  private Collector startWith(Recorder recorder, NeighborConfig... neighbors) throws Exception {
    var listen = new InetSocketAddress(ip("127.11.0.100"), 0);
    var local = LocalConfig.of(OUR_AS, OUR_ID, List.of(listen)).withHostName("collector", "");
    var collector = new Collector(local, List.of(neighbors), recorder, clock);
    open.add(collector);
    collector.start();
    return collector;
  }

  private ScriptedPeer call(Collector collector, String from) throws Exception {
    var peer = ScriptedPeer.dial(collector.listening().getFirst(), from);
    open.add(peer);
    return peer;
  }

  private ScriptedPeer answer(ServerSocket server) throws Exception {
    var peer = ScriptedPeer.accept(server);
    open.add(peer);
    return peer;
  }

  private ScriptedPeer established(Collector collector, String from, String name) throws Exception {
    int before = tape.changes(name).size();
    var peer = call(collector, from).establish(64500, 90);
    assertThat(tape.awaitChange(name, before + 1)).hasToString("5->6");
    return peer;
  }

  // ---- sessions

  @Test
  void aSessionIsRecordedFromTheFirstOpenToTheEnd() throws Exception {
    var collector = start(passive("one", ONE, 64500));

    var peer = established(collector, ONE, "one");
    peer.announce("192.0.2.0/24");
    peer.endOfRib();
    peer.notification(Notification.shutdown(Notification.ADMINISTRATIVE_SHUTDOWN, "maintenance"));
    var end = tape.awaitChange("one", 2);

    assertThat(tape.of("one"))
        .containsExactly(
            "> OPEN",
            "< OPEN",
            "> KEEPALIVE",
            "< KEEPALIVE",
            "5->6",
            "< UPDATE",
            "< UPDATE",
            "< NOTIFICATION",
            "6->1 NOTIFICATION_RECEIVED");
    assertThat(end.endpoints().peerAs()).isEqualTo(64500);
    assertThat(end.endpoints().localAs()).isEqualTo(OUR_AS);
    assertThat(end.endpoints().peer().getAddress()).isEqualTo(ip(ONE));
    assertThat(end.endpoints().local()).isEqualTo(collector.listening().getFirst());
    peer.expectClose();
  }

  @Test
  void ourOpenSaysWhatWeCanDo() throws Exception {
    var peer = call(start(passive("one", ONE, 64500)), ONE);

    Open ours = peer.expect(Open.class);

    assertThat(ours.as()).isEqualTo(OUR_AS);
    assertThat(ours.bgpIdentifier()).isEqualTo(OUR_ID);
    assertThat(ours.holdTimeSeconds()).isEqualTo(90);
    assertThat(ours.capabilities())
        .containsExactly(
            new Capability.Multiprotocol(Family.IPV4_UNICAST),
            new Capability.Multiprotocol(Family.IPV6_UNICAST),
            new Capability.RouteRefreshCapability(false),
            new Capability.EnhancedRouteRefresh(),
            new Capability.FourOctetAs(OUR_AS),
            new Capability.ExtendedMessage(),
            new Capability.GracefulRestart(false, true, 0, List.of()),
            new Capability.AddPath(
                List.of(
                    new Capability.AddPath.Entry(Family.IPV4_UNICAST, Capability.AddPath.RECEIVE),
                    new Capability.AddPath.Entry(Family.IPV6_UNICAST, Capability.AddPath.RECEIVE))),
            new Capability.ExtendedNextHop(
                List.of(new Capability.ExtendedNextHop.Entry(Family.IPV4_UNICAST, 2))),
            new Capability.Fqdn("collector", ""));
  }

  @Test
  void aNeighborThatListensIsCalled() throws Exception {
    try (ServerSocket server = ScriptedPeer.listen(ONE)) {
      start(
          NeighborConfig.of("one", ip(ONE), 64500)
              .withPort(server.getLocalPort())
              .withLocalAddress(ip("127.11.0.99"))
              .withDirections(true, false));

      answer(server).establish(64500, 90);

      var up = tape.awaitChange("one", 1);
      assertThat(up).hasToString("5->6");
      assertThat(up.endpoints().local().getAddress()).isEqualTo(ip("127.11.0.99"));
      assertThat(up.endpoints().peer().getPort()).isEqualTo(server.getLocalPort());
    }
  }

  @Test
  void bothWaysWorkOverIpv6() throws Exception {
    skipWithoutIpv6();
    try (ServerSocket server = ScriptedPeer.listen("::1")) {
      var listen = new InetSocketAddress(ip("::1"), 0);
      var local = LocalConfig.of(OUR_AS, OUR_ID, List.of(listen));
      InetAddress loopback = ip("::1");
      var config =
          NeighborConfig.of("six", loopback, 64500)
              .withPort(server.getLocalPort())
              .withDirections(true, true);
      var collector = new Collector(local, List.of(config), tape, clock);
      open.add(collector);
      collector.start();

      answer(server).establish(64500, 90).close();
      assertThat(tape.awaitChange("six", 2)).hasToString("6->1 CONNECTION_CLOSED");
      var caller = ScriptedPeer.dial(collector.listening().getFirst(), "::1");
      open.add(caller);
      caller.establish(64500, 90);

      assertThat(tape.awaitChange("six", 3)).hasToString("5->6");
      assertThat(tape.awaitChange("six", 3).endpoints().peer().getAddress()).isEqualTo(loopback);
    }
  }

  @Test
  void oneWildcardOfEachFamilyCanListenOnTheSamePort() throws Exception {
    skipWithoutIpv6();
    int port;
    try (ServerSocket free = ScriptedPeer.listen("0.0.0.0")) {
      port = free.getLocalPort();
    }
    var local =
        LocalConfig.of(
            OUR_AS,
            OUR_ID,
            List.of(
                new InetSocketAddress(ip("0.0.0.0"), port), new InetSocketAddress(ip("::"), port)));
    var collector =
        new Collector(
            local, List.of(passive("four", ONE, 64500), passive("six", "::1", 64500)), tape, clock);
    open.add(collector);
    collector.start();

    for (String address : List.of(ONE, "::1")) {
      var target = new InetSocketAddress(ip(address), port);
      var peer = ScriptedPeer.dial(target, address);
      open.add(peer);
      peer.establish(64500, 90);
    }

    assertThat(tape.awaitChange("four", 1)).hasToString("5->6");
    assertThat(tape.awaitChange("six", 1)).hasToString("5->6");
  }

  @Test
  void theStatusTellsHowEachNeighborStands() throws Exception {
    var collector = start(passive("one", ONE, 64500), passive("two", TWO, 64501));

    established(collector, ONE, "one").announce("192.0.2.0/24");
    tape.await("the UPDATE", all -> tape.of("one").contains("< UPDATE"));

    NeighborStatus one = collector.status().getFirst();
    assertThat(one.state()).isInstanceOf(State.Established.class);
    assertThat(one.count(Counter.ESTABLISHED)).isEqualTo(1);
    assertThat(one.count(Counter.UPDATES_RECEIVED)).isEqualTo(1);
    assertThat(one.messagesReceived()).isEqualTo(3);
    assertThat(one.messagesSent()).isEqualTo(2);
    awaitState(() -> collector.status().getLast(), State.Active.class);
  }

  @Test
  void aStopTellsEachNeighborAndTheRecorder() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");

    collector.close();

    Notification told = peer.expectEnd();
    assertThat(told.words()).isEqualTo("Administrative Shutdown (6/2)");
    assertThat(told.shutdownText()).isEqualTo("collector stopped");
    assertThat(tape.of("one")).endsWith("> NOTIFICATION", "6->1 COLLECTOR_STOPPED");
  }

  @Test
  void aNeighborThatComesBackAtOnceIsTakenAtOnce() throws Exception {
    var collector = start(passive("one", ONE, 64500));

    established(collector, ONE, "one").reset();
    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 CONNECTION_RESET");

    established(collector, ONE, "one");
    assertThat(collector.status().getFirst().count(Counter.ESTABLISHED)).isEqualTo(2);
  }

  @Test
  void aRefreshIsAskedOfANeighborThatCan() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");

    assertThat(collector.refresh("one", Family.IPV6_UNICAST).get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(collector.refresh("one", Family.IPV4_MULTICAST).get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(collector.refresh("nobody", Family.IPV6_UNICAST).get(10, TimeUnit.SECONDS))
        .isFalse();

    assertThat(peer.expect(RouteRefresh.class).family()).isEqualTo(Family.IPV6_UNICAST);
  }

  // ---- timers

  @Test
  void aSilentNeighborIsToldAfterTheHoldTime() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");

    clock.turn(Duration.ofSeconds(89));
    assertThat(tape.changes("one")).hasSize(1);
    clock.turn(Duration.ofSeconds(1));

    assertThat(peer.expectEnd()).isEqualTo(Notification.of(4, 0));
    var end = tape.awaitChange("one", 2);
    assertThat(end).hasToString("6->1 HOLD_TIMER_EXPIRED");
    assertThat(end.text()).isEqualTo("90 s");
  }

  @Test
  void silenceAfterTheOpensEndsAfterTheHoldTimeAgreedOn() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = call(collector, ONE);
    peer.open(64500, 30).expect(Open.class);
    peer.expect(Keepalive.class);
    awaitState(collector, State.OpenConfirm.class); // its timers run

    clock.turn(Duration.ofSeconds(10));
    peer.expect(Keepalive.class);
    clock.turn(Duration.ofSeconds(19));
    assertThat(tape.changes("one")).isEmpty();
    clock.turn(Duration.ofSeconds(1));

    assertThat(peer.expectEnd()).isEqualTo(Notification.of(4, 0));
    assertThat(tape.awaitChange("one", 1)).hasToString("5->1 HOLD_TIMER_EXPIRED");
  }

  @Test
  void aNeighborThatIsHeardIsKept() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");

    for (int i = 1; i <= 4; i++) {
      clock.turn(Duration.ofSeconds(60));
      peer.keepalive();
      int heard = 2 + i;
      tape.await("KEEPALIVE", all -> collector.status().getFirst().messagesReceived() >= heard);
    }

    assertThat(tape.of("one")).doesNotContain("6->1 HOLD_TIMER_EXPIRED");
    assertThat(collector.status().getFirst().state()).isInstanceOf(State.Established.class);
  }

  @Test
  void whenTheProcessWasHeldUpWhatTheySaidMeanwhileCounts() throws Exception {
    var collector = start(passive("one", ONE, 64500), passive("two", TWO, 64500));
    established(collector, ONE, "one");
    var heard = established(collector, TWO, "two");

    clock.jump(Duration.ofSeconds(100));
    assertThat(tape.changes("one")).as("while it may be in the socket").hasSize(1);
    heard.keepalive();
    tape.await("KEEPALIVE", all -> collector.status().getLast().messagesReceived() == 3);
    clock.turn(Duration.ofSeconds(1));

    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 HOLD_TIMER_EXPIRED");
    assertThat(tape.changes("two")).hasSize(1);
  }

  @Test
  void aKeepaliveGoesOutEachThirdOfTheLowerHoldTime() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = call(collector, ONE).establish(64500, 30);
    tape.awaitChange("one", 1);

    for (int i = 0; i < 2; i++) {
      clock.turn(Duration.ofSeconds(9));
      assertThat(peer.unread()).isZero();
      clock.turn(Duration.ofSeconds(1));
      peer.expect(Keepalive.class);
    }
    assertThat(peer.heard()).hasSize(4);
  }

  @Test
  void withHoldTimeZeroNothingExpires() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = call(collector, ONE).establish(64500, 0);
    tape.awaitChange("one", 1);

    clock.turn(Duration.ofHours(1));

    assertThat(peer.unread()).isZero();
    assertThat(collector.status().getFirst().state()).isInstanceOf(State.Established.class);
  }

  @Test
  void silenceAfterConnectEndsAfterFourMinutes() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = call(collector, ONE);
    peer.expect(Open.class);
    awaitState(collector, State.OpenSent.class);

    clock.turn(Duration.ofMinutes(4));

    assertThat(peer.expectEnd()).isEqualTo(Notification.of(4, 0));
    assertThat(tape.awaitChange("one", 1)).hasToString("4->1 HOLD_TIMER_EXPIRED");
  }

  @Test
  void aTruncatedOpenAndThenSilenceEndsAfterFourMinutes() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = call(collector, ONE);
    byte[] whole = Open.of(64500, 90, LOWER, List.of()).encode();
    peer.send(Arrays.copyOf(whole, 25)).expect(Open.class);
    awaitState(collector, State.OpenSent.class);

    clock.turn(Duration.ofMinutes(4));

    assertThat(peer.expectEnd()).isEqualTo(Notification.of(4, 0));
  }

  @Test
  void aTruncatedOpenAndThenTheEndIsToldAsThat() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = call(collector, ONE);
    byte[] whole = Open.of(64500, 90, LOWER, List.of()).encode();
    peer.send(Arrays.copyOf(whole, 25)).expect(Open.class);
    peer.close();

    var end = tape.awaitChange("one", 1);
    assertThat(end).hasToString("4->1 CONNECTION_CLOSED");
    assertThat(end.text()).isEqualTo("in the middle of a message, after 25 octets of it");
  }

  @Test
  void whoDoesNotAnswerIsCalledAgainLaterAndLater() throws Exception {
    int port;
    try (ServerSocket free = ScriptedPeer.listen(ONE)) {
      port = free.getLocalPort();
    }
    var config =
        NeighborConfig.of("one", ip(ONE), 64500).withPort(port).withDirections(true, false);
    var collector = start(config);
    var first = tape.awaitChange("one", 1);
    assertThat(first).hasToString("2->1 CONNECTION_REFUSED");
    assertThat(first.text()).as("who refuses it").isEqualTo(ONE + ":" + port);

    // 5 s, 10 s, 20 s, 40 s: the next is due after 75 s in all, and is news after a minute.
    for (Duration wait : List.of(5, 10, 20, 40).stream().map(Duration::ofSeconds).toList()) {
      awaitState(collector, State.Active.class);
      clock.turn(wait);
    }

    var second = tape.awaitChange("one", 2);
    assertThat(Duration.between(first.at(), second.at())).isEqualTo(Duration.ofSeconds(75));
  }

  private static void awaitState(Collector collector, Class<? extends State> state) {
    awaitState(() -> collector.status().getFirst(), state);
  }

  private static void awaitState(Supplier<NeighborStatus> neighbor, Class<? extends State> state) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!state.isInstance(neighbor.get().state())) {
      assertThat(System.nanoTime()).as("time for %s", state).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void whoFailsAgainAndAgainIsSentAwayForAWhile() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    for (int i = 0; i < 2; i++) {
      assertThat(call(collector, ONE).open(64999, 90).expectEnd().words())
          .isEqualTo("Bad Peer AS (2/2)");
    }

    assertThat(call(collector, ONE).expectEnd().words()).isEqualTo("Connection Rejected (6/5)");
    clock.turn(Duration.ofSeconds(1));

    assertThat(call(collector, ONE).open(64999, 90).expectEnd().words())
        .isEqualTo("Bad Peer AS (2/2)");
    assertThat(tape.changes("one")).hasSize(1); // the same reason within a minute is no news
  }

  // ---- bad input

  private void refused(UnaryOperator<Open> changed, String words, String text) throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var good = Open.of(64500, 90, LOWER, List.of(new Capability.FourOctetAs(64500)));

    var peer = call(collector, ONE).open(changed.apply(good));

    assertThat(peer.expectEnd().words()).isEqualTo(words);
    var end = tape.awaitChange("one", 1);
    assertThat(end).hasToString("4->1 NOTIFICATION_SENT");
    assertThat(end.text()).isEqualTo(text);
    assertThat(tape.of("one")).startsWith("> OPEN", "< OPEN", "> NOTIFICATION");
  }

  @Test
  void anotherAsIsRefused() throws Exception {
    refused(
        _ -> Open.of(64510, 90, LOWER, List.of()),
        "Bad Peer AS (2/2)",
        "they say AS64510, AS64500 is configured");
  }

  @Test
  void aWideAsThatDiffersFromTheNarrowOneCounts() throws Exception {
    refused(
        _ -> Open.of(64500, 90, LOWER, List.of(new Capability.FourOctetAs(4_200_000_000L))),
        "Bad Peer AS (2/2)",
        "they say AS4200000000, AS64500 is configured");
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void aHoldTimeOfOneOrTwoSecondsIsRefused(int seconds) throws Exception {
    refused(
        open -> Open.of(64500, seconds, LOWER, open.capabilities()),
        "Unacceptable Hold Time (2/6)",
        "hold time " + seconds + " s is not 0 or at least 3 s");
  }

  @Test
  void anIdentifierOfZeroIsRefused() throws Exception {
    refused(
        open -> Open.of(64500, 90, 0, open.capabilities()),
        "Bad BGP Identifier (2/3)",
        "BGP identifier 0.0.0.0");
  }

  @Test
  void ourIdentifierIsRefusedWithinOurAsAlone() throws Exception {
    var collector = start(passive("inside", ONE, OUR_AS), passive("outside", TWO, 64500));

    assertThat(call(collector, ONE).open(OUR_AS, 90, OUR_ID).expectEnd().words())
        .isEqualTo("Bad BGP Identifier (2/3)");
    call(collector, TWO).open(64500, 90, OUR_ID).keepalive();

    assertThat(tape.awaitChange("outside", 1)).hasToString("5->6");
  }

  @Test
  void anUnknownOptionalParameterIsRefused() throws Exception {
    refused(
        open ->
            new Open(
                4,
                64500,
                90,
                LOWER,
                open.capabilities(),
                List.of(new OptionalParameter(9, Octets.ofHex("abcd")))),
        "Unsupported Optional Parameter (2/4)",
        "unknown optional parameter 9");
  }

  @Test
  void anotherVersionIsRefusedAndOursIsNamed() throws Exception {
    var peer = call(start(passive("one", ONE, 64500)), ONE);
    byte[] three = Open.of(64500, 90, LOWER, List.of()).encode();
    three[19] = 3;

    Notification told = peer.send(three).expectEnd();

    assertThat(told).isEqualTo(new Notification(2, 1, Octets.ofHex("0004")));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 474554202f20485454502f312e310d0a0d0a, 1/1, ''",
    "marker, ffffffffffffffffffffffffffffff00001304, 1/1, ''",
    "length 18, ffffffffffffffffffffffffffffffff001204, 1/2, 0012",
    "length 65535, ffffffffffffffffffffffffffffffffffff01, 1/2, ffff",
    "length 4097, ffffffffffffffffffffffffffffffff100102, 1/2, 1001",
    "OPEN of 28, ffffffffffffffffffffffffffffffff001c01, 1/2, 001c",
    "KEEPALIVE of 20, ffffffffffffffffffffffffffffffff001404, 1/2, 0014",
    "type 77, ffffffffffffffffffffffffffffffff00134d, 1/3, 4d",
    "KEEPALIVE before OPEN, ffffffffffffffffffffffffffffffff001304, 5/1, 04",
    "UPDATE before OPEN, ffffffffffffffffffffffffffffffff00170200000000, 5/1, 02"
  })
  void whatIsNoOpenIsAnsweredAsTheRfcSays(String what, String hex, String code, String data)
      throws Exception {
    var collector = start(passive("one", ONE, 64500), passive("two", TWO, 64500));
    var other = established(collector, TWO, "two");

    Notification told = call(collector, ONE).send(octets(hex)).expectEnd();

    assertThat(told.code() + "/" + told.subcode()).as(what).isEqualTo(code);
    assertThat(told.data().toHex()).as(what).isEqualTo(data);
    assertThat(tape.awaitChange("one", 1)).hasToString("4->1 NOTIFICATION_SENT");
    other.announce("192.0.2.0/24");
    tape.await("the UPDATE of the other", all -> tape.of("two").contains("< UPDATE"));
    assertThat(tape.changes("two")).hasSize(1);
  }

  @Test
  void aSecondOpenIsAnErrorOfTheirMachine() throws Exception {
    var collector = start(passive("one", ONE, 64500));

    Notification told = established(collector, ONE, "one").open(64500, 90).expectEnd();

    assertThat(told).isEqualTo(new Notification(5, 3, Octets.ofHex("01")));
    assertThat(tape.awaitChange("one", 2).text()).isEqualTo("OPEN in Established");
  }

  @Test
  void aMalformedUpdateThatCanBeReadCostsNoSession() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");

    // ORIGIN 9 and no AS_PATH: treat-as-withdraw
    peer.update(new byte[0], octets("40 01 01 09  40 03 04 c0000201"), octets("18 c00002"));
    peer.announce("198.51.100.0/24");
    tape.await("both UPDATEs", all -> updates() == 2);

    assertThat(tape.changes("one")).hasSize(1);
  }

  @Test
  void anUpdateThatCannotBeReadEndsTheSession() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");

    // withdrawn routes of 200 octets in a message of 23
    Notification told =
        peer.send(octets("ffffffffffffffffffffffffffffffff 0017 02 00c8 0000")).expectEnd();

    assertThat(told.code()).isEqualTo(Notification.UPDATE_MESSAGE_ERROR);
    var end = tape.awaitChange("one", 2);
    assertThat(end).hasToString("6->1 NOTIFICATION_SENT");
    assertThat(end.text()).isNotEmpty();
  }

  @Test
  void aMessageMayBeLongOnceWeSaidSo() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");
    var withdrawn = new WireWriter();
    while (withdrawn.length() < 65535 - 23 - 5) {
      withdrawn.u8(32).u32(0xc0000200L + withdrawn.length());
    }

    byte[] update = ScriptedPeer.updateOctets(withdrawn.toByteArray(), new byte[0], new byte[0]);
    peer.send(update);
    tape.await("the UPDATE", all -> tape.of("one").contains("< UPDATE"));

    assertThat(update.length).isGreaterThan(65000);
    assertThat(((Said) tape.entries().getLast()).message()).isEqualTo(update);
  }

  @Test
  void aCallerWhoIsNotConfiguredIsSentAwayAndRecordedOnce() throws Exception {
    var collector = start(passive("one", ONE, 64500));

    for (int i = 0; i < 3; i++) {
      assertThat(call(collector, "127.11.0.66").expectEnd().words())
          .isEqualTo("Connection Rejected (6/5)");
    }

    assertThat(tape.of("127.11.0.66")).containsExactly("> NOTIFICATION", "1->1 NOT_CONFIGURED");
    assertThat(tape.changes("127.11.0.66").getFirst().endpoints().peerAs()).isZero();
  }

  @Test
  void aFaultOfTheRecorderEndsThatSessionAlone() throws Exception {
    var faulty = new Faulty(tape, "< UPDATE");
    var collector = startWith(faulty, passive("one", ONE, 64500), passive("two", TWO, 64500));
    var one = established(collector, ONE, "one");
    var two = established(collector, TWO, "two");

    one.announce("192.0.2.0/24");
    two.announce("192.0.2.0/24");

    assertThat(one.expectEnd().code()).isEqualTo(Notification.CEASE);
    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 INTERNAL_ERROR");
    tape.await("the UPDATE of the other", all -> tape.of("two").contains("< UPDATE"));
    established(collector, ONE, "one");
  }

  @Test
  void aFaultBetweenTwoStatesEndsThatSessionAndIsTriedAgainLater() throws Exception {
    var collector =
        startWith(new Faulty(tape, "5->6"), passive("one", ONE, 64500), passive("two", TWO, 64500));
    call(collector, ONE).establish(64500, 90).expectClose();
    assertThat(tape.awaitChange("one", 1)).hasToString("6->1 INTERNAL_ERROR");

    assertThat(call(collector, ONE).expectEnd().words()).isEqualTo("Connection Rejected (6/5)");
    established(collector, TWO, "two");
    clock.turn(Duration.ofSeconds(30));
    call(collector, ONE).expect(Open.class);
  }

  /// A recorder that throws at one kind of entry of neighbor `one`.
  private record Faulty(Tape tape, String at) implements Recorder {
    @Override
    public void message(
        Endpoints endpoints,
        boolean sent,
        Instant when,
        byte[] message,
        int offset,
        int length,
        DecodeContext context) {
      fail(endpoints, (sent ? "> " : "< ") + MessageType.of(Framing.type(message, offset)));
      tape.message(endpoints, sent, when, message, offset, length, context);
    }

    @Override
    public void stateChange(
        Endpoints endpoints,
        Instant when,
        int oldState,
        int newState,
        @Nullable StateReason reason) {
      fail(endpoints, oldState + "->" + newState);
      tape.stateChange(endpoints, when, oldState, newState, reason);
    }

    @Override
    public boolean congested() {
      return false;
    }

    private void fail(Endpoints endpoints, String what) {
      if (endpoints.neighbor().equals("one") && what.equals(at)) {
        throw new IllegalStateException("a fault");
      }
    }
  }

  // ---- collision

  private Collector startDialling(ServerSocket server) throws Exception {
    return start(NeighborConfig.of("one", ip(ONE), 64500).withPort(server.getLocalPort()));
  }

  @Test
  void ofTwoConnectionsTheOneFromTheHigherIdentifierStaysTheirs() throws Exception {
    try (ServerSocket server = ScriptedPeer.listen(ONE)) {
      var collector = startDialling(server);
      var called = answer(server);
      called.expect(Open.class);
      var calling = call(collector, ONE);
      calling.expect(Open.class);

      called.open(64500, 90, HIGHER).expect(Keepalive.class);
      calling.open(64500, 90, HIGHER).expect(Keepalive.class);

      assertThat(called.expectEnd().words()).isEqualTo("Connection Collision Resolution (6/7)");
      calling.keepalive();
      assertThat(tape.awaitChange("one", 1)).hasToString("5->1 COLLISION");
      assertThat(tape.awaitChange("one", 2)).hasToString("5->6");
      calling.announce("192.0.2.0/24");
      tape.await("the UPDATE", all -> tape.of("one").contains("< UPDATE"));
    }
  }

  @Test
  void ofTwoConnectionsTheOneFromTheHigherIdentifierStaysOurs() throws Exception {
    try (ServerSocket server = ScriptedPeer.listen(ONE)) {
      var collector = startDialling(server);
      var called = answer(server);
      called.expect(Open.class);
      var calling = call(collector, ONE);
      calling.expect(Open.class);

      called.open(64500, 90, LOWER).expect(Keepalive.class);

      assertThat(calling.open(64500, 90, LOWER).expectEnd().words())
          .isEqualTo("Connection Collision Resolution (6/7)");
      called.keepalive();
      assertThat(tape.awaitChange("one", 1)).hasToString("4->1 COLLISION");
      assertThat(tape.awaitChange("one", 2)).hasToString("5->6");
    }
  }

  @Test
  void theirCallThatGetsAsFarFirstLosesToOursWithTheHigherIdentifier() throws Exception {
    try (ServerSocket server = ScriptedPeer.listen(ONE)) {
      var collector = startDialling(server);
      var called = answer(server);
      called.expect(Open.class);
      var calling = call(collector, ONE);
      calling.expect(Open.class);

      calling.open(64500, 90, LOWER).expect(Keepalive.class);
      called.open(64500, 90, LOWER).expect(Keepalive.class);

      assertThat(calling.expectEnd().words()).isEqualTo("Connection Collision Resolution (6/7)");
      called.keepalive();
      assertThat(tape.awaitChange("one", 2)).hasToString("5->6");
    }
  }

  @Test
  void aSessionThatIsUpWinsAgainstEachNewConnection() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var first = established(collector, ONE, "one");

    var again = call(collector, ONE).open(64500, 90, HIGHER);

    assertThat(again.expectEnd().words()).isEqualTo("Connection Collision Resolution (6/7)");
    first.announce("192.0.2.0/24");
    tape.await("the UPDATE", all -> tape.of("one").contains("< UPDATE"));
    assertThat(collector.status().getFirst().state()).isInstanceOf(State.Established.class);
  }

  @Test
  void aSessionThatTheyTakeForTheLoserOfTwoConnectionsEndsAsThat() throws Exception {
    var collector = start(passive("one", ONE, 64500));

    established(collector, ONE, "one")
        .notification(Notification.of(Notification.CEASE, Notification.CONNECTION_COLLISION));

    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 COLLISION");
  }

  @Test
  void theirCallGoesOnWhenOursFails() throws Exception {
    try (ServerSocket server = ScriptedPeer.listen(ONE)) {
      var collector = startDialling(server);
      var called = answer(server);
      called.expect(Open.class);
      var calling = call(collector, ONE);
      calling.expect(Open.class);

      called.reset();
      assertThat(tape.awaitChange("one", 1).oldState()).isEqualTo(4);
      calling.open(64500, 90, HIGHER).keepalive();

      assertThat(tape.awaitChange("one", 2)).hasToString("5->6");
      assertThat(collector.status().getFirst().state()).isInstanceOf(State.Established.class);
    }
  }

  // ---- receive only

  @Test
  void nothingThatWeSendCanCarryARoute() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");

    for (int round = 0; round < 20; round++) {
      peer.announce("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24");
      peer.withdraw("198.51.100.0/24");
      peer.send(RouteRefresh.request(Family.IPV4_UNICAST).encode());
      clock.turn(Duration.ofSeconds(30));
      peer.keepalive();
      int heard = 2 + 4 * (round + 1);
      tape.await(
          "all of round " + round,
          all -> collector.status().getFirst().messagesReceived() >= heard);
    }
    peer.endOfRib();
    assertThat(collector.refresh("one", Family.IPV4_UNICAST).get(10, TimeUnit.SECONDS)).isTrue();
    peer.expect(Keepalive.class);
    collector.close();
    peer.expectEnd();

    assertThat(peer.heard().stream().map(each -> MessageType.of(each[18] & 0xff)))
        .hasSizeGreaterThan(20)
        .containsOnly(
            MessageType.Assigned.OPEN,
            MessageType.Assigned.KEEPALIVE,
            MessageType.Assigned.ROUTE_REFRESH,
            MessageType.Assigned.NOTIFICATION);
    List<byte[]> recorded =
        tape.entries().stream()
            .filter(entry -> entry instanceof Said said && said.sent())
            .map(entry -> ((Said) entry).message())
            .toList();
    assertThat(recorded.toArray(byte[][]::new)).isEqualTo(peer.heard().toArray(byte[][]::new));
  }

  @Test
  void aNeighborThatJustRestartedIsToldThatWeHaveNoRoutes() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var restarted =
        new Capability.GracefulRestart(
            true,
            false,
            120,
            List.of(new Capability.GracefulRestart.Entry(Family.IPV4_UNICAST, true)));

    var peer = call(collector, ONE);
    peer.open(
        Open.of(
            64500,
            90,
            LOWER,
            List.of(
                new Capability.Multiprotocol(Family.IPV4_UNICAST),
                new Capability.Multiprotocol(Family.IPV6_UNICAST),
                restarted)));
    peer.expect(Open.class);
    peer.expect(Keepalive.class);
    peer.keepalive();

    Update first = peer.expect(Update.class);
    assertThat(first.endOfRib()).isEqualTo(Family.IPV4_UNICAST);
    Update second = peer.expect(Update.class);
    assertThat(second.endOfRib()).isEqualTo(Family.IPV6_UNICAST);
    assertThat(tape.of("one").subList(4, 7)).containsExactly("5->6", "> UPDATE", "> UPDATE");
  }

  // ---- back-pressure

  @Test
  void aFullJournalStopsTheReadingAndNothingElse() throws Exception {
    var collector = start(passive("one", ONE, 64500));
    var peer = established(collector, ONE, "one");

    tape.full(true);
    peer.announce("192.0.2.0/24");
    awaitReading(collector, false);
    long before = updates();
    peer.announce("198.51.100.0/24");
    clock.turn(Duration.ofMinutes(10)); // many hold times
    for (int i = 0; i < 20; i++) {
      peer.expect(Keepalive.class);
    }
    assertThat(updates()).isEqualTo(before);

    tape.full(false);
    clock.turn(Duration.ofSeconds(1));
    awaitReading(collector, true);
    tape.await("both UPDATEs", all -> updates() == 2);
    clock.turn(Duration.ofMinutes(3));

    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 HOLD_TIMER_EXPIRED");
  }

  private long updates() {
    return tape.of("one").stream().filter("< UPDATE"::equals).count();
  }

  private void awaitReading(Collector collector, boolean reading) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (collector.status().getFirst().reading() != reading) {
      assertThat(System.nanoTime()).as("time for reading=%s", reading).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  // ---- listening

  @Test
  void anAddressThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = ScriptedPeer.listen("127.11.0.100")) {
      var address = (InetSocketAddress) taken.getLocalSocketAddress();
      try (var collector =
          new Collector(
              LocalConfig.of(OUR_AS, OUR_ID, List.of(address)),
              List.of(passive("one", ONE, 64500)),
              tape,
              clock)) {
        assertThatThrownBy(collector::start)
            .isInstanceOfSatisfying(
                ListenException.class,
                e -> assertThat(e.reason()).isEqualTo(ListenException.Reason.IN_USE))
            .hasMessage(
                "cannot listen on 127.11.0.100:"
                    + address.getPort()
                    + ": another program listens there");
      }
    }
  }

  @Test
  void anAddressThatIsNotOursIsNamed() throws Exception {
    var address = new InetSocketAddress(ip("192.0.2.123"), 17911);
    try (var collector =
        new Collector(
            LocalConfig.of(OUR_AS, OUR_ID, List.of(address)),
            List.of(passive("one", ONE, 64500)),
            tape,
            clock)) {
      assertThatThrownBy(collector::start)
          .hasMessage(
              "cannot listen on 192.0.2.123:17911: no interface of this machine has that address");
    }
  }

  @Test
  void twoCollectorsWithTheSamePasswordAgree() throws Exception {
    InetAddress left = ip("127.11.0.100");
    InetAddress right = ip("127.11.0.101");
    var listening =
        new Collector(
            LocalConfig.of(64500, LOWER, List.of(new InetSocketAddress(right, 0))),
            List.of(passive("left", "127.11.0.100", OUR_AS).withPassword("s3cret")),
            tape,
            clock);
    open.add(listening);
    startOrSkip(listening);
    var dialling =
        NeighborConfig.of("right", right, 64500)
            .withPort(listening.listening().getFirst().getPort())
            .withLocalAddress(left)
            .withPassword("s3cret")
            .withDirections(true, false);
    start(dialling);

    assertThat(tape.awaitChange("left", 1)).hasToString("5->6");
    assertThat(tape.awaitChange("right", 1)).hasToString("5->6");
    assertThat(dialling.toString()).contains("with a password").doesNotContain("s3cret");
  }

  @Test
  void withoutThePasswordNoConnectionComesUp() throws Exception {
    var listen = new InetSocketAddress(ip("127.11.0.100"), 0);
    var collector =
        new Collector(
            LocalConfig.of(OUR_AS, OUR_ID, List.of(listen)),
            List.of(passive("one", ONE, 64500).withPassword("s3cret")),
            tape,
            clock);
    open.add(collector);
    startOrSkip(collector);
    var target = collector.listening().getFirst();

    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(ip(ONE), 0));
      assertThatThrownBy(() -> socket.connect(target, 300))
          .isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(tape.entries()).isEmpty();
  }

  /// Starts a collector with passwords; skips the test where the system has no TCP MD5.
  private static void startOrSkip(Collector collector) throws ListenException {
    try {
      collector.start();
    } catch (ListenException e) {
      assumeThat(e.reason()).as(e.getMessage()).isNotEqualTo(ListenException.Reason.NO_TCP_MD5);
      throw e;
    }
  }

  private static void skipWithoutIpv6() throws Exception {
    assumeThat(NetworkInterface.getByInetAddress(ip("::1"))).as("loopback has ::1").isNotNull();
  }
}
