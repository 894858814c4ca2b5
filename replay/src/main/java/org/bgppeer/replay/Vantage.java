package org.bgppeer.replay;

import java.net.InetAddress;

/// From where a router sees the Internet, and how it hands on what it sees.
///
/// @param as the router's own AS number
/// @param routeServer whether it is an exchange's route server: it leaves its own AS out of the
///     path, keeps the member's next hop (RFC 7947 §2.2), and has only what members and their
///     customers announce
/// @param ipv4NextHop for IPv4 routes; of a route server, some address of the peering LAN (/24)
/// @param ipv6NextHop for IPv6 routes; of a route server, some address of the peering LAN (/96)
/// @param ipv4 at most so many IPv4 prefixes
/// @param ipv6 at most so many IPv6 prefixes
/// @param addPath whether some prefixes have more than one path
/// @param seed for what differs between routers and is not the topology's
record Vantage(
    long as,
    boolean routeServer,
    InetAddress ipv4NextHop,
    InetAddress ipv6NextHop,
    int ipv4,
    int ipv6,
    boolean addPath,
    long seed) {}
