package org.bgppeer.session;

import java.time.Duration;
import java.util.List;
import org.bgppeer.session.Action.ClearFailures;
import org.bgppeer.session.Action.Close;
import org.bgppeer.session.Action.CountFailure;
import org.bgppeer.session.Action.Dial;
import org.bgppeer.session.Action.Send;
import org.bgppeer.session.Action.SendKeepalive;
import org.bgppeer.session.Action.SendOpen;
import org.bgppeer.session.Action.StartConnectRetryTimer;
import org.bgppeer.session.Action.StartHoldTimer;
import org.bgppeer.session.Action.StartIdleHoldTimer;
import org.bgppeer.session.Action.StartKeepaliveTimer;
import org.bgppeer.session.Action.StopConnectRetryTimer;
import org.bgppeer.session.Event.AutomaticStop;
import org.bgppeer.session.Event.ConnectRetryTimerExpires;
import org.bgppeer.session.Event.HeaderErrorFound;
import org.bgppeer.session.Event.HoldTimerExpires;
import org.bgppeer.session.Event.IdleHoldTimerExpires;
import org.bgppeer.session.Event.KeepaliveReceived;
import org.bgppeer.session.Event.KeepaliveTimerExpires;
import org.bgppeer.session.Event.ManualStop;
import org.bgppeer.session.Event.NotificationReceived;
import org.bgppeer.session.Event.NotificationVersionError;
import org.bgppeer.session.Event.OpenCollisionDump;
import org.bgppeer.session.Event.OpenErrorFound;
import org.bgppeer.session.Event.OpenReceived;
import org.bgppeer.session.Event.RouteRefreshErrorFound;
import org.bgppeer.session.Event.RouteRefreshReceived;
import org.bgppeer.session.Event.SendHoldTimerExpires;
import org.bgppeer.session.Event.Start;
import org.bgppeer.session.Event.TcpConnectionAcknowledged;
import org.bgppeer.session.Event.TcpConnectionConfirmed;
import org.bgppeer.session.Event.TcpConnectionFails;
import org.bgppeer.session.Event.TcpConnectionInvalid;
import org.bgppeer.session.Event.TcpConnectionValid;
import org.bgppeer.session.Event.UpdateErrorFound;
import org.bgppeer.session.Event.UpdateReceived;
import org.bgppeer.session.State.Active;
import org.bgppeer.session.State.Connect;
import org.bgppeer.session.State.Established;
import org.bgppeer.session.State.Idle;
import org.bgppeer.session.State.OpenConfirm;
import org.bgppeer.session.State.OpenSent;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.SessionCause;

/// The state machine of RFC 4271 §8.2.2 as a function: no clock, no socket, no log. `Close` stands
/// for the RFC's "releases all BGP resources, drops the TCP connection" and stops every timer.
///
/// Where it parts from the letter, because all speakers do and the RFC would harm:
///
/// * a NOTIFICATION in OpenSent is not answered with a NOTIFICATION (§6.4 forbids the answer that
///   §8.2.2 asks for);
/// * a header error in Established is told as what it is (§6.1), and not as an FSM error;
/// * each end that was not our operator's wish counts as a failure, so that the back-off covers a
///   neighbor who accepts our call and drops it;
/// * a collision does not, on either side: nothing is wrong with a neighbor that has two
///   connections at once, and where each side closed another one of them, both are to be back soon.
final class Fsm {
  /// The hold time in OpenSent, "a large value" (RFC 4271 §8.2.2).
  static final Duration LARGE_HOLD_TIME = Duration.ofMinutes(4);

  private static final Idle IDLE = new Idle();
  private static final Connect CONNECT = new Connect();
  private static final Active ACTIVE = new Active();
  private static final OpenSent OPEN_SENT = new OpenSent();

  private Fsm() {}

  /// The next state, and what to do on the way there, in order.
  record Step(State next, List<Action> actions) {
    Step(State next, Action... actions) {
      this(next, List.of(actions));
    }
  }

  /// Total: every state answers every event.
  static Step step(State state, Event event) {
    return switch (state) {
      case Idle same -> idle(same, event);
      case Connect same -> connect(same, event);
      case Active same -> active(same, event);
      case OpenSent same -> openSent(same, event);
      case OpenConfirm same -> openConfirm(same, event);
      case Established same -> established(same, event);
    };
  }

  private static Step idle(Idle same, Event event) {
    return switch (event) {
      case Start start when start.passive() && start.damped() ->
          new Step(ACTIVE, new StartConnectRetryTimer());
      case Start start when start.passive() ->
          new Step(ACTIVE, new ClearFailures(), new StartConnectRetryTimer());
      case Start start when start.damped() ->
          new Step(CONNECT, new StartConnectRetryTimer(), new Dial());
      case Start _ ->
          new Step(CONNECT, new ClearFailures(), new StartConnectRetryTimer(), new Dial());
      // "Prevent persistent peer oscillation": listen at once, dial when the retry timer says so.
      case IdleHoldTimerExpires _ -> new Step(ACTIVE, new StartConnectRetryTimer());
      default -> new Step(same);
    };
  }

