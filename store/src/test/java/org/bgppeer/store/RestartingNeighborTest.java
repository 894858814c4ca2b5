package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.bgppeer.journal.Position;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Capability.GracefulRestart;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The routes of neighbors that restart gracefully (RFC 4724 section 4.2, RFC 9494 section 4.2).
class RestartingNeighborTest {
  private static final String A = "192.0.2.1";
  private static final String B = "192.0.2.2";
  private static final long AS_A = 64500;
  private static final String ROUTES = "SELECT prefix, active, reason FROM routes ORDER BY prefix";
  private static final Kept TWO_MINUTES = new Kept(Family.IPV4_UNICAST, 120, 0);

  @TempDir Path directory;
  private Story story;

  @BeforeEach
  void begin() throws Exception {
    story = new Story(directory);
  }

  @AfterEach
  void end() throws Exception {
    story.close();
  }

  private static Updates announce(String... prefixes) {
    return new Updates().usual(A, AS_A, 64511).nlri(prefixes);
  }

  /// It comes up, announces two routes, and is away.
  private Story away(Kept... kept) throws Exception {
    return story
        .up(A, AS_A)
        .update(A, AS_A, announce("198.51.100.0/24", "203.0.113.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .state(
            A, AS_A, 6, 1, new StateReason(SessionCause.CONNECTION_CLOSED, "", List.of(kept), ""));
  }

  /// It is back, and says whether it kept forwarding.
  private Story back(boolean forwarding) {
    var ours =
        List.<Capability>of(
            new Capability.Multiprotocol(Family.IPV4_UNICAST), new Capability.FourOctetAs(64496));
    var theirs =
        List.<Capability>of(
            new Capability.Multiprotocol(Family.IPV4_UNICAST),
            new Capability.FourOctetAs(AS_A),
            new GracefulRestart(
                true,
                false,
                120,
                List.of(new GracefulRestart.Entry(Family.IPV4_UNICAST, forwarding))));
    story.message(A, AS_A, true, Open.of(64496, 90, 10, ours).encode());
    story.message(A, AS_A, false, Open.of(AS_A, 90, 20, theirs).encode());
    return story.state(A, AS_A, 5, 6, null);
  }

  /// Anything from anybody: time passes by records alone.
  private Story heartbeat() {
    return story.update(B, 64501, new Updates().withdraw("192.0.2.0/24"));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRouteThatSaysNoLlgrStaysForTheRestartTimeAlone(Kind kind) throws Exception {
    try (var other = new Story(directory.resolve("other"), kind)) {
      other
          .up(A, AS_A)
          .update(A, AS_A, announce("198.51.100.0/24"))
          .update(A, AS_A, announce("203.0.113.0/24").communities("64500:1", "65535:7", "64500:2"))
          .endOfRib(A, AS_A, Family.IPV4_UNICAST)
          .state(
              A,
              AS_A,
              6,
              1,
              new StateReason(
                  SessionCause.CONNECTION_CLOSED,
                  "",
                  List.of(new Kept(Family.IPV4_UNICAST, 120, 3600)),
                  ""))
          .pass(Duration.ofSeconds(110))
          .update(B, 64501, new Updates().withdraw("192.0.2.0/24"))
          .settle();
      assertThat(other.rows(ROUTES))
          .as("within the Restart Time")
          .containsExactly("198.51.100.0/24|1|", "203.0.113.0/24|1|");

      other
          .pass(Duration.ofSeconds(20))
          .update(B, 64501, new Updates().withdraw("192.0.2.0/24"))
          .restartProjector()
          .update(B, 64501, new Updates().withdraw("192.0.2.0/24"))
          .settle();
      assertThat(other.rows(ROUTES))
          .containsExactly("198.51.100.0/24|1|", "203.0.113.0/24|0|no-llgr");
      assertThat(other.rows("SELECT active, stale, inactive FROM neighbor_family"))
          .contains("1|1|1");

      Path again = Files.createDirectories(directory.resolve("again"));
      try (var database = kind.open(again)) {
        inOneBatch(other, database);
        assertThat(Story.rows(database, ROUTES))
            .as("all in one batch")
            .containsExactly("198.51.100.0/24|1|", "203.0.113.0/24|0|no-llgr");
      }
    }
  }

  private static void inOneBatch(Story story, Database database) throws Exception {
    try (Connection read = database.reader();
        Connection write = database.writer();
        var batch = new Batch();
        var writer = new BatchWriter(write, database.bulkWriter(write), Database.LIVE)) {
      var projection = new Projection(read, Database.LIVE);
      var end = Position.BEGINNING;
      try (var records = Records.of(story.journal.reader(null))) {
        while (records.next(Duration.ZERO)) {
          projection.read(
              MrtRecord.of(records.buffer(), records.offset(), records.offset() + records.length()),
              records.packet(),
              records.after(),
              null,
              batch);
          end = records.after();
        }
      }
      projection.finish(batch);
      writer.attributeSets(projection.takeFreshSets());
      batch.seal();
      writer.write(batch, end, () -> 0);
    }
  }

  @Test
  void theyStayActiveAndAreStale() throws Exception {
    away(TWO_MINUTES).settle();

    assertThat(story.rows(ROUTES)).containsExactly("198.51.100.0/24|1|", "203.0.113.0/24|1|");
    var neighbor = story.queries.neighbor(A).orElseThrow();
    assertThat(neighbor.state()).isEqualTo(SessionState.STALE);
    assertThat(neighbor.families().getFirst().stale()).isEqualTo(2);
  }

  @Test
  void whatIsNotSentAgainEndsWithTheInitialTable() throws Exception {
    away(TWO_MINUTES).restartProjector();
    back(true).update(A, AS_A, announce("198.51.100.0/24")).settle();
    assertThat(story.rows(ROUTES)).containsExactly("198.51.100.0/24|1|", "203.0.113.0/24|1|");

    story.endOfRib(A, AS_A, Family.IPV4_UNICAST).settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("198.51.100.0/24|1|", "203.0.113.0/24|0|not-resent-before-End-of-RIB");
    assertThat(story.rows("SELECT count(*) FROM route_history")).containsExactly("0");
  }

  @Test
  void theyEndWhenItIsNotBackInTime() throws Exception {
    away(TWO_MINUTES).restartProjector().pass(Duration.ofSeconds(60));
    heartbeat().settle();
    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(2);

    story
        .pass(Duration.ofSeconds(60))
        .state(A, AS_A, 1, 1, new StateReason(SessionCause.RESTART_EXPIRED, "", "2 min"))
        .settle();

    assertThat(story.rows(ROUTES))
        .containsExactly(
            "198.51.100.0/24|0|graceful-restart-stale", "203.0.113.0/24|0|graceful-restart-stale");
    var neighbor = story.queries.neighbor(A).orElseThrow();
    assertThat(neighbor.state()).isEqualTo(SessionState.DOWN);
    assertThat(neighbor.why())
        .isEqualTo("They restarted and did not come back within the restart time.");
    assertThat(neighbor.inactive()).isEqualTo(2);
    assertThat(story.queries.events(A, null, 10))
        .extracting(EventRow::kind)
        .containsExactly("down", "down", "up");
  }

  @Test
  void aFamilyInWhichItDidNotKeepForwardingEndsAtOnce() throws Exception {
    away(TWO_MINUTES);
    back(false).settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("198.51.100.0/24|0|session-down", "203.0.113.0/24|0|session-down");
  }

  @Test
  void aFamilyThatIsNotKeptEndsWithTheSession() throws Exception {
    away(new Kept(Family.IPV6_UNICAST, 120, 0)).settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("198.51.100.0/24|0|session-down", "203.0.113.0/24|0|session-down");
  }

  @Test
  void ofTwoRestartsInARowTheSecondEndsWhatWasStaleBefore() throws Exception {
    away(TWO_MINUTES);
    back(true).update(A, AS_A, announce("198.51.100.0/24"));
    story
        .state(
            A,
            AS_A,
            6,
            1,
            new StateReason(SessionCause.CONNECTION_CLOSED, "", List.of(TWO_MINUTES), ""))
        .settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("198.51.100.0/24|1|", "203.0.113.0/24|0|graceful-restart-stale");
    assertThat(story.queries.neighbor(A).orElseThrow().families().getFirst().stale()).isEqualTo(1);
  }

  @Test
  void aboveALimitNoRouteBecomesActiveAndOthersChange() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce("198.51.100.0/24", "203.0.113.0/24"))
        .update(A, AS_A, new Updates().withdraw("203.0.113.0/24"))
        .state(A, AS_A, 6, 6, new StateReason(SessionCause.PREFIX_LIMIT, "", "ipv4-unicast 2 of 1"))
        .restartProjector()
        .update(A, AS_A, announce("203.0.113.0/24", "192.0.2.0/24"))
        .update(A, AS_A, new Updates().usual(A, AS_A, 64512).nlri("198.51.100.0/24"))
        .settle();
    assertThat(story.rows("SELECT prefix, active, as_path FROM routes ORDER BY prefix"))
        .containsExactly("198.51.100.0/24|1|64500 64512", "203.0.113.0/24|0|64500 64511");
    assertThat(story.queries.events(A, null, 1).getFirst().kind()).isEqualTo("limit");

    story.down(A, AS_A, SessionCause.CONNECTION_CLOSED).up(A, AS_A);
    story.update(A, AS_A, announce("192.0.2.0/24")).settle();
    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(1);
  }

