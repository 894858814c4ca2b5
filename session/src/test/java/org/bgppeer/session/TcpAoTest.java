package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.bgppeer.session.Speakers.ONE;
import static org.bgppeer.session.Speakers.ip;
import static org.bgppeer.session.Speakers.local;
import static org.bgppeer.session.Speakers.passive;
import static org.bgppeer.wire.Hex.octets;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bgppeer.session.TcpAoKey.Algorithm;
import org.bgppeer.wire.HeaderError;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the kernel is told, by hand from `linux/tcp.h`, and what comes of it where it has TCP-AO.
class TcpAoTest {
  private static final TcpAoKey KEY = new TcpAoKey(5, 7, Algorithm.HMAC_SHA_1_96, "s3cret");
  private static final TcpAoKey OTHER = new TcpAoKey(255, 0, Algorithm.AES_128_CMAC_96, "k");
  private static final TcpAoKey THEIRS = new TcpAoKey(7, 5, Algorithm.HMAC_SHA_1_96, "s3cret");
  private static final Prefix ROUTER = Prefix.parse("192.0.2.1/32");

  private final Speakers speakers = new Speakers();
  private final Tape tape = speakers.tape;

  @AfterEach
  void closeAll() throws Exception {
    speakers.close();
  }

  @ParameterizedTest
  @CsvSource({
    // byte order, AF_INET, set_current and set_rnext
    "LITTLE_ENDIAN, 0200, 03000000",
    "BIG_ENDIAN,    0002, c0000000",
  })
  void theFirstKeyOfACallerIsTheOneToBeginWith(String order, String family, String bits) {
    assertThat(hex(TcpAo.add(ROUTER, KEY, true, order(order))))
        .isEqualTo(
            octets(
                family
                    + "0000 c0000201" // port, address
                    + zeros(120)
                    + "686d6163287368613129" // hmac(sha1)
                    + zeros(54)
                    + "00000000" // interface
                    + bits
                    + "0000" // reserved
                    + "20 05 07 0c 00" // prefix, send id, receive id, signature, flags
                    + "06 733363726574" // the key
                    + zeros(74)))
        .hasSize(288);
  }

  @Test
  void aKeyOfARangeIsForAPrefixAndSetsNothing() {
    assertThat(hex(TcpAo.add(Prefix.parse("2001:db8::/32"), OTHER, false, ByteOrder.LITTLE_ENDIAN)))
        .isEqualTo(
            octets(
                "0a00 0000 00000000 20010db8" // AF_INET6, port, flow, address
                    + zeros(12)
                    + zeros(104) // scope and the rest
                    + "636d61632861657331323829" // cmac(aes128)
                    + zeros(52)
                    + "00000000 00000000 0000"
                    + "20 ff 00 0c 00"
                    + "01 6b"
                    + zeros(79)))
        .hasSize(288);
  }

  @ParameterizedTest
  @CsvSource({
    // byte order, AF_INET, del_async
    "LITTLE_ENDIAN, 0200, 04000000",
    "BIG_ENDIAN,    0002, 20000000",
  })
  void aKeyIsDeletedByAddressAndIdentifiers(String order, String family, String bits) {
    assertThat(hex(TcpAo.delete(ROUTER, KEY, order(order))))
        .isEqualTo(
            octets(
                family
                    + "0000 c0000201"
                    + zeros(120)
                    + "00000000"
                    + bits
                    + "0000"
                    + "20 05 07 00 00 00")) // prefix, identifiers, other keys, flags
        .hasSize(144);
  }

  @ParameterizedTest
  @CsvSource({"LITTLE_ENDIAN, 04000000", "BIG_ENDIAN, 20000000"})
  void ofACallASignatureIsRequired(String order, String bits) {
    assertThat(hex(TcpAo.require(order(order)))).isEqualTo(octets(bits + zeros(44))).hasSize(48);
  }

  @Test
  void aKeyIsInNoLog() {
    var neighbor = passive("one", ONE, 64500).withTcpAo(List.of(KEY));

    assertThat(KEY).hasToString("key 5/7 hmac-sha-1-96");
    assertThat(neighbor.toString()).contains("with TCP-AO").doesNotContain("s3cret");
  }

