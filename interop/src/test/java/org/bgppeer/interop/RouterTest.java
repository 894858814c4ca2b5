package org.bgppeer.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bgppeer.interop.Feature.Shows;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Open;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is asked of every router; a subclass says which.
@Timeout(900)
abstract class RouterTest {
  private static final int OPEN = 1;
  private static final int NOTIFICATION = 3;
  private static final int KEEPALIVE = 4;
  private static final int ROUTE_REFRESH = 5;

  final Router.Kind kind;

  @TempDir Path directory;

  private final List<Route> routes;

  RouterTest(Router.Kind kind) {
    this.kind = kind;
    long as = kind.as;
    String standard = as + ":1";
    String large = as + ":1:2";
    routes =
        List.of(
            Route.of("198.51.100.0/24", "192.0.2.77")
                .withPath(64497L, 64496L)
                .withCommunities(
                    List.of(standard, as + ":65535"), List.of(large), List.of(as + ":3")),
            Route.of("203.0.113.0/24", "192.0.2.78"),
            Route.of("2001:db8:1::/48", "2001:db8::77")
                .withPath(64496L)
                .withCommunities(List.of(standard), List.of(large), List.of(as + ":3")),
            Route.of("2001:db8:2::/48", "2001:db8::78"));
  }

  @BeforeEach
  void skipWhatTheRouterLacks(TestInfo test) {
    Feature[] shown = test.getTestMethod().orElseThrow().getAnnotation(Shows.class).value();
    assumeTrue(
        Stream.of(shown).anyMatch(feature -> !kind.lacking.containsKey(feature)),
        () -> kind.title + " " + kind.lacking.get(shown[0]));
  }

  @Test
  @Shows({Feature.COLLECTOR_CONNECTS, Feature.ATTRIBUTES})
  void weConnectOverIpv4AndItsRoutesArriveAsTheyAre() throws Exception {
    try (var lab = new Lab(Link.ipv4(kind, Link.Connecting.COLLECTOR))) {
      lab.start(routes);

      lab.eventually(() -> assertThat(lab.peer.active()).hasSize(routes.size()));
      lab.eventually(() -> assertThat(lab.peer.neighbor().state()).isEqualTo(SessionState.UP));
      lab.assertArrivedAsTheyAre(routes);
      assertThat(
              lab.peer.sql("SELECT prefix, next_hop, active FROM routes ORDER BY prefix LIMIT 1"))
          .containsExactly("198.51.100.0/24|192.0.2.77|1");
    }
  }

  @Test
  @Shows({Feature.ROUTER_CONNECTS, Feature.ATTRIBUTES})
  void itConnectsOverIpv6AndItsRoutesArriveAsTheyAre() throws Exception {
    assumeTrue(Loopback.hasIpv6(), "this machine has no IPv6 on its loopback");
    try (var lab = new Lab(Link.ipv6(kind, Link.Connecting.ROUTER))) {
      lab.start(routes);

      lab.eventually(() -> assertThat(lab.peer.active()).hasSize(routes.size()));
      lab.assertArrivedAsTheyAre(routes);
    }
  }

  @Test
  @Shows({Feature.BOTH_CONNECT, Feature.WITHDRAWAL, Feature.ROUTER_KILLED})
  void itsRoutesComeAndGoWithIt() throws Exception {
    try (var lab = new Lab(Link.ipv4(kind, Link.Connecting.BOTH))) {
      lab.start(routes);
      lab.eventually(() -> assertThat(lab.peer.active()).hasSize(routes.size()));
      Instant firstSeen = lab.peer.route("198.51.100.0/24").firstSeen();

      List<Route> kept = List.of(routes.get(0), routes.get(2));
      lab.router.announce(kept);
      lab.eventually(() -> assertThat(lab.peer.active()).hasSameElementsAs(prefixes(kept)));
      RouteRow withdrawn = lab.peer.route("203.0.113.0/24");
      assertThat(withdrawn.reason()).isEqualTo("withdrawn");
      assertThat(withdrawn.inferred()).isFalse();
      assertThat(lab.peer.route("2001:db8:2::/48").reason()).isEqualTo("withdrawn");

      lab.router.kill();
      lab.eventually(() -> assertThat(lab.peer.active()).isEmpty());
      String why = lab.router.reasonWhenKilled();
      assertThat(lab.peer.route("198.51.100.0/24").reason()).isEqualTo(why);
      assertThat(lab.peer.route("2001:db8:1::/48").reason()).isEqualTo(why);
      assertThat(lab.peer.route("203.0.113.0/24").reason()).isEqualTo("withdrawn");

      lab.router.start();
      lab.eventually(() -> assertThat(lab.peer.active()).hasSameElementsAs(prefixes(kept)));
      assertThat(lab.peer.route("198.51.100.0/24").firstSeen()).isEqualTo(firstSeen);
      assertThat(lab.peer.route("203.0.113.0/24").reason()).isEqualTo("withdrawn");
    }
  }

