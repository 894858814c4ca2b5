package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.store.CountPoint;
import org.bgppeer.store.EventRow;
import org.bgppeer.store.Health;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// `/`: is something wrong, and since when? Without a neighbor it says why there is nothing to see
/// and what to do.
public final class DashboardPage {
  private static final int SAYS = 5;
  private static final int EVENTS = 10;
  private static final int CHANGING = 5;
  private static final int PATHS = 200;
  private static final int CALLERS = 100;
  private static final Duration CHART = Duration.ofHours(2);
  private static final Duration STEP = Duration.ofMinutes(1);

  /// With less than this share of its disk free a journal soon cannot be written.
  private static final double FULL = 0.05;

  /// What the charts can be asked to show, by the value of `w`.
  private static final Map<String, Duration> WINDOWS =
      Map.of("2h", CHART, "24h", Duration.ofDays(1), "7d", Duration.ofDays(7));

  private final WebConfig config;

  private final Busiest busiest;
  private final Trends trends = new Trends();
  private final JournalGaps gaps;

  DashboardPage(Site site, Busiest busiest) {
    this.busiest = busiest;
    gaps = site.gaps();
    this.config = site.config();
    site.page("/", this::dashboard, "at", "w");
  }

  /// A line of what needs a look.
  ///
  /// @param subject whom it is about, a link to `href`
  /// @param predicate what is with it; `since` stands behind it as an age if there is one, and then
  ///   `tail`
  public record Say(
      Mark mark,
      String subject,
      String href,
      String predicate,
      @Nullable Instant since,
      String tail,
      String text,
      List<More> more) {}

  /// A link at the end of such a line.
  public record More(String text, String href) {}

  /// A figure with a line of meaning.
  ///
  /// @param key names it for live updating
  public record Total(String key, String name, String value, String meaning) {}

  /// A prefix that changes often.
  ///
  /// @param last when a path of it changed last; null if the database holds no path of it any more
  public record Changing(
      String prefix,
      long changes,
      List<Long> origins,
      int neighbors,
      Mark mark,
      @Nullable Instant last) {}

  /// All routes of one family.
  public record FamilySum(String family, long active, long stale, long inactive) {}

  /// A caller that nobody configured.
  public record Caller(
      String address, String why, int times, Instant last, @Nullable Long packet) {}

  /// The model of `dashboard.jte`.
  ///
  /// @param now the moment that it shows
  /// @param at the same if it has passed; else null
  /// @param room on the disk of the journal; null if that is not here
  /// @param trends of the rows, by the number of the neighbor; null if there are too many
  /// @param more lines of `says` that were left out
  /// @param charted what the charts are of: `last 2 hours`
  /// @param average over what each point of the chart of changes is one: `1 min`
  /// @param windows what else the charts can show
  public record Model(
      String sentence,
      Instant now,
      @Nullable Instant at,
      Health health,
      Queries.@Nullable Room room,
      List<Say> says,
      int more,
      List<Total> totals,
      List<NeighborsPage.Row> rows,
      @Nullable Map<Long, Spark> trends,
      String charted,
      String average,
      List<PrefixPage.Chip> windows,
      Chart chart,
      Chart active,
      List<Changing> changing,
      List<EventRow> events,
      List<FamilySum> families) {}

  /// The model of `dashboard-empty.jte`.
  ///
  /// @param collector null if this process is only the frontend
  /// @param callers those that called and were refused, newest first
  public record Empty(
      Instant now, WebConfig.@Nullable Collector collector, List<Caller> callers, Health health) {}

  /// The figures of the page as data.
  record Summary(
      String sentence,
      Instant at,
      Health health,
      List<NeighborData> neighbors,
      List<EventRow> events,
      List<FamilySum> families) {}

