package org.bgppeer.interop;

import java.util.List;

/// A route that a router is told to announce.
///
/// @param path what stands behind the router's own AS in the AS path
/// @param communities, largeCommunities as `64501:1`, `64501:1:2`
/// @param routeTargets extended communities, as `64501:3`
record Route(
    String prefix,
    String nextHop,
    List<Long> path,
    List<String> communities,
    List<String> largeCommunities,
    List<String> routeTargets) {
  static Route of(String prefix, String nextHop) {
    return new Route(prefix, nextHop, List.of(), List.of(), List.of(), List.of());
  }

  Route withPath(Long... as) {
    return new Route(prefix, nextHop, List.of(as), communities, largeCommunities, routeTargets);
  }

  Route withNextHop(String other) {
    return new Route(prefix, other, path, communities, largeCommunities, routeTargets);
  }

  Route withCommunities(List<String> standard, List<String> large, List<String> targets) {
    return new Route(prefix, nextHop, path, standard, large, targets);
  }

  boolean isIpv6() {
    return prefix.contains(":");
  }
}
