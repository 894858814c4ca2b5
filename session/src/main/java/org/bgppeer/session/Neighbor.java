package org.bgppeer.session;

import io.netty.channel.EventLoop;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.bgppeer.session.State.Active;
import org.bgppeer.session.State.Connect;
import org.bgppeer.session.State.Established;
import org.bgppeer.session.State.Idle;
import org.bgppeer.session.State.OpenConfirm;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Finding;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// One configured neighbor: its session, a second one while two connections are open at once (RFC
/// 4271 §8.2.1.2), and its back-off. All on one loop.
///
/// ```
///   main    the machine that dials, or took their call; always there
///   second  their call while main has a connection or dials; OPENs decide who stays
/// ```
///
/// A connection that was there before the other became a session may still win, if the rule of RFC
/// 4271 §6.8 is for it: they may have decided by that rule before they heard the KEEPALIVE with
/// which the other came up here (CollisionDetectEstablishedState of §8.1.1, for these alone). Were
/// it closed for the session's sake, and the session by them for its sake, none would be left.
/// Their KEEPALIVE on it tells that they did.
final class Neighbor {
  /// A call of theirs while a session is up says that they lost it, if they said in it that they
  /// restart gracefully (RFC 4724 §5). Not so soon: both may have called at once.
  private static final Duration SURELY_UP = Duration.ofSeconds(5);

  /// Until we dial after both connections were closed in a collision, each by another side.
  private static final Duration AFTER_COLLISION = Duration.ofSeconds(1);

  /// For ever, nearly.
  private static final Duration UNTIL_RESET = Duration.ofDays(36_500);

  private final LocalConfig local;
  private final Recorder recorder;
  private final Timing timing;
  private final Transport transport;
  private final EventLoop loop;

  private final Counters counters = new Counters();
  private @Nullable Counters lastSession; // what went over its connection
  private final RateLimit news = new RateLimit();
  private final RateLimit warnings = new RateLimit();

  private final Alarm restart;
  private final Set<Object> saidOfRoutes = new HashSet<>();

  private volatile NeighborConfig config;
  private Session main;
  private @Nullable Session second;
  private @Nullable Session contender;
  private boolean collided;
  private @Nullable Instant lastCollision;
  private int failures;
  private boolean stopping;
  private boolean started;
  private @Nullable Connection early; // it called before we started
  private @Nullable SessionCause lastCause;
  private NeighborStatus.@Nullable Told lastReceived;
  private NeighborStatus.@Nullable Told lastSent;
  private List<Kept> kept = List.of();
  private @Nullable Instant keptSince;
  private @Nullable Duration rest;
  private @Nullable Runnable whenGone;
  private volatile NeighborStatus published;

