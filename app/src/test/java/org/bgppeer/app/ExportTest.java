package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `export`: what it writes is what the database has, and others read it.
class ExportTest {
  private static final String RS1_NOW =
      "|B|192.0.2.1|64500|192.0.2.0/24|64500 64500 64511|IGP|192.0.2.1|0|0|64500:1|NAG||";
  private static final String RS1_THEN = RS1_NOW.replace("64500 64500", "64500");

  @TempDir static Path data;
  @TempDir Path directory;

  @BeforeAll
  static void aCollectorHeardTheStory() throws Exception {
    Story.asData(data);
  }

  private static Ran run(String command, Object... arguments) {
    var words = new ArrayList<Object>(List.of(command));
    words.addAll(List.of(arguments));
    return Ran.of(words.toArray());
  }

  /// `export` of the story into a file.
  private Path export(String name, Object... arguments) {
    Path file = directory.resolve(name);
    var words = new ArrayList<Object>(List.of("--data", data, "--output", file));
    words.addAll(List.of(arguments));
    Ran ran = run("export", words.toArray());
    assertThat(ran.status()).as(ran.err()).isZero();
    return file;
  }

  /// The lines of `bgpdump -m` as we print them, without type and time.
  private static List<String> lines(Path mrt) {
    Ran ran = run("decode", mrt, "--format", "bgpdump");
    assertThat(ran.status()).as(ran.err()).isZero();
    return ran.lines().stream().map(ExportTest::withoutTime).sorted().toList();
  }

  private static String withoutTime(String line) {
    return line.substring(line.indexOf('|', line.indexOf('|') + 1));
  }

  private static List<String> bgpdump(Path mrt) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bgpdump")), "bgpdump is not installed");
    Process process =
        new ProcessBuilder("bgpdump", "-m", mrt.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out.lines().map(ExportTest::withoutTime).sorted().toList();
  }

  @Test
  void theTableNowHasTheActiveRoutesAlone() {
    Path file = export("rib.mrt");

    assertThat(lines(file)).containsExactly(RS1_NOW);
    assertThat(directory).isDirectoryContaining(path -> path.equals(file));
    assertThat(directory.toFile().list()).as("nothing else is left").containsExactly("rib.mrt");
  }

  @Test
  void theTableOfATimeHasWhatWasHeldThen() {
    assertThat(lines(export("rib.gz", "--at", "2026-03-17T03:00:30Z")))
        .containsExactly(
            RS1_THEN,
            RS1_THEN.replace("192.0.2.0/24", "198.51.100.0/24"),
            "|B|198.51.100.7|64502|192.0.2.0/24|64502 64505"
                + " 64511|IGP|198.51.100.7|0|0|64500:1|NAG||");
    assertThat(lines(export("core.mrt", "--at", "2026-03-17T03:02:59Z", "--neighbor", "core1")))
        .hasSize(1);
    assertThat(lines(export("v6.mrt", "--family", "ipv6-unicast"))).isEmpty();
  }

  @Test
  void bgpdumpReadsIt() throws Exception {
    Path file = export("rib.mrt.gz", "--at", "2026-03-17T03:00:30Z");

    assertThat(bgpdump(file)).hasSize(3).isEqualTo(lines(file));
  }

  @Test
  void onStdoutComesTheSame() throws Exception {
    byte[] file = Files.readAllBytes(export("rib.mrt", "--at", "2026-03-17T03:00:30Z"));

    var builder =
        new ProcessBuilder(
                CollectorProcess.command(
                    "export", "--data", data.toString(), "--at", "2026-03-17T03:00:30Z"))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder // or Logback speaks on stdout of the tests' configurations, of which there are several
        .environment()
        .put(
            "JDK_JAVA_OPTIONS",
            "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener");

    Process process = builder.start();

    assertThat(process.getInputStream().readAllBytes()).isEqualTo(file);
    assertThat(process.waitFor()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"csv, false", "csv, true", "json, false", "json, true"})
  void rowsAreThoseOfRoutes(String format, boolean packed) throws Exception {
    Path file =
        export("rows" + (packed ? ".gz" : ""), "--format", format, "--at", "2026-03-17T03:00:30Z");

    byte[] octets = Files.readAllBytes(file);
    String text =
        new String(
            packed ? new GZIPInputStream(new ByteArrayInputStream(octets)).readAllBytes() : octets,
            StandardCharsets.UTF_8);
    assertThat(text)
        .isEqualTo(
            run("routes", "--data", data, "--format", format, "--at", "2026-03-17T03:00:30Z")
                .out());
    assertThat(text.lines()).hasSize(format.equals("csv") ? 4 : 3);
  }

