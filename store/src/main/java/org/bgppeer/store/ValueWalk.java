package org.bgppeer.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Gathers in which stretches of a table each value is, from its routes in any order; in that of
/// their keys it is fastest, for then each set is looked at once a stretch. Sets are read some at a
/// time, for a server is asked over a network.
final class ValueWalk {
  /// Values and stretches of values that are gathered before they are to be taken: some 60 MB.
  private static final int MANY_VALUES = 1 << 19;

  private static final int MANY_STRETCHES = 1 << 22;
  private static final int MANY_POOLED = 1 << 22;

  private final PreparedStatement select;

  /// The values by their numbers, and the number of each.
  private final List<ValueStretches> values = new ArrayList<>();

  private final Map<String, Integer> numbers = new HashMap<>();

  /// Where in the pool the values of a set begin, by the hash of its number; and how many.
  private int[] sets = new int[1 << 11];

  private int setCount;
  private int[] pool = new int[1 << 12];
  private int pooled = 1; // zero is an empty cell
  private int stretchCount;

  /// The newest stretch in which the set of a cell was seen.
  private int[] seenIn = new int[1 << 10];

  /// The origin AS of the set of a cell, or [SetOrigins#NONE].
  private long[] origins = new long[1 << 10];

  /// @param select of [RouteValues#selectMany]
  ValueWalk(PreparedStatement select) {
    this.select = select;
  }

  /// Reads those of some sets that were not read since [#take].
  ///
  /// @param from the first of them
  /// @param to behind the last of them
  void read(long[] some, int from, int to) throws SQLException {
    var unknown = new LinkedHashSet<Long>();
    for (int i = from; i < to; i++) {
      if (sets[2 * cell((int) some[i]) + 1] == 0) {
        unknown.add(some[i]);
      }
      if (!unknown.isEmpty() && (i == to - 1 || unknown.size() == RouteValues.SETS_A_SELECT)) {
        RouteValues.ofMany(select, List.copyOf(unknown)).forEach(this::put);
        unknown.clear();
      }
    }
  }

  private void put(long set, RouteValues of) {
    if (setCount >= sets.length / 4) {
      grow();
    }
    int cell = cell((int) set);
    sets[2 * cell] = (int) set;
    sets[2 * cell + 1] = pooled;
    seenIn[cell] = -1;
    origins[cell] = of.originAs();
    setCount++;
    int at = pooled++;
    room(at);
    of.each(
        text -> {
          Integer number = numbers.get(text);
          if (number == null) {
            number = values.size();
            numbers.put(text, number);
            values.add(new ValueStretches(text, NumberSet.none()));
          }
          room(pooled);
          pool[pooled++] = number;
        });
    pool[at] = pooled - at - 1;
  }

  /// A route, or a former version of one.
  ///
  /// @param set that was read
  /// @return its origin AS, or [SetOrigins#NONE]
  long add(int stretch, long set) {
    int cell = cell((int) set);
    if (sets[2 * cell + 1] == 0) {
      return SetOrigins.NONE; // there is no such set
    }
    if (seenIn[cell] == stretch) {
      return origins[cell];
    }
    seenIn[cell] = stretch;
    int at = sets[2 * cell + 1];
    for (int i = at + pool[at]; i > at; i--) {
      if (values.get(pool[i]).stretches().add(stretch)) {
        stretchCount++;
      }
    }
    return origins[cell];
  }

  /// Whether what was gathered is to be taken.
  boolean isMuch() {
    return stretchCount >= MANY_STRETCHES || values.size() >= MANY_VALUES || pooled >= MANY_POOLED;
  }

  private void room(int at) {
    if (at == pool.length) {
      pool = Arrays.copyOf(pool, at * 2);
    }
  }

  private int cell(int set) {
    int mask = seenIn.length - 1;
    int cell = (int) LongHashes.mixed(set) & mask;
    while (sets[2 * cell + 1] != 0 && sets[2 * cell] != set) {
      cell = cell + 1 & mask;
    }
    return cell;
  }

  private void grow() {
    var smaller = sets;
    sets = new int[smaller.length * 2];
    var seen = seenIn;
    seenIn = new int[seen.length * 2];
    var of = origins;
    origins = new long[seenIn.length];
    for (int old = 0; old < seen.length; old++) {
      if (smaller[2 * old + 1] != 0) {
        int cell = cell(smaller[2 * old]);
        sets[2 * cell] = smaller[2 * old];
        sets[2 * cell + 1] = smaller[2 * old + 1];
        seenIn[cell] = seen[old];
        origins[cell] = of[old];
      }
    }
  }

  /// Gives what was gathered, sorted by its values, and begins anew.
  List<ValueStretches> take() {
    var taken = new ArrayList<>(values);
    taken.sort(Comparator.comparing(ValueStretches::value));
    values.clear();
    numbers.clear();
    sets = new int[1 << 11];
    seenIn = new int[1 << 10];
    origins = new long[1 << 10];
    setCount = 0;
    pooled = 1;
    stretchCount = 0;
    return taken;
  }
}
