package org.bgppeer.session;

import java.time.Duration;
import java.util.Map;
import org.bgppeer.wire.Family;

/// Whether the routes of a neighbor that restarts gracefully are kept, as stale, and how long at
/// most.
///
/// @param helper whether they are (RFC 4724 §4.2, RFC 8538)
/// @param longestRestart what the neighbor's Restart Time is cut to
/// @param longLived for how long beyond that, by family; the neighbor's own time counts if it is
///     shorter (RFC 9494). Families that are not here have no such time.
public record Retention(boolean helper, Duration longestRestart, Map<Family, Duration> longLived) {
  /// The longest Restart Time that the capability can say.
  public static final Duration LONGEST_RESTART = Duration.ofSeconds(4095);

  /// The longest time that the capability of RFC 9494 can say.
  public static final Duration LONGEST_LONG_LIVED = Duration.ofSeconds(0xff_ffff);

  /// As long as the neighbor says, and not longer.
  public static final Retention DEFAULT = new Retention(true, LONGEST_RESTART, Map.of());

  public Retention {
    longLived = Map.copyOf(longLived);
    if (longestRestart.isNegative() || longestRestart.compareTo(LONGEST_RESTART) > 0) {
      throw new IllegalArgumentException(longestRestart + " is not 0 s to 4095 s");
    }
    if (!helper && !longLived.isEmpty()) {
      throw new IllegalArgumentException("long-lived graceful restart needs graceful restart");
    }
  }

  /// Nothing is kept.
  public static Retention none() {
    return new Retention(false, Duration.ZERO, Map.of());
  }
}
