package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for the NLRI of every family.
class NlriCodecTest {
  /// A route of each kind: family, octets, what is expected.
  record Good(String family, String hex, String route) {}

  private static final String RD = "0000fbf400000001"; // 64500:1
  private static final String ESI = "00112233445566778899";
  private static final String ESI_TEXT = "00:11:22:33:44:55:66:77:88:99";
  private static final String V4 = "20c0000201"; // 32 bits, 192.0.2.1
  private static final String GROUP = "20e9fc0001"; // 32 bits, 233.252.0.1

  static Stream<Good> good() {
    return Stream.of(
        new Good("ipv4-unicast", "18c00002", "192.0.2.0/24"),
        new Good("ipv6-multicast", "2020010db8", "2001:db8::/32"),
        new Good("ipv4-labeled-unicast", "3005dc11c00002", "192.0.2.0/24 | label 24001"),
        new Good("ipv6-vpn", "78000641" + RD + "20010db8", "64500:1 2001:db8::/32 | label 100"),
        new Good(
            "ipv4-vpn-multicast", "70000641" + RD + "c00002", "64500:1 192.0.2.0/24 | label 100"),
        // EVPN
        evpn(
            1,
            RD + ESI + "ffffffff" + "000641",
            "ethernet-ad 64500:1 esi " + ESI_TEXT + " tag 4294967295 | label 100 vni 1601"),
        evpn(
            2,
            RD + ESI + "00000000" + "3000005e005301" + V4 + "000641" + "002711",
            "mac-ip 64500:1 tag 0 mac 00:00:5e:00:53:01 ip 192.0.2.1 | esi "
                + ESI_TEXT
                + " label 100 vni 1601 label2 625 vni 10001"),
        evpn(
            2,
            RD + ESI + "00000000" + "3000005e005301" + "00" + "000641",
            "mac-ip 64500:1 tag 0 mac 00:00:5e:00:53:01 | esi " + ESI_TEXT + " label 100 vni 1601"),
        evpn(3, RD + "0000000a" + V4, "imet 64500:1 tag 10 originator 192.0.2.1"),
        evpn(
            4, RD + ESI + V4, "ethernet-segment 64500:1 esi " + ESI_TEXT + " originator 192.0.2.1"),
        evpn(
            5,
            RD + ESI + "00000000" + "18" + "c0000200" + "cb007101" + "000641",
            "ip-prefix 64500:1 tag 0 192.0.2.0/24 | esi "
                + ESI_TEXT
                + " gateway 203.0.113.1 label 100 vni 1601"),
        evpn(
            5,
            RD
                + ESI
                + "00000000"
                + "20"
                + "20010db8000000000000000000000000"
                + "00000000000000000000000000000000"
                + "000641",
            "ip-prefix 64500:1 tag 0 2001:db8::/32 | esi "
                + ESI_TEXT
                + " gateway :: label 100 vni 1601"),
        evpn(
            6,
            RD + "00000000" + "00" + GROUP + V4 + "02",
            "smet 64500:1 tag 0 source * group 233.252.0.1 originator 192.0.2.1 | flags 0x02"),
        evpn(
            7,
            RD + ESI + "00000000" + V4 + GROUP + V4 + "02",
            "membership-report 64500:1 esi "
                + ESI_TEXT
                + " tag 0 source 192.0.2.1 group 233.252.0.1 originator 192.0.2.1 | flags 0x02"),
        evpn(
            8,
            RD + ESI + "00000000" + V4 + GROUP + V4 + "00000000" + "0a" + "02",
            "leave 64500:1 esi "
                + ESI_TEXT
                + " tag 0 source 192.0.2.1 group 233.252.0.1 originator 192.0.2.1"
                + " | response-time 10 flags 0x02"),
        evpn(
            9,
            RD + "00000000" + "0009fbf400000001",
            "region-i-pmsi 64500:1 tag 0 region 0x0009fbf400000001"),
        evpn(
            10,
            RD + "00000000" + V4 + GROUP + V4,
            "s-pmsi 64500:1 tag 0 source 192.0.2.1 group 233.252.0.1 originator 192.0.2.1"),
        evpn(
            11,
            "0311" + RD + "0000000a" + V4 + V4,
            "leaf 0x0311" + RD + "0000000a" + V4 + " originator 192.0.2.1"),
        evpn(12, "c0ffee", "type-12 0xc0ffee"),
        // VPLS
        new Good(
            "l2vpn-vpls",
            "0011" + RD + "0003" + "0001" + "0008" + "c35000",
            "vpls 64500:1 ve 3 offset 1 | size 8 label 800000"),
        new Good("l2vpn-vpls", "000c" + RD + "c0000201", "vpls-ad 64500:1 pe 192.0.2.1"),
        // multicast VPN
        mvpn(1, RD + "c0000201", "intra-as-i-pmsi 64500:1 originator 192.0.2.1"),
        mvpn(2, RD + "0000fbf4", "inter-as-i-pmsi 64500:1 as 64500"),
        mvpn(
            3,
            RD + V4 + GROUP + "c0000209",
            "s-pmsi 64500:1 source 192.0.2.1 group 233.252.0.1 originator 192.0.2.9"),
        mvpn(
            4,
            "020c" + RD + "0000fbf4" + "c0000209",
            "leaf 0x020c" + RD + "0000fbf4 originator 192.0.2.9"),
        mvpn(5, RD + V4 + GROUP, "source-active 64500:1 source 192.0.2.1 group 233.252.0.1"),
        mvpn(
            6,
            RD + "0000fbf4" + "00" + GROUP,
            "shared-tree-join 64500:1 as 64500 source * group 233.252.0.1"),
        mvpn(
            7,
            RD + "0000fbf4" + V4 + GROUP,
            "source-tree-join 64500:1 as 64500 source 192.0.2.1 group 233.252.0.1"),
        mvpn(8, "01", "type-8 0x01"),
        // route targets
        new Good("ipv4-route-target", "00", "route-target default"),
        new Good("ipv4-route-target", "200000fbf4", "route-target 64500 any"),
        new Good(
            "ipv4-route-target", "600000fbf40002fbf400000064", "route-target 64500 rt:64500:100"),
        new Good("ipv4-route-target", "400000fbf40002fbf4", "route-target 64500 0x0002fbf4/32"),
        // FlowSpec
        new Good(
            "ipv4-flowspec",
            "12" + "0118c00002" + "03" + "0106" + "8111" + "05" + "0350" + "c55a" + "098102",
            "dst 192.0.2.0/24 && proto =6,=17 && dport >=80&<=90 && tcp-flags =SYN"),
        new Good("ipv4-flowspec-vpn", "0b" + RD + "0c8102", "64500:1 fragment =IsF"),
        new Good("ipv4-flowspec", "04" + "05910050", "dport =80/2"),
        new Good(
            "ipv6-flowspec",
            "0d" + "01200020010db8" + "0d" + "a100012345",
            "dst 2001:db8::/32 && flow-label =74565"),
        new Good(
            "ipv6-flowspec",
            "08" + "0268401234567" + "8 9a",
            "src to bit 104 from bit 64 0x123456789a"),
        new Good("l2vpn-flowspec-vpn", "0b" + RD + "0e8108", "64500:1 flow 0x0e8108"),
        new Good("ipv4-flowspec", "02" + "0eff", "type-14 0xff"),
        new Good("ipv4-flowspec", "00", "match all"),
        // BGP-LS
        new Good(
            "bgp-ls",
            "0001 002d 03 0000000000000000 0100 0020"
                + "0200 0004 0000fbf4 0201 0004 00000000 0202 0004 00000000 0203 0004 c0000201",
            "node ospfv2 0 {as 64500 ls-id 0 area 0.0.0.0 router 192.0.2.1}"),
        new Good(
            "bgp-ls",
            "0002 0033 02 0000000000000000"
                + "0100 000a 0203 0006 000000000001"
                + "0101 000b 0203 0007 00000000000203"
                + "0103 0004 c0000201"
                + "03e7 0001 2a",
            "link isis-2 0 {router 0000.0000.0001} remote {router 0000.0000.0002.03} ipv4 192.0.2.1"
                + " tlv-999 0x2a"),
        new Good(
            "bgp-ls-vpn",
            "0003 002a"
                + RD
                + "03 0000000000000007"
                + "0100 0008 0203 0004 c0000201"
                + "0108 0001 01"
                + "0109 0004 18 c63364",
            "prefix-ipv4 64500:1 ospfv2 7 {router 192.0.2.1} ospf-route 1 prefix 198.51.100.0/24"),
        new Good(
            "bgp-ls",
            "0006 002b 02 0000000000000000"
                + "0100 000a 0203 0006 000000000001"
                + "0206 0010 20010db8000000000000000000000001",
            "srv6-sid isis-2 0 {router 0000.0000.0001} sid 2001:db8::1"),
        new Good("bgp-ls", "0005 0001 2a", "type-5 0x2a"),
        // SR policy
        new Good(
            "ipv4-sr-policy",
            "60 00000001 00000064 c0000201",
            "sr-policy 1 color 100 endpoint 192.0.2.1"),
        new Good(
            "ipv6-sr-policy",
            "c0 00000001 00000064 20010db8000000000000000000000001",
            "sr-policy 1 color 100 endpoint 2001:db8::1"),
        // mobile user plane
        new Good(
            "ipv4-mup", "01 0001 0c" + RD + "18 c00002", "interwork-segment 64500:1 192.0.2.0/24"),
        new Good("ipv4-mup", "01 0002 0c" + RD + "c0000201", "direct-segment 64500:1 192.0.2.1"),
        new Good(
            "ipv4-mup",
            "01 0003 17" + RD + "20 c0000201 00003039 09 20 c6336401",
            "session-1 64500:1 192.0.2.1/32 | teid 0x00003039 qfi 9 endpoint 198.51.100.1"),
        new Good(
            "ipv4-mup",
            "01 0004 11" + RD + "40 c6336401 00003039",
            "session-2 64500:1 endpoint 198.51.100.1 teid 0x00003039/32"),
        new Good("ipv4-mup", "02 0001 01 2a", "architecture-2 type-1 0x2a"),
        new Good("ipv4-mup", "01 0005 01 2a", "type-5 0x2a"),
        // no codec
        new Good("ipv4-safi-200", "c0ffee", "octets 0xc0ffee"),
        new Good("afi-7-unicast", "c0ffee", "octets 0xc0ffee"));
  }

