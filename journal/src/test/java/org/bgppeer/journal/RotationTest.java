package org.bgppeer.journal;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class RotationTest {
  private static final Duration SLOT = Duration.ofMinutes(5);

  @TempDir Path dir;
  private final TurnedClock clock = new TurnedClock(Story.START);
  private final JournalOptions options = JournalOptions.defaults().withClock(clock);

  private void write(Journal journal, byte[] record) throws Exception {
    Story.append(journal, record);
    journal.flush(Story.LONG);
  }

  @Test
  void segmentsAreNamedAfterTheirSlotAndCompressedWhenItIsOver() throws Exception {
    byte[] first = Story.update(clock.instant(), 1, 1);
    byte[] second = Story.update(clock.instant(), 1, 2);
    try (var journal = Journal.open(dir, options)) {
      write(journal, first);
      write(journal, second);
      assertThat(Story.files(dir)).containsExactly("2026.11/updates.20261123.2335");

      clock.turn(SLOT);
      write(journal, Story.update(clock.instant(), 1, 3));
      journal.awaitCompressed();

      assertThat(Story.files(dir))
          .containsExactly("2026.11/updates.20261123.2335.gz", "2026.11/updates.20261123.2340");
      assertThat(Story.contents(dir.resolve("2026.11/updates.20261123.2335.gz")))
          .isEqualTo(Story.join(first, second));
    }
  }

  @Test
  void slotsWithoutRecordsHaveNoFile() throws Exception {
    try (var journal = Journal.open(dir, options.withGzip(false))) {
      write(journal, Story.update(clock.instant(), 1, 1));
      clock.turn(SLOT.multipliedBy(5)); // into the next day
      write(journal, Story.update(clock.instant(), 1, 2));
    }

    assertThat(Story.files(dir))
        .containsExactly("2026.11/updates.20261123.2335", "2026.11/updates.20261124.0000");
  }

  @Test
  void aSegmentIsFinishedAlsoWhereNothingFollows() throws Exception {
    try (var journal = Journal.open(dir, options);
        var watch = dir.getFileSystem().newWatchService()) {
      write(journal, Story.update(clock.instant(), 1, 1));
      dir.resolve("2026.11").register(watch, ENTRY_CREATE);
      clock.turn(SLOT);

      var created = new HashSet<String>();
      while (!created.contains("updates.20261123.2335.gz")) {
        var key = watch.poll(20, TimeUnit.SECONDS);
        assertThat(key).as("something happens in the directory").isNotNull();
        key.pollEvents().forEach(event -> created.add(String.valueOf(event.context())));
        key.reset();
      }
      journal.awaitCompressed();

      assertThat(Story.files(dir)).containsExactly("2026.11/updates.20261123.2335.gz");
    }
  }

  @Test
  void aNewSegmentBeginsWithTheSessionsThatAreUp() throws Exception {
    try (var journal = Journal.open(dir, options)) {
      write(journal, Story.up(clock.instant(), 1));
      write(journal, Story.up(clock.instant(), 2));
      write(journal, Story.up(clock.instant(), 3));
      write(journal, Story.down(clock.instant(), 2));
      write(journal, Story.state(clock.instant(), 3, 5, 1)); // a second connection, refused
      clock.turn(SLOT);
      write(journal, Story.update(clock.instant(), 1, 7));

      try (var reader = journal.reader(new Position("updates.20261123.2340", 0))) {
        assertThat(Story.read(reader))
            .containsExactly(
                "23:41:00.250 64501 6->6", "23:41:00.250 64503 6->6", "23:41:00.250 64501 7");
      }
      clock.turn(SLOT);
      write(journal, Story.down(clock.instant(), 1));
      clock.turn(SLOT);
      write(journal, Story.update(clock.instant(), 3, 8));

      try (var reader = journal.reader(new Position("updates.20261123.2350", 0))) {
        assertThat(Story.read(reader))
            .containsExactly("23:51:00.250 64503 6->6", "23:51:00.250 64503 8");
      }
    }
  }

  @Test
  void aClockSetBackGoesOnWithTheCurrentSegmentAndIsSaidOnce() throws Exception {
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    var logger = (Logger) LoggerFactory.getLogger(Journal.class);
    logger.addAppender(log);
    try (var journal = Journal.open(dir, options)) {
      write(journal, Story.update(clock.instant(), 1, 1));
      clock.turn(Duration.ofHours(-1));
      write(journal, Story.update(clock.instant(), 1, 2));
      clock.turn(Duration.ofMinutes(10));
      write(journal, Story.update(clock.instant(), 1, 3));
    } finally {
      logger.detachAppender(log);
    }

    assertThat(Story.files(dir)).containsExactly("2026.11/updates.20261123.2335");
    assertThat(Story.read(dir))
        .containsExactly("23:36:00.250 64501 1", "22:36:00.250 64501 2", "22:46:00.250 64501 3");
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("clock-set-back"))
        .singleElement()
        .asString()
        .contains("now=2026-11-23T22:36:00.250Z", "updates.20261123.2335");
  }

  @Test
  void aClockSetBackBehindAFinishedSegmentBeginsTheNextOne() throws Exception {
    try (var journal = Journal.open(dir, options)) {
      write(journal, Story.update(clock.instant(), 1, 1));
    }
    Files.move(
        dir.resolve("2026.11/updates.20261123.2335"), dir.resolve("2026.11/updates.20261123.2355"));
    var segments = new Segments(dir);
    new Compressor(segments, () -> 0).compressUpTo("updates.20261123.2355");

    clock.turn(Duration.ofHours(-1));
    try (var journal = Journal.open(dir, options)) {
      write(journal, Story.update(clock.instant(), 1, 2));
    }

    assertThat(Story.files(dir))
        .containsExactly("2026.11/updates.20261123.2355.gz", "2026.11/updates.20261124.0000");
  }

  @Test
  void aLargeSegmentIsCompressedWhenTheTablesAreIn() throws Exception {
    Path month = Files.createDirectories(dir.resolve("2026.11"));
    try (var file = new RandomAccessFile(month.resolve("updates.20261123.2335").toFile(), "rw")) {
      file.setLength(17 << 20);
    }
    Files.write(month.resolve("updates.20261123.2330"), new byte[1000]);
    var taken = new ArrayDeque<>(List.of(0L, 10L << 20, 20L << 20, 21L << 20));
    new Compressor(new Segments(dir), taken::remove).compressUpTo("updates.20261123.2335");

    assertThat(taken).as("a second with 10 MB, one with 1 MB, none for the small one").isEmpty();
    assertThat(Story.files(dir))
        .containsExactly("2026.11/updates.20261123.2330.gz", "2026.11/updates.20261123.2335.gz");
  }

  @Test
  void aRotationThatDoesNotDivideADayIsRefused() {
    assertThatThrownBy(() -> options.withRotation(Duration.ofMinutes(7)))
        .hasMessage("rotation PT7M is not a number of minutes that divides a day");
    assertThatThrownBy(() -> options.withRotation(Duration.ofSeconds(30)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withFsync(Duration.ZERO))
        .hasMessage("fsync PT0S is not positive");
  }
}
