package org.bgppeer.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.bgppeer.session.State.Active;
import org.bgppeer.session.State.Connect;
import org.bgppeer.session.State.Established;
import org.bgppeer.session.State.Idle;
import org.bgppeer.session.State.OpenConfirm;
import org.bgppeer.session.State.OpenSent;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.EndOfRib;
import org.bgppeer.wire.ErrorHandling;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Finding;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.HeaderError;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MessageError;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.OnlyToCustomer;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.OpenError;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.RouteRefreshError;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.UnknownMessage;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// One state machine with its connection and its timers: turns what happens into [Event]s, and does
/// the [Action]s. Lives on its neighbor's loop, the only thread that touches it: so, no locks.
///
/// ```
///   Connection ──message──►┐                      ┌──► Connection, timers
///   timers ─────expires───►├─ Event ─ Fsm ─ Action┤
///   Neighbor ──start, stop►┘                      └──► Recorder, Neighbor
/// ```
final class Session implements Connection.Owner {
  /// How long a journal that cannot take more is left alone before it is asked again.
  private static final Duration CONGESTION_POLL = Duration.ofMillis(20);

  /// RFC 9687: this, or twice the hold time if that is more.
  private static final Duration SEND_HOLD_TIME = Duration.ofMinutes(8);

  /// A hold timer that rings later than this rings on a loop that was held up.
  private static final Duration HELD_UP = Duration.ofMillis(500);

  private static final byte[] KEEPALIVE = new Keepalive().encode();
  private static final Event KEEPALIVE_RECEIVED = new Event.KeepaliveReceived();
  private static final Event UPDATE_RECEIVED = new Event.UpdateReceived();

  private final Neighbor neighbor;
  private final Timing timing;
  private final Recorder recorder;
  private final Open ours;

  private final Alarm connectRetry;
  private final Alarm hold;
  private final Alarm keepalive;
  private final Alarm idleHold;
  private final Alarm sendHold;
  private final Alarm congestion;

  private final Queue<Event> waiting = new ArrayDeque<>();
  private boolean handling;
  private State state = new Idle();
  private Instant since;
  private @Nullable Connection connection;
  private Counters messages = new Counters(); // of this connection, or of the last one
  private Endpoints endpoints;
  private DecodeContext context = DecodeContext.AS4;
  private @Nullable Open theirs;
  private @Nullable Notification lastNotification;
  private int unsent;
  private boolean recordedUp;
  private boolean paused;
  private boolean pauseLogged;
  private boolean excused;
  private long pausedAtNanos;

  Session(Neighbor neighbor) {
    this.neighbor = neighbor;
    this.timing = neighbor.timing();
    this.recorder = neighbor.recorder();
    this.ours = Opens.ours(neighbor.local(), neighbor.config());
    this.since = timing.now();
    this.endpoints = neighbor.unconnected();
    this.connectRetry = alarm(() -> handle(new Event.ConnectRetryTimerExpires()));
    this.hold = alarm(this::holdTimerRings);
    this.keepalive = alarm(() -> handle(new Event.KeepaliveTimerExpires()));
    this.idleHold = alarm(() -> handle(new Event.IdleHoldTimerExpires()));
    this.sendHold = alarm(() -> handle(new Event.SendHoldTimerExpires(sendHoldTime())));
    this.congestion = alarm(this::askAgain);
  }

  private Alarm alarm(Runnable ring) {
    return new Alarm(timing, neighbor.loop(), ring);
  }

  State state() {
    return state;
  }

  /// When it came to its state.
  Instant since() {
    return since;
  }

  boolean isReading() {
    return !paused;
  }

  /// Whether we initiated its connection; false if it has none.
  boolean isDialled() {
    return connection != null && connection.dialled();
  }

  /// Whether their routes survive a restart of theirs, as their OPEN has it.
  boolean mayRestart() {
    return theirs != null && Restarts.isExpected(theirs);
  }

  /// Theirs, once it is there and will do; null before.
  @Nullable Open theirs() {
    return theirs;
  }

  /// The ends of its connection; null if it has none.
  @Nullable Endpoints endpoints() {
    return connection == null ? null : endpoints;
  }

