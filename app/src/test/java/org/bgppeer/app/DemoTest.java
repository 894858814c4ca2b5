package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `demo`, started as a newcomer starts it.
@Timeout(600)
@SuppressWarnings("NullAway.Init") // the field is set by start()
class DemoTest {
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  @TempDir Path directory;
  private Process demo;
  private List<String> said;

  @AfterEach
  void noneSurvives() {
    if (demo != null) {
      demo.destroyForcibly();
    }
  }

  @Test
  void threeRoutersComeUpOneIsLostAndNothingSurvivesItsEnd() throws Exception {
    Path data = directory.resolve("demo");
    String url = start("--data", data.toString());

    var whole = new TreeSet<String>();
    awaitNeighbors(
        url,
        rows -> {
          rows.stream()
              .filter(row -> row.get("active").asLong() > 10_000)
              .forEach(row -> whole.add(row.get("name").asString()));
          return whole.size() == 3;
        });
    List<ProcessHandle> children = demo.descendants().toList();
    assertThat(children).hasSize(3);
    assertThat(page(url, "prefix/1.1.1.0/24"))
        .contains("1.1.1.0/24", "13335", "Cloudflare", "transit1", "transit2");
    awaitNeighbors(
        url,
        rows ->
            rows.stream()
                .anyMatch(
                    row ->
                        row.get("name").asString().equals("transit2")
                            && row.get("session").asInt(0) > 1));
    assertThat(page(url, "neighbor/transit2/sessions")).contains("line card replacement");

    demo.destroy(); // SIGTERM
    assertThat(demo.waitFor(20, TimeUnit.SECONDS)).as("it ends soon").isTrue();
    for (ProcessHandle child : children) {
      assertThat(child.isAlive()).as("simulated router %s", child.pid()).isFalse();
    }
    assertThat(Ran.of("neighbors", "--data", data, "--format", "json").rows()).hasSize(3);
    assertThat(Ran.of("check-config", data.resolve("demo.yaml")).status()).isZero();
  }

  @Test
  void killedItLeavesNoRouterBehind() throws Exception {
    start("--data", directory.resolve("killed").toString());
    List<ProcessHandle> children = demo.descendants().toList();
    assertThat(children).hasSize(3);

    demo.destroyForcibly().waitFor();

    for (ProcessHandle child : children) {
      child.onExit().get(60, TimeUnit.SECONDS); // as slow as the machine is
    }
  }

  @Test
  void theDataOfARealCollectorIsLeftAlone() throws Exception {
    Path data = directory.resolve("real");
    Story.asData(data);

    Ran ran = Ran.of("demo", "--data", data);

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo(
            "bgp-peer: "
                + data
                + " has the data of a real collector; name another directory with --data\n");
    assertThat(data.resolve("demo.yaml")).doesNotExist();
  }

  @Test
  void anAddressForThePagesThatIsTakenIsSaid() throws Exception {
    try (var taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));

      Ran ran = Ran.of("demo", "--web", "127.0.0.1:" + taken.getLocalPort());

      assertThat(ran.status()).isEqualTo(1);
      assertThat(ran.err()).contains("cannot serve the pages on", "--web ADDRESS:PORT");
    }
  }

  /// Starts it, and returns the address of its pages once it has said it.
  private String start(String... options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "org.bgppeer.app.Main",
                "demo"));
    command.addAll(List.of(options));
    demo = new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
    said = new ArrayList<>();
    var out =
        new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      if (line.startsWith("Ctrl-C stops everything")) {
        return said.stream()
            .filter(each -> each.strip().startsWith("Open"))
            .map(each -> each.strip().substring("Open".length()).strip())
            .findFirst()
            .orElseThrow();
      }
    }
    throw new AssertionError(
        "it ended: " + said + "\n" + Files.readString(directory.resolve("stderr")));
  }

  /// Asks again and again until the neighbors are as wanted.
  private void awaitNeighbors(String url, Predicate<List<JsonNode>> wanted) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<JsonNode> rows = List.of();
    while (System.nanoTime() < end) {
      rows = new JsonMapper().readTree(page(url, "neighbors.json")).valueStream().toList();
      if (rows.size() == 3 && wanted.test(rows)) {
        return;
      }
      if (demo.waitFor(200, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new AssertionError(
        "the neighbors are " + rows + "\n" + Files.readString(directory.resolve("stderr")));
  }

  private static String page(String url, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      return response.body();
    }
  }
}
