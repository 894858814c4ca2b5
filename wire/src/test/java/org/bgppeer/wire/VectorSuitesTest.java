package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The test vectors of other projects: each is read without harm, and where its project says what
/// it expects, we say the same, or this file says why not. They stand beside the checkout, in
/// `../shared/data/vectors`, because not all of their licences are permissive.
///
/// What a project expects is its verdict and not the RFC's: "ok" may mean that one attribute alone
/// was looked at, so that what is missing around it does not count here.
class VectorSuitesTest {
  private static final Path VECTORS = Path.of("..", "..", "shared", "data", "vectors");

  /// Where we differ: the reason, and the vectors that it is the reason of.
  private static final Map<String, List<String>> EXPLAINED =
      Map.of(
          "a part of a message: the test puts the rest to it, or it is another thing than it looks",
          List.of(
              "bgpgg/msg_open/test_from_bytes_invalid_optional_params_length",
              "bgpgg/msg_open/test_from_bytes_invalid_optional_params_length#2",
              "bgpgg/msg_open/test_from_bytes_invalid_optional_params_length#3",
              "bgpgg/msg_open/test_from_bytes_with_optional_param",
              "bgpgg/msg_open/test_from_bytes_with_optional_params",
              "bgpgg/msg_open/test_from_bytes_with_unknown_optional_param",
              "bgpgg/msg_update_codec/test_read_attr_large_communities",
              "bgpgg/msg_update_codec/test_read_attr_large_communities_invalid_length",
              "bgpgg/msg_update_codec/test_read_attr_mp_unreach_nlri_ipv4#3",
              "bgpgg/msg_update_codec/test_read_attr_mp_unreach_nlri_ipv6#2",
              "bgpkit-parser/capabilities/test_extended_next_hop_capability_invalid_length",
              "bgpkit-parser/messages/test_bgp_open_wire_fixtures_round_trip_byte_identically",
              "bgpkit-parser/messages/test_bgp_open_wire_fixtures_round_trip_byte_identically#3",
              "bgpkit-parser/messages/test_bgp_open_wire_fixtures_round_trip_byte_identically#5",
              "bgpkit-parser/messages/test_bgp_open_wire_fixtures_round_trip_byte_identically#7",
              "bio-rd/encoder_test/TestSerializeHeader/Valid_12",
              "gobmp/bgp-update_test/TestUnmarshalBGPUpdate#3",
              "gobmp/layer2_extcomm_test/TestParseLayer2InfoExtComm/"
                  + "Valid_Layer2_Info_VLAN_with_both_flags",
              "rustbgpd/update/decode_with_withdrawn_routes",
              "scapy/BGP_Dissection_with_specific_values",
              "scapy/BGP_Instantiation_with_specific_values_1_",
              "scapy/BGP_Instantiation_with_specific_values_2_",
              "scapy/BGP_Instantiation_with_specific_values_3_",
              "scapy/BGP_Instantiation_with_specific_values_4_",
              "scapy/BGP_Instantiation_with_specific_values_6_",
              "yabgp/test_update/TestUpdate.test_construct_prefix_v4_addpath",
              "yabgp/test_update/TestUpdate.test_parse_prefix_list_with_addpath"),
          "they do not check the flags of ORIGIN and others: RFC 7606 3(c)",
          List.of(
              "bio-rd/decoder_test/TestDecodeUpdateMsg/10",
              "bio-rd/decoder_test/TestDecodeUpdateMsg/16",
              "bio-rd/decoder_test/TestDecodeUpdateMsg/2",
              "bio-rd/decoder_test/TestDecodeUpdateMsg/7",
              "bio-rd/decoder_test/TestDecodeUpdateMsg/8",
              "bio-rd/decoder_test/TestDecodeUpdateMsg/9",
              "bio-rd/decoder_test/TestDecodeUpdateMsg/9#2",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest1",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest2",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest3",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest4",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest5",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest6",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest7",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest8",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest9",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest10",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest11",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest12",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest13",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest14",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest15",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest16",
              "onos/BgpUpdateLinkStateAttrTest/bgpUpdateMessageTest17",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest18",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest19",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest40",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest41",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest42"),
          "the short MP_REACH_NLRI of a RIB record, not that of a message: RFC 6396 4.3.4",
          List.of("gobgp/bgp_test/Test_MpReachNLRIWithImplicitPrefix"),
          "they do not know ROUTE-REFRESH, or know type 128 for it",
          List.of(
              "bio-rd/decoder_test/TestDecode/7",
              "yabgp/test_route_refresh/TestRouteRefresh.test_construct_cisco_route_refresh"),
          "a BoRR has 4 octets: RFC 7313 5",
          List.of("bgpkit-parser/messages/test_parse_bgp_route_refresh_message_with_orf_data"),
          "a NEXT_HOP has 4 octets, and is the address of a host: RFC 7606 7.3, RFC 4271 6.3",
          List.of(
              "bgpkit-parser/mod/test_malformed_typed_attribute_falls_back_to_raw",
              "gobgp/bgp_test/Test_PathAttributeNextHop_InvalidLength/valid_IPv6",
              "yabgp/test_nexthop/TestNextHop.test_construct#49"),
          "their parser of paths alone does not look for AS 0: RFC 7607 2",
          List.of("frr/test_aspath/BGP_AS_ZERO", "frr/test_aspath/BGP_AS_ZERO asdot+"),
          "a malformed capability is kept and has no effect: RFC 5492 does not call it an error",
          List.of("frr/test_capability/test_segments/minsize"),
          "a default route behind two next hops is well-formed",
          List.of("frr/test_mp_attr/mp_reach_segments/IPv6-bug"),
          "well-formed: they want more capabilities, attributes or a longer path than an RFC does",
          List.of(
              "onos/BgpNotificationMsgTest/bgpNotificationMessageTest2",
              "onos/BgpOpenMsgTest/openMessageTest4",
              "onos/BgpOpenMsgTest/openMessageTest9",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest01",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest05",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest07",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest22",
              "onos/BgpUpdateMsgTest/bgpUpdateMessageTest28"));

  private static final Pattern ADD_PATH =
      Pattern.compile("add_?path|additional_path", Pattern.CASE_INSENSITIVE);

  /// What becomes of a vector, worst last.
  private enum Verdict {
    /// Only its test knows what these octets are a part of.
    UNCLEAR,
    /// Read, with nothing worse than a note.
    OK,
    DISCARDED,
    WITHDRAWN,
    REFUSED
  }

  private record Vector(
      String id, String kind, byte[] octets, JsonNode expect, JsonNode ctx, String hint) {
    String result() {
      return expect.path("result").asString("unknown");
    }

    /// Whether the whole of the UPDATE was judged, and not one attribute.
    boolean isStrict() {
      return result().equals("treat-as-withdraw");
    }

    /// What the suite says of the session, or what can be guessed; path identifiers if the name of
    /// the test has them.
    DecodeContext context(byte[] message) {
      boolean pathIds = ADD_PATH.matcher(id).find();
      var guess =
          ContextGuess.of(Octets.of(message), pathIds ? Set.copyOf(Family.KNOWN) : Set.of())
              .context();
      JsonNode as4 = ctx.path("as4");
      if (as4.isMissingNode()) {
        as4 = ctx.path("as4_negotiated");
      }
      return as4.isMissingNode()
          ? guess
          : new DecodeContext(as4.asBoolean(), guess.addPath(), guess.ibgp());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bgpfix",
        "bgpgg",
        "bgpkit-parser",
        "bio-rd",
        "corebgp",
        "dpkt",
        "frr",
        "fuzz",
        "gobgp",
        "gobmp",
        "holo",
        "netgauze",
        "onos",
        "pcap-messages",
        "pcapplusplus",
        "rustbgpd",
        "scapy",
        "yabgp"
      })
  void whatOthersExpectIsWhatWeSayOrThereIsAReason(String suite, TestReporter reporter)
      throws IOException {
    Path file = VECTORS.resolve(suite + ".jsonl");
    assumeTrue(Files.exists(file), file + " is not there");
    var counts = new EnumMap<Verdict, Integer>(Verdict.class);
    var differences = new TreeMap<String, String>();
    var explained = new TreeSet<String>();
    for (String line : Files.readAllLines(file)) {
      Vector vector = vector(JsonMapper.shared().readTree(line));
      harmless(vector.octets());
      Verdict verdict = verdict(vector);
      counts.merge(verdict, 1, Integer::sum);
      String difference = difference(vector, verdict);
      if (difference != null && isExplained(vector.id())) {
        explained.add(vector.id());
      } else if (difference != null) {
        differences.put(vector.id(), difference + ": " + Octets.of(vector.octets()));
      }
    }
    reporter.publishEntry(suite, counts + ", differences explained: " + explained.size());
    assertThat(differences).isEmpty();
    assertThat(explained)
        .as("all that is explained differs")
        .containsExactlyElementsOf(explainedOf(suite));
  }

  private static boolean isExplained(String id) {
    return EXPLAINED.values().stream().anyMatch(ids -> ids.contains(id));
  }

  private static Set<String> explainedOf(String suite) {
    return EXPLAINED.values().stream()
        .flatMap(List::stream)
        .filter(id -> id.startsWith(suite + "/"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static @Nullable String difference(Vector vector, Verdict verdict) {
    if (verdict == Verdict.UNCLEAR) {
      return null;
    }
    boolean agreed =
        switch (vector.result()) {
          case "ok", "proceed" -> verdict.compareTo(Verdict.DISCARDED) <= 0;
          case "error" -> verdict != Verdict.OK;
          case "treat-as-withdraw" -> verdict.compareTo(Verdict.WITHDRAWN) >= 0;
          case "session-reset" -> verdict == Verdict.REFUSED;
          default -> true;
        };
    if (!agreed) {
      return "they say " + vector.result() + ", we say " + verdict;
    }
    String path = vector.expect().path("as_path").asString("");
    if (!path.isEmpty() && vector.kind().equals("as-path-value") && isPlain(vector)) {
      String ours = frrText(vector);
      return ours.equals(path) ? null : "they say " + path + ", we say " + ours;
    }
    return null;
  }

  private static boolean isPlain(Vector vector) {
    String notation = vector.ctx().path("asnotation").asString("");
    return notation.isEmpty() || notation.equals("ASNOTATION_PLAIN");
  }

  /// The path as FRR writes it: the ASes of a set sorted, once each, with commas.
  private static String frrText(Vector vector) {
    try {
      boolean as4 = vector.ctx().path("as4").asBoolean(false);
      return AsPath.decode(new WireReader(vector.octets()), as4).segments().stream()
          .map(
              segment ->
                  switch (segment.type()) {
                    case AS_SEQUENCE -> join(segment.ases(), " ");
                    case AS_CONFED_SEQUENCE -> "(" + join(segment.ases(), " ") + ")";
                    case AS_SET -> "{" + join(sorted(segment.ases()), ",") + "}";
                    case AS_CONFED_SET -> "[" + join(sorted(segment.ases()), ",") + "]";
                  })
          .collect(Collectors.joining(" "));
    } catch (MalformedAttribute e) {
      return e.reason();
    }
  }

  private static List<Long> sorted(List<Long> ases) {
    return ases.stream().sorted().distinct().toList();
  }

  private static String join(List<Long> ases, String between) {
    return ases.stream().map(String::valueOf).collect(Collectors.joining(between));
  }

  private static Vector vector(JsonNode line) {
    var hint = new StringBuilder();
    line.path("hint").forEach(word -> hint.append(word.asString()).append(' '));
    return new Vector(
        line.path("id").asString(),
        line.path("kind").asString(),
        Hex.octets(line.path("hex").asString()),
        line.path("expect"),
        line.path("ctx"),
        hint.toString());
  }

  /// Whatever the octets are: as a message, as one behind a header, and as attributes, routes and
  /// an OPEN.
  private static void harmless(byte[] octets) {
    for (DecodeContext context : DecodeTreeTest.CONTEXTS) {
      Answers.check(octets, context);
      for (byte[] message :
          List.of(
              message(1, octets), message(2, octets), message(3, octets), around(octets, true))) {
        Answers.check(message, context);
        DecodeTree.of(message, 0, message.length, context);
      }
    }
  }

  // ---- what we say

  private static Verdict verdict(Vector vector) {
    byte[] octets = vector.octets();
    return switch (vector.kind()) {
      case "message", "tcp-payload" -> messages(vector, octets);
      case "update-body" -> messages(vector, message(2, octets));
      case "open-body" -> messages(vector, message(1, octets));
      case "path-attributes" -> attributes(vector, octets);
      case "as-path-value" ->
          attributes(vector, new Updates().attribute(0x50, 2, octets).attributes());
      case "mp-reach-value" ->
          attributes(vector, new Updates().attribute(0x90, 14, octets).attributes());
      case "mp-unreach-value" ->
          attributes(vector, new Updates().attribute(0x90, 15, octets).attributes());
      case "ext-communities-value" ->
          attributes(vector, new Updates().attribute(0xd0, 16, octets).attributes());
      case "capability" -> messages(vector, open(parameter(octets)));
      case "open-optional-parameters" -> messages(vector, open(octets));
      default -> literal(vector, octets);
    };
  }

  /// Octets of which the suite says no more than which words stand near them.
  private static Verdict literal(Vector vector, byte[] octets) {
    boolean marker = octets.length >= 19;
    for (int i = 0; marker && i < 16; i++) {
      marker = octets[i] == -1;
    }
    if (marker) {
      return messages(vector, octets);
    }
    String hint = vector.hint();
    if (hint.contains("update") && isUpdateBody(octets)) {
      return messages(vector, message(2, octets));
    }
    if (hint.contains("open") && octets.length >= 10 && octets[0] == 4) {
      return messages(vector, message(1, octets));
    }
    if (hint.contains("capability") && isCapabilities(octets)) {
      return messages(vector, open(parameter(octets)));
    }
    if (isAttributes(octets)) {
      return attributes(vector, octets);
    }
    return Verdict.UNCLEAR;
  }

  private static boolean isUpdateBody(byte[] octets) {
    if (octets.length < 4) {
      return false;
    }
    int withdrawn = WireReader.u16(octets, 0);
    return withdrawn + 4 <= octets.length
        && withdrawn + 4 + WireReader.u16(octets, 2 + withdrawn) <= octets.length;
  }

  private static boolean isCapabilities(byte[] octets) {
    int at = 0;
    while (octets.length - at >= 2 && octets.length - at - 2 >= (octets[at + 1] & 0xff)) {
      at += 2 + (octets[at + 1] & 0xff);
    }
    return at == octets.length && at > 0;
  }

  /// Whether attributes of known types with the flags of those fill the octets.
  private static boolean isAttributes(byte[] octets) {
    int at = 0;
    while (octets.length - at >= 3) {
      var type = AttributeType.assigned(octets[at + 1] & 0xff);
      boolean extended = (octets[at] & 0x10) != 0;
      if (type == null || !type.category().matches(octets[at]) || (octets[at] & 0xf) != 0) {
        return false;
      }
      int header = extended ? 4 : 3;
      if (octets.length - at < header) {
        return false;
      }
      at += header + (extended ? WireReader.u16(octets, at + 2) : octets[at + 2] & 0xff);
    }
    return at == octets.length && at > 0;
  }

  /// One message behind the other.
  private static Verdict messages(Vector vector, byte[] octets) {
    Verdict worst = Verdict.OK;
    int at = 0;
    do {
      int left = octets.length - at;
      if (left < Framing.HEADER_LENGTH || Framing.length(octets, at) > left) {
        return Verdict.REFUSED;
      }
      byte[] message = Arrays.copyOfRange(octets, at, at + Framing.length(octets, at));
      try {
        Framing.checkHeader(octets, at, Framing.EXTENDED_MAX_LENGTH);
        if (Message.decode(message, 0, message.length, vector.context(message))
            instanceof Update update) {
          worst = worse(worst, verdict(update, vector.isStrict()));
        }
      } catch (MessageError e) {
        return Verdict.REFUSED;
      }
      at += message.length;
    } while (at < octets.length);
    return worst;
  }

  /// Attributes with a route behind them, if they have none.
  private static Verdict attributes(Vector vector, byte[] octets) {
    byte[] message = around(octets, !isMpReach(octets));
    var update = Update.decode(message, 0, message.length, vector.context(message));
    return verdict(update, vector.isStrict());
  }

  private static Verdict verdict(Update update, boolean strictly) {
    Verdict worst = Verdict.OK;
    for (Finding finding : update.findings()) {
      if (strictly || !finding.reason().equals("is missing")) {
        worst =
            worse(
                worst,
                switch (finding.handling()) {
                  case NONE -> Verdict.OK;
                  case ATTRIBUTE_DISCARD -> Verdict.DISCARDED;
                  case TREAT_AS_WITHDRAW -> Verdict.WITHDRAWN;
                  case AFI_SAFI_DISABLE, SESSION_RESET -> Verdict.REFUSED;
                });
      }
    }
    return worst;
  }

  private static Verdict worse(Verdict one, Verdict other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static boolean isMpReach(byte[] attributes) {
    return attributes.length > 1 && (attributes[1] == 14 || attributes[1] == 15);
  }

  private static byte[] around(byte[] attributes, boolean withRoute) {
    var updates = new Updates().rawAttributes(Octets.of(attributes).toHex());
    return withRoute ? updates.nlri("198.51.100.0/24").build() : updates.build();
  }

  private static byte[] message(int type, byte[] body) {
    return new WireWriter()
        .u64(-1)
        .u64(-1)
        .u16(Framing.HEADER_LENGTH + body.length)
        .u8(type)
        .octets(body)
        .toByteArray();
  }

  private static byte[] parameter(byte[] capabilities) {
    return new WireWriter().u8(2).u8(capabilities.length).octets(capabilities).toByteArray();
  }

  private static byte[] open(byte[] parameters) {
    return message(
        1,
        new WireWriter()
            .octets(Hex.octets("04 fbf4 00b4 c0000201"))
            .u8(parameters.length)
            .octets(parameters)
            .toByteArray());
  }
}
