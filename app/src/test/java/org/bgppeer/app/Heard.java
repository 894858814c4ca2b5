package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.bgppeer.session.Endpoints;
import org.bgppeer.session.Recorder;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.StateReason;
import org.jspecify.annotations.Nullable;

/// Stands between sessions and journal and lets a test wait for what passes.
final class Heard implements Recorder {
  private static final long PATIENCE_SECONDS = 20;
  private static final int UPDATE = 2;
  private static final int TYPE_AT = 18;

  private final Recorder next;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int updates;
  private int ups;
  private int downs;
  private int failures;

  Heard(Recorder next) {
    this.next = next;
  }

  @Override
  public void message(
      Endpoints endpoints,
      boolean sent,
      Instant at,
      byte[] octets,
      int offset,
      int length,
      DecodeContext context) {
    next.message(endpoints, sent, at, octets, offset, length, context);
    if (!sent && octets[offset + TYPE_AT] == UPDATE) {
      count(1, 0, 0);
    }
  }

  @Override
  public void stateChange(
      Endpoints endpoints, Instant at, int oldState, int newState, @Nullable StateReason reason) {
    next.stateChange(endpoints, at, oldState, newState, reason);
    count(0, newState == 6 ? 1 : 0, oldState == 6 ? 1 : 0);
    if (oldState > 1 && oldState < 6 && newState == 1) {
      countFailure();
    }
  }

  @Override
  public boolean congested() {
    return next.congested();
  }

  private void count(int moreUpdates, int moreUps, int moreDowns) {
    lock.lock();
    try {
      updates += moreUpdates;
      ups += moreUps;
      downs += moreDowns;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void countFailure() {
    lock.lock();
    try {
      failures++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until so many attempts failed in all.
  void awaitFailures(int number) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (failures < number && left > 0) {
        left = changed.awaitNanos(left);
      }
      assertThat(failures).as("attempts that failed").isGreaterThanOrEqualTo(number);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until so many UPDATEs came in all.
  void awaitUpdates(int number) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (updates < number && left > 0) {
        left = changed.awaitNanos(left);
      }
      assertThat(updates).as("UPDATEs that came").isGreaterThanOrEqualTo(number);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until so many sessions ended in all.
  void awaitDowns(int number) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (downs < number && left > 0) {
        left = changed.awaitNanos(left);
      }
      assertThat(downs).as("sessions that ended").isGreaterThanOrEqualTo(number);
    } finally {
      lock.unlock();
    }
  }
}
