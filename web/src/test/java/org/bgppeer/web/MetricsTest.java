package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.bgppeer.store.NeighborRow.SessionState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static WebServer server;
  private static StoryQueries story;

  @BeforeAll
  static void start() {
    story = StoryQueries.night();
    story.neighbor(
        66,
        "quoted \"name\"\\",
        "192.0.2.66",
        64666,
        SessionState.CONNECTING,
        Instant.parse("2026-03-17T03:00:00.250Z"),
        "",
        null);
    server = StoryServer.start(story, 0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> scrape(String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aScrapeTellsOfEachNeighborAndTheCollector() throws IOException, InterruptedException {
    HttpResponse<String> response = scrape();

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    List<String> lines = response.body().lines().toList();
    assertThat(lines)
        .contains(
            "# TYPE bgp_peer_routes gauge",
            "bgp_peer_build_info{version=\"0.1.0\"} 1",
            "bgp_peer_neighbor_up{address=\"203.0.113.9\",as=\"64501\",neighbor=\"Baltic"
                + " Backbone\"} 0.0",
            "bgp_peer_neighbor_state{neighbor=\"Baltic Backbone\",state=\"down\"} 1.0",
            "bgp_peer_neighbor_state{neighbor=\"Baltic Backbone\",state=\"up\"} 0.0",
            "bgp_peer_routes{family=\"ipv4-unicast\",neighbor=\"Baltic"
                + " Backbone\",state=\"inactive\"} 1011233.0",
            "bgp_peer_projector_lag_seconds 0.4",
            "bgp_peer_neighbor_state_since_timestamp_seconds{neighbor=\"quoted \\\"name\\\"\\\\\"}"
                + " 1.77371640025E9");
    assertThat(lines.stream().filter(line -> line.startsWith("bgp_peer_neighbor_up{")))
        .hasSize(story.neighbors().size())
        .anyMatch(line -> line.endsWith(" 1.0"));
    assertThat(lines)
        .as("a neighbor that never sent a packet")
        .noneMatch(
            line ->
                line.startsWith(
                    "bgp_peer_neighbor_last_packet_timestamp_seconds{neighbor=\"quoted"));
  }

  @Test
  void whoeverAsksForOpenMetricsGetsThat() throws IOException, InterruptedException {
    HttpResponse<String> response = scrape("Accept", "application/openmetrics-text; version=1.0.0");

    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(response.body()).endsWith("# EOF\n");
  }
}
