package org.bgppeer.session;

import java.time.Instant;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.SessionCause;
import org.jspecify.annotations.Nullable;

/// How one neighbor stands, at one moment.
///
/// @param neighbor as configured
/// @param state of the session that is furthest, if two connections are open at once
/// @param since when it came to that state
/// @param reading false while the journal is congested and we do not read
/// @param messagesReceived since the start of the program
/// @param updatesReceived of these, the UPDATEs
/// @param messagesSent since the start of the program
/// @param established how often the session came up
/// @param lastCause why the last session or attempt ended; null if none has
/// @param lastNotification the last one, sent or received; null if none was
public record NeighborStatus(
    NeighborConfig neighbor,
    State state,
    Instant since,
    boolean reading,
    long messagesReceived,
    long updatesReceived,
    long messagesSent,
    long established,
    @Nullable SessionCause lastCause,
    @Nullable Notification lastNotification) {}