  private Reply dashboard(Visit visit) {
    Queries queries = visit.queries();
    Instant at = visit.moment();
    List<NeighborRow> neighbors = at == null ? queries.neighbors() : queries.neighbors(at);
    Health health = queries.health();
    List<EventRow> events = queries.events(null, null, at, EVENTS);
    String sentence = NeighborsPage.sentence(neighbors);
    Set<String> muted = queries.muted();
    List<FamilySum> families =
        families(neighbors.stream().filter(row -> !muted.contains(row.name())).toList());
    var summary =
        new Summary(
            sentence,
            visit.shown(),
            health,
            neighbors.stream().map(NeighborData::of).toList(),
            events,
            families);
    if (neighbors.isEmpty() && at == null) {
      return Reply.page(
              "dashboard-empty",
              "Dashboard",
              "dashboard",
              new Empty(visit.now(), config.collector(), callers(queries), health))
          .withData(summary);
    }
    Instant to = visit.shown().truncatedTo(ChronoUnit.MINUTES);
    List<CountPoint> points = queries.counts(null, to.minus(CHART), to, STEP);
    String w = visit.choice("w", "2h", "2h", "24h", "7d");
    Duration least = chart(points, to);
    Duration chart = w.equals("2h") ? least : WINDOWS.getOrDefault(w, CHART);
    Duration step = w.equals("2h") ? STEP : Chart.step(chart);
    Instant end =
        Instant.ofEpochSecond(
            Math.ceilDiv(to.getEpochSecond(), step.toSeconds()) * step.toSeconds());
    Instant from = end.minus(chart);
    List<CountPoint> charted =
        w.equals("2h")
            ? points.stream().filter(p -> !p.at().isBefore(from)).toList()
            : queries.counts(null, from, end, step);
    Chart.EventWords down = lastDown(events, from, to);
    var windows =
        Stream.of("2h", "24h", "7d")
            .map(
                each ->
                    new PrefixPage.Chip(
                        each.equals("2h") ? Text.age(least) : each.replaceAll("([0-9]+)", "$1 "),
                        visit.with("w", each),
                        each.equals(w)))
            .toList();
    List<Queries.Findings> findings =
        queries.findings(visit.shown().minus(Duration.ofHours(24)), at);
    List<Say> says = new ArrayList<>();
    Queries.Room room = gaps.room();
    if (at == null) {
      silent(health, visit.now()).ifPresent(says::add);
      full(room).ifPresent(says::add);
      missing(gaps.gaps()).ifPresent(says::add);
    }
    says.addAll(says(neighbors, findings, at != null));
    int shown = Math.min(says.size(), SAYS);
    return Reply.page(
            "dashboard",
            "Dashboard",
            "dashboard",
            new Model(
                sentence,
                visit.shown(),
                at,
                health,
                room,
                says.subList(0, shown),
                says.size() - shown,
                totals(neighbors, muted, points, findings, to),
                NeighborsPage.rows(queries, neighbors, visit.shown()),
                trends.of(visit, neighbors.size()),
                chart.compareTo(CHART) < 0
                    ? "last " + chart.toMinutes() + " minutes"
                    : chart.compareTo(Duration.ofDays(1)) > 0
                        ? "last " + chart.toDays() + " days"
                        : "last " + chart.toHours() + " hours",
                step.toMinutes() + " min",
                windows,
                Chart.changes(charted, from, end, step, down),
                Chart.active(charted, from, end, List.of(), down),
                changing(visit),
                events,
                families))
        .withData(summary);
  }

  /// Why nothing new comes, and what to do about it.
  private static Optional<Say> silent(Health health, Instant now) {
    Mark state = Shell.state(health, now);
    Instant newest = health.projectedAt();
    return switch (state.word()) {
      case "not recording" ->
          Optional.of(
              new Say(
                  state,
                  "Nothing is recorded",
                  "#health",
                  "for",
                  health.beatAt(),
                  "",
                  "What is here is as it was then. The collector does not run or cannot write its"
                      + " database: bgp-peer status tells which, bgp-peer run starts it.",
                  List.of()));
      case "behind" ->
          Optional.of(
              new Say(
                  state,
                  "The database",
                  "#health",
                  "is " + Text.lag(health.lagSeconds()) + " behind the journal",
                  null,
                  "",
                  "Nothing is lost: it catches up, and until then what is here is that much older.",
                  List.of()));
      case "nothing arrives" ->
          newest == null
              ? Optional.empty()
              : Optional.of(
                  new Say(
                      state,
                      "No neighbor",
                      "/neighbors",
                      "has sent anything for",
                      newest,
                      "",
                      "The collector runs; the table below says of each why.",
                      List.of()));
      default -> Optional.empty();
    };
  }

  /// When the disk is full sessions stay up, but what comes cannot be kept.
  private static Optional<Say> full(Queries.@Nullable Room room) {
    if (room == null || room.free() >= FULL * room.whole()) {
      return Optional.empty();
    }
    return Optional.of(
        new Say(
            new Mark("finding", "finding"),
            "The disk of the journal",
            "#health",
            "has " + Text.bytes(room.free()) + " left of " + Text.bytes(room.whole()),
            null,
            "",
            "Make room, or keep less of the past: retention in the configuration.",
            List.of()));
  }

