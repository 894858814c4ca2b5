package org.bgppeer.session;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Lets each of many things through once a minute: the first time, and then no sooner; and of all
/// no more than so many a minute. Remembers the thousand latest. Not thread-safe.
final class RateLimit {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int REMEMBERED = 1024;

  private final Map<Object, Instant> last = new LinkedHashMap<>(16, 0.75f, true);
  private final int most;
  private Instant minute = Instant.MIN;
  private int inMinute;

  RateLimit() {
    this(Integer.MAX_VALUE);
  }

  /// @param most how many pass in a minute, whatever they are
  RateLimit(int most) {
    this.most = most;
  }

  /// Whether this one may pass now.
  boolean permits(Object thing, Instant now) {
    Instant before = last.get(thing);
    if (before != null && Duration.between(before, now).compareTo(PAUSE) < 0) {
      return false;
    }
    if (!now.isBefore(minute)) {
      minute = now.plus(PAUSE);
      inMinute = 0;
    }
    if (inMinute == most) {
      return false;
    }
    inMinute++;
    last.put(thing, now);
    if (last.size() > REMEMBERED) {
      last.remove(last.keySet().iterator().next());
    }
    return true;
  }

  /// Whether no more will pass for a while, whatever it is.
  boolean isExhausted() {
    return inMinute == most;
  }

  /// Forgets all: the next of each passes.
  void clear() {
    last.clear();
  }
}
