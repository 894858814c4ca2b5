package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresDatabaseTest {
  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;

  @TempDir Path directory;

  private static Updates announce(long as, String... prefixes) {
    return new Updates().usual(A, AS_A, as).nlri(prefixes);
  }

  private static List<String> tables(String url) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var rows =
            connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
      var names = new java.util.ArrayList<String>();
      while (rows.next()) {
        names.add(rows.getString("TABLE_NAME"));
      }
      return names;
    }
  }

  @Test
  void whatComesWhileTheServerIsAwayIsThereOnceWhenItIsBack() throws Exception {
    Path cluster = directory.resolve("cluster");
    var server = PostgresServer.builder().setDataDirectory(cluster).setCleanDataDirectory(false);
    EmbeddedPostgres running = server.start();
    server.setPort(running.getPort());
    String url = running.getJdbcUrl("postgres", "postgres");
    try (var story = new Story(directory.resolve("story"), Database.open(url))) {
      story.up(A, AS_A).update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24"));
      story.settle();

      running.close();
      story
          .update(A, AS_A, announce(64512, "198.51.100.0/24", "192.0.2.0/25"))
          .update(A, AS_A, new Updates().withdraw("203.0.113.0/24"));
      running = server.start();
      story.settle();

      assertThat(story.rows("SELECT prefix, active, reason, as_path FROM routes ORDER BY prefix"))
          .containsExactly(
              "192.0.2.0/25|1||64500 64512",
              "198.51.100.0/24|1||64500 64512",
              "203.0.113.0/24|0|withdrawn|64500 64511");
      assertThat(story.queries.history(Prefix.parse("198.51.100.0/24"), 10))
          .extracting(RouteRow::reason)
          .containsExactly("replaced", null);
      assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(2);
    } finally {
      running.close();
    }
  }

  @Test
  void theViewHasTimesAndNetworksOfPostgresql() throws Exception {
    try (var story = new Story(directory, Kind.POSTGRESQL)) {
      story.up(A, AS_A).update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24"));
      story.settle();

      assertThat(
              story.rows(
                  "SELECT prefix, first_seen = timestamptz '"
                      + story.now()
                      + "' FROM routes WHERE network <<= '198.51.0.0/16'"))
          .containsExactly("198.51.100.0/24|1");
    }
  }

  @Test
  void historyLiesInPartitionsOfAWeek() throws Exception {
    try (var story = new Story(directory, Kind.POSTGRESQL)) {
      story
          .up(A, AS_A)
          .update(A, AS_A, announce(64511, "198.51.100.0/24"))
          .update(A, AS_A, announce(64512, "198.51.100.0/24"))
          .pass(java.time.Duration.ofDays(7))
          .update(A, AS_A, announce(64513, "198.51.100.0/24"))
          .settle();

      assertThat(story.rows("SELECT tableoid::regclass FROM route_history ORDER BY ended_at"))
          .containsExactly("route_history_20260316", "route_history_20260323");
    }
  }

  /// A plan that was made for an empty table, and read all of it, would be kept by PostgreSQL 15.
  @Test
  void whatIsNewIsLookedForByItsKeyHoweverMuchThereIs() throws Exception {
    String read =
        "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_user_tables"
            + " WHERE relname IN ('value_shared', 'value_stretch')";
    String tell = "SELECT pg_stat_force_next_flush()";
    try (var database = Kind.POSTGRESQL.open(directory);
        var connection = database.writer();
        var statement = connection.createStatement()) {
      var index = new ValueIndex(connection);
      for (int i = 0; i < 100; i++) {
        index.add(new OriginIndex.Table(1, 257), values(i));
      }
      statement.execute(tell);
      connection.commit();
      long before = number(statement, read);
      connection.commit();

      index.add(new OriginIndex.Table(1, 257), values(100));
      index.add(new OriginIndex.Table(1, 257), values(50));
      statement.execute(tell);
      connection.commit();

      assertThat(number(statement, read) - before).isBetween(64L, 200L);
    }
  }

  private static List<ValueStretches> values(int which) {
    return IntStream.range(1000, 1064)
        .mapToObj(
            i -> {
              var in = NumberSet.of(7);
              for (int more = i % 2 * 20; more > 0; more--) { // it gets a row of its own
                in.add(1000 * more);
              }
              return new ValueStretches("c" + i + ":" + which, in);
            })
        .toList();
  }

  /// The server has more to do with a route than who sends it.
  @Test
  void setsOfTheBatchBehindGoToTheServerWhileRoutesDo() throws Exception {
    String count = "SELECT count(*) FROM path_attributes";
    try (var database = Kind.POSTGRESQL.open(directory);
        var read = database.reader();
        var statement = read.createStatement();
        var connection = database.writer();
        var bulk = database.bulkWriter(connection)) {
      read.setAutoCommit(true);
      var sets = new AttributeSets(read);
      var changes = new RouteChanges(1, 257, 1, 5, false);
      changes.block(sets.idOf(AttributeSetsTest.octets(1), 1, 1), true, 1, 1, Reason.WITHDRAWN);
      for (int i = 0; i < 10_000; i++) {
        changes.add(new byte[] {10, (byte) (i >> 8), (byte) i, 0, 24}, 0);
      }
      changes.sort();
      bulk.attributeSets(sets.takeFresh().read());
      sets.idOf(AttributeSetsTest.octets(2), 2, 2);
      bulk.meanwhile(() -> bulk.attributeSets(sets.takeFresh().read()));

      bulk.routes(changes, new FamilyState(1, 257));
      bulk.finish();
      connection.commit();
      assertThat(number(statement, "SELECT count(*) FROM route")).isEqualTo(10_000);
      assertThat(number(statement, count)).isEqualTo(1);

      bulk.finish();
      connection.commit();
      assertThat(number(statement, count)).isEqualTo(2);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void aDatabaseOfAnotherProgramIsRefusedAndLeftAlone() throws Exception {
    String url = PostgresServer.newDatabase();
    PostgresServer.execute(url, "CREATE TABLE theirs (id integer)");

    assertThatThrownBy(() -> Database.open(url))
        .isInstanceOf(DatabaseUnavailable.class)
        .hasMessageContaining("tables of another program");
    assertThat(tables(url)).containsExactly("theirs");
  }

  @Test
  void tablesOfANewerVersionAreRefused() throws Exception {
    String url = PostgresServer.newDatabase();
    Database.open(url).close();
    PostgresServer.execute(url, "UPDATE flyway_schema_history SET version = '99'");

    assertThatThrownBy(() -> Database.open(url))
        .isInstanceOf(DatabaseUnavailable.class)
        .hasMessageContaining("newer bgp-peer (tables of version 99");
    assertThatThrownBy(() -> Database.openToRead(url)).hasMessageContaining("newer bgp-peer");
  }

  @Test
  void aDatabaseWithoutTablesCannotBeRead() throws Exception {
    String url = PostgresServer.newDatabase();

    assertThatThrownBy(() -> Database.openToRead(url))
        .hasMessageContaining("has no tables yet; start a collector");
    assertThat(tables(url)).isEmpty();
  }

  @Test
  void aSecondWriterIsRefusedAndAReaderIsNot() throws Exception {
    String url = PostgresServer.newDatabase();
    try (var first = Database.open(url);
        var _ = first.writer()) {
      assertThatThrownBy(() -> Database.open(url))
          .hasMessageContaining("another bgp-peer writes to this database");
      try (var reader = Database.openToRead(url)) {
        assertThat(reader.queries(null).neighbors()).isEmpty();
      }
    }
  }

  @Test
  void aMissingDatabaseSaysWhatToDo() throws Exception {
    String missing = PostgresServer.url("nowhere");

    assertThatThrownBy(() -> Database.open(missing))
        .isInstanceOf(DatabaseUnavailable.class)
        .hasMessageContaining("\"nowhere\" does not exist; make it: createdb");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:mysql://db/bgp?password=secret, is no database that is known",
    "bgp-peer.db, is no database that is known",
    "jdbc:postgresql://db:port/bgp, is no database that is known",
    "jdbc:postgresql://127.0.0.1:1/bgp?user=u&password=secret, the server does not answer",
  })
  void aUrlThatLeadsNowhereIsRefusedWithoutItsPassword(String url, String why) {
    assertThatThrownBy(() -> Database.open(url))
        .isInstanceOf(DatabaseUnavailable.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("secret");
  }

  @Test
  void onlyServersThatGetCorrectionsAreTaken() {
    assertThat(PostgresDatabase.isTooOld(13)).isTrue();
    assertThat(PostgresDatabase.isTooOld(14)).isFalse();
  }
}
