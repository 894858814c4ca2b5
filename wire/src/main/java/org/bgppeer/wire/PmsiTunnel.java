package org.bgppeer.wire;

/// PMSI_TUNNEL, type 22, RFC 6514 §5: the tunnel that carries the multicast of a provider's
/// customer.
///
/// ```
/// +-----------+-----------------+----------------+---------------------+
/// | Flags (1) | Tunnel Type (1) | MPLS Label (3) | Tunnel Identifier   |   octets
/// +-----------+-----------------+----------------+---------------------+
/// ```
///
/// @param flags the octet as it came
/// @param tunnelType 0..255
/// @param label all 24 bits: a label in the highest 20 of them, or a VNI (RFC 8365 §5.1.3)
/// @param identifier whatever names the tunnel
public record PmsiTunnel(int flags, int tunnelType, int label, Octets identifier)
    implements PathAttribute {
  private static final int NO_TUNNEL = 0;
  private static final int RSVP_TE_P2MP = 1;
  private static final int MLDP_P2MP = 2;
  private static final int PIM_SSM = 3;
  private static final int PIM_SM = 4;
  private static final int BIDIR_PIM = 5;
  private static final int INGRESS_REPLICATION = 6;
  private static final int MLDP_MP2MP = 7;
  private static final int ASSISTED_REPLICATION = 10;
  private static final int BIER = 11;

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.PMSI_TUNNEL;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is too short, or the identifier cannot be one of the tunnel's
  ///     type (§5); a type that is not known here is none of these
  static PmsiTunnel decode(WireReader in) throws MalformedAttribute {
    if (in.remaining() < 5) {
      throw new MalformedAttribute("length " + in.remaining() + " is below 5");
    }
    var tunnel =
        new PmsiTunnel(in.u8(), in.u8(), in.u8() << 16 | in.u16(), in.octets(in.remaining()));
    if (!tunnel.identifierFits()) {
      throw new MalformedAttribute(
          "an identifier of "
              + tunnel.identifier.length()
              + " octets for a tunnel of type "
              + tunnel.tunnelType);
    }
    return tunnel;
  }

  private boolean identifierFits() {
    int length = identifier.length();
    return switch (tunnelType) {
      // Some send the address of their end without a tunnel too; nobody reads it.
      case NO_TUNNEL -> true;
      case RSVP_TE_P2MP -> length == 12 || length == 24;
      case MLDP_P2MP, MLDP_MP2MP -> length >= 4 && length >= 4 + identifier.u8(3);
      case PIM_SSM, PIM_SM, BIDIR_PIM -> length == 8 || length == 32;
      case INGRESS_REPLICATION, ASSISTED_REPLICATION -> length == 4 || length == 16;
      case BIER -> length == 7 || length == 19;
      default -> true;
    };
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u8(flags).u8(tunnelType).u8(label >>> 16).u16(label).octets(identifier);
  }

  static void describe(TreeBuilder tree) {
    tree.flags("flags", 1, "", "extension", "", "", "", "", "", "leaf-information-required");
    int type = tree.code("tunnel", 1, PmsiTunnel::name);
    if (tree.remaining() >= 3) {
      int label = tree.u24(0);
      tree.leaf("label", 3, label == 0 ? "" : (label >>> 4) + " or VNI " + label);
    }
    int length = tree.remaining();
    switch (type) {
      case RSVP_TE_P2MP -> {
        if (length == 12) {
          tree.ipv4("extended tunnel id");
        } else if (length == 24) {
          tree.ipv6("extended tunnel id");
        }
        if (tree.remaining() == 8) {
          tree.reserved(2);
          tree.number("tunnel id", 2);
          tree.number("P2MP id", 4);
        }
      }
      case MLDP_P2MP, MLDP_MP2MP -> {
        if (length >= 4 && length >= 4 + tree.u8(3)) {
          tree.number("FEC type", 1);
          tree.number("address family", 2);
          int root = (int) tree.number("root address length", 1);
          tree.open("root", root);
          tree.address(TreeBuilder.VALUE);
          tree.value(tree.summary(tree.part(), 0));
          tree.close();
          if (tree.remaining() > 2) {
            tree.number("opaque length", 2);
            tree.octets("opaque value", tree.remaining());
          }
        }
      }
      case PIM_SSM, PIM_SM, BIDIR_PIM -> {
        if (length == 8) {
          tree.ipv4("source");
          tree.ipv4("group");
        } else if (length == 32) {
          tree.ipv6("source");
          tree.ipv6("group");
        }
      }
      case INGRESS_REPLICATION, ASSISTED_REPLICATION -> tree.address("endpoint");
      case BIER -> {
        if (length == 7 || length == 19) {
          tree.number("sub-domain", 1);
          tree.number("BFR id", 2);
          tree.address("BFR prefix");
        }
      }
      default -> {}
    }
  }

  private static String name(int type) {
    return switch (type) {
      case NO_TUNNEL -> "none";
      case RSVP_TE_P2MP -> "rsvp-te-p2mp";
      case MLDP_P2MP -> "mldp-p2mp";
      case PIM_SSM -> "pim-ssm";
      case PIM_SM -> "pim-sm";
      case BIDIR_PIM -> "bidir-pim";
      case INGRESS_REPLICATION -> "ingress-replication";
      case MLDP_MP2MP -> "mldp-mp2mp";
      case 8 -> "transport"; // RFC 7524
      case ASSISTED_REPLICATION -> "assisted-replication"; // RFC 9574
      case BIER -> "bier"; // RFC 8556
      default -> "type-" + type;
    };
  }

  /// `tunnel ingress-replication, label 6 or VNI 100, endpoint 192.0.2.1`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
