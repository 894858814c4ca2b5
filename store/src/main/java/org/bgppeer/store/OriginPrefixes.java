package org.bgppeer.store;

import java.security.SecureRandom;

/// A set of [OriginPrefix], each as 64 bits that nobody can foresee: two are taken for one with a
/// chance of one in 2⁴³ when two million are in it. It grows up to [#MOST], and then begins anew.
final class OriginPrefixes {
  /// 16 MB.
  private static final int MOST = 1 << 21;

  private static final long SEED = new SecureRandom().nextLong();

  private long[] cells = new long[1 << 10];
  private int size;

  /// @return whether it was not in the set
  boolean add(long originAs, int family, byte[] key) {
    long hash = hash(originAs, family, key);
    int cell = cell(hash);
    if (cells[cell] == hash) {
      return false;
    }
    if (size >= cells.length / 4 * 3) {
      grow();
      cell = cell(hash);
    }
    cells[cell] = hash;
    size++;
    return true;
  }

  boolean contains(long originAs, int family, byte[] key) {
    long hash = hash(originAs, family, key);
    return cells[cell(hash)] == hash;
  }

  void clear() {
    cells = new long[1 << 10];
    size = 0;
  }

  /// Where a hash is, or would be.
  private int cell(long hash) {
    int mask = cells.length - 1;
    int cell = (int) (hash >>> 32) & mask;
    while (cells[cell] != 0 && cells[cell] != hash) {
      cell = cell + 1 & mask;
    }
    return cell;
  }

  private void grow() {
    if (cells.length == MOST) {
      clear();
      return;
    }
    var smaller = cells;
    cells = new long[smaller.length * 2];
    for (long hash : smaller) {
      if (hash != 0) {
        cells[cell(hash)] = hash;
      }
    }
  }

  private static long hash(long originAs, int family, byte[] key) {
    long hash = mixed(SEED ^ originAs << 32 ^ (long) family << 8 ^ key.length);
    for (int i = 0; i < key.length; i += 8) {
      long word = 0;
      for (int octet = i; octet < Math.min(key.length, i + 8); octet++) {
        word = word << 8 | key[octet] & 0xff;
      }
      hash = mixed(hash ^ word);
    }
    return hash == 0 ? 1 : hash; // an empty cell is zero
  }

  /// The finalizer of MurmurHash3.
  private static long mixed(long value) {
    long z = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    z = (z ^ z >>> 33) * 0xc4ceb9fe1a85ec53L;
    return z ^ z >>> 33;
  }
}
