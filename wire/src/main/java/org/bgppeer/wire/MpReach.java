package org.bgppeer.wire;

/// MP_REACH_NLRI, type 14, RFC 4760 §3: routes of a family, and their next hop:
///
/// ```
/// +---------+----------+---------------------+----------+--------------+-----------------+
/// | AFI (2) | SAFI (1) | Next Hop Length (1) | Next Hop | Reserved (1) | NLRI (the rest) | octets
/// +---------+----------+---------------------+----------+--------------+-----------------+
/// ```
///
/// @param nextHop an address, 4 or 16 octets, with a link-local one behind it 32 (RFC 2545 §3, RFC
///   8950 §3); in VPNs each with a route distinguisher before it, 12, 24 or 48; of a family that is
///   not known whatever came
/// @param nlri the routes as they came; [Update#announced] walks them
public record MpReach(Family family, Octets nextHop, Octets nlri) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.MP_REACH_NLRI;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is too short (RFC 7606 §5.3), its next hop is not of the
  ///   family (§7.11), or a route is wrong (§5.3)
  static MpReach decode(WireReader in, DecodeContext context) throws MalformedAttribute {
    check(in.array(), in.position(), in.remaining(), context);
    Family family = Family.of(in.u16(), in.u8());
    Octets nextHop = in.octets(in.u8());
    in.skip(1);
    return new MpReach(family, nextHop, in.octets(in.remaining()));
  }

  /// Checks a value.
  ///
  /// @return the number of routes
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
    checkNextHop(family, nextHop);
    return MpUnreach.checkNlri(array, offset + 5 + nextHop, offset + length, family, context);
  }

  /// RFC 7606 §7.11. What has only prefixes is held to what its RFCs say. Elsewhere a length that
  /// is an address, with or without route distinguisher, will do, whatever the family should have;
  /// and FlowSpec, which has no use for one (RFC 8955 §4), may have any.
  private static void checkNextHop(Family family, int length) throws MalformedAttribute {
    if (family.hasPlainPrefixes()) {
      boolean fits = length == 16 || length == 32 || (length == 4 && !family.isIpv6());
      if (!fits) {
        throw new MalformedAttribute(
            "a next hop of "
                + length
                + " octets is not "
                + (family.isIpv6() ? "16 or 32" : "4, 16 or 32"));
      }
    } else if (Family.KNOWN.contains(family) && !isFlowSpec(family)) {
      switch (length) {
        case 4, 12, 16, 24, 32, 48 -> {}
        default ->
            throw new MalformedAttribute(
                "a next hop of " + length + " octets is not 4, 12, 16, 24, 32 or 48");
      }
    }
  }

  private static boolean isFlowSpec(Family family) {
    return family.safi() == Safi.Assigned.FLOWSPEC.code()
        || family.safi() == Safi.Assigned.FLOWSPEC_VPN.code();
  }

  /// The text of a next hop: an address, and a link-local one behind it after a space. A route
  /// distinguisher stands before it with a colon, if it is not zero as it should be (RFC 4364
  /// §4.3.2).
  static String nextHopText(Octets nextHop) {
    byte[] array = nextHop.array();
    return switch (array.length) {
      case 12 -> distinguisher(array, 0) + AddressText.ipv4(array, 8);
      case 24 -> distinguisher(array, 0) + AddressText.ipv6(array, 8);
      case 32 -> AddressText.ipv6(array, 0) + " " + AddressText.ipv6(array, 16);
      case 48 ->
          distinguisher(array, 0)
              + AddressText.ipv6(array, 8)
              + " "
              + distinguisher(array, 24)
              + AddressText.ipv6(array, 32);
      default -> AddressText.of(nextHop);
    };
  }

  private static String distinguisher(byte[] array, int at) {
    if (WireReader.u64(array, at) == 0) {
      return "";
    }
    var text = new StringBuilder();
    RouteDistinguisher.append(array, at, RouteDistinguisher.OCTETS, text);
    return text.append(':').toString();
  }

  @Override
  public String toString() {
    return family + " next hop " + nextHopText(nextHop) + ", " + nlri.length() + " octets of NLRI";
  }
}
