package org.bgppeer.wire;

/// ATOMIC_AGGREGATE, type 6, RFC 4271 §5.1.6: no octets; that it is there says that AS numbers were
/// left out of the path.
public record AtomicAggregate() implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.ATOMIC_AGGREGATE;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 0 (RFC 7606 §7.6)
  static AtomicAggregate decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessLength(0, in.remaining());
    return new AtomicAggregate();
  }

  /// Writes the value, which is none.
  void encode(WireWriter out) {}

  static void describe(TreeBuilder tree) {
    if (tree.remaining() == 0) {
      tree.value("set");
    }
  }

  @Override
  public String toString() {
    return "";
  }
}
