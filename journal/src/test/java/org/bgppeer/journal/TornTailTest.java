package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A segment that ends anywhere: its whole records survive, and nothing is made of the rest.
class TornTailTest {
  private static final String SEGMENT = "updates.20261123.2335";

  @TempDir Path dir;
  private Path file;

  private final List<byte[]> records =
      List.of(
          Story.up(Story.START, 1),
          Story.update(Story.START, 1, 1),
          Story.up(Story.START.plusSeconds(1), 2),
          Story.update(Story.START.plusSeconds(2), 1, 0), // ends with zeros
          Story.keepalive(Story.START.plusSeconds(3), 2, true),
          Story.down(Story.START.plusSeconds(4), 1),
          Story.update(Story.START.plusSeconds(5), 2, 3));

  @BeforeEach
  void segment() throws IOException {
    file = new Segments(dir).plain(SEGMENT);
    Files.createDirectories(file.getParent());
  }

  private byte[] all() {
    return Story.join(records.toArray(byte[][]::new));
  }

  /// Octets of the whole records among the first `size` ones.
  private int whole(int size) {
    int whole = 0;
    for (byte[] record : records) {
      if (whole + record.length > size) {
        break;
      }
      whole += record.length;
    }
    return whole;
  }

  @Test
  void aFileCutAtAnyOctetKeepsItsWholeRecords() throws Exception {
    byte[] all = all();
    for (int size = 0; size <= all.length; size++) {
      Files.write(file, Arrays.copyOf(all, size));

      Recovery found = Recovery.of(new Segments(dir));

      int whole = whole(size);
      assertThat(found.end()).as("cut at %d", size).isEqualTo(whole);
      if (whole == 0) {
        assertThat(file).as("cut at %d", size).doesNotExist();
      } else {
        assertThat(file).as("cut at %d", size).hasBinaryContent(Arrays.copyOf(all, whole));
      }
    }
  }

  @Test
  void aFileThatIsZeroFromASectorOnKeepsTheRecordsBefore() throws Exception {
    byte[] all = all();
    for (int before = 80; before <= 512; before++) {
      // a first record so long that the sector ends at another octet of those that follow
      byte[] first = padded(before);
      byte[] octets = Arrays.copyOf(Arrays.copyOf(Story.join(first, all), 512), 4096);
      Files.write(file, octets);

      Recovery found = Recovery.of(new Segments(dir));

      assertThat(found.end()).as("after %d", before).isEqualTo(before + whole(512 - before));
    }
  }

  private static byte[] padded(int length) {
    byte[] record = Story.up(Story.START, 1);
    byte[] padded = Arrays.copyOf(record, length);
    Arrays.fill(padded, Math.min(record.length, length), length, (byte) 'x');
    ByteBuffer.wrap(padded).putInt(8, length - RecordInput.HEADER);
    return padded;
  }

  @Test
  void aRecordWhoseEndIsZeroSinceASectorIsNotWhole() throws Exception {
    var longUpdates = new ArrayList<byte[]>();
    int size = 0;
    while (size < 3000) {
      byte[] record = Story.update(Story.START, 1, 0xffffff);
      longUpdates.add(record);
      size += record.length;
    }
    byte[] all = Story.join(longUpdates.toArray(byte[][]::new));
    int each = all.length / longUpdates.size();
    assertThat(1024 % each).as("a sector ends inside of a record's body").isGreaterThan(16);

    Files.write(file, Arrays.copyOf(Arrays.copyOf(all, 1024), 4096));

    assertThat(Recovery.of(new Segments(dir)).end()).isEqualTo(1024 / each * each);
  }

  @Test
  void whatFollowsATornRecordIsAppendedBehindTheLastWholeOne() throws Exception {
    byte[] all = all();
    Files.write(file, Arrays.copyOf(all, all.length - 5));
    var options = JournalOptions.defaults().withClock(new TurnedClock(Story.START));

    try (var journal = Journal.open(dir, options)) {
      Story.append(journal, Story.update(Story.START.plusSeconds(9), 2, 99));
    }

    assertThat(Story.read(dir))
        .containsExactly(
            "23:36:00.250 64501 5->6",
            "23:36:00.250 64501 1",
            "23:36:01.250 64502 5->6",
            "23:36:02.250 64501 0",
            "23:36:03.250 64502 message",
            "23:36:04.250 64501 6->1 CONNECTION_CLOSED",
            "23:36:04.250 64502 6->1 COLLECTOR_CRASHED",
            "23:36:09.250 64502 99");
  }

  @Test
  void moreThanATornRecordIsKeptAside() throws Exception {
    byte[] all = all();
    byte[] damaged = Arrays.copyOf(all, 3 << 20);
    Arrays.fill(damaged, all.length, damaged.length, (byte) 0xaa);
    Files.write(file, damaged);

    assertThat(Recovery.of(new Segments(dir)).end()).isEqualTo(all.length);

    Path aside = file.resolveSibling(SEGMENT + ".cut");
    assertThat(Files.size(aside)).isEqualTo(damaged.length - all.length);
    assertThat(Story.read(dir)).hasSize(records.size());
  }

  @Test
  void aBigSegmentIsReadOnceAndFast() throws Exception {
    byte[] record = Story.update(Story.START, 1, 1);
    byte[] all = new byte[record.length * 400_000];
    for (int i = 0; i < all.length; i += record.length) {
      System.arraycopy(record, 0, all, i, record.length);
    }
    Files.write(file, all);

    long before = System.nanoTime();
    assertThat(Recovery.of(new Segments(dir)).end()).isEqualTo(all.length);

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
  }
}
