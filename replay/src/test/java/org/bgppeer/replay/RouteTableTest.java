package org.bgppeer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bgppeer.replay.DemoTable.Origination;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private static final List<Origination> ALL = DemoTable.load();

  private static Vantage vantage(long as, boolean routeServer, boolean addPath) {
    return new Vantage(
        as,
        routeServer,
        InetAddress.ofLiteral("198.51.100.1"),
        InetAddress.ofLiteral("2001:db8::"),
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        addPath,
        as);
  }

  private static List<RouteAttributes> attributes(RouteTable table) {
    return IntStream.range(0, table.size()).mapToObj(table::attributes).toList();
  }

  @Test
  void theTableHasRealPrefixesOfBothFamiliesEachOnce() {
    assertThat(ALL.stream().filter(o -> !o.prefix().isIpv6())).hasSize(30_000);
    assertThat(ALL.stream().filter(o -> o.prefix().isIpv6())).hasSize(8_000);
    assertThat(ALL.stream().map(Origination::prefix)).doesNotHaveDuplicates();
    assertThat(ALL)
        .contains(
            new Origination(Prefix.parse("8.8.8.0/24"), 15169),
            new Origination(Prefix.parse("2001:7fd::/48"), 25152));
  }

  @Test
  void theOriginsOfATableStandInARow() {
    var seen = new HashSet<Long>();
    long last = -1;
    for (var origination : ALL) {
      if (origination.originAs() != last) {
        assertThat(seen.add(origination.originAs())).isTrue();
        last = origination.originAs();
      }
    }
  }

  @Test
  void aTransitPathLooksLikeARealOne() {
    var all = attributes(new RouteTable(vantage(64500, false, false), ALL));

    assertThat(all).hasSizeBetween(36_000, 38_000);
    assertThat(all.stream().mapToInt(a -> a.asPath().size()).average().orElseThrow())
        .isBetween(4.0, 4.7);
    assertThat(all).allMatch(a -> a.asPath().getFirst() == 64500);
    assertThat(all).allMatch(RouteTableTest::hasNoLoop);
    assertThat(new HashSet<>(all)).as("sets of attributes").hasSizeBetween(4_000, 15_000);
  }

  @Test
  void theLastAsOfAPathIsThePrefixsOrigin() {
    var table = new RouteTable(vantage(64501, false, false), ALL);

    assertThat(IntStream.range(0, table.size()).boxed())
        .allMatch(route -> table.attributes(route).asPath().getLast() == table.originAs(route));
  }

  @Test
  void aRouteServerStaysOutOfThePathAndHasItsMembersRoutesOnly() {
    var all = attributes(new RouteTable(vantage(64502, true, false), ALL));

    assertThat(all).hasSizeBetween(10_000, 25_000);
    assertThat(all).noneMatch(a -> a.asPath().contains(64502L));
    assertThat(all).allMatch(RouteTableTest::hasNoLoop);
    assertThat(all).allMatch(a -> Topology.tier(a.asPath().getFirst()) > 1);
    assertThat(all.stream().map(RouteAttributes::nextHop).distinct().count()).isGreaterThan(20);
  }

  @Test
  void twoRoutersSeeTheSameOriginsInDifferentWays() {
    var one = paths(new RouteTable(vantage(64500, false, false), ALL));
    var two = paths(new RouteTable(vantage(64501, false, false), ALL));
    var both = new HashSet<>(one.keySet());
    both.retainAll(two.keySet());

    assertThat(both.size()).isGreaterThan(30_000).isLessThan(one.size());
    assertThat(both.stream().filter(p -> tail(one, p).equals(tail(two, p))).count())
        .isLessThan(both.size() * 3L / 4);
  }

  @Test
  void withAddPathSomePrefixesHaveSeveralPathsThatDiffer() {
    var table = new RouteTable(vantage(64502, true, true), ALL);
    var paths = new HashMap<Prefix, List<RouteAttributes>>();
    for (int route = 0; route < table.size(); route++) {
      paths
          .computeIfAbsent(table.nlri(route).prefix(), _ -> new ArrayList<>())
          .add(table.attributes(route));
    }

    assertThat(paths.values().stream().filter(p -> p.size() > 1).count())
        .isBetween(paths.size() / 8L, paths.size() / 2L);
    assertThat(paths.values().stream().filter(p -> p.size() == 2 && !p.get(0).equals(p.get(1))))
        .isNotEmpty();
    assertThat(table.announced(Family.IPV4_UNICAST, false).values())
        .allMatch(routes -> routes.stream().allMatch(route -> route.pathId() == 1));
  }

  @Test
  void aLimitedTableHasJustSoManyPrefixes() {
    var vantage =
        new Vantage(
            64500,
            false,
            InetAddress.ofLiteral("198.51.100.1"),
            InetAddress.ofLiteral("2001:db8::"),
            100,
            0,
            false,
            1);

    assertThat(new RouteTable(vantage, ALL).size()).isEqualTo(100);
  }

  private static Map<Prefix, List<Long>> paths(RouteTable table) {
    var paths = new HashMap<Prefix, List<Long>>();
    for (int route = 0; route < table.size(); route++) {
      paths.put(table.nlri(route).prefix(), table.attributes(route).asPath());
    }
    return paths;
  }

  private static List<Long> tail(Map<Prefix, List<Long>> paths, Prefix prefix) {
    var path = paths.getOrDefault(prefix, List.of());
    return path.subList(1, path.size());
  }

  /// The same AS twice only in a row.
  private static boolean hasNoLoop(RouteAttributes attributes) {
    var path = attributes.asPath();
    long changes =
        IntStream.range(1, path.size()).filter(i -> !path.get(i).equals(path.get(i - 1))).count();
    return changes + 1 == path.stream().distinct().count();
  }
}
