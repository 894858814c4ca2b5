package org.bgppeer.wire;

/// Why a session, or an attempt at one, ended: what the journal keeps beside a state change. The
/// names are stored; new ones may come, none goes. [SessionWords] makes a sentence of each; what
/// the free text beside a cause should hold for that stands here.
public enum SessionCause {
  /// We heard nothing for the hold time. Text: the time, for instance `90 s`.
  HOLD_TIMER_EXPIRED,
  /// They did not read what we sent (RFC 9687). Text: the time, for instance `8 min`.
  SEND_HOLD_TIMER_EXPIRED,
  /// We found a fault and told them. Text: what was wrong, as a clause.
  NOTIFICATION_SENT,
  /// They told us why. Text: what else is known, for instance the hold time; may be empty.
  NOTIFICATION_RECEIVED,
  /// They closed the connection and gave no reason.
  CONNECTION_CLOSED,
  /// The connection broke.
  CONNECTION_RESET,
  /// Nothing listens there. Text: the address.
  CONNECTION_REFUSED,
  /// Nothing answers. Text: the address.
  CONNECTION_TIMED_OUT,
  /// There is no way to that address. Text: the address.
  NO_ROUTE,
  /// Of two connections at once this one was dropped (RFC 4271 §6.8).
  COLLISION,
  /// The connection was lost before it brought a route, and what our restart had left stale waits
  /// on: what the database makes of [#CONNECTION_CLOSED] and [#CONNECTION_RESET] then.
  BROUGHT_NOTHING,
  /// A caller whose address is not configured. Text: the address.
  NOT_CONFIGURED,
  /// The neighbor was removed, disabled or changed in our configuration.
  ADMINISTRATIVE,
  /// Our operator stopped the collector.
  COLLECTOR_STOPPED,
  /// The collector was cut off; the end was concluded at the next start.
  COLLECTOR_CRASHED,
  /// The neighbor did not come back after our restart.
  STALE_EXPIRED,
  /// The neighbor restarted and did not come back in time (RFC 4724 §4.2, RFC 9494 §4.2). Text: the
  /// time.
  RESTART_EXPIRED,
  /// It sent more routes than the configuration allows. Text: how many of which family.
  PREFIX_LIMIT,
  /// Our operator reset it. Text: the reason that the operator gave; may be empty.
  OPERATOR_RESET,
  /// A fault of our own. Text: which.
  INTERNAL_ERROR
}
