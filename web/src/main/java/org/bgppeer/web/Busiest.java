package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.bgppeer.store.Queries;

/// The prefixes that change most often. To say which they are, the store counts all changes of the
/// time that is looked at, so an answer is given again for a while ([Recent]).
final class Busiest {
  private static final Duration FRESH = Duration.ofSeconds(10);

  private record Question(Duration length, int limit) {}

  private final Recent<Question, List<Queries.Changes>> answers;

  Busiest() {
    this(System::nanoTime);
  }

  /// @param nanoTime tells how long an answer took
  Busiest(LongSupplier nanoTime) {
    answers = new Recent<>("busiest", FRESH, nanoTime);
  }

  /// Those of a time up to now, or up to the moment that the page shows.
  List<Queries.Changes> of(Visit visit, Duration length, int limit) {
    Instant moment = visit.moment();
    if (moment != null) {
      return visit.queries().mostChanging(moment.minus(length), moment, limit);
    }
    Instant now = visit.now();
    return answers.of(
        new Question(length, limit),
        now,
        () -> List.copyOf(visit.queries().mostChanging(now.minus(length), limit)));
  }
}
