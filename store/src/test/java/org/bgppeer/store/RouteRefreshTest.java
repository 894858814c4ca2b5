package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A neighbor sends its routes again within the session (RFC 7313), wherever the projector was
/// interrupted.
@ParameterizedClass
@EnumSource(Kind.class)
class RouteRefreshTest {
  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;
  private static final String ROUTES =
      "SELECT prefix, active, reason FROM routes ORDER BY family, prefix";
  private static final String COUNTS =
      "SELECT family, active, stale, inactive FROM neighbor_family WHERE active + inactive > 0"
          + " ORDER BY family";

  private final Kind kind;
  @TempDir Path directory;
  private Story story;

  RouteRefreshTest(Kind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void begin() throws Exception {
    story = new Story(directory, kind).restless();
  }

  @AfterEach
  void end() throws Exception {
    story.close();
  }

  private static Updates announce(String... prefixes) {
    return new Updates().usual(A, AS_A, 64511).nlri(prefixes);
  }

  private Story up(Capability... more) {
    story.up(A, AS_A, more);
    return story
        .update(A, AS_A, announce("10.0.0.0/8", "198.51.100.0/24", "203.0.113.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST);
  }

  private void says(int subtype) {
    var message = new RouteRefresh(Family.IPV4_UNICAST, subtype, Octets.EMPTY);
    story.message(A, AS_A, false, message.encode());
  }

  @Test
  void whatIsNotSentAgainIsGoneWhenItSaysThatItHasSentAll() throws Exception {
    up(new Capability.EnhancedRouteRefresh());
    says(RouteRefresh.BEGIN);
    story.update(A, AS_A, announce("198.51.100.0/24"));
    story.update(A, AS_A, new Updates().withdraw("10.0.0.0/8")).settle();

    assertThat(story.rows(COUNTS)).as("meanwhile").containsExactly("257|2|1|1");
    assertThat(story.queries.routes(RouteQuery.all(9)).routes())
        .filteredOn(RouteRow::stale)
        .extracting(RouteRow::prefix)
        .containsExactly("203.0.113.0/24");

    says(RouteRefresh.END);
    story.update(A, AS_A, announce("192.0.2.0/24")).settle();

    assertThat(story.rows(ROUTES))
        .containsExactly(
            "10.0.0.0/8|0|withdrawn",
            "192.0.2.0/24|1|",
            "198.51.100.0/24|1|",
            "203.0.113.0/24|0|not-resent-in-refresh");
    assertThat(story.rows(COUNTS)).containsExactly("257|2|0|2");
    assertThat(story.rows("SELECT count(*) FROM route_history"))
        .as("sent again as it was is no new version")
        .containsExactly("0");
    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(2);
  }

  @Test
  void theRoutesOfOtherFamiliesDoNotNotice() throws Exception {
    story.up(A, AS_A, new Capability.EnhancedRouteRefresh());
    var six =
        new Updates()
            .origin(0)
            .asPath(AS_A)
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8::/32");
    story.update(A, AS_A, six).update(A, AS_A, announce("10.0.0.0/8"));
    says(RouteRefresh.BEGIN);
    says(RouteRefresh.END);
    story.settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("10.0.0.0/8|0|not-resent-in-refresh", "2001:db8::/32|1|");
    assertThat(story.rows(COUNTS)).containsExactly("257|0|0|1", "513|1|0|0");

    story.down(A, AS_A, SessionCause.CONNECTION_CLOSED).settle();

    assertThat(story.rows(COUNTS)).containsExactly("257|0|0|1", "513|0|0|1");
  }

  @Test
  void aSessionThatEndsInTheMiddleEndsAllAndTheNextBeginsAnew() throws Exception {
    up(new Capability.EnhancedRouteRefresh());
    says(RouteRefresh.BEGIN);
    story
        .update(A, AS_A, announce("198.51.100.0/24"))
        .down(A, AS_A, SessionCause.CONNECTION_CLOSED)
        .settle();

    assertThat(story.rows(COUNTS)).containsExactly("257|0|0|3");
    assertThat(story.queries.routes(RouteQuery.all(9)).routes())
        .extracting(RouteRow::why)
        .containsOnly("Connection dropped, no reason given.");

    up(new Capability.EnhancedRouteRefresh());
    says(RouteRefresh.END); // of nothing that began
    story.settle();

    assertThat(story.rows(ROUTES))
        .containsExactly("10.0.0.0/8|1|", "198.51.100.0/24|1|", "203.0.113.0/24|1|");
    assertThat(story.rows(COUNTS)).containsExactly("257|3|0|0");
  }

  @Test
  void ourOwnRestartInTheMiddleKeepsAllUntilItIsSentAgain() throws Exception {
    up(new Capability.EnhancedRouteRefresh());
    says(RouteRefresh.BEGIN);
    story
        .update(A, AS_A, announce("198.51.100.0/24"))
        .down(A, AS_A, SessionCause.COLLECTOR_CRASHED)
        .settle();

    assertThat(story.rows(COUNTS)).containsExactly("257|3|3|0");

    story
        .up(A, AS_A, new Capability.EnhancedRouteRefresh())
        .update(A, AS_A, announce("198.51.100.0/24", "10.0.0.0/8"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .settle();

    assertThat(story.rows(ROUTES))
        .containsExactly(
            "10.0.0.0/8|1|", "198.51.100.0/24|1|", "203.0.113.0/24|0|not-resent-before-End-of-RIB");
    assertThat(story.rows(COUNTS)).containsExactly("257|2|0|1");
  }

  @Test
  void whoBeginsTwiceMustSendAllSinceTheSecond() throws Exception {
    up(new Capability.EnhancedRouteRefresh());
    says(RouteRefresh.BEGIN);
    story.update(A, AS_A, announce("198.51.100.0/24"));
    says(RouteRefresh.BEGIN);
    story.update(A, AS_A, announce("10.0.0.0/8"));
    says(RouteRefresh.END);
    story.settle();

    assertThat(story.rows(ROUTES))
        .containsExactly(
            "10.0.0.0/8|1|",
            "198.51.100.0/24|0|not-resent-in-refresh",
            "203.0.113.0/24|0|not-resent-in-refresh");
  }

  @Test
  void whoNeverEndsIsTakenToHaveEndedAfterHalfAnHour() throws Exception {
    byte[] keepalive = new Keepalive().encode();
    up(new Capability.EnhancedRouteRefresh());
    says(RouteRefresh.BEGIN);
    story
        .update(A, AS_A, announce("198.51.100.0/24"))
        .pass(Duration.ofMinutes(29))
        .message(A, AS_A, false, keepalive)
        .settle();

    assertThat(story.rows(COUNTS)).containsExactly("257|3|2|0");

    story.pass(Duration.ofMinutes(1)).message(A, AS_A, false, keepalive).settle();

    assertThat(story.rows(COUNTS)).containsExactly("257|1|0|2");
  }

  @Test
  void whoDidNotSayThatItCanIsNotBelieved() throws Exception {
    up();
    says(RouteRefresh.BEGIN);
    says(RouteRefresh.END);
    story.settle();

    assertThat(story.rows(COUNTS)).containsExactly("257|3|0|0");
  }

  @Test
  void aBeginningBeforeTheEndOfRibIsNone() throws Exception {
    story.up(
        A,
        AS_A,
        new Capability.EnhancedRouteRefresh(),
        new Capability.GracefulRestart(false, false, 0, List.of()));
    story.update(A, AS_A, announce("10.0.0.0/8"));
    says(RouteRefresh.BEGIN);
    story.update(A, AS_A, announce("198.51.100.0/24"));
    says(RouteRefresh.END);
    story.settle();

    assertThat(story.rows(COUNTS)).containsExactly("257|2|0|0");
  }
}
