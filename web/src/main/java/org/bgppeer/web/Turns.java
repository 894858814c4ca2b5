package org.bgppeer.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Answers are made a few at a time, in the order in which they were asked for. However many ask at
/// once, the threads that receive and store then share the processors with a few others, and not
/// with all of them.
final class Turns {
  /// For each processor: while one answer waits for the disk, another is made.
  private static final int EACH = 2;

  private static final int LEAST = 4;

  private final Semaphore turns;
  private final Duration patience;

  Turns() {
    this(Math.max(LEAST, EACH * Runtime.getRuntime().availableProcessors()), Duration.ofMinutes(1));
  }

  /// @param atOnce answers that are made at a time
  /// @param patience how long one may wait for its turn
  Turns(int atOnce, Duration patience) {
    this.turns = new Semaphore(atOnce, true);
    this.patience = patience;
  }

  /// Makes an answer when it is its turn.
  ///
  /// @throws Refusal if that did not come in time
  void take(Runnable answer) {
    try {
      if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new Refusal(
            503,
            "Not available",
            "Too many ask at once",
            "Others were first, for " + patience.toSeconds() + " s. Try again in a moment.",
            "",
            List.of());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server ends", e);
    }
    try {
      answer.run();
    } finally {
      turns.release();
    }
  }
}
