package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages about prefixes, AS, packets and the search, over the story.
class PrefixPagesTest {
  private static final String PREFIX = "/prefix/198.51.100.0/24";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static WebServer server;

  @BeforeAll
  static void start() {
    StoryQueries story = StoryQueries.night();
    story.packet(
        300_000_000,
        "2026-03-17 03:41:00",
        "<img src=x onerror=alert(1)>",
        false,
        StoryQueries.message(3, "0602" + "19" + hex("</td><script>x()</script>")),
        null);
    server = StoryServer.start(story, 0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String hex(String text) {
    var out = new StringBuilder();
    text.chars().forEach(c -> out.append(String.format("%02x", c)));
    return out.toString();
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static Document page(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return Jsoup.parse(response.body());
  }

  @Test
  void aPrefixShowsEveryPathActiveFirstAndTheRestWithItsReason()
      throws IOException, InterruptedException {
    Document page = page(PREFIX);

    assertThat(page.select("h1").text()).isEqualTo("198.51.100.0/24");
    assertThat(page.select("table.rec tbody tr:not(.group) td.top-r").eachText())
        .containsExactly(
            "active",
            "active",
            "active",
            "active",
            "stale",
            "session ended",
            "ended, inferred",
            "withdrawn",
            "withdrawn");
    Element baltic = page.select("table.rec tr.gone:contains(Baltic Backbone)").getFirst();
    assertThat(baltic.text()).contains("We heard nothing for 90 s and closed the session (4/0).");
    assertThat(baltic.select("a[href^=/packet/]")).isNotEmpty();
  }

  @Test
  void everyPathHasALaneAndEveryChangeALink() throws IOException, InterruptedException {
    Document page = page(PREFIX);

    assertThat(page.select(".bands .who:not(.axis)")).hasSize(9);
    assertThat(page.select(".bands .b-down")).hasSize(1);
    assertThat(page.select(".bands .b-inf")).isNotEmpty();
    assertThat(page.select(".bands a:has(.chg)"))
        .isNotEmpty()
        .allSatisfy(
            mark -> {
              assertThat(mark.attr("href")).startsWith("/p");
              assertThat(mark.attr("aria-label")).isNotBlank();
            });
  }

  @Test
  void theDifferenceShowsWhatCameAndWhatWent() throws IOException, InterruptedException {
    Document page = page(PREFIX);

    assertThat(page.select("#diff ins").eachText()).containsExactly("64511", "64511", "64502:3005");
    assertThat(page.select("#diff del").eachText()).containsExactly("64502:3000");
  }

  @Test
  void theGraphHasEachAsOnce() throws IOException, InterruptedException {
    assertThat(page(PREFIX).select(".graph a[href=/as/64502]")).hasSize(1);
  }

  @Test
  void atAMomentThePathsAreThoseOfThenAndSayWhatCameAfter()
      throws IOException, InterruptedException {
    Document page = page(PREFIX + "?at=2026-03-17T03:11:50Z");

    assertThat(page.select(".tm time").attr("datetime")).isEqualTo("2026-03-17T03:11:50Z");
    assertThat(page.body().hasClass("has-tm")).isTrue();
    assertThat(page.select(".facts .st-active").text()).isEqualTo("8 active");
    assertThat(page.select("tr:contains(Baltic Backbone) .why").getFirst().text())
        .isEqualTo("session ended 17 s later");
    assertThat(page.select(".tm a:contains(Next change)").attr("href"))
        .isEqualTo(PREFIX + "?at=2026-03-17T03:12:07Z");
  }

  @ParameterizedTest
  @CsvSource({
    "/prefix/198.51.100.0/33,                        400",
    "/prefix/198.51.100/24,                          400",
    "/prefix/198.51.0.0/24,                          404",
    "/prefix/198.51.100.0/24?w=2h,                   400",
    "/prefix/198.51.100.0/24?wat=1,                  400",
    "/prefix/198.51.100.0/24?state=gone,             400",
    "/prefix/198.51.100.0/24?differ=x,               400",
    "/prefix/198.51.100.0/24?at=soon,                400",
    "/prefix/198.51.100.0/24?at=2027-01-01T00:00:00Z,400",
    "/prefix/198.51.100.0/24/diff?neighbor=nobody,   404",
    "/prefix/198.51.100.0/24/diff?v=1..9,            400",
    "/as/x,                                          400",
    "/as/4294967296,                                 400",
    "/packet/1,                                      404",
    "/packet/x,                                      404",
    "/packets?type=open&type=update,                 400",
    "/packets?finding=2,                             400",
    "/packets?before=-1,                             400",
    "/packets?before=1&after=1,                      400",
    "/live?kind=all,                                 400",
    "/live?in=x,                                     400",
  })
  void whatCannotBeAnsweredIsRefusedWithAPage(String path, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(Jsoup.parse(response.body()).select(".err h1").text()).isNotBlank();
  }

  @Test
  void aPrefixNeverSeenOffersTheLongestMatch() throws IOException, InterruptedException {
    Document page = Jsoup.parse(get("/prefix/198.51.100.5/32").body());

    assertThat(page.select(".err .lead").text()).contains("The longest match is 198.51.100.0/25.");
    assertThat(page.select(".suggest a[href=/prefix/198.51.100.0/25]")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/prefix/198.51.100.0/24",
        "/prefix/198.51.100.0/24/history",
        "/prefix/198.51.100.0/24/diff?neighbor=Harbour%20IX%20rs1",
        "/prefix/198.51.100.0/24?at=2026-03-17T03:11:50Z",
        "/as/64511",
        "/as",
        "/prefixes",
        "/search?q=198.51.100.77",
        "/packets",
        "/live"
      })
  void everyListIsThereAsJsonAndCsv(String path) throws IOException, InterruptedException {
    int query = path.indexOf('?');
    String base = query < 0 ? path : path.substring(0, query);
    String rest = query < 0 ? "" : path.substring(query);

    HttpResponse<String> json = get(base + ".json" + rest);
    HttpResponse<String> csv = get(base + ".csv" + rest);

    assertThat(json.statusCode()).isEqualTo(200);
    assertThat(json.body()).startsWith("[{\"");
    assertThat(csv.statusCode()).isEqualTo(200);
    assertThat(csv.body().lines().count()).isGreaterThan(1);
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.0/24,                /prefix/198.51.100.0/24",
    "198.51.100.0/24 at 03:11:50,    /prefix/198.51.100.0/24?at=2026-03-17T03:11:50Z",
    "198.51.100.0/24 at 2026-03-16 22:00, /prefix/198.51.100.0/24?at=2026-03-16T22:00:00Z",
    "198.51.100.0/24 at 23:00,       /prefix/198.51.100.0/24?at=2026-03-16T23:00:00Z",
    "AS64511,                        /as/64511",
    "64511,                          /as/64511",
    "baltic,                         /neighbor/Baltic%20Backbone",
    "orchard,                        /as/64511",
    "64501:500,                      /community/64501:500",
    "blackhole,                      /community/blackhole",
    "nh:203.0.113.30,                /next-hop/203.0.113.30",
  })
  void aPlainMeaningLeadsStraightToItsPage(String typed, String to)
      throws IOException, InterruptedException {
    HttpResponse<String> response = get("/search?q=" + Links.segment(typed));

    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("Location").orElse("")).endsWith(to);
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.77,    Longest match for this address",
    "198.51.100.0/24+, Inside it",
    "198.51.100.9/24,  'This prefix, with the bits behind /24 cleared'",
    "203.0.113.0/25,   Longest match",
    "path:64502 64511, Routes with 64502 64511 in a row in the AS path",
    "harbour,          Neighbors",
    "192.0.2.0/33,     Not understood",
  })
  void theSearchSaysUnderWhichMeaningItFound(String typed, String title)
      throws IOException, InterruptedException {
    Document page = page("/search?q=" + Links.segment(typed));

    assertThat(page.select(".suggest .g").eachText()).contains(title);
    assertThat(page.select("#q2").attr("value")).isEqualTo(typed);
    assertThat(page.select("#q").attr("value")).isEqualTo(typed);
  }

