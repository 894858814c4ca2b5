package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MpReachTest {
  private static final byte[] TWO_NEXT_HOPS =
      Hex.octets(
          """
          0002 01                                # IPv6 unicast
          20                                     # 32 octets of next hops
          20010db8000000000000000000000001
          fe800000000000000000000000000001
          00                                     # reserved
          20 20010db8                            # 2001:db8::/32
          """);

  @Test
  void theNextHopMayHaveALinkLocalOneBehindIt() throws MalformedAttribute {
    var reach = MpReach.decode(new WireReader(TWO_NEXT_HOPS), DecodeContext.AS4);

    assertThat(reach.family()).isEqualTo(Family.IPV6_UNICAST);
    assertThat(reach.nlri()).isEqualTo(Octets.ofHex("2020010db8"));
    assertThat(reach).hasToString("ipv6-unicast next hop 2001:db8::1 fe80::1, 5 octets of NLRI");
  }

  @Test
  void ofAFamilyThatIsUnknownTheOctetsAreKept() throws MalformedAttribute {
    var reach =
        MpReach.decode(new WireReader(Hex.octets("0190 c8 03 010203 00 ffff")), DecodeContext.AS4);

    assertThat(reach.family()).hasToString("afi-400-safi-200");
    assertThat(reach.nextHop()).isEqualTo(Octets.ofHex("010203"));
    assertThat(reach.nlri()).isEqualTo(Octets.ofHex("ffff"));
  }

  @ParameterizedTest
  @CsvSource({
    "0002 01 00, length 4 is below 5",
    "0002 01 02 00, a next hop of 2 octets where 0 octets have room",
    "0002 01 04 c0000201 00, a next hop of 4 octets is not 16 or 32",
    "0001 01 05 c000020100 00, 'a next hop of 5 octets is not 4, 16 or 32'",
    "0001 01 04 c0000201 00 21, 'a prefix of 33 bits, above 32'",
    "0001 01 04 c0000201 00 18 c633, a prefix of 24 bits where 2 octets are left",
  })
  void whatDoesNotFitIsMalformed(String hex, String reason) {
    assertThatThrownBy(() -> MpReach.decode(new WireReader(Hex.octets(hex)), DecodeContext.AS4))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "0002, length 2 is below 3",
    "0002 01 81, 'a prefix of 129 bits, above 128'",
    "0001 02 08, a prefix of 8 bits where 0 octets are left",
  })
  void whatDoesNotFitInMpUnreachIsMalformed(String hex, String reason) {
    assertThatThrownBy(() -> MpUnreach.decode(new WireReader(Hex.octets(hex)), DecodeContext.AS4))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage(reason);
  }

  @Test
  void mpUnreachHasAFamilyAndRoutes() throws MalformedAttribute {
    var unreach =
        MpUnreach.decode(new WireReader(Hex.octets("0001 02 08 0a 00")), DecodeContext.AS4);

    assertThat(unreach).hasToString("ipv4-multicast, 3 octets of NLRI");
  }

  @Test
  void noOctetsWhateverBreakTheDecoders() {
    var random = new Random(4760);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] octets = Noise.octets(random, random.nextInt(64));
      if (octets.length > 3) { // a family that is decoded, mostly
        octets[0] = 0;
        octets[1] = (byte) random.nextInt(4);
        octets[2] = (byte) random.nextInt(4);
        octets[3] = (byte) (random.nextInt(3) << 4);
      }
      try {
        MpUnreach.decode(new WireReader(octets), DecodeContext.AS4);
        MpReach.decode(new WireReader(octets), DecodeContext.AS4);
        read++;
      } catch (MalformedAttribute e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
    assertThat(read).isPositive();
  }
}
