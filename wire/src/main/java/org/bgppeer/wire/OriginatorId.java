package org.bgppeer.wire;

/// ORIGINATOR_ID, type 9, RFC 4456 §8: the BGP identifier of who brought the route into the AS.
///
/// @param value 0..4294967295
public record OriginatorId(long value) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.ORIGINATOR_ID;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 4 (RFC 7606 §7.9)
  static OriginatorId decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessLength(4, in.remaining());
    return new OriginatorId(in.u32());
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u32(value);
  }

  static void describe(TreeBuilder tree) {
    if (tree.remaining() == 4) {
      tree.value(tree.ipv4(0));
      tree.ipv4("BGP identifier");
    }
  }

  @Override
  public String toString() {
    return AddressText.ofIdentifier(value);
  }
}
