package org.bgppeer.replay;

import java.util.Comparator;
import org.bgppeer.wire.Family;

/// What tells one route of a session from another.
///
/// @param pathId -1 without ADD-PATH
record RouteKey(Family family, String prefix, long pathId) implements Comparable<RouteKey> {
  @Override
  public int compareTo(RouteKey other) {
    return Comparator.comparing(RouteKey::family)
        .thenComparing(RouteKey::prefix)
        .thenComparingLong(RouteKey::pathId)
        .compare(this, other);
  }
}