  private static Step connect(Connect same, Event event) {
    return switch (event) {
      case Start _, TcpConnectionValid _, TcpConnectionInvalid _ -> new Step(same);
      case ManualStop stop -> stopped(stop);
      case ConnectRetryTimerExpires _ ->
          new Step(
              same,
              new Close(SessionCause.CONNECTION_TIMED_OUT, ""),
              new CountFailure(),
              new StartConnectRetryTimer(),
              new Dial());
      case TcpConnectionAcknowledged _, TcpConnectionConfirmed _ -> connected();
      case TcpConnectionFails(var cause, var text) ->
          new Step(IDLE, new Close(cause, text), new CountFailure(), new StartIdleHoldTimer(false));
      case NotificationVersionError _ -> versionRefused();
      default -> dropped(same, event); // 8, 10-11, 13, 19, 21-23, 25-29
    };
  }

  private static Step active(Active same, Event event) {
    return switch (event) {
      case Start _, TcpConnectionValid _, TcpConnectionInvalid _ -> new Step(same);
      case ManualStop stop -> stopped(stop);
      case ConnectRetryTimerExpires _ ->
          new Step(CONNECT, new StartConnectRetryTimer(), new Dial());
      case TcpConnectionAcknowledged _, TcpConnectionConfirmed _ -> connected();
      case NotificationVersionError _ -> versionRefused();
      default -> dropped(same, event); // 8, 10-11, 13, 18-19, 21-23, 25-29
    };
  }

  private static Step openSent(OpenSent same, Event event) {
    return switch (event) {
      case Start _ -> new Step(same);
      // A second connection is another Session, until the OPENs decide (RFC 4271 §6.8).
      case TcpConnectionValid _, TcpConnectionInvalid _ -> new Step(same);
      case TcpConnectionAcknowledged _, TcpConnectionConfirmed _ -> new Step(same);
      case ManualStop stop -> toldToStop(stop);
      case TcpConnectionFails(var cause, var text) ->
          new Step(
              ACTIVE, new Close(cause, text), new CountFailure(), new StartConnectRetryTimer());
      case OpenReceived(var negotiated) ->
          new Step(
              new OpenConfirm(negotiated),
              new StopConnectRetryTimer(),
              new SendKeepalive(),
              new StartKeepaliveTimer(negotiated.holdTime()),
              new StartHoldTimer(negotiated.holdTime()));
      case NotificationVersionError _ -> versionRefused();
      case UpdateReceived _, UpdateErrorFound _ ->
          unexpected(MessageType.Assigned.UPDATE, Notification.IN_OPEN_SENT, same);
      case KeepaliveReceived _ ->
          unexpected(MessageType.Assigned.KEEPALIVE, Notification.IN_OPEN_SENT, same);
      case RouteRefreshReceived _, RouteRefreshErrorFound _ ->
          unexpected(MessageType.Assigned.ROUTE_REFRESH, Notification.IN_OPEN_SENT, same);
      default -> ended(same, event);
    };
  }

  private static Step openConfirm(OpenConfirm same, Event event) {
    Negotiated negotiated = same.negotiated();
    return switch (event) {
      case Start _ -> new Step(same);
      case TcpConnectionValid _, TcpConnectionInvalid _ -> new Step(same);
      case TcpConnectionAcknowledged _, TcpConnectionConfirmed _ -> new Step(same);
      case ManualStop stop -> toldToStop(stop);
      case KeepaliveTimerExpires _ ->
          new Step(same, new SendKeepalive(), new StartKeepaliveTimer(negotiated.holdTime()));
      case KeepaliveReceived _ ->
          new Step(new Established(negotiated), new StartHoldTimer(negotiated.holdTime()));
      case NotificationVersionError _ -> versionRefused();
      case OpenReceived _ ->
          unexpected(MessageType.Assigned.OPEN, Notification.IN_OPEN_CONFIRM, same);
      case UpdateReceived _, UpdateErrorFound _ ->
          unexpected(MessageType.Assigned.UPDATE, Notification.IN_OPEN_CONFIRM, same);
      case RouteRefreshReceived _, RouteRefreshErrorFound _ ->
          unexpected(MessageType.Assigned.ROUTE_REFRESH, Notification.IN_OPEN_CONFIRM, same);
      default -> ended(same, event);
    };
  }

