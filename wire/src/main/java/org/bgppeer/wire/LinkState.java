package org.bgppeer.wire;

import java.util.List;

/// BGP_LS, type 29, RFC 9552 §5.3: what is known about the node, link or prefix that the routes of
/// the message name. TLVs with a type and a length of two octets each; [LinkStateTlv] knows their
/// names.
///
/// @param tlvs in wire order
public record LinkState(List<Tlv> tlvs) implements PathAttribute {
  public LinkState {
    tlvs = List.copyOf(tlvs);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.BGP_LS;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if a TLV does not fit (RFC 9552 §8.2.2); what is in them is for the
  ///     one who uses it
  static LinkState decode(WireReader in) throws MalformedAttribute {
    return new LinkState(Tlv.list(in, 2, 2));
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    Tlv.encode(tlvs, 2, 2, 0, out);
  }

  static void describe(TreeBuilder tree) {
    LinkStateTlv.describeAll(tree);
  }

  /// `node name r1, IGP metric 10`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
