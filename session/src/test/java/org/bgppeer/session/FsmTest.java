package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.bgppeer.session.State.Active;
import org.bgppeer.session.State.Connect;
import org.bgppeer.session.State.Established;
import org.bgppeer.session.State.Idle;
import org.bgppeer.session.State.OpenConfirm;
import org.bgppeer.session.State.OpenSent;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.junit.jupiter.api.Test;

class FsmTest {
  private static final Negotiated AGREED =
      Negotiated.of(
          Open.of(64512, 90, 1, List.of(new Capability.Multiprotocol(Family.IPV4_UNICAST))),
          Open.of(64500, 30, 2, List.of(new Capability.Multiprotocol(Family.IPV4_UNICAST))));
  private static final Duration HOLD = Duration.ofSeconds(30);
  private static final Notification CEASE =
      Notification.of(Notification.CEASE, Notification.ADMINISTRATIVE_SHUTDOWN);
  private static final Notification FAULT = Notification.of(3, 1);

  private static final List<State> STATES =
      List.of(
          new Idle(),
          new Connect(),
          new Active(),
          new OpenSent(),
          new OpenConfirm(AGREED),
          new Established(AGREED));

  /// Every event, by its number in RFC 4271 §8.1 and by name where it has none.
  private static final Map<String, Event> EVENTS = new LinkedHashMap<>();

  static {
    EVENTS.put("1", new Event.ManualStart(false));
    EVENTS.put("2", new Event.ManualStop(CEASE, SessionCause.COLLECTOR_STOPPED, ""));
    EVENTS.put("3", new Event.AutomaticStart(false, false));
    EVENTS.put("4", new Event.ManualStart(true));
    EVENTS.put("5", new Event.AutomaticStart(true, false));
    EVENTS.put("6", new Event.AutomaticStart(false, true));
    EVENTS.put("7", new Event.AutomaticStart(true, true));
    EVENTS.put("8", new Event.AutomaticStop(CEASE, SessionCause.INTERNAL_ERROR, ""));
    EVENTS.put("9", new Event.ConnectRetryTimerExpires());
    EVENTS.put("10", new Event.HoldTimerExpires(HOLD));
    EVENTS.put("11", new Event.KeepaliveTimerExpires());
    EVENTS.put("13", new Event.IdleHoldTimerExpires());
    EVENTS.put("14", new Event.TcpConnectionValid());
    EVENTS.put("15", new Event.TcpConnectionInvalid());
    EVENTS.put("16", new Event.TcpConnectionAcknowledged());
    EVENTS.put("17", new Event.TcpConnectionConfirmed());
    EVENTS.put("18", new Event.TcpConnectionFails(SessionCause.CONNECTION_RESET, ""));
    EVENTS.put("19", new Event.OpenReceived(AGREED));
    EVENTS.put("21", new Event.HeaderErrorFound(FAULT, ""));
    EVENTS.put("22", new Event.OpenErrorFound(FAULT, ""));
    EVENTS.put("23", new Event.OpenCollisionDump());
    EVENTS.put("24", new Event.NotificationVersionError(FAULT));
    EVENTS.put("25", new Event.NotificationReceived(FAULT));
    EVENTS.put("26", new Event.KeepaliveReceived());
    EVENTS.put("27", new Event.UpdateReceived());
    EVENTS.put("28", new Event.UpdateErrorFound(FAULT, ""));
    EVENTS.put("29", new Event.SendHoldTimerExpires(Duration.ofMinutes(8)));
    EVENTS.put("refresh", new Event.RouteRefreshReceived());
    EVENTS.put("bad refresh", new Event.RouteRefreshErrorFound(FAULT, ""));
  }

