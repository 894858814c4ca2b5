package org.bgppeer.session;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Where sessions take the time from: the system's clocks, or in a test one that is turned by hand.
interface Timing {
  /// The time of day.
  Instant now();

  /// A time that only grows, in nanoseconds from anywhere.
  long nanos();

  /// Runs the task on that loop when the delay is over, unless it is cancelled before.
  Future<?> after(EventExecutor loop, Duration delay, Runnable task);

  /// RFC 4271 §10: at random from three quarters of it to the whole.
  Duration jittered(Duration time);

  /// The system's clocks.
  static Timing ofSystem() {
    return new Timing() {
      @Override
      public Instant now() {
        return Instant.now();
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Future<?> after(EventExecutor loop, Duration delay, Runnable task) {
        return loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      }

      @Override
      public Duration jittered(Duration time) {
        double factor = 0.75 + 0.25 * ThreadLocalRandom.current().nextDouble();
        return Duration.ofNanos((long) (time.toNanos() * factor));
      }
    };
  }
}