  /// Packets that are lost to whoever looks for them, and to a rebuild.
  private static Optional<Say> missing(List<JournalGap> gaps) {
    if (gaps.isEmpty()) {
      return Optional.empty();
    }
    JournalGap first = gaps.getFirst();
    return Optional.of(
        new Say(
            new Mark("finding", "finding"),
            "The journal",
            "/packets",
            gaps.size() == 1 ? "has a gap" : "has " + gaps.size() + " gaps",
            null,
            "",
            "Segment "
                + first.missing()
                + " is not there, nor what else was between "
                + first.last()
                + " and "
                + first.next()
                + ". Put copies there and run bgp-peer rebuild.",
            List.of()));
  }

  private static List<Say> says(
      List<NeighborRow> neighbors, List<Queries.Findings> findings, boolean past) {
    var says = new ArrayList<Say>();
    for (NeighborRow row : neighbors) {
      String page = Links.neighbor(row.name());
      if (row.state() == SessionState.DOWN) {
        var more = new ArrayList<More>();
        if (row.inactive() > 0 && !past) { // of a moment only what was held is listed
          more.add(new More("What was lost", page + "/routes?state=inactive"));
        }
        more.add(new More("Last packets", Links.packetsOf(row.name())));
        String kept =
            row.inactive() == 0 ? "" : Text.count(row.inactive(), "inactive route") + " kept.";
        says.add(
            new Say(
                Mark.of(row.state()),
                row.name(),
                page,
                "is down for",
                row.since(),
                "",
                sentences(row.why(), kept),
                more));
      } else if (row.state() == SessionState.STALE) {
        String kept =
            Text.count(row.active(), "route")
                + (row.active() == 1 ? " is" : " are")
                + " kept as stale until the neighbor sends them again.";
        says.add(
            new Say(
                Mark.of(row.state()),
                row.name(),
                page,
                "was interrupted for",
                row.since(),
                "",
                sentences(row.why(), kept),
                List.of(new More("Session", page + "/sessions"))));
      }
    }
    for (Queries.Findings each : findings) {
      String page = Links.neighbor(each.neighbor());
      says.add(
          new Say(
              new Mark("finding", "finding"),
              each.neighbor(),
              page,
              "sent " + Text.count(each.packets(), "malformed UPDATE") + " in 24 h, the newest",
              each.at(),
              " ago",
              each.reason(),
              List.of(
                  new More("Packet", Links.packet(each.packet())),
                  new More("All findings", page + "/findings"))));
    }
    return says;
  }

  private static String sentences(String first, String second) {
    return first.isEmpty() ? second : second.isEmpty() ? first : first + " " + second;
  }

  private static List<Total> totals(
      List<NeighborRow> neighbors,
      Set<String> muted,
      List<CountPoint> points,
      List<Queries.Findings> findings,
      Instant to) {
    List<NeighborRow> shown =
        neighbors.stream().filter(row -> !muted.contains(row.name())).toList();
    long active = shown.stream().mapToLong(NeighborRow::active).sum();
    long inactive = shown.stream().mapToLong(NeighborRow::inactive).sum();
    long stale =
        shown.stream()
            .flatMap(row -> row.families().stream())
            .mapToLong(NeighborRow.FamilyCount::stale)
            .sum();
    long live = neighbors.stream().filter(row -> row.state() != SessionState.IMPORTED).count();
    long up =
        neighbors.stream()
            .filter(row -> row.state() == SessionState.UP || row.state() == SessionState.RECEIVING)
            .count();
    long malformed = findings.stream().mapToLong(Queries.Findings::packets).sum();
    long announced = 0;
    long withdrawn = 0;
    for (CountPoint point : points) {
      if (!point.at().isBefore(to.minus(Duration.ofHours(1)))) {
        announced += point.announced();
        withdrawn += point.withdrawn();
      }
    }
    long changes = announced + withdrawn;
    return List.of(
        new Total(
            "active",
            "Routes active",
            Text.number(active),
            stale == 0 ? "none of them stale" : Text.number(stale) + " of them stale"),
        new Total(
            "inactive", "Routes inactive, kept", Text.number(inactive), "each with the reason"),
        new Total(
            "changes",
            "Changes, last hour",
            Text.number(changes),
            changes == 0 ? "none came" : announced * 100 / changes + " % announced"),
        new Total(
            "findings",
            "Findings, last 24 h",
            Text.number(malformed),
            malformed == 0 ? "every message was well-formed" : "messages with a fault"),
        new Total(
            "up",
            "Neighbors up",
            up + " of " + live,
            live == up ? "all of them" : live - up + " not"));
  }

