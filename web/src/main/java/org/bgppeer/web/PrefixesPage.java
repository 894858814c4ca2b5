package org.bgppeer.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bgppeer.store.Queries;

/// `/prefixes`: where to begin: the search field, and the prefixes that changed most often.
public final class PrefixesPage {
  private static final int ROWS = 50;

  private final Busiest busiest;

  PrefixesPage(Site site, Busiest busiest) {
    this.busiest = busiest;
    site.page("/prefixes", this::prefixes, "w", "at");
  }

  /// The model of `prefixes.jte`.
  ///
  /// @param length of the time looked at, in words
  public record Model(
      List<Queries.Changes> rows, List<PrefixPage.Chip> windows, String length, boolean full) {}

  private Reply prefixes(Visit visit) {
    String window = visit.choice("w", "1h", "1h", "24h", "7d");
    Duration length =
        switch (window) {
          case "24h" -> Duration.ofDays(1);
          case "7d" -> Duration.ofDays(7);
          default -> Duration.ofHours(1);
        };
    List<Queries.Changes> rows = busiest.of(visit, length, ROWS);
    var chips = new ArrayList<PrefixPage.Chip>();
    for (String each : List.of("1h", "24h", "7d")) {
      chips.add(
          new PrefixPage.Chip(
              each.replaceAll("([0-9]+)", "$1 "), visit.with("w", each), each.equals(window)));
    }
    return Reply.page(
            "prefixes",
            "Prefixes",
            "prefixes",
            new Model(
                rows,
                chips,
                Text.age(length) + (visit.moment() == null ? "" : " before that time"),
                rows.size() == ROWS))
        .withData(rows);
  }
}
