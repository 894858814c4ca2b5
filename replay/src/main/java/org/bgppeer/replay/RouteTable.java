package org.bgppeer.replay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bgppeer.replay.DemoTable.Origination;
import org.bgppeer.replay.RouteAttributes.Aggregator;
import org.bgppeer.replay.RouteAttributes.LargeCommunity;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;

/// What one simulated router has to announce: its Adj-RIB-Out.
///
/// A route is a number. What it is announced with is a pure function of its prefix, its origin, the
/// [Vantage], and four small numbers that [Churn] turns: whether it is announced, which path it
/// takes, how often the origin prepends itself, and how the carriers tune it (MED and communities).
final class RouteTable {
  private record Route(Origination origination, int pathId) {}

  private final Vantage vantage;
  private final Topology topology;
  private final List<Route> routes;
  private final BitSet announced = new BitSet();
  private final int[] choice;
  private final int[] prepends;
  private final int[] tuning;

  /// The table of a router, all of it announced.
  ///
  /// @param originations sorted by origin AS
  RouteTable(Vantage vantage, List<Origination> originations) {
    this.vantage = vantage;
    // A transit provider peers widely; of an exchange's members, none is of tier 1.
    this.topology = new Topology(vantage.as(), vantage.routeServer() ? 40 : 32);
    this.routes = routes(originations);
    this.choice = new int[routes.size()];
    this.prepends = new int[routes.size()];
    this.tuning = new int[routes.size()];
    announced.set(0, routes.size());
  }

  private List<Route> routes(List<Origination> originations) {
    var visible = originations.stream().filter(this::isVisible).toList();
    var kept = new HashSet<Origination>();
    for (boolean ipv6 : new boolean[] {false, true}) {
      visible.stream()
          .filter(o -> o.prefix().isIpv6() == ipv6)
          .sorted(Comparator.comparingLong(o -> Chance.mix(vantage.seed(), Chance.of(o.prefix()))))
          .limit(ipv6 ? vantage.ipv6() : vantage.ipv4())
          .forEach(kept::add);
    }
    var routes = new ArrayList<Route>();
    for (var origination : visible) {
      if (kept.contains(origination)) {
        int paths = vantage.addPath() ? paths(origination) : 1;
        for (int pathId = 1; pathId <= paths; pathId++) {
          routes.add(new Route(origination, pathId));
        }
      }
    }
    return List.copyOf(routes);
  }

  /// A transit provider misses a few prefixes; a route server has only what its members announce.
  private boolean isVisible(Origination origination) {
    if (!vantage.routeServer()) {
      return !Chance.percent(3, vantage.as(), Chance.of(origination.prefix()));
    }
    return isMember(topology.path(origination.originAs(), 0).getFirst());
  }

  /// Whether an AS is at the exchange; carriers of tier 1 are at none.
  private boolean isMember(long as) {
    return topology.peersWith(as) && Topology.tier(as) > 1;
  }

  /// The ASes between us and the origin. What a route server has came from a member: if not by this
  /// way, then by the next one that does.
  private List<Long> path(long origin, long way) {
    if (!vantage.routeServer()) {
      return topology.path(origin, way);
    }
    for (long other = way; other < way + 8; other++) {
      var path = topology.path(origin, other);
      if (isMember(path.getFirst())) {
        return path;
      }
    }
    return topology.path(origin, 0);
  }

  private int paths(Origination origination) {
    int draw = Chance.below(100, vantage.as(), origination.originAs(), 3);
    return draw < 5 ? 3 : draw < 25 ? 2 : 1;
  }

  /// How many routes there are, announced or not; they are numbered from 0, those of one origin AS
  /// in a row.
  int size() {
    return routes.size();
  }

  /// IPv4 or IPv6 unicast.
  Family family(int route) {
    return routes.get(route).origination().prefix().isIpv6()
        ? Family.IPV6_UNICAST
        : Family.IPV4_UNICAST;
  }

  Nlri nlri(int route) {
    return new Nlri(routes.get(route).origination().prefix(), routes.get(route).pathId());
  }

  long originAs(int route) {
    return routes.get(route).origination().originAs();
  }

  boolean isAnnounced(int route) {
    return announced.get(route);
  }

  void setAnnounced(int route, boolean value) {
    announced.set(route, value);
  }

  /// Another path to the origin, if there is one.
  void turnPath(int route) {
    choice[route]++;
  }

  /// The origin prepends itself so many times more than usual.
  void setPrepends(int route, int times) {
    prepends[route] = times;
  }

  int prepends(int route) {
    return prepends[route];
  }

  /// Another MED and another community.
  void turnTuning(int route) {
    tuning[route]++;
  }

  /// The announced routes of a family that a session can carry, by what they are announced with.
  ///
  /// @param addPath whether it carries more than one path of a prefix; if not, the first is taken
  Map<RouteAttributes, List<Nlri>> announced(Family family, boolean addPath) {
    var byAttributes = new LinkedHashMap<RouteAttributes, List<Nlri>>();
    announced.stream()
        .filter(route -> family(route).equals(family) && isCarried(route, addPath))
        .forEach(
            route ->
                byAttributes
                    .computeIfAbsent(attributes(route), _ -> new ArrayList<>())
                    .add(nlri(route)));
    return byAttributes;
  }

