package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentReaderTest {
  private static final String FIRST = "updates.20261123.2335";
  private static final String SECOND = "updates.20261123.2340";
  private static final String OF_NEXT_MONTH = "updates.20261201.0000";

  @TempDir Path dir;
  private final TurnedClock clock = new TurnedClock(Story.START);
  private final JournalOptions options = JournalOptions.defaults().withClock(clock);

  private void write(Journal journal, int number) throws Exception {
    Story.append(journal, Story.update(Story.START, 1, number));
    journal.flush(Story.LONG);
  }

  /// Numbers of the updates from a place on, and where the last one ended.
  private static List<Integer> read(SegmentReader reader) throws Exception {
    var numbers = new ArrayList<Integer>();
    while (reader.next()) {
      numbers.add(Story.number(reader.buffer(), reader.offset(), reader.length()));
    }
    return numbers;
  }

  @Test
  void aReaderBeginsWhereItIsToldAndEndsWithTheSegment() throws Exception {
    try (var journal = Journal.open(dir, options)) {
      write(journal, 1);
      Position second = journal.end();
      write(journal, 2);
      write(journal, 3);
      try (var reader = SegmentReader.open(dir, second)) {
        assertThat(read(reader)).containsExactly(2, 3);
        assertThat(reader.position()).isEqualTo(journal.end().offset());
        assertThat(reader.isFinished()).isFalse();
      }
      clock.turn(Duration.ofMinutes(5));
      write(journal, 4);
      journal.awaitCompressed();

      try (var reader = SegmentReader.open(dir, second)) {
        assertThat(read(reader)).as("compressed meanwhile").containsExactly(2, 3);
        assertThat(reader.isFinished()).isTrue();
      }
      assertThatThrownBy(() -> SegmentReader.open(dir, new Position(OF_NEXT_MONTH, 0)))
          .isInstanceOf(SegmentMissing.class);
    }
  }

  @Test
  void segmentsAreListedInBothOrders() throws Exception {
    assertThat(SegmentReader.newestFirst(dir.resolve("not-there"))).isEmpty();
    assertThat(SegmentReader.from(dir.resolve("not-there"), null)).isEmpty();
    try (var journal = Journal.open(dir, options)) {
      write(journal, 1);
      clock.turn(Duration.ofMinutes(5));
      write(journal, 2);
      clock.turn(Duration.ofMinutes(20 + 7 * 24 * 60));
      write(journal, 3);
    }

    assertThat(SegmentReader.newestFirst(dir)).containsExactly(OF_NEXT_MONTH, SECOND, FIRST);
    assertThat(SegmentReader.from(dir, null)).containsExactly(FIRST, SECOND, OF_NEXT_MONTH);
    assertThat(SegmentReader.from(dir, SECOND)).containsExactly(SECOND, OF_NEXT_MONTH);
    assertThat(SegmentReader.from(dir, "updates.20261123.2336"))
        .as("one that is gone")
        .containsExactly(SECOND, OF_NEXT_MONTH);
  }

  @Test
  void aTornRecordIsReadByALaterReader() throws Exception {
    byte[] both = Story.join(Story.update(Story.START, 1, 1), Story.update(Story.START, 1, 2));
    Path file = new Segments(dir).plain(FIRST);
    Files.createDirectories(file.getParent());
    Files.write(file, Arrays.copyOf(both, both.length - 10));
    long end;
    try (var reader = SegmentReader.open(dir, new Position(FIRST, 0))) {
      assertThat(read(reader)).containsExactly(1);
      end = reader.position();
    }
    Files.write(file, both);

    try (var reader = SegmentReader.open(dir, new Position(FIRST, end))) {
      assertThat(read(reader)).containsExactly(2);
    }
  }

  @Test
  void whatIsDamagedIsLeftOut() throws Exception {
    byte[] first = Story.update(Story.START, 1, 1);
    Path file = new Segments(dir).plain(FIRST);
    Files.createDirectories(file.getParent());
    Files.write(
        file,
        Story.join(
            first,
            new byte[100],
            Story.update(Story.START, 1, 2),
            Story.update(Story.START, 1, 3)));

    try (var reader = SegmentReader.open(dir, new Position(FIRST, first.length))) {
      assertThat(read(reader)).containsExactly(2, 3);
    }
  }
}
