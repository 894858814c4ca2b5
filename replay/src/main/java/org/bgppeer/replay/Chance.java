package org.bgppeer.replay;

import org.bgppeer.wire.Prefix;

/// Chance that does not change: a number in, a scattered number out, the same on every machine and
/// in every run. What is drawn by hash and not from a stream does not depend on what was drawn
/// before, so three routers that never talk to each other see one and the same Internet.
final class Chance {
  private Chance() {}

  /// The finalizer of SplitMix64 over the parts, in order.
  static long mix(long... parts) {
    long hash = 0;
    for (long part : parts) {
      hash = (hash ^ part) + 0x9E3779B97F4A7C15L;
      hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
      hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
      hash ^= hash >>> 31;
    }
    return hash;
  }

  /// A number for a prefix.
  static long of(Prefix prefix) {
    byte[] key = prefix.key();
    long hash = key.length;
    for (byte octet : key) {
      hash = hash * 257 + (octet & 0xff);
    }
    return mix(hash);
  }

  /// Evenly 0..bound-1.
  static int below(int bound, long... parts) {
    return (int) Long.remainderUnsigned(mix(parts), bound);
  }

  /// True in `percent` of 100 cases.
  static boolean percent(int percent, long... parts) {
    return below(100, parts) < percent;
  }
}