  /// Whether a session carries this route: without ADD-PATH only the first path of each prefix.
  boolean isCarried(int route, boolean addPath) {
    return addPath || routes.get(route).pathId() == 1;
  }

  /// What a route is announced with now.
  RouteAttributes attributes(int route) {
    var origination = routes.get(route).origination();
    long origin = origination.originAs();
    long prefixHash = Chance.of(origination.prefix());
    // A quarter of the prefixes is engineered by its origin to come another way.
    int group = Chance.percent(25, origin, prefixHash) ? 1 : 0;
    long way = choice[route] + 2L * (routes.get(route).pathId() - 1) + group;
    var path = path(origin, way);
    long first = path.getFirst();

    var asPath = new ArrayList<Long>();
    if (!vantage.routeServer()) {
      asPath.add(vantage.as());
    }
    asPath.addAll(path);
    int usual = Chance.percent(9, origin, group, 11) ? 1 + Chance.below(3, origin, 12) : 0;
    for (int i = usual + prepends[route]; i > 0; i--) {
      asPath.add(origin);
    }
    int originDraw = Chance.below(100, origin, 13);
    return new RouteAttributes(
        originDraw < 88 ? 0 : originDraw < 98 ? 2 : 1,
        asPath,
        nextHop(origination.prefix().isIpv6(), first),
        med(first, tuning[route]),
        aggregator(origination),
        communities(first, origin, tuning[route]),
        largeCommunities(first, origin),
        extendedCommunities(origin));
  }

  private InetAddress nextHop(boolean ipv6, long first) {
    var address = ipv6 ? vantage.ipv6NextHop() : vantage.ipv4NextHop();
    if (!vantage.routeServer()) {
      return address;
    }
    byte[] octets = address.getAddress();
    if (ipv6) {
      for (int i = 0; i < 4; i++) {
        octets[12 + i] = (byte) (first >>> (24 - 8 * i));
      }
    } else {
      octets[3] = (byte) (10 + Chance.below(240, vantage.as(), first));
    }
    return address(octets);
  }

  private @Nullable Long med(long first, int tuned) {
    if (vantage.routeServer() || !Chance.percent(40, vantage.as(), first, 21)) {
      return null;
    }
    return 10L * Chance.below(30, vantage.as(), first, tuned);
  }

  private static @Nullable Aggregator aggregator(Origination origination) {
    var prefix = origination.prefix();
    if (prefix.isIpv6() || prefix.length() > 22 || !Chance.percent(9, origination.originAs(), 31)) {
      return null;
    }
    byte[] octets = prefix.address();
    octets[3] = 1;
    return new Aggregator(origination.originAs(), address(octets));
  }

  private List<Long> communities(long first, long origin, int tuned) {
    var values = new ArrayList<Long>();
    if (vantage.routeServer()) {
      add(values, vantage.as(), 1000 + Chance.below(6, first, 41));
    } else {
      // Learned from a customer, a peer, or another transit provider; and where.
      add(values, vantage.as(), Topology.tier(first) == 1 ? 300 : first == origin ? 100 : 200);
      add(values, vantage.as(), 3000 + 100 * Chance.below(9, first, 42));
    }
    if (Chance.percent(55, first, 43)) {
      add(values, first, 2000 + Chance.below(40, first, origin));
      add(values, first, 500 + Chance.below(5, first, origin, 1));
    }
    if (Chance.percent(15, origin, 44)) {
      add(values, origin, 10 * (1 + Chance.below(20, origin, 45)));
    }
    if (tuned > 0) {
      add(values, vantage.as(), 4000 + tuned % 8);
    }
    return values.stream().distinct().sorted().toList();
  }

  /// An AS number of more than 16 bits has no communities of RFC 1997.
  private static void add(List<Long> values, long as, int value) {
    if (as <= 0xffff) {
      values.add(as << 16 | value);
    }
  }

  private List<LargeCommunity> largeCommunities(long first, long origin) {
    var values = new ArrayList<LargeCommunity>();
    if (vantage.routeServer()) {
      values.add(new LargeCommunity(vantage.as(), 1, first));
    }
    if (Chance.percent(18, first, origin, 51)) {
      values.add(new LargeCommunity(first, 1, 1 + Chance.below(900, first, 52)));
      values.add(new LargeCommunity(first, 2, 100 + Chance.below(50, first, 53)));
    }
    if (origin > 0xffff && Chance.percent(12, origin, 54)) {
      values.add(new LargeCommunity(origin, 100, Chance.below(10, origin, 55)));
    }
    return values.stream().distinct().toList();
  }

  /// A route target of the form that fits the AS number, on a few (RFC 4360 §3.1, RFC 5668).
  private static List<Long> extendedCommunities(long origin) {
    if (!Chance.percent(3, origin, 61)) {
      return List.of();
    }
    long number = 100L + Chance.below(900, origin, 62);
    return List.of(
        origin <= 0xffff
            ? 0x0002L << 48 | origin << 32 | number
            : 0x0202L << 48 | origin << 16 | number);
  }

  private static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + octets.length + " octets", e);
    }
  }

  /// The routes of the same origin AS as this one, itself included.
  IntStream sameOrigin(int route) {
    long origin = originAs(route);
    int from = route;
    while (from > 0 && originAs(from - 1) == origin) {
      from--;
    }
    int to = route;
    while (to < size() && originAs(to) == origin) {
      to++;
    }
    return IntStream.range(from, to);
  }
}
