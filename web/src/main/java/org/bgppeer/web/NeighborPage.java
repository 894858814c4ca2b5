package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bgppeer.store.CountPoint;
import org.bgppeer.store.EventRow;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.store.PacketQuery;
import org.bgppeer.store.PacketRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RoutePage;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.bgppeer.store.SessionRow;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// `/neighbor/{name}` and what is under it: what does it send, and why did it go?
public final class NeighborPage {
  private static final int FEW = 5;
  private static final int ROUTES_FEW = 10;
  private static final int ROUTES = 50;
  private static final int ROUTES_DATA = 1000;
  private static final int SESSIONS = 50;
  private static final int EVENTS = 50;
  private static final int FINDINGS = 50;
  private static final int NEAR = 5;

  private static final Pattern PLAIN_PATH = Pattern.compile("[0-9 ]+");
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+");

  private final WebAccess.@Nullable Actions collector;

  NeighborPage(Site site) {
    collector = site.config().access().actions();
    site.page("/neighbor/{name}/counters", this::counters);
    site.page("/neighbor/{name}", this::overview, "w", "family", "at");
    site.page("/neighbor/{name}/sessions", this::sessions, "before", "log", "at");
    site.page("/neighbor/{name}/capabilities", this::capabilities, "at");
    site.page(
        "/neighbor/{name}/routes",
        this::routes,
        "in",
        "path",
        "origin",
        "community",
        "nh",
        "family",
        "state",
        "at",
        "after");
    site.page("/neighbor/{name}/findings", this::findings, "before", "at");
  }

  /// What stands at the head of each of these pages.
  ///
  /// @param tab which of them it is: `overview`, `sessions`, `capabilities`, `counters`, `routes`,
  ///     `findings`
  /// @param say its state with the reason, in a sentence; null if there is nothing to say
  /// @param families in words
  /// @param past whether it is of another moment than now
  public record Head(
      NeighborRow neighbor,
      String tab,
      @Nullable Say say,
      String families,
      Instant now,
      boolean past,
      boolean muted) {
    /// The address of this neighbor.
    public String address() {
      return Links.neighbor(neighbor.name());
    }

    boolean up() {
      SessionRow last = neighbor.session();
      return last != null && last.downAt() == null;
    }
  }

  /// The sentence about its state.
  ///
  /// @param begin in bold, with the age behind it
  public record Say(
      Mark mark, String begin, Instant since, String text, List<DashboardPage.More> more) {}

  /// A line of the table of sessions.
  ///
  /// @param lasted how long
  public record SessionLine(
      SessionRow session, Mark mark, String lasted, String why, @Nullable String packets) {}

  /// What was asked for in the form above the routes.
  public record Filter(
      String in,
      String path,
      String origin,
      String community,
      String nextHop,
      String family,
      String state,
      List<String> families) {
    /// Whether nothing was.
    public boolean isEmpty() {
      return in.isEmpty()
          && path.isEmpty()
          && origin.isEmpty()
          && community.isEmpty()
          && nextHop.isEmpty()
          && family.isEmpty()
          && state.equals("all");
    }
  }

  /// A table of routes and the form above it.
  ///
  /// @param next the address of the next page; null if this is the last
  /// @param first the address of the first page; null if this is it
  /// @param action where the form leads
  public record Routes(
      Filter filter,
      List<RouteRow> rows,
      @Nullable String next,
      @Nullable String first,
      String action) {}

  /// The model of `neighbor.jte`.
  ///
  /// @param window what the charts are of: `10 min`, `IPv6 unicast, 10 min`
  /// @param families of which the charts and the routes are: all, or one of them; none if it has
  ///     but one
  /// @param changes announced and withdrawn a second, at the same times as `chart`
  /// @param average over what each point of `changes` is one: `1 min`
  /// @param down whether the session was down for a part of the chart
  /// @param stale whether any of its routes is stale
  /// @param open both OPENs; null if they are not known
  /// @param opened when the session of these OPENs began
  /// @param messages since the collector started; none of the past, or if no collector runs here
  public record Overview(
      Head head,
      List<PrefixPage.Chip> windows,
      List<PrefixPage.Chip> families,
      String window,
      Chart chart,
      Chart changes,
      String average,
      boolean down,
      boolean stale,
      List<SessionLine> sessions,
      List<EventRow> events,
      @Nullable OpenTable open,
      @Nullable Instant opened,
      List<LiveNeighbor.Messages> messages,
      Routes routes) {
    /// Whether a session is up.
    public boolean up() {
      return head.up();
    }
  }

