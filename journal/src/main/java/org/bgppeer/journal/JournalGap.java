package org.bgppeer.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    return new Finder(dir).gaps();
  }

  /// Finds the gaps of a directory again and again: of each segment it reads once what it says,
  /// which does not change. Any thread may call it.
  public static final class Finder {
    private final Segments segments;

    /// By the name of a segment that of the one before, or nothing if it names none.
    private final Map<String, String> before = new HashMap<>();

    /// @param dir may not be there yet
    public Finder(Path dir) {
      this.segments = new Segments(dir);
    }

    /// As [JournalGap#of].
    public synchronized List<JournalGap> gaps() throws IOException {
      var gaps = new ArrayList<JournalGap>();
      List<String> names = segments.after("");
      before.keySet().retainAll(Set.copyOf(names));
      String last = "";
      for (String name : names) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("at segment " + name);
        }
        String follows = last.isEmpty() ? null : follows(name);
        if (follows != null && follows.compareTo(last) > 0) {
          gaps.add(new JournalGap(last, follows, name));
        }
        last = name;
      }
      return gaps;
    }

    private @Nullable String follows(String name) {
      String known = before.get(name);
      if (known == null) {
        byte[] head = head(segments, name);
        try {
          String follows = MrtRecord.of(head, 0, head.length).follows();
          known = follows == null ? "" : follows;
          before.put(name, known);
        } catch (MrtError e) {
          if (head.length < HEAD) {
            return null; // damaged, or its first record is not there yet: asked again
          }
          known = ""; // its first record is longer than one that names a segment
          before.put(name, known);
        }
      }
      return known.isEmpty() ? null : known;
    }
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
