package org.bgppeer.wire;

import java.util.Arrays;

/// Walks the routes of an [NlriBlock], one at a time, itself always the same object:
///
/// ```java
/// for (var cursor = block.cursor(); cursor.next(); ) {
///   cursor.copyKey(key, 0);
/// }
/// ```
public final class PrefixCursor {
  private final byte[] array;
  private final int to;
  private final boolean ipv6;
  private final boolean pathIds;
  private int next;
  private int bits;
  private int address;
  private long pathId = -1;

  PrefixCursor(byte[] array, int from, int to, boolean ipv6, boolean pathIds) {
    this.array = array;
    this.to = to;
    this.ipv6 = ipv6;
    this.pathIds = pathIds;
    this.next = from;
    this.address = from;
  }

  /// Goes to the next route; false if there is none.
  public boolean next() {
    if (next >= to) {
      return false;
    }
    int at = next;
    if (pathIds) {
      pathId = WireReader.u32(array, at);
      at += 4;
    }
    bits = array[at] & 0xff;
    address = at + 1;
    next = address + ((bits + 7) >> 3);
    return true;
  }

  /// The path identifier of the route, 0..4294967295; -1 if the session has none.
  public long pathId() {
    return pathId;
  }

  /// The length of the prefix in bits.
  public int length() {
    return bits;
  }

  /// How many octets [#copyKey] writes: 5 for IPv4, 17 for IPv6.
  public int keyLength() {
    return ipv6 ? 17 : 5;
  }

  /// Writes the key of the prefix (see [Prefix#key]) into `target` from `offset` on. Bits behind
  /// the length, which RFC 4271 §4.3 calls irrelevant, become zero.
  public void copyKey(byte[] target, int offset) {
    int octets = (bits + 7) >> 3;
    int end = offset + (ipv6 ? 16 : 4);
    System.arraycopy(array, address, target, offset, octets);
    if ((bits & 7) != 0) {
      target[offset + octets - 1] &= (byte) (0xff00 >>> (bits & 7));
    }
    Arrays.fill(target, offset + octets, end, (byte) 0);
    target[end] = (byte) bits;
  }

  /// The prefix as an object, for where there are few.
  public Prefix prefix() {
    byte[] key = new byte[keyLength()];
    copyKey(key, 0);
    return Prefix.ofKey(key);
  }
}
