package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.store.Database;
import org.bgppeer.store.PacketQuery;
import org.bgppeer.store.PacketRow;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Records;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The pages over what they stand on: two neighbors' messages in a journal, projected into a
/// database, read from both.
class RealStoreTest {
  private static final Instant NOW = Instant.parse("2026-03-17T03:41:20Z");
  private static final String PREFIX = "/prefix/198.51.100.0/24";
  private static final String SHUTDOWN = "</p><script>alert(1)</script>";

  @TempDir private static Path directory;
  private static Journal journal;
  private static Database database;
  private static Projector projector;
  private static WebServer server;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static final Peer ALPHA = new Peer("alpha", "192.0.2.1", 64500);
  private static final Peer BETA = new Peer("<b>eta</b>", "203.0.113.9", 64501);

  private record Peer(String name, String address, long as) {}

  @BeforeAll
  static void write() throws Exception {
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    journal =
        Journal.open(directory.resolve("journal"), JournalOptions.defaults().withClock(clock));
    database = Database.open(directory.resolve("bgp-peer.db"));
    database.configure(
        List.of(configured(ALPHA), configured(BETA)),
        Duration.between(Instant.EPOCH, NOW).toNanos() / 1000);

    up(ALPHA, "03:00:00");
    announce(ALPHA, "03:00:01", path(64500, 64511), "c00804fbf40064", "18c63364");
    up(BETA, "03:01:00");
    announce(BETA, "03:01:01", path(64501, 64504, 64511), "", "18c63364" + "19c6336400");
    announce(ALPHA, "03:10:00", path(64500, 64511, 64511), "c00804fbf40065", "18c63364");
    // The malformed COMMUNITIES: 6 octets.
    announce(BETA, "03:11:00", path(64501, 64511), "c00806fbf501f4fbf5", "19c6336400");
    message(
        BETA,
        "03:12:07",
        StoryQueries.message(3, "0602" + String.format("%02x", SHUTDOWN.length()) + hex(SHUTDOWN)));
    state(
        BETA, "03:12:07", 6, 1, new StateReason(SessionCause.NOTIFICATION_RECEIVED, BETA.name, ""));

    projector =
        Projector.start(database, Database.LIVE, from -> Records.of(journal.reader(from)), clock);
    assertThat(projector.await(journal.end(), Duration.ofSeconds(30))).isTrue();
    server =
        WebServer.start(
            database.queries(directory.resolve("journal")),
            new WebConfig("127.0.0.1", 0, "test", clock, null));
  }

  @AfterAll
  static void close() throws Exception {
    server.close();
    projector.close();
    database.close();
    journal.close();
  }

  private static Database.ConfiguredNeighbor configured(Peer peer) {
    return new Database.ConfiguredNeighbor(peer.name, peer.address, peer.as);
  }

  private static void up(Peer peer, String time) {
    Octets open =
        StoryQueries.message(
            1,
            String.format("04%04x00b4", peer.as)
                + HexFormat.of().formatHex(address(peer.address))
                + "08"
                + "0206"
                + "4104"
                + String.format("%08x", peer.as));
    record(message(peer, time, true, StoryQueries.OUR_OPEN));
    message(peer, time, open);
    state(peer, time, 5, 6, null);
  }

  private static String path(long... ases) {
    var out = new StringBuilder(String.format("4002%02x02%02x", 2 + 4 * ases.length, ases.length));
    for (long as : ases) {
      out.append(String.format("%08x", as));
    }
    return out.toString();
  }