  @Test
  @Shows(Feature.COLLECTOR_RESTARTED)
  void whenWeStopAndStartNothingIsLost() throws Exception {
    nothingIsLostAfter(BgpPeer::stop, BgpPeer::inside);
  }

  @Test
  @Shows(Feature.COLLECTOR_KILLED)
  void whenWeAreKilledAndStartNothingIsLost() throws Exception {
    nothingIsLostAfter(BgpPeer::kill, BgpPeer::process);
  }

  private interface End {
    void of(BgpPeer peer) throws Exception;
  }

  private interface Start {
    BgpPeer of(Path parent, Link link) throws Exception;
  }

  private void nothingIsLostAfter(End end, Start start) throws Exception {
    List<Route> kept = List.of(routes.get(0), routes.get(2));
    Link link = Link.ipv4(kind, Link.Connecting.BOTH);
    try (var lab = new Lab(link, link, start)) {
      lab.start(routes);
      lab.eventually(() -> assertThat(lab.peer.active()).hasSize(routes.size()));
      lab.eventually(
          () ->
              assertThat(lab.peer.neighbor().families())
                  .hasSize(2)
                  .extracting(FamilyCount::endOfRibAt)
                  .doesNotContainNull());
      Map<String, Instant> firstSeen = firstSeen(lab.peer);

      end.of(lab.peer);
      lab.router.announce(kept);
      assertThat(lab.peer.active())
          .as("while we are away: what was there")
          .hasSameElementsAs(prefixes(routes));

      lab.peer.start();
      lab.eventually(
          () -> {
            List<RouteRow> all = lab.peer.routes();
            if (!all.stream()
                .filter(RouteRow::active)
                .map(RouteRow::prefix)
                .toList()
                .containsAll(prefixes(kept))) {
              throw new IllegalStateException("a route that was never withdrawn is gone: " + all);
            }
            assertThat(all).filteredOn(RouteRow::active).hasSameSizeAs(kept);
            assertThat(all).noneMatch(RouteRow::stale);
          });
      for (String prefix : List.of("203.0.113.0/24", "2001:db8:2::/48")) {
        RouteRow lost = lab.peer.route(prefix);
        assertThat(lost.reason()).isEqualTo("not-resent-before-End-of-RIB");
        assertThat(lost.inferred()).isTrue();
      }
      assertThat(firstSeen(lab.peer)).isEqualTo(firstSeen);
    }
  }

  @Test
  @Shows(Feature.RECEIVE_ONLY)
  void itGetsNoRouteFromUs() throws Exception {
    Link link = Link.ipv4(kind, Link.Connecting.COLLECTOR);
    try (var tap = new Tap(link);
        var lab = new Lab(link, tap)) {
      lab.start(routes);
      lab.eventually(() -> assertThat(lab.peer.active()).hasSize(routes.size()));

      for (int i = 0; i < 3; i++) {
        lab.router.announce(routes.subList(0, 1));
        lab.eventually(() -> assertThat(lab.peer.active()).hasSize(1));
        lab.router.announce(routes);
        lab.eventually(() -> assertThat(lab.peer.active()).hasSize(routes.size()));
      }
      if (lab.router.askForRoutes()) {
        lab.eventually(() -> assertThat(tap.fromRouter()).contains(ROUTE_REFRESH));
      }
      int soFar = tap.fromCollector().size();
      lab.eventually( // an answer to the request would have come before it
          () ->
              assertThat(tap.fromCollector().subList(soFar, tap.fromCollector().size()))
                  .contains(KEEPALIVE));

      assertThat(tap.fromCollector())
          .startsWith(OPEN, KEEPALIVE)
          .isSubsetOf(OPEN, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH, Tap.END_OF_RIB);
      assertThat(lab.router.receivedFromCollector()).isZero();
    }
  }

  @Test
  @Shows(Feature.ADD_PATH)
  void twoPathsOfOnePrefixAreTwoRoutes() throws Exception {
    List<Route> paths =
        List.of(
            Route.of("198.51.100.0/24", "192.0.2.77").withPath(64496L),
            Route.of("198.51.100.0/24", "192.0.2.78").withPath(64499L, 64496L));
    try (var lab = new Lab(Link.ipv4(kind, Link.Connecting.BOTH).withAddPath())) {
      lab.startWithPaths(paths);

      lab.eventually(() -> assertThat(lab.peer.active()).hasSize(2));
      assertThat(lab.peer.routes())
          .allSatisfy(row -> assertThat(row.pathId()).isNotNull())
          .extracting(RouteRow::asPath)
          .containsExactlyInAnyOrderElementsOf(lab.expectedPaths());
      assertThat(lab.peer.routes()).extracting(RouteRow::pathId).doesNotHaveDuplicates();

      lab.withdrawSecondPath();
      lab.eventually(() -> assertThat(lab.peer.active()).hasSize(1));
      assertThat(lab.peer.routes()).filteredOn(row -> !row.active()).hasSize(1);
    }
  }

