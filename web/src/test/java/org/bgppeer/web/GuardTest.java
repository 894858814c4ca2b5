package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A frontend that asks who you are.
class GuardTest {
  private static final String BALTIC = "/neighbor/Baltic%20Backbone";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final List<List<String>> orders = new CopyOnWriteArrayList<>();

  @TempDir private static Path directory;
  private static WebServer server;
  private static Path audit;
  private static String viewerToken;
  private static String operatorToken;

  @BeforeAll
  static void start() throws IOException {
    Path file = directory.resolve("web-users");
    put(file, "anna", Users.Role.OPERATOR, "correct horse");
    put(file, "vera", Users.Role.VIEWER, "battery staple");
    viewerToken = Users.putToken(file, "grafana", Users.Role.VIEWER);
    operatorToken = Users.putToken(file, "robot", Users.Role.OPERATOR);
    audit = directory.resolve("audit.log");
    server = serve(Users.of(file), false);
  }

  /// A user whose password is stretched a little only: most tests are of something else.
  private static void put(Path file, String name, Users.Role role, String password)
      throws IOException {
    Users.put(file, name, role, password, 1000);
  }

  private static WebServer serve(Users users, boolean publicReadOnly) {
    return serve(users, publicReadOnly, false);
  }

  private static WebServer serve(Users users, boolean publicReadOnly, boolean openWithoutUsers) {
    return WebServer.start(
        StoryQueries.night(),
        new WebConfig("127.0.0.1", 0, "test", Clock.fixed(StoryQueries.NOW, ZoneOffset.UTC), null)
            .withAccess(
                new WebAccess(
                    users,
                    publicReadOnly,
                    openWithoutUsers,
                    null,
                    null,
                    words -> {
                      if (words.getFirst().equals("detail")) {
                        throw new WebAccess.Refused("it does not count", new IOException());
                      }
                      orders.add(words);
                      if (words.contains("core1.fra")) {
                        throw new WebAccess.Refused("<b>it sleeps</b>", new IOException());
                      }
                      return "asked for ipv4-unicast";
                    },
                    audit)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void noOrders() {
    orders.clear();
  }

  private static HttpResponse<String> send(
      WebServer to, String path, @Nullable String form, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (form != null) {
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(form));
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// Logs in; the cookie.
  private static String cookie(String name, String password)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(server, "/login", "name=" + name + "&to=/as&password=" + encoded(password));
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("/as");
    String cookie = answer.headers().firstValue("Set-Cookie").orElse("");
    assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict");
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private static String mark(String cookie) throws IOException, InterruptedException {
    String page = send(server, BALTIC, null, "Cookie", cookie).body();
    return Jsoup.parse(page).select("input[name=mark]").attr("value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/neighbors", BALTIC + "/routes?state=all", "/nowhere"})
  void whoIsNobodyIsSentToLogInAndFromThereWhereHeWanted(String path)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = send(server, path, null);
    assertThat(answer.statusCode()).isEqualTo(302);
    String login = answer.headers().firstValue("Location").orElse("");
    assertThat(login).startsWith("/login?to=");
    assertThat(answer.body()).doesNotContain("Baltic");
    assertThat(Jsoup.parse(send(server, login, null).body()).select("input[name=to]").attr("value"))
        .isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/neighbors",
        "/neighbors.json",
        "/metrics",
        "/live/stream",
        BALTIC + ".csv"
      })
  void aProgramNeedsAToken(String path) throws IOException, InterruptedException {
    assertThat(send(server, path, null).statusCode()).isIn(401, 302);
    assertThat(
            send(server, path, null, "Authorization", "Bearer " + viewerToken + "x").statusCode())
        .isIn(401, 302);
    if (!path.equals("/live/stream") && !path.endsWith(".csv")) {
      assertThat(send(server, path, null, "Authorization", "Bearer " + viewerToken).statusCode())
          .isEqualTo(200);
      assertThat(send(server, path, null).headers().firstValue("WWW-Authenticate"))
          .contains("Bearer");
    }
  }

  @Test
  void aWrongPasswordIsSaidAndLogged() throws IOException, InterruptedException {
    HttpResponse<String> answer = send(server, "/login", "name=anna&password=wrong");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("Name or password is wrong.");
    assertThat(Files.readString(audit)).contains("\"user\":\"anna\"", "wrong name or password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(audit)))
        .isEqualTo("rw-------");
    assertThat(
            send(server, "/login", "name=anna&password=correct+horse&to=//evil.example")
                .headers()
                .firstValue("Location"))
        .contains("/");
  }

  @Test
  void anOperatorActsWithTheMarkOfAPageAndItIsWrittenDown()
      throws IOException, InterruptedException {
    String cookie = cookie("anna", "correct horse");
    String mark = mark(cookie);
    assertThat(mark).isNotEmpty();

    HttpResponse<String> done =
        send(
            server,
            BALTIC + "/reset",
            "mark=" + mark + "&reason=" + encoded("new\npolicy"),
            "Cookie",
            cookie);
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(Jsoup.parse(done.body()).select("h1, pre").text())
        .isEqualTo("Done asked for ipv4-unicast");
    assertThat(orders).containsExactly(List.of("reset", "Baltic Backbone", "new\npolicy"));
    assertThat(Files.readAllLines(audit).getLast())
        .contains("\"user\":\"anna\"", "Baltic Backbone", "new\\npolicy", "\"result\":\"done\"");

    assertThat(send(server, BALTIC, null, "Cookie", cookie).body())
        .contains("action=\"" + BALTIC + "/mute\"");
    send(server, BALTIC + "/mute", "mark=" + mark, "Cookie", cookie);
    assertThat(orders.getLast()).containsExactly("mute", "Baltic Backbone");
    send(server, BALTIC + "/unmute", "mark=" + mark, "Cookie", cookie);
    assertThat(orders.getLast()).containsExactly("unmute", "Baltic Backbone");

    HttpResponse<String> failed =
        send(server, "/neighbor/core1.fra/refresh", "mark=" + mark, "Cookie", cookie);
    assertThat(failed.statusCode()).isEqualTo(409);
    assertThat(Jsoup.parse(failed.body()).select("pre").text()).isEqualTo("<b>it sleeps</b>");
  }

  @Test
  void nothingIsDoneForAnotherSiteOrAViewer() throws IOException, InterruptedException {
    String anna = cookie("anna", "correct horse");
    String mark = mark(anna);
    String reset = BALTIC + "/reset";
    assertThat(send(server, reset, "reason=", "Cookie", anna).statusCode()).isEqualTo(403);
    assertThat(send(server, reset, "mark=x", "Cookie", anna).statusCode()).isEqualTo(403);
    assertThat(
            send(server, reset, "mark=" + mark, "Cookie", anna, "Sec-Fetch-Site", "cross-site")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            send(server, reset, "mark=" + mark, "Cookie", anna, "Origin", "http://evil.example")
                .statusCode())
        .isEqualTo(403);
    String vera = cookie("vera", "battery staple");
    assertThat(mark(vera)).isNotEmpty(); // to log out
    assertThat(send(server, BALTIC, null, "Cookie", vera).body()).doesNotContain("/reset");
    assertThat(send(server, reset, "mark=" + mark(vera), "Cookie", vera).statusCode())
        .isEqualTo(403);
    assertThat(send(server, reset, "", "Authorization", "Bearer " + viewerToken).statusCode())
        .isEqualTo(403);
    assertThat(send(server, reset, "mark=" + mark).statusCode()).isEqualTo(401);
    assertThat(orders).isEmpty();

    assertThat(send(server, reset, "", "Authorization", "Bearer " + operatorToken).statusCode())
        .isEqualTo(200);
    assertThat(orders).hasSize(1);
  }

  @Test
  void whoLogsOutIsNobody() throws IOException, InterruptedException {
    String cookie = cookie("vera", "battery staple");
    assertThat(send(server, "/", null, "Cookie", cookie).statusCode()).isEqualTo(200);
    send(server, "/logout", "mark=" + mark(cookie), "Cookie", cookie);
    assertThat(send(server, "/", null, "Cookie", cookie).statusCode()).isEqualTo(302);
  }

  @Test
  void inPublicEverybodyReadsAndOnlyAnOperatorActs() throws Exception {
    try (var open = serve(Users.of(directory.resolve("web-users")), true)) {
      assertThat(send(open, "/", null).body()).contains("Log in");
      assertThat(send(open, "/api/v1/neighbors", null).statusCode()).isEqualTo(200);
      assertThat(send(open, "/reload", "").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void theFirstUserClosesWhatWasOpenAtOnceAndTheLastOneThatGoesOpensItAgain() throws Exception {
    Path file = directory.resolve("later");
    try (var local = serve(Users.of(file), false, true)) {
      String page = send(local, "/", null).body();
      assertThat(page).contains("Baltic Backbone").doesNotContain("Log in");
      assertThat(send(local, "/login", null).body()).contains("./bgp-peer user NAME");
      assertThat(send(local, "/reload", "").statusCode()).isEqualTo(403);

      put(file, "anna", Users.Role.OPERATOR, "correct horse");
      assertThat(send(local, "/", null).statusCode()).isEqualTo(302);
      assertThat(send(local, "/neighbors.json", null).statusCode()).isEqualTo(401);
      assertThat(send(local, "/login", null).body()).contains("type=\"password\"");
      String cookie = logIn(local, "anna", "correct horse");
      String mark =
          Jsoup.parse(send(local, BALTIC, null, "Cookie", cookie).body())
              .select("input[name=mark]")
              .attr("value");
      assertThat(send(local, "/reload", "mark=" + mark, "Cookie", cookie).statusCode())
          .isEqualTo(200);

      Users.remove(file, "anna");
      assertThat(send(local, "/", null).statusCode()).isEqualTo(200);
      assertThat(send(local, "/reload", "mark=" + mark, "Cookie", cookie).statusCode())
          .isEqualTo(403);
      put(file, "anna", Users.Role.OPERATOR, "another horse");
      assertThat(send(local, "/", null, "Cookie", cookie).statusCode())
          .as("the session of a user of the same name that was")
          .isEqualTo(302);
    }
  }

  @Test
  void onAnAddressThatOthersReachNobodyReadsWithoutUsers() throws Exception {
    Path file = directory.resolve("gone");
    put(file, "anna", Users.Role.VIEWER, "correct horse");
    try (var far = serve(Users.of(file), false, false)) {
      Users.remove(file, "anna");
      assertThat(send(far, "/", null).statusCode()).isEqualTo(302);
      Files.delete(file);
      assertThat(send(far, "/", null).statusCode()).isEqualTo(302);
      Files.writeString(file, "not a line\n");
      assertThat(send(far, "/", null).statusCode()).isEqualTo(302);
      HttpResponse<String> broken = send(far, "/login", null);
      assertThat(broken.statusCode()).isEqualTo(503);
      assertThat(broken.body()).contains("The file of users cannot be read");
    }
  }

  @Test
  void aNewPasswordEndsTheSessionsOfTheOldOne() throws Exception {
    Path file = directory.resolve("changing");
    put(file, "anna", Users.Role.VIEWER, "correct horse");
    try (var site = serve(Users.of(file), false)) {
      String cookie = logIn(site, "anna", "correct horse");
      assertThat(send(site, "/", null, "Cookie", cookie).statusCode()).isEqualTo(200);
      put(file, "anna", Users.Role.VIEWER, "battery staple");
      assertThat(send(site, "/", null, "Cookie", cookie).statusCode()).isEqualTo(302);
    }
  }

  @Test
  void whoMayNotReadAnyMoreIsNotToldMore() throws Exception {
    Path file = directory.resolve("streaming");
    try (var local = serve(Users.of(file), false, true)) {
      HttpResponse<java.io.InputStream> stream =
          CLIENT.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + local.port() + "/live/stream"))
                  .timeout(Duration.ofSeconds(20))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(stream.statusCode()).isEqualTo(200);
      put(file, "anna", Users.Role.VIEWER, "correct horse");
      try (var body = stream.body()) {
        assertThat(body.readAllBytes()).as("it ends").isNotNull();
      }
    }
  }

  private static String logIn(WebServer to, String name, String password) throws Exception {
    String cookie =
        send(to, "/login", "name=" + name + "&password=" + encoded(password))
            .headers()
            .firstValue("Set-Cookie")
            .orElse("");
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void aFileOfUsersKeepsNoSecretAndIsReadAgainWhenItChanges() throws IOException {
    Path file = directory.resolve("others");
    Users users = Users.of(file);
    Users.put(file, "anna", Users.Role.VIEWER, "correct horse");
    assertThat(Files.readString(file))
        .contains("anna viewer pbkdf2-sha256:600000:")
        .doesNotContain("horse");

    put(file, "anna", Users.Role.VIEWER, "correct horse");
    put(file, "vera", Users.Role.VIEWER, "battery staple");
    String token = Users.putToken(file, "robot", Users.Role.VIEWER);
    assertThat(Files.readString(file)).doesNotContain("horse").doesNotContain(token);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(users.withPassword("anna", "correct horse")).isNotNull();
    assertThat(users.withPassword("anna", "correct horsf")).isNull();
    assertThat(users.withPassword("robot", token)).isNull();
    assertThat(users.withToken(token)).isNotNull();
    assertThat(Users.remove(file, "anna")).isTrue();
    assertThat(users.withPassword("anna", "correct horse")).isNull();

    Files.writeString(file, "anna boss secret\n");
    assertThatThrownBy(() -> Users.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(":1: not a line of NAME viewer|operator HASH");
    assertThatThrownBy(() -> Users.put(directory.resolve("x"), "a b", Users.Role.VIEWER, "pw"))
        .hasMessageContaining("no name of a user");
  }

  @Test
  void anAddressMayAskSoOftenAndThenHasToWait() {
    var now = new Instant[] {StoryQueries.NOW};
    var limit =
        new RateLimit(
            3,
            2,
            new Clock() {
              @Override
              public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
              }

              @Override
              public Clock withZone(java.time.ZoneId zone) {
                return this;
              }

              @Override
              public Instant instant() {
                return now[0];
              }
            });
    for (int i = 0; i < 3; i++) {
      assertThat(limit.take("192.0.2.1")).isTrue();
    }
    assertThat(limit.take("192.0.2.1")).isFalse();
    assertThat(limit.take("192.0.2.2")).isTrue();
    now[0] = now[0].plus(Duration.ofSeconds(1));
    assertThat(limit.take("192.0.2.1")).isTrue();
    assertThat(limit.take("192.0.2.1")).isTrue();
    assertThat(limit.take("192.0.2.1")).isFalse();
  }
}
