package org.bgppeer.app;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bgppeer.wire.RecordFraming;
import org.jspecify.annotations.Nullable;

/// Reads the records of a file in runs, as many as there are but of bounded size, each as soon as
/// it is there. Where no record stands it looks for the next one, and says so.
final class RecordReader {
  /// Whole records that stand one behind the other in an array, which is the receiver's.
  ///
  /// @param number of the first record in the file, from 1
  /// @param fileOffset of the first record in the (decompressed) file
  record Run(byte[] array, int from, int to, long number, long fileOffset) {
    /// Where in the file an octet of the array stands.
    long offsetOf(int at) {
      return fileOffset + at - from;
    }
  }

  /// Told of what is no record, in the order of the file.
  interface Damage {
    /// @param number that the record would have
    void at(long number, long offset, String what);
  }

  private static final int CAPACITY = 1 << 18;

  private final InputFile file;
  private final RecordFraming framing;
  private final Damage damage;
  private final ConcurrentLinkedQueue<byte[]> spare = new ConcurrentLinkedQueue<>();
  private byte[] array = new byte[CAPACITY];
  private int length;
  private long arrayOffset;
  private long number = 1;
  private boolean atEnd;
  private boolean searching;
  private long brokenAt;
  private String broken = "";
  private String endedBy = "";

  /// @param offset in the file, of what was read of it before
  /// @param damage told of it within [#next], after the run before it was returned
  RecordReader(InputFile file, RecordFraming framing, long offset, Damage damage) {
    this.file = file;
    this.framing = framing;
    this.arrayOffset = offset;
    this.damage = damage;
  }

  /// Takes back the array of a run, from any thread.
  void recycle(Run run) {
    if (run.array.length == CAPACITY) {
      spare.add(run.array);
    }
  }

  /// The next records; null if there are no more.
  @Nullable Run next() {
    while (true) {
      if (searching) {
        search();
      }
      int scan = 0;
      int count = 0;
      int state = RecordFraming.MORE;
      while (!searching && scan < length) {
        state = framing.length(array, scan, length);
        if (state <= 0 || state > length - scan) {
          break;
        }
        scan += state;
        count++;
        state = RecordFraming.MORE;
      }
      boolean wait = scan == 0 || (length < array.length && !file.isIdle());
      if (state == RecordFraming.NONE || atEnd || !wait) {
        if (scan > 0) {
          return take(scan, count);
        }
        if (length == 0) {
          if (!endedBy.isEmpty()) {
            damage.at(number, arrayOffset, endedBy);
            endedBy = "";
          }
          return null;
        }
        if (state == RecordFraming.NONE) {
          begin(framing.fault(array, 0, length));
        } else {
          begin(cutOff(state));
        }
        continue;
      }
      if (state > array.length) {
        array = Arrays.copyOf(array, state);
      }
      fill();
    }
  }

  private String cutOff(int whole) {
    String why = endedBy.isEmpty() ? "" : " (" + endedBy + ")";
    endedBy = "";
    return whole == RecordFraming.MORE
        ? "the file ends within its header: " + length + " octets are left" + why
        : "the file ends within it: it has %d octets, and %d are left%s"
            .formatted(whole, length, why);
  }

  private Run take(int octets, int count) {
    var run = new Run(array, 0, octets, number, arrayOffset);
    byte[] next = length - octets <= CAPACITY ? spare.poll() : null;
    if (next == null) {
      next = new byte[Math.max(CAPACITY, length - octets)];
    }
    System.arraycopy(array, octets, next, 0, length - octets);
    array = next;
    length -= octets;
    arrayOffset += octets;
    number += count;
    return run;
  }

  private void begin(String what) {
    broken = what;
    brokenAt = arrayOffset;
    searching = true;
    drop(1);
  }

  /// Goes to where the next record seems to begin.
  private void search() {
    while (true) {
      int found = framing.resume(array, 0, length, atEnd);
      if (found < length) {
        drop(found);
        found(broken + "; passed over " + (arrayOffset - brokenAt) + " octets");
        return;
      }
      if (atEnd) {
        drop(length);
        found(broken);
        return;
      }
      // A header that is not whole yet stays.
      drop(Math.max(0, length - 64));
      fill();
    }
  }

  private void found(String what) {
    searching = false;
    damage.at(number++, brokenAt, what);
  }

  private void drop(int octets) {
    System.arraycopy(array, octets, array, 0, length - octets);
    length -= octets;
    arrayOffset += octets;
  }

  private void fill() {
    try {
      int read = file.read(array, length, array.length - length);
      if (read < 0) {
        atEnd = true;
      } else {
        length += read;
      }
    } catch (IOException e) {
      atEnd = true;
      endedBy = String.valueOf(e.getMessage());
    }
  }
}
