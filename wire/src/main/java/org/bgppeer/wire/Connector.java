package org.bgppeer.wire;

/// CONNECTOR, type 20, RFC 6037 §5.2.1, given back to the registry: the address by which the sender
/// of multicast in a VPN is found.
///
/// @param kind 1 for an IPv4 address
/// @param value its octets
public record Connector(int kind, Octets value) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.CONNECTOR;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is shorter than 2
  static Connector decode(WireReader in) throws MalformedAttribute {
    if (in.remaining() < 2) {
      throw new MalformedAttribute("length " + in.remaining() + " is below 2");
    }
    return new Connector(in.u16(), in.octets(in.remaining()));
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u16(kind).octets(value);
  }

  static void describe(TreeBuilder tree) {
    if (tree.number("type", 2) == 1 && tree.remaining() == 4) {
      tree.ipv4(TreeBuilder.VALUE);
    }
  }

  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
