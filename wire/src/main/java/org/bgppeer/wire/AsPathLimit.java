package org.bgppeer.wire;

/// AS_PATHLIMIT, type 21, draft-ietf-idr-as-pathlimit §4, given back to the registry: how many AS
/// numbers the path may have at most.
///
/// @param upperBound 0..255
/// @param as who wants it, 0..4294967295
public record AsPathLimit(int upperBound, long as) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.AS_PATHLIMIT;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 5
  static AsPathLimit decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessLength(5, in.remaining());
    return new AsPathLimit(in.u8(), in.u32());
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u8(upperBound).u32(as);
  }

  static void describe(TreeBuilder tree) {
    if (tree.remaining() == 5) {
      tree.number("limit", 1);
      tree.number("AS", 4);
    }
  }

  /// `limit 4, AS 64500`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
