package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bgppeer.session.Speakers.ONE;
import static org.bgppeer.session.Speakers.ip;
import static org.bgppeer.session.Speakers.passive;
import static org.bgppeer.wire.Hex.octets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A neighbor that does what none should, at each point of the exchange. What it must hear is that
/// of RFC 4271 sections 6 and 8, and RFC 6608.
@Timeout(120)
class HostilePeerTest {
  private static final String MARKER = "ffffffff ffffffff ffffffff ffffffff ";
  private static final long AS = 64500;

  private final Speakers speakers = new Speakers();

  @AfterEach
  void close() throws Exception {
    speakers.close();
  }

  private static String address(int host) {
    return "127.11.2." + host;
  }

  private Collector startWith(int neighbors) throws Exception {
    return speakers.start(
        IntStream.rangeClosed(1, neighbors)
            .mapToObj(host -> passive("n" + host, address(host), AS))
            .toArray(NeighborConfig[]::new));
  }

  private long heard(String neighbor, String what) {
    return speakers.tape.of(neighbor).stream().filter(what::equals).count();
  }

  private void assertIsUp(ScriptedPeer peer, String name) throws Exception {
    byte[] last = ScriptedPeer.updateOctets(new byte[] {24, 10, 9, 8}, new byte[0], new byte[0]);
    peer.send(last);
    speakers.tape.await(
        "the last UPDATE of " + name,
        all ->
            all.getLast() instanceof Tape.Said said
                && said.endpoints().neighbor().equals(name)
                && Arrays.equals(said.message(), last));
  }

  // ---- every message in every state

  /// What each message is answered with. `+` goes on to the next state, `.` stays in this one, `x`
  /// ends without an answer; else code, subcode and data of the NOTIFICATION.
  @ParameterizedTest
  @CsvSource({
    // OpenSent, OpenConfirm, Established
    "OPEN,                001d 01 04 fbf4 005a 0a000001 00,    +,         0502 01,   0503 01",
    "UPDATE,              0017 02 0000 0000,                   0501 02,   0502 02,   .",
    "UPDATE malformed,    0017 02 00c8 0000,                   0501 02,   0502 02,   0301",
    "NOTIFICATION,        0015 03 06 04,                       x,         x,         x",
    "NOTIFICATION odd,    0016 03 fa fb 00,                    x,         x,         x",
    "KEEPALIVE,           0013 04,                             0501 04,   +,         .",
    "ROUTE-REFRESH,       0017 05 0001 00 01,                  0501 05,   0502 05,   .",
    "ROUTE-REFRESH begin, 0017 05 0001 01 01,                  0501 05,   0502 05,   .",
    "ROUTE-REFRESH 9,     0017 05 0001 09 01,                  0501 05,   0502 05,   .",
    "begin of 5 octets,   0018 05 0001 01 01 00,               0501 05,   0502 05,   0701 ?",
    "type 0,              0013 00,                             0103 00,   0103 00,   0103 00",
    "type 6,              0013 06,                             0103 06,   0103 06,   0103 06",
    "type 255,            0013 ff,                             0103 ff,   0103 ff,   0103 ff",
    "length 0,            0000 04,                             0102 0000, 0102 0000, 0102 0000",
    "length 18,           0012 02,                             0102 0012, 0102 0012, 0102 0012",
    "OPEN of 28,          001c 01,                             0102 001c, 0102 001c, 0102 001c",
    "OPEN of 4097,        1001 01,                             0102 1001, 0102 1001, 0102 1001",
    "UPDATE of 22,        0016 02,                             0102 0016, 0102 0016, 0102 0016",
    "NOTIFICATION of 20,  0014 03,                             0102 0014, 0102 0014, 0102 0014",
    "KEEPALIVE of 18,     0012 04,                             0102 0012, 0102 0012, 0102 0012",
    "KEEPALIVE of 20,     0014 04,                             0102 0014, 0102 0014, 0102 0014",
    "KEEPALIVE of 65535,  ffff 04,                             0102 ffff, 0102 ffff, 0102 ffff",
    "ROUTE-REFRESH of 22, 0016 05,                             0102 0016, 0102 0016, 0102 0016",
  })
  void eachMessageIsAnsweredAsItsStateHasIt(
      String what, String hex, String openSent, String openConfirm, String established)
      throws Exception {
    byte[] message = octets(MARKER + hex);
    var collector = startWith(3);
    List<String> answers = List.of(openSent, openConfirm, established);
    for (int state = 0; state < 3; state++) {
      String name = "n" + (state + 1);
      ScriptedPeer peer = speakers.call(collector, address(state + 1));
      peer.expect(Open.class);
      if (state > 0) {
        peer.open(withRefresh()).expect(Keepalive.class);
      }
      if (state > 1) {
        peer.keepalive();
        speakers.tape.awaitChange(name, 1);
      }

      peer.send(message);

      String as = what + " in state " + (state + 4);
      switch (answers.get(state)) {
        case "+" -> {
          if (state == 0) {
            peer.expect(Keepalive.class);
            peer.keepalive();
          }
          assertThat(speakers.tape.awaitChange(name, 1)).as(as).hasToString("5->6");
        }
        case "." -> assertIsUp(peer, name);
        case "x" -> {
          peer.expectClose();
          assertEnded(name, state, "NOTIFICATION_RECEIVED", as);
        }
        default -> {
          Notification told = peer.expectEnd();
          String wanted = answers.get(state).replace(" ", "");
          String code = "%02x%02x".formatted(told.code(), told.subcode());
          String data = told.data().toHex();
          boolean wholeMessage = wanted.endsWith("?");
          assertThat(code + (wholeMessage ? "?" : data)).as(as).isEqualTo(wanted);
          if (wholeMessage) { // RFC 7313 §5
            assertThat(octets(data)).as(as).isEqualTo(message);
          }
          assertEnded(name, state, "NOTIFICATION_SENT", as);
        }
      }
    }
  }

