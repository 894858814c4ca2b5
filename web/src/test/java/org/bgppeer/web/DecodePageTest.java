package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodePageTest {
  private static final String MARKER = "ff".repeat(16);
  private static final String KEEPALIVE = MARKER + "001304";

  /// 198.51.100.0/24 of AS 64500 over 192.0.2.1, AS numbers of 4 octets.
  private static final String UPDATE =
      MARKER
          + "002f"
          + "02"
          + "0000"
          + "0014"
          + "40010100"
          + "40020602010000fbf4"
          + "400304c0000201"
          + "18c63364";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static WebServer server;

  @BeforeAll
  static void start() {
    server = StoryServer.start(StoryQueries.night(), 0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(address(path))).build());
  }

  private static HttpResponse<String> post(String text) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(address("/decode")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("hex=" + encoded(text) + "&as=&paths="))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String address(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Document page(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(200);
    return Jsoup.parse(response.body());
  }

  @Test
  void aMessageIsShownAsBytesAndMeaning() throws Exception {
    Document page = page(post(UPDATE));

    assertThat(page.select("h2").eachText()).contains("UPDATE, 47 bytes");
    assertThat(page.select(".hex .o").eachText()).containsExactly("0000", "0010", "0020");
    assertThat(page.select("a.pfx").eachText()).containsExactly("198.51.100.0/24");
    assertThat(page.select("textarea").text()).isEqualTo(UPDATE);
    for (Element run : page.select(".hex a[data-f]")) {
      assertThat(page.getElementById(run.attr("href").substring(1)))
          .as("where %s leads", run.text())
          .isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff 00 13 04",
        "0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0xff,0x00,0x13,0x04",
        "ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:00:13:04",
        "ffffffffffffffffffffffff\nffffffff\n001304\n",
        "0000  ff ff ff ff ff ff ff ff  ff ff ff ff ff ff ff ff   ........ ........\n"
            + "0010  00 13 04                                          ...\n",
        "00000000: ffff ffff ffff ffff ffff ffff ffff ffff  ................\n"
            + "00000010: 0013 04                                  ...\n",
        "# a comment\nFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF 0013 04 # the end"
      })
  void itTakesWhatPeoplePaste(String text) throws Exception {
    Document page = page(post(text));

    assertThat(page.select("h2").eachText()).contains("KEEPALIVE, 19 bytes");
    assertThat(page.select("[role=alert]")).isEmpty();
  }

  @Test
  void severalMessagesHaveLinesOfTheirOwn() throws Exception {
    Document page = page(post(KEEPALIVE + UPDATE + "\n" + UPDATE));

    assertThat(page.select("h2").eachText())
        .containsSequence("KEEPALIVE, 19 bytes", "UPDATE, 47 bytes", "UPDATE, 47 bytes");
    assertThat(page.select("[id^=fm]").eachAttr("id")).doesNotHaveDuplicates();
  }

  @Test
  void whatIsNotHexIsNamedWithItsPlaceAndTheTextStays() throws Exception {
    Document page = page(post(KEEPALIVE + "\nhello <b>"));

    assertThat(page.select("[role=alert]").text())
        .contains("Line 2, column 1", "'h' is not a hex digit");
    assertThat(page.select("textarea").text()).endsWith("hello <b>");
  }

  @Test
  void whatIsNoMessageAndWhatIsCutIsSaid() throws Exception {
    assertThat(page(post("00".repeat(30))).select("[role=alert]").text())
        .contains("begins with 16 bytes of ff");
    Document cut = page(post(UPDATE.substring(0, 80)));
    assertThat(cut.select(".say").text()).contains("The header says 47 bytes");
    assertThat(cut.select("h2").eachText()).contains("UPDATE, 40 bytes");
  }

  @Test
  void aShortTextHasAnAddressAndALongOneIsTakenToo() throws Exception {
    Document page = page(post(KEEPALIVE));
    String link = page.select("a:contains(Link to this)").attr("href");
    assertThat(page(get(link)).select("h2").eachText()).contains("KEEPALIVE, 19 bytes");
    assertThat(get("/decode.json?hex=" + UPDATE).body())
        .contains("\"type\":\"UPDATE\"", "198.51.100.0/24", "\"tree\"");

    Document many = page(post(KEEPALIVE.repeat(3_000)));
    assertThat(many.select("a:contains(Link to this)")).isEmpty();
    assertThat(many.text()).contains("2,950 messages more");
  }

  @Test
  void theSizeOfAsNumbersIsFoundOutOrGiven() throws Exception {
    assertThat(page(get("/decode?hex=" + UPDATE)).text()).contains("Decoded as as4");
    assertThat(page(get("/decode?as=2&hex=" + UPDATE)).text()).contains("Decoded as as2");
    assertThat(get("/decode?as=3&hex=" + UPDATE).statusCode()).isEqualTo(400);
    assertThat(get("/decode?nonsense=1").statusCode()).isEqualTo(400);
  }
}
