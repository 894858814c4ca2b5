package org.bgppeer.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.jspecify.annotations.Nullable;

/// A place in a journal where a segment is missing, maybe several. Each segment but the first names
/// the one before it in its first record; those of versions before this one do not, and nothing is
/// known of them.
///
/// @param last the last segment before it that is there
/// @param missing the one that is not there
/// @param next the segment that names it as the one before
public record JournalGap(String last, String missing, String next) {
  /// More than the record has that names a segment.
  private static final int HEAD = 256;

  private static final int PACKED_HEAD = 512;

  /// The gaps of a directory, oldest first. It reads the first record of each segment, and no more
  /// of it.
  ///
  /// @throws InterruptedIOException if the thread is interrupted
  public static List<JournalGap> of(Path dir) throws IOException {
    var segments = new Segments(dir);
    var gaps = new ArrayList<JournalGap>();
    String last = "";
    for (String name : segments.after("")) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("at segment " + name);
      }
      byte[] head = last.isEmpty() ? new byte[0] : head(segments, name);
      var gap = between(last, name, head, 0, head.length);
      if (gap != null) {
        gaps.add(gap);
      }
      last = name;
    }
    return gaps;
  }

  /// What a segment begins with; nothing if it is damaged, which is another matter, or was removed
  /// meanwhile.
  private static byte[] head(Segments segments, String name) {
    for (Path file : List.of(segments.plain(name), segments.compressed(name))) {
      try (var in = Files.newInputStream(file)) {
        return file.equals(segments.plain(name))
            ? in.readNBytes(HEAD)
            : new GZIPInputStream(in, PACKED_HEAD).readNBytes(HEAD);
      } catch (IOException e) {
        continue; // the other one
      }
    }
    return new byte[0];
  }

  /// The gap between two segments that are there, if the second one tells of one.
  ///
  /// @param octets the first record of the second one, from `offset` on, and maybe more
  static @Nullable JournalGap between(
      String last, String next, byte[] octets, int offset, int length) {
    try {
      String before = MrtRecord.of(octets, offset, offset + length).follows();
      return before == null || before.compareTo(last) <= 0
          ? null
          : new JournalGap(last, before, next);
    } catch (MrtError e) {
      return null;
    }
  }
}
