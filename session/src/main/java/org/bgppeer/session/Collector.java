package org.bgppeer.session;

import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.jspecify.annotations.Nullable;

/// All sessions of this speaker: listens, dials, and tells a [Recorder]. It takes routes and has
/// none to give: of the messages that it sends (OPEN, KEEPALIVE, NOTIFICATION, ROUTE-REFRESH, and
/// to a neighbor that just restarted End-of-RIB) none can carry one.
///
/// ```java
/// try (var collector = new Collector(local, neighbors, recorder)) {
///   collector.start();
///   …
/// }
/// ```
public final class Collector implements AutoCloseable {
  /// How long sessions may take to end.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /// Callers that are not configured and are just being told so; more are dropped without a word.
  private static final int MAX_STRANGERS = 64;

  /// Strangers that a second's answers are for.
  private static final int MAX_STRANGERS_A_SECOND = 100;

  private static final long SECOND_NANOS = 1_000_000_000;

  /// Callers of whom a minute's log and journal tell; a flood of them is no news.
  private static final int MAX_NAMED = 100;

  /// Callers from ranges whose OPEN is awaited: of all, and of one address.
  private static final int MAX_GUESTS = 1024;

  private static final int MAX_GUESTS_OF_ADDRESS = 4;

  private final Recorder recorder;
  private final Timing timing;
  private final Transport transport;
  /// Whom calls from an address may be for: more than one if our end tells them apart.
  private final Map<Caller, List<Neighbor>> callers = new ConcurrentHashMap<>();

  private final RateLimit strangers = new RateLimit(MAX_NAMED);
  private final AtomicInteger strangersNow = new AtomicInteger();
  private final AtomicInteger strangersInSecond = new AtomicInteger();
  private volatile long strangerSecond;
  private final Map<InetAddress, Integer> guests = new HashMap<>();
  private int guestsNow;

  /// Those configured, by who they are, in the order configured. Guarded by itself, as is the next.
  private final Map<Configured, Neighbor> neighbors = new LinkedHashMap<>();

  /// Those that called from a range.
  private final Map<Neighbor, NeighborRange> dynamic = new LinkedHashMap<>();

  /// Both of them by name.
  private final Map<String, Neighbor> names = new ConcurrentHashMap<>();

  private final List<Transport.Listener> listeners = new ArrayList<>();
  private volatile LocalConfig local;
  private volatile List<NeighborRange> ranges;
  private boolean closed;

  /// Whom a configuration means.
  ///
  /// @param local our end; null if the system chooses it
  private record Configured(Caller caller, int port, @Nullable InetAddress local) {
    static Configured of(NeighborConfig neighbor) {
      return new Configured(
          Caller.of(neighbor.address()), neighbor.port(), neighbor.localAddress());
    }

    /// The same wherever our end is.
    Configured anywhere() {
      return new Configured(caller, port, null);
    }
  }

  /// Whom a call is from: a link-local address needs its interface.
  private record Caller(InetAddress address, int scope) {
    static Caller of(InetAddress address) {
      return new Caller(address, scope(address));
    }

    private static int scope(InetAddress address) {
      return address instanceof Inet6Address six && six.isLinkLocalAddress() ? six.getScopeId() : 0;
    }
  }

  /// Nothing happens before [#start].
  ///
  /// @throws IllegalArgumentException if two neighbors have the same name, or the same address and
  ///     not each a local address of its own: nobody could tell their calls apart
  public Collector(LocalConfig local, List<NeighborConfig> neighbors, Recorder recorder) {
    this(local, neighbors, List.of(), recorder);
  }

  /// The same with ranges from which more neighbors may call; the narrowest that a caller is in
  /// counts.
  public Collector(
      LocalConfig local,
      List<NeighborConfig> neighbors,
      List<NeighborRange> ranges,
      Recorder recorder) {
    this(local, neighbors, ranges, recorder, Timing.ofSystem());
  }

  Collector(LocalConfig local, List<NeighborConfig> neighbors, Recorder recorder, Timing timing) {
    this(local, neighbors, List.of(), recorder, timing);
  }

  Collector(
      LocalConfig local,
      List<NeighborConfig> configured,
      List<NeighborRange> ranges,
      Recorder recorder,
      Timing timing) {
    checkDistinct(configured);
    this.local = local;
    this.ranges = List.copyOf(ranges);
    this.recorder = recorder;
    this.timing = timing;
    this.strangerSecond = timing.nanos();
    this.transport = new Transport();
    configured.forEach(this::add);
  }

