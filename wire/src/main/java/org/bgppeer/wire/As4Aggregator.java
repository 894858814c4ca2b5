package org.bgppeer.wire;

/// AS4_AGGREGATOR, type 18, RFC 6793 §3: the [Aggregator] with an AS of 4 octets, which passed
/// through a speaker that has only 2.
///
/// @param as 0..4294967295
/// @param address 4 octets
public record As4Aggregator(long as, Octets address) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.AS4_AGGREGATOR;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 8 (RFC 6793 §6), or the AS is 0 (RFC 7607 §2)
  static As4Aggregator decode(WireReader in) throws MalformedAttribute {
    Aggregator.check(in.array(), in.position(), in.remaining(), true);
    return new As4Aggregator(in.u32(), in.octets(4));
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u32(as).octets(address);
  }

  /// `64500 192.0.2.1`.
  @Override
  public String toString() {
    return as + " " + AddressText.of(address);
  }
}
