package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bgppeer.store.EventRow;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.PacketRow;
import org.bgppeer.store.RouteRow;
import org.bgppeer.store.SessionRow;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Octets;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A neighbor whose texts are markup, scripts, control characters and ones that turn the direction
/// of writing, with a path as long as a message can be.
class HostileTextTest {
  private static final String NAME =
      "\"><script>alert(1)</script><a href=\"/as/1\" x='&#34; \u202egnp.exe\u2066 \u0007\u001b[31m";

  private static final String LONG_PATH =
      IntStream.range(1, 16_000).mapToObj(String::valueOf).collect(Collectors.joining(" "));

  private static final String MANY =
      IntStream.range(1, 16_000).mapToObj(i -> "64500:" + i).collect(Collectors.joining(" "));

  /// Of a family whose NLRI may hold names.
  private static final String OTHER_NLRI = "64666:1 " + NAME;

  private static final int OPEN_PACKET = 900_000_001;
  private static final int NOTIFICATION_PACKET = 900_000_002;
  private static final int UPDATE_PACKET = 900_000_003;

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  private static String counted(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    return String.format("%02x", octets.length) + hex(octets);
  }

  /// An FQDN capability whose names are the text.
  private static final Octets OPEN = open(counted(NAME) + counted("<b>" + NAME));

  private static Octets open(String names) {
    int length = names.length() / 2;
    return StoryQueries.message(
        1,
        "04fbf5005acb007109"
            + String.format("%02x02%02x49%02x", length + 4, length + 2, length)
            + names);
  }

  /// A shutdown with the text (RFC 9003).
  private static final Octets NOTIFICATION = StoryQueries.message(3, "0602" + counted(NAME));

  /// One with a path of 64 KiB (RFC 8654).
  private static final Octets UPDATE = update();

