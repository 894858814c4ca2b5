package org.bgppeer.store;

import java.time.Instant;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;

/// One message as it came, or as we sent it.
///
/// @param sent whether we sent it
/// @param type the message type code: 1 OPEN, 2 UPDATE, 3 NOTIFICATION, 4 KEEPALIVE, 5
///     ROUTE-REFRESH
/// @param message the whole message, marker included
/// @param context what is needed to decode it: as its session had it
/// @param finding what RFC 7606 had to say about it, in words, the strongest first; null if nothing
/// @param segment, offset where it stands in the journal
public record PacketRow(
    long id,
    Instant at,
    String neighbor,
    boolean sent,
    int type,
    Octets message,
    DecodeContext context,
    @Nullable String finding,
    String segment,
    long offset) {}