  @Test
  @Shows(Feature.EXTENDED_NEXT_HOP)
  void anIpv4RouteMayHaveAnIpv6NextHop() throws Exception {
    assumeTrue(Loopback.hasIpv6(), "this machine has no IPv6 on its loopback");
    List<Route> one = List.of(Route.of("198.51.100.0/24", "2001:db8::77"));
    try (var lab = new Lab(Link.ipv6(kind, Link.Connecting.BOTH).withExtendedNextHop())) {
      lab.start(one);

      lab.eventually(() -> assertThat(lab.peer.active()).containsExactly("198.51.100.0/24"));
      assertThat(lab.peer.route("198.51.100.0/24").nextHop()).isEqualTo("2001:db8::77");
    }
  }

  @Test
  @Shows(Feature.TCP_MD5)
  void aSessionIsSignedWithTcpMd5() throws Exception {
    for (Link.Connecting connecting : signedDirections()) {
      try (var lab = new Lab(Link.ipv4(kind, connecting).withPassword("secret77"))) {
        lab.start(routes);

        lab.eventually(() -> assertThat(lab.peer.active()).hasSize(routes.size()));
      }
    }
  }

  /// One router, and all in a row, for it is the coming up that takes time.
  @Test
  @Shows({
    Feature.GTSM,
    Feature.FOUR_OCTET_AS,
    Feature.EXTENDED_MESSAGE,
    Feature.ROUTE_REFRESH,
    Feature.SHUTDOWN_TEXT,
    Feature.GRACEFUL_RESTART,
    Feature.MAX_PREFIX
  })
  void aSessionThatHasMoreIsKeptUpAndEndedAsBothWant() throws Exception {
    try (var lab = new Lab(Link.ipv4(kind, Link.Connecting.BOTH).withMore())) {
      lab.start(routes);
      lab.awaitTable(routes);
      assertThat(lab.peer.neighbor().as()).isEqualTo(lab.link.routerAs());
      assertThat(lab.peer.route("203.0.113.0/24").asPath())
          .isEqualTo(lab.router.pathOf(routes.get(1)));
      if (lab.router.has(Feature.EXTENDED_MESSAGE)) {
        assertThat(lab.theirOpen().capability(Capability.ExtendedMessage.class)).isNotNull();
      }
      if (lab.router.has(Feature.ROUTE_REFRESH)) {
        lab.refreshes();
      }
      if (lab.router.has(Feature.SHUTDOWN_TEXT)) {
        lab.showsTextsOfBoth();
      }
      if (lab.router.has(Feature.GRACEFUL_RESTART)) {
        lab.restartsGracefully();
      }
      lab.hasMoreThanItMay();
    }
  }

  /// Who may open a connection that is signed.
  List<Link.Connecting> signedDirections() {
    return List.of(Link.Connecting.ROUTER, Link.Connecting.COLLECTOR);
  }

  static List<String> prefixes(List<Route> routes) {
    return routes.stream().map(Route::prefix).toList();
  }

  private static Map<String, Instant> firstSeen(BgpPeer peer) throws Exception {
    return peer.routes().stream().collect(Collectors.toMap(RouteRow::prefix, RouteRow::firstSeen));
  }

  /// One router and one collector.
  final class Lab implements AutoCloseable {
    final Link link;
    final Router router;
    final BgpPeer peer;
    private final List<Router> upstreams = new ArrayList<>();

    Lab(Link link) throws Exception {
      this(link, link, BgpPeer::inside);
    }

    /// With a tap between them.
    Lab(Link link, Tap tap) throws Exception {
      this(link, link.tapped(tap.address()), BgpPeer::inside);
    }

    private Lab(Link link, Link seenByCollector, Start start) throws Exception {
      this.link = link;
      router = kind.router(link, directory);
      peer = start.of(directory, seenByCollector);
    }

    void start(List<Route> announced) throws Exception {
      router.announce(announced);
      router.start();
    }

    /// A router that has but one path of its own for a prefix gets each from somebody else.
    void startWithPaths(List<Route> paths) throws Exception {
      if (kind.hasPathsOfItsOwn) {
        start(paths);
        return;
      }
      start(List.of());
      for (int i = 0; i < paths.size(); i++) {
        Router upstream = Router.Kind.BIRD.router(link.upstreams().get(i), directory);
        upstreams.add(upstream);
        upstream.announce(List.of(paths.get(i)));
        upstream.start();
      }
    }

