package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Open;
import org.junit.jupiter.api.Test;

class OpenTableTest {
  @Test
  void severalCapabilitiesOfAKindAreShownAsTheyCount() {
    Open we =
        open(
            new Capability.Multiprotocol(Family.IPV4_UNICAST),
            new Capability.Multiprotocol(Family.IPV6_UNICAST),
            addPath(Family.IPV4_UNICAST, Capability.AddPath.RECEIVE),
            addPath(Family.IPV6_UNICAST, Capability.AddPath.RECEIVE),
            nextHop(Family.IPV4_UNICAST));
    Open they =
        open(
            new Capability.Multiprotocol(Family.IPV4_UNICAST),
            new Capability.Multiprotocol(Family.IPV6_UNICAST),
            addPath(Family.IPV4_UNICAST, Capability.AddPath.SEND),
            addPath(Family.IPV6_UNICAST, Capability.AddPath.BOTH),
            nextHop(Family.IPV4_UNICAST),
            nextHop(Family.IPV4_MULTICAST));

    assertThat(OpenTable.of(we, they).rows())
        .contains(
            new OpenTable.Row(
                "ADD-PATH",
                "receive IPv4 unicast, receive IPv6 unicast",
                "send IPv4 unicast, both ways IPv6 unicast",
                new Mark("active", "IPv4 unicast, IPv6 unicast"),
                "they send several paths per prefix"),
            new OpenTable.Row(
                "IPv6 next hop for IPv4",
                "IPv4 unicast",
                "IPv4 unicast, IPv4 multicast",
                new Mark("active", "IPv4 unicast"),
                ""));
  }

  private static Capability addPath(Family family, int way) {
    return new Capability.AddPath(List.of(new Capability.AddPath.Entry(family, way)));
  }

  private static Capability nextHop(Family family) {
    return new Capability.ExtendedNextHop(List.of(new Capability.ExtendedNextHop.Entry(family, 2)));
  }

  private static Open open(Capability... capabilities) {
    return Open.of(64500, 90, 1, List.of(capabilities));
  }
}
