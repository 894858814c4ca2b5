package org.bgppeer.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// FRR's bgpd alone, without zebra: nothing is installed anywhere. Its routes are `network` lines,
/// their attributes are set on the way out by a route map; `vtysh` over a socket changes them.
final class Frr extends Router {
  static final String BGPD = "/usr/lib/frr/bgpd";

  private static final Pattern RECEIVED = Pattern.compile("\"pfxRcd\": ?(\\d+)");

  private static final Pattern UP_FOR = Pattern.compile("\"bgpTimerUpMsec\": ?(\\d+)");

  private static final long GATHERING_MILLISECONDS = 3000;

  private final Program program;

  /// The number of each prefix in prefix lists and the route map, for good.
  private final Map<String, Integer> numbers = new LinkedHashMap<>();

  Frr(Link link, Path directory) {
    super(Kind.FRR, link, directory);
    program =
        new Program(
            directory,
            directory.resolve("log"),
            Map.of(),
            List.of(
                BGPD,
                "--no_zebra",
                "--no_kernel",
                "--skip_runas",
                "--bgp_port",
                Integer.toString(link.routerPort()),
                "--listenon",
                link.router(),
                "--vty_port",
                "0",
                "--vty_socket",
                directory.toString(),
                "--pid_file",
                directory.resolve("pid").toString(),
                "--config_file",
                directory.resolve("bgpd.conf").toString()));
  }

  @Override
  void start() throws Exception {
    Files.writeString(directory.resolve("bgpd.conf"), configuration());
    program.start();
    Eventually.holds(() -> vtysh(List.of("show version")));
  }

  private String configuration() {
    String neighbor = " neighbor " + link.collector();
    var text =
        new StringBuilder(
            """
            log stdout informational
            router bgp %d
             bgp router-id 192.0.2.2
             no bgp network import-check
             no bgp ebgp-requires-policy
             no bgp default ipv4-unicast
            """
                .formatted(as()));
    if (link.rich()) {
      text.append(" bgp log-neighbor-changes\n");
      text.append(" bgp graceful-restart\n bgp graceful-restart preserve-fw-state\n");
      text.append(" bgp graceful-restart restart-time 60\n");
    }
    for (String line :
        List.of(
            "remote-as " + link.collectorAs(),
            "port " + link.collectorPort(),
            "update-source " + link.router(),
            link.rich() ? "ttl-security hops 1" : "ebgp-multihop",
            "disable-connected-check",
            "advertisement-interval 0",
            "timers connect 1")) {
      text.append(neighbor).append(' ').append(line).append('\n');
    }
    if (!link.routerConnects()) {
      text.append(neighbor).append(" passive\n");
    }
    if (link.password() != null) {
      text.append(neighbor).append(" password ").append(link.password()).append('\n');
    }
    if (link.extendedNextHop()) {
      text.append(neighbor).append(" capability extended-nexthop\n");
    }
    for (Link other : link.upstreams()) {
      String upstream = " neighbor " + other.router();
      text.append(upstream).append(" remote-as ").append(other.routerAs()).append('\n');
      text.append(upstream).append(" passive\n").append(upstream).append(" ebgp-multihop\n");
      text.append(upstream).append(" disable-connected-check\n");
    }
    for (String family : List.of("ipv4", "ipv6")) {
      text.append(" address-family ").append(family).append(" unicast\n");
      text.append(" ").append(neighbor).append(" activate\n");
      text.append(" ").append(neighbor).append(" route-map OUT out\n");
      if (link.addPath()) {
        text.append(" ").append(neighbor).append(" addpath-tx-all-paths\n");
      }
      for (Link upstream : link.upstreams()) {
        text.append("  neighbor ").append(upstream.router()).append(" activate\n");
      }
      for (Route route : routes()) {
        if (route.isIpv6() == family.equals("ipv6")) {
          text.append("  network ").append(route.prefix()).append('\n');
        }
      }
      text.append(" exit-address-family\n");
    }
    text.append("exit\n");
    routes().forEach(route -> map(route).forEach(line -> text.append(line).append('\n')));
    return text.append("route-map OUT permit 65000\nexit\n").toString();
  }

  private List<String> map(Route route) {
    int number = numbers.computeIfAbsent(route.prefix(), _ -> numbers.size() + 1);
    String ip = route.isIpv6() ? "ipv6" : "ip";
    var lines = new ArrayList<String>();
    lines.add(ip + " prefix-list P" + number + " permit " + route.prefix());
    lines.add("no route-map OUT permit " + number);
    lines.add("route-map OUT permit " + number);
    lines.add(" match " + ip + " address prefix-list P" + number);
    lines.add(
        " set "
            + (route.nextHop().contains(":") ? "ipv6 next-hop global " : "ip next-hop ")
            + route.nextHop());
    if (!route.path().isEmpty()) {
      lines.add(" set as-path prepend " + spaced(route.path()));
    }
    if (!route.communities().isEmpty()) {
      lines.add(" set community " + spaced(route.communities()));
    }
    if (!route.largeCommunities().isEmpty()) {
      lines.add(" set large-community " + spaced(route.largeCommunities()));
    }
    if (!route.routeTargets().isEmpty()) {
      lines.add(" set extcommunity rt " + spaced(route.routeTargets()));
    }
    lines.add("exit");
    return lines;
  }

  private static String spaced(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" "));
  }

  /// Changes nothing before a session has lasted for a while: FRR (8.4) forgets to withdraw a route
  /// that goes in the second in which it still gathers what a new neighbor is to be sent.
  @Override
  void change(List<Route> gone, List<Route> come) throws Exception {
    Eventually.holds(
        () ->
            assertThat(
                    UP_FOR
                        .matcher(vtysh(List.of("show bgp neighbors json")))
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1))))
                .allMatch(milliseconds -> milliseconds > GATHERING_MILLISECONDS));
    var lines = new ArrayList<>(List.of("configure terminal"));
    come.forEach(route -> lines.addAll(map(route)));
    lines.add("router bgp " + as());
    gone.stream()
        .filter(route -> come.stream().noneMatch(other -> other.prefix().equals(route.prefix())))
        .forEach(route -> lines.addAll(network("no network ", route)));
    come.forEach(route -> lines.addAll(network("network ", route)));
    assertThat(vtysh(lines)).as("what FRR has against it").isBlank();
  }

  private static List<String> network(String verb, Route route) {
    return List.of(
        "address-family " + (route.isIpv6() ? "ipv6" : "ipv4") + " unicast",
        verb + route.prefix(),
        "exit-address-family");
  }

  @Override
  long receivedFromCollector() throws IOException, InterruptedException {
    return RECEIVED
        .matcher(vtysh(List.of("show bgp summary json")))
        .results()
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }

  @Override
  boolean askForRoutes() throws IOException, InterruptedException {
    vtysh(List.of("clear bgp " + link.collector() + " soft in"));
    return true;
  }

  @Override
  void shutDown(String text) throws IOException, InterruptedException {
    say("neighbor " + link.collector() + " shutdown message " + text);
  }

  @Override
  void bringUp() throws IOException, InterruptedException {
    say("no neighbor " + link.collector() + " shutdown");
  }

  private void say(String line) throws IOException, InterruptedException {
    assertThat(vtysh(List.of("configure terminal", "router bgp " + as(), line))).isBlank();
  }

  private String vtysh(List<String> lines) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of("vtysh", "--vty_socket", directory.toString(), "-d", "bgpd"));
    for (String line : lines) {
      command.add("-c");
      command.add(line);
    }
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
