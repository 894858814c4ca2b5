package org.bgppeer.wire;

/// ORIGIN, type 1, RFC 4271 §5.1.1: one octet, 0, 1 or 2.
public record Origin(Value value) implements PathAttribute {
  /// Where the originating AS has the route from, in the order of the numbers on the wire.
  public enum Value {
    IGP,
    EGP,
    INCOMPLETE
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.ORIGIN;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 1 or the value undefined (RFC 7606 §7.1)
  static Origin decode(WireReader in) throws MalformedAttribute {
    check(in.array(), in.position(), in.remaining());
    return new Origin(of(in.u8()));
  }

  static void check(byte[] array, int offset, int length) throws MalformedAttribute {
    MalformedAttribute.unlessLength(1, length);
    int value = array[offset] & 0xff;
    if (value > 2) {
      throw new MalformedAttribute("value " + value + " is not 0, 1 or 2");
    }
  }

  /// The value of a number of 0..2.
  static Value of(int value) {
    return switch (value) {
      case 0 -> Value.IGP;
      case 1 -> Value.EGP;
      default -> Value.INCOMPLETE;
    };
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u8(
        switch (value) {
          case IGP -> 0;
          case EGP -> 1;
          case INCOMPLETE -> 2;
        });
  }

  static void describe(TreeBuilder tree) {
    if (tree.remaining() == 1) {
      int origin = tree.u8(0);
      String known = origin <= 2 ? of(origin).toString() : "undefined";
      tree.value(known);
      tree.leaf("value", 1, origin + " = " + known);
    }
  }

  @Override
  public String toString() {
    return value.name();
  }
}
