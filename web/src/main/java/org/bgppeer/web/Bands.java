package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;

/// The history of several paths over one window, a lane each, in percent of the window's width: a
/// full bar while it was active, and its own texture for each way of not being so.
///
/// @param mark where a moment is that the page looks at, in percent; null for none
/// @param more lanes that were left out
public record Bands(
    Instant from, Instant to, List<Lane> lanes, List<Tick> ticks, @Nullable String mark, int more) {
  private static final int LANES = 40;
  private static final double NARROWEST = 0.2;

  /// Change marks that are nearer than this become one.
  private static final double APART = 0.45;

  /// A window that can be chosen.
  public enum Window {
    TEN_MINUTES(
        "10m", "10 min", "Last 10 minutes", Duration.ofMinutes(10), Duration.ofMinutes(2), "HH:mm"),
    ONE_HOUR("1h", "1 h", "Last hour", Duration.ofHours(1), Duration.ofMinutes(15), "HH:mm"),
    FOUR_HOURS("4h", "4 h", "Last 4 hours", Duration.ofHours(4), Duration.ofHours(1), "HH:mm"),
    ONE_DAY("24h", "24 h", "Last 24 hours", Duration.ofDays(1), Duration.ofHours(6), "HH:mm"),
    ONE_WEEK("7d", "7 d", "Last 7 days", Duration.ofDays(7), Duration.ofDays(1), "MMM d"),
    ONE_MONTH("30d", "30 d", "Last 30 days", Duration.ofDays(30), Duration.ofDays(7), "MMM d");

    private final String code;
    private final String label;
    private final String title;
    private final Duration length;
    private final Duration step;
    private final DateTimeFormatter tick;

    Window(String code, String label, String title, Duration length, Duration step, String tick) {
      this.code = code;
      this.label = label;
      this.title = title;
      this.length = length;
      this.step = step;
      this.tick = DateTimeFormatter.ofPattern(tick, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /// As in an address: `4h`.
    public String code() {
      return code;
    }

    public String label() {
      return label;
    }

    public String title() {
      return title;
    }

    public Duration length() {
      return length;
    }

    /// The window to begin with: the shortest one that holds all there is, as long as that is
    /// young.
    ///
    /// @param begin since when there is something; null for nothing
    static Window usual(@Nullable Instant begin, Instant now) {
      if (begin != null && begin.isAfter(now.minus(TEN_MINUTES.length))) {
        return TEN_MINUTES;
      }
      return begin != null && begin.isAfter(now.minus(ONE_HOUR.length)) ? ONE_HOUR : FOUR_HOURS;
    }

    /// All codes, for who asked for another one.
    static String codes() {
      return Stream.of(values()).map(Window::code).collect(Collectors.joining(", "));
    }

    /// The window of this code; null if there is none.
    static @Nullable Window of(String code) {
      for (Window window : values()) {
        if (window.code.equals(code)) {
          return window;
        }
      }
      return null;
    }
  }

  /// One path.
  ///
  /// @param says the lane in words, for those who do not see it
  public record Lane(
      PathVersions path,
      String asPath,
      List<Block> blocks,
      List<Label> labels,
      List<Dot> marks,
      String says) {}

  /// A stretch in one state: `x` and `width` in percent, `y` and `height` in pixels.
  public record Block(String css, String x, String width, int y, int height) {}

  /// The number of a version, `dx` pixels from where it begins.
  public record Label(String x, int dx, String text) {}

  /// A change, or several that lie too close to be told apart.
  public record Dot(String x, String words, String href) {}

  /// A time on the axis.
  ///
  /// @param css `strong` the moment that the page shows, `wide` what a narrow screen has no room
  ///     for beside it; null for any other
  public record Tick(String x, String anchor, String text, @Nullable String css) {}

  /// Draws the lanes.
  ///
  /// @param staleSince since when stale routes of a neighbor are stale; null if not known
  /// @param numbered whether versions are counted from the very first, so that their numbers mean
  ///     something
  /// @param link where a change leads to
  static Bands of(
      List<PathVersions> paths,
      Window window,
      Instant now,
      @Nullable Instant at,
      boolean numbered,
      Function<String, @Nullable Instant> staleSince,
      Function<PathVersions.Change, String> link) {
    Instant to = now;
    if (at != null && at.isBefore(now.minus(window.length))) {
      to = at.plus(window.length.dividedBy(8));
    }
    var scale = new Scale(to.minus(window.length), to, now);
    var lanes = new ArrayList<Lane>();
    for (PathVersions path : paths.subList(0, Math.min(LANES, paths.size()))) {
      lanes.add(lane(path, scale, numbered, staleSince.apply(path.neighbor()), link));
    }
    return new Bands(
        scale.from,
        to,
        lanes,
        ticks(window, scale, at),
        scale.percent(at == null ? now : at),
        Math.max(0, paths.size() - LANES));
  }

  private record Scale(Instant from, Instant to, Instant now) {
    double x(Instant at) {
      double all = Duration.between(from, to).toMillis();
      return Math.clamp(Duration.between(from, at).toMillis() / all * 100, 0, 100);
    }

    boolean holds(Instant at) {
      return !at.isBefore(from) && !at.isAfter(to);
    }

    String percent(Instant at) {
      return Bands.percent(x(at));
    }
  }

  private static String percent(double x) {
    String text = String.format(Locale.ROOT, "%.2f", x);
    return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
  }

  private static Lane lane(
      PathVersions path,
      Scale scale,
      boolean numbered,
      @Nullable Instant staleSince,
      Function<PathVersions.Change, String> link) {
    var blocks = new ArrayList<Block>();
    var labels = new ArrayList<Label>();
    List<RouteRow> versions = path.versions();
    if (versions.getFirst().validFrom().isAfter(scale.from)) {
      add(blocks, scale, "b-none", scale.from, versions.getFirst().validFrom());
    }
    for (int i = 0; i < versions.size(); i++) {
      RouteRow version = versions.get(i);
      Instant end = version.validTo() == null ? scale.now : version.validTo();
      Instant next = i + 1 < versions.size() ? versions.get(i + 1).validFrom() : scale.now;
      if (version.active() && version.stale() && staleSince != null && staleSince.isBefore(end)) {
        Instant begin = later(version.validFrom(), staleSince);
        add(blocks, scale, "b-active", version.validFrom(), begin);
        add(blocks, scale, "b-stale", begin, end);
      } else if (version.active() && version.stale()) {
        add(blocks, scale, "b-stale", version.validFrom(), end);
      } else {
        add(blocks, scale, "b-active", version.validFrom(), end);
      }
      if (end.isBefore(next)) {
        add(blocks, scale, gap(Mark.of(version)), end, next);
      }
      double begins = scale.x(version.validFrom());
      if (numbered && scale.x(end) - begins > 3 && scale.from.isBefore(end)) {
        labels.add(
            new Label(percent(begins), scale.holds(version.validFrom()) ? 8 : 5, "v" + (i + 1)));
      }
    }
    List<PathVersions.Change> changes =
        path.changes().stream().filter(change -> scale.holds(change.at())).toList();
    String asPath = Text.path(path.current().asPath());
    String says =
        path.label()
            + ", "
            + asPath
            + ": "
            + (changes.isEmpty()
                ? Mark.of(path.current()).word() + " all the time"
                : changes.size() == 1 ? "1 change" : changes.size() + " changes");
    return new Lane(path, asPath, blocks, labels, marks(changes, scale, link), says);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static String gap(Mark ended) {
    return switch (ended.kind()) {
      case "down" -> "b-down";
      case "stale" -> "b-stale";
      case "inferred" -> "b-inf";
      default -> "b-none";
    };
  }

  private static void add(List<Block> blocks, Scale scale, String css, Instant from, Instant to) {
    if (!to.isAfter(scale.from) || from.isAfter(scale.to) || !from.isBefore(to)) {
      return;
    }
    double x = scale.x(from);
    double width = Math.max(NARROWEST, scale.x(to) - x);
    x = Math.min(x, 100 - width);
    switch (css) {
      case "b-none" -> blocks.add(new Block(css, percent(x), percent(width), 11, 2));
      case "b-stale" -> blocks.add(new Block(css, percent(x), percent(width), 11, 9));
      case "b-inf" -> blocks.add(new Block(css, percent(x), percent(width), 5, 14));
      default -> blocks.add(new Block(css, percent(x), percent(width), 4, 16));
    }
  }

  private static List<Dot> marks(
      List<PathVersions.Change> changes, Scale scale, Function<PathVersions.Change, String> link) {
    var marks = new ArrayList<Dot>();
    for (int i = 0; i < changes.size(); ) {
      int last = i;
      double begin = scale.x(changes.get(i).at());
      while (last + 1 < changes.size() && scale.x(changes.get(last + 1).at()) - begin < APART) {
        last++;
      }
      PathVersions.Change change = changes.get(last);
      String words =
          last == i
              ? Text.time(change.at()) + " " + change.words()
              : (last - i + 1)
                  + " changes from "
                  + Text.time(changes.get(i).at())
                  + " to "
                  + Text.time(change.at())
                  + ", the last: "
                  + change.words();
      marks.add(new Dot(percent((begin + scale.x(change.at())) / 2), words, link.apply(change)));
      i = last + 1;
    }
    return marks;
  }

  /// Behind so many percent the moment of the page leaves a phone no room for the end.
  private static final double NARROW = 70;

  private static List<Tick> ticks(Window window, Scale scale, @Nullable Instant at) {
    var ticks = new ArrayList<Tick>();
    double marked = at == null ? -100 : scale.x(at);
    boolean toNow = scale.to.equals(scale.now);
    if (marked > 6) {
      ticks.add(new Tick("0", "start", window.tick.format(scale.from), null));
    }
    if (at == null) {
      ticks.add(new Tick("0", "start", window.tick.format(scale.from), null));
    }
    long step = window.step.toSeconds();
    long first = (scale.from.getEpochSecond() / step + 1) * step;
    for (long second = first; second < scale.to.getEpochSecond(); second += step) {
      Instant tick = Instant.ofEpochSecond(second);
      double x = scale.x(tick);
      if (x > 16 && x < (toNow ? 72 : 84) && Math.abs(x - marked) > 7) {
        ticks.add(new Tick(percent(x), "middle", window.tick.format(tick), null));
      }
    }
    if (marked < 92) {
      ticks.add(
          new Tick(
              "100",
              "end",
              window.tick.format(scale.to) + (toNow ? " now" : ""),
              marked > NARROW ? "wide" : null));
    }
    if (at != null) {
      String anchor = marked < 4 ? "start" : marked > 96 ? "end" : "middle";
      ticks.add(
          new Tick(
              percent(marked),
              anchor,
              DateTimeFormatter.ofPattern("HH:mm:ss")
                  .format(LocalDateTime.ofInstant(at, ZoneOffset.UTC)),
              "strong"));
    }
    return ticks;
  }
}
