package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What an exported table says of each route, as mrtparse and bgpdump read it, is what the rows of
/// the same moment say: with path identifiers or without, now and before.
class ExportContentsTest {
  private static final Instant BEGIN = Instant.parse("2026-03-17T03:00:00Z");
  private static final String THEN = "2026-03-17T03:00:30Z";

  /// And that of a neighbor, for LOCAL_PREF counts from one of the same AS alone.
  private static final long OUR_AS = 4_200_000_001L;

  private static final DecodeContext ADD_PATH =
      Updates.addPath(Family.IPV4_UNICAST, Family.IPV6_UNICAST);

  @TempDir static Path directory;
  private static Path data;

  @BeforeAll
  static void anArchiveOfManyKindsOfRoutesIsImported() throws Exception {
    var records = new ByteArrayOutputStream();
    var plain = DecodeContext.AS4;
    for (var update : updates()) {
      add(records, 0, "192.0.2.1", OUR_AS, update, plain);
    }
    for (var update : updatesWithPathIds()) {
      add(records, 1, "2001:db8::2", 64501, update, ADD_PATH);
    }
    for (var update : otherUpdates()) {
      add(records, 2, "192.0.2.3", 64502, update, plain);
    }
    var later = new Updates().usual("192.0.2.1", 64500).med(7).nlri("10.0.0.0/8");
    add(records, 60, "192.0.2.1", OUR_AS, later, plain);
    var gone = new Updates().withdrawPath(1, "203.0.113.0/24");
    add(records, 61, "2001:db8::2", 64501, gone, ADD_PATH);
    Path archive = Files.write(directory.resolve("updates.mrt"), records.toByteArray());
    data = directory.resolve("data");
    Ran ran = Ran.of("import", archive, "--data", data);
    assertThat(ran.status()).as(ran.err()).isZero();
  }