  /// The model of `neighbor-sessions.jte`.
  ///
  /// @param older the address of the next older sessions; null if there are none
  /// @param olderEvents the same of the log
  public record Sessions(
      Head head,
      List<SessionLine> sessions,
      @Nullable String older,
      List<EventRow> events,
      @Nullable String olderEvents) {}

  /// The model of `neighbor-capabilities.jte`.
  public record Capabilities(Head head, @Nullable OpenTable open, @Nullable Instant opened) {}

  /// The model of `neighbor-counters.jte`.
  ///
  /// @param refused why nothing is known; null if something is
  public record Counters(Head head, @Nullable String refused, LiveSheet sheet) {
    /// Whether a session is up.
    public boolean up() {
      return head.up();
    }
  }

  /// The model of `neighbor-routes.jte`.
  ///
  /// @param at null if it shows now
  /// @param unindexed what of it could be looked at only in part
  public record RoutesModel(
      Head head, @Nullable Instant at, Routes routes, List<Queries.Unindexed> unindexed) {}

  /// The model of `neighbor-findings.jte`.
  ///
  /// @param older the address of the next older ones; null if there are none
  public record Findings(Head head, List<PacketRow> packets, @Nullable String older) {}

  /// The neighbor of the address.
  private static NeighborRow neighbor(Visit visit) {
    String name = visit.part("name");
    Instant at = visit.moment();
    Optional<NeighborRow> row = visit.queries().neighbor(name);
    if (row.isPresent() && at != null) {
      NeighborRow known = row.get();
      return visit.queries().neighbors(at).stream()
          .filter(then -> then.id() == known.id())
          .findFirst()
          .orElseThrow(() -> unknownThen(visit, known));
    }
    if (row.isPresent()) {
      return row.get();
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    List<Refusal.Suggestion> near =
        visit.queries().neighbors().stream()
            .filter(
                n ->
                    n.name().toLowerCase(Locale.ROOT).contains(wanted)
                        || wanted.contains(n.name().toLowerCase(Locale.ROOT))
                        || n.address().equals(name))
            .limit(NEAR)
            .map(
                n ->
                    new Refusal.Suggestion(
                        Links.neighbor(n.name()),
                        n.name(),
                        "AS" + n.as() + ", " + Mark.of(n.state()).word()))
            .toList();
    throw new Refusal(
        404,
        "No such neighbor",
        "There is no neighbor of this name",
        "You asked for “" + name + "”.",
        name,
        near);
  }

  private static Refusal unknownThen(Visit visit, NeighborRow known) {
    return Refusal.notFound(
            "Not known then",
            "We had not heard of " + known.name() + " by then",
            "You asked for " + Text.whole(visit.shown()) + ".",
            known.name())
        .near(new Refusal.Suggestion(visit.at(null), known.name(), "as it is now"));
  }

  private Reply overview(Visit visit) {
    NeighborRow row = neighbor(visit);
    Queries queries = visit.queries();
    Instant at = visit.moment();
    List<SessionRow> recent = sessions(visit, row, null, SESSIONS);
    Instant to = visit.shown();
    Bands.Window usual = usualWindow(recent, to);
    Duration length = visit.window("w", usual.length(), Duration.ofDays(366));
    Duration step = Chart.step(length);
    Instant end =
        Instant.ofEpochSecond(
            Math.ceilDiv(to.getEpochSecond(), step.toSeconds()) * step.toSeconds());
    Instant from = end.minus(length);
    Filter filter = filter(visit, row);
    String family = filter.family().isEmpty() ? null : filter.family();
    List<CountPoint> points =
        family == null
            ? queries.counts(row.name(), from, end, step)
            : queries.counts(row.name(), family, from, end, step);
    List<Chart.Stretch> down = down(row, recent, from, to);
    SessionRow last = row.session();
    boolean ended = last != null && last.downAt() != null && last.downAt().isAfter(from);
    Chart.EventWords words =
        last != null && last.downAt() != null && ended
            ? new Chart.EventWords(last.downAt(), Mark.of(last).word())
            : null;
    var windows = new ArrayList<PrefixPage.Chip>();
    for (Bands.Window each : Bands.Window.values()) {
      windows.add(
          new PrefixPage.Chip(
              each.label(), visit.with("w", each.code()), each.length().equals(length)));
    }
    String address = Links.neighbor(row.name());
    RoutePage page =
        queries.routes(
            RouteQuery.all(ROUTES_FEW).withNeighbor(row.name()).withFamily(family).withAt(at));
    return Reply.page(
            "neighbor",
            row.name(),
            "neighbors",
            new Overview(
                head(visit, row, "overview"),
                windows,
                families(visit, filter),
                (family == null ? "" : Text.family(family) + ", ") + Text.age(length),
                Chart.active(points, from, end, down, words),
                Chart.changes(points, from, end, step, words),
                Text.age(step),
                !down.isEmpty(),
                row.families().stream().anyMatch(count -> count.stale() > 0),
                lines(recent.subList(0, Math.min(FEW, recent.size())), to),
                queries.events(row.name(), null, at, FEW),
                OpenTable.of(last),
                last == null ? null : last.upAt(),
                at == null ? LiveNeighbor.messages(collector, row.name()) : List.of(),
                new Routes(
                    filter,
                    page.routes(),
                    page.next() == null
                        ? null
                        : address
                            + "/routes?"
                            + (family == null ? "" : "family=" + family + "&")
                            + "after="
                            + Links.segment(page.next()),
                    null,
                    address + "/routes")))
        .withData(NeighborData.of(row));
  }

  private static List<PrefixPage.Chip> families(Visit visit, Filter filter) {
    if (filter.families().size() < 2) {
      return List.of();
    }
    var chips = new ArrayList<PrefixPage.Chip>();
    chips.add(new PrefixPage.Chip("all", visit.with("family", null), filter.family().isEmpty()));
    for (String family : filter.families()) {
      chips.add(
          new PrefixPage.Chip(
              Text.family(family), visit.with("family", family), family.equals(filter.family())));
    }
    return chips;
  }

  /// The window that holds all sessions, if they are few and young.
  private static Bands.Window usualWindow(List<SessionRow> newest, Instant now) {
    boolean all = !newest.isEmpty() && newest.size() < SESSIONS;
    return Bands.Window.usual(all ? newest.getLast().upAt() : null, now);
  }

  /// When no session was up, between `from` and `to`; a neighbor that was only stale is not down.
  private static List<Chart.Stretch> down(
      NeighborRow row, List<SessionRow> newestFirst, Instant from, Instant to) {
    var stretches = new ArrayList<Chart.Stretch>();
    Instant next = row.state() == SessionState.STALE ? null : to;
    for (SessionRow session : newestFirst) {
      if (session.downAt() != null && next != null && next.isAfter(from)) {
        Instant begin = session.downAt().isAfter(from) ? session.downAt() : from;
        if (next.isAfter(begin)) {
          stretches.add(new Chart.Stretch(begin, next));
        }
      }
      next = session.upAt();
    }
    return stretches;
  }

  /// Sessions as they are, or looked at the moment of the page; newest first.
  private static List<SessionRow> sessions(
      Visit visit, NeighborRow row, @Nullable Long before, int limit) {
    Instant at = visit.moment();
    if (at == null) {
      return visit.queries().sessions(row.name(), before, limit);
    }
    if (before == null) {
      return visit.queries().sessionsAt(row.name(), at, limit);
    }
    return visit.queries().sessionsAt(row.name(), at, Integer.MAX_VALUE).stream()
        .filter(session -> session.id() < before)
        .limit(limit)
        .toList();
  }

  private Reply sessions(Visit visit) {
    NeighborRow row = neighbor(visit);
    Queries queries = visit.queries();
    Long before = visit.number("before", 0, Long.MAX_VALUE);
    Long log = visit.number("log", 0, Long.MAX_VALUE);
    List<SessionRow> sessions = sessions(visit, row, before, SESSIONS + 1);
    boolean more = sessions.size() > SESSIONS;
    sessions = sessions.subList(0, Math.min(SESSIONS, sessions.size()));
    List<EventRow> events = queries.events(row.name(), log, visit.moment(), EVENTS + 1);
    boolean moreEvents = events.size() > EVENTS;
    events = events.subList(0, Math.min(EVENTS, events.size()));
    String older = more ? visit.with("before", Long.toString(sessions.getLast().id())) : null;
    return Reply.page(
            "neighbor-sessions",
            row.name() + ", sessions",
            "neighbors",
            new Sessions(
                head(visit, row, "sessions"),
                lines(sessions, visit.shown()),
                older,
                events,
                moreEvents ? visit.with("log", Long.toString(events.getLast().id())) : null))
        .withData(sessions)
        .withNext(older);
  }

  private Reply capabilities(Visit visit) {
    NeighborRow row = neighbor(visit);
    SessionRow session = row.session();
    OpenTable open = OpenTable.of(session);
    var page =
        Reply.page(
            "neighbor-capabilities",
            row.name() + ", capabilities",
            "neighbors",
            new Capabilities(
                head(visit, row, "capabilities"), open, session == null ? null : session.upAt()));
    return open == null ? page : page.withData(open.rows());
  }

  private Reply counters(Visit visit) {
    NeighborRow row = neighbor(visit);
    List<LiveNeighbor.Fact> facts = List.of();
    String refused = null;
    try {
      facts = LiveNeighbor.facts(collector, row.name());
    } catch (WebAccess.Refused e) {
      refused = Text.sentence(String.valueOf(e.getMessage()));
    }
    return Reply.page(
            "neighbor-counters",
            row.name() + ", counters and timers",
            "neighbors",
            new Counters(head(visit, row, "counters"), refused, LiveSheet.of(facts)))
        .withData(facts);
  }

  private Reply routes(Visit visit) {
    NeighborRow row = neighbor(visit);
    Filter filter = filter(visit, row);
    Prefix in = visit.prefix("in");
    String path = visit.text("path");
    String nextHop = visit.text("nh");
    if (nextHop != null && !ADDRESS.matcher(nextHop).matches()) {
      throw Refusal.parameter("nh", nextHop, "an address such as 192.0.2.1 or 2001:db8::1");
    }
    String after = visit.text("after");
    boolean html = visit.form() == Visit.Form.HTML;
    RouteQuery query =
        RouteQuery.all(html ? ROUTES : ROUTES_DATA)
            .withNeighbor(row.name())
            .withFamily(filter.family().isEmpty() ? null : filter.family())
            .withActive(
                switch (filter.state()) {
                  case "active" -> Boolean.TRUE;
                  case "inactive" -> Boolean.FALSE;
                  default -> null;
                })
            .withOriginAs(visit.as("origin"))
            .withAsPath(path == null ? null : pathPattern(path))
            .withCommunity(visit.community("community"))
            .withNextHop(nextHop)
            .withAfter(after);
    if (in != null) {
      query = query.withPrefix(in, RouteQuery.Match.LONGER).withInner(true);
    }
    Instant at = visit.moment();
    List<Queries.Unindexed> unindexed =
        query.originAs() == null && query.community() == null && query.nextHop() == null
            ? List.of()
            : visit.queries().unindexed().stream()
                .filter(table -> table.neighbor().equals(row.name()))
                .toList();
    RoutePage page;
    try {
      page = visit.queries().routes(query.withAt(at));
    } catch (IllegalArgumentException e) {
      throw path != null && after == null
          ? Refusal.parameter(
              "path", path, "AS numbers in a row, or a regular expression: " + e.getMessage())
          : Refusal.parameter("after", after, "as the link to the next page has it");
    }
    String next = page.next() == null ? null : visit.with("after", page.next());
    return Reply.page(
            "neighbor-routes",
            row.name() + ", routes",
            "neighbors",
            new RoutesModel(
                head(visit, row, "routes"),
                at,
                new Routes(
                    filter,
                    page.routes(),
                    next,
                    after == null ? null : visit.with("after", null),
                    visit.plain()),
                unindexed))
        .withData(page.routes().stream().map(each -> RouteData.of(each, visit.names())).toList())
        .withNext(next == null ? null : formOf(visit, next));
  }

  /// A next page of the same form: `.json` stays `.json`.
  private static String formOf(Visit visit, String address) {
    String suffix =
        switch (visit.form()) {
          case HTML -> "";
          case JSON -> ".json";
          case CSV -> ".csv";
        };
    int query = address.indexOf('?');
    return query < 0
        ? address + suffix
        : address.substring(0, query) + suffix + address.substring(query);
  }

  /// `64504 64511` means these two in a row, anywhere; anything else is a regular expression.
  /// The expression for what was typed of a path: AS numbers in a row, or itself.
  static String pathPattern(String path) {
    return PLAIN_PATH.matcher(path).matches()
        ? "\\b" + path.strip().replaceAll(" +", " ") + "\\b"
        : path;
  }

  private static Filter filter(Visit visit, NeighborRow row) {
    List<String> families = row.families().stream().map(NeighborRow.FamilyCount::family).toList();
    String family =
        families.isEmpty() ? "" : visit.choice("family", "", families.toArray(String[]::new));
    return new Filter(
        text(visit, "in"),
        text(visit, "path"),
        text(visit, "origin"),
        text(visit, "community"),
        text(visit, "nh"),
        family,
        visit.choice("state", "all", "all", "active", "inactive"),
        families);
  }

  private static String text(Visit visit, String name) {
    String value = visit.text(name);
    return value == null ? "" : value;
  }

  private Reply findings(Visit visit) {
    NeighborRow row = neighbor(visit);
    Long before = visit.number("before", 0, Long.MAX_VALUE);
    List<PacketRow> packets =
        visit
            .queries()
            .packets(
                new PacketQuery(
                    row.name(), null, true, null, visit.moment(), before, null, FINDINGS + 1));
    boolean more = packets.size() > FINDINGS;
    packets = packets.subList(0, Math.min(FINDINGS, packets.size()));
    String older = more ? visit.with("before", Long.toString(packets.getLast().id())) : null;
    return Reply.page(
            "neighbor-findings",
            row.name() + ", findings",
            "neighbors",
            new Findings(head(visit, row, "findings"), packets, older))
        .withData(packets)
        .withNext(older == null ? null : formOf(visit, older));
  }

  private static List<SessionLine> lines(List<SessionRow> sessions, Instant now) {
    return sessions.stream()
        .map(
            session -> {
              Instant down = session.downAt();
              String why = session.why();
              return new SessionLine(
                  session,
                  Mark.of(session),
                  Text.age(Duration.between(session.upAt(), down == null ? now : down)),
                  why == null ? "It is up." : why,
                  down == null
                      ? null
                      : Links.packetsOf(session.neighbor()) + "&until=" + down.plusSeconds(1));
            })
        .toList();
  }

  private static Head head(Visit visit, NeighborRow row, String tab) {
    String families =
        String.join(", ", row.families().stream().map(f -> Text.family(f.family())).toList());
    return new Head(
        row,
        tab,
        say(row),
        families,
        visit.shown(),
        visit.moment() != null,
        visit.queries().muted().contains(row.name()));
  }

  private static @Nullable Say say(NeighborRow row) {
    var more = new ArrayList<DashboardPage.More>();
    SessionRow session = row.session();
    if (session != null && session.downAt() != null) {
      if (session.notificationPacket() != null) {
        more.add(
            new DashboardPage.More("NOTIFICATION", Links.packet(session.notificationPacket())));
      }
      more.add(new DashboardPage.More("Last packets", Links.packetsOf(row.name())));
    }
    Mark mark = Mark.of(row.state());
    return switch (row.state()) {
      case DOWN -> new Say(mark, "Down for", row.since(), join(row.why(), kept(row)), more);
      case STALE ->
          new Say(
              mark,
              "Interrupted for",
              row.since(),
              join(
                  row.why(),
                  Text.count(row.active(), "route")
                      + (row.active() == 1 ? " is" : " are")
                      + " kept as stale until the neighbor sends "
                      + (row.active() == 1 ? "it" : "them")
                      + " again."),
              more);
      case CONNECTING -> new Say(mark, "Not connected for", row.since(), row.why(), more);
      case RECEIVING ->
          new Say(
              mark,
              "Up for",
              row.since(),
              join(row.why(), "Not every family has said that its table is complete."),
              more);
      case UP -> row.why().isEmpty() ? null : new Say(mark, "Up for", row.since(), row.why(), more);
      case IMPORTED -> null;
    };
  }

  private static String kept(NeighborRow row) {
    return row.inactive() == 0
        ? ""
        : Text.count(row.inactive(), "inactive route")
            + (row.inactive() == 1 ? " is" : " are")
            + " kept.";
  }

  private static String join(String first, String second) {
    return first.isEmpty() ? second : second.isEmpty() ? first : first + " " + second;
  }
}
