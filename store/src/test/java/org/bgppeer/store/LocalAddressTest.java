package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.Updates;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Neighbors with one address and AS that our end of their sessions tells apart.
class LocalAddressTest {
  private static final String PEER = "192.0.2.1";
  private static final long AS = 64500;
  private static final String LEFT = "192.0.2.10";
  private static final String RIGHT = "192.0.2.11";
  private static final String NAMES =
      "SELECT name, local_address, state FROM neighbor ORDER BY name";

  @TempDir Path directory;

  private static Database.ConfiguredNeighbor neighbor(String name, String local) {
    return new Database.ConfiguredNeighbor(name, PEER, AS, local, false);
  }

  private static void state(
      Story story, String local, int from, int to, @Nullable StateReason reason) {
    story.append(
        Mrt.stateChange(
            story.now(),
            AS,
            64496,
            AddressText.parse(PEER),
            AddressText.parse(local),
            from,
            to,
            reason));
  }

  private static void announce(Story story, String local, String prefix) {
    byte[] update = new Updates().usual(PEER, AS, 64511).nlri(prefix).build();
    story.append(
        Mrt.bgp4mpMessage(
            story.now(),
            false,
            AS,
            64496,
            AddressText.parse(PEER),
            AddressText.parse(local),
            update,
            0,
            update.length,
            DecodeContext.AS4));
  }

  @ParameterizedTest
  @EnumSource
  void eachHasItsOwnSessionAndRoutes(Kind kind) throws Exception {
    var database = kind.open(directory);
    database.configure(List.of(neighbor("left", LEFT), neighbor("right", RIGHT)), 0);
    try (var story = new Story(directory, database)) {
      state(story, LEFT, 5, 6, null);
      state(story, RIGHT, 5, 6, null);
      announce(story, LEFT, "198.51.100.0/24");
      announce(story, RIGHT, "198.51.100.0/24");
      announce(story, RIGHT, "203.0.113.0/24");
      story.restartProjector();
      state(story, LEFT, 6, 1, new StateReason(SessionCause.CONNECTION_CLOSED, "left", ""));
      story.settle();

      assertThat(story.rows(NAMES))
          .containsExactly("left|" + LEFT + "|down", "right|" + RIGHT + "|up");
      assertThat(
              story.rows("SELECT neighbor, prefix, active FROM routes ORDER BY neighbor, prefix"))
          .containsExactly(
              "left|198.51.100.0/24|0", "right|198.51.100.0/24|1", "right|203.0.113.0/24|1");
      var packets =
          story.queries.packets(new PacketQuery(null, 2, false, null, null, null, null, 10));
      assertThat(packets)
          .extracting(PacketRow::neighbor)
          .containsExactlyInAnyOrder("left", "right", "right");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasOneBecomesTheOneWithItsName(Kind kind) throws Exception {
    try (var database = kind.open(directory)) {
      database.configure(List.of(neighbor("one", "")), 0);
      String id = Story.rows(database, "SELECT id FROM neighbor").getFirst();

      database.configure(List.of(neighbor("two", RIGHT), neighbor("one", LEFT)), 0);
      assertThat(
              Story.rows(
                  database, "SELECT id, name FROM neighbor WHERE local_address = '" + LEFT + "'"))
          .containsExactly(id + "|one");

      database.configure(List.of(neighbor("one", "")), 0);
      assertThat(Story.rows(database, NAMES))
          .as("the other one stays, with what it brought")
          .containsExactly("one||connecting", "two|" + RIGHT + "|connecting");
    }
  }

  @Test
  void oneThatIsAddedLaterIsAnotherOne() throws Exception {
    try (var story = new Story(directory)) {
      state(story, LEFT, 1, 1, added("one", StateReason.ADDED));
      state(story, LEFT, 5, 6, null);
      announce(story, LEFT, "198.51.100.0/24");
      state(story, RIGHT, 1, 1, added("two", StateReason.ADDED_APART));
      state(story, RIGHT, 5, 6, null);
      announce(story, RIGHT, "203.0.113.0/24");
      story.settle();
      assertThat(story.rows(NAMES)).containsExactly("one||up", "two|" + RIGHT + "|up");

      state(story, "192.0.2.12", 1, 1, added("two", StateReason.ADDED_APART));
      announce(story, "192.0.2.12", "203.0.113.0/24");
      story.restartProjector();
      assertThat(story.rows(NAMES)).containsExactly("one||up", "two|192.0.2.12|up");
    }
  }

  private static StateReason added(String name, String text) {
    return new StateReason(SessionCause.ADMINISTRATIVE, name, text);
  }

  @Test
  void aDatabaseOfBeforeHasAllThatItHad() throws Exception {
    Path file = directory.resolve("bgp-peer.db");
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + file, "", "")
        .locations("classpath:org/bgppeer/store/sqlite")
        .target("6")
        .load()
        .migrate();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO neighbor (id, source, name, address, as_number, known_at, configured, state,
            since, why, generation) VALUES (7, 'live', 'one', '192.0.2.1', 64500, 1, 1, 'up', 2, '', 3)\
          """);
      statement.execute("INSERT INTO muted VALUES (7, 1)");
      statement.execute("PRAGMA user_version = 6");
    }

    try (var database = Database.open(file)) {
      assertThat(Story.rows(database, "SELECT id, name, local_address, since FROM neighbor"))
          .containsExactly("7|one||2");
      assertThat(Story.rows(database, "SELECT name FROM neighbor JOIN muted ON neighbor_id = id"))
          .containsExactly("one");
      assertThat(Story.rows(database, "SELECT * FROM routes")).isEmpty();
    }
  }
}
