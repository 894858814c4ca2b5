package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/// A curve without axes in a row of a table: whether it was quiet or not, and when.
///
/// @param label the finding in words
/// @param width of its box, in steps
/// @param points of a polygon in a box that is [#HEIGHT] high; it begins and ends outside of the
///   box, so that only the curve of its outline is seen
public record Spark(String label, int width, String points) {
  /// Of the box; two to a pixel.
  public static final int HEIGHT = 40;

  /// Where zero is, and how far above it the top: the width of the line has room as well.
  private static final int ZERO = HEIGHT - 1;

  private static final int TOP = HEIGHT - 4;

  /// @param counts a step each, from `from` on
  static Spark of(long[] counts, Instant from, Duration step) {
    int peak = 0;
    for (int i = 0; i < counts.length; i++) {
      peak = counts[i] > counts[peak] ? i : peak;
    }
    double top = Math.max(1, Chart.top(counts));
    int width = counts.length - 1;
    var points = new StringBuilder("-1," + (HEIGHT + 2));
    for (int i = -1; i <= counts.length; i++) {
      double share = Math.min(1, counts[Math.clamp(i, 0, width)] / top);
      points.append(' ').append(i).append(',').append(ZERO - Math.round(share * TOP));
    }
    points.append(' ').append(counts.length).append(',').append(HEIGHT + 2);
    Instant busiest = from.plus(step.multipliedBy(peak));
    String whole =
        Text.count(Arrays.stream(counts).sum(), "change")
            + " in "
            + Text.age(step.multipliedBy(counts.length));
    String label =
        counts[peak] == 0
            ? whole
            : String.format(
                Locale.ROOT,
                "%s, most of them, %s, from %s to %s",
                whole,
                Text.number(counts[peak]),
                Text.minute(busiest),
                Text.minute(busiest.plus(step)));
    return new Spark(label, width, points.toString());
  }
}
