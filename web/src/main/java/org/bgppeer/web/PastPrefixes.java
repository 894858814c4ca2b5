package org.bgppeer.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.bgppeer.store.PrefixRow;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Prefix;

/// The prefixes of some routes of a moment, as the database gives those of now: one row for each
/// prefix and family, in order.
final class PastPrefixes {
  private record Key(String family, String prefix) {}

  private PastPrefixes() {}

  static List<PrefixRow> of(List<RouteRow> routes) {
    var paths = new LinkedHashMap<Key, List<RouteRow>>();
    for (RouteRow route : routes) {
      if (route.prefix().indexOf(' ') < 0) {
        paths
            .computeIfAbsent(new Key(route.family(), route.prefix()), _ -> new ArrayList<>())
            .add(route);
      }
    }
    var rows = new ArrayList<PrefixRow>();
    paths.forEach(
        (key, its) ->
            rows.add(
                new PrefixRow(
                    key.family,
                    key.prefix,
                    its.stream()
                        .map(RouteRow::originAs)
                        .filter(Objects::nonNull)
                        .distinct()
                        .sorted()
                        .toList(),
                    its.size(),
                    0,
                    (int) its.stream().map(RouteRow::neighbor).distinct().count())));
    rows.sort((a, b) -> compare(Prefix.parse(a.prefix()), Prefix.parse(b.prefix())));
    return rows;
  }

  static boolean isAfter(PrefixRow row, Prefix after) {
    return compare(Prefix.parse(row.prefix()), after) > 0;
  }

  private static int compare(Prefix a, Prefix b) {
    byte[] x = a.key();
    byte[] y = b.key();
    return x.length != y.length
        ? Integer.compare(x.length, y.length)
        : java.util.Arrays.compareUnsigned(x, y);
  }
}
