package org.bgppeer.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.PrefixRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// `/search?q=…`: one field for all that can be looked for. A text with one plain meaning leads
/// straight to its page; an address, and a text with several meanings, show what was found for
/// each.
public final class SearchPage {
  private static final int ROWS = 50;
  private static final int NAMES = 20;

  /// So many routes of a moment are looked at for the prefixes in them.
  private static final int THEN = 1000;

  /// `198.51.100.0/24 at 03:12`: the same at a moment, today unless a day is given.
  private static final Pattern AT =
      Pattern.compile(
          "(.*\\S) +at +(?:(\\d{4}-\\d{2}-\\d{2})[ T])?(\\d{1,2}:\\d{2}(?::\\d{2})?)(?: ?UTC|Z)?");

  SearchPage(Site site) {
    site.page("/search", this::search, "q", "after", "at");
  }

  /// The model of `search.jte`.
  ///
  /// @param q what was typed, as it was typed
  /// @param sentence the answer in words; empty if nothing was asked
  /// @param groups what was found, in the order of likelihood
  /// @param next the address of more rows; null if there are none
  public record Model(String q, String sentence, List<Group> groups, @Nullable String next) {}

  /// What was found under one meaning.
  ///
  /// @param none what to say if there are no rows
  public record Group(String title, List<Row> rows, String none) {}

  /// One thing found.
  ///
  /// @param href null where there is nothing to open
  /// @param head, rest its text, the part that agrees with what was typed first
  /// @param pfx whether the text is an identifier
  public record Row(
      @Nullable String href,
      String head,
      String rest,
      boolean pfx,
      String words,
      @Nullable Mark mark,
      boolean on) {}

  /// What the page has as data.
  public record Found(String kind, String text, @Nullable String address, String words) {}

  private Reply search(Visit visit) {
    String typed = visit.text("q");
    if (typed == null) {
      return Reply.page("search", "Search", "", new Model("", "", List.of(), null));
    }
    Instant at = visit.moment();
    String text = typed;
    Matcher moment = AT.matcher(typed);
    if (moment.matches()) {
      at = moment(visit, moment.group(2), moment.group(3));
      text = moment.group(1);
    }
    Queries queries = visit.queries();
    List<SearchTerm> terms =
        SearchTerm.of(text).stream().filter(term -> !isUnknownNlri(queries, term)).toList();
    List<NeighborRow> named = named(queries, terms);
    List<AsNames.Named> called = called(visit.names(), terms);
    Reply direct =
        visit.form() == Visit.Form.HTML ? direct(queries, terms, named, called, at) : null;
    if (direct != null) {
      return direct;
    }
    if (moment.matches() && at != null && visit.form() == Visit.Form.HTML) {
      return new Reply.Redirect("/search?q=" + Links.segment(text) + "&at=" + Links.moment(at));
    }
    var groups = new ArrayList<Group>();
    String next = null;
    for (SearchTerm term : terms) {
      switch (term) {
        case SearchTerm.Address address ->
            address(queries, address, new Typed(address.text(), at, visit.names()), groups);
        case SearchTerm.Exact exact -> next = exact(visit, exact, at, groups);
        case SearchTerm.Nlri(String nlri) ->
            groups.add(
                new Group(
                    "Route",
                    List.of(
                        new Row(Links.prefix(nlri) + moment(at), "", nlri, true, "", null, true)),
                    ""));
        case SearchTerm.As(long as) -> groups.add(as(queries, as, visit.names(), at));
        case SearchTerm.Community(String community) ->
            groups.add(
                routes(
                    "Routes with community " + community,
                    queries,
                    RouteQuery.all(ROWS).withAt(at).withCommunity(community),
                    "no active route has it"));
        case SearchTerm.NextHop(String hop) ->
            groups.add(
                routes(
                    "Routes with next hop " + hop,
                    queries,
                    RouteQuery.all(ROWS).withAt(at).withNextHop(hop),
                    "no active route uses it"));
        case SearchTerm.Path(List<Long> ases) -> {
          String row = String.join(" ", ases.stream().map(String::valueOf).toList());
          groups.add(
              routes(
                  "Routes with " + row + " in a row in the AS path",
                  queries,
                  RouteQuery.all(ROWS)
                      .withAt(at)
                      .withPathAs(ases.getLast()) // by an index
                      .withAsPath("(^|[^0-9])" + row + "($|[^0-9])"),
                  "no active route has them in a row"));
        }
        case SearchTerm.Name(String name) -> {
          if (!named.isEmpty()) {
            groups.add(neighbors(named, name));
          }
          if (!called.isEmpty()) {
            groups.add(called(called, at));
          }
        }
        case SearchTerm.NoPrefix(String why) ->
            groups.add(new Group("Not understood", List.of(), why));
      }
    }
    boolean found = groups.stream().anyMatch(group -> !group.rows.isEmpty());
    String sentence =
        groups.isEmpty()
            ? "“" + text + "” is no address, prefix, AS or community, and in no name"
            : found ? "What we know of “" + text + "”" : "Nothing found for “" + text + "”";
    var data = new ArrayList<Found>();
    for (Group group : groups) {
      for (Row row : group.rows) {
        data.add(new Found(group.title, row.head + row.rest, row.href, row.words));
      }
    }
    return Reply.page("search", "Search for " + typed, "", new Model(typed, sentence, groups, next))
        .withData(data)
        .withQuery(typed)
        .withNext(next);
  }

