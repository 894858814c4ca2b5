package org.bgppeer.wire;

import java.util.List;

/// NEXT_HOP_CHARACTERISTICS, type 39, draft-ietf-idr-nhc §2: what the next hop that is named here
/// can do; if it is not the route's next hop any more, nothing of it holds.
///
/// ```
/// +---------+----------+---------------------+----------+-------------------------------------+
/// | AFI (2) | SAFI (1) | Next Hop Length (1) | Next Hop | code (2), length (2), value, …      |
/// +---------+----------+---------------------+----------+-------------------------------------+
/// ```
///
/// @param characteristics by their code, in wire order
public record NextHopCharacteristics(Family family, Octets nextHop, List<Tlv> characteristics)
    implements PathAttribute {
  public NextHopCharacteristics {
    characteristics = List.copyOf(characteristics);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.NEXT_HOP_CHARACTERISTICS;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is too short or a length does not fit
  static NextHopCharacteristics decode(WireReader in) throws MalformedAttribute {
    if (in.remaining() < 4) {
      throw new MalformedAttribute("length " + in.remaining() + " is below 4");
    }
    Family family = Family.of(in.u16(), in.u8());
    int nextHop = in.u8();
    if (nextHop > in.remaining()) {
      throw new MalformedAttribute(
          "a next hop of " + nextHop + " octets where " + in.remaining() + " octets are left");
    }
    return new NextHopCharacteristics(family, in.octets(nextHop), Tlv.list(in, 2, 2));
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u16(family.afi()).u8(family.safi()).u8(nextHop.length()).octets(nextHop);
    Tlv.encode(characteristics, 2, 2, 0, out);
  }

  static void describe(TreeBuilder tree) {
    if (!tree.need(4, "AFI, SAFI and next hop length")) {
      return;
    }
    tree.family();
    int length = tree.u8(0);
    tree.leaf("next hop length", 1, length);
    tree.open("next hop", length);
    tree.address(TreeBuilder.VALUE);
    tree.value(tree.summary(tree.part(), 0));
    tree.close();
    while (tree.moreTlvs(2, 2)) {
      tree.openTlv(name(tree.u16(0)), 2, 2);
      tree.closeTlv();
    }
  }

  private static String name(int code) {
    return switch (code) {
      case 1 -> "entropy label";
      case 2 -> "next-next-hop nodes";
      case 3 -> "BGP identifier";
      default -> "characteristic " + code;
    };
  }

  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
