package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedCommunitiesTest {
  @ParameterizedTest
  @CsvSource({
    "0002 fbf4 00000064, rt:64500:100", // two-octet AS
    "0003 fbf4 ffffffff, soo:64500:4294967295",
    "0102 c0000201 0064, rt:192.0.2.1:100", // IPv4 address
    "0103 c0000201 ffff, soo:192.0.2.1:65535",
    "0202 fa56ea01 0064, rt:4200000001:100", // four-octet AS
    "0203 fa56ea01 0000, soo:4200000001:0",
    "0202 0000fbf4 0064, rt:64500L:100",
    "4002 fbf4 00000064, non-transitive-rt:64500:100",
    "4004 fbf4 4d6e6b28, link-bandwidth:64500:250000000",
    "4004 fbf4 47f42400, link-bandwidth:64500:125000",
    "0004 fbf4 3f000000, transitive-link-bandwidth:64500:0.5",
    "4004 fbf4 7f800000, 0x4004fbf47f800000", // infinity
    "4004 fbf4 80000000, 0x4004fbf480000000", // -0
    "0005 fbf4 00000001, ospf-domain-id:64500:1",
    "0107 c0000201 0000, ospf-router-id:192.0.2.1:0",
    "0306 00000001 05 01, ospf-route-type:0.0.0.1:5:1",
    "0009 fbf4 00000000, source-as:64500:0",
    "010b c0000201 0007, vrf-route-import:192.0.2.1:7",
    "030b 0000 00000064, color:100",
    "030b 4000 00000064, color:16384:100",
    "030c 00000000 0008, encapsulation:vxlan",
    "030c 00000000 03e7, encapsulation:tunnel-999",
    "030c 00000001 0008, 0x030c000000010008",
    "030d 000000000000, default-gateway",
    "0600 00 00 00000007, mac-mobility:7",
    "0600 01 00 00000007, mac-mobility:1:7", // sticky
    "0601 01 0000 000640, esi-label:1:100",
    "0601 00 0000 000641, esi-label:0x000641",
    "0602 020000000001, es-import:02:00:00:00:00:01",
    "0603 020000000001, router-mac:02:00:00:00:00:01",
    "0604 0002 05dc 0000, l2-attributes:0x0002:1500",
    "0605 01 0000 000640, e-tree:0x01:100",
    "0606 02 4000 00 0064, df-election:2:0x4000:100",
    "0609 0003 00000000, multicast-flags:0x0003",
    "060a fbf4 00000064, evi-rt:64500:100",
    "0800 000000000000, redirect-to-nexthop",
    "0800 000000000001, redirect-to-nexthop:1", // a copy
    "010c c0000201 0000, redirect-to-ip:192.0.2.1:0",
    "0c00 000a 0000000a, mup:10:10",
    "4300 0000000000 00, validation-state:valid",
    "4300 0000000000 01, validation-state:not-found",
    "4300 0000000000 02, validation-state:invalid",
    "4300 0000000000 03, 0x4300000000000003",
    "4301 80 01 00000064, cost:128:1:100",
    "8006 0000 00000000, rate-bytes:0:0",
    "8006 fbf4 49742400, rate-bytes:64500:1000000",
    "800c 0000 447a0000, rate-packets:0:1000",
    "8007 000000000003, traffic-action:sample-terminal",
    "8008 fbf4 00000064, redirect:64500:100",
    "8108 c0000201 0064, redirect:192.0.2.1:100",
    "8208 fa56ea01 0064, redirect:4200000001:100",
    "8009 00000000002e, mark:46",
    "800a 13 02 05dc 0000, layer2-info:19:0x02:1500:0",
    "9999 000000000001, 0x9999000000000001",
  })
  void eachHasTheTextThatItIsReadFrom(String hex, String text) throws MalformedAttribute {
    byte[] octets = Hex.octets(hex);

    assertThat(ExtendedCommunities.decode(new WireReader(octets))).hasToString(text);
    assertThat(ExtendedCommunities.parse(text)).isEqualTo(WireReader.u64(octets, 0));
  }

  @Test
  void ofEachTypeATextMeansTheOctetsThatItWasMadeOf() {
    var random = new Random(4360);
    byte[] octets = new byte[8];
    for (int type = 0; type < 0x10000; type++) {
      for (int i = 0; i < 4; i++) {
        random.nextBytes(octets);
        for (int zeroes = random.nextInt(6); zeroes > 0; zeroes--) {
          octets[random.nextInt(2, 8)] = 0;
        }
        octets[0] = (byte) (type >>> 8);
        octets[1] = (byte) type;
        String text = ExtendedCommunities.text(octets, 0);
        boolean known = !text.startsWith("0x");
        if (known || i == 0) {
          assertThat(ExtendedCommunities.parse(text)).as(text).isEqualTo(WireReader.u64(octets, 0));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rt",
        "rt:",
        "rt:64500",
        "rt:64500:1:2",
        "rt:064500:1",
        "rt:192.0.2.1:65536",
        "rt:4294967296:1",
        "rt:-1:1",
        "color:0:100",
        "es-import:02:00:00:00:00",
        "link-bandwidth:64500:1e9",
        "validation-state:3",
        "default-gateway:0",
        "0x12",
        "64500:100"
      })
  void whatIsNoCommunityIsRefused(String text) {
    assertThatThrownBy(() -> ExtendedCommunities.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write for instance rt:64500:100");
  }

  @Test
  void hexIsReadWhateverItIs() {
    assertThat(ExtendedCommunities.parse("0x0002fbf400000064"))
        .isEqualTo(ExtendedCommunities.parse("rt:64500:100"));
    assertThat(ExtendedCommunities.parse("ro:64500:1"))
        .isEqualTo(ExtendedCommunities.parse("soo:64500:1"));
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

    assertThat(communities).hasToString("rt:[2001:db8::1]:100 soo:[2001:db8::2]:65535");
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
