package org.bgppeer.session;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One timer of a session, used by its loop alone. Setting it later, as each message does with the
/// hold timer, only moves the deadline; the task that is scheduled finds that out when it runs.
final class Alarm {
  private final Timing timing;
  private final EventExecutor loop;
  private final Runnable ring;
  private boolean on;
  private long deadline;
  private @Nullable Future<?> task;
  private long taskAt;

  Alarm(Timing timing, EventExecutor loop, Runnable ring) {
    this.timing = timing;
    this.loop = loop;
    this.ring = ring;
  }

  /// Rings when this time is over, and not before; zero is [#off].
  void set(Duration time) {
    if (time.isZero()) {
      off();
      return;
    }
    on = true;
    deadline = timing.nanos() + time.toNanos();
    if (task == null || deadline - taskAt < 0) {
      schedule();
    }
  }

  /// Does not ring.
  void off() {
    on = false;
    if (task != null) {
      task.cancel(false);
      task = null;
    }
  }

  boolean isOn() {
    return on;
  }

  /// How long after its time it rang, if it does so now: the loop was busy, or the process held up.
  Duration lateness() {
    return Duration.ofNanos(Math.max(0, timing.nanos() - deadline));
  }

  /// How long until it rings.
  Duration left() {
    return on ? Duration.ofNanos(Math.max(0, deadline - timing.nanos())) : Duration.ZERO;
  }

  private void schedule() {
    if (task != null) {
      task.cancel(false);
    }
    taskAt = deadline;
    task = timing.after(loop, Duration.ofNanos(Math.max(0, deadline - timing.nanos())), this::due);
  }

  private void due() {
    task = null;
    if (!on) {
      return;
    }
    if (deadline - timing.nanos() > 0) {
      schedule();
      return;
    }
    on = false;
    ring.run();
  }
}
