package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One route of one neighbor, as a table in an archive has it: TABLE_DUMP (RFC 6396 §4.2) or
/// TABLE_DUMP_V2 (§4.3, RFC 8050).
///
/// @param peer whose it is
/// @param block the route alone; it has its path identifier if the table has such
/// @param attributes as [Update#attributeSet] has them
public record RibRoute(PeerIndex.Peer peer, NlriBlock block, byte[] attributes) {
  private static final int MP_REACH_NLRI = 14;
  private static final int MP_UNREACH_NLRI = 15;

  /// Whether a record has routes of a table.
  public static boolean isTable(byte[] array, int at) {
    int subtype = WireReader.u16(array, at + 6);
    return switch (WireReader.u16(array, at + 4)) {
      case Mrt.TABLE_DUMP -> subtype >= 1 && subtype <= 4;
      case Mrt.TABLE_DUMP_V2 -> subtype >= 2 && subtype <= 12 && subtype != 7;
      default -> false;
    };
  }

  /// Reads all routes of a record with [#isTable].
  ///
  /// @param length of the record, header included
  /// @param peers the last peer index table before it; null if none came
  /// @throws MrtError if it is cut or names a peer that the table does not have
  public static List<RibRoute> decode(
      byte[] array, int offset, int length, @Nullable PeerIndex peers) throws MrtError {
    var in = new WireReader(array, offset, length);
    in.skip(4);
    int type = in.u16();
    int subtype = in.u16();
    in.skip(4);
    try {
      return type == Mrt.TABLE_DUMP ? List.of(old(in, subtype)) : table(in, subtype, peers);
    } catch (IndexOutOfBoundsException e) {
      throw new MrtError("a record of a table ends too early");
    }
  }

  /// TABLE_DUMP, RFC 6396 §4.2; with subtypes 3 and 4, which are no RFC's, AS numbers have 4
  /// octets.
  private static RibRoute old(WireReader in, int subtype) throws MrtError {
    boolean ipv6 = subtype == 2 || subtype == 4;
    boolean as4 = subtype > 2;
    int octets = ipv6 ? 16 : 4;
    in.skip(4);
    byte[] address = in.octets(octets).array();
    int bits = in.u8();
    in.skip(5);
    Octets peer = in.octets(octets);
    long as = as4 ? in.u32() : in.u16();
    Family family = ipv6 ? Family.IPV6_UNICAST : Family.IPV4_UNICAST;
    if (bits > 8 * octets) {
      throw new MrtError("a prefix of " + bits + " bits in a table of " + family);
    }
    int significant = (bits + 7) / 8;
    byte[] nlri = new byte[1 + significant];
    nlri[0] = (byte) bits;
    System.arraycopy(address, 0, nlri, 1, significant);
    return of(new PeerIndex.Peer(0, peer, as), family, false, nlri, in.slice(in.u16()), as4);
  }

  private static List<RibRoute> table(WireReader in, int subtype, @Nullable PeerIndex peers)
      throws MrtError {
    in.skip(4);
    boolean generic = subtype == 6 || subtype == 12;
    boolean addPath = subtype >= 8;
    Family family =
        switch (subtype) {
          case 2, 8 -> Family.IPV4_UNICAST;
          case 3, 9 -> Family.IPV4_MULTICAST;
          case 4, 10 -> Family.IPV6_UNICAST;
          case 5, 11 -> Family.IPV6_MULTICAST;
          default -> Family.of(in.u16(), in.u8());
        };
    long pathId = generic && addPath ? in.u32() : 0;
    int length;
    try {
      length =
          NlriCodec.of(family).length(in.array(), in.position(), in.position() + in.remaining());
    } catch (MalformedAttribute e) {
      throw new MrtError("a route of " + family + " in a table: " + e.reason());
    }
    byte[] nlri = in.octets(length).array();
    int count = in.u16();
    var routes = new ArrayList<RibRoute>(count);
    for (int i = 0; i < count; i++) {
      int number = in.u16();
      if (peers == null || number >= peers.peers().size()) {
        throw new MrtError("no peer index table before it has peer " + number);
      }
      in.skip(4);
      if (addPath && !generic) {
        pathId = in.u32();
      }
      byte[] route =
          addPath ? new WireWriter(length + 4).u32(pathId).octets(nlri).toByteArray() : nlri;
      var peer = peers.peers().get(number);
      routes.add(of(peer, family, addPath, route, in.slice(in.u16()), true));
    }
    return routes;
  }

  private static RibRoute of(
      PeerIndex.Peer peer,
      Family family,
      boolean pathIds,
      byte[] nlri,
      WireReader attributes,
      boolean as4) {
    Octets nextHop = null;
    var others = new WireWriter(attributes.remaining() + Framing.HEADER_LENGTH + 4);
    int start = Framing.begin(others, MessageType.Assigned.UPDATE);
    int before = others.u16(0).u16(0).length();
    while (attributes.remaining() >= 3) {
      int from = attributes.position();
      boolean extended = (attributes.u8() & 0x10) != 0;
      int code = attributes.u8();
      WireReader value = attributes.slice(extended ? attributes.u16() : attributes.u8());
      if (code == MP_REACH_NLRI) {
        nextHop = nextHop(value);
      } else if (code != MP_UNREACH_NLRI) {
        others.octets(attributes.array(), from, attributes.position() - from);
      }
    }
    others.putU16(before - 2, others.length() - before);
    Framing.end(others, start);
    var update =
        Update.decode(
            others.array(), start, others.length(), new DecodeContext(as4, Set.of(), true));
    var block =
        new NlriBlock(
            family,
            nextHop != null,
            pathIds,
            nlri,
            0,
            nlri.length,
            1,
            nextHop == null ? Octets.EMPTY : nextHop);
    byte[] set = update.attributeSet(block);
    return new RibRoute(peer, block, nextHop == null ? set : withNextHop(set, nextHop));
  }

  /// The next hop of MP_REACH_NLRI in the short form of tables; some write the long one.
  private static Octets nextHop(WireReader value) {
    if (value.remaining() > 3 && value.array()[value.position()] == 0) {
      value.skip(3);
    }
    int length = value.u8();
    return value.octets(Math.min(length, value.remaining()));
  }

  /// Puts MP_REACH_NLRI between the attributes where its type has its place.
  private static byte[] withNextHop(byte[] set, Octets nextHop) {
    var out = new WireWriter(set.length + 4 + nextHop.length());
    int at = 0;
    while (at < set.length && (set[at + 1] & 0xff) < MP_REACH_NLRI) {
      boolean extended = (set[at] & 0x10) != 0;
      at += extended ? 4 + WireReader.u16(set, at + 2) : 3 + (set[at + 2] & 0xff);
    }
    out.octets(set, 0, at);
    out.u8(0x80).u8(MP_REACH_NLRI).u8(nextHop.length() + 1).u8(nextHop.length()).octets(nextHop);
    out.octets(set, at, set.length - at);
    return out.toByteArray();
  }
}
