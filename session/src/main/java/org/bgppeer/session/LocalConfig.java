package org.bgppeer.session;

import java.net.InetSocketAddress;
import java.util.List;

/// What this speaker is, to all its neighbors.
///
/// @param as our AS number, 1..4294967295
/// @param routerId our BGP identifier as a number, not 0 (RFC 6286): 192.0.2.10 is 0xc000020a
/// @param listen where to take calls; may be empty
/// @param hostName told in the FQDN capability; empty if not to be told
/// @param domainName told with it; may be empty
/// @param timers how long to wait before trying again
public record LocalConfig(
    long as,
    long routerId,
    List<InetSocketAddress> listen,
    String hostName,
    String domainName,
    Timers timers) {
  public LocalConfig {
    NeighborConfig.checkAs(as);
    if (routerId <= 0 || routerId > 0xffff_ffffL) {
      throw new IllegalArgumentException(
          "router id " + routerId + " is not 1 to 4294967295, in dotted form 0.0.0.1 and up");
    }
    listen = List.copyOf(listen);
  }

  /// With the usual times, and without a host name.
  public static LocalConfig of(long as, long routerId, List<InetSocketAddress> listen) {
    return new LocalConfig(as, routerId, listen, "", "", Timers.DEFAULT);
  }

  /// The same, listening elsewhere.
  LocalConfig withListen(List<InetSocketAddress> elsewhere) {
    return new LocalConfig(as, routerId, elsewhere, hostName, domainName, timers);
  }

  /// The same with other times.
  public LocalConfig withTimers(Timers times) {
    return new LocalConfig(as, routerId, listen, hostName, domainName, times);
  }

  /// The same with a host name, and a domain name that may be empty.
  public LocalConfig withHostName(String host, String domain) {
    return new LocalConfig(as, routerId, listen, host, domain, timers);
  }
}