  @Test
  void theLongestMatchOfAnAddressIsActive() throws IOException, InterruptedException {
    Document page = page("/search?q=198.51.100.77");

    assertThat(page.select(".suggest a.on").text()).startsWith("198.51.100.0/25");
    assertThat(page.select(".suggest a[href=/prefix/198.51.100.64/26]").text())
        .contains("inactive");
  }

  @Test
  void whatNobodyIsCalledIsSaid() throws IOException, InterruptedException {
    Document page = page("/search?q=zzz%3Cb%3E");

    assertThat(page.select("h1").text())
        .isEqualTo("“zzz<b>” is no address, prefix, AS or community, and in no name");
    assertThat(page.select("table code").eachText()).contains("192.0.2.0/24", "AS64511");
  }

  @Test
  void whereAnAsStandsItsNameStandsTooIfItIsKnown() throws IOException, InterruptedException {
    Document prefix = page("/prefix/198.51.100.0/24");
    assertThat(prefix.select(".facts").text()).contains("AS64511 Orchard University");
    assertThat(prefix.select("td:has(.path) .sub").eachText())
        .contains("Northwind Transit › Meridian Carrier › Orchard University");
    assertThat(prefix.select(".path a[href=/as/64502]").eachAttr("title"))
        .contains("Meridian Carrier");
    assertThat(prefix.select(".graph text.sm").eachText())
        .contains("Meridian Carrier", "Orchard University");

    assertThat(page("/as/64511").select("h1").text()).isEqualTo("AS64511 Orchard University");
    assertThat(page("/as/64509").select("h1").text()).isEqualTo("AS64509");
    assertThat(page("/search?q=o&at=2026-03-17T03:11:50Z").text()).doesNotContain("Orchard");
    assertThat(page("/search?q=er").select(".suggest").text())
        .contains("AS64502 Meridian Carrier", "AS64503 Polder Networks", "AS64504 Alder Telecom");
    String found = get("/api/v1/search?q=orch").body();
    assertThat(found).contains("\"text\":\"AS64511\"", "\"words\":\"Orchard University\"");
    assertThat(get("/api/v1/as/64511").body())
        .contains("\"as\":64511", "\"name\":\"Orchard University\"");
    assertThat(get("/api/v1/as/64509").body()).contains("\"name\":null");
    assertThat(get("/prefix/198.51.100.0/24.json").body())
        .contains("\"origin_as_name\":\"Orchard University\"");
  }

