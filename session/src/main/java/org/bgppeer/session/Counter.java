package org.bgppeer.session;

import java.util.Locale;

/// What is counted of each neighbor, from the start of the program on.
public enum Counter {
  OPENS_RECEIVED,
  UPDATES_RECEIVED,
  NOTIFICATIONS_RECEIVED,
  KEEPALIVES_RECEIVED,
  ROUTE_REFRESHES_RECEIVED,
  OCTETS_RECEIVED,
  OCTETS_SENT,
  OPENS_SENT,
  NOTIFICATIONS_SENT,
  KEEPALIVES_SENT,
  ROUTE_REFRESHES_SENT,
  /// End-of-RIB, to neighbors that just restarted: the only UPDATE that we send.
  ENDS_OF_RIB_SENT,
  /// Messages whose header or length was wrong (RFC 4271 §6.1).
  HEADER_ERRORS,
  /// OPENs that would not do (RFC 4271 §6.2).
  OPEN_ERRORS,
  /// UPDATEs after which the session could not go on (RFC 7606 §2).
  UPDATE_ERRORS,
  /// UPDATEs whose routes were treated as withdrawn, or whose family was ignored.
  UPDATES_TREATED_AS_WITHDRAW,
  /// UPDATEs that lost an attribute and nothing else, or in which something was only marked.
  UPDATES_WITH_FINDINGS,
  /// Messages that came when they may not (RFC 6608).
  FSM_ERRORS,
  /// ROUTE-REFRESHes of a wrong length (RFC 7313 §5).
  ROUTE_REFRESH_ERRORS,
  /// Times that we heard nothing for the hold time (RFC 4271 §6.5).
  HOLD_TIMERS_EXPIRED,
  /// Times that they did not read what we sent (RFC 9687).
  SEND_HOLD_TIMERS_EXPIRED,
  /// Connections that lost to another one of both (RFC 4271 §6.8).
  COLLISIONS,
  /// Connections that broke, or that they closed without a word, with or without a session.
  CONNECTIONS_LOST,
  /// Calls of ours that did not come up.
  CALLS_FAILED,
  /// Times that it sent more routes than it may.
  LIMITS_REACHED,
  /// UPDATEs with routes that were leaked (RFC 9234 §5).
  LEAKS,
  /// Times that we stopped reading because the journal could not take more.
  PAUSES,
  /// Times that a session came up.
  ESTABLISHED,
  /// Attempts that came to nothing.
  ATTEMPTS_FAILED,
  /// Connections of theirs that we turned away.
  CALLS_REFUSED;

  /// As in JSON: `updates_received`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
