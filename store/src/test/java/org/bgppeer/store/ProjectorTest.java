package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Kind.class)
class ProjectorTest {
  private final Kind kind;

  ProjectorTest(Kind kind) {
    this.kind = kind;
  }

  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;
  private static final String ROUTES =
      "SELECT prefix, next_hop, active, reason, as_path FROM routes ORDER BY prefix";

  @TempDir Path directory;
  private Story story;

  @BeforeEach
  void begin() throws Exception {
    story = new Story(directory, kind);
  }

  @AfterEach
  void end() throws Exception {
    story.close();
  }

  private static Updates announce(long as, String... prefixes) {
    return new Updates().usual(A, AS_A, as).nlri(prefixes);
  }

  @Test
  void anAnnouncedRouteIsActiveAndAWithdrawnOneIsNot() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24"))
        .update(A, AS_A, new Updates().withdraw("203.0.113.0/24"))
        .settle();

    assertThat(story.rows(ROUTES))
        .containsExactly(
            "198.51.100.0/24|192.0.2.1|1||64500 64511",
            "203.0.113.0/24|192.0.2.1|0|withdrawn|64500 64511");
    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(1);
    assertThat(story.queries.neighbor(A).orElseThrow().inactive()).isEqualTo(1);
  }

  @Test
  void changesBehindTheTablesDoNotWaitUntilItIsQuiet() throws Exception {
    String b = "192.0.2.2";
    for (String each : List.of(A, b)) {
      story.up(each, AS_A).update(each, AS_A, announce(64511, "198.51.100.0/24"));
      story.endOfRib(each, AS_A, Family.IPV4_UNICAST);
    }
    story
        .gather(
            new Projector.Gather(4, Duration.ofHours(1)),
            more -> {
              for (int med = 1; med <= 50; med++) {
                more.update(A, AS_A, announce(64511, "198.51.100.0/24").med(med));
                more.update(b, AS_A, announce(64511, "198.51.100.0/24").med(med));
              }
            })
        .settle();

    assertThat(story.rows("SELECT med, active FROM routes")).containsExactly("50|1", "50|1");
  }

  @Test
  void aRecordThatCannotBeReadStopsNothing() throws Exception {
    byte[] ofNoFamily = // BGP4MP_MESSAGE_AS4 of address family 4
        HexFormat.of()
            .parseHex(
                "69b8c5f0"
                    + "0010"
                    + "0004"
                    + "00000014"
                    + "0000fbf40000fbf0"
                    + "00000004"
                    + "0".repeat(16));
    story
        .up(A, AS_A)
        .append(ofNoFamily)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .append(ofNoFamily)
        .settle();

    assertThat(story.rows(ROUTES)).containsExactly("198.51.100.0/24|192.0.2.1|1||64500 64511");
  }

  @Test
  void aReplacedRouteKeepsItsFormerVersionWithTimesAndReason() throws Exception {
    story.up(A, AS_A).update(A, AS_A, announce(64511, "198.51.100.0/24"));
    var first = story.now();
    story.update(A, AS_A, announce(64512, "198.51.100.0/24"));
    var second = story.now();
    story.update(A, AS_A, announce(64512, "198.51.100.0/24")).settle();

    var history = story.queries.history(Prefix.parse("198.51.100.0/24"), 10);

    assertThat(history).hasSize(2);
    assertThat(history.getFirst().reason()).isEqualTo("replaced");
    assertThat(history.getFirst().validFrom()).isEqualTo(first);
    assertThat(history.getFirst().validTo()).isEqualTo(second);
    assertThat(history.getLast().active()).isTrue();
    assertThat(history.getLast().originAs()).isEqualTo(64512);
    assertThat(history.getLast().firstSeen()).isEqualTo(first);
    assertThat(history.getLast().lastChanged()).isEqualTo(second);
  }

  @Test
  void aTableOfWhichSomeIsKnownAlreadyIsAllThere() throws Exception {
    int[] known = IntStream.range(0, 4000).filter(i -> i % 37 == 0 || i / 200 == 7).toArray();
    story.up(A, AS_A);
    for (int i : known) {
      story.update(A, AS_A, announce(64511, prefix(i)).med(0));
    }
    story
        .gather(
            new Projector.Gather(100_000, Duration.ofHours(1)),
            more -> {
              for (int i = 0; i < 4000; i += 50) {
                String[] some =
                    IntStream.range(i, i + 50)
                        .mapToObj(ProjectorTest::prefix)
                        .toArray(String[]::new);
                more.update(A, AS_A, announce(64511, some).med(i));
              }
              more.endOfRib(A, AS_A, Family.IPV4_UNICAST);
            })
        .settle();

    assertThat(story.rows("SELECT prefix, med FROM routes WHERE active"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 4000).mapToObj(i -> prefix(i) + "|" + i / 50 * 50).toList());
    long replaced = Arrays.stream(known).filter(i -> i >= 50).count(); // med 0 came again
    assertThat(story.rows("SELECT count(*) FROM route WHERE version = 2"))
        .containsExactly(Long.toString(replaced));
    assertThat(story.rows("SELECT count(DISTINCT prefix_key), min(version) FROM route_history"))
        .containsExactly(replaced + "|1");
    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(4000);
  }

  @Test
  void routesKnowWhenTheyCameWhetherTheirSetCameWithThemOrNot() throws Exception {
    story.up(A, AS_A);
    story
        .gather(
            new Projector.Gather(100_000, Duration.ofHours(1)),
            more -> {
              for (int i = 0; i < 80; i++) { // the sets of the first 40 come again
                int first = i;
                String[] some =
                    IntStream.range(0, 50)
                        .mapToObj(k -> prefix(first + 80 * k))
                        .toArray(String[]::new);
                more.update(A, AS_A, announce(64511, some).med(i % 40));
              }
              more.endOfRib(A, AS_A, Family.IPV4_UNICAST);
            })
        .settle();

    assertThat(
            story.rows(
                """
                SELECT count(*), count(DISTINCT a.id), count(*) FILTER (WHERE r.packet IS NULL)
                FROM route r JOIN path_attributes a ON a.id = r.attributes_id\
                """))
        .containsExactly("4000|40|2000");
    assertThat(
            story.rows(
                """
                SELECT count(*), min(a.med), max(a.med) FROM route r
                JOIN path_attributes a ON a.id = r.attributes_id
                GROUP BY coalesce(r.packet, a.first_packet)
                ORDER BY coalesce(r.packet, a.first_packet)\
                """))
        .isEqualTo(IntStream.range(0, 80).mapToObj(i -> "50|" + i % 40 + "|" + i % 40).toList());
    assertThat(story.rows("SELECT sum(announced), sum(withdrawn) FROM tally WHERE neighbor_id > 0"))
        .containsExactly("4000|0");
    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(4000);
  }

  private static String prefix(int i) {
    return "10." + i / 256 + "." + i % 256 + ".0/24";
  }

  @Test
  void theEndOfASessionWritesARowAFamilyAndNoRoute() throws Exception {
    var update = new Updates().usual(A, AS_A, 64511);
    IntStream.range(0, 500).forEach(i -> update.nlri(prefix(i)));
    story.up(A, AS_A).update(A, AS_A, update).settle();
    var before = story.rows("SELECT prefix_key, generation, ended_at FROM route");
    story
        .notification(
            A, AS_A, false, Notification.shutdown(Notification.ADMINISTRATIVE_SHUTDOWN, "bye"))
        .down(A, AS_A, SessionCause.NOTIFICATION_RECEIVED)
        .settle();

    assertThat(story.rows("SELECT prefix_key, generation, ended_at FROM route")).isEqualTo(before);
    assertThat(story.rows("SELECT count(*), count(*) FILTER (WHERE active) FROM routes"))
        .containsExactly("500|0");
    assertThat(story.rows("SELECT DISTINCT reason FROM routes")).containsExactly("session-down");
    assertThat(story.rows("SELECT count(*) FROM generation_end")).containsExactly("1");
    var neighbor = story.queries.neighbor(A).orElseThrow();
    assertThat(neighbor.state()).isEqualTo(SessionState.DOWN);
    assertThat(neighbor.why()).contains("bye").contains("(6/2)");
    assertThat(neighbor.inactive()).isEqualTo(500);
  }

  @Test
  void aConnectionThatWinsAgainstTheSessionBringsItsOwnOpens() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .opens(A, AS_A, new Capability.GracefulRestart(false, true, 9, List.of()))
        .restartProjector()
        .down(A, AS_A, SessionCause.COLLISION)
        .state(A, AS_A, 5, 6, null)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .settle();

    assertThat(
            story.rows(
                "SELECT generation, open_received IS NOT NULL, length(open_received) >"
                    + " (SELECT length(open_received) FROM session WHERE generation = 1)"
                    + " FROM session ORDER BY generation"))
        .containsExactly("1|1|0", "2|1|1");
    assertThat(story.rows(ROUTES)).containsExactly("198.51.100.0/24|192.0.2.1|1||64500 64511");
  }

  @Test
  void aRouteThatComesBackIsActiveAgainFirstSeenUnchanged() throws Exception {
    story.up(A, AS_A).update(A, AS_A, announce(64511, "198.51.100.0/24"));
    var first = story.now();
    story
        .down(A, AS_A, SessionCause.CONNECTION_CLOSED)
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .settle();

    var history = story.queries.history(Prefix.parse("198.51.100.0/24"), 10);

    assertThat(history).extracting(RouteRow::active).containsExactly(false, true);
    assertThat(history.getFirst().reason()).isEqualTo("session-down");
    assertThat(history.getLast().firstSeen()).isEqualTo(first);
  }

  @Test
  void afterOurRestartRoutesStayUntilEndOfRibAndWhatWasNotSentAgainEndsInferred() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .down(A, AS_A, SessionCause.COLLECTOR_CRASHED)
        .settle();
    assertThat(story.rows(ROUTES)).allMatch(row -> row.contains("|1|"));
    assertThat(story.queries.neighbor(A).orElseThrow().state()).isEqualTo(SessionState.STALE);

    story.up(A, AS_A).update(A, AS_A, announce(64511, "198.51.100.0/24")).settle();
    assertThat(story.rows(ROUTES)).allMatch(row -> row.contains("|1|"));
    assertThat(story.queries.neighbor(A).orElseThrow().families().getFirst().stale()).isEqualTo(1);

    story.endOfRib(A, AS_A, Family.IPV4_UNICAST).settle();
    assertThat(story.rows(ROUTES))
        .containsExactly(
            "198.51.100.0/24|192.0.2.1|1||64500 64511",
            "203.0.113.0/24|192.0.2.1|0|not-resent-before-End-of-RIB|64500 64511");
    assertThat(story.rows("SELECT count(*) FROM route_history")).containsExactly("0");
  }

  @Test
  void aSessionWhoseConnectionLosesToAnotherTakesNoRouteWithIt() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .down(A, AS_A, SessionCause.COLLECTOR_CRASHED)
        .up(A, AS_A)
        .down(A, AS_A, SessionCause.COLLISION)
        .settle();
    assertThat(story.rows(ROUTES)).allMatch(row -> row.contains("|1|"));
    assertThat(story.queries.neighbor(A).orElseThrow().state()).isEqualTo(SessionState.STALE);
    assertThat(story.queries.neighbors(story.now()).getFirst().state())
        .isEqualTo(SessionState.STALE);

    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .settle();
    assertThat(story.rows(ROUTES))
        .containsExactly(
            "198.51.100.0/24|192.0.2.1|1||64500 64511",
            "203.0.113.0/24|192.0.2.1|0|not-resent-before-End-of-RIB|64500 64511");
  }

  @Test
  void aConnectionThatIsLostBeforeItBroughtAnythingTakesNoStaleRouteWithIt() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .down(A, AS_A, SessionCause.COLLECTOR_CRASHED)
        .up(A, AS_A)
        .restartProjector()
        .down(A, AS_A, SessionCause.CONNECTION_CLOSED)
        .settle();
    assertThat(story.rows(ROUTES)).allMatch(row -> row.contains("|1|"));
    var waiting = story.queries.neighbor(A).orElseThrow();
    assertThat(waiting.state()).isEqualTo(SessionState.STALE);
    assertThat(waiting.why()).contains("before it brought anything");
    assertThat(story.queries.neighbors(story.now()).getFirst().state())
        .isEqualTo(SessionState.STALE);

    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .down(A, AS_A, SessionCause.CONNECTION_CLOSED)
        .settle();
    assertThat(story.rows(ROUTES)).allMatch(row -> row.contains("|0|session-down"));
    assertThat(story.queries.neighbor(A).orElseThrow().state()).isEqualTo(SessionState.DOWN);
  }

  @Test
  void connectionsThatBringNothingDoNotKeepStaleRoutesForEver() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .down(A, AS_A, SessionCause.COLLECTOR_CRASHED);
    for (int i = 0; i < 5; i++) {
      story
          .pass(Duration.ofSeconds(100))
          .up(A, AS_A)
          .down(A, AS_A, SessionCause.CONNECTION_RESET)
          .settle();
      assertThat(story.rows(ROUTES)).allMatch(row -> row.contains("|1|"));
    }
    story
        .pass(Duration.ofSeconds(201))
        .up(A, AS_A)
        .down(A, AS_A, SessionCause.CONNECTION_RESET)
        .settle();
    assertThat(story.rows(ROUTES)).allMatch(row -> row.contains("|0|session-down"));
  }

  @Test
  void aNeighborThatNeverSendsEndOfRibIsSweptAtTheFirstKeepaliveAfterQuiet() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24"))
        .down(A, AS_A, SessionCause.COLLECTOR_STOPPED)
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .message(A, AS_A, false, new Keepalive().encode())
        .settle();
    assertThat(story.rows("SELECT count(*) FILTER (WHERE active) FROM routes"))
        .containsExactly("2");

    story.pass(Duration.ofSeconds(61)).message(A, AS_A, false, new Keepalive().encode()).settle();

    assertThat(story.rows("SELECT count(*) FILTER (WHERE active) FROM routes"))
        .containsExactly("1");
  }

  @Test
  void staleRoutesOfANeighborThatDoesNotComeBackAreGivenUp() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .down(A, AS_A, SessionCause.COLLECTOR_CRASHED)
        .up("192.0.2.2", 64501)
        .pass(Duration.ofMinutes(11))
        .message("192.0.2.2", 64501, false, new Keepalive().encode())
        .settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("198.51.100.0/24|192.0.2.1|0|session-down|64500 64511");
    assertThat(story.queries.neighbor(A).orElseThrow().state()).isEqualTo(SessionState.DOWN);
  }

  @Test
  void aMalformedAttributeEndsTheRoutesItCameWithAndTheFindingIsKept() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .update(
            A, AS_A, new Updates().origin(9).asPath(AS_A, 64511).nextHop(A).nlri("198.51.100.0/24"))
        .settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("198.51.100.0/24|192.0.2.1|0|treat-as-withdraw|64500 64511");
    var packets =
        story.queries.packets(new PacketQuery(null, null, true, null, null, null, null, 10));
    assertThat(packets).hasSize(1);
    assertThat(packets.getFirst().finding()).contains("ORIGIN").contains("7606");
    assertThat(story.queries.packet(packets.getFirst().id())).isPresent();
  }

  @Test
  void allRoutesOfAMalformedUpdateEndWhereverTheyStand() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/25"))
        .update(
            A,
            AS_A,
            new Updates()
                .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48")
                .origin(0)
                .asPath(AS_A, 64511))
        .update(
            A,
            AS_A,
            new Updates()
                .withdraw("192.0.2.0/25")
                .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48")
                .usual(A, AS_A, 64511)
                .attribute(0xc0, 8, "00")
                .nlri("198.51.100.0/24"))
        .settle();

    assertThat(story.rows("SELECT prefix, active, reason FROM routes ORDER BY prefix"))
        .containsExactly(
            "192.0.2.0/25|0|withdrawn",
            "198.51.100.0/24|0|treat-as-withdraw",
            "2001:db8:1::/48|0|treat-as-withdraw",
            "203.0.113.0/24|1|");
  }

  @Test
  void aDiscardedAttributeIsMissingFromARouteThatStays() throws Exception {
    story
        .up(A, AS_A)
        .update(
            A,
            AS_A,
            announce(64511, "198.51.100.0/24")
                .localPref(100) // from an external neighbor
                .attribute(0xc0, 7, "0000fbf4 c0") // too short
                .med(7))
        .settle();

    assertThat(story.rows("SELECT prefix, active, med, local_pref FROM routes"))
        .containsExactly("198.51.100.0/24|1|7|");
    assertThat(story.rows("SELECT handling, reason FROM finding"))
        .containsExactly(
            "ATTRIBUTE_DISCARD|"
                + "LOCAL_PREF: from an external neighbor; attribute-discard (RFC 7606 7.5)",
            "ATTRIBUTE_DISCARD|AGGREGATOR: length 5 is not 8; attribute-discard (RFC 7606 7.7)");
  }

  @Test
  void aFindingWithoutConsequenceIsKeptAndTheRouteStays() throws Exception {
    story
        .up(A, AS_A)
        .update(
            A,
            AS_A,
            new Updates()
                .origin(0)
                .attribute(0x40, 2, "0201 0000fbf4 0101 0000fbf5")
                .nextHop(A)
                .nlri("198.51.100.0/24"))
        .settle();

    assertThat(story.rows(ROUTES)).containsExactly("198.51.100.0/24|192.0.2.1|1||64500 {64501}");
    assertThat(story.rows("SELECT handling FROM finding")).containsExactly("NONE");
  }

  @Test
  void nothingOfAnUpdateThatResetsTheSessionIsTaken() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .update(
            A, AS_A, announce(64512, "203.0.113.0/24").withdraw("198.51.100.0/24").rawNlri("18"))
        .settle();

    assertThat(story.rows(ROUTES)).containsExactly("198.51.100.0/24|192.0.2.1|1||64500 64511");
    assertThat(story.rows("SELECT handling FROM finding")).containsExactly("SESSION_RESET");
  }

  @Test
  void aRouteInBothFieldsIsAnnounced() throws Exception {
    story
        .up(A, AS_A)
        .update(A, AS_A, announce(64511, "198.51.100.0/24"))
        .update(A, AS_A, announce(64512, "198.51.100.0/24").withdraw("198.51.100.0/24"))
        .settle();

    assertThat(story.rows(ROUTES)).containsExactly("198.51.100.0/24|192.0.2.1|1||64500 64512");
  }

  @Test
  void aRouteThatWasLeakedIsAFindingAndStaysActive() throws Exception {
    story.up(A, AS_A, new Capability.BgpRole(4)).restartProjector(); // peers
    story.update(
        A,
        AS_A,
        new Updates().usual(A, AS_A, 64511).attribute(0xc0, 35, "0000fde7").nlri("10.0.0.0/8"));
    story.update(
        A,
        AS_A,
        new Updates()
            .usual(A, AS_A, 64511)
            .attribute(0xc0, 35, "%08x".formatted(AS_A))
            .nlri("11.0.0.0/8"));
    story.settle();

    assertThat(story.rows("SELECT handling, reason FROM finding"))
        .containsExactly(
            "NONE|ONLY_TO_CUSTOMER: a route leak: AS64999 gave it to customers only, and it comes"
                + " from a peer of AS64500; kept (RFC 9234 5)");
    assertThat(story.rows("SELECT prefix FROM routes WHERE active"))
        .containsExactly("10.0.0.0/8", "11.0.0.0/8");
  }

  @Test
  void findingsAreCountedByPacketForEachNeighborSinceAMoment() throws Exception {
    var wrong = new Updates().origin(9).asPath(AS_A, 64511).nextHop(A).nlri("198.51.100.0/24");
    story.up(A, AS_A).up("192.0.2.2", 64501).update(A, AS_A, wrong).pass(Duration.ofHours(2));
    Instant between = story.now();
    story
        .pass(Duration.ofSeconds(1))
        .update(A, AS_A, wrong)
        .update(A, AS_A, wrong)
        .update("192.0.2.2", 64501, announce(64511, "198.51.100.0/24"))
        .settle();

    var findings = story.queries.findings(between);

    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().packets()).isEqualTo(2);
    assertThat(findings.getFirst().reason()).contains("ORIGIN");
    assertThat(story.queries.packet(findings.getFirst().packet()).orElseThrow().at())
        .isEqualTo(findings.getFirst().at())
        .isAfter(between);
    assertThat(story.queries.findings(Instant.EPOCH).getFirst().packets()).isEqualTo(3);
    assertThat(story.queries.findings(between.plus(Duration.ofHours(1)))).isEmpty();
  }

  @Test
  void aTableLoadedInBulkThenSentAgainCountsExactly() throws Exception {
    story.up(A, AS_A);
    for (int round = 0; round < 2; round++) {
      for (int block = 0; block < 40; block++) {
        var update = new Updates().usual(A, AS_A, 65000 + round);
        for (int i = 0; i < 100; i++) {
          update.nlri("10." + block + "." + i + ".0/24");
        }
        story.update(A, AS_A, update);
      }
    }
    story.settle();

    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(4000);
    assertThat(
            story.rows(
                "SELECT count(*), count(*) FILTER (WHERE active), count(DISTINCT origin_as) FROM"
                    + " routes"))
        .containsExactly("4000|4000|1");
    assertThat(story.rows("SELECT count(*) FROM route_history")).containsExactly("4000");
  }

  @Test
  void aProjectorThatBeginsAgainGoesOnWhereTheDatabaseIs() throws Exception {
    story.up(A, AS_A).update(A, AS_A, announce(64511, "198.51.100.0/24"));
    story.restartProjector();
    story
        .update(A, AS_A, new Updates().withdraw("198.51.100.0/24"))
        .update(A, AS_A, announce(64511, "203.0.113.0/24"));
    story.restartProjector().settle();

    assertThat(story.rows(ROUTES))
        .containsExactly(
            "198.51.100.0/24|192.0.2.1|0|withdrawn|64500 64511",
            "203.0.113.0/24|192.0.2.1|1||64500 64511");
    assertThat(story.rows("SELECT count(*) FROM session")).containsExactly("1");
  }

  @Test
  void failedAttemptsThatTellTheSameStoryAreOneRow() throws Exception {
    for (int i = 0; i < 3; i++) {
      story.state(
          A,
          AS_A,
          2,
          1,
          new org.bgppeer.wire.StateReason(SessionCause.CONNECTION_REFUSED, "transit", A));
    }
    story.settle();

    var events = story.queries.events(null, null, 10);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().times()).isEqualTo(3);
    assertThat(events.getFirst().why()).isEqualTo("192.0.2.1 refuses the connection.");
    assertThat(story.queries.neighbor("transit").orElseThrow().state())
        .isEqualTo(SessionState.CONNECTING);
  }

  @Test
  void aStrangerWhoWasToldToGoIsNoNeighbor() throws Exception {
    story
        .notification("198.51.100.99", 0, true, Notification.of(6, 5))
        .state(
            "198.51.100.99",
            0,
            1,
            1,
            new StateReason(SessionCause.NOT_CONFIGURED, "", "198.51.100.99"))
        .settle();

    assertThat(story.rows("SELECT name FROM neighbor")).isEmpty();
    assertThat(story.rows("SELECT kind, address FROM event"))
        .containsExactly("rejected|198.51.100.99");
  }

  @Test
  void theViewWritesIpv6AsThePrefixDoes() throws Exception {
    String[] prefixes = {
      "::/0",
      "2001:db8::/32",
      "2001:db8:0:1::/64",
      "2001:db8:0:1:1:1:1:1/128",
      "1:0:0:2::/64",
      "fe80::1/128",
      "1:2:3:4:5:6:7:0/112",
      "0:1::/32",
      "a::b/128"
    };
    story
        .up(A, AS_A)
        .update(
            A,
            AS_A,
            new Updates()
                .origin(0)
                .asPath(AS_A)
                .mpReach(Family.IPV6_UNICAST, "2001:db8::1", prefixes))
        .settle();

    assertThat(story.rows("SELECT prefix FROM routes"))
        .containsExactlyInAnyOrder(
            java.util.Arrays.stream(prefixes)
                .map(text -> Prefix.parse(text).toString())
                .toArray(String[]::new));
  }
}
