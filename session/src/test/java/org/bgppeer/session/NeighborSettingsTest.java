package org.bgppeer.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.bgppeer.session.Speakers.ONE;
import static org.bgppeer.session.Speakers.OUR_AS;
import static org.bgppeer.session.Speakers.OUR_ID;
import static org.bgppeer.session.Speakers.TWO;
import static org.bgppeer.session.Speakers.ip;
import static org.bgppeer.session.Speakers.passive;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be said of one neighbor, tried: roles, AS, GTSM, limits, resets.
class NeighborSettingsTest {
  private static final Map<Family, PrefixLimit> AT_MOST_TEN =
      Map.of(
          Family.IPV4_UNICAST,
          new PrefixLimit(10, PrefixLimit.Action.TEAR_DOWN, 80, Duration.ofMinutes(5)));

  private final Speakers speakers = new Speakers();
  private final Tape tape = speakers.tape;

  @AfterEach
  void closeAll() throws Exception {
    speakers.close();
  }

  // ---- who we are to it

  @Test
  void toOneNeighborWeAreAnotherAs() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500).withLocalAs(64999));

    Open ours = speakers.call(collector, ONE).open(64500, 90).expect(Open.class);

    assertThat(ours.as()).isEqualTo(64999);
    assertThat(ours.capabilities()).contains(new Capability.FourOctetAs(64999));
    tape.await("the OPEN", all -> tape.of("one").contains("> OPEN"));
    assertThat(tape.entries().getFirst().endpoints().localAs()).isEqualTo(64999);
  }

  @ParameterizedTest
  @CsvSource({
    "CUSTOMER, 0, false, up",
    "CUSTOMER, -1, false, up",
    "CUSTOMER, -1, true, they do not say their role; to a customer they must be provider",
    "CUSTOMER, 3, false, they say customer; to a customer they must be provider",
    "PEER, 4, true, up",
    "RS_CLIENT, 1, true, up",
    "RS, 1, false, they say route server; to a rs they must be route server client",
  })
  void rolesMustFit(Role ours, int theirs, boolean strict, String outcome) throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500).withRole(ours, strict));
    var peer = speakers.call(collector, ONE);
    assertThat(peer.expect(Open.class).capabilities())
        .contains(new Capability.BgpRole(ours.code()));

    peer.open(
        Open.of(64500, 90, 1, theirs < 0 ? List.of() : List.of(new Capability.BgpRole(theirs))));

    if (outcome.equals("up")) {
      peer.expect(Keepalive.class);
    } else {
      assertThat(peer.expectEnd().words()).isEqualTo("Role Mismatch (2/11)");
      assertThat(tape.awaitChange("one", 1).text()).isEqualTo(outcome.replace(';', ','));
    }
  }

  @Test
  void aLeakIsCountedAndCostsNothing() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500).withRole(Role.PROVIDER, false));
    var peer = speakers.established(collector, ONE, "one");

    peer.send(
        new Updates()
            .usual("192.0.2.1", 64500)
            .attribute(0xc0, 35, "0000fbf4")
            .nlri("192.0.2.0/24")
            .build());
    peer.announce("198.51.100.0/24");

    tape.await(
        "both UPDATEs", all -> collector.status().getFirst().count(Counter.UPDATES_RECEIVED) == 2);
    assertThat(collector.status().getFirst().count(Counter.LEAKS)).isEqualTo(1);
    assertThat(tape.changes("one")).hasSize(1);
  }

  // ---- GTSM

  @Test
  void withGtsmOnBothSidesTheSessionComesUp() throws Exception {
    assertThat(gtsm(1, 1)).isEqualTo("5->6");
  }

  @Test
  void whatComesWithALowerTtlIsDropped() throws Exception {
    var collectors = startGtsm(1, -64);

    tape.await(
        "our OPEN at the other side",
        all -> collectors.getLast().status().getFirst().count(Counter.OPENS_RECEIVED) == 1);
    assertThat(collectors.getFirst().status().getFirst().count(Counter.OPENS_SENT)).isEqualTo(1);
    assertThat(collectors.getFirst().status().getFirst().count(Counter.OPENS_RECEIVED)).isZero();
    assertThat(tape.changes("right")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.11.0.101", "::1"})
  void aCallWithALowerTtlIsDroppedBeforeItsFirstSegmentCounts(String here) throws Exception {
    assumeTrue(Epoll.isAvailable(), "GTSM is Linux's");
    String there = here.equals("::1") ? "::1" : ONE;
    var collector =
        speakers.start(
            LocalConfig.of(64500, 1, List.of(new InetSocketAddress(ip(here), 0))),
            List.of(passive("left", there, 64500).withTtlSecurity(1)),
            List.of());

    assertThatThrownBy(
            () -> {
              try (var peer = ScriptedPeer.dial(collector.listening().getFirst(), there)) {
                peer.open(64500, 90).readOctets(); // of TTL 64
              }
            })
        .isInstanceOf(IOException.class);
    tape.await(
        "the refusal", all -> collector.status().getFirst().count(Counter.CALLS_REFUSED) == 1);
    assertThat(collector.status().getFirst().count(Counter.OPENS_RECEIVED)).isZero();
    assertThat(collector.status().getFirst().count(Counter.OPENS_SENT)).isZero();
    assertThat(tape.entries()).isEmpty();
  }

  private String gtsm(int dialler, int listener) throws Exception {
    startGtsm(dialler, listener);
    tape.awaitChange("left", 1);
    return tape.awaitChange("right", 1).toString();
  }

  /// One that dials and one that listens, the one that dials first.
  ///
  /// @param listener the hops of its GTSM, or without one a TTL below zero
  private List<Collector> startGtsm(int dialler, int listener) throws Exception {
    var left = ip("127.11.0.100");
    var right = ip("127.11.0.101");
    var listening =
        speakers.start(
            LocalConfig.of(64500, 1, List.of(new InetSocketAddress(right, 0))),
            List.of(
                passive("left", "127.11.0.100", OUR_AS)
                    .withTtlSecurity(Math.max(0, listener))
                    .withMultihop(Math.max(0, -listener))),
            List.of());
    var dialling =
        speakers.start(
            LocalConfig.of(OUR_AS, OUR_ID, List.of()),
            List.of(
                NeighborConfig.of("right", right, 64500)
                    .withPort(listening.listening().getFirst().getPort())
                    .withLocalAddress(left)
                    .withTtlSecurity(dialler)
                    .withDirections(true, false)),
            List.of());
    return List.of(dialling, listening);
  }

  // ---- limits

  @Test
  void aNeighborWithTooManyRoutesIsTornDownAndMayComeBackLater() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500).withLimits(AT_MOST_TEN));
    var peer = speakers.established(collector, ONE, "one");

    collector.counted("one", Family.IPV4_UNICAST, 10);
    collector.counted("one", Family.IPV6_UNICAST, 1000);
    collector.counted("one", Family.IPV4_UNICAST, 11);

    Notification told = peer.expectEnd();
    assertThat(told.words()).isEqualTo("Maximum Number of Prefixes Reached (6/1)");
    assertThat(told.data())
        .isEqualTo(Octets.of(new byte[] {0, 1, 1, 0, 0, 0, 10})); // AFI, SAFI, limit
    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 PREFIX_LIMIT");
    assertThat(tape.changes("one").getLast().text()).isEqualTo("ipv4-unicast 11 of 10");
    assertThat(speakers.call(collector, ONE).expectEnd().words())
        .isEqualTo("Connection Rejected (6/5)");
    speakers.clock.turn(Duration.ofMinutes(5));
    speakers.established(collector, ONE, "one");
  }

  @Test
  void aLimitWithoutRestartHoldsUntilAReset() throws Exception {
    var forever = new PrefixLimit(10, PrefixLimit.Action.TEAR_DOWN, 0, Duration.ZERO);
    var collector =
        speakers.start(passive("one", ONE, 64500).withLimits(Map.of(Family.IPV4_UNICAST, forever)));
    var peer = speakers.established(collector, ONE, "one");
    collector.counted("one", Family.IPV4_UNICAST, 11);
    peer.expectEnd();
    speakers.clock.turn(Duration.ofDays(300));
    assertThat(speakers.call(collector, ONE).expectEnd().words())
        .isEqualTo("Connection Rejected (6/5)");

    assertThat(collector.reset("one", "")).isTrue();

    collector.detail("one").orElseThrow().get(); // behind the reset, on the same thread
    speakers.established(collector, ONE, "one");
  }

  @Test
  void aLimitThatStopsStoringSaysSoInTheJournalOnce() throws Exception {
    var stop = new PrefixLimit(10, PrefixLimit.Action.STOP_STORING, 80, Duration.ZERO);
    var collector =
        speakers.start(passive("one", ONE, 64500).withLimits(Map.of(Family.IPV4_UNICAST, stop)));
    speakers.established(collector, ONE, "one");

    collector.counted("one", Family.IPV4_UNICAST, 11);
    collector.counted("one", Family.IPV4_UNICAST, 12);
    collector.detail("one").orElseThrow().get();

    assertThat(tape.changes("one"))
        .extracting(Object::toString)
        .containsExactly("5->6", "6->6 PREFIX_LIMIT");
  }

  // ---- what an operator does

  @Test
  void aResetTellsTheReasonAndBeginsAnew() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500), passive("two", TWO, 64500));
    var peer = speakers.established(collector, ONE, "one");
    speakers.established(collector, TWO, "two");

    assertThat(collector.reset("one", "new policy")).isTrue();

    Notification told = peer.expectEnd();
    assertThat(told.words()).isEqualTo("Administrative Reset (6/4)");
    assertThat(told.shutdownText()).isEqualTo("new policy");
    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 OPERATOR_RESET");
    assertThat(tape.changes("one").getLast().text()).isEqualTo("new policy");
    speakers.established(collector, ONE, "one");
    assertThat(tape.changes("two")).hasSize(1);
    assertThat(collector.reset("three", "")).isFalse();
  }

  @Test
  void theDetailTellsTimersAndBothOpens() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500));
    speakers.established(collector, ONE, "one").notification(Notification.of(6, 4)).close();
    tape.awaitChange("one", 2);
    speakers.established(collector, ONE, "one");

    NeighborDetail detail = collector.detail("one").orElseThrow().get();

    assertThat(detail.timers())
        .containsEntry("hold", Duration.ofSeconds(90))
        .containsEntry("keepalive", Duration.ofSeconds(30));
    assertThat(requireNonNull(detail.theirs()).as()).isEqualTo(64500);
    assertThat(requireNonNull(detail.peer()).getAddress()).isEqualTo(ip(ONE));
    assertThat(requireNonNull(detail.status().lastReceived()).notification().words())
        .isEqualTo("Administrative Reset (6/4)");
    assertThat(detail.status().count(Counter.NOTIFICATIONS_RECEIVED)).isEqualTo(1);
    assertThat(detail.status().count(Counter.OPENS_SENT)).isEqualTo(2);
    assertThat(detail.lastSession())
        .containsEntry(Counter.OPENS_SENT, 1L)
        .containsEntry(Counter.OPENS_RECEIVED, 1L)
        .containsEntry(Counter.NOTIFICATIONS_RECEIVED, 0L);
  }

  @Test
  void aPasswordOfARangeIsAskedOfAllInIt() throws Exception {
    var range =
        new NeighborRange(
            Prefix.parse("127.11.0.0/25"),
            Set.of(),
            10,
            false,
            passive("range", "127.11.0.0", 1).withPassword("s3cret"));
    Collector collector;
    try {
      collector =
          speakers.start(
              LocalConfig.of(64500, 1, List.of(new InetSocketAddress(ip("127.11.0.101"), 0))),
              List.of(),
              List.of(range));
    } catch (ListenException e) {
      assumeThat(e.reason()).as(e.getMessage()).isNotEqualTo(ListenException.Reason.NO_TCP_MD5);
      throw e;
    }
    var with =
        NeighborConfig.of("with", ip("127.11.0.101"), 64500)
            .withPort(collector.listening().getFirst().getPort())
            .withLocalAddress(ip("127.11.0.100"))
            .withPassword("s3cret")
            .withDirections(true, false);
    speakers.start(LocalConfig.of(OUR_AS, OUR_ID, List.of()), List.of(with), List.of());

    assertThat(tape.awaitChange("with", 1)).hasToString("5->6");
    assertThat(tape.awaitChange("127.11.0.100", 1)).hasToString("5->6");
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(ip(ONE), 0));
      assertThatThrownBy(() -> socket.connect(collector.listening().getFirst(), 300))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void moreKeysThanTheKernelHasRoomForAreToldWithTheRemedyAndChangeNothing() throws Exception {
    Path limit = Path.of("/proc/sys/net/core/optmem_max");
    assumeThat(limit).as("the limit of the kernel").exists();
    int octets;
    try (var in = Files.newBufferedReader(limit)) {
      octets = Integer.parseInt(in.readLine());
    }
    assumeThat(octets).as("room for keys").isLessThan(1 << 20);
    var local = LocalConfig.of(64500, 1, List.of(new InetSocketAddress(ip("127.11.0.101"), 0)));
    Collector collector;
    try {
      collector =
          speakers.start(
              local,
              List.of(passive("before", "127.11.0.100", OUR_AS).withPassword("s3cret")),
              List.of());
    } catch (ListenException e) {
      assumeThat(e.reason()).as(e.getMessage()).isNotEqualTo(ListenException.Reason.NO_TCP_MD5);
      throw e;
    }
    List<NeighborConfig> many =
        IntStream.range(0, octets / 64)
            .mapToObj(i -> passive("n" + i, "127.12." + i / 256 + "." + i % 256, 1))
            .map(neighbor -> neighbor.withPassword("other"))
            .toList();

    assertThatThrownBy(() -> collector.apply(local, many, List.of()))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("the kernel does not take " + many.size() + " keys")
        .hasMessageContaining(
            "net.core.optmem_max is "
                + octets
                + "; sysctl -w net.core.optmem_max="
                + many.size() * 256);

    var with =
        NeighborConfig.of("with", ip("127.11.0.101"), 64500)
            .withPort(collector.listening().getFirst().getPort())
            .withLocalAddress(ip("127.11.0.100"))
            .withPassword("s3cret")
            .withDirections(true, false);
    speakers.start(LocalConfig.of(OUR_AS, OUR_ID, List.of()), List.of(with), List.of());
    assertThat(tape.awaitChange("before", 1)).hasToString("5->6");
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(ip("127.12.0.1"), 0));
      socket.connect(collector.listening().getFirst(), 5_000); // no key is asked for
    }
  }
}
