package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bgppeer.store.CountPoint;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.PrefixRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.Queries.OriginRoute;
import org.bgppeer.store.Queries.OriginRoutes;
import org.bgppeer.store.Reason;
import org.bgppeer.store.RoutePage;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// `/as/64511`: what an AS originates, and through whom we hear it. `/as` alone asks which AS.
public final class AsPage {
  /// Prefixes of a page.
  public static final int PREFIXES = 50;

  /// Up to so many routes are looked at for who stands before it in their paths, and what became of
  /// them; with more, these parts are left out, because a part of them would say something wrong.
  private static final int PATHS = 2000;

  /// So many changes of what it originates are told, and so many versions of a prefix read for
  /// that.
  private static final int CHANGED = 12;

  private static final int VERSIONS = 200;

  /// With more former versions of its routes than these, there is no chart.
  private static final int SPANS = 10_000;

  private static final int CHART_HEIGHT = 150;

  /// So many lines of what is worth a look, and so many prefixes looked into for it, if they are
  /// at least so long: of a short one, what is inside is a large part of a table.
  private static final int LOOKS = 6;

  private static final int LOOKED_INTO = 8;
  private static final int LONG_IPV4 = 19;
  private static final int LONG_IPV6 = 40;
  private static final int INSIDE = 16;

  AsPage(Site site) {
    site.page("/as", this::start, "at");
    site.page("/as/{as}", this::as, "after", "at");
  }

  /// The model of `as.jte`.
  ///
  /// @param neighbors those that it is itself
  /// @param prefixes one page of what it originates
  /// @param all how many prefixes it originates; null if there are too many routes to
  ///     look at, those that it does not originate any more among them
  /// @param ipv6 how many of them are IPv6
  /// @param active routes; at least that many where `all` is null, and so with `inactive`
  /// @param sessions neighbors that could have told us
  /// @param tellers those that did; of a part of them only, where `by` is null
  /// @param history what it began and ceased to originate, newest first; null if there are too many
  ///     routes to look at, or at another moment than now
  /// @param next where there may be more prefixes; null if there are none
  /// @param behind what they follow
  /// @param at null if it shows now
  /// @param charted what the chart is of: `24 h`
  /// @param chart of its active routes; null if they are too many, or at another moment than now
  /// @param looks what an operator might want to know, at most [#LOOKS]
  /// @param unindexed tables of which only a part could be looked at
  /// @param before who stands before it in paths; null if there are too many routes to look at
  public record Model(
      long as,
      List<NeighborRow> neighbors,
      List<PrefixRow> prefixes,
      @Nullable Integer all,
      int ipv6,
      long active,
      long inactive,
      int sessions,
      int tellers,
      @Nullable List<Through> before,
      @Nullable List<Through> by,
      @Nullable PathGraph graph,
      @Nullable List<Change> history,
      @Nullable String after,
      @Nullable String next,
      @Nullable Prefix behind,
      @Nullable Instant at,
      String charted,
      @Nullable Chart chart,
      List<Look> looks,
      List<Queries.Unindexed> unindexed) {}

  /// Something that is worth a look.
  ///
  /// @param at when it was; null if it is so now
  public record Look(@Nullable Instant at, String prefix, String words, String href, String link) {}

  /// One that the routes of an AS come through.
  ///
  /// @param as null where it is said by name
  public record Through(@Nullable Long as, String name, String href, long routes) {}

  /// A route that began or ceased to end in it.
  public record Change(
      Instant at, Mark mark, String prefix, String neighbor, String words, @Nullable Long packet) {}

  /// The model of `as-start.jte`.
  public record StartModel(List<Through> neighbors) {}

  private Reply start(Visit visit) {
    var byAs = new LinkedHashMap<Long, List<NeighborRow>>();
    Instant at = visit.moment();
    for (NeighborRow neighbor :
        at == null ? visit.queries().neighbors() : visit.queries().neighbors(at)) {
      byAs.computeIfAbsent(neighbor.as(), _ -> new ArrayList<>()).add(neighbor);
    }
    var rows = new ArrayList<Through>();
    byAs.forEach(
        (as, neighbors) ->
            rows.add(
                new Through(
                    as,
                    String.join(", ", neighbors.stream().map(NeighborRow::name).toList()),
                    Links.as(as),
                    neighbors.stream().mapToLong(NeighborRow::active).sum())));
    rows.sort(Comparator.comparingLong(row -> row.as() == null ? 0 : row.as()));
    return Reply.page("as-start", "Autonomous systems", "as", new StartModel(rows)).withData(rows);
  }