  private static Step established(Established same, Event event) {
    Duration holdTime = same.negotiated().holdTime();
    return switch (event) {
      case Start _ -> new Step(same);
      case TcpConnectionValid _, TcpConnectionInvalid _ -> new Step(same);
      case TcpConnectionAcknowledged _, TcpConnectionConfirmed _ -> new Step(same);
      case ManualStop stop -> toldToStop(stop);
      case KeepaliveTimerExpires _ ->
          new Step(same, new SendKeepalive(), new StartKeepaliveTimer(holdTime));
      case KeepaliveReceived _, UpdateReceived _ -> new Step(same, new StartHoldTimer(holdTime));
      case RouteRefreshReceived _ -> new Step(same);
      case OpenReceived _, OpenErrorFound _ ->
          unexpected(MessageType.Assigned.OPEN, Notification.IN_ESTABLISHED, same);
      default -> ended(same, event);
    };
  }

  /// TCP is up, from either side.
  private static Step connected() {
    return new Step(
        OPEN_SENT,
        new StopConnectRetryTimer(),
        new SendOpen(),
        new StartHoldTimer(LARGE_HOLD_TIME));
  }

  /// Our operator's wish before there is anybody to tell.
  private static Step stopped(ManualStop stop) {
    return new Step(IDLE, new Close(stop.cause(), stop.text()), new ClearFailures());
  }

  /// Our operator's wish, told.
  private static Step toldToStop(ManualStop stop) {
    return new Step(
        IDLE, new Send(stop.cease()), new Close(stop.cause(), stop.text()), new ClearFailures());
  }

  /// They do not speak our version: not a failure that counts (RFC 4271 §8.2.2, event 24).
  private static Step versionRefused() {
    return new Step(
        IDLE, new Close(SessionCause.NOTIFICATION_RECEIVED, ""), new StartIdleHoldTimer(true));
  }

  /// The end of a session in OpenSent, OpenConfirm or Established, by any event that these states
  /// have no word of their own for.
  private static Step ended(State state, Event event) {
    return switch (event) {
      case AutomaticStop(var cease, var cause, var text) -> told(cease, cause, text);
      case HoldTimerExpires(var time) ->
          told(
              Notification.of(Notification.HOLD_TIMER_EXPIRED, 0),
              SessionCause.HOLD_TIMER_EXPIRED,
              SessionLog.words(time));
      case HeaderErrorFound(var notification, var text) ->
          told(notification, SessionCause.NOTIFICATION_SENT, text);
      case OpenErrorFound(var notification, var text) ->
          told(notification, SessionCause.NOTIFICATION_SENT, text);
      case UpdateErrorFound(var notification, var text) ->
          told(notification, SessionCause.NOTIFICATION_SENT, text);
      case RouteRefreshErrorFound(var notification, var text) ->
          told(notification, SessionCause.NOTIFICATION_SENT, text);
      case OpenCollisionDump _ ->
          new Step(
              IDLE,
              new Send(Notification.of(Notification.CEASE, Notification.CONNECTION_COLLISION)),
              new Close(SessionCause.COLLISION, ""),
              new StartIdleHoldTimer(false));
      case NotificationReceived(var notification) when notification.isCollision() ->
          new Step(IDLE, new Close(SessionCause.COLLISION, ""), new StartIdleHoldTimer(false));
      case TcpConnectionFails _, NotificationReceived _, NotificationVersionError _ ->
          dropped(state, event);
      // RFC 9687 would have us tell only if that cannot delay the end; here it would.
      case SendHoldTimerExpires _ -> dropped(state, event);
      // 9, 11, 13 and what the state has dealt with
      default ->
          told(
              Notification.of(Notification.FSM_ERROR, 0),
              SessionCause.INTERNAL_ERROR,
              nameOf(event) + " in " + state.label());
    };
  }

  /// A message that this state does not allow (RFC 6608 §4).
  private static Step unexpected(MessageType.Assigned type, int subcode, State state) {
    return told(
        new Notification(
            Notification.FSM_ERROR, subcode, Octets.of(new byte[] {(byte) type.code()})),
        SessionCause.NOTIFICATION_SENT,
        type + " in " + state.label());
  }

  /// The end, with a NOTIFICATION.
  private static Step told(Notification notification, SessionCause cause, String text) {
    return new Step(
        IDLE,
        new Send(notification),
        new Close(cause, text),
        new CountFailure(),
        new StartIdleHoldTimer(true));
  }

  /// The end, without a word.
  private static Step dropped(State state, Event event) {
    Close close =
        switch (event) {
          case TcpConnectionFails(var cause, var text) -> new Close(cause, text);
          case NotificationReceived _, NotificationVersionError _ ->
              new Close(SessionCause.NOTIFICATION_RECEIVED, "");
          case SendHoldTimerExpires(var time) ->
              new Close(SessionCause.SEND_HOLD_TIMER_EXPIRED, SessionLog.words(time));
          case AutomaticStop(_, var cause, var text) -> new Close(cause, text);
          default -> new Close(SessionCause.INTERNAL_ERROR, nameOf(event) + " in " + state.label());
        };
    return new Step(IDLE, close, new CountFailure(), new StartIdleHoldTimer(true));
  }

  private static String nameOf(Event event) {
    return event.getClass().getSimpleName();
  }
}