  private static Instant moment(Visit visit, @Nullable String day, String time) {
    try {
      LocalTime clock =
          LocalTime.parse(time.length() == 4 || time.length() == 7 ? "0" + time : time);
      LocalDate date =
          day == null ? LocalDate.ofInstant(visit.now(), ZoneOffset.UTC) : LocalDate.parse(day);
      Instant at = date.atTime(clock).toInstant(ZoneOffset.UTC);
      // A time of today that is still to come means yesterday's.
      return day == null && at.isAfter(visit.now()) ? at.minusSeconds(86_400) : at;
    } catch (DateTimeException e) {
      throw Refusal.parameter(
          "q", visit.text("q"), "something, at, and a time such as 03:12 or 2026-03-17 03:12");
    }
  }

  /// The page to go to at once if there is no doubt what is meant.
  private static @Nullable Reply direct(
      Queries queries,
      List<SearchTerm> terms,
      List<NeighborRow> named,
      List<AsNames.Named> called,
      @Nullable Instant at) {
    SearchTerm first = terms.getFirst();
    boolean alone = named.isEmpty() && called.isEmpty();
    if (first instanceof SearchTerm.Exact(Prefix prefix, boolean asTyped, boolean inside)
        && asTyped
        && !inside
        && seen(queries, prefix)) {
      return new Reply.Redirect(Links.prefix(prefix.toString()) + moment(at));
    }
    if (first instanceof SearchTerm.Nlri(String nlri)) {
      return new Reply.Redirect(Links.prefix(nlri) + moment(at));
    }
    if (first instanceof SearchTerm.Community(String community) && alone) {
      return new Reply.Redirect(Links.community(community) + moment(at));
    }
    if (first instanceof SearchTerm.NextHop(String hop)) {
      return new Reply.Redirect(Links.nextHop(hop) + moment(at));
    }
    if (first instanceof SearchTerm.As(long as) && alone) {
      return new Reply.Redirect(Links.as(as) + moment(at));
    }
    boolean onlyName = terms.size() == 1 && first instanceof SearchTerm.Name;
    if (onlyName
        && named.size() == 1
        && called.stream().allMatch(as -> as.as() == named.getFirst().as())) {
      return new Reply.Redirect(Links.neighbor(named.getFirst().name()) + moment(at));
    }
    if (onlyName && named.isEmpty() && called.size() == 1) {
      return new Reply.Redirect(Links.as(called.getFirst().as()) + moment(at));
    }
    return null;
  }

  private static List<AsNames.Named> called(AsNames names, List<SearchTerm> terms) {
    for (SearchTerm term : terms) {
      if (term instanceof SearchTerm.Name(String name)) {
        return names.search(name, NAMES);
      }
    }
    return List.of();
  }

  private static Group called(List<AsNames.Named> called, @Nullable Instant at) {
    return new Group(
        called.size() < NAMES ? "Autonomous systems" : "Autonomous systems, the first " + NAMES,
        called.stream()
            .map(
                as ->
                    new Row(
                        Links.as(as.as()) + moment(at),
                        "AS" + as.as(),
                        "",
                        false,
                        as.name(),
                        null,
                        false))
            .toList(),
        "");
  }

