package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bgppeer.session.Speakers.ONE;
import static org.bgppeer.session.Speakers.TWO;
import static org.bgppeer.session.Speakers.passive;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Routers that may call from a prefix.
class NeighborRangeTest {
  private final Speakers speakers = new Speakers();
  private final Tape tape = speakers.tape;

  @AfterEach
  void closeAll() throws Exception {
    speakers.close();
  }

  private static NeighborRange range(String prefix, int most, boolean mirror, Long... as) {
    return new NeighborRange(
        Prefix.parse(prefix), Set.of(as), most, mirror, passive("range", "127.11.0.0", 1));
  }

  private Collector start(NeighborRange... ranges) throws Exception {
    return speakers.start(List.of(), List.of(ranges));
  }

  @Test
  void whoeverCallsFromThereIsANeighborWithTheAsOfItsOpen() throws Exception {
    var collector = start(range("127.11.0.0/16", 10, false));

    speakers.established(collector, ONE, ONE);

    assertThat(tape.of(ONE))
        .containsExactly("> OPEN", "< OPEN", "> KEEPALIVE", "< KEEPALIVE", "5->6");
    assertThat(tape.entries()).allMatch(entry -> entry.endpoints().peerAs() == 64500);
    assertThat(collector.status())
        .extracting(status -> status.neighbor().name())
        .containsExactly(ONE);
  }

  @Test
  void itIsForgottenWhenItsSessionEnds() throws Exception {
    var collector = start(range("127.11.0.0/16", 1, false));
    speakers.established(collector, ONE, ONE).close();
    tape.awaitChange(ONE, 2);
    tape.await("nobody", _ -> collector.status().isEmpty());

    speakers.established(collector, TWO, TWO);
  }

  @Test
  void aSecondCallWhileItsSessionIsUpLoses() throws Exception {
    var collector = start(range("127.11.0.0/16", 10, false));
    speakers.established(collector, ONE, ONE);

    var second = speakers.call(collector, ONE).open(64500, 90);

    assertThat(second.expectEnd().words()).isEqualTo("Connection Collision Resolution (6/7)");
    assertThat(collector.status()).hasSize(1);
    assertThat(collector.status().getFirst().state()).isInstanceOf(State.Established.class);
  }

  @Test
  void anotherAsThanAllowedIsRefused() throws Exception {
    var collector = start(range("127.11.0.0/16", 10, false, 64501L, 64502L));

    assertThat(speakers.call(collector, ONE).open(64500, 90).expectEnd().words())
        .isEqualTo("Bad Peer AS (2/2)");

    assertThat(tape.awaitChange(ONE, 1)).hasToString("1->1 NOT_CONFIGURED");
    assertThat(tape.changes(ONE).getFirst().text())
        .isEqualTo("127.11.0.1 (AS64500 is not allowed in 127.11.0.0/16)");
  }

  @Test
  void theNarrowestRangeCounts() throws Exception {
    var collector = start(range("127.11.0.0/16", 10, false), range("127.11.0.1/32", 10, false, 1L));

    assertThat(speakers.call(collector, ONE).open(64500, 90).expectEnd().words())
        .isEqualTo("Bad Peer AS (2/2)");
    speakers.established(collector, TWO, TWO);
  }

  @Test
  void moreThanAllowedAreRefused() throws Exception {
    var collector = start(range("127.11.0.0/16", 1, false));
    speakers.established(collector, ONE, ONE);

    assertThat(speakers.call(collector, TWO).open(64500, 90).expectEnd().words())
        .isEqualTo("Connection Rejected (6/5)");
  }

  @Test
  void whoSendsNoOpenIsSentAwayAfterTenSeconds() throws Exception {
    var collector = start(range("127.11.0.0/16", 10, false));
    var silent = speakers.call(collector, ONE);

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (silent.unread() == 0) { // the clock may be turned before the guest is there
      assertThat(System.nanoTime()).as("time for the end").isLessThan(deadline);
      speakers.clock.turn(Guest.PATIENCE);
    }

    assertThat(silent.expectEnd().words()).isEqualTo("Hold Timer Expired (4/0)");
  }

  @Test
  void ofOneAddressOnlySoManyMayHesitate() throws Exception {
    var collector = start(range("127.11.0.0/16", 10, false));
    for (int i = 0; i < 4; i++) {
      speakers.call(collector, ONE);
    }

    speakers.call(collector, ONE).expectDrop();

    speakers.established(collector, TWO, TWO);
  }

  @Test
  void inAMirrorEachIsAskedForWhatItOffers() throws Exception {
    var collector = start(range("127.11.0.0/16", 10, true));
    var peer =
        speakers
            .call(collector, ONE)
            .open(
                Open.of(
                    64500,
                    90,
                    1,
                    List.of(
                        new Capability.Multiprotocol(Family.parse("l2vpn-evpn")),
                        new Capability.Multiprotocol(Family.parse("ipv4-vpn")))));

    Open ours = peer.expect(Open.class);

    assertThat(ours.capabilities())
        .filteredOn(Capability.Multiprotocol.class::isInstance)
        .containsExactly(
            new Capability.Multiprotocol(Family.parse("l2vpn-evpn")),
            new Capability.Multiprotocol(Family.parse("ipv4-vpn")));
    peer.expect(Keepalive.class);
  }
}
