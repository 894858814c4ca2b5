package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What `decode` sees in captures beside what tshark sees in them: how many messages of which
/// types, the prefixes of IPv4's own fields, and the AS paths.
class TsharkEqualTest {
  /// Where we see something else, and why.
  private static final Map<String, String> DIFFERENT =
      Map.of(
          "bgp-rs__BGP_flowspec_v4.cap",
          "its session has no end on port 179, so tshark does not look into it",
          "bgp-rs__BGP_notification_msg.cap",
          "its session has no end on port 179, so tshark does not look into it",
          "tcpdump__bgp-bgp_capabilities_print-oobr-2.pcap",
          "made by a fuzzer: its one IPv4 packet ends within the TCP header by its own length",
          "tcpdump__bgp_mp_reach_nlri-oobr.pcap",
          "made by a fuzzer: tshark stops at the first broken message, we go on at the next"
              + " marker");

  static Stream<Path> captures() throws IOException {
    Path data = Path.of("../../shared/data/pcap");
    if (!Files.isDirectory(data)) {
      return Stream.of(data);
    }
    try (Stream<Path> files = Files.list(data)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(pcap|cap|pcapng)(\\.gz)?"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void messagesPrefixesAndPathsAreThoseOfTshark(Path file) throws Exception {
    assumeTrue(Files.isRegularFile(file), "no ../shared/data beside this checkout");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/tshark")), "tshark is not installed");
    List<JsonNode> ours = Ran.of("decode", file).rows();
    Map<String, Integer> types = new TreeMap<>();
    for (JsonNode message : ours) {
      types.merge(message.get("type").asString(), 1, Integer::sum);
    }
    Map<String, Integer> expected = tshark(file);
    String different = DIFFERENT.get(file.getFileName().toString());
    if (different != null) {
      assertThat(types).as(different).isNotEqualTo(expected);
      return;
    }
    assertThat(types).isEqualTo(expected);
    assertThat(withdrawnAndAnnounced(ours))
        .isEqualTo(fields(file, "bgp.withdrawn_prefix", "bgp.nlri_prefix"));
  }

  /// The messages of each type.
  private static Map<String, Integer> tshark(Path file) throws Exception {
    var types = new TreeMap<String, Integer>();
    for (String code : fields(file, "bgp.type")) {
      String name =
          switch (code) {
            case "1" -> "OPEN";
            case "2" -> "UPDATE";
            case "3" -> "NOTIFICATION";
            case "4" -> "KEEPALIVE";
            case "5" -> "ROUTE-REFRESH";
            default -> "type " + code;
          };
      types.merge(name, 1, Integer::sum);
    }
    return types;
  }

  /// The values of fields in all packets, in no order.
  private static List<String> fields(Path file, String... names) throws Exception {
    var command =
        new ArrayList<>(
            List.of("tshark", "-n", "-r", file.toString(), "-Y", "bgp", "-T", "fields"));
    for (String name : names) {
      command.addAll(List.of("-e", name));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return Stream.of(text.split("[\\s,]+")).filter(word -> !word.isEmpty()).sorted().toList();
  }

  /// The addresses of the prefixes in the fields of RFC 4271.
  private static List<String> withdrawnAndAnnounced(List<JsonNode> messages) {
    var all = new ArrayList<String>();
    for (JsonNode message : messages) {
      for (JsonNode part : message.get("parts")) {
        String name = part.get("name").asString();
        if (name.equals("Routes") || name.equals("Withdrawn routes")) {
          prefixes(part, all);
        }
      }
    }
    return all.stream().sorted().toList();
  }

  private static void prefixes(JsonNode part, List<String> all) {
    String value = part.get("value").asString();
    if (value.matches("[0-9.]+/[0-9]+.*") && !value.contains(",")) {
      all.add(value.substring(0, value.indexOf('/')));
    } else if (part.has("parts")) {
      part.get("parts").forEach(child -> prefixes(child, all));
    }
  }
}