  @Test
  void anAsShowsWhatItOriginatesAndThroughWhom() throws IOException, InterruptedException {
    Document page = page("/as/64511");

    assertThat(page.select("table a.pfx").eachText())
        .containsExactly("198.51.100.0/24", "198.51.100.0/25");
    assertThat(page.select("section:contains(Before it in paths) a").eachText())
        .containsExactly("AS64502");
  }

  @Test
  void anAsShowsItsRoutesOverTimeAndWhatIsWorthALook() throws IOException, InterruptedException {
    Document page = page("/as/64511");

    assertThat(page.select("section[aria-labelledby=h-v] svg[role=img]").attr("aria-label"))
        .startsWith("Active routes over 30 d: at most ")
        .endsWith(" at the end.");
    assertThat(page.select("section[aria-labelledby=h-i] li").eachText())
        .anySatisfy(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "03:09:44 198.51.100.64/26 Treated as withdrawn: Baltic Backbone sent it"
                            + " malformed. Packet"));
    assertThat(page("/as/64511?at=2026-03-17T03:11:50Z").select("#h-v, #h-i")).isEmpty();
  }

  @Test
  void anAsTellsWhatItBeganAndCeasedToOriginate() throws IOException, InterruptedException {
    Document page = page("/as/64511");

    assertThat(page.select("section:contains(What began and ended) li").eachText())
        .hasSizeBetween(2, 12)
        .anySatisfy(
            line ->
                assertThat(line).contains("session ended", "198.51.100.0/24", "Baltic Backbone: "))
        .anySatisfy(line -> assertThat(line).contains("began", "198.51.100.0/"));
  }

  @Test
  void packetsAreListedNewestFirstInWords() throws IOException, InterruptedException {
    Document page = page("/packets?neighbor=Baltic%20Backbone");

    assertThat(page.select("tbody tr").getFirst().text())
        .contains("NOTIFICATION", "Hold Timer Expired (4/0)", "session end", "out");
    assertThat(page.select("tbody tr:contains(RFC 7606) .why").text())
        .isEqualTo("2 announced, treated as withdrawn: 198.51.100.64/26, 198.51.100.128/25");
    assertThat(page.select("tbody").attr("data-feed"))
        .isEqualTo("/packets?neighbor=Baltic+Backbone&after=212480117");
  }

  @Test
  void onlyNewerPacketsComeBehindACursor() throws IOException, InterruptedException {
    Document page = page("/packets?neighbor=Baltic%20Backbone&after=212480110");

    assertThat(page.select("tbody tr th").eachText()).containsExactly("NOTIFICATION");
    assertThat(page("/packets?after=300000000").select("tbody tr")).isEmpty();
  }

  @Test
  void whatANeighborWritesStaysText() throws IOException, InterruptedException {
    Document page = page("/packets");

    assertThat(page.select("tbody script, tbody img")).isEmpty();
    assertThat(page.select("tbody").text())
        .contains("<img src=x onerror=alert(1)>", "</td><script>x()</script>");
  }

  @Test
  void changesAreToldAgainstTheVersionBefore() throws IOException, InterruptedException {
    Document page = page("/live");

    assertThat(page.select("tbody tr:contains(core1.fra):contains(198.51.100.0/24)").text())
        .contains("withdrawn", "path 2", "4 other neighbors have it now");
    assertThat(page.select("tbody tr:contains(Baltic):contains(session)").text())
        .contains("down", "We heard nothing for 90 s");
    assertThat(page.select("tbody tr:contains(finding)")).hasSize(2);
  }

  @Test
  void theFeedIsFilteredByPrefixAndKind() throws IOException, InterruptedException {
    assertThat(page("/live?in=198.51.100.64/26").select("tbody tr a.pfx").eachText())
        .containsExactly("198.51.100.64/26");
    assertThat(page("/live?kind=sessions").select("tbody tr a.pfx")).isEmpty();
  }
}
