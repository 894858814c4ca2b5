package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReaderTest {
  private static final Duration SLOT = Duration.ofMinutes(5);

  @TempDir Path dir;
  private final TurnedClock clock = new TurnedClock(Story.START);
  private final JournalOptions options = JournalOptions.defaults().withClock(clock);

  private void write(Journal journal, int number) throws Exception {
    Story.append(journal, Story.update(Story.START, 1, number));
    journal.flush(Story.LONG);
  }

  private static int number(JournalReader reader) {
    return Story.number(reader.buffer(), reader.offset(), reader.length());
  }

  @Test
  void aReaderGoesThroughRotationAndSegmentsOfBothKinds() throws Exception {
    try (var journal = Journal.open(dir, options);
        var early = journal.reader(null)) {
      write(journal, 0);
      assertThat(early.next(Duration.ZERO)).isTrue();
      for (int i = 1; i < 5; i++) {
        clock.turn(SLOT);
        write(journal, i);
      }
      journal.awaitCompressed();
      assertThat(Story.files(dir)).filteredOn(f -> f.endsWith(".gz")).hasSize(4);

      // its segment was compressed and removed under it; a new one reads only compressed ones
      assertThat(Story.read(early)).hasSize(4);
      assertThat(Story.read(dir)).hasSize(5);
      assertThat(early.after()).isEqualTo(journal.end());
    }
  }

  @Test
  void aReaderFromAnyPositionReadsTheRest() throws Exception {
    var positions = new ArrayList<Position>();
    try (var journal = Journal.open(dir, options)) {
      for (int i = 0; i < 9; i++) {
        write(journal, i);
        if (i % 3 == 2) {
          clock.turn(SLOT);
        }
      }
      journal.awaitCompressed();
      try (var reader = journal.reader(null)) {
        while (Story.next(reader, Duration.ZERO)) {
          positions.add(reader.position());
        }
      }
      assertThat(positions).hasSize(9).isSorted();
      for (int i = 0; i < 9; i++) {
        try (var reader = journal.reader(positions.get(i))) {
          assertThat(reader.after()).isEqualTo(positions.get(i));
          assertThat(Story.next(reader, Duration.ZERO)).isTrue();
          assertThat(number(reader)).isEqualTo(i);
          assertThat(reader.position()).isEqualTo(positions.get(i));
          try (var rest = journal.reader(reader.after())) {
            assertThat(Story.read(rest)).hasSize(8 - i);
          }
        }
        byte[] record = JournalReader.recordAt(dir, positions.get(i));
        assertThat(record).isEqualTo(Story.update(Story.START, 1, i));
      }
    }
  }

  @Test
  void aReaderOfTheSameProcessIsWokenByARecord() throws Exception {
    try (var journal = Journal.open(dir, options)) {
      follow(journal, journal.reader(null));
    }
  }

  @Test
  void aReaderOfAnotherProcessSeesRecordsToo() throws Exception {
    try (var journal = Journal.open(dir, options)) {
      follow(journal, JournalReader.of(dir, null));
    }
  }

  /// Each record is written when the one before was read, every third in another segment.
  private void follow(Journal journal, JournalReader reader) throws Exception {
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < 9; i++) {
      var read =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return Story.next(reader, Story.LONG) ? number(reader) : -1;
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      if (i % 3 == 2) {
        clock.turn(SLOT);
      }
      write(journal, i);
      numbers.add(read.get(20, TimeUnit.SECONDS));
    }
    reader.close();
    assertThat(numbers).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void withoutARecordTheWaitIsAsLongAsAsked() throws Exception {
    try (var journal = Journal.open(dir, options)) {
      write(journal, 1);
      try (var reader = journal.reader(journal.end());
          var other = JournalReader.of(dir, journal.end())) {
        for (var each : List.of(reader, other)) {
          long before = System.nanoTime();
          assertThat(each.next(Duration.ofMillis(120))).isFalse();
          assertThat(System.nanoTime() - before).isGreaterThan(110_000_000);
          assertThat(each.length()).isZero();
          assertThat(each.after()).isEqualTo(journal.end());
        }
      }
    }
  }

  @Test
  void beforeTheFirstRecordAReaderIsAtTheBeginning() throws Exception {
    try (var reader = JournalReader.of(dir.resolve("not-there-yet"), null)) {
      assertThat(reader.next(Duration.ZERO)).isFalse();
      assertThat(reader.after()).isEqualTo(Position.BEGINNING);
      assertThatThrownBy(reader::buffer).isInstanceOf(IllegalStateException.class);
    }
    try (var journal = Journal.open(dir, options);
        var reader = journal.reader(Position.BEGINNING)) {
      write(journal, 5);
      assertThat(Story.read(reader)).hasSize(1);
    }
  }

  @Test
  void aPositionInASegmentThatIsNotThereIsRefused() throws Exception {
    try (var journal = Journal.open(dir, options)) {
      var position = new Position("updates.20251123.2335", 100);
      assertThatThrownBy(() -> journal.reader(position))
          .isInstanceOfSatisfying(SegmentMissing.class, e -> assertThat(e.oldest()).isNull())
          .hasMessageContaining("updates.20251123.2335")
          .hasMessageContaining("has no segments");
      write(journal, 1);

      assertThatThrownBy(() -> journal.reader(position))
          .isInstanceOfSatisfying(
              SegmentMissing.class,
              e -> {
                assertThat(e.segment()).isEqualTo("updates.20251123.2335");
                assertThat(e.oldest()).isEqualTo("updates.20261123.2335");
              })
          .hasMessageContaining("the oldest there is updates.20261123.2335");
      assertThatThrownBy(() -> JournalReader.recordAt(dir, position))
          .isInstanceOf(SegmentMissing.class);
    }
  }

  @Test
  void aPositionThatTheJournalLostBeginsWhereTheJournalEnds() throws Exception {
    try (var journal = Journal.open(dir, options)) {
      write(journal, 1);
      Position end = journal.end();
      var lost = new Position(end.segment(), end.offset() + 17);
      try (var reader = journal.reader(lost)) {
        write(journal, 2);
        assertThat(Story.read(reader)).containsExactly("23:36:00.250 64501 2");
      }
      // by now there is another record around it
      try (var reader = journal.reader(lost)) {
        assertThat(Story.read(reader)).containsExactly("23:36:00.250 64501 2");
      }
      assertThatThrownBy(() -> JournalReader.recordAt(dir, lost))
          .isInstanceOf(JournalDamaged.class);
      assertThatThrownBy(() -> JournalReader.recordAt(dir, journal.end()))
          .isInstanceOf(JournalDamaged.class)
          .hasMessageContaining("ends before the end of the record");
    }
  }

  @Test
  void aTornRecordIsReadOnceItIsWhole() throws Exception {
    byte[] first = Story.update(Story.START, 1, 1);
    byte[] second = Story.update(Story.START, 1, 2);
    byte[] other = Story.keepalive(Story.START, 1, false);
    Path file = new Segments(dir).plain("updates.20261123.2335");
    Files.createDirectories(file.getParent());
    byte[] both = Story.join(first, second);
    Files.write(file, Arrays.copyOf(both, both.length - 10));
    try (var reader = JournalReader.of(dir, null)) {
      assertThat(Story.read(reader)).containsExactly("23:36:00.250 64501 1");

      Files.write(file, Story.join(first, other, second)); // cut, and something else written

      assertThat(Story.read(reader))
          .containsExactly("23:36:00.250 64501 message", "23:36:00.250 64501 2");
    }
  }

  @Test
  void aRecordLongerThanTheBufferIsRead() throws Exception {
    byte[] record = Arrays.copyOf(Story.update(Story.START, 1, 1), 1 << 20);
    ByteBuffer.wrap(record).putInt(8, record.length - RecordInput.HEADER);
    try (var journal = Journal.open(dir, options);
        var reader = journal.reader(null)) {
      write(journal, 1);
      Story.append(journal, record);
      write(journal, 2);

      assertThat(reader.next(Story.LONG)).isTrue();
      assertThat(reader.next(Story.LONG)).isTrue();
      assertThat(
              Arrays.copyOfRange(
                  reader.buffer(), reader.offset(), reader.offset() + reader.length()))
          .isEqualTo(record);
      assertThat(reader.next(Story.LONG)).isTrue();
      assertThat(number(reader)).isEqualTo(2);
    }
  }
}
