package org.bgppeer.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.bgppeer.journal.Position;
import org.bgppeer.journal.SegmentReader;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;

/// What is where in a segment of the journal, roughly: it is cut into parts of some records each,
/// and of each part it is known when these came, from whom, and of which types they are. So a
/// search goes backward, and reads no part in which it can find nothing.
///
/// ```
/// records  |..|.|....|..||.|..|...|.||....      written meanwhile
/// parts    [ 0          ][ 1        ][ 2 …      read when somebody asks, from the last record on
/// ```
///
/// It is made when the segment is searched for the first time, and is good for its compressed form
/// too: offsets are those of the octets in it.
final class SegmentIndex {
  /// Octets of a part, and less than a record more.
  static final int PART = 1 << 16;

  /// How many records are read before the clock is looked at again.
  private static final int STRIDE = 4096;

  /// Some records in a row.
  ///
  /// @param begin where the first one begins
  /// @param end where the one behind the last one does
  /// @param since, until seconds of the earliest and the latest message; since is later if none is
  ///     there
  /// @param types a bit for each type of message, by its code modulo 32
  /// @param peers a bit for each neighbor's address, see [#peer]; several share one
  record Part(long begin, long end, long since, long until, int types, long peers) {}

  private final Path journal;
  private final String segment;
  private final ReentrantLock reading = new ReentrantLock();
  private final List<Part> parts = new ArrayList<>();
  private volatile int size;
  private boolean finished;

  // the part that is not full
  private long begin;
  private long end;
  private long since = Long.MAX_VALUE;
  private long until = Long.MIN_VALUE;
  private int types;
  private long peers;

  SegmentIndex(Path journal, String segment) {
    this.journal = journal;
    this.segment = segment;
  }

  /// How many parts are kept.
  int size() {
    return size;
  }

  /// The bit of an address, of 4 or 16 octets.
  static long peer(Octets address) {
    return 1L << (address.hashCode() * 0x9E3779B97F4A7C15L >>> 58);
  }

  static int type(int code) {
    return 1 << code;
  }

  /// All parts of the segment as it is now, in order; it reads what was written since the last
  /// time.
  ///
  /// @param deadline of [System#nanoTime()]
  /// @return null if it could not be read to its end by then; whoever asks again goes on from there
  /// @throws org.bgppeer.journal.SegmentMissing if it is no longer there
  @Nullable List<Part> parts(long deadline) throws IOException, InterruptedException {
    long left = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - System.nanoTime();
    if (!reading.tryLock(left, TimeUnit.NANOSECONDS)) {
      return null;
    }
    try {
      if (!finished && !read(deadline)) {
        return null;
      }
      var all = new ArrayList<Part>(parts.size() + 1);
      all.addAll(parts);
      if (end > begin) {
        all.add(part());
      }
      return all;
    } finally {
      reading.unlock();
    }
  }

  private boolean read(long deadline) throws IOException {
    try (var reader = SegmentReader.open(journal, new Position(segment, end))) {
      for (int read = 1; reader.next(); read++) {
        add(reader);
        if (read % STRIDE == 0 && System.nanoTime() > deadline) {
          return false;
        }
      }
      finished = reader.isFinished();
      return true;
    }
  }

  private void add(SegmentReader reader) {
    if (end - begin >= PART) {
      parts.add(part());
      size = parts.size();
      begin = end;
      since = Long.MAX_VALUE;
      until = Long.MIN_VALUE;
      types = 0;
      peers = 0;
    }
    end = reader.position() + reader.length();
    try {
      var record =
          MrtRecord.of(reader.buffer(), reader.offset(), reader.offset() + reader.length());
      if (record.isMessage()) {
        since = Math.min(since, record.seconds());
        until = Math.max(until, record.seconds());
        types |= type(JournalPackets.type(record));
        peers |= peer(record.peerAddress());
      }
    } catch (MrtError e) {
      return; // nobody will find it
    }
  }

  private Part part() {
    return new Part(begin, end, since, until, types, peers);
  }
}
