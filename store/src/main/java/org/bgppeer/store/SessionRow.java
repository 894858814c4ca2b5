package org.bgppeer.store;

import java.time.Instant;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;

/// One session with one neighbor, from ESTABLISHED to its end.
///
/// @param generation 1 for the first session of this neighbor, 2 for the next one …
/// @param downAt null while it is up
/// @param cause the kind of end, a name of [org.bgppeer.wire.SessionCause]; null while it is up
/// @param why the end in words, with codes in brackets behind; null while it is up
/// @param notificationPacket the packet that holds the NOTIFICATION of the end; null if there was
///     none
/// @param openSent our OPEN, the whole message; null if the session began before we looked
/// @param openReceived their OPEN, the whole message; null if the session began before we looked
/// @param updates UPDATE messages received in it
public record SessionRow(
    long id,
    long neighborId,
    String neighbor,
    int generation,
    String localAddress,
    Instant upAt,
    @Nullable Instant downAt,
    @Nullable String cause,
    @Nullable String why,
    @Nullable Long notificationPacket,
    @Nullable Octets openSent,
    @Nullable Octets openReceived,
    long updates) {

  /// As it looked before it ended: it did not know yet that it would.
  SessionRow running() {
    return new SessionRow(
        id,
        neighborId,
        neighbor,
        generation,
        localAddress,
        upAt,
        null,
        null,
        null,
        null,
        openSent,
        openReceived,
        updates);
  }
}
