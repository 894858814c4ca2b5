package org.bgppeer.store;

import java.util.Arrays;
import java.util.BitSet;

/// A set of stretches of a table.
///
/// A *stretch* is a part of the keys of a table: all that begin with the same 14 bits in IPv4, the
/// same 24 in IPv6, some hundred routes of a full table. In families whose keys are not those of
/// prefixes all are one.
///
/// ```
/// octets:   a number for each run of stretches, and one more for a run of two or more
/// numbers:  (stretches left out before it) * 2 + (1 if two or more); how many more than two
/// number:   7 bits an octet, the lowest first; the high bit says that more follow
/// ```
final class Stretches {
  private static final int BITS_IPV4 = 14;
  private static final int BITS_IPV6 = 24;
  private static final int KEY_OCTETS_IPV4 = 5;
  private static final int KEY_OCTETS_IPV6 = 17;

  private int[] sorted;
  private int size;

  private Stretches(int[] sorted, int size) {
    this.sorted = sorted;
    this.size = size;
  }

  static Stretches of(BitSet stretches) {
    int[] sorted = stretches.stream().toArray();
    return new Stretches(sorted, sorted.length);
  }

  static Stretches none() {
    return new Stretches(new int[1], 0);
  }

  /// How many bits of a key say which stretch it is in; 0 if all of its family are in one.
  private static int bits(int family) {
    return switch (family) {
      case 257, 258, 260 -> BITS_IPV4;
      case 513, 514, 516 -> BITS_IPV6;
      default -> 0;
    };
  }

  /// Whether a table of this family has more than one.
  static boolean divide(int family) {
    return bits(family) > 0;
  }

  /// The one that a key is in.
  static int of(int family, byte[] key) {
    return switch (bits(family)) {
      case BITS_IPV4 -> (key[0] & 0xff) << 6 | (key[1] & 0xff) >>> 2;
      case BITS_IPV6 -> (key[0] & 0xff) << 16 | (key[1] & 0xff) << 8 | key[2] & 0xff;
      default -> 0;
    };
  }

  /// What is not above any key of a stretch, nor below any of the one before.
  static byte[] begin(int family, int stretch) {
    int bits = bits(family);
    int shifted = stretch << Integer.SIZE - bits;
    return new byte[] {(byte) (shifted >>> 24), (byte) (shifted >>> 16), (byte) (shifted >>> 8)};
  }

  /// What is not below any key of a stretch, nor above any of the next.
  static byte[] end(int family, int stretch) {
    int bits = bits(family);
    int shifted = stretch << Integer.SIZE - bits | -1 >>> bits;
    byte[] key = new byte[bits == BITS_IPV4 ? KEY_OCTETS_IPV4 : KEY_OCTETS_IPV6];
    Arrays.fill(key, (byte) 0xff);
    key[0] = (byte) (shifted >>> 24);
    key[1] = (byte) (shifted >>> 16);
    key[2] = (byte) (shifted >>> 8);
    return key;
  }

  int size() {
    return size;
  }

  /// The one at a place of the order of their keys.
  int get(int place) {
    return sorted[place];
  }

  /// @return whether it was not in the set
  boolean add(int stretch) {
    int at = size;
    if (size > 0 && sorted[size - 1] >= stretch) {
      at = Arrays.binarySearch(sorted, 0, size, stretch);
      if (at >= 0) {
        return false;
      }
      at = -at - 1;
    }
    if (size == sorted.length) {
      sorted = Arrays.copyOf(sorted, size + (size >> 1) + 1);
    }
    System.arraycopy(sorted, at, sorted, at + 1, size - at);
    sorted[at] = stretch;
    size++;
    return true;
  }

