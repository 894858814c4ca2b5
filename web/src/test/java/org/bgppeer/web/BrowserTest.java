package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.NeighborRow.SessionState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages in a real browser: what only shows there. Skipped where no Chromium is installed.
class BrowserTest {
  private static final String BALTIC = "/neighbor/Baltic%20Backbone";
  private static StoryQueries story;
  private static WebServer server;
  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path program = Chromium.installed();
    assumeTrue(program != null, "no Chromium is installed: apt-get install chromium");
    story = StoryQueries.night();
    server = StoryServer.start(story, 0);
    browser = new Chromium(program);
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  @BeforeEach
  void aFreshWindow() {
    browser.size(1440, 900);
    browser.scheme("light");
    browser.scripts(true);
    browser.forgetComplaints();
  }

  @AfterEach
  void theBrowserHasNothingToComplainAbout() {
    assertThat(browser.complaints()).isEmpty();
  }

  private static void open(String path) {
    browser.open("http://127.0.0.1:" + server.port() + path);
  }

  @ParameterizedTest
  @MethodSource("org.bgppeer.web.PageKinds#all")
  void noPageScrollsSidewaysOnAnyScreen(String path) {
    open(path);
    for (int width : new int[] {320, 390, 600, 768, 1024, 1200, 1440}) {
      browser.size(width, 800);
      int over =
          browser
              .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
              .asInt();
      assertThat(over).as("%s at %d", path, width).isZero();
    }
    if (PageKinds.wrong().contains(path)) {
      assertThat(browser.complaints()).allMatch(each -> each.contains("the server responded with"));
      browser.forgetComplaints();
    }
  }

  @ParameterizedTest
  @MethodSource("org.bgppeer.web.PageKinds#fine")
  void everyPageIsLightAndIsPainted(String path) {
    open(path);
    browser.until("performance.getEntriesByName('first-contentful-paint').length > 0");
    int octets =
        browser
            .eval(
                "[...performance.getEntriesByType('navigation'),"
                    + " ...performance.getEntriesByType('resource')]"
                    + ".reduce((sum, each) => sum + each.encodedBodySize, 0)")
            .asInt();
    assertThat(octets).as("octets of %s with all that it brings", path).isBetween(5_000, 150_000);
  }

  @Test
  void theTimeMachineIsOneKeyAwayAndKeepsItsMomentUntilItIsLeft() {
    open("/neighbors?state=down");
    browser.key("t");
    assertThat(browser.eval("document.activeElement.name").asString()).isEqualTo("at");
    browser.named("Escape");
    assertThat(browser.eval("document.querySelector('.way').open").asBoolean()).isFalse();

    browser.key("t");
    browser.eval("document.activeElement.value = '03:11:50'");
    go("document.activeElement.form.requestSubmit()");
    String at = "at=2026-03-17T03:11:50Z";
    assertThat(browser.eval("location.search").asString()).isEqualTo("?state=down&" + at);
    go("document.querySelector('.nav [data-go=d]').click()");
    assertThat(browser.eval("location.pathname + location.search").asString()).isEqualTo("/?" + at);
    go("document.querySelector('.tm .pri').click()");
    assertThat(browser.eval("location.href").asString()).endsWith("/");
  }

  @Test
  void theSearchFieldSaysWhileOneTypesWhatItUnderstoodAndTheArrowsChoose() {
    open("/");
    browser.key("/");
    for (char c : "198.51.100.77".toCharArray()) {
      browser.key(String.valueOf(c));
    }
    browser.until("document.querySelectorAll('#q-found [role=option]').length > 1");
    browser.until("document.querySelector('#q-found .g').textContent.includes('198.51.100.77')");
    assertThat(
            browser.eval("document.querySelector('#q').getAttribute('aria-expanded')").asString())
        .isEqualTo("true");
    browser.named("ArrowDown");
    String chosen = "document.querySelector('#q-found .on')";
    assertThat(browser.eval(chosen + ".id").asString())
        .isEqualTo(
            browser
                .eval("document.activeElement.getAttribute('aria-activedescendant')")
                .asString());
    String href = browser.eval(chosen + ".getAttribute('href')").asString();
    browser.named("ArrowDown");
    browser.named("ArrowUp");
    browser.expectLoad();
    browser.named("Enter");
    browser.waitForLoad();
    assertThat(browser.eval("location.pathname").asString()).isEqualTo(href);

    browser.key("/");
    browser.eval("document.activeElement.value = ''");
    for (char c : "balt".toCharArray()) {
      browser.key(String.valueOf(c));
    }
    browser.until("document.querySelector('#q-found .g')?.textContent === 'Neighbor'");
    browser.named("Escape");
    browser.until("document.querySelector('#q-found').hidden");
    assertThat(browser.eval("document.activeElement.id").asString()).isEqualTo("q");
  }

  /// Does what leads to another page, and waits for it.
  private static void go(String expression) {
    browser.expectLoad();
    browser.eval(expression);
    browser.waitForLoad();
  }

  @Test
  void onAPhoneARowIsARecordWithItsReason() {
    browser.size(390, 800);
    open("/");

    assertThat(
            browser
                .eval("getComputedStyle(document.querySelector('table.rec tbody tr')).display")
                .asString())
        .isEqualTo("flex");
    assertThat(browser.eval("document.querySelector('table.rec .why').offsetHeight").asInt())
        .isPositive();
  }

  @Test
  void onAPhoneTheNavigationShowsWhereOneIs() {
    browser.size(390, 800);
    open("/live");

    assertThat(
            browser
                .eval("document.querySelector('.nav [aria-current]').getBoundingClientRect().right")
                .asInt())
        .isLessThan(390);
  }

