package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Hex text in, BGP messages out; a line at a time, so that a file of any size can be read.
///
/// ```
/// # white space is free, `#` starts a comment, an empty line is nothing
/// ffffffffffffffffffffffffffffffff 0013 04            # one message
/// ffffffffffffffffffffffffffffffff 0013 04 ffffffff…  # several, one behind the other
/// ```
///
/// A message ends with its line; several in one line are told apart by the length in their headers
/// (RFC 4271 §4.1).
public final class HexInput {
  private static final String ALLOWED =
      "allowed are the digits 0-9, a-f and A-F, white space, and a comment after #";

  private HexInput() {}

  /// One message of a line, or what stands where one should.
  ///
  /// @param line from 1
  /// @param column where its first digit stands, from 1
  /// @param octets as they stand there, header included
  /// @param problem why these octets are not one whole message; null if they are
  public record HexMessage(int line, int column, Octets octets, @Nullable String problem) {
    /// Whether it begins as a BGP message does, so that decoding what is there makes sense even if
    /// it is not whole.
    public boolean hasHeader() {
      return octets.length() >= Framing.HEADER_LENGTH && wrongInMarker(octets.array(), 0) < 0;
    }
  }

  /// A line that is not hex.
  public static final class NotHex extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    NotHex(int line, int column, String reason) {
      super(reason, null, false, false);
      this.line = line;
      this.column = column;
    }

    /// The line, from 1.
    public int line() {
      return line;
    }

    /// The column, from 1, in characters.
    public int column() {
      return column;
    }
  }

  /// Reads one line.
  ///
  /// @param number of the line, from 1
  /// @return its messages in order; none if it holds nothing but white space and a comment
  /// @throws NotHex if something else than hex digits stands in it, or half an octet
  public static List<HexMessage> parse(int number, String line) throws NotHex {
    byte[] octets = new byte[(line.length() + 1) / 2];
    int[] columns = new int[(line.length() + 1) / 2];
    int digits = 0;
    int last = 0;
    int column = 0;
    for (int i = 0; i < line.length(); ) {
      int c = line.codePointAt(i);
      i += Character.charCount(c);
      column++;
      if (c == '#') {
        break;
      }
      if (Character.isWhitespace(c) || c == 0xA0 || (c == 0xFEFF && column == 1)) {
        continue; // a no-break space comes with text copied from a page, a BOM with some editors
      }
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new NotHex(number, column, shown(c) + " is not a hex digit; " + ALLOWED);
      }
      if (digits % 2 == 0) {
        columns[digits / 2] = column;
        octets[digits / 2] = (byte) (digit << 4);
      } else {
        octets[digits / 2] |= (byte) digit;
      }
      digits++;
      last = column;
    }
    if (digits % 2 != 0) {
      throw new NotHex(
          number,
          last,
          "half a byte: a byte is two hex digits, and this line has " + digits + " digits");
    }
    return split(number, Arrays.copyOf(octets, digits / 2), columns);
  }

  private static List<HexMessage> split(int line, byte[] octets, int[] columns) {
    var messages = new ArrayList<HexMessage>();
    int at = 0;
    while (at < octets.length) {
      int left = octets.length - at;
      String problem = problem(octets, at, left);
      int length = problem == null ? Framing.length(octets, at) : left;
      messages.add(new HexMessage(line, columns[at], Octets.copyOf(octets, at, length), problem));
      at += length;
    }
    return messages;
  }

  /// What keeps the octets from `at` on from beginning with a whole message; null if nothing does.
  static @Nullable String problem(byte[] octets, int at, int left) {
    if (left < Framing.HEADER_LENGTH) {
      return count(left) + " cannot be a BGP message: its header alone has 19";
    }
    int wrong = wrongInMarker(octets, at);
    if (wrong >= 0) {
      return "a BGP message begins with 16 bytes of ff, but byte %d is %02x"
          .formatted(wrong + 1, octets[at + wrong]);
    }
    int length = Framing.length(octets, at);
    if (length < Framing.HEADER_LENGTH) {
      return "the header says " + count(length) + ", and no BGP message has fewer than 19";
    }
    if (length > left) {
      return "the header says " + count(length) + ", but only " + left + " are here";
    }
    return null;
  }

  /// The index of the first octet of a marker that is not ff; -1 if all are.
  private static int wrongInMarker(byte[] octets, int at) {
    for (int i = 0; i < 16; i++) {
      if (octets[at + i] != (byte) 0xff) {
        return i;
      }
    }
    return -1;
  }

  private static String count(int octets) {
    return octets == 1 ? "1 byte" : octets + " bytes";
  }

  private static String shown(int c) {
    return c >= 0x20 && c != 0x7f && c != 0xFFFD && Character.isDefined(c)
        ? "'" + Character.toString(c) + "'"
        : "character U+%04X".formatted(c);
  }
}
