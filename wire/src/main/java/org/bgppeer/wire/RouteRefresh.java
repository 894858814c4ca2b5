package org.bgppeer.wire;

/// ROUTE-REFRESH, type 5, RFC 2918 §3 with RFC 7313 §3.2. Behind the header:
///
/// ```
/// +---------+------------------------+----------+--------------------------------+
/// | AFI (2) | Message Subtype (1)    | SAFI (1) | filters of RFC 5291, if any    |   octets
/// +---------+------------------------+----------+--------------------------------+
/// ```
///
/// @param subtype [#REQUEST], [#BEGIN] or [#END], or another number
/// @param rest what stands behind; empty if nothing does
public record RouteRefresh(Family family, int subtype, Octets rest) implements Message {
  /// Send all routes of this family again.
  public static final int REQUEST = 0;

  /// The routes of this family begin again (BoRR).
  public static final int BEGIN = 1;

  /// The routes of this family were all sent again (EoRR).
  public static final int END = 2;

  /// A request for all routes of a family.
  public static RouteRefresh request(Family family) {
    return new RouteRefresh(family, REQUEST, Octets.EMPTY);
  }

  @Override
  public MessageType type() {
    return MessageType.Assigned.ROUTE_REFRESH;
  }

  /// Reads a whole message.
  ///
  /// @throws RouteRefreshError if it is too short, or a BoRR or EoRR is not of 4 octets (RFC 7313
  ///     §5)
  static RouteRefresh decode(byte[] message, int offset, int length) throws RouteRefreshError {
    var in =
        new WireReader(message, offset + Framing.HEADER_LENGTH, length - Framing.HEADER_LENGTH);
    int body = in.remaining();
    if (body < 4) {
      throw badLength(message, offset, length, body);
    }
    int afi = in.u16();
    int subtype = in.u8();
    int safi = in.u8();
    if (body > 4 && (subtype == BEGIN || subtype == END)) {
      throw badLength(message, offset, length, body);
    }
    return new RouteRefresh(Family.of(afi, safi), subtype, in.octets(in.remaining()));
  }

  private static RouteRefreshError badLength(byte[] message, int offset, int length, int body) {
    return new RouteRefreshError(
        new Notification(
            Notification.ROUTE_REFRESH_ERROR, 1, Octets.copyOf(message, offset, length)),
        "length " + body + " is not 4");
  }

  /// The whole message.
  public byte[] encode() {
    var out = new WireWriter();
    int start = Framing.begin(out, type());
    out.u16(family.afi()).u8(subtype).u8(family.safi()).octets(rest);
    return Framing.end(out, start).toByteArray();
  }
}
