package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.bgppeer.store.Queries;
import org.jspecify.annotations.Nullable;

/// How much changed of each neighbor over 24 hours, for the curves in the rows of the dashboard.
/// All of them are one question to the store, which walks through what it counted of each minute,
/// so the answer is given again for a while ([Recent]).
final class Trends {
  private static final Duration STEP = Duration.ofMinutes(30);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int STEPS = 48;
  private static final Duration FRESH = Duration.ofSeconds(10);

  /// With more neighbors the walk is too long for a page, and the page of each has its chart.
  private static final int NEIGHBORS = 500;

  private final Recent<Duration, Map<Long, Spark>> answers =
      new Recent<>("trends", FRESH, System::nanoTime);

  /// The curves by the numbers of the neighbors, up to now or to the moment that the page shows; of
  /// whom nothing came is not in it.
  ///
  /// @param neighbors how many there are
  /// @return null if they are too many
  @Nullable Map<Long, Spark> of(Visit visit, int neighbors) {
    if (neighbors > NEIGHBORS) {
      return null;
    }
    Queries queries = visit.queries();
    Instant to = visit.shown().truncatedTo(ChronoUnit.MINUTES);
    return visit.moment() != null
        ? sparks(queries, to)
        : answers.of(
            STEP, visit.now(), () -> sparks(queries, to.plus(MINUTE))); // the one that runs
  }

  private static Map<Long, Spark> sparks(Queries queries, Instant to) {
    Instant from = to.minus(STEP.multipliedBy(STEPS));
    var sparks = new HashMap<Long, Spark>();
    queries
        .changes(from, STEP, STEPS)
        .forEach((neighbor, changes) -> sparks.put(neighbor, Spark.of(changes, from, STEP)));
    return Map.copyOf(sparks);
  }
}