  /// Any text with a space might be one: it is one if it was ever seen.
  private static boolean isUnknownNlri(Queries queries, SearchTerm term) {
    return term instanceof SearchTerm.Nlri(String nlri) && queries.history(nlri, 1).isEmpty();
  }

  private static String moment(@Nullable Instant at) {
    return at == null ? "" : "?at=" + Links.moment(at);
  }

  private static boolean seen(Queries queries, Prefix prefix) {
    return !queries
        .routes(RouteQuery.all(1).withPrefix(prefix, RouteQuery.Match.EXACT))
        .routes()
        .isEmpty();
  }

  private static List<NeighborRow> named(Queries queries, List<SearchTerm> terms) {
    var named = new ArrayList<NeighborRow>();
    for (SearchTerm term : terms) {
      String text =
          switch (term) {
            case SearchTerm.Name(String name) -> name.toLowerCase(Locale.ROOT);
            case SearchTerm.Address(Prefix _, String address) -> address;
            default -> null;
          };
      if (text == null) {
        continue;
      }
      for (NeighborRow neighbor : queries.neighbors()) {
        boolean fits =
            term instanceof SearchTerm.Name
                ? neighbor.name().toLowerCase(Locale.ROOT).contains(text)
                : neighbor.address().equals(text);
        if (fits && !named.contains(neighbor) && named.size() < NAMES) {
          named.add(neighbor);
        }
      }
    }
    return named;
  }

  private static Group neighbors(List<NeighborRow> named, String text) {
    var rows = new ArrayList<Row>();
    for (NeighborRow neighbor : named) {
      rows.add(
          new Row(
              Links.neighbor(neighbor.name()),
              "",
              neighbor.name(),
              false,
              "neighbor AS" + neighbor.as() + ", " + neighbor.address(),
              Mark.of(neighbor.state()),
              neighbor.name().equalsIgnoreCase(text)));
    }
    return new Group("Neighbors", rows, "");
  }

  private static Group as(Queries queries, long as, AsNames names, @Nullable Instant at) {
    Queries.Originated now = at == null ? queries.originated(as, null, 5) : null;
    List<PrefixRow> some =
        now != null
            ? now.rows()
            : PastPrefixes.of(
                queries.routes(RouteQuery.all(ROWS).withOriginAs(as).withAt(at)).routes());
    boolean more = now != null && now.next() != null;
    String words =
        some.isEmpty() && more
            ? "originated many prefixes"
            : some.isEmpty()
                ? "originates nothing that we " + (at == null ? "see now" : "saw then")
                : "originates "
                    + (now == null && some.size() > 5
                        ? "more than 5 prefixes"
                        : some.size() == 1 ? "1 prefix" : some.size() + " prefixes")
                    + (more ? " or more" : "");
    if (!queries.unindexed().isEmpty()) {
      words += ", as far as it is indexed yet";
    }
    return new Group(
        "Autonomous system",
        List.of(
            new Row(
                Links.as(as) + moment(at), names.withNumber(as), "", false, words, null, false)),
        "");
  }

