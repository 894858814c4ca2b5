package org.bgppeer.store;

import java.util.Arrays;
import java.util.BitSet;

/// A set of numbers, as the index of values has them: stretches of a table (see [Stretch]), or
/// neighbors.
///
/// ```
/// octets:   a number for each run of the set, and one more for a run of two or more
/// numbers:  (what is left out before it) * 2 + (1 if two or more); how many more than two
/// number:   7 bits an octet, the lowest first; the high bit says that more follow
/// ```
final class NumberSet {
  private int[] sorted;
  private int size;

  private NumberSet(int[] sorted, int size) {
    this.sorted = sorted;
    this.size = size;
  }

  static NumberSet of(BitSet numbers) {
    int[] sorted = numbers.stream().toArray();
    return new NumberSet(sorted, sorted.length);
  }

  static NumberSet of(int number) {
    return new NumberSet(new int[] {number}, 1);
  }

  static NumberSet none() {
    return new NumberSet(new int[1], 0);
  }

  int size() {
    return size;
  }

  /// The one at a place of their order.
  int get(int place) {
    return sorted[place];
  }

  /// @return whether it was not in the set
  boolean add(int number) {
    int at = size;
    if (size > 0 && sorted[size - 1] >= number) {
      at = Arrays.binarySearch(sorted, 0, size, number);
      if (at >= 0) {
        return false;
      }
      at = -at - 1;
    }
    if (size == sorted.length) {
      sorted = Arrays.copyOf(sorted, size + (size >> 1) + 1);
    }
    System.arraycopy(sorted, at, sorted, at + 1, size - at);
    sorted[at] = number;
    size++;
    return true;
  }

  /// @return whether one of them was not in the set
  boolean addAll(NumberSet others) {
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
    sorted = both; // not what was there: see [#or]
    size = count;
    return more;
  }

  boolean contains(int number) {
    return Arrays.binarySearch(sorted, 0, size, number) >= 0;
  }

  boolean containsAll(NumberSet others) {
    int i = 0;
    for (int j = 0; j < others.size; j++) {
      while (i < size && sorted[i] < others.sorted[j]) {
        i++;
      }
      if (i == size || sorted[i] != others.sorted[j]) {
        return false;
      }
    }
    return true;
  }

  /// Those that are in one of both.
  NumberSet or(NumberSet others) {
    var either = new NumberSet(sorted, size);
    either.addAll(others);
    return either;
  }

  /// All but one.
  NumberSet without(int number) {
    var rest = none();
    for (int i = 0; i < size; i++) {
      if (sorted[i] != number) {
        rest.add(sorted[i]);
      }
    }
    return rest;
  }

  void addTo(BitSet others) {
    for (int i = 0; i < size; i++) {
      others.set(sorted[i]);
    }
  }

  /// Those that are in both.
  NumberSet and(NumberSet others) {
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
    return new NumberSet(both, count);
  }

  /// Those from one to another.
  NumberSet between(int first, int last) {
    int from = 0;
    while (from < size && sorted[from] < first) {
      from++;
    }
    int to = from;
    while (to < size && sorted[to] <= last) {
      to++;
    }
    return new NumberSet(Arrays.copyOfRange(sorted, from, to), to - from);
  }

  byte[] encode() {
    byte[] octets = new byte[16];
    int length = 0;
    int next = 0; // behind the last run
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

  static NumberSet decode(byte[] octets) {
    var numbers = none();
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
      numbers.reserve(run);
      for (; run > 0; run--) {
        numbers.sorted[numbers.size++] = next++;
      }
    }
    return numbers;
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
