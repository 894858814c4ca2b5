package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bgppeer.session.ScriptedPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several sessions with one router, told apart by our address, from the configuration to the
/// pages.
@Timeout(120)
class LocalAddressTest {
  private static final String ROUTER = "127.77.9.1";
  private static final String LEFT = "127.77.9.10";
  private static final String RIGHT = "127.77.9.11";

  @TempDir Path directory;

  private Path write(String... neighbors) throws Exception {
    return Files.writeString(
        directory.resolve("bgp-peer.yaml"),
        """
        local-as: 64512
        router-id: 192.0.2.10
        listen: 0.0.0.0:0
        web: 127.0.0.1:0
        data: data
        neighbors:
        """
            + String.join("", neighbors));
  }

  private static String neighbor(String name, String local) {
    return "  - {address: "
        + ROUTER
        + ", as: 64500, name: "
        + name
        + ", passive: true, local-address: "
        + local
        + "}\n";
  }

  private List<String> ask(String... words) {
    var all = new Object[words.length + 4];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--data";
    all[words.length + 1] = directory.resolve("data");
    all[words.length + 2] = "--format";
    all[words.length + 3] = "json";
    return Ran.of(all).rows().stream()
        .map(
            row ->
                row.has("prefix")
                    ? row.get("neighbor").asString() + " " + row.get("prefix").asString()
                    : row.get("name").asString()
                        + " "
                        + row.get("local_address").asString()
                        + " "
                        + row.get("active").asInt())
        .sorted()
        .toList();
  }

  private ScriptedPeer up(CollectorProcess collector, String to, String prefix) throws Exception {
    var peer =
        ScriptedPeer.dial(
                new InetSocketAddress(InetAddress.ofLiteral(to), collector.address().getPort()),
                ROUTER)
            .establish(64500, 90);
    peer.announce(prefix).endOfRib();
    while (ask("routes").stream().noneMatch(row -> row.endsWith(prefix))) {
      Thread.onSpinWait();
    }
    return peer;
  }

  @Test
  void theyAreSeenApartEverywhere() throws Exception {
    Path configuration = write(neighbor("left", LEFT));
    try (var collector = CollectorProcess.start(configuration, directory.resolve("log"));
        var left = up(collector, LEFT, "192.0.2.0/24")) {
      write(neighbor("left", LEFT), neighbor("right", RIGHT));
      assertThat(Ran.of("reload", "--data", directory.resolve("data")).lines())
          .containsExactly("added: right", "untouched: 1");
      try (var right = up(collector, RIGHT, "198.51.100.0/24")) {
        assertThat(ask("routes")).containsExactly("left 192.0.2.0/24", "right 198.51.100.0/24");
        assertThat(left.unread() + right.unread()).isZero();
        collector.stop();
      }
    }
    try (var collector = CollectorProcess.start(configuration, directory.resolve("log"));
        var left = up(collector, LEFT, "192.0.2.0/24");
        var right = up(collector, RIGHT, "198.51.100.0/24")) {
      assertThat(ask("neighbors")).containsExactly("left " + LEFT + " 1", "right " + RIGHT + " 1");
      assertThat(Ran.of("neighbors", "--data", directory.resolve("data")).out())
          .contains(ROUTER + " to " + LEFT, ROUTER + " to " + RIGHT);
      assertThat(collector.page("/api/v1/neighbors"))
          .contains("\"local_address\":\"" + LEFT, "\"local_address\":\"" + RIGHT);
      assertThat(collector.page("/neighbors")).contains("to " + LEFT, "to " + RIGHT);
      assertThat(collector.page("/neighbor/right/routes.json"))
          .contains("198.51.100.0/24")
          .doesNotContain("192.0.2.0/24");
      assertThat(left.unread() + right.unread()).isZero();
      collector.stop();
    }
    assertThat(Ran.of("rebuild", "--data", directory.resolve("data")).status()).isZero();
    assertThat(ask("routes")).containsExactly("left 192.0.2.0/24", "right 198.51.100.0/24");
  }
}
