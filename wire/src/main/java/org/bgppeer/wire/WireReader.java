package org.bgppeer.wire;

import java.util.Objects;

/// Reads unsigned big-endian numbers from a part of an array, front to back.
///
/// Whoever reads asks [#remaining] first: to read past the end is a mistake of the codec and not of
/// the sender, and is answered with an [IndexOutOfBoundsException].
public final class WireReader {
  private final byte[] array;
  private final int end;
  private int position;

  /// Over a whole array.
  public WireReader(byte[] array) {
    this(array, 0, array.length);
  }

  /// Over `length` octets from `offset`.
  public WireReader(byte[] array, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, array.length);
    this.array = array;
    this.position = offset;
    this.end = offset + length;
  }

  /// The number of octets not yet read.
  public int remaining() {
    return end - position;
  }

  /// Where the next octet stands in [#array].
  public int position() {
    return position;
  }

  /// The array that this reads, not a copy.
  public byte[] array() {
    return array;
  }

  /// One octet, 0..255.
  public int u8() {
    return array[take(1)] & 0xff;
  }

  /// Two octets, 0..65535.
  public int u16() {
    return u16(array, take(2));
  }

  /// Four octets, 0..4294967295.
  public long u32() {
    return u32(array, take(4));
  }

  /// Eight octets; read the value as unsigned.
  public long u64() {
    return u64(array, take(8));
  }

  /// A copy of the next `length` octets.
  public Octets octets(int length) {
    return Octets.copyOf(array, take(length), length);
  }

  /// Passes over the next `length` octets.
  public void skip(int length) {
    take(length);
  }

  /// A reader of the next `length` octets, which this one passes over.
  public WireReader slice(int length) {
    return new WireReader(array, take(length), length);
  }

  private int take(int length) {
    if (length < 0 || length > end - position) {
      throw new IndexOutOfBoundsException(
          length + " octets wanted at " + position + ", which ends at " + end);
    }
    int at = position;
    position += length;
    return at;
  }

  /// The 16-bit number at `offset` of `array`.
  static int u16(byte[] array, int offset) {
    return (array[offset] & 0xff) << 8 | array[offset + 1] & 0xff;
  }

  /// The 32-bit number at `offset` of `array`.
  static long u32(byte[] array, int offset) {
    return (long) u16(array, offset) << 16 | u16(array, offset + 2);
  }

  /// The 64-bit number at `offset` of `array`.
  static long u64(byte[] array, int offset) {
    return u32(array, offset) << 32 | u32(array, offset + 4);
  }
}
