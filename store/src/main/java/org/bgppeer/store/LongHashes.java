package org.bgppeer.store;

import java.security.SecureRandom;

/// A set of things, each as 64 bits that nobody can foresee: two are taken for one with a chance of
/// one in 2⁴³ when two million are in it. It grows up to what it may hold, and then begins anew.
final class LongHashes {
  private static final long SEED = new SecureRandom().nextLong();

  private final int most;
  private long[] cells = new long[1 << 10];
  private int size;

  /// @param most cells of 8 octets, a power of two
  LongHashes(int most) {
    this.most = most;
  }

  /// @param hash of [#mixed], of something that began with [#seed]
  /// @return whether it was not in the set
  boolean add(long hash) {
    long kept = hash == 0 ? 1 : hash; // an empty cell is zero
    int cell = cell(kept);
    if (cells[cell] == kept) {
      return false;
    }
    if (size >= cells.length / 4 * 3) {
      grow();
      cell = cell(kept);
    }
    cells[cell] = kept;
    size++;
    return true;
  }

  boolean contains(long hash) {
    long kept = hash == 0 ? 1 : hash;
    return cells[cell(kept)] == kept;
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
    if (cells.length == most) {
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

  /// What a hash begins with.
  static long seed() {
    return SEED;
  }

  /// The finalizer of MurmurHash3.
  static long mixed(long value) {
    long z = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    z = (z ^ z >>> 33) * 0xc4ceb9fe1a85ec53L;
    return z ^ z >>> 33;
  }

  /// A hash, and a text behind it.
  static long mixed(long hash, String text) {
    return mixed(hash, text, 0, text.length());
  }

  /// A hash, and a part of a text behind it.
  static long mixed(long hash, String text, int from, int to) {
    long z = mixed(hash ^ to - from);
    for (int i = from; i < to; i += 4) {
      long word = 0;
      for (int c = i; c < Math.min(to, i + 4); c++) {
        word = word << 16 | text.charAt(c);
      }
      z = mixed(z ^ word);
    }
    return z;
  }
}
