package org.bgppeer.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// ASCII text under construction, in one array that is used again and again. Text beyond a limit is
/// handed on, so that a record of any size is written in constant memory.
public final class Lines {
  /// Takes text that has no more room.
  public interface Overflow {
    /// Takes the text, all of it, before it returns.
    void take(byte[] text, int length);
  }

  private static final byte[] PAIRS = pairs();
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final int limit;
  private final Overflow overflow;
  private byte[] text;
  private int length;

  /// Grows with what is written into it.
  public Lines(int capacity) {
    this(new byte[capacity], Integer.MAX_VALUE, (text, length) -> {});
  }

  /// @param array to begin with, whose octets do not matter
  /// @param limit in octets; [#handOn] hands on what is beyond it
  public Lines(byte[] array, int limit, Overflow overflow) {
    this.text = array;
    this.limit = limit;
    this.overflow = overflow;
  }

  private static byte[] pairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (byte) ('0' + i / 10);
      pairs[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  /// The array, valid until the next call that writes.
  public byte[] array() {
    return text;
  }

  /// How much of it is text.
  public int length() {
    return length;
  }

  /// Forgets all of it.
  public Lines clear() {
    length = 0;
    return this;
  }

  /// Forgets what stands behind `end`.
  void cut(int end) {
    length = end;
  }

  /// Hands the text on if it has reached the limit: called where a line ends.
  public void handOn() {
    if (length >= limit) {
      overflow.take(text, length);
      length = 0;
    }
  }

  private void room(int more) {
    if (text.length - length < more) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, length + more));
    }
  }

  /// One character.
  public Lines put(char c) {
    room(1);
    text[length++] = (byte) c;
    return this;
  }

  /// Text of ASCII characters.
  public Lines put(byte[] ascii) {
    return put(ascii, ascii.length);
  }

  public Lines put(byte[] ascii, int count) {
    room(count);
    System.arraycopy(ascii, 0, text, length, count);
    length += count;
    return this;
  }

  public Lines put(Lines other) {
    return put(other.text, other.length);
  }

  public Lines put(String ascii) {
    int count = ascii.length();
    room(count);
    for (int i = 0; i < count; i++) {
      text[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /// A character of any kind as UTF-8.
  public Lines utf8(int codePoint) {
    return codePoint < 0x80
        ? put((char) codePoint)
        : put(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
  }

  /// A number of 0..4294967295 in decimals.
  public Lines number(long value) {
    room(10);
    if (value < 10) {
      text[length++] = (byte) ('0' + value);
      return this;
    }
    if (value > Integer.MAX_VALUE) {
      return number(value / 100).pair((int) (value % 100));
    }
    int left = (int) value;
    int digits = digits(left);
    int at = length + digits;
    length = at;
    while (left >= 100) {
      int pair = left % 100 * 2;
      left /= 100;
      text[--at] = PAIRS[pair + 1];
      text[--at] = PAIRS[pair];
    }
    if (left >= 10) {
      text[--at] = PAIRS[left * 2 + 1];
      text[--at] = PAIRS[left * 2];
    } else {
      text[--at] = (byte) ('0' + left);
    }
    return this;
  }

  private Lines pair(int value) {
    room(2);
    text[length++] = PAIRS[2 * value];
    text[length++] = PAIRS[2 * value + 1];
    return this;
  }

  private static int digits(int value) {
    if (value < 10_000) {
      return value < 100 ? (value < 10 ? 1 : 2) : value < 1_000 ? 3 : 4;
    }
    if (value < 10_000_000) {
      return value < 100_000 ? 5 : value < 1_000_000 ? 6 : 7;
    }
    return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10;
  }

  /// A number of 0..999999 with its leading zeros; a larger one with all its digits.
  public Lines micros(long value) {
    for (long power = 100_000; power > value && power > 1; power /= 10) {
      put('0');
    }
    return number(value);
  }

  /// Four octets in dotted decimals.
  public Lines ipv4(byte[] array, int offset) {
    room(15);
    length = AddressText.writeIpv4(array, offset, text, length);
    return this;
  }

  /// A number of 0..65535 in hex, without leading zeros.
  Lines hex16(int value) {
    room(4);
    boolean begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      int digit = value >>> shift & 0xf;
      if (digit != 0 || begun || shift == 0) {
        text[length++] = HEX[digit];
        begun = true;
      }
    }
    return this;
  }

  @Override
  public String toString() {
    return new String(text, 0, length, StandardCharsets.ISO_8859_1);
  }
}
