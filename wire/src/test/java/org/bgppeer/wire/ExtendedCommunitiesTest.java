package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedCommunitiesTest {
  @ParameterizedTest
  @CsvSource({
    "0002 fbf4 00000064, rt:64500:100", // two-octet AS
    "0003 fbf4 ffffffff, ro:64500:4294967295",
    "0102 c0000201 0064, rt:192.0.2.1:100", // IPv4 address
    "0103 c0000201 ffff, ro:192.0.2.1:65535",
    "0202 fa56ea01 0064, rt:4200000001:100", // four-octet AS
    "0203 fa56ea01 0000, ro:4200000001:0",
    "9999 000000000001, 0x9999000000000001",
  })
  void theUsualOnesHaveTheUsualText(String hex, String text) throws MalformedAttribute {
    assertThat(ExtendedCommunities.decode(new WireReader(Hex.octets(hex)))).hasToString(text);
  }

  @Test
  void whatWasReadIsWhatIsWritten() throws MalformedAttribute {
    byte[] two = Hex.octets("0002 fbf4 00000064  ffff 000000000001");
    var out = new WireWriter();
    ExtendedCommunities.decode(new WireReader(two)).encode(out);

    assertThat(out.toByteArray()).isEqualTo(two);
  }

  @Test
  void thoseOfIpv6HaveAnAddress() throws MalformedAttribute {
    byte[] two =
        Hex.octets(
            """
            0002 20010db8000000000000000000000001 0064
            0003 20010db8000000000000000000000002 ffff
            """);
    var communities = Ipv6ExtendedCommunities.decode(new WireReader(two));
    var out = new WireWriter();
    communities.encode(out);

    assertThat(communities).hasToString("rt:[2001:db8::1]:100 ro:[2001:db8::2]:65535");
    assertThat(out.toByteArray()).isEqualTo(two);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 9, 19, 21})
  void anyOtherLengthIsMalformed(int length) {
    assertThatThrownBy(() -> ExtendedCommunities.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not a non-zero multiple of 8");
    assertThatThrownBy(() -> Ipv6ExtendedCommunities.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not a non-zero multiple of 20");
  }

  @Test
  void noOctetsWhateverBreakTheDecoders() {
    Noise.survives(ExtendedCommunities::decode, ExtendedCommunities::encode);
    Noise.survives(Ipv6ExtendedCommunities::decode, Ipv6ExtendedCommunities::encode);
  }
}
