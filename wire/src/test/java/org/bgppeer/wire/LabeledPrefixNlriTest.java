package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabeledPrefixNlriTest {
  @Test
  void thePrefixIsTheRouteAndItsLabelsAreDetails() {
    assertThat(Nlris.announced("ipv4-labeled-unicast", "30 05dc11 c00002 # 192.0.2.0/24"))
        .containsExactly("192.0.2.0/24 | label 24001");
    assertThat(Nlris.announced("ipv6-labeled-unicast", "60 03e840 05dc11 20010db80001"))
        .containsExactly("2001:db8:1::/48 | label 16004/24001");
  }

  @Test
  void itsKeyIsThatOfThePrefix() {
    var update =
        Nlris.reach("ipv4-labeled-unicast", Hex.octets("2f05dc11c00003"), DecodeContext.AS4);

    assertThat(Nlris.keys(update)).containsExactly(Octets.of(Prefix.parse("192.0.2.0/23").key()));
  }

  @Test
  void anSBitThatIsMissingIsIgnoredWhereThereIsRoomForOneLabelOnly() {
    assertThat(Nlris.announced("ipv4-labeled-unicast", "30 05dc10 c00002"))
        .containsExactly("192.0.2.0/24 | label 24001");
  }

  @Test
  void aWithdrawalHasNoLabel() {
    assertThat(Nlris.withdrawn("ipv4-labeled-unicast", "30 800000 c00002 18 800000"))
        .containsExactly("192.0.2.0/24 | label 524288", "0.0.0.0/0 | label 524288");
  }

  @Test
  void labelsBehindThePrefixsBitsAreNone() {
    // 47 bits: the second group of three octets has 23 of them
    assertThat(Nlris.announced("ipv4-labeled-unicast", "2f 05dc10 c00003"))
        .containsExactly("192.0.2.0/23 | label 24001");
  }

  @Test
  void fewerBitsThanALabelHasResetTheSession() {
    assertThat(
            Nlris.reach("ipv4-labeled-unicast", Hex.octets("17 05dc11"), DecodeContext.AS4)
                .handling())
        .isEqualTo(ErrorHandling.SESSION_RESET);
  }
}
