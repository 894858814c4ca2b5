package org.bgppeer.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Addresses as text and back: IPv4 in dotted decimals, IPv6 as RFC 5952 wants it. Written octet by
/// octet, because a full table has a million of them.
public final class AddressText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /// The longest text of an address that is written here.
  static final int MAX_LENGTH = 39;

  private AddressText() {}

  /// The IPv4 address in four octets of `array` from `offset`.
  public static String ipv4(byte[] array, int offset) {
    byte[] out = new byte[15];
    return text(out, writeIpv4(array, offset, out, 0));
  }

  /// The IPv6 address in sixteen octets of `array` from `offset`.
  public static String ipv6(byte[] array, int offset) {
    byte[] out = new byte[MAX_LENGTH];
    return text(out, writeIpv6(array, offset, out, 0));
  }

  /// The text of 4 octets as IPv4, of 16 as IPv6, of any other number in hex.
  public static String of(byte[] address) {
    return of(Octets.of(address));
  }

  /// The text of 4 octets as IPv4, of 16 as IPv6, of any other number in hex.
  public static String of(Octets address) {
    return switch (address.length()) {
      case 4 -> ipv4(address.array(), 0);
      case 16 -> ipv6(address.array(), 0);
      default -> address.toHex();
    };
  }

  /// A 32-bit number in dotted decimals: how a BGP identifier is written.
  public static String ofIdentifier(long identifier) {
    return (identifier >>> 24 & 0xff)
        + "."
        + (identifier >>> 16 & 0xff)
        + "."
        + (identifier >>> 8 & 0xff)
        + "."
        + (identifier & 0xff);
  }

  /// The 4 or 16 octets of an address in text. Never asks the name service, knows no zones, no
  /// short forms of IPv4 and no leading zeros in it.
  ///
  /// @throws IllegalArgumentException if it is no address
  public static byte[] parse(String text) {
    byte[] address = text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text);
    if (address == null) {
      throw new IllegalArgumentException("\"" + text + "\" is neither an IPv4 nor an IPv6 address");
    }
    return address;
  }

  /// The address as the JDK has it, of 4 or 16 octets; an IPv4-mapped one becomes IPv4.
  public static InetAddress inetAddress(Octets address) {
    try {
      return InetAddress.getByAddress(address.array());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address.length() + " octets are no address", e);
    }
  }

  static String text(byte[] out, int length) {
    return new String(out, 0, length, StandardCharsets.ISO_8859_1);
  }

  /// Writes the IPv4 address into `out` at `at`; returns where it ends.
  static int writeIpv4(byte[] array, int offset, byte[] out, int at) {
    at = writeU8(array[offset] & 0xff, out, at);
    for (int i = 1; i < 4; i++) {
      out[at++] = '.';
      at = writeU8(array[offset + i] & 0xff, out, at);
    }
    return at;
  }

  /// Writes a number of 0..255 in decimals; returns where it ends.
  static int writeU8(int value, byte[] out, int at) {
    if (value >= 100) {
      out[at++] = (byte) ('0' + value / 100);
      value %= 100;
      out[at++] = (byte) ('0' + value / 10);
    } else if (value >= 10) {
      out[at++] = (byte) ('0' + value / 10);
    }
    out[at++] = (byte) ('0' + value % 10);
    return at;
  }

  /// Writes the IPv6 address into `out` at `at`; returns where it ends. The longest run of two or
  /// more zero groups, the first of equals, becomes `::` (RFC 5952 §4.2); an IPv4-mapped address
  /// ends in dotted decimals (§5).
  static int writeIpv6(byte[] array, int offset, byte[] out, int at) {
    if (WireReader.u64(array, offset) == 0 && WireReader.u32(array, offset + 8) == 0xffff) {
      for (char c : new char[] {':', ':', 'f', 'f', 'f', 'f', ':'}) {
        out[at++] = (byte) c;
      }
      return writeIpv4(array, offset + 12, out, at);
    }
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int start = i;
      while (i < 8 && WireReader.u16(array, offset + 2 * i) == 0) {
        i++;
      }
      if (i - start > runLength) {
        runStart = start;
        runLength = i - start;
      }
    }
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        out[at++] = ':';
        i += runLength - 1;
        if (i == 7) {
          out[at++] = ':';
        }
        continue;
      }
      if (i > 0) {
        out[at++] = ':';
      }
      int group = WireReader.u16(array, offset + 2 * i);
      boolean started = false;
      for (int shift = 12; shift >= 0; shift -= 4) {
        int digit = group >>> shift & 0xf;
        if (digit != 0 || started || shift == 0) {
          out[at++] = HEX[digit];
          started = true;
        }
      }
    }
    return at;
  }

  private static byte @Nullable [] parseIpv4(String text) {
    byte[] address = new byte[4];
    return parseIpv4(text, 0, address, 0) ? address : null;
  }

  /// Reads dotted decimals from `from` to the end of the text.
  private static boolean parseIpv4(String text, int from, byte[] address, int offset) {
    int at = from;
    for (int part = 0; part < 4; part++) {
      int start = at;
      int value = 0;
      while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      boolean zeroLed = at - start > 1 && text.charAt(start) == '0';
      if (at == start || value > 255 || zeroLed) {
        return false;
      }
      address[offset + part] = (byte) value;
      if (part < 3 && (at >= text.length() || text.charAt(at++) != '.')) {
        return false;
      }
    }
    return at == text.length();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static byte @Nullable [] parseIpv6(String text) {
    byte[] address = new byte[16];
    int filled = 0;
    int gap = -1;
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    }
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
        end++;
      }
      if (end < text.length() && text.charAt(end) == '.') {
        if (filled > 12 || !parseIpv4(text, at, address, filled)) {
          return null;
        }
        filled += 4;
        break;
      }
      if (end == at || end - at > 4 || filled == 16 || text.charAt(end - 1) > 'f') {
        return null;
      }
      int group = Integer.parseInt(text, at, end, 16);
      address[filled++] = (byte) (group >>> 8);
      address[filled++] = (byte) group;
      if (end == text.length()) {
        break;
      }
      if (text.charAt(end) != ':' || end + 1 == text.length()) {
        return null;
      }
      at = end + 1;
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = filled;
        at++;
      }
    }
    if (gap < 0) {
      return filled == 16 ? address : null;
    }
    if (filled == 16) {
      return null;
    }
    int tail = filled - gap;
    System.arraycopy(address, gap, address, 16 - tail, tail);
    java.util.Arrays.fill(address, gap, 16 - tail, (byte) 0);
    return address;
  }
}
