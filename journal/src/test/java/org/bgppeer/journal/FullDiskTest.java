package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// A disk with so much room and no more, put under the journal in place of the real one.
class FullDiskTest {
  private static final String SEGMENT = "2026.11/updates.20261123.2335";

  @TempDir Path dir;
  private final AtomicLong room = new AtomicLong();
  private final CountDownLatch refused = new CountDownLatch(1);
  private final CountDownLatch refusedAgain = new CountDownLatch(2);
  private final JournalOptions options =
      JournalOptions.defaults().withClock(new TurnedClock(Story.START));
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Journal.class);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  private List<String> logged() {
    return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private SegmentFile open(Path path) throws IOException {
    SegmentFile file = SegmentFile.open(path);
    return new SegmentFile() {
      @Override
      public void write(ByteBuffer octets, long offset) throws IOException {
        int fits = (int) Math.min(octets.remaining(), room.get());
        if (fits > 0) {
          room.addAndGet(-fits);
          ByteBuffer part = octets.slice(octets.position(), fits);
          file.write(part, offset);
          octets.position(octets.position() + fits);
          return;
        }
        refused.countDown();
        refusedAgain.countDown();
        throw new IOException("No space left on device");
      }

      @Override
      public void truncate(long size) throws IOException {
        file.truncate(size);
      }

      @Override
      public void force() throws IOException {
        file.force();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Test
  void whatAFullDiskDoesNotTakeIsKeptAndWrittenLater() throws Exception {
    byte[] first = Story.update(Story.START, 1, 1);
    room.set(first.length + 20);
    try (var journal = Journal.open(dir, options, this::open)) {
      for (int i = 1; i <= 5; i++) {
        Story.append(journal, Story.update(Story.START, 1, i));
      }
      assertThat(refusedAgain.await(20, TimeUnit.SECONDS)).as("it tries again").isTrue();

      // What stands there is what a crash now would leave: whole records.
      assertThat(Files.readAllBytes(dir.resolve(SEGMENT)).length % first.length).isZero();
      assertThat(journal.backlog()).isPositive();
      assertThat(journal.congested()).isFalse();

      room.set(1 << 20);
      journal.flush(Story.LONG);
      assertThat(journal.backlog()).isZero();
      assertThat(Story.read(dir))
          .containsExactly(
              "23:36:00.250 64501 1",
              "23:36:00.250 64501 2",
              "23:36:00.250 64501 3",
              "23:36:00.250 64501 4",
              "23:36:00.250 64501 5");
      assertThat(logged())
          .filteredOn(l -> l.contains("write-refused"))
          .singleElement()
          .asString()
          .contains("No space left on device", "free space", "nothing is lost");
      assertThat(logged()).filteredOn(l -> l.contains("write-resumed")).hasSize(1);
    }
  }

  @Test
  void aReaderSeesEachRecordOnceAcrossAFullDisk() throws Exception {
    byte[] record = Story.update(Story.START, 1, 1);
    room.set(3 * record.length + 50);
    try (var journal = Journal.open(dir, options, this::open);
        var reader = journal.reader(null);
        var other = JournalReader.of(dir, null)) {
      for (int i = 0; i < 10; i++) {
        Story.append(journal, Story.update(Story.START, 1, i));
      }
      assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
      var numbers = new ArrayList<String>(Story.read(reader));
      var others = new ArrayList<String>(Story.read(other));
      room.set(1 << 20);
      journal.flush(Story.LONG);
      numbers.addAll(Story.read(reader));
      others.addAll(Story.read(other));

      assertThat(numbers).hasSize(10).doesNotHaveDuplicates().isEqualTo(others);
    }
  }

  @Test
  void appendWaitsOnlyWhenTheLimitIsReached() throws Exception {
    byte[] record = Arrays.copyOf(Story.update(Story.START, 1, 1), 1 << 16);
    ByteBuffer.wrap(record).putInt(8, record.length - RecordInput.HEADER);
    int all = (int) (Journal.LIMIT / record.length);
    try (var journal = Journal.open(dir, options, this::open)) {
      for (int i = 0; i < all / 2; i++) {
        Story.append(journal, record);
      }
      assertThat(journal.congested()).isFalse();
      for (int i = all / 2; i < all; i++) {
        Story.append(journal, record);
      }
      assertThat(journal.congested()).isTrue();
      assertThat(journal.backlog()).isEqualTo(Journal.LIMIT);
      var one = CompletableFuture.runAsync(() -> Story.append(journal, record));
      assertThat(one.isDone()).isFalse();

      room.set(1L << 30);
      one.get(20, TimeUnit.SECONDS);
      journal.flush(Story.LONG);
      assertThat(journal.congested()).isFalse();
      assertThat(Files.size(dir.resolve(SEGMENT))).isEqualTo(Journal.LIMIT + record.length);
    }
  }

  @Test
  void aStopWithAFullDiskSaysHowMuchIsLost() throws Exception {
    byte[] record = Story.update(Story.START, 1, 1);
    var journal = Journal.open(dir, options, this::open);
    Story.append(journal, record);
    assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();

    long before = System.nanoTime();
    journal.close();

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(9));
    assertThat(logged()).anyMatch(l -> l.contains("lost octets=" + record.length));
  }
}
