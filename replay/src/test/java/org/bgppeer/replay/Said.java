package org.bgppeer.replay;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;

/// What a simulated router logs, to wait for.
final class Said extends ByteArrayOutputStream {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  RouterLog log(String name) {
    return new RouterLog(
        new PrintStream(this, true, StandardCharsets.UTF_8), name, Clock.systemUTC());
  }

  @Override
  public synchronized void write(byte[] octets, int offset, int length) {
    super.write(octets, offset, length);
    notifyAll();
  }

  /// Waits until it said this, and returns all that it said.
  synchronized String await(String text) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!toString(StandardCharsets.UTF_8).contains(text)) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new AssertionError(
            "not said: " + text + "; said: " + toString(StandardCharsets.UTF_8));
      }
      wait(millis);
    }
    return toString(StandardCharsets.UTF_8);
  }
}
