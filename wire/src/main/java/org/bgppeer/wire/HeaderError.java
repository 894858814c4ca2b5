package org.bgppeer.wire;

/// A wrong marker, length or type in a message's header (RFC 4271 §6.1).
public final class HeaderError extends MessageError {
  private static final long serialVersionUID = 1;

  HeaderError(Notification notification, String message) {
    super(notification, message);
  }
}
