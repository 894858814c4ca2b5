package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bgppeer.session.Speakers.ONE;
import static org.bgppeer.session.Speakers.passive;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Capability.GracefulRestart;
import org.bgppeer.wire.Capability.LongLivedGracefulRestart;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Neighbors that restart gracefully: RFC 4724 §4.2, RFC 8538, RFC 9494.
class RestartsTest {
  private static final Kept TWO_MINUTES = new Kept(Family.IPV4_UNICAST, 120, 0);

  private final Speakers speakers = new Speakers();
  private final Tape tape = speakers.tape;

  @AfterEach
  void closeAll() throws Exception {
    speakers.close();
  }

  /// Both unicast families, of which IPv4 survives a restart of 120 s.
  private static Open restarting(boolean notification, Capability... more) {
    var capabilities =
        new java.util.ArrayList<Capability>(
            List.of(
                new Capability.Multiprotocol(Family.IPV4_UNICAST),
                new Capability.Multiprotocol(Family.IPV6_UNICAST),
                new GracefulRestart(
                    false,
                    notification,
                    120,
                    List.of(new GracefulRestart.Entry(Family.IPV4_UNICAST, true)))));
    capabilities.addAll(List.of(more));
    return Open.of(64500, 90, 1, capabilities);
  }

  private ScriptedPeer up(Collector collector, Open open) throws Exception {
    int before = tape.changes("one").size();
    var peer = speakers.call(collector, ONE).open(open);
    peer.expect(Open.class);
    peer.expect(Keepalive.class);
    peer.keepalive();
    tape.awaitChange("one", before + 1);
    return peer;
  }

  @Test
  void theRoutesOfTheFamilyThatSurvivesAreKeptForTheTimeThatTheNeighborSaid() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500));

    up(collector, restarting(false)).close();

    assertThat(tape.awaitChange("one", 2).kept()).containsExactly(TWO_MINUTES);
    speakers.clock.turn(Duration.ofSeconds(119));
    assertThat(tape.changes("one")).hasSize(2);
    speakers.clock.turn(Duration.ofSeconds(1));
    assertThat(tape.awaitChange("one", 3)).hasToString("1->1 RESTART_EXPIRED");
    assertThat(tape.changes("one").getLast().text()).isEqualTo("2 min");
  }

  @Test
  void ofSeveralCapabilitiesTheLastCounts() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500));
    var ipv6 =
        new GracefulRestart(
            false, false, 60, List.of(new GracefulRestart.Entry(Family.IPV6_UNICAST, true)));

    up(collector, restarting(false, ipv6)).close();

    assertThat(tape.awaitChange("one", 2).kept())
        .containsExactly(new Kept(Family.IPV6_UNICAST, 60, 0));
  }

  @Test
  void aNeighborThatIsBackInTimeIsWaitedForNoMore() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500));
    up(collector, restarting(false)).close();
    tape.awaitChange("one", 2);

    up(collector, restarting(false));
    speakers.clock.turn(Duration.ofSeconds(30));
    collector.detail("one").orElseThrow().get();

    assertThat(collector.detail("one").orElseThrow().get().kept()).isEmpty();
  }

  @Test
  void theTimeIsCutToWhatWeAllow() throws Exception {
    var shorter = new Retention(true, Duration.ofSeconds(20), Map.of());
    var collector = speakers.start(passive("one", ONE, 64500).withRetention(shorter));

    up(collector, restarting(false)).close();

    assertThat(tape.awaitChange("one", 2).kept())
        .containsExactly(new Kept(Family.IPV4_UNICAST, 20, 0));
  }

  @Test
  void afterANotificationNothingIsKeptUnlessBothSaidSo() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500));

    up(collector, restarting(false)).notification(Notification.of(Notification.CEASE, 4));
    assertThat(tape.awaitChange("one", 2).kept()).isEmpty();

    up(collector, restarting(true)).notification(Notification.of(Notification.CEASE, 4));
    assertThat(tape.awaitChange("one", 4).kept()).containsExactly(TWO_MINUTES);
  }

  @Test
  void aHardResetEndsTheRoutes() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500));
    var within = Octets.of(new byte[] {Notification.CEASE, Notification.ADMINISTRATIVE_SHUTDOWN});

    up(collector, restarting(true))
        .notification(new Notification(Notification.CEASE, Notification.HARD_RESET, within));

    assertThat(tape.awaitChange("one", 2).kept()).isEmpty();
  }

  @Test
  void aSilentNeighborsRoutesAreKeptIfBothSaidSo() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500));
    up(collector, restarting(true));

    speakers.clock.turn(Duration.ofSeconds(90));

    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 HOLD_TIMER_EXPIRED");
    assertThat(tape.changes("one").getLast().kept()).containsExactly(TWO_MINUTES);
  }

  @Test
  void withoutHelpNothingIsKeptAndTheNeighborKnows() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500).withRetention(Retention.none()));

    var peer = up(collector, restarting(true));

    assertThat(
            Open.decode(peer.heard().getFirst(), 0, peer.heard().getFirst().length)
                .capability(GracefulRestart.class))
        .isEqualTo(GracefulRestart.endOfRibOnly());
    peer.close();
    assertThat(tape.awaitChange("one", 2).kept()).isEmpty();
  }

  @Test
  void longLivedTimesFollowByFamily() throws Exception {
    var retention =
        new Retention(
            true, Duration.ofMinutes(1), Map.of(Family.IPV6_UNICAST, Duration.ofHours(1)));
    var collector = speakers.start(passive("one", ONE, 64500).withRetention(retention));
    var longLived =
        new LongLivedGracefulRestart(
            List.of(
                new LongLivedGracefulRestart.Entry(Family.IPV4_UNICAST, true, 600),
                new LongLivedGracefulRestart.Entry(Family.IPV6_UNICAST, true, 600)));

    up(collector, restarting(false, longLived)).close();

    assertThat(tape.awaitChange("one", 2).kept())
        .containsExactly(
            new Kept(Family.IPV4_UNICAST, 60, 0), new Kept(Family.IPV6_UNICAST, 0, 600));
    speakers.clock.turn(Duration.ofMinutes(1));
    assertThat(tape.awaitChange("one", 3)).hasToString("1->1 RESTART_EXPIRED");
    speakers.clock.turn(Duration.ofMinutes(9));
    assertThat(tape.awaitChange("one", 4)).hasToString("1->1 RESTART_EXPIRED");
    assertThat(collector.detail("one").orElseThrow().get().kept()).isEmpty();
  }

  @Test
  void aNewCallOfARestartedNeighborEndsTheSessionThatItLost() throws Exception {
    var collector = speakers.start(passive("one", ONE, 64500));
    up(collector, restarting(false));
    speakers.clock.turn(Duration.ofSeconds(6));

    var again = speakers.call(collector, ONE).open(restarting(false));

    again.expect(Open.class);
    again.expect(Keepalive.class);
    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 CONNECTION_RESET");
    assertThat(tape.changes("one").getLast().kept()).containsExactly(TWO_MINUTES);
  }
}