  private Reply as(Visit visit) {
    String text = visit.part("as");
    long as =
        Visit.readAs(text)
            .orElseThrow(
                () ->
                    new Refusal(
                        400,
                        "Not an AS",
                        "This is not an AS number",
                        "“" + text + "” is no number from 0 to 4294967295.",
                        text,
                        List.of()));
    Queries queries = visit.queries();
    Prefix after = visit.prefix("after");
    Instant at = visit.moment();
    List<Queries.Unindexed> unindexed =
        visit.form() == Visit.Form.HTML ? queries.unindexed() : List.of();
    OriginRoutes some;
    List<PrefixRow> rows;
    Prefix behind;
    if (at == null) {
      // Of most ASes this is all, and tells everything else; it is read once.
      some = queries.originRoutes(as, PATHS);
      Queries.Originated originated = queries.originated(as, after, PREFIXES);
      rows = originated.rows();
      behind = originated.next();
    } else {
      RoutePage page = queries.routes(RouteQuery.all(PATHS).withOriginAs(as).withAt(at));
      some = OriginRoutes.of(page);
      List<PrefixRow> found =
          PastPrefixes.of(page.routes()).stream()
              .filter(row -> after == null || PastPrefixes.isAfter(row, after))
              .toList();
      rows = found.subList(0, Math.min(PREFIXES, found.size()));
      behind = found.size() > PREFIXES ? Prefix.parse(rows.getLast().prefix()) : null;
    }
    boolean few = some.all();
    List<NeighborRow> neighbors = at == null ? queries.neighbors() : queries.neighbors(at);
    List<OriginRoute> held = some.routes().stream().filter(OriginRoute::active).toList();
    long active = held.size();
    long inactive = some.routes().size() - active;
    List<String> prefixes =
        held.stream()
            .map(OriginRoute::prefix)
            .filter(prefix -> prefix.indexOf(' ') < 0)
            .distinct()
            .toList();
    List<OriginRoute> sample = few ? held : List.of();
    String next = behind == null ? null : visit.with("after", behind.toString());
    List<Queries.Span> spans =
        at == null && few && !some.routes().isEmpty()
            ? spans(queries, as, some.routes(), visit.now().minus(LONGEST))
            : List.of();
    Duration length = length(spans, visit.now());
    var model =
        new Model(
            as,
            neighbors.stream().filter(neighbor -> neighbor.as() == as).toList(),
            rows,
            few ? prefixes.size() : null,
            (int) prefixes.stream().filter(prefix -> prefix.indexOf(':') >= 0).count(),
            active,
            inactive,
            neighbors.size(),
            sample.isEmpty()
                ? rows.stream().mapToInt(PrefixRow::neighbors).max().orElse(0)
                : by(sample).size(),
            sample.isEmpty() ? null : before(sample, as),
            sample.isEmpty() ? null : by(sample),
            graph(sample, neighbors, visit.names()),
            at == null && few ? history(queries, as, some.routes(), visit.names()) : null,
            after == null ? null : after.toString(),
            next,
            behind,
            at,
            Text.age(length),
            spans.isEmpty() ? null : chart(spans, visit.now(), length),
            at == null ? looks(queries, as, some.routes(), rows, visit.names()) : List.of(),
            unindexed);
    return Reply.page("as", "AS" + as, "as", model).withData(rows).withNext(next);
  }

  private static final Duration LONGEST = Duration.ofDays(30);

  /// When its routes were held, and what these were before with the same origin; nothing if that is
  /// too much.
  private static List<Queries.Span> spans(
      Queries queries, long as, List<OriginRoute> routes, Instant since) {
    var spans = new ArrayList<>(queries.heldEarlier(as, since, SPANS));
    if (spans.size() == SPANS) {
      return List.of();
    }
    for (OriginRoute route : routes) {
      Instant to = route.validTo();
      if (to == null || !to.isBefore(since)) {
        spans.add(new Queries.Span(route.validFrom(), to));
      }
    }
    return spans;
  }

  /// As much as there is to tell of.
  private static Duration length(List<Queries.Span> spans, Instant now) {
    Instant first =
        spans.stream().map(Queries.Span::from).min(Comparator.naturalOrder()).orElse(now);
    for (int hours : new int[] {1, 4, 24, 7 * 24}) {
      if (first.isAfter(now.minus(Duration.ofHours(hours)))) {
        return Duration.ofHours(hours);
      }
    }
    return LONGEST;
  }

