package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.bgppeer.wire.DecodeTree.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DecodeTreeTest {
  static final List<DecodeContext> CONTEXTS =
      List.of(
          DecodeContext.AS4,
          DecodeContext.AS2,
          DecodeContext.AS4.withIbgp(true),
          new DecodeContext(true, Set.copyOf(Family.KNOWN), false),
          new DecodeContext(false, Set.copyOf(Family.KNOWN), true));

  private static final String MARKER = "ff".repeat(16);

  @ParameterizedTest
  @FieldSource("CONTEXTS")
  void everyOctetOfEveryMessageIsInExactlyOneLeaf(DecodeContext context) {
    List<Octets> messages = Vectors.messages();

    assertThat(messages).hasSizeGreaterThan(200);
    messages.forEach(message -> assertWhole(message.toByteArray(), context));
  }

  @Test
  void everyBeginningOfEveryMessageIsWhole() {
    for (Octets message : Vectors.messages()) {
      byte[] octets = message.toByteArray();
      for (int length = 0; length < octets.length; length++) {
        assertWhole(Arrays.copyOf(octets, length), DecodeContext.AS4);
      }
    }
  }

  @Test
  void noOctetsWhateverBreakTheTree() {
    var random = new Random(7606);
    List<Octets> messages = Vectors.messages();
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = messages.get(random.nextInt(messages.size())).toByteArray();
      for (int changes = random.nextInt(1, 5); changes > 0 && octets.length > 0; changes--) {
        // mostly behind the marker, and often a small number: lengths and types are
        int at = random.nextInt(Math.min(16, octets.length - 1), octets.length);
        octets[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(20));
      }
      assertWhole(octets, CONTEXTS.get(random.nextInt(CONTEXTS.size())));
    }
  }

  @Test
  void aMessageInTheMiddleOfAnArrayIsReadAsOneOfItsOwn() {
    byte[] message = new Updates().usual("192.0.2.1", 64500).nlri("198.51.100.0/24").build();
    byte[] array = new byte[message.length + 20];
    System.arraycopy(message, 0, array, 7, message.length);

    assertThat(DecodeTree.of(array, 7, message.length, DecodeContext.AS4))
        .isEqualTo(DecodeTree.of(message, 0, message.length, DecodeContext.AS4));
  }

  @Test
  void anOpenShowsEachParameterAndCapability() {
    var open =
        Open.of(
            4200000001L,
            180,
            0xc0000201L,
            List.of(
                new Capability.Multiprotocol(Family.IPV6_UNICAST),
                new Capability.FourOctetAs(4200000001L),
                new Capability.AddPath(
                    List.of(new Capability.AddPath.Entry(Family.IPV4_UNICAST, 3))),
                new Capability.ExtendedNextHop(
                    List.of(new Capability.ExtendedNextHop.Entry(Family.IPV4_UNICAST, 2))),
                new Capability.GracefulRestart(
                    true,
                    false,
                    120,
                    List.of(new Capability.GracefulRestart.Entry(Family.IPV4_UNICAST, true))),
                new Capability.Fqdn("rs1", "example.net"),
                new Capability.LongLivedGracefulRestart(
                    List.of(
                        new Capability.LongLivedGracefulRestart.Entry(
                            Family.IPV4_UNICAST, false, 86400))),
                new Capability.BgpRole(3),
                new Capability.SoftwareVersion("FRR/9.1"),
                new Capability.OutboundRouteFiltering(
                    CapabilityCode.Assigned.OUTBOUND_ROUTE_FILTERING,
                    List.of(
                        new Capability.OutboundRouteFiltering.Entry(
                            Family.IPV4_UNICAST,
                            List.of(new Capability.OutboundRouteFiltering.Filter(64, 3))))),
                new Capability.UnknownCapability(CapabilityCode.of(200), Octets.ofHex("0a0b"))));

    DecodeTree tree = tree(open.encode());

    assertThat(tree.findings()).isEmpty();
    assertThat(tree.root().value()).isEqualTo("AS4200000001, 192.0.2.1, hold time 180 s");
    assertThat(lines(tree))
        .contains(
            "Version: 4",
            "My AS: 23456, AS_TRANS",
            "Hold time: 180 s",
            "BGP identifier: 192.0.2.1",
            "Capabilities: Multiprotocol",
            "Multiprotocol: IPv6 unicast",
            "AFI: 2, IPv6",
            "SAFI: 1, unicast",
            "4-octet AS: 4200000001",
            "ADD-PATH: IPv4 unicast send and receive",
            "Extended Next Hop: IPv4 unicast over ipv6",
            "Graceful Restart: 120 s, restarted, IPv4 unicast (forwarding kept)",
            "flags and time: 120 s, restarted",
            "FQDN: rs1.example.net",
            "host name: rs1",
            "domain name: example.net",
            "Long-Lived Graceful Restart: IPv4 unicast 86400 s",
            "BGP Role: customer",
            "Software Version: FRR/9.1",
            "Outbound Route Filtering: ipv4-unicast address prefix send and receive",
            "filter: address prefix send and receive",
            "Capability 200: 0a 0b");
  }

  @Test
  void anOpenInTheLongFormIsTakenApartToo() {
    var names = new ArrayList<Capability>();
    for (int i = 0; i < 30; i++) {
      names.add(new Capability.Fqdn("a-rather-long-host-name-" + i, "example.net"));
    }
    DecodeTree tree = tree(Open.of(64500, 0, 1, names).encode());

    assertThat(tree.findings()).isEmpty();
    assertThat(lines(tree))
        .contains(
            "Hold time: 0, none",
            "length: 255, the extended form follows",
            "host name: a-rather-long-host-name-29");
  }

  @Test
  void anUpdateShowsEachPartOfEachAttribute() {
    byte[] message =
        new Updates()
            .usual("203.0.113.9", 64501, 64504)
            .med(50)
            .attribute(0x40, 6, "")
            .attribute(0xc0, 7, "0000fbf4 c0000201")
            .communities("64501:500", "65535:666")
            .attribute(0xc0, 16, "0002fbf500000028 4004fbf047c35000")
            .largeCommunities("64501:1:40")
            .attribute(0xc0, 201, "deadbeef")
            .withdraw("192.0.2.224/28")
            .nlri("198.51.100.64/26", "0.0.0.0/0")
            .build();

    DecodeTree tree = tree(message);

    assertThat(tree.root().value()).isEqualTo("2 announced, 1 withdrawn");
    assertThat(lines(tree))
        .containsSubsequence(
            "Header: ",
            "Marker: 16 × ff",
            "Length: " + message.length + " bytes",
            "Type: 2, UPDATE",
            "Withdrawn routes: 1, IPv4 unicast",
            "length: 5 bytes",
            "prefix: 192.0.2.224/28",
            "ORIGIN: IGP",
            "flags: well-known, transitive",
            "type: 1",
            "length: 1 byte",
            "value: 0 = IGP",
            "AS_PATH: 64501 64504",
            "AS_SEQUENCE: 64501 64504",
            "type: 2, AS_SEQUENCE",
            "count: 2",
            "AS numbers: 64501 64504",
            "NEXT_HOP: 203.0.113.9",
            "address: 203.0.113.9",
            "MULTI_EXIT_DISC: 50",
            "flags: optional, non-transitive",
            "ATOMIC_AGGREGATE: set",
            "AGGREGATOR: 64500 192.0.2.1",
            "AS: 64500",
            "address: 192.0.2.1",
            "COMMUNITIES: 64501:500 65535:666 (blackhole)",
            "community 1: 64501:500",
            "community 2: 65535:666 (blackhole)",
            "EXTENDED_COMMUNITIES: rt:64501:40 link-bandwidth:64496:100000",
            "LARGE_COMMUNITIES: 64501:1:40",
            "ATTRIBUTE_201: de ad be ef",
            "value: de ad be ef",
            "Routes: 2, IPv4 unicast",
            "prefix: 198.51.100.64/26",
            "prefix: 0.0.0.0/0");
  }

  @Test
  void setsAndConfederationsAreSegmentsOfTheirOwn() {
    byte[] message =
        new Updates()
            .as2()
            .origin(0)
            .attribute(0x40, 2, "0301fe0c 02020001 0002 01020003 0004 0401fe0d")
            .nextHop("192.0.2.1")
            .nlri("198.51.100.0/24")
            .build();

    assertThat(lines(DecodeTree.of(Octets.of(message), DecodeContext.AS2)))
        .contains(
            "AS_PATH: (65036) 1 2 {3 4} [65037]",
            "AS_CONFED_SEQUENCE: (65036)",
            "AS_SEQUENCE: 1 2",
            "AS_SET: {3 4}",
            "AS_CONFED_SET: [65037]");
  }

  @Test
  void multiprotocolAttributesShowTheirFamilyAndNextHop() {
    byte[] message =
        new Updates()
            .origin(0)
            .asPath(64500)
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1 fe80::1", "2001:db8:1::/48", "::/0")
            .mpUnreach(Family.IPV6_MULTICAST, "2001:db8:2::/48")
            .build();

    assertThat(lines(tree(message)))
        .containsSubsequence(
            "MP_REACH_NLRI: 2, IPv6 unicast via 2001:db8::1",
            "AFI: 2, IPv6",
            "SAFI: 1, unicast",
            "next hop length: 32 bytes",
            "next hop: 2001:db8::1",
            "link-local next hop: fe80::1",
            "reserved: 0",
            "Routes: 2, IPv6 unicast",
            "prefix: 2001:db8:1::/48",
            "prefix: ::/0",
            "MP_UNREACH_NLRI: 1, IPv6 multicast",
            "SAFI: 2, multicast",
            "Withdrawn routes: 1, IPv6 multicast",
            "prefix: 2001:db8:2::/48");
  }

  @Test
  void aRouteWithAPathIdentifierShowsBoth() {
    byte[] message =
        new Updates().usual("192.0.2.1", 64500).nlriOfPath(7, "198.51.100.0/24").build();

    assertThat(lines(DecodeTree.of(Octets.of(message), Updates.addPath(Family.IPV4_UNICAST))))
        .containsSubsequence(
            "prefix: 198.51.100.0/24 path 7", "path id: 7", "prefix: 198.51.100.0/24");
  }

  @Test
  void theEndOfRibIsCalledSo() {
    assertThat(tree(Updates.endOfRib(Family.IPV4_UNICAST)).root().value())
        .isEqualTo("End-of-RIB, IPv4 unicast");
    assertThat(tree(Updates.endOfRib(Family.IPV6_UNICAST)).root().value())
        .isEqualTo("End-of-RIB, IPv6 unicast");
  }

  @Test
  void aNotificationShowsTheWordsOfTheirOperator() {
    DecodeTree tree = tree(Notification.shutdown(2, "Wartung bis fünf").encode());

    assertThat(tree.root().value()).isEqualTo("Administrative Shutdown (6/2)");
    assertThat(lines(tree))
        .contains(
            "Error code: 6, Cease",
            "Error subcode: 2, Administrative Shutdown",
            "text length: 17 bytes",
            "text: “Wartung bis fünf”");
  }

  @Test
  void aHardResetShowsTheNotificationWithin() {
    byte[] data = Hex.octets("0602 03627965");
    DecodeTree tree = tree(new Notification(6, 9, Octets.of(data)).encode());

    assertThat(tree.root().value()).isEqualTo("Hard Reset (6/9)");
    assertThat(lines(tree))
        .contains(
            "inner error code: 6, Cease",
            "inner error subcode: 2, Administrative Shutdown",
            "text: “bye”");
  }

  @Test
  void aShutdownTextThatIsCutOffIsShownAndMarked() {
    DecodeTree tree = tree(Hex.octets(MARKER + "0017 03 06 02 fe 62"));

    assertThat(named(tree, "text").value()).isEqualTo("“b”");
    assertThat(named(tree, "Data").finding())
        .isEqualTo("the length says 254 bytes, only 1 is left");
  }

  @Test
  void aNumberWithoutANameStandsForItself() {
    assertThat(lines(tree(Notification.of(99, 7).encode())))
        .contains("Error code: 99, Error code 99", "Error subcode: 7");
    assertThat(lines(tree(Hex.octets(MARKER + "0017 05 4004 07 47"))))
        .contains("AFI: 16388, BGP-LS", "Subtype: 7, subtype 7", "SAFI: 71, ls");
    DecodeTree unknown = tree(Hex.octets(MARKER + "0015 09 abcd"));
    assertThat(lines(unknown)).contains("Type: 9, TYPE-9", "body: ab cd");
    assertThat(unknown.findings()).singleElement().extracting(Finding::offset).isEqualTo(18);
  }

  @Test
  void aMalformedAttributeIsMarkedWhereItIsAndWhereItBreaks() {
    byte[] message =
        new Updates()
            .usual("203.0.113.9", 64501)
            .attribute(0xc0, 8, "fbf501f4 fbf5")
            .nlri("198.51.100.64/26")
            .build();

    DecodeTree tree = tree(message);

    Node attribute = named(tree, "COMMUNITIES");
    assertThat(attribute.value()).isEqualTo("malformed");
    assertThat(attribute.finding())
        .isEqualTo("length 6 is not a non-zero multiple of 4; treat-as-withdraw (RFC 7606 7.8)");
    assertThat(attribute.children().getLast())
        .extracting(Node::name, Node::value, Node::finding)
        .containsExactly("rest", "fb f5", "2 bytes do not make a community");
    assertThat(tree.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.offset()).isEqualTo(attribute.offset());
              assertThat(finding.octets().length()).isEqualTo(attribute.length());
            });
  }

  @Test
  void whatIsMissingIsSaidAtTheAttributes() {
    byte[] message = new Updates().origin(0).asPath(64500).nlri("198.51.100.0/24").build();

    assertThat(named(tree(message), "Path attributes").finding())
        .isEqualTo("NEXT_HOP: is missing; treat-as-withdraw (RFC 7606 3(d))");
  }

  @Test
  void whatTheCodecFindsIsInTheTree() {
    for (Octets message : Vectors.messages()) {
      boolean whole =
          message.length() >= 23
              && Framing.length(message.array(), 0) == message.length()
              && message.u8(18) == 2;
      if (whole) {
        DecodeTree tree = DecodeTree.of(message, DecodeContext.AS4);
        List<Finding> found =
            Update.decode(message.array(), 0, message.length(), DecodeContext.AS4).findings();
        assertThat(tree.findings()).containsAll(found);
        assertThat(nodes(tree.root()).map(Node::finding).filter(f -> f != null).toList())
            .as("%s", message)
            .allSatisfy(text -> assertThat(text).isNotEmpty())
            .hasSizeGreaterThanOrEqualTo(found.isEmpty() ? 0 : 1);
      }
    }
  }

  @Test
  void aBadHeaderIsSaidAtTheFieldThatIsBad() {
    assertThat(named(tree(Hex.octets("00" + "ff".repeat(15) + "0013 04")), "Marker").finding())
        .isEqualTo("the marker is not 16 octets of ff");
    assertThat(named(tree(Hex.octets(MARKER + "0012 04")), "Length").finding())
        .isEqualTo("length 18 is below 19");
    assertThat(named(tree(Hex.octets(MARKER + "0014 04")), "Length").finding())
        .startsWith("cut off: length 20, but 19 octets are here");
    assertThat(named(tree(Hex.octets(MARKER + "0013 04 aa")), "behind the message").value())
        .isEqualTo("aa");
    assertThat(tree(Hex.octets("ffff")).root().value()).isEqualTo("cut off within the header");
    assertThat(tree(new byte[0]).findings()).hasSize(1);
  }

  @Test
  void aBrokenOpenSaysWhereAndKeepsItsOctets() {
    DecodeTree version = tree(Hex.octets(MARKER + "001d 01 03 fbf4 00b4 c0000201 00"));
    assertThat(named(version, "Version").finding()).isEqualTo("version 3 is not 4");

    DecodeTree capability =
        tree(Hex.octets(MARKER + "0023 01 04 fbf4 00b4 c0000201 06 0204 0104 0001"));
    assertThat(capability.findings())
        .singleElement()
        .extracting(Finding::reason)
        .isEqualTo("capability 1 of 4 octets where 2 octets are left");
    assertThat(named(capability, "Multiprotocol").finding())
        .isEqualTo("the length says 4 bytes, only 2 are left");
    assertThat(lines(capability)).contains("value: 00 01");
  }

  @Test
  void aKnownCapabilityWithAnImpossibleValueIsMarked() {
    DecodeTree tree = tree(Hex.octets(MARKER + "0022 01 04 fbf4 00b4 c0000201 05 0203 410100"));

    assertThat(named(tree, "4-octet AS").finding())
        .isEqualTo("not a value that this capability can have");
  }

  private static DecodeTree tree(byte[] message) {
    return DecodeTree.of(Octets.of(message), DecodeContext.AS4);
  }

  /// The invariant: the children of each node divide its octets among them, and identifiers are
  /// unique.
  static void assertWhole(byte[] message, DecodeContext context) {
    DecodeTree tree = DecodeTree.of(message, 0, message.length, context);
    boolean whole =
        tree.root().offset() == 0
            && tree.root().length() == message.length
            && isWhole(tree.root(), new HashSet<>());
    if (!whole) {
      assertThat(lines(tree)).as("%s as %s", Octets.of(message), context).isEmpty();
    }
  }

  private static boolean isWhole(Node node, Set<String> ids) {
    int at = node.offset();
    for (Node child : node.children()) {
      if (child.offset() != at || child.length() == 0 || !isWhole(child, ids)) {
        return false;
      }
      at += child.length();
    }
    return ids.add(node.id()) && (node.isLeaf() || at == node.offset() + node.length());
  }

  private static Stream<Node> nodes(Node node) {
    return Stream.concat(Stream.of(node), node.children().stream().flatMap(DecodeTreeTest::nodes));
  }

  private static Node named(DecodeTree tree, String name) {
    return nodes(tree.root()).filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> lines(DecodeTree tree) {
    return nodes(tree.root()).map(n -> n.name() + ": " + n.value()).toList();
  }
}
