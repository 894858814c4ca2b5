package org.bgppeer.session;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.SessionCause;
import org.jspecify.annotations.Nullable;

/// All sessions of this speaker: listens, dials, and tells a [Recorder]. It takes routes and has
/// none
/// to give: of the messages that it sends (OPEN, KEEPALIVE, NOTIFICATION, ROUTE-REFRESH) none can
/// carry one.
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

  private final LocalConfig local;
  private final Recorder recorder;
  private final Timing timing;
  private final Transport transport;
  private final List<Neighbor> neighbors = new ArrayList<>();
  private final Map<InetAddress, Neighbor> callers = new HashMap<>();
  private final List<InetSocketAddress> listening = new ArrayList<>();
  private final RateLimit strangers = new RateLimit();
  private final AtomicInteger strangersNow = new AtomicInteger();
  private boolean closed;

  /// Nothing happens before [#start].
  ///
  /// @throws IllegalArgumentException if two neighbors have the same name, the same address and
  ///     port, or, both being passive, the same address: nobody could tell their calls apart
  public Collector(LocalConfig local, List<NeighborConfig> neighbors, Recorder recorder) {
    this(local, neighbors, recorder, Timing.ofSystem());
  }

  Collector(LocalConfig local, List<NeighborConfig> configured, Recorder recorder, Timing timing) {
    checkDistinct(configured);
    this.local = local;
    this.recorder = recorder;
    this.timing = timing;
    this.transport = new Transport(configured.size());
    for (NeighborConfig config : configured) {
      var neighbor = new Neighbor(config, local, recorder, timing, transport);
      neighbors.add(neighbor);
      if (config.passive()) {
        callers.put(config.address(), neighbor);
      }
    }
  }

  private static void checkDistinct(List<NeighborConfig> neighbors) {
    var seen = new HashSet<Object>();
    for (NeighborConfig neighbor : neighbors) {
      if (!seen.add(neighbor.name())) {
        throw new IllegalArgumentException("two neighbors are called " + neighbor.name());
      }
      if (!seen.add(new InetSocketAddress(neighbor.address(), neighbor.port()))) {
        throw new IllegalArgumentException(
            "neighbor " + neighbor + " has the address and port of another");
      }
      if (neighbor.passive() && !seen.add(neighbor.address())) {
        throw new IllegalArgumentException(
            "neighbor " + neighbor + " has the address of another, and both are passive");
      }
    }
  }

  /// Opens all listeners, then starts all neighbors. If one listener cannot be opened, nothing is
  /// left open.
  ///
  /// @throws ListenException if an address cannot be listened on, or a password cannot be used
  public synchronized void start() throws ListenException {
    List<NeighborConfig> configs = neighbors.stream().map(Neighbor::config).toList();
    try {
      checkMd5(configs);
      for (InetSocketAddress address : local.listen()) {
        listening.add(transport.listen(address, configs, this::accept));
      }
    } catch (ListenException e) {
      close();
      throw e;
    }
    neighbors.forEach(Neighbor::start);
    transport.takeCalls(); // not before: in Idle a neighbor's call would be refused
  }

  private void checkMd5(List<NeighborConfig> configs) throws ListenException {
    String why = transport.noMd5();
    if (!why.isEmpty() && configs.stream().anyMatch(config -> config.password() != null)) {
      InetSocketAddress address =
          local.listen().isEmpty() ? new InetSocketAddress(0) : local.listen().getFirst();
      throw new ListenException(
          address, ListenException.Reason.NO_TCP_MD5, new UnsupportedOperationException(why));
    }
  }

  /// Where it listens, in the order configured, with the ports that the system chose where 0 was
  /// asked for.
  public synchronized List<InetSocketAddress> listening() {
    return List.copyOf(listening);
  }

  /// How all neighbors stand, in the order configured. Cheap, from any thread.
  public List<NeighborStatus> status() {
    return neighbors.stream().map(Neighbor::status).toList();
  }

  /// Asks a neighbor for all its routes of a family again (RFC 2918).
  ///
  /// @return whether it was asked: false if no neighbor has that name, its session is not up, or it
  ///     cannot be asked that
  public CompletableFuture<Boolean> refresh(String name, Family family) {
    return neighbors.stream()
        .filter(neighbor -> neighbor.name().equals(name))
        .findFirst()
        .map(neighbor -> neighbor.refresh(family))
        .orElseGet(() -> CompletableFuture.completedFuture(false));
  }

  private void accept(Channel child) {
    if (!(child.remoteAddress() instanceof InetSocketAddress peer)) {
      child.unsafe().closeForcibly(); // gone already
      return;
    }
    Neighbor neighbor = callers.get(peer.getAddress());
    var connection = new Connection(false);
    if (neighbor != null) {
      connection.whenActive(() -> neighbor.accept(connection));
      transport.register(child, neighbor.loop(), connection);
    } else if (strangersNow.incrementAndGet() > MAX_STRANGERS) {
      strangersNow.decrementAndGet();
      child.unsafe().closeForcibly();
    } else {
      child.closeFuture().addListener(_ -> strangersNow.decrementAndGet());
      connection.whenActive(() -> sendAway(connection));
      transport.register(child, transport.nextLoop(), connection);
    }
  }

  /// A caller who is not configured, or not to call us: RFC 4486 §4, Connection Rejected.
  private void sendAway(Connection connection) {
    byte[] rejected =
        Notification.of(Notification.CEASE, Notification.CONNECTION_REJECTED).encode();
    connection.send(rejected, () -> {});
    Instant now = timing.now();
    InetSocketAddress peer = connection.peer();
    if (isNewStranger(peer.getAddress(), now)) {
      SessionLog.stranger(peer, connection.local());
      Neighbor known = configured(peer.getAddress());
      String address = peer.getAddress().getHostAddress();
      var endpoints =
          new Endpoints(
              known == null ? address : known.name(), 0, local.as(), peer, connection.local());
      recorder.message(endpoints, true, now, rejected, 0, rejected.length, DecodeContext.AS4);
      recorder.stateChange(
          endpoints,
          now,
          1,
          1,
          SessionCause.NOT_CONFIGURED,
          known == null ? address : address + " may be called, but may not call");
    }
    connection.finish();
  }

  private @Nullable Neighbor configured(InetAddress address) {
    for (Neighbor neighbor : neighbors) {
      if (neighbor.config().address().equals(address)) {
        return neighbor;
      }
    }
    return null;
  }

  private boolean isNewStranger(InetAddress address, Instant now) {
    synchronized (strangers) {
      return strangers.permits(address, now);
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
        neighbors.stream()
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
