package org.bgppeer.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// OpenBGPD: four processes, three of which give up root's rights, so root must start it. Its
/// routes are `network` lines of the configuration, which `bgpctl reload` reads again. An AS path
/// of its own making is its own AS, several times at most.
final class Openbgpd extends Router {
  /// The home of its user, where its processes lock themselves in; its service makes it.
  private static final Path CHROOT = Path.of("/run/openbgpd");

  private static final Pattern RECEIVED =
      Pattern.compile("(?m)^ +(?:Prefixes|Withdraws) +\\d+ +(\\d+)");

  private final Path socket;
  private final Path configurationFile;
  private final Program program;

  Openbgpd(Link link, Path directory) {
    super(Kind.OPENBGPD, link, directory);
    assumeTrue("root".equals(System.getProperty("user.name")), "OpenBGPD is started by root only");
    socket = directory.resolve("sock");
    configurationFile = directory.resolve("bgpd.conf");
    program =
        new Program(
            directory,
            directory.resolve("log"),
            Map.of(),
            List.of("/usr/sbin/bgpd", "-d", "-v", "-f", configurationFile.toString()));
  }

  @Override
  void start() throws Exception {
    Files.createDirectories(CHROOT);
    write();
    program.start();
    Eventually.holds(() -> bgpctl("show", "summary"));
  }

  private void write() throws IOException {
    Files.writeString(configurationFile, configuration());
    Files.setPosixFilePermissions(
        configurationFile, PosixFilePermissions.fromString("rw-------")); // it insists
  }

  private String configuration() {
    var text =
        new StringBuilder(
            """
            AS %d
            router-id 192.0.2.4
            listen on %s port %d
            fib-update no
            socket "%s"
            connect-retry 1
            """
                .formatted(as(), link.router(), link.routerPort(), socket));
    routes().forEach(route -> text.append(network(route)));
    text.append(
        """
        neighbor %s {
          remote-as %d
          port %d
          local-address %s
          %s
          announce IPv4 unicast
          announce IPv6 unicast
        %s%s%s}
        """
            .formatted(
                link.collector(),
                link.collectorAs(),
                link.collectorPort(),
                link.router(),
                link.rich() ? "ttl-security yes" : "multihop 10",
                link.routerConnects() ? "" : "  passive\n",
                link.addPath() ? "  announce add-path send all\n" : "",
                link.password() == null ? "" : "  tcp md5sig password " + link.password() + "\n"));
    for (Link upstream : link.upstreams()) {
      text.append(
          """
          neighbor %s {
            remote-as %d
            passive
            multihop 10
            announce IPv4 unicast
            announce IPv6 unicast
          }
          """
              .formatted(upstream.router(), upstream.routerAs()));
    }
    return text.append("allow from any\nallow to any\nmatch to any set nexthop no-modify\n")
        .toString();
  }

  private static String network(Route route) {
    var set = new StringBuilder("nexthop " + route.nextHop());
    if (!route.path().isEmpty()) {
      set.append(" prepend-self ").append(route.path().size());
    }
    route.communities().forEach(community -> set.append(" community ").append(community));
    route.largeCommunities().forEach(large -> set.append(" large-community ").append(large));
    route.routeTargets().forEach(target -> set.append(" ext-community rt ").append(target));
    return "network " + route.prefix() + " set { " + set + " }\n";
  }

  @Override
  String pathOf(Route route) {
    return (as() + " ").repeat(1 + route.path().size()).strip();
  }

  @Override
  void change(List<Route> gone, List<Route> come) throws IOException, InterruptedException {
    write();
    bgpctl("reload");
  }

  @Override
  long receivedFromCollector() throws IOException, InterruptedException {
    return RECEIVED
        .matcher(bgpctl("show", "neighbor", link.collector()))
        .results()
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }

  @Override
  boolean askForRoutes() throws IOException, InterruptedException {
    bgpctl("neighbor", link.collector(), "refresh");
    return true;
  }

  @Override
  void shutDown(String text) throws IOException, InterruptedException {
    bgpctl("neighbor", link.collector(), "down", text);
  }

  @Override
  void bringUp() throws IOException, InterruptedException {
    bgpctl("neighbor", link.collector(), "up");
  }

  private String bgpctl(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("bgpctl", "-s", socket.toString()));
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
