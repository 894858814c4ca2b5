package org.bgppeer.interop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits for what is true only a moment later.
final class Eventually {
  /// A router that was just killed, on a machine that has much else to do, needs its time.
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final long BETWEEN_NANOS = 25_000_000;

  private Eventually() {}

  /// Something that fails as long as it is not true yet.
  interface Claim {
    void check() throws Exception;
  }

  /// Tries the claim until it holds.
  ///
  /// @throws AssertionError how it failed last, if it does not hold in time
  static void holds(Claim claim) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        claim.check();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
