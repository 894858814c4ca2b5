package org.bgppeer.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// Walks the routes of two sides in step, in the order of their keys, and keeps what is not the
/// same: memory for two pages, however large the tables.
///
/// Paths of one prefix are put together by their path identifier. Between two neighbors that means
/// nothing: there, paths that say the same belong together first, and what is left over in its
/// order.
final class RouteDiff {
  private static final int ROUTES = 2_000;

  private final Side a;
  private final Side b;
  private final DiffQuery query;
  private final boolean oneNeighbor;
  private final List<DiffRow> rows = new ArrayList<>();

  /// Reads routes behind a place.
  interface Reader {
    /// At most as many as the query's limit says, and one more if there is one.
    List<KeyedRoute> read(RouteQuery query, @Nullable RouteKey after);
  }

  /// A family and a key: what the paths of one prefix have in common.
  private record Place(int family, byte[] prefixKey) {
    static Place parse(String text) {
      int dot = text.indexOf('.');
      try {
        return new Place(
            Integer.parseInt(text.substring(0, Math.max(0, dot))),
            HexFormat.of().parseHex(text, dot + 1, text.length()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("after=" + text + " is not a key of a page", e);
      }
    }

    int compare(Place other) {
      return family != other.family
          ? Integer.compare(family, other.family)
          : Arrays.compareUnsigned(prefixKey, other.prefixKey);
    }

    @Override
    public String toString() {
      return family + "." + HexFormat.of().formatHex(prefixKey);
    }
  }

  /// The routes of one side, from page to page.
  private static final class Side {
    private final Reader reader;
    private final RouteQuery query;
    private List<KeyedRoute> page = List.of();
    private int next;
    private @Nullable RouteKey last;
    private boolean more = true;

    Side(Reader reader, RouteQuery query, int neighborId, @Nullable Place after) {
      this.reader = reader;
      this.query = query.withLimit(ROUTES);
      last =
          after == null
              ? null
              : new RouteKey(neighborId, after.family, after.prefixKey, Long.MAX_VALUE);
    }

    private @Nullable KeyedRoute peek() {
      if (next == page.size() && more) {
        var read = reader.read(query, last);
        more = read.size() > ROUTES;
        page = more ? read.subList(0, ROUTES) : read;
        next = 0;
        last = page.isEmpty() ? last : page.getLast().key();
      }
      return next < page.size() ? page.get(next) : null;
    }

    @Nullable Place place() {
      var row = peek();
      return row == null ? null : new Place(row.key().family(), row.key().prefixKey());
    }

    /// The paths of one prefix.
    List<RouteRow> take(Place place) {
      var paths = new ArrayList<RouteRow>();
      for (var at = place(); at != null && at.compare(place) == 0; at = place()) {
        paths.add(page.get(next++).route());
      }
      return paths;
    }
  }

  RouteDiff(Reader reader, DiffQuery query, int neighborA, int neighborB) {
    this.query = query;
    oneNeighbor = neighborA == neighborB;
    var after = query.after() == null ? null : Place.parse(query.after());
    a = new Side(reader, query.a(), neighborA, after);
    b = new Side(reader, query.b(), neighborB, after);
  }

  /// One page: somewhat more than was asked for if the last prefix has many paths.
  DiffPage page() {
    while (true) {
      var placeA = a.place();
      var placeB = b.place();
      Place place =
          placeA == null || placeB != null && placeB.compare(placeA) < 0 ? placeB : placeA;
      if (place == null) {
        return new DiffPage(rows, null);
      }
      compare(a.take(place), b.take(place));
      if (rows.size() >= query.limit()) {
        boolean more = a.place() != null || b.place() != null;
        return new DiffPage(rows, more ? place.toString() : null);
      }
    }
  }

  private void compare(List<RouteRow> left, List<RouteRow> right) {
    if (!oneNeighbor) {
      pair(left, right, (x, y) -> changed(x, y).isEmpty());
    }
    pair(left, right, (x, y) -> Objects.equals(x.pathId(), y.pathId()));
    if (!oneNeighbor) {
      pair(left, right, (_, _) -> true);
    }
    left.forEach(x -> rows.add(new DiffRow(x.family(), x.prefix(), x, null, List.of())));
    right.forEach(y -> rows.add(new DiffRow(y.family(), y.prefix(), null, y, List.of())));
  }

  /// Takes those that belong together from both lists.
  private void pair(
      List<RouteRow> left, List<RouteRow> right, BiPredicate<RouteRow, RouteRow> together) {
    for (var x : List.copyOf(left)) {
      var found = right.stream().filter(y -> together.test(x, y)).findFirst();
      if (found.isPresent()) {
        var y = found.get();
        left.remove(x);
        right.remove(y);
        var changed = changed(x, y);
        if (!changed.isEmpty()) {
          rows.add(new DiffRow(x.family(), x.prefix(), x, y, changed));
        }
      }
    }
  }

  private List<RouteField> changed(RouteRow x, RouteRow y) {
    return Arrays.stream(RouteField.values())
        .filter(query.fields()::contains)
        .filter(field -> !Objects.equals(field.of(x), field.of(y)))
        .toList();
  }
}