  private static Chart chart(List<Queries.Span> spans, Instant now, Duration length) {
    Duration step = Chart.step(length);
    Instant from = now.minus(length);
    int steps = (int) length.dividedBy(step);
    var more = new long[steps + 2]; // held at a step and not at the one before
    for (Queries.Span span : spans) {
      more[stepAfter(span.from(), from, step, steps)]++;
      if (span.to() != null) {
        more[stepAfter(span.to(), from, step, steps)]--;
      }
    }
    var points = new ArrayList<CountPoint>();
    long held = 0;
    for (int i = 0; i <= steps; i++) {
      held += more[i];
      points.add(new CountPoint(from.plus(step.multipliedBy(i)), held, 0, 0));
    }
    return Chart.active(points, from, now, List.of(), null).withHeight(CHART_HEIGHT);
  }

  /// The first step of a chart that is not before a moment; one behind the last if none is.
  private static int stepAfter(Instant at, Instant from, Duration step, int steps) {
    long behind = Duration.between(from, at).toMillis();
    return (int) Math.clamp(Math.ceilDiv(behind, step.toMillis()), 0L, steps + 1L);
  }

  private static List<Look> looks(
      Queries queries, long as, List<OriginRoute> routes, List<PrefixRow> rows, AsNames names) {
    var looks = new ArrayList<Look>();
    routes.stream()
        .filter(route -> Reason.TREAT_AS_WITHDRAW.text().equals(route.reason()))
        .sorted(Comparator.comparing(OriginRoute::lastChanged).reversed())
        .limit(LOOKS / 2)
        .forEach(
            route ->
                looks.add(
                    new Look(
                        route.lastChanged(),
                        route.prefix(),
                        "Treated as withdrawn: " + route.neighbor() + " sent it malformed.",
                        route.endPacket() == null
                            ? Links.prefix(route.prefix())
                            : Links.packet(route.endPacket()),
                        route.endPacket() == null ? "Prefix" : "Packet")));
    for (PrefixRow row : rows) {
      if (row.originAses().size() > 1) {
        looks.add(look(row.prefix(), others(row, as, names) + " it too.", row.prefix()));
      }
    }
    rows.stream()
        .map(PrefixRow::prefix)
        .distinct()
        .map(Prefix::parse)
        .filter(prefix -> prefix.length() >= (prefix.isIpv6() ? LONG_IPV6 : LONG_IPV4))
        .limit(LOOKED_INTO)
        .forEach(
            prefix ->
                queries.moreSpecific(prefix, null, INSIDE).stream()
                    .filter(row -> !row.originAses().isEmpty() && !row.originAses().contains(as))
                    .forEach(
                        row ->
                            looks.add(
                                look(
                                    row.prefix(),
                                    "Part of its /"
                                        + prefix.length()
                                        + ", but "
                                        + others(row, as, names)
                                        + " it.",
                                    prefix.toString()))));
    return List.copyOf(looks.subList(0, Math.min(LOOKS, looks.size())));
  }

  private static Look look(String prefix, String words, String subject) {
    return new Look(null, prefix, words, Links.prefix(subject), "Compare");
  }

  private static String others(PrefixRow row, long as, AsNames names) {
    List<String> others =
        row.originAses().stream()
            .filter(origin -> origin != as)
            .limit(3)
            .map(names::withNumber)
            .toList();
    return String.join(", ", others) + (others.size() == 1 ? " originates" : " originate");
  }

  /// The routes that changed last, told by all of their versions.
  private static List<Change> history(
      Queries queries, long as, List<OriginRoute> routes, AsNames names) {
    // Of a prefix that changed before all of these no change is among the newest.
    List<Prefix> newest =
        routes.stream()
            .filter(route -> route.prefix().indexOf(' ') < 0)
            .sorted(Comparator.comparing(OriginRoute::lastChanged).reversed())
            .map(route -> Prefix.parse(route.prefix()))
            .distinct()
            .limit(CHANGED)
            .toList();
    var changes = new ArrayList<Change>();
    var histories =
        queries.history(newest, null, CHANGED * VERSIONS).stream()
            .collect(Collectors.groupingBy(RouteRow::prefix));
    histories.forEach(
        (prefix, versions) -> {
          for (PathVersions path : PathVersions.of(versions)) {
            for (PathVersions.Change change : path.changes()) {
              RouteRow after = change.after();
              RouteRow before = held(change);
              boolean was = before != null && isOrigin(as, before);
              boolean is = after != null && isOrigin(as, after);
              if (was != is) {
                changes.add(
                    new Change(
                        change.at(),
                        is ? new Mark("active", "began") : change.mark(),
                        prefix,
                        path.current().neighbor(),
                        words(is ? before : after, is, change, names),
                        change.packet()));
              }
            }
          }
        });
    changes.sort(
        Comparator.comparing(Change::at)
            .reversed()
            .thenComparing(Change::prefix)
            .thenComparing(Change::neighbor));
    return List.copyOf(changes.subList(0, Math.min(CHANGED, changes.size())));
  }

