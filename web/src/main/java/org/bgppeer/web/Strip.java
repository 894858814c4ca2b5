package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.SessionRow;
import org.jspecify.annotations.Nullable;

/// When a neighbor's session was up, as a strip in a row of a table: a full bar while it was up,
/// hatched while it was down, a faint line before there was any.
///
/// @param label the same in words
/// @param bars in percent of the strip, and in pixels of its 22
public record Strip(String label, List<Bar> bars) {
  /// Less than two pixels of the strip cannot be seen.
  private static final double LEAST = 1.5;

  /// @param kind its class in the stylesheet, without `b-`
  public record Bar(String kind, String x, String width, int y, int height) {}

  /// The strip of one neighbor from `from` to `now`.
  ///
  /// @param sessions those of this neighbor that were up at some time since `from`, in any order
  static Strip of(NeighborRow neighbor, List<SessionRow> sessions, Instant from, Instant now) {
    var bars = new ArrayList<Bar>();
    var oldestFirst = sessions.stream().sorted(Comparator.comparing(SessionRow::upAt)).toList();
    Instant done = from;
    Duration up = Duration.ZERO;
    SessionRow before = null;
    for (SessionRow session : oldestFirst) {
      Instant begin = later(session.upAt(), from);
      Instant end = session.downAt() == null ? now : earlier(session.downAt(), now);
      boolean first = before == null && session.generation() == 1;
      add(bars, first ? "off" : gap(before), done, begin, from, now);
      add(bars, "active", begin, end, from, now);
      up = up.plus(Duration.between(begin, end));
      done = later(end, done);
      before = session;
    }
    boolean never = neighbor.session() == null;
    boolean stale = neighbor.state() == NeighborRow.SessionState.STALE;
    add(bars, never ? "off" : stale ? "stale" : gap(before), done, now, from, now);
    return new Strip(label(neighbor, up, from, now), bars);
  }

  /// While we were away ourselves we know nothing: that is not the neighbor's fault.
  private static String gap(@Nullable SessionRow before) {
    String cause = before == null ? null : before.cause();
    return "COLLECTOR_STOPPED".equals(cause) || "COLLECTOR_CRASHED".equals(cause) ? "off" : "down";
  }

  private static void add(
      List<Bar> bars, String kind, Instant begin, Instant end, Instant from, Instant now) {
    if (!end.isAfter(begin)) {
      return;
    }
    double whole = Duration.between(from, now).toMillis();
    double width = Math.max(Duration.between(begin, end).toMillis() * 100 / whole, LEAST);
    double x = Math.min(Duration.between(from, begin).toMillis() * 100 / whole, 100 - width);
    int height =
        switch (kind) {
          case "active" -> 8;
          case "down" -> 12;
          case "stale" -> 6;
          default -> 2;
        };
    bars.add(new Bar(kind, percent(x), percent(width), 11 - height / 2, height));
  }

  private static String label(NeighborRow neighbor, Duration up, Instant from, Instant now) {
    String window = Text.age(Duration.between(from, now));
    if (neighbor.session() == null) {
      return "Never up";
    }
    boolean whole = up.compareTo(Duration.between(from, now)) >= 0;
    return whole
        ? "Up for all of the last " + window
        : "Up for " + Text.age(up) + " of the last " + window;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }
}
