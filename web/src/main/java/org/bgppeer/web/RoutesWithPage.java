package org.bgppeer.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bgppeer.store.CommunityPattern;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RoutePage;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// `/community/64500:666` and `/next-hop/192.0.2.1`: what has it, from whom, and what it means.
///
/// How many routes have it is counted on demand (`count=1`): of what many have, each route is
/// looked at.
public final class RoutesWithPage {
  private static final int ROWS = 50;
  private static final int ROWS_DATA = 1000;

  private final CommunityDictionary communities;

  RoutesWithPage(Site site) {
    communities = site.config().communities();
    String[] parameters = {"neighbor", "state", "count", "after", "at"};
    site.page("/community/{community}", this::community, parameters);
    site.page("/next-hop/{address}", this::nextHop, parameters);
  }

  /// The model of `routes-with.jte`.
  ///
  /// @param eyebrow what kind of thing it is
  /// @param named what a community means; null if nobody said
  /// @param neighbor if the address is that of one; else null
  /// @param counts how many active routes of each neighbor have it; null if they were not counted
  /// @param count the address that counts them
  /// @param search where the address itself is looked for; null for a community
  /// @param unindexed tables of which only a part could be looked at
  public record Model(
      String eyebrow,
      String text,
      CommunityDictionary.@Nullable Named named,
      @Nullable NeighborRow neighbor,
      String action,
      List<String> neighbors,
      String chosen,
      String state,
      List<PrefixPage.Chip> states,
      List<RouteRow> rows,
      @Nullable Map<String, Long> counts,
      String count,
      @Nullable String search,
      String live,
      @Nullable String next,
      @Nullable String first,
      @Nullable Instant at,
      Instant now,
      List<Queries.Unindexed> unindexed) {}

  private Reply community(Visit visit) {
    String text = visit.part("community");
    CommunityPattern pattern;
    try {
      pattern = CommunityPattern.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          400,
          "Not a community",
          "This is not a community",
          "You asked for “" + text + "”. Write " + CommunityPattern.FORMS + ".",
          text,
          List.of());
    }
    String usual = pattern.expression() == null ? pattern.literal() : text;
    String kind =
        switch (pattern.column()) {
          case "large_communities" -> "Large community";
          case "ext_communities" -> "Extended community";
          default -> "Community";
        };
    return routes(
        visit,
        kind,
        usual,
        RouteQuery.all(1).withCommunity(usual),
        communities.of(usual),
        null,
        null,
        "/live?community=" + Links.segment(usual));
  }

  private Reply nextHop(Visit visit) {
    String text = visit.part("address");
    String usual;
    try {
      usual = Prefix.ofAddress(text).toString().replaceFirst("/.*", "");
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          400,
          "Not an address",
          "This is not an address",
          "You asked for “" + text + "”. A next hop is one such as 192.0.2.1 or 2001:db8::1.",
          text,
          List.of());
    }
    NeighborRow neighbor =
        visit.queries().neighbors().stream()
            .filter(row -> row.address().equals(usual))
            .findFirst()
            .orElse(null);
    return routes(
        visit,
        "Next hop",
        usual,
        RouteQuery.all(1).withNextHop(usual),
        null,
        neighbor,
        "/search?q=" + Links.segment(usual),
        "/live?nh=" + Links.segment(usual));
  }

  private static Reply routes(
      Visit visit,
      String eyebrow,
      String text,
      RouteQuery asked,
      CommunityDictionary.@Nullable Named named,
      @Nullable NeighborRow neighbor,
      @Nullable String search,
      String live) {
    Instant at = visit.moment();
    String chosen = visit.text("neighbor");
    if (chosen != null && visit.queries().neighbor(chosen).isEmpty()) {
      throw Refusal.parameter("neighbor", chosen, "the name of a neighbor");
    }
    String state = visit.choice("state", "active", "active", "inactive", "all");
    boolean count = visit.choice("count", "", "1").equals("1");
    String after = visit.text("after");
    Boolean active =
        at != null || state.equals("all") ? null : Boolean.valueOf(state.equals("active"));
    RouteQuery query =
        asked
            .withNeighbor(chosen)
            .withActive(active)
            .withAt(at)
            .withLimit(visit.form() == Visit.Form.HTML ? ROWS : ROWS_DATA)
            .withAfter(after);
    List<Queries.Unindexed> unindexed =
        visit.form() == Visit.Form.HTML
            ? visit.queries().unindexed().stream()
                .filter(table -> chosen == null || table.neighbor().equals(chosen))
                .toList()
            : List.of();
    RoutePage page;
    try {
      page = visit.queries().routes(query);
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter("after", after, "as the link to the next page has it");
    }
    List<NeighborRow> neighbors = visit.queries().neighbors();
    Map<String, Long> counts = null;
    if (count) {
      counts = new LinkedHashMap<>();
      for (NeighborRow each : neighbors) {
        long its =
            visit.queries().count(asked.withNeighbor(each.name()).withActive(true).withAt(at));
        if (its > 0) {
          counts.put(each.name(), its);
        }
      }
    }
    var states = new ArrayList<PrefixPage.Chip>();
    if (at == null) {
      for (String each : List.of("active", "inactive", "all")) {
        states.add(
            new PrefixPage.Chip(
                each.equals("all")
                    ? "All"
                    : Character.toUpperCase(each.charAt(0)) + each.substring(1),
                visit.with(Map.of("state", each.equals("active") ? "" : each, "after", "")),
                each.equals(state)));
      }
    }
    String next = page.next() == null ? null : visit.with("after", page.next());
    return Reply.page(
            "routes-with",
            eyebrow + " " + text,
            "prefixes",
            new Model(
                eyebrow,
                text,
                named,
                neighbor,
                visit.plain(),
                neighbors.stream().map(NeighborRow::name).sorted(NeighborRow.NAME_ORDER).toList(),
                chosen == null ? "" : chosen,
                state,
                states,
                page.routes(),
                counts,
                visit.with("count", "1"),
                search,
                live,
                next,
                after == null ? null : visit.with("after", null),
                at,
                visit.shown(),
                unindexed))
        .withQuery(eyebrow.equals("Next hop") ? "nh:" + text : text)
        .withData(page.routes().stream().map(row -> RouteData.of(row, visit.names())).toList())
        .withNext(next);
  }
}
