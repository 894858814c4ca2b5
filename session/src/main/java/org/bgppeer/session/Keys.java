package org.bgppeer.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bgppeer.wire.Prefix;

/// What a listening socket asks its callers for. A neighbor without a key within a range with one
/// cannot be told to the kernel: the range's counts for it.
///
/// @param passwords whose calls must be signed with TCP MD5, and how
/// @param tcpAo whose calls must be signed with TCP-AO, and how
record Keys(Map<Prefix, String> passwords, Map<Prefix, List<TcpAoKey>> tcpAo) {
  static Keys of(List<NeighborConfig> neighbors, List<NeighborRange> ranges) {
    var passwords = new HashMap<Prefix, String>();
    var tcpAo = new HashMap<Prefix, List<TcpAoKey>>();
    for (NeighborRange range : ranges) {
      put(range.range(), range.like(), passwords, tcpAo);
    }
    List<Prefix> signing = List.copyOf(tcpAo.keySet());
    for (NeighborConfig neighbor : neighbors) {
      if (neighbor.passive()) {
        put(TcpMd5.of(neighbor.address()), neighbor, passwords, tcpAo);
      }
    }
    var each = new HashMap<>(tcpAo);
    tcpAo.replaceAll((whose, keys) -> withoutThoseAround(whose, keys, signing, each));
    tcpAo.values().removeIf(List::isEmpty);
    return new Keys(passwords, tcpAo);
  }

  private static void put(
      Prefix whose,
      NeighborConfig neighbor,
      Map<Prefix, String> passwords,
      Map<Prefix, List<TcpAoKey>> tcpAo) {
    if (neighbor.password() != null) {
      passwords.put(whose, neighbor.password());
    }
    if (!neighbor.tcpAo().isEmpty()) {
      tcpAo.put(whose, neighbor.tcpAo());
    }
  }

  /// A key that a wider range has too is the same key, which the kernel refuses to take twice.
  private static List<TcpAoKey> withoutThoseAround(
      Prefix whose, List<TcpAoKey> keys, List<Prefix> ranges, Map<Prefix, List<TcpAoKey>> each) {
    var own = new ArrayList<>(keys);
    for (Prefix range : ranges) {
      if (!range.equals(whose) && range.contains(whose)) {
        own.removeAll(each.getOrDefault(range, List.of()));
      }
    }
    return own;
  }

  boolean isEmpty() {
    return passwords.isEmpty() && tcpAo.isEmpty();
  }

  /// Those of IPv4 addresses, or of IPv6 addresses.
  Keys ofKind(boolean ipv6) {
    var some = new Keys(new HashMap<>(passwords), new HashMap<>(tcpAo));
    some.passwords.keySet().removeIf(whose -> whose.isIpv6() != ipv6);
    some.tcpAo.keySet().removeIf(whose -> whose.isIpv6() != ipv6);
    return some;
  }
}
