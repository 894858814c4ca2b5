package org.bgppeer.app;

import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.Position;
import org.bgppeer.session.Collector;
import org.bgppeer.session.ListenException;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.session.Recorder;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Records;
import org.bgppeer.web.AsNames;
import org.bgppeer.web.CommunityDictionary;
import org.bgppeer.web.WebAccess;
import org.bgppeer.web.WebConfig;
import org.bgppeer.web.WebServer;
import org.bgppeer.wire.AddressText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A collector at work: all rooms, opened from the journal to the sessions and closed the other way
/// round.
///
/// ```
/// open    journal ─► database, projector ─► pages ─► sessions
/// close   sessions (Cease to each) ─► pages ─► projector (to the end) ─► database ─► journal
/// ```
///
/// So nothing ever arrives that could not be kept, and the pages show the last state before the
/// first session is up.
final class Rooms implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rooms.class);

  /// How long a stop waits for the database to have all that the journal has. What is missing then
  /// comes from the journal at the next start.
  private static final Duration CATCH_UP = Duration.ofSeconds(10);

  private static final Duration MUTE_PATIENCE = Duration.ofSeconds(10);

  private final Deque<Room> open = new ArrayDeque<>();
  private @Nullable Journal journal;
  private @Nullable Projector projector;
  private @Nullable Collector collector;
  private @Nullable WebServer web;
  private Set<String> muted = Set.of();

  /// How one room is closed.
  private interface Room {
    void close() throws Exception;
  }

  private Rooms() {}

  /// Opens all rooms. If one cannot be opened, those before it are closed again.
  ///
  /// @throws Failure with what is wrong and the remedy
  static Rooms open(Configuration configuration) throws Failure {
    return open(configuration, UnaryOperator.identity());
  }

  /// The same, with something between the sessions and the journal.
  static Rooms open(Configuration configuration, UnaryOperator<Recorder> between) throws Failure {
    var rooms = new Rooms();
    try {
      rooms.openAll(configuration, between);
      return rooms;
    } catch (Failure | RuntimeException e) {
      rooms.close();
      throw e;
    }
  }

  private void openAll(Configuration configuration, UnaryOperator<Recorder> between)
      throws Failure {
    var data = new DataDirectory(configuration.data(), configuration.db());
    data.prepare();
    open.push(data.lock()::close);
    Journal journal = openJournal(data, configuration);
    open.push(journal::close);
    Database database = data.open();
    open.push(database::close);
    configure(database, configuration);
    var projector =
        Projector.start(
            database,
            Database.LIVE,
            from -> {
              if (from == null && !journal.end().equals(Position.BEGINNING)) {
                LOG.info(
                    "the database is new; it is filled from the journal, which may take a while");
              }
              return Records.of(journal.reader(from));
            },
            configuration.journal().clock(),
            configuration.keeping().database());
    open.push(projector::close);
    open.push(() -> catchUp(CATCH_UP));
    this.journal = journal;
    this.projector = projector;
    muted = configuration.muted();
    var keeper =
        Keeper.start(
            data.journal(), journal, projector, database.queries(data.journal()), configuration);
    open.push(keeper::close);
    if (configuration.web() != null) {
      WebServer server =
          serve(
              database,
              data,
              configuration,
              configuration.asNames(),
              configuration.web(),
              configuration.reach());
      open.push(server::close);
      web = server;
    }
    var sessions =
        new Collector(
            configuration.local(),
            configuration.neighbors(),
            configuration.ranges(),
            between.apply(new JournalRecorder(journal, configuration.journal().format())));
    open.push(sessions::close);
    collector = sessions;
    open.push(new LimitWatch(sessions, database.queries(data.journal()))::close);
    try {
      sessions.start();
    } catch (ListenException e) {
      throw new Failure(explain(e), e);
    }
  }

  private static Journal openJournal(DataDirectory data, Configuration configuration)
      throws Failure {
    try {
      return Journal.open(data.journal(), configuration.journal());
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void configure(Database database, Configuration configuration) throws Failure {
    Set<NeighborConfig> apart = Collector.apart(configuration.neighbors());
    List<Database.ConfiguredNeighbor> neighbors =
        configuration.neighbors().stream()
            .map(
                neighbor ->
                    new Database.ConfiguredNeighbor(
                        neighbor.name(),
                        AddressText.of(neighbor.address().getAddress()),
                        neighbor.as(),
                        apart.contains(neighbor) && neighbor.localAddress() != null
                            ? AddressText.of(neighbor.localAddress().getAddress())
                            : "",
                        configuration.muted().contains(neighbor.name())))
            .toList();
    try {
      long now =
          ChronoUnit.MICROS.between(Instant.EPOCH, configuration.journal().clock().instant());
      database.configure(neighbors, now);
    } catch (SQLException e) {
      throw new Failure("cannot write to " + database.place() + ": " + database.explain(e), e);
    }
  }

  /// Serves the pages over a database.
  ///
  /// @param asNames the file of names of AS; null for the usual one, if it is there
  /// @throws Failure if the address cannot be listened on
  static WebServer serve(
      Database database,
      DataDirectory data,
      @Nullable Configuration configuration,
      @Nullable Path asNames,
      InetSocketAddress address,
      WebReach reach)
      throws Failure {
    WebAccess access = reach.access(data, address);
    WebConfig.Collector self =
        configuration == null
            ? null
            : new WebConfig.Collector(
                configuration.local().as(),
                AddressText.ofIdentifier(configuration.local().routerId()),
                configuration.neighbors().size(),
                configuration.local().listen().stream().map(Address::text).toList());
    try {
      return WebServer.start(
          database.queries(data.journal()),
          new WebConfig(
              address.getAddress().getHostAddress(),
              address.getPort(),
              Main.version(),
              Clock.systemUTC(),
              self,
              CommunityDictionary.of(data.communities()),
              AsNames.Source.of(asNames == null ? data.asNames() : List.of(asNames)),
              access));
    } catch (IllegalArgumentException e) {
      throw new Failure("TLS does not work: " + e.getMessage(), e);
    } catch (JavalinBindException e) {
      throw new Failure(
          "cannot serve the pages on "
              + Address.text(address)
              + ": "
              + (address.getPort() < 1024 && address.getPort() > 0
                  ? "the port is taken, or ports below 1024 are not permitted"
                  : "another program listens there, or the address is not one of this machine")
              + "; choose another one with --web ADDRESS:PORT, or --no-web",
          e);
    }
  }

  /// What stands between a person and a listening socket.
  private static String explain(ListenException e) {
    String where = "cannot listen on " + Address.text(e.address());
    int port = e.address().getPort();
    return switch (e.reason()) {
      case NOT_PERMITTED ->
          where
              + ": this user may not listen on ports below 1024. One of these helps:\n"
              + "  sudo sysctl net.ipv4.ip_unprivileged_port_start="
              + port
              + "     permit it to everybody on this machine\n"
              + "  run it as a service with AmbientCapabilities=CAP_NET_BIND_SERVICE, or as root\n"
              + "  --listen 0.0.0.0:1790 and let neighbors connect there, or --listen none and"
              + " only connect to them";
      case IN_USE ->
          where
              + ": another program listens there; stop it (sudo ss -ltnp 'sport = :"
              + port
              + "' names it), or choose another address with --listen ADDRESS:PORT";
      case NOT_OURS ->
          where
              + ": that is not an address of this machine; choose one of it, or 0.0.0.0 and [::]"
              + " for all";
      case NO_TCP_MD5, NO_TCP_AO, NO_TTL_SECURITY, OTHER -> String.valueOf(e.getMessage());
    };
  }

  /// Waits until the database has everything that sessions recorded so far.
  ///
  /// @return false if it has not in this time; what is missing then comes from the journal later
  boolean catchUp(Duration atMost) throws InterruptedException {
    if (journal == null || projector == null) {
      return false;
    }
    try {
      journal.flush(atMost);
      Position end = journal.end();
      if (end.equals(Position.BEGINNING) || projector.await(end, atMost)) {
        return true;
      }
      LOG.warn("the database is behind the journal; what is missing comes at the next start");
    } catch (TimeoutException e) {
      LOG.warn("the journal is not on the disk: {}", e.getMessage());
    }
    return false;
  }

  /// Applies another configuration to the sessions; what it says of other rooms counts at the next
  /// start.
  ///
  /// @throws Failure if it cannot be; nothing has changed then
  Collector.Applied apply(Configuration next) throws Failure {
    if (collector == null) {
      throw new Failure("the collector is not running");
    }
    Collector.Applied applied;
    try {
      applied = collector.apply(next.local(), next.neighbors(), next.ranges());
    } catch (ListenException e) {
      throw new Failure("nothing was changed: " + explain(e), e);
    }
    if (!muted.equals(next.muted())) {
      muteAsConfigured(next.muted());
    }
    return applied;
  }

  private void muteAsConfigured(Set<String> wanted) throws Failure {
    try {
      catchUp(MUTE_PATIENCE); // one that is new is known to the database then
      for (String name : wanted) {
        if (!muted.contains(name)) {
          mute(name, true);
        }
      }
      for (String name : muted) {
        if (!wanted.contains(name)) {
          mute(name, false);
        }
      }
      muted = wanted;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Hides a neighbor's routes from whoever does not ask for it, or shows them again.
  ///
  /// @throws Failure if the database cannot be written now
  void mute(String name, boolean on) throws Failure, InterruptedException {
    if (projector == null) {
      throw new Failure("the collector is not running");
    }
    try {
      projector.mute(name, on).get(MUTE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Failure(
          "the database cannot be written now, so " + name + " is as it was; try again", e);
    }
  }

  /// From now on commands can tell this collector what to do.
  void takeOrders(Path data, Reload reload) {
    if (collector == null) {
      return;
    }
    open.push(reload::close);
    try {
      open.push(ControlSocket.open(data, new Orders(collector, reload, this::mute))::close);
    } catch (Failure e) {
      LOG.warn("refresh, reset and reload do not work: {}", e.getMessage());
    }
  }

  /// Where neighbors may connect to, with the ports that the system chose.
  List<InetSocketAddress> listening() {
    return collector == null ? List.of() : collector.listening();
  }

  /// The port of the pages; 0 if there are none.
  int webPort() {
    return web == null ? 0 : web.port();
  }

  /// Closes all rooms, the last opened first. A room that cannot be closed does not keep the others
  /// open.
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.error("while stopping: {}", e.getMessage(), e);
      }
    }
  }
}
