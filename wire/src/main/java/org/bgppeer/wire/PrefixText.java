package org.bgppeer.wire;

/// The text of a prefix from its key (see [Prefix#key]), for loops over a million of them.
public final class PrefixText {
  private PrefixText() {}

  /// The text of the 5-octet key at `offset`, for instance `192.0.2.0/24`.
  public static String ipv4(byte[] key, int offset) {
    byte[] out = new byte[18];
    int at = AddressText.writeIpv4(key, offset, out, 0);
    out[at++] = '/';
    return AddressText.text(out, AddressText.writeU8(key[offset + 4] & 0xff, out, at));
  }

  /// The text of the 17-octet key at `offset`, for instance `2001:db8::/32`.
  public static String ipv6(byte[] key, int offset) {
    byte[] out = new byte[AddressText.MAX_LENGTH + 4];
    int at = AddressText.writeIpv6(key, offset, out, 0);
    out[at++] = '/';
    return AddressText.text(out, AddressText.writeU8(key[offset + 16] & 0xff, out, at));
  }
}