  /// What comes of optional parameters: a session and what it agrees on, or a NOTIFICATION.
  @ParameterizedTest
  @CsvSource({
    "none,                              00,                                 up ipv4-unicast",
    "capabilities without one,          02 0200,                            up ipv4-unicast",
    "a family twice,                    0e 020c 0104 00010001 0104 00010001, up ipv4-unicast",
    "another family alone,              08 0206 0104 00020001,              up ipv6-unicast",
    "a family that we do not ask for,   08 0206 0104 40040047,              up",
    "Multiprotocol of 3 octets,         07 0205 0103 000100,                up ipv4-unicast",
    "Multiprotocol of none,             04 0202 0100,                       up ipv4-unicast",
    "AS of 4 octets,                    08 0206 4104 0000fbf4,              up ipv4-unicast as4",
    "AS of 2 octets in its place,       06 0204 4102 fbf4,                  up ipv4-unicast",
    "another AS of 4 octets,            08 0206 4104 0001fbf4,              0202",
    "AS 0 of 4 octets,                  08 0206 4104 00000000,              0202",
    "AS 23456 of 4 octets,              08 0206 4104 00005ba0,              0202",
    "two AS and the last is right,      0e 020c 4104 0000fbf5 4104 0000fbf4, up ipv4-unicast as4",
    "two AS and the last is wrong,      0e 020c 4104 0000fbf4 4104 0000fbf5, 0202",
    "ADD-PATH to send,                  08 0206 4504 00010102,              up ipv4-unicast"
        + " add-path",
    "ADD-PATH to receive alone,         08 0206 4504 00010101,              up ipv4-unicast",
    "ADD-PATH of another number,        08 0206 4504 00010104,              up ipv4-unicast",
    "ADD-PATH of number 0,              08 0206 4504 00010100,              up ipv4-unicast",
    "ADD-PATH of a right and a wrong,   0c 020a 4508 00010102 00020100,     up ipv4-unicast",
    "ADD-PATH in two and one is wrong,  0e 020c 4504 00010102 4504 00020104, up ipv4-unicast"
        + " add-path",
    "ADD-PATH of 3 octets,              07 0205 4503 000101,                up ipv4-unicast",
    "ADD-PATH of none,                  04 0202 4500,                       up ipv4-unicast",
    "ADD-PATH for another family,       08 0206 4504 00020102,              up ipv4-unicast",
    "Graceful Restart of 1 octet,       05 0203 4001 00,                    up ipv4-unicast",
    "Graceful Restart of a cut family,  08 0206 4004 0078 0001,             up ipv4-unicast",
    "a role of 2 octets,                06 0204 0902 0000,                  up ipv4-unicast",
    "an unknown one,                    04 0202 c800,                       up ipv4-unicast",
    "all codes that are not assigned,   08 0206 ee00 ef00 f000,             up ipv4-unicast",
    "one that is longer than there is,  06 0204 4104 fbf4,                  0200",
    "one without a length,              03 0201 41,                         0200",
    "a parameter longer than there is,  04 0204 c800,                       0200",
    "a parameter without a length,      01 02,                              0200",
    "less than the length says,         09 0206 4104 0000fbf4,              0200",
    "more than the length says,         07 0206 4104 0000fbf4,              0200",
    "Authentication of RFC 1771,        03 0101 00,                         0204",
    "an unknown parameter,              02 c800,                            0204",
    "the long form,                     ff ff 0009 02 0006 4104 0000fbf4,   up ipv4-unicast as4",
    "the long form with a short length, 0c ff 0009 02 0006 4104 0000fbf4,   up ipv4-unicast as4",
    "the long form of none,             ff ff 0000,                         up ipv4-unicast",
    "the long form with too much,       ff ff 000a 02 0006 4104 0000fbf4,   0200",
    "the long form with too little,     ff ff 0008 02 0006 4104 0000fbf4,   0200",
    "the long form cut in its length,   ff ff 00,                           0200",
    "a parameter of it cut,             ff ff 0002 02 00,                   0200",
  })
  void whatStandsInAnOpenIsTakenRefusedOrOfNoEffect(String what, String hex, String comes)
      throws Exception {
    var collector = startWith(1);
    ScriptedPeer peer = speakers.call(collector, address(1));
    peer.expect(Open.class);
    byte[] behind = octets("04 fbf4 005a 0a000001" + hex);

    peer.send(octets(MARKER + "%04x 01".formatted(19 + behind.length))).send(behind);

    if (comes.startsWith("up")) {
      peer.expect(Keepalive.class);
      peer.keepalive();
      speakers.tape.awaitChange("n1", 1);
      peer.endOfRib().keepalive();
      speakers.tape.await("a KEEPALIVE", _ -> heard("n1", "< KEEPALIVE") == 2);
      assertThat(agreed(collector)).as(what).isEqualTo(comes);
    } else {
      Notification told = peer.expectEnd();
      assertThat("%02x%02x".formatted(told.code(), told.subcode())).as(what).isEqualTo(comes);
      assertThat(told.data().toByteArray()).as(what).isEmpty();
    }
  }

