package org.bgppeer.wire;

/// AGGREGATOR, type 7, RFC 4271 §5.1.7: the AS (2 octets, or 4: RFC 6793) and the IPv4 address (4)
/// of the speaker that made the aggregate.
///
/// @param as 0..4294967295
/// @param address 4 octets
public record Aggregator(long as, Octets address) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.AGGREGATOR;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @param as4 whether the AS has 4 octets, and not 2
  /// @throws MalformedAttribute if its length is not 8, or 6 (RFC 7606 §7.7), or the AS is 0 (RFC
  ///     7607 §2)
  static Aggregator decode(WireReader in, boolean as4) throws MalformedAttribute {
    check(in.array(), in.position(), in.remaining(), as4);
    return new Aggregator(as4 ? in.u32() : in.u16(), in.octets(4));
  }

  static void check(byte[] array, int offset, int length, boolean as4) throws MalformedAttribute {
    MalformedAttribute.unlessLength(as4 ? 8 : 6, length);
    if ((as4 ? WireReader.u32(array, offset) : WireReader.u16(array, offset)) == 0) {
      throw new MalformedAttribute("AS 0", "RFC 7607 2");
    }
  }

  /// Writes the value with an AS of 4 octets; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u32(as).octets(address);
  }

  static void describe(TreeBuilder tree, int asOctets) {
    if (tree.remaining() == asOctets + 4) {
      long as = tree.number("AS", asOctets);
      tree.value(as + " " + tree.ipv4(0));
      tree.ipv4("address");
    }
  }

  /// `64500 192.0.2.1`.
  @Override
  public String toString() {
    return as + " " + AddressText.of(address);
  }
}
