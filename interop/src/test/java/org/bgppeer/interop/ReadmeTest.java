package org.bgppeer.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bgppeer.store.NeighborRow.SessionState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What README.md tells people to type, typed: its command and its router configurations as they
/// stand there, on the addresses that stand there, port 179 included. Collector and router are two
/// network namespaces with a cable between them.
@Timeout(900)
class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final String COLLECTOR = "bgp-peer-" + ProcessHandle.current().pid() + "c";
  private static final String ROUTER = "bgp-peer-" + ProcessHandle.current().pid() + "r";

  @TempDir Path directory;

  @BeforeEach
  void layTheCable() throws Exception {
    assumeTrue(Program.find("ip") != null, "ip is missing: apt install iproute2");
    Program.Said made = Program.tryToRun(List.of("ip", "netns", "add", COLLECTOR));
    assumeTrue(made.status() == 0, () -> "no network namespaces here: " + made.text());
    Program.run(List.of("ip", "netns", "add", ROUTER));
    ip(
        COLLECTOR,
        "link add veth0 type veth peer name veth0 netns " + ROUTER,
        "addr add 192.0.2.10/24 dev veth0",
        "addr add 2001:db8:ffff::10/64 dev veth0 nodad");
    ip(ROUTER, "addr add 192.0.2.1/24 dev veth0", "addr add 2001:db8:ffff::1/64 dev veth0 nodad");
    for (String namespace : List.of(COLLECTOR, ROUTER)) {
      ip(namespace, "link set lo up", "link set veth0 up");
    }
  }

  private static void ip(String namespace, String... commands) throws Exception {
    for (String command : commands) {
      var words = new ArrayList<>(List.of("ip", "-n", namespace));
      words.addAll(List.of(command.split(" ")));
      Program.run(words);
    }
  }

  @AfterEach
  void takeItAway() throws Exception {
    for (String namespace : List.of(COLLECTOR, ROUTER)) {
      Program.tryToRun(List.of("ip", "netns", "del", namespace));
    }
  }

  @Test
  void birdDoesWithItsSnippet() throws Exception {
    assumeTrue(Program.find("bird") != null, "bird is missing: apt install bird2");
    Files.writeString(
        directory.resolve("bird.conf"),
        """
        log stderr all;
        router id 192.0.2.1;
        protocol device {}
        protocol static { ipv4; route 198.51.100.0/24 blackhole; }
        protocol static { ipv6; route 2001:db8:1::/48 blackhole; }
        """
            + snippet("BIRD 2"));
    try (var bird = inRouter("bird", "-f", "-c", "bird.conf", "-s", "ctl", "-P", "pid")) {
      bird.start();

      collectorGetsBothRoutes(bird);
    }
  }

  @Test
  void frrDoesWithItsSnippet() throws Exception {
    assumeTrue(Program.find(Frr.BGPD) != null, Frr.BGPD + " is missing: apt install frr");
    Files.writeString(
        directory.resolve("bgpd.conf"),
        snippet("FRR")
            + """
            router bgp 64500
             no bgp network import-check
             address-family ipv4 unicast
              network 198.51.100.0/24
             exit-address-family
             address-family ipv6 unicast
              network 2001:db8:1::/48
             exit-address-family
            """);
    Path zebras = zebraDirectory();
    String zebraSocket = zebras.resolve("zserv.api").toString();
    try (var zebra =
            inRouter(
                "/usr/lib/frr/zebra",
                "--socket",
                zebraSocket,
                "--vty_port",
                "0",
                "--vty_socket",
                zebras.toString(),
                "--pid_file",
                zebras.resolve("pid").toString(),
                "--config_file",
                Files.writeString(zebras.resolve("zebra.conf"), "").toString());
        var bgpd =
            inRouter(
                Frr.BGPD,
                "--socket",
                zebraSocket,
                "--skip_runas",
                "--vty_port",
                "0",
                "--vty_socket",
                directory.toString(),
                "--pid_file",
                directory.resolve("bgpd.pid").toString(),
                "--config_file",
                directory.resolve("bgpd.conf").toString())) {
      zebra.start();
      Eventually.holds(() -> assertThat(Path.of(zebraSocket)).exists());
      bgpd.start();

      collectorGetsBothRoutes(bgpd);
    }
  }

  /// Zebra insists on being the user `frr`, who must find and fill it.
  private Path zebraDirectory() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path own = Files.createDirectory(directory.resolve("zebra"));
    return Files.setOwner(
        own, own.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("frr"));
  }

  private Program inRouter(String... command) {
    var words = new ArrayList<>(List.of("ip", "netns", "exec", ROUTER));
    words.addAll(List.of(command));
    return new Program(directory, directory.resolve("log"), Map.of(), words);
  }

  private void collectorGetsBothRoutes(Program router) throws Exception {
    try (var peer =
        BgpPeer.process(
            directory, List.of("ip", "netns", "exec", COLLECTOR), command().split(" "))) {
      try {
        Eventually.holds(
            () ->
                assertThat(peer.active())
                    .containsExactlyInAnyOrder("198.51.100.0/24", "2001:db8:1::/48"));
        Eventually.holds(() -> assertThat(peer.neighbor().state()).isEqualTo(SessionState.UP));
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + router.tail() + "\n" + peer.log(), e);
      }
      assertThat(peer.route("198.51.100.0/24").nextHop()).isEqualTo("192.0.2.1");
      assertThat(peer.route("2001:db8:1::/48").nextHop()).startsWith("2001:db8:ffff::1");
      assertThat(peer.route("2001:db8:1::/48").asPath()).isEqualTo("64500");
    }
  }

  /// What stands behind `./bgp-peer` in the first command that collects.
  private static String command() throws IOException {
    Matcher found =
        Pattern.compile("(?m)^    \\./bgp-peer (run --local-as .*)$")
            .matcher(Files.readString(README));
    assertThat(found.find()).as("a command in %s", README).isTrue();
    return found.group(1).strip();
  }

  /// The indented lines below this one.
  private static String snippet(String router) throws IOException {
    Matcher found =
        Pattern.compile("(?m)^" + router + "\n\n((?:    .*\n|\n(?=    ))+)")
            .matcher(Files.readString(README));
    assertThat(found.find()).as("a snippet for %s in %s", router, README).isTrue();
    return found.group(1).indent(-4);
  }
}
