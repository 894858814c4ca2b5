package org.bgppeer.session;

import java.time.Duration;

/// How long to wait before trying again. All grow to twice the time with each failure in a row, and
/// are shortened by up to a quarter at random (RFC 4271 §10), lest many neighbors be called at
/// once.
///
/// @param connectRetry from a failure until we dial, and how long the first dialling may take
/// @param connectRetryMax what that grows to
/// @param idleHold how long their calls are refused, from the second failure in a row on
/// @param idleHoldMax what that grows to
/// @param stable a session that was up this long makes good all failures before it
public record Timers(
    Duration connectRetry,
    Duration connectRetryMax,
    Duration idleHold,
    Duration idleHoldMax,
    Duration stable) {
  /// 5 s to 2 min, 1 s to 30 s, and 1 min.
  public static final Timers DEFAULT =
      new Timers(
          Duration.ofSeconds(5),
          Duration.ofSeconds(120),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1));

  public Timers {
    positive(connectRetry);
    positive(connectRetryMax);
    positive(idleHold);
    positive(idleHoldMax);
    positive(stable);
  }

  private static void positive(Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException(time + " is not a time to wait");
    }
  }

  /// The connect retry time after so many failures in a row, without jitter.
  Duration connectRetryAfter(int failures) {
    return doubled(connectRetry, failures - 1, connectRetryMax);
  }

  /// The idle hold time after so many failures in a row, without jitter: none after the first, for
  /// a neighbor whose session ended calls back at once.
  Duration idleHoldAfter(int failures) {
    return failures < 2 ? Duration.ZERO : doubled(idleHold, failures - 2, idleHoldMax);
  }

  private static Duration doubled(Duration start, int times, Duration max) {
    int shift = Math.clamp(times, 0, 20);
    Duration grown = start.multipliedBy(1L << shift);
    return grown.compareTo(max) < 0 ? grown : max;
  }
}
