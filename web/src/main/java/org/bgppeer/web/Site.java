package org.bgppeer.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import gg.jte.output.Utf8ByteOutput;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.bgppeer.store.Health;
import org.bgppeer.store.Queries;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The table of addresses, and all that is the same for each of them: which parameters there are,
/// the forms `.json` and `.csv`, headers, error pages.
///
/// A page is one line in the constructor of its class:
///
/// ```java
/// site.page("/neighbor/{name}/routes", this::routes, "in", "path", "origin", "state", "after");
/// ```
///
/// and a method `Reply routes(Visit visit)`.
final class Site {
  private static final Logger log = LoggerFactory.getLogger(Site.class);

  /// Nothing comes from outside, nothing stands inline: a name with a script in it stays a name.
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /// What a page does with a request.
  interface Answer {
    Reply answer(Visit visit);
  }

  private final Queries queries;

  /// Whoever looks at a page waits for it; a program that asks for data gets all.
  private final Queries ofPages;

  private final JournalGaps gaps;
  private final Guard guard;
  private final WebConfig config;
  private final RoutesConfig routes;
  private final Assets assets = new Assets();
  private final Turns turns = new Turns();

  /// So many streams there may be at a time: each reads the journal.
  private static final int STREAMS = 200;

  private final Semaphore streams = new Semaphore(STREAMS);
  private final CountDownLatch closing;

