package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.store.Queries;
import org.bgppeer.store.SessionRow;
import org.jspecify.annotations.Nullable;

/// `/neighbors`: every neighbor with its state, why, since when, and what it holds.
public final class NeighborsPage {
  private static final Duration STRIP = Duration.ofHours(24);
  private static final int SESSIONS = 2000;

  NeighborsPage(Site site) {
    site.page("/neighbors", this::neighbors, "state", "at");
  }

  /// A line of the table.
  ///
  /// @param families in short: `v4 v6`
  /// @param changes announcements and withdrawals that came in the last whole minute
  /// @param strip its sessions in the last 24 hours
  /// @param why its session is as it is
  public record Row(
      NeighborRow neighbor, Mark mark, String families, long changes, Strip strip, String why) {}

  /// The model of `neighbors.jte`.
  ///
  /// @param sentence how many are down, in words
  /// @param states the states to choose from
  /// @param at null if it shows now
  /// @param now the moment that it shows
  public record Model(
      String sentence,
      List<Row> rows,
      List<PrefixPage.Chip> states,
      @Nullable Instant at,
      Instant now) {}

  private Reply neighbors(Visit visit) {
    String state =
        visit.choice("state", "all", "all", "down", "stale", "connecting", "up", "archive");
    Instant at = visit.moment();
    Queries queries = visit.queries();
    List<NeighborRow> all = at == null ? queries.neighbors() : queries.neighbors(at);
    Instant now = visit.shown();
    List<NeighborRow> chosen = all.stream().filter(row -> is(state, row.state())).toList();
    var chips = new ArrayList<PrefixPage.Chip>();
    for (String each : List.of("all", "down", "stale", "connecting", "up", "archive")) {
      long count = all.stream().filter(row -> is(each, row.state())).count();
      if (count > 0 || each.equals("all") || each.equals(state)) {
        String word = each.substring(0, 1).toUpperCase(Locale.ROOT) + each.substring(1);
        chips.add(
            new PrefixPage.Chip(
                word + " " + count,
                visit.with("state", each.equals("all") ? null : each),
                each.equals(state)));
      }
    }
    return Reply.page(
            "neighbors",
            "Neighbors",
            "neighbors",
            new Model(sentence(all), rows(queries, chosen, now), chips, at, now))
        .withData(chosen.stream().map(NeighborData::of).toList());
  }

  private static boolean is(String word, SessionState state) {
    return switch (word) {
      case "down" -> state == SessionState.DOWN;
      case "stale" -> state == SessionState.STALE;
      case "connecting" -> state == SessionState.CONNECTING;
      case "up" -> state == SessionState.UP || state == SessionState.RECEIVING;
      case "archive" -> state == SessionState.IMPORTED;
      default -> true;
    };
  }

  /// The lines of the table, each with its strip.
  ///
  /// @param now the moment that they are of
  static List<Row> rows(Queries queries, List<NeighborRow> neighbors, Instant now) {
    Instant from = now.minus(STRIP);
    Map<Long, List<SessionRow>> sessions =
        queries.sessionsSince(from, SESSIONS).stream()
            .filter(session -> !session.upAt().isAfter(now))
            .collect(Collectors.groupingBy(SessionRow::neighborId));
    Map<Long, Long> changes = queries.changesIn(now.minus(Duration.ofMinutes(1)));
    return neighbors.stream()
        .map(
            row -> {
              List<SessionRow> own = sessions.getOrDefault(row.id(), List.of());
              Strip strip = Strip.of(row, own, from, now);
              return new Row(
                  row,
                  Mark.of(row.state()),
                  families(row),
                  changes.getOrDefault(row.id(), 0L),
                  strip,
                  why(row, own));
            })
        .toList();
  }

  /// A state is never shown without its reason: of a session that is up and has none, what ended
  /// the one before it.
  private static String why(NeighborRow row, List<SessionRow> sessions) {
    SessionRow now = row.session();
    if (!row.why().isEmpty() || now == null) {
      return row.why();
    }
    for (SessionRow each : sessions) {
      if (each.generation() == now.generation() - 1 && each.why() != null) {
        return "Back after: " + Text.lower(each.why());
      }
    }
    return now.generation() == 1 ? "Its first session." : "Its session " + now.generation() + ".";
  }

  private static String families(NeighborRow row) {
    return row.families().stream()
        .map(family -> Text.shortFamily(family.family()))
        .collect(Collectors.joining(" "));
  }

  /// How things are in one sentence: `2 of 9 neighbors are down, 1 is stale`.
  static String sentence(List<NeighborRow> neighbors) {
    long live = neighbors.stream().filter(row -> !is("archive", row.state())).count();
    if (live == 0) {
      return neighbors.isEmpty()
          ? "No neighbor was heard of yet"
          : "No live neighbor, "
              + Text.count(neighbors.size(), "archive")
              + (neighbors.size() == 1 ? " is" : " are")
              + " imported";
    }
    var parts = new ArrayList<String>();
    for (String word : List.of("down", "stale", "connecting")) {
      long count = neighbors.stream().filter(row -> is(word, row.state())).count();
      if (count > 0) {
        String subject =
            parts.isEmpty() ? count + " of " + Text.count(live, "neighbor") : count + "";
        parts.add(subject + (count == 1 ? " is " : " are ") + word);
      }
    }
    long receiving =
        neighbors.stream().filter(row -> row.state() == SessionState.RECEIVING).count();
    if (parts.isEmpty()) {
      parts.add(live == 1 ? "The one neighbor is up" : "All " + live + " neighbors are up");
    }
    if (receiving > 0) {
      parts.add(
          receiving + (receiving == 1 ? " still sends its table" : " still send their table"));
    }
    return String.join(", ", parts);
  }
}
