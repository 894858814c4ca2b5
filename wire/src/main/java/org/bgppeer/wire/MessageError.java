package org.bgppeer.wire;

/// A message that cannot be read. Carries the NOTIFICATION that the RFC answers it with; has no
/// stack trace, because a neighbor may send such messages all day.
public abstract sealed class MessageError extends Exception
    permits HeaderError, OpenError, RouteRefreshError {
  private static final long serialVersionUID = 1;

  private final transient Notification notification;

  MessageError(Notification notification, String message) {
    super(message, null, false, false);
    this.notification = notification;
  }

  /// What to send before closing.
  public Notification notification() {
    return notification;
  }

  /// What is wrong, as a clause: `length 18 is below 19`.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
