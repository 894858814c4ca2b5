package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/// What an operator of an AS is told unasked: others in its prefixes, and how many routes it had
/// when.
class AsPageTest {
  private final StoryQueries story = StoryQueries.night();

  private void announce(String prefix, String path, String since) {
    story.routes.add(
        story.route(
            "Northwind Transit", prefix, null, path, "192.0.2.1", null, null, "", "", since));
  }

  private Document page(String path) throws Exception {
    try (var server = StoryServer.start(story, 0);
        var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
      return Jsoup.parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }

  @Test
  void aPartOfAPrefixThatAnotherOriginatesIsWorthALook() throws Exception {
    announce("198.51.100.128/26", "64500 64509", "2026-03-17 03:00:00");

    assertThat(page("/as/64511").select("section[aria-labelledby=h-i] li").eachText())
        .contains("now 198.51.100.128/26 Part of its /24, but AS64509 originates it. Compare")
        .as("its own parts are none of it")
        .noneMatch(line -> line.contains("198.51.100.0/25"));
    assertThat(page("/as/64509").select("section[aria-labelledby=h-i]")).isEmpty();
  }

  @Test
  void aPrefixWithTwoOriginsIsWorthALook() throws Exception {
    announce("198.51.100.0/24", "64500 64509", "2026-03-17 03:00:00");

    assertThat(page("/as/64511").select("section[aria-labelledby=h-i] li").eachText())
        .contains("now 198.51.100.0/24 AS64509 originates it too. Compare");
  }

  @Test
  void theChartIsOfAsMuchTimeAsThereIsToTellOf() throws Exception {
    announce("203.0.113.0/28", "64500 65549", "2026-03-17 03:11:20");
    announce("203.0.113.16/28", "64500 65549", "2026-03-17 03:26:20");

    Element chart = page("/as/65549").expectFirst("section[aria-labelledby=h-v]");

    assertThat(chart.select(".note").text()).isEqualTo("1 h, with it as the origin");
    Element drawing = chart.expectFirst("svg[role=img]");
    assertThat(drawing.attr("aria-label"))
        .isEqualTo("Active routes over 1 h: at most 2, 2 at the end.");
    assertThat(drawing.select("polyline").attr("points"))
        .as("none before the half of it, then one, from three quarters on two, of three")
        .contains(" 290.0,100.0 300.0,66.7 ", " 440.0,66.7 450.0,33.3 ");
  }
}
