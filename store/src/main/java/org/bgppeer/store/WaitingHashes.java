package org.bgppeer.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Hashes of attribute sets that are not in their table yet (12 octets each).
///
/// Hashes come at random, so that a few of them change every page of their table: as many as it can
/// bear wait here, in sorted runs, and go there together. Until that is committed they are found
/// here; what was not when the process ended is made from the sets again, whose numbers are higher
/// than any in the table.
final class WaitingHashes {
  private final int runSize;
  private final List<Run> runs = new ArrayList<>();

  /// Those that are in no run yet, in the order in which they came.
  private final long[] newest;

  private final int[] newestIds;
  private int newestSize;
  private int size;

  private record Run(long[] hashes, int[] ids) {
    /// Sorts, without an object for each: their places go where the last bits of the hashes were,
    /// which decide next to nothing.
    static Run of(long[] hashes, int[] ids, int size) {
      long places = (Long.highestOneBit(size) << 1) - 1;
      var keys = new long[size];
      for (int i = 0; i < size; i++) {
        keys[i] = hashes[i] & ~places | i;
      }
      Arrays.sort(keys);
      var run = new Run(keys, new int[size]);
      for (int i = 0; i < size; i++) {
        int place = (int) (keys[i] & places);
        run.insert(i, hashes[place], ids[place]);
      }
      return run;
    }

    /// Puts one behind all before it, or between them where the last bits decide.
    private void insert(int at, long hash, int id) {
      int i = at;
      for (; i > 0 && hashes[i - 1] > hash; i--) {
        hashes[i] = hashes[i - 1];
        ids[i] = ids[i - 1];
      }
      hashes[i] = hash;
      ids[i] = id;
    }
  }

  /// @param runSize how many are sorted together
  WaitingHashes(int runSize) {
    this.runSize = runSize;
    newest = new long[runSize];
    newestIds = new int[runSize];
  }

  /// Adds one.
  ///
  /// @return whether all that were added are among [#candidates] now
  boolean add(long hash, long id) {
    newest[newestSize] = hash;
    newestIds[newestSize++] = (int) id;
    size++;
    boolean full = newestSize == runSize;
    if (full) {
      endRun();
    }
    return full;
  }

  private void endRun() {
    if (newestSize > 0) {
      runs.add(Run.of(newest, newestIds, newestSize));
      newestSize = 0;
    }
  }

  int size() {
    return size;
  }

  /// Sets that may be the one with this hash, newest first. Those since the last run ended are not
  /// among them: the caller remembers these.
  long[] candidates(long hash) {
    long[] found = new long[runs.size()];
    int count = 0;
    for (int r = runs.size() - 1; r >= 0; r--) {
      int place = Arrays.binarySearch(runs.get(r).hashes, hash);
      if (place >= 0) {
        found[count++] = runs.get(r).ids[place];
      }
    }
    return Arrays.copyOf(found, count);
  }

  /// Begins to move all that are here now into the table.
  ///
  /// @param partSize how many go together, on average
  Move move(int partSize) {
    endRun();
    return new Move(partSize);
  }

  /// The way into the table: part after part, in the order of the hashes, so that each part is in a
  /// stretch of the table of its own.
  final class Move {
    private final int moved = runs.size();
    private final int[] reached = new int[moved];
    private final int parts;
    private int part;

    private Move(int partSize) {
      parts = Math.max(1, size() / partSize);
    }

    boolean hasNext() {
      return part < parts;
    }

    /// The next part, sorted; it may be empty.
    List<HashKey> next() {
      part++;
      boolean last = part == parts;
      long end = Long.MIN_VALUE + (long) ((double) part / parts * 0x1p63) * 2;
      var keys = new ArrayList<HashKey>();
      for (int r = 0; r < moved; r++) {
        var run = runs.get(r);
        int i = reached[r];
        for (; i < run.ids.length && (last || run.hashes[i] < end); i++) {
          keys.add(new HashKey(run.hashes[i], run.ids[i]));
        }
        reached[r] = i;
      }
      Collections.sort(keys);
      return keys;
    }

    /// The highest number of a set that is among them.
    long upTo() {
      long highest = 0;
      for (var run : runs.subList(0, moved)) {
        for (int id : run.ids) {
          highest = Math.max(highest, id);
        }
      }
      return highest;
    }

    /// All parts are committed.
    void done() {
      var gone = runs.subList(0, moved);
      gone.forEach(run -> size -= run.ids.length);
      gone.clear();
    }
  }
}
