package org.bgppeer.wire;

/// ENTROPY_LABEL, type 28, RFC 6790 §5.2: the sender can take a label that only spreads load. Given
/// back to the registry by RFC 7447, because routers that passed it on unread made it a lie; so
/// whatever is in it, nothing follows from it.
///
/// @param value nothing in RFC 6790; some send octets
public record EntropyLabel(Octets value) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.ENTROPY_LABEL;
  }

  /// Reads the attribute's value: all that is left of `in`.
  static EntropyLabel decode(WireReader in) {
    return new EntropyLabel(in.octets(in.remaining()));
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.octets(value);
  }

  static void describe(TreeBuilder tree) {
    if (tree.remaining() == 0) {
      tree.value("set");
    }
  }

  /// `set`, or its octets
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
