package org.bgppeer.wire;

/// End-of-RIB (RFC 4724 §2): an UPDATE without routes, which says that all routes of a family were
/// sent. The only UPDATE that this room can write, and it has no place for one.
public final class EndOfRib {
  private static final int OPTIONAL = 0x80;

  private EndOfRib() {}

  /// The whole message: for IPv4 unicast an UPDATE with nothing in it, else one with an empty
  /// MP_UNREACH_NLRI.
  public static byte[] encode(Family family) {
    var out = new WireWriter();
    int start = Framing.begin(out, MessageType.Assigned.UPDATE);
    out.u16(0);
    if (family.equals(Family.IPV4_UNICAST)) {
      out.u16(0);
    } else {
      out.u16(6).u8(OPTIONAL).u8(AttributeType.Assigned.MP_UNREACH_NLRI.code()).u8(3);
      out.u16(family.afi()).u8(family.safi());
    }
    return Framing.end(out, start).toByteArray();
  }
}
