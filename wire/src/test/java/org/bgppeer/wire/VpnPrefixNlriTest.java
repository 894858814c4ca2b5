package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VpnPrefixNlriTest {
  private static final String LABELED =
      """
      70                        # 112 bits
      05dc11                    # label 24001, bottom of stack
      0000 fbf4 00000064        # 64500:100
      c00002                    # 192.0.2.0/24
      """;

  @Test
  void aVpnPrefixIsItsDistinguisherAndPrefixAndTheLabelIsADetail() {
    assertThat(Nlris.announced("ipv4-vpn", LABELED))
        .containsExactly("64500:100 192.0.2.0/24 | label 24001");
  }

  @Test
  void ofIpv6TheSame() {
    assertThat(
            Nlris.announced("ipv6-vpn", "88 000011 0001 c0000201 0007 20010db80001 # 192.0.2.1:7"))
        .containsExactly("192.0.2.1:7 2001:db8:1::/48 | label 1");
  }

  @Test
  void aWithdrawalFindsTheRouteWhateverItsLabelSays() {
    var announced = Nlris.keys(Nlris.reach("ipv4-vpn", Hex.octets(LABELED), DecodeContext.AS4));

    for (String label : new String[] {"800000", "000000", "05dc11", "0fffff"}) {
      String hex = "70" + label + "0000fbf400000064 c00002";
      assertThat(Nlris.keys(Nlris.unreach("ipv4-vpn", Hex.octets(hex)))).isEqualTo(announced);
    }
  }

  @Test
  void aStackOfLabelsEndsWithTheSBit() {
    assertThat(Nlris.announced("ipv4-vpn", "88 03e840 05dc11 0000fbf400000064 c00002"))
        .containsExactly("64500:100 192.0.2.0/24 | label 16004/24001");
  }

  @Test
  void theThreeTypesOfDistinguishersAndUnknownOnesDiffer() {
    String prefix = "0a000000"; // 10.0.0.0/32
    assertThat(
            Nlris.announced(
                "ipv4-vpn",
                "78 000011 0000fbf400000064"
                    + prefix
                    + "78 000011 0002 0000fbf4 0064"
                    + prefix
                    + "78 000011 0002 fa56ea00 0064"
                    + prefix
                    + "78 000011 0001 c0000201 0064"
                    + prefix
                    + "78 000011 0007 010203040506"
                    + prefix))
        .containsExactly(
            "64500:100 10.0.0.0/32 | label 1",
            "64500L:100 10.0.0.0/32 | label 1",
            "4200000000:100 10.0.0.0/32 | label 1",
            "192.0.2.1:100 10.0.0.0/32 | label 1",
            "type-7:010203040506 10.0.0.0/32 | label 1");
  }

  @Test
  void bitsBehindThePrefixDoNotMakeAnotherRoute() {
    var one =
        Nlris.reach("ipv4-vpn", Hex.octets("6f05dc110000fbf400000064c00002"), DecodeContext.AS4);
    var other =
        Nlris.reach("ipv4-vpn", Hex.octets("6f05dc110000fbf400000064c00003"), DecodeContext.AS4);

    assertThat(Nlris.keys(one)).isEqualTo(Nlris.keys(other)).hasSize(1);
  }

  @Test
  void aPathIdentifierStandsBeforeTheLength() {
    assertThat(Nlris.announcedWithPathIds("ipv4-vpn", "00000007" + LABELED))
        .containsExactly("path 7: 64500:100 192.0.2.0/24 | label 24001");
  }

  @Test
  void aLengthThatTheFamilyCannotHaveResetsTheSession() {
    for (String hex :
        new String[] {
          "57 05dc11 0000fbf4000000", // 87 bits: no room for a label and a distinguisher
          "79 05dc11 0000fbf400000064 c000020000", // 33 bits of prefix
          "70 05dc11 0000fbf400000064 c000" // one octet is missing
        }) {
      assertThat(Nlris.reach("ipv4-vpn", Hex.octets(hex), DecodeContext.AS4).handling())
          .isEqualTo(ErrorHandling.SESSION_RESET);
    }
  }

  @Test
  void aNextHopIsShownWithoutADistinguisherOfZero() {
    assertThat(MpReach.nextHopText(Octets.ofHex("0000000000000000c0000201")))
        .isEqualTo("192.0.2.1");
    assertThat(MpReach.nextHopText(Octets.ofHex("0000fbf400000064c0000201")))
        .isEqualTo("64500:100:192.0.2.1");
    assertThat(
            MpReach.nextHopText(
                Octets.ofHex(
                    "0000000000000000"
                        + "20010db8000000000000000000000001"
                        + "0000000000000000"
                        + "fe800000000000000000000000000001")))
        .isEqualTo("2001:db8::1 fe80::1");
  }
}