  /// The version that a change replaced or ended; null if there was none at that moment.
  private static @Nullable RouteRow held(PathVersions.Change change) {
    RouteRow before = change.before();
    Instant end = before == null ? null : before.validTo();
    return end == null || !end.isBefore(change.at()) ? before : null;
  }

  private static boolean isOrigin(long as, RouteRow row) {
    return Long.valueOf(as).equals(row.originAs());
  }

  /// @param other the version on the other side of the change; null if there is none
  private static String words(
      @Nullable RouteRow other, boolean began, PathVersions.Change change, AsNames names) {
    Long origin = other == null ? null : other.originAs();
    if (origin == null) {
      return change.words();
    }
    return began
        ? "Until then " + names.withNumber(origin) + " originated it."
        : "From then on " + names.withNumber(origin) + " originates it.";
  }

  private static @Nullable PathGraph graph(
      List<OriginRoute> routes, List<NeighborRow> neighbors, AsNames names) {
    // One route for each way that its paths take: a hundred prefixes that run alike are one line.
    var ways = new LinkedHashMap<String, PathGraph.Path>();
    var seen = new HashSet<String>();
    for (OriginRoute route : routes) {
      if (!seen.add(route.neighbor() + " " + route.asPath())) {
        continue;
      }
      ways.putIfAbsent(
          route.neighbor() + " " + Text.hops(route.asPath()).stream().map(Text.Hop::text).toList(),
          new PathGraph.Path(route.neighbor(), route.pathId(), route.asPath(), mark(route)));
    }
    var neighborNames = new HashMap<Long, String>();
    Set<Long> several = new LinkedHashSet<>();
    for (NeighborRow neighbor : neighbors) {
      if (neighborNames.putIfAbsent(neighbor.as(), neighbor.name()) != null) {
        several.add(neighbor.as());
      }
    }
    several.forEach(as -> neighborNames.put(as, "several neighbors"));
    return ways.size() > 60 ? null : PathGraph.of(List.copyOf(ways.values()), neighborNames, names);
  }

  private static Mark mark(OriginRoute active) {
    return active.stale() ? new Mark("stale", "stale") : new Mark("active", "active");
  }

  /// Who stands before the origin in the paths, most routes first.
  private static List<Through> before(List<OriginRoute> routes, long as) {
    Map<String, Long> paths = new HashMap<>(); // many routes have the same
    routes.forEach(route -> paths.merge(route.asPath(), 1L, Long::sum));
    Map<String, Long> counts = new HashMap<>();
    paths.forEach(
        (path, count) -> {
          List<Text.Hop> hops = Text.hops(path);
          for (int i = hops.size() - 2; i >= 0; i--) {
            if (!Long.valueOf(as).equals(hops.get(i).as())) {
              counts.merge(hops.get(i).text(), count, Long::sum);
              break;
            }
          }
        });
    var rows = new ArrayList<Through>();
    counts.forEach(
        (text, count) ->
            rows.add(
                Visit.readAs(text)
                    .map(number -> new Through(number, "AS" + number, Links.as(number), count))
                    .orElseGet(
                        () -> new Through(null, text, "/search?q=" + Links.segment(text), count))));
    rows.sort(
        Comparator.comparingLong((Through row) -> -row.routes()).thenComparing(Through::name));
    return rows.subList(0, Math.min(12, rows.size()));
  }

  /// The neighbors that tell us of it, most routes first.
  private static List<Through> by(List<OriginRoute> routes) {
    Map<String, Long> counts = new HashMap<>();
    routes.forEach(route -> counts.merge(route.neighbor(), 1L, Long::sum));
    var rows = new ArrayList<Through>();
    counts.forEach((name, count) -> rows.add(new Through(null, name, Links.neighbor(name), count)));
    rows.sort(
        Comparator.comparingLong((Through row) -> -row.routes()).thenComparing(Through::name));
    return rows;
  }
}
