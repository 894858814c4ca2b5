package org.bgppeer.wire;

/// A message type code, one octet: IANA "BGP Message Types". A code with no row is [Unknown] and
/// keeps its number.
public sealed interface MessageType {
  /// The code as on the wire, 0..255.
  int code();

  /// The types with a name, and the shortest whole message of each in octets.
  enum Assigned implements MessageType {
    /// RFC 4271 §4.2
    OPEN(1, 29),
    /// RFC 4271 §4.3
    UPDATE(2, 23),
    /// RFC 4271 §4.5
    NOTIFICATION(3, 21),
    /// RFC 4271 §4.4
    KEEPALIVE(4, 19),
    /// RFC 2918 §3
    ROUTE_REFRESH(5, 23);

    private final int code;
    private final int minLength;

    Assigned(int code, int minLength) {
      this.code = code;
      this.minLength = minLength;
    }

    @Override
    public int code() {
      return code;
    }

    /// The shortest whole message of this type, header included.
    public int minLength() {
      return minLength;
    }

    /// As the RFCs write it: `ROUTE-REFRESH`.
    @Override
    public String toString() {
      return name().replace('_', '-');
    }
  }

  /// A code with no row above.
  record Unknown(int code) implements MessageType {
    @Override
    public String toString() {
      return "TYPE-" + code;
    }
  }

  /// Every octet names a type.
  static MessageType of(int code) {
    return switch (code) {
      case 1 -> Assigned.OPEN;
      case 2 -> Assigned.UPDATE;
      case 3 -> Assigned.NOTIFICATION;
      case 4 -> Assigned.KEEPALIVE;
      case 5 -> Assigned.ROUTE_REFRESH;
      default -> new Unknown(code);
    };
  }
}
