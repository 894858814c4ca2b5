package org.bgppeer.session;

import io.netty.channel.EventLoop;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.bgppeer.session.State.Active;
import org.bgppeer.session.State.Connect;
import org.bgppeer.session.State.Established;
import org.bgppeer.session.State.Idle;
import org.bgppeer.session.State.OpenConfirm;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// One configured neighbor: its session, a second one while two connections are open at once (RFC
/// 4271 §8.2.1.2), and its back-off. All on one loop.
///
/// ```
///   main    the machine that dials, or took their call; always there
///   second  their call while main has a connection or dials; OPENs decide who stays
/// ```
final class Neighbor {
  private final NeighborConfig config;
  private final LocalConfig local;
  private final Recorder recorder;
  private final Timing timing;
  private final Transport transport;
  private final EventLoop loop;

  private final LongAdder messagesReceived = new LongAdder();
  private final LongAdder updatesReceived = new LongAdder();
  private final LongAdder messagesSent = new LongAdder();
  private final LongAdder establishedCount = new LongAdder();
  private final RateLimit news = new RateLimit();
  private final RateLimit warnings = new RateLimit();

  private Session main;
  private @Nullable Session second;
  private int failures;
  private boolean stopping;
  private @Nullable SessionCause lastCause;
  private @Nullable Notification lastNotification;
  private volatile NeighborStatus published;

  Neighbor(
      NeighborConfig config,
      LocalConfig local,
      Recorder recorder,
      Timing timing,
      Transport transport) {
    this.config = config;
    this.local = local;
    this.recorder = recorder;
    this.timing = timing;
    this.transport = transport;
    this.loop = transport.nextLoop();
    this.published = standing(new Idle(), timing.now(), true);
    this.main = new Session(this);
  }

  NeighborConfig config() {
    return config;
  }

  String name() {
    return config.name();
  }

  LocalConfig local() {
    return local;
  }

  Recorder recorder() {
    return recorder;
  }

  Timing timing() {
    return timing;
  }

  EventLoop loop() {
    return loop;
  }

  // ---- from outside, any thread

  void start() {
    loop.execute(() -> main.handle(new Event.ManualStart(!config.active())));
  }

  /// Ends its sessions with a Cease; done when the last message is on its way.
  CompletableFuture<Void> stop(Notification cease, SessionCause cause, String text) {
    var done = new CompletableFuture<Void>();
    loop.execute(
        () -> {
          stopping = true;
          var stop = new Event.ManualStop(cease, cause, text);
          if (second != null) {
            second.handle(stop);
          }
          main.handle(stop);
          main.forget(); // it may have been resting in Idle, where a stop is ignored
          publish();
          done.complete(null);
        });
    return done;
  }

  CompletableFuture<Boolean> refresh(Family family) {
    var done = new CompletableFuture<Boolean>();
    loop.execute(() -> done.complete(shown().refresh(family)));
    return done;
  }

  NeighborStatus status() {
    NeighborStatus last = published;
    return new NeighborStatus(
        last.neighbor(),
        last.state(),
        last.since(),
        last.reading(),
        messagesReceived.sum(),
        updatesReceived.sum(),
        messagesSent.sum(),
        establishedCount.sum(),
        last.lastCause(),
        last.lastNotification());
  }

  // ---- connections, on the loop

  /// They called.
  void accept(Connection incoming) {
    if (stopping || main.state() instanceof Idle) {
      String why = stopping ? "we stop" : "resting after failures";
      SessionLog.refused(name(), incoming.peer(), why);
      incoming.send(
          Notification.of(Notification.CEASE, Notification.CONNECTION_REJECTED).encode(), () -> {});
      incoming.finish();
      return;
    }
    if (main.state() instanceof Active) {
      main.take(incoming);
      return;
    }
    if (second != null) {
      // They have one call out at a time: that they call again says that the last is dead.
      second.handle(new Event.OpenCollisionDump());
    }
    var added = new Session(this);
    added.handle(new Event.AutomaticStart(true, true));
    second = added;
    added.take(incoming);
  }

  void dial(Session session, Connection outgoing) {
    SessionLog.dialling(name(), new InetSocketAddress(config.address(), config.port()));
    outgoing.whenActive(() -> session.dialled(outgoing));
    transport.dial(loop, config, outgoing);
  }