  /// The next state, and the NOTIFICATION that is sent: RFC 4271 §8.2.2 as a table, a row an event,
  /// a column a state. `.` stays, `I` Idle, `C` Connect, `A` Active, `S` OpenSent, `O` OpenConfirm,
  /// `E` Established.
  private static final String TABLE =
      """
      event        Idle Connect Active OpenSent OpenConfirm Established
      1            C    .       .      .        .           .
      2            .    I       I      I6/2     I6/2        I6/2
      3            C    .       .      .        .           .
      4            A    .       .      .        .           .
      5            A    .       .      .        .           .
      6            C    .       .      .        .           .
      7            A    .       .      .        .           .
      8            .    I       I      I6/2     I6/2        I6/2
      9            .    .       C      I5/0     I5/0        I5/0
      10           .    I       I      I4/0     I4/0        I4/0
      11           .    I       I      I5/0     .           .
      13           A    I       I      I5/0     I5/0        I5/0
      14           .    .       .      .        .           .
      15           .    .       .      .        .           .
      16           .    S       S      .        .           .
      17           .    S       S      .        .           .
      18           .    I       I      A        I           I
      19           .    I       I      O        I5/2        I5/3
      21           .    I       I      I3/1     I3/1        I3/1
      22           .    I       I      I3/1     I3/1        I5/3
      23           .    I       I      I6/7     I6/7        I6/7
      24           .    I       I      I        I           I
      25           .    I       I      I        I           I
      26           .    I       I      I5/1     E           .
      27           .    I       I      I5/1     I5/2        .
      28           .    I       I      I5/1     I5/2        I3/1
      29           .    I       I      I        I           I
      refresh      .    I       I      I5/1     I5/2        .
      bad~refresh  .    I       I      I5/1     I5/2        I3/1
      """;

  @Test
  void everyStateAnswersEveryEventAsTheTableSays() {
    var rows = new ArrayList<String>();
    rows.add(TABLE.lines().findFirst().orElseThrow());
    EVENTS.forEach(
        (number, event) -> {
          var row = new StringBuilder(String.format("%-13s", number.replace(' ', '~')));
          for (State state : STATES) {
            int width = Math.max(4, state.label().length());
            row.append(String.format("%-" + (width + 1) + "s", cell(state, event)));
          }
          rows.add(row.toString().stripTrailing());
        });

    assertThat(String.join("\n", rows)).isEqualTo(TABLE.strip());
  }

  private static String cell(State state, Event event) {
    Fsm.Step step = Fsm.step(state, event);
    String next =
        step.next().number() == state.number()
            ? "."
            : List.of("", "I", "C", "A", "S", "O", "E").get(step.next().number());
    for (Action action : step.actions()) {
      if (action instanceof Send(var sent)) {
        next += sent.code() + "/" + sent.subcode();
      }
    }
    return next;
  }

  @Test
  void everyEventIsInTheTable() {
    var inTable = new ArrayList<Class<?>>();
    EVENTS.values().forEach(event -> inTable.add(event.getClass()));

    assertThat(Set.copyOf(inTable)).isEqualTo(leavesOf(Event.class));
  }

