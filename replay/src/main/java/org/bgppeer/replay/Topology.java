package org.bgppeer.replay;

import java.util.ArrayList;
import java.util.List;

/// A made-up Internet of three tiers, for AS paths that look like real ones.
///
/// ```
///   TIER 1     174 ═ 1299 ═ 2914 ═ 3257 …          each peers with each
///             ╱   ╲    │
///   TIER 2  1273  3303 6830 …                      two or three providers of tier 1
///            │   ╱ ╲    │
///   edge   origin    origin                        one to three providers, mostly of tier 2
/// ```
///
/// A path is climbed from the origin to the first AS that the vantage point peers with; if it peers
/// with none on the way up, one more AS of tier 1 stands between. The AS numbers of the transit
/// tiers are those of real carriers; who buys from whom is drawn by hash ([Chance]), so it is the
/// same for every router.
///
/// @param vantageAs the AS that looks at the Internet from here; decides with whom it peers
/// @param peersInPercent with how many ASes of a transit tier it peers
record Topology(long vantageAs, int peersInPercent) {
  private static final long[] TIER_1 = {
    174, 701, 1299, 2914, 3257, 3320, 3356, 3491, 5511, 6453, 6461, 6762, 6939, 7018, 12956
  };
  private static final long[] TIER_2 = {
    286, 577, 680, 852, 1221, 1257, 1273, 1916, 2119, 2497, 2516, 3216, 3269, 3303, 3462, 4134,
    4637, 4713, 4766, 4826, 4837, 5089, 5400, 5617, 6327, 6663, 6697, 6724, 6830, 6849, 7195, 7473,
    7552, 7713, 7922, 8218, 8220, 8359, 8447, 8492, 8551, 8708, 8732, 8881, 8928, 9002, 9121, 9304,
    9498, 9583, 9808, 10026, 10429, 11164, 11427, 12389, 12552, 12713, 13030, 13237, 14840, 15412,
    16735, 17676, 18881, 19151, 20485, 20764, 20912, 20965, 22356, 22773, 23520, 23947, 24115,
    24785, 24961, 25091, 26615, 28329, 28573, 29049, 29076, 30844, 31133, 32787, 33891, 34549,
    34984, 35320, 37100, 37271, 37468, 38040, 39120, 39351, 41095, 42473, 45437, 47541, 48237,
    49544, 50629, 52320, 55410, 58453, 60068, 63927, 132203, 136106, 199524, 262589, 267613
  };

  /// The ASes of a path, the vantage point's own not among them, the origin last.
  ///
  /// @param choice which of the possible paths; a different number mostly gives a different path
  List<Long> path(long origin, long choice) {
    var climb = new ArrayList<Long>();
    climb.add(origin);
    long at = origin;
    while (!peersWith(at) && tier(at) != 1) {
      at = provider(at, choice);
      climb.add(at);
    }
    if (!peersWith(at)) {
      climb.add(upstream(at, choice));
    }
    return climb.reversed();
  }

  /// Whether the vantage point exchanges routes with this AS directly.
  boolean peersWith(long as) {
    return tier(as) < 3
        ? Chance.percent(peersInPercent, vantageAs, as)
        : Chance.percent(peersInPercent / 20, vantageAs, as);
  }

  /// 1, 2, or 3 for the edge.
  static int tier(long as) {
    for (long carrier : TIER_1) {
      if (carrier == as) {
        return 1;
      }
    }
    for (long carrier : TIER_2) {
      if (carrier == as) {
        return 2;
      }
    }
    return 3;
  }

  private long provider(long as, long choice) {
    if (tier(as) == 2) {
      return one(TIER_1, as, Math.floorMod(choice, 2 + Chance.below(2, as)));
    }
    long nth = Chance.mix(as, choice) >>> 33;
    long slot = nth % (1 + Chance.below(3, as, 7));
    return Chance.percent(22, as, slot) ? one(TIER_1, as, slot) : one(TIER_2, as, slot);
  }

  /// An AS of tier 1 that the vantage point is connected to; other than `below`.
  private long upstream(long below, long choice) {
    for (long attempt = 0; ; attempt++) {
      long candidate = one(TIER_1, vantageAs, choice % 2, attempt);
      if (candidate != below && (peersWith(candidate) || attempt > 100)) {
        return candidate;
      }
    }
  }

  private static long one(long[] tier, long... parts) {
    return tier[Chance.below(tier.length, parts)];
  }
}
