package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PathAttributesTest {
  /// A value as its RFC draws it, and its text.
  record Example(AttributeType.Assigned type, String hex, String text) {
    byte[] octets() {
      return Hex.octets(hex);
    }

    @Override
    public String toString() {
      return type + " " + text;
    }
  }

  static final List<Example> EXAMPLES =
      List.of(
          new Example(AttributeType.Assigned.ONLY_TO_CUSTOMER, "0000fbf4", "64500"),
          new Example(AttributeType.Assigned.AIGP, "01 000b 00000000000007d0", "metric 2000"),
          new Example(
              AttributeType.Assigned.AIGP,
              "02 0004 aa  01 000b fffffffffffffffe",
              "TLV 2 aa, metric 18446744073709551614"),
          new Example(
              AttributeType.Assigned.PMSI_TUNNEL,
              "00 06 000064 c0000201",
              "tunnel ingress-replication, label 6 or VNI 100, endpoint 192.0.2.1"),
          new Example(
              AttributeType.Assigned.PMSI_TUNNEL,
              "01 01 000000 c0000201 0000 0007 c0000202",
              "flags leaf-information-required, tunnel rsvp-te-p2mp, extended tunnel id 192.0.2.1,"
                  + " tunnel id 7, P2MP id 3221225986"),
          new Example(
              AttributeType.Assigned.PMSI_TUNNEL,
              "00 02 000000 06 0001 04 c0000201 0007 01 0004 00000009",
              "tunnel mldp-p2mp, FEC type 6, address family 1, root address length 4, root"
                  + " 192.0.2.1, opaque length 7, opaque value 01000400000009"),
          new Example(
              AttributeType.Assigned.PMSI_TUNNEL,
              "00 03 000000 c0000201 e8000001",
              "tunnel pim-ssm, source 192.0.2.1, group 232.0.0.1"),
          new Example(
              AttributeType.Assigned.PMSI_TUNNEL,
              "00 0b 000010 01 0002 c0000201",
              "tunnel bier, label 1 or VNI 16, sub-domain 1, BFR id 2, BFR prefix 192.0.2.1"),
          new Example(
              AttributeType.Assigned.TUNNEL_ENCAPSULATION,
              """
              0008 0028                             # VXLAN
              01 0c c0 000064 020000000001 0000     # encapsulation
              06 0a 00000000 0001 c0000201          # endpoint
              04 08 030b 0000 00000064              # color
              08 02 12b5                            # UDP port
              """,
              "vxlan (encapsulation (flags V M, VNI 100, MAC 02:00:00:00:00:01), endpoint"
                  + " 192.0.2.1, color color:100, UDP port 4789)"),
          new Example(
              AttributeType.Assigned.TUNNEL_ENCAPSULATION,
              """
              000f 0050
              0c 06 00 00 000000c8                                        # preference
              0d 06 00 00 05dc0000                                        # binding SID
              0f 02 05 00                                                 # priority
              80 0025 00 09 06 00 00 00000006                             # weight
                         01 06 00 00 05dc1000                             # type A
                         0d 12 00 00 fc000000000000000000000000000001     # type B
              82 0005 00 626c7565                                         # its name
              81 0009 00 7468 652d 70617468                               # the path's name
              """,
              "sr-policy (preference 200, binding SID 24000, priority 5, segment list (weight 6,"
                  + " segment 24001, segment fc00::1), policy blue, candidate path the-path)"),
          new Example(
              AttributeType.Assigned.TRAFFIC_ENGINEERING,
              "01 01 0000 49742400 49742400 49742400 49742400 49742400 49742400 49742400 49742400"
                  + " 3f800000 05dc 0000",
              "interface (switching psc-1, encoding 1, bandwidth 0 1000000, bandwidth 1 1000000,"
                  + " bandwidth 2 1000000, bandwidth 3 1000000, bandwidth 4 1000000, bandwidth 5"
                  + " 1000000, bandwidth 6 1000000, bandwidth 7 1000000, min LSP bandwidth 1, MTU"
                  + " 1500)"),
          new Example(
              AttributeType.Assigned.PE_DISTINGUISHER_LABELS,
              "c0000201 000640  c0000202 000650",
              "PE 192.0.2.1 label 100, PE 192.0.2.2 label 101"),
          new Example(
              AttributeType.Assigned.BGP_LS,
              """
              0402 0002 7231                                              # node name
              0400 0001 90                                                # node flags
              0404 0004 c0000201                                          # router id
              0447 0003 00000a                                            # IGP metric
              0441 0004 4d6e6b28                                          # bandwidth
              040a 000c c0 00 0003e8 0489 0003 003e80                     # SR capabilities
              044b 0007 30 00 0000 005dc0                                 # adjacency SID
              270f 0001 ab
              """,
              "node name r1, node flags overload ABR, local IPv4 router id 192.0.2.1, IGP metric"
                  + " 10, max link bandwidth 250000000, SR capabilities (flags I V, range"
                  + " 16000+1000), adjacency SID (flags V L, weight 0, 24000), TLV 9999 ab"),
          new Example(
              AttributeType.Assigned.BGP_LS,
              """
              0452 0022 0005 40 00 00 00 fc000000000000000000000000000001 # SRv6 End.X
                        04e4 0004 28 18 10 00                             # structure
                        0000 0000
              048a 000c 80 00 0000 0000000a 0000 0000                     # locator
              """,
              "SRv6 End.X SID (behavior End.X, flags S, algorithm 0, weight 0, fc00::1, SRv6 SID"
                  + " structure (block 40, node 24, function 16, argument 0), TLV 0), SRv6 locator"
                  + " (flags D, algorithm 0, metric 10, TLV 0)"),
          new Example(
              AttributeType.Assigned.BGPSEC_PATH,
              "000e 01 00 0000fbf4 02 00 0000fbf0  0037 01"
                  + "11".repeat(20)
                  + "0004 deadbeef"
                  + "22".repeat(20)
                  + "0004 cafebabe",
              "path 64500 64496 ×2, signatures 2 of algorithm 1"),
          new Example(
              AttributeType.Assigned.D_PATH,
              "02 0000fbf4 0001 46  0000fbf5 0002 80",
              "segment 64500:1:evpn 64501:2:vpn"),
          new Example(
              AttributeType.Assigned.SFP,
              "01 000c 01 0000fbf400000001 000007  02 000e ff 03 000a 0001 0000fbf400000002",
              "association (association type 1, SFPR RD 0000fbf400000001, SPI 7), hop (SI 255,"
                  + " functions (SFT 1, SFIR RD 0000fbf400000002))"),
          new Example(
              AttributeType.Assigned.BFD_DISCRIMINATOR,
              "01 00000011 01 04 c0000201",
              "mode p2mp, discriminator 17, source 192.0.2.1"),
          new Example(
              AttributeType.Assigned.PREFIX_SID,
              "01 0007 00 0000 00000064  03 0008 0000 003e80 0003e8",
              "label index 100, SRGB range 16000+1000"),
          new Example(
              AttributeType.Assigned.PREFIX_SID,
              """
              05 0022 00 01 001e 00 20010db8000000010000000000000000 00 0013 00
                                 01 0006 28 18 10 00 10 40
              """,
              "SRv6 L3 service (SID (2001:db8:0:1::, behavior End.DT4, structure (block 40, node"
                  + " 24, function 16, argument 0, transposition length 16, offset 64)))"),
          new Example(
              AttributeType.Assigned.ATTR_SET,
              "0000fbf4 40 01 01 00 40 02 06 02 01 0000fbf5 40 05 04 00000064",
              "AS 64500, ORIGIN IGP, AS_PATH 64501, LOCAL_PREF 100"),
          new Example(
              AttributeType.Assigned.ATTR_SET,
              "0000fde9 40 01 01 00 40 02 04 02 01 15b3 40 05 04 0000002c", // of a capture
              "AS 65001, ORIGIN IGP, AS_PATH 5555, LOCAL_PREF 44"),
          new Example(AttributeType.Assigned.CONNECTOR, "0001 c0000201", "192.0.2.1"),
          new Example(AttributeType.Assigned.AS_PATHLIMIT, "04 0000fbf4", "limit 4, AS 64500"),
          new Example(AttributeType.Assigned.ENTROPY_LABEL, "", "set"),
          new Example(
              AttributeType.Assigned.COMMUNITY_CONTAINER,
              "0001 80 00 0010 00000007 0000fbf4 0000fbf5 01 0001 aa",
              "wide (flags transitive, community 7, source AS 64500, context AS 64501, targets"
                  + " aa)"),
          new Example(
              AttributeType.Assigned.NEXT_HOP_CHARACTERISTICS,
              "0001 04 04 c6336401 0001 0000",
              "AFI 1, IPv4, SAFI 4, labeled unicast, next hop length 4, next hop 198.51.100.1,"
                  + " entropy label"));

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void eachIsReadAsItsRfcHasIt(Example example) throws MalformedAttribute {
    assertThat(decode(example.type, example.octets())).hasToString(example.text);
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void whatWasReadIsWhatIsWritten(Example example) throws Exception {
    assertThat(encode(decode(example.type, example.octets()))).isEqualTo(example.octets());
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void itStandsInTheStoredSetAsText(Example example) {
    Update update = message(example.type, example.octets()).decode();

    AttributeSet set = AttributeSet.decode(update.attributeSet(update.announced().getFirst()));

    assertThat(update.findings()).isEmpty();
    assertThat(set.other()).isEqualTo(example.type + " " + example.text);
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void theTreeSaysTheSameAndAccountsForEachOctet(Example example) {
    byte[] message = message(example.type, example.octets()).build();

    DecodeTree tree = DecodeTree.of(message, 0, message.length, DecodeContext.AS4);

    assertThat(named(tree.root(), example.type.name()).value()).isEqualTo(example.text);
    assertThat(findingsIn(tree.root())).isEmpty();
    DecodeTreeTest.assertWhole(message, DecodeContext.AS4);
  }

  /// Whatever comes is read, or refused with a reason; what was read is written as it came, the
  /// check of an UPDATE agrees, and the tree holds every octet.
  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void everyBeginningAndEveryChangedOctetHasAnAnswer(Example example) throws Exception {
    byte[] good = example.octets();
    var random = new Random(9012);
    var all = new ArrayList<byte[]>();
    for (int length = 0; length < good.length; length++) {
      all.add(Arrays.copyOf(good, length));
    }
    for (int at = 0; at < good.length; at++) {
      for (int value : new int[] {0, 1, good[at] + 1, good[at] - 1, 0xff, random.nextInt(256)}) {
        byte[] changed = good.clone();
        changed[at] = (byte) value;
        all.add(changed);
      }
    }
    for (byte[] value : all) {
      Update update = message(example.type, value).decode();
      boolean reads;
      try {
        PathAttribute attribute = decode(example.type, value);
        reads = true;
        assertThat(encode(attribute)).isEqualTo(value);
        assertThat(attribute.toString()).doesNotContain("\n");
      } catch (MalformedAttribute e) {
        reads = false;
        assertThat(e.reason()).isNotEmpty();
      }
      boolean lenient = example.type.whenMalformed() == ErrorHandling.NONE;
      assertThat(update.findings().isEmpty()).isEqualTo(reads || lenient);
      assertThat(update.attributes()).hasSize(reads || lenient ? 4 : 3);
      assertThat(AttributeSet.decode(update.attributeSet(update.announced().getFirst())).other())
          .isNotNull();
      byte[] message = message(example.type, value).build();
      DecodeTreeTest.assertWhole(message, DecodeContext.AS4);
    }
  }

  @Test
  void everyTypeOfTheRegistryThatIsDecodedHasAnExample() {
    var without = new ArrayList<>(List.of(AttributeType.Assigned.values()));
    EXAMPLES.forEach(example -> without.remove(example.type));

    assertThat(without)
        .extracting(AttributeType::code)
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 25, 32);
  }

  @Test
  void aMalformedServiceOfAPrefixSidCostsTheRoutesAndALabelIndexDoesNot() {
    assertThat(message(AttributeType.Assigned.PREFIX_SID, Hex.octets("01 0003 00 0000")).decode())
        .returns(ErrorHandling.ATTRIBUTE_DISCARD, Update::handling);
    assertThat(
            message(AttributeType.Assigned.PREFIX_SID, Hex.octets("05 0005 00 01 0001 00"))
                .decode())
        .returns(ErrorHandling.TREAT_AS_WITHDRAW, Update::handling);
    assertThat(message(AttributeType.Assigned.PREFIX_SID, Hex.octets("05 00ff 00")).decode())
        .returns(ErrorHandling.TREAT_AS_WITHDRAW, Update::handling);
  }

  @Test
  void aTransitiveAigpIsLeftOut() {
    Update update =
        new Updates()
            .usual("192.0.2.1", 64500)
            .attribute(0xc0, 26, "01 000b 00000000000007d0")
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(update.handling()).isEqualTo(ErrorHandling.ATTRIBUTE_DISCARD);
    assertThat(update.attribute(Aigp.class)).isNull();
  }

  @Test
  void theHighestPossibleMetricIsNone() {
    assertThatThrownBy(
            () -> decode(AttributeType.Assigned.AIGP, Hex.octets("01 000b ffffffffffffffff")))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("the metric is 0xffffffffffffffff");
  }

  @Test
  void anAttributeThatWasGivenBackCostsNothingWhateverIsInIt() {
    Update update =
        new Updates()
            .usual("192.0.2.1", 64500)
            .attribute(0xc0, 28, "0102")
            .attribute(0x80, 21, "04")
            .attribute(0xe0, 20, "")
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(update.findings()).isEmpty();
    assertThat(update.attributes().subList(3, 6)).hasToString("[0102, 04, ]");
  }

  @Test
  void whatIsMalformedWithinAnAttrSetIsNamed() {
    Update update =
        message(AttributeType.Assigned.ATTR_SET, Hex.octets("0000fbf4 400101 07")).decode();

    assertThat(update.findings())
        .singleElement()
        .hasToString(
            "ATTR_SET: ORIGIN within: value 7 is not 0, 1 or 2; treat-as-withdraw (RFC 7606 7.16)");
  }

  @Test
  void tlvsWithinTlvsHaveAnEnd() {
    var nested = new WireWriter();
    int levels = 8000;
    for (int i = levels; i > 0; i--) {
      nested.u16(1172).u16(8 * i - 4).u32(i);
    }
    byte[] message = message(AttributeType.Assigned.BGP_LS, nested.toByteArray()).build();

    DecodeTreeTest.assertWhole(message, DecodeContext.AS4);
    assertThat(new LinkState(List.of(new Tlv(1172, Octets.of(nested.toByteArray())))).toString())
        .startsWith("L2 bundle member (member ");
  }

  private static PathAttribute decode(AttributeType.Assigned type, byte[] value)
      throws MalformedAttribute {
    return PathAttribute.decode(type, new WireReader(value), DecodeContext.AS4);
  }

  private static byte[] encode(PathAttribute attribute) throws ReflectiveOperationException {
    var out = new WireWriter();
    attribute.getClass().getDeclaredMethod("encode", WireWriter.class).invoke(attribute, out);
    return out.toByteArray();
  }

  private static Updates message(AttributeType.Assigned type, byte[] value) {
    return new Updates()
        .usual("192.0.2.1", 64500)
        .attribute(type.category().flags(), type.code(), value)
        .nlri("198.51.100.0/24");
  }

  private static DecodeTree.Node named(DecodeTree.Node node, String name) {
    return node.name().equals(name)
        ? node
        : node.children().stream()
            .map(child -> named(child, name))
            .filter(found -> !found.name().isEmpty())
            .findFirst()
            .orElse(new DecodeTree.Node("", "", "", 0, 0, List.of(), null));
  }

  private static List<String> findingsIn(DecodeTree.Node node) {
    var all = new ArrayList<String>();
    if (node.finding() != null) {
      all.add(node.name() + ": " + node.finding());
    }
    node.children().forEach(child -> all.addAll(findingsIn(child)));
    return all;
  }
}
