package org.bgppeer.interop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a router and the collector meet.
///
/// @param router, routerPort where the router listens and from where it connects
/// @param collector, collectorPort the same of the collector
/// @param connecting who opens connections
/// @param addPath whether the router offers several paths of a prefix
/// @param extendedNextHop whether it announces IPv4 routes with an IPv6 next hop
/// @param password of TCP MD5; null for none
/// @param holdTimeSeconds what the collector proposes
/// @param rich whether the router has a 4-octet AS, restarts gracefully, and both use GTSM
/// @param upstreams how others announce routes to the router: there it is the `collector`
record Link(
    String router,
    int routerPort,
    long routerAs,
    String collector,
    int collectorPort,
    long collectorAs,
    Connecting connecting,
    boolean addPath,
    boolean extendedNextHop,
    @Nullable String password,
    int holdTimeSeconds,
    List<Link> upstreams,
    boolean rich) {
  static final long COLLECTOR_AS = 64512;

  private static final long FIRST_UPSTREAM_AS = 64601;

  private static final long FIRST_LONG_AS = 4_200_000_000L;

  /// Long, for a machine that has much else to do may forget a router for a while.
  private static final int HOLD_TIME = 90;

  /// With a KEEPALIVE each five seconds.
  private static final int SHORT_HOLD_TIME = 15;

  /// Who opens connections.
  enum Connecting {
    COLLECTOR,
    ROUTER,
    BOTH
  }

  /// Over IPv4, on addresses that are free now.
  static Link ipv4(Router.Kind kind, Connecting connecting) {
    String network = Loopback.network();
    return of(kind, network + "2", Loopback.PORT, network + "1", Loopback.PORT, connecting);
  }

  /// Over IPv6, on `::1` and ports that are free now.
  static Link ipv6(Router.Kind kind, Connecting connecting) {
    return of(kind, "::1", Loopback.freePort("::1"), "::1", Loopback.freePort("::1"), connecting);
  }

  private static Link of(
      Router.Kind kind,
      String router,
      int routerPort,
      String collector,
      int collectorPort,
      Connecting connecting) {
    return new Link(
        router,
        routerPort,
        kind.as,
        collector,
        collectorPort,
        COLLECTOR_AS,
        connecting,
        false,
        false,
        null,
        HOLD_TIME,
        List.of(),
        false);
  }

  /// With ADD-PATH, and two others who may announce routes to the router. Over IPv4.
  Link withAddPath() {
    String network = router.substring(0, router.lastIndexOf('.') + 1);
    List<Link> others = List.of(upstream(network + "11", 0), upstream(network + "12", 1));
    return new Link(
        router,
        routerPort,
        routerAs,
        collector,
        collectorPort,
        collectorAs,
        connecting,
        true,
        extendedNextHop,
        password,
        holdTimeSeconds,
        others,
        rich);
  }

  private Link upstream(String address, int number) {
    return new Link(
        address,
        Loopback.PORT,
        FIRST_UPSTREAM_AS + number,
        router,
        routerPort,
        routerAs,
        Connecting.ROUTER,
        false,
        false,
        null,
        HOLD_TIME,
        List.of(),
        false);
  }

  Link withExtendedNextHop() {
    return new Link(
        router,
        routerPort,
        routerAs,
        collector,
        collectorPort,
        collectorAs,
        connecting,
        addPath,
        true,
        password,
        holdTimeSeconds,
        upstreams,
        rich);
  }

  Link withPassword(String secret) {
    return new Link(
        router,
        routerPort,
        routerAs,
        collector,
        collectorPort,
        collectorAs,
        connecting,
        addPath,
        extendedNextHop,
        secret,
        holdTimeSeconds,
        upstreams,
        rich);
  }

  /// With all that a session can have beside the rest: see [#rich].
  Link withMore() {
    return new Link(
        router,
        routerPort,
        FIRST_LONG_AS + routerAs % 1000,
        collector,
        collectorPort,
        collectorAs,
        connecting,
        addPath,
        extendedNextHop,
        password,
        holdTimeSeconds,
        upstreams,
        true);
  }

  /// The same for a collector that reaches the router through a tap, which waits for KEEPALIVEs.
  Link tapped(String address) {
    return new Link(
        address,
        routerPort,
        routerAs,
        collector,
        collectorPort,
        collectorAs,
        connecting,
        addPath,
        extendedNextHop,
        password,
        SHORT_HOLD_TIME,
        upstreams,
        rich);
  }

  boolean routerConnects() {
    return connecting != Connecting.COLLECTOR;
  }

  boolean collectorConnects() {
    return connecting != Connecting.ROUTER;
  }
}