  /// More routes came than are allowed: those that are new are not to be kept.
  void recordLimit(String text) {
    recorder.stateChange(endpoints, timing.now(), 6, 6, reason(SessionCause.PREFIX_LIMIT, text));
  }

  /// Ours.
  Open ours() {
    return ours;
  }

  /// How long until a timer of this session is due; absent from it are those that do not run.
  Map<String, Duration> timers() {
    var left = new LinkedHashMap<String, Duration>();
    put(left, "connect-retry", connectRetry);
    put(left, "hold", hold);
    put(left, "keepalive", keepalive);
    put(left, "idle-hold", idleHold);
    put(left, "send-hold", sendHold);
    return left;
  }

  private static void put(Map<String, Duration> left, String name, Alarm alarm) {
    if (alarm.isOn()) {
      left.put(name, alarm.left());
    }
  }

  // ---- what happens

  /// Takes one step of the machine, and those that follow from it.
  void handle(Event event) {
    waiting.add(event);
    if (handling) {
      return; // an action of the step that is being taken caused it
    }
    handling = true;
    try {
      for (Event next = waiting.poll(); next != null; next = waiting.poll()) {
        step(next);
      }
    } catch (RuntimeException e) {
      abort(e);
    } finally {
      handling = false;
    }
    neighbor.settled(this);
  }

  private void step(Event event) {
    State old = state;
    Fsm.Step step = Fsm.step(old, event);
    state = step.next();
    for (Action action : step.actions()) {
      perform(action, old);
    }
    if (state.number() != old.number()) {
      since = timing.now();
      SessionLog.state(neighbor.name(), old, state);
      if (state instanceof Established) {
        neighbor.established(this, messages);
      }
      neighbor.publish();
      if (state instanceof Established(var negotiated)) {
        recordedUp = true;
        recorder.stateChange(endpoints, since, old.number(), state.number(), null);
        SessionLog.up(endpoints, negotiated);
        sendEndsOfRib(negotiated);
        if (negotiated.families().isEmpty()) {
          SessionLog.noFamily(neighbor.name());
        }
      }
    }
  }

  /// Takes over a connection from the neighbor, who called.
  void take(Connection incoming) {
    connection = incoming;
    incoming.attach(this);
    connected(incoming, new Event.TcpConnectionConfirmed());
  }

  /// Our dialling succeeded.
  void dialled(Connection outgoing) {
    connected(outgoing, new Event.TcpConnectionAcknowledged());
  }

  private void connected(Connection up, Event event) {
    endpoints = neighbor.endpoints(up.peer(), up.local());
    messages = new Counters();
    context = DecodeContext.AS4;
    theirs = null;
    handle(event);
  }

  /// TCP did not come up, or broke.
  @Override
  public void connectionFails(SessionCause cause, String text) {
    handle(new Event.TcpConnectionFails(cause, text));
  }

  /// What came is no message.
  @Override
  public void headerError(HeaderError error) {
    neighbor.counters().count(Counter.HEADER_ERRORS);
    handle(new Event.HeaderErrorFound(error.notification(), error.getMessage()));
  }

  /// One whole message, whose header is well; the octets are only valid during the call.
  @Override
  public void message(byte[] octets, int offset, int length) {
    try {
      int type = Framing.type(octets, offset);
      neighbor.received(messages, type, length);
      recorder.message(endpoints, false, timing.now(), octets, offset, length, context);
      if (type == MessageType.Assigned.KEEPALIVE.code()) {
        keepalive();
      } else if (type == MessageType.Assigned.UPDATE.code() && !(state instanceof Established)) {
        handle(UPDATE_RECEIVED); // too early, whatever is in it
      } else {
        judge(Message.decode(octets, offset, length, context));
      }
    } catch (OpenError e) {
      neighbor.counters().count(Counter.OPEN_ERRORS);
      handle(new Event.OpenErrorFound(e.notification(), e.getMessage()));
    } catch (RouteRefreshError e) {
      // RFC 7313 §5: an error only from who said that it can
      boolean counts =
          !(state instanceof Established(var negotiated)) || negotiated.enhancedRouteRefresh();
      handle(
          counts
              ? new Event.RouteRefreshErrorFound(e.notification(), e.getMessage())
              : new Event.RouteRefreshReceived());
      if (counts) {
        neighbor.counters().count(Counter.ROUTE_REFRESH_ERRORS);
      }
    } catch (MessageError e) {
      neighbor.counters().count(Counter.HEADER_ERRORS);
      handle(new Event.HeaderErrorFound(e.notification(), e.getMessage()));
    } catch (RuntimeException e) {
      fault(e);
    }
  }

