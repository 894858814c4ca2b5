package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.journal.Position;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The database is a function of the journal, wherever the projector was interrupted.
@ParameterizedClass
@EnumSource(Kind.class)
class ProjectorRestartTest {
  private final Kind kind;

  ProjectorRestartTest(Kind kind) {
    this.kind = kind;
  }

  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;
  private static final String B = "192.0.2.2";
  private static final long AS_B = 64501;

  /// All that the projector writes, but for `tally` and `follower`, which say how the batches fell.
  private static final Map<String, String> TABLES =
      Map.of(
          "neighbor", "ORDER BY id",
          "session", "ORDER BY id",
          "neighbor_family", "ORDER BY neighbor_id, family",
          "generation_end", "ORDER BY neighbor_id, family, generation",
          "path_attributes", "ORDER BY id",
          "route", "ORDER BY neighbor_id, family, prefix_key, path_id",
          "route_history", "ORDER BY neighbor_id, family, prefix_key, path_id, version",
          "finding", "ORDER BY packet, reason");

  @TempDir Path directory;

  private static Updates announce(long as, String... prefixes) {
    return new Updates().usual(A, AS_A, as).nlri(prefixes);
  }

  private static void tell(Story story) throws Exception {
    byte[] keepalive = new Keepalive().encode();
    var refused = new StateReason(SessionCause.CONNECTION_REFUSED, "b", B);
    story
        .state(B, AS_B, 2, 1, refused)
        .state(B, AS_B, 2, 1, refused)
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8"))
        .update(A, AS_A, announce(64512, "198.51.100.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .update(A, AS_A, new Updates().withdraw("203.0.113.0/24"))
        .notification(
            A, AS_A, false, Notification.shutdown(Notification.ADMINISTRATIVE_SHUTDOWN, "bye"))
        .down(A, AS_A, SessionCause.NOTIFICATION_RECEIVED)
        .notification(B, AS_B, true, Notification.of(2, 2))
        .state(B, AS_B, 4, 1, new StateReason(SessionCause.NOTIFICATION_SENT, "b", "AS 1"))
        .up(A, AS_A)
        .update(A, AS_A, announce(64512, "198.51.100.0/24", "192.0.2.0/24"))
        .update(
            A, AS_A, new Updates().origin(9).asPath(AS_A, 64511).nextHop(A).nlri("198.51.100.0/24"))
        .down(A, AS_A, SessionCause.COLLECTOR_CRASHED)
        .up(A, AS_A)
        .update(A, AS_A, announce(64512, "198.51.100.0/24"))
        .pass(Duration.ofSeconds(40))
        .message(A, AS_A, false, keepalive)
        .pass(Duration.ofSeconds(25)) // the table ended, though no End-of-RIB said so
        .message(A, AS_A, false, keepalive)
        .opens(A, AS_A, new Capability.GracefulRestart(false, true, 9, List.of()))
        .down(A, AS_A, SessionCause.COLLISION) // and the other connection is the session
        .state(A, AS_A, 5, 6, null)
        .update(A, AS_A, announce(64512, "198.51.100.0/24"))
        .up(B, AS_B)
        .update(B, AS_B, announce(64513, "198.51.100.0/24"))
        .down(B, AS_B, SessionCause.COLLECTOR_STOPPED)
        .pass(Duration.ofSeconds(300))
        .message(A, AS_A, false, keepalive)
        .pass(Duration.ofSeconds(700)) // B does not come back
        .message(A, AS_A, false, keepalive)
        .settle();
  }

  private static Map<String, String> contents(Database database) throws SQLException {
    var contents = new LinkedHashMap<String, String>();
    for (var table : TABLES.entrySet()) {
      String query = "SELECT * FROM " + table.getKey() + " " + table.getValue();
      contents.put(table.getKey(), String.join("\n", Story.rows(database, query)));
    }
    String events =
        "SELECT at, last_at, times, neighbor_id, address, kind, cause, why, packet FROM event"
            + " ORDER BY id";
    contents.put("event", String.join("\n", Story.rows(database, events)));
    return contents;
  }

  private Map<String, String> inOneGo(Position end) throws Exception {
    Path journal = directory.resolve("story/journal");
    try (var database = kind.open(directory);
        var projector =
            Projector.start(
                database,
                Database.LIVE,
                from -> Records.of(JournalReader.of(journal, from)),
                InstantSource.fixed(Story.BEGIN))) {
      assertThat(projector.await(end, Duration.ofSeconds(20))).isTrue();
      return contents(database);
    }
  }

  @Test
  void aProjectorThatBeginsAgainAfterEachRecordWritesTheSame() throws Exception {
    try (var story = new Story(directory.resolve("story"), kind).restless()) {
      tell(story);

      var expected = inOneGo(story.journal.end());
      assertThat(expected.get("event")).contains("bye", "refuses", "did not come back");
      assertThat(expected.get("route_history")).isNotEmpty();
      assertThat(expected.get("generation_end")).contains("not-resent");
      var actual = contents(story.database);
      for (String table : expected.keySet()) {
        assertThat(actual.get(table)).as(table).isEqualTo(expected.get(table));
      }
    }
  }

  /// Rows of before say all of themselves: see decision 0021.
  @Test
  void aDatabaseOfBeforeGoesOn() throws Exception {
    try (var old = new Story(directory.resolve("old"), kind);
        var story = new Story(directory.resolve("story"), kind)) {
      for (var each : List.of(old, story)) {
        each.up(A, AS_A)
            .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8"))
            .update(A, AS_A, announce(64512, "198.51.100.0/24"))
            .settle();
      }
      for (String table : List.of("route", "route_history")) {
        assertThat(old.rows("SELECT 1 FROM " + table + " WHERE valid_from IS NULL")).isNotEmpty();
        old.execute(
            "UPDATE "
                + table
                + " SET valid_from = (SELECT first_at FROM path_attributes a WHERE a.id ="
                + " attributes_id), packet = (SELECT first_packet FROM path_attributes a WHERE a.id"
                + " = attributes_id)");
      }
      old.execute("UPDATE path_attributes SET first_at = NULL, first_packet = NULL");

      for (var each : List.of(old, story)) {
        each.restartProjector()
            .update(A, AS_A, announce(64511, "198.51.100.0/24", "192.0.2.0/24"))
            .update(A, AS_A, announce(64513, "10.0.0.0/8"))
            .update(A, AS_A, new Updates().withdraw("203.0.113.0/24"))
            .settle();
      }

      for (String prefix :
          List.of("198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8", "192.0.2.0/24")) {
        assertThat(old.queries.history(Prefix.parse(prefix), 10))
            .as(prefix)
            .isNotEmpty()
            .isEqualTo(story.queries.history(Prefix.parse(prefix), 10));
      }
      assertThat(old.rows("SELECT * FROM routes ORDER BY prefix"))
          .hasSize(4)
          .isEqualTo(story.rows("SELECT * FROM routes ORDER BY prefix"));
    }
  }
}
