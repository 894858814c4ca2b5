package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.store.Health;
import org.bgppeer.store.Queries;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What pages and metrics tell of the collector itself: its journal, and what it counts.
class CollectorTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final StoryQueries story = StoryQueries.night();
  private WebServer server;

  @BeforeEach
  void start() {
    WebAccess.Actions collector =
        words -> {
          if (!words.equals(List.of("detail", "Baltic Backbone"))) {
            throw new WebAccess.Refused("no such neighbor", new IllegalStateException());
          }
          return """
          {"name": "Baltic Backbone", "counters": {"updates_received": 4164902, "opens_received": 6,
           "opens_sent": 7, "ends_of_rib_sent": 2, "notifications_sent": 1, "octets_received": 9,
           "fsm_errors": 3},
           "last_session": {"updates_received": 902, "opens_received": 1, "opens_sent": 1},
           "state": "Idle", "since": "2026-03-17T03:12:07.123456Z", "reading": false,
           "hold_time_seconds": 90, "last_end": "HOLD_TIMER_EXPIRED",
           "timers_seconds_left": {"connect_retry": 41.5}}
          """;
        };
    server =
        WebServer.start(
            story,
            new WebConfig(
                    "127.0.0.1", 0, "test", Clock.fixed(StoryQueries.NOW, ZoneOffset.UTC), null)
                .withAccess(new WebAccess(null, true, true, null, null, collector, null)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String get(String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void aNeighborsMessagesAreToldByTypeAndDirection() throws IOException, InterruptedException {
    Document page = Jsoup.parse(get("/neighbor/Baltic%20Backbone"));

    Element messages = page.expectFirst("section[aria-labelledby=h-g]");
    assertThat(messages.select("tbody tr").eachText())
        .containsExactly(
            "UPDATE 902 4,164,902",
            "KEEPALIVE 0 0",
            "ROUTE-REFRESH 0 0",
            "NOTIFICATION 0 0",
            "OPEN 1 6",
            "From us",
            "End-of-RIB 0 2",
            "KEEPALIVE 0 0",
            "ROUTE-REFRESH 0 0",
            "NOTIFICATION 0 1",
            "OPEN 1 7");
    assertThat(messages.select("thead th").eachText())
        .containsExactly("From them", "Last session", "In all");
    assertThat(get("/neighbor/core1.fra")).as("one it does not have").doesNotContain("h-g\"");
    assertThat(get("/neighbor/Baltic%20Backbone?at=2026-03-17T03:00:00Z"))
        .as("of the past nothing is known")
        .doesNotContain("h-g\"");
  }

  @Test
  void countersAreReadAsAPersonDoes() throws IOException, InterruptedException {
    Document page = Jsoup.parse(get("/neighbor/Baltic%20Backbone/counters"));

    assertThat(page.select("section[aria-labelledby=h-m] tbody tr").eachText())
        .contains("Updates received 902 4,164,902", "Ends of RIB sent none 2");
    assertThat(page.select("section[aria-labelledby=h-x] tbody tr").eachText())
        .containsExactly("FSM errors 3");
    assertThat(page.select("section[aria-label=Session] tr").eachText())
        .containsExactly(
            "State Idle",
            "Since 2026-03-17 03:12:07 UTC",
            "Reading no",
            "Hold time 90 s",
            "Last end hold timer expired");
    assertThat(page.select("section[aria-label=Timers] tr").eachText())
        .containsExactly("Connect retry 41.5 s left");
    assertThat(get("/neighbor/Baltic%20Backbone/counters.json"))
        .as("data stays as the collector has it")
        .contains("\"updates received\"", "\"4164902\"");
  }

  @Test
  void aDiskThatIsAlmostFullIsWhatNeedsALook() throws IOException, InterruptedException {
    story.room = new Queries.Room(412_000_000_000L, 9_000_000_000L, 1_900_000_000_000L);

    assertThat(Jsoup.parse(get("/")).expectFirst(".says .say").text())
        .startsWith("The disk of the journal has 9.0 GB left of 1.9 TB. Make room");
    assertThat(Jsoup.parse(get("/")).expectFirst("[data-live=h-disk]").text())
        .isEqualTo("9.0 GB free of 1.9 TB");
  }

  @Test
  void whyNothingNewComesIsSaidFirst() throws IOException, InterruptedException {
    Instant now = StoryQueries.NOW;
    story.health = new Health(now.minusSeconds(300), now.minusSeconds(300), 0, 1);
    assertThat(Jsoup.parse(get("/")).expectFirst(".says .say").text())
        .startsWith("Nothing is recorded for 5 min.")
        .contains("bgp-peer run");

    story.health = new Health(now.minusSeconds(42), now.minusSeconds(1), 42, 1);
    assertThat(Jsoup.parse(get("/")).expectFirst(".says .say").text())
        .startsWith("The database is 42 s behind the journal. Nothing is lost");

    story.health = new Health(now.minusSeconds(300), now.minusSeconds(1), 0, 1);
    assertThat(Jsoup.parse(get("/")).expectFirst(".says .say").text())
        .startsWith("No neighbor has sent anything for 5 min.");
  }

  @Test
  void aSegmentThatIsMissingIsWhatNeedsALookFirst() throws IOException, InterruptedException {
    story.gaps.add(
        new JournalGap("updates.20260316.0600", "updates.20260316.0700", "updates.20260316.0900"));

    assertThat(Jsoup.parse(get("/")).expectFirst(".says .say").text())
        .startsWith("The journal has a gap. Segment updates.20260316.0700 is not there")
        .endsWith("run bgp-peer rebuild.");
    assertThat(get("/metrics").lines()).contains("bgp_peer_journal_gaps 1.0");
    assertThat(get("/?at=2026-03-17T03:11:50Z")).doesNotContain("The journal has a gap");
    assertThat(story.gapsAsked).as("the begin of every segment is not read each time").isOne();
  }

  @Test
  void aWholeJournalIsNotSpokenOf() throws IOException, InterruptedException {
    assertThat(get("/")).doesNotContain("The journal has");
    assertThat(get("/metrics").lines()).contains("bgp_peer_journal_gaps 0.0");
  }
}
