package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.bgppeer.store.CountPoint;
import org.jspecify.annotations.Nullable;

/// A chart of one question over time, at most two lines, drawn as SVG on the server. Positions are
/// percent of the width, so that it fits every screen; `tag/chart.jte` puts it on the page.
///
/// @param label the finding as a sentence, for who cannot see it
/// @param height of the whole drawing in pixels
/// @param grid horizontal lines with their values, the lowest (zero) without
/// @param lines the curves
/// @param bands stretches that are hatched: the session was down
/// @param ticks times below
/// @param mark one moment with words; null for none
public record Chart(
    String label,
    int height,
    List<Grid> grid,
    List<Line> lines,
    List<Band> bands,
    List<Tick> ticks,
    @Nullable Moment mark) {

  private static final int STEPS = 3;

  /// The axis is at least so many times as high as the curve.
  private static final double ROOM = 1.08;
  private static final int POINTS = 240;
  private static final double WIDTH = 600;

  /// A peak so many times as high as the usual is cut off, and the axis says so: the table that a
  /// neighbor sends when its session comes up would flatten everything else.
  private static final double CUT = 5;

  /// How many of a hundred values may be above the usual.
  private static final int FEW = 5;

  /// Of the height the drawing itself has what remains without the times below.
  private static final int BELOW = 30;

  /// A horizontal line at `y` percent from above; its value stands `textY` pixels from above.
  public record Grid(String y, String textY, String value) {}

  /// A curve.
  ///
  /// @param kind its class in the stylesheet: `a` announced or active, `w` withdrawn
  /// @param points of a polyline in a box of 600 by 100
  /// @param area whether the ground below it is tinted
  public record Line(String kind, String points, boolean area) {}

  /// A hatched stretch, in percent.
  public record Band(String x, String width) {}

  /// A time below the chart.
  ///
  /// @param anchor `start`, `middle` or `end`
  public record Tick(String x, String anchor, String text) {}

  /// A moment with words beside it.
  ///
  /// @param left whether the words stand on the left of it
  public record Moment(String x, boolean left, String text) {}

  /// Of the drawing itself, in pixels.
  public int inner() {
    return height - BELOW;
  }

  /// Steps of a round length, as many as fit.
  static Duration step(Duration length) {
    for (int minutes : new int[] {1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720}) {
      if (length.toMinutes() / minutes <= POINTS) {
        return Duration.ofMinutes(minutes);
      }
    }
    return Duration.ofDays(2);
  }

  /// Changes per second, announced and withdrawn.
  ///
  /// @param points one a step, from `from` on, oldest first
  static Chart changes(
      List<CountPoint> points,
      Instant from,
      Instant to,
      Duration step,
      @Nullable EventWords event) {
    double seconds = step.toSeconds();
    double peak = max(points, p -> p.announced() / seconds);
    double most = Math.max(peak, max(points, p -> p.withdrawn() / seconds));
    double usual =
        usual(points.stream().mapToDouble(p -> Math.max(p.announced(), p.withdrawn()) / seconds));
    boolean cut = isCut(most, usual);
    double top = top(cut ? usual : most, 0);
    String label =
        String.format(
            Locale.ROOT,
            "Changes per second over %s: at most %s announced and %s withdrawn.",
            Text.age(Duration.between(from, to)),
            small(peak),
            small(max(points, p -> p.withdrawn() / seconds)));
    return new Chart(
        label,
        252,
        grid(top, 252, cut ? "/s, cut off: at most " + Text.number(Math.round(most)) + "/s" : "/s"),
        List.of(
            line("a", points, from, to, top, true, p -> p.announced() / seconds),
            line("w", points, from, to, top, false, p -> p.withdrawn() / seconds)),
        List.of(),
        ticks(from, to),
        event == null ? null : moment(event, from, to));
  }

  /// Active routes.
  ///
  /// @param down stretches without a session
  static Chart active(
      List<CountPoint> points,
      Instant from,
      Instant to,
      List<Stretch> down,
      @Nullable EventWords event) {
    double most = max(points, CountPoint::active);
    double top = top(most, 1);
    long last = points.isEmpty() ? 0 : points.getLast().active();
    String label =
        "Active routes over "
            + Text.age(Duration.between(from, to))
            + ": at most "
            + Text.number((long) most)
            + ", "
            + Text.number(last)
            + " at the end."
            + (down.isEmpty() ? "" : " The session was down for a part of it.");
    var bands = new ArrayList<Band>();
    for (Stretch stretch : down) {
      double begin = percent(stretch.from(), from, to);
      double end = percent(stretch.to(), from, to);
      if (end > begin) {
        bands.add(new Band(text(begin), text(Math.max(end - begin, 0.2))));
      }
    }
    return new Chart(
        label,
        236,
        grid(top, 236, ""),
        List.of(line("a", points, from, to, top, true, CountPoint::active)),
        bands,
        ticks(from, to),
        event == null ? null : moment(event, from, to));
  }

  /// The same as a lower or higher drawing.
  Chart withHeight(int pixels) {
    var moved = new ArrayList<Grid>();
    for (Grid line : grid) {
      double share = Double.parseDouble(line.y.substring(0, line.y.length() - 1)) / 100;
      moved.add(new Grid(line.y, textY(share, pixels), line.value));
    }
    return new Chart(label, pixels, moved, lines, bands, ticks, mark);
  }

  private static String textY(double share, int height) {
    return String.format(Locale.ROOT, "%.1f", 8 + share * (height - BELOW) + 12);
  }

  /// A part of the time.
  record Stretch(Instant from, Instant to) {}

  /// What to write at a moment.
  record EventWords(Instant at, String words) {}

  private static Moment moment(EventWords event, Instant from, Instant to) {
    double x = percent(event.at(), from, to);
    return new Moment(text(x), x > 50, Text.minute(event.at()) + " " + event.words());
  }

  private static Line line(
      String kind,
      List<CountPoint> points,
      Instant from,
      Instant to,
      double top,
      boolean area,
      ToDoubleFunction<CountPoint> value) {
    var text = new StringBuilder();
    for (CountPoint point : points) {
      double x = percent(point.at(), from, to) * WIDTH / 100;
      double y = 100 - value.applyAsDouble(point) * 100 / top;
      text.append(text.isEmpty() ? "" : " ")
          .append(String.format(Locale.ROOT, "%.1f,%.1f", x, Math.clamp(y, 0, 100)));
    }
    if (!points.isEmpty()) {
      double y = 100 - value.applyAsDouble(points.getLast()) * 100 / top;
      text.append(String.format(Locale.ROOT, " 600.0,%.1f", Math.clamp(y, 0, 100)));
    }
    return new Line(kind, text.toString(), area);
  }

  /// What all but a few of the values do not exceed: whole tables are not the weather.
  private static double usual(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int above = 1 + sorted.length * FEW / 100;
    return sorted.length <= above ? 0 : sorted[sorted.length - 1 - above];
  }

  /// The value at the top of a curve without axis: its peak, or the usual if the peak is cut off.
  static double top(long[] counts) {
    double most = Arrays.stream(counts).max().orElse(0);
    double usual = usual(Arrays.stream(counts).asDoubleStream());
    return isCut(most, usual) ? usual : most;
  }

  private static boolean isCut(double most, double usual) {
    return most > CUT * usual && usual > 0;
  }

  private static double max(List<CountPoint> points, ToDoubleFunction<CountPoint> value) {
    return points.stream().mapToDouble(value).max().orElse(0);
  }

  private static List<Grid> grid(double top, int height, String unit) {
    var grid = new ArrayList<Grid>();
    for (int i = 1; i <= STEPS; i++) {
      double share = 1 - (double) i / STEPS;
      String value = small(top * i / STEPS) + (i == STEPS ? unit : "");
      grid.add(new Grid(text(share * 100), textY(share, height), value));
    }
    return grid;
  }

  /// The least round number well above `most` that three lines divide well: the curve does not
  /// touch the words at the top.
  ///
  /// @param least what two lines are apart at least, and of what a multiple: 1 for things that are
  ///     counted
  private static double top(double most, double least) {
    if (most <= 0) {
      return STEPS;
    }
    double step = Math.max(least, ROOM * most / STEPS);
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    for (double factor : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10}) {
      if (power * factor >= step && (least == 0 || power * factor % least == 0)) {
        return power * factor * STEPS;
      }
    }
    return power * 10 * STEPS;
  }

  /// A value for an axis: `0.4 M`, `12 k`, `20`, `0.5`.
  private static String small(double value) {
    double scaled = value >= 200_000 ? value / 1e6 : value >= 2000 ? value / 1e3 : value;
    String unit = value >= 200_000 ? " M" : value >= 2000 ? " k" : "";
    String digits = String.format(Locale.ROOT, "%.2f", scaled);
    return digits.replaceFirst("\\.?0+$", "") + unit;
  }

  private static List<Tick> ticks(Instant from, Instant to) {
    Duration length = Duration.between(from, to);
    boolean days = length.compareTo(Duration.ofDays(3)) > 0;
    var ticks = new ArrayList<Tick>();
    for (int i = 0; i <= 4; i++) {
      Instant at = from.plus(length.multipliedBy(i).dividedBy(4));
      String anchor = i == 0 ? "start" : i == 4 ? "end" : "middle";
      ticks.add(new Tick(i * 25 + "%", anchor, days ? Text.shortDay(at) : Text.minute(at)));
    }
    return ticks;
  }

  private static double percent(Instant at, Instant from, Instant to) {
    double share =
        (double) Duration.between(from, at).toMillis() / Duration.between(from, to).toMillis();
    return Math.clamp(share * 100, 0, 100);
  }

  private static String text(double percent) {
    return String.format(Locale.ROOT, "%.1f%%", percent);
  }
}
