package org.bgppeer.replay;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ways in which a router loses its session on purpose. Each looks different to the other side.
enum SessionLoss {
  /// A Cease, Administrative Shutdown, with a text for the operator (RFC 9003).
  SHUTDOWN,
  /// Nothing more is sent, and the connection stays: the other side's hold timer must notice.
  SILENCE,
  /// The connection is closed without a word, as when a process dies.
  CLOSE,
  /// The connection is reset, as when a box reboots.
  RESET;

  private static final List<SessionLoss> IN_TURN = List.of(SHUTDOWN, SILENCE, CLOSE, RESET);

  /// When sessions are lost: the first time, then again and again, the styles in turn.
  ///
  /// @param first how long the first session lasts
  /// @param every how long the others last, give or take a quarter
  /// @param away how long until the router comes back
  /// @param only always this style; null for all in turn
  record Plan(
      Duration first, Duration every, Duration away, @Nullable SessionLoss only, long seed) {

    /// How long the session number `number`, counted from 0, is to last.
    Duration lasts(int number) {
      if (number == 0) {
        return first;
      }
      long millis = every.toMillis();
      int quarter = (int) Math.max(1, millis / 2);
      return Duration.ofMillis(millis - quarter / 2 + Chance.below(quarter, seed, number));
    }

    /// How the session number `number`, counted from 0, is to end.
    SessionLoss style(int number) {
      return only != null ? only : IN_TURN.get(number % IN_TURN.size());
    }
  }
}
