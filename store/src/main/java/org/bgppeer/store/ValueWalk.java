package org.bgppeer.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Gathers in which stretches of tables of a family each value is, table by table, from their
/// routes in any order; in that of their keys it is fastest, for then each set is looked at once a
/// stretch. Sets are read some at a time, for a server is asked over a network.
final class ValueWalk {
  /// Values and stretches of values that are gathered before they are to be taken: some 60 MB.
  private static final int MANY_VALUES = 1 << 19;

  private static final int MANY_STRETCHES = 1 << 22;
  private static final int MANY_POOLED = 1 << 22;

  private final RouteValues.Selects selects;

  private final Neighbors nobody = new Neighbors(NumberSet.none());

  /// The values by their numbers.
  private final List<Value> values = new ArrayList<>();

  /// By the hashes of their texts: each hash and then the number and one more; zero is an empty
  /// cell.
  private long[] numbers = new long[1 << 12];

  /// Where in `listPool` the values of a list of communities are: how many, and their numbers.
  private final Map<Long, Integer> lists = new HashMap<>();

  private int[] listPool = new int[1 << 12];
  private int listPooled;

  /// Those that the table has which is read.
  private final List<Value> read = new ArrayList<>();

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

  private static final class Value {
    private final String text;

    /// Where it is in the table that is read; null if it was not seen there.
    private @Nullable NumberSet in;

    /// Where it is in those before; null if it was not seen in any.
    private @Nullable NumberSet shared;

    private Neighbors neighbors;

    private Value(String text, Neighbors nobody) {
      this.text = text;
      neighbors = nobody;
    }
  }

  /// Neighbors that have some values: one such set for all values that the same have.
  private static final class Neighbors {
    private final NumberSet numbers;
    private int last;
    private @Nullable Neighbors withLast;

    private Neighbors(NumberSet numbers) {
      this.numbers = numbers;
    }

    private Neighbors with(int neighbor) {
      var with = withLast;
      if (with == null || last != neighbor) {
        with = new Neighbors(numbers.or(NumberSet.of(neighbor)));
        withLast = with;
        last = neighbor;
      }
      return with;
    }
  }

  /// @param selects of [RouteValues#selectMany]
  ValueWalk(RouteValues.Selects selects) {
    this.selects = selects;
  }

