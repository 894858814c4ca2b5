package org.bgppeer.wire;

/// A BGP message (RFC 4271 §4).
public sealed interface Message
    permits Open, Update, Notification, Keepalive, RouteRefresh, UnknownMessage {

  /// Its type.
  MessageType type();

  /// Reads one whole message, header included, whose header was checked. An UPDATE keeps the array,
  /// which must not change while it is in use, and never fails: see [Update#findings]. A message of
  /// unknown type is an [UnknownMessage].
  ///
  /// @throws MessageError if another one cannot be read; has the NOTIFICATION
  static Message decode(byte[] message, int offset, int length, DecodeContext context)
      throws MessageError {
    if (length < Framing.HEADER_LENGTH) {
      throw Framing.badLength(length, "length " + length + " is below 19");
    }
    return switch (MessageType.of(Framing.type(message, offset))) {
      case MessageType.Unknown unknown ->
          new UnknownMessage(
              unknown.code(),
              Octets.copyOf(
                  message, offset + Framing.HEADER_LENGTH, length - Framing.HEADER_LENGTH));
      case MessageType.Assigned type ->
          switch (type) {
            case OPEN -> Open.decode(message, offset, length);
            case UPDATE -> Update.decode(message, offset, length, context);
            case NOTIFICATION -> Notification.decode(message, offset, length);
            case KEEPALIVE -> Keepalive.decode(length);
            case ROUTE_REFRESH -> RouteRefresh.decode(message, offset, length);
          };
    };
  }

  /// Reads one whole message; see the other form.
  ///
  /// @throws MessageError if it cannot be read
  static Message decode(Octets message, DecodeContext context) throws MessageError {
    return decode(message.array(), 0, message.length(), context);
  }
}