  /// 200 of them, but for one.
  private static String[] table(int without) {
    return IntStream.range(0, 200)
        .filter(i -> i != without)
        .mapToObj(i -> "10.0." + i + ".0/24")
        .toArray(String[]::new);
  }

  @Test
  void aTableThatIsSentAgainIsAsItWasButForWhatChanged() throws Exception {
    story.up(A, AS_A).update(A, AS_A, announce(table(-1)));
    story.endOfRib(A, AS_A, Family.IPV4_UNICAST);
    story
        .state(
            A,
            AS_A,
            6,
            1,
            new StateReason(SessionCause.CONNECTION_CLOSED, "", List.of(TWO_MINUTES), ""))
        .settle();
    back(true)
        .update(A, AS_A, announce(table(100)))
        .update(A, AS_A, announce("10.0.70.128/25"))
        .update(A, AS_A, new Updates().usual(A, AS_A, 64512).nlri("10.0.40.0/24"))
        .settle();

    var family = story.queries.neighbor(A).orElseThrow().families().getFirst();
    assertThat(family.stale()).isEqualTo(1);
    assertThat(family.active()).isEqualTo(201);
    assertThat(story.rows("SELECT generation, version, count(*) FROM route GROUP BY 1, 2"))
        .containsExactly("1|1|1", "2|1|199", "2|2|1");

    story.endOfRib(A, AS_A, Family.IPV4_UNICAST).settle();
    assertThat(story.rows("SELECT prefix, reason FROM routes WHERE NOT active"))
        .containsExactly("10.0.100.0/24|not-resent-before-End-of-RIB");
    assertThat(story.rows("SELECT as_path, count(*) FROM routes WHERE active GROUP BY 1"))
        .containsExactly("64500 64511|199", "64500 64512|1");
    assertThat(story.rows("SELECT version, end_reason FROM route_history"))
        .containsExactly("1|replaced");
  }

