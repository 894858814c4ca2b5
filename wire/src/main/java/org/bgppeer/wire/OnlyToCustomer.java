package org.bgppeer.wire;

/// ONLY_TO_CUSTOMER, type 35, RFC 9234 §5: once a route was sent down or sideways it must only go
/// further down.
///
/// @param as who said so first, 0..4294967295
public record OnlyToCustomer(long as) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.ONLY_TO_CUSTOMER;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 4 (§5)
  static OnlyToCustomer decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessLength(4, in.remaining());
    return new OnlyToCustomer(in.u32());
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u32(as);
  }

  static void describe(TreeBuilder tree) {
    tree.number(TreeBuilder.VALUE, 4);
  }

  @Override
  public String toString() {
    return Long.toString(as);
  }
}
