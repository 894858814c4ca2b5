package org.bgppeer.wire;

import java.util.List;

/// SFP, type 37, RFC 9015 §3.2.1: the path through service functions that a route of the family
/// SFC describes, as TLVs (type 1, length 2).
///
/// @param tlvs in wire order
public record Sfp(List<Tlv> tlvs) implements PathAttribute {
  private static final int ASSOCIATION = 1;
  private static final int HOP = 2;
  private static final int SERVICE_FUNCTION_TYPE = 3;

  public Sfp {
    tlvs = List.copyOf(tlvs);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.SFP;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if a TLV does not fit
  static Sfp decode(WireReader in) throws MalformedAttribute {
    return new Sfp(Tlv.list(in, 1, 2));
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    Tlv.encode(tlvs, 1, 2, 0, out);
  }

  static void describe(TreeBuilder tree) {
    while (tree.moreTlvs(1, 2)) {
      int type = tree.u8(0);
      tree.openTlv(name(type), 1, 2);
      switch (type) {
        case ASSOCIATION -> {
          if (tree.remaining() == 12) {
            tree.number("association type", 1);
            tree.octets("SFPR RD", 8);
            tree.number("SPI", 3);
          }
        }
        case HOP -> {
          tree.number("SI", 1);
          while (tree.moreTlvs(1, 2)) {
            int inner = tree.u8(0);
            tree.openTlv(name(inner), 1, 2);
            if (inner == SERVICE_FUNCTION_TYPE) {
              tree.number("SFT", 2);
              while (tree.remaining() >= 8) {
                tree.octets("SFIR RD", 8);
              }
            }
            tree.closeTlv();
          }
        }
        default -> {}
      }
      tree.closeTlv();
    }
  }

  private static String name(int type) {
    return switch (type) {
      case ASSOCIATION -> "association";
      case HOP -> "hop";
      case SERVICE_FUNCTION_TYPE -> "functions";
      case 4 -> "MPLS swapping and stacking";
      case 5 -> "MPLS label stack";
      default -> "TLV " + type;
    };
  }

  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
