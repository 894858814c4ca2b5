package org.bgppeer.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who asks, and whether he may: users log in with a password and get a cookie, programs send a
/// token; what changes something is a POST with the mark of the page that it came from.
public final class Guard {
  private static final Logger log = LoggerFactory.getLogger(Guard.class);
  private static final String COOKIE = "bgp_peer_session";
  private static final Duration LASTS = Duration.ofHours(12);
  private static final int SESSIONS = 10_000;

  /// Requests of an address, and attempts to log in: many people may be behind one.
  private final RateLimit requests;

  private final RateLimit attempts;
  private final WebAccess access;
  private final Clock clock;
  private final AuditLog audit;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  /// Who is logged in.
  ///
  /// @param mark a form of its pages has it, one of another site cannot
  /// @param secret that it logged in with: another password ends the session
  private record Session(String user, String secret, String mark, Instant until) {}

  /// Who asks, for the page.
  ///
  /// @param name null for somebody
  /// @param operator whether he may act
  /// @param mark what a form has to send
  /// @param users whether one can log in at all
  public record Account(@Nullable String name, boolean operator, String mark, boolean users) {
    static final Account NOBODY = new Account(null, false, "", false);
  }

  /// The model of `login.jte`.
  ///
  /// @param to where to go then
  /// @param wrong whether the last attempt was
  /// @param possible whether anybody has a password
  public record LoginModel(String to, String name, boolean wrong, boolean possible) {}

  /// The model of `done.jte`.
  public record DoneModel(String title, String words, String back) {}

  Guard(WebAccess access, Clock clock) {
    this.access = access;
    this.clock = clock;
    this.audit = new AuditLog(access.audit());
    this.requests = new RateLimit(400, 100, clock);
    this.attempts = new RateLimit(10, 0.2, clock);
  }

  /// Adds what users need: logging in and out, and the actions.
  void addTo(Site site, RoutesConfig routes) {
    if (access.users() == null) {
      return;
    }
    routes.get("/login", context -> login(site, context, false));
    routes.post("/login", context -> logIn(site, context));
    routes.post("/logout", this::logOut);
    if (access.actions() != null) {
      routes.post("/reload", context -> act(site, context, List.of("reload"), "/neighbors"));
      routes.post(
          "/neighbor/{name}/reset",
          context -> {
            String name = context.pathParam("name");
            String reason = context.formParam("reason");
            act(
                site,
                context,
                List.of("reset", name, reason == null ? "" : reason.strip()),
                Links.neighbor(name));
          });
      for (String order : List.of("mute", "unmute")) {
        routes.post(
            "/neighbor/{name}/" + order,
            context -> {
              String name = context.pathParam("name");
              act(site, context, List.of(order, name), Links.neighbor(name));
            });
      }
      routes.post(
          "/neighbor/{name}/refresh",
          context -> {
            String name = context.pathParam("name");
            act(site, context, List.of("refresh", name, ""), Links.neighbor(name));
          });
    }
  }

  /// Refuses who may not; before anything else is done for him.
  void check(Context context) {
    if (!isLoopback(context) && !requests.take(context.ip())) {
      context.header("Retry-After", "5");
      throw new Refusal(
          429, "Too many requests", "You ask too often", "Wait some seconds.", "", List.of());
    }
    String path = context.path();
    if (path.equals("/login")
        || path.startsWith("/static/")
        || path.equals("/favicon.ico")
        || mayReadOrSayWhyNot(context)) {
      return;
    }
    boolean page =
        context.method().name().equals("GET")
            && !path.startsWith("/api/")
            && !path.equals("/metrics")
            && !path.endsWith(".json")
            && !path.endsWith(".csv");
    if (page) {
      context.redirect("/login?to=" + Links.segment(address(context)));
      context.skipRemainingHandlers();
      return;
    }
    context.header("WWW-Authenticate", "Bearer");
    throw new Refusal(
        401,
        "Not logged in",
        "This needs a user or a token",
        "Send the header Authorization: Bearer TOKEN; ./bgp-peer user NAME --token makes one.",
        "",
        List.of());
  }

