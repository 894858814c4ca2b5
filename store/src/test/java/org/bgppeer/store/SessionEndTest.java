package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.journal.Position;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The end of a session is seen soon, however large the table that it ends.
class SessionEndTest {
  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;

  @TempDir Path directory;

  private Path story(int routes) throws Exception {
    Path home = directory.resolve("of-" + routes);
    try (var story = new Story(home)) {
      story.up(A, AS_A);
      for (int i = 0; i < routes; i += 200) {
        var update = new Updates().usual(A, AS_A, 64511);
        for (int j = i; j < i + 200; j++) {
          update.nlri("10." + j / 256 + "." + j % 256 + ".0/24");
        }
        story.update(A, AS_A, update);
      }
      story.down(A, AS_A, SessionCause.HOLD_TIMER_EXPIRED).settle();
      assertThat(story.rows("SELECT count(*) FROM routes WHERE NOT active"))
          .containsExactly(String.valueOf(routes));
    }
    return home;
  }

  /// The rows that the transaction with the end changes, when so many routes were active.
  private long rowsOfTheEnd(int routes) throws Exception {
    Path home = story(routes);
    try (var database = Database.open(home.resolve("by-hand.db"));
        Connection read = database.reader();
        Connection write = database.writer();
        var records = Records.of(JournalReader.of(home.resolve("journal"), null))) {
      var projection = new Projection(read, Database.LIVE);
      var writer = new BatchWriter(write, database.bulkWriter(write), Database.LIVE);
      var table = new Batch();
      while (records.next(Duration.ZERO)) {
        int end = records.offset() + records.length();
        var record = MrtRecord.of(records.buffer(), records.offset(), end);
        if (record.isStateChange() && record.newState() == Mrt.IDLE) {
          write(projection, writer, table, Position.BEGINNING);
          var theEnd = new Batch();
          projection.read(record, records.packet(), records.after(), null, theEnd);
          assertThat(theEnd.isUrgent()).isTrue();
          long before = changes(write);
          write(projection, writer, theEnd, records.after());
          return changes(write) - before;
        }
        projection.read(record, records.packet(), records.after(), null, table);
      }
    }
    throw new AssertionError("the journal has no end of a session");
  }

  private static void write(
      Projection projection, BatchWriter writer, Batch batch, Position position)
      throws SQLException {
    projection.finish(batch);
    writer.attributeSets(projection.takeFreshSets());
    batch.seal();
    writer.write(batch, position, () -> 0);
  }

  @Test
  void aTableOfAnySizeCostsTheSameFewRows() throws Exception {
    long few = rowsOfTheEnd(200);

    assertThat(rowsOfTheEnd(20_000)).isEqualTo(few);
    assertThat(few)
        .as("session, neighbor, family, generation, event, tallies, follower")
        .isLessThan(12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // routes | urgent | more | busy | ms | due
        "0         | false | false | false |   0 | true", // little comes: at once
        "0         | false | true  | false |   0 | false", // there is more to read
        "0         | false | false | true  |   0 | false",
        "10000     | false | false | false | 149 | false", // part of a table
        "10000     | false | false | false | 150 | true",
        "999999    | false | true  | false | 900 | false",
        "1000000   | false | true  | true  |   0 | true",
        // the end of a session
        "0         | true  | true  | false |   0 | true", // whatever else there is to read
        "10000     | true  | false | false |   0 | true", // not even for a table
        "500000    | true  | true  | false |   0 | true",
        "9999      | true  | true  | true  |   0 | false", // with other ends, if many sessions end
        "10000     | true  | true  | true  |   0 | true", // but it gathers no table before itself
      })
  void theEndOfASessionWaitsForNothingThatComesLater(
      long routes, boolean urgent, boolean more, boolean busy, long millis, boolean due) {
    var batch = new Batch();
    batch.count((int) routes, true);
    if (urgent) {
      batch.hurry(1);
    }

    assertThat(Projector.isDue(batch, 1_000_000, more, busy, millis * 1_000_000)).isEqualTo(due);
  }

  private static long changes(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT total_changes()")) {
      return row.getLong(1);
    }
  }
}
