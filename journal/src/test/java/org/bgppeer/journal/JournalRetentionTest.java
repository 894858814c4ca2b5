package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The oldest segments go, whole, and none that somebody needs.
class JournalRetentionTest {
  private static final Duration SLOT = Duration.ofMinutes(5);

  @TempDir Path dir;
  private final TurnedClock clock = new TurnedClock(Story.START);

  @BeforeEach
  void fourSegments() throws Exception {
    try (var journal =
        Journal.open(dir, JournalOptions.defaults().withClock(clock).withGzip(false))) {
      for (int i = 0; i < 4; i++) {
        Story.append(journal, Story.update(clock.instant(), 1, i));
        journal.flush(Story.LONG);
        clock.turn(SLOT);
      }
    }
    assertThat(names()).hasSize(4);
  }

  private List<String> names() throws Exception {
    return JournalFile.list(dir).stream().map(JournalFile::segment).toList();
  }

  private List<String> apply(JournalRetention retention, String needed) throws Exception {
    return retention.apply(dir, new Position(needed, 0), clock.instant());
  }

  @Test
  void whatEndedLongerAgoThanTheAgeGoes() throws Exception {
    var gone = apply(new JournalRetention(Duration.ofMinutes(10), 0), "updates.20261124.0000");

    assertThat(gone).containsExactly("updates.20261123.2335", "updates.20261123.2340");
    assertThat(names()).containsExactly("updates.20261123.2345", "updates.20261123.2350");
  }

  @Test
  void theOldestGoWhileThereIsTooMuch() throws Exception {
    long each = JournalFile.list(dir).getLast().octets();

    apply(new JournalRetention(null, 3 * each), "updates.20261124.0000");

    assertThat(names()).hasSize(3).doesNotContain("updates.20261123.2335");
  }

  @Test
  void whatAFollowerHasNotReadStaysHoweverOldAndMuch() throws Exception {
    apply(new JournalRetention(Duration.ofMinutes(1), 1), "updates.20261123.2340");

    assertThat(names())
        .containsExactly("updates.20261123.2340", "updates.20261123.2345", "updates.20261123.2350");
    assertThat(new JournalRetention(Duration.ofMinutes(1), 1).apply(dir, null, Instant.MAX))
        .as("nothing is read yet")
        .isEmpty();
  }

  @Test
  void theLastSegmentStays() throws Exception {
    apply(new JournalRetention(Duration.ofMinutes(1), 1), "updates.20261124.0000");

    assertThat(names()).containsExactly("updates.20261123.2350");
  }
}
