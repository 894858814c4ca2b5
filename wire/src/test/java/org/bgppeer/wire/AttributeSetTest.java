package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

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
      assertThat(AttributeSet.decode(octets).other()).isNotNull();
    }
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
