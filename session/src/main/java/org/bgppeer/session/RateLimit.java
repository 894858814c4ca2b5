package org.bgppeer.session;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Lets each of many things through once a minute: the first time, and then no sooner. Remembers
/// the
/// thousand latest. Not thread-safe.
final class RateLimit {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int REMEMBERED = 1024;

  private final Map<Object, Instant> last = new LinkedHashMap<>(16, 0.75f, true);

  /// Whether this one may pass now.
  boolean permits(Object thing, Instant now) {
    Instant before = last.get(thing);
    if (before != null && Duration.between(before, now).compareTo(PAUSE) < 0) {
      return false;
    }
    last.put(thing, now);
    if (last.size() > REMEMBERED) {
      last.remove(last.keySet().iterator().next());
    }
    return true;
  }

  /// Forgets all: the next of each passes.
  void clear() {
    last.clear();
  }
}
