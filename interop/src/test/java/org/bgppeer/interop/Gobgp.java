package org.bgppeer.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// GoBGP: routes are added with the command `gobgp`, which speaks to the daemon's gRPC port. It
/// sends End-of-RIB only where graceful restart is configured.
final class Gobgp extends Router {
  private static final Pattern RECEIVED =
      Pattern.compile("(?m)^ +(?:Received: +(\\d+)|Updates: +\\d+ +(\\d+))");

  private final String apiAddress;
  private final int apiPort;
  private final Program program;
  private int restarts;

  /// With ADD-PATH: which of our routes has which path identifier.
  private final Map<Route, Integer> identifiers = new HashMap<>();

  Gobgp(Link link, Path directory) {
    super(Kind.GOBGP, link, directory);
    apiAddress = "127.0.0.1";
    apiPort = Loopback.freePort(apiAddress);
    program =
        new Program(
            directory,
            directory.resolve("log"),
            Map.of(),
            List.of(
                "gobgpd",
                "-f",
                "gobgpd.toml",
                "--api-hosts",
                apiAddress + ":" + apiPort,
                "--log-plain",
                "--pprof-disable"));
  }

  @Override
  void start() throws Exception {
    Files.writeString(directory.resolve("gobgpd.toml"), configuration());
    if (link.rich() && restarts++ > 0) {
      program.start("-r");
    } else {
      program.start();
    }
    Eventually.holds(() -> gobgp(List.of("neighbor")));
    for (Route route : routes()) {
      gobgp(add(route));
    }
    // Only now: its End-of-RIB would come before the routes.
    gobgp(List.of("neighbor", link.collector(), "enable"));
  }

  private String configuration() {
    return """
    [global.config]
      as = %d
      router-id = "192.0.2.3"
      port = %d
      local-address-list = ["%s"]
    [[neighbors]]
      [neighbors.config]
        neighbor-address = "%s"
        peer-as = %d
        admin-down = true
        %s
      [neighbors.transport.config]
        local-address = "%s"
        remote-port = %d
        passive-mode = %s
      [neighbors.timers.config]
        connect-retry = 1
        idle-hold-time-after-reset = 1
    %s\
      [neighbors.graceful-restart.config]
        enabled = true
        restart-time = %d
    %s%s\
    """
        .formatted(
            as(),
            link.routerPort(),
            link.router(),
            link.collector(),
            link.collectorAs(),
            link.password() == null ? "" : "auth-password = \"" + link.password() + "\"",
            link.router(),
            link.collectorPort(),
            !link.routerConnects(),
            link.rich()
                ? "  [neighbors.ttl-security.config]\n    enabled = true\n    ttl-min = 255\n"
                : "  [neighbors.ebgp-multihop.config]\n    enabled = true\n    multihop-ttl = 10\n",
            link.rich() ? 60 : 20,
            family("ipv4-unicast"),
            family("ipv6-unicast"));
  }

  private String family(String name) {
    return """
      [[neighbors.afi-safis]]
        [neighbors.afi-safis.config]
          afi-safi-name = "%s"
        [neighbors.afi-safis.mp-graceful-restart.config]
          enabled = true
    %s\
    """
        .formatted(
            name,
            link.addPath()
                ? "    [neighbors.afi-safis.add-paths.config]\n      send-max = 8\n"
                : "");
  }

  private List<String> add(Route route) {
    identifiers.computeIfAbsent(route, _ -> identifiers.size() + 1);
    var words = words("add", route);
    words.addAll(List.of("nexthop", route.nextHop()));
    if (!route.path().isEmpty()) {
      words.addAll(
          List.of(
              "aspath",
              route.path().stream().map(Object::toString).collect(Collectors.joining(" "))));
    }
    if (!route.communities().isEmpty()) {
      words.addAll(List.of("community", String.join(",", route.communities())));
    }
    if (!route.largeCommunities().isEmpty()) {
      words.addAll(List.of("large-community", String.join(",", route.largeCommunities())));
    }
    if (!route.routeTargets().isEmpty()) {
      words.addAll(List.of("rt", String.join(",", route.routeTargets())));
    }
    return words;
  }

  private List<String> words(String verb, Route route) {
    var words =
        new ArrayList<>(
            List.of("global", "rib", verb, "-a", route.isIpv6() ? "ipv6" : "ipv4", route.prefix()));
    if (link.addPath()) {
      words.addAll(List.of("identifier", String.valueOf(identifiers.get(route))));
    }
    return words;
  }

  @Override
  void change(List<Route> gone, List<Route> come) throws IOException, InterruptedException {
    for (Route route : gone) {
      gobgp(words("del", route));
    }
    for (Route route : come) {
      gobgp(add(route));
    }
  }

  @Override
  long receivedFromCollector() throws IOException, InterruptedException {
    return RECEIVED
        .matcher(gobgp(List.of("neighbor", link.collector())))
        .results()
        .mapToLong(
            found -> Long.parseLong(found.group(1) != null ? found.group(1) : found.group(2)))
        .sum();
  }

  @Override
  boolean askForRoutes() {
    return false; // it keeps what it got, and judges that again
  }

  @Override
  void shutDown(String text) throws IOException, InterruptedException {
    gobgp(List.of("neighbor", link.collector(), "shutdown", "--reason", text));
  }

  /// It comes back by itself.
  @Override
  void bringUp() {}

  private String gobgp(List<String> words) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of("gobgp", "-u", apiAddress, "-p", Integer.toString(apiPort)));
    command.addAll(words);
    return Program.run(command);
  }

  /// It asked to be waited for, for the 20 seconds of its configuration.
  @Override
  String reasonWhenKilled() {
    return "graceful-restart-stale";
  }

  @Override
  boolean isRunning() {
    return program.isRunning();
  }

  @Override
  void kill() throws InterruptedException {
    program.kill();
  }

  @Override
  String log() {
    return program.tail();
  }
}
