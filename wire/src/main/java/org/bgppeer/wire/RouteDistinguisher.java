package org.bgppeer.wire;

/// A route distinguisher, 8 octets, RFC 4364 §4.2: two octets of type, and a number of an AS or an
/// address with a number that it assigned.
///
/// ```
/// type 0:  AS (2)       assigned number (4)     64500:100
/// type 1:  address (4)  assigned number (2)     192.0.2.1:100
/// type 2:  AS (4)       assigned number (2)     4200000000:100, 64500L:100
/// ```
///
/// The `L`, behind an AS that would fit type 0, is what keeps the text unambiguous. Of another type
/// it is `type-7:` and hex.
final class RouteDistinguisher {
  static final int OCTETS = 8;

  private RouteDistinguisher() {}

  /// Appends the text of the 8 octets at `at`.
  static void append(byte[] array, int at, int length, StringBuilder text) {
    int type = WireReader.u16(array, at);
    switch (type) {
      case 0 ->
          text.append(WireReader.u16(array, at + 2))
              .append(':')
              .append(WireReader.u32(array, at + 4));
      case 1 ->
          text.append(AddressText.ipv4(array, at + 2))
              .append(':')
              .append(WireReader.u16(array, at + 6));
      case 2 -> {
        long as = WireReader.u32(array, at + 2);
        text.append(as).append(as <= 0xffff ? "L:" : ":").append(WireReader.u16(array, at + 6));
      }
      default -> {
        text.append("type-").append(type).append(':');
        text.append(Octets.copyOf(array, at + 2, 6).toHex());
      }
    }
  }
}
