package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// EXTENDED_COMMUNITIES, type 16, RFC 4360: one or more communities of 8 octets each: a type of two
/// octets, the first of which says whether it leaves its AS and what the other six are.
///
/// Most have names: `rt:64500:100`, `rt:192.0.2.1:100`, `rt:4200000001:100` with an AS of 2 octets,
/// an IPv4 address or an AS of 4 octets (`rt:64500L:100` if it would fit 2); `soo:`,
/// `link-bandwidth:`, `color:`, `encapsulation:`, `rate-bytes:`, `redirect:`, `mac-mobility:` and
/// so on. Any other one is in hex, `0x0b01000000000001`. A text means one community and no other.
///
/// @param values all 8 octets of each, at least one, in wire order
public record ExtendedCommunities(List<Long> values) implements PathAttribute {
  private static final int OCTETS_EACH = 8;

  public ExtendedCommunities {
    values = List.copyOf(values);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.EXTENDED_COMMUNITIES;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not a non-zero multiple of 8 (RFC 7606 §7.14)
  static ExtendedCommunities decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessMultipleOf(OCTETS_EACH, in.remaining());
    var values = new ArrayList<Long>(in.remaining() / OCTETS_EACH);
    while (in.remaining() > 0) {
      values.add(in.u64());
    }
    return new ExtendedCommunities(values);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (long value : values) {
      out.u64(value);
    }
  }

  static void describe(TreeBuilder tree) {
    tree.each("community", OCTETS_EACH, ahead -> text(tree.octets(), tree.at() + ahead));
  }

  /// The text of the community at `offset`.
  static String text(byte[] array, int offset) {
    var text = new StringBuilder();
    appendText(array, offset, OCTETS_EACH, text);
    return text.toString();
  }

  /// Their texts, separated by spaces.
  @Override
  public String toString() {
    var out = new WireWriter();
    encode(out);
    var text = new StringBuilder();
    appendText(out.array(), 0, out.length(), text);
    return text.toString();
  }

  /// Reads the text of one community.
  ///
  /// @return its 8 octets as a number
  /// @throws IllegalArgumentException if it is none
  public static long parse(String text) {
    byte[] octets = ExtendedCommunity.parse(text);
    if (octets == null) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an extended community; write for instance rt:64500:100");
    }
    return WireReader.u64(octets, 0);
  }

  /// The text of a checked value.
  static void appendText(byte[] array, int offset, int length, StringBuilder text) {
    for (int at = offset; at < offset + length; at += OCTETS_EACH) {
      if (at > offset) {
        text.append(' ');
      }
      ExtendedCommunity.appendText(array, at, text);
    }
  }
}
