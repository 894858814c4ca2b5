package org.bgppeer.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Messages, OPENs, MRT records and captures from a fuzzer that sees which code they reach. In a
/// build it runs over the kept inputs in `MessageFuzzTestInputs` alone; `make fuzz` looks for new
/// ones, and what breaks something is kept there too.
class MessageFuzzTest {
  /// How long `make fuzz` tries each.
  private static final String DURATION = "5m";

  /// The first octet chooses the session, the others are the message behind its marker.
  @FuzzTest(maxDuration = DURATION)
  void messages(byte[] octets) {
    if (octets.length > 0) {
      byte[] message = new byte[octets.length + 15];
      Arrays.fill(message, 0, 16, (byte) -1);
      System.arraycopy(octets, 1, message, 16, octets.length - 1);
      DecodeContext context =
          DecodeTreeTest.CONTEXTS.get((octets[0] & 0xff) % DecodeTreeTest.CONTEXTS.size());
      all(message, context);
    }
  }

  /// The attributes of an UPDATE, and a route behind them.
  @FuzzTest(maxDuration = DURATION)
  void attributes(byte[] octets) {
    if (octets.length > 0 && octets.length < 60_000) {
      byte[] message =
          new Updates()
              .rawAttributes(Octets.copyOf(octets, 1, octets.length - 1).toHex())
              .nlri("198.51.100.0/24")
              .build();
      DecodeContext context =
          DecodeTreeTest.CONTEXTS.get((octets[0] & 0xff) % DecodeTreeTest.CONTEXTS.size());
      all(message, context);
      AttributeSetTest.backFromText(octets);
    }
  }

  /// What stands behind the header of an OPEN.
  @FuzzTest(maxDuration = DURATION)
  void opens(byte[] octets) {
    if (octets.length < 4000) {
      var out = new WireWriter();
      int start = Framing.begin(out, MessageType.Assigned.OPEN);
      all(Framing.end(out.octets(octets), start).toByteArray(), DecodeContext.AS4);
    }
  }

  /// Records of MRT, one behind the other: as sessions, as tables, as trees and as bgpdump's lines.
  @FuzzTest(maxDuration = DURATION)
  void mrt(byte[] octets) {
    var framing = new MrtFraming();
    var bgpdump = new BgpdumpFormat();
    PeerIndex peers = null;
    int at = 0;
    while (at < octets.length) {
      int length = framing.length(octets, at, octets.length);
      if (length <= 0 || length > octets.length - at) {
        if (length == RecordFraming.NONE) {
          assertThat(framing.fault(octets, at, octets.length)).isNotEmpty();
        }
        int next = framing.resume(octets, at + 1, octets.length, true);
        assertThat(next).isGreaterThan(at);
        at = next;
        continue;
      }
      if (Mrt.isPeerIndex(octets, at)) {
        peers = peers(octets, at, length);
      }
      session(octets, at, length);
      table(octets, at, length, peers);
      leavesAreAllOctets(MrtTree.of(octets, at, length, peers, null), length);
      bgpdump.write(octets, at, length, peers, new Lines(64));
      at += length;
    }
  }

  private static @Nullable PeerIndex peers(byte[] octets, int at, int length) {
    try {
      return PeerIndex.decode(octets, at + Mrt.HEADER_LENGTH, length - Mrt.HEADER_LENGTH);
    } catch (MrtError e) {
      assertThat(e.getMessage()).isNotEmpty();
      return null;
    }
  }

  private static void session(byte[] octets, int at, int length) {
    MrtRecord record;
    try {
      record = MrtRecord.of(octets, at, at + length);
    } catch (MrtError e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    if (record.isMessage()) {
      int end = record.messageOffset() + record.messageLength();
      Answers.check(Arrays.copyOfRange(octets, record.messageOffset(), end), record.context());
    } else if (record.isStateChange()) {
      assertThat(record.newState()).isNotNegative();
      assertThat(String.valueOf(record.reason())).isNotNull();
    }
    assertThat(record.at()).isNotNull();
  }

  private static void table(byte[] octets, int at, int length, @Nullable PeerIndex peers) {
    if (RibRoute.isTable(octets, at)) {
      try {
        for (RibRoute route : RibRoute.decode(octets, at, length, peers)) {
          assertThat(AttributeSet.decode(route.attributes()).other()).doesNotContain("REST");
          for (var routes = route.block().routes(); routes.next(); ) {
            assertThat(routes.text()).isNotEmpty();
          }
        }
      } catch (MrtError e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  private static void leavesAreAllOctets(DecodeTree tree, int length) {
    int at = 0;
    for (DecodeTree.Node leaf : tree.leaves()) {
      assertThat(leaf.offset()).isEqualTo(at);
      at += leaf.length();
    }
    assertThat(at).isEqualTo(length);
  }

  /// What stands behind the first four octets of a capture: of a pcap file of a link layer, or of
  /// pcapng.
  @FuzzTest(maxDuration = DURATION)
  void captures(byte[] octets) {
    boolean pcap = octets.length > Capture.PCAP_HEADER && octets[0] == 0;
    Capture capture = pcap ? requireNonNull(Capture.pcap(pcapHeader(octets))) : Capture.pcapng();
    var layers = new PacketLayers();
    var streams = new TcpStreams(new Told());
    int at = pcap ? Capture.PCAP_HEADER : Math.min(1, octets.length);
    while (at < octets.length) {
      int length = capture.length(octets, at, octets.length);
      if (length <= 0 || length > octets.length - at) {
        if (length == RecordFraming.NONE) {
          assertThat(capture.fault(octets, at, octets.length)).isNotEmpty();
        }
        int next = capture.resume(octets, at + 1, octets.length, true);
        assertThat(next).isGreaterThan(at);
        at = next;
        continue;
      }
      Capture.Packet packet = capture.packet(octets, at, length);
      if (packet != null) {
        assertThat(packet.micros()).isBetween(0, 999_999);
        assertThat(packet.offset()).isBetween(at, at + length);
        assertThat(packet.captured()).isBetween(0, at + length - packet.offset());
        TcpSegment segment = layers.segment(octets, packet);
        if (segment != null) {
          streams.add(segment);
        }
      }
      at += length;
    }
    streams.finish();
  }

  private static byte[] pcapHeader(byte[] octets) {
    byte[] header = Arrays.copyOf(octets, Capture.PCAP_HEADER);
    System.arraycopy(Hex.octets((octets[1] & 1) != 0 ? "a1b2c3d4" : "4d3cb2a1"), 0, header, 0, 4);
    return header;
  }

  /// Decodes each message that is found in a capture.
  private static final class Told implements TcpStreams.Listener {
    @Override
    public void message(TcpStreams.Stream stream, byte[] array, int offset, int length) {
      Octets message = Octets.copyOf(array, offset, length);
      ContextGuess guess = stream.context(message);
      assertThat(guess.why()).isNotEmpty();
      Answers.check(message.toByteArray(), guess.context());
      assertThat(stream.sourceAs() + stream.destinationAs()).isNotNegative();
    }

    @Override
    public void trouble(TcpStreams.Stream stream, String what, boolean lost) {
      assertThat(what).isNotEmpty();
    }
  }

  private static void all(byte[] message, DecodeContext context) {
    Answers.check(message, context);
    leavesAreAllOctets(DecodeTree.of(message, 0, message.length, context), message.length);
    assertThat(ContextGuess.of(Octets.of(message), context.addPath()).why()).isNotEmpty();
  }
}