  private static String agreed(Collector collector) {
    if (!(collector.status().getFirst().state() instanceof State.Established(var negotiated))) {
      return "down";
    }
    return "up"
        + negotiated.families().stream().map(family -> " " + family).collect(Collectors.joining())
        + (negotiated.as4() ? " as4" : "")
        + (negotiated.addPathReceive().isEmpty() ? "" : " add-path");
  }

  private static Open withRefresh() {
    return Open.of(AS, 90, 7, List.of(new Capability.EnhancedRouteRefresh()));
  }

  @Test
  void aRefreshOfAWrongLengthIsNoErrorOfWhoDoesNotKnowItsKinds() throws Exception {
    var peer = speakers.established(startWith(1), address(1), "n1");

    peer.send(octets(MARKER + "0018 05 0001 01 01 00"));

    assertIsUp(peer, "n1");
  }

  private void assertEnded(String name, int state, String cause, String as) throws Exception {
    assertThat(speakers.tape.awaitChange(name, state == 2 ? 2 : 1))
        .as(as)
        .hasToString((state + 4) + "->1 " + cause);
  }

  @Test
  void aMarkerThatIsWrongAnywhereIsToldInEachState() throws Exception {
    var collector = startWith(48);
    for (int i = 0; i < 48; i++) {
      ScriptedPeer peer = speakers.call(collector, address(i + 1));
      peer.expect(Open.class);
      if (i % 3 > 0) {
        peer.open(AS, 90).expect(Keepalive.class);
      }
      if (i % 3 > 1) {
        peer.keepalive();
      }
      byte[] message = new Keepalive().encode();
      message[i / 3] ^= 0x10;

      peer.send(message);

      assertThat(peer.expectEnd()).as("octet %s", i / 3).isEqualTo(Notification.of(1, 1));
    }
  }

  // ---- pieces

