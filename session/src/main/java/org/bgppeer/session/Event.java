package org.bgppeer.session;

import java.time.Duration;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.SessionCause;

/// What can happen to a session; the numbers are RFC 4271 §8.1's. Events 12 and 20 are those of
/// DelayOpen, an optional attribute that this speaker does not have.
sealed interface Event {

  /// The six ways to begin (RFC 4271 §8.1.2); all are ignored but in Idle.
  sealed interface Start extends Event {
    /// Whether to begin by waiting for their call (PassiveTcpEstablishment) and not by dialling.
    boolean passive();

    /// Whether the count of failures is kept (DampPeerOscillations).
    boolean damped();
  }

  /// 1, and 4 if passive: our operator's wish.
  record ManualStart(boolean passive) implements Start {
    @Override
    public boolean damped() {
      return false;
    }
  }

  /// 2: our operator's wish.
  ///
  /// @param cease the NOTIFICATION for a neighbor who has our OPEN
  record ManualStop(Notification cease, SessionCause cause, String text) implements Event {}

  /// 3 and 5, and 6 and 7 if damped: our own doing.
  record AutomaticStart(boolean passive, boolean damped) implements Start {}

  /// 8: our own doing.
  ///
  /// @param cease the NOTIFICATION for a neighbor who has our OPEN
  record AutomaticStop(Notification cease, SessionCause cause, String text) implements Event {}

  /// 9
  record ConnectRetryTimerExpires() implements Event {}

  /// 10
  ///
  /// @param holdTime how long we heard nothing
  record HoldTimerExpires(Duration holdTime) implements Event {}

  /// 11
  record KeepaliveTimerExpires() implements Event {}

  /// 13
  record IdleHoldTimerExpires() implements Event {}

  /// 14: somebody calls.
  record TcpConnectionValid() implements Event {}

  /// 15: somebody calls who must not.
  record TcpConnectionInvalid() implements Event {}

  /// 16: our dialling succeeded.
  record TcpConnectionAcknowledged() implements Event {}

  /// 17: their call was taken.
  record TcpConnectionConfirmed() implements Event {}

  /// 18
  ///
  /// @param text what else is known, in words
  record TcpConnectionFails(SessionCause cause, String text) implements Event {}

  /// 19: an OPEN that passed all checks and no collision speaks against.
  record OpenReceived(Negotiated negotiated) implements Event {}

  /// 21
  record HeaderErrorFound(Notification notification, String text) implements Event {}

  /// 22
  record OpenErrorFound(Notification notification, String text) implements Event {}

  /// 23: of two connections this one must go (RFC 4271 §6.8).
  record OpenCollisionDump() implements Event {}

  /// 24: they do not speak version 4.
  record NotificationVersionError(Notification notification) implements Event {}

  /// 25
  record NotificationReceived(Notification notification) implements Event {}

  /// 26
  record KeepaliveReceived() implements Event {}

  /// 27: an UPDATE that is well, or whose faults cost less than the session (RFC 7606).
  record UpdateReceived() implements Event {}

  /// 28: an UPDATE after which the session cannot go on (RFC 7606 §2, session reset).
  record UpdateErrorFound(Notification notification, String text) implements Event {}

  /// 29, of RFC 9687: they do not read what we send.
  record SendHoldTimerExpires(Duration sendHoldTime) implements Event {}

  /// Without a number: ROUTE-REFRESH (RFC 2918), which we, having no routes, need not answer.
  record RouteRefreshReceived() implements Event {}

  /// Without a number: a ROUTE-REFRESH of a wrong length (RFC 7313 §5).
  record RouteRefreshErrorFound(Notification notification, String text) implements Event {}
}
