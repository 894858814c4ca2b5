package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpStreamsTest {
  private static final Octets A = Octets.of(new byte[] {10, 0, 0, 1});
  private static final Octets B = Octets.of(new byte[] {10, 0, 0, 2});
  private static final long START = 0xffff_fff0L; // so that the numbers begin again at 0
  private static final byte[] MESSAGES = messages(20);

  private final List<String> heard = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private final List<String> contexts = new ArrayList<>();
  private final TcpStreams streams =
      new TcpStreams(
          new TcpStreams.Listener() {
            @Override
            public void message(TcpStreams.Stream stream, byte[] array, int offset, int length) {
              Octets message = Octets.copyOf(array, offset, length);
              heard.add(message.toHex());
              var guess = stream.context(message);
              contexts.add(guess.context() + ": " + guess.why());
            }

            @Override
            public void trouble(TcpStreams.Stream stream, String what, boolean lost) {
              troubles.add((lost ? "lost: " : "") + what);
            }
          });

  /// NOTIFICATIONs, each different and longer than the one before.
  private static byte[] messages(int count) {
    var out = new WireWriter();
    for (int i = 0; i < count; i++) {
      out.octets(
          Hex.octets("%s %04x 03 06 02 %s".formatted("ff".repeat(16), 22 + i, "aa".repeat(i + 1))));
    }
    return out.toByteArray();
  }

  private static List<String> split(byte[] messages) {
    var all = new ArrayList<String>();
    for (int at = 0; at < messages.length; at += Framing.length(messages, at)) {
      all.add(Octets.copyOf(messages, at, Framing.length(messages, at)).toHex());
    }
    return all;
  }

  private static TcpSegment segment(int flags, long sequence, byte[] payload) {
    return new TcpSegment(
        A,
        40000,
        B,
        179,
        sequence & 0xffff_ffffL,
        flags,
        payload,
        0,
        payload.length,
        payload.length);
  }

  private static List<TcpSegment> segments(byte[] octets, int size) {
    var all = new ArrayList<TcpSegment>();
    for (int at = 0; at < octets.length; at += size) {
      byte[] part = Arrays.copyOfRange(octets, at, Math.min(at + size, octets.length));
      all.add(segment(16, START + 1 + at, part));
    }
    return all;
  }

  private void syn() {
    streams.add(segment(2, START, new byte[0]));
  }

  @Test
  void segmentsOfAnySizeMakeTheSameMessages() {
    for (int size : new int[] {1, 7, 19, 100, 4000}) {
      heard.clear();
      streams.add(segment(2, START, new byte[0]));
      segments(MESSAGES, size).forEach(streams::add);
      streams.add(segment(1, START + 1 + MESSAGES.length, new byte[0]));
      assertThat(heard).as("segments of " + size).isEqualTo(split(MESSAGES));
      streams.add(segment(2, START - 5000, new byte[0])); // the ports are used again
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void segmentsMayComeInAnyOrderAndAgain() {
    syn();
    var segments = new ArrayList<>(segments(MESSAGES, 23));
    segments.addAll(segments(MESSAGES, 40));
    Collections.shuffle(segments, new Random(7));
    segments.forEach(streams::add);
    streams.finish();

    assertThat(heard).isEqualTo(split(MESSAGES));
    assertThat(troubles).isEmpty();
  }

  @Test
  void whereOctetsAreMissingItGoesOnAtTheNextMarker() {
    syn();
    var segments = segments(MESSAGES, 50);
    segments.remove(3);
    segments.forEach(streams::add);
    streams.finish();

    assertThat(troubles.getFirst())
        .startsWith("lost: 50 octets are missing in the capture; the first ");
    List<String> all = split(MESSAGES);
    assertThat(all).containsSubsequence(heard);
    assertThat(heard.size()).isBetween(all.size() - 4, all.size() - 1);
  }

  @Test
  void anEndThatCameTooEarlyLosesNothing() {
    syn();
    streams.add(segment(1, START + 1 + MESSAGES.length, new byte[0]));
    segments(MESSAGES, 50).forEach(streams::add);

    assertThat(heard).isEqualTo(split(MESSAGES));
    assertThat(troubles).isEmpty();
  }

  @Test
  void aSynThatCameTooLateLosesNothing() {
    var segments = segments(MESSAGES, 50);
    segments.subList(0, 4).forEach(streams::add);
    syn();
    segments.subList(4, segments.size()).forEach(streams::add);
    streams.finish();

    assertThat(heard).isEqualTo(split(MESSAGES));
    assertThat(troubles).isEmpty();
  }

  @Test
  void aNewConnectionOfTheSamePortsIsNewInBothDirections() {
    byte[] keepalive = Hex.octets("ff".repeat(16) + "001304");
    for (int i = 0; i < 3; i++) {
      streams.add(segment(2, START + 1000 * i, new byte[0]));
      streams.add(new TcpSegment(B, 179, A, 40000, 76, 18, keepalive, 0, 0, 0)); // the same again
      streams.add(new TcpSegment(B, 179, A, 40000, 77, 16, keepalive, 0, 19, 19));
    }
    assertThat(heard).hasSize(3);
    assertThat(troubles).isEmpty();
  }

  @Test
  void ofManyConnectionsWithHolesNoMoreIsKeptThanHasRoom() {
    byte[] part = Arrays.copyOf(Hex.octets("ff".repeat(16) + "ffff02"), 40_000);
    long before = usedMemory();
    for (int i = 0; i < 4000; i++) {
      Octets address = Octets.of(new byte[] {10, 1, (byte) (i >> 8), (byte) i});
      streams.add(new TcpSegment(address, 40000, B, 179, 0, 2, part, 0, 0, 0));
      streams.add(new TcpSegment(address, 40000, B, 179, 1, 16, part, 0, 40_000, 40_000));
      streams.add(new TcpSegment(address, 40000, B, 179, 90_001, 16, part, 0, 40_000, 40_000));
    }
    assertThat(usedMemory() - before).isLessThan(80 << 20);
    assertThat(troubles).hasSizeGreaterThan(2000).allMatch(line -> line.startsWith("lost: "));
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void aSessionCaughtInTheMiddleBeginsAtItsFirstMarker() {
    byte[] tail = Arrays.copyOfRange(MESSAGES, 5, MESSAGES.length);
    segments(tail, 64).forEach(streams::add);
    streams.finish();

    List<String> all = split(MESSAGES);
    assertThat(heard).isEqualTo(all.subList(1, all.size()));
    assertThat(troubles).containsExactly("17 octets before a message were passed over");
  }

  @Test
  void whatEndsWithinAMessageSaysSo() {
    syn();
    streams.add(segment(16, START + 1, Arrays.copyOf(MESSAGES, 30)));
    streams.finish();

    assertThat(troubles)
        .containsExactly("lost: the stream ends within a message, of which 8 octets came");
  }

  @Test
  void whatACaptureCutOffIsMissing() {
    syn();
    streams.add(
        new TcpSegment(A, 40000, B, 179, START + 1 & 0xffff_ffffL, 16, MESSAGES, 0, 60, 100));
    byte[] rest = Arrays.copyOfRange(MESSAGES, 100, MESSAGES.length);
    streams.add(segment(16, START + 101, rest));

    assertThat(troubles.getFirst()).startsWith("lost: 40 octets of a packet were not captured");
    assertThat(heard).hasSizeGreaterThan(12);
  }

  @Test
  void aSynMayHaveOctetsAndMayNotBeCounted() {
    int first = Framing.length(MESSAGES, 0);
    byte[] rest = Arrays.copyOfRange(MESSAGES, first, MESSAGES.length);
    streams.add(segment(2, START, Arrays.copyOf(MESSAGES, first)));
    streams.add(segment(16, START + first, rest));

    assertThat(heard).isEqualTo(split(MESSAGES));
    assertThat(troubles).isEmpty();
  }

  @Test
  void otherProtocolsAreNotLookedInto() {
    streams.add(new TcpSegment(A, 40000, B, 11019, 1, 16, new byte[] {3, 0, 0}, 0, 3, 3));
    streams.add(
        new TcpSegment(A, 40000, B, 11019, 4, 16, MESSAGES, 0, MESSAGES.length, MESSAGES.length));
    streams.finish();

    assertThat(heard).isEmpty();
    assertThat(troubles).isEmpty();
  }

  @Test
  void bgpOnAnotherPortIsFoundByItsMarker() {
    streams.add(
        new TcpSegment(A, 40000, B, 1179, 1, 16, MESSAGES, 0, MESSAGES.length, MESSAGES.length));

    assertThat(heard).isEqualTo(split(MESSAGES));
  }

  @Test
  void bothOpensSayHowToDecode() {
    String capabilities = "02 06 41 04 0000fbf4  02 06 45 04 0001 01 03";
    byte[] open = Hex.octets("ff".repeat(16) + "002d 01 04 5ba0 00b4 0a000001 10" + capabilities);
    syn();
    streams.add(new TcpSegment(B, 179, A, 40000, 77, 16, open, 0, open.length, open.length));
    streams.add(segment(16, START + 1, open));
    byte[] update = new Updates().usual("192.0.2.1", 64500).build();
    streams.add(segment(16, START + 1 + open.length, update));

    assertThat(contexts.getLast()).contains("as4").contains("ipv4-unicast: both OPENs say so");
  }

  @Test
  void withoutOpensPathIdentifiersAreGuessedFromRoutesThatFitNoOtherWay() {
    byte[] update =
        Hex.octets(
            "ff".repeat(16)
                + "0033 02 0000 0014 40010100 4002060201 0000fbf4 400304c0000201"
                + "00000001 18 c63364");
    streams.add(segment(16, START, update));

    assertThat(contexts.getFirst())
        .contains("add-path=ipv4-unicast")
        .contains("guessed")
        .contains("path identifiers because routes fit only with them");
  }

  @Test
  void noSegmentsWhateverBreakIt() {
    var random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] payload = Arrays.copyOf(MESSAGES, random.nextInt(80));
      for (int j = 0; j < i % 4 && payload.length > 0; j++) {
        payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
      }
      streams.add(segment(random.nextInt(32), random.nextInt(3000) + START, payload));
    }
    streams.finish();
    assertThat(streams.messages()).isEqualTo(heard.size());
  }
}
