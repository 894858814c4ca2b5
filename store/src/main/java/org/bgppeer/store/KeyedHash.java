package org.bgppeer.store;

import java.security.SecureRandom;

/// SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012): whoever does not know the key can make
/// no two values with one hash. A fraction of the work of SHA-256, which only the optimizing
/// compiler has instructions of the processor for.
///
/// One object hashes one value after the other; not to be used by two threads.
final class KeyedHash {
  /// Octets of a key.
  static final int KEY_OCTETS = 16;

  private final long key0;
  private final long key1;
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long first;
  private long second;

  /// @param key [#KEY_OCTETS] octets
  KeyedHash(byte[] key) {
    key0 = word(key, 0, 8);
    key1 = word(key, 8, 8);
  }

  /// With a key that nobody knows, for hashes that do not outlive the process.
  static KeyedHash ofThisProcess() {
    var key = new byte[KEY_OCTETS];
    new SecureRandom().nextBytes(key);
    return new KeyedHash(key);
  }

  /// Hashes a value: [#first] and [#second] have its hash then.
  void of(byte[] octets) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
    int whole = octets.length & ~7;
    for (int i = 0; i < whole; i += 8) {
      take(word(octets, i, 8));
    }
    take((long) octets.length << 56 | word(octets, whole, octets.length - whole));
    v2 ^= 0xee;
    rounds(4);
    first = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    rounds(4);
    second = v0 ^ v1 ^ v2 ^ v3;
  }

  /// The first 64 bits of the hash.
  long first() {
    return first;
  }

  /// The other 64 bits.
  long second() {
    return second;
  }

  private void take(long word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  private void rounds(int count) {
    long a = v0;
    long b = v1;
    long c = v2;
    long d = v3;
    for (int i = 0; i < count; i++) {
      a += b;
      c += d;
      b = Long.rotateLeft(b, 13) ^ a;
      d = Long.rotateLeft(d, 16) ^ c;
      a = Long.rotateLeft(a, 32);
      c += b;
      a += d;
      b = Long.rotateLeft(b, 17) ^ c;
      d = Long.rotateLeft(d, 21) ^ a;
      c = Long.rotateLeft(c, 32);
    }
    v0 = a;
    v1 = b;
    v2 = c;
    v3 = d;
  }

  /// Up to eight octets, the first of them the least significant.
  private static long word(byte[] octets, int from, int count) {
    long word = 0;
    for (int i = count - 1; i >= 0; i--) {
      word = word << 8 | octets[from + i] & 0xff;
    }
    return word;
  }
}
