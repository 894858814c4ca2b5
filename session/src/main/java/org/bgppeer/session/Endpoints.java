package org.bgppeer.session;

import java.net.InetSocketAddress;

/// The two ends of a connection.
///
/// @param neighbor its configured name; of a caller that is not configured, its address
/// @param peerAs as configured; 0 of a caller that is not configured
/// @param localAs ours
/// @param peer their address and port
/// @param local ours; port 0, and perhaps the wildcard address, before there is a connection
public record Endpoints(
    String neighbor, long peerAs, long localAs, InetSocketAddress peer, InetSocketAddress local) {}
