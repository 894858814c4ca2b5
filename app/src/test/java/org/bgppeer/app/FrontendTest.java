package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pages as a process of their own, over what another process writes meanwhile.
@Timeout(120)
@SuppressWarnings("NullAway.Init") // fields are set before the tests
class FrontendTest {
  private static final Pattern WEB = Pattern.compile("web {2}(http://\\S+?)/?");
  private static final Pattern PACKET = Pattern.compile("href=\"(/packet/\\d+)\"");
  private static final String ADDED = "203.0.113.0/24";

  @TempDir Path directory;
  private String web;

  /// An address of each kind of page, and what must stand there.
  private static Map<String, String> pages() {
    var pages = new LinkedHashMap<String, String>();
    pages.put("/", "Neighbors");
    pages.put("/?w=7d", "rs1");
    pages.put("/?at=2026-03-17T03:00:30Z", "core1");
    pages.put("/neighbors", "core1");
    pages.put("/neighbor/core1", "Connection dropped");
    pages.put("/neighbor/rs1/sessions", "2026-03-17");
    pages.put("/neighbor/rs1/capabilities", "AS64500");
    pages.put("/neighbor/rs1/counters", "Only a collector that runs knows them");
    pages.put("/neighbor/rs1/routes", "192.0.2.0/24");
    pages.put("/neighbor/rs1/findings", "rs1");
    pages.put("/prefixes", "192.0.2.0/24");
    pages.put("/prefix/192.0.2.0/24", "64511");
    pages.put("/prefix/192.0.2.0/24?at=2026-03-17T03:00:30Z", "64505");
    pages.put("/prefix/192.0.2.0/24/history", "rs1");
    pages.put("/prefix/192.0.2.0/24/diff?neighbor=rs1&v=1..2", "64500");
    pages.put("/as", "64511");
    pages.put("/as/64511", "192.0.2.0/24");
    pages.put("/community/64500:1", "192.0.2.0/24");
    pages.put("/next-hop/192.0.2.1", "192.0.2.0/24");
    pages.put("/compare?a=rs1&b=core1", "192.0.2.0/24");
    pages.put("/search?q=192.0.2.1", "192.0.2.0/24");
    pages.put("/packets", "UPDATE");
    pages.put("/packets?neighbor=rs1&type=update&prefix=192.0.2.0/24", "64500");
    pages.put("/live", "198.51.100.0/24");
    pages.put("/decode?hex=ffffffffffffffffffffffffffffffff001304", "KEEPALIVE");
    pages.put("/keys", "search");
    pages.put("/api", "/api/v1/routes");
    pages.put("/api/v1/routes?prefix=192.0.2.0/24", "\"origin_as\":64511");
    pages.put("/api/v1/packets?limit=0&format=csv", "rs1");
    pages.put("/metrics", "bgp");
    return pages;
  }

  private String page(String path) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(web + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      return response.body();
    }
  }

  /// Waits until the stream of changes says something.
  private void awaitLive(String text) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient();
        var lines =
            client
                .send(
                    HttpRequest.newBuilder(URI.create(web + "/live/stream?after=0")).build(),
                    HttpResponse.BodyHandlers.ofLines())
                .body()) {
      assertThat(lines.anyMatch(line -> line.contains(text))).isTrue();
      client.shutdownNow();
    }
  }

  private void everyPageAnswersAndShowsWhatIsWrittenMeanwhile(@Nullable String db)
      throws Exception {
    Path data = directory.resolve("data");
    Story.asData(data, db);
    var command = CollectorProcess.command("web", "--data", data.toString());
    command.addAll(List.of("--web", "127.0.0.1:0"));
    if (db != null) {
      command.addAll(List.of("--db", db));
    }
    Process frontend =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      var out =
          new BufferedReader(
              new InputStreamReader(frontend.getInputStream(), StandardCharsets.UTF_8));
      var address = WEB.matcher(String.valueOf(out.readLine()));
      assertThat(address.matches()).isTrue();
      web = address.group(1);
      var softly = new SoftAssertions();
      for (var each : pages().entrySet()) {
        boolean said = page(each.getKey()).contains(each.getValue());
        softly.assertThat(said).as(each.toString()).isTrue();
      }
      softly.assertAll();
      var packet = PACKET.matcher(page("/packets"));
      assertThat(packet.find()).isTrue();
      assertThat(page(packet.group(1))).contains("Marker");

      Story.goOn(data, db, ADDED);

      assertThat(page("/packets?type=update")).contains(ADDED);
      assertThat(page("/prefix/" + ADDED)).contains("64511");
      assertThat(page("/live")).contains(ADDED);
      awaitLive(ADDED);
    } finally {
      frontend.destroy();
      assertThat(frontend.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void everyPageAnswersFromSqlite() throws Exception {
    everyPageAnswersAndShowsWhatIsWrittenMeanwhile(null);
  }

  @Test
  void everyPageAnswersFromPostgresql(@TempDir Path cluster) throws Exception {
    try (var server = new KillableServer(cluster)) {
      everyPageAnswersAndShowsWhatIsWrittenMeanwhile(server.url("postgres"));
    }
  }
}
