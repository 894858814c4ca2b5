package org.bgppeer.replay;

/// The command line makes no sense; the message says what is wrong and what is allowed.
final class UsageError extends Exception {
  private static final long serialVersionUID = 1;

  UsageError(String message) {
    super(message);
  }
}