  private static void checkDistinct(List<NeighborConfig> neighbors) {
    var seen = new HashSet<Object>();
    var passive = new HashMap<Caller, Set<@Nullable InetAddress>>();
    for (NeighborConfig neighbor : neighbors) {
      if (!seen.add(neighbor.name())) {
        throw new IllegalArgumentException("two neighbors are called " + neighbor.name());
      }
      if (!seen.add(Configured.of(neighbor))) {
        throw new IllegalArgumentException(
            "neighbor " + neighbor + " has the address and port of another");
      }
      if (neighbor.passive()) {
        var locals = passive.computeIfAbsent(Caller.of(neighbor.address()), _ -> new HashSet<>());
        if (!locals.add(neighbor.localAddress()) || locals.size() > 1 && locals.contains(null)) {
          throw new IllegalArgumentException(
              "neighbor "
                  + neighbor
                  + " has the address of another, and both are passive without a local address of"
                  + " their own");
        }
      }
    }
  }

  /// Those that share address and AS with another: their local addresses tell them apart for who
  /// reads what was recorded.
  public static Set<NeighborConfig> apart(List<NeighborConfig> configured) {
    record Peer(Caller caller, long as) {}
    return configured.stream()
        .collect(Collectors.groupingBy(one -> new Peer(Caller.of(one.address()), one.as())))
        .values()
        .stream()
        .filter(same -> same.size() > 1)
        .flatMap(List::stream)
        .collect(Collectors.toSet());
  }

  private Neighbor add(NeighborConfig config) {
    var neighbor = new Neighbor(config, local, recorder, timing, transport, transport.nextLoop());
    synchronized (neighbors) {
      neighbors.put(Configured.of(config), neighbor);
    }
    names.put(config.name(), neighbor);
    if (config.passive()) {
      mayCall(neighbor);
    }
    return neighbor;
  }

  private void mayCall(Neighbor neighbor) {
    callers.merge(
        Caller.of(neighbor.config().address()),
        List.of(neighbor),
        (before, added) -> Stream.concat(before.stream(), added.stream()).toList());
  }

