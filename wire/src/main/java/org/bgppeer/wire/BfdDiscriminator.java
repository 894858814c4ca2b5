package org.bgppeer.wire;

import java.util.List;

/// BFD_DISCRIMINATOR, type 38, RFC 9026 §3.1.6: how to watch the tunnel that a route is about.
///
/// ```
/// +--------------+-----------------------+-----------------------------------+
/// | BFD Mode (1) | BFD Discriminator (4) | TLVs (type 1, length 1, value)    |   octets
/// +--------------+-----------------------+-----------------------------------+
/// ```
///
/// @param mode 1 is P2MP
/// @param discriminator 0..4294967295
/// @param tlvs in wire order; of type 1 is the source address of the packets
public record BfdDiscriminator(int mode, long discriminator, List<Tlv> tlvs)
    implements PathAttribute {
  public BfdDiscriminator {
    tlvs = List.copyOf(tlvs);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.BFD_DISCRIMINATOR;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is too short or a TLV does not fit
  static BfdDiscriminator decode(WireReader in) throws MalformedAttribute {
    if (in.remaining() < 5) {
      throw new MalformedAttribute("length " + in.remaining() + " is below 5");
    }
    return new BfdDiscriminator(in.u8(), in.u32(), Tlv.list(in, 1, 1));
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u8(mode).u32(discriminator);
    Tlv.encode(tlvs, 1, 1, 0, out);
  }

  static void describe(TreeBuilder tree) {
    tree.code("mode", 1, mode -> mode == 1 ? "p2mp" : Integer.toString(mode));
    tree.number("discriminator", 4);
    while (tree.moreTlvs(1, 1)) {
      boolean source = tree.u8(0) == 1;
      tree.openTlv(source ? "source" : "TLV " + tree.u8(0), 1, 1);
      if (source) {
        tree.address(TreeBuilder.VALUE);
      }
      tree.closeTlv();
    }
  }

  /// `mode p2mp, discriminator 17, source 192.0.2.1`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
