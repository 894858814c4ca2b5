package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.NeighborRow.SessionState;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What holds for every page, and the pages of the dashboard and the neighbors, over the story and
/// a neighbor whose name means harm.
class PagesTest {
  private static final String HOSTILE = "<script>alert(1)</script>/\"'?&%.json";
  private static final String BALTIC = "/neighbor/Baltic%20Backbone";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();
  private static WebServer server;
  private static WebServer empty;

  @BeforeAll
  static void start() {
    StoryQueries story = StoryQueries.night();
    story.neighbor(
        66,
        HOSTILE,
        "192.0.2.66",
        64666,
        SessionState.DOWN,
        StoryQueries.at("03:00:00"),
        "Their operator shut it down: “</p><img src=x onerror=alert(2)>” (6/2).",
        story.session(
            66,
            HOSTILE,
            1,
            "2026-03-17 02:00:00",
            "2026-03-17 03:00:00",
            "NOTIFICATION_RECEIVED",
            "Their operator shut it down: “</p><img src=x onerror=alert(2)>” (6/2).",
            93L),
        new FamilyCount("ipv4-unicast", 0, 0, 1, null));
    story.event(
        "2026-03-17 03:41:00",
        HOSTILE,
        "192.0.2.66",
        "down",
        "NOTIFICATION_RECEIVED",
        "“</p><img src=x onerror=alert(2)>”",
        93L,
        1);
    story.routes.add(
        StoryQueries.ended(
            story.route(
                HOSTILE,
                "192.0.2.0/24",
                7L,
                "64666",
                "192.0.2.66",
                null,
                null,
                "",
                "",
                "2026-03-17 02:00:00"),
            "session-down",
            false,
            "“</p><img src=x onerror=alert(2)>”",
            "03:00:00",
            null));
    server = StoryServer.start(story, 0);
    empty = StoryServer.start(StoryQueries.empty(), 0);
  }

  @AfterAll
  static void stop() {
    server.close();
    empty.close();
  }

