package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.BufferedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each command that lists, over the database of [Story].
class CommandsTest {
  @TempDir static Path data;

  @BeforeAll
  static void aCollectorHeardTheStory() throws Exception {
    Story.asData(data);
  }

  @Test
  void afterAnImportOriginAsesAreFoundByTheIndex(@TempDir Path directory) throws Exception {
    Path archive = directory.resolve("large.mrt");
    byte[] ours = AddressText.parse("192.0.2.10");
    byte[] theirs = AddressText.parse("192.0.2.77");
    try (var out = new BufferedOutputStream(Files.newOutputStream(archive))) {
      for (int i = 0; i < 240; i++) { // 60,000 routes, more than are looked at one by one
        String[] prefixes = new String[250];
        for (int j = 0; j < prefixes.length; j++) {
          prefixes[j] = "10." + i + "." + j + ".0/24";
        }
        byte[] update =
            new Updates().usual("192.0.2.77", 64577, 64600 + i % 2).nlri(prefixes).build();
        out.write(
            Mrt.bgp4mpMessage(
                Story.BEGIN,
                false,
                64577,
                64512,
                theirs,
                ours,
                update,
                0,
                update.length,
                DecodeContext.AS4));
      }
    }
    Path imported = directory.resolve("imported");

    assertThat(Ran.of("import", "--data", imported, archive).status()).isZero();

    Path database = imported.resolve("bgp-peer.db");
    assertThat(Contents.rows(database, "SELECT * FROM origin_todo")).isEmpty();
    assertThat(Contents.rows(database, "SELECT count(*) FROM origin_prefix"))
        .containsExactly("60000");
    assertThat(
            Ran.of("routes", "--data", imported, "--origin-as", "64601", "--count").out().strip())
        .isEqualTo("30000");
  }

