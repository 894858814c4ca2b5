package org.bgppeer.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;

/// The AS paths of a prefix as a drawing from left to right: the sessions, then AS by AS to the
/// origin. Every AS stands once, as far from the origin as the longest way through it, so that
/// lines run to the right; a line is as wide as the number of paths that it carries and dashed by
/// their state. One that passes an AS without going through it has its own place beside it.
///
/// @param width, height of the drawing, in its own units
/// @param says what it shows, as sentences
public record PathGraph(
    int width,
    int height,
    List<Start> starts,
    List<Node> nodes,
    List<Edge> edges,
    List<Note> notes,
    String says) {
  /// A path with more steps would make a picture that nobody can look at.
  private static final int LONGEST = 40;

  private static final int ROW = 40;
  private static final int NODE_WIDTH = 126;
  private static final int NODE_HEIGHT = 38;
  private static final int LINE_HEIGHT = 4;
  private static final int GAP = 12;
  private static final int START_END = 178;
  private static final int COLUMN = 170;

  /// With more paths than this, those that run alike are drawn as one.
  private static final int SINGLE = 14;

  private static final int NAME = 19;

  /// A session, or several that have the same path.
  public record Start(String text, Mark mark, int y) {}

  /// An AS, or a set of them.
  ///
  /// @param href null for a set
  /// @param name what is known of it; may be empty
  public record Node(
      String text, String name, @Nullable String href, boolean origin, int x, int y) {}

  /// A line: `d` is the path's data, `css` its state and width.
  public record Edge(String css, String d) {}

  /// A remark beside a line.
  public record Note(int x, int y, String text) {}

  /// Where lines meet: an AS, or the place of one line where it passes other AS.
  private static final class Station {
    final String text;
    final boolean passing;
    int layer;
    double y;
    final Set<String> before = new LinkedHashSet<>();
    final List<Double> inflow = new ArrayList<>();

    Station(String text) {
      this.text = text;
      passing = false;
    }

    Station(String text, int layer, String before) {
      this.text = text;
      this.layer = layer;
      passing = true;
      this.before.add(before);
    }

    int height() {
      return passing ? LINE_HEIGHT : NODE_HEIGHT;
    }
  }

  private static final class Flow {
    int active;
    int all;
    Mark best = new Mark("withdrawn", "withdrawn");

    void add(Mark mark, int paths) {
      all += paths;
      if (isOn(mark)) {
        active += paths;
      }
      if (rank(mark) < rank(best)) {
        best = mark;
      }
    }
  }

  /// The AS path of a route.
  record Path(String neighbor, @Nullable Long pathId, String asPath, Mark mark) {
    static Path of(RouteRow route) {
      return new Path(route.neighbor(), route.pathId(), route.asPath(), Mark.of(route));
    }
  }

  private record Way(List<String> stations, Mark mark, List<String> labels) {}

  private record Hop(String from, String to) {
    String key() {
      return from + ">" + to;
    }
  }

  /// In the name of the place where a session stands.
  private static final String START = "session ";

  /// The path of a line under way.
  private static final class Line {
    private final StringBuilder path = new StringBuilder();
    private int x;
    private int y;

    Line(int x, int y) {
      path.append('M').append(x).append(' ').append(y);
      this.x = x;
      this.y = y;
    }

    /// Straight beside the AS of this layer.
    void pass(Station place, int deepest, int width) {
      int begin = PathGraph.x(place, deepest, width);
      to(begin, (int) place.y);
      x = begin + NODE_WIDTH;
      path.append('H').append(x);
    }

    String to(int nextX, int nextY) {
      int middle = (x + nextX) / 2;
      path.append(
          String.format(Locale.ROOT, "C%d %d %d %d %d %d", middle, y, middle, nextY, nextX, nextY));
      x = nextX;
      y = nextY;
      return path.toString();
    }
  }

  private static String called(long as, Map<Long, String> neighbors, AsNames names) {
    String name = names.of(as).isEmpty() ? neighbors.getOrDefault(as, "") : names.of(as);
    return name.codePointCount(0, name.length()) <= NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, NAME - 1)) + "…";
  }

  /// Draws these routes, active first as in the table; null if none of them has an AS path.
  ///
  /// @param neighbors what an AS without a name is called: the neighbor that it is
  static @Nullable PathGraph of(List<Path> routes, Map<Long, String> neighbors, AsNames names) {
    List<Way> ways =
        ways(routes.stream().filter(route -> Text.hops(route.asPath()).size() <= LONGEST).toList());
    if (ways.isEmpty()) {
      return null;
    }
    var stations = new LinkedHashMap<String, Station>();
    var flows = new LinkedHashMap<Hop, Flow>();
    for (Way way : ways) {
      for (int i = 0; i < way.stations.size(); i++) {
        String at = way.stations.get(i);
        Station station = stations.computeIfAbsent(at, Station::new);
        if (i > 0) {
          String from = way.stations.get(i - 1);
          flows
              .computeIfAbsent(new Hop(from, at), _ -> new Flow())
              .add(way.mark, way.labels.size());
        }
      }
    }
    Set<String> origins = new LinkedHashSet<>();
    ways.forEach(way -> origins.add(way.stations.getLast()));
    int deepest = layer(ways, stations);
    int width = Math.max(960, 330 + (deepest + 1) * COLUMN);
    Map<String, List<Station>> passings = passings(ways, flows.keySet(), stations, deepest);
    int height = place(stations, deepest, startY(ways.size() - 1));

    var starts = new ArrayList<Start>();
    var edges = new ArrayList<Edge>();
    for (int i = 0; i < ways.size(); i++) {
      Way way = ways.get(i);
      int y = startY(i);
      starts.add(new Start(label(way.labels), way.mark, y));
      Station first = at(stations, way.stations.getFirst());
      var line = new Line(START_END, y);
      passings.getOrDefault(START + i, List.of()).forEach(each -> line.pass(each, deepest, width));
      edges.add(
          new Edge(
              edgeCss(way.mark, way.labels.size()),
              line.to(x(first, deepest, width), (int) first.y)));
    }
    var notes = new ArrayList<Note>();
    flows.forEach(
        (hop, flow) -> {
          Station from = at(stations, hop.from);
          Station to = at(stations, hop.to);
          int x1 = x(from, deepest, width) + NODE_WIDTH;
          var line = new Line(x1, (int) from.y);
          List<Station> beside = passings.getOrDefault(hop.key(), List.of());
          beside.forEach(each -> line.pass(each, deepest, width));
          edges.add(
              new Edge(
                  edgeCss(flow.best, flow.active > 0 ? flow.active : 1),
                  line.to(x(to, deepest, width), (int) to.y)));
          if (flow.all > 1 && origins.contains(hop.to)) {
            double next = beside.isEmpty() ? to.y : beside.getFirst().y;
            notes.add(new Note(x1 + 8, (int) from.y + (next > from.y ? -10 : 20), flowText(flow)));
          }
        });
    var nodes = new ArrayList<Node>();
    for (Station station : stations.values()) {
      if (station.passing) {
        continue;
      }
      boolean single = Character.isDigit(station.text.charAt(0));
      nodes.add(
          new Node(
              single ? "AS" + station.text : station.text,
              single ? called(Long.parseLong(station.text), neighbors, names) : "a set of AS",
              single ? "/as/" + station.text : null,
              origins.contains(station.text),
              x(station, deepest, width),
              (int) station.y - NODE_HEIGHT / 2));
    }
    return new PathGraph(width, height, starts, nodes, edges, notes, says(ways, origins));
  }

  private static boolean isOn(Mark mark) {
    return mark.kind().equals("active") || mark.kind().equals("stale");
  }

  private static int rank(Mark mark) {
    return switch (mark.kind()) {
      case "active" -> 0;
      case "stale" -> 1;
      case "down" -> 2;
      default -> 3;
    };
  }

  private static String edgeCss(Mark mark, int paths) {
    String kind = rank(mark) < 3 ? mark.kind() : "withdrawn";
    boolean on = isOn(mark);
    return "e st-" + kind + (on && paths > 3 ? " w3" : on && paths > 1 ? " w2" : "");
  }

  private static String flowText(Flow flow) {
    if (flow.active == 0) {
      return flow.all + ", all inactive";
    }
    return flow.active == 1 ? "1 path" : flow.active + " paths";
  }

  private static List<Way> ways(List<Path> routes) {
    var single = new ArrayList<Way>();
    for (Path route : routes) {
      List<String> stations = stations(route.asPath());
      if (!stations.isEmpty()) {
        String label =
            route.neighbor() + (route.pathId() == null ? "" : ", path " + route.pathId());
        single.add(new Way(stations, route.mark(), List.of(label)));
      }
    }
    var grouped = new LinkedHashMap<String, Way>();
    for (Way way : single) {
      String key =
          single.size() <= SINGLE
              ? way.labels.getFirst() + grouped.size()
              : way.mark.kind() + way.stations;
      Way same = grouped.get(key);
      if (same == null) {
        grouped.put(key, way);
      } else {
        var labels = new ArrayList<>(same.labels);
        labels.addAll(way.labels);
        grouped.put(key, new Way(way.stations, way.mark, labels));
      }
    }
    var ways = new ArrayList<>(grouped.values());
    ways.sort(
        Comparator.comparingInt((Way way) -> rank(way.mark))
            .thenComparing(way -> String.join(" ", way.stations)));
    return ways.size() > 2 * SINGLE ? ways.subList(0, 2 * SINGLE) : ways;
  }

  /// The AS of a path in order, repeats left out, a set as one station.
  private static List<String> stations(String asPath) {
    var stations = new LinkedHashSet<String>();
    for (Text.Hop hop : Text.hops(asPath)) {
      stations.remove(hop.text()); // a loop in a path, then the last place counts
      stations.add(hop.text());
    }
    return new ArrayList<>(stations);
  }

  private static Station at(Map<String, Station> stations, String text) {
    return Objects.requireNonNull(stations.get(text));
  }

  /// Gives each station its distance from the origin, and tells the greatest.
  private static int layer(List<Way> ways, Map<String, Station> stations) {
    for (int round = 0; round < stations.size(); round++) {
      boolean moved = false;
      for (Way way : ways) {
        for (int i = way.stations.size() - 2; i >= 0; i--) {
          Station station = at(stations, way.stations.get(i));
          int least = at(stations, way.stations.get(i + 1)).layer + 1;
          if (station.layer < least && least < stations.size()) {
            station.layer = least;
            moved = true;
          }
        }
      }
      if (!moved) {
        break;
      }
    }
    return stations.values().stream().mapToInt(station -> station.layer).max().orElse(0);
  }

  private static int startY(int index) {
    return 30 + index * ROW;
  }

  private static int x(Station station, int deepest, int width) {
    int last = width - NODE_WIDTH - 4;
    if (deepest == 0) {
      return last;
    }
    int first = 330;
    return last - (last - first) * station.layer / deepest;
  }

  /// Gives each line a place in every layer that it passes, and tells each station what comes into
  /// it.
  private static Map<String, List<Station>> passings(
      List<Way> ways, Set<Hop> hops, Map<String, Station> stations, int deepest) {
    var passings = new HashMap<String, List<Station>>();
    for (int i = 0; i < ways.size(); i++) {
      Station first = at(stations, ways.get(i).stations.getFirst());
      List<Station> places = passing(START + i, START + i, deepest, first);
      if (places.isEmpty()) {
        first.inflow.add((double) startY(i));
      } else {
        places.getFirst().inflow.add((double) startY(i));
      }
      passings.put(START + i, places);
    }
    for (Hop hop : hops) {
      int next = at(stations, hop.from).layer - 1;
      passings.put(hop.key(), passing(hop.key(), hop.from, next, at(stations, hop.to)));
    }
    passings.values().forEach(each -> each.forEach(place -> stations.put(place.text, place)));
    return passings;
  }

  private static List<Station> passing(String key, String from, int layer, Station to) {
    var places = new ArrayList<Station>();
    String before = from;
    for (int each = layer; each > to.layer; each--) {
      var place = new Station(key + " " + each, each, before);
      places.add(place);
      before = place.text;
    }
    to.before.add(before);
    return places;
  }

  /// Sets the heights: each station in the middle of what comes into it, none over another.
  private static int place(Map<String, Station> stations, int deepest, double least) {
    double bottom = least;
    for (int layer = deepest; layer >= 0; layer--) {
      var column = new ArrayList<Station>();
      for (Station station : stations.values()) {
        if (station.layer == layer) {
          for (String before : station.before) {
            Station from = stations.get(before);
            if (from != null && from.layer > layer) {
              station.inflow.add(from.y);
            }
          }
          station.y = station.inflow.stream().mapToDouble(y -> y).average().orElse(bottom / 2);
          column.add(station);
        }
      }
      column.sort(Comparator.comparingDouble(station -> station.y));
      double free = 0;
      for (Station station : column) {
        double half = station.height() / 2.0;
        station.y = Math.max(station.y, Math.max(24, free + half));
        free = station.y + half + GAP;
      }
      bottom = Math.max(bottom, column.isEmpty() ? 0 : column.getLast().y);
    }
    return (int) bottom + 30;
  }

  private static String label(List<String> labels) {
    String first = labels.getFirst();
    if (labels.size() > 1) {
      return labels.size() + " sessions";
    }
    return first.length() <= 24 ? first : first.substring(0, 23) + "…";
  }

  private static String says(List<Way> ways, Set<String> origins) {
    var counts = new HashMap<Boolean, Integer>();
    ways.forEach(way -> counts.merge(isOn(way.mark), way.labels.size(), Integer::sum));
    int active = counts.getOrDefault(true, 0);
    int inactive = counts.getOrDefault(false, 0);
    return Text.count(active, "active path")
        + (inactive > 0 ? " and " + inactive + " inactive" : "")
        + " to "
        + String.join(", ", origins.stream().map(origin -> "AS" + origin).toList())
        + ". The table above has the same paths as text.";
  }
}