  private static void announce(
      Peer peer, String time, String path, String communities, String nlri) {
    String attributes =
        "40010100"
            + path
            + "400304"
            + HexFormat.of().formatHex(address(peer.address))
            + communities;
    message(
        peer,
        time,
        StoryQueries.message(
            2, "0000" + String.format("%04x", attributes.length() / 2) + attributes + nlri));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private static byte[] address(String text) {
    return Prefix.ofAddress(text).address();
  }

  private static Instant at(String time) {
    return Instant.parse("2026-03-17T" + time + "Z");
  }

  private static void message(Peer peer, String time, Octets message) {
    record(message(peer, time, false, message));
  }

  private static byte[] message(Peer peer, String time, boolean sent, Octets message) {
    return Mrt.bgp4mpMessage(
        at(time),
        sent,
        peer.as,
        64496,
        address(peer.address),
        address("192.0.2.250"),
        message.toByteArray(),
        0,
        message.length(),
        DecodeContext.AS4);
  }

  private static void state(
      Peer peer, String time, int before, int after, @Nullable StateReason reason) {
    record(
        Mrt.stateChange(
            at(time),
            peer.as,
            64496,
            address(peer.address),
            address("192.0.2.250"),
            before,
            after,
            reason));
  }

  private static void record(byte[] record) {
    journal.append(record, 0, record.length);
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(request(path), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
  }

  private static Document page(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    Document page = Jsoup.parse(response.body());
    assertThat(page.select("main script, main b")).as(path).isEmpty();
    return page;
  }

  @Test
  void aPacketSaysWhatItDidToItsRoutesAndWhatBecameOfThem() throws Exception {
    List<Long> ids =
        database
            .queries(directory.resolve("journal"))
            .packets(new PacketQuery(null, 2, false, null, null, null, null, 9))
            .stream()
            .map(PacketRow::id)
            .toList();

    Element first = effects(ids.getLast()).getFirst(); // alpha's at 03:00:01
    assertThat(first.select("th a").attr("href")).isEqualTo(PREFIX);
    assertThat(first.text()).contains("Announced for the first time.", "03:10:00");
    assertThat(first.select("a:contains(Its packet)").attr("href"))
        .isEqualTo("/packet/" + ids.get(1));
    assertThat(effects(ids.get(1)).text()).contains("active", "Nothing since.");

    List<Element> beta = effects(ids.get(2)); // two prefixes
    assertThat(beta).hasSize(2);
    assertThat(beta.getFirst().text()).contains("session ended", SHUTDOWN);
    assertThat(effects(ids.getFirst()).text()).contains("treated as withdrawn");

    String json = get("/api/v1/packets/" + ids.getLast()).body();
    var routes = JsonMapper.shared().readTree(json).get("routes");
    assertThat(routes.get(0).get("prefix").asString()).isEqualTo("198.51.100.0/24");
    assertThat(routes.get(0).get("then_packet").asString()).isEqualTo(Long.toString(ids.get(1)));
  }

  private static org.jsoup.select.Elements effects(long packet) throws Exception {
    return Jsoup.parse(get("/packet/" + packet).body())
        .select("section[aria-labelledby=h-e] tbody tr");
  }

  @Test
  void packetsThatNameAPrefixAreListed() throws Exception {
    Document page = Jsoup.parse(get("/packets?prefix=198.51.100.0/24").body());

    assertThat(page.select("h1").text()).isEqualTo("Packets that name 198.51.100.0/24");
    assertThat(page.select("tbody tr")).hasSize(3);
    assertThat(page.select("input[name=prefix]").val()).isEqualTo("198.51.100.0/24");
  }

  @Test
  void thePrefixHasOneActivePathAndOneWhoseSessionEnded() throws IOException, InterruptedException {
    Document page = page(PREFIX + "?w=1h");

    assertThat(page.select("table.rec tbody tr:not(.group) td.top-r").eachText())
        .containsExactly("active", "session ended");
    assertThat(page.select("table.rec tr:contains(alpha)").text())
        .contains("64500 64511×2", "Prepended once more. Communities changed.");
    assertThat(page.select("tr.gone").text()).contains(BETA.name, "Their operator shut it down");
    assertThat(page.select(".bands .b-down")).hasSize(1);
    assertThat(page.select(".bands .ver").eachText()).containsExactly("v1", "v2", "v1");
  }

  @Test
  void theDifferenceOfTheVersionsLeadsToThePacketThatMadeIt()
      throws IOException, InterruptedException {
    Document page = page(PREFIX);

    assertThat(page.select("#diff ins").eachText()).containsExactly("64511", "64500:101");
    Document packet = page(page.select("#diff header a:contains(Packet)").attr("href"));
    assertThat(packet.select("h1").text()).isEqualTo("UPDATE from alpha");
    assertThat(packet.select(".tree").text()).contains("64500 64511 64511", "198.51.100.0/24");
  }

  @Test
  void beforeTheEndBothHadIt() throws IOException, InterruptedException {
    Document page = page(PREFIX + "?at=2026-03-17T03:05:00Z");

    assertThat(page.select("table.rec tbody tr:not(.group) td.top-r").eachText())
        .containsExactly("active", "active");
    assertThat(page.select("table.rec tbody td:last-child").eachText())
        .containsExactly("session ended 7 min 7 s later", "prepended once more 5 min later");
  }

  @Test
  void aFindingIsInTheListOfPacketsAndOnThePrefix() throws IOException, InterruptedException {
    Document packets = page("/packets?finding=1");

    assertThat(packets.select("tbody tr")).hasSize(1);
    assertThat(packets.select("tbody tr").text())
        .contains("1 announced, treated as withdrawn: 198.51.100.0/25");
    assertThat(page("/prefix/198.51.100.0/25").select("tr.gone .st").text())
        .isEqualTo("treated as withdrawn");
  }

  @Test
  void theFeedTellsEachChangeAgainstTheVersionBefore() throws IOException, InterruptedException {
    Document page = page("/live?in=198.51.100.0/24");

    assertThat(page.select("tbody tr td.top-r").eachText())
        .containsExactly("finding", "changed", "announced", "announced", "announced");
    assertThat(page.select("tbody tr:contains(changed) ins").eachText())
        .containsExactly("64500 64511 64511", "64500:101");
  }

  @Test
  void ofAMutedNeighborPagesShowTheSessionAlone() throws Exception {
    projector.mute(BETA.name, true).get(30, TimeUnit.SECONDS);
    try {
      assertThat(page(PREFIX).select("table.rec").text()).doesNotContain(BETA.name);
      assertThat(page("/live?in=198.51.100.0/24").select("tbody").text())
          .contains("alpha")
          .doesNotContain(BETA.name);
      assertThat(page("/live?neighbor=" + Links.segment(BETA.name)).select("tbody").text())
          .contains("198.51.100.0/25");
      assertThat(page("/packets?type=update").select("tbody").text()).doesNotContain(BETA.name);
      assertThat(page("/packets?finding=1").select("tbody tr")).isEmpty();
      assertThat(get("/").body()).as("of findings").doesNotContain("treated as withdrawn");
      assertThat(page("/packets?type=notification").select("tbody").text()).contains(SHUTDOWN);
      assertThat(page("/neighbors").select("tbody").text()).contains(BETA.name);
      assertThat(page(Links.neighbor(BETA.name)).select(".facts").text()).contains("muted");
      assertThat(page(Links.neighbor(BETA.name) + "/routes").select("tbody tr")).isNotEmpty();
    } finally {
      projector.mute(BETA.name, false).get(30, TimeUnit.SECONDS);
    }
    assertThat(page("/packets?finding=1").select("tbody tr")).hasSize(1);
  }

  @Test
  void whatANeighborWroteStandsThereAsItWroteIt() throws IOException, InterruptedException {
    assertThat(page("/packets?type=notification").select("tbody").text()).contains(SHUTDOWN);
    assertThat(page("/live?kind=sessions").select("tbody").text()).contains(SHUTDOWN);
    assertThat(page("/search?q=a").select(".suggest").text()).contains(BETA.name);
  }

  @Test
  void theSearchFindsTheLongestMatchThatIsActive() throws IOException, InterruptedException {
    Document page = page("/search?q=198.51.100.5");

    assertThat(page.select(".suggest a.on").text()).startsWith("198.51.100.0/24");
    assertThat(page.select(".suggest a[href=/prefix/198.51.100.0/25]")).isNotEmpty();
  }

  @Test
  void theNeighborsOfAMomentAreAsTheyWereThen() throws IOException, InterruptedException {
    Document page = page("/neighbors?at=2026-03-17T03:11:30Z");

    assertThat(page.select(".tm").text()).contains("You look at 2026-03-17 03:11:30 UTC");
    assertThat(page.select("h1").text())
        .isEqualTo("All 2 neighbors are up, 2 still send their table");
    assertThat(page.select("tbody a[href=/neighbor/alpha?at=2026-03-17T03:11:30Z]")).hasSize(1);
    assertThat(page("/neighbors?at=2026-03-17T03:00:30Z").select("tbody tr").eachText())
        .singleElement() // nobody had heard of the other one yet
        .satisfies(row -> assertThat(row).contains(ALPHA.name, "30 s"));
    assertThat(page("/neighbors").select(".tm")).isEmpty();
  }

  @Test
  void theRoutesOfAMomentAreThoseThatTheNeighborHeld() throws IOException, InterruptedException {
    String address = "/neighbor/alpha/routes?at=";
    Document page = page(address + "2026-03-17T03:05:00Z");

    assertThat(page.select(".tm a:contains(Back to now)").attr("href"))
        .isEqualTo("/neighbor/alpha/routes");
    assertThat(page.select("tbody tr").eachText()).hasSize(1);
    assertThat(page.select("tbody").text())
        .contains("198.51.100.0/24")
        .doesNotContain("64511 64511");
    assertThat(page.select("tbody a.pfx").attr("href"))
        .isEqualTo("/prefix/198.51.100.0/24?at=2026-03-17T03:05:00Z");
    assertThat(page.select("h2").text()).isEqualTo("Routes at 2026-03-17 03:05:00 UTC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/neighbors",
        "/neighbor/alpha",
        "/neighbor/alpha/sessions",
        "/neighbor/alpha/capabilities",
        "/neighbor/alpha/routes",
        "/neighbor/alpha/findings",
        "/prefixes",
        "/prefix/198.51.100.0/24",
        "/prefix/198.51.100.0/24/history",
        "/as",
        "/as/64511",
        "/search?q=198.51.100.5",
        "/search?q=198.51.100.0/24%2B",
        "/packets"
      })
  void everyPageHasAPastWhoseLinksKeepTheMomentAndOneThatLeavesIt(String path)
      throws IOException, InterruptedException {
    String at = "at=2026-03-17T03:11:30Z";
    Document now = page(path);
    assertThat(now.select("details.way input[name=at]")).as("the way into the past").hasSize(1);
    assertThat(now.select(".tm")).isEmpty();

    Document page = page(path + (path.contains("?") ? "&" : "?") + at);

    assertThat(page.select(".tm").text()).contains("You look at 2026-03-17 03:11:30 UTC");
    assertThat(page.title()).contains("at 2026-03-17 03:11:30 UTC");
    assertThat(page.select(".side .st").text()).isEqualTo("past");
    assertThat(page.select("body").hasAttr("data-refresh")).isFalse();
    assertThat(page.select("details.way")).isEmpty();
    assertThat(page.select("a:contains(Back to now)").attr("href")).isEqualTo(path);
    for (Element link : page.select("a[href^=/]:not([data-now])")) {
      String href = link.attr("href");
      if (!href.matches("/(live|keys|api|decode|#|theme|packet/[0-9]+/).*")) {
        assertThat(href).as(path).contains("at=2026-03-17T03:");
        assertThat(get(href).statusCode()).as(href).isIn(200, 302);
      }
    }
    for (Element form : page.select("form:not([action=/theme]):not([action=/live])")) {
      assertThat(form.select("input[name=at]")).as("%s", form).hasSize(1);
    }
  }

  @Test
  void aPageOfThePastKnowsNothingOfWhatCameLater() throws IOException, InterruptedException {
    Document page = page(Links.neighbor(BETA.name) + "?at=2026-03-17T03:11:30Z");
    assertThat(page.select("#sessions tbody tr").eachText())
        .singleElement()
        .satisfies(row -> assertThat(row).contains("up", "not ended", "It is up."));
    assertThat(page("/?at=2026-03-17T03:00:30Z").select(".events li").eachText()).hasSize(1);

    assertThat(page("/search?q=198.51.100.5&at=2026-03-17T03:00:00Z").select(".suggest").text())
        .contains("no neighbor held a prefix that covers");
    assertThat(page("/search?q=198.51.100.5&at=2026-03-17T03:05:00Z").select("a.on").text())
        .startsWith("198.51.100.0/25");
    assertThat(page("/as/64511?at=2026-03-17T03:00:00Z").select("table a.pfx")).isEmpty();
    assertThat(page("/as/64511?at=2026-03-17T03:05:00Z").select("table a.pfx").eachText())
        .containsExactly("198.51.100.0/24", "198.51.100.0/25");
    assertThat(get(Links.neighbor(BETA.name) + "?at=2026-03-17T03:00:30Z").body())
        .contains("We had not heard of");
  }

  @Test
  void aMomentIsReadAsPeopleWriteItAndTheAddressSaysItWhole()
      throws IOException, InterruptedException {
    for (String text : List.of("03:11:30", "2026-03-17 03:11:30", "2026-03-17T03:11:30")) {
      assertThat(
              get("/neighbors?state=up&at=" + Links.segment(text)).headers().firstValue("Location"))
          .as(text)
          .contains("/neighbors?state=up&at=2026-03-17T03:11:30Z");
    }
    assertThat(get("/neighbors?at=1m").headers().firstValue("Location").orElse(""))
        .isEqualTo("/neighbors?at=2026-03-17T03:40:20Z");
    Document early = Jsoup.parse(get("/neighbors?at=2026-03-17T02:00:00Z").body());
    assertThat(early.select(".suggest a").attr("href"))
        .startsWith("/neighbors?at=2026-03-17T03:00:");
  }

  @Test
  void aStreamTellsWhatComesAfterAPacketAndEndsWithTheServer()
      throws IOException, InterruptedException {
    String packets = get("/api/v1/packets?type=update&limit=0").body();
    var rows = new JsonMapper().readTree(packets).get("data");
    String first = rows.get(rows.size() - 1).get("id").asString();
    var lines =
        CLIENT
            .send(request("/live/stream?after=" + first), HttpResponse.BodyHandlers.ofLines())
            .body()
            .iterator();

    assertThat(lines.next()).isEqualTo("event: rows");
    assertThat(lines.next()).isEqualTo("id: " + rows.get(0).get("id").asString());
    var html = new StringBuilder();
    for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
      assertThat(line).startsWith("data: ");
      html.append(line.substring("data: ".length()));
    }
    Document table = Jsoup.parse("<table>" + html + "</table>");
    assertThat(table.select("tr").eachText())
        .hasSize(4)
        .first()
        .satisfies(row -> assertThat(row).contains("finding", "198.51.100.0/25"));
    assertThat(get("/live/stream?neighbour=x").statusCode()).isEqualTo(400);
    assertThat(page("/live").select("tbody").attr("data-stream"))
        .isEqualTo("/live/stream?after=" + rows.get(0).get("id").asString());
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.5,      'Longest match for 198.51.100.5: 198.51.100.0/24'",
    "198.51.,           'Inside 198.51.0.0/16: 198.51.100.0/24'",
    "198.51.100.0/24,   'Prefix: 198.51.100.0/24'",
    "198.51.100.64/26,  'Never seen; the longest match: 198.51.100.0/24'",
    "alp,               'Neighbor: alpha'",
    "64511,             'Autonomous system: AS64511'",
    "64500:101,         'Community: 64500:101'",
    "nh:192.0.2.1,      'Next hop: 192.0.2.1'",
    "path:64500 64511,  'AS path: 64500 64511'",
  })
  void whileOneTypesTheLikeliestMeaningComesFirst(String typed, String first)
      throws IOException, InterruptedException {
    var rows = new JsonMapper().readTree(get("/api/v1/search?q=" + Links.segment(typed)).body());
    var row = rows.get("data").get(0);
    assertThat(row.get("kind").asString() + ": " + row.get("text").asString()).isEqualTo(first);
    assertThat(get(row.get("address").asString()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "999.", "fe80:", "192.0.2.0/33", "<script>", ":", "1:", "AS", "::::"})
  void anUnfinishedTextIsNoMistake(String typed) throws IOException, InterruptedException {
    assertThat(get("/api/v1/search?q=" + Links.segment(typed)).statusCode()).isEqualTo(200);
  }

  @Test
  void twoNeighborsAreComparedRouteByRoute() throws IOException, InterruptedException {
    String sides = "/compare?a=alpha&b=" + Links.segment(BETA.name);
    Document page = page(sides + "&at=2026-03-17T03:05:00Z");

    assertThat(page.select("h1").text()).isEqualTo("2 differences between alpha and " + BETA.name);
    assertThat(page.select("tbody tr").eachText())
        .satisfiesExactly(
            row -> assertThat(row).startsWith("differs 198.51.100.0/24").contains("AS path"),
            row -> assertThat(row).startsWith("only right 198.51.100.0/25").contains("none"));
    assertThat(page.select("a:contains(Swap sides)").attr("href"))
        .startsWith("/compare?a=" + "%3Cb%3Eeta%3C/b%3E&b=alpha");
    assertThat(page(sides + "&at=2026-03-17T03:05:00Z&only=origin").select("tbody tr").eachText())
        .singleElement()
        .satisfies(row -> assertThat(row).contains("only right"));
    // by now its session has ended: it holds nothing
    assertThat(page(sides).select("tbody tr").eachText())
        .singleElement()
        .satisfies(row -> assertThat(row).startsWith("only left 198.51.100.0/24"));
  }

  @Test
  void oneNeighborIsComparedWithItselfEarlier() throws IOException, InterruptedException {
    Document page = page("/compare?a=alpha&from=2026-03-17T03:05:00Z");

    assertThat(page.select("h1").text()).isEqualTo("One difference between alpha at two times");
    assertThat(page.select("tbody ins").eachText()).isNotEmpty();
    assertThat(page("/compare?a=alpha").select("h1").text()).contains("another time for it");
    assertThat(page("/compare").select("form select[name=a] option")).hasSize(3);
    for (String wrong :
        List.of(
            "a=nobody",
            "b=alpha",
            "a=alpha&from=04:00:00&at=1d",
            "a=alpha&b=alpha&only=x&from=1m")) {
      assertThat(get("/compare?" + wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    String json = get("/api/v1/diff?a=alpha&from=2026-03-17T03:05:00Z&only=as_path&limit=1").body();
    assertThat(json)
        .contains("\"change\":\"changed\"", "\"changed\":\"as_path\"")
        .contains("\"a_as_path\":\"64500 64511\",\"b_as_path\":\"64500 64511 64511\"");
    assertThat(get("/api/v1/diff?a=alpha").statusCode()).isEqualTo(400);
  }

  @Test
  void aCommunityAndANextHopHaveAPageThatTheirRoutesLeadTo()
      throws IOException, InterruptedException {
    Document prefix = page(PREFIX);
    String community = prefix.select("a.comm").attr("href");
    assertThat(community).isEqualTo("/community/64500:101");
    Document page = page(community + "?count=1");
    assertThat(page.select("h1").text()).isEqualTo("64500:101");
    assertThat(page.select("section[aria-labelledby=h-r] tbody tr").eachText())
        .singleElement()
        .satisfies(row -> assertThat(row).contains("active", "198.51.100.0/24", "alpha"));
    assertThat(page.select("section[aria-labelledby=h-c] tbody").text()).isEqualTo("alpha 1");
    assertThat(page("/community/64500:100").select("tbody tr")).isEmpty();
    assertThat(page("/community/64500:100?at=2026-03-17T03:05:00Z").select("tbody tr")).hasSize(1);
    assertThat(page("/community/NO_EXPORT").select("h1").text()).isEqualTo("65535:65281");
    assertThat(page("/community/65535:65281").select(".facts").text()).startsWith("no-export");
    assertThat(get("/community/wat").statusCode()).isEqualTo(400);
    assertThat(get("/search?q=64500:101").headers().firstValue("Location")).contains(community);

    String hop = prefix.select("td[data-l=next hop] a").attr("href");
    assertThat(hop).startsWith("/next-hop/");
    assertThat(page(hop).select("tbody").text()).contains("198.51.100.0/24");
    assertThat(page("/next-hop/" + ALPHA.address).select(".facts").text()).contains("alpha");
    assertThat(get("/next-hop/wat").statusCode()).isEqualTo(400);
  }

  @Test
  void aMomentThatNothingIsKnownOfIsABadRequestThatSaysWhatIsKnown()
      throws IOException, InterruptedException {
    for (String path : List.of("/neighbors", "/neighbor/alpha/routes", PREFIX)) {
      var early = get(path + "?at=2026-03-17T02:00:00Z");
      assertThat(early.statusCode()).as(path).isEqualTo(400);
      assertThat(early.body()).contains("which is the oldest that is known");
      var late = get(path + "?at=2026-03-17T04:00:00Z");
      assertThat(late.statusCode()).as(path).isEqualTo(400);
      assertThat(late.body()).contains("a time that has passed");
    }
    var community = get("/neighbor/alpha/routes?community=export");
    assertThat(community.statusCode()).isEqualTo(400);
    assertThat(community.body()).contains("no-export");
  }

  @Test
  void theAsOriginatesWhatIsActive() throws IOException, InterruptedException {
    Document page = page("/as/64511");

    assertThat(page.select("table a.pfx").eachText()).containsExactly("198.51.100.0/24");
    assertThat(page.select(".totals dd").stream().map(Element::ownText))
        .containsExactly("1", "1", "2", "1 of 2");
  }

  @Test
  void whileATableIsNotIndexedPagesOfAnAsShowWhatIsAndSaySo() throws Exception {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("bgp-peer.db"));
        var statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE kept AS SELECT * FROM origin_prefix");
      statement.execute("DELETE FROM origin_prefix WHERE hex(prefix_key) LIKE 'C63364%18'");
      statement.execute(
          "INSERT INTO origin_todo (neighbor_id, family, since)"
              + " SELECT id, 257, 0 FROM neighbor WHERE name = 'alpha'");
      try {
        Document page = page("/as/64511");
        assertThat(page.select(".say").text())
            .contains("This is not all yet. 1 route of alpha came a short while ago");
        assertThat(page.select("table a.pfx")).isEmpty();
        assertThat(get(page.select(".say a").attr("href")).body()).contains("198.51.100.0/24");
        assertThat(page("/neighbor/alpha/routes?origin=64511").select(".say").text())
            .contains("This is not all yet.");
        assertThat(page("/neighbor/alpha/routes?path=64511").select(".panel .say")).isEmpty();
        for (String path : List.of("/community/64500:100", "/next-hop/192.0.2.1")) {
          Document some = page(path);
          assertThat(some.select(".say").text()).contains("This is not all yet. 1 route of alpha");
          assertThat(get(some.select(".say a").attr("href")).statusCode()).isEqualTo(200);
          assertThat(page(path + "?neighbor=%3Cb%3Eeta%3C%2Fb%3E").select(".say")).isEmpty();
        }
        assertThat(get("/api/v1/search?q=AS64511").body()).doesNotContain("originates");
        assertThat(get("/api/v1/as/64511").body())
            .isEqualTo("{\"as\":64511,\"name\":null,\"active\":0,\"unindexed_routes\":1}");
        assertThat(get("/api/v1/routes/count?origin_as=64511&state=active").body())
            .isEqualTo("{\"count\":1}");
      } finally {
        statement.execute("DELETE FROM origin_todo");
        statement.execute("INSERT OR IGNORE INTO origin_prefix SELECT * FROM temp.kept");
      }
    }
    assertThat(page("/as/64511").select(".say")).isEmpty();
    assertThat(page("/next-hop/192.0.2.1").select(".say")).isEmpty();
    assertThat(get("/api/v1/as/64511").body()).contains("\"active\":1,\"unindexed_routes\":0");
  }
}
