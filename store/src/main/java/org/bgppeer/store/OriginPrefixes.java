package org.bgppeer.store;

/// A set of [OriginPrefix], some of the last two million: see [LongHashes].
final class OriginPrefixes {
  /// 16 MB.
  private static final int MOST = 1 << 21;

  private final LongHashes hashes = new LongHashes(MOST);

  /// @return whether it was not in the set
  boolean add(long originAs, int family, byte[] key) {
    return hashes.add(hash(originAs, family, key));
  }

  boolean contains(long originAs, int family, byte[] key) {
    return hashes.contains(hash(originAs, family, key));
  }

  void clear() {
    hashes.clear();
  }

  private static long hash(long originAs, int family, byte[] key) {
    long hash =
        LongHashes.mixed(LongHashes.seed() ^ originAs << 32 ^ (long) family << 8 ^ key.length);
    for (int i = 0; i < key.length; i += 8) {
      long word = 0;
      for (int octet = i; octet < Math.min(key.length, i + 8); octet++) {
        word = word << 8 | key[octet] & 0xff;
      }
      hash = LongHashes.mixed(hash ^ word);
    }
    return hash;
  }
}
