package org.bgppeer.app;

/// A command cannot do what it was asked for. The message is all that the user sees: it says what
/// is wrong, where, and what to do about it.
class Failure extends Exception {
  private static final long serialVersionUID = 1L;

  /// Exit status of a command that did what it was asked for.
  static final int DONE = 0;

  /// Exit status of a command that could not.
  static final int FAILED = 1;

  /// Exit status of a command that was asked in a wrong way, or configured wrongly.
  static final int WRONG_USAGE = 2;

  private final int exitStatus;

  Failure(String message) {
    this(FAILED, message);
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
    this.exitStatus = FAILED;
  }

  Failure(int exitStatus, String message) {
    super(message);
    this.exitStatus = exitStatus;
  }

  /// 1 or 2.
  int exitStatus() {
    return exitStatus;
  }

  /// The message; never null here.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
