package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// A value with its type: what attributes that were meant to grow consist of.
///
/// @param type as on the wire
/// @param value its octets
public record Tlv(int type, Octets value) {
  /// Reads TLVs until `in` is empty.
  ///
  /// @param typeOctets, lengthOctets how wide both numbers are, 1 or 2
  /// @param counted octets of type and length that the length counts too
  /// @throws MalformedAttribute if the last one does not end with `in`
  static List<Tlv> list(WireReader in, int typeOctets, int lengthOctets, int counted)
      throws MalformedAttribute {
    var all = new ArrayList<Tlv>();
    while (in.remaining() > 0) {
      if (in.remaining() < typeOctets + lengthOctets) {
        throw new MalformedAttribute(
            in.remaining() + " octets are left, too few for a TLV's type and length");
      }
      int type = typeOctets == 1 ? in.u8() : in.u16();
      int length = (lengthOctets == 1 ? in.u8() : in.u16()) - counted;
      if (length < 0 || length > in.remaining()) {
        throw new MalformedAttribute(
            "TLV "
                + type
                + " of length "
                + (length + counted)
                + " where "
                + (in.remaining() + counted)
                + " octets are left");
      }
      all.add(new Tlv(type, in.octets(length)));
    }
    return all;
  }

  /// Reads TLVs whose lengths count their values alone.
  static List<Tlv> list(WireReader in, int typeOctets, int lengthOctets) throws MalformedAttribute {
    return list(in, typeOctets, lengthOctets, 0);
  }

  /// Writes what [#list] reads.
  static void encode(List<Tlv> all, int typeOctets, int lengthOctets, int counted, WireWriter out) {
    for (Tlv tlv : all) {
      number(tlv.type, typeOctets, out);
      number(tlv.value.length() + counted, lengthOctets, out);
      out.octets(tlv.value);
    }
  }

  private static void number(int value, int octets, WireWriter out) {
    if (octets == 1) {
      out.u8(value);
    } else {
      out.u16(value);
    }
  }
}
