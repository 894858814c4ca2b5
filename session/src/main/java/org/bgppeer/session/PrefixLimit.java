package org.bgppeer.session;

import java.time.Duration;

/// How many routes of one family a neighbor may have.
///
/// @param most above this, `action`
/// @param action what then
/// @param warnPercent of `most`: from here on it is said in the log, once; 0 for never
/// @param restart after a tear-down, how long until the session may come up again; zero for not
///     before an operator resets it
public record PrefixLimit(long most, Action action, int warnPercent, Duration restart) {
  /// Where a warning comes unless told otherwise.
  public static final int WARN_PERCENT = 80;

  /// What happens above the limit.
  public enum Action {
    /// A line in the log.
    WARN,
    /// Routes that are new are in the journal and not in the database.
    STOP_STORING,
    /// The session ends with Cease, Maximum Number of Prefixes Reached (RFC 4486 §3).
    TEAR_DOWN
  }

  public PrefixLimit {
    if (most < 1) {
      throw new IllegalArgumentException("a limit of " + most + " routes is no limit");
    }
    if (warnPercent < 0 || warnPercent > 100) {
      throw new IllegalArgumentException(warnPercent + " % is not 0 to 100");
    }
    if (restart.isNegative()) {
      throw new IllegalArgumentException(restart + " is not a time to wait");
    }
  }

  /// From how many routes on a warning is due; more than any number for never.
  long warnFrom() {
    return warnPercent == 0 ? Long.MAX_VALUE : Math.max(1, most / 100 * warnPercent);
  }
}