  private static Octets update() {
    var segments = new StringBuilder();
    for (int i = 0; i < 63; i++) {
      segments.append("02ff").append(String.format("%08x", 64_600 + i).repeat(255));
    }
    String attributes =
        "40010100"
            + "5002"
            + String.format("%04x", segments.length() / 2)
            + segments
            + "400304cb007142";
    return StoryQueries.message(
        2, "0000" + String.format("%04x", attributes.length() / 2) + attributes + "18c63364");
  }

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
            new SessionRow(
                666,
                666,
                NAME,
                1,
                "",
                like.since(),
                null,
                "NOTIFICATION_RECEIVED",
                NAME,
                null,
                StoryQueries.OUR_OPEN,
                OPEN,
                1),
            like.families(),
            like.lastPacketAt()));
    story.events.add(
        new EventRow(
            1_000_000,
            StoryQueries.NOW.minusSeconds(300),
            NAME,
            "203.0.113.66",
            "down",
            "NOTIFICATION_RECEIVED",
            "Their operator shut it down: \"" + NAME + "\"",
            (long) NOTIFICATION_PACKET,
            1,
            StoryQueries.NOW.minusSeconds(300)));
    RouteRow route = story.routes.getFirst();
    story.routes.add(route(route, route.prefix(), LONG_PATH, MANY));
    story.former.add(route(route, route.prefix(), "1 " + LONG_PATH, "64500:1 " + MANY));
    story.others.add(route(route, OTHER_NLRI, "64666 1", ""));
    packet(story, OPEN_PACKET, OPEN);
    packet(story, NOTIFICATION_PACKET, NOTIFICATION);
    packet(story, UPDATE_PACKET, UPDATE);
    server = StoryServer.start(story, 0);
  }

  private static void packet(StoryQueries story, long id, Octets message) {
    int type = message.toByteArray()[18];
    story.packets.add(
        new PacketRow(
            id,
            StoryQueries.NOW.minusSeconds(20),
            NAME,
            false,
            type,
            message,
            DecodeContext.AS4,
            "COMMUNITIES: " + NAME,
            "updates.20260317.0340",
            id));
  }

  private static RouteRow route(RouteRow like, String nlri, String path, String communities) {
    return new RouteRow(
        NAME,
        "203.0.113.66",
        64666,
        like.family(),
        nlri,
        nlri.equals(like.prefix()) ? "" : NAME,
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
        "/?w=24h",
        "/next-hop/" + StoryQueries.night().routes.getFirst().nextHop(),
        "/neighbors",
        "/neighbors?at=2026-03-17T03:11:50Z",
        neighbor,
        neighbor + "?at=2026-03-17T03:11:50Z",
        neighbor + "/routes",
        neighbor + "/sessions",
        neighbor + "/capabilities",
        neighbor + "/findings",
        neighbor + "/counters",
        "/live",
        "/live?kind=sessions",
        Links.prefix(OTHER_NLRI),
        "/route/" + Links.segment(NAME),
        "/route/" + Links.segment(NAME) + "/history",
        "/packet/" + OPEN_PACKET,
        "/packet/" + NOTIFICATION_PACKET,
        "/packet/" + UPDATE_PACKET,
        "/packets?finding=1",
        "/decode?hex=" + OPEN.toHex(),
        "/decode?hex=" + NOTIFICATION.toHex(),
        "/decode?hex=" + Links.segment(NAME),
        "/decode?as=" + Links.segment(NAME),
        "/login?to=" + Links.segment(NAME),
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
    return CLIENT.send(request(path), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  private static HttpResponse<String> post(String path, String form) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void itsTextsStayTextsAndThePageStaysSmall(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isIn(200, 302, 400, 404);
    isHarmless(answer.body());
    assertThat(answer.body().length())
        .as("characters")
        .isLessThan(path.endsWith("" + UPDATE_PACKET) ? WITH_HEX : WITHOUT_HEX);
  }

  private static final int WITHOUT_HEX = 600_000;

  /// Each of 65,000 octets is there by itself, to be pointed at.
  private static final int WITH_HEX = 1_300_000;

  private static void isHarmless(String body) {
    Document page = Jsoup.parse(body);
    assertThat(page.select("main script, script:not([src]), a[x], [onerror]")).isEmpty();
    assertThat(page.select("[href^=/as/1]").eachAttr("href")).doesNotContain("/as/1\" x=");
    assertThat(body.codePoints().filter(HostileTextTest::isDangerous).count()).isZero();
  }

  private static boolean isDangerous(int c) {
    return c < 0x20 && c != '\n' && c != '\t' && c != '\r'
        || c == 0x7f
        || c >= 0x202a && c <= 0x202e
        || c >= 0x2066 && c <= 0x2069;
  }

  @Test
  void aPathOf64KiBIsDecodedWhereItIsPasted() throws Exception {
    HttpResponse<String> answer = post("/decode", "hex=" + UPDATE.toHex());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Jsoup.parse(answer.body()).select(".tree").text()).contains("198.51.100.0/24");
    isHarmless(answer.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/prefix/%00/24", "/prefix/%zz", "/<script>"})
  void anAddressThatIsNoneIsSaidToBeNone(String address) throws Exception {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      String request = "GET " + address + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(10_000);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("<h1>This request cannot be read");
      isHarmless(answer);
    }
  }

  @Test
  void whoLogsInByANameOfMarkupIsAskedAgain() throws Exception {
    HttpResponse<String> answer =
        post("/login", "name=" + encoded(NAME) + "&password=x&to=" + encoded("/\"" + NAME));

    isHarmless(answer.body());
  }

  @Test
  void rowsThatComeLiveAreTextToo() throws Exception {
    var lines =
        CLIENT
            .send(
                request("/live/stream?after=" + (OPEN_PACKET - 1)),
                HttpResponse.BodyHandlers.ofLines())
            .body()
            .iterator();
    var html = new StringBuilder();
    assertThat(lines.next()).isEqualTo("event: rows");
    for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
      html.append(line.replaceFirst("^data: ", "")).append('\n');
    }

    assertThat(Jsoup.parse("<table>" + html + "</table>").text())
        .contains("⟨U+202E⟩gnp.exe⟨U+2066⟩");
    isHarmless(html.toString());
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
  void theNameInAChartIsText() throws Exception {
    Document page = Jsoup.parse(get("/").body());

    assertThat(page.select("svg.chart .mk-t").eachText())
        .hasSize(2)
        .allMatch(text -> text.contains("<script>alert(1)</script>") && text.endsWith(" down"));
  }

  @Test
  void aLineOfCsvStaysALineWithAllItsFields() throws Exception {
    List<String> lines = get("/neighbors.csv").body().lines().toList();
    long columns = lines.getFirst().chars().filter(c -> c == ',').count();
    String line = lines.stream().filter(each -> each.contains("gnp")).findFirst().orElseThrow();

    assertThat(line.replaceAll("\"(?:[^\"]|\"\")*\"", "").chars().filter(c -> c == ',').count())
        .isEqualTo(columns);
    assertThat(line).contains("\"\"\"><script>");
  }

  private record Cells(String text, long number, List<String> list) {}

  @Test
  void aTextIsNoFormulaInASpreadsheetAndANumberStaysOne() {
    for (String text : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1")) {
      List<Cells> row = List.of(new Cells(text, -1, List.of(text)));
      assertThat(Tabular.csv(row, false)).matches("(?s)\"?'\\Q" + text + "\\E\"?,-1,\"\\[.*");
      assertThat(new String(Tabular.json(row), StandardCharsets.UTF_8)).doesNotContain("'");
    }
    assertThat(Tabular.csv(List.of(new Cells("a=-1", 1, List.of())), false))
        .isEqualTo("a=-1,1,[]\r\n");
  }

  @Test
  void eachLineOfTheMetricsIsOne() throws Exception {
    assertThat(get("/metrics").body().lines())
        .allMatch(
            line ->
                line.matches(
                    "#.*|[a-z_]+(\\{([a-z_]+=\"([^\"\\\\]|\\\\.)*\",?)*})? [-0-9.Ee+NaInf]+"))
        .anyMatch(line -> line.contains("gnp.exe"));
  }

  @Test
  void whatIsFoundWhileOneTypesIsData() throws Exception {
    HttpResponse<String> answer = get("/api/v1/search?q=gnp.exe");

    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.body()).contains("gnp.exe");
  }

  @Test
  void noBrowserRunsAnyOfIt() throws Exception {
    Path program = Chromium.installed();
    assumeTrue(program != null, "no Chromium is installed: apt-get install chromium");
    try (var browser = new Chromium(program)) {
      for (String path :
          List.of(
              "/",
              Links.neighbor(NAME),
              Links.neighbor(NAME) + "/capabilities",
              Links.neighbor(NAME) + "/routes",
              "/prefix/" + StoryQueries.night().routes.getFirst().prefix() + "/history",
              "/live",
              "/packet/" + NOTIFICATION_PACKET,
              "/decode?hex=" + OPEN.toHex())) {
        browser.open("http://127.0.0.1:" + server.port() + path);
      }
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
