package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bgppeer.wire.Hex.octets;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.bgppeer.session.ScriptedPeer;
import org.bgppeer.wire.Notification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Neighbors that do what they must not: each is told so as the RFC wants it, one line of the log
/// and one row of its session log say it in words, and nobody else notices.
@Timeout(120)
@SuppressWarnings("NullAway.Init") // fields are set before each test
class BadNeighborTest {
  private static final String GOOD = "127.77.5.1";
  private static final String MARKER = "ffffffff ffffffff ffffffff ffffffff ";

  /// What a neighbor does.
  private interface Deed {
    void by(ScriptedPeer peer) throws Exception;
  }

  /// @param answer code, subcode and data of the NOTIFICATION, in hex
  /// @param words of the line that says it
  private record Bad(String name, Deed deed, String answer, String words) {}

  private static Deed says(String hex) {
    return peer -> peer.send(octets(hex));
  }

  private static final List<Bad> BAD =
      List.of(
          new Bad("wrong-as", peer -> peer.open(64_999, 90), "0202", "AS64999"),
          new Bad("as-zero", peer -> peer.open(0, 90), "0202", "AS0"),
          new Bad("marker", says("00".repeat(16) + "0013 04"), "0101", "marker"),
          new Bad("length-18", says(MARKER + "0012 04"), "0102 0012", "18"),
          new Bad("length-65535", says(MARKER + "ffff 02"), "0102 ffff", "65535"),
          new Bad("type-9", says(MARKER + "0013 09"), "0103 09", "type 9"),
          new Bad("short-open", says(MARKER + "0019 01 04fb f5005a"), "0102 0019", "25"),
          new Bad(
              "cut-open",
              says(MARKER + "0021 01 04 fbf5 005a 0a000001 10 0206 0104"),
              "0200",
              "optional parameter"),
          new Bad(
              "version-3",
              says(MARKER + "001d 01 03 fbf5 005a 0a000001 00"),
              "0201 0004",
              "version 3"),
          new Bad("hold-time-1", peer -> peer.open(64_501, 1), "0206", "hold time"),
          new Bad("identifier-0", peer -> peer.open(64_501, 90, 0), "0203", "dentifier"),
          new Bad(
              "web",
              peer -> peer.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
              "0101",
              "marker"),
          new Bad("keepalive-first", ScriptedPeer::keepalive, "0501 04", "KEEPALIVE"));

  @TempDir Path directory;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Rooms rooms;
  private Heard heard;

  private static String address(int bad) {
    return "127.77.5." + (10 + bad);
  }

  @BeforeEach
  void begin() throws Exception {
    var text =
        new StringBuilder(
            """
            local-as: 64512
            router-id: 192.0.2.10
            listen: 127.77.5.254:0
            web: 127.0.0.1:0
            neighbors:
              - {address: %s, as: 64501, name: good, passive: true}
            """
                .formatted(GOOD));
    for (int i = 0; i < BAD.size(); i++) {
      text.append(
          "  - {address: %s, as: 64501, name: %s, passive: true}\n"
              .formatted(address(i), BAD.get(i).name));
    }
    Path file = Files.writeString(directory.resolve("bgp-peer.yaml"), text);
    rooms =
        Rooms.open(
            ConfigurationReader.read(file),
            recorder -> {
              heard = new Heard(recorder);
              return heard;
            });
    sessions().setLevel(Level.INFO);
    log.start();
    sessions().addAppender(log);
  }

  private static Logger sessions() {
    return (Logger) LoggerFactory.getLogger("bgp-peer.session");
  }

  @AfterEach
  void end() {
    sessions().detachAppender(log);
    sessions().setLevel(null); // as its parent again
    rooms.close();
  }

  private ScriptedPeer dial(String from) throws IOException {
    InetSocketAddress collector = rooms.listening().getFirst();
    return ScriptedPeer.dial(collector, from);
  }

  @Test
  void eachIsToldAndSeenAndNobodyElseNotices() throws Exception {
    try (var good = dial(GOOD)) {
      good.establish(64_501, 90);
      good.announce("192.0.2.0/24");
      for (int i = 0; i < BAD.size(); i++) {
        Bad bad = BAD.get(i);
        try (var peer = dial(address(i))) {
          bad.deed.by(peer);

          assertThat(hex(peer.expectEnd())).as(bad.name).isEqualTo(bad.answer.replace(" ", ""));
        }
      }
      good.announce("198.51.100.0/24");
      heard.awaitUpdates(2);
      heard.awaitFailures(BAD.size());
      assertThat(rooms.catchUp(Duration.ofSeconds(20))).isTrue();

      assertThat(
              Ran.of("routes", "--active", "--data", data(), "--format", "json").rows().stream()
                  .map(row -> row.get("prefix").asString()))
          .as("the other session goes on")
          .containsExactlyInAnyOrder("192.0.2.0/24", "198.51.100.0/24");
    }
    for (Bad bad : BAD) {
      List<String> events =
          Contents.rows(
              data().resolve("bgp-peer.db"),
              "SELECT e.kind, e.times, e.why FROM event e JOIN neighbor n ON n.id = e.neighbor_id"
                  + " WHERE n.name = '"
                  + bad.name
                  + "'");
      assertThat(events).as(bad.name).hasSize(1);
      assertThat(events.getFirst()).startsWith("failed|1|").contains(bad.words);
      assertThat(page("/neighbor/" + bad.name + "/sessions")).as(bad.name).contains(bad.words);
      assertThat(lines("neighbor=" + bad.name + " "))
          .as(bad.name)
          .hasSize(1)
          .first()
          .asString()
          .startsWith("failed ")
          .contains(bad.words);
    }
  }

  @Test
  void aCallerWhoIsNotConfiguredIsSentAwayAndNamedOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (var peer = dial("127.77.5.99")) {
        assertThat(hex(peer.expectEnd())).isEqualTo("0605");
      }
    }
    assertThat(rooms.catchUp(Duration.ofSeconds(20))).isTrue();

    assertThat(lines("127.77.5.99")).hasSize(1).first().asString().contains("not configured");
    assertThat(
            Contents.rows(
                data().resolve("bgp-peer.db"),
                "SELECT kind, address, why FROM event WHERE kind = 'rejected'"))
        .containsExactly(
            "rejected|127.77.5.99|127.77.5.99 called and is not configured as a neighbor.");
  }

  private Path data() {
    return directory.resolve("data");
  }

  private List<String> lines(String about) {
    return IntStream.range(0, log.list.size())
        .mapToObj(i -> log.list.get(i).getFormattedMessage())
        .filter(line -> line.contains(about))
        .toList();
  }

  private static String hex(Notification notification) {
    return "%02x%02x".formatted(notification.code(), notification.subcode())
        + java.util.HexFormat.of().formatHex(notification.data().toByteArray());
  }

  private String page(String path) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rooms.webPort() + path)).build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      return response.body();
    }
  }
}