  private static HttpResponse<String> get(WebServer from, String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + from.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Document page(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(server, path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return Jsoup.parse(response.body(), "http://127.0.0.1:" + server.port() + path);
  }

  @Test
  void everyPageThatCanBeReachedIsWellMadeAndLeadsNowhereOutside()
      throws IOException, InterruptedException {
    var seen = new HashSet<String>();
    var waiting = new ArrayDeque<>(List.of("/", "/keys"));
    String host = "http://127.0.0.1:" + server.port();
    while (!waiting.isEmpty() && seen.size() < 400) {
      String path = waiting.poll();
      if (!seen.add(path)) {
        continue;
      }
      HttpResponse<String> response = get(server, path);
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      String type = response.headers().firstValue("Content-Type").orElse("");
      if (!type.startsWith("text/html")) {
        continue;
      }
      Document page = Jsoup.parse(response.body(), host + path);
      assertWellMade(path, page);
      for (Element link : page.select("a[href], link[href], script[src], form[action]")) {
        String attribute = link.hasAttr("href") ? "href" : link.hasAttr("src") ? "src" : "action";
        String target = link.absUrl(attribute);
        assertThat(target).as("%s on %s", link.attr(attribute), path).startsWith(host + "/");
        String next = target.substring(host.length()).replaceFirst("#.*", "");
        if (!next.startsWith("/theme") && !next.startsWith("/packet/") && !link.is("form")) {
          waiting.add(next);
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(60).contains("/neighbors.csv", BALTIC + "/sessions");
  }

  private static void assertWellMade(String path, Document page) {
    assertThat(page.select("h1")).as("h1 of %s", path).hasSize(1);
    assertThat(page.select("main")).as("main of %s", path).hasSize(1);
    assertThat(page.title()).as(path).endsWith(" · bgp-peer");
    assertThat(page.select("th:not([scope])")).as("th without scope on %s", path).isEmpty();
    assertThat(page.select("script:not([src])")).as("inline script on %s", path).isEmpty();
    assertThat(page.select("style, [style], iframe, object")).as("inline on %s", path).isEmpty();
    assertThat(page.select("img, [onerror], [onclick], [onload]")).as(path).isEmpty();
    assertThat(page.select("svg[role=img]:not([aria-label]):not([aria-labelledby])"))
        .as("svg on %s", path)
        .isEmpty();
    assertThat(page.select("nav:not([aria-label])")).as("nav on %s", path).isEmpty();
    assertThat(page.body().html()).as(path).doesNotContain("<script>alert", "null", "@template");
    Set<String> ids = new HashSet<>();
    for (Element element : page.select("[id]")) {
      assertThat(ids.add(element.id())).as("id %s twice on %s", element.id(), path).isTrue();
    }
    Set<String> live = new HashSet<>();
    for (Element element : page.select("[data-live]")) {
      String key = element.attr("data-live");
      assertThat(live.add(key)).as("data-live %s twice on %s", key, path).isTrue();
    }
    for (Element label : page.select("[aria-labelledby]")) {
      assertThat(ids).as(path).contains(label.attr("aria-labelledby").split(" "));
    }
    for (Element use : page.select("use")) {
      assertThat(ids).as("icon on %s", path).contains(use.attr("href").substring(1));
    }
  }

  @Test
  void theDashboardSaysFirstWhatIsWrong() throws IOException, InterruptedException {
    Document page = page("/");

    assertThat(page.select("h1").text())
        .isEqualTo(
            "3 of 10 neighbors are down, 1 is stale, 1 is connecting, 1 still sends its table");
    assertThat(page.select(".says .say").eachText())
        .contains(
            "Baltic Backbone is down for 29 min. We heard nothing for 90 s and closed the session"
                + " (4/0). 1,041,645 inactive routes kept. What was lostLast packets");
    assertThat(page.select(".says .say").eachText().getLast())
        .contains(
            "sent 1 malformed UPDATE in 24 h, the newest 31 min ago. COMMUNITIES has 6 octets",
            "Packet",
            "All findings");
    assertThat(page.select("table.rec").getFirst().select("tbody tr").getFirst().text())
        .contains("down Baltic BackboneAS64501 · 203.0.113.9");
    assertThat(page.select(".totals div").eachText())
        .contains("Routes active 6,159,572168,190 of them stale", "Neighbors up 5 of 105 not");
    assertThat(page.select("svg.chart").attr("aria-label"))
        .startsWith("Changes per second over 2 h");
    assertThat(page.select("[data-live=chart] .mk-t").text())
        .isEqualTo("03:12 Baltic Backbone down");
  }

  @Test
  void eachNeighborHasTheChangesOfADayAsACurve() throws IOException, InterruptedException {
    for (String path : List.of("/", "/?at=2026-03-17T03:00:00Z")) {
      Document page = page(path);

      assertThat(page.select("[data-live=n1-trend]").text()).as(path).isEqualTo("none");
      assertThat(page.select("[data-live=n4-trend] > svg").attr("aria-label"))
          .as(path)
          .startsWith("1,080,474 changes in 1 d, most of them, 1,012,884, from ")
          .endsWith(path.equals("/") ? "from 04:42 to 05:12" : "from 04:00 to 04:30");
      String curve = page.select("[data-live=n4-trend] polygon").attr("points");
      assertThat(curve.split(" ")).hasSize(52).contains("0,11", "2,3").startsWith("-1,42");
    }
    assertThat(page("/neighbors").select("[data-live=n4-trend]")).isEmpty();
  }

  /// By what is there: the story, or nothing.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "story | /as/64999                                     | No path that we know ends in it.",
        "story | /as/64999?at=2026-03-17T03:00:00Z             | No path that we know ended in it.",
        "empty | /as/64999                                     | No path that we know ends in it.",
        "story | /neighbors?state=archive                      | No neighbor is in this state. Show"
            + " all",
        "empty | /neighbors                                    | No neighbor is in this state. Show"
            + " all",
        "story | /live?in=100.64.0.0/10                        | No change is like this. All"
            + " changes",
        "empty | /live                                         | Nothing has come yet.",
        "story | /packets?prefix=100.64.0.0/10                 | No packet is like this. All"
            + " packets",
        "empty | /packets                                      | No packet yet",
        "empty | /prefixes                                     | Nothing changed in this time.",
        "story | /neighbor/Lab%20RouterOS                      | It has sent no route yet.",
        "story | /neighbor/Lab%20RouterOS/sessions             | It never had a session.",
        "story | /neighbor/Lab%20RouterOS/capabilities         | It never had a session.",
        "story | /neighbor/Northwind%20Transit/routes?state=inactive&at=2026-03-17T03:00:00Z | Of a"
            + " moment, only what was held is listed.",
        "story | /neighbor/Lab%20RouterOS/findings             | None: every message",
        "story | /neighbor/Northwind%20Transit/routes?in=100.64.0.0/10 | No route matches. Show"
            + " all",
        "story | /compare                                      | Choose what stands on the left"
      })
  void aPageWithNothingToShowSaysWhy(String from, String path, String said)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = get(from.equals("story") ? server : empty, path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(String.join(" ", Jsoup.parse(answer.body()).select("main .soft").eachText()))
        .contains(said);
  }

  @Test
  void theLivePageSaysHowMuchChanges() throws IOException, InterruptedException {
    Document live = page("/live");
    assertThat(live.select(".ph .rate").text()).matches("[1-9][0-9]*\\.[0-9] changes per second");
    assertThat(live.select(".ph svg.spark").attr("aria-label"))
        .matches("[0-9,]+ changes in 1 h, most of them, [0-9,]+, from 03:13 to 03:14");
    assertThat(page("/live?before=9").select(".ph .rate, .ph .spark")).isEmpty();
    Document none = Jsoup.parse(get(empty, "/live").body());
    assertThat(none.select(".ph .rate").text()).isEqualTo("0 changes per second");
    assertThat(none.select(".ph svg.spark").attr("aria-label")).isEqualTo("0 changes in 1 h");
  }

  @Test
  void theChartsOfTheDashboardShowADayOrAWeek() throws IOException, InterruptedException {
    Document week = page("/?w=7d");

    assertThat(week.select("section[aria-labelledby=h-r] .note").text())
        .isEqualTo("last 7 days, all neighbors");
    assertThat(week.select("section[aria-labelledby=h-r] svg").attr("aria-label"))
        .startsWith("Active routes over 7 d");
    assertThat(week.select(".chip[aria-current=true]").text()).isEqualTo("7 d");
    assertThat(week.select(".chip").eachAttr("href")).contains("/?w=24h");
    assertThat(page("/?w=24h").select("section[aria-labelledby=h-u] .note").text())
        .isEqualTo("last 24 hours, all neighbors, 10 min average");
  }

  @Test
  void aDashboardWithoutNeighborsSaysWhyAndWhatToDo() throws IOException, InterruptedException {
    Document page = Jsoup.parse(get(empty, "/").body());

    assertThat(page.select("h1").text()).isEqualTo("No routes yet, and this is why");
    assertThat(page.select(".steps > li")).hasSize(3);
    assertThat(page.select(".steps").text())
        .contains("It listens on 192.0.2.250:179", "neighbor 192.0.2.250 remote-as 64496");
  }

  @Test
  void everyNeighborHasItsStateWithReasonAndAge() throws IOException, InterruptedException {
    Document page = page("/neighbors");

    for (Element row : page.select("table.rec tbody tr")) {
      assertThat(row.select(".st use")).as(row.text()).hasSize(1);
      assertThat(row.select(".st").text()).isNotEmpty();
      assertThat(row.select(".why").text()).as(row.text()).isNotEmpty();
      assertThat(row.select("td[data-l=since] time").attr("title")).endsWith(" UTC");
    }
    assertThat(page("/neighbors?state=stale").select("table.rec tbody tr th a").eachText())
        .containsExactly("Harbour IX rs2");
  }

  @Test
  void theSessionsOfANeighborHaveTheirReasons() throws IOException, InterruptedException {
    Document page = page(BALTIC + "/sessions");

    assertThat(page.select("table.rec tbody tr td.top-r").eachText())
        .containsExactly("we closed", "no reason", "we stopped", "they closed", "they closed");
    assertThat(page.select("table.rec tbody tr .why").eachText())
        .contains("Their operator shut it down: “renumbering to 203.0.113.9” (6/2).");
    assertThat(page.select("ol.events li").text()).contains("We heard nothing for 90 s");
  }

  @Test
  void bothOpensStandSideBySideWithWhatIsInUse() throws IOException, InterruptedException {
    List<String> rows = page(BALTIC + "/capabilities").select("table.rec tbody tr").eachText();

    assertThat(rows)
        .contains(
            "AS number 64496 64501 4-octet",
            "Hold time 180 s 90 s 90 s",
            "BGP identifier 192.0.2.250 203.0.113.9",
            "Enhanced route refresh yes not sent off",
            "Multisession (Cisco) not sent flags 0x00, by Multiprotocol, Capability 0, Graceful"
                + " Restart");
  }

  @ParameterizedTest
  @CsvSource({
    "state=active, 0",
    "state=inactive, 10",
    "in=198.51.100.0/24, 4",
    "in=198.51.100.0/24&state=active, 0",
    "origin=AS64511, 3",
    "path=64501 64504, 5",
    "path=^64501 65536, 2",
    "community=64501:1:40, 1",
    "nh=203.0.113.9, 10",
    "family=ipv4-unicast, 8",
  })
  void theRoutesOfANeighborCanBeFiltered(String query, int rows)
      throws IOException, InterruptedException {
    String encoded = query.replace(" ", "%20").replace("^", "%5E");

    assertThat(page(BALTIC + "/routes?" + encoded).select("table.rec tbody tr")).hasSize(rows);
  }

  @Test
  void routesAsDataHaveTheFieldsThatScriptsRelyOn() throws IOException, InterruptedException {
    JsonNode rows = JSON.readTree(get(server, BALTIC + "/routes.json?in=198.51.100.0/24").body());
    JsonNode row = rows.get(0);

    assertThat(row.get("prefix").asString()).isEqualTo("198.51.100.0/24");
    assertThat(row.get("neighbor_as").asLong()).isEqualTo(64501);
    assertThat(row.get("active").asBoolean()).isFalse();
    assertThat(row.get("reason").asString()).isEqualTo("session-down");
    assertThat(row.get("last_changed").asString()).isEqualTo("2026-03-17T03:12:07.000000Z");
    assertThat(row.get("path_id").isNull()).isTrue();
    String csv = get(server, BALTIC + "/routes.csv?in=198.51.100.0/24").body();
    assertThat(csv)
        .startsWith("neighbor,neighbor_as,family,prefix,path_id,next_hop,active,reason,");
    assertThat(csv.lines()).hasSize(5);
  }

  @Test
  void aNameWithAnyCharacterHasAPageAndStaysText() throws IOException, InterruptedException {
    String href =
        page("/neighbors").select("tbody th a").eachAttr("href").stream()
            .filter(each -> each.contains("script"))
            .findFirst()
            .orElseThrow();

    assertThat(href).isEqualTo(Links.neighbor(HOSTILE));
    Document page = page(href);
    assertThat(page.select("h1").text()).isEqualTo(HOSTILE);
    assertThat(page.select("img, main script")).isEmpty();
    assertThat(page.select(".say").text()).contains("“</p><img src=x onerror=alert(2)>”");
    assertThat(page(href + "/routes").select("table.rec tbody tr")).hasSize(1);
    assertThat(JSON.readTree(get(server, href + ".json").body()).get("name").asString())
        .isEqualTo(HOSTILE);
    assertThat(get(server, "/neighbors.csv").body())
        .contains("<script>alert(1)</script>/\"\"'?&%.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?foo=1",
        "/neighbors?foo=1",
        BALTIC + "?foo=1",
        BALTIC + "/routes?foo=1",
        BALTIC + "/sessions?foo=1"
      })
  void anUnknownParameterIsRefusedByName(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(server, path);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Jsoup.parse(response.body()).select("h1").text())
        .isEqualTo("This page has no parameter “foo”");
  }

  @ParameterizedTest
  @CsvSource({
    "/neighbors?state=blue, state",
    "/neighbor/Baltic%20Backbone?w=forever, w",
    "/neighbor/Baltic%20Backbone?w=4000d, w",
    "/neighbor/Baltic%20Backbone?family=ipv5-unicast, family",
    "/?w=3d, w",
    "/neighbor/Baltic%20Backbone/routes?in=192.0.2.0/33, in",
    "/neighbor/Baltic%20Backbone/routes?origin=AS4294967296, origin",
    "/neighbor/Baltic%20Backbone/routes?path=(, path",
    "/neighbor/Baltic%20Backbone/routes?after=x, after",
    "/neighbor/Baltic%20Backbone/routes?nh=here, nh",
    "/neighbor/Baltic%20Backbone/sessions?before=-1, before",
    "/neighbors?state=up&state=down, state",
  })
  void aValueThatCannotBeReadIsRefusedByItsName(String path, String name)
      throws IOException, InterruptedException {
    HttpResponse<String> response = get(server, path);

    assertThat(response.statusCode()).as(path).isEqualTo(400);
    Document page = Jsoup.parse(response.body());
    assertThat(page.select("h1").text()).contains("“" + name + "”");
    assertWellMade(path, page);
  }

  @Test
  void theChartsOfANeighborAreOfOneFamilyIfThatIsAskedFor()
      throws IOException, InterruptedException {
    String path = BALTIC + "?w=24h";
    Document all = Jsoup.parse(get(server, path).body());
    Document ofOne = Jsoup.parse(get(server, path + "&family=ipv6-unicast").body());

    assertThat(all.select(".chip:contains(IPv6 unicast)").attr("href"))
        .isEqualTo(path + "&family=ipv6-unicast");
    assertThat(ofOne.select(".chip[aria-current=true]").eachText())
        .containsExactly("IPv6 unicast", "24 h");
    assertThat(ofOne.select("svg.chart").eachAttr("aria-label"))
        .hasSize(2)
        .doesNotContainAnyElementsOf(all.select("svg.chart").eachAttr("aria-label"));
    assertWellMade(path, ofOne);
  }

  @Test
  void aNeighborThatIsNotThereSuggestsTheNearest() throws IOException, InterruptedException {
    HttpResponse<String> response = get(server, "/neighbor/baltic");

    assertThat(response.statusCode()).isEqualTo(404);
    Document page = Jsoup.parse(response.body());
    assertThat(page.select(".suggest a").eachAttr("href")).containsExactly(BALTIC);
    assertThat(page.select("#q2").val()).isEqualTo("baltic");
    assertWellMade("/neighbor/baltic", page);
  }

  @Test
  void neighborsAsDataHaveTheFieldsOfTheCommand() throws IOException, InterruptedException {
    var row = JSON.readTree(get(server, "/neighbors.json").body()).get(0);

    assertThat(get(server, "/neighbors.csv").body().lines().findFirst().orElseThrow())
        .isEqualTo(
            "name,source,address,as,local_address,state,since,why,active,stale,inactive,active_by_family,"
                + "inactive_by_family,session,session_up,session_down,updates,last_packet");
    assertThat(row.get("state").asString()).isEqualTo("down");
    assertThat(row.get("active").asLong() + row.get("inactive").asLong()).isPositive();
    assertThat(row.get("active_by_family").propertyNames()).contains("ipv4-unicast");
  }

  @Test
  void anErrorAsDataIsAnObject() throws IOException, InterruptedException {
    HttpResponse<String> response = get(server, "/neighbors.json?foo=1");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(response.body()).get("title").asString())
        .isEqualTo("This page has no parameter “foo”");
    assertThat(get(server, "/keys.json").statusCode()).isEqualTo(404);
    assertThat(get(server, BALTIC + ".csv").statusCode()).isEqualTo(404);
  }

  @Test
  void aDatabaseThatFailsIsAPageThatSaysSo() throws IOException, InterruptedException {
    var broken =
        new StoryQueries() {
          @Override
          public List<org.bgppeer.store.NeighborRow> neighbors() {
            throw new IllegalStateException("disk I/O error");
          }

          @Override
          public org.bgppeer.store.Health health() {
            throw new IllegalStateException("disk I/O error");
          }
        };
    try (WebServer failing = StoryServer.start(broken, 0)) {
      HttpResponse<String> response = get(failing, "/neighbors");

      assertThat(response.statusCode()).isEqualTo(503);
      Document page = Jsoup.parse(response.body());
      assertThat(page.select("h1").text()).isEqualTo("The database did not answer");
      assertThat(page.select("#receive").text()).isEqualTo("database unavailable");
      assertThat(response.body()).doesNotContain("disk I/O error");
    }
  }

  @Test
  void staticFilesMayBeKeptForEverAndPagesMayNot() throws IOException, InterruptedException {
    Document page = page("/");
    for (String address :
        List.of(
            page.select("link[rel=stylesheet]").attr("href"),
            page.select("script").attr("src"),
            page.select("link[rel=icon]").attr("href"))) {
      HttpResponse<String> response = get(server, address);
      assertThat(response.statusCode()).as(address).isEqualTo(200);
      assertThat(response.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
      assertThat(address).matches("/static/[a-z]+\\.[0-9a-f]{12}\\.[a-z]+");
    }
    assertThat(get(server, "/").headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(get(server, "/static/app.css").statusCode()).isEqualTo(404);
  }

  @Test
  void everyAnswerForbidsInlineAndForeignContent() throws IOException, InterruptedException {
    for (String path : List.of("/", "/nope", "/neighbors.json")) {
      var headers = get(server, path).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .startsWith("default-src 'none'")
          .doesNotContain("unsafe");
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Server")).isEmpty();
    }
  }

  @Test
  void pagesTravelCompressed() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
            .header("Accept-Encoding", "gzip")
            .build();
    HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    try (var in = new GZIPInputStream(new java.io.ByteArrayInputStream(response.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("Baltic Backbone");
    }
  }

  @Test
  void theThemeIsACookieAndWorksWithoutAScript() throws IOException, InterruptedException {
    String here = "http://127.0.0.1:" + server.port();
    HttpResponse<String> toDark = get(server, "/theme", "Referer", here + "/neighbors?state=up");
    assertThat(toDark.statusCode()).isEqualTo(302);
    assertThat(toDark.headers().firstValue("Location").orElse("")).endsWith("/neighbors?state=up");
    assertThat(toDark.headers().firstValue("Set-Cookie").orElse("")).startsWith("theme=dark;");
    assertThat(
            get(server, "/theme", "Referer", "http://192.0.2.1/x").headers().firstValue("Location"))
        .hasValueSatisfying(
            location -> assertThat(location).endsWith("/").doesNotContain("192.0.2.1"));

    Document dark = Jsoup.parse(get(server, "/", "Cookie", "theme=dark").body());
    assertThat(dark.select("html").attr("data-theme")).isEqualTo("dark");
    Document odd = Jsoup.parse(get(server, "/", "Cookie", "theme=\"><b>").body());
    assertThat(odd.select("html").hasAttr("data-theme")).isFalse();
  }

  @Test
  void theBarSaysWhetherAnythingIsReceived() {
    var now = StoryQueries.NOW;
    var health = StoryQueries.night().health;
    var beat = health.beatAt();
    var newest = health.projectedAt();

    assertThat(Shell.state(health, now).word()).isEqualTo("receiving");
    assertThat(Shell.state(new org.bgppeer.store.Health(newest, beat, 42, 0), now).word())
        .isEqualTo("behind");
    assertThat(Shell.state(health, now.plusSeconds(600)).word()).isEqualTo("not recording");
    assertThat(
            Shell.state(
                    new org.bgppeer.store.Health(newest, now.plusSeconds(600), 0, 0),
                    now.plusSeconds(600))
                .word())
        .isEqualTo("nothing arrives");
    assertThat(Shell.state(new org.bgppeer.store.Health(null, null, 0, 0), now).word())
        .isEqualTo("not started");
  }
}
