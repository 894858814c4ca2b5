package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The API over the story: what a program gets, and that the description says the same.
class ApiTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MANY = 2500;

  private static WebServer server;

  @BeforeAll
  static void start() {
    StoryQueries story = StoryQueries.night();
    for (int i = 0; i < MANY; i++) {
      story.routes.add(
          story.route(
              "core2.fra",
              "10.%d.%d.0/24".formatted(i / 256, i % 256),
              null,
              "64496 64511",
              "192.0.2.1",
              null,
              null,
              "",
              "",
              "2026-03-17 01:00:00"));
    }
    server = StoryServer.start(story, 0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/v1" + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return JSON.readTree(response.body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String type(JsonNode schema, JsonNode value) {
    return value.isNull()
        ? "null"
        : value.isArray()
            ? "array"
            : value.isObject()
                ? "object"
                : value.isBoolean()
                    ? "boolean"
                    : value.isIntegralNumber() ? "integer" : value.isNumber() ? "number" : "string";
  }

  private static void assertIs(JsonNode description, JsonNode schema, JsonNode value, String at) {
    JsonNode real = schema;
    if (schema.has("$ref")) {
      String name = schema.get("$ref").asString().replace("#/components/schemas/", "");
      real = description.get("components").get("schemas").get(name);
      assertThat(real).as(at).isNotNull();
    }
    JsonNode said = real.get("type");
    List<String> types =
        said.isArray()
            ? said.values().stream().map(JsonNode::asString).toList()
            : List.of(said.asString());
    assertThat(types).as(at).contains(type(real, value));
    if (value.isArray()) {
      for (JsonNode each : value) {
        assertIs(description, real.get("items"), each, at + "[]");
      }
    } else if (value.isObject() && real.has("properties")) {
      assertThat(value.propertyNames())
          .as(at)
          .containsExactlyInAnyOrderElementsOf(real.get("properties").propertyNames());
      for (String name : value.propertyNames()) {
        assertIs(description, real.get("properties").get(name), value.get(name), at + "." + name);
      }
    }
  }

  @Test
  void everyOperationAnswersAsItsDescriptionSays() throws IOException, InterruptedException {
    JsonNode description = json("/openapi.json");
    JsonNode paths = description.get("paths");
    assertThat(paths.propertyNames())
        .hasSizeGreaterThan(10)
        .allMatch(p -> p.startsWith("/api/v1/"));
    for (String path : paths.propertyNames()) {
      String asked =
          path.substring("/api/v1".length())
              .replace("{name}", "Baltic%20Backbone")
              .replace("{as}", "64511")
              .replace("{id}", json("/packets?limit=1").get("data").get(0).get("id").asString());
      asked +=
          switch (asked) {
            case "/history" -> "?prefix=198.51.100.0/24";
            case "/prefixes" -> "?within=0.0.0.0/0";
            case "/search" -> "?q=198.51.100.77";
            case "/diff" -> "?a=Northwind%20Transit&b=core1.fra";
            default -> "";
          };
      JsonNode schema =
          paths
              .get(path)
              .get("get")
              .get("responses")
              .get("200")
              .get("content")
              .get("application/json")
              .get("schema");
      JsonNode answer = json(asked);
      assertIs(description, schema, answer, asked);
      if (answer.has("data")) {
        assertThat(answer.get("data")).as(asked).isNotEmpty();
      }
    }
  }

  @Test
  void pagesFollowOneAnotherByKeyUntilAllRowsAreRead() throws IOException, InterruptedException {
    JsonNode whole = json("/routes?limit=0");
    assertThat(whole.get("data").size()).isGreaterThan(MANY);
    assertThat(whole.get("next").isNull()).isTrue();

    var pieced = new ArrayList<JsonNode>();
    String next = "";
    int pages = 0;
    while (next != null) {
      JsonNode page = json("/routes?limit=700" + (next.isEmpty() ? "" : "&after=" + encoded(next)));
      page.get("data").forEach(pieced::add);
      next = page.get("next").isNull() ? null : page.get("next").asString();
      pages++;
    }
    assertThat(pages).isEqualTo(4);
    assertThat(pieced).isEqualTo(whole.get("data").values().stream().toList());
  }

  @Test
  void aLimitAboveOneReadEndsWhereItSays() throws IOException, InterruptedException {
    JsonNode page = json("/routes?limit=1500");

    assertThat(page.get("data").size()).isEqualTo(1500);
    assertThat(page.get("next").isNull()).isFalse();
  }

  @Test
  void aNextPageIsInTheLinkHeaderToo() throws IOException, InterruptedException {
    String link = get("/routes?limit=2").headers().firstValue("Link").orElseThrow();

    assertThat(link).startsWith("</api/v1/routes?limit=2&after=").endsWith(">; rel=\"next\"");
  }

  @ParameterizedTest
  @CsvSource({"?format=csv,", "'',text/csv"})
  void routesComeAsCsvWithOneHeader(String query, String accept)
      throws IOException, InterruptedException {
    String path = "/routes" + (query.isEmpty() ? "?" : query + "&") + "limit=0";
    HttpResponse<String> response = accept == null ? get(path) : get(path, "Accept", accept);

    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
    List<String> lines = response.body().lines().toList();
    assertThat(lines).hasSize(json("/routes/count").get("count").asInt() + 1);
    assertThat(lines.getFirst()).startsWith("neighbor,neighbor_as,family,prefix,");
    assertThat(lines.stream().filter(line -> line.startsWith("neighbor,"))).hasSize(1);
  }

  @Test
  void routesComeAsLinesOfJson() throws IOException, InterruptedException {
    HttpResponse<String> response = get("/routes?limit=0&format=jsonl");

    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    assertThat(response.body().lines().map(JSON::readTree).map(row -> (Object) row).toList())
        .isEqualTo(
            json("/routes?limit=0").get("data").values().stream()
                .map(row -> (Object) row)
                .toList());
  }

  @Test
  void whatHasNotChangedIsNotSentAgain() throws IOException, InterruptedException {
    HttpResponse<String> first = get("/neighbors");
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again = get("/neighbors", "If-None-Match", tag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(get("/neighbors?limit=1").headers().firstValue("ETag"))
        .isNotEqualTo(first.headers().firstValue("ETag"));
  }

  @Test
  void conditionsHoldTogether() throws IOException, InterruptedException {
    JsonNode rows =
        json("/routes?prefix=10.0.0.0/15&match=longer&neighbor=core2.fra&state=active&as_path="
                + encoded("^64496 ")
                + "&next_hop=192.0.2.1&limit=0")
            .get("data");

    assertThat(rows.size()).isEqualTo(512);
    assertThat(
            rows.values().stream()
                .map(row -> row.get("prefix").asString())
                .collect(Collectors.toSet()))
        .contains("10.1.255.0/24")
        .doesNotContain("10.2.0.0/24");
  }

  @Test
  void anAddressFindsItsLongestMatch() throws IOException, InterruptedException {
    JsonNode rows = json("/routes?prefix=10.0.7.9").get("data");

    assertThat(rows.size()).isEqualTo(1);
    assertThat(rows.get(0).get("prefix").asString()).isEqualTo("10.0.7.0/24");
  }

  @ParameterizedTest
  @CsvSource({
    "/routes?colour=blue,400,colour",
    "/routes?family=ipv4,400,family",
    "/routes?neighbor=a%00b,400,neighbor",
    "/routes/count?family=AS64500,400,family",
    "/routes?as_path=((,400,as_path",
    "/routes?prefix=192.0.2.0/33,400,prefix",
    "/routes?next_hop=nowhere,400,next_hop",
    "/routes?match=longer,400,match",
    "/routes?limit=-1,400,limit",
    "/routes?format=xml,400,format",
    "/routes?after=nonsense,400,after",
    "/routes?at=yesterday-ish,400,at",
    "/routes?state=maybe,400,state",
    "/routes?neighbor=nobody,404,nobody",
    "/neighbors/nobody,404,nobody",
    "/packets/1,404,packet 1",
    "/sessions?after=x,400,after",
    "/prefixes,400,within",
    "/history?prefix=192.0.2.0/24&nlri=x,400,prefix",
    "/counts?from=2026-03-17&to=2026-03-16,400,from",
    "/counts?from=2025-03-17&step=1s,400,step",
    "/counts?family=ipv4-unicast,400,family",
    "/nothing,404,/api/v1/nothing"
  })
  void whatIsWrongIsAProblemThatNamesIt(String path, int status, String named)
      throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = JSON.readTree(response.body());
    assertThat(problem.propertyNames())
        .containsExactly("type", "title", "status", "detail", "instance");
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("title").asString() + problem.get("detail").asString()).contains(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/routes?limit=0", "/neighbors"})
  void answersAreCompressedForWhoeverAsks(String path) throws IOException, InterruptedException {
    HttpResponse<String> plain = get(path);
    HttpResponse<String> small = get(path, "Accept-Encoding", "gzip");

    assertThat(small.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(small.body().length()).isLessThan(plain.body().length());
  }
}
