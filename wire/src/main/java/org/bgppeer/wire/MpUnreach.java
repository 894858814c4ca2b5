package org.bgppeer.wire;

/// MP_UNREACH_NLRI, type 15, RFC 4760 §4: withdrawn routes of a family; with none of them the
/// End-of-RIB of that family (RFC 4724 §2).
///
/// ```
/// +---------+----------+-----------------------------+
/// | AFI (2) | SAFI (1) | Withdrawn Routes (the rest) |   octets
/// +---------+----------+-----------------------------+
/// ```
///
/// @param nlri the routes as they came; [Update#withdrawn] walks them
public record MpUnreach(Family family, Octets nlri) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.MP_UNREACH_NLRI;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is too short or a route is wrong (RFC 7606 §5.3)
  static MpUnreach decode(WireReader in, DecodeContext context) throws MalformedAttribute {
    check(in.array(), in.position(), in.remaining(), context);
    return new MpUnreach(Family.of(in.u16(), in.u8()), in.octets(in.remaining()));
  }

  /// Checks a value.
  ///
  /// @return the number of routes
  static int check(byte[] array, int offset, int length, DecodeContext context)
      throws MalformedAttribute {
    if (length < 3) {
      throw new MalformedAttribute("length " + length + " is below 3");
    }
    Family family = Family.of(WireReader.u16(array, offset), array[offset + 2] & 0xff);
    return checkNlri(array, offset + 3, offset + length, family, context);
  }

  static int checkNlri(byte[] array, int from, int to, Family family, DecodeContext context)
      throws MalformedAttribute {
    boolean pathIds = context.hasPathIds(family);
    if (!family.hasPlainPrefixes()) {
      return NlriBlock.check(array, from, to, pathIds, NlriCodec.of(family));
    }
    int maxBits = family.isIpv6() ? 128 : 32;
    int count = NlriBlock.check(array, from, to, pathIds, maxBits);
    if (count < 0) {
      throw new MalformedAttribute(NlriBlock.fault(array, -1 - count, to, pathIds, maxBits));
    }
    return count;
  }

  @Override
  public String toString() {
    return family + ", " + nlri.length() + " octets of NLRI";
  }
}
