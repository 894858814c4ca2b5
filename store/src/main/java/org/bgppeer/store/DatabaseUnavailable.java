package org.bgppeer.store;

/// The database cannot be used; the message names the file and the remedy.
public final class DatabaseUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  DatabaseUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  DatabaseUnavailable(String message) {
    super(message);
  }
}
