package org.bgppeer.session;

import java.time.Duration;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.SessionCause;

/// What the state machine wants done; [Session] does it.
sealed interface Action {
  /// Starts it anew; how long it runs grows with the count of failures. Never runs where we do not
  /// dial.
  record StartConnectRetryTimer() implements Action {}

  /// Stops it.
  record StopConnectRetryTimer() implements Action {}

  /// Starts the hold timer anew; zero stops it.
  record StartHoldTimer(Duration holdTime) implements Action {}

  /// Starts the keepalive timer anew, to run a third of this hold time; zero stops it.
  record StartKeepaliveTimer(Duration holdTime) implements Action {}

  /// Rests before the next attempt: not at all, or longer with each failure if `damped` (RFC 4271
  /// §8.1.1, DampPeerOscillations).
  record StartIdleHoldTimer(boolean damped) implements Action {}

  /// Initiates a TCP connection.
  record Dial() implements Action {}

  record SendOpen() implements Action {}

  record SendKeepalive() implements Action {}

  record Send(Notification notification) implements Action {}

  /// Drops the TCP connection, when what was sent is out, and stops all timers.
  ///
  /// @param text what else is known about the cause, in words
  record Close(SessionCause cause, String text) implements Action {}

  /// Adds one to the ConnectRetryCounter.
  record CountFailure() implements Action {}

  /// Sets the ConnectRetryCounter to zero.
  record ClearFailures() implements Action {}
}