  private void mayNotCall(Neighbor neighbor) {
    callers.computeIfPresent(
        Caller.of(neighbor.config().address()),
        (_, before) -> {
          List<Neighbor> left = before.stream().filter(other -> other != neighbor).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /// Whom a call is for.
  private @Nullable Neighbor called(InetAddress from, @Nullable InetAddress to) {
    List<Neighbor> all = callers.getOrDefault(Caller.of(from), List.of());
    if (all.size() == 1) {
      return all.getFirst();
    }
    for (Neighbor neighbor : all) {
      if (Objects.equals(neighbor.config().localAddress(), to)) {
        return neighbor;
      }
    }
    return null;
  }

  /// Opens all listeners, then starts all neighbors. If one listener cannot be opened, nothing is
  /// left open.
  ///
  /// @throws ListenException if an address cannot be listened on, or the kernel does not take a
  ///     password or a key
  public synchronized void start() throws ListenException {
    List<NeighborConfig> configs = all().stream().map(Neighbor::config).toList();
    try {
      checkSecurity(local, configs, ranges);
      Keys keys = Keys.of(configs, ranges);
      for (InetSocketAddress address : local.listen()) {
        listeners.add(transport.listen(address, keys, this::accept));
      }
    } catch (ListenException e) {
      close();
      throw e;
    }
    all().forEach(Neighbor::start);
    listeners.forEach(Transport.Listener::takeCalls); // not before: in Idle a call is refused
  }

  private void checkSecurity(
      LocalConfig asked, List<NeighborConfig> configs, List<NeighborRange> callable)
      throws ListenException {
    String why = transport.noSecurity();
    var each = new ArrayList<>(configs);
    callable.forEach(range -> each.add(range.like()));
    InetSocketAddress address =
        asked.listen().isEmpty() ? new InetSocketAddress(0) : asked.listen().getFirst();
    for (NeighborConfig config : each) {
      for (TcpAoKey key : config.tcpAo()) {
        String whyNot = key.algorithm().whyNotHere();
        if (!whyNot.isEmpty()) {
          throw new ListenException(
              address, ListenException.Reason.NO_TCP_AO, new UnsupportedOperationException(whyNot));
        }
      }
      if (why.isEmpty()) {
        continue;
      }
      if (config.password() != null) {
        throw new ListenException(
            address, ListenException.Reason.NO_TCP_MD5, new UnsupportedOperationException(why));
      }
      if (config.ttlSecurity() > 0) {
        throw new ListenException(
            address,
            ListenException.Reason.NO_TTL_SECURITY,
            new UnsupportedOperationException(why));
      }
    }
  }

  /// What became of a changed configuration.
  ///
  /// @param added neighbors that are new
  /// @param removed neighbors that are no more
  /// @param reset neighbors whose session had to end for the change
  /// @param changed neighbors that changed without that
  /// @param untouched neighbors that are as before
  public record Applied(
      List<String> added,
      List<String> removed,
      List<String> reset,
      List<String> changed,
      int untouched) {}

  /// Makes these the neighbors, and this what we are. Sessions of neighbors that are as before do
  /// not notice. If a listener cannot be opened, nothing changes.
  ///
  /// @throws IllegalArgumentException as the constructor
  /// @throws ListenException as [#start]
  public synchronized Applied apply(
      LocalConfig newLocal, List<NeighborConfig> configured, List<NeighborRange> newRanges)
      throws ListenException {
    checkDistinct(configured);
    checkSecurity(newLocal, configured, newRanges);
    relisten(newLocal, Keys.of(configured, newRanges));
    boolean another = !newLocal.withListen(List.of()).equals(local.withListen(List.of()));
    local = newLocal;
    ranges = List.copyOf(newRanges);
    var applied =
        new Applied(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), 0);
    var wanted = new LinkedHashMap<Configured, NeighborConfig>();
    configured.forEach(config -> wanted.put(Configured.of(config), config));
    Map<Configured, Neighbor> before;
    synchronized (neighbors) {
      before = new LinkedHashMap<>(neighbors);
    }
    Set<NeighborConfig> apart = apart(configured);
    var moved = new HashMap<Configured, List<NeighborConfig>>(); // their local address, perhaps
    wanted.forEach(
        (who, config) -> {
          if (!before.containsKey(who)) {
            moved.computeIfAbsent(who.anywhere(), _ -> new ArrayList<>()).add(config);
          }
        });
    before.forEach(
        (who, neighbor) -> {
          NeighborConfig same = wanted.get(who);
          NeighborConfig config = same != null ? same : moved(neighbor, moved.get(who.anywhere()));
          if (!another && neighbor.config().equals(config)) {
            return;
          }
          if (config == null) {
            var unused = remove(who, neighbor, Notification.PEER_DECONFIGURED, "removed");
            applied.removed.add(neighbor.name());
          } else if (another || !neighbor.config().differsQuietly(config)) {
            takeOut(who, neighbor);
            Neighbor changed = add(config); // before the end is said: they may call at once
            var ended = stop(neighbor, Notification.OTHER_CONFIGURATION_CHANGE, "changed");
            if (same == null && apart.contains(config)) {
              ended = ended.thenRun(() -> changed.recordAdded(true)); // behind the old session
            }
            var unused = ended.thenRun(changed::start);
            wanted.remove(Configured.of(config));
            applied.reset.add(config.name());
          } else {
            names.remove(neighbor.name(), neighbor);
            neighbor.reconfigure(config);
            applied.changed.add(config.name());
          }
        });
    wanted.forEach(
        (who, config) -> {
          if (!before.containsKey(who)) {
            Neighbor added = add(config);
            added.recordAdded(apart.contains(config));
            added.start();
            applied.added.add(config.name());
          }
        });
    dropUncovered(another);
    all().forEach(neighbor -> names.put(neighbor.name(), neighbor)); // two may have changed theirs
    int touched = applied.added.size() + applied.reset.size() + applied.changed.size();
    return new Applied(
        List.copyOf(applied.added),
        List.copyOf(applied.removed),
        List.copyOf(applied.reset),
        List.copyOf(applied.changed),
        configured.size() - touched);
  }

  /// What became of a neighbor, among new ones with its address: the one with its name, or any.
  private static @Nullable NeighborConfig moved(
      Neighbor neighbor, @Nullable List<NeighborConfig> candidates) {
    if (candidates == null || candidates.isEmpty()) {
      return null;
    }
    NeighborConfig found =
        candidates.stream()
            .filter(candidate -> candidate.name().equals(neighbor.name()))
            .findFirst()
            .orElse(candidates.getFirst());
    candidates.remove(found);
    return found;
  }

  /// Opens what is new before it closes what is over, so that a failure changes nothing.
  private void relisten(LocalConfig newLocal, Keys keys) throws ListenException {
    var opened = new ArrayList<Transport.Listener>();
    var before = new HashMap<Transport.Listener, Keys>();
    try {
      for (InetSocketAddress address : newLocal.listen()) {
        if (listeners.stream().noneMatch(listener -> listener.asked().equals(address))) {
          opened.add(transport.listen(address, keys, this::accept));
        }
      }
      for (Transport.Listener listener : listeners) {
        before.put(listener, listener.keys());
        listener.keys(keys);
      }
    } catch (ListenException e) {
      opened.forEach(Transport.Listener::close);
      for (Map.Entry<Transport.Listener, Keys> changed : before.entrySet()) {
        changed.getKey().keys(changed.getValue()); // which the kernel had room for
      }
      throw e;
    }
    for (Transport.Listener listener : List.copyOf(listeners)) {
      if (!newLocal.listen().contains(listener.asked())) {
        listeners.remove(listener);
        listener.close();
      }
    }
    listeners.addAll(opened);
    opened.forEach(Transport.Listener::takeCalls);
  }

  private CompletableFuture<Void> remove(
      Configured who, Neighbor neighbor, int subcode, String text) {
    takeOut(who, neighbor);
    return stop(neighbor, subcode, text);
  }

  private void takeOut(Configured who, Neighbor neighbor) {
    synchronized (neighbors) {
      neighbors.remove(who, neighbor);
    }
    names.remove(neighbor.name(), neighbor);
    mayNotCall(neighbor);
  }

  private static CompletableFuture<Void> stop(Neighbor neighbor, int subcode, String text) {
    return neighbor.stop(
        Notification.of(Notification.CEASE, subcode), SessionCause.ADMINISTRATIVE, text);
  }

  /// Ends the sessions of those that called from a range that is no more, or is another now.
  private void dropUncovered(boolean every) {
    Map<Neighbor, NeighborRange> before;
    synchronized (neighbors) {
      before = new LinkedHashMap<>(dynamic);
    }
    before.forEach(
        (neighbor, range) -> {
          if (every || !ranges.contains(range)) {
            synchronized (neighbors) {
              dynamic.remove(neighbor);
            }
            var unused =
                remove(
                    Configured.of(neighbor.config()),
                    neighbor,
                    Notification.OTHER_CONFIGURATION_CHANGE,
                    "changed");
          }
        });
  }

  private Collection<Neighbor> all() {
    synchronized (neighbors) {
      var all = new ArrayList<>(neighbors.values());
      all.addAll(dynamic.keySet());
      return all;
    }
  }

  /// Where it listens, in the order configured, with the ports that the system chose where 0 was
  /// asked for.
  public synchronized List<InetSocketAddress> listening() {
    return listeners.stream().map(Transport.Listener::address).toList();
  }

  /// How all neighbors stand, in the order configured, those from ranges behind. Cheap, from any
  /// thread.
  public List<NeighborStatus> status() {
    return all().stream().map(Neighbor::status).toList();
  }

  /// How one neighbor stands; empty if none has that name.
  public Optional<NeighborStatus> status(String name) {
    return named(name).map(Neighbor::status);
  }

  /// The names of those that have a [PrefixLimit].
  public Set<String> limited() {
    return all().stream()
        .map(Neighbor::config)
        .filter(config -> !config.limits().isEmpty())
        .map(NeighborConfig::name)
        .collect(Collectors.toSet());
  }

  private Optional<Neighbor> named(String name) {
    return Optional.ofNullable(names.get(name));
  }

  /// All about one neighbor; empty if none has that name.
  public Optional<CompletableFuture<NeighborDetail>> detail(String name) {
    return named(name).map(Neighbor::detail);
  }

  /// Asks a neighbor for all its routes of a family again (RFC 2918).
  ///
  /// @return whether it was asked: false if no neighbor has that name, its session is not up, or it
  ///     cannot be asked that
  public CompletableFuture<Boolean> refresh(String name, Family family) {
    return named(name)
        .map(neighbor -> neighbor.refresh(family))
        .orElseGet(() -> CompletableFuture.completedFuture(false));
  }

  /// Ends a neighbor's session with Cease, Administrative Reset, and this text (RFC 9003), and
  /// begins anew; also one that rests until an operator says so.
  ///
  /// @return false if none has that name
  public boolean reset(String name, String text) {
    Optional<Neighbor> neighbor = named(name);
    neighbor.ifPresent(
        found -> {
          var unused = found.reset(text);
        });
    return neighbor.isPresent();
  }

  /// Tells how many routes of a family a neighbor has sent in its session: who keeps them counts
  /// them, for the sake of [PrefixLimit].
  public void counted(String name, Family family, long routes) {
    named(name).ifPresent(neighbor -> neighbor.counted(family, routes));
  }

  // ---- callers

  private void accept(Channel child) {
    if (!(child.remoteAddress() instanceof InetSocketAddress peer)) {
      child.unsafe().closeForcibly(); // gone already
      return;
    }
    Neighbor neighbor = called(peer.getAddress(), localOf(child));
    if (neighbor != null) {
      if (!transport.isNearEnough(child, neighbor.config())) {
        neighbor.loop().execute(() -> neighbor.tooFar(peer));
        Transport.drop(child);
        return;
      }
      if (!Transport.isSigned(child, neighbor.config())) {
        SessionLog.unsigned(peer);
        Transport.drop(child);
        return;
      }
      var connection = new Connection(false);
      connection.whenActive(() -> neighbor.accept(connection));
      transport.register(child, neighbor.loop(), connection, neighbor.config());
      return;
    }
    NeighborRange range = range(peer.getAddress());
    if (range == null) {
      stranger(child);
    } else if (transport.isNearEnough(child, range.like())
        && Transport.isSigned(child, range.like())
        && isRoomFor(peer.getAddress())) {
      guest(child, peer.getAddress(), range);
    } else {
      Transport.drop(child);
    }
  }

  private static @Nullable InetAddress localOf(Channel child) {
    return child.localAddress() instanceof InetSocketAddress local ? local.getAddress() : null;
  }

  private @Nullable NeighborRange range(InetAddress address) {
    NeighborRange narrowest = null;
    for (NeighborRange range : ranges) {
      if (range.covers(address)
          && (narrowest == null || narrowest.range().length() < range.range().length())) {
        narrowest = range;
      }
    }
    return narrowest;
  }

  private boolean isRoomFor(InetAddress address) {
    synchronized (guests) {
      if (guestsNow >= MAX_GUESTS || guests.getOrDefault(address, 0) >= MAX_GUESTS_OF_ADDRESS) {
        return false;
      }
      guestsNow++;
      guests.merge(address, 1, Integer::sum);
      return true;
    }
  }

  private void leaves(InetAddress address) {
    synchronized (guests) {
      guestsNow--;
      guests.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private void guest(Channel child, InetAddress address, NeighborRange range) {
    var loop = transport.nextLoop();
    var connection = new Connection(false);
    var host =
        new Guest.Host() {
          @Override
          public @Nullable Neighbor welcome(Connection with, Open open) {
            return neighborOf(with, range, open);
          }

          @Override
          public void sendAway(Connection with, Notification notification, String why) {
            Collector.this.sendAway(with, notification, why);
          }

          @Override
          public void left() {
            leaves(address);
          }
        };
    connection.whenActive(() -> new Guest(connection, timing, loop, host));
    transport.register(child, loop, connection, range.like());
  }

  /// The neighbor that a guest turned out to be.
  private @Nullable Neighbor neighborOf(Connection connection, NeighborRange range, Open open) {
    InetAddress address = connection.peer().getAddress();
    NeighborConfig config = range.neighbor(address, open);
    if (config == null) {
      sendAway(
          connection,
          Notification.of(Notification.OPEN_MESSAGE_ERROR, Notification.BAD_PEER_AS),
          "AS" + open.as() + " is not allowed in " + range);
      return null;
    }
    Neighbor known = called(address, connection.local().getAddress());
    if (known != null) {
      return known.loop().inEventLoop() ? known : busy(connection, "it is here already");
    }
    synchronized (neighbors) {
      long there = dynamic.values().stream().filter(range::equals).count();
      if (there >= range.most() || !ranges.contains(range)) {
        return busy(connection, "there are " + there + " neighbors in " + range + " already");
      }
      var neighbor = new Neighbor(config, local, recorder, timing, transport, connection.loop());
      dynamic.put(neighbor, range);
      names.putIfAbsent(neighbor.name(), neighbor);
      mayCall(neighbor);
      neighbor.startNow();
      neighbor.whenGone(() -> forget(neighbor)); // not before: it waits for its connection
      return neighbor;
    }
  }

  private @Nullable Neighbor busy(Connection connection, String why) {
    sendAway(
        connection, Notification.of(Notification.CEASE, Notification.CONNECTION_REJECTED), why);
    return null;
  }

  private void forget(Neighbor neighbor) {
    synchronized (neighbors) {
      dynamic.remove(neighbor);
    }
    names.remove(neighbor.name(), neighbor);
    mayNotCall(neighbor);
  }

  /// Whether more strangers came within this second than are told why they must go.
  private boolean isFlood() {
    long now = timing.nanos();
    if (now - strangerSecond > SECOND_NANOS) {
      strangerSecond = now;
      strangersInSecond.set(0);
    }
    return strangersInSecond.incrementAndGet() > MAX_STRANGERS_A_SECOND;
  }

  private void stranger(Channel child) {
    if (isFlood()) {
      Transport.drop(child);
      return;
    }
    if (strangersNow.incrementAndGet() > MAX_STRANGERS) {
      strangersNow.decrementAndGet();
      Transport.drop(child);
      return;
    }
    var connection = new Connection(false);
    child.closeFuture().addListener(_ -> strangersNow.decrementAndGet());
    connection.whenActive(
        () ->
            sendAway(
                connection,
                Notification.of(Notification.CEASE, Notification.CONNECTION_REJECTED),
                ""));
    transport.register(child, transport.nextLoop(), connection, null);
  }

  /// A caller who is not configured, or not to call us: RFC 4486 §4, Connection Rejected, or what
  /// else is wrong with it.
  private void sendAway(Connection connection, Notification notification, String why) {
    byte[] rejected = notification.encode();
    connection.send(rejected, () -> {});
    Instant now = timing.now();
    InetSocketAddress peer = connection.peer();
    if (isNewStranger(peer.getAddress(), now)) {
      SessionLog.stranger(peer, connection.local(), why);
      Neighbor known = configured(peer.getAddress());
      String address = peer.getAddress().getHostAddress();
      var endpoints =
          new Endpoints(
              known == null ? address : known.name(), 0, local.as(), peer, connection.local());
      recorder.message(endpoints, true, now, rejected, 0, rejected.length, DecodeContext.AS4);
      String text =
          known == null
              ? address
              : known.config().passive()
                  ? address
                      + " called "
                      + connection.local().getAddress().getHostAddress()
                      + ", which is none of its local addresses"
                  : address + " may be called, but may not call";
      recorder.stateChange(
          endpoints,
          now,
          1,
          1,
          new StateReason(
              SessionCause.NOT_CONFIGURED,
              endpoints.neighbor(),
              why.isEmpty() ? text : address + " (" + why + ")"));
    }
    connection.finish();
  }

  private @Nullable Neighbor configured(InetAddress address) {
    for (Neighbor neighbor : all()) {
      if (neighbor.config().address().equals(address)) {
        return neighbor;
      }
    }
    return null;
  }

  private boolean isNewStranger(InetAddress address, Instant now) {
    synchronized (strangers) {
      boolean isNew = strangers.permits(address, now);
      if (isNew && strangers.isExhausted()) {
        SessionLog.strangersUnnamed(MAX_NAMED);
      }
      return isNew;
    }
  }

  /// Ends all sessions with Cease, Administrative Shutdown, and closes all; takes no longer than
  /// some seconds. The recorder is not called any more when this returns.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    transport.closeListeners();
    String text = "collector stopped";
    Notification cease = Notification.shutdown(Notification.ADMINISTRATIVE_SHUTDOWN, text);
    CompletableFuture<?>[] ends =
        all().stream()
            .map(neighbor -> neighbor.stop(cease, SessionCause.COLLECTOR_STOPPED, ""))
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      SessionLog.fault("all", e);
    }
    transport.close(PATIENCE);
  }
}
