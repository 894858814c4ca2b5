package org.bgppeer.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// ExaBGP, driven by a script as its users do: the script reads commands from a file that grows,
/// and writes down what ExaBGP tells it of what came.
final class Exabgp extends Router {
  private final Path commands;
  private final Path told;
  private final Program program;

  Exabgp(Link link, Path directory) {
    super(Kind.EXABGP, link, directory);
    commands = directory.resolve("commands");
    told = directory.resolve("told");
    var environment =
        new HashMap<>(
            Map.of(
                "exabgp.daemon.user", System.getProperty("user.name"),
                "exabgp.daemon.drop", "false",
                "exabgp.api.cli", "false",
                "exabgp.api.ack", "false",
                "exabgp.log.destination", "stdout"));
    if (link.collectorConnects()) {
      environment.put("exabgp.tcp.bind", link.router());
      environment.put("exabgp.tcp.port", Integer.toString(link.routerPort()));
    }
    program =
        new Program(
            directory, directory.resolve("log"), environment, List.of("exabgp", "exabgp.conf"));
  }

  @Override
  void start() throws Exception {
    Path script = directory.resolve("announcer");
    Files.writeString( // ExaBGP starts it in another directory
        script,
        "#!/bin/sh\ncat >%s &\nexec tail -n +1 -f %s\n".formatted(told, commands),
        StandardCharsets.UTF_8);
    if (!script.toFile().setExecutable(true)) {
      throw new IOException(script + " cannot be made executable");
    }
    Files.writeString(directory.resolve("exabgp.conf"), configuration());
    Files.writeString(
        commands,
        routes().stream().map(route -> line("announce", route)).collect(Collectors.joining()));
    program.start();
  }

  private String configuration() {
    return """
    process announcer { run %s; encoder json; }
    neighbor %s {
      router-id 192.0.2.5;
      local-address %s;
      local-as %d;
      peer-as %d;
      connect %d;
      %s
      %s
      %s
      capability { route-refresh enable; add-path %s; nexthop %s; %s }
      family { ipv4 unicast; ipv6 unicast; }
      %s
      api { processes [ announcer ]; receive { parsed; update; } }
    }
    """
        .formatted(
            directory.resolve("announcer"),
            link.collector(),
            link.router(),
            as(),
            link.collectorAs(),
            link.collectorPort(),
            link.routerConnects() ? "" : "passive true;",
            link.rich() ? "outgoing-ttl 255; incoming-ttl 255;" : "",
            link.password() == null ? "" : "md5-password \"" + link.password() + "\";",
            link.addPath() ? "send" : "disable",
            link.extendedNextHop() ? "enable" : "disable",
            link.rich() ? "graceful-restart 60; extended-message enable;" : "",
            link.extendedNextHop() ? "nexthop { ipv4 unicast ipv6; }" : "");
  }

  private String line(String verb, Route route) {
    var line =
        new StringBuilder(verb + " route " + route.prefix() + " next-hop " + route.nextHop());
    if (link.addPath()) {
      long before =
          routes().stream()
              .takeWhile(other -> !other.equals(route))
              .filter(other -> other.prefix().equals(route.prefix()))
              .count();
      line.append(" path-information 0.0.0.").append(1 + before);
    }
    line.append(" as-path [ ").append(pathOf(route)).append(" ]");
    append(line, "community", "", route.communities());
    append(line, "large-community", "", route.largeCommunities());
    append(line, "extended-community", "target:", route.routeTargets());
    return line.append('\n').toString();
  }

  private static void append(
      StringBuilder line, String name, String before, List<String> communities) {
    if (!communities.isEmpty()) {
      line.append(' ').append(name).append(" [");
      communities.forEach(community -> line.append(' ').append(before).append(community));
      line.append(" ]");
    }
  }

  @Override
  void change(List<Route> gone, List<Route> come) throws IOException {
    var lines = new StringBuilder();
    gone.stream()
        .filter(route -> come.stream().noneMatch(other -> other.prefix().equals(route.prefix())))
        .forEach(route -> lines.append(line("withdraw", route)));
    come.forEach(route -> lines.append(line("announce", route)));
    tell(lines.toString());
  }

  private void tell(String lines) throws IOException {
    Files.writeString(commands, lines, StandardOpenOption.APPEND);
  }

  @Override
  long receivedFromCollector() throws IOException {
    if (!Files.exists(told)) {
      return 0;
    }
    try (var lines = Files.lines(told)) {
      return lines.filter(line -> line.contains("\"type\": \"update\"")).count();
    }
  }

  @Override
  boolean askForRoutes() throws IOException {
    tell("announce route-refresh ipv4 unicast\nannounce route-refresh ipv6 unicast\n");
    return true;
  }

  @Override
  void shutDown(String text) {
    throw new UnsupportedOperationException("it has no text to give");
  }

  @Override
  void bringUp() {}

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
