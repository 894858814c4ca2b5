package org.bgppeer.wire;

/// LOCAL_PREF, type 5, RFC 4271 §5.1.5: how good a route is within an AS; higher is better.
///
/// @param value 0..4294967295
public record LocalPref(long value) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.LOCAL_PREF;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 4 (RFC 7606 §7.5)
  static LocalPref decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessLength(4, in.remaining());
    return new LocalPref(in.u32());
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
