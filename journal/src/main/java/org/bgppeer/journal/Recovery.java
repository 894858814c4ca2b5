package org.bgppeer.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.StateReasons;
import org.jspecify.annotations.Nullable;

/// What is left of a journal: makes the files consistent and reads off where the story stopped.
///
/// * `.gz.tmp`: compressing was interrupted, the plain file is there; the temporary one goes.
/// * plain and `.gz` both there: compressing was complete; the plain one goes.
/// * the last segment, if plain: cut behind its last whole record, or removed if it has none. A
///   reason whose state change did not come ([StateReasons]) is cut as well.
///
/// Of the records it reads the headers and the state changes of the last segment, so the time it
/// takes is that of reading one file once.
///
/// @param last the last segment; null if there are none
/// @param plain whether it is not compressed, and so can be written on
/// @param end where it ends
/// @param at time of its last record
/// @param open the sessions that are up at its end
record Recovery(@Nullable String last, boolean plain, long end, Instant at, OpenSessions open) {
  /// Where the power goes away while a file grows, file systems leave zeros, from the beginning of
  /// a block on. No block is smaller than this.
  private static final int SECTOR = 512;

  static Recovery of(Segments segments) throws IOException {
    for (String name : segments.temporary()) {
      Files.delete(segments.temporary(name));
    }
    for (String name : segments.plain()) {
      if (Files.exists(segments.compressed(name))) {
        Files.delete(segments.plain(name));
      }
    }
    String last = segments.latestBefore(null);
    while (last != null) {
      Path file = segments.plain(last);
      boolean plain = Files.exists(file);
      var scan = new Scan();
      scan.read(segments, last, Long.MAX_VALUE);
      if (plain && scan.end < Files.size(file)) {
        scan = cut(segments, last, scan);
      }
      if (scan.end > 0) {
        return new Recovery(last, plain, scan.end, scan.at, openAfter(segments, last, scan));
      }
      if (plain) {
        Files.delete(file);
      }
      last = segments.latestBefore(last);
    }
    return new Recovery(null, false, 0, Instant.EPOCH, new OpenSessions());
  }

  private static OpenSessions openAfter(Segments segments, String last, Scan scan)
      throws IOException {
    String before = scan.open.onlyRestated() ? segments.latestBefore(last) : null;
    if (before == null) {
      return scan.open;
    }
    // The crash may have come between the records that a segment begins with.
    var both = new Scan();
    both.read(segments, before, Long.MAX_VALUE);
    both.read(segments, last, Long.MAX_VALUE);
    return both.open;
  }

  /// Cuts what is behind the last whole record.
  private static Scan cut(Segments segments, String name, Scan scan) throws IOException {
    Path file = segments.plain(name);
    var kept = scan;
    try (var in = new RandomAccessFile(file.toFile(), "rw")) {
      long size = in.length();
      boolean zeros = onlyZeros(in, scan.end, size);
      if (zeros && zeroedSinceASector(in, scan.lastBegin, scan.end)) {
        kept = new Scan();
        kept.read(segments, name, scan.lastBegin);
      }
      if (!zeros && size - kept.end > RecordInput.MAX_RECORD) {
        // More than one torn record: a damaged disk. Somebody may want to look at it.
        Path aside = file.resolveSibling(name + ".cut");
        copy(file, kept.end, aside);
        JournalLog.keptCut(aside);
      }
      in.setLength(kept.end);
      in.getFD().sync();
      JournalLog.cutTail(file, kept.end, size - kept.end);
    }
    return kept;
  }

  private static boolean onlyZeros(RandomAccessFile in, long from, long to) throws IOException {
    byte[] block = new byte[1 << 16];
    in.seek(from);
    for (long left = to - from; left > 0; ) {
      int n = in.read(block, 0, (int) Math.min(left, block.length));
      for (int i = 0; i < n; i++) {
        if (block[i] != 0) {
          return false;
        }
      }
      left -= n;
    }
    return true;
  }

  /// Whether a record that stands before zeros is itself zero from some sector on: then its length
  /// reached the disk, and its end did not.
  private static boolean zeroedSinceASector(RandomAccessFile in, long begin, long end)
      throws IOException {
    long sector = (end - 1) / SECTOR * SECTOR; // the last one that begins inside of the record
    return sector > begin && onlyZeros(in, sector, end);
  }

  private static void copy(Path file, long from, Path to) throws IOException {
    try (var in = FileChannel.open(file, StandardOpenOption.READ);
        var out =
            FileChannel.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      long at = from;
      while (at < in.size()) {
        at += in.transferTo(at, in.size() - at, out);
      }
    }
  }

  private static final class Scan {
    private final OpenSessions open = new OpenSessions();
    private long lastBegin;
    private long end;
    private Instant at = Instant.EPOCH;

    /// Reads the whole records that end at `limit` or before.
    void read(Segments segments, String name, long limit) throws IOException {
      lastBegin = 0;
      end = 0;
      try (var in = new RecordInput(SegmentSource.open(segments, name, 0), 0)) {
        while (next(segments, name, in) && in.position() + in.length() <= limit) {
          lastBegin = in.position();
          if (isReason(in)) {
            continue; // counts with what follows
          }
          open.follow(in.buffer(), in.start(), in.length());
          end = lastBegin + in.length();
          at = time(in.buffer(), in.start());
        }
      }
    }

    /// Goes to the next record, also behind a damage: what a reader finds there is not cut.
    private boolean next(Segments segments, String name, RecordInput in) throws IOException {
      while (true) {
        String reason;
        try {
          if (in.next()) {
            return true;
          }
          if (in.torn() == 0) {
            return false;
          }
          reason = "";
        } catch (RecordInput.NoRecord e) {
          reason = e.reason();
        }
        long offset = in.position();
        long octets = segments.skipDamage(name, in);
        if (octets == 0) {
          if (!reason.isEmpty()) {
            JournalLog.noRecord(segments.dir(), new Position(name, end), reason);
          }
          return false;
        }
        if (reason.isEmpty()) {
          reason = "a record ends behind the end of the segment";
        }
        JournalLog.skippedOctets(segments.file(name), offset, octets, reason);
      }
    }

    private static boolean isReason(RecordInput in) {
      try {
        int start = in.start();
        return MrtRecord.of(in.buffer(), start, start + in.length()).isReason();
      } catch (MrtError e) {
        return false; // of a session and odd: a record all the same
      }
    }

    private static Instant time(byte[] octets, int record) {
      long micros =
          RecordInput.u16(octets, record + 4) == RecordInput.BGP4MP_ET
              ? RecordInput.u32(octets, record + RecordInput.HEADER)
              : 0;
      return Instant.ofEpochSecond(RecordInput.u32(octets, record), micros * 1000);
    }
  }
}
