package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Builds UPDATE messages, good ones and bad ones, for tests: the collector itself cannot.
///
/// ```java
/// byte[] message = new Updates().usual("192.0.2.1", 64500, 64501).nlri("198.51.100.0/24").build();
/// ```
public final class Updates {
  private final WireWriter withdrawn = new WireWriter();
  private final WireWriter attributes = new WireWriter();
  private final WireWriter nlri = new WireWriter();
  private boolean as4 = true;

  /// AS numbers of 2 octets from here on.
  public Updates as2() {
    as4 = false;
    return this;
  }

  /// Any attribute; the length has two octets if it must.
  public Updates attribute(int flags, int type, byte[] value) {
    boolean extended = value.length > 255 || (flags & 0x10) != 0;
    attributes.u8(extended ? flags | 0x10 : flags).u8(type);
    if (extended) {
      attributes.u16(value.length);
    } else {
      attributes.u8(value.length);
    }
    attributes.octets(value);
    return this;
  }

  /// Any attribute, its value in hex.
  public Updates attribute(int flags, int type, String hex) {
    return attribute(flags, type, Hex.octets(hex));
  }

  /// Octets among the attributes, as they are.
  public Updates rawAttributes(String hex) {
    attributes.octets(Hex.octets(hex));
    return this;
  }

  /// Octets in the NLRI field, as they are.
  public Updates rawNlri(String hex) {
    nlri.octets(Hex.octets(hex));
    return this;
  }

  /// Octets in the field of withdrawn routes, as they are.
  public Updates rawWithdrawn(String hex) {
    withdrawn.octets(Hex.octets(hex));
    return this;
  }

  public Updates origin(int value) {
    return attribute(0x40, 1, new byte[] {(byte) value});
  }

  /// One AS_SEQUENCE, or no segment at all.
  public Updates asPath(long... ases) {
    var out = new WireWriter();
    if (ases.length > 0) {
      out.u8(2).u8(ases.length);
    }
    for (long as : ases) {
      if (as4) {
        out.u32(as);
      } else {
        out.u16((int) as);
      }
    }
    return attribute(0x40, 2, out.toByteArray());
  }

  public Updates nextHop(String address) {
    return attribute(0x40, 3, AddressText.parse(address));
  }

  public Updates med(long value) {
    return attribute(0x80, 4, new WireWriter().u32(value).toByteArray());
  }

  public Updates localPref(long value) {
    return attribute(0x40, 5, new WireWriter().u32(value).toByteArray());
  }

  /// Communities as `64500:100`.
  public Updates communities(String... values) {
    var out = new WireWriter();
    for (String value : values) {
      for (String part : value.split(":")) {
        out.u16(Integer.parseInt(part));
      }
    }
    return attribute(0xc0, 8, out.toByteArray());
  }

  /// Communities as `64500:1:2`.
  public Updates largeCommunities(String... values) {
    var out = new WireWriter();
    for (String value : values) {
      for (String part : value.split(":")) {
        out.u32(Long.parseLong(part));
      }
    }
    return attribute(0xc0, 32, out.toByteArray());
  }

  /// ORIGIN IGP, the path, and the next hop: what every route has.
  public Updates usual(String nextHop, long... ases) {
    return origin(0).asPath(ases).nextHop(nextHop);
  }

  public Updates nlri(String... prefixes) {
    write(nlri, -1, prefixes);
    return this;
  }

  /// With a path identifier each.
  public Updates nlriOfPath(long pathId, String... prefixes) {
    write(nlri, pathId, prefixes);
    return this;
  }

  public Updates withdraw(String... prefixes) {
    write(withdrawn, -1, prefixes);
    return this;
  }

  /// With a path identifier each.
  public Updates withdrawPath(long pathId, String... prefixes) {
    write(withdrawn, pathId, prefixes);
    return this;
  }

  /// MP_REACH_NLRI; the next hop is one address, or two separated by a space.
  public Updates mpReach(Family family, String nextHop, String... prefixes) {
    return mpReachOfPath(family, nextHop, -1, prefixes);
  }

  /// MP_REACH_NLRI with a path identifier each.
  public Updates mpReachOfPath(Family family, String nextHop, long pathId, String... prefixes) {
    var out = new WireWriter().u16(family.afi()).u8(family.safi());
    int place = out.placeU8();
    for (String address : nextHop.split(" ")) {
      out.octets(AddressText.parse(address));
    }
    out.fillU8(place).u8(0);
    write(out, pathId, prefixes);
    return attribute(0x80, 14, out.toByteArray());
  }

  /// MP_UNREACH_NLRI; without prefixes the End-of-RIB of the family.
  public Updates mpUnreach(Family family, String... prefixes) {
    return mpUnreachOfPath(family, -1, prefixes);
  }

  /// MP_UNREACH_NLRI with a path identifier each.
  public Updates mpUnreachOfPath(Family family, long pathId, String... prefixes) {
    var out = new WireWriter().u16(family.afi()).u8(family.safi());
    write(out, pathId, prefixes);
    return attribute(0x80, 15, out.toByteArray());
  }

  /// The End-of-RIB of a family (RFC 4724 §2).
  public static byte[] endOfRib(Family family) {
    return family.equals(Family.IPV4_UNICAST)
        ? new Updates().build()
        : new Updates().mpUnreach(family).build();
  }

  /// The attributes alone.
  public byte[] attributes() {
    return attributes.toByteArray();
  }

  /// The whole message.
  public byte[] build() {
    var out = new WireWriter();
    int start = Framing.begin(out, MessageType.Assigned.UPDATE);
    out.u16(withdrawn.length()).octets(withdrawn.toByteArray());
    out.u16(attributes.length()).octets(attributes.toByteArray());
    out.octets(nlri.toByteArray());
    return Framing.end(out, start).toByteArray();
  }

  /// The message decoded, of an external neighbor with AS numbers of 4 octets unless [#as2] was
  /// said.
  public Update decode() {
    return decode(as4 ? DecodeContext.AS4 : DecodeContext.AS2);
  }

  /// The message decoded.
  public Update decode(DecodeContext context) {
    byte[] message = build();
    return Update.decode(message, 0, message.length, context);
  }

  /// A context with path identifiers in some families.
  public static DecodeContext addPath(Family... families) {
    return DecodeContext.AS4.withAddPath(Set.of(families));
  }

  /// The routes of some blocks as text: `192.0.2.0/24`, or `192.0.2.0/24 path 7`.
  public static List<String> routes(List<NlriBlock> blocks) {
    var routes = new ArrayList<String>();
    for (NlriBlock block : blocks) {
      for (var route = block.routes(); route.next(); ) {
        String path = route.pathId() < 0 ? "" : " path " + route.pathId();
        routes.add(route.text() + path);
      }
    }
    return routes;
  }

  private static void write(WireWriter out, long pathId, String... prefixes) {
    for (String text : prefixes) {
      Prefix prefix = Prefix.parse(text);
      if (pathId >= 0) {
        out.u32(pathId);
      }
      out.u8(prefix.length()).octets(prefix.address(), 0, (prefix.length() + 7) >> 3);
    }
  }
}
