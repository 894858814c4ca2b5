package org.bgppeer.wire;

/// How the NLRI of one kind of family are read. There is one of each kind, without state.
///
/// [#length] finds where an NLRI ends: if that cannot be told, none of the routes behind can be
/// found and the attribute is malformed (RFC 7606 §5.3). [#parts] then names what is in it: if that
/// fails the octets are kept as they are, and the others of the attribute are not concerned.
abstract class NlriCodec {
  private static final NlriCodec IPV4 = new PrefixNlri(4);
  private static final NlriCodec IPV6 = new PrefixNlri(16);
  private static final NlriCodec LABELED_IPV4 = new LabeledPrefixNlri(4);
  private static final NlriCodec LABELED_IPV6 = new LabeledPrefixNlri(16);
  private static final NlriCodec VPN_IPV4 = new VpnPrefixNlri(4);
  private static final NlriCodec VPN_IPV6 = new VpnPrefixNlri(16);
  private static final NlriCodec EVPN = new EvpnNlri();
  private static final NlriCodec VPLS = new VplsNlri();
  private static final NlriCodec MCAST_VPN = new McastVpnNlri();
  private static final NlriCodec ROUTE_TARGET = new RouteTargetNlri();
  private static final NlriCodec LINK_STATE = new LinkStateNlri(false);
  private static final NlriCodec LINK_STATE_VPN = new LinkStateNlri(true);
  private static final NlriCodec SR_POLICY = new SrPolicyNlri();
  private static final NlriCodec MUP_IPV4 = new MupNlri(4);
  private static final NlriCodec MUP_IPV6 = new MupNlri(16);
  private static final NlriCodec OPAQUE = new OpaqueNlri();

  /// The codec of a family; of one that has none, the one that keeps the octets.
  static NlriCodec of(Family family) {
    boolean ipv4 = family.afi() == Afi.Assigned.IPV4.code();
    boolean ip = ipv4 || family.isIpv6();
    boolean l2vpn = family.afi() == Afi.Assigned.L2VPN.code();
    boolean linkState = family.afi() == Afi.Assigned.BGP_LS.code();
    if (!(Safi.of(family.safi()) instanceof Safi.Assigned safi)) {
      return OPAQUE;
    }
    return switch (safi) {
      case UNICAST, MULTICAST -> !ip ? OPAQUE : ipv4 ? IPV4 : IPV6;
      case LABELED_UNICAST -> !ip ? OPAQUE : ipv4 ? LABELED_IPV4 : LABELED_IPV6;
      case VPN, VPN_MULTICAST -> !ip ? OPAQUE : ipv4 ? VPN_IPV4 : VPN_IPV6;
      case MCAST_VPN -> ip ? MCAST_VPN : OPAQUE;
      case VPLS -> l2vpn ? VPLS : OPAQUE;
      case EVPN -> l2vpn ? EVPN : OPAQUE;
      case LS -> linkState ? LINK_STATE : OPAQUE;
      case LS_VPN -> linkState ? LINK_STATE_VPN : OPAQUE;
      case SR_POLICY -> ip ? SR_POLICY : OPAQUE;
      case MUP -> !ip ? OPAQUE : ipv4 ? MUP_IPV4 : MUP_IPV6;
      case ROUTE_TARGET -> ip ? ROUTE_TARGET : OPAQUE;
      case FLOWSPEC -> ip || l2vpn ? new FlowSpecNlri(family.afi(), false) : OPAQUE;
      case FLOWSPEC_VPN -> ip || l2vpn ? new FlowSpecNlri(family.afi(), true) : OPAQUE;
    };
  }

  /// The octets of the NLRI that begins at `at`, without path identifier.
  ///
  /// @param to where the field ends, behind `at`
  /// @throws MalformedAttribute if it would end behind `to` or its length is none that this kind
  ///   has
  abstract int length(byte[] array, int at, int to) throws MalformedAttribute;

  /// Tells all parts of one NLRI.
  ///
  /// @throws MalformedAttribute if they do not make one
  abstract void parts(NlriParts in) throws MalformedAttribute;

  /// Whether what [#length] accepts may yet not be what [#parts] can read, or of an unknown type.
  /// The first octet of the key then says whether the rest is the octets as they came.
  boolean mayBeOpaque() {
    return true;
  }

  /// Refuses an NLRI that ends behind its field.
  static int within(int length, int at, int to) throws MalformedAttribute {
    if (length > to - at) {
      throw new MalformedAttribute(
          "an NLRI of " + length + " octets where " + (to - at) + " are left");
    }
    return length;
  }

  /// Refuses a field that ends before an NLRI says how long it is.
  static void need(int octets, int at, int to) throws MalformedAttribute {
    if (octets > to - at) {
      throw new MalformedAttribute(
          (to - at) + " octets are left, too few for the length of an NLRI");
    }
  }

  /// The octets of an NLRI that begins with its length in bits, in one octet.
  static int bitsLength(byte[] array, int at, int to, int minBits, int maxBits)
      throws MalformedAttribute {
    need(1, at, to);
    int bits = array[at] & 0xff;
    if (bits < minBits || bits > maxBits) {
      throw new MalformedAttribute(
          "an NLRI of " + bits + " bits is not of " + minBits + " to " + maxBits);
    }
    return within(1 + ((bits + 7) >> 3), at, to);
  }
}