  private static List<Updates> updates() {
    return List.of(
        new Updates()
            .origin(0)
            .attribute(0x40, 2, "0202 fa56ea01 0000fbf4 0102 0000fbff 0000fc00")
            .nextHop("192.0.2.1")
            .med(50)
            .localPref(4_294_967_295L)
            .attribute(0x40, 6, "")
            .attribute(0xc0, 7, "fa56ea02 c0000209")
            .communities("65535:65281", "64500:1")
            .largeCommunities("4200000001:1:4294967295", "64500:2:3")
            .nlri("203.0.113.0/24", "203.0.113.7/32"),
        new Updates()
            .origin(2)
            .attribute(0x40, 2, "0202 0000fde9 fa56ea02")
            .nextHop("192.0.2.1")
            .nlri("0.0.0.0/0", "10.0.0.0/8"),
        new Updates().origin(1).attribute(0x40, 2, "").nextHop("192.0.2.1").nlri("10.1.0.0/16"),
        new Updates()
            .origin(0)
            .asPath(4_200_000_001L, 64510)
            .mpReach(
                Family.IPV6_UNICAST,
                "2001:db8::1 fe80::1",
                "::/0",
                "2001:db8:1::/48",
                "2001:db8::9/128"),
        new Updates()
            .origin(0)
            .asPath(4_200_000_001L, 64511)
            .communities("64500:2")
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:2::/48"));
  }

  private static List<Updates> updatesWithPathIds() {
    return List.of(
        new Updates().usual("192.0.2.2", 64501).nlriOfPath(1, "203.0.113.0/24", "10.0.0.0/8"),
        new Updates().usual("192.0.2.3", 64501, 64512).med(0).nlriOfPath(2, "203.0.113.0/24"),
        new Updates().usual("192.0.2.4", 64501).nlriOfPath(4_294_967_295L, "203.0.113.0/24"),
        new Updates()
            .origin(0)
            .asPath(64501)
            .mpReachOfPath(Family.IPV6_UNICAST, "2001:db8::2 fe80::2", 7, "2001:db8:1::/48"));
  }

  /// Labeled unicast, VPN of both kinds, EVPN, FlowSpec.
  private static List<Updates> otherUpdates() {
    return Stream.of(
            "000104 04 c0000203 00 30 000641 cb0071",
            "000204 10 20010db8000000000000000000000003 00 48 000651 20010db80001",
            "000180 0c 0000000000000000c0000203 00 70 05dc11 0000fbf400000064 c00002",
            "000280 18 000000000000000020010db8000000000000000000000003 00"
                + "88 05dc21 0000fbf400000064 20010db80001",
            "001946 04 c0000203 00 0522 0000fbf400000001 00000000000000000000 00000000 20 c6336401"
                + " 00000000 000101",
            "000185 00 00 0c 0118cb0071 038106 05911f90")
        .map(
            reach -> new Updates().origin(0).asPath(64502, 64503).attribute(0x80, 14, reach).med(3))
        .toList();
  }

  private static void add(
      ByteArrayOutputStream to,
      int seconds,
      String peer,
      long as,
      Updates update,
      DecodeContext context) {
    byte[] message = update.build();
    to.writeBytes(
        Mrt.bgp4mpMessage(
            BEGIN.plusSeconds(seconds),
            false,
            as,
            OUR_AS,
            AddressText.parse(peer),
            AddressText.parse(peer.indexOf(':') < 0 ? "192.0.2.10" : "2001:db8::10"),
            message,
            0,
            message.length,
            context));
  }

  private static Path export(String name, String... arguments) {
    Path file = directory.resolve(name);
    Ran ran = Ran.of(words("export", "--data", data, "--output", file, arguments));
    assertThat(ran.status()).as(ran.err()).isZero();
    return file;
  }

  private static Object[] words(Object... words) {
    return Arrays.stream(words)
        .flatMap(word -> word instanceof String[] more ? Arrays.stream(more) : Stream.of(word))
        .toArray();
  }

  private static String[] at(boolean then) {
    return then ? new String[] {"--at", THEN} : new String[0];
  }

  private static List<JsonNode> rows(boolean then) {
    Ran ran = Ran.of(words("export", "--data", data, "--format", "json", at(then)));
    assertThat(ran.status()).as(ran.err()).isZero();
    return ran.rows().stream().filter(row -> row.get("active").asBoolean()).toList();
  }

  private static boolean isPlain(JsonNode row) {
    return row.get("family").asString().endsWith("-unicast")
        && !row.get("family").asString().contains("labeled");
  }

  private static String fields(JsonNode row, String... names) {
    return Stream.of(names)
        .map(row::get)
        .map(value -> value.isNull() ? "-" : value.asString())
        .collect(Collectors.joining("|"));
  }

  /// The lines that a program prints.
  private static List<String> lines(String... command) throws Exception {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return out.lines().sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mrtparseReadsWhatTheRowsSay(boolean then) throws Exception {
    String python = "/usr/bin/python3";
    assumeTrue(
        new ProcessBuilder(python, "-c", "import mrtparse").start().waitFor() == 0,
        "python3-mrtparse is not installed");
    String program =
        """
        import sys, mrtparse
        def path(segments):
            ends = {1: '{%s}', 2: '%s'}
            return ' '.join(ends[s['type']] % ' '.join(str(v) for v in s['val']) for s in segments)
        peers = []
        for record in mrtparse.Reader(sys.argv[1]):
            mrt = record.mrt
            assert not mrt.err, mrt.err_msg
            if mrt.peer:
                peers = mrt.peer.entry
                continue
            for e in mrt.rib.entry:
                a = {x.type: x for x in e.attr}
                hop = ' '.join(a[14].mp_reach['next_hop']) if 14 in a else a[3].next_hop
                print('|'.join(str(v) for v in (
                    peers[e.peer_index].ip, peers[e.peer_index].asn,
                    mrt.rib.prefix + '/' + str(mrt.rib.plen),
                    '-' if e.path_id is None else e.path_id, hop,
                    {0: 'IGP', 1: 'EGP', 2: 'INCOMPLETE'}[a[1].origin], path(a[2].as_path),
                    a[4].med if 4 in a else '-', a[5].local_pref if 5 in a else '-',
                    ' '.join(a[8].comm) if 8 in a else '',
                    ' '.join(a[32].large_comm) if 32 in a else '',
                    'true' if 6 in a else 'false',
                    str(a[7].aggr['asn']) + ' ' + a[7].aggr['id'] if 7 in a else '-')))
        """;
    var expected =
        rows(then).stream()
            .filter(ExportContentsTest::isPlain)
            .map(
                row ->
                    fields(
                        row,
                        "neighbor_address",
                        "neighbor_as",
                        "prefix",
                        "path_id",
                        "next_hop",
                        "origin",
                        "as_path",
                        "med",
                        "local_pref",
                        "communities",
                        "large_communities",
                        "atomic_aggregate",
                        "aggregator"))
            .sorted()
            .toList();

    Path file = export("mrtparse" + then + ".mrt", at(then));

    assertThat(expected).hasSize(then ? 14 : 13);
    assertThat(lines(python, "-c", program, file.toString())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bgpdumpReadsWhatTheRowsSay(boolean then) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bgpdump")), "bgpdump is not installed");
    var expected =
        rows(then).stream()
            .filter(ExportContentsTest::isPlain)
            .map(
                row ->
                    fields(row, "neighbor_address", "neighbor_as", "prefix", "path_id")
                            .replace("|-", "")
                        + "|"
                        + row.get("as_path").asString().replace("64511 64512", "64511,64512")
                        + "|"
                        + fields(row, "origin")
                        + "|"
                        + row.get("next_hop").asString().split(" ")[0]
                        + "|"
                        + fields(row, "local_pref", "med").replace("-", "0")
                        + "|"
                        + row.get("communities").asString().replace("65535:65281", "no-export"))
            .toList();

    Path file = export("bgpdump" + then + ".mrt", at(then));

    assertThat(lines("bgpdump", "-m", file.toString()))
        .extracting(ExportContentsTest::withoutTypeAndRest)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /// From the neighbor to the communities.
  private static String withoutTypeAndRest(String line) {
    String[] fields = line.split("\\|", -1);
    return String.join("|", Arrays.copyOfRange(fields, 3, fields.length - 3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void importedAgainBothFilesHaveTheSameRoutes(boolean then) {
    Path file = export("again" + then + ".mrt", at(then));
    Path others = directory.resolve("again" + then + "-other.mrt");
    Path again = directory.resolve("again" + then);
    Ran imported = Ran.of("import", file, others, "--data", again);
    assertThat(imported.status()).as(imported.err()).isZero();

    Ran ran = Ran.of("export", "--data", again, "--format", "json");

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.rows())
        .extracting(ExportContentsTest::withoutTimes)
        .containsExactlyInAnyOrderElementsOf(
            rows(then).stream().map(ExportContentsTest::withoutTimes).toList());
    assertThat(ran.rows())
        .extracting(row -> row.get("family").asString())
        .contains(
            "ipv4-labeled-unicast",
            "ipv6-labeled-unicast",
            "ipv4-vpn",
            "ipv6-vpn",
            "l2vpn-evpn",
            "ipv4-flowspec");
  }

  private static String withoutTimes(JsonNode row) {
    return row.propertyStream()
        .filter(
            field ->
                !field.getKey().matches("neighbor|packet|first_seen|last_changed|valid_from|why"))
        .map(field -> field.getKey() + "=" + field.getValue())
        .collect(Collectors.joining(" "));
  }

  @Test
  void theCsvSaysWhatTheJsonSays() {
    Ran csv = Ran.of("export", "--data", data, "--format", "csv");

    assertThat(csv.status()).as(csv.err()).isZero();
    assertThat(csv.lines()).hasSize(1 + rows(false).size());
    var names = List.of(csv.lines().getFirst().split(","));
    assertThat(names).containsAll(rows(false).getFirst().propertyNames());
  }
}
