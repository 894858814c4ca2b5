package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 0.0.0.0/0",
    "192.0.2.255/24, 192.0.2.0/24",
    "192.0.2.255/25, 192.0.2.128/25",
    "255.255.255.255/32, 255.255.255.255/32",
    "255.255.255.255/1, 128.0.0.0/1",
    "::/0, ::/0",
    "2001:db8::1/32, 2001:db8::/32",
    "2001:db8:ffff::/33, 2001:db8:8000::/33",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127, ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
    "2001:db8::1/128, 2001:db8::1/128",
  })
  void bitsBehindTheLengthAreCleared(String text, String prefix) {
    assertThat(Prefix.parse(text)).hasToString(prefix);
    assertThat(Prefix.parse(prefix)).isEqualTo(Prefix.parse(text));
    assertThat(Prefix.ofKey(Prefix.parse(text).key())).isEqualTo(Prefix.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "192.0.2.0",
        "192.0.2.0/",
        "192.0.2.0/33",
        "192.0.2.0/-1",
        "::/129",
        "/24",
        "192.0.2.0/2 4",
        "192.0.2/24",
        "192.0.2.0/24/24",
        "192.0.2.0/99999999999"
      })
  void whatIsNoPrefixIsRefused(String text) {
    assertThatThrownBy(() -> Prefix.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"");
  }

  @Test
  void prefixesAreInTheOrderOfTheirKeys() {
    var ordered =
        Stream.of("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "::/0", "2001:db8::/32")
            .map(Prefix::parse)
            .toList();

    assertThat(ordered).isSorted();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.1.0.0/16, true",
    "10.0.0.0/8, 10.0.0.0/8, true",
    "10.0.0.0/9, 10.128.0.0/9, false",
    "10.1.0.0/16, 10.0.0.0/8, false",
    "0.0.0.0/0, ::/0, false",
    "0.0.0.0/0, 255.0.0.0/8, true",
    "2001:db8::/33, 2001:db8:7fff::/48, true",
    "2001:db8::/33, 2001:db8:8000::/48, false",
  })
  void aPrefixContainsWhatIsMoreSpecific(String one, String other, boolean contains) {
    assertThat(Prefix.parse(one).contains(Prefix.parse(other))).isEqualTo(contains);
  }

  @Test
  void theCursorWalksTheRoutesWhereTheyStand() {
    byte[] routes = Hex.octets("00000007 18 c63364  00000008 11 c633ff  ffffffff 00");
    var block =
        new NlriBlock(Family.IPV4_UNICAST, false, true, routes, 0, routes.length, 3, Octets.EMPTY);

    assertThat(NlriBlock.check(routes, 0, routes.length, true, 32)).isEqualTo(3);
    assertThat(Updates.routes(List.of(block)))
        .containsExactly(
            "198.51.100.0/24 path 7", "198.51.128.0/17 path 8", "0.0.0.0/0 path 4294967295");
  }

  @Test
  void aKeyIsWrittenWholeOverWhatStoodThere() {
    byte[] routes = Hex.octets("80" + "ff".repeat(16) + "00");
    var cursor = new PrefixCursor(routes, 0, routes.length, true, false);
    byte[] key = new byte[17];

    assertThat(cursor.next()).isTrue();
    cursor.copyKey(key, 0);
    assertThat(cursor.pathId()).isEqualTo(-1);
    assertThat(PrefixText.ipv6(key, 0)).isEqualTo("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
    assertThat(cursor.next()).isTrue();
    cursor.copyKey(key, 0);
    assertThat(PrefixText.ipv6(key, 0)).isEqualTo("::/0");
    assertThat(cursor.next()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "18 c633, 0, a prefix of 24 bits where 2 octets are left",
    "08 0a 21 0000000000, 2, 'a prefix of 33 bits, above 32'",
    "08 0a 08, 2, a prefix of 8 bits where 0 octets are left",
  })
  void aWrongRouteIsFoundWhereItBegins(String hex, int at, String fault) {
    byte[] routes = Hex.octets(hex);

    assertThat(NlriBlock.check(routes, 0, routes.length, false, 32)).isEqualTo(-1 - at);
    assertThat(NlriBlock.fault(routes, at, routes.length, false, 32)).isEqualTo(fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "00000001"})
  void aPathIdentifierNeedsALengthBehindIt(String hex) {
    byte[] routes = Hex.octets(hex);

    assertThat(NlriBlock.check(routes, 0, routes.length, true, 32)).isEqualTo(-1);
    assertThat(NlriBlock.fault(routes, 0, routes.length, true, 32))
        .endsWith("octets are left, too few for a path identifier and a length");
  }

  @Test
  void noOctetsWhateverBreakTheWalk() {
    var random = new Random(7911);
    int good = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] octets = Noise.octets(random, random.nextInt(40));
      boolean ipv6 = random.nextBoolean();
      boolean pathIds = random.nextInt(4) == 0;
      int count = NlriBlock.check(octets, 0, octets.length, pathIds, ipv6 ? 128 : 32);
      if (count < 0) {
        assertThat(NlriBlock.fault(octets, -1 - count, octets.length, pathIds, ipv6 ? 128 : 32))
            .isNotEmpty();
      } else {
        int walked = 0;
        for (var cursor = new PrefixCursor(octets, 0, octets.length, ipv6, pathIds);
            cursor.next(); ) {
          assertThat(cursor.prefix().length()).isEqualTo(cursor.length());
          walked++;
        }
        assertThat(walked).isEqualTo(count);
        good++;
      }
    }
    assertThat(good).isGreaterThan(100);
  }
}
