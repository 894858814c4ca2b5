package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.bgppeer.session.ScriptedPeer;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.RouteRefresh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What commands do to a collector that runs, as a process of its own.
@Timeout(120)
class ControlTest {
  private static final String FIRST = "127.77.2.1";
  private static final String SECOND = "127.77.2.2";

  @TempDir Path directory;

  private Path write(String... neighbors) throws Exception {
    return Files.writeString(
        directory.resolve("bgp-peer.yaml"),
        """
        local-as: 64512
        router-id: 192.0.2.10
        listen: 127.77.0.2:0
        web: 127.0.0.1:0
        data: data
        neighbors:
        """
            + String.join("", neighbors));
  }

  private static String neighbor(String address, String name, String more) {
    return "  - {address: "
        + address
        + ", as: 64500, name: "
        + name
        + ", passive: true"
        + more
        + "}\n";
  }

  private Ran ask(String... words) {
    var all = new Object[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--data";
    all[words.length + 1] = directory.resolve("data");
    return Ran.of(all);
  }

  /// Asks until the collector says so of a neighbor.
  private void awaitDetail(String neighbor, String part) {
    while (!ask("neighbors", neighbor, "--format", "json").out().contains(part)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aRunningCollectorIsToldWhatToDo() throws Exception {
    Path configuration = write(neighbor(FIRST, "one", ""));
    try (var collector = CollectorProcess.start(configuration, directory.resolve("log"));
        var one = ScriptedPeer.dial(collector.address(), FIRST).establish(64500, 90)) {
      one.announce("192.0.2.0/24");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("data/control.sock"))))
          .isEqualTo("rw-------");

      awaitDetail("one", "\"updates_received\":1,");
      assertThat(ask("refresh", "one").out()).isEqualTo("asked for ipv4-unicast, ipv6-unicast\n");
      assertThat(one.expect(RouteRefresh.class).toString()).contains("ipv4-unicast");
      one.expect(RouteRefresh.class);
      assertThat(ask("refresh", "one", "--family", "l2vpn-evpn").err())
          .contains("one does not send l2vpn-evpn");
      assertThat(ask("refresh", "onne").err())
          .contains("the collector has no neighbor 'onne'; did you mean 'one'?");

      JsonNode detail = ask("neighbors", "one", "--format", "json").rows().getFirst();
      assertThat(detail.get("state").asString()).isEqualTo("Established");
      assertThat(detail.get("counters").get("updates_received").asInt()).isEqualTo(1);
      assertThat(detail.get("timers_seconds_left").get("hold").asDouble()).isBetween(1.0, 90.0);
      assertThat(detail.get("hold_time_seconds").asInt()).isEqualTo(90);
      assertThat(ask("neighbors", "one").out())
          .contains("updates received", "Route refresh", "they", "hold time seconds");
      assertThat(collector.page("/neighbor/one/counters"))
          .contains("Updates received", "<h2>Timers</h2>", "Hold time");
      assertThat(collector.page("/neighbor/one/counters.json"))
          .contains("\"name\":\"updates received\",\"value\":\"1\"");
      assertThat(collector.page("/metrics"))
          .contains(
              "bgp_peer_neighbor_events_total{event=\"updates_received\",neighbor=\"one\"} 1.0",
              "bgp_peer_neighbor_hold_time_seconds{neighbor=\"one\"} 90.0");

      write(neighbor(FIRST, "one", ""), neighbor(SECOND, "two", ""));
      assertThat(ask("reload").lines()).containsExactly("added: two", "untouched: 1");
      try (var two = ScriptedPeer.dial(collector.address(), SECOND).establish(64500, 90)) {
        two.announce("198.51.100.0/24");
        awaitDetail("two", "\"updates_received\":1,");

        write(neighbor(FIRST, "one", ", hold-tim: 3"));
        var wrong = ask("reload");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err())
            .contains(
                "nothing was changed:",
                "bgp-peer.yaml:7: unknown key 'hold-tim'",
                "did you mean hold-time?");

        write(neighbor(SECOND, "two", ""));
        assertThat(ask("reload").lines()).containsExactly("removed: one", "untouched: 1");
        assertThat(one.expectEnd().words()).isEqualTo("Peer De-configured (6/3)");

        assertThat(ask("reset", "two", "--reason", "try again").out()).isEqualTo("reset\n");
        Notification told = two.expectEnd();
        awaitDetail("two", "\"notifications_sent\":1,");
        assertThat(collector.page("/neighbor/two/counters")).contains("try again");
        assertThat(collector.page("/metrics"))
            .contains(
                "bgp_peer_neighbor_last_notification_timestamp_seconds"
                    + "{code=\"6\",direction=\"sent\",neighbor=\"two\",subcode=\"4\"}");
        assertThat(told.words()).isEqualTo("Administrative Reset (6/4)");
        assertThat(told.shutdownText()).isEqualTo("try again");
      }
    }
    assertThat(ask("reload").err()).contains("no collector runs over", "--data");
  }

  @Test
  void aMutedNeighborKeepsItsSessionAndIsShownToWhoAsksForIt() throws Exception {
    Path configuration = write(neighbor(FIRST, "one", ""));
    try (var collector = CollectorProcess.start(configuration, directory.resolve("log"));
        var one = ScriptedPeer.dial(collector.address(), FIRST).establish(64500, 90)) {
      one.announce("192.0.2.0/24");
      while (ask("routes").lines().isEmpty()) {
        Thread.onSpinWait();
      }

      assertThat(ask("mute", "one").out()).startsWith("muted: its session goes on");
      assertThat(ask("routes", "--format", "json").out()).isEmpty();
      assertThat(ask("routes", "--format", "json", "--neighbor", "one").out())
          .contains("192.0.2.0/24");
      Path table = directory.resolve("table.json");
      assertThat(ask("export", "--format", "json", "--output", table.toString()).status()).isZero();
      assertThat(table).isEmptyFile();
      assertThat(ask("packets", "--type", "update").out()).doesNotContain("192.0.2.0/24");
      assertThat(ask("packets", "--type", "update", "--neighbor", "one").out())
          .contains("192.0.2.0/24");
      assertThat(collector.page("/api/v1/events")).contains("\"one\"");
      assertThat(collector.page("/metrics"))
          .contains("bgp_peer_neighbor_muted{neighbor=\"one\"} 1");
      assertThat(ask("mute", "onne").err()).contains("did you mean 'one'?");
      assertThat(ask("unmute", "one").out()).startsWith("not muted");
      assertThat(ask("routes", "--format", "json").out()).contains("192.0.2.0/24");

      write(neighbor(FIRST, "one", ", mute: true"));
      assertThat(ask("reload").lines()).contains("untouched: 1");
      assertThat(ask("routes", "--format", "json").out()).isEmpty();
      assertThat(ask("neighbors", "one").out()).contains("Established");
      write(neighbor(FIRST, "one", ""));
      ask("reload");
      assertThat(ask("routes", "--format", "json").out()).contains("192.0.2.0/24");
    }
  }

  @Test
  void aNeighborWithMoreRoutesThanAllowedIsTornDown() throws Exception {
    Path configuration = write(neighbor(FIRST, "one", ", max-prefix: 2"));
    try (var collector = CollectorProcess.start(configuration, directory.resolve("log"));
        var one = ScriptedPeer.dial(collector.address(), FIRST).establish(64500, 90)) {
      one.announce("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24");

      assertThat(one.expectEnd().words()).isEqualTo("Maximum Number of Prefixes Reached (6/1)");
      assertThat(ask("neighbors", "one").out()).contains("PREFIX_LIMIT");
    }
  }

  @Test
  void aHangupReadsTheConfigurationAgain() throws Exception {
    assumeFalse(isHangupIgnored(), "whoever started this (nohup) has HUP ignored");
    Path configuration = write(neighbor(FIRST, "one", ""));
    try (var collector = CollectorProcess.start(configuration, directory.resolve("log"));
        var one = ScriptedPeer.dial(collector.address(), FIRST).establish(64500, 90)) {
      awaitDetail("one", "Established");
      write(neighbor(SECOND, "two", ""));

      new ProcessBuilder("kill", "-HUP", Long.toString(collector.pid())).start().waitFor();

      assertThat(one.expectEnd().words()).isEqualTo("Peer De-configured (6/3)");
    }
  }

  /// What a process ignores its children ignore too, and Java leaves it so.
  private static boolean isHangupIgnored() throws Exception {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
  }

  @Test
  void aWatchedFileIsAppliedWhenItChanges() throws Exception {
    Path configuration = write(neighbor(FIRST, "one", ""), "watch: true\n");
    try (var collector = CollectorProcess.start(configuration, directory.resolve("log"));
        var one = ScriptedPeer.dial(collector.address(), FIRST).establish(64500, 90)) {
      awaitDetail("one", "Established");
      write(neighbor(SECOND, "two", ""), "watch: true\n");

      assertThat(one.expectEnd().words()).isEqualTo("Peer De-configured (6/3)");
    }
  }
}
