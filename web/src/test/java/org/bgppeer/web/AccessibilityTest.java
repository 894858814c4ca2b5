package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// axe-core over each page in a real browser: WCAG 2.1 A and AA, and its best practices. Skipped
/// where no Chromium is installed.
class AccessibilityTest {
  private static final String RUN =
      """
      axe.run(document, {resultTypes: ['violations'], %s}).then(result => result.violations.map(
        rule => rule.id + ' (' + rule.impact + '): ' + rule.help + ': ' + rule.nodes.slice(0, 4).map(
          node => node.html.slice(0, 160) + ' ' + node.failureSummary.split('\\n').slice(1, 2).join('')).join(' | ')))
      """;

  @TempDir private static Path directory;
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
  @MethodSource("org.bgppeer.web.PageKinds#all")
  void axeFindsNothing(String path) {
    look(server, path);
  }

  @Test
  void axeFindsNothingBeforeTheFirstRoute() {
    try (WebServer empty = StoryServer.start(StoryQueries.empty(), 0)) {
      for (String path : List.of("/", "/neighbors", "/prefixes", "/as", "/packets", "/live")) {
        look(empty, path);
      }
    }
  }

  /// The pages that only users see: logging in, what an operator may do, and that it was done.
  @Test
  void axeFindsNothingWhereUsersLogInAndAct() throws IOException {
    Path file = directory.resolve("web-users");
    Users.put(file, "anna", Users.Role.OPERATOR, "correct horse", 1000);
    var access = new WebAccess(Users.of(file), false, false, null, null, words -> "asked", null);
    try (WebServer closed =
        WebServer.start(
            StoryQueries.night(),
            new WebConfig(
                    "127.0.0.1", 0, "test", Clock.fixed(StoryQueries.NOW, ZoneOffset.UTC), null)
                .withAccess(access))) {
      look(closed, "/login");
      logIn("wrong horse");
      everyWay("a wrong password");
      logIn("correct horse");
      look(closed, "/neighbor/Baltic%20Backbone");
      browser.expectLoad();
      browser.eval("document.querySelector('form[action$=refresh]').requestSubmit()");
      browser.waitForLoad();
      assertThat(browser.eval("document.querySelector('h1').textContent").asString())
          .isEqualTo("Done");
      everyWay("what was done");
    }
  }

  private static void logIn(String password) {
    browser.expectLoad();
    browser.eval(
        "document.querySelector('[name=name]').value = 'anna';"
            + "document.querySelector('[name=password]').value = '"
            + password
            + "';document.querySelector('form.login').requestSubmit()");
    browser.waitForLoad();
  }

  private static void look(WebServer at, String path) {
    browser.scheme("light");
    browser.size(1440, 900);
    browser.open("http://127.0.0.1:" + at.port() + path);
    everyWay(path);
  }

  /// Desktop in light; in dark what colours do; phone, but for colours, which are those of the
  /// desktop. With everything unfolded.
  private static void everyWay(String what) {
    browser.eval("document.querySelectorAll('details.way').forEach(way => way.open = true)");
    browser.eval(axe + "; 1");
    for (Way way : WAYS) {
      browser.size(way.width, 900);
      browser.scheme(way.scheme);
      JsonNode violations = browser.eval(RUN.formatted(way.rules));
      assertThat(violations.isArray()).as("axe's answer").isTrue();
      assertThat(violations.values().stream().map(JsonNode::asString).toList())
          .as("%s, %s, %d pixels", what, way.scheme, way.width)
          .isEmpty();
    }
  }

  /// @param rules axe's options: what is the same in another way need not be looked at again
  private record Way(String scheme, int width, String rules) {}

  private static final String COLOURS = "'color-contrast', 'link-in-text-block'";

  private static final List<Way> WAYS =
      List.of(
          new Way("light", 1440, "rules: {}"),
          new Way("dark", 1440, "runOnly: [" + COLOURS + "]"),
          new Way("dark", 390, "rules: {'color-contrast': {enabled: false}}"));

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
    assertThat(
            browser.eval(RUN.formatted("rules: {}")).values().stream()
                .map(JsonNode::asString)
                .toList())
        .isEmpty();
  }
}
