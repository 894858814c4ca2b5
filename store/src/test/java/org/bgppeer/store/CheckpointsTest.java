package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path dir;

  @Test
  void aLogThatIsLongEnoughIsMovedWithoutTheWriter() throws Exception {
    assertThat(unmovedAfterWriting(2)).isZero();
  }

  @Test
  void aShortLogStays() throws Exception {
    assertThat(unmovedAfterWriting(1_000)).isPositive();
  }

  @Test
  void aWriterThatNeverPausesWaitsWhenTheLogIsTooLong() throws Exception {
    try (var database = Database.open(dir.resolve("bgp-peer.db"));
        var reader = database.reader();
        var writer = database.writer();
        var checkpoints = new Checkpoints(database.reader(), 100, 400, Checkpoints.PATIENCE);
        var statement = writer.createStatement()) {
      long longest = 0;
      for (int i = 0; i < 300; i++) { // some 10 pages each
        statement.executeUpdate("INSERT INTO family VALUES (" + i + ", hex(randomblob(9000)))");
        writer.commit();
        checkpoints.committed();
        checkpoints.awaitRoom();
        longest = Math.max(longest, log(reader));
      }
      assertThat(longest).isBetween(100L, 2_000L);
    }
  }

  @Test
  @Timeout(60) // at each of the commits it would be longer
  void whoReadsForLongDelaysFewCommits() throws Exception {
    var patience = Duration.ofMillis(500);
    try (var database = Database.open(dir.resolve("bgp-peer.db"));
        var reader = database.reader();
        var longReader = database.reader();
        var writer = database.writer();
        var checkpoints = new Checkpoints(database.reader(), 100, 200, patience);
        var reading = longReader.createStatement();
        var statement = writer.createStatement()) {
      longReader.setAutoCommit(false);
      try (var rows = reading.executeQuery("SELECT count(*) FROM family")) {
        assertThat(rows.next()).isTrue();
        for (int i = 0; i < 400; i++) { // some 10 pages each
          statement.executeUpdate("INSERT INTO family VALUES (" + i + ", hex(randomblob(9000)))");
          writer.commit();
          checkpoints.committed();
          checkpoints.awaitRoom();
        }
      }
      assertThat(log(reader)).isGreaterThan(2_000);
    }
  }

  private long unmovedAfterWriting(int pages) throws Exception {
    try (var database = Database.open(dir.resolve("bgp-peer.db"));
        var reader = database.reader();
        var writer = database.writer()) {
      var before = log(reader);
      try (var checkpoints =
              new Checkpoints(database.reader(), pages, Checkpoints.MOST, Checkpoints.PATIENCE);
          var statement = writer.createStatement()) {
        for (int i = 0; i < 10; i++) {
          statement.executeUpdate("INSERT INTO family VALUES (" + i + ", hex(randomblob(9000)))");
        }
        writer.commit();
        checkpoints.committed();
      }
      assertThat(log(reader)).isGreaterThan(0).isNotEqualTo(before);
      return unmoved(reader);
    }
  }

  private static long log(Connection connection) throws SQLException {
    return number(connection, 2);
  }

  private static long unmoved(Connection connection) throws SQLException {
    return number(connection, 2) - number(connection, 3);
  }

  private static long number(Connection connection, int column) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
      return row.getLong(column);
    }
  }
}