  /// Reads those of some sets of the table that were not read yet.
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
        var found = RouteValues.ofMany(selects, unknown);
        readLists(found.values());
        found.forEach(this::put);
        unknown.clear();
      }
    }
  }

  private void readLists(Collection<RouteValues.Listed> of) throws SQLException {
    var unknown = new LinkedHashSet<Long>();
    for (var each : of) {
      if (each.list() != 0 && !lists.containsKey(each.list())) {
        unknown.add(each.list());
      }
    }
    if (!unknown.isEmpty()) {
      RouteValues.lists(selects, unknown).forEach(this::putList);
    }
  }

  private void putList(long id, String text) {
    int at = listPooled;
    lists.put(id, at);
    listPool = withRoom(listPool, at + 1 + text.length());
    listPooled++;
    RouteValues.words(
        text,
        RouteValues.COMMUNITY,
        (kind, words, from, to) -> listPool[listPooled++] = number(kind, words, from, to));
    listPool[at] = listPooled - at - 1;
  }

  private void put(long set, RouteValues.Listed listed) {
    if (setCount >= sets.length / 4) {
      grow();
    }
    int cell = cell((int) set);
    sets[2 * cell] = (int) set;
    sets[2 * cell + 1] = pooled;
    seenIn[cell] = -1;
    origins[cell] = listed.of().originAs();
    setCount++;
    int at = pooled++;
    pool = withRoom(pool, pooled);
    listed
        .of()
        .each(
            (kind, text, from, to) -> {
              pool = withRoom(pool, pooled + 1);
              pool[pooled++] = number(kind, text, from, to);
            });
    Integer list = lists.get(listed.list());
    if (list != null) {
      int size = listPool[list];
      pool = withRoom(pool, pooled + size);
      System.arraycopy(listPool, list + 1, pool, pooled, size);
      pooled += size;
    }
    pool[at] = pooled - at - 1;
  }

  private static int[] withRoom(int[] pool, int size) {
    return size <= pool.length ? pool : Arrays.copyOf(pool, Math.max(size, 2 * pool.length));
  }

  /// The number of a value, which may be a new one.
  private int number(char kind, String text, int from, int to) {
    long mixed = LongHashes.mixed(LongHashes.seed() ^ kind, text, from, to);
    long hash = mixed == 0 ? 1 : mixed;
    int cell = numberCell(hash);
    if (numbers[cell] == 0) {
      values.add(new Value(kind + text.substring(from, to), nobody));
      numbers[cell] = hash;
      numbers[cell + 1] = values.size();
      if (values.size() > numbers.length / 4) {
        growNumbers();
      }
      return values.size() - 1;
    }
    return (int) numbers[cell + 1] - 1;
  }

  private int numberCell(long hash) {
    int mask = numbers.length - 2;
    int cell = (int) (hash >>> 32) & mask;
    while (numbers[cell] != 0 && numbers[cell] != hash) {
      cell = cell + 2 & mask;
    }
    return cell;
  }

  private void growNumbers() {
    var smaller = numbers;
    numbers = new long[smaller.length * 2];
    for (int i = 0; i < smaller.length; i += 2) {
      if (smaller[i] != 0) {
        int cell = numberCell(smaller[i]);
        numbers[cell] = smaller[i];
        numbers[cell + 1] = smaller[i + 1];
      }
    }
  }

  /// A route of the table, or a former version of one.
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
      var value = values.get(pool[i]);
      var in = value.in;
      if (in == null) {
        value.in = NumberSet.of(stretch);
        read.add(value);
        stretchCount++;
      } else if (in.add(stretch)) {
        stretchCount++;
      }
    }
    return origins[cell];
  }

  /// Whether what was gathered is to be taken.
  boolean isMuch() {
    return stretchCount >= MANY_STRETCHES
        || values.size() >= MANY_VALUES
        || pooled >= MANY_POOLED
        || listPooled >= MANY_POOLED;
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

  /// Gives what the table has that was read, sorted by its values, and begins with the next.
  List<ValueStretches> takeTable() {
    var taken = new ArrayList<ValueStretches>(read.size());
    for (var value : read) {
      taken.add(new ValueStretches(value.text, takeIn(value)));
    }
    taken.sort(Comparator.comparing(ValueStretches::value));
    nextTable();
    return taken;
  }

  /// Puts what the table has that was read to what those before had, and begins with the next, or
  /// with more of the same.
  ///
  /// @return what it has elsewhere than the others, sorted by its values
  List<ValueStretches> share(int neighbor) {
    var own = new ArrayList<ValueStretches>();
    for (var value : read) {
      var in = takeIn(value);
      var shared = value.shared;
      var all = shared == null ? in : shared.containsAll(in) ? shared : shared.or(in);
      int before = shared == null ? 0 : shared.size();
      boolean shares = value.neighbors.numbers.contains(neighbor);
      if (SharedValue.mayShare(all, before, shares ? before : in.size())) {
        value.shared = all;
        value.neighbors = value.neighbors.with(neighbor);
        stretchCount += all.size() - before;
      } else {
        own.add(new ValueStretches(value.text, in));
      }
    }
    own.sort(Comparator.comparing(ValueStretches::value));
    nextTable();
    return own;
  }

  private NumberSet takeIn(Value value) {
    var in = Objects.requireNonNull(value.in);
    value.in = null;
    stretchCount -= in.size();
    return in;
  }

  private void nextTable() {
    read.clear();
    Arrays.fill(sets, 0);
    setCount = 0;
    pooled = 1;
  }

  /// Gives what was shared, sorted by its values, and begins anew.
  List<SharedValue> take() {
    var taken = new ArrayList<SharedValue>();
    for (var value : values) {
      if (value.shared != null) {
        taken.add(new SharedValue(value.text, value.shared, value.neighbors.numbers));
      }
    }
    taken.sort(Comparator.comparing(SharedValue::value));
    values.clear();
    numbers = new long[1 << 12];
    lists.clear();
    listPooled = 0;
    stretchCount = 0;
    return taken;
  }
}
