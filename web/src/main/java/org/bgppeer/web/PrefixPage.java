package org.bgppeer.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.PrefixRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RoutePage;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// `/prefix/192.0.2.0/24`: who has it, who had it, what changed; at a moment with `at=`. Under it
/// `/history`, all of its versions, and `/diff`, two of them side by side.
///
/// Everything of the past comes from the versions of its paths, so that the table, the bands, the
/// list of events and the moment that the time machine shows cannot contradict each other.
public final class PrefixPage {
  /// So many current paths are shown.
  private static final int PATHS = 500;

  /// So many versions are read for the bands and the events of the page.
  private static final int VERSIONS = 1000;

  private static final int EVENTS = 8;
  private static final int INSIDE = 12;
  private static final int COVERING = 12;

  PrefixPage(Site site) {
    site.page("/prefix/{address}/{length}", this::prefix, "w", "state", "at", "differ");
    site.page("/prefix/{address}/{length}/history", this::history, "neighbor", "at");
    site.page(
        "/prefix/{address}/{length}/diff", this::diff, "neighbor", "family", "path", "v", "at");
    site.page("/prefix/{address}", this::address, "at");
    site.page("/route/{nlri}", this::prefix, "w", "state", "at", "differ");
    site.page("/route/{nlri}/history", this::history, "neighbor", "at");
    site.page("/route/{nlri}/diff", this::diff, "neighbor", "family", "path", "v", "at");
  }

  /// The model of `prefix.jte`.
  ///
  /// @param eyebrow what kind of prefix it is, and how large
  /// @param origins of its active paths
  /// @param around null if it is not a prefix
  /// @param firstSeen when we saw it first, as far as `versionsCut` lets us know
  /// @param changes how many changes are in the window
  /// @param versionsCut whether there are more versions than were read
  public record Model(
      String prefix,
      String address,
      String eyebrow,
      List<Long> origins,
      int active,
      int stale,
      int inactive,
      Instant firstSeen,
      int changes,
      boolean versionsCut,
      Table table,
      List<Chip> windows,
      Bands.Window window,
      Bands bands,
      @Nullable PathGraph graph,
      @Nullable Comparison comparison,
      @Nullable Around around,
      List<PathVersions.Change> events,
      @Nullable Instant at,
      Instant now) {}

  /// A choice among views of the page.
  public record Chip(String text, String href, boolean current) {}

  /// The table of paths.
  ///
  /// @param chips which states are shown
  /// @param families whether paths of more than one family are in it, so that it must be said
  /// @param cut whether there are more paths than shown
  public record Table(
      List<Chip> chips, List<Path> on, List<Path> off, boolean families, boolean cut) {}

  /// One path in the table.
  ///
  /// @param since when it came to this state
  /// @param why in words
  /// @param later in the time machine: what became of it; else null
  /// @param laterWhen how long after, in words; may be empty
  public record Path(
      RouteRow route,
      Mark mark,
      Instant since,
      String why,
      @Nullable Mark later,
      String laterWhen,
      @Nullable Long packet) {

    /// Origin, MED, LOCAL_PREF and the flags, in one line.
    public String attributes() {
      return attributesOf(route);
    }

    /// All communities of all kinds.
    public String communities() {
      return String.join(" ", route.communities(), route.largeCommunities(), route.extCommunities())
          .strip()
          .replaceAll(" +", " ");
    }
  }

  /// Two versions of a path.
  ///
  /// @param older, newer addresses of the comparison before and after; null if there is none
  public record Comparison(
      PathVersions.Change change,
      VersionDiff diff,
      boolean numbered,
      @Nullable String older,
      @Nullable String newer) {}

  /// What lies around the prefix.
  ///
  /// @param inside the first ones within it
  /// @param more whether there are more
  public record Around(
      List<PrefixRow> covering, int coveringLeftOut, List<PrefixRow> inside, boolean more) {}

  /// The model of `prefix-history.jte`.
  public record HistoryModel(
      String prefix,
      String address,
      List<PathVersions.Change> changes,
      boolean cut,
      int versions,
      @Nullable String neighbor,
      Function<PathVersions.Change, String> compare,
      Instant now) {}

  /// The model of `prefix-diff.jte`.
  public record DiffModel(String prefix, String address, Comparison comparison, Instant now) {}