  @Test
  void keysOfOneNeighborHaveIdentifiersOfTheirOwnAndGoWithNoPassword() {
    var neighbor = passive("one", ONE, 64500);
    var same = List.of(KEY, new TcpAoKey(5, 8, Algorithm.HMAC_SHA_1_96, "x"));

    assertThatThrownBy(() -> neighbor.withTcpAo(same)).hasMessageContaining("two keys with one");
    assertThatThrownBy(() -> neighbor.withPassword("x").withTcpAo(List.of(KEY)))
        .hasMessageContaining("has a password and tcp-ao");
    assertThatThrownBy(() -> new TcpAoKey(256, 0, Algorithm.HMAC_SHA_1_96, "x"))
        .hasMessageContaining("0 to 255");
    assertThatThrownBy(() -> new TcpAoKey(0, 0, Algorithm.HMAC_SHA_1_96, ""))
        .hasMessageContaining("0 octets");
  }

  @Test
  void aListenerAsksWhoMayCallForHisKeysAndThoseOfARangeButOnce() {
    var inside = passive("inside", "192.0.2.1", 1).withTcpAo(List.of(KEY, OTHER));
    var six = passive("six", "2001:db8::1", 2).withTcpAo(List.of(KEY));
    var active = passive("out", "192.0.2.9", 3).withDirections(true, false);
    var md5 = passive("md5", "198.51.100.1", 4).withPassword("p");
    var range =
        new NeighborRange(
            Prefix.parse("192.0.2.0/24"),
            Set.of(),
            10,
            false,
            passive("range", "192.0.2.0", 1).withTcpAo(List.of(KEY)));

    Keys keys = Keys.of(List.of(inside, six, active.withTcpAo(List.of(KEY)), md5), List.of(range));

    assertThat(keys.tcpAo())
        .containsOnly(
            Map.entry(range.range(), List.of(KEY)),
            Map.entry(ROUTER, List.of(OTHER)), // the kernel takes no key twice for an address
            Map.entry(Prefix.parse("2001:db8::1/128"), List.of(KEY)));
    assertThat(keys.passwords()).containsOnly(Map.entry(Prefix.parse("198.51.100.1/32"), "p"));
    assertThat(keys.ofKind(true).tcpAo()).containsOnlyKeys(Prefix.parse("2001:db8::1/128"));
    assertThat(keys.ofKind(true).passwords()).isEmpty();
  }

  @Test
  void whereTheKernelHasNoneStartAndReloadSayWhatItNeedsAndChangeNothing() throws Exception {
    String why = Algorithm.HMAC_SHA_1_96.whyNotHere();
    assumeThat(why).as("what the kernel lacks").isNotEmpty();
    NeighborConfig signed = passive("one", ONE, 64500).withTcpAo(List.of(KEY));

    assertThatThrownBy(() -> speakers.start(signed))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("a neighbor has tcp-ao, " + why);
    Collector collector = speakers.start(passive("one", ONE, 64500));
    ScriptedPeer peer = speakers.established(collector, ONE, "one");
    int changes = tape.changes("one").size();
    assertThatThrownBy(() -> collector.apply(local(), List.of(signed), List.of()))
        .isInstanceOf(ListenException.class);
    peer.keepalive();
    assertThat(collector.status().getFirst().neighbor().tcpAo()).isEmpty();
    assertThat(tape.changes("one")).hasSize(changes);
  }

  @Test
  void whatCannotBeSignedIsNotCalled() throws Exception {
    assumeThat(Algorithm.HMAC_SHA_1_96.whyNotHere()).as("what the kernel lacks").isNotEmpty();
    var transport = new Transport();
    try (var server = new ServerSocket(0, 1, ip("127.11.0.100"))) {
      NeighborConfig signed =
          NeighborConfig.of("one", ip("127.11.0.100"), 64500)
              .withPort(server.getLocalPort())
              .withTcpAo(List.of(KEY));
      var connection = new Connection(true);
      var told = new CompletableFuture<SessionCause>();
      connection.attach(new Failing(told));
      var loop = transport.nextLoop();

      loop.execute(() -> transport.dial(loop, signed, connection));

      assertThat(told.get(10, TimeUnit.SECONDS)).isNotNull();
      server.setSoTimeout(100);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    } finally {
      transport.close(Duration.ofSeconds(1));
    }
  }

