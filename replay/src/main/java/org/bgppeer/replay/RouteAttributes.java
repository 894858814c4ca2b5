package org.bgppeer.replay;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one or many prefixes are announced with; two that are equal travel in one UPDATE.
///
/// @param origin ORIGIN: 0 IGP, 1 EGP, 2 INCOMPLETE
/// @param asPath one AS_SEQUENCE, the sender's AS first
/// @param nextHop of the prefixes' own address family
/// @param med MULTI_EXIT_DISC, null if there is none
/// @param aggregator who made an aggregate of more-specifics; then ATOMIC_AGGREGATE is there too
/// @param communities RFC 1997, each an unsigned 32-bit number
/// @param largeCommunities RFC 8092
/// @param extendedCommunities RFC 4360, each its eight octets
record RouteAttributes(
    int origin,
    List<Long> asPath,
    InetAddress nextHop,
    @Nullable Long med,
    @Nullable Aggregator aggregator,
    List<Long> communities,
    List<LargeCommunity> largeCommunities,
    List<Long> extendedCommunities) {

  /// AGGREGATOR: the AS and the IPv4 address of the router that aggregated.
  record Aggregator(long as, InetAddress address) {}

  /// Three unsigned 32-bit numbers.
  record LargeCommunity(long globalAdministrator, long localData1, long localData2) {}

  RouteAttributes {
    asPath = List.copyOf(asPath);
    communities = List.copyOf(communities);
    largeCommunities = List.copyOf(largeCommunities);
    extendedCommunities = List.copyOf(extendedCommunities);
  }
}
