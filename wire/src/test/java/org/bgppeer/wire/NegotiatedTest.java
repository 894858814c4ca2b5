package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegotiatedTest {
  private static final Capability V4 = new Capability.Multiprotocol(Family.IPV4_UNICAST);
  private static final Capability V6 = new Capability.Multiprotocol(Family.IPV6_UNICAST);

  @Test
  void familiesAreThoseOfBoth() {
    assertThat(agreed(open(V4, V6), open(V6)).families()).containsExactly(Family.IPV6_UNICAST);
    assertThat(agreed(open(V6), open(V4)).families()).isEmpty();
  }

  @Test
  void whoOffersNoneHasIpv4Unicast() { // RFC 4760 §8
    assertThat(agreed(open(V4, V6), open()).families()).containsExactly(Family.IPV4_UNICAST);
    assertThat(agreed(open(V6), open()).families()).isEmpty();
  }

  @Test
  void fourOctetsNeedBoth() { // RFC 6793 §4.1
    var wide = new Capability.FourOctetAs(64500);

    assertThat(agreed(open(wide), open(wide)).as4()).isTrue();
    assertThat(agreed(open(wide), open()).as4()).isFalse();
    assertThat(agreed(open(), open(wide)).context()).isEqualTo(DecodeContext.AS2.withIbgp(true));
  }

  @ParameterizedTest
  @CsvSource({"90, 180, 90", "180, 90, 90", "90, 0, 0", "0, 90, 0"})
  void theLowerHoldTimeIsTaken(int ours, int theirs, int taken) { // RFC 4271 §4.2
    var negotiated =
        Negotiated.of(Open.of(1, ours, 1, List.of()), Open.of(2, theirs, 2, List.of()));

    assertThat(negotiated.holdTime()).isEqualTo(Duration.ofSeconds(taken));
  }

  @ParameterizedTest
  @CsvSource({
    // we, they, path identifiers come: RFC 7911 §4
    "1, 2, true",
    "1, 3, true",
    "3, 3, true",
    "1, 1, false",
    "2, 3, false",
  })
  void pathIdentifiersComeIfWeReceiveAndTheySend(int ours, int theirs, boolean come) {
    var negotiated = agreed(open(V4, addPath(ours)), open(V4, addPath(theirs)));

    assertThat(negotiated.context().hasPathIds(Family.IPV4_UNICAST)).isEqualTo(come);
    assertThat(agreed(open(V4, addPath(ours)), open(V6, addPath(theirs))).addPathReceive())
        .isEmpty();
  }

  @Test
  void severalCapabilitiesOfPathIdentifiersCountTogether() {
    var v6 = new Capability.AddPath(List.of(new Capability.AddPath.Entry(Family.IPV6_UNICAST, 2)));
    var theirs = open(V4, V6, addPath(2), v6, addPath(1));
    var ours =
        new Capability.AddPath(
            List.of(
                new Capability.AddPath.Entry(Family.IPV4_UNICAST, 1),
                new Capability.AddPath.Entry(Family.IPV6_UNICAST, 1)));

    assertThat(agreed(open(V4, V6, ours), theirs).addPathReceive())
        .containsExactlyInAnyOrder(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
    assertThat(Negotiated.addPath(theirs))
        .hasToString("[ipv4-unicast send and receive, ipv6-unicast send]");
  }

  @Test
  void longMessagesComeIfWeSaidThatWeTakeThem() { // RFC 8654 §4
    var extended = new Capability.ExtendedMessage();

    assertThat(agreed(open(extended), open()).maxLength()).isEqualTo(65535);
    assertThat(agreed(open(), open(extended)).maxLength()).isEqualTo(4096);
  }

  @Test
  void nextHopsOfIpv6NeedBoth() { // RFC 8950 §4
    var offer =
        new Capability.ExtendedNextHop(
            List.of(
                new Capability.ExtendedNextHop.Entry(Family.IPV4_UNICAST, 2),
                new Capability.ExtendedNextHop.Entry(Family.IPV4_MULTICAST, 7)));

    assertThat(agreed(open(offer), open(offer)).extendedNextHop())
        .containsExactly(Family.IPV4_UNICAST);
    assertThat(agreed(open(offer), open()).extendedNextHop()).isEmpty();
  }

  @Test
  void aRefreshNeedsBothAndTheOldCodeWillDo() {
    var old = new Capability.RouteRefreshCapability(true);
    var current = new Capability.RouteRefreshCapability(false);

    assertThat(agreed(open(current), open(old)).routeRefresh()).isTrue();
    assertThat(agreed(open(current), open()).routeRefresh()).isFalse();
    assertThat(
            agreed(
                    open(new Capability.EnhancedRouteRefresh()),
                    open(new Capability.EnhancedRouteRefresh()))
                .enhancedRouteRefresh())
        .isTrue();
  }

  @Test
  void aContextIsReadAsItIsWritten() {
    for (var context : DecodeTreeTest.CONTEXTS) {
      assertThat(DecodeContext.parse(context.toString())).isEqualTo(context);
    }
    assertThat(DecodeContext.parse("as2 ibgp later=yes"))
        .isEqualTo(DecodeContext.AS2.withIbgp(true));
  }

  private static Capability addPath(int sendReceive) {
    return new Capability.AddPath(
        List.of(new Capability.AddPath.Entry(Family.IPV4_UNICAST, sendReceive)));
  }

  private static Open open(Capability... capabilities) {
    return Open.of(64500, 90, 1, List.of(capabilities));
  }

  private static Negotiated agreed(Open sent, Open received) {
    return Negotiated.of(sent, received);
  }
}