  private void judge(Message message) {
    switch (message) {
      case Update update -> update(update);
      case Open open -> open(open);
      case Notification notification -> notification(notification);
      case RouteRefresh _ -> handle(new Event.RouteRefreshReceived());
      case Keepalive _ -> keepalive();
      case UnknownMessage unknown ->
          throw new IllegalStateException(
              "type " + unknown.type() + " passed the check of the header");
    }
  }

  private void keepalive() {
    if (state instanceof OpenConfirm) {
      Session loser = neighbor.loserTo(this);
      if (loser != null) {
        loser.handle(new Event.OpenCollisionDump());
      }
    }
    handle(KEEPALIVE_RECEIVED);
  }

  private void update(Update update) {
    Role role = neighbor.config().role();
    if (role != null) {
      Finding leak = OnlyToCustomer.leak(update, role.code(), neighbor.config().as());
      if (leak != null) {
        neighbor.leaks(leak);
      }
    }
    if (update.handling() == ErrorHandling.NONE) {
      handle(UPDATE_RECEIVED);
      return;
    }
    neighbor.findings(update);
    Notification reset = update.reset();
    if (reset == null) {
      handle(UPDATE_RECEIVED);
    } else {
      handle(
          new Event.UpdateErrorFound(
              reset,
              update.findings().stream()
                  .filter(finding -> finding.handling() == ErrorHandling.SESSION_RESET)
                  .findFirst()
                  .map(Object::toString)
                  .orElse("")));
    }
  }

  private void notification(Notification notification) {
    lastNotification = notification;
    neighbor.said(notification);
    boolean version =
        notification.code() == Notification.OPEN_MESSAGE_ERROR
            && notification.subcode() == Notification.UNSUPPORTED_VERSION;
    handle(
        version
            ? new Event.NotificationVersionError(notification)
            : new Event.NotificationReceived(notification));
  }

  private void open(Open theirs) {
    switch (state) {
      case OpenSent _ -> {
        Opens.Refusal refusal = Opens.refusal(theirs, neighbor.local(), neighbor.config());
        if (refusal != null) {
          neighbor.counters().count(Counter.OPEN_ERRORS);
          handle(new Event.OpenErrorFound(refusal.notification(), refusal.text()));
          return;
        }
        Session loser = neighbor.collision(this, theirs);
        if (loser != null) {
          loser.handle(new Event.OpenCollisionDump());
        }
        if (loser != this) {
          Negotiated negotiated = Negotiated.of(ours, theirs);
          this.theirs = theirs;
          context = negotiated.context();
          if (connection != null) {
            connection.maxLength(negotiated.maxLength());
          }
          handle(new Event.OpenReceived(negotiated));
        }
      }
      case OpenConfirm(var negotiated) -> handle(new Event.OpenReceived(negotiated));
      case Established(var negotiated) -> handle(new Event.OpenReceived(negotiated));
      case Idle _, Connect _, Active _ ->
          throw new IllegalStateException("an OPEN in " + state.label());
    }
  }

  /// What was in the socket is dealt with for now: stops reading if the journal cannot take more.
  /// KEEPALIVEs still go out; theirs cannot be heard, so the hold timer stands still.
  @Override
  public void batchRead() {
    if (!paused && connection != null && recorder.congested()) {
      paused = true;
      pausedAtNanos = timing.nanos();
      connection.reading(false);
      hold.off();
      congestion.set(CONGESTION_POLL);
      pauseLogged = neighbor.isPauseNews();
      if (pauseLogged) {
        SessionLog.paused(neighbor.name());
      }
      neighbor.counters().count(Counter.PAUSES);
      neighbor.publish();
    }
  }

