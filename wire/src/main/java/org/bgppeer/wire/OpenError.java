package org.bgppeer.wire;

/// An OPEN that cannot be read: its version, lengths or optional parameters (RFC 4271 §6.2).
public final class OpenError extends MessageError {
  private static final long serialVersionUID = 1;

  OpenError(Notification notification, String message) {
    super(notification, message);
  }
}
