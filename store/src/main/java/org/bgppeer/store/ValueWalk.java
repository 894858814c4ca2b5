package org.bgppeer.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gathers in which stretches of a table each value is, from its routes in any order; in that of
/// their keys it is fastest, for then each set is looked at once a stretch.
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

  /// @param select of [RouteValues#select]
  ValueWalk(PreparedStatement select) {
    this.select = select;
  }

  /// A route, or a former version of one.
  ///
  /// @return whether what was gathered is to be taken
  boolean add(int stretch, long set) throws SQLException {
    int cell = cell((int) set);
    if (sets[2 * cell + 1] == 0) {
      if (setCount >= sets.length / 4) {
        grow();
        cell = cell((int) set);
      }
      sets[2 * cell] = (int) set;
      sets[2 * cell + 1] = pooled;
      seenIn[cell] = -1;
      setCount++;
      read(set);
    }
    if (seenIn[cell] == stretch) {
      return false;
    }
    seenIn[cell] = stretch;
    int at = sets[2 * cell + 1];
    for (int i = at + pool[at]; i > at; i--) {
      if (values.get(pool[i]).stretches().add(stretch)) {
        stretchCount++;
      }
    }
    return stretchCount >= MANY_STRETCHES || values.size() >= MANY_VALUES || pooled >= MANY_POOLED;
  }

  private void read(long set) throws SQLException {
    int at = pooled++;
    room(at);
    RouteValues.of(select, set)
        .each(
            text -> {
              Integer number = numbers.get(text);
              if (number == null) {
                number = values.size();
                numbers.put(text, number);
                values.add(new ValueStretches(text, Stretches.none()));
              }
              room(pooled);
              pool[pooled++] = number;
            });
    pool[at] = pooled - at - 1;
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
    for (int old = 0; old < seen.length; old++) {
      if (smaller[2 * old + 1] != 0) {
        int cell = cell(smaller[2 * old]);
        sets[2 * cell] = smaller[2 * old];
        sets[2 * cell + 1] = smaller[2 * old + 1];
        seenIn[cell] = seen[old];
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
    setCount = 0;
    pooled = 1;
    stretchCount = 0;
    return taken;
  }
}