  /// The addresses of pages that can show another moment than now.
  private final List<Pattern> pastPages = new ArrayList<>();
  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Site.class.getClassLoader(), Site.class.getPackageName());

  /// @param closing at zero when the server stops: streams end then
  Site(Queries queries, WebConfig config, RoutesConfig routes, CountDownLatch closing) {
    this.closing = closing;
    this.queries = queries;
    ofPages = queries.indexed();
    gaps = new JournalGaps(queries);
    this.config = config;
    this.routes = routes;
    this.guard = new Guard(config.access(), config.clock());
    routes.before(_ -> Niceness.giveWay());
    routes.before(Site::securityHeaders);
    routes.before(guard::check);
    routes.get("/static/{file}", this::asset);
    routes.get("/favicon.ico", context -> context.redirect(assets.address("favicon.svg")));
    routes.get("/theme", Site::theme);
    guard.addTo(this, routes);
    routes.get(
        "/metrics",
        new Metrics(queries, gaps, config.version(), config.access().actions())::answer);
    routes.exception(Refusal.class, (refusal, context) -> refuse(context, refusal));
    routes.exception(HttpResponseException.class, this::refuse);
    routes.exception(Exception.class, this::fail);
  }

  WebConfig config() {
    return config;
  }

  JournalGaps gaps() {
    return gaps;
  }

  /// Adds an address, and its forms `.json` and `.csv`.
  ///
  /// @param address as Javalin has it: `/neighbor/{name}`
  /// @param parameters that the query may have; any other is refused by name
  void page(String address, Answer answer, String... parameters) {
    var allowed = Set.of(parameters);
    if (allowed.contains("at")) {
      pastPages.add(Pattern.compile(address.replaceAll("\\{[a-z]+}", "[^/]+")));
    }
    routes.get(address, context -> serve(context, answer, allowed));
    // The last part of `/neighbor/{name}` takes a suffix with it; one that is fixed needs its own
    // line.
    if (!address.endsWith("}")) {
      String base = address.equals("/") ? "/dashboard" : address;
      routes.get(base + ".json", context -> serve(context, answer, allowed));
      routes.get(base + ".csv", context -> serve(context, answer, allowed));
    }
  }

  /// Adds the address of a form whose values are too long for an address. Its answer changes
  /// nothing.
  void form(String address, Answer answer, String... parameters) {
    var allowed = Set.of(parameters);
    routes.post(
        address,
        context ->
            serve(context, answer, allowed, visit(context, allowed, context.formParamMap())));
  }

  /// Adds an address whose answer goes on until the reader or this server ends it.
  void stream(String address, EventStream.Question question, String... parameters) {
    var allowed = Set.of(parameters);
    routes.get(
        address,
        context -> {
          Visit visit = visit(context, allowed);
          EventStream.Source source = question.of(visit);
          if (!streams.tryAcquire()) {
            throw new Refusal(
                503,
                "Not available",
                "Too many pages follow live already",
                "At most " + STREAMS + " can. This one asks every few seconds instead.",
                "",
                List.of());
          }
          try {
            String last = context.header("Last-Event-ID");
            Long id = last == null || !last.matches("[0-9]{1,18}") ? null : Long.valueOf(last);
            context
                .contentType("text/event-stream; charset=utf-8")
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no");
            OutputStream out = context.res().getOutputStream();
            out.flush();
            source.write(
                new EventStream(
                    out, closing, id, rows -> lines(visit, rows), () -> guard.mayRead(context)));
          } catch (IOException e) {
            log.debug("a reader of {} is gone: {}", address, e.toString());
          } finally {
            streams.release();
          }
        });
  }

  private String lines(Visit visit, List<LivePage.Row> rows) {
    var output = new StringOutput();
    templates.render(
        "tag/liverows.jte",
        Map.of("rows", rows, "now", visit.now(), "names", visit.names()),
        output);
    return new String(
        Visible.of(output.toString().getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  /// Adds an operation of the API.
  void operation(ApiOperation operation) {
    var allowed = operation.allowed();
    routes.get(
        operation.path(),
        context -> {
          var visit =
              new Visit(
                  queries,
                  config.names().now(),
                  config.clock().instant(),
                  Visit.Form.JSON,
                  context.req().getRequestURI(),
                  context.pathParamMap(),
                  parameters(context.queryParamMap(), allowed));
          Runnable answer = () -> ApiAnswer.write(context, operation, visit);
          if (ApiAnswer.isStreamed(visit)) {
            answer.run(); // it waits for who reads it, and that may be long
          } else {
            turns.take(answer);
          }
        });
  }

  /// Adds an address whose answer never changes.
  void fixed(String address, String type, byte[] octets) {
    routes.get(
        address,
        context -> context.header("Cache-Control", "no-cache").contentType(type).result(octets));
  }

  private void serve(Context context, Answer answer, Set<String> allowed) {
    serve(context, answer, allowed, visit(context, allowed));
  }

  private void serve(Context context, Answer answer, Set<String> allowed, Visit visit) {
    turns.take(() -> serveNow(context, answer, allowed, visit));
  }

  private void serveNow(Context context, Answer answer, Set<String> allowed, Visit visit) {
    Instant at = allowed.contains("at") ? visit.moment() : null;
    if (at != null && visit.form() == Visit.Form.HTML && !Text.iso(at).equals(visit.text("at"))) {
      context.redirect(visit.with("at", Text.iso(at))); // `1h` would be another moment each time
      return;
    }
    switch (answer.answer(visit)) {
      case Reply.Redirect(String location) -> context.redirect(location);
      case Reply.Raw(String type, String fileName, Octets octets) ->
          context
              .header("Content-Disposition", "attachment; filename=\"" + fileName + "\"")
              .contentType(type)
              .result(octets.toByteArray());
      case Reply.Page page -> {
        context.header("Cache-Control", "no-cache");
        if (page.next() != null) {
          context.header("Link", "<" + page.next() + ">; rel=\"next\"");
        }
        switch (visit.form()) {
          case HTML ->
              html(context, page.template(), shell(context, visit, page, allowed), page.model());
          case JSON -> {
            if (page.data() == null) {
              throw noSuchForm(visit, "JSON");
            }
            context.contentType("application/json").result(Tabular.json(page.data()));
          }
          case CSV -> {
            if (!(page.data() instanceof List<?> rows)) {
              throw noSuchForm(visit, "CSV");
            }
            context.contentType("text/csv; charset=utf-8").result(Tabular.csv(rows));
          }
        }
      }
    }
  }

  private static Refusal noSuchForm(Visit visit, String form) {
    return Refusal.notFound(
        "No such form",
        "This page has no " + form + " form",
        "The page itself is at " + visit.as(Visit.Form.HTML) + ".",
        "");
  }

  private static Map<String, String> parameters(
      Map<String, List<String>> given, Set<String> allowed) {
    var parameters = new LinkedHashMap<String, String>();
    given.forEach(
        (name, values) -> {
          if (!allowed.contains(name)) {
            throw unknownParameter(name, allowed);
          }
          if (values.size() > 1) {
            throw Refusal.parameter(name, String.join("”, “", values), "given once");
          }
          parameters.put(name, values.getFirst());
        });
    return parameters;
  }

  private Visit visit(Context context, Set<String> allowed) {
    return visit(context, allowed, context.queryParamMap());
  }

  private Visit visit(Context context, Set<String> allowed, Map<String, List<String>> given) {
    Map<String, String> parameters = parameters(given, allowed);
    // The suffix is looked for in the address as it came: an encoded dot belongs to a name.
    String raw = context.req().getRequestURI();
    Visit.Form form =
        raw.endsWith(".json")
            ? Visit.Form.JSON
            : raw.endsWith(".csv") ? Visit.Form.CSV : Visit.Form.HTML;
    int suffix = raw.length() - raw.lastIndexOf('.');
    var parts = new LinkedHashMap<>(context.pathParamMap());
    if (form != Visit.Form.HTML) {
      raw = raw.substring(0, raw.length() - suffix);
      if (context.endpoint().path.endsWith("}")) {
        String address = context.endpoint().path;
        String last = address.substring(address.lastIndexOf('{') + 1, address.length() - 1);
        String value = context.pathParam(last);
        parts.put(last, value.substring(0, value.length() - suffix));
      }
    }
    String path = raw.equals("/dashboard") ? "/" : raw;
    return new Visit(
        form == Visit.Form.HTML ? ofPages : queries,
        config.names().now(),
        config.clock().instant(),
        form,
        path,
        parts,
        parameters);
  }

  private static Refusal unknownParameter(String name, Set<String> allowed) {
    return new Refusal(
        400,
        "Bad request",
        "This page has no parameter “" + name + "”",
        allowed.isEmpty()
            ? "It has no parameters at all."
            : "It knows " + String.join(", ", allowed.stream().sorted().toList()) + ".",
        "",
        List.of());
  }

  private Shell shell(Context context, Visit visit, Reply.Page page, Set<String> allowed) {
    Shell shell =
        shell(
            context,
            page.title(),
            page.section(),
            visit.now(),
            queries.health(),
            page.query(),
            page.data() == null ? null : visit.as(Visit.Form.JSON),
            page.tabular() ? visit.as(Visit.Form.CSV) : null);
    if (!allowed.contains("at")) {
      return shell;
    }
    Instant at = visit.moment();
    return at == null
        ? shell.withWay(TimeBar.Way.of(visit))
        : shell.ofThePast(TimeBar.of(visit, at, page.changes()));
  }

  private Shell shell(
      Context context,
      String title,
      String section,
      Instant now,
      @Nullable Health health,
      String query,
      @Nullable String json,
      @Nullable String csv) {
    String theme = context.cookie("theme");
    return new Shell(
        title,
        section,
        "dark".equals(theme) || "light".equals(theme) ? theme : null,
        now,
        Shell.state(health, now),
        Shell.lag(health, now),
        query,
        json,
        csv,
        assets.address("app.css"),
        assets.address("app.js"),
        assets.address("favicon.svg"),
        config.version(),
        null,
        null,
        config.communities(),
        config.names().now(),
        guard.account(context));
  }

  /// A page that is no view of the database.
  void plain(Context context, String template, String title, Object model) {
    Instant now = config.clock().instant();
    html(context, template, shell(context, title, "", now, healthOrNull(), "", null, null), model);
  }

  private void html(Context context, String template, Shell shell, Object model) {
    var output = new Utf8ByteOutput();
    templates.render(template + ".jte", Map.of("shell", shell, "page", model), output);
    context.contentType("text/html; charset=utf-8");
    if (shell.bar() == null) {
      context.result(Visible.of(output.toByteArray()));
    } else {
      String page = new String(Visible.of(output.toByteArray()), StandardCharsets.UTF_8);
      context.result(PastLinks.keep(page, shell.bar().at(), this::hasPast));
    }
  }

  private boolean hasPast(String path) {
    return pastPages.stream().anyMatch(each -> each.matcher(path).matches());
  }

  private static void securityHeaders(Context context) {
    context
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "same-origin")
        .header("Cross-Origin-Opener-Policy", "same-origin");
  }

  private void asset(Context context) {
    Assets.Asset asset = assets.asset(context.pathParam("file"));
    if (asset == null) {
      throw Refusal.notFound(
          "Not found",
          "There is no such file",
          "It may be of an older version of this program.",
          "");
    }
    context
        .header("Cache-Control", "public, max-age=31536000, immutable")
        .contentType(asset.type())
        .result(asset.content().toByteArray());
  }

  /// The theme button without a script: chooses the other theme and goes back.
  private static void theme(Context context) {
    String chosen = "dark".equals(context.cookie("theme")) ? "light" : "dark";
    context.header("Set-Cookie", "theme=" + chosen + "; Path=/; Max-Age=31536000; SameSite=Lax");
    context.header("Cache-Control", "no-store");
    context.redirect(ownPage(context.header("Referer"), context.header("Host")));
  }

  /// The page of ours that a request came from; the dashboard if it came from elsewhere.
  private static String ownPage(@Nullable String referrer, @Nullable String host) {
    if (referrer == null || host == null) {
      return "/";
    }
    try {
      URI from = URI.create(referrer);
      String path = from.getRawPath();
      if (!host.equals(from.getRawAuthority())
          || path == null
          || !path.startsWith("/")
          || path.startsWith("//")) {
        return "/";
      }
      return from.getRawQuery() == null ? path : path + "?" + from.getRawQuery();
    } catch (IllegalArgumentException e) {
      return "/"; // a header that is no URI says nothing of where to go back to
    }
  }

  private void refuse(HttpResponseException e, Context context) {
    Refusal refusal =
        e.getStatus() == 404
            ? Refusal.notFound(
                "Not found",
                "There is no page at this address",
                "You asked for " + context.path() + ".",
                "")
            : new Refusal(
                e.getStatus(),
                "Bad request",
                "This request cannot be answered",
                String.valueOf(e.getMessage()),
                "",
                List.of());
    refuse(context, refusal);
  }

  private void fail(Exception e, Context context) {
    log.error("GET {} failed", context.req().getRequestURI(), e);
    refuse(
        context,
        new Refusal(
            503,
            "Not available",
            "The database did not answer",
            "The page is not ready, and the reason stands in the log of the collector. What routers"
                + " send is still written to the journal. Try again in a moment.",
            "",
            List.of()));
  }

  private void refuse(Context context, Refusal refusal) {
    Instant now = config.clock().instant();
    context.status(refusal.status).header("Cache-Control", "no-store").removeHeader("Link");
    String raw = context.req().getRequestURI();
    if (raw.startsWith("/api/")) {
      context
          .contentType("application/problem+json")
          .result(
              Tabular.json(
                  new Problem("about:blank", refusal.title, refusal.status, refusal.lead, raw)));
      return;
    }
    if (raw.endsWith(".json") || raw.endsWith(".csv")) {
      context
          .contentType("application/json")
          .result(
              Tabular.json(
                  new ErrorObject(refusal.status, refusal.kind, refusal.title, refusal.lead)));
      return;
    }
    Health health = healthOrNull();
    var details = new ArrayList<String>();
    details.add(refusal.status + " " + refusal.kind + " · GET " + raw);
    details.add(now + " · bgp-peer " + config.version());
    html(
        context,
        "error",
        shell(context, refusal.title, "", now, health, refusal.query, null, null),
        new ErrorPage(refusal, details, Shell.state(health, now)));
  }

  /// An error page must not fail for the same reason as the page that it stands for.
  private @Nullable Health healthOrNull() {
    try {
      return queries.health();
    } catch (RuntimeException e) {
      log.warn("the state of the collector cannot be read: {}", e.toString());
      return null;
    }
  }

  /// What the API says in place of an answer (RFC 9457 section 3).
  record Problem(String type, String title, int status, String detail, String instance) {}

  /// What a program gets in place of an error page.
  private record ErrorObject(int status, String kind, String title, String detail) {}
}
