package org.bgppeer.replay;

import org.bgppeer.wire.WireWriter;

/// Breaks an UPDATE as routers with faults do: the receiver can read its routes, but may not
/// believe them.
final class Malformed {
  private static final int WITHDRAWN_LENGTH_AT = 19;
  private static final int ATTRIBUTES_LENGTH_AT = 21;
  private static final int ATTRIBUTES_AT = 23;
  private static final int OCTETS_MORE = 3 + 11;

  private Malformed() {}

  /// Whether a message can be broken: it announces IPv4 routes in the classic field, and nothing
  /// else, and stays short enough.
  static boolean isPossible(byte[] update) {
    int attributes = u16(update, ATTRIBUTES_LENGTH_AT);
    return u16(update, WITHDRAWN_LENGTH_AT) == 0
        && attributes > 0
        && ATTRIBUTES_AT + attributes < update.length
        && update.length + OCTETS_MORE <= 4096;
  }

  /// The same message with a LARGE_COMMUNITIES of 11 octets behind its attributes, where 12 make
  /// one community: malformed (RFC 8092 §6), its routes count as withdrawn (RFC 7606 §2).
  static byte[] largeCommunities(byte[] update) {
    int attributes = u16(update, ATTRIBUTES_LENGTH_AT);
    int end = ATTRIBUTES_AT + attributes;
    return new WireWriter()
        .octets(update, 0, 16)
        .u16(update.length + OCTETS_MORE)
        .octets(update, 18, 3)
        .u16(attributes + OCTETS_MORE)
        .octets(update, ATTRIBUTES_AT, attributes)
        .u8(0xc0)
        .u8(32)
        .u8(11)
        .octets(new byte[11])
        .octets(update, end, update.length - end)
        .toByteArray();
  }

  private static int u16(byte[] octets, int at) {
    return (octets[at] & 0xff) << 8 | octets[at + 1] & 0xff;
  }
}
