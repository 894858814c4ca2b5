package org.bgppeer.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.PrefixRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// What a text may mean while it is typed, and the little of each meaning that an index finds at
/// once. [SearchPage] looks further.
final class Suggestions {
  private static final int PREFIXES = 6;
  private static final int NAMES = 6;
  private static final int ORIGINATED = 5;
  private static final int THEN = 200;

  /// The begin of an address: `198.51.` or `2001:db8:`.
  private static final Pattern BEGIN_V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){0,2}\\.?");

  private static final Pattern BEGIN_V6 =
      Pattern.compile("(?i)[0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,6}:");

  /// One of them.
  ///
  /// @param kind what the text was understood as
  /// @param text what was found
  /// @param address of its page
  /// @param words what is known of it
  public record Found(String kind, String text, String address, String words) {}

  private final Queries queries;
  private final CommunityDictionary communities;
  private final AsNames names;
  private final @Nullable Instant at;
  private final List<Found> found = new ArrayList<>();

  private Suggestions(
      Queries queries, CommunityDictionary communities, AsNames names, @Nullable Instant at) {
    this.queries = queries;
    this.communities = communities;
    this.names = names;
    this.at = at;
  }

  /// What `q` may mean, the likeliest first.
  static List<Found> of(Visit visit, CommunityDictionary communities) {
    String text = visit.text("q");
    if (text == null) {
      throw Refusal.parameter("q", "", "what is looked for");
    }
    Queries queries = visit.queries().indexed(); // nobody waits while typing
    var suggestions = new Suggestions(queries, communities, visit.names(), visit.moment());
    suggestions.begin(text);
    for (SearchTerm term : SearchTerm.of(text)) {
      suggestions.add(term);
    }
    return suggestions.found;
  }

  private void add(String kind, String text, String address, String words) {
    String moment = at == null ? "" : (address.indexOf('?') < 0 ? "?at=" : "&at=") + Text.iso(at);
    found.add(new Found(kind, text, address + moment, words));
  }

  private void add(SearchTerm term) {
    switch (term) {
      case SearchTerm.Address(Prefix address, String text) -> {
        address(address, text);
        neighbors(text);
        add("Next hop", text, Links.nextHop(text), "routes that use it");
      }
      case SearchTerm.Exact(Prefix prefix, boolean _, boolean _) -> prefix(prefix);
      case SearchTerm.Nlri(String nlri) -> {
        if (!queries.history(nlri, 1).isEmpty()) {
          add("Route", nlri, Links.prefix(nlri), "");
        }
      }
      case SearchTerm.As(long as) -> as(as);
      case SearchTerm.Community(String community) -> {
        CommunityDictionary.Named named = communities.of(community);
        add(
            "Community",
            community,
            Links.community(community),
            named == null ? "routes that have it" : named.meaning());
      }
      case SearchTerm.NextHop(String hop) ->
          add("Next hop", hop, Links.nextHop(hop), "routes that use it");
      case SearchTerm.Path(List<Long> ases) -> {
        String row = String.join(" ", ases.stream().map(String::valueOf).toList());
        add(
            "AS path",
            row,
            "/search?q=" + Links.segment("path:" + row),
            "routes with these in a row");
      }
      case SearchTerm.Name(String name) -> {
        neighbors(name);
        names
            .search(name, NAMES)
            .forEach(as -> add("Autonomous system", "AS" + as.as(), Links.as(as.as()), as.name()));
      }
      case SearchTerm.NoPrefix(String _) -> {} // it may become one
    }
  }

  private void address(Prefix address, String text) {
    if (at != null) {
      List<PrefixRow> covering = then(address, RouteQuery.Match.SHORTER);
      covering.reversed().stream()
          .limit(PREFIXES)
          .forEach(row -> row("Prefixes that cover " + text + " then", row));
      return;
    }
    Optional<Prefix> longest = queries.longestMatch(address);
    longest.ifPresent(
        match -> {
          add("Longest match for " + text, match.toString(), Links.prefix(match.toString()), "");
          queries.covering(match).reversed().stream()
              .limit(PREFIXES - 1)
              .forEach(row -> row("Covering", row));
        });
  }

  private void prefix(Prefix prefix) {
    String text = prefix.toString();
    if (at != null) {
      then(prefix, RouteQuery.Match.EXACT).forEach(row -> row("Prefix", row));
      then(prefix, RouteQuery.Match.LONGER).stream()
          .filter(row -> !row.prefix().equals(text))
          .limit(PREFIXES)
          .forEach(row -> row("Inside " + text, row));
      return;
    }
    RouteQuery exact = RouteQuery.all(1).withPrefix(prefix, RouteQuery.Match.EXACT);
    if (queries.routes(exact).routes().isEmpty()) {
      queries
          .longestMatch(prefix)
          .ifPresent(
              match ->
                  add(
                      "Never seen; the longest match",
                      match.toString(),
                      Links.prefix(match.toString()),
                      ""));
    } else {
      add("Prefix", text, Links.prefix(text), "");
    }
    inside("Inside " + text, prefix);
  }

  private void inside(String kind, Prefix prefix) {
    List<PrefixRow> rows =
        at == null
            ? queries.moreSpecific(prefix, null, PREFIXES)
            : then(prefix, RouteQuery.Match.LONGER).stream().limit(PREFIXES).toList();
    rows.forEach(row -> row(kind, row));
  }

  private List<PrefixRow> then(Prefix prefix, RouteQuery.Match match) {
    return PastPrefixes.of(
        queries.routes(RouteQuery.all(THEN).withPrefix(prefix, match).withAt(at)).routes());
  }

  private void row(String kind, PrefixRow row) {
    String origins =
        String.join(", ", row.originAses().stream().limit(3).map(names::withNumber).toList());
    String paths = row.active() == 0 ? "inactive" : Text.count(row.active(), "path");
    add(
        kind,
        row.prefix(),
        Links.prefix(row.prefix()),
        origins.isEmpty() ? paths : origins + ", " + paths);
  }

  private void as(long as) {
    var now = at == null ? queries.originated(as, null, ORIGINATED) : null;
    int some = now == null ? -1 : now.rows().size();
    boolean whole = now == null || now.next() == null && queries.unindexed().isEmpty();
    String words =
        some < 0 || some == 0 && !whole
            ? ""
            : some == 0
                ? "originates nothing now"
                : (some == 1 ? "originates 1 prefix" : "originates " + some + " prefixes")
                    + (whole ? "" : " or more");
    String name = names.of(as);
    add(
        "Autonomous system",
        "AS" + as,
        Links.as(as),
        name.isEmpty() ? words : words.isEmpty() ? name : name + ", " + words);
  }

  private void neighbors(String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    queries.neighbors().stream()
        .filter(
            row ->
                row.name().toLowerCase(Locale.ROOT).contains(wanted)
                    || row.address().equals(wanted))
        .limit(NAMES)
        .forEach(row -> add("Neighbor", row.name(), Links.neighbor(row.name()), words(row)));
  }

  private static String words(NeighborRow row) {
    return "AS" + row.as() + ", " + row.address() + ", " + Mark.of(row.state()).word();
  }

  /// What lies behind the begin of an address.
  private void begin(String text) {
    try {
      if (text.indexOf('.') > 0 && BEGIN_V4.matcher(text).matches()) {
        String octets = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        int count = octets.split("\\.").length;
        String prefix = octets + ".0".repeat(4 - count) + "/" + 8 * count;
        inside("Inside " + prefix, Prefix.parse(prefix));
      } else if (BEGIN_V6.matcher(text).matches()) {
        String prefix = text + ":/" + 16 * text.split(":").length;
        inside("Inside " + prefix, Prefix.parse(prefix));
      }
    } catch (IllegalArgumentException e) {
      return; // 999. is the begin of nothing
    }
  }
}
