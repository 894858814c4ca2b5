package org.bgppeer.session;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A clock that a test turns; what becomes due runs on its loop before [#turn] returns. No jitter.
final class TurnedClock implements Timing {
  private static final Instant START = Instant.parse("2026-11-23T23:35:00Z");

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong((Task task) -> task.at));
  private long nanos;

  private final class Task extends CompletableFuture<Void> {
    final EventExecutor loop;
    final long at;
    final Runnable work;

    Task(EventExecutor loop, long at, Runnable work) {
      this.loop = loop;
      this.at = at;
      this.work = work;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      synchronized (TurnedClock.this) {
        tasks.remove(this);
      }
      return super.cancel(mayInterruptIfRunning);
    }
  }

  @Override
  public synchronized Instant now() {
    return START.plusNanos(nanos);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized Future<?> after(EventExecutor loop, Duration delay, Runnable work) {
    var task = new Task(loop, nanos + delay.toNanos(), work);
    tasks.add(task);
    return task;
  }

  @Override
  public Duration jittered(Duration time) {
    return time;
  }

  /// Lets this much time pass, stopping at each thing that is due on the way.
  void turn(Duration time) throws Exception {
    long target = nanos() + time.toNanos();
    for (Task task = next(target); task != null; task = next(target)) {
      task.loop.submit(task.work).get(10, TimeUnit.SECONDS);
    }
    synchronized (this) {
      nanos = target;
    }
  }

  /// Lets this much time pass during which nothing runs, as if the process were stopped; what
  /// became due meanwhile runs then, late.
  void jump(Duration time) throws Exception {
    synchronized (this) {
      nanos += time.toNanos();
    }
    turn(Duration.ZERO);
  }

  private synchronized @Nullable Task next(long until) {
    Task first = tasks.peek();
    if (first == null || first.at > until) {
      return null;
    }
    tasks.remove(first);
    nanos = Math.max(nanos, first.at);
    return first;
  }
}
