package org.bgppeer.wire;

/// MPLS labels as NLRI have them, RFC 8277 §2.2: three octets each.
///
/// ```
/// +-------------------+-------------+-----------------------+
/// | Label (20 bits)   | Rsrv (3)    | S, bottom of stack    |
/// +-------------------+-------------+-----------------------+
/// ```
final class MplsLabel {
  static final int OCTETS = 3;

  /// What stands in place of a label in a withdrawal (RFC 8277 §2.4); zero in older ones.
  private static final int WITHDRAWN = 0x800000;

  private MplsLabel() {}

  /// How many octets the labels at `at` have, of at most `octets`.
  ///
  /// A stack ends with its S bit, or where a withdrawal has no label. RFC 8277 §2.2 wants one label
  /// and the S bit ignored where the Multiple Labels capability was not exchanged, RFC 3107 had
  /// stacks everywhere: if no S bit comes in time there is one label.
  static int octets(byte[] array, int at, int octets) {
    for (int length = OCTETS; length <= octets; length += OCTETS) {
      int value = value(array, at + length - OCTETS);
      if ((value & 1) != 0 || value == WITHDRAWN || value == 0) {
        return length;
      }
    }
    return OCTETS;
  }

  private static int value(byte[] array, int at) {
    return WireReader.u16(array, at) << 8 | array[at + 2] & 0xff;
  }

  /// Appends the labels from top to bottom, a slash between each and the next: `24001`,
  /// `16004/24001`.
  static void append(byte[] array, int at, int length, StringBuilder text) {
    for (int i = 0; i < length; i += OCTETS) {
      if (i > 0) {
        text.append('/');
      }
      text.append(value(array, at + i) >>> 4);
    }
  }

  /// Appends the three octets both as a label and as a VNI: which of them it is says the
  /// encapsulation (RFC 8365 §5.1.3), which the NLRI does not have.
  static void appendWithVni(byte[] array, int at, int length, StringBuilder text) {
    int value = value(array, at);
    text.append(value >>> 4).append(" vni ").append(value);
  }
}
