package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A walk through the pages of a collector that runs, as an operator takes it, by keyboard and by
/// click, in Chromium; a picture of each is kept. `make screenshots` starts the demo and takes it.
@EnabledIfSystemProperty(
    named = "tour.url",
    matches = "http.+",
    disabledReason = "make screenshots takes it")
class DemoTourTest {
  private static final String SITE = System.getProperty("tour.url", "");
  private static final Path PICTURES =
      Path.of(System.getProperty("tour.pictures", "target/screenshots"));

  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path program = Chromium.installed();
    assumeTrue(program != null, "no Chromium is installed: apt-get install chromium");
    Files.createDirectories(PICTURES);
    browser = new Chromium(program);
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  private String way = "";
  private int number;

  @ParameterizedTest
  @CsvSource({
    "desktop, 1440, light",
    "desktop, 1440, dark",
    "phone, 390, light",
    "phone, 390, dark"
  })
  void everyPageIsReachedByKeyboardAndClick(String screen, int width, String scheme)
      throws IOException {
    browser.forgetComplaints();
    browser.size(width, 900);
    browser.scheme(scheme);
    way = screen + "-" + scheme;
    number = 0;

    browser.open(SITE);
    picture("dashboard");
    go(() -> keys("gn"));
    at("/neighbors");
    picture("neighbors");
    browser.key("j");
    go(() -> browser.named("Enter"));
    at("/neighbor/");
    picture("neighbor");
    for (String tab : List.of("sessions", "capabilities", "counters", "routes", "findings")) {
      click("main a[href$=\"/" + tab + "\"]");
      picture("neighbor-" + tab);
    }
    keys("/");
    keys("1.1.1.1");
    browser.until("document.querySelectorAll('#q-found [role=option]').length > 0");
    picture("typing");
    browser.named("ArrowDown");
    go(() -> browser.named("Enter"));
    at("/prefix/1.");
    String prefix = browser.eval("location.pathname").asString();
    picture("prefix");
    click("main a[href^=\"/packet/\"]");
    picture("packet");
    browser.open(SITE + prefix + "/history");
    picture("prefix-history");
    browser.open(SITE + prefix);
    click("main .facts a[href^=\"/as/\"]");
    picture("as");
    browser.open(SITE + "/as/3462");
    picture("as-of-few");
    go(() -> keys("gp"));
    picture("prefixes");
    go(() -> keys("ga"));
    picture("as-start");
    go(() -> keys("gk"));
    picture("packets");
    go(() -> keys("gl"));
    browser.until("document.querySelectorAll('main tbody tr').length > 3");
    picture("live");
    browser.open(SITE + "/search?q=" + Links.segment("path:13335"));
    picture("search");
    browser.open(SITE + "/compare?a=transit1&b=transit2");
    picture("compare");
    browser.open(SITE + "/decode?hex=" + StoryQueries.BALTIC_OPEN.toHex());
    picture("decode");
    browser.open(SITE + "/api");
    picture("api");
    keys("?");
    browser.open(SITE + "/keys");
    picture("keys");
    browser.open(SITE + prefix);
    keys("t");
    browser.eval("document.activeElement.value = '5s'");
    go(() -> browser.eval("document.activeElement.form.requestSubmit()"));
    assertThat(browser.eval("document.querySelector('.tm') != null").asBoolean()).isTrue();
    picture("prefix-then");
    assertThat(browser.complaints()).as("of the browser").isEmpty();

    browser.open(SITE + "/prefix/203.0.113.0/99");
    picture("error");
  }

  @Test
  void onPaperAreTheSamePages() throws IOException {
    browser.size(1440, 900);
    browser.scheme("dark");
    browser.open(SITE + "/packets?type=update");
    String packet =
        browser.eval("document.querySelector('main a[href^=\"/packet/\"]').pathname").asString();
    for (String path :
        List.of(
            "/", "/neighbors", "/neighbor/transit1", "/prefix/1.1.1.0/24", "/as/3462", packet)) {
      browser.open(SITE + path);
      Path file = PICTURES.resolve("paper" + path.replaceAll("[^a-z0-9.]+", "-") + ".pdf");
      browser.print(file);
      assertThat(file).isNotEmptyFile();
    }
  }

  private static void keys(String text) {
    text.codePoints().forEach(c -> browser.key(Character.toString(c)));
  }

  private static void go(Runnable step) {
    browser.expectLoad();
    step.run();
    browser.waitForLoad();
  }

  private static void click(String link) {
    go(() -> browser.eval("document.querySelector('" + link + "').click()"));
  }

  private static void at(String path) {
    assertThat(browser.eval("location.pathname").asString()).startsWith(path);
  }

  /// Keeps what the window shows, which must not be wider than itself.
  private void picture(String name) throws IOException {
    int over =
        browser
            .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .asInt();
    assertThat(over).as("%s scrolls sideways, %s", name, way).isZero();
    browser.screenshot(PICTURES.resolve("%s-%02d-%s.png".formatted(way, ++number, name)), true);
  }
}
