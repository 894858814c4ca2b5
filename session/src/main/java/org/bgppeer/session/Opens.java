package org.bgppeer.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Afi;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/// The two OPENs of a session: what we say in ours, and whether theirs will do.
final class Opens {
  private Opens() {}

  /// Why an OPEN will not do, and the NOTIFICATION that says so.
  record Refusal(Notification notification, String text) {
    static Refusal of(int subcode, String text) {
      return new Refusal(Notification.of(Notification.OPEN_MESSAGE_ERROR, subcode), text);
    }
  }

  /// Ours. Graceful Restart is in it without a family and with time 0, for we have no routes that
  /// could survive: it makes the neighbor send End-of-RIB (RFC 4724 §3; FRR and GoBGP do so only
  /// then), and with the N bit lets its routes survive a NOTIFICATION (RFC 8538 §2).
  static Open ours(LocalConfig local, NeighborConfig neighbor) {
    var capabilities = new ArrayList<Capability>();
    for (Family family : neighbor.families()) {
      capabilities.add(new Capability.Multiprotocol(family));
    }
    capabilities.add(new Capability.RouteRefreshCapability(false));
    capabilities.add(new Capability.EnhancedRouteRefresh());
    capabilities.add(new Capability.FourOctetAs(neighbor.localAs(local)));
    capabilities.add(new Capability.ExtendedMessage());
    Retention retention = neighbor.retention();
    capabilities.add(new Capability.GracefulRestart(false, retention.helper(), 0, List.of()));
    List<Capability.LongLivedGracefulRestart.Entry> longLived =
        neighbor.families().stream()
            .filter(retention.longLived()::containsKey)
            .map(family -> new Capability.LongLivedGracefulRestart.Entry(family, false, 0))
            .toList();
    if (!longLived.isEmpty()) {
      capabilities.add(new Capability.LongLivedGracefulRestart(longLived));
    }
    if (neighbor.role() != null) {
      capabilities.add(new Capability.BgpRole(neighbor.role().code()));
    }
    if (!Collections.disjoint(neighbor.families(), neighbor.addPath())) {
      capabilities.add(
          new Capability.AddPath(
              neighbor.families().stream()
                  .filter(neighbor.addPath()::contains)
                  .map(family -> new Capability.AddPath.Entry(family, Capability.AddPath.RECEIVE))
                  .toList()));
    }
    List<Capability.ExtendedNextHop.Entry> nextHops =
        neighbor.families().stream()
            .filter(Family::mayHaveIpv6NextHop)
            .map(family -> new Capability.ExtendedNextHop.Entry(family, Afi.Assigned.IPV6.code()))
            .toList();
    if (!nextHops.isEmpty()) {
      capabilities.add(new Capability.ExtendedNextHop(nextHops));
    }
    if (!local.hostName().isEmpty()) {
      capabilities.add(new Capability.Fqdn(local.hostName(), local.domainName()));
    }
    return Open.of(
        neighbor.localAs(local),
        (int) neighbor.holdTime().toSeconds(),
        local.routerId(),
        capabilities);
  }

  /// Checks theirs (RFC 4271 §6.2, RFC 6286 §2.2); null if it will do.
  static @Nullable Refusal refusal(Open theirs, LocalConfig local, NeighborConfig neighbor) {
    if (!theirs.parameters().isEmpty()) {
      return Refusal.of(
          Notification.UNSUPPORTED_OPTIONAL_PARAMETER,
          "unknown optional parameter "
              + theirs.parameters().stream()
                  .map(parameter -> Integer.toString(parameter.type()))
                  .collect(Collectors.joining(", ")));
    }
    if (theirs.as() != neighbor.as()) {
      return Refusal.of(
          Notification.BAD_PEER_AS,
          "they say AS" + theirs.as() + ", AS" + neighbor.as() + " is configured");
    }
    if (theirs.holdTimeSeconds() == 1 || theirs.holdTimeSeconds() == 2) {
      return Refusal.of(
          Notification.UNACCEPTABLE_HOLD_TIME,
          "hold time " + theirs.holdTimeSeconds() + " s is not 0 or at least 3 s");
    }
    if (theirs.bgpIdentifier() == 0) {
      return Refusal.of(Notification.BAD_BGP_IDENTIFIER, "BGP identifier 0.0.0.0");
    }
    if (theirs.bgpIdentifier() == local.routerId() && neighbor.as() == neighbor.localAs(local)) {
      return Refusal.of(
          Notification.BAD_BGP_IDENTIFIER,
          "BGP identifier "
              + AddressText.ofIdentifier(theirs.bgpIdentifier())
              + " is ours, and so is the AS");
    }
    return neighbor.role() == null ? null : roleRefusal(theirs, neighbor, neighbor.role());
  }

  /// RFC 9234 §4.2: their role must be the counterpart of ours, and one alone.
  private static @Nullable Refusal roleRefusal(Open theirs, NeighborConfig neighbor, Role ours) {
    List<String> said =
        theirs.capabilities().stream()
            .filter(Capability.BgpRole.class::isInstance)
            .map(capability -> ((Capability.BgpRole) capability).words())
            .distinct()
            .toList();
    String wanted = new Capability.BgpRole(ours.counterpart().code()).words();
    if (said.isEmpty() ? !neighbor.strictRole() : said.equals(List.of(wanted))) {
      return null;
    }
    String they =
        said.isEmpty() ? "they do not say their role" : "they say " + String.join(" and ", said);
    return Refusal.of(
        Notification.ROLE_MISMATCH, they + ", to a " + ours.text() + " they must be " + wanted);
  }

  /// Of a family more came than may (RFC 4486 §4): its code and the limit behind.
  static Notification tooManyRoutes(Family family, long most) {
    var data =
        new WireWriter().u16(family.afi()).u8(family.safi()).u32(Math.min(most, 0xffff_ffffL));
    return new Notification(
        Notification.CEASE, Notification.MAXIMUM_PREFIXES, Octets.of(data.toByteArray()));
  }

  /// Whether of two connections that collide the one that we initiated stays (RFC 4271 §6.8, RFC
  /// 6286 §2.3): the higher identifier wins, or of equal ones the higher AS.
  static boolean oursStays(Open theirs, LocalConfig local, NeighborConfig neighbor) {
    return local.routerId() == theirs.bgpIdentifier()
        ? neighbor.localAs(local) > theirs.as()
        : local.routerId() > theirs.bgpIdentifier();
  }
}
