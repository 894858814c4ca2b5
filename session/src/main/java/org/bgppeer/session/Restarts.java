package org.bgppeer.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.jspecify.annotations.Nullable;

/// What a session that ends leaves behind: whether the neighbor restarts gracefully, and how long
/// its routes are kept then.
final class Restarts {
  private Restarts() {}

  /// Of a session that was up.
  ///
  /// @param last the NOTIFICATION that it ended with; null if there was none
  static List<Kept> kept(
      Open theirs,
      Negotiated negotiated,
      SessionCause cause,
      @Nullable Notification last,
      Retention retention) {
    Capability.GracefulRestart restart = theirs.capability(Capability.GracefulRestart.class);
    if (!retention.helper() || restart == null || !survives(cause, last, restart)) {
      return List.of();
    }
    var longLived = theirs.capability(Capability.LongLivedGracefulRestart.class);
    var kept = new ArrayList<Kept>();
    for (Family family : new TreeSet<>(negotiated.families())) {
      int first = isListed(restart, family) ? restart.restartTimeSeconds() : 0;
      var one =
          new Kept(
              family,
              shorter(first, retention.longestRestart()),
              longLived == null
                  ? 0
                  : shorter(
                      staleTime(longLived, family),
                      retention.longLived().getOrDefault(family, Duration.ZERO)));
      if (one.restartSeconds() > 0 || one.longLivedSeconds() > 0) {
        kept.add(one);
      }
    }
    return kept;
  }

  /// Whether they said that any of their routes survives a restart.
  static boolean isExpected(Open theirs) {
    var restart = theirs.capability(Capability.GracefulRestart.class);
    return restart != null && !restart.entries().isEmpty();
  }

  /// Whether they just restarted, and wait for what we have to say.
  static boolean isAwaitingUs(Open theirs) {
    var restart = theirs.capability(Capability.GracefulRestart.class);
    return restart != null && restart.restarted();
  }

  /// Whether an end of this kind is a restart: a connection that broke always (RFC 4724 §4.2), one
  /// that was told to end if both said so with the N bit (RFC 8538 §4).
  private static boolean survives(
      SessionCause cause, @Nullable Notification last, Capability.GracefulRestart theirs) {
    return switch (cause) {
      case CONNECTION_CLOSED,
          CONNECTION_RESET,
          CONNECTION_TIMED_OUT,
          CONNECTION_REFUSED,
          NO_ROUTE ->
          true;
      case HOLD_TIMER_EXPIRED,
          SEND_HOLD_TIMER_EXPIRED,
          NOTIFICATION_SENT,
          OPERATOR_RESET,
          INTERNAL_ERROR ->
          theirs.notification();
      case NOTIFICATION_RECEIVED -> theirs.notification() && !isHard(last);
      case COLLISION,
          BROUGHT_NOTHING,
          NOT_CONFIGURED,
          ADMINISTRATIVE,
          COLLECTOR_STOPPED,
          COLLECTOR_CRASHED,
          STALE_EXPIRED,
          RESTART_EXPIRED,
          PREFIX_LIMIT ->
          false;
    };
  }

  private static boolean isHard(@Nullable Notification last) {
    return last != null
        && last.code() == Notification.CEASE
        && last.subcode() == Notification.HARD_RESET;
  }

  private static boolean isListed(Capability.GracefulRestart restart, Family family) {
    return restart.entries().stream().anyMatch(entry -> entry.family().equals(family));
  }

  private static int staleTime(Capability.LongLivedGracefulRestart longLived, Family family) {
    return longLived.entries().stream()
        .filter(entry -> entry.family().equals(family))
        .mapToInt(Capability.LongLivedGracefulRestart.Entry::staleTimeSeconds)
        .findFirst()
        .orElse(0);
  }

  private static int shorter(int seconds, Duration most) {
    return (int) Math.min(seconds, most.toSeconds());
  }
}