  private static void address(
      Queries queries, SearchTerm.Address term, Typed typed, List<Group> groups) {
    Prefix address = term.address();
    Instant at = typed.at;
    if (at != null) {
      addressThen(queries, term, at, typed, groups);
      return;
    }
    List<PrefixRow> covering = new ArrayList<>(queries.covering(address));
    List<PrefixRow> itself = rowsOf(queries, address);
    covering.addAll(itself);
    Optional<Prefix> longest = queries.longestMatch(address);
    if (longest.isEmpty()) {
      groups.add(
          new Group(
              "Longest match for this address",
              List.of(),
              "none: no prefix that we ever saw covers " + term.text()));
      return;
    }
    String best = longest.get().toString();
    var match = new ArrayList<Row>();
    var longer = new ArrayList<Row>();
    var others = new ArrayList<Row>();
    for (PrefixRow row : covering.reversed()) {
      if (row.prefix().equals(best)) {
        match.add(typed.row(row, match.isEmpty()));
      } else if (Prefix.parse(row.prefix()).length() > longest.get().length()) {
        longer.add(typed.row(row, false));
      } else {
        others.add(typed.row(row, false));
      }
    }
    if (match.isEmpty()) {
      match.add(new Row(Links.prefix(best) + moment(at), "", best, true, "", null, true));
    }
    boolean active = covering.stream().anyMatch(row -> row.active() > 0);
    groups.add(
        new Group(
            active
                ? "Longest match for this address"
                : "Longest match for this address, none is active",
            match,
            ""));
    if (!longer.isEmpty()) {
      groups.add(new Group("Longer, but not active", longer, ""));
    }
    groups.add(new Group("Covering", others, "nothing else covers it"));
    var inside = new ArrayList<Row>();
    for (PrefixRow row : queries.moreSpecific(longest.get(), null, 8)) {
      inside.add(typed.row(row, false));
    }
    groups.add(new Group("More specific than " + best, inside, "none inside " + best));
    var also = new ArrayList<Row>();
    for (NeighborRow neighbor : queries.neighbors()) {
      if (neighbor.address().equals(term.text())) {
        also.add(
            new Row(
                Links.neighbor(neighbor.name()),
                "",
                neighbor.name(),
                false,
                "the neighbor at this address",
                Mark.of(neighbor.state()),
                false));
      }
    }
    also.add(
        new Row(
            Links.nextHop(term.text()),
            "",
            "Next hop " + term.text(),
            false,
            "routes that use it",
            null,
            false));
    groups.add(new Group("Also", also, ""));
  }

  private static void addressThen(
      Queries queries, SearchTerm.Address term, Instant at, Typed typed, List<Group> groups) {
    List<PrefixRow> covering = prefixesThen(queries, term.address(), RouteQuery.Match.SHORTER, at);
    var match = new ArrayList<Row>();
    var others = new ArrayList<Row>();
    int longest =
        covering.stream().mapToInt(row -> Prefix.parse(row.prefix()).length()).max().orElse(0);
    for (PrefixRow row : covering.reversed()) {
      boolean best = Prefix.parse(row.prefix()).length() == longest;
      (best ? match : others).add(typed.row(row, best));
    }
    groups.add(
        new Group(
            "Longest match for this address then",
            match,
            "none: no neighbor held a prefix that covers " + term.text()));
    groups.add(new Group("Covering", others, "nothing else covered it"));
  }

  private static List<PrefixRow> prefixesThen(
      Queries queries, Prefix prefix, RouteQuery.Match match, Instant at) {
    return PastPrefixes.of(
        queries.routes(RouteQuery.all(THEN).withPrefix(prefix, match).withAt(at)).routes());
  }

  /// A prefix itself as a row of a list of prefixes, one for each family; none if it was never
  /// seen.
  private static List<PrefixRow> rowsOf(Queries queries, Prefix prefix) {
    List<RouteRow> routes =
        queries.routes(RouteQuery.all(1000).withPrefix(prefix, RouteQuery.Match.EXACT)).routes();
    var rows = new ArrayList<PrefixRow>();
    for (String family : routes.stream().map(RouteRow::family).distinct().toList()) {
      List<RouteRow> its = routes.stream().filter(route -> route.family().equals(family)).toList();
      List<RouteRow> active = its.stream().filter(RouteRow::active).toList();
      rows.add(
          new PrefixRow(
              family,
              prefix.toString(),
              active.stream()
                  .flatMap(route -> Optional.ofNullable(route.originAs()).stream())
                  .distinct()
                  .sorted()
                  .toList(),
              active.size(),
              its.size() - active.size(),
              (int) active.stream().map(RouteRow::neighbor).distinct().count()));
    }
    return rows;
  }

