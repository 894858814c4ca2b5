package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The registries are open: every number has a value, a text of its own, and comes back from it.
class RegistriesTest {
  @Test
  void everyOctetNamesAnAttributeTypeACapabilityAMessageTypeAndASafi() {
    var names = new HashSet<String>();
    for (int code = 0; code < 256; code++) {
      assertThat(AttributeType.of(code).code()).isEqualTo(code);
      assertThat(CapabilityCode.of(code).code()).isEqualTo(code);
      assertThat(MessageType.of(code).code()).isEqualTo(code);
      assertThat(Safi.of(code).code()).isEqualTo(code);
      assertThat(Safi.parse(Safi.of(code).toString())).isEqualTo(Safi.of(code));
      names.add("type " + AttributeType.of(code).name());
      names.add("capability " + CapabilityCode.of(code));
      names.add("message " + MessageType.of(code));
      names.add("safi " + Safi.of(code));
    }
    assertThat(names).hasSize(4 * 256);
  }

  @Test
  void everyNumberNamesAnAfi() {
    for (int code = 0; code <= 0xffff; code++) {
      Afi afi = Afi.of(code);
      assertThat(afi.code()).isEqualTo(code);
      assertThat(Afi.parse(afi.toString())).isEqualTo(afi);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, ipv4-unicast",
    "2, 2, ipv6-multicast",
    "25, 70, l2vpn-evpn",
    "16388, 71, bgp-ls",
    "7, 1, afi-7-unicast",
    "1, 200, ipv4-safi-200",
    "400, 200, afi-400-safi-200",
  })
  void aFamilyIsReadAsItIsWritten(int afi, int safi, String text) {
    assertThat(Family.of(afi, safi)).hasToString(text);
    assertThat(Family.parse(text)).isEqualTo(new Family(afi, safi));
    assertThat(Family.ofCode(Family.of(afi, safi).code())).isEqualTo(new Family(afi, safi));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ipv4",
        "ipv4-",
        "-unicast",
        "ipv4-safi-256",
        "afi-65536-unicast",
        "IPv4-unicast"
      })
  void whatIsNoFamilyIsRefused(String text) {
    assertThatThrownBy(() -> Family.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" is not a family; write for instance");
  }

  @Test
  void theStrongestActionIsTheMaximum() { // RFC 7606 §2
    assertThat(ErrorHandling.values())
        .containsExactly(
            ErrorHandling.NONE,
            ErrorHandling.ATTRIBUTE_DISCARD,
            ErrorHandling.TREAT_AS_WITHDRAW,
            ErrorHandling.AFI_SAFI_DISABLE,
            ErrorHandling.SESSION_RESET);
    assertThat(ErrorHandling.ATTRIBUTE_DISCARD.or(ErrorHandling.TREAT_AS_WITHDRAW))
        .isEqualTo(ErrorHandling.TREAT_AS_WITHDRAW);
  }
}
