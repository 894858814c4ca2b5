package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalFile;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Records;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// RIB dumps on a schedule, and files that go when they are old.
class KeeperTest {
  @TempDir Path directory;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-17T03:04:30Z"));

  private Configuration configuration(String... lines) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            "local-as: 64512\nrouter-id: 192.0.2.10\nlisten: none\n"
                + String.join("\n", lines)
                + "\n");
    Configuration read = ConfigurationReader.read(file);
    return new Configuration(
        read.local(),
        read.data(),
        null,
        null,
        read.reach(),
        null,
        read.journal().withClock(now::get),
        read.keeping(),
        read.neighbors(),
        read.ranges(),
        read.muted(),
        false,
        List.of());
  }

  private interface Work {
    void with(Path journal) throws Exception;
  }

  private void keep(Configuration configuration, Work work) throws Exception {
    Path data = directory.resolve("data");
    Story.asData(data);
    var files = new DataDirectory(data, null);
    try (var journal = Journal.open(files.journal(), configuration.journal());
        var database = files.open();
        var projector =
            Projector.start(
                database,
                Database.LIVE,
                from -> Records.of(journal.reader(from)),
                configuration.journal().clock());
        var _ =
            Keeper.start(
                files.journal(),
                journal,
                projector,
                database.queries(files.journal()),
                configuration)) {
      work.with(files.journal());
    }
  }

  private static void await(Path file, boolean there) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (Files.exists(file) != there) {
      assertThat(System.nanoTime()).as("%s is there: %s", file, there).isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void whenAPartOfTheDayIsOverATableOfThatMomentStandsBesideThePackets() throws Exception {
    keep(
        configuration("journal: {rib-dump: 1m}"),
        journal -> {
          Path first = journal.resolve("2026.03/bview.20260317.0305.gz");
          assertThat(first).doesNotExist();
          now.set(Instant.parse("2026-03-17T03:05:10Z"));
          await(first, true);

          assertThat(Ran.of("decode", first, "--format", "bgpdump").lines())
              .singleElement()
              .asString()
              .contains("|B|192.0.2.1|64500|192.0.2.0/24|64500 64500 64511|");
          try (Stream<Path> files = Files.list(journal.resolve("2026.03"))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                .as("nothing half done, and nothing of other families")
                .filteredOn(name -> name.contains("bview"))
                .containsExactly("bview.20260317.0305.gz");
          }
        });
  }

  @Test
  void packetsAndDumpsOfATimeThatIsOverGo() throws Exception {
    keep(
        configuration("retention: {packets: 1h}"),
        journal -> {
          Path month = journal.resolve("2026.03");
          Path old = Files.createFile(month.resolve("updates.20260316.2300.gz"));
          Path oldDump = Files.createFile(month.resolve("bview.20260317.0000.gz"));
          Path dump = Files.createFile(month.resolve("bview-other.20260317.0301.gz"));
          now.set(Instant.parse("2026-03-17T04:30:00Z"));

          await(old, false);
          await(oldDump, false);
          assertThat(dump).exists();
          assertThat(JournalFile.list(journal))
              .extracting(JournalFile::segment)
              .contains("updates.20260317.0300");
        });
  }
}
