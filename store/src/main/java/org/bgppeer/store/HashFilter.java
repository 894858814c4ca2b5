package org.bgppeer.store;

/// Tells which hashes were certainly never added (a Bloom filter of 32 MB): of 30 million that were
/// not, one in fifty passes for one that was.
final class HashFilter {
  private static final int BITS = 1 << 28;
  private static final int PROBES = 4;

  private final long[] bits = new long[BITS / 64];

  /// Adds one.
  ///
  /// @param hi octets of the hash
  /// @param lo others
  void add(long hi, long lo) {
    for (int i = 0; i < PROBES; i++) {
      int bit = probe(hi, lo, i);
      bits[bit >>> 6] |= 1L << bit;
    }
  }

  /// Whether one may have been added; false is certain.
  boolean mayHave(long hi, long lo) {
    for (int i = 0; i < PROBES; i++) {
      int bit = probe(hi, lo, i);
      if ((bits[bit >>> 6] & 1L << bit) == 0) {
        return false;
      }
    }
    return true;
  }

  private static int probe(long hi, long lo, int i) {
    return (int) (hi + i * (lo | 1)) & BITS - 1;
  }
}