  Neighbor(
      NeighborConfig config,
      LocalConfig local,
      Recorder recorder,
      Timing timing,
      Transport transport,
      EventLoop loop) {
    this.config = config;
    this.local = local;
    this.recorder = recorder;
    this.timing = timing;
    this.transport = transport;
    this.loop = loop;
    this.restart = new Alarm(timing, loop, this::restartExpires);
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

  Counters counters() {
    return counters;
  }

  // ---- from outside, any thread

  /// Tells the recorder that it is there, and its name.
  ///
  /// @param apart whether there is another one with its address and AS
  void recordAdded(boolean apart) {
    recorder.stateChange(
        unconnected(),
        timing.now(),
        1,
        1,
        new StateReason(
            SessionCause.ADMINISTRATIVE,
            name(),
            apart ? StateReason.ADDED_APART : StateReason.ADDED));
  }

  void start() {
    loop.execute(
        () -> {
          if (!stopping) {
            started = true;
            main.handle(new Event.ManualStart(!config.active()));
            takeEarly();
          }
        });
  }

  /// The same from its own loop, at once.
  void startNow() {
    started = true;
    main.handle(new Event.AutomaticStart(true, false));
  }

  private void takeEarly() {
    Connection incoming = early;
    early = null;
    if (incoming != null && incoming.isUp()) {
      incoming.reading(true);
      accept(incoming);
    }
  }

  /// Ends its sessions with a Cease; done when the last message is on its way.
  CompletableFuture<Void> stop(Notification cease, SessionCause cause, String text) {
    var done = new CompletableFuture<Void>();
    loop.execute(
        () -> {
          stopping = true;
          if (early != null) {
            early.finish();
            early = null;
          }
          var stop = new Event.ManualStop(cease, cause, text);
          if (second != null) {
            second.handle(stop);
          }
          main.handle(stop);
          main.forget(); // it may have been resting in Idle, where a stop is ignored
          restart.off();
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

  /// Ends its session, if there is one, with this Cease, and begins anew at once, whatever it
  /// waited for.
  CompletableFuture<Void> reset(String text) {
    var done = new CompletableFuture<Void>();
    loop.execute(
        () -> {
          if (!stopping) {
            Notification cease = Notification.shutdown(Notification.ADMINISTRATIVE_RESET, text);
            var stop = new Event.ManualStop(cease, SessionCause.OPERATOR_RESET, text);
            if (second != null) {
              second.handle(stop);
            }
            main.handle(stop);
            main.forget();
            rest = null;
            main.handle(new Event.ManualStart(!config.active()));
          }
          done.complete(null);
        });
    return done;
  }

  /// Takes over what its session need not notice.
  void reconfigure(NeighborConfig changed) {
    config = changed;
    loop.execute(
        () -> {
          saidOfRoutes.clear();
          publish();
        });
  }

  /// Somebody who knows counted the routes of a family that came in this session.
  void counted(Family family, long routes) {
    PrefixLimit now = config.limits().get(family);
    if (now == null || routes <= now.most() && routes < now.warnFrom()) {
      return; // as nearly always
    }
    loop.execute(
        () -> {
          PrefixLimit limit = config.limits().get(family);
          if (limit != null && main.state() instanceof Established) {
            judge(family, routes, limit);
          }
        });
  }

  private void judge(Family family, long routes, PrefixLimit limit) {
    if (routes <= limit.most()) {
      if (routes >= limit.warnFrom() && saidOfRoutes.add(family)) {
        SessionLog.routesAbove(name(), family, routes, limit.warnPercent() + " %", limit);
      }
      return;
    }
    if (!saidOfRoutes.add(List.of(family))) {
      return;
    }
    counters.count(Counter.LIMITS_REACHED);
    SessionLog.routesAbove(name(), family, routes, "limit", limit);
    String text = family + " " + routes + " of " + limit.most();
    switch (limit.action()) {
      case WARN -> {}
      case STOP_STORING -> main.recordLimit(text);
      case TEAR_DOWN -> {
        rest = limit.restart().isZero() ? UNTIL_RESET : limit.restart();
        main.handle(
            new Event.AutomaticStop(
                Opens.tooManyRoutes(family, limit.most()), SessionCause.PREFIX_LIMIT, text));
      }
    }
  }

  NeighborStatus status() {
    NeighborStatus last = published;
    return new NeighborStatus(
        last.neighbor(),
        last.state(),
        last.since(),
        last.reading(),
        counters.all(),
        last.lastCause(),
        last.lastReceived(),
        last.lastSent());
  }

  CompletableFuture<NeighborDetail> detail() {
    var done = new CompletableFuture<NeighborDetail>();
    loop.execute(
        () -> {
          Session shown = shown();
          Endpoints ends = shown.endpoints();
          done.complete(
              new NeighborDetail(
                  status(),
                  lastSession == null ? Map.of() : lastSession.all(),
                  ends == null ? null : ends.local(),
                  ends == null ? null : ends.peer(),
                  shown.isDialled(),
                  shown.ours(),
                  shown.theirs(),
                  shown.timers(),
                  failures,
                  kept,
                  keptSince));
        });
    return done;
  }

  /// Of one that is not configured by its address: is told when nothing of it is left.
  void whenGone(Runnable task) {
    whenGone = task;
  }

  // ---- connections, on the loop

  /// They, or somebody with their address, called from farther away than allowed.
  void tooFar(InetSocketAddress peer) {
    counters.count(Counter.CALLS_REFUSED);
    if (warnings.permits("too far", timing.now())) {
      SessionLog.tooFar(name(), peer, config.ttlSecurity());
    }
  }

  /// They called. Where the session that this one comes after is still ending, a router that was
  /// told so may call sooner than we start: it waits for the moment that this takes.
  void accept(Connection incoming) {
    if (!started && !stopping) {
      if (early != null) {
        early.finish();
      }
      early = incoming;
      incoming.reading(false);
      return;
    }
    if (main.state() instanceof Established
        && main.mayRestart()
        && Duration.between(main.since(), timing.now()).compareTo(SURELY_UP) > 0) {
      main.handle(new Event.TcpConnectionFails(SessionCause.CONNECTION_RESET, "they called again"));
    }
    if (stopping || main.state() instanceof Idle) {
      counters.count(Counter.CALLS_REFUSED);
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
    boolean up = other.state() instanceof Established;
    if (!up && !(other.state() instanceof OpenConfirm)) {
      return null; // its OPEN, when it comes, will ask again
    }
    if (opened.isDialled() == other.isDialled()) {
      return opened;
    }
    boolean openedStays = opened.isDialled() == Opens.oursStays(theirs, local, config);
    if (up) {
      return openedStays && opened == contender ? null : opened;
    }
    return openedStays ? other : opened;
  }

  /// The session that must go now that they confirmed the other connection.
  @Nullable Session loserTo(Session confirmed) {
    Session other = confirmed == main ? second : main;
    return other != null && other.state() instanceof Established ? other : null;
  }

  /// A session took its steps: sorts out which one is the neighbor's.
  void settled(Session session) {
    Session other = second;
    if (other == null) {
      if (whenGone != null && session == main && kept.isEmpty() && isOver(session)) {
        session.forget();
        whenGone.run();
      }
      return;
    }
    boolean over = isOver(session);
    if (session == other) {
      if (over) {
        session.forget();
        second = null;
      } else if (session.state() instanceof Established) {
        if (main.state() instanceof Connect) {
          main.forget();
          promote(other);
        } else {
          second = main;
          main = other;
        }
      }
    } else if (over) {
      session.forget();
      promote(other);
    }
    publish();
  }

  private static boolean isOver(Session session) {
    return session.state() instanceof Idle || session.state() instanceof Active;
  }

  private void promote(Session session) {
    main = session;
    second = null;
    contender = null;
  }

  Endpoints endpoints(InetSocketAddress peer, InetSocketAddress ours) {
    return new Endpoints(name(), config.as(), config.localAs(local), peer, ours);
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
    if (collided && config.active() && session == main) {
      collided = false;
      return timing.jittered(AFTER_COLLISION);
    }
    return config.active() && session == main
        ? timing.jittered(local.timers().connectRetryAfter(failures))
        : Duration.ZERO;
  }

  Duration idleHoldTime(boolean damped) {
    Duration ordered = rest;
    if (ordered != null) {
      rest = null;
      return ordered;
    }
    return damped ? timing.jittered(local.timers().idleHoldAfter(failures)) : Duration.ZERO;
  }

  /// @param upFor how long the session was up that ended now
  void countFailure(Duration upFor) {
    if (upFor.isZero()) {
      counters.count(Counter.ATTEMPTS_FAILED);
    }
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

  void findings(Update update) {
    counters.count(
        switch (update.handling()) {
          case SESSION_RESET -> Counter.UPDATE_ERRORS;
          case TREAT_AS_WITHDRAW, AFI_SAFI_DISABLE -> Counter.UPDATES_TREATED_AS_WITHDRAW;
          case ATTRIBUTE_DISCARD, NONE -> Counter.UPDATES_WITH_FINDINGS;
        });
    var first = update.findings().getFirst();
    if (warnings.permits(Arrays.asList(first.attribute(), first.rule()), timing.now())) {
      SessionLog.findings(name(), update);
    }
  }

  /// It sent what must not come from it (RFC 9234 §5).
  void leaks(Finding leak) {
    counters.count(Counter.LEAKS);
    if (warnings.permits("leak", timing.now())) {
      SessionLog.leak(name(), leak);
    }
  }

  /// Whether it is long ago that we last stopped reading for the journal's sake.
  boolean isPauseNews() {
    return warnings.permits("paused", timing.now());
  }

  /// @param messages what is counted of its connection
  void established(Session session, Counters messages) {
    lastSession = messages;
    contender = session == main ? second : main;
    collided = false;
    counters.count(Counter.ESTABLISHED);
    news.clear();
    restart.off();
    kept = List.of();
    keptSince = null;
    saidOfRoutes.clear();
  }

  /// @param ofConnection counts it too
  void received(Counters ofConnection, int type, int length) {
    count(ofConnection, Counter.OCTETS_RECEIVED, length);
    if (MessageType.of(type) instanceof MessageType.Assigned known) {
      count(
          ofConnection,
          switch (known) {
            case OPEN -> Counter.OPENS_RECEIVED;
            case UPDATE -> Counter.UPDATES_RECEIVED;
            case NOTIFICATION -> Counter.NOTIFICATIONS_RECEIVED;
            case KEEPALIVE -> Counter.KEEPALIVES_RECEIVED;
            case ROUTE_REFRESH -> Counter.ROUTE_REFRESHES_RECEIVED;
          },
          1);
    }
  }

  /// @param ofConnection counts it too
  void sent(Counters ofConnection, int type, int length) {
    count(ofConnection, Counter.OCTETS_SENT, length);
    if (MessageType.of(type) instanceof MessageType.Assigned known) {
      count(
          ofConnection,
          switch (known) {
            case OPEN -> Counter.OPENS_SENT;
            case NOTIFICATION -> Counter.NOTIFICATIONS_SENT;
            case KEEPALIVE -> Counter.KEEPALIVES_SENT;
            case ROUTE_REFRESH -> Counter.ROUTE_REFRESHES_SENT;
            case UPDATE -> Counter.ENDS_OF_RIB_SENT;
          },
          1);
    }
  }

  private void count(Counters ofConnection, Counter what, long more) {
    counters.add(what, more);
    ofConnection.add(what, more);
  }

  /// They sent this.
  void said(Notification notification) {
    lastReceived = new NeighborStatus.Told(timing.now(), notification);
  }

  /// We sent this.
  void told(Notification notification) {
    lastSent = new NeighborStatus.Told(timing.now(), notification);
  }

  // ---- restarts of theirs

  /// A session ended; its routes are kept so.
  void keeps(List<Kept> routes) {
    kept = routes;
    keptSince = routes.isEmpty() ? null : timing.now();
    waitForRestart();
  }

  private void waitForRestart() {
    Instant since = keptSince;
    if (since == null) {
      restart.off();
      return;
    }
    Instant now = timing.now();
    kept.stream()
        .flatMap(
            one -> Stream.of(one.restartSeconds(), one.restartSeconds() + one.longLivedSeconds()))
        .map(since::plusSeconds)
        .filter(now::isBefore)
        .min(Comparator.naturalOrder())
        .ifPresent(next -> restart.set(Duration.between(now, next)));
  }

  /// The time of some of what was kept is over. The record of that is no more than a moment of the
  /// story: who follows the journal knows what ends then.
  private void restartExpires() {
    Instant since = keptSince;
    if (since == null) {
      return;
    }
    Instant now = timing.now();
    String time = SessionLog.words(Duration.ofSeconds(Duration.between(since, now).toSeconds()));
    recorder.stateChange(
        unconnected(), now, 1, 1, new StateReason(SessionCause.RESTART_EXPIRED, name(), time));
    SessionLog.restartExpired(name());
    boolean over =
        kept.stream()
            .noneMatch(
                one ->
                    now.isBefore(since.plusSeconds(one.restartSeconds() + one.longLivedSeconds())));
    if (over) {
      keeps(List.of());
      settled(main);
    } else {
      waitForRestart();
    }
  }

  void ended(SessionCause cause) {
    Counter counted =
        switch (cause) {
          case HOLD_TIMER_EXPIRED -> Counter.HOLD_TIMERS_EXPIRED;
          case SEND_HOLD_TIMER_EXPIRED -> Counter.SEND_HOLD_TIMERS_EXPIRED;
          case COLLISION -> Counter.COLLISIONS;
          case CONNECTION_CLOSED, CONNECTION_RESET -> Counter.CONNECTIONS_LOST;
          case CONNECTION_REFUSED, CONNECTION_TIMED_OUT, NO_ROUTE -> Counter.CALLS_FAILED;
          default -> null; // counted where it is found
        };
    if (counted != null) {
      counters.count(counted);
    }
    lastCause = cause;
    collided = isOfCollision(cause);
  }

  /// Some close the other connection of a collision without a word, when ours is decided.
  private boolean isOfCollision(SessionCause cause) {
    Instant now = timing.now();
    if (cause == SessionCause.COLLISION) {
      lastCollision = now;
      return true;
    }
    return (cause == SessionCause.CONNECTION_CLOSED || cause == SessionCause.CONNECTION_RESET)
        && lastCollision != null
        && Duration.between(lastCollision, now).compareTo(SURELY_UP) < 0;
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
        config, state, since, reading, Map.of(), lastCause, lastReceived, lastSent);
  }
}