  @Test
  void twoCollectorsWithTheSameKeysAgreeAndAKeyGoesWithItsNeighbor() throws Exception {
    skipWithoutTcpAo();
    var there = LocalConfig.of(64500, 1, List.of(new InetSocketAddress(ip("127.11.0.101"), 0)));
    Collector collector =
        speakers.start(
            there,
            List.of(passive("left", "127.11.0.100", Speakers.OUR_AS).withTcpAo(List.of(THEIRS))),
            List.of());
    InetSocketAddress target = collector.listening().getFirst();
    speakers.start(
        LocalConfig.of(Speakers.OUR_AS, Speakers.OUR_ID, List.of()),
        List.of(calling(target).withTcpAo(List.of(KEY, OTHER))),
        List.of());

    assertThat(tape.awaitChange("left", 1)).hasToString("5->6");
    assertThat(tape.awaitChange("right", 1)).hasToString("5->6");
    isNotHeard("127.11.0.100", target);

    collector.apply(there, List.of(), List.of());
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(ip("127.11.0.100"), 0));
      socket.connect(target, 5_000); // no key is asked for
    }
  }

  @Test
  void keysOfARangeAreAskedOfAllInIt() throws Exception {
    skipWithoutTcpAo();
    var range =
        new NeighborRange(
            Prefix.parse("127.11.0.0/25"),
            Set.of(),
            10,
            false,
            passive("range", "127.11.0.0", 1).withTcpAo(List.of(THEIRS)));
    Collector collector =
        speakers.start(
            LocalConfig.of(64500, 1, List.of(new InetSocketAddress(ip("127.11.0.101"), 0))),
            List.of(),
            List.of(range));
    InetSocketAddress target = collector.listening().getFirst();
    speakers.start(
        LocalConfig.of(Speakers.OUR_AS, Speakers.OUR_ID, List.of()),
        List.of(calling(target).withTcpAo(List.of(KEY))),
        List.of());

    assertThat(tape.awaitChange("right", 1)).hasToString("5->6");
    assertThat(tape.awaitChange("127.11.0.100", 1)).hasToString("5->6");
    isNotHeard(ONE, target);
  }

  private static void skipWithoutTcpAo() {
    assumeThat(Algorithm.HMAC_SHA_1_96.whyNotHere()).as("why there is no TCP-AO").isEmpty();
    assumeThat(Algorithm.AES_128_CMAC_96.whyNotHere()).as("why there is no CMAC").isEmpty();
  }

  private static NeighborConfig calling(InetSocketAddress target) {
    return NeighborConfig.of("right", target.getAddress(), 64500)
        .withPort(target.getPort())
        .withLocalAddress(ip("127.11.0.100"))
        .withDirections(true, false);
  }

  private static void isNotHeard(String from, InetSocketAddress target) throws Exception {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(ip(from), 0));
      assertThatThrownBy(() -> socket.connect(target, 300))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static byte[] hex(ByteBuffer buffer) {
    byte[] octets = new byte[buffer.remaining()];
    buffer.get(octets);
    return octets;
  }

  private static ByteOrder order(String name) {
    return name.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private static String zeros(int octets) {
    return "00".repeat(octets);
  }

  /// Waits for the end of a connection that never was.
  private record Failing(CompletableFuture<SessionCause> told) implements Connection.Owner {
    @Override
    public void message(byte[] octets, int offset, int length) {
      throw new AssertionError("a message");
    }

    @Override
    public void headerError(HeaderError error) {
      throw new AssertionError(error);
    }

    @Override
    public void connectionFails(SessionCause cause, String text) {
      told.complete(cause);
    }

    @Override
    public void batchRead() {
      throw new AssertionError("octets");
    }

    @Override
    public void fault(Throwable fault) {
      throw new AssertionError(fault);
    }
  }
}
