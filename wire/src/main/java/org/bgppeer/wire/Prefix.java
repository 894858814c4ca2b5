package org.bgppeer.wire;

import java.util.Arrays;

/// An IPv4 or IPv6 prefix: an address whose bits behind the length are zero, and that length in
/// bits. Ordered IPv4 before IPv6, then by address, then by length.
public final class Prefix implements Comparable<Prefix> {
  private final byte[] key;

  private Prefix(byte[] key) {
    this.key = key;
  }

  /// A prefix of an address of 4 or 16 octets, of which only the first `length` bits count.
  ///
  /// @throws IllegalArgumentException if the address has another number of octets or the length
  ///     more bits than the address
  public static Prefix of(byte[] address, int length) {
    if (address.length != 4 && address.length != 16) {
      throw new IllegalArgumentException("an address of " + address.length + " octets");
    }
    if (length < 0 || length > address.length * 8) {
      throw new IllegalArgumentException(
          "length " + length + " is not within 0.." + address.length * 8);
    }
    byte[] key = Arrays.copyOf(address, address.length + 1);
    for (int bit = length; bit < address.length * 8; bit = (bit | 7) + 1) {
      key[bit >> 3] &= (byte) (0xff00 >>> (bit & 7));
    }
    key[address.length] = (byte) length;
    return new Prefix(key);
  }

  /// The prefix of a [#key].
  ///
  /// @throws IllegalArgumentException if it is none
  public static Prefix ofKey(byte[] key) {
    if (key.length != 5 && key.length != 17) {
      throw new IllegalArgumentException("a key of " + key.length + " octets, not 5 or 17");
    }
    return of(Arrays.copyOf(key, key.length - 1), key[key.length - 1] & 0xff);
  }

  /// Reads `192.0.2.0/24` or `2001:db8::/32`; bits behind the length are cleared.
  ///
  /// @throws IllegalArgumentException if it is no prefix; says what is wrong
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a prefix; write for instance 192.0.2.0/24");
    }
    byte[] address = AddressText.parse(text.substring(0, slash));
    int length = Family.number(text, text.substring(0, slash + 1), address.length * 8);
    if (length < 0) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a prefix; behind the / goes a length of 0 to "
              + address.length * 8);
    }
    return of(address, length);
  }

  /// The prefix of full length of one address: `192.0.2.1` is 192.0.2.1/32.
  ///
  /// @throws IllegalArgumentException if it is no address
  public static Prefix ofAddress(String text) {
    byte[] address = AddressText.parse(text);
    return of(address, address.length * 8);
  }

  /// Whether it is one of IPv6.
  public boolean isIpv6() {
    return key.length == 17;
  }

  /// The length in bits, 0..32 or 0..128.
  public int length() {
    return key[key.length - 1] & 0xff;
  }

  /// The 4 or 16 octets of the address, a copy.
  public byte[] address() {
    return Arrays.copyOf(key, key.length - 1);
  }

  /// The address and behind it one octet with the length, 5 or 17 octets, a copy. Compared octet by
  /// octet as unsigned numbers, keys are in the order of (address, length).
  public byte[] key() {
    return key.clone();
  }

  /// Whether the other one is this or more specific.
  public boolean contains(Prefix other) {
    if (other.key.length != key.length || other.length() < length()) {
      return false;
    }
    int whole = length() >> 3;
    if (!Arrays.equals(key, 0, whole, other.key, 0, whole)) {
      return false;
    }
    int bits = length() & 7;
    return bits == 0 || ((key[whole] ^ other.key[whole]) & 0xff00 >>> bits & 0xff) == 0;
  }

  @Override
  public int compareTo(Prefix other) {
    return key.length != other.key.length
        ? Integer.compare(key.length, other.key.length)
        : Arrays.compareUnsigned(key, other.key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Prefix that && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key);
  }

  /// Canonical text: `192.0.2.0/24`, `2001:db8::/32` (RFC 5952).
  @Override
  public String toString() {
    return isIpv6() ? PrefixText.ipv6(key, 0) : PrefixText.ipv4(key, 0);
  }
}
