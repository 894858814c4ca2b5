package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Records;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `/live` over a journal that is written and a database that is filled while it is read: its
/// filters, and a browser that follows more than anybody can read.
class LiveTest {
  private static final String ALPHA = "192.0.2.1";
  private static final String BETA = "203.0.113.9";
  private static final Instant BEGIN = Instant.parse("2026-03-17T03:00:00Z");

  /// What one UPDATE of the storm changes, and how many UPDATEs a second there are of it.
  private static final int ROUTES = 20;

  private static final int UPDATES = 250;

  @TempDir private static Path directory;
  private static Journal journal;
  private static Database database;
  private static Projector projector;
  private static WebServer server;

  @BeforeAll
  static void write() throws Exception {
    journal = Journal.open(directory.resolve("journal"), JournalOptions.defaults());
    database = Database.open(directory.resolve("bgp-peer.db"));
    database.configure(
        List.of(
            new Database.ConfiguredNeighbor("alpha", ALPHA, 64500),
            new Database.ConfiguredNeighbor("beta", BETA, 64501)),
        BEGIN.getEpochSecond() * 1_000_000);
    up(ALPHA, 64500);
    up(BETA, 64501);
    // 198.51.100.0/24 and its upper half
    announce(ALPHA, 64500, 1, "fde9006e", "18c63364" + "19c6336480", 64500, 64502, 64511);
    announce(BETA, 64501, 2, "fde90001", "18cb0071", 64501, 64511, 64512);
    message(ALPHA, 64500, 3, "000519c63364800000"); // the upper half goes away
    announce6(BETA, 64501, 4);

    projector =
        Projector.start(
            database, Database.LIVE, from -> Records.of(journal.reader(from)), Clock.systemUTC());
    assertThat(projector.await(journal.end(), Duration.ofSeconds(30))).isTrue();
    server =
        WebServer.start(
            database.queries(directory.resolve("journal")), WebConfig.of("127.0.0.1", 0, "test"));
  }

  @AfterAll
  static void close() throws Exception {
    server.close();
    projector.close();
    database.close();
    journal.close();
  }

  private static void up(String address, int as) {
    Octets open =
        StoryQueries.message(
            1,
            String.format("04%04x00b4", as)
                + hex(Prefix.ofAddress(address).address())
                + "080206"
                + "4104"
                + String.format("%08x", as));
    record(address, as, 0, true, StoryQueries.OUR_OPEN);
    record(address, as, 0, false, open);
    byte[] state =
        Mrt.stateChange(BEGIN, as, 64496, octets(address), octets("192.0.2.250"), 5, 6, null);
    journal.append(state, 0, state.length);
  }

  private static void announce(
      String address, int as, int second, String community, String nlri, long... path) {
    String attributes =
        "40010100" + path(path) + "400304" + hex(octets(address)) + "c00804" + community;
    message(
        address,
        as,
        second,
        "0000" + String.format("%04x", attributes.length() / 2) + attributes + nlri);
  }

  /// 2001:db8::/32 with MP_REACH_NLRI.
  private static void announce6(String address, int as, int second) {
    String attributes =
        "40010100"
            + path(as, 64513)
            + "800e1a00020110"
            + "20010db8000000000000000000000001"
            + "00"
            + "2020010db8";
    message(
        address, as, second, "0000" + String.format("%04x", attributes.length() / 2) + attributes);
  }

  private static String path(long... ases) {
    var out = new StringBuilder(String.format("4002%02x02%02x", 2 + 4 * ases.length, ases.length));
    for (long as : ases) {
      out.append(String.format("%08x", as));
    }
    return out.toString();
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  private static byte[] octets(String address) {
    return Prefix.ofAddress(address).address();
  }

  private static void message(String address, int as, int second, String body) {
    record(address, as, second, false, StoryQueries.message(2, body));
  }

  private static void record(String address, int as, int second, boolean sent, Octets message) {
    record(address, as, BEGIN.plusSeconds(second), sent, message);
  }

  private static void record(String address, int as, Instant at, boolean sent, Octets message) {
    byte[] record =
        Mrt.bgp4mpMessage(
            at,
            sent,
            as,
            64496,
            octets(address),
            octets("192.0.2.250"),
            message.toByteArray(),
            0,
            message.length(),
            DecodeContext.AS4);
    journal.append(record, 0, record.length);
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "in=198.51.100.0/24                | withdrawn 198.51.100.128/25, announced"
            + " 198.51.100.0/24, announced 198.51.100.128/25",
        "in=198.51.100.128/25              | withdrawn 198.51.100.128/25, announced"
            + " 198.51.100.128/25",
        "neighbor=beta                     | announced 2001:db8::/32, announced 203.0.113.0/24",
        "family=ipv6-unicast               | announced 2001:db8::/32",
        "origin=AS64511                    | withdrawn 198.51.100.128/25, announced"
            + " 198.51.100.0/24, announced 198.51.100.128/25",
        "as=64511&neighbor=beta            | announced 203.0.113.0/24",
        "path=64500 64502                  | withdrawn 198.51.100.128/25, announced"
            + " 198.51.100.0/24, announced 198.51.100.128/25",
        "path=64512$                       | announced 203.0.113.0/24",
        "community=65001:*&kind=announced  | announced 203.0.113.0/24, announced 198.51.100.0/24,"
            + " announced 198.51.100.128/25",
        "community=65001:110&kind=withdrawn | withdrawn 198.51.100.128/25",
        "nh=203.0.113.9                    | announced 203.0.113.0/24",
        "nh=2001:db8::1                    | announced 2001:db8::/32",
        "kind=withdrawn                    | withdrawn 198.51.100.128/25",
        "origin=64999                      |"
      })
  void changesAreFilteredAsRoutesAre(String filter, @Nullable String rows)
      throws IOException, InterruptedException {
    String query =
        "?before=9000000000000000000&"
            + filter.replace(" ", "+").replace("$", "%24").replace("*", "%2A");
    HttpResponse<String> page = get("/live" + query);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(
            Jsoup.parse(page.body()).select("tbody tr:has(a.pfx)").stream()
                .filter(row -> !row.select("a.pfx").text().startsWith("10."))
                .map(row -> row.select(".st").text() + " " + row.select("a.pfx").text()))
        .as(filter)
        .containsExactlyInAnyOrder(rows == null ? new String[0] : rows.split(", "));
  }

