package org.bgppeer.session;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/// One number for each [Counter]: counted by a neighbor's loop, read by anybody.
final class Counters {
  private final AtomicLongArray counts = new AtomicLongArray(Counter.values().length);

  void count(Counter what) {
    add(what, 1);
  }

  /// Only one thread adds, so that no two additions meet.
  void add(Counter what, long more) {
    int i = what.ordinal();
    counts.lazySet(i, counts.getPlain(i) + more);
  }

  long of(Counter what) {
    return counts.get(what.ordinal());
  }

  /// All of them, in the order of the enum.
  Map<Counter, Long> all() {
    var all = new EnumMap<Counter, Long>(Counter.class);
    for (Counter counter : Counter.values()) {
      all.put(counter, of(counter));
    }
    return all;
  }
}
