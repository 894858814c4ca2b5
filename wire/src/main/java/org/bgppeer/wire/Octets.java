package org.bgppeer.wire;

import java.util.Arrays;
import java.util.HexFormat;

/// A run of octets, immutable and equal by content: what a record keeps of the wire.
public final class Octets {
  /// No octets.
  public static final Octets EMPTY = new Octets(new byte[0]);

  private final byte[] octets;

  private Octets(byte[] octets) {
    this.octets = octets;
  }

  /// Wraps an array, which must never change from now on.
  public static Octets of(byte[] octets) {
    return octets.length == 0 ? EMPTY : new Octets(octets);
  }

  /// A copy of the whole array.
  public static Octets copyOf(byte[] octets) {
    return of(octets.clone());
  }

  /// A copy of `length` octets from `offset`.
  public static Octets copyOf(byte[] octets, int offset, int length) {
    return of(Arrays.copyOfRange(octets, offset, offset + length));
  }

  /// Octets from hex digits of either case, two an octet, no separators.
  ///
  /// @throws IllegalArgumentException if that is not what it is given
  public static Octets ofHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /// How many there are.
  public int length() {
    return octets.length;
  }

  /// Whether there are none.
  public boolean isEmpty() {
    return octets.length == 0;
  }

  /// The octet at `index`, 0..255.
  public int u8(int index) {
    return octets[index] & 0xff;
  }

  /// A copy as an array.
  public byte[] toByteArray() {
    return octets.clone();
  }

  /// Copies all of them into `target` from `offset` on.
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(octets, 0, target, offset, octets.length);
  }

  /// Two lower-case hex digits an octet, no separators.
  public String toHex() {
    return HexFormat.of().formatHex(octets);
  }

  /// A reader over them, which does not copy.
  public WireReader reader() {
    return new WireReader(octets);
  }

  /// The array itself, for the codecs of this package, which do not write into it.
  byte[] array() {
    return octets;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
