package org.bgppeer.wire;

/// NEXT_HOP, type 3, RFC 4271 §5.1.3: an IPv4 address.
///
/// @param address 4 octets
public record NextHop(Octets address) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.NEXT_HOP;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 4 (RFC 7606 §7.3)
  static NextHop decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessLength(4, in.remaining());
    return new NextHop(in.octets(4));
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.octets(address);
  }

  @Override
  public String toString() {
    return AddressText.of(address);
  }
}