  @ParameterizedTest
  @CsvSource({
    "path=(,     a regular expression",
    "nh=x,       an address such as",
    "family=v4,  a family such as",
    "community=x, a community",
    "origin=x,   an AS number"
  })
  void aFilterThatIsNoneIsSaid(String filter, String said)
      throws IOException, InterruptedException {
    for (String address : List.of("/live?", "/live/stream?")) {
      HttpResponse<String> answer = get(address + filter);
      assertThat(answer.statusCode()).as(address).isEqualTo(400);
      assertThat(Jsoup.parse(answer.body()).text()).as(address).contains(said);
    }
  }

  @Test
  void aBrowserThatFollowsThousandsASecondSaysWhatItLeavesOutAndRests() throws Exception {
    Path program = Chromium.installed();
    assumeTrue(program != null, "no Chromium is installed: apt-get install chromium");
    var stop = new AtomicBoolean();
    Thread storm = Thread.ofPlatform().name("storm").start(() -> storm(stop));
    try (var browser = new Chromium(program)) {
      browser.size(1440, 900);
      browser.open("http://127.0.0.1:" + server.port() + "/live?in=10.0.0.0/8");
      String rows = "document.querySelectorAll('tbody tr').length";
      String why = "document.querySelector('[data-say=why]').textContent";
      browser.until(why + ".includes('changes a second, some of them shown')");
      browser.until(rows + " > 60");
      String said = browser.eval(why).asString();
      assertThat(said).matches("about (more than )?[0-9,]+ changes a second, some of them shown");

      browser.key(" ");
      assertThat(browser.eval("document.querySelector('[data-say=state]').textContent").asString())
          .isEqualTo("Paused");
      String newest = "document.querySelector('tbody tr').textContent";
      String before = browser.eval(newest).asString();
      browser.until(
          "/^Show [1-9][0-9]* new"
              + " changes$/.test(document.querySelector('[data-act=show]').textContent)");
      assertThat(browser.eval(newest).asString()).as("no row moves").isEqualTo(before);
      browser.eval("document.querySelector('[data-act=show]').click()");
      assertThat(browser.eval(newest).asString()).isNotEqualTo(before);

      browser.key(" ");
      browser.until("document.querySelector('[data-say=state]').textContent === 'Running'");
      browser.until(rows + " >= 200");
      assertThat(browser.eval(rows).asInt()).as("rows are let go").isLessThanOrEqualTo(200);
      String curve = "document.querySelector('.ph .spark polygon').getAttribute('points')";
      browser.until(
          "parseFloat(document.querySelector('[data-rate]').textContent.replace(',', '')) > 9"
              + " && / 59,[0-9]+ 60/.test("
              + curve
              + ")");
      assertThat(browser.complaints()).isEmpty();
    } finally {
      stop.set(true);
      storm.join();
    }
  }

  /// 5,000 changes a second: the routes of 10.0.0.0/8 come with another community each time.
  private static void storm(AtomicBoolean stop) {
    for (int i = 0; !stop.get(); i++) {
      var nlri = new StringBuilder();
      for (int route = 0; route < ROUTES; route++) {
        int number = (i % 500) * ROUTES + route;
        nlri.append(String.format("180a%04x", number));
      }
      String attributes =
          "40010100"
              + path(64500, 64511)
              + "400304"
              + hex(octets(ALPHA))
              + "c00804fde8"
              + String.format("%04x", i / 500);
      record(
          ALPHA,
          64500,
          Instant.now(),
          false,
          StoryQueries.message(
              2, "0000" + String.format("%04x", attributes.length() / 2) + attributes + nlri));
      LockSupport.parkNanos(1_000_000_000L / UPDATES);
    }
  }
}