  private Reply address(Visit visit) {
    Instant at = visit.moment();
    return new Reply.Redirect(
        "/search?q="
            + Links.segment(visit.part("address"))
            + (at == null ? "" : "&at=" + Text.iso(at)));
  }

  /// What a page is about.
  ///
  /// @param prefix null if it is another NLRI
  private record Subject(@Nullable Prefix prefix, String text) {
    List<RouteRow> history(Queries queries) {
      return prefix == null ? queries.history(text, VERSIONS) : queries.history(prefix, VERSIONS);
    }

    RoutePage routes(Queries queries) {
      var all = RouteQuery.all(PATHS);
      return queries.routes(
          prefix == null ? all.withNlri(text) : all.withPrefix(prefix, RouteQuery.Match.EXACT));
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static Subject asked(Visit visit) {
    if (visit.has("nlri")) {
      return new Subject(null, Links.nlri(visit.part("nlri")));
    }
    Prefix prefix = askedPrefix(visit);
    return new Subject(prefix, prefix.toString());
  }

  private static Prefix askedPrefix(Visit visit) {
    String text = visit.part("address") + "/" + visit.part("length");
    try {
      return Prefix.parse(text);
    } catch (IllegalArgumentException e) {
      throw notAPrefix(visit.queries(), text, String.valueOf(e.getMessage()));
    }
  }

  private static Refusal notAPrefix(Queries queries, String text, String why) {
    var near = new ArrayList<Refusal.Suggestion>();
    String address = text.substring(0, text.indexOf('/'));
    try {
      queries
          .longestMatch(Prefix.ofAddress(address))
          .ifPresent(
              match ->
                  near.add(
                      new Refusal.Suggestion(
                          Links.prefix(match.toString()),
                          match.toString(),
                          "the longest match of " + address)));
    } catch (IllegalArgumentException e) {
      return new Refusal(400, "Not a prefix", "This is not a prefix", why + ".", text, near);
    }
    return new Refusal(400, "Not a prefix", "This is not a prefix", why + ".", text, near);
  }

  private static Refusal neverSeen(Queries queries, Subject subject) {
    Prefix prefix = subject.prefix;
    if (prefix == null) {
      return new Refusal(
          404,
          "Never seen",
          "No neighbor ever sent " + subject,
          "We have no route of exactly this text.",
          subject.text,
          List.of());
    }
    var near = new ArrayList<Refusal.Suggestion>();
    var match = queries.longestMatch(prefix);
    match.ifPresent(
        longest ->
            near.add(
                new Refusal.Suggestion(
                    Links.prefix(longest.toString()),
                    longest.toString(),
                    "the longest prefix that covers it")));
    queries
        .moreSpecific(prefix, null, 3)
        .forEach(
            row ->
                near.add(
                    new Refusal.Suggestion(
                        Links.prefix(row.prefix()), row.prefix(), "lies within it")));
    return new Refusal(
        404,
        "Never seen",
        "No neighbor ever sent " + prefix,
        match.isPresent()
            ? "We have no route of exactly this prefix. The longest match is " + match.get() + "."
            : "We have no route of exactly this prefix, and none that covers it.",
        prefix.toString(),
        near);
  }

  /// Whether only what came to differ since then is asked for.
  private static boolean differ(Visit visit) {
    return visit.choice("differ", "0", "0", "1").equals("1");
  }

  private Reply prefix(Visit visit) {
    boolean differ = differ(visit);
    Queries queries = visit.queries();
    Subject prefix = asked(visit);
    String state = visit.choice("state", "all", "active", "stale", "inactive");
    Instant at = visit.moment();
    RoutePage page = prefix.routes(queries);
    List<RouteRow> versions = prefix.history(queries);
    if (page.routes().isEmpty() && versions.isEmpty()) {
      throw neverSeen(queries, prefix);
    }
    boolean cut = versions.size() >= VERSIONS;
    List<PathVersions> paths = PathVersions.of(versions);
    Map<String, NeighborRow> neighbors = new HashMap<>();
    queries.neighbors().forEach(neighbor -> neighbors.put(neighbor.name(), neighbor));

    List<Path> all = at == null ? now(page.routes(), paths, neighbors) : then(paths, at, differ);
    List<RouteRow> shown = all.stream().map(Path::route).toList();
    Bands.Window window = window(visit, versions);
    Instant from = visit.now().minus(window.length());
    List<PathVersions.Change> changes = PathVersions.changes(paths);
    String text = prefix.toString();
    Bands bands =
        Bands.of(
            ordered(paths, shown),
            window,
            visit.now(),
            at,
            !cut,
            name -> staleSince(neighbors.get(name)),
            change ->
                at != null
                    ? visit.at(change.at().minusSeconds(1))
                    : compareLink(text, change, !cut));
    var model =
        new Model(
            text,
            Links.prefix(text),
            eyebrow(prefix.prefix, versions, page.routes()),
            origins(shown, at),
            count(all, "active"),
            count(all, "stale"),
            all.size() - count(all, "active") - count(all, "stale"),
            firstSeen(page.routes(), versions),
            (int) changes.stream().filter(change -> change.at().isAfter(from)).count(),
            cut,
            table(visit, all, state, at, page.next() != null),
            windows(visit, window),
            window,
            bands,
            at == null
                ? PathGraph.of(
                    shown.stream().map(PathGraph.Path::of).toList(),
                    names(neighbors),
                    visit.names())
                : null,
            at == null ? lastComparison(text, changes, !cut) : null,
            prefix.prefix == null ? null : around(queries, prefix.prefix),
            changes.subList(0, Math.min(EVENTS, changes.size())),
            at,
            visit.now());
    Reply.Page reply =
        Reply.page("prefix", text, "prefixes", model)
            .withData(shown.stream().map(row -> RouteData.of(row, visit.names())).toList())
            .withQuery(text);
    return at == null ? reply : between(reply, at, changes);
  }

  /// The window asked for, or the usual one.
  private static Bands.Window window(Visit visit, List<RouteRow> versions) {
    String asked = visit.text("w");
    if (asked != null) {
      Bands.Window window = Bands.Window.of(asked);
      if (window == null) {
        throw Refusal.parameter("w", asked, "one of " + Bands.Window.codes());
      }
      return window;
    }
    Instant begin =
        versions.stream().map(RouteRow::firstSeen).min(Comparator.naturalOrder()).orElse(null);
    return Bands.Window.usual(begin, visit.now());
  }

  private static List<Chip> windows(Visit visit, Bands.Window current) {
    var chips = new ArrayList<Chip>();
    for (Bands.Window window : Bands.Window.values()) {
      chips.add(new Chip(window.label(), visit.with("w", window.code()), window == current));
    }
    return chips;
  }

  private static @Nullable Instant staleSince(@Nullable NeighborRow neighbor) {
    if (neighbor == null) {
      return null;
    }
    return neighbor.state() == NeighborRow.SessionState.STALE ? neighbor.since() : null;
  }

  private static Map<Long, String> names(Map<String, NeighborRow> neighbors) {
    var names = new HashMap<Long, String>();
    for (NeighborRow neighbor : neighbors.values()) {
      names.merge(neighbor.as(), neighbor.name(), (one, _) -> one);
    }
    // An AS with several sessions is not one of them.
    var counts = new HashMap<Long, Integer>();
    neighbors.values().forEach(neighbor -> counts.merge(neighbor.as(), 1, Integer::sum));
    counts.forEach(
        (as, count) -> {
          if (count > 1) {
            names.put(as, count + " of our neighbors");
          }
        });
    return names;
  }

  private static String eyebrow(
      @Nullable Prefix prefix, List<RouteRow> versions, List<RouteRow> routes) {
    var families = new TreeSet<String>();
    versions.forEach(row -> families.add(row.family()));
    routes.forEach(row -> families.add(row.family()));
    if (prefix == null) {
      return String.join(", ", families.stream().map(Text::family).toList());
    }
    String size;
    if (!prefix.isIpv6()) {
      long addresses = 1L << (32 - prefix.length());
      size = addresses == 1 ? "1 address" : Text.exact(addresses) + " addresses";
    } else if (prefix.length() > 64) {
      size = "2^" + (128 - prefix.length()) + " addresses";
    } else {
      int bits = 64 - prefix.length();
      size =
          bits == 0
              ? "one /64"
              : bits < 20 ? Text.number(1L << bits) + " × /64" : "2^" + bits + " × /64";
    }
    return "Prefix · "
        + String.join(", ", families.stream().map(Text::family).toList())
        + " · "
        + size;
  }

  private static Instant firstSeen(List<RouteRow> routes, List<RouteRow> versions) {
    var all = new ArrayList<>(routes);
    all.addAll(versions);
    return all.stream().map(RouteRow::firstSeen).min(Comparator.naturalOrder()).orElseThrow();
  }

  private static List<Long> origins(List<RouteRow> shown, @Nullable Instant at) {
    var origins = new TreeSet<Long>();
    for (RouteRow row : shown) {
      Long origin = row.originAs();
      if (origin != null && (at != null || row.active())) {
        origins.add(origin);
      }
    }
    return List.copyOf(origins);
  }

  private static int count(List<Path> paths, String kind) {
    return (int) paths.stream().filter(path -> path.mark.kind().equals(kind)).count();
  }

  private static Table table(
      Visit visit, List<Path> all, String state, @Nullable Instant at, boolean cut) {
    var chips = new ArrayList<Chip>();
    int active = count(all, "active");
    int stale = count(all, "stale");
    int inactive = all.size() - active - stale;
    if (at == null) {
      chips.add(new Chip("All " + all.size(), visit.with("state", null), state.equals("all")));
      chips.add(
          new Chip("Active " + active, visit.with("state", "active"), state.equals("active")));
      if (stale > 0 || state.equals("stale")) {
        chips.add(new Chip("Stale " + stale, visit.with("state", "stale"), state.equals("stale")));
      }
      chips.add(
          new Chip(
              "Inactive " + inactive, visit.with("state", "inactive"), state.equals("inactive")));
    } else {
      boolean differ = differ(visit);
      chips.add(new Chip("All", visit.with("differ", null), !differ));
      chips.add(new Chip("Only those that differ now", visit.with("differ", "1"), differ));
    }
    var on = new ArrayList<Path>();
    var off = new ArrayList<Path>();
    for (Path path : all) {
      boolean isActive = path.mark.kind().equals("active");
      boolean isStale = path.mark.kind().equals("stale");
      boolean wanted =
          switch (state) {
            case "active" -> isActive;
            case "stale" -> isStale;
            case "inactive" -> !isActive && !isStale;
            default -> true;
          };
      if (wanted) {
        (isActive || isStale ? on : off).add(path);
      }
    }
    boolean families = all.stream().map(path -> path.route.family()).distinct().count() > 1;
    return new Table(chips, on, off, families, cut);
  }

  private static List<Path> sorted(List<Path> paths) {
    var sorted = new ArrayList<>(paths);
    sorted.sort(
        Comparator.comparingInt(
            path ->
                switch (path.mark.kind()) {
                  case "active" -> 0;
                  case "stale" -> 1;
                  default -> 2;
                }));
    return sorted;
  }

  private static List<Path> now(
      List<RouteRow> routes, List<PathVersions> paths, Map<String, NeighborRow> neighbors) {
    var rows = new ArrayList<Path>();
    for (RouteRow route : routes) {
      Mark mark = Mark.of(route);
      PathVersions.Change last = null;
      for (PathVersions path : paths) {
        if (path.isOf(route)) {
          last = path.changes().getLast();
        }
      }
      Instant since = route.validFrom();
      String why = route.why();
      Long packet = route.packet();
      if (!route.active()) {
        since = route.validTo() == null ? route.lastChanged() : route.validTo();
        packet = route.endPacket();
      } else if (route.stale()) {
        Instant stale = staleSince(neighbors.get(route.neighbor()));
        since = stale == null ? since : stale;
        why =
            why.isEmpty()
                ? "Not sent again since our restart; kept until the table is whole."
                : why;
      } else if (why.isEmpty() && last != null) {
        why = last.words();
      }
      rows.add(new Path(route, mark, since, why, null, "", packet));
    }
    return sorted(rows);
  }

  private static List<Path> then(List<PathVersions> paths, Instant at, boolean differ) {
    var rows = new ArrayList<Path>();
    var byName = new ArrayList<>(paths);
    byName.sort(Comparator.comparing(PathVersions::label, NeighborRow.NAME_ORDER));
    for (PathVersions path : byName) {
      int number = path.numberAt(at);
      if (number == 0) {
        continue;
      }
      RouteRow version = path.versions().get(number - 1);
      Instant end = version.validTo();
      boolean active = end == null || end.isAfter(at);
      Mark mark = active ? new Mark("active", "active") : Mark.of(version);
      Mark later = null;
      String when = "";
      for (PathVersions.Change change : path.changes()) {
        if (change.at().isAfter(at)) {
          RouteRow after = change.after();
          later =
              after == null
                  ? Mark.of(version)
                  : new Mark("active", Text.lower(sentence(change.words())));
          when = Text.age(at, change.at()) + " later";
          break;
        }
      }
      if (later == null) {
        later = version.stale() ? new Mark("stale", "stale now") : mark.saying("same now");
        if (differ && !version.stale()) {
          continue;
        }
      }
      Instant since = active || end == null ? version.validFrom() : end;
      rows.add(
          new Path(
              version,
              mark,
              since,
              active ? "" : version.why(),
              later,
              when,
              active ? version.packet() : version.endPacket()));
    }
    return sorted(rows);
  }

  private static String sentence(String words) {
    int dot = words.indexOf(". ");
    String first = dot < 0 ? words : words.substring(0, dot);
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }

  /// The paths of the bands in the order of the table.
  private static List<PathVersions> ordered(List<PathVersions> paths, List<RouteRow> shown) {
    var ordered = new ArrayList<PathVersions>();
    for (RouteRow route : shown) {
      for (PathVersions path : paths) {
        if (path.isOf(route)) {
          ordered.add(path);
        }
      }
    }
    for (PathVersions path : paths) {
      if (!ordered.contains(path)) {
        ordered.add(path);
      }
    }
    return ordered;
  }

  private static String attributesOf(RouteRow route) {
    var words = new ArrayList<String>();
    if (!route.details().isEmpty()) {
      words.add(route.details());
    }
    words.add(route.origin().equals("INCOMPLETE") ? "incomplete" : route.origin());
    if (route.med() != null) {
      words.add("MED " + route.med());
    }
    if (route.localPref() != null) {
      words.add("LP " + route.localPref());
    }
    if (route.atomicAggregate()) {
      words.add("atomic");
    }
    return String.join(" · ", words);
  }

  private static Around around(Queries queries, Prefix prefix) {
    List<PrefixRow> covering = queries.covering(prefix);
    int leftOut = Math.max(0, covering.size() - COVERING);
    List<PrefixRow> inside = queries.moreSpecific(prefix, null, INSIDE + 1);
    return new Around(
        covering.subList(leftOut, covering.size()),
        leftOut,
        inside.subList(0, Math.min(INSIDE, inside.size())),
        inside.size() > INSIDE);
  }

  private static Reply.Page between(
      Reply.Page page, Instant at, List<PathVersions.Change> changes) {
    Instant before = null;
    Instant after = null;
    for (PathVersions.Change change : changes) {
      if (change.at().isAfter(at)) {
        after = change.at();
      } else if (change.at().isBefore(at)) {
        before = change.at();
        break;
      }
    }
    return page.between(before, after);
  }

  /// Where a change leads to: the comparison, else the packet that did it, else the moment.
  private static String compareLink(String prefix, PathVersions.Change change, boolean numbered) {
    if (change.comparable() && numbered) {
      return diffLink(prefix, change.path(), change.number());
    }
    Long packet = change.packet();
    return packet != null
        ? Links.packet(packet)
        : Links.prefix(prefix) + "?at=" + Text.iso(change.at());
  }

  private static String diffLink(String prefix, PathVersions path, int to) {
    RouteRow route = path.current();
    return Links.prefix(prefix)
        + "/diff?neighbor="
        + Links.segment(route.neighbor())
        + "&family="
        + Links.segment(route.family())
        + (route.pathId() == null ? "" : "&path=" + route.pathId())
        + "&v="
        + (to - 1)
        + ".."
        + to;
  }

  private static @Nullable Comparison lastComparison(
      String prefix, List<PathVersions.Change> changes, boolean numbered) {
    for (PathVersions.Change change : changes) {
      RouteRow before = change.before();
      RouteRow after = change.after();
      if (before != null && after != null) {
        VersionDiff diff = VersionDiff.of(before, after);
        if (!diff.rows().isEmpty()) {
          return comparison(prefix, change, diff, numbered);
        }
      }
    }
    return null;
  }

  private static Comparison comparison(
      String prefix, PathVersions.Change change, VersionDiff diff, boolean numbered) {
    PathVersions path = change.path();
    int number = change.number();
    return new Comparison(
        change,
        diff,
        numbered,
        numbered && number > 2 ? diffLink(prefix, path, number - 1) : null,
        numbered && number < path.versions().size() ? diffLink(prefix, path, number + 1) : null);
  }

  private Reply history(Visit visit) {
    Subject prefix = asked(visit);
    List<RouteRow> versions = prefix.history(visit.queries());
    if (versions.isEmpty()) {
      throw neverSeen(visit.queries(), prefix);
    }
    boolean cut = versions.size() >= VERSIONS;
    String neighbor = visit.text("neighbor");
    List<RouteRow> wanted =
        versions.stream()
            .filter(row -> neighbor == null || row.neighbor().equals(neighbor))
            .filter(row -> !row.validFrom().isAfter(visit.shown()))
            .toList();
    String text = prefix.toString();
    return Reply.page(
            "prefix-history",
            "History of " + text,
            "prefixes",
            new HistoryModel(
                text,
                Links.prefix(text),
                PathVersions.changes(PathVersions.of(wanted)).stream()
                    .filter(change -> !change.at().isAfter(visit.shown()))
                    .toList(),
                cut,
                versions.size(),
                neighbor,
                change -> compareLink(text, change, !cut),
                visit.shown()))
        .withData(wanted.stream().map(row -> RouteData.of(row, visit.names())).toList());
  }

  private Reply diff(Visit visit) {
    Subject prefix = asked(visit);
    List<RouteRow> versions = prefix.history(visit.queries());
    if (versions.isEmpty()) {
      throw neverSeen(visit.queries(), prefix);
    }
    String neighbor = visit.text("neighbor");
    String family = visit.family("family");
    Long pathId = visit.number("path", 0, 0xffff_ffffL);
    var candidates = new LinkedHashMap<String, PathVersions>();
    for (PathVersions path : PathVersions.of(versions)) {
      RouteRow route = path.current();
      boolean same =
          (neighbor == null || route.neighbor().equals(neighbor))
              && (family == null || route.family().equals(family))
              && (pathId == null || pathId.equals(route.pathId()));
      if (same) {
        candidates.put(path.label() + " " + route.family(), path);
      }
    }
    String text = prefix.toString();
    if (candidates.isEmpty()) {
      throw Refusal.notFound(
          "No such path",
          "There is no such path of " + text,
          "The paths that were ever there stand on the page of the prefix.",
          text);
    }
    PathVersions path =
        candidates.values().stream()
            .filter(each -> visit.text("v") != null || each.versions().size() > 1)
            .findFirst()
            .orElse(candidates.firstEntry().getValue());
    PathVersions.Change change = path.changeTo(versionAsked(visit, path));
    if (change == null) {
      throw Refusal.notFound(
          "No such version",
          "There is nothing to compare",
          "This path has " + Text.count(path.versions().size(), "version") + ".",
          text);
    }
    RouteRow before = change.before();
    RouteRow after = change.after();
    if (before == null || after == null) {
      throw new IllegalStateException("a change between versions without one of them");
    }
    VersionDiff diff = VersionDiff.of(before, after);
    return Reply.page(
            "prefix-diff",
            "What changed in " + text,
            "prefixes",
            new DiffModel(
                text,
                Links.prefix(text),
                comparison(text, change, diff, versions.size() < VERSIONS),
                visit.shown()))
        .withData(List.of(RouteData.of(before, visit.names()), RouteData.of(after, visit.names())));
  }

  /// The newer one of the two versions in `v=3..4`; the newest if nothing was asked.
  private static int versionAsked(Visit visit, PathVersions path) {
    String text = visit.text("v");
    if (text == null) {
      return path.versions().size();
    }
    int dots = text.indexOf("..");
    try {
      int from = Integer.parseInt(dots < 0 ? text : text.substring(0, dots));
      int to = dots < 0 ? from + 1 : Integer.parseInt(text.substring(dots + 2));
      if (to == from + 1) {
        return to;
      }
    } catch (NumberFormatException e) {
      throw Refusal.parameter("v", text, "two versions that follow each other, such as 3..4");
    }
    throw Refusal.parameter("v", text, "two versions that follow each other, such as 3..4");
  }
}
