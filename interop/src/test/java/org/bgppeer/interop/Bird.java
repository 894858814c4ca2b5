package org.bgppeer.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// BIRD 2: one process, `birdc` over a socket. Its routes are a static protocol, in a file that is
/// included; several paths of one prefix are a static protocol each.
final class Bird extends Router {
  private static final Pattern IMPORTED = Pattern.compile("Import (?:updates|withdraws): +(\\d+)");

  private final Path socket;
  private final Path routesFile;
  private final Program program;
  private int restarts;

  Bird(Link link, Path directory) {
    super(Kind.BIRD, link, directory);
    socket = directory.resolve("ctl");
    routesFile = directory.resolve("routes.conf");
    program =
        new Program(
            directory,
            directory.resolve("log"),
            Map.of(),
            List.of("bird", "-f", "-c", "bird.conf", "-s", "ctl", "-P", "pid"));
  }

  @Override
  void start() throws Exception {
    Files.writeString(directory.resolve("bird.conf"), configuration());
    Files.writeString(routesFile, statics(routes()));
    if (link.rich() && restarts++ > 0) {
      program.start("-R");
    } else {
      program.start();
    }
    Eventually.holds(() -> birdc("show", "status"));
  }

  private String configuration() {
    String channel =
        "import none; export all; next hop keep;"
            + (link.addPath() ? " add paths tx;" : "")
            + (link.extendedNextHop() ? " extended next hop;" : "");
    return """
    log stderr all;
    router id %s;
    protocol device {}
    include "routes.conf";
    protocol bgp collector {
      local %s port %d as %d;
      strict bind;
      %s
      neighbor %s port %d as %d;
      connect delay time 1;
      connect retry time 1;
      error wait time 1, 1;
      %s
      %s
      ipv4 { %s };
      ipv6 { %s };
    }
    """
        .formatted(
            identifier(),
            link.router(),
            link.routerPort(),
            as(),
            link.rich()
                ? "multihop 1; ttl security on; enable extended messages;"
                    + " graceful restart on; graceful restart time 60;"
                : "multihop;",
            link.collector(),
            link.collectorPort(),
            link.collectorAs(),
            link.routerConnects() ? "" : "passive;",
            link.password() == null ? "" : "password \"" + link.password() + "\";",
            channel,
            channel);
  }

  /// Several of us may run at once, and none is like another.
  private String identifier() {
    return "192.0.2." + as() % 256;
  }

  private static String statics(List<Route> routes) {
    var perPrefix = new HashMap<String, Integer>();
    Map<String, List<Route>> protocols =
        routes.stream()
            .collect(
                Collectors.groupingBy(
                    route ->
                        (route.isIpv6() ? "ipv6" : "ipv4")
                            + " path"
                            + perPrefix.merge(route.prefix(), 1, Integer::sum)));
    var text = new StringBuilder();
    protocols.forEach(
        (name, ofIt) -> {
          text.append("protocol static ")
              .append(name.replace(" ", ""))
              .append(" {\n  ")
              .append(name, 0, 4)
              .append(";\n");
          ofIt.forEach(route -> text.append(line(route)));
          text.append("}\n");
        });
    return text.toString();
  }

  private static String line(Route route) {
    var line = new StringBuilder("  route " + route.prefix() + " blackhole {");
    for (long as : route.path().reversed()) {
      line.append(" bgp_path.prepend(").append(as).append(");");
    }
    route.communities().forEach(c -> line.append(" bgp_community.add((" + commas(c) + "));"));
    route
        .largeCommunities()
        .forEach(c -> line.append(" bgp_large_community.add((" + commas(c) + "));"));
    route
        .routeTargets()
        .forEach(c -> line.append(" bgp_ext_community.add((rt, " + commas(c) + "));"));
    return line.append(" bgp_next_hop = ").append(route.nextHop()).append("; };\n").toString();
  }

  private static String commas(String community) {
    return community.replace(":", ", ");
  }

  @Override
  void change(List<Route> gone, List<Route> come) throws IOException, InterruptedException {
    Files.writeString(routesFile, statics(routes()));
    birdc("configure");
  }

  @Override
  long receivedFromCollector() throws IOException, InterruptedException {
    return IMPORTED
        .matcher(birdc("show", "protocols", "all", "collector"))
        .results()
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }

  @Override
  boolean askForRoutes() throws IOException, InterruptedException {
    birdc("reload", "in", "collector");
    return true;
  }

  @Override
  void shutDown(String text) throws IOException, InterruptedException {
    birdc("disable", "collector", '"' + text + '"');
  }

  @Override
  void bringUp() throws IOException, InterruptedException {
    birdc("enable", "collector");
  }

  private String birdc(String... words) throws IOException, InterruptedException {
    var command = new java.util.ArrayList<>(List.of("birdc", "-s", socket.toString()));
    command.addAll(List.of(words));
    return Program.run(command);
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
