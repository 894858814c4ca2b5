package org.bgppeer.app;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.bgppeer.wire.Lines;
import org.jspecify.annotations.Nullable;

/// What several threads write about parts of a file, put out in the order of the parts.
///
/// Whoever finishes a part whose turn it is writes it, and all that wait behind it. A part that is
/// too large to be held waits for its turn and is then written as it is made. So memory is bounded
/// by the number of parts that are begun.
final class OrderedOutput {
  /// A finished part.
  ///
  /// @param said about it, for stderr
  private record Part(Lines text, List<String> said) {}

  private final OutputStream out;
  private final Consumer<String> err;
  private final Consumer<Lines> whenWritten;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Long, Part> finished = new HashMap<>();
  private long begun;
  private long turn;
  private @Nullable IOException failure;

  /// @param whenWritten gets the text of each part back
  /// @param most parts that may be begun and not yet written
  OrderedOutput(OutputStream out, Consumer<String> err, Consumer<Lines> whenWritten, int most) {
    this.out = out;
    this.err = err;
    this.whenWritten = whenWritten;
    this.most = most;
  }

  /// Begins the next part; waits while too many are begun.
  ///
  /// @return its number
  /// @throws IOException if writing failed
  long begin() throws IOException {
    lock.lock();
    try {
      while (begun - turn >= most && failure == null) {
        changed.awaitUninterruptibly();
      }
      check();
      return begun++;
    } finally {
      lock.unlock();
    }
  }

  /// Writes the beginning of a part, when it is its turn.
  void write(long part, byte[] text, int length) {
    lock.lock();
    try {
      while (turn != part && failure == null) {
        changed.awaitUninterruptibly();
      }
      put(text, length);
    } finally {
      lock.unlock();
    }
  }

  /// Finishes a part with the rest of it, which is not the caller's any more.
  void finish(long part, Lines text, List<String> said) {
    lock.lock();
    try {
      finished.put(part, new Part(text, said));
      for (Part next = finished.remove(turn); next != null; next = finished.remove(turn)) {
        put(next.text.array(), next.text.length());
        next.said.forEach(err);
        whenWritten.accept(next.text);
        turn++;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void put(byte[] text, int length) {
    if (failure == null && length > 0) {
      try {
        out.write(text, 0, length);
      } catch (IOException e) {
        failure = e;
        changed.signalAll();
      }
    }
  }

  /// Waits until all that was begun is written.
  ///
  /// @throws IOException if writing failed
  void await() throws IOException {
    lock.lock();
    try {
      while (turn < begun && failure == null) {
        changed.awaitUninterruptibly();
      }
      check();
    } finally {
      lock.unlock();
    }
  }

  private void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}
