package org.bgppeer.session;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.Open;
import org.jspecify.annotations.Nullable;

/// All that is to be said about one neighbor at a moment.
///
/// @param lastSession messages and octets of the session that is up, or else of the last one that
///     was, from its OPENs on; nothing if there was none since the start of the program
/// @param local our end of its connection; null if there is none
/// @param peer theirs
/// @param dialled whether we initiated it
/// @param ours the OPEN that we send
/// @param theirs the one that they sent in this connection; null if none came
/// @param timers how long each timer that runs has still to go, by name
/// @param failures attempts in a row that came to nothing: the back-off grows with them
/// @param kept what of their routes is kept while they restart
/// @param keptSince from when on that counts; null if nothing is
public record NeighborDetail(
    NeighborStatus status,
    Map<Counter, Long> lastSession,
    @Nullable InetSocketAddress local,
    @Nullable InetSocketAddress peer,
    boolean dialled,
    Open ours,
    @Nullable Open theirs,
    Map<String, Duration> timers,
    int failures,
    List<Kept> kept,
    @Nullable Instant keptSince) {}