  @Test
  void aTableThatComesBackHasTheOneThatEndedAsItsFormerVersions() throws Exception {
    story.up(A, AS_A).update(A, AS_A, announce(table(-1)));
    story.down(A, AS_A, SessionCause.CONNECTION_CLOSED).settle();
    story.up(A, AS_A).update(A, AS_A, announce(table(100)));
    story.update(A, AS_A, new Updates().withdraw("10.0.7.0/24"));
    story.down(A, AS_A, SessionCause.CONNECTION_CLOSED).settle();
    story.up(A, AS_A).update(A, AS_A, announce(table(-1))).settle();

    var neighbor = story.queries.neighbor(A).orElseThrow();
    assertThat(neighbor.active()).isEqualTo(200);
    assertThat(neighbor.inactive()).isZero();
    assertThat(story.rows("SELECT generation, version, count(*) FROM route GROUP BY 1, 2"))
        .containsExactly("3|2|1", "3|3|199");
    assertThat(
            story.rows(
                """
                SELECT h.version, h.end_reason, h.ended_at = s.down_at, count(*), count(o.id)
                FROM route r JOIN route_history h ON h.id = r.former
                  AND h.prefix_key = r.prefix_key AND h.version = r.version - 1
                LEFT JOIN route_history o ON o.id = h.previous
                  AND o.prefix_key = r.prefix_key AND o.version = h.version - 1
                JOIN session s ON s.id = h.version
                GROUP BY 1, 2, 3 ORDER BY 1, 2\
                """))
        .containsExactly("1|session-down|1|1|0", "2|session-down|1|198|198", "2|withdrawn|0|1|1");
    assertThat(story.rows("SELECT count(*), count(DISTINCT id) FROM route_history"))
        .containsExactly("399|399");
  }

  @Test
  void theyStayLongerWhereThatWasAgreedOn() throws Exception {
    away(new Kept(Family.IPV4_UNICAST, 120, 3600)).pass(Duration.ofMinutes(61));
    heartbeat().settle();
    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(2);

    story.pass(Duration.ofMinutes(2));
    heartbeat().settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("198.51.100.0/24|0|llgr-stale", "203.0.113.0/24|0|llgr-stale");
  }
}
