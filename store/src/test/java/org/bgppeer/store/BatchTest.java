package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bgppeer.journal.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What gathers in a file comes back as it was, and leaves nothing behind.
class BatchTest {
  private static final int IPV4 = 257;
  private static final int IPV6 = 513;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"5, false", "5, true", "17, false", "17, true"})
  void changesInAFileComeBackAsTheyWere(int keyOctets, boolean addPath) throws IOException {
    var random = new Random(1);
    var inMemory = new RouteChanges(1, IPV4, 3, keyOctets, addPath);
    var spilled = new RouteChanges(1, IPV4, 3, keyOctets, addPath);
    var rooms = new RouteChanges.Rooms();
    try (var scratch = Scratch.in(directory)) {
      for (int i = 0; i < 1000; i++) {
        byte[] key = new byte[keyOctets];
        random.nextBytes(key);
        key[0] = (byte) random.nextInt(3); // some are changed more than once
        int path = random.nextInt();
        boolean begins = i == 0 || random.nextInt(6) == 0;
        var reason = Reason.values()[random.nextInt(Reason.values().length)];
        for (var changes : List.of(inMemory, spilled)) {
          if (begins) {
            changes.block(i, i % 2 == 0, 1L << 40 | i, 1_000_000L + i, reason);
          }
          changes.add(key, path);
        }
        if (random.nextInt(50) == 0) {
          spilled.sort(); // ahead, and again at the end
        }
        if (random.nextInt(100) == 0) {
          assertThat(spilled.spill(scratch)).isPositive();
          assertThat(spilled.size()).isZero();
          assertThat(spilled.totalSize()).isEqualTo(i + 1);
          // one UPDATE may be in two batches of messages, but never in two blocks
          for (var changes : List.of(inMemory, spilled)) {
            changes.block(i, false, 2L << 40 | i, 2_000_000L + i, reason);
          }
        }
      }
      spilled.restore(scratch, rooms);
    }

    assertThat(sorted(spilled)).hasSize(1000).isEqualTo(sorted(inMemory));
  }

  private static List<String> sorted(RouteChanges changes) {
    changes.sort();
    var lines = new ArrayList<String>();
    for (int i = 0; i < changes.size(); i++) {
      lines.add(
          "%s %d %d %s %d %d %s"
              .formatted(
                  java.util.HexFormat.of().formatHex(changes.key(i)),
                  changes.pathId(i),
                  changes.attributesId(i),
                  changes.isFirst(i),
                  changes.packet(i),
                  changes.at(i),
                  changes.reason(i)));
    }
    return lines;
  }

  @Test
  void theFileHasNoNameAndLeavesNothingBehind() throws IOException {
    try (var scratch = Scratch.in(directory)) {
      scratch.append(scratch.buffer(8).putLong(7));
      try (var files = Files.list(directory)) {
        assertThat(files).isEmpty();
      }
      assertThat(scratch.read(0, 8).getLong()).isEqualTo(7);
    }
  }

  @Test
  void withoutRoomItIsTimeToWrite() {
    var batch = spread(2);

    assertThat(batch.spill(directory.resolve("not there"))).isFalse();
    assertThat(batch.isSpilled()).isFalse();
    assertThat(batch.inMemory()).isEqualTo(4);
  }

  @Test
  void tablesOfManyNeighborsAreWrittenNeighborByNeighborAndWhatPeopleWaitForFirst() {
    try (var batch = spread(3)) {
      batch.step(0, writer -> {});
      batch.step(2, writer -> {});
      batch.hurry(2);
      assertThat(batch.isSpread()).isTrue();
      assertThat(batch.spill(directory)).isTrue();
      assertThat(batch.inMemory()).isZero();
      batch.seal();

      assertThat(
              batch.takeParts().stream().map(part -> part.neighborId() + ":" + part.steps().size()))
          .containsExactly("2:3", "1:2", "3:2", "0:1");
    }
  }

  @Test
  void whatNobodyWaitsForIsWrittenInTheOrderOfKeys() {
    try (var batch = spread(new int[] {7, 3, 5, 2})) {
      batch.hurry(5);
      assertThat(batch.spill(directory)).isTrue();
      batch.seal();

      assertThat(batch.takeParts())
          .extracting(Batch.Part::neighborId)
          .containsExactly(5, 2, 3, 7, 0);
    }
  }

  @Test
  void whatFitsIntoMemoryIsOneTransactionInTheOrderInWhichItCame() {
    try (var batch = spread(3)) {
      batch.hurry(2);
      batch.seal();

      assertThat(batch.takeParts()).hasSize(1);
    }
  }

  @Test
  void theTableOfOneNeighborDoesNotWaitForMore() {
    try (var batch = spread(1)) {
      assertThat(batch.isSpread()).isFalse();
    }
  }

  @Test
  void oneTableIsMadeReadyWhileTheOneBeforeIsWritten() throws SQLException {
    try (var batch = spread(3)) {
      assertThat(batch.spill(directory)).isTrue();
      batch.seal();
      var parts = batch.takeParts();
      var first = parts.remove();
      var second = parts.remove();

      batch.prepare(first, second);
      assertThat(first.tables()).hasSize(2).allMatch(changes -> changes.size() == 1);
      batch.written(first);
      assertThat(first.tables()).allMatch(changes -> changes.size() == 0);
      batch.prepare(second, parts.element());
      assertThat(second.tables())
          .hasSize(2)
          .allMatch(changes -> changes.size() == 1 && changes.packet(0) == 1);
    }
  }

  private static Batch spread(int neighbors) {
    return spread(IntStream.rangeClosed(1, neighbors).toArray());
  }

  private static Batch spread(int[] neighbors) {
    var batch = new Batch();
    for (int neighbor : neighbors) {
      for (int family : new int[] {IPV4, IPV6}) {
        var changes = batch.changes(neighbor, family, 1, family == IPV4 ? 5 : 17, false);
        changes.block(1, false, 1, 1, Reason.REPLACED);
        changes.add(new byte[17], 0);
        batch.count(1, true);
      }
    }
    batch.reached(Position.BEGINNING, 1);
    return batch;
  }
}
