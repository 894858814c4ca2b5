package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
  private static final int APPENDERS = 4;
  private static final int RECORDS = 20_000; // of each

  @TempDir Path dir;

  @Test
  void everyReaderReadsWhatWasAppendedInTheOrderOfEachAppender() throws Exception {
    var clock = new TurnedClock(Story.START);
    var options = JournalOptions.defaults().withClock(clock);
    try (var journal = Journal.open(dir, options);
        var threads = Executors.newCachedThreadPool()) {
      var done = new ArrayList<Future<?>>();
      done.add(threads.submit(() -> readAll(() -> journal.reader(null))));
      done.add(threads.submit(() -> readAll(() -> JournalReader.of(dir, null))));
      for (int n = 1; n <= APPENDERS; n++) {
        int neighbor = n;
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < RECORDS; i++) {
                    if (neighbor == 1 && i % 5_000 == 4_999) {
                      clock.turn(Duration.ofMinutes(5));
                    }
                    Story.append(journal, Story.update(Instant.EPOCH, neighbor, i));
                  }
                }));
      }
      for (Future<?> each : done) {
        each.get(60, TimeUnit.SECONDS);
      }
      journal.awaitCompressed();
    }

    assertThat(readAll(() -> JournalReader.of(dir, null)))
        .as("and once more, from the files")
        .isEqualTo(APPENDERS * RECORDS);
  }

  private static int readAll(Callable<JournalReader> open) throws Exception {
    int[] next = new int[APPENDERS + 1];
    int count = 0;
    try (var reader = open.call()) {
      while (count < APPENDERS * RECORDS) {
        assertThat(Story.next(reader, Story.LONG)).as("record %d", count).isTrue();
        int neighbor =
            (int) RecordInput.u32(reader.buffer(), reader.offset() + RecordInput.HEADER + 4)
                - 64500;
        int number = Story.number(reader.buffer(), reader.offset(), reader.length());
        if (number != next[neighbor]++) {
          throw new AssertionError(
              number + " of " + neighbor + ", expected " + (next[neighbor] - 1));
        }
        count++;
      }
      assertThat(reader.next(Duration.ZERO)).isFalse();
    }
    return count;
  }
}
