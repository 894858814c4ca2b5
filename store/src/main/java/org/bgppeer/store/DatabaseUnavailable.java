package org.bgppeer.store;

/// The database cannot be used; the message names the file and the remedy.
public final class DatabaseUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean another;

  DatabaseUnavailable(String message, Throwable cause) {
    super(message, cause);
    another = false;
  }

  DatabaseUnavailable(String message) {
    this(message, false);
  }

  private DatabaseUnavailable(String message, boolean another) {
    super(message);
    this.another = another;
  }

  /// One that another program made, or a newer version of this one.
  static DatabaseUnavailable ofAnother(String message) {
    return new DatabaseUnavailable(message, true);
  }

  /// Whether it is whole, but that of another program or of a newer version of this one.
  public boolean isOfAnother() {
    return another;
  }
}
