package org.bgppeer.wire;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What two OPENs agree on.
///
/// @param peerAs the neighbor's AS
/// @param localAs ours
/// @param families whose routes may come: offered by both, or IPv4 unicast alone if the neighbor
///     offers none (RFC 4760 §8)
/// @param as4 whether AS numbers have 4 octets in UPDATEs (RFC 6793 §4.1)
/// @param holdTime the lower of both; zero for none (RFC 4271 §4.2)
/// @param addPathReceive the families in which the neighbor sends path identifiers (RFC 7911 §4)
/// @param extendedMessage whether we said that we take messages of up to 65535 octets (RFC 8654 §4)
/// @param extendedNextHop the families whose IPv4 routes may have IPv6 next hops (RFC 8950 §4)
/// @param routeRefresh whether the neighbor understands ROUTE-REFRESH, and we do
/// @param enhancedRouteRefresh whether refreshes have a beginning and an end (RFC 7313)
public record Negotiated(
    long peerAs,
    long localAs,
    Set<Family> families,
    boolean as4,
    Duration holdTime,
    Set<Family> addPathReceive,
    boolean extendedMessage,
    Set<Family> extendedNextHop,
    boolean routeRefresh,
    boolean enhancedRouteRefresh) {

  public Negotiated {
    families = Set.copyOf(families);
    addPathReceive = Set.copyOf(addPathReceive);
    extendedNextHop = Set.copyOf(extendedNextHop);
  }

  /// What our OPEN and theirs agree on.
  public static Negotiated of(Open sent, Open received) {
    Set<Family> families = families(received);
    families.retainAll(families(sent));
    Set<Family> addPath = addPath(received, false);
    addPath.retainAll(addPath(sent, true));
    addPath.retainAll(families);
    Set<Family> extendedNextHop = extendedNextHop(received);
    extendedNextHop.retainAll(extendedNextHop(sent));
    return new Negotiated(
        received.as(),
        sent.as(),
        families,
        both(sent, received, Capability.FourOctetAs.class),
        Duration.ofSeconds(Math.min(sent.holdTimeSeconds(), received.holdTimeSeconds())),
        addPath,
        sent.capability(Capability.ExtendedMessage.class) != null,
        extendedNextHop,
        both(sent, received, Capability.RouteRefreshCapability.class),
        both(sent, received, Capability.EnhancedRouteRefresh.class));
  }

  /// What is needed to read the neighbor's UPDATEs.
  public DecodeContext context() {
    return new DecodeContext(as4, addPathReceive, peerAs == localAs);
  }

  /// Octets of the longest message that we take.
  public int maxLength() {
    return extendedMessage ? Framing.EXTENDED_MAX_LENGTH : Framing.MAX_LENGTH;
  }

  private static boolean both(Open sent, Open received, Class<? extends Capability> kind) {
    return sent.capability(kind) != null && received.capability(kind) != null;
  }

  private static Set<Family> families(Open open) {
    var families = new TreeSet<Family>();
    for (Capability capability : open.capabilities()) {
      if (capability instanceof Capability.Multiprotocol offer) {
        families.add(offer.family());
      }
    }
    if (families.isEmpty()) {
      families.add(Family.IPV4_UNICAST);
    }
    return families;
  }

  /// What a speaker can do with path identifiers, family by family. It is to say so in one
  /// capability (RFC 7911 §4); what stands in several counts together, since whoever takes two
  /// means both.
  public static List<Capability.AddPath.Entry> addPath(Open open) {
    var ways = new LinkedHashMap<Family, Integer>();
    for (var offer : open.capabilities(Capability.AddPath.class)) {
      for (var entry : offer.entries()) {
        ways.merge(entry.family(), entry.sendReceive(), (one, other) -> one | other);
      }
    }
    return ways.entrySet().stream()
        .map(way -> new Capability.AddPath.Entry(way.getKey(), way.getValue()))
        .toList();
  }

  private static Set<Family> addPath(Open open, boolean receive) {
    var families = new HashSet<Family>();
    for (var entry : addPath(open)) {
      if (receive ? entry.receives() : entry.sends()) {
        families.add(entry.family());
      }
    }
    return families;
  }

  private static Set<Family> extendedNextHop(Open open) {
    var families = new HashSet<Family>();
    for (var offer : open.capabilities(Capability.ExtendedNextHop.class)) {
      for (var entry : offer.entries()) {
        if (entry.nextHopAfi() == Afi.Assigned.IPV6.code()) {
          families.add(entry.nlri());
        }
      }
    }
    return families;
  }
}
