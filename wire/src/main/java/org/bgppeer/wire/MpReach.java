package org.bgppeer.wire;

/// MP_REACH_NLRI, type 14, RFC 4760 §3: routes of a family, and their next hop:
///
/// ```
/// +---------+----------+---------------------+----------+--------------+-----------------+
/// | AFI (2) | SAFI (1) | Next Hop Length (1) | Next Hop | Reserved (1) | NLRI (the rest) | octets
/// +---------+----------+---------------------+----------+--------------+-----------------+
/// ```
///
/// @param nextHop 4 octets, or 16, or 32 with a link-local address behind (RFC 2545 §3, RFC 8950
///     §3); of a family that is not decoded whatever came
/// @param nlri the routes as they came; [Update#announced] walks them
public record MpReach(Family family, Octets nextHop, Octets nlri) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.MP_REACH_NLRI;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is too short (RFC 7606 §5.3), its next hop is not of the
  ///     family (§7.11), or a route is wrong (§5.3)
  static MpReach decode(WireReader in, DecodeContext context) throws MalformedAttribute {
    check(in.array(), in.position(), in.remaining(), context);
    Family family = Family.of(in.u16(), in.u8());
    Octets nextHop = in.octets(in.u8());
    in.skip(1);
    return new MpReach(family, nextHop, in.octets(in.remaining()));
  }

  /// Checks a value; of a family that is not decoded only that its next hop fits.
  ///
  /// @return the number of routes; of a family that is not decoded 0
  static int check(byte[] array, int offset, int length, DecodeContext context)
      throws MalformedAttribute {
    if (length < 5) {
      throw new MalformedAttribute("length " + length + " is below 5");
    }
    int afi = WireReader.u16(array, offset);
    int safi = array[offset + 2] & 0xff;
    int nextHop = array[offset + 3] & 0xff;
    if (nextHop > length - 5) {
      throw new MalformedAttribute(
          "a next hop of " + nextHop + " octets where " + (length - 5) + " octets have room");
    }
    Family family = Family.of(afi, safi);
    if (!family.isDecoded()) {
      return 0;
    }
    boolean fits = nextHop == 16 || nextHop == 32 || (nextHop == 4 && !family.isIpv6());
    if (!fits) {
      throw new MalformedAttribute(
          "a next hop of "
              + nextHop
              + " octets is not "
              + (family.isIpv6() ? "16 or 32" : "4, 16 or 32"));
    }
    return MpUnreach.checkNlri(array, offset + 5 + nextHop, offset + length, family, context);
  }

  /// The text of a next hop: an address, and a link-local one behind it after a space.
  static String nextHopText(Octets nextHop) {
    return nextHop.length() == 32
        ? AddressText.ipv6(nextHop.array(), 0) + " " + AddressText.ipv6(nextHop.array(), 16)
        : AddressText.of(nextHop);
  }

  @Override
  public String toString() {
    return family + " next hop " + nextHopText(nextHop) + ", " + nlri.length() + " octets of NLRI";
  }
}
