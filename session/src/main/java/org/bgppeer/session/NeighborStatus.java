package org.bgppeer.session;

import java.time.Instant;
import java.util.Map;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.SessionCause;
import org.jspecify.annotations.Nullable;

/// How one neighbor stands at a moment.
///
/// @param neighbor as configured
/// @param state of the session that is furthest, if two connections are open at once
/// @param since when it came to that state
/// @param reading false while the journal is congested and we do not read
/// @param counters each of them, since the start of the program
/// @param lastCause why the last session or attempt ended; null if none has
/// @param lastReceived the last NOTIFICATION from them; null if none came
/// @param lastSent the last NOTIFICATION to them; null if none was sent
public record NeighborStatus(
    NeighborConfig neighbor,
    State state,
    Instant since,
    boolean reading,
    Map<Counter, Long> counters,
    @Nullable SessionCause lastCause,
    @Nullable Told lastReceived,
    @Nullable Told lastSent) {

  /// A NOTIFICATION and when it was said.
  public record Told(Instant at, Notification notification) {}

  /// All messages from them.
  public long messagesReceived() {
    return count(Counter.OPENS_RECEIVED)
        + count(Counter.UPDATES_RECEIVED)
        + count(Counter.NOTIFICATIONS_RECEIVED)
        + count(Counter.KEEPALIVES_RECEIVED)
        + count(Counter.ROUTE_REFRESHES_RECEIVED);
  }

  /// All messages to them.
  public long messagesSent() {
    return count(Counter.OPENS_SENT)
        + count(Counter.NOTIFICATIONS_SENT)
        + count(Counter.ENDS_OF_RIB_SENT)
        + count(Counter.KEEPALIVES_SENT)
        + count(Counter.ROUTE_REFRESHES_SENT);
  }

  /// One of the counters.
  public long count(Counter counter) {
    return counters.getOrDefault(counter, 0L);
  }
}
