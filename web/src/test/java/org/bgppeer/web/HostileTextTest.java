package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.RouteRow;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A neighbor whose texts are markup, scripts, control characters and ones that turn the direction
/// of writing, with a path as long as a message can be.
class HostileTextTest {
  private static final String NAME =
      "\"><script>alert(1)</script><a href=\"/as/1\" x='&#34; \u202egnp.exe\u2066 \u0007\u001b[31m";

  private static final String LONG_PATH =
      IntStream.range(1, 16_000).mapToObj(String::valueOf).collect(Collectors.joining(" "));

  private static final String MANY =
      IntStream.range(1, 16_000).mapToObj(i -> "64500:" + i).collect(Collectors.joining(" "));

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static WebServer server;

  @BeforeAll
  static void start() {
    StoryQueries story = StoryQueries.night();
    NeighborRow like = story.neighbors.getFirst();
    story.neighbors.add(
        new NeighborRow(
            666,
            NAME,
            like.source(),
            "203.0.113.66",
            64666,
            "",
            like.state(),
            like.since(),
            "Their operator shut it down: \"" + NAME + "\"",
            like.session(),
            like.families(),
            like.lastPacketAt()));
    RouteRow route = story.routes.getFirst();
    story.routes.add(route(route, LONG_PATH, MANY));
    story.former.add(route(route, "1 " + LONG_PATH, "64500:1 " + MANY));
    server = StoryServer.start(story, 0);
  }

  private static RouteRow route(RouteRow like, String path, String communities) {
    return new RouteRow(
        NAME,
        "203.0.113.66",
        64666,
        like.family(),
        like.prefix(),
        "",
        null,
        like.nextHop(),
        true,
        false,
        null,
        false,
        NAME,
        "IGP",
        path,
        15_999L,
        null,
        null,
        communities,
        "",
        "",
        false,
        NAME,
        NAME,
        path.startsWith("1 1 ") ? like.validFrom().minus(Duration.ofHours(1)) : like.validFrom(),
        path.startsWith("1 1 ") ? like.validFrom() : null,
        like.firstSeen(),
        like.lastChanged(),
        null,
        null);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<String> pages() {
    String neighbor = Links.neighbor(NAME);
    String prefix = "/prefix/" + StoryQueries.night().routes.getFirst().prefix();
    return List.of(
        "/",
        "/?at=2026-03-17T03:11:50Z",
        "/neighbors",
        "/neighbors?at=2026-03-17T03:11:50Z",
        neighbor,
        neighbor + "?at=2026-03-17T03:11:50Z",
        neighbor + "/routes",
        neighbor + "/sessions",
        prefix,
        prefix + "?at=2026-03-17T03:11:50Z",
        prefix + "/history",
        "/as/15999",
        "/search?q=" + Links.segment("gnp"),
        "/search?q=" + Links.segment(NAME),
        "/compare?a=" + Links.segment(NAME) + "&b=core1.fra",
        "/community/64500:7",
        "/packets?neighbor=" + Links.segment(NAME),
        "/live?neighbor=" + Links.segment(NAME),
        "/neighbor/" + Links.segment(NAME + "x"));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void itsTextsStayTextsAndThePageStaysSmall(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isIn(200, 302, 404);
    String body = answer.body();
    Document page = Jsoup.parse(body);
    assertThat(page.select("main script, script:not([src]), a[x], [onerror]")).isEmpty();
    assertThat(page.select("[href^=/as/1]").eachAttr("href")).doesNotContain("/as/1\" x=");
    assertThat(body.codePoints().filter(HostileTextTest::isDangerous).count()).isZero();
    assertThat(body.length()).as("characters").isLessThan(600_000);
  }

  private static boolean isDangerous(int c) {
    return c < 0x20 && c != '\n' && c != '\t' && c != '\r'
        || c == 0x7f
        || c >= 0x202a && c <= 0x202e
        || c >= 0x2066 && c <= 0x2069;
  }

  @Test
  void whatTurnsTheWritingIsShownByItsNumber() throws Exception {
    assertThat(Jsoup.parse(get("/neighbors").body()).text())
        .contains("⟨U+202E⟩gnp.exe⟨U+2066⟩ ␇␛[31m");
  }

  @Test
  void theDataFormsHaveItAllAsItCame() throws Exception {
    assertThat(get("/neighbors.json").body()).contains("\u202egnp.exe").contains("\\u001B[31m");
    assertThat(get(Links.neighbor(NAME) + "/routes.json").body()).contains(LONG_PATH);
  }

  @Test
  void noBrowserRunsAnyOfIt() throws Exception {
    Path program = Chromium.installed();
    assumeTrue(program != null, "no Chromium is installed: apt-get install chromium");
    try (var browser = new Chromium(program)) {
      for (String path : pages().subList(0, 10)) {
        browser.open("http://127.0.0.1:" + server.port() + path);
      }
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