  private static Good evpn(int type, String value, String route) {
    return new Good("l2vpn-evpn", "%02x%02x".formatted(type, value.length() / 2) + value, route);
  }

  private static Good mvpn(int type, String value, String route) {
    return new Good(
        "ipv4-mcast-vpn", "%02x%02x".formatted(type, value.length() / 2) + value, route);
  }

  @ParameterizedTest
  @MethodSource("good")
  void itsTextAndDetailsAreWhatTheRfcsFieldsSay(Good good) {
    assertThat(Nlris.announced(good.family, good.hex)).containsExactly(good.route);
  }

  @ParameterizedTest
  @MethodSource("good")
  void twoOfThemWithPathIdentifiersAreTwoRoutes(Good good) {
    boolean opaque = good.family.contains("afi-"); // where one ends is not known
    String second = opaque ? "" : "ffffffff" + good.hex;

    var expected =
        second.isEmpty()
            ? List.of("path 1: " + good.route)
            : List.of("path 1: " + good.route, "path 4294967295: " + good.route);
    assertThat(Nlris.announcedWithPathIds(good.family, "00000001" + good.hex + second))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("good")
  void aWithdrawalWithTheSameOctetsHasTheSameKey(Good good) {
    var announced = Nlris.reach(good.family, Hex.octets(good.hex), DecodeContext.AS4);
    var withdrawn = Nlris.unreach(good.family, Hex.octets(good.hex));

    assertThat(announced.findings()).isEmpty();
    assertThat(Nlris.keys(withdrawn)).isEqualTo(Nlris.keys(announced)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("good")
  void eachOctetIsInALeafThatHasAName(Good good) {
    byte[] nlri = Hex.octets(good.hex);
    var tree = treeOf(good.family, nlri);

    int from = 0;
    for (var leaf : tree.leaves()) {
      assertThat(leaf.offset()).as(leaf.name()).isEqualTo(from);
      from += leaf.length();
      assertThat(leaf.name()).isNotIn("rest", "NLRI");
    }
    assertThat(tree.findings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("good")
  void cutAnywhereItIsARefusalAndNoCrash(Good good) {
    byte[] nlri = Hex.octets(good.hex);
    for (int length = 1; length < nlri.length; length++) {
      read(good.family, Arrays.copyOf(nlri, length));
    }
  }

  @ParameterizedTest
  @MethodSource("good")
  void withAnyOctetChangedItIsReadOrRefusedAndEqualTextsAreEqualKeys(Good good) {
    byte[] nlri = Hex.octets(good.hex);
    Map<String, Octets> keys = new HashMap<>();
    for (int i = 0; i < nlri.length; i++) {
      byte[] mutant = nlri.clone();
      for (int value = 0; value < 256; value++) {
        mutant[i] = (byte) value;
        var update = read(good.family, mutant);
        for (NlriBlock block : update.announced()) {
          for (var route = block.routes(); route.next(); ) {
            var key = Octets.of(route.key());
            assertThat(keys.putIfAbsent(route.text(), key)).as(route.text()).isIn(null, key);
          }
        }
      }
    }
    var texts = new HashMap<Octets, String>();
    keys.forEach((text, key) -> assertThat(texts.put(key, text)).as(text).isNull());
  }

  @Test
  void noOctetsWhateverBreakIt() {
    var random = new Random(20261126);
    for (Family family : Family.KNOWN) {
      for (int i = 0; i < 2000; i++) {
        byte[] noise = new byte[1 + random.nextInt(60)];
        random.nextBytes(noise);
        if (random.nextBoolean()) {
          noise[0] = (byte) random.nextInt(14);
          if (noise.length > 1) {
            noise[1] = (byte) (noise.length - 2);
          }
        }
        read(family.toString(), noise);
      }
    }
  }

  @Test
  void aTypedRouteThatIsNotWhatItsTypeSaysIsAFindingAndTheOthersAreRead() {
    String bad = "0202c0ff"; // mac-ip of 2 octets
    var update =
        Nlris.reach(
            "l2vpn-evpn", Hex.octets("0311" + RD + "0000000a" + V4 + bad), DecodeContext.AS4);

    assertThat(update.handling()).isEqualTo(ErrorHandling.NONE);
    assertThat(update.findings()).hasSize(1);
    assertThat(update.findings().getFirst().octets()).isEqualTo(Octets.ofHex(bad));
    assertThat(update.findings().getFirst().reason())
        .isEqualTo(
            "a route of l2vpn-evpn cannot be read and is not used:"
                + " route distinguisher needs 8 octets where 2 are left");
    assertThat(Updates.routes(update.announced()))
        .containsExactly("imet 64500:1 tag 10 originator 192.0.2.1", "malformed 0x0202c0ff");
  }

  @Test
  void whereARouteEndsBehindTheAttributeTheSessionIsReset() {
    for (String family : List.of("l2vpn-evpn", "l2vpn-vpls", "bgp-ls", "ipv4-mup")) {
      assertThat(Nlris.reach(family, Hex.octets("0101ffffff"), DecodeContext.AS4).handling())
          .as(family)
          .isEqualTo(ErrorHandling.SESSION_RESET);
    }
  }

  @Test
  void aLeaveAsDraftsHadItHasNoFlags() {
    assertThat(
            Nlris.announced(
                "l2vpn-evpn",
                "0826 0001252c37768ead 00000200160000000003 0000085d 00 20efffffff 20252c3776"
                    + "0000000000"))
        .containsExactly(
            "leave 37.44.55.118:36525 esi 00:00:02:00:16:00:00:00:00:03 tag 2141 source *"
                + " group 239.255.255.255 originator 37.44.55.118 | response-time 0");
  }

  @Test
  void everyFamilyReadsBackFromItsText() {
    for (int afi : new int[] {1, 2, 25, 16388, 7}) {
      for (int safi = 0; safi < 256; safi++) {
        assertThat(Family.parse(new Family(afi, safi).toString())).isEqualTo(new Family(afi, safi));
      }
    }
  }

  @Test
  void flowSpecComponentsOutOfOrderAreMalformed() {
    var update = Nlris.reach("ipv4-flowspec", Hex.octets("08038106 0118c00002"), DecodeContext.AS4);

    assertThat(update.findings().getFirst().reason()).contains("component type 1 behind type 3");
  }

  @Test
  void aLongFlowSpecHasALengthOfTwoOctets() {
    String ports = "04" + "0150".repeat(120) + "8150";
    var texts = Nlris.announced("ipv4-flowspec", "f0f3" + ports + "03038106");

    assertThat(texts).hasSize(2);
    assertThat(texts.getFirst()).startsWith("port =80,=80,").hasSize(5 + 121 * 4 - 1);
    assertThat(texts.getLast()).isEqualTo("proto =6");
  }

  private static Update read(String family, byte[] nlri) {
    var update = Nlris.reach(family, nlri, DecodeContext.AS4);
    for (NlriBlock block : update.announced()) {
      int count = 0;
      for (var route = block.routes(); route.next(); ) {
        assertThat(route.text()).isNotEmpty();
        assertThat(route.key()).isNotEmpty();
        route.details();
        count++;
      }
      assertThat(count).isEqualTo(block.count());
    }
    var tree = treeOf(family, nlri);
    assertThat(tree.leaves().stream().mapToInt(DecodeTree.Node::length).sum())
        .isEqualTo(tree.root().length());
    return update;
  }

  private static DecodeTree treeOf(String family, byte[] nlri) {
    byte[] message = Nlris.message(family, nlri);
    return DecodeTree.of(message, 0, message.length, DecodeContext.AS4);
  }
}