  private boolean mayReadOrSayWhyNot(Context context) {
    try {
      return mayRead(context);
    } catch (UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  private static Refusal unreadable(Exception e) {
    log.error("nobody may log in until this is right: {}", e.getMessage());
    return new Refusal(
        503,
        "Not available",
        "The file of users cannot be read",
        "Until it can, nobody may see what needs a user. The log of the collector says what is"
            + " wrong with it; ./bgp-peer user says it too.",
        "",
        List.of());
  }

  /// Whether who sent this request may read now: while it is answered, he may have lost it.
  boolean mayRead(Context context) {
    return !access.isClosed() || user(context) != null;
  }

  private static String address(Context context) {
    String query = context.req().getQueryString();
    return context.req().getRequestURI() + (query == null ? "" : "?" + query);
  }

  private static boolean isLoopback(Context context) {
    try {
      return InetAddress.getByName(context.ip()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // an address is never looked up
    }
  }

  /// Who asks.
  Account account(Context context) {
    try {
      Users.User user = user(context);
      Session session = session(context);
      return new Account(
          user == null ? null : user.name(),
          user != null && user.role() == Users.Role.OPERATOR && access.actions() != null,
          user == null || session == null ? "" : session.mark,
          access.hasUsers());
    } catch (UncheckedIOException e) {
      log.debug("an error page is shown to nobody: {}", e.toString());
      return Account.NOBODY;
    }
  }

  private Users.@Nullable User user(Context context) {
    Users users = access.users();
    if (users == null) {
      return null;
    }
    try {
      String sent = context.header("Authorization");
      if (sent != null && sent.regionMatches(true, 0, "Bearer ", 0, 7)) {
        return users.withToken(sent.substring(7).strip());
      }
      Session session = session(context);
      if (session == null) {
        return null;
      }
      Users.User named = users.named(session.user);
      return named != null && named.secret().equals(session.secret) ? named : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Session session(Context context) {
    String cookie = context.cookie(COOKIE);
    Session session = cookie == null ? null : sessions.get(cookie);
    if (cookie != null && session != null && session.until.isBefore(clock.instant())) {
      sessions.remove(cookie);
      return null;
    }
    return session;
  }

  private String secret() {
    var octets = new byte[32];
    random.nextBytes(octets);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  // ---------------------------------------------------------------- logging in and out

  private void login(Site site, Context context, boolean wrong) {
    String to = wrong ? context.formParam("to") : context.queryParam("to");
    String name = wrong ? context.formParam("name") : "";
    boolean possible;
    try {
      possible =
          access.users() != null && access.users().all().stream().anyMatch(Users.User::hasPassword);
    } catch (IOException e) {
      throw unreadable(e);
    }
    context.status(wrong ? 403 : 200).header("Cache-Control", "no-store");
    site.plain(
        context,
        "login",
        "Log in",
        new LoginModel(own(to), name == null ? "" : name, wrong, possible));
  }

  /// An address of this site; the dashboard if it is another one.
  private static String own(@Nullable String to) {
    return to == null || !to.matches("/(?![/\\\\]).*") || to.chars().anyMatch(c -> c < 0x20)
        ? "/"
        : to;
  }

  private void logIn(Site site, Context context) {
    sameSite(context);
    Users users = access.users();
    String name = String.valueOf(context.formParam("name"));
    String password = String.valueOf(context.formParam("password"));
    if (!attempts.take(context.ip())) {
      context.header("Retry-After", "60");
      throw new Refusal(
          429, "Too many attempts", "Too many attempts to log in", "Wait a minute.", "", List.of());
    }
    Users.User user;
    try {
      user = users == null ? null : users.withPassword(name, password);
    } catch (IOException e) {
      throw unreadable(e);
    }
    note(context, name, List.of("log in"), user == null ? "wrong name or password" : "done");
    if (user == null) {
      login(site, context, true);
      return;
    }
    Instant now = clock.instant();
    sessions.values().removeIf(each -> each.until.isBefore(now));
    if (sessions.size() >= SESSIONS) {
      sessions.clear();
    }
    String secret = secret();
    sessions.put(secret, new Session(user.name(), user.secret(), secret(), now.plus(LASTS)));
    context.header("Set-Cookie", cookie(secret, LASTS.toSeconds()));
    context.redirect(own(context.formParam("to")), io.javalin.http.HttpStatus.SEE_OTHER);
  }

  private String cookie(String value, long seconds) {
    return COOKIE
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
        + seconds
        + (access.certificate() == null ? "" : "; Secure");
  }

  private void logOut(Context context) {
    marked(context);
    String cookie = context.cookie(COOKIE);
    if (cookie != null) {
      sessions.remove(cookie);
    }
    context.header("Set-Cookie", cookie("", 0));
    context.redirect("/", io.javalin.http.HttpStatus.SEE_OTHER);
  }

  // ---------------------------------------------------------------- acting

  private void act(Site site, Context context, List<String> words, String back) {
    Users.User user = user(context);
    String name = user == null ? "" : user.name();
    try {
      if (user == null || user.role() != Users.Role.OPERATOR) {
        throw new Refusal(
            403, "Not allowed", "Only an operator may do this", "Log in as one.", "", List.of());
      }
      marked(context);
    } catch (Refusal e) {
      note(context, name, words, e.title);
      throw e;
    }
    WebAccess.Actions actions = access.actions();
    String title;
    String said;
    try {
      said = actions == null ? "" : actions.carryOut(words);
      note(context, name, words, "done");
      title = "Done";
    } catch (WebAccess.Refused e) {
      said = String.valueOf(e.getMessage());
      note(context, name, words, said);
      context.status(409);
      title = "Not done";
    }
    context.header("Cache-Control", "no-store");
    site.plain(context, "done", title, new DoneModel(title, said, back));
  }

  /// A token is no cookie: no other site can make a browser send it. All else needs the mark.
  private void marked(Context context) {
    if (context.header("Authorization") != null) {
      return;
    }
    sameSite(context);
    Session session = session(context);
    String mark = context.formParam("mark");
    if (session == null
        || mark == null
        || !MessageDigest.isEqual(
            mark.getBytes(StandardCharsets.UTF_8), session.mark.getBytes(StandardCharsets.UTF_8))) {
      throw foreign();
    }
  }

  private static void sameSite(Context context) {
    String site = context.header("Sec-Fetch-Site");
    String origin = context.header("Origin");
    boolean own =
        (site == null || site.equals("same-origin") || site.equals("none"))
            && (origin == null
                || origin.replaceFirst("^https?://", "").equals(context.header("Host")));
    if (!own) {
      throw foreign();
    }
  }

  private static Refusal foreign() {
    return new Refusal(
        403,
        "Not allowed",
        "This did not come from a page of ours",
        "Open the page anew, log in if need be, and try again.",
        "",
        List.of());
  }

  private void note(Context context, String user, List<String> words, String result) {
    audit.write(
        new AuditLog.Line(clock.instant(), user, context.ip(), new ArrayList<>(words), result));
  }
}
