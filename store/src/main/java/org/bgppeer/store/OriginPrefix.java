package org.bgppeer.store;

import java.util.Arrays;

/// A prefix that was announced with an origin AS: a row of `origin_prefix`.
///
/// @param key as in `route`
record OriginPrefix(long originAs, int family, byte[] key) implements Comparable<OriginPrefix> {
  /// The order of the table.
  @Override
  public int compareTo(OriginPrefix other) {
    int result = Long.compare(originAs, other.originAs);
    if (result == 0) {
      result = Integer.compare(family, other.family);
    }
    return result == 0 ? Arrays.compareUnsigned(key, other.key) : result;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OriginPrefix prefix && compareTo(prefix) == 0;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key) * 31 + Long.hashCode(originAs);
  }
}
