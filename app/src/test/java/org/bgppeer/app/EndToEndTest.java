package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bgppeer.session.ScriptedPeer;
import org.bgppeer.wire.Notification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A router speaks, and what it said is in the commands and on the pages.
@Timeout(120)
@SuppressWarnings("NullAway") // fields are set by the scripted router
class EndToEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ROUTER = "127.77.1.1";

  @TempDir Path directory;

  @Test
  void whatARouterSaysIsKeptAcrossARestart() throws Exception {
    Configuration configuration = configuration();
    String firstSeen;
    try (var running = new Running(configuration)) {
      assertThat(neighbor().get("state").asString())
          .as("before a word was said")
          .isEqualTo("connecting");
      try (var router = running.router()) {
        router.establish(64500, 90);
        router.announce("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24").endOfRib();
        running.awaitUpdates(2);

        assertThat(active()).containsExactly("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24");
        assertThat(neighbor().get("state").asString()).isEqualTo("up");
        firstSeen = route("192.0.2.0/24").get("first_seen").asString();

        router.withdraw("203.0.113.0/24");
        running.awaitUpdates(3);

        assertThat(active()).containsExactly("192.0.2.0/24", "198.51.100.0/24");
        assertThat(route("203.0.113.0/24").get("reason").asString()).isEqualTo("withdrawn");
        assertThat(running.page("/")).contains("rs1");
        assertThat(running.page("/prefix/192.0.2.0/24")).contains("192.0.2.0/24", "64500");

        running.close();
        Notification last = router.expectEnd();
        assertThat(List.of(last.code(), last.subcode()))
            .containsExactly(Notification.CEASE, Notification.ADMINISTRATIVE_SHUTDOWN);
      }
    }

    try (var running = new Running(configuration);
        var router = running.router()) {
      assertThat(active())
          .as("held while we were away, as far as we know")
          .containsExactly("192.0.2.0/24", "198.51.100.0/24");

      router.establish(64500, 90);
      router.announce("192.0.2.0/24").endOfRib();
      running.awaitUpdates(2);

      assertThat(active()).containsExactly("192.0.2.0/24");
      assertThat(route("192.0.2.0/24").get("first_seen").asString()).isEqualTo(firstSeen);
      JsonNode lost = route("198.51.100.0/24");
      assertThat(lost.get("reason").asString()).isEqualTo("not-resent-before-End-of-RIB");
      assertThat(lost.get("inferred").asBoolean()).isTrue();
    }
  }

  @Test
  void theEndOfASessionMakesItsRoutesInactive() throws Exception {
    try (var running = new Running(configuration());
        var router = running.router()) {
      router.establish(64500, 90);
      router.announce("192.0.2.0/24").endOfRib();
      running.awaitUpdates(2);
      router.notification(
          Notification.shutdown(Notification.ADMINISTRATIVE_SHUTDOWN, "cable maintenance"));
      running.awaitDowns(1);

      assertThat(active()).isEmpty();
      assertThat(route("192.0.2.0/24").get("reason").asString()).isEqualTo("session-down");
      assertThat(neighbor().get("state").asString()).isIn("down", "connecting");
      assertThat(neighbor().get("why").asString()).contains("cable maintenance");

      Ran packets =
          Ran.of("packets", "--data", data(), "--type", "notification", "--format", "csv");
      assertThat(packets.lines()).hasSize(2);
      assertThat(packets.lines().getLast()).contains("rs1,received,notification");
    }
  }

  @Test
  void aSecondCollectorIsKeptOut() throws Exception {
    Configuration configuration = configuration();
    try (var running = new Running(configuration)) {
      assertThat(running.rooms.listening()).hasSize(1);

      Ran second =
          Ran.of(
              "run",
              "--local-as",
              "64512",
              "--router-id",
              "192.0.2.10",
              "--listen",
              "none",
              "--no-web",
              "--data",
              data());

      assertThat(second.status()).isEqualTo(1);
      assertThat(second.err())
          .contains("is in use by another bgp-peer (process " + ProcessHandle.current().pid() + ")")
          .contains("--data");
    }
  }

  private Configuration configuration() throws Exception {
    return ConfigurationReader.read(
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            """
            local-as: 64512
            router-id: 192.0.2.10
            listen: 127.77.0.1:0
            web: 127.0.0.1:0
            neighbors:
              - {address: %s, as: 64500, name: rs1, passive: true}
            """
                .formatted(ROUTER)));
  }

  private Path data() {
    return directory.resolve("data");
  }

  private List<String> active() {
    return Ran.of("routes", "--active", "--data", data(), "--format", "json").rows().stream()
        .map(row -> row.get("prefix").asString())
        .toList();
  }

  private JsonNode route(String prefix) {
    Ran ran = Ran.of("routes", prefix, "--data", data(), "--format", "json");
    assertThat(ran.rows()).as("routes of %s: %s", prefix, ran).hasSize(1);
    return ran.rows().getFirst();
  }

  private JsonNode neighbor() {
    Ran ran = Ran.of("neighbors", "--data", data(), "--format", "json");
    assertThat(ran.rows()).as("neighbors: %s", ran).hasSize(1);
    return ran.rows().getFirst();
  }

  /// A collector at work, and what its sessions record.
  private static final class Running implements AutoCloseable {
    private final Rooms rooms;
    private Heard heard;

    Running(Configuration configuration) throws Exception {
      rooms =
          Rooms.open(
              configuration,
              recorder -> {
                heard = new Heard(recorder);
                return heard;
              });
    }

    ScriptedPeer router() throws Exception {
      InetSocketAddress collector = rooms.listening().getFirst();
      return ScriptedPeer.dial(collector, ROUTER);
    }

    void awaitUpdates(int number) throws InterruptedException {
      heard.awaitUpdates(number);
      assertThat(rooms.catchUp(PATIENCE)).as("the database has it").isTrue();
    }

    void awaitDowns(int number) throws InterruptedException {
      heard.awaitDowns(number);
      assertThat(rooms.catchUp(PATIENCE)).as("the database has it").isTrue();
    }

    String page(String path) throws Exception {
      try (var client = HttpClient.newHttpClient()) {
        var request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rooms.webPort() + path))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
      }
    }

    @Override
    public void close() {
      rooms.close();
    }
  }
}