    void withdrawSecondPath() throws Exception {
      if (kind.hasPathsOfItsOwn) {
        router.announce(router.routes().subList(0, 1));
      } else {
        upstreams.get(1).announce(List.of());
      }
    }

    List<String> expectedPaths() {
      return kind.hasPathsOfItsOwn
          ? router.routes().stream().map(router::pathOf).toList()
          : upstreams.stream()
              .map(upstream -> router.as() + " " + upstream.pathOf(upstream.routes().getFirst()))
              .toList();
    }

    /// Waits until these are its routes, and both families told that this is all.
    void awaitTable(List<Route> all) throws Exception {
      eventually(
          () -> {
            assertThat(peer.active()).hasSameElementsAs(prefixes(all));
            assertThat(peer.neighbor().state()).isEqualTo(SessionState.UP);
            assertThat(peer.neighbor().families())
                .hasSize(2)
                .extracting(FamilyCount::endOfRibAt)
                .doesNotContainNull();
          });
    }

    Open theirOpen() throws Exception {
      byte[] octets = HexFormat.of().parseHex(lastOfSessions("hex(open_received)"));
      return Open.decode(octets, 0, octets.length);
    }

    private String lastOfSessions(String column) throws Exception {
      return peer.sql("SELECT " + column + " FROM session ORDER BY id DESC LIMIT 1").getFirst();
    }

    void refreshes() throws Exception {
      int before = Integer.parseInt(lastOfSessions("updates"));
      peer.order("refresh", "router", "");
      eventually(
          () -> {
            assertThat(Integer.parseInt(lastOfSessions("updates"))).isGreaterThan(before);
            assertThat(peer.active()).hasSize(routes.size());
            assertThat(peer.routes()).noneMatch(RouteRow::stale);
          });
    }

    void showsTextsOfBoth() throws Exception {
      peer.order("reset", "router", "a word from us");
      eventually(() -> assertThat(router.log()).contains("a word from us"));
      awaitTable(routes);

      router.shutDown("a word from it");
      eventually(() -> assertThat(lastOfSessions("why")).contains("a word from it"));
      router.bringUp();
      awaitTable(routes);
    }

    void restartsGracefully() throws Exception {
      Map<String, Instant> firstSeen = firstSeen(peer);
      List<Route> kept = List.of(routes.get(0), routes.get(2));
      router.kill();
      eventually(() -> assertThat(peer.neighbor().state()).isEqualTo(SessionState.STALE));
      assertThat(peer.routes()).allMatch(RouteRow::active).allMatch(RouteRow::stale);

      router.announce(kept);
      router.start();
      awaitTable(kept);
      assertThat(peer.route("203.0.113.0/24").reason()).isEqualTo("not-resent-before-End-of-RIB");
      assertThat(firstSeen(peer)).isEqualTo(firstSeen);
      router.announce(routes);
      awaitTable(routes);
    }

    void hasMoreThanItMay() throws Exception {
      peer.configureMore("max-prefix: 1");
      eventually(() -> assertThat(lastOfSessions("cause")).isEqualTo("PREFIX_LIMIT"));
      assertThat(peer.active()).isEmpty();
    }

    void assertArrivedAsTheyAre(List<Route> announced) throws Exception {
      for (Route route : announced) {
        RouteRow row = peer.route(route.prefix());
        assertThat(row.nextHop()).as("next hop of %s", route).isEqualTo(route.nextHop());
        assertThat(row.asPath()).as("path of %s", route).isEqualTo(router.pathOf(route));
        assertThat(row.communities())
            .as("communities of %s", route)
            .isEqualTo(String.join(" ", route.communities()));
        assertThat(row.largeCommunities())
            .as("large communities of %s", route)
            .isEqualTo(String.join(" ", route.largeCommunities()));
        assertThat(row.extCommunities())
            .as("extended communities of %s", route)
            .isEqualTo(
                route.routeTargets().stream().map("rt:"::concat).collect(Collectors.joining(" ")));
      }
    }

    /// Waits, and if it was in vain says what both sides had to say.
    void eventually(Eventually.Claim claim) throws Exception {
      try {
        Eventually.holds(claim);
      } catch (AssertionError | IllegalStateException e) {
        throw new AssertionError(
            e.getMessage()
                + "\n--- routes\n"
                + peer.routes()
                + "\n--- "
                + router.name()
                + "\n"
                + router.log()
                + "\n--- bgp-peer\n"
                + peer.log()
                + "\n"
                + peer.sessionLog(),
            e);
      }
    }

    @Override
    public void close() throws Exception {
      for (Router upstream : upstreams) {
        upstream.close();
      }
      router.close();
      peer.close();
    }
  }
}
