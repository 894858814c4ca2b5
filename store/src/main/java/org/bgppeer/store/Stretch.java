package org.bgppeer.store;

import java.util.Arrays;

/// A part of the keys of a table: all that begin with the same 14 bits in IPv4, the same 24 in
/// IPv6,
/// some hundred routes of a full table. In families whose keys are not those of prefixes all are
/// one.
final class Stretch {
  private static final int BITS_IPV4 = 14;
  private static final int BITS_IPV6 = 24;
  private static final int KEY_OCTETS_IPV4 = 5;
  private static final int KEY_OCTETS_IPV6 = 17;

  private Stretch() {}

  /// How many bits of a key say which stretch it is in; 0 if all of its family are in one.
  private static int bits(int family) {
    return switch (family) {
      case 257, 258, 260 -> BITS_IPV4;
      case 513, 514, 516 -> BITS_IPV6;
      default -> 0;
    };
  }

  /// Whether a table of this family has more than one.
  static boolean divide(int family) {
    return bits(family) > 0;
  }

  /// The one that a key is in.
  static int of(int family, byte[] key) {
    return switch (bits(family)) {
      case BITS_IPV4 -> (key[0] & 0xff) << 6 | (key[1] & 0xff) >>> 2;
      case BITS_IPV6 -> (key[0] & 0xff) << 16 | (key[1] & 0xff) << 8 | key[2] & 0xff;
      default -> 0;
    };
  }

  /// What is not above any key of a stretch, nor below any of the one before.
  static byte[] begin(int family, int stretch) {
    int bits = bits(family);
    int shifted = stretch << Integer.SIZE - bits;
    return new byte[] {(byte) (shifted >>> 24), (byte) (shifted >>> 16), (byte) (shifted >>> 8)};
  }

  /// What is not below any key of a stretch, nor above any of the next.
  static byte[] end(int family, int stretch) {
    int bits = bits(family);
    int shifted = stretch << Integer.SIZE - bits | -1 >>> bits;
    byte[] key = new byte[bits == BITS_IPV4 ? KEY_OCTETS_IPV4 : KEY_OCTETS_IPV6];
    Arrays.fill(key, (byte) 0xff);
    key[0] = (byte) (shifted >>> 24);
    key[1] = (byte) (shifted >>> 16);
    key[2] = (byte) (shifted >>> 8);
    return key;
  }
}
