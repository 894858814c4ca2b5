package org.bgppeer.web;

import java.time.Duration;
import java.util.List;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.store.Queries;
import org.jspecify.annotations.Nullable;

/// Where segments of the journal are missing, and how much room it has. To find out, its directory
/// is read, and the begin of every segment the first time, so the answer is given again for a
/// minute.
final class JournalGaps {
  private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();

  private record Known(List<JournalGap> gaps, Queries.@Nullable Room room, long at) {}

  private final Queries queries;
  private volatile @Nullable Known known;

  JournalGaps(Queries queries) {
    this.queries = queries;
  }

  List<JournalGap> gaps() {
    return known().gaps;
  }

  /// Null if the journal is not here.
  Queries.@Nullable Room room() {
    return known().room;
  }

  private Known known() {
    Known answer = known;
    long now = System.nanoTime();
    if (answer == null || now - answer.at > FRESH_NANOS) {
      answer = new Known(queries.gaps(), queries.room(), now);
      known = answer;
    }
    return answer;
  }
}
