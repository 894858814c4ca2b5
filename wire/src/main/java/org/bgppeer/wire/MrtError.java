package org.bgppeer.wire;

/// An MRT record that cannot be read. Has no stack trace: a damaged file may be full of them.
public final class MrtError extends Exception {
  private static final long serialVersionUID = 1;

  MrtError(String message) {
    super(message, null, false, false);
  }
}
