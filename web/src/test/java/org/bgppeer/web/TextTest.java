package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How values are written.
class TextTest {
  private static final Instant NOW = StoryQueries.NOW;

  @ParameterizedTest
  @CsvSource({
    "-5, 0 s",
    "0, 0 s",
    "59, 59 s",
    "60, 1 min",
    "78, 1 min 18 s",
    "599, 9 min 59 s",
    "600, 10 min",
    "1753, 29 min",
    "3600, 1 h",
    "33669, 9 h 21 min",
    "86400, 1 d",
    "526320, 6 d 2 h",
    "17539200, 203 d",
  })
  void anAgeHasAtMostTwoUnits(long seconds, String text) {
    assertThat(Text.age(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0",
        "999; 999",
        "1041233; 1,041,233",
        "999999999; 999,999,999",
        "2140000000; 2.14 billion"
      })
  void numbersAreGrouped(long value, String text) {
    assertThat(Text.number(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 B", "999, 999 B", "1200, 1.2 kB", "41000000, 41 MB", "1204000000, 1.2 GB"})
  void sizesArePowersOfTen(long value, String text) {
    assertThat(Text.bytes(value)).isEqualTo(text);
  }

  @Test
  void aTimeOfAnotherDayHasItsDay() {
    assertThat(Text.day(StoryQueries.at("03:12:07"), NOW)).isNull();
    assertThat(Text.day(Instant.parse("2026-03-12T14:02:51Z"), NOW)).isEqualTo("03-12");
    assertThat(Text.day(Instant.parse("2025-02-01T00:00:00Z"), NOW)).isEqualTo("2025-02-01");
    assertThat(Text.whole(StoryQueries.at("03:12:07"))).isEqualTo("2026-03-17 03:12:07 UTC");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "64500 64502 64511; 64500 64502 64511",
        "64502 64511 64511 64511; 64502 64511×3",
        "64500 {64505 64506}; 64500 {64505 64506}",
        "(65010 65011) 64500 64500; (65010 65011) 64500×2",
        "64500 {64505; 64500 {64505",
        "''; ''"
      })
  void prependingIsCounted(String path, String text) {
    assertThat(Text.path(path)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "ipv4-unicast, IPv4 unicast, v4",
    "ipv6-multicast, IPv6 multicast, v6 multicast",
    "ipv4-vpn, IPv4 VPN, v4 VPN",
    "ipv6-flowspec, IPv6 FlowSpec, v6 FlowSpec",
    "l2vpn-evpn, EVPN, EVPN",
    "bgp-ls, BGP-LS, BGP-LS",
    "afi-25-safi-65, afi-25-safi-65, afi-25-safi-65",
  })
  void familiesHaveNames(String family, String name, String brief) {
    assertThat(Text.family(family)).isEqualTo(name);
    assertThat(Text.shortFamily(family)).isEqualTo(brief);
  }

  @ParameterizedTest
  @CsvSource({
    "core1.fra, core1.fra",
    "Baltic Backbone, Baltic%20Backbone",
    "a/b?c#d, a%2Fb%3Fc%23d",
    "x.json, x%2Ejson",
    "a+b&c=d%, a%2Bb%26c%3Dd%25",
    "Zürich, Z%C3%BCrich",
  })
  void namesAreEncodedAsOneSegment(String name, String segment) {
    assertThat(Links.segment(name)).isEqualTo(segment);
  }
}
