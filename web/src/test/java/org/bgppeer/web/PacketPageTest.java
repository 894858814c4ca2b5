package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bgppeer.store.PacketList;
import org.bgppeer.store.PacketRow;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Octets;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PacketPageTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final StoryQueries STORY = StoryQueries.night();
  private static WebServer server;

  @BeforeAll
  static void start() {
    // Messages that no router would send: noise behind a good header of each type, and cut ones.
    var random = new Random(7606);
    long id = 1_000_000_000;
    for (int type = 0; type <= 6; type++) {
      for (int length : List.of(0, 1, 4, 17, 60, 400)) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        STORY.packet(
            id++,
            "2026-03-17 03:41:00",
            "noise",
            false,
            StoryQueries.message(type, HexFormat.of().formatHex(noise)),
            null);
      }
    }
    server = StoryServer.start(STORY, 0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<PacketRow> packets() {
    return STORY.packets.stream();
  }

  private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response;
  }

  private static String text(String path) throws IOException, InterruptedException {
    return new String(get(path).body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Document page(long id) throws IOException, InterruptedException {
    return Jsoup.parse(
        new String(get("/packet/" + id).body(), java.nio.charset.StandardCharsets.UTF_8));
  }

  /// The line of the tree that a link leads to.
  private static Element line(Document page, String href) {
    return page.select(".tree [id=" + href.substring(1) + "]").getFirst();
  }

  @ParameterizedTest
  @MethodSource("packets")
  void everyOctetIsShownOnceAndLeadsToALineThatExists(PacketRow packet)
      throws IOException, InterruptedException {
    Document page = page(packet.id());

    String shown =
        page.select(".hex a").eachText().stream()
            .map(text -> text.replace(" ", ""))
            .collect(Collectors.joining());
    assertThat(shown).isEqualTo(packet.message().toHex());
    for (Element run : page.select(".hex a")) {
      Element line = line(page, run.attr("href"));
      assertThat(line.attr("data-f")).isEqualTo(run.attr("data-f"));
      assertThat(line.hasClass("leaf")).isTrue();
    }
    List<String> ids = page.select(".tree [id]").eachAttr("id");
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void aSearchThatEndedEarlySaysHowFarItLookedAndGoesOnFromThere()
      throws IOException, InterruptedException {
    STORY.looked = new PacketList.Place(4711, java.time.Instant.parse("2026-03-17T02:10:09Z"));
    try {
      Document none = Jsoup.parse(text("/packets?neighbor=nobody"));
      assertThat(none.select("[data-empty]").text())
          .isEqualTo(
              "None was found within 3 s of looking, back to 2026-03-17 02:10:09 UTC."
                  + " Look further back");
      assertThat(none.select("[data-empty] a").attr("href"))
          .isEqualTo("/packets?neighbor=nobody&before=4711");
      Document some = Jsoup.parse(text("/packets?type=notification"));
      assertThat(some.select("footer a[rel=next]").attr("href"))
          .isEqualTo("/packets?type=notification&before=4711");
      assertThat(text("/api/v1/packets?type=notification")).contains("\"next\":\"4711\"");
    } finally {
      STORY.looked = null;
    }
  }

  @Test
  void aFindingIsSaidInWordsAndShownInItsPlace() throws IOException, InterruptedException {
    Document page = page(212_480_093);

    assertThat(page.select(".say").text())
        .contains("COMMUNITIES", "not a non-zero multiple of 4", "treat the routes as withdrawn");
    Element line = line(page, page.select(".say a:contains(Show it)").attr("href"));
    assertThat(line.hasClass("bad")).isTrue();
    assertThat(line.parents().stream().filter(parent -> parent.is("details")))
        .hasSize(2)
        .allMatch(details -> details.hasAttr("open"));
    assertThat(page.select(".hex .bad").text()).isEqualTo("fb f5");
  }

  @Test
  void thePrefixesThatItNamesAreLinks() throws IOException, InterruptedException {
    assertThat(page(212_480_093).select(".tree a").eachAttr("href"))
        .containsExactly("/prefix/198.51.100.64/26", "/prefix/198.51.100.128/25");
    assertThat(page(212_480_121).select(".tree a").eachAttr("href"))
        .containsExactly("/prefix/198.51.100.0/24");
  }

  @Test
  void previousAndNextAreOfTheSameNeighbor() throws IOException, InterruptedException {
    Document page = page(212_480_110);

    assertThat(page.select("a[rel=prev]").attr("href")).isEqualTo("/packet/212480093");
    assertThat(page.select("a[rel=next]").attr("href")).isEqualTo("/packet/212480117");
    assertThat(page(212_480_117).select("a[rel=next]")).isEmpty();
  }

  @Test
  void theOctetsCanBeKeptAsTheyCame() throws IOException, InterruptedException {
    Octets message = STORY.packet(212_480_093).orElseThrow().message();

    HttpResponse<byte[]> binary = get("/packet/212480093/bin");
    HttpResponse<byte[]> hex = get("/packet/212480093/hex");

    assertThat(binary.body()).isEqualTo(message.toByteArray());
    assertThat(binary.headers().firstValue("Content-Disposition").orElse(""))
        .isEqualTo("attachment; filename=\"packet-212480093.bin\"");
    assertThat(hex.body()).asString().isEqualTo(message.toHex() + "\n");
  }

  @Test
  void theContextOfTheSessionDecidesHowItIsRead() throws IOException, InterruptedException {
    PacketRow packet = STORY.packet(212_480_121).orElseThrow();

    assertThat(packet.context()).isNotEqualTo(DecodeContext.AS4);
    assertThat(page(packet.id()).select(".tree").text()).contains("198.51.100.0/24", "2");
  }
}