  /// How much of the time the chart shows: less than usual while there is less.
  private static Duration chart(List<CountPoint> points, Instant to) {
    for (Duration length : List.of(Duration.ofMinutes(10), Duration.ofMinutes(30))) {
      Instant from = to.minus(length);
      if (points.stream().allMatch(p -> p.at().isAfter(from) || isEmpty(p))) {
        return length;
      }
    }
    return CHART;
  }

  private static boolean isEmpty(CountPoint point) {
    return point.active() == 0 && point.announced() == 0 && point.withdrawn() == 0;
  }

  /// The newest session end on the chart that was not of our making, to be written into it.
  private static Chart.@Nullable EventWords lastDown(
      List<EventRow> events, Instant from, Instant to) {
    for (EventRow event : events) {
      if (event.kind().equals("down")
          && event.neighbor() != null
          && !"COLLECTOR_CRASHED".equals(event.cause())
          && !"COLLECTOR_STOPPED".equals(event.cause())
          && event.at().isAfter(from)
          && event.at().isBefore(to)) {
        return new Chart.EventWords(event.at(), event.neighbor() + " down");
      }
    }
    return null;
  }

  private List<Changing> changing(Visit visit) {
    Queries queries = visit.queries();
    List<Queries.Changes> most = busiest.of(visit, Duration.ofHours(1), CHANGING);
    List<RouteRow> current = visit.moment() == null ? current(visit, most) : List.of();
    var rows = new ArrayList<Changing>();
    for (Queries.Changes each : most) {
      boolean isPrefix = each.prefix().indexOf(' ') < 0;
      List<RouteRow> paths =
          isPrefix && visit.moment() == null
              ? PathVersions.of(
                      current.stream()
                          .filter(
                              row ->
                                  row.prefix().equals(each.prefix())
                                      && row.family().equals(each.family()))
                          .toList())
                  .stream()
                  .map(PathVersions::current)
                  .toList()
              : queries
                  .routes(
                      (isPrefix
                              ? RouteQuery.all(PATHS)
                                  .withPrefix(Prefix.parse(each.prefix()), RouteQuery.Match.EXACT)
                              : RouteQuery.all(PATHS).withNlri(each.prefix()))
                          .withFamily(each.family())
                          .withAt(visit.moment()))
                  .routes();
      var origins = new TreeSet<Long>();
      var neighbors = new TreeSet<String>();
      RouteRow last = null;
      RouteRow shown = null;
      for (RouteRow path : paths) {
        if (path.originAs() != null) {
          origins.add(path.originAs());
        }
        if (path.active()) {
          neighbors.add(path.neighbor());
        }
        if (last == null || path.lastChanged().isAfter(last.lastChanged())) {
          last = path;
        }
        if (shown == null || (path.active() && !shown.active())) {
          shown = path;
        }
      }
      rows.add(
          new Changing(
              each.prefix(),
              each.changes(),
              List.copyOf(origins),
              neighbors.size(),
              shown == null
                  ? Mark.ofReason(null, false)
                  : shown.active() || last == null ? Mark.of(shown) : Mark.of(last),
              last == null ? null : last.lastChanged()));
    }
    return rows;
  }

  /// The routes of all these prefixes, asked for at once.
  private static List<RouteRow> current(Visit visit, List<Queries.Changes> prefixes) {
    List<Prefix> asked =
        prefixes.stream()
            .map(Queries.Changes::prefix)
            .filter(text -> text.indexOf(' ') < 0)
            .map(Prefix::parse)
            .distinct()
            .toList();
    return visit.queries().history(asked, visit.now(), PATHS * CHANGING);
  }

  private static List<FamilySum> families(List<NeighborRow> neighbors) {
    Map<String, FamilySum> sums = new TreeMap<>();
    for (NeighborRow row : neighbors) {
      for (NeighborRow.FamilyCount count : row.families()) {
        sums.merge(
            count.family(),
            new FamilySum(count.family(), count.active(), count.stale(), count.inactive()),
            (a, b) ->
                new FamilySum(
                    a.family(),
                    a.active() + b.active(),
                    a.stale() + b.stale(),
                    a.inactive() + b.inactive()));
      }
    }
    return List.copyOf(sums.values());
  }

  private static List<Caller> callers(Queries queries) {
    return queries.events(null, null, CALLERS).stream()
        .filter(event -> event.kind().equals("rejected"))
        .map(e -> new Caller(e.address(), e.why(), e.times(), e.lastAt(), e.packet()))
        .toList();
  }
}
