package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// TUNNEL_ENCAPSULATION, type 23, RFC 9012 §2: the tunnels by which the next hop can be reached;
/// and the segments of an SR Policy (RFC 9830 §2.2), which is a tunnel of type 15. TLVs with a type
/// and a length of two octets each, of sub-TLVs:
///
/// ```
/// +--------------+--------------------------------------+----------------+
/// | Sub-TLV Type | Length (1, or 2 if the type is 128   | Value (length) |   octets
/// | (1)          | or more)                             |                |
/// +--------------+--------------------------------------+----------------+
/// ```
///
/// @param tunnels at least one, in wire order
public record TunnelEncapsulation(List<Tunnel> tunnels) implements PathAttribute {
  private static final int SR_POLICY = 15;

  public TunnelEncapsulation {
    tunnels = List.copyOf(tunnels);
  }

  /// One tunnel.
  ///
  /// @param tunnelType 0..65535, see [#tunnelName]
  /// @param subTlvs in wire order
  public record Tunnel(int tunnelType, List<Tlv> subTlvs) {
    public Tunnel {
      subTlvs = List.copyOf(subTlvs);
    }
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.TUNNEL_ENCAPSULATION;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if there is no TLV, or one does not end with its last sub-TLV (§13)
  static TunnelEncapsulation decode(WireReader in) throws MalformedAttribute {
    var tunnels = new ArrayList<Tunnel>();
    for (Tlv tlv : Tlv.list(in, 2, 2)) {
      tunnels.add(new Tunnel(tlv.type(), subTlvs(tlv.value().reader())));
    }
    if (tunnels.isEmpty()) {
      throw new MalformedAttribute("no tunnel in it");
    }
    return new TunnelEncapsulation(tunnels);
  }

  private static List<Tlv> subTlvs(WireReader in) throws MalformedAttribute {
    var all = new ArrayList<Tlv>();
    while (in.remaining() > 0) {
      int type = in.u8();
      int lengthOctets = type < 128 ? 1 : 2;
      if (in.remaining() < lengthOctets) {
        throw new MalformedAttribute("sub-TLV " + type + " without a length");
      }
      int length = type < 128 ? in.u8() : in.u16();
      if (length > in.remaining()) {
        throw new MalformedAttribute(
            "sub-TLV "
                + type
                + " of length "
                + length
                + " where "
                + in.remaining()
                + " octets are left");
      }
      all.add(new Tlv(type, in.octets(length)));
    }
    return all;
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (Tunnel tunnel : tunnels) {
      out.u16(tunnel.tunnelType);
      int place = out.placeU16();
      for (Tlv tlv : tunnel.subTlvs) {
        out.u8(tlv.type());
        if (tlv.type() < 128) {
          out.u8(tlv.value().length());
        } else {
          out.u16(tlv.value().length());
        }
        out.octets(tlv.value());
      }
      out.fillU16(place);
    }
  }

  static void describe(TreeBuilder tree) {
    while (tree.moreTlvs(2, 2)) {
      int type = tree.u16(0);
      tree.openTlv(tunnelName(type), 2, 2);
      while (tree.remaining() > 0 && tree.need(tree.u8(0) < 128 ? 2 : 3, "a sub-TLV's head")) {
        int sub = tree.u8(0);
        tree.openTlv(name(sub), 1, sub < 128 ? 1 : 2);
        subTlv(tree, type, sub);
        tree.closeTlv();
      }
      tree.closeTlv();
    }
  }

  private static void subTlv(TreeBuilder tree, int tunnelType, int type) {
    switch (type) {
      case 1 -> encapsulation(tree, tunnelType);
      case 2 -> tree.code(TreeBuilder.VALUE, 2, "0x%04x"::formatted);
      case 4 -> {
        if (tree.remaining() == 8) {
          tree.leaf(TreeBuilder.VALUE, 8, ExtendedCommunities.text(tree.octets(), tree.at()));
        }
      }
      case 6 -> {
        tree.reserved(4);
        if (tree.remaining() >= 2 && tree.u16(0) == 0) { // the sender itself, §3.1
          tree.number("address family", 2);
          tree.value("of the sender");
        } else {
          tree.number("address family", 2);
          tree.address(TreeBuilder.VALUE);
          tree.value(tree.part().children().getLast().value());
        }
      }
      case 7, 9 -> tree.number(TreeBuilder.VALUE, 1);
      case 8 -> tree.number(TreeBuilder.VALUE, 2);
      case 10 -> {
        while (tree.remaining() >= 4) {
          tree.leaf(TreeBuilder.VALUE, 4, SrPolicy.label(tree.u32(0)));
        }
      }
      case 12, 13, 14, 15, 20, 128, 129, 130 -> {
        if (tunnelType == SR_POLICY) {
          SrPolicy.describe(tree, type);
        }
      }
      default -> {}
    }
  }

  /// §3.2
  private static void encapsulation(TreeBuilder tree, int tunnelType) {
    switch (tunnelType) {
      case 1 -> {
        tree.number("session id", 4);
        tree.octets("cookie", tree.remaining());
      }
      case 2, 11 -> tree.number("key", 4);
      case 8, 9 -> {
        tree.flags("flags", 1, "V", "M");
        tree.number("VNI", 3);
        tree.mac("MAC");
        tree.reserved(Math.min(2, tree.remaining()));
      }
      default -> {}
    }
  }

  private static String name(int subTlv) {
    return switch (subTlv) {
      case 1 -> "encapsulation";
      case 2 -> "protocol";
      case 3 -> "IPsec authenticator";
      case 4 -> "color";
      case 5 -> "load-balancing block";
      case 6 -> "endpoint";
      case 7 -> "DS field";
      case 8 -> "UDP port";
      case 9 -> "embedded label handling";
      case 10 -> "label stack";
      case 11 -> "prefix SID";
      case 12 -> "preference";
      case 13 -> "binding SID";
      case 14 -> "ENLP";
      case 15 -> "priority";
      case 20 -> "SRv6 binding SID";
      case 128 -> "segment list";
      case 129 -> "candidate path";
      case 130 -> "policy";
      default -> "sub-TLV " + subTlv;
    };
  }

  /// The name of a tunnel type of IANA's registry, in lower case with dashes; `tunnel-99` if it has
  /// none here.
  static String tunnelName(int type) {
    return switch (type) {
      case 1 -> "l2tpv3";
      case 2 -> "gre";
      case 3 -> "transmit-endpoint";
      case 4 -> "ipsec-tunnel";
      case 5 -> "ip-in-ip-ipsec";
      case 6 -> "mpls-in-ip-ipsec";
      case 7 -> "ip-in-ip";
      case 8 -> "vxlan";
      case 9 -> "nvgre";
      case 10 -> "mpls";
      case 11 -> "mpls-in-gre";
      case 12 -> "vxlan-gpe";
      case 13 -> "mpls-in-udp";
      case 14 -> "ipv6";
      case 15 -> "sr-policy";
      case 16 -> "bare";
      case 17 -> "sr-tunnel";
      case 18 -> "cloud-security";
      case 19 -> "geneve";
      case 20 -> "any";
      case 21 -> "gtp";
      case 25 -> "sd-wan-hybrid";
      default -> "tunnel-" + type;
    };
  }

  /// `sr-policy (preference 200, segment list (weight 6, segment fc00::1))`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
