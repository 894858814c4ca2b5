package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Records;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Octets;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages of routes that are not just prefixes, over a real journal and database.
class RoutePagesTest {
  private static final Instant NOW = Instant.parse("2026-03-17T03:41:20Z");
  private static final String TEXT = "64500:100 192.0.2.0/24";
  private static final String PAGE = "/route/64500%3A100%20192.0.2.0~24";
  private static final String RD_AND_NET = "0000fbf400000064c00002";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private static Path directory;
  private static Journal journal;
  private static Database database;
  private static Projector projector;
  private static WebServer server;

  @BeforeAll
  static void write() throws Exception {
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    journal =
        Journal.open(directory.resolve("journal"), JournalOptions.defaults().withClock(clock));
    database = Database.open(directory.resolve("bgp-peer.db"));
    announce("03:00:01", "7005dc11" + RD_AND_NET);
    announce("03:20:00", "7005dc21" + RD_AND_NET);
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

  /// A VPN route, next hop 192.0.2.1 with a distinguisher of zero.
  private static void announce(String time, String nlri) {
    String reach = "000180" + "0c" + "0000000000000000c0000201" + "00" + nlri;
    String attributes =
        "40010100" + "40020602010000fbf4" + "800e%02x".formatted(reach.length() / 2) + reach;
    Octets message =
        StoryQueries.message(2, "0000" + "%04x".formatted(attributes.length() / 2) + attributes);
    byte[] record =
        Mrt.bgp4mpMessage(
            Instant.parse("2026-03-17T" + time + "Z"),
            false,
            64500,
            64496,
            AddressText.parse("192.0.2.1"),
            AddressText.parse("192.0.2.250"),
            message.toByteArray(),
            0,
            message.length(),
            DecodeContext.AS4);
    journal.append(record, 0, record.length);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
        BodyHandlers.ofString());
  }

  private static Document page(String path) throws Exception {
    var response = get(path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return Jsoup.parse(response.body());
  }

  @Test
  void theRouteHasAPageWithItsTextItsLabelAndItsNextHop() throws Exception {
    var page = page(PAGE);

    assertThat(page.select("h1").text()).isEqualTo(TEXT);
    assertThat(page.text()).contains("IPv4 VPN", "label 24002", "192.0.2.1");
  }

  @Test
  void itsHistoryAndWhatChangedHavePages() throws Exception {
    assertThat(page(PAGE + "/history").text()).contains(TEXT);
    assertThat(page(PAGE + "/diff").text()).contains("label 24001", "label 24002");
    assertThat(get(PAGE + ".json").body()).contains("\"details\":\"label 24002\"");
  }

  @Test
  void theSearchLeadsToIt() throws Exception {
    var response = get("/search?q=64500%3A100+192.0.2.0%2F24");

    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("location")).hasValue(PAGE);
  }

  @Test
  void thePagesThatListItLinkToIt() throws Exception {
    for (String path : new String[] {"/neighbor/192.0.2.1/routes", "/live", "/"}) {
      assertThat(page(path).select("a[href='" + PAGE + "']")).as(path).isNotEmpty();
    }
  }

  @Test
  void itsPacketNamesEachFieldAndLinksToIt() throws Exception {
    String packet = page("/live").select("a[href^=/packet/]").attr("href");

    var page = page(packet);

    assertThat(page.select("a[href='" + PAGE + "']")).isNotEmpty();
    assertThat(page.text()).contains("route distinguisher", "64500:100", "labels", "24002");
  }

  @Test
  void oneThatWasNeverSeenIsNotFound() throws Exception {
    assertThat(get("/route/64500%3A101%20192.0.2.0~24").statusCode()).isEqualTo(404);
  }
}
