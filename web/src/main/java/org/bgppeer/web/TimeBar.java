package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The time machine's bar: on every page that shows another moment than now.
///
/// @param action where the form leads
/// @param kept what else the form sends along, by name
/// @param before, after moments of the change before and after, as addresses; null if the page
///     knows none
/// @param changes whether the page knows of changes at all
/// @param back the address of now
public record TimeBar(
    Instant at,
    String action,
    Map<String, String> kept,
    String minuteBefore,
    String minuteAfter,
    boolean changes,
    @Nullable String before,
    @Nullable String after,
    String back) {

  /// When the changes around the moment were.
  ///
  /// @param before, after null if there is none
  record Changes(@Nullable Instant before, @Nullable Instant after) {}

  static TimeBar of(Visit visit, Instant at, @Nullable Changes changes) {
    Instant minuteAfter = at.plusSeconds(60);
    return new TimeBar(
        at,
        visit.plain(),
        visit.parameters("at", "after", "before"),
        visit.at(at.minusSeconds(60)),
        visit.at(minuteAfter.isAfter(visit.now()) ? null : minuteAfter),
        changes != null,
        changes == null || changes.before == null ? null : visit.at(changes.before),
        changes == null || changes.after == null ? null : visit.at(changes.after),
        visit.at(null));
  }

  /// What leads from now into the past: the field behind the clock of every page that has one.
  ///
  /// @param oldest the oldest moment that is known
  /// @param value what stands in the field: now
  public record Way(
      Instant oldest, String value, String action, Map<String, String> kept, List<Step> steps) {

    /// Null if there is no past yet.
    static @Nullable Way of(Visit visit) {
      Instant oldest = visit.queries().oldest();
      if (oldest == null || oldest.isAfter(visit.now())) {
        return null;
      }
      var steps = new ArrayList<Step>();
      for (var each :
          List.of(
              new Ago("5 min ago", Duration.ofMinutes(5)),
              new Ago("1 h ago", Duration.ofHours(1)),
              new Ago("24 h ago", Duration.ofHours(24)),
              new Ago("7 d ago", Duration.ofDays(7)))) {
        Instant at = visit.now().minus(each.length);
        if (!at.isBefore(oldest)) {
          steps.add(new Step(each.words, visit.at(Instant.ofEpochSecond(at.getEpochSecond()))));
        }
      }
      return new Way(
          oldest,
          Text.whole(visit.now()).replace(" UTC", ""),
          visit.plain(),
          visit.parameters("at", "after", "before"),
          steps);
    }

    private record Ago(String words, Duration length) {}
  }

  /// A link to a moment.
  public record Step(String words, String href) {}
}
