package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeSetTest {
  @Test
  void eachAttributeHasItsColumn() {
    var set =
        set(
            new Updates()
                .usual("192.0.2.1", 64500, 64501)
                .med(7)
                .localPref(100)
                .attribute(0x40, 6, "")
                .attribute(0xc0, 7, "0000fbf5 c0000202")
                .communities("64500:1", "64500:2")
                .largeCommunities("64500:1:2")
                .attribute(0xc0, 16, "0002fbf400000064")
                .attribute(0xc0, 25, "0002 20010db8000000000000000000000001 0064")
                .attribute(0x80, 9, "c0000203")
                .attribute(0x80, 10, "c0000204")
                .attribute(0xc0, 250, "abcd")
                .nlri("198.51.100.0/24"));

    assertThat(set)
        .isEqualTo(
            new AttributeSet(
                "192.0.2.1",
                "IGP",
                "64500 64501",
                64501L,
                7L,
                100L,
                "64500:1 64500:2",
                "64500:1:2",
                "rt:64500:100 rt:[2001:db8::1]:100",
                true,
                "64501 192.0.2.2",
                "ORIGINATOR_ID 192.0.2.3\nCLUSTER_LIST 192.0.2.4\nATTRIBUTE_250 abcd"));
  }

  @Test
  void routesOfMpReachHaveItsNextHop() {
    var set =
        set(
            new Updates()
                .mpReach(Family.IPV6_UNICAST, "2001:db8::1 fe80::1", "2001:db8:1::/48")
                .usual("192.0.2.1", 64500));

    assertThat(set.nextHop()).isEqualTo("2001:db8::1 fe80::1");
  }

  @Test
  void equalAttributesAreEqualOctetsWhateverTheRoutesAre() {
    byte[] one = octets(new Updates().usual("192.0.2.1", 64500).nlri("198.51.100.0/24"));
    byte[] other = octets(new Updates().usual("192.0.2.1", 64500).nlri("203.0.113.0/24"));
    byte[] mp =
        octets(
            new Updates()
                .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48")
                .origin(0)
                .asPath(64500));
    byte[] otherMp =
        octets(
            new Updates()
                .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:2::/48", "2001:db8:3::/48")
                .origin(0)
                .asPath(64500));

    assertThat(one).isEqualTo(other);
    assertThat(mp).isEqualTo(otherMp);
  }

  @Test
  void theLongFormOfMpReachIsReadTooAsSomeWriteIt() { // RFC 6396 §4.3.4, and those who do not obey
    var set =
        AttributeSet.decode(Hex.octets("800e 15 0002 01 10 20010db8000000000000000000000001 00"));

    assertThat(set.nextHop()).isEqualTo("2001:db8::1");
  }

  @Test
  void whatIsMalformedStandsInHex() {
    var set = AttributeSet.decode(Hex.octets("4001 02 0000 4002 03 020100 c008 01 aa 40"));

    assertThat(set.other()).isEqualTo("ORIGIN 0000\nAS_PATH 020100\nCOMMUNITIES aa\nREST 40");
    assertThat(set.origin()).isEmpty();
    assertThat(set.originAs()).isNull();
  }

  @Test
  void noOctetsWhateverBreakTheReader() {
    var random = new Random(6396);
    for (int i = 0; i < 50_000; i++) {
      byte[] octets = Noise.octets(random, random.nextInt(64));
      backFromText(octets);
    }
  }

  @Test
  void whatSpeakersUsuallySendComesBackFromItsText() {
    var usual =
        new Updates()
            .usual("192.0.2.1", 64500, 4200000000L)
            .med(7)
            .localPref(100)
            .attribute(0x40, 6, "")
            .attribute(0xc0, 7, "0000fbf5 c0000202")
            .communities("64500:1", "65535:65281")
            .largeCommunities("64500:1:2", "4200000000:3:4")
            .nlri("198.51.100.0/24");
    var linkLocal =
        new Updates()
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1 fe80::1", "2001:db8:1::/48")
            .origin(2)
            .asPath();
    var longPath =
        new Updates().usual("192.0.2.1", LongStream.range(1, 256).toArray()).nlri("0.0.0.0/0");

    for (var updates : List.of(usual, linkLocal, longPath)) {
      assertThat(backFromText(octets(updates))).isTrue();
    }
  }

  /// What says the same in another way cannot be had back: what of it differs is in no column.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "400101 00 400200 400304 c0000201 800404 00000007 c00804 fbf40001 c01008 0002fbf400000064",
        "400101 00 400200 400304 c0000201 c0fa02 abcd",
        "400101 00 400304 c0000201 400200", // another order
        "400101 00 50020000 400304 c0000201", // a length of two octets
        "400101 00 40020c 0201 00000001 0201 00000002 400304 c0000201", // two segments
        "400101 00 400206 0101 00000001 400304 c0000201", // a set
        "400101 00 400200 400304 c0000201 e00708 0000fbf5 c0000202", // partial
        "400101 00 400200 400304 c0000201 c00800", // an empty one
        "400101 00 400200 400304 c0000201 c02018 000000010000000200000003 000000010000000200000003",
        "400101 00 400304 c0000201", // no path
        "800e0d 0c 0000fbf400000001c0000201 400101 00 400200", // with a route distinguisher
        "800e05 04 c0000201 400101 00 400200"
      })
  void whatSaysTheSameInAnotherWayDoesNot(String hex) {
    assertThat(backFromText(Hex.octets(hex))).isFalse();
  }

  @Test
  void whatComesBackIsWhatCame() {
    var random = new Random(4271);
    String[] parts = {
      "800e11 10 20010db8000000000000000000000001",
      "800e11 10 00000000000000000000ffffc0000201",
      "800e21 20 20010db8000000000000000000000001 fe800000000000000000000000000001",
      "400101 00",
      "400101 02",
      "400200",
      "40020a 0202 0000fbf4 0000fbf5",
      "400304 c0000201",
      "800404 00000007",
      "400504 ffffffff",
      "400600",
      "c00708 0000fbf5 c0000202",
      "c00808 fbf40001 ffffff01",
      "c0200c 0000fbf4 00000001 00000002"
    };
    int same = 0;
    for (int i = 0; i < 50_000; i++) {
      var hex = new StringBuilder();
      for (String part : parts) {
        hex.append(random.nextInt(3) > 0 ? part : "");
      }
      byte[] octets = Hex.octets(hex.toString());
      for (int flaws = random.nextInt(3); flaws > 0 && octets.length > 0; flaws--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
      }
      same += backFromText(octets) ? 1 : 0;
    }
    assertThat(same).isGreaterThan(1000);
  }

  /// Decodes octets, and has them back if that is said to be possible.
  ///
  /// @return whether it is
  static boolean backFromText(byte[] octets) {
    var set = AttributeSet.decode(octets);
    assertThat(set.other()).isNotNull();
    if (!set.encodesTo(octets)) {
      return false;
    }
    var out = new WireWriter();
    set.encode(out);
    assertThat(out.toByteArray()).isEqualTo(octets);
    return true;
  }

  private static AttributeSet set(Updates updates) {
    return AttributeSet.decode(octets(updates));
  }

  private static byte[] octets(Updates updates) {
    var update = updates.decode(DecodeContext.AS4.withIbgp(true));
    assertThat(update.findings()).isEmpty();
    return update.attributeSet(update.announced().getFirst());
  }
}
