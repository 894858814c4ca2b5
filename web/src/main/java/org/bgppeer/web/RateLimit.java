package org.bgppeer.web;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many requests each address may make: some at once, then so many a second.
final class RateLimit {
  /// So many addresses are remembered; the one that was silent longest is forgotten first.
  private static final int ADDRESSES = 10_000;

  private final int atOnce;
  private final double perSecond;
  private final Clock clock;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > ADDRESSES;
        }
      };

  private record Bucket(double left, Instant at) {}

  RateLimit(int atOnce, double perSecond, Clock clock) {
    this.atOnce = atOnce;
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /// Takes one; false if there is none left.
  synchronized boolean take(String address) {
    Instant now = clock.instant();
    Bucket bucket = buckets.getOrDefault(address, new Bucket(atOnce, now));
    double seconds = Math.max(0, java.time.Duration.between(bucket.at, now).toMillis() / 1000.0);
    double left = Math.min(atOnce, bucket.left + seconds * perSecond);
    buckets.put(address, new Bucket(left < 1 ? left : left - 1, now));
    return left >= 1;
  }
}