  @Test
  void routesSaysWhatEachNeighborHoldsAndHeld() {
    Ran ran = run("routes");

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.lines().getFirst())
        .matches("PREFIX +NEIGHBOR +NEXT HOP +AS PATH +STATE +SINCE \\(UTC\\) +WHY");
    assertThat(ran.lines())
        .hasSize(4)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("192.0.2.0/24", "rs1", "64500 64500 64511", "active")
                    .contains("2026-03-17 03:01:00"))
        .anySatisfy(line -> assertThat(line).contains("198.51.100.0/24", "withdrawn"))
        .anySatisfy(line -> assertThat(line).contains("core1", "session-down"));
  }

  @Test
  void aRouteInJsonHasTheFieldsThatProgramsRelyOn() {
    var row =
        run("routes", "192.0.2.0/24", "--neighbor", "rs1", "--format", "json").rows().getFirst();

    assertThat(new ArrayList<>(row.propertyNames()))
        .contains(
            "neighbor",
            "neighbor_as",
            "family",
            "prefix",
            "path_id",
            "next_hop",
            "active",
            "reason",
            "origin",
            "as_path",
            "origin_as",
            "med",
            "local_pref",
            "communities",
            "large_communities",
            "ext_communities",
            "first_seen",
            "last_changed");
    assertThat(row.get("neighbor_as").asLong()).isEqualTo(64500);
    assertThat(row.get("family").asString()).isEqualTo("ipv4-unicast");
    assertThat(row.get("path_id").isNull()).isTrue();
    assertThat(row.get("active").isBoolean()).isTrue();
    assertThat(row.get("reason").isNull()).isTrue();
    assertThat(row.get("origin").asString()).isEqualTo("IGP");
    assertThat(row.get("as_path").asString()).isEqualTo("64500 64500 64511");
    assertThat(row.get("origin_as").asLong()).isEqualTo(64511);
    assertThat(row.get("communities").asString()).isEqualTo("64500:1");
    assertThat(row.get("first_seen").asString()).isEqualTo("2026-03-17T03:00:01.000000Z");
    assertThat(row.get("last_changed").asString()).isEqualTo("2026-03-17T03:01:00.000000Z");
  }

  /// What is asked, and the neighbors whose routes are the answer.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.77                               | core1 rs1
          192.0.2.0/24 --active                    | rs1
          192.0.2.0/24 --inactive                  | core1
          192.0.0.0/16 --longer                    | core1 rs1
          192.0.2.128/25 --shorter                 | core1 rs1
          192.0.0.0/16                             |
          --origin-as AS64511 --active             | rs1
          --as-path 64505                          | core1
          --community 64500:1 --neighbor core1     | core1
          --community 64500:2                      |
          --next-hop 198.51.100.7                  | core1
          --family ipv6-unicast                    |
          --inactive --neighbor rs1                | rs1
          --at 2026-03-17T03:02:30Z --active       | core1 rs1
          --at 2026-03-17T03:03:30Z                | rs1
          --at 2026-03-17T05:00:30+02:00          | core1 rs1
          --as 64505                               | core1
          --as 6450                                |
          --as-path _64505_                        | core1
          --community 64500:*                      | core1 rs1
          --community no-export                    |
          --reason withdrawn                       | rs1
          --reason session-down                    | core1
          --limit 1 --active                       | rs1
          """)
  void routesAnswersWhatItIsAsked(String asked, String neighbors) {
    var words = new ArrayList<>(List.of("routes"));
    words.addAll(List.of(asked.split(" +")));
    words.addAll(List.of("--format", "json"));
    Ran ran = run(words.toArray(String[]::new));

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.rows().stream().map(row -> row.get("neighbor").asString()).distinct().sorted())
        .containsExactly(neighbors == null ? new String[0] : neighbors.split(" "));
  }

  @Test
  void countIsOneNumber() {
    assertThat(run("routes", "--active", "--count").out()).isEqualTo("1\n");
    assertThat(run("routes", "--count").out()).isEqualTo("3\n");
  }

  @Test
  void csvHasALineOfNamesAndALineARoute() {
    List<String> lines = run("routes", "--format", "csv").lines();

    assertThat(lines).hasSize(4);
    assertThat(lines.getFirst())
        .startsWith("neighbor,neighbor_address,neighbor_as,family,prefix,path_id,next_hop,active");
    assertThat(lines)
        .anyMatch(line -> line.startsWith("rs1,192.0.2.1,64500,ipv4-unicast,192.0.2.0/24,,"));
  }

  @Test
  void historyHasEveryVersionWithItsTimesAndReasons() {
    Ran ran = run("history", "192.0.2.0/24", "--neighbor", "rs1", "--format", "json");

    assertThat(ran.rows()).as(ran.err()).hasSize(2);
    assertThat(ran.rows().getFirst().get("as_path").asString()).isEqualTo("64500 64511");
    assertThat(ran.rows().getFirst().get("reason").asString()).isEqualTo("replaced");
    assertThat(ran.rows().getFirst().get("valid_to").asString())
        .isEqualTo("2026-03-17T03:01:00.000000Z");
    assertThat(ran.rows().getLast().get("valid_to").isNull()).isTrue();

    Ran table = run("history", "192.0.2.99");
    assertThat(table.err()).contains("The longest prefix that covers it is 192.0.2.0/24.");
    assertThat(table.lines()).hasSize(4);
  }

  @Test
  void neighborsShowsThoseWhoNeverCameUpToo() {
    Ran ran = run("neighbors");

    assertThat(ran.lines().getFirst())
        .matches("NEIGHBOR +ADDRESS +AS +STATE +SINCE \\(UTC\\) +ACTIVE +INACTIVE +UPDATES +WHY");
    assertThat(ran.lines())
        .anySatisfy(line -> assertThat(line).contains("silent", "203.0.113.9", "connecting"))
        .anySatisfy(line -> assertThat(line).contains("rs1", "64500", "up"))
        .anySatisfy(line -> assertThat(line).contains("core1", "down"));

    var rs1 =
        run("neighbors", "--format", "json").rows().stream()
            .filter(row -> row.get("name").asString().equals("rs1"))
            .findFirst()
            .orElseThrow();
    assertThat(rs1.get("active").asLong()).isEqualTo(1);
    assertThat(rs1.get("active_by_family").get("ipv4-unicast").asLong()).isEqualTo(1);
  }

  @Test
  void neighborsAtAMomentAreAsTheyWereThen() {
    var rows = run("neighbors", "--at", "2026-03-17T03:01:30Z", "--format", "json").rows();

    assertThat(rows)
        .extracting(
            row -> row.get("name").asString(),
            row -> row.get("state").asString(),
            row -> row.get("since").asString(),
            row -> row.get("active").asLong())
        .containsExactlyInAnyOrder(
            tuple("rs1", "up", "2026-03-17T03:00:00.000000Z", 2L),
            tuple("core1", "up", "2026-03-17T03:00:00.000000Z", 1L),
            tuple("silent", "connecting", "2026-03-17T03:00:00.000000Z", 0L));
    assertThat(run("neighbors", "--at", "2026-03-17T03:03:00Z").lines())
        .anySatisfy(line -> assertThat(line).contains("core1", "down", "2026-03-17 03:03:00"));
  }

  @Test
  void aMomentThatNothingIsKnownOfIsExplainedWithStatusTwo() {
    for (String[] words :
        List.of(
            new String[] {"routes"}, new String[] {"neighbors"}, new String[] {"diff", "rs1"})) {
      var early = new ArrayList<>(List.of(words));
      early.addAll(List.of("--at", "2026-03-17T02:00:00Z"));
      Ran ran = run(early.toArray(String[]::new));
      assertThat(ran.status()).isEqualTo(2);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err().lines())
          .containsExactly(
              "bgp-peer: --at 2026-03-17T02:00:00Z is before the oldest time that is known; ask for"
                  + " 2026-03-17T02:59:59.970Z or later");

      var late = new ArrayList<>(List.of(words));
      late.addAll(List.of("--at", "2096-03-17"));
      Ran future = run(late.toArray(String[]::new));
      assertThat(future.status()).isEqualTo(2);
      assertThat(future.err()).contains("--at 2096-03-17T00:00:00Z is in the future; it is 2");
    }
    Ran packets = run("packets", "--since", "2096-03-17");
    assertThat(packets.status()).isEqualTo(2);
    assertThat(packets.err()).contains("--since 2096-03-17T00:00:00Z is in the future; it is 2");
  }

  @Test
  void diffSaysWhatTwoNeighborsDoNotHaveInCommon() {
    Ran ran = run("diff", "rs1", "core1", "--at", "2026-03-17T03:00:30Z", "--format", "json");

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.rows())
        .extracting(
            row -> row.get("change").asString(),
            row -> row.get("prefix").asString(),
            row -> row.get("changed").asString())
        .containsExactly(
            tuple("changed", "192.0.2.0/24", "next_hop as_path"),
            tuple("only-in-a", "198.51.100.0/24", ""));
    assertThat(ran.rows().getFirst().get("a_as_path").asString()).isEqualTo("64500 64511");
    assertThat(ran.rows().getFirst().get("b_as_path").asString()).isEqualTo("64502 64505 64511");
    assertThat(ran.rows().getLast().get("b_as_path").isNull()).isTrue();

    Ran table = run("diff", "rs1", "core1");
    assertThat(table.lines().getFirst()).matches("CHANGE +PREFIX +A +B");
    assertThat(table.lines().get(1)).contains("only-in-a", "192.0.2.0/24", "64500 64500 64511");
  }

  @Test
  void diffSaysWhatChangedBetweenTwoTimes() {
    Ran ran =
        run(
            "diff",
            "rs1",
            "--at",
            "2026-03-17T03:00:30Z",
            "--at",
            "2026-03-17T03:02:30Z",
            "--only",
            "as_path");

    assertThat(ran.lines()).hasSize(3);
    assertThat(ran.lines().get(1))
        .matches("changed +192.0.2.0/24 +as_path 64500 64511 +as_path 64500 64500 64511");
    assertThat(ran.lines().get(2)).matches("only-in-a +198.51.100.0/24 +64500 64511 via 192.0.2.1");
    assertThat(run("diff", "rs1", "rs1").err()).contains("There is no difference.");
    assertThat(run("diff", "rs1", "core1", "--count").out()).isEqualTo("1\n");
  }

  @Test
  void packetsAreListedNewestFirstWithTheirOctets() {
    Ran ran = run("packets", "--neighbor", "rs1", "--type", "update", "--format", "json");

    assertThat(ran.rows()).as(ran.err()).hasSize(4);
    assertThat(ran.rows().getFirst().get("at").asString()).isEqualTo("2026-03-17T03:02:00.000000Z");
    assertThat(ran.rows().getFirst().get("message").asString()).startsWith("ffffffff");

    assertThat(run("packets", "--type", "update").out())
        .contains("+192.0.2.0/24 +198.51.100.0/24, path 64500 64511")
        .contains("-198.51.100.0/24")
        .contains("End-of-RIB ipv4-unicast");
    assertThat(run("packets", "--since", "2026-03-17T03:01:30Z", "--format", "csv").lines())
        .hasSize(2);
    assertThat(run("packets", "--findings").err()).contains("No packet matches.");
    assertThat(run("packets", "--prefix", "198.51.100.0/24").out())
        .contains("+192.0.2.0/24 +198.51.100.0/24, path 64500 64511")
        .contains("-198.51.100.0/24")
        .doesNotContain("End-of-RIB");
    assertThat(run("packets", "--prefix", "198.51.100.0").err())
        .contains("--prefix")
        .contains("198.51.100.0");
  }

  @Test
  void aNeighborThatIsNotThereIsSaidWithThoseThatAre() {
    Ran ran = run("routes", "--neighbor", "rs2");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .contains("there is no neighbor 'rs2'; did you mean 'rs1'? (known: core1, rs1, silent)");
    assertThat(ran.out()).isEmpty();
  }

  /// A wrong command line, and what is said.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          routes --at yesterday         | 'yesterday' is not a time; write 2026-03-17T03:11:50Z
          routes 192.0.2.0/33           | '192.0.2.0/33' is neither a prefix such as 192.0.2.0/24 nor
          routes --longer               | --longer needs a prefix or an address
          routes --community export     | 'export' is not a community; write 64500:100, 64500:1:2,
          routes --community 70000:1    | '70000:1' is not a community: 70000 is above 65535
          routes --reason gone          | 'gone' is not a reason; allowed are withdrawn, session-down
          routes --reason replaced      | 'bgp-peer history PREFIX' lists those
          routes --inactive --at 1h     | --at lists what was held at that time; leave out --inactive
          routes --as AS0x1             | 'AS0x1' is not an AS number
          diff rs1                      | one neighbor is compared with itself at another time; add
          diff a b --at 2h --at 1h      | two neighbors are compared at one time
          diff a b --only colour        | 'colour' is not a field; allowed are next_hop, as_path
          diff a b --within 10/8        | '10/8' is not a prefix such as 192.0.2.0/24
          routes --limit -1             | --limit is -1; allowed is 0 (all) and above
          routes --origin-as 4294967296 | '4294967296' is not an AS number
          routes --as-path (            | '(' is not a regular expression (Unclosed group)
          routes --family ipv5          | is not a family
          routes --next-hop router      | 'router' is not an IP address
          routes --format xml           | expected one of [table, json, csv]
          packets --type hello          | 'hello' is not a message type; allowed are keepalive,
          history                       | Missing required parameter: 'PREFIX
          routes --limit many           | 'many' is not a whole number
          neighbors rs1 rs2        | 'rs2' is one word more than 'bgp-peer neighbors' takes
          rotes                         | there is no command 'rotes'
          rotes                         | Did you mean: bgp-peer routes
          """)
  void aWrongCommandLineIsExplainedWithStatusTwo(String line, String said) {
    Ran ran = Ran.of((Object[]) line.split(" "));

    assertThat(ran.err()).contains(said);
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aDirectoryWithoutADatabaseIsExplained() {
    Path empty = data.resolve("nothing");

    Ran ran = Ran.of("routes", "--data", empty);

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .contains("there is no database at " + empty.resolve("bgp-peer.db"))
        .contains("--data DIR");
  }

  @Test
  void helpIsThereForEveryCommand() {
    for (String command :
        List.of(
            "demo",
            "run",
            "web",
            "neighbors",
            "routes",
            "history",
            "diff",
            "packets",
            "decode",
            "import",
            "replay",
            "check-config")) {
      Ran ran = Ran.of(command, "--help");
      assertThat(ran.status()).as(command).isZero();
      assertThat(ran.out()).as(command).contains("Usage: bgp-peer " + command);
    }
  }

  @Test
  void anImportedArchiveIsAnswerableAndIsNotImportedTwice(@TempDir Path other) throws Exception {
    Path plain = Story.asArchive(other.resolve("updates.20260317.0300"));
    Path gzip = Story.asArchive(other.resolve("other.gz"));
    Path into = other.resolve("data");

    Ran first = Ran.of("import", "--data", into, "--source", "rrc00", plain);
    Ran again = Ran.of("import", "--data", into, "--source", "rrc00", plain);
    Ran packed = Ran.of("import", "--data", into, "--source", "packed", gzip);

    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.err()).contains("records of 1 files imported as 'rrc00'");
    assertThat(again.err()).contains("0 records of 0 files", "1 files had been imported before");
    assertThat(packed.status()).as(packed.err()).isZero();
    assertThat(Ran.of("routes", "192.0.2.0/24", "--active", "--count", "--data", into).out())
        .isEqualTo("2\n");
    assertThat(Ran.of("neighbors", "--data", into, "--format", "json").rows())
        .allSatisfy(row -> assertThat(row.get("state").asString()).isEqualTo("imported"));
  }

  @Test
  void whatIsNoArchiveIsNotImported(@TempDir Path other) throws Exception {
    Path text = Files.writeString(other.resolve("notes.txt"), "these are no MRT records\n");

    Ran ran = Ran.of("import", "--data", other.resolve("data"), text);
    Ran missing = Ran.of("import", "--data", other.resolve("data"), other.resolve("missing"));

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err())
        .contains("notes.txt cannot be imported: it is text, and not an MRT archive");
    assertThat(missing.err()).contains("missing: there is no such file");
  }

  @Test
  void anArchiveThatEndsInARecordIsImportedUpToThere(@TempDir Path other) throws Exception {
    Path archive = Story.asArchive(other.resolve("updates"));
    byte[] octets = Files.readAllBytes(archive);
    Files.write(archive, java.util.Arrays.copyOf(octets, octets.length - 5));

    Ran ran = Ran.of("import", "--data", other.resolve("data"), archive);

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains(archive + ": record ").contains(": the file ends within it");
  }

  @Test
  void aTableOfAnArchiveIsImportedAsRoutesOfItsNeighbors(@TempDir Path other) throws Exception {
    String attributes = "0014 40010100 4002060201 0000fbf4 400304 c0000201";
    String peers = "0a000001 0000 0002 02 0a000002 c0000201 0000fbf4 02 0a000003 c0000202 0000fbf5";
    String routes = "00000001 18 c63364 0002 0000 65000000 %1$s 0001 65000000 %1$s";
    String ipv6 = "00000002 20 20010db8 0001 0001 65000000 0018 40010100 800e11 10 %s";
    byte[] table =
        HexFormat.of()
            .parseHex(
                String.join(
                        "",
                        record(1, peers),
                        record(2, routes.formatted(attributes)),
                        record(4, ipv6.formatted("20010db8" + "00".repeat(11) + "01")))
                    .replace(" ", ""));
    Path file = Files.write(other.resolve("rib.20231015.0000"), table);
    Path into = other.resolve("data");

    Ran first = Ran.of("import", "--data", into, file);
    Ran again = Ran.of("import", "--data", into, file);

    assertThat(first.err()).contains("2 records of 1 files imported as 'archive'");
    assertThat(first.status()).isZero();
    assertThat(again.err()).contains("1 files had been imported before");
    assertThat(Ran.of("routes", "--data", into, "--format", "json").rows())
        .extracting(
            row -> row.get("neighbor").asString(),
            row -> row.get("prefix").asString(),
            row -> row.get("next_hop").asString(),
            row -> row.get("active").asBoolean())
        .containsExactlyInAnyOrder(
            tuple("192.0.2.1", "198.51.100.0/24", "192.0.2.1", true),
            tuple("192.0.2.2", "198.51.100.0/24", "192.0.2.1", true),
            tuple("192.0.2.2", "2001:db8::/32", "2001:db8::1", true));
  }

  private static String record(int subtype, String body) {
    String hex = body.replace(" ", "");
    return "65000000000d%04x%08x%s".formatted(subtype, hex.length() / 2, hex);
  }

  private static Ran run(String... words) {
    var all = new ArrayList<Object>(List.of(words));
    all.add("--data");
    all.add(data);
    return Ran.of(all.toArray());
  }
}
