package org.bgppeer.store;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Two sets of routes to compare: of two neighbors, or of one at two times.
///
/// @param a routes of one neighbor
/// @param b routes of one neighbor
/// @param fields what must be the same in both
/// @param after where the page before ended (see [DiffPage#next]); null for the first page
/// @param limit differences of a page, at least 1
public record DiffQuery(
    RouteQuery a, RouteQuery b, Set<RouteField> fields, @Nullable String after, int limit) {
  public DiffQuery {
    fields = Set.copyOf(fields);
    if (a.neighbor() == null || b.neighbor() == null) {
      throw new IllegalArgumentException("each side is the routes of one neighbor");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit + " is below 1");
    }
  }

  /// The next page.
  public DiffQuery withAfter(@Nullable String value) {
    return new DiffQuery(a, b, fields, value, limit);
  }
}
