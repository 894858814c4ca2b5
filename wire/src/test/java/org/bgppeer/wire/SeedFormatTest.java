package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SeedFormatTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String MARKER = "ff".repeat(16);

  @Test
  void theFourPacketsAreThoseOfTheSeed() {
    JsonNode seed = JSON.readTree(Vectors.text("/seed/packets.json"));

    assertThat(seed).hasSize(4);
    for (JsonNode expected : seed) {
      assertThat(json(seedTree(expected.at("/packet/raw").stringValue()))).isEqualTo(expected);
    }
  }

  @Test
  void asPythonTheyAreTheSeedToTheLetterButForWhiteSpace() {
    var python = new StringBuilder();
    for (JsonNode packet : JSON.readTree(Vectors.text("/seed/packets.json"))) {
      python.append(SeedFormat.python(seedTree(packet.at("/packet/raw").stringValue())));
    }

    assertThat(withoutWhiteSpace(python.toString()))
        .isEqualTo(withoutWhiteSpace(Vectors.text("/seed/packets.py.txt")));
  }

  @Test
  void aLiteralIsOneLineAndEscapesWhatPythonMust() {
    assertThat(SeedFormat.python(List.of("it's", "a\\b", "x\ny", "é", true, false, 7L)))
        .isEqualTo("['it\\'s', 'a\\\\b', 'x\\u000ay', 'é', True, False, 7]");
    assertThat(SeedFormat.python(null)).isEqualTo("None");
    assertThat(SeedFormat.python(Map.of("a", List.of()))).isEqualTo("{'a': []}");
  }

  @Test
  void aKeepaliveHasNothingInItsTypeField() {
    assertThat(json(seedTree(MARKER + "001304")))
        .isEqualTo(
            JSON.readTree(
                """
                {"packet": {
                  "raw": "ffffffffffffffffffffffffffffffff001304",
                  "type_field": {},
                  "header": {
                    "marker": "ffffffffffffffffffffffffffffffff",
                    "data": "", "length": "0013", "type": "04"}}}
                """));
  }

  @Test
  void aNotificationSaysItsErrorInWordsAndTheText() {
    byte[] message = Notification.shutdown(2, "bye").encode();

    assertThat(typeField(Octets.of(message)))
        .isEqualTo(
            JSON.readTree(
                """
                {"code": "06", "subcode": "02", "data": "03627965",
                 "error": "Administrative Shutdown (6/2)", "text": "bye"}
                """));
  }

  @Test
  void aRouteRefreshNamesItsFamily() {
    assertThat(typeField(Octets.of(RouteRefresh.request(Family.IPV6_UNICAST).encode())))
        .isEqualTo(
            JSON.readTree(
                """
                {"afi": "0002", "subtype": "00", "safi": "01", "family": "IPv6,Unicast"}
                """));
  }

  @Test
  void withdrawnRoutesStandLikeTheOthers() {
    byte[] message = new Updates().withdraw("192.0.2.224/28", "0.0.0.0/0").build();

    assertThat(typeField(Octets.of(message)))
        .isEqualTo(
            JSON.readTree(
                """
                {"insert": {"raw": "", "nlri": []},
                 "withdraw": {"raw": "1cc00002e000", "length": "0006",
                              "nlri": ["192.0.2.224/28", "0/0"]},
                 "attribute": {"origin": null, "raw": "", "next_hop": null, "med": null,
                               "agg": null, "local_pref": null, "atomic_agg": null,
                               "as_path": null}}
                """));
  }

  @Test
  void whatTheSeedDoesNotKnowStandsUnderNamesOfItsOwn() {
    byte[] message =
        new Updates()
            .origin(0)
            .attribute(0x40, 2, "0202 0000fbf4 0000fbf5 0102 0000fbf6 0000fbf7")
            .nextHop("192.0.2.1")
            .attribute(0x40, 6, "")
            .attribute(0xc0, 7, "0000fbf7 c0000201")
            .communities("64500:1", "65535:666")
            .largeCommunities("64500:1:2")
            .attribute(0xc0, 16, "0002fbf500000028")
            .attribute(0xc0, 35, "0000fbf4")
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48")
            .mpUnreach(Family.IPV6_UNICAST, "2001:db8:2::/48")
            .nlri("198.51.100.0/24")
            .build();

    JsonNode field = typeField(Octets.of(message));

    assertThat(without(field.get("attribute"), "raw"))
        .isEqualTo(
            JSON.readTree(
                """
                {"origin": "IGP", "next_hop": "192.0.2.1", "med": null,
                 "agg": "64503 192.0.2.1", "local_pref": null, "atomic_agg": true,
                 "as_path": ["64500", "64501", "{64502 64503}"],
                 "community": ["64500:1", "65535:666"],
                 "large_community": ["64500:1:2"],
                 "ext_community": ["rt:64501:40"],
                 "other": {"only_to_customer": "64500"}}
                """));
    assertThat(field.at("/insert/nlri")).isEqualTo(JSON.readTree("[\"198.51.100/24\"]"));
    assertThat(field.get("mp_insert"))
        .isEqualTo(
            JSON.readTree(
                """
                {"raw": "3020010db80001", "family": "IPv6,Unicast", "next_hop": "2001:db8::1",
                 "nlri": ["2001:db8:1::/48"]}
                """));
    assertThat(field.get("mp_withdraw"))
        .isEqualTo(
            JSON.readTree(
                """
                {"raw": "3020010db80002", "family": "IPv6,Unicast", "nlri": ["2001:db8:2::/48"]}
                """));
  }

  @Test
  void aPathIdentifierStandsBehindThePrefix() {
    byte[] message =
        new Updates().usual("192.0.2.1", 64500).nlriOfPath(7, "198.51.100.0/24").build();

    JsonNode tree = json(SeedFormat.of(Octets.of(message), Updates.addPath(Family.IPV4_UNICAST)));

    assertThat(tree.at("/packet/type_field/insert/nlri/0").stringValue())
        .isEqualTo("198.51.100/24 path 7");
  }

  @Test
  void capabilitiesAreWrittenInTheStyleOfTheSeed() {
    var capabilities = new ArrayList<Capability>();
    capabilities.add(new Capability.Multiprotocol(new Family(25, 70)));
    capabilities.add(new Capability.Multiprotocol(new Family(1, 4)));
    capabilities.add(new Capability.Multiprotocol(new Family(1, 132)));
    capabilities.add(new Capability.Multiprotocol(new Family(7, 200)));
    capabilities.add(new Capability.FourOctetAs(64500));
    capabilities.add(
        new Capability.AddPath(
            List.of(
                new Capability.AddPath.Entry(Family.IPV4_UNICAST, 3),
                new Capability.AddPath.Entry(Family.IPV6_UNICAST, 2))));
    capabilities.add(
        new Capability.ExtendedNextHop(
            List.of(new Capability.ExtendedNextHop.Entry(Family.IPV4_UNICAST, 2))));
    capabilities.add(
        new Capability.GracefulRestart(
            true,
            true,
            120,
            List.of(new Capability.GracefulRestart.Entry(Family.IPV4_UNICAST, true))));
    capabilities.add(new Capability.EnhancedRouteRefresh());
    capabilities.add(new Capability.ExtendedMessage());
    capabilities.add(new Capability.Fqdn("rs1", "example.net"));
    capabilities.add(new Capability.UnknownCapability(CapabilityCode.of(9), Octets.ofHex("03")));
    capabilities.add(
        new Capability.UnknownCapability(CapabilityCode.of(200), Octets.ofHex("0a0b")));

    JsonNode field = typeField(Octets.of(Open.of(64500, 180, 1, capabilities).encode()));

    assertThat(field.at("/optional/capability"))
        .extracting(JsonNode::stringValue)
        .containsExactly(
            "Multi-Protocol Extensions - L2VPN,EVPN",
            "Multi-Protocol Extensions - IPv4,Labeled-Unicast",
            "Multi-Protocol Extensions - IPv4,Route-Target",
            "Multi-Protocol Extensions - 7,200",
            "4-octet-AS - 64500",
            "ADD-PATH - IPv4,Unicast,Send/Receive; IPv6,Unicast,Send",
            "Extended-Next-Hop - IPv4,Unicast,IPv6",
            "Graceful-Restart - 120,Restarted,Notification; IPv4,Unicast,Forwarding",
            "Enhanced-Route-Refresh",
            "Extended-Message",
            "FQDN - rs1.example.net",
            "BGP-Role - customer",
            "Unknown - 200,0a0b");
  }

  @Test
  void anOldAuthenticationParameterIsAuth() {
    JsonNode field =
        typeField(Octets.ofHex(MARKER + "0021010400010 00f0707070704 0102abcd".replace(" ", "")));

    assertThat(field.at("/optional/auth").stringValue()).isEqualTo("abcd");
    assertThat(field.at("/optional/capability")).isEmpty();
  }

  @Test
  void theLongFormOfAnOpenHasItsLongLength() {
    var capabilities = new ArrayList<Capability>();
    for (int i = 0; i < 30; i++) {
      capabilities.add(new Capability.Fqdn("a-rather-long-host-name", "example.net"));
    }
    byte[] message = Open.of(64500, 180, 1, capabilities).encode();

    JsonNode field = typeField(Octets.of(message));

    assertThat(field.at("/optional/length").stringValue())
        .isEqualTo("%04x".formatted(message.length - 32));
    assertThat(field.at("/optional/raw").stringValue()).hasSize(2 * (message.length - 32));
  }

  @Test
  void whatCannotBeTakenApartIsRaw() {
    assertThat(typeField(Octets.ofHex(MARKER + "0015 09 abcd".replace(" ", ""))))
        .isEqualTo(JSON.readTree("{\"raw\": \"abcd\"}"));
    assertThat(typeField(Octets.ofHex(MARKER + "001401" + "04")))
        .isEqualTo(JSON.readTree("{\"raw\": \"04\"}"));
  }

  @Test
  void noMessageWhateverBreaksIt() {
    for (Octets message : Vectors.messages()) {
      byte[] octets = message.toByteArray();
      for (int length = 0; length <= octets.length; length++) {
        var octetsCut = Octets.copyOf(octets, 0, length);
        assertThat(SeedFormat.python(SeedFormat.of(octetsCut, DecodeContext.AS4)))
            .startsWith("{'packet': {'raw': '" + octetsCut + "', 'type_field': {");
      }
    }
  }

  private static Object seedTree(String hex) {
    Octets message = Octets.ofHex(hex);
    return SeedFormat.of(message, ContextGuess.of(message, Set.of()).context());
  }

  private static JsonNode typeField(Octets message) {
    return json(SeedFormat.of(message, DecodeContext.AS4)).at("/packet/type_field");
  }

  private static JsonNode json(Object tree) {
    return JSON.readTree(JSON.writeValueAsString(tree));
  }

  private static JsonNode without(JsonNode object, String name) {
    return ((tools.jackson.databind.node.ObjectNode) object.deepCopy()).without(name);
  }

  private static String withoutWhiteSpace(String text) {
    return text.replaceAll("\\s", "");
  }
}
