package org.bgppeer.store;

/// Tells which routes are certainly new to a table that began empty (a Bloom filter): those need
/// not be looked up, and only a few per mille of the others pass for known.
final class KeyFilter {
  /// Routes that one can hold before it lets too many pass for known.
  static final int CAPACITY = 3_000_000;

  private static final int BITS = 1 << 24;
  private static final int PROBES = 3;

  private final long[] bits = new long[BITS / 64];
  private int size;

  /// Notes a route.
  ///
  /// @return whether it may have been noted before; false is certain
  boolean add(byte[] key, long pathId) {
    long hash = pathId;
    for (byte octet : key) {
      hash = (hash ^ octet & 0xff) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL; // the last step of MurmurHash3
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    int at = (int) hash;
    int stride = (int) (hash >>> 32) | 1;
    boolean known = true;
    for (int i = 0; i < PROBES; i++, at += stride) {
      int bit = at & BITS - 1;
      long mask = 1L << bit;
      known &= (bits[bit >>> 6] & mask) != 0;
      bits[bit >>> 6] |= mask;
    }
    if (!known) {
      size++;
    }
    return known;
  }

  boolean isFull() {
    return size > CAPACITY;
  }
}