  @Test
  void aNeighborWhoseStreamComesOctetByOctetIsHeard() throws Exception {
    var collector = speakers.start(passive("one", ONE, AS));
    var peer = speakers.call(collector, ONE);
    var stream = new WireWriter();
    stream.octets(Open.of(AS, 90, 7, List.of()).encode()).octets(new Keepalive().encode());
    stream.octets(ScriptedPeer.updateOctets(new byte[] {24, 10, 0, 1}, new byte[0], new byte[0]));

    for (byte octet : stream.toByteArray()) {
      peer.send(new byte[] {octet});
    }

    speakers.tape.await("the UPDATE", _ -> heard("one", "< UPDATE") == 1);
    assertThat(speakers.tape.changes("one")).extracting(Object::toString).containsExactly("5->6");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void wheneverItBreaksOffItIsTakenAgain(boolean reset) throws Exception {
    byte[] open = Open.of(AS, 90, 7, List.of()).encode();
    byte[] keepalive = new Keepalive().encode();
    byte[] update = ScriptedPeer.updateOctets(new byte[] {24, 10, 0, 1}, new byte[0], new byte[0]);
    int up = open.length + keepalive.length;
    byte[] stream = new WireWriter().octets(open).octets(keepalive).octets(update).toByteArray();
    var collector = startWith(stream.length + 1);

    for (int cut = 0; cut <= stream.length; cut++) {
      String name = "n" + (cut + 1);
      ScriptedPeer peer = speakers.call(collector, address(cut + 1));
      peer.expect(Open.class);
      if (cut >= open.length) {
        peer.send(open).expect(Keepalive.class);
      }
      if (cut >= up) {
        peer.send(keepalive);
        speakers.tape.awaitChange(name, 1);
      }
      int told = cut >= up ? up : cut >= open.length ? open.length : 0;
      peer.send(Arrays.copyOfRange(stream, told, cut));
      if (cut == stream.length) {
        speakers.tape.await("the UPDATE", _ -> heard(name, "< UPDATE") == 1);
      }
      if (reset) {
        peer.reset();
      } else {
        peer.close();
      }

      int ends = cut >= up ? 2 : 1;
      int state = cut >= up ? 6 : cut >= open.length ? 5 : 4;
      assertThat(speakers.tape.awaitChange(name, ends))
          .as("after %s octets", cut)
          .hasToString(state + "->1 CONNECTION_" + (reset ? "RESET" : "CLOSED"));
      var again = speakers.call(collector, address(cut + 1)).establish(AS, 90);
      assertThat(speakers.tape.awaitChange(name, ends + 1)).hasToString("5->6");
      again.reset();
    }
  }

  // ---- never reads

  @Test
  void aNeighborThatReadsNothingIsGivenUpAfterTheSendHoldTime() throws Exception {
    var heard = new WithoutRefreshes(speakers.tape);
    var listen = new InetSocketAddress(ip("127.11.0.100"), 0);
    var local = LocalConfig.of(Speakers.OUR_AS, Speakers.OUR_ID, List.of(listen));
    var neighbors = List.of(passive("n1", address(1), AS), passive("n2", address(2), AS));
    try (var collector = new Collector(local, neighbors, heard, speakers.clock);
        var deaf = new Socket()) {
      collector.start();
      var other = speakers.call(collector, address(2)).establish(AS, 0);
      speakers.tape.awaitChange("n2", 1);
      deaf.setReceiveBufferSize(1024);
      deaf.setTcpNoDelay(true);
      deaf.bind(new InetSocketAddress(ip(address(1)), 0));
      deaf.connect(collector.listening().getFirst());
      byte[] keepalive = new Keepalive().encode();
      deaf.getOutputStream().write(ScriptedPeer.usualOpen(AS, 90, 7).encode());
      deaf.getOutputStream().write(keepalive);
      assertThat(speakers.tape.awaitChange("n1", 1)).hasToString("5->6");
      fill(collector);

      for (int minute = 1; minute <= 8; minute++) {
        assertThat(speakers.tape.changes("n1")).as("minute %s", minute).hasSize(1);
        deaf.getOutputStream().write(keepalive);
        int wanted = minute + 1;
        speakers.tape.await("KEEPALIVE", _ -> heard("n1", "< KEEPALIVE") == wanted);
        speakers.clock.turn(Duration.ofMinutes(1));
      }

      var end = speakers.tape.awaitChange("n1", 2);
      assertThat(end).hasToString("6->1 SEND_HOLD_TIMER_EXPIRED");
      assertThat(end.text()).isEqualTo("8 min");
      assertIsUp(other, "n2");
    }
  }

  /// Sends to `n1` until the system takes no more.
  private static void fill(Collector collector) throws Exception {
    for (boolean full = false; !full; ) {
      for (int i = 0; i < 20_000; i++) {
        var unused = collector.refresh("n1", Family.IPV4_UNICAST);
      }
      var detail = collector.detail("n1").orElseThrow().get(60, TimeUnit.SECONDS);
      full = detail.timers().containsKey("send-hold");
    }
  }

  /// A tape that does not keep what would fill it.
  private record WithoutRefreshes(Tape tape) implements Recorder {
    @Override
    public void message(
        Endpoints endpoints,
        boolean sent,
        Instant at,
        byte[] octets,
        int offset,
        int length,
        DecodeContext context) {
      if (Framing.type(octets, offset) != MessageType.Assigned.ROUTE_REFRESH.code()) {
        tape.message(endpoints, sent, at, octets, offset, length, context);
      }
    }

    @Override
    public void stateChange(
        Endpoints endpoints, Instant at, int oldState, int newState, @Nullable StateReason why) {
      tape.stateChange(endpoints, at, oldState, newState, why);
    }

    @Override
    public boolean congested() {
      return false;
    }
  }

  // ---- a flood

  /// With `-Dflood.seconds=30 -Dflood.rate=10000` the long form.
  @Test
  void aFloodOfStrangersCostsNoSessionAndNoUpdate(TestReporter reporter) throws Exception {
    int seconds = Integer.getInteger("flood.seconds", 2);
    int rate = Integer.getInteger("flood.rate", 2_000);
    int sessions = 100;
    var collector = startWith(sessions);
    var peers = new ArrayList<ScriptedPeer>();
    for (int i = 1; i <= sessions; i++) {
      peers.add(speakers.call(collector, address(i)).establish(AS, 90));
      speakers.tape.awaitChange("n" + i, 1);
    }
    var target = collector.listening().getFirst();
    var calls = new AtomicLong();
    var floods =
        IntStream.range(0, 4)
            .mapToObj(
                number ->
                    Thread.ofPlatform().start(() -> flood(target, seconds, rate, number, calls)))
            .toList();

    int rounds = 0;
    while (floods.stream().anyMatch(Thread::isAlive) || rounds == 0) {
      rounds++;
      for (ScriptedPeer peer : peers) {
        peer.announce("192.0.2.0/24");
      }
      int sent = rounds;
      for (int i = 1; i <= sessions; i++) {
        String name = "n" + i;
        int index = i - 1;
        speakers.tape.await(
            "the UPDATEs of " + name,
            _ -> collector.status().get(index).count(Counter.UPDATES_RECEIVED) == sent);
      }
    }
    for (Thread flood : floods) {
      flood.join();
    }
    reporter.publishEntry("calls a second", Long.toString(calls.get() / seconds));
    reporter.publishEntry("UPDATEs", Integer.toString(rounds * sessions));

    assertThat(calls).as("calls of strangers").hasPositiveValue();
    assertThat(collector.status())
        .allSatisfy(
            status -> {
              assertThat(status.state()).isInstanceOf(State.Established.class);
              assertThat(status.count(Counter.ESTABLISHED)).isEqualTo(1);
            });
    long named =
        speakers.tape.entries().stream()
            .filter(entry -> entry.toString().equals("1->1 NOT_CONFIGURED"))
            .count();
    assertThat(named).as("strangers that the journal tells of").isBetween(1L, 100L);
  }

  /// All four of them together call at this rate, if the machine can.
  private static void flood(
      InetSocketAddress target, int seconds, int rate, int number, AtomicLong calls) {
    long begin = System.nanoTime();
    for (long now = begin;
        now < begin + TimeUnit.SECONDS.toNanos(seconds);
        now = System.nanoTime()) {
      if (calls.get() > (now - begin) / 1000 * rate / 1_000_000) {
        LockSupport.parkNanos(1_000_000);
        continue;
      }
      long call = calls.incrementAndGet();
      String from = "127.%d.%d.%d".formatted(12 + number, call >> 7 & 0xff, 1 + (call & 0x7f));
      try (var socket = SocketChannel.open()) {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(target);
      } catch (IOException e) {
        // sent away before it was there
      }
    }
  }
}