  @Test
  void theThemeFollowsTheSystemUntilTheButtonChoosesAndIsKept() {
    browser.scheme("dark");
    open("/");
    String background = "getComputedStyle(document.body).backgroundColor";
    assertThat(browser.eval(background).asString()).isEqualTo("rgb(14, 18, 17)");

    browser.eval("document.querySelector('[data-act=theme]').click()");
    assertThat(browser.eval(background).asString()).isEqualTo("rgb(244, 246, 244)");

    open("/neighbors");
    assertThat(browser.eval("document.documentElement.dataset.theme").asString())
        .isEqualTo("light");
    browser.eval("document.cookie = 'theme=;path=/;max-age=0'");
  }

  @Test
  void withoutScriptsTheThemeButtonWorksToo() {
    browser.scripts(false);
    open("/neighbors");
    browser.expectLoad();
    browser.eval("document.querySelector('[data-act=theme]').click()");
    browser.waitForLoad();

    assertThat(browser.eval("location.pathname").asString()).isEqualTo("/neighbors");
    assertThat(browser.eval("document.documentElement.dataset.theme").asString()).isEqualTo("dark");
    browser.eval("document.cookie = 'theme=;path=/;max-age=0'");
  }

  @Test
  void theKeyboardReachesSearchPagesAndRows() {
    open("/");
    browser.key("/");
    assertThat(browser.eval("document.activeElement.id").asString()).isEqualTo("q");
    browser.key("j");
    assertThat(browser.eval("document.activeElement.value").asString()).isEqualTo("j");
    browser.named("Escape");
    assertThat(browser.eval("document.activeElement.tagName").asString()).isEqualTo("BODY");

    browser.key("j");
    assertThat(browser.eval("document.activeElement.textContent").asString())
        .isEqualTo("Baltic Backbone");
    browser.key("j");
    browser.key("k");
    assertThat(browser.eval("document.activeElement.textContent").asString())
        .isEqualTo("Baltic Backbone");

    browser.expectLoad();
    browser.key("g");
    browser.key("n");
    browser.waitForLoad();
    assertThat(browser.eval("location.pathname").asString()).isEqualTo("/neighbors");

    browser.expectLoad();
    browser.key("?");
    browser.waitForLoad();
    assertThat(browser.eval("location.pathname").asString()).isEqualTo("/keys");
  }

  @Test
  void theKeyboardGoesFromTheBytesOfAPacketToTheirLinesAndBack() {
    open("/packet/212480093");
    String focused = "document.activeElement.closest('.tree') && document.activeElement.dataset.f";
    String lit = "[...document.querySelectorAll('.hex .hl')].map(a => a.dataset.f).join()";
    String last =
        browser.eval("[...document.querySelectorAll('.hex a')].at(-1).dataset.f").asString();
    browser.eval("document.querySelectorAll('.tree details').forEach(each => each.open = false)");
    browser.eval("[...document.querySelectorAll('.hex a')].at(-1).focus()");
    browser.named("ArrowRight");
    assertThat(browser.eval(focused).asString()).isEqualTo(last);
    assertThat(browser.eval(lit).asString()).startsWith(last);

    browser.named("ArrowUp");
    assertThat(browser.eval(focused).asString()).isNotEqualTo(last);
    assertThat(browser.eval(lit).asString()).isNotEmpty().doesNotStartWith(last);
    browser.named("ArrowDown");
    assertThat(browser.eval(focused).asString()).isEqualTo(last);

    browser.named("ArrowLeft");
    assertThat(browser.eval("document.activeElement.closest('.hex') !== null").asBoolean())
        .isTrue();
    browser.eval("document.activeElement.click()");
    browser.until("(" + focused + ") === '" + last + "'");
  }

  @Test
  void theFirstTabStopSkipsToTheContent() {
    open("/");
    browser.named("Tab");

    assertThat(browser.eval("document.activeElement.textContent").asString())
        .isEqualTo("Skip to content");
  }

  @Test
  void aStateChangesWhereItStandsAndNoRowMoves() {
    NeighborRow before = story.neighbor("Northwind Transit").orElseThrow();
    int at = story.neighbors.indexOf(before);
    open("/neighbors");
    String order = "[...document.querySelectorAll('tbody th a')].map(a => a.textContent).join()";
    String first = browser.eval(order).asString();
    try {
      story.neighbors.set(
          at,
          new NeighborRow(
              before.id(),
              before.name(),
              before.source(),
              before.address(),
              before.as(),
              "",
              SessionState.DOWN,
              StoryQueries.NOW,
              "Connection dropped, no reason given.",
              before.session(),
              before.families(),
              before.lastPacketAt()));
      browser.until(
          "document.querySelector('[data-live=n4-why]').textContent.includes('Connection"
              + " dropped')");
    } finally {
      story.neighbors.set(at, before);
    }

    assertThat(browser.eval(order).asString()).isEqualTo(first);
    assertThat(
            browser.eval("document.querySelector('[data-live=n4-state]').textContent").asString())
        .isEqualTo("down");
    assertThat(browser.eval("document.querySelector('h1').textContent").asString())
        .startsWith("3 of 9 neighbors are down");
  }

  @Test
  void aPageWhoseServerIsGoneSaysSinceWhenAndStays() {
    try (WebServer gone = StoryServer.start(story, 0)) {
      browser.open("http://127.0.0.1:" + gone.port() + "/neighbors");
    }
    browser.until(
        "document.querySelector('[data-live=lag]').textContent.startsWith('not updating since"
            + " 03:41:')");

    assertThat(browser.eval("document.querySelectorAll('tbody tr').length").asInt()).isEqualTo(9);
    assertThat(browser.complaints()).allMatch(each -> each.contains("ERR_CONNECTION_REFUSED"));
    browser.forgetComplaints();
  }
}