  private static Set<Class<?>> leavesOf(Class<?> type) {
    var leaves = new ArrayList<Class<?>>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        leaves.addAll(leavesOf(permitted));
      } else {
        leaves.add(permitted);
      }
    }
    return Set.copyOf(leaves);
  }

  @Test
  void whoeverLeavesAConnectionClosesItOnceAndSendsNothingAfter() {
    for (State state : STATES) {
      for (Event event : EVENTS.values()) {
        Fsm.Step step = Fsm.step(state, event);
        List<Class<?>> kinds = new ArrayList<>();
        step.actions().forEach(action -> kinds.add(action.getClass()));
        boolean leaves =
            state.number() > 1
                && step.next().number() != state.number()
                && step.next().number() < 4;
        if (leaves && !(state instanceof Active && step.next() instanceof Connect)) {
          assertThat(kinds).as("%s in %s", event, state).containsOnlyOnce(Close.class);
          assertThat(kinds.subList(kinds.indexOf(Close.class), kinds.size()))
              .as("%s in %s", event, state)
              .doesNotContain(Send.class, SendOpen.class, SendKeepalive.class);
        }
        if (step.next().number() == state.number() && !(state instanceof Connect)) {
          assertThat(kinds).as("%s in %s", event, state).doesNotContain(Close.class, Send.class);
        }
      }
    }
  }

  @Test
  void whoeverFallsBackToIdleUnaskedTriesAgain() {
    for (State state : STATES) {
      EVENTS.forEach(
          (number, event) -> {
            Fsm.Step step = Fsm.step(state, event);
            if (step.next() instanceof Idle && !(state instanceof Idle)) {
              boolean again =
                  step.actions().stream().anyMatch(StartIdleHoldTimer.class::isInstance);
              assertThat(again).as("%s in %s", event, state).isEqualTo(!number.equals("2"));
            }
          });
    }
  }

  @Test
  void aStartDialsAndStartsTheRetryTimer() {
    assertThat(Fsm.step(new Idle(), new Event.ManualStart(false)))
        .isEqualTo(
            new Fsm.Step(
                new Connect(), new ClearFailures(), new StartConnectRetryTimer(), new Dial()));
  }

  @Test
  void aDampedStartKeepsTheCountOfFailures() {
    assertThat(Fsm.step(new Idle(), new Event.AutomaticStart(false, true)))
        .isEqualTo(new Fsm.Step(new Connect(), new StartConnectRetryTimer(), new Dial()));
  }

  @Test
  void aConnectionIsOpenedWithAnOpenAndALargeHoldTime() {
    var step = Fsm.step(new Active(), new Event.TcpConnectionConfirmed());

    assertThat(step)
        .isEqualTo(
            new Fsm.Step(
                new OpenSent(),
                new StopConnectRetryTimer(),
                new SendOpen(),
                new StartHoldTimer(Duration.ofMinutes(4))));
  }

  @Test
  void aGoodOpenIsAnsweredWithAKeepaliveAndTheLowerHoldTime() {
    var step = Fsm.step(new OpenSent(), new Event.OpenReceived(AGREED));

    assertThat(step)
        .isEqualTo(
            new Fsm.Step(
                new OpenConfirm(AGREED),
                new StopConnectRetryTimer(),
                new SendKeepalive(),
                new StartKeepaliveTimer(HOLD),
                new StartHoldTimer(HOLD)));
  }

  @Test
  void aSilentPeerIsToldWhyAndDropped() {
    var step = Fsm.step(new Established(AGREED), new Event.HoldTimerExpires(HOLD));

    assertThat(step)
        .isEqualTo(
            new Fsm.Step(
                new Idle(),
                new Send(Notification.of(4, 0)),
                new Close(SessionCause.HOLD_TIMER_EXPIRED, "30 s"),
                new CountFailure(),
                new StartIdleHoldTimer(true)));
  }

  @Test
  void aConnectionThatFailsInOpenSentWaitsInActive() {
    var step =
        Fsm.step(new OpenSent(), new Event.TcpConnectionFails(SessionCause.CONNECTION_CLOSED, "x"));

    assertThat(step)
        .isEqualTo(
            new Fsm.Step(
                new Active(),
                new Close(SessionCause.CONNECTION_CLOSED, "x"),
                new CountFailure(),
                new StartConnectRetryTimer()));
  }

  @Test
  void anUnexpectedMessageIsNamedInTheNotification() {
    var step = Fsm.step(new OpenConfirm(AGREED), new Event.UpdateReceived());

    assertThat(step.actions())
        .contains(
            new Send(new Notification(5, 2, Octets.of(new byte[] {2}))),
            new Close(SessionCause.NOTIFICATION_SENT, "UPDATE in OpenConfirm"));
  }

  @Test
  void anUpdateOrKeepaliveRestartsTheHoldTimer() {
    for (Event event : List.of(new Event.UpdateReceived(), new Event.KeepaliveReceived())) {
      assertThat(Fsm.step(new Established(AGREED), event))
          .isEqualTo(new Fsm.Step(new Established(AGREED), new StartHoldTimer(HOLD)));
    }
  }
}