  /// Path identifiers, IPv6, a table of many peers: whatever an archive has comes out again.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ripe-bview.ipv4_add_path.gz",
        "mrtparse-bird-mrtdump_rib",
        "mrtparse-openbgpd_rib_table-v2",
      })
  void aTableOfAnotherProgramComesOutAsItWentIn(String name) throws Exception {
    Path archive = Path.of("../../shared/data/mrt", name);
    assumeTrue(Files.isRegularFile(archive), "no ../shared/data beside this checkout");
    Path other = directory.resolve("data");
    assertThat(run("import", archive, "--data", other).status()).isZero();
    Path exported = directory.resolve("out.mrt.gz");

    Ran ran = run("export", "--data", other, "--output", exported);

    assertThat(ran.status()).as(ran.err()).isZero();
    var expected = lines(archive).stream().distinct().toList();
    assertThat(expected).isNotEmpty();
    assertThat(lines(exported)).isEqualTo(expected);
    assertThat(bgpdump(exported)).isEqualTo(expected);
    Path again = directory.resolve("again");
    Path others = directory.resolve("out-other.mrt.gz");
    Path second = Files.exists(others) ? others : exported;
    assertThat(run("import", exported, second, "--data", again).status()).isZero();
    assertThat(fields(again)).isEqualTo(fields(other));
  }

  /// Routes without the times, which a table has in seconds.
  private static List<String> fields(Path data) throws Exception {
    return Contents.rows(
        data.resolve("bgp-peer.db"),
        "SELECT neighbor, family, prefix, path_id, next_hop, origin, as_path, med, local_pref,"
            + " communities, large_communities, ext_communities, details FROM routes WHERE active"
            + " ORDER BY 1, 2, 3, 4");
  }

  @Test
  void routesOfOtherFamiliesGoIntoAFileOfTheirOwnAndComeBackFromIt() throws Exception {
    Path archive = directory.resolve("updates.mrt");
    Files.write(archive, vpnUpdate());
    Path other = directory.resolve("data");
    assertThat(run("import", archive, "--data", other).status()).isZero();
    Path exported = directory.resolve("rib.mrt");

    Ran ran = run("export", "--data", other, "--output", exported);

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("1 routes in", "2 of other families in");
    Path second = directory.resolve("rib-other.mrt");
    assertThat(lines(exported)).hasSize(1);
    Path again = directory.resolve("again");
    assertThat(run("import", exported, second, "--data", again).status()).isZero();
    assertThat(fields(again)).hasSize(3).isEqualTo(fields(other));
    Ran alone = run("export", "--data", other, "--family", "ipv4-vpn", "--output", exported);
    assertThat(alone.status()).as(alone.err()).isZero();
    assertThat(Files.size(second)).isPositive();
  }

  private static byte[] vpnUpdate() {
    byte[] message =
        new Updates()
            .origin(0)
            .asPath(64500)
            .attribute(0x40, 3, "c0000201")
            .attribute(
                0x80,
                14,
                "000180 0c 0000000000000000c0000201 00"
                    + "70 05dc11 0000fbf400000064 c00002"
                    + "70 05dc21 0000fbf400000065 c00002")
            .nlri("203.0.113.0/24")
            .build();
    byte[] peer = InetAddress.ofLiteral("192.0.2.1").getAddress();
    return Mrt.bgp4mpMessage(
        Instant.parse("2026-03-17T03:00:00Z"),
        false,
        64500,
        64512,
        peer,
        InetAddress.ofLiteral("192.0.2.10").getAddress(),
        message,
        0,
        message.length,
        DecodeContext.AS4);
  }

  @Test
  void aSourceThatIsNotThereIsNamed() {
    Path file = directory.resolve("rib.mrt");

    Ran ran = run("export", "--data", data, "--source", "nobody", "--output", file);

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err().lines())
        .containsExactly("bgp-peer: nothing came from a source 'nobody' (known: live)");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Ran ran = run("export", "--data", data, "--output", directory.resolve("no/such.mrt"));

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err().lines())
        .hasSize(1)
        .first()
        .asString()
        .contains("cannot write", "no/such.mrt", "there is no directory");
  }

  @ParameterizedTest
  @CsvSource({
    "2099-01-01, is in the future",
    "2026-03-16, is before the oldest time that is known; ask for 2026-03-17T02:59:59.970Z",
  })
  void aTimeThatTheDatabaseCannotTellOfIsRefused(String time, String why) {
    Path file = directory.resolve("rib.mrt");

    Ran ran = run("export", "--data", data, "--at", time, "--output", file);

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err().lines()).hasSize(1).first().asString().contains("--at", why);
    assertThat(file).doesNotExist();
  }
}