  private @Nullable String exact(
      Visit visit, SearchTerm.Exact term, @Nullable Instant at, List<Group> groups) {
    Queries queries = visit.queries();
    Prefix prefix = term.prefix();
    String text = prefix.toString();
    var typed = new Typed(text, at, visit.names());
    if (at != null) {
      groups.add(
          new Group(
              "This prefix then",
              prefixesThen(queries, prefix, RouteQuery.Match.EXACT, at).stream()
                  .map(row -> typed.row(row, true))
                  .toList(),
              "no neighbor held exactly " + text));
      groups.add(
          new Group(
              "Covering",
              prefixesThen(queries, prefix, RouteQuery.Match.SHORTER, at).reversed().stream()
                  .filter(row -> !row.prefix().equals(text))
                  .map(row -> typed.row(row, false))
                  .toList(),
              "nothing covered it"));
      List<Row> within =
          prefixesThen(queries, prefix, RouteQuery.Match.LONGER, at).stream()
              .filter(row -> !row.prefix().equals(text))
              .limit(ROWS)
              .map(row -> typed.row(row, false))
              .toList();
      groups.add(
          new Group(
              within.size() == ROWS ? "Inside it, " + ROWS + " shown" : "Inside it",
              within,
              "nothing lay inside " + text));
      return null;
    }
    List<PrefixRow> itself = rowsOf(queries, prefix);
    var rows = new ArrayList<Row>();
    itself.forEach(row -> rows.add(typed.row(row, true)));
    groups.add(
        new Group(
            term.asTyped()
                ? "This prefix"
                : "This prefix, with the bits behind /" + prefix.length() + " cleared",
            rows,
            "never seen: no neighbor ever sent exactly " + text));
    if (itself.isEmpty()) {
      Optional<Prefix> longest = queries.longestMatch(prefix);
      if (longest.isPresent()) {
        groups.add(
            new Group(
                "Longest match",
                rowsOf(queries, longest.get()).stream().map(row -> typed.row(row, true)).toList(),
                ""));
      }
    }
    Prefix after = visit.prefix("after");
    List<PrefixRow> inside = queries.moreSpecific(prefix, after, ROWS + 1);
    boolean more = inside.size() > ROWS;
    List<PrefixRow> page = more ? inside.subList(0, ROWS) : inside;
    if (after == null) {
      groups.add(
          new Group(
              "Covering",
              queries.covering(prefix).reversed().stream()
                  .map(row -> typed.row(row, false))
                  .toList(),
              "nothing covers it"));
    }
    groups.add(
        new Group(
            (after == null ? "Inside it" : "Inside it, after " + after)
                + (more ? ", " + ROWS + " shown" : ""),
            page.stream().map(row -> typed.row(row, false)).toList(),
            "nothing lies inside " + text));
    return more ? visit.with("after", page.getLast().prefix()) : null;
  }

  /// What rows of prefixes are made with.
  ///
  /// @param typed what it was looked for; as far as a prefix begins like it that is shown
  private record Typed(String typed, @Nullable Instant at, AsNames names) {
    Row row(PrefixRow row, boolean on) {
      String text = row.prefix();
      int same = 0;
      while (same < text.length()
          && same < typed.length()
          && text.charAt(same) == typed.charAt(same)) {
        same++;
      }
      String origins =
          row.originAses().isEmpty()
              ? ""
              : row.originAses().size() <= 3
                  ? String.join(", ", row.originAses().stream().map(names::withNumber).toList())
                  : row.originAses().size() + " origins";
      String paths =
          row.active() > 0
              ? Text.count(row.active(), "path")
              : Text.count(row.inactive(), "inactive path");
      String family = row.family().endsWith("-unicast") ? "" : ", " + Text.family(row.family());
      return new Row(
          Links.prefix(text) + moment(at),
          text.substring(0, same),
          text.substring(same),
          true,
          (origins.isEmpty() ? "" : origins + ", ") + paths + family,
          row.active() > 0 ? new Mark("active", "active") : new Mark("withdrawn", "inactive"),
          on);
    }
  }

  private static Group routes(String title, Queries queries, RouteQuery query, String none) {
    List<RouteRow> found = queries.routes(query.withActive(true)).routes();
    var rows = new ArrayList<Row>();
    for (RouteRow route : found) {
      rows.add(
          new Row(
              Links.prefix(route.prefix()),
              "",
              route.prefix(),
              true,
              Text.path(route.asPath())
                  + " · "
                  + route.neighbor()
                  + " · next hop "
                  + route.nextHop(),
              Mark.of(route),
              false));
    }
    String shown = rows.size() == ROWS ? title + ", the first " + ROWS : title;
    String yet = queries.unindexed().isEmpty() ? "" : ", as far as they are indexed yet";
    return new Group(shown + yet, rows, none + yet);
  }
}
