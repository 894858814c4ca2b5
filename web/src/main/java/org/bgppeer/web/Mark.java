package org.bgppeer.web;

import org.bgppeer.store.EventRow;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.RouteRow;
import org.bgppeer.store.SessionRow;
import org.jspecify.annotations.Nullable;

/// A state as it is shown: always a shape, a word and a colour together.
///
/// Red is for what is broken, not for what is gone: a withdrawn route is normal and stays grey.
///
/// @param kind names shape and colour, `#i-…` and `.st-…` of the stylesheet: `active`, `withdrawn`,
///     `down`, `stale`, `inferred`, `finding`, `off`
/// @param word what it is called in the table
public record Mark(String kind, String word) {

  /// The same state by another word.
  public Mark saying(String other) {
    return new Mark(kind, other);
  }

  /// The state of a neighbor's session.
  public static Mark of(NeighborRow.SessionState state) {
    return switch (state) {
      case UP -> new Mark("active", "up");
      case RECEIVING -> new Mark("active", "receiving");
      case CONNECTING -> new Mark("off", "connecting");
      case DOWN -> new Mark("down", "down");
      case STALE -> new Mark("stale", "stale");
      case IMPORTED -> new Mark("off", "archive");
    };
  }

  /// The state of a route, or the one in which a former version of it ended.
  public static Mark of(RouteRow route) {
    if (route.active()) {
      return route.stale() ? new Mark("stale", "stale") : new Mark("active", "active");
    }
    return ofReason(route.reason(), route.inferred());
  }

  /// Why a route is not active, by the name of its reason. A reason without a row here is shown by
  /// its own name.
  public static Mark ofReason(@Nullable String reason, boolean inferred) {
    return switch (reason) {
      case null -> new Mark("withdrawn", "inactive");
      case "withdrawn" ->
          inferred ? new Mark("inferred", "ended, inferred") : new Mark("withdrawn", "withdrawn");
      case "replaced" -> new Mark("withdrawn", "replaced");
      case "session-down" -> new Mark("down", "session ended");
      case "treat-as-withdraw" -> new Mark("finding", "treated as withdrawn");
      case "not-resent-before-End-of-RIB", "not-resent-in-refresh" ->
          new Mark("inferred", "ended, inferred");
      case "graceful-restart-stale", "llgr-stale", "no-llgr" -> new Mark("stale", "not sent again");
      case "max-prefix" -> new Mark("down", "over the limit");
      case "purged" -> new Mark("off", "purged");
      default -> new Mark(inferred ? "inferred" : "withdrawn", reason);
    };
  }

  /// How a session ended: who ended it, in two words.
  public static Mark of(SessionRow session) {
    return session.downAt() == null ? new Mark("active", "up") : ofCause(session.cause());
  }

  /// Who ended a session, or refused one, by the name of the cause.
  public static Mark ofCause(@Nullable String cause) {
    return switch (cause) {
      case null -> new Mark("off", "ended");
      case "HOLD_TIMER_EXPIRED", "SEND_HOLD_TIMER_EXPIRED", "NOTIFICATION_SENT" ->
          new Mark("down", "we closed");
      case "NOTIFICATION_RECEIVED" -> new Mark("down", "they closed");
      case "CONNECTION_CLOSED", "CONNECTION_RESET" -> new Mark("down", "no reason");
      case "CONNECTION_REFUSED" -> new Mark("off", "refused");
      case "CONNECTION_TIMED_OUT" -> new Mark("off", "no answer");
      case "NO_ROUTE" -> new Mark("off", "not reachable");
      case "COLLISION" -> new Mark("off", "two at once");
      case "BROUGHT_NOTHING" -> new Mark("off", "brought nothing");
      case "NOT_CONFIGURED" -> new Mark("finding", "not configured");
      case "ADMINISTRATIVE" -> new Mark("off", "we removed it");
      case "COLLECTOR_STOPPED" -> new Mark("off", "we stopped");
      case "COLLECTOR_CRASHED" -> new Mark("inferred", "cut off, inferred");
      case "STALE_EXPIRED", "RESTART_EXPIRED" -> new Mark("inferred", "did not return");
      case "PREFIX_LIMIT" -> new Mark("down", "too many routes");
      case "OPERATOR_RESET" -> new Mark("off", "we reset it");
      case "INTERNAL_ERROR" -> new Mark("finding", "our fault");
      default -> new Mark("off", "ended");
    };
  }

  /// One line of the session log.
  public static Mark of(EventRow event) {
    return switch (event.kind()) {
      case "up" -> new Mark("active", "up");
      case "down" -> ofCause(event.cause()).saying("down");
      case "rejected" -> new Mark("finding", "not configured");
      case "limit" -> new Mark("finding", "too many routes");
      default -> new Mark("off", "failed");
    };
  }
}