  private void askAgain() {
    if (recorder.congested()) {
      congestion.set(CONGESTION_POLL);
      return;
    }
    paused = false;
    if (pauseLogged) {
      SessionLog.resumed(neighbor.name(), Duration.ofNanos(timing.nanos() - pausedAtNanos));
    }
    hold.set(holdTime());
    if (connection != null) {
      connection.reading(true);
    }
    neighbor.publish();
  }

  /// If the loop was held up, what they said meanwhile may still be in the socket: reads first.
  private void holdTimerRings() {
    if (!excused && hold.lateness().compareTo(HELD_UP) > 0) {
      excused = true;
      hold.set(HELD_UP);
      return;
    }
    handle(new Event.HoldTimerExpires(holdTime()));
  }

  /// A fault of our own: ends this session and no other.
  @Override
  public void fault(Throwable fault) {
    SessionLog.fault(neighbor.name(), fault);
    handle(
        new Event.AutomaticStop(
            Notification.of(Notification.CEASE, 0), SessionCause.INTERNAL_ERROR, fault.toString()));
  }

  /// A fault of our own in the middle of a step: there is no state to go on from.
  private void abort(RuntimeException fault) {
    SessionLog.fault(neighbor.name(), fault);
    waiting.clear();
    state = new Idle();
    since = timing.now();
    close();
    if (recordedUp) {
      recordedUp = false;
      try {
        recorder.stateChange(
            endpoints, since, 6, 1, reason(SessionCause.INTERNAL_ERROR, fault.toString()));
      } catch (RuntimeException e) {
        SessionLog.fault(neighbor.name(), e); // the recorder itself is what is broken
      }
    }
    neighbor.ended(SessionCause.INTERNAL_ERROR);
    neighbor.countFailure(Duration.ZERO);
    idleHold.set(timing.jittered(neighbor.local().timers().idleHoldMax()));
    neighbor.publish();
  }

  // ---- what is done

  private void perform(Action action, State old) {
    switch (action) {
      case Action.StartConnectRetryTimer _ -> connectRetry.set(neighbor.connectRetryTime(this));
      case Action.StopConnectRetryTimer _ -> connectRetry.off();
      case Action.StartHoldTimer(var time) -> {
        excused = false;
        if (!paused) {
          hold.set(time);
        }
      }
      case Action.StartKeepaliveTimer(var holdTime) ->
          keepalive.set(timing.jittered(holdTime.dividedBy(3)));
      case Action.StartIdleHoldTimer(var damped) -> {
        Duration time = neighbor.idleHoldTime(damped);
        if (time.isZero()) {
          handle(new Event.IdleHoldTimerExpires());
        } else {
          idleHold.set(time);
        }
      }
      case Action.Dial _ -> {
        var outgoing = new Connection(true);
        outgoing.attach(this);
        connection = outgoing;
        endpoints = neighbor.unconnected();
        neighbor.dial(this, outgoing);
      }
      case Action.SendOpen _ -> send(ours.encode());
      case Action.SendKeepalive _ -> send(KEEPALIVE);
      case Action.Send(var notification) -> {
        neighbor.told(notification);
        lastNotification = notification;
        if (notification.code() == Notification.FSM_ERROR) {
          neighbor.counters().count(Counter.FSM_ERRORS);
        }
        send(notification.encode());
      }
      case Action.Close(var cause, var text) -> {
        close();
        recordEnd(old, cause, text);
      }
      case Action.CountFailure _ ->
          neighbor.countFailure(
              old instanceof Established ? Duration.between(since, timing.now()) : Duration.ZERO);
      case Action.ClearFailures _ -> neighbor.clearFailures();
    }
  }

  /// Asks for all routes of a family again, if the session is up and both can.
  boolean refresh(Family family) {
    if (state instanceof Established(var negotiated)
        && negotiated.routeRefresh()
        && negotiated.families().contains(family)) {
      send(RouteRefresh.request(family).encode());
      return true;
    }
    return false;
  }

