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

  /// Refuses what is no address of a host, which RFC 4271 §6.3 calls syntactically incorrect:
  /// 0.0.0.0/8, multicast and the broadcast address. 127.0.0.0/8 and 240.0.0.0/4 are in use as next
  /// hops, whatever was planned for them.
  static void checkHost(byte[] array, int offset) throws MalformedAttribute {
    int first = array[offset] & 0xff;
    if (first == 0 || first >> 4 == 14 || WireReader.u32(array, offset) == 0xffff_ffffL) {
      throw new MalformedAttribute(
          AddressText.ipv4(array, offset) + " is not the address of a host", "RFC 4271 6.3");
    }
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.octets(address);
  }

  static void describe(TreeBuilder tree) {
    if (tree.remaining() == 4) {
      tree.value(tree.ipv4(0));
      tree.ipv4("address");
    }
  }

  @Override
  public String toString() {
    return AddressText.of(address);
  }
}