  /// @return whether one of them was not in the set
  boolean addAll(Stretches others) {
    var both = new int[size + others.size];
    int count = 0;
    for (int i = 0, j = 0; i < size || j < others.size; count++) {
      if (j == others.size || i < size && sorted[i] <= others.sorted[j]) {
        if (j < others.size && sorted[i] == others.sorted[j]) {
          j++;
        }
        both[count] = sorted[i++];
      } else {
        both[count] = others.sorted[j++];
      }
    }
    boolean more = count > size;
    sorted = both;
    size = count;
    return more;
  }

  void addTo(BitSet others) {
    for (int i = 0; i < size; i++) {
      others.set(sorted[i]);
    }
  }

  /// Those that are in both.
  Stretches and(Stretches others) {
    var both = new int[Math.min(size, others.size)];
    int count = 0;
    for (int i = 0, j = 0; i < size && j < others.size; ) {
      if (sorted[i] == others.sorted[j]) {
        both[count++] = sorted[i++];
        j++;
      } else if (sorted[i] < others.sorted[j]) {
        i++;
      } else {
        j++;
      }
    }
    return new Stretches(both, count);
  }

  /// Those from one to another.
  Stretches between(int first, int last) {
    int from = 0;
    while (from < size && sorted[from] < first) {
      from++;
    }
    int to = from;
    while (to < size && sorted[to] <= last) {
      to++;
    }
    return new Stretches(Arrays.copyOfRange(sorted, from, to), to - from);
  }

  byte[] encode() {
    byte[] octets = new byte[16];
    int length = 0;
    int next = 0; // stretch behind the last run
    for (int i = 0; i < size; ) {
      int begin = i++;
      while (i < size && sorted[i] == sorted[i - 1] + 1) {
        i++;
      }
      if (octets.length < length + 10) {
        octets = Arrays.copyOf(octets, octets.length * 2);
      }
      int run = i - begin;
      length = put(octets, length, (sorted[begin] - next) * 2 + (run > 1 ? 1 : 0));
      if (run > 1) {
        length = put(octets, length, run - 2);
      }
      next = sorted[i - 1] + 1;
    }
    return Arrays.copyOf(octets, length);
  }

  private static int put(byte[] octets, int at, int number) {
    int rest = number;
    int end = at;
    for (; rest > 0x7f; rest >>>= 7) {
      octets[end++] = (byte) (rest | 0x80);
    }
    octets[end++] = (byte) rest;
    return end;
  }

  static Stretches decode(byte[] octets) {
    var stretches = none();
    int at = 0;
    int next = 0;
    while (at < octets.length) {
      int number = number(octets, at);
      at += length(octets, at);
      int run = 1;
      if ((number & 1) != 0) {
        run = 2 + number(octets, at);
        at += length(octets, at);
      }
      next += number >>> 1;
      stretches.reserve(run);
      for (; run > 0; run--) {
        stretches.sorted[stretches.size++] = next++;
      }
    }
    return stretches;
  }

  /// Whether all of them are in a set that is written so: without reading all of that.
  boolean areIn(byte[] octets) {
    int place = 0;
    int at = 0;
    int next = 0;
    while (place < size && at < octets.length) {
      int number = number(octets, at);
      at += length(octets, at);
      int run = 1;
      if ((number & 1) != 0) {
        run = 2 + number(octets, at);
        at += length(octets, at);
      }
      next += number >>> 1;
      if (sorted[place] < next) {
        return false;
      }
      next += run;
      while (place < size && sorted[place] < next) {
        place++;
      }
    }
    return place == size;
  }

  private void reserve(int more) {
    if (size + more > sorted.length) {
      sorted = Arrays.copyOf(sorted, Math.max(size + more, sorted.length * 2));
    }
  }

  private static int number(byte[] octets, int from) {
    int number = 0;
    int at = from;
    for (int shift = 0; ; shift += 7) {
      number |= (octets[at] & 0x7f) << shift;
      if (octets[at++] >= 0) {
        return number;
      }
    }
  }

  private static int length(byte[] octets, int from) {
    int at = from;
    while (octets[at] < 0) {
      at++;
    }
    return at + 1 - from;
  }
}
