package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final int SETS = 5_000;
  private static final int LOG_PAGE = 24 + 4096;

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
    int commits = 3_000;
    try (var database = Database.open(dir.resolve("bgp-peer.db"));
        var writer = database.writer();
        var checkpoints = new Checkpoints(database.reader(), 100, 400, Checkpoints.PATIENCE);
        var statement = writer.createStatement()) {
      for (int i = 0; i < commits; i++) { // some 14 pages each
        statement.executeUpdate("INSERT INTO family VALUES (" + i + ", hex(randomblob(9000)))");
        writer.commit();
        checkpoints.committed();
        checkpoints.awaitRoom();
      }
      // the file does not become shorter when the log begins anew
      assertThat(Files.size(dir.resolve("bgp-peer.db-wal")) / LOG_PAGE)
          .isBetween(100L, 10L * commits);
    }
  }

  /// A transaction that reads first would be refused at once when it writes, while the log is
  /// moved.
  @Test
  void aTransactionThatBeginsMayWriteBeforeItReads() throws Exception {
    String write = "DELETE FROM family";
    try (var database = Database.open(dir.resolve("bgp-peer.db"));
        var writer = database.writer();
        var bulk = database.bulkWriter(writer);
        var other = database.reader();
        var statement = other.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");

      bulk.begin();

      assertThatThrownBy(() -> statement.executeUpdate(write)).hasMessageContaining("SQLITE_BUSY");
      writer.commit();
      assertThat(statement.executeUpdate(write)).isZero();
    }
  }

  @Test
  @Timeout(30) // if each time that the log is too long took its patience it would be longer
  void whoReadsForLongDelaysOneCommitAtMost() throws Exception {
    var patience = Duration.ofSeconds(10);
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

  @Test
  void forRoomTheProjectorWaitsBetweenTransactions() throws Exception {
    Path file = dir.resolve("bgp-peer.db");
    try (var watched = new Watched(Database.open(file));
        var story = new Story(dir, watched)) {
      announceSets(story);
      story.settle();

      assertThat(watched.waits).isPositive();
      assertThat(watched.waitsWithin).isZero();
    }
  }

  @Test
  @Timeout(60)
  void aWriterThatDoesNotComeToAnEndIsGivenUpAndTheNextOneGoesOn() throws Exception {
    Path file = dir.resolve("bgp-peer.db");
    try (var watched = new Watched(Database.open(file));
        var story = new Story(dir, watched)) {
      watched.hasRoom = false;
      announceSets(story);
      assertThat(watched.came.await(20, TimeUnit.SECONDS)).isTrue();

      story.restartProjector(Duration.ofMillis(1), () -> watched.hasRoom = true).settle();

      assertThat(watched.interrupted).isTrue();
      assertThat(Story.rows(watched, "SELECT count(*), max(version) FROM route"))
          .containsExactly("1|" + SETS);
    }
  }

  private static void announceSets(Story story) {
    story.up("192.0.2.1", 64500);
    for (int i = 0; i < SETS; i++) { // they go ahead of their routes
      story.update(
          "192.0.2.1",
          64500,
          new Updates().usual("192.0.2.1", 64500, 70_000 + i).nlri("198.51.100.0/24"));
    }
  }

  /// Looks, whenever the writer waits for room, whether it has a transaction open.
  private static final class Watched extends Database {
    private final Database of;
    private final Connection other;
    private final CountDownLatch came = new CountDownLatch(1);
    private volatile boolean hasRoom = true;
    private volatile boolean interrupted;
    private int waits;
    private int waitsWithin;

    Watched(Database of) throws SQLException {
      this.of = of;
      other = of.writer();
      other.setAutoCommit(true);
      try (var statement = other.createStatement()) {
        statement.execute("PRAGMA busy_timeout = 0");
      }
    }

    @Override
    AfterCommit afterCommit() {
      return new AfterCommit() {
        @Override
        public void committed() {}

        @Override
        public void awaitRoom() {
          waits++;
          came.countDown();
          try (var statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("ROLLBACK");
          } catch (SQLException e) {
            waitsWithin++; // locked
          }
          while (!hasRoom && !interrupted) {
            LockSupport.park(this);
            interrupted = Thread.currentThread().isInterrupted();
          }
        }

        @Override
        public void close() {}
      };
    }

    @Override
    Connection writer() throws SQLException {
      return of.writer();
    }

    @Override
    Connection reader() throws SQLException {
      return of.reader();
    }

    @Override
    DataSource readers() {
      return of.readers();
    }

    @Override
    BulkWriter bulkWriter(Connection connection) throws SQLException {
      return of.bulkWriter(connection);
    }

    @Override
    Path scratch() {
      return of.scratch();
    }

    @Override
    String matches(String text, String expression) {
      return of.matches(text, expression);
    }

    @Override
    void teach(Connection connection) {
      of.teach(connection);
    }

    @Override
    String joined(String expression) {
      return of.joined(expression);
    }

    @Override
    String formerVersions() {
      return of.formerVersions();
    }

    @Override
    String formerVersionsAt(String at) {
      return of.formerVersionsAt(at);
    }

    @Override
    String formerVersionsSince(String since) {
      return of.formerVersionsSince(since);
    }

    @Override
    String endedSince(String since) {
      return of.endedSince(since);
    }

    @Override
    String size() {
      return of.size();
    }

    @Override
    public String place() {
      return of.place();
    }

    @Override
    public String explain(SQLException e) {
      return of.explain(e);
    }

    @Override
    public void close() {
      try {
        other.close();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      } finally {
        of.close();
      }
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
