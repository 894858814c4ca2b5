package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bgppeer.wire.Mrt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rebuild` and `status`, over the data directory of [Story].
class RebuildTest {
  @TempDir Path data;

  @BeforeEach
  void aCollectorHeardTheStory() throws Exception {
    Story.asData(data);
  }

  private Path database() {
    return data.resolve("bgp-peer.db");
  }

  private Ran rebuild(String... more) {
    return Ran.of(Stream.concat(Stream.of("rebuild", "--data", data), Stream.of(more)).toArray());
  }

  @Test
  void whatIsMadeAgainOfTheJournalIsWhatWasThere() throws Exception {
    Path before = Files.copy(database(), data.resolve("before.db"));
    List<String> files = files();

    Ran ran = rebuild();

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("made of 1 segments in");
    assertThat(Contents.differences(database(), before)).isEmpty();
    assertThat(files()).as("nothing is left over").containsAll(files).hasSize(files.size() + 1);
  }

  private List<String> files() {
    return Stream.of(data.toFile().list()).sorted().toList();
  }

  @Test
  void aDatabaseThatWasDeletedOrIsDamagedIsMadeAgain() throws Exception {
    var routes = Contents.rows(database(), "SELECT * FROM routes ORDER BY neighbor, prefix");
    Files.delete(database());
    assertThat(rebuild().status()).isZero();
    assertThat(Contents.rows(database(), "SELECT prefix, active FROM routes")).hasSize(3);

    Files.write(database(), new byte[100_000]);
    Ran ran = rebuild();

    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("the old database cannot be read");
    assertThat(Contents.rows(database(), "SELECT prefix, active FROM routes"))
        .hasSameSizeAs(routes);
  }

  @Test
  void whatADamagedSegmentHasBeforeTheDamageIsThereAndTheDamageIsNamed() throws Exception {
    Path segment = data.resolve("journal/2026.03/updates.20260317.0300");
    byte[] octets = Files.readAllBytes(segment);
    Files.write(segment, Arrays.copyOf(octets, octets.length - 10));
    Path next = segment.resolveSibling("updates.20260317.0305");
    Files.write(next, octets);

    assertThat(linesOfRebuild())
        .hasSize(2)
        .first()
        .asString()
        .contains(segment + " offset=", "ends within a record", "whole copy", "bgp-peer rebuild");
    assertThat(Contents.rows(database(), "SELECT prefix, active FROM routes")).hasSize(3);
  }

  /// What it says as a process of its own, its log included.
  private List<String> linesOfRebuild() throws Exception {
    Path log = data.resolve("log");
    var rebuild =
        new ProcessBuilder(CollectorProcess.command("rebuild", "--data", data.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(rebuild.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(rebuild.exitValue()).as(Files.readString(log)).isZero();
    return Files.readAllLines(log);
  }

  @Test
  void whileACollectorHasTheDirectoryItIsRefused() throws Exception {
    byte[] before = Files.readAllBytes(database());
    try (var _ = new DataDirectory(data, null).lock()) {
      Ran ran = rebuild();

      assertThat(ran.status()).isEqualTo(1);
      assertThat(ran.err().lines())
          .hasSize(1)
          .first()
          .asString()
          .contains("is in use by another bgp-peer", "stop that one");
    }
    assertThat(database()).hasBinaryContent(before);
  }

  @Test
  void withoutAJournalNothingIsChanged() throws Exception {
    try (Stream<Path> journal = Files.walk(data.resolve("journal"))) {
      for (Path file : journal.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    byte[] before = Files.readAllBytes(database());

    Ran ran = rebuild();

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err().lines()).hasSize(1).first().asString().contains("has no segment");
    assertThat(database()).hasBinaryContent(before);
  }

  @Test
  void whatTheJournalDoesNotHaveIsLostOnlyIfAskedFor() throws Exception {
    Path archive = Story.asArchive(data.resolve("updates.mrt"));
    assertThat(Ran.of("import", "--data", data, "--source", "rrc99", archive).status()).isZero();

    Ran refused = rebuild();

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("rrc99", "--force", "nothing was changed");
    assertThat(sources()).containsExactly("live", "rrc99");
    assertThat(rebuild("--force").status()).isZero();
    assertThat(sources()).containsExactly("live");
  }

  @Test
  void theDatabaseOfAnotherProgramOrOfANewerVersionIsLeftAlone() throws Exception {
    for (String statement :
        List.of("DROP TABLE flyway_schema_history", "PRAGMA user_version = 999")) {
      try (var connection = DriverManager.getConnection(Contents.sqlite(database()))) {
        connection.createStatement().execute(statement);
      }
      byte[] before = Files.readAllBytes(database());

      Ran ran = rebuild();

      assertThat(ran.status()).isEqualTo(2);
      assertThat(ran.err().lines())
          .hasSize(1)
          .first()
          .asString()
          .containsPattern("of another program|a newer bgp-peer")
          .endsWith("nothing was changed");
      assertThat(database()).hasBinaryContent(before);
    }
    assertThat(rebuild("--force").status()).isZero();
    assertThat(sources()).containsExactly("live");
  }

  private List<String> sources() throws Exception {
    return Contents.rows(database(), "SELECT DISTINCT source FROM neighbor ORDER BY source");
  }

  @Test
  void aSegmentThatIsGoneFromTheMiddleIsNamedByStatusAndByRebuild() throws Exception {
    Path next = data.resolve("journal/2026.03/updates.20260317.0310");
    Files.write(next, Mrt.follows(Story.BEGIN.plusSeconds(600), "updates.20260317.0305"));

    Ran status = Ran.of("status", "--data", data);
    var row = Ran.of("status", "--data", data, "--format", "json").rows().getFirst();

    assertThat(status.status()).isZero();
    assertThat(status.lines())
        .filteredOn(line -> line.startsWith("missing"))
        .singleElement()
        .asString()
        .contains(
            "segment updates.20260317.0305",
            "between updates.20260317.0300 and updates.20260317.0310",
            "put copies there and run `bgp-peer rebuild`");
    assertThat(row.get("journal_segments_missing").asString()).isEqualTo("updates.20260317.0305");
    assertThat(linesOfRebuild())
        .hasSize(2)
        .first()
        .asString()
        .contains("segment-missing", "missing=updates.20260317.0305");
    assertThat(Contents.rows(database(), "SELECT prefix, active FROM routes")).hasSize(3);
  }

  @Test
  void statusSaysWhetherACollectorRunsHowMuchThereIsAndHowFarItGoesBack() throws Exception {
    var row = Ran.of("status", "--data", data, "--format", "json").rows().getFirst();

    assertThat(row.get("running").asBoolean()).isFalse();
    assertThat(row.get("process").isNull()).isTrue();
    assertThat(row.get("database_octets").asLong()).isGreaterThan(50_000);
    assertThat(row.get("journal_octets").asLong()).isPositive();
    assertThat(row.get("journal_segments").asInt()).isEqualTo(1);
    assertThat(row.get("journal_segments_missing").asString()).isEmpty();
    assertThat(row.get("free_octets").asLong()).isPositive();
    assertThat(row.get("neighbors").asInt()).isEqualTo(3);
    assertThat(row.get("active").asInt()).isEqualTo(1);
    assertThat(row.get("behind_octets").get("live").asLong()).isZero();
    assertThat(row.get("oldest_routes").asString()).isEqualTo("2026-03-17T02:59:59.970000Z");
    assertThat(row.get("oldest_packet").asString()).isEqualTo("2026-03-17T03:00:00.000000Z");
    try (var _ = new DataDirectory(data, null).lock()) {
      assertThat(Ran.of("status", "--data", data).out())
          .contains("runs, process " + ProcessHandle.current().pid(), "1 active, 2 not");
    }
  }
}
