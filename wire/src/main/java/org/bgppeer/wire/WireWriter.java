package org.bgppeer.wire;

import java.util.Arrays;

/// Writes unsigned big-endian numbers into an array that grows. Can be emptied and used again, so
/// that a caller who writes record after record makes no garbage.
public final class WireWriter {
  private byte[] array;
  private int length;

  /// An empty one with room for a usual message.
  public WireWriter() {
    this(256);
  }

  /// An empty one with room for `capacity` octets before it must grow.
  public WireWriter(int capacity) {
    array = new byte[Math.max(capacity, 16)];
  }

  /// The number of octets written.
  public int length() {
    return length;
  }

  /// The array written into: its first [#length] octets count. Not a copy, and another one after
  /// the next write that needs more room.
  public byte[] array() {
    return array;
  }

  /// Forgets what was written, keeps the room.
  public WireWriter clear() {
    length = 0;
    return this;
  }

  /// The lowest 8 bits of `value`.
  public WireWriter u8(int value) {
    room(1);
    array[length++] = (byte) value;
    return this;
  }

  /// The lowest 16 bits of `value`.
  public WireWriter u16(int value) {
    room(2);
    array[length++] = (byte) (value >>> 8);
    array[length++] = (byte) value;
    return this;
  }

  /// The lowest 32 bits of `value`.
  public WireWriter u32(long value) {
    return u16((int) (value >>> 16)).u16((int) value);
  }

  /// All 64 bits of `value`.
  public WireWriter u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  /// All of `octets`.
  public WireWriter octets(Octets octets) {
    return octets(octets.array());
  }

  /// All of `octets`.
  public WireWriter octets(byte[] octets) {
    return octets(octets, 0, octets.length);
  }

  /// `count` octets of `octets` from `offset`.
  public WireWriter octets(byte[] octets, int offset, int count) {
    room(count);
    System.arraycopy(octets, offset, array, length, count);
    length += count;
    return this;
  }

  /// Leaves room for a length of one octet, to be filled in by [#fillU8] when what it counts is
  /// written.
  ///
  /// @return where it stands
  public int placeU8() {
    u8(0);
    return length - 1;
  }

  /// Leaves room for a length of two octets, to be filled in by [#fillU16].
  ///
  /// @return where it stands
  public int placeU16() {
    u16(0);
    return length - 2;
  }

  /// Writes into `place` how many octets were written behind it.
  ///
  /// @throws IllegalStateException if those are more than 255
  public WireWriter fillU8(int place) {
    int count = length - place - 1;
    if (count > 0xff) {
      throw new IllegalStateException(count + " octets do not fit a length of one octet");
    }
    array[place] = (byte) count;
    return this;
  }

  /// Writes into `place` how many octets were written behind it.
  ///
  /// @throws IllegalStateException if those are more than 65535
  public WireWriter fillU16(int place) {
    int count = length - place - 2;
    if (count > 0xffff) {
      throw new IllegalStateException(count + " octets do not fit a length of two octets");
    }
    return putU16(place, count);
  }

  /// Overwrites the two octets at `place`.
  public WireWriter putU16(int place, int value) {
    array[place] = (byte) (value >>> 8);
    array[place + 1] = (byte) value;
    return this;
  }

  /// A copy of what was written.
  public byte[] toByteArray() {
    return Arrays.copyOf(array, length);
  }

  private void room(int more) {
    if (more > array.length - length) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
    }
  }
}
