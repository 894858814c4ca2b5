package org.bgppeer.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands until somebody turns it.
final class TurnedClock implements InstantSource {
  private volatile Instant now;

  TurnedClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  void turn(Duration by) {
    now = now.plus(by);
  }
}
