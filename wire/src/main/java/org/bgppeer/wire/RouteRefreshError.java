package org.bgppeer.wire;

/// A ROUTE-REFRESH of the wrong length (RFC 7313 §5).
public final class RouteRefreshError extends MessageError {
  private static final long serialVersionUID = 1;

  RouteRefreshError(Notification notification, String message) {
    super(notification, message);
  }
}
