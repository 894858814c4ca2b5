package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// axe-core over each page in a real browser: WCAG 2.1 A and AA, and its best practices. Skipped
/// where no Chromium is installed.
class AccessibilityTest {
  private static final String RUN =
      """
      axe.run(document, {resultTypes: ['violations']}).then(result => result.violations.map(
        rule => rule.id + ' (' + rule.impact + '): ' + rule.help + ': ' + rule.nodes.slice(0, 4).map(
          node => node.html.slice(0, 160) + ' ' + node.failureSummary.split('\\n').slice(1, 2).join('')).join(' | ')))
      """;

  private static WebServer server;
  private static Chromium browser;
  private static String axe;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path program = Chromium.installed();
    assumeTrue(program != null, "no Chromium is installed: apt-get install chromium");
    try (InputStream script = AccessibilityTest.class.getResourceAsStream("/axe.min.js")) {
      assertThat(script).as("axe.min.js").isNotNull();
      axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
    server = StoryServer.start(StoryQueries.night(), 0);
    browser = new Chromium(program);
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/neighbors",
        "/neighbor/Baltic%20Backbone",
        "/neighbor/Baltic%20Backbone/sessions",
        "/neighbor/Baltic%20Backbone/capabilities",
        "/neighbor/Baltic%20Backbone/routes",
        "/neighbor/Baltic%20Backbone/findings",
        "/prefixes",
        "/prefix/198.51.100.0/24",
        "/prefix/198.51.100.0/24?at=2026-03-17T03:11:50Z",
        "/?at=2026-03-17T03:11:50Z",
        "/neighbor/Baltic%20Backbone?at=2026-03-17T03:11:50Z",
        "/compare",
        "/community/64501:500",
        "/next-hop/203.0.113.9",
        "/as",
        "/as/64511",
        "/search?q=198.51.100.77",
        "/search?q=nothing",
        "/packets",
        "/packet/212480093",
        "/decode?hex=ffffffffffffffffffffffffffffffff001304",
        "/live",
        "/keys",
        "/api",
        "/nowhere"
      })
  void axeFindsNothing(String path) {
    for (String scheme : List.of("light", "dark")) {
      for (int width : List.of(1440, 390)) {
        browser.size(width, 900);
        browser.scheme(scheme);
        browser.open("http://127.0.0.1:" + server.port() + path);
        browser.eval("document.querySelectorAll('details.way').forEach(way => way.open = true)");
        browser.eval(axe + "; 1");
        JsonNode violations = browser.eval(RUN);
        assertThat(violations.isArray()).as("axe's answer").isTrue();
        assertThat(violations.values().stream().map(JsonNode::asString).toList())
            .as("%s, %s, %d pixels", path, scheme, width)
            .isEmpty();
      }
    }
  }

  @Test
  void axeFindsNothingInTheFieldThatSaysWhatItFound() {
    browser.size(1440, 900);
    browser.scheme("light");
    browser.open("http://127.0.0.1:" + server.port() + "/");
    browser.key("/");
    for (char c : "198.51.100.77".toCharArray()) {
      browser.key(String.valueOf(c));
    }
    browser.until("document.querySelectorAll('#q-found [role=option]').length > 1");
    browser.named("ArrowDown");
    browser.eval(axe + "; 1");
    assertThat(browser.eval(RUN).values().stream().map(JsonNode::asString).toList()).isEmpty();
  }
}
