package org.bgppeer.store;

import java.time.Instant;

/// What happened in one step of time, of one neighbor or of all.
///
/// @param at the begin of the step
/// @param active routes held at the end of it
/// @param announced, withdrawn NLRI that came in it
public record CountPoint(Instant at, long active, long announced, long withdrawn) {
  /// The same without what one neighbor did in this step.
  CountPoint without(CountPoint one) {
    return new CountPoint(
        at,
        Math.max(0, active - one.active),
        Math.max(0, announced - one.announced),
        Math.max(0, withdrawn - one.withdrawn));
  }
}
