package org.bgppeer.session;

import java.time.Instant;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.StateReason;
import org.jspecify.annotations.Nullable;

/// Who is told all that sessions do, before anything interprets it: the journal, in the program.
///
/// Called by the threads of the sessions, several at a time, of one session in order; must return
/// soon and should not throw: what it throws ends the session whose call it was.
///
/// Between the messages stand the state changes:
///
/// ```
/// OPEN (sent) OPEN (received) KEEPALIVE KEEPALIVE  5 -> 6  …  NOTIFICATION  6 -> 1
/// ```
public interface Recorder {
  /// One message, whole, received or sent.
  ///
  /// @param at when it came, or was handed to the system
  /// @param octets only valid during the call; the message is the `length` octets at `offset`
  /// @param context what decoding it needs; before both OPENs are there, [DecodeContext#AS4]
  void message(
      Endpoints endpoints,
      boolean sent,
      Instant at,
      byte[] octets,
      int offset,
      int length,
      DecodeContext context);

  /// A session came up (5, 6), ended (6, 1), an attempt failed (2, 4 or 5, then 1), or a caller who
  /// is not configured was sent away (1, 1). Attempts that fail for the same reason again and again
  /// are told once a minute.
  ///
  /// @param oldState as numbered by [State#number]
  /// @param reason why it ended, and what outlives it; null when it came up
  void stateChange(
      Endpoints endpoints, Instant at, int oldState, int newState, @Nullable StateReason reason);

  /// True while no more can be taken: the sessions stop reading until it is false.
  boolean congested();
}
