package org.bgppeer.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// A router that somebody else wrote, run as a program with a configuration of its own.
///
/// Its announcements are a set: [#announce] says what it is from now on, before the start as well
/// as while it runs, and it is the same after a [#kill] and another [#start].
abstract class Router implements AutoCloseable {
  final Link link;
  final Path directory;
  private final Kind kind;
  private List<Route> routes = List.of();

  Router(Kind kind, Link link, Path directory) {
    this.kind = kind;
    this.link = link;
    this.directory = directory;
  }

  /// The routers, and what each of them lacks.
  enum Kind {
    BIRD("BIRD", "bird2", 64501, true, List.of("bird", "birdc"), Map.of(), Bird::new),
    FRR("FRR", "frr", 64502, false, List.of(Frr.BGPD, "vtysh"), Map.of(), Frr::new),
    GOBGP(
        "GoBGP",
        "gobgpd",
        64503,
        true,
        List.of("gobgpd", "gobgp"),
        Map.of(Feature.EXTENDED_MESSAGE, "does not know RFC 8654"),
        Gobgp::new),
    OPENBGPD(
        "OpenBGPD",
        "openbgpd",
        64504,
        false,
        List.of("/usr/sbin/bgpd", "bgpctl"),
        Map.of(
            Feature.EXTENDED_NEXT_HOP, "does not know RFC 8950",
            Feature.EXTENDED_MESSAGE, "does not know RFC 8654",
            Feature.ROUTE_REFRESH, "takes the family for one that was not agreed on",
            Feature.GRACEFUL_RESTART, "asks nobody to keep its routes"),
        Openbgpd::new),
    EXABGP(
        "ExaBGP",
        "exabgp",
        64505,
        true,
        List.of("exabgp"),
        Map.of(
            Feature.ROUTE_REFRESH, "sends nothing when it is asked",
            Feature.SHUTDOWN_TEXT, "has no text to give"),
        Exabgp::new);

    final String title;
    final String debianPackage;
    final long as;

    /// Whether it can be told several paths of one prefix; else others must announce them to it.
    final boolean hasPathsOfItsOwn;

    private final List<String> programs;
    final Map<Feature, String> lacking;
    private final Maker maker;

    private interface Maker {
      Router make(Link link, Path directory);
    }

    Kind(
        String title,
        String debianPackage,
        long as,
        boolean hasPathsOfItsOwn,
        List<String> programs,
        Map<Feature, String> lacking,
        Maker maker) {
      this.title = title;
      this.debianPackage = debianPackage;
      this.as = as;
      this.hasPathsOfItsOwn = hasPathsOfItsOwn;
      this.programs = programs;
      this.lacking = lacking;
      this.maker = maker;
    }

    /// One that does not run yet, in a directory of its own below this one. Skips the test if its
    /// programs are not there.
    Router router(Link link, Path parent) throws IOException {
      for (String program : programs) {
        assumeTrue(
            Program.find(program) != null,
            () -> program + " is missing: apt install " + debianPackage);
      }
      Path own = Files.createTempDirectory(parent, name().toLowerCase(java.util.Locale.ROOT));
      return maker.make(link, own);
    }
  }

  String name() {
    return kind.title;
  }

  long as() {
    return link.routerAs();
  }

  /// Says what it announces from now on.
  final void announce(List<Route> all) throws Exception {
    List<Route> before = routes;
    routes = List.copyOf(all);
    if (isRunning()) {
      var old = new HashSet<>(before);
      var current = new HashSet<>(all);
      List<Route> gone = before.stream().filter(route -> !current.contains(route)).toList();
      List<Route> come = all.stream().filter(route -> !old.contains(route)).toList();
      change(gone, come);
    }
  }

  List<Route> routes() {
    return routes;
  }

  boolean has(Feature feature) {
    return !kind.lacking.containsKey(feature);
  }

  /// Starts it, and waits until it can be spoken to.
  abstract void start() throws Exception;

  abstract boolean isRunning();

  /// SIGKILL.
  abstract void kill() throws InterruptedException;

  /// Why its routes end then.
  String reasonWhenKilled() {
    return "session-down";
  }

  /// Changes what the running router announces; [#routes] is what it is to be then. A route in both
  /// has other attributes than before.
  abstract void change(List<Route> gone, List<Route> come) throws Exception;

  /// Its own view: routes or UPDATEs that came from the collector.
  abstract long receivedFromCollector() throws IOException, InterruptedException;

  /// Lets it ask the collector for all its routes again (RFC 2918).
  ///
  /// @return false if it cannot
  abstract boolean askForRoutes() throws IOException, InterruptedException;

  /// Ends the session with this text (RFC 9003), and stays away until [#bringUp].
  abstract void shutDown(String text) throws IOException, InterruptedException;

  abstract void bringUp() throws IOException, InterruptedException;

  /// What it said last, for a test that failed.
  abstract String log();

  /// The AS path with which this route arrives.
  String pathOf(Route route) {
    var path = new StringBuilder().append(as());
    route.path().forEach(as -> path.append(' ').append(as));
    return path.toString();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
