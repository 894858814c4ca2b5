package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How long segments are kept: the oldest go first, whole files at a time.
///
/// Kept always are the last segment, and those that a follower has not read: who cannot follow for
/// a while finds everything there when it can again.
///
/// @param age of the end of a segment, above which it goes; null for ever
/// @param octets of all files, above which the oldest goes; 0 for no limit
public record JournalRetention(@Nullable Duration age, long octets) {
  /// Everything, for ever.
  public static final JournalRetention FOR_EVER = new JournalRetention(null, 0);

  /// Removes what need not be kept. A journal may be written and read meanwhile.
  ///
  /// @param needed what is behind this is kept; null for all
  /// @return the names of the segments that went
  public List<String> apply(Path dir, @Nullable Position needed, Instant now) throws IOException {
    var gone = new ArrayList<String>();
    if (equals(FOR_EVER) || needed == null) {
      return gone;
    }
    List<JournalFile> files = JournalFile.list(dir);
    long total = files.stream().mapToLong(JournalFile::octets).sum();
    for (int i = 0; i < files.size() - 1; i++) {
      JournalFile file = files.get(i);
      boolean read = file.segment().compareTo(needed.segment()) < 0;
      boolean old = age != null && files.get(i + 1).begin().isBefore(now.minus(age));
      boolean much = octets > 0 && total > octets;
      if (!read || !old && !much) {
        break;
      }
      Files.deleteIfExists(file.path());
      total -= file.octets();
      gone.add(file.segment());
      try {
        Path month = file.path().getParent();
        if (month != null) {
          Files.delete(month);
        }
      } catch (DirectoryNotEmptyException e) {
        continue; // the usual case
      }
    }
    if (!gone.isEmpty()) {
      JournalLog.removed(dir, gone.size(), gone.getFirst(), gone.getLast());
    }
    return gone;
  }
}
