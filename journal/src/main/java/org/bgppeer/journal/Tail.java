package org.bgppeer.journal;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// How far the journal is written: what the writer tells the readers of the same process.
final class Tail {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private int waiting;
  private volatile long version;
  private volatile Position end = Position.BEGINNING;

  /// Behind the last whole record in the files.
  Position end() {
    return end;
  }

  /// Counts the moves.
  long version() {
    return version;
  }

  /// Only the writer calls this, after the octets before `to` are in the file.
  void move(Position to) {
    lock.lock();
    try {
      end = to;
      version++;
      if (waiting > 0) {
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the version is no longer `seen`, or the time is over.
  void await(long seen, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    waiting++;
    try {
      long left = nanos;
      while (version == seen && left > 0) {
        left = moved.awaitNanos(left);
      }
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /// Whether `segment` is still the last one that was begun.
  boolean isLast(@Nullable String segment) {
    return end.segment().equals(segment);
  }
}
