package org.bgppeer.wire;

/// MULTI_EXIT_DISC, type 4, RFC 4271 §5.1.4: which of several ways into an AS; lower is better.
///
/// @param value 0..4294967295
public record MultiExitDisc(long value) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.MULTI_EXIT_DISC;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 4 (RFC 7606 §7.4)
  static MultiExitDisc decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessLength(4, in.remaining());
    return new MultiExitDisc(in.u32());
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u32(value);
  }

  static void describe(TreeBuilder tree) {
    if (tree.remaining() == 4) {
      tree.number(TreeBuilder.VALUE, 4);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