  /// RFC 4724 §4.1: a neighbor that just restarted chooses no routes before each neighbor with
  /// Graceful Restart has said that it has sent all of its own. We have none: that is soon said,
  /// and to nobody else.
  private void sendEndsOfRib(Negotiated negotiated) {
    if (theirs != null && Restarts.isAwaitingUs(theirs)) {
      negotiated.families().stream().sorted().map(EndOfRib::encode).forEach(this::send);
    }
  }

  private void send(byte[] message) {
    Connection to = connection;
    if (to == null) {
      return; // it broke during this step; that event is waiting
    }
    neighbor.sent(messages, Framing.type(message, 0), message.length);
    recorder.message(endpoints, true, timing.now(), message, 0, message.length, context);
    if (unsent++ == 0) {
      sendHold.set(sendHoldTime());
    }
    to.send(message, () -> taken(to));
  }

  /// The system took one of our messages: they read, or the buffer had room.
  private void taken(Connection from) {
    if (from != connection) {
      return;
    }
    unsent--;
    if (unsent == 0) {
      sendHold.off();
    } else {
      sendHold.set(sendHoldTime());
    }
  }

  private void close() {
    connectRetry.off();
    hold.off();
    keepalive.off();
    idleHold.off();
    sendHold.off();
    congestion.off();
    paused = false;
    unsent = 0;
    Connection last = connection;
    connection = null;
    if (last != null) {
      last.finish();
    }
  }

  private void recordEnd(State old, SessionCause cause, String text) {
    Notification told =
        switch (cause) {
          case NOTIFICATION_SENT,
              NOTIFICATION_RECEIVED,
              HOLD_TIMER_EXPIRED,
              PREFIX_LIMIT,
              OPERATOR_RESET,
              ADMINISTRATIVE ->
              lastNotification;
          default -> null;
        };
    neighbor.ended(cause);
    Instant now = timing.now();
    if (old instanceof Established established) {
      recordedUp = false;
      var kept = kept(established.negotiated(), cause);
      neighbor.keeps(kept);
      recorder.stateChange(
          endpoints, now, 6, 1, new StateReason(cause, neighbor.name(), kept, text));
      SessionLog.down(neighbor.name(), cause, told, text, kept, Duration.between(since, now));
    } else if (old instanceof OpenSent || old instanceof OpenConfirm) {
      recordFailure(old, cause, told, text, now);
    } else if (old instanceof Connect && cause != SessionCause.COLLECTOR_STOPPED) {
      String where = text.isEmpty() ? SessionLog.text(endpoints.peer()) : text;
      recordFailure(old, cause, told, where, now);
    }
  }

  private StateReason reason(SessionCause cause, String text) {
    return new StateReason(cause, neighbor.name(), text);
  }

  private List<Kept> kept(Negotiated negotiated, SessionCause cause) {
    Open said = theirs;
    return said == null
        ? List.of()
        : Restarts.kept(said, negotiated, cause, lastNotification, neighbor.config().retention());
  }

  private void recordFailure(
      State old, SessionCause cause, @Nullable Notification told, String text, Instant now) {
    if (neighbor.isNews(old, cause, told, now)) {
      recorder.stateChange(endpoints, now, old.number(), 1, reason(cause, text));
      SessionLog.failed(neighbor.name(), old, cause, told, text);
    }
  }

  /// Ends without a trace: the other connection of this neighbor became the session while this one
  /// still dialled.
  void forget() {
    state = new Idle();
    close();
  }

  private Duration holdTime() {
    return switch (state) {
      case Established(var negotiated) -> negotiated.holdTime();
      case OpenConfirm(var negotiated) -> negotiated.holdTime();
      case OpenSent _ -> Fsm.LARGE_HOLD_TIME;
      case Idle _, Connect _, Active _ -> Duration.ZERO;
    };
  }

  /// Zero, that is none, if the hold time is zero.
  private Duration sendHoldTime() {
    Duration holdTime = holdTime();
    if (holdTime.isZero()) {
      return holdTime;
    }
    Duration twice = holdTime.multipliedBy(2);
    return twice.compareTo(SEND_HOLD_TIME) > 0 ? twice : SEND_HOLD_TIME;
  }
}