  /// Of two sessions of which one just got this OPEN, the one that must go (RFC 4271 §6.8); null if
  /// both may stay for now.
  @Nullable Session collision(Session opened, Open theirs) {
    Session other = opened == main ? second : main;
    if (other == null) {
      return null;
    }
    if (other.state() instanceof Established) {
      return opened;
    }
    if (!(other.state() instanceof OpenConfirm)) {
      return null; // its OPEN, when it comes, will ask again
    }
    if (opened.isDialled() == other.isDialled()) {
      return opened;
    }
    boolean openedStays = opened.isDialled() == Opens.oursStays(theirs, local);
    return openedStays ? other : opened;
  }

  /// A session took its steps: sorts out which one is the neighbor's.
  void settled(Session session) {
    Session other = second;
    if (other == null) {
      return;
    }
    boolean over = session.state() instanceof Idle || session.state() instanceof Active;
    if (session == other) {
      if (over) {
        session.forget();
        second = null;
      } else if (session.state() instanceof Established && main.state() instanceof Connect) {
        main.forget();
        promote(other);
      }
    } else if (over) {
      session.forget();
      promote(other);
    }
    publish();
  }

  private void promote(Session session) {
    main = session;
    second = null;
  }

  Endpoints endpoints(InetSocketAddress peer, InetSocketAddress ours) {
    return new Endpoints(name(), config.as(), local.as(), peer, ours);
  }

  /// Of an attempt that has no connection yet.
  Endpoints unconnected() {
    InetAddress from = config.localAddress();
    return endpoints(
        new InetSocketAddress(config.address(), config.port()),
        new InetSocketAddress(from != null ? from : anyLike(config.address()), 0));
  }

  private static InetAddress anyLike(InetAddress address) {
    try {
      return InetAddress.getByAddress(new byte[address instanceof Inet4Address ? 4 : 16]);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 octets are an address", e);
    }
  }

  // ---- back-off

  /// How long until we dial; zero, that is never, if we do not or another session does.
  Duration connectRetryTime(Session session) {
    return config.active() && session == main
        ? timing.jittered(local.timers().connectRetryAfter(failures))
        : Duration.ZERO;
  }

  Duration idleHoldTime(boolean damped) {
    return damped ? timing.jittered(local.timers().idleHoldAfter(failures)) : Duration.ZERO;
  }

  /// @param upFor how long the session was up that ended now
  void countFailure(Duration upFor) {
    if (upFor.compareTo(local.timers().stable()) >= 0) {
      failures = 0;
    }
    failures++;
  }

  void clearFailures() {
    failures = 0;
  }

  // ---- what is told

  /// Whether an attempt that failed so is worth a line, or was told a moment ago.
  boolean isNews(State state, SessionCause cause, @Nullable Notification told, Instant now) {
    int code = told == null ? 0 : told.code() << 8 | told.subcode();
    return news.permits(Arrays.asList(state.number(), cause, code), now);
  }

  void logFindings(Update update) {
    var first = update.findings().getFirst();
    if (warnings.permits(Arrays.asList(first.attribute(), first.rule()), timing.now())) {
      SessionLog.findings(name(), update);
    }
  }

  /// Whether it is long ago that we last stopped reading for the journal's sake.
  boolean isPauseNews() {
    return warnings.permits("paused", timing.now());
  }

  void established() {
    establishedCount.increment();
    news.clear();
  }

  void received(boolean update) {
    messagesReceived.increment();
    if (update) {
      updatesReceived.increment();
    }
  }

  void sent() {
    messagesSent.increment();
  }

  void ended(SessionCause cause, @Nullable Notification last) {
    lastCause = cause;
    if (last != null) {
      lastNotification = last;
    }
  }

  /// Makes visible how the neighbor stands now.
  void publish() {
    Session shown = shown();
    published = standing(shown.state(), shown.since(), shown.isReading());
  }

  /// Of two sessions the one that is further.
  private Session shown() {
    Session other = second;
    return other != null && other.state().number() > main.state().number() ? other : main;
  }

  private NeighborStatus standing(State state, Instant since, boolean reading) {
    return new NeighborStatus(
        config, state, since, reading, 0, 0, 0, 0, lastCause, lastNotification);
  }
}
