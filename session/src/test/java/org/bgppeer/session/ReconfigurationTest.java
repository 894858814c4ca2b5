package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bgppeer.session.Speakers.ONE;
import static org.bgppeer.session.Speakers.TWO;
import static org.bgppeer.session.Speakers.ip;
import static org.bgppeer.session.Speakers.passive;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A configuration that changes while sessions are up.
class ReconfigurationTest {
  private static final NeighborConfig FIRST = passive("one", ONE, 64500);
  private static final NeighborConfig SECOND = passive("two", TWO, 64500);

  private final Speakers speakers = new Speakers();
  private final Tape tape = speakers.tape;
  private final LocalConfig local = Speakers.local();

  @AfterEach
  void closeAll() throws Exception {
    speakers.close();
  }

  private Collector start(NeighborConfig... neighbors) throws Exception {
    return speakers.start(local, List.of(neighbors), List.of());
  }

  @Test
  void aNewNeighborComesUpAndTheOthersDoNotNotice() throws Exception {
    var collector = start(FIRST);
    speakers.established(collector, ONE, "one");

    var applied = collector.apply(local, List.of(FIRST, SECOND), List.of());

    assertThat(applied)
        .isEqualTo(new Collector.Applied(List.of("two"), List.of(), List.of(), List.of(), 1));
    speakers.established(collector, TWO, "two");
    assertThat(tape.changes("one")).hasSize(1);
  }

  @Test
  void aNeighborThatIsNoMoreIsToldAndRefused() throws Exception {
    var collector = start(FIRST, SECOND);
    var peer = speakers.established(collector, ONE, "one");
    speakers.established(collector, TWO, "two");

    var applied = collector.apply(local, List.of(SECOND), List.of());

    assertThat(applied.removed()).containsExactly("one");
    assertThat(peer.expectEnd().words()).isEqualTo("Peer De-configured (6/3)");
    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 ADMINISTRATIVE");
    assertThat(tape.changes("one").getLast().text()).isEqualTo("removed");
    assertThat(speakers.call(collector, ONE).expectEnd().words())
        .isEqualTo("Connection Rejected (6/5)");
    assertThat(tape.changes("two")).hasSize(1);
  }

  @Test
  void aChangedNeighborBeginsAnew() throws Exception {
    var collector = start(FIRST, SECOND);
    var peer = speakers.established(collector, ONE, "one");
    speakers.established(collector, TWO, "two");

    var applied =
        collector.apply(
            local, List.of(FIRST.withHoldTime(Duration.ofSeconds(30)), SECOND), List.of());

    assertThat(applied.reset()).containsExactly("one");
    assertThat(peer.expectEnd().words()).isEqualTo("Other Configuration Change (6/6)");
    assertThat(tape.awaitChange("one", 2)).hasToString("6->1 ADMINISTRATIVE");
    speakers.established(collector, ONE, "one");
    assertThat(tape.changes("two")).hasSize(1);
  }

  @Test
  void anotherLimitChangesNoSession() throws Exception {
    var collector = start(FIRST);
    var peer = speakers.established(collector, ONE, "one");
    var limit = new PrefixLimit(1, PrefixLimit.Action.TEAR_DOWN, 0, Duration.ofMinutes(1));

    var applied =
        collector.apply(
            local, List.of(FIRST.withLimits(Map.of(Family.IPV4_UNICAST, limit))), List.of());

    assertThat(applied.changed()).containsExactly("one");
    assertThat(tape.changes("one")).hasSize(1);
    collector.counted("one", Family.IPV4_UNICAST, 2);
    assertThat(peer.expectEnd().words()).isEqualTo("Maximum Number of Prefixes Reached (6/1)");
  }

  @Test
  void ofAnAddressThatCannotBeListenedOnNothingChanges() throws Exception {
    var collector = start(FIRST);
    var peer = speakers.established(collector, ONE, "one");
    var elsewhere =
        local.withListen(
            List.of(local.listen().getFirst(), new InetSocketAddress(ip("192.0.2.123"), 17911)));

    assertThatThrownBy(() -> collector.apply(elsewhere, List.of(), List.of()))
        .isInstanceOf(ListenException.class);

    peer.announce("192.0.2.0/24");
    tape.await("the UPDATE", all -> tape.of("one").contains("< UPDATE"));
    assertThat(tape.changes("one")).hasSize(1);
    assertThat(collector.listening()).hasSize(1);
  }

  @Test
  void anotherListenerIsOpenedAndTheOldOneClosed() throws Exception {
    var collector = start(FIRST);
    var peer = speakers.established(collector, ONE, "one");
    var before = collector.listening().getFirst();

    collector.apply(
        local.withListen(List.of(new InetSocketAddress(ip("127.11.0.101"), 0))),
        List.of(FIRST, SECOND),
        List.of());

    assertThat(collector.listening().getFirst().getAddress()).isEqualTo(ip("127.11.0.101"));
    assertThatThrownBy(() -> ScriptedPeer.dial(before, TWO))
        .isInstanceOf(java.net.ConnectException.class);
    speakers.established(collector, TWO, "two");
    peer.announce("192.0.2.0/24");
    tape.await("the UPDATE", all -> tape.of("one").contains("< UPDATE"));
  }

  @Test
  void anotherIdentifierBeginsAllAnew() throws Exception {
    var collector = start(FIRST);
    var peer = speakers.established(collector, ONE, "one");

    collector.apply(LocalConfig.of(Speakers.OUR_AS, 7, local.listen()), List.of(FIRST), List.of());

    peer.expectEnd();
    assertThat(speakers.call(collector, ONE).expect(Open.class).bgpIdentifier()).isEqualTo(7);
  }

  @Test
  void whoCallsWhileTheOldSessionIsStillEndingIsHeardThen() throws Exception {
    var collector = start(FIRST);
    speakers.established(collector, ONE, "one");
    var over = new CountDownLatch(1);
    tape.holdEnds(over);

    collector.apply(local, List.of(FIRST.withHoldTime(Duration.ofSeconds(30))), List.of());
    var again = speakers.call(collector, ONE).open(64500, 90);
    over.countDown();

    assertThat(again.expect(Open.class).holdTimeSeconds()).isEqualTo(30);
  }

  @Test
  void aRangeComesAndGoes() throws Exception {
    var collector = start(FIRST);
    var range = new NeighborRange(Prefix.parse("127.11.0.0/16"), Set.of(), 5, false, FIRST);
    collector.apply(local, List.of(FIRST), List.of(range));
    var peer = speakers.established(collector, TWO, TWO);

    collector.apply(local, List.of(FIRST), List.of(range));
    assertThat(tape.changes(TWO)).hasSize(1);
    collector.apply(local, List.of(FIRST), List.of());

    assertThat(peer.expectEnd().words()).isEqualTo("Other Configuration Change (6/6)");
    assertThat(speakers.call(collector, TWO).expectEnd().words())
        .isEqualTo("Connection Rejected (6/5)");
  }
}
