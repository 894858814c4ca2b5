package org.bgppeer.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Answers are made a few at a time, in the order in which they were asked for: one for each
/// processor but one. However many ask at once, the threads that receive and store then have that
/// one for themselves. An answer that takes long goes on beside its turn, so that a few questions
/// that look at everything do not keep all others waiting.
final class Turns {
  private final Semaphore turns;
  private final Duration patience;
  private final Duration turn;

  Turns() {
    this(
        Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
        Duration.ofMinutes(1),
        Duration.ofMillis(150));
  }

  /// @param atOnce answers that are made at a time
  /// @param patience how long one may wait for its turn
  /// @param turn how long one lasts at most
  Turns(int atOnce, Duration patience, Duration turn) {
    this.turns = new Semaphore(atOnce, true);
    this.patience = patience;
    this.turn = turn;
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
    var isOver = new AtomicBoolean();
    var end =
        CompletableFuture.runAsync(
            () -> over(isOver),
            CompletableFuture.delayedExecutor(turn.toNanos(), TimeUnit.NANOSECONDS, Runnable::run));
    try {
      answer.run();
    } finally {
      end.cancel(false);
      over(isOver);
    }
  }

  private void over(AtomicBoolean isOver) {
    if (isOver.compareAndSet(false, true)) {
      turns.release();
    }
  }
}
