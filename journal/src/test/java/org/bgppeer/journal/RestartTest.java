package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
  private static final String SEGMENT = "2026.11/updates.20261123.2335";
  private static final int HEAD = Story.head("updates.20261123.2335").length;

  @TempDir Path temp;
  private final TurnedClock clock = new TurnedClock(Story.START);
  private final JournalOptions options = JournalOptions.defaults().withClock(clock);

  private Path dir() {
    return temp.resolve("journal");
  }

  @Test
  void inTheSameSlotTheSameFileGoesOn() throws Exception {
    try (var journal = Journal.open(dir(), options)) {
      Story.append(journal, Story.update(clock.instant(), 1, 1));
    }
    Position end;
    try (var journal = Journal.open(dir(), options)) {
      end = journal.end();
      Story.append(journal, Story.update(clock.instant(), 1, 2));
    }

    assertThat(Story.files(dir())).containsExactly(SEGMENT);
    assertThat(Story.read(dir())).containsExactly("23:36:00.250 64501 1", "23:36:00.250 64501 2");
    try (var reader = JournalReader.of(dir(), end)) {
      assertThat(Story.read(reader)).containsExactly("23:36:00.250 64501 2");
    }
  }

  @Test
  void anOrderlyStopLeavesNothingToClose() throws Exception {
    try (var journal = Journal.open(dir(), options)) {
      Story.append(journal, Story.up(clock.instant(), 1));
      Story.append(journal, Story.down(clock.instant(), 1));
    }
    byte[] before = Files.readAllBytes(dir().resolve(SEGMENT));

    Journal.open(dir(), options).close();

    assertThat(dir().resolve(SEGMENT)).hasBinaryContent(before);
  }

  @Test
  void aCrashClosesTheSessionsThatWereUpAtTheTimeOfTheLastRecord() throws Exception {
    Path killed = temp.resolve("killed");
    try (var journal = Journal.open(dir(), options)) {
      Story.append(journal, Story.up(clock.instant(), 1));
      Story.append(journal, Story.up(clock.instant(), 2));
      Story.append(journal, Story.down(clock.instant(), 2));
      Story.append(journal, Story.keepalive(clock.instant().plusSeconds(30), 1, false));
      journal.flush(Story.LONG);
      Story.killed(dir(), killed);
    }
    clock.turn(Duration.ofHours(2));

    try (var journal = Journal.open(killed, options)) {
      journal.flush(Story.LONG);
      assertThat(Story.read(killed))
          .endsWith("23:36:30.250 64501 message", "23:36:30.250 64501 6->1 COLLECTOR_CRASHED");

      Story.append(journal, Story.up(clock.instant(), 3));
      journal.flush(Story.LONG);
      journal.awaitCompressed();
    }
    assertThat(Story.files(killed))
        .as("the closing stands in the segment that it closes")
        .containsExactly(SEGMENT + ".gz", "2026.11/updates.20261124.0135");
    assertThat(Story.read(killed)).endsWith("01:36:00.250 64503 5->6").hasSize(6);
  }

  @Test
  void aCrashOnceClosedIsNotClosedAgain() throws Exception {
    Path killed = temp.resolve("killed");
    try (var journal = Journal.open(dir(), options)) {
      Story.append(journal, Story.up(clock.instant(), 1));
      journal.flush(Story.LONG);
      Story.killed(dir(), killed);
    }
    Journal.open(killed, options).close();
    Journal.open(killed, options).close();

    assertThat(Story.read(killed))
        .containsExactly("23:36:00.250 64501 5->6", "23:36:00.250 64501 6->1 COLLECTOR_CRASHED");
  }

  @Test
  void aCrashRightAfterRotationClosesAlsoWhoWasNotYetRestated() throws Exception {
    Path killed = temp.resolve("killed");
    try (var journal = Journal.open(dir(), options)) {
      Story.append(journal, Story.up(clock.instant(), 1));
      Story.append(journal, Story.up(clock.instant(), 2));
      journal.flush(Story.LONG);
      clock.turn(Duration.ofMinutes(5));
      Story.append(journal, Story.update(clock.instant(), 1, 1));
      journal.flush(Story.LONG);
      journal.awaitCompressed();
      Story.killed(dir(), killed);
    }
    Path second = killed.resolve("2026.11/updates.20261123.2340");
    try (var file = FileChannel.open(second, StandardOpenOption.WRITE)) {
      file.truncate(HEAD + Story.up(clock.instant(), 1).length + 9);
    }

    Journal.open(killed, options).close();

    assertThat(Story.read(killed))
        .endsWith(
            "23:41:00.250 64501 6->6",
            "23:41:00.250 64501 6->1 COLLECTOR_CRASHED",
            "23:41:00.250 64502 6->1 COLLECTOR_CRASHED");
  }

  @Test
  void aReasonWhoseStateChangeDidNotComeIsNoReason() throws Exception {
    Path killed = temp.resolve("killed");
    try (var journal = Journal.open(dir(), options)) {
      Story.append(journal, Story.up(clock.instant(), 1));
      Story.append(journal, Story.down(clock.instant().plusSeconds(7), 1));
      journal.flush(Story.LONG);
      Story.killed(dir(), killed);
    }
    try (var file = FileChannel.open(killed.resolve(SEGMENT), StandardOpenOption.WRITE)) {
      file.truncate(file.size() - Story.up(clock.instant(), 1).length); // as long as any change
    }

    Journal.open(killed, options).close();

    assertThat(Story.read(killed))
        .containsExactly("23:36:00.250 64501 5->6", "23:36:00.250 64501 6->1 COLLECTOR_CRASHED");
  }

  @Test
  void aCrashBetweenReasonAndStateChangeInANewSegmentClosesAllTheSame() throws Exception {
    Path killed = temp.resolve("killed");
    try (var journal = Journal.open(dir(), options)) {
      Story.append(journal, Story.up(clock.instant(), 1));
      Story.append(journal, Story.up(clock.instant(), 2));
      journal.flush(Story.LONG);
      clock.turn(Duration.ofMinutes(5));
      Story.append(journal, Story.down(clock.instant(), 1));
      journal.flush(Story.LONG);
      journal.awaitCompressed();
      Story.killed(dir(), killed);
    }
    int change = Story.up(clock.instant(), 1).length;
    byte[] second = Files.readAllBytes(killed.resolve("2026.11/updates.20261123.2340"));
    byte[] told = Arrays.copyOfRange(second, HEAD + 2 * change, second.length - change);
    // of the sessions that the segment begins with only the first made it to the disk
    Files.write(
        killed.resolve("2026.11/updates.20261123.2340"),
        Story.join(Arrays.copyOf(second, HEAD + change), told));

    Journal.open(killed, options).close();

    assertThat(Story.read(killed))
        .endsWith(
            "23:41:00.250 64501 6->6",
            "23:41:00.250 64501 6->1 COLLECTOR_CRASHED",
            "23:41:00.250 64502 6->1 COLLECTOR_CRASHED");
  }

  @Test
  void inTheFormWithSecondsAllRecordsOfTheJournalAreOfThatForm() throws Exception {
    var seconds = options.withFormat(MrtFormat.BGP4MP);
    Path killed = temp.resolve("killed");
    try (var journal = Journal.open(dir(), seconds)) {
      Story.append(
          journal,
          Mrt.stateChange(
              MrtFormat.BGP4MP, clock.instant(), 1, 2, new byte[16], new byte[16], 5, 6, null));
      journal.flush(Story.LONG);
      clock.turn(Duration.ofMinutes(5));
      Story.append(
          journal,
          Mrt.stateChange(
              MrtFormat.BGP4MP, clock.instant(), 3, 2, new byte[4], new byte[4], 2, 3, null));
      journal.flush(Story.LONG);
      journal.awaitCompressed();
      Story.killed(dir(), killed);
    }
    Journal.open(killed, seconds).close();

    assertThat(Story.read(killed))
        .containsExactly(
            "23:36:00 1 5->6",
            "23:41:00 1 6->6",
            "23:41:00 3 2->3",
            "23:41:00 1 6->1 COLLECTOR_CRASHED");
  }

  @Test
  void whatCompressingLeftHalfDoneIsFinished() throws Exception {
    try (var journal = Journal.open(dir(), options.withGzip(false))) {
      for (int i = 0; i < 3; i++) {
        Story.append(journal, Story.update(clock.instant(), 1, i));
        journal.flush(Story.LONG);
        clock.turn(Duration.ofMinutes(5));
      }
    }
    Path month = dir().resolve("2026.11");
    // the first: complete, but the plain one still there; the second: interrupted
    try (var in = Files.newInputStream(month.resolve("updates.20261123.2335"));
        var out = Files.newOutputStream(month.resolve("updates.20261123.2335.gz"))) {
      GzipBlocks.compress(in, out);
    }
    Files.write(month.resolve("updates.20261123.2340.gz.tmp"), new byte[] {0x1f, (byte) 0x8b});

    try (var journal = Journal.open(dir(), options)) {
      journal.awaitCompressed();
    }

    assertThat(Story.files(dir()))
        .contains("2026.11/updates.20261123.2335.gz", "2026.11/updates.20261123.2340.gz")
        .noneMatch(f -> f.endsWith(".tmp"))
        .hasSize(3);
    assertThat(Story.read(dir()))
        .containsExactly("23:36:00.250 64501 0", "23:41:00.250 64501 1", "23:46:00.250 64501 2");
  }

  @Test
  void aDirectoryHasOneCollector() throws Exception {
    try (var journal = Journal.open(dir(), options)) {
      assertThatThrownBy(() -> Journal.open(dir(), options))
          .isInstanceOf(JournalUnavailable.class)
          .hasMessageContaining(dir().toString())
          .hasMessageContaining("in use by another collector (process ")
          .hasMessageContaining("--data");
      assertThat(journal.end()).isEqualTo(Position.BEGINNING);
    }
    Journal.open(dir(), options).close();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatThrownBy(() -> Journal.open(file.resolve("journal"), options))
        .isInstanceOf(JournalUnavailable.class)
        .hasMessageContaining(file.resolve("journal").toString())
        .hasMessageContaining("make it writable");
  }

  @Test
  void whatIsNotWholeRecordsIsRefused() throws Exception {
    try (var journal = Journal.open(dir(), options)) {
      byte[] record = Story.update(clock.instant(), 1, 1);

      assertThatThrownBy(() -> journal.append(record, 0, record.length - 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> journal.append(new byte[12], 0, 12))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> journal.append(Story.join(record, new byte[3]), 0, record.length + 3))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(journal.backlog()).isZero();

      byte[] two = Story.join(record, record);
      journal.append(two, 0, two.length);
      journal.flush(Story.LONG);
      assertThat(Story.read(dir())).hasSize(2);
    }
  }

  @Test
  void aClosedJournalTakesNothing() throws Exception {
    var journal = Journal.open(dir(), options);
    journal.close();
    journal.close();

    assertThatThrownBy(() -> Story.append(journal, Story.update(clock.instant(), 1, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
