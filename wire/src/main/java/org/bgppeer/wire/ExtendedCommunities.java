package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// EXTENDED_COMMUNITIES, type 16, RFC 4360: one or more communities of 8 octets each: a type of one
/// or two octets, and a value.
///
/// Route targets and route origins are written `rt:` and `ro:` with their administrator, which is
/// an
/// AS of 2 octets (types 0x0002, 0x0003: `rt:64500:100`), an IPv4 address (0x0102, 0x0103:
/// `rt:192.0.2.1:100`) or an AS of 4 octets (0x0202, 0x0203: `rt:4200000001:100`); any other one in
/// hex, `0x4004fbf047c35000`.
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

  /// The text of a checked value.
  static void appendText(byte[] array, int offset, int length, StringBuilder text) {
    for (int at = offset; at < offset + length; at += OCTETS_EACH) {
      if (at > offset) {
        text.append(' ');
      }
      int type = WireReader.u16(array, at);
      if ((type & 0xff) == 2 || (type & 0xff) == 3) {
        String kind = (type & 0xff) == 2 ? "rt:" : "ro:";
        switch (type >>> 8) {
          case 0 -> {
            text.append(kind).append(WireReader.u16(array, at + 2));
            text.append(':').append(WireReader.u32(array, at + 4));
            continue;
          }
          case 1 -> {
            text.append(kind).append(AddressText.ipv4(array, at + 2));
            text.append(':').append(WireReader.u16(array, at + 6));
            continue;
          }
          case 2 -> {
            text.append(kind).append(WireReader.u32(array, at + 2));
            text.append(':').append(WireReader.u16(array, at + 6));
            continue;
          }
          default -> {}
        }
      }
      text.append("0x").append(HexFormat.of().formatHex(array, at, at + OCTETS_EACH));
    }
  }
}
