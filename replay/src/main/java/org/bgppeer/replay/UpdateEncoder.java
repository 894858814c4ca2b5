package org.bgppeer.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.WireWriter;

/// Writes UPDATE messages for one session: whole, header included, none longer than agreed.
///
/// ```
/// marker (16) │ length (2) │ type (1) │ withdrawn length (2) │ withdrawn
///             │ attributes length (2) │ attributes │ NLRI
/// ```
///
/// IPv4 unicast travels in the classic fields (RFC 4271 §4.3), IPv6 unicast in MP_REACH_NLRI and
/// MP_UNREACH_NLRI (RFC 4760). Towards a peer with 2-octet AS numbers AS_PATH and AGGREGATOR have
/// AS_TRANS where a number does not fit, and AS4_PATH and AS4_AGGREGATOR stand beside (RFC 6793
/// §4.2.2).
///
/// This is the only code of the project that announces anything.
///
/// @param as4 whether both sides have 4-octet AS numbers
/// @param addPath the families in which each prefix has a path identifier before it (RFC 7911 §3)
/// @param maxLength the longest message that the peer accepts: 4096, or 65535 (RFC 8654)
record UpdateEncoder(boolean as4, Set<Family> addPath, int maxLength) {
  private static final int HEADER = 19;
  private static final int UPDATE = 2;
  private static final int AS_TRANS = 23456;

  private static final int WELL_KNOWN = 0x40;
  private static final int OPTIONAL = 0x80;
  private static final int OPTIONAL_TRANSITIVE = 0xc0;
  private static final int EXTENDED_LENGTH = 0x10;

  UpdateEncoder {
    addPath = Set.copyOf(addPath);
  }

  /// What a session can carry.
  ///
  /// @param agreed the other side's view of it: what they receive
  static UpdateEncoder of(Negotiated agreed) {
    return new UpdateEncoder(agreed.as4(), agreed.addPathReceive(), agreed.maxLength());
  }

  /// The same attributes for all of `routes`, which are of one family, in as few messages as it
  /// takes.
  List<byte[]> announce(Family family, RouteAttributes attributes, List<Nlri> routes) {
    var messages = new ArrayList<byte[]>();
    int next = 0;
    while (next < routes.size()) {
      var out = header();
      out.u16(0);
      int attributesLength = out.placeU16();
      if (family.isIpv6()) {
        int valueLength = begin(out, OPTIONAL, 14);
        byte[] nextHop = attributes.nextHop().getAddress();
        out.u16(family.afi()).u8(family.safi()).u8(nextHop.length).octets(nextHop).u8(0);
        // The other attributes stand behind, and must fit as well.
        int others = attributeOctets(attributes, false).length;
        next = fill(out, family, routes, next, maxLength - others);
        out.fillU16(valueLength);
        attributes(out, attributes, false);
        out.fillU16(attributesLength);
      } else {
        attributes(out, attributes, true);
        out.fillU16(attributesLength);
        next = fill(out, family, routes, next, maxLength);
      }
      messages.add(finish(out));
    }
    return messages;
  }

  /// Withdraws `routes`, which are of one family, in as few messages as it takes.
  List<byte[]> withdraw(Family family, List<Nlri> routes) {
    var messages = new ArrayList<byte[]>();
    int next = 0;
    while (next < routes.size()) {
      var out = header();
      if (family.isIpv6()) {
        out.u16(0);
        int attributesLength = out.placeU16();
        int valueLength = begin(out, OPTIONAL, 15);
        out.u16(family.afi()).u8(family.safi());
        next = fill(out, family, routes, next, maxLength);
        out.fillU16(valueLength).fillU16(attributesLength);
      } else {
        int withdrawnLength = out.placeU16();
        next = fill(out, family, routes, next, maxLength - 2);
        out.fillU16(withdrawnLength).u16(0);
      }
      messages.add(finish(out));
    }
    return messages;
  }

  /// The End-of-RIB marker of a family (RFC 4724 §2).
  byte[] endOfRib(Family family) {
    var out = header().u16(0);
    int attributesLength = out.placeU16();
    if (!family.equals(Family.IPV4_UNICAST)) {
      out.u8(OPTIONAL).u8(15).u8(3).u16(family.afi()).u8(family.safi());
    }
    return finish(out.fillU16(attributesLength));
  }

  /// Writes routes from number `next` on until `limit` octets are full; returns the first not
  /// written.
  private int fill(WireWriter out, Family family, List<Nlri> routes, int next, int limit) {
    boolean withPathId = addPath.contains(family);
    int first = next;
    while (next < routes.size()) {
      var route = routes.get(next);
      int octets = (route.prefix().length() + 7) / 8;
      int needed = octets + 1 + (withPathId ? 4 : 0);
      if (out.length() + needed > limit) {
        break;
      }
      if (withPathId) {
        out.u32(route.pathId());
      }
      out.u8(route.prefix().length()).octets(route.prefix().address(), 0, octets);
      next++;
    }
    if (next == first) {
      throw new IllegalArgumentException(
          "the attributes of " + routes.get(first).prefix() + " leave it no room in " + maxLength);
    }
    return next;
  }

  private byte[] attributeOctets(RouteAttributes attributes, boolean withNextHop) {
    var out = new WireWriter();
    attributes(out, attributes, withNextHop);
    return out.toByteArray();
  }

  /// In the order of their type codes, as RFC 4271 §5 recommends.
  private void attributes(WireWriter out, RouteAttributes route, boolean withNextHop) {
    out.u8(WELL_KNOWN).u8(1).u8(1).u8(route.origin());
    int place = begin(out, WELL_KNOWN, 2);
    asPath(out, route.asPath(), as4);
    out.fillU16(place);
    if (withNextHop) {
      byte[] nextHop = route.nextHop().getAddress();
      out.u8(WELL_KNOWN).u8(3).u8(nextHop.length).octets(nextHop);
    }
    var med = route.med();
    if (med != null) {
      out.u8(OPTIONAL).u8(4).u8(4).u32(med);
    }
    var aggregator = route.aggregator();
    if (aggregator != null) {
      out.u8(WELL_KNOWN).u8(6).u8(0);
      place = begin(out, OPTIONAL_TRANSITIVE, 7);
      as(out, aggregator.as(), as4);
      out.octets(aggregator.address().getAddress()).fillU16(place);
    }
    if (!route.communities().isEmpty()) {
      place = begin(out, OPTIONAL_TRANSITIVE, 8);
      route.communities().forEach(out::u32);
      out.fillU16(place);
    }
    if (!route.extendedCommunities().isEmpty()) {
      place = begin(out, OPTIONAL_TRANSITIVE, 16);
      route.extendedCommunities().forEach(out::u64);
      out.fillU16(place);
    }
    if (!as4 && route.asPath().stream().anyMatch(as -> as > 0xffff)) {
      place = begin(out, OPTIONAL_TRANSITIVE, 17);
      asPath(out, route.asPath(), true);
      out.fillU16(place);
    }
    if (!as4 && aggregator != null && aggregator.as() > 0xffff) {
      place = begin(out, OPTIONAL_TRANSITIVE, 18);
      out.u32(aggregator.as()).octets(aggregator.address().getAddress()).fillU16(place);
    }
    if (!route.largeCommunities().isEmpty()) {
      place = begin(out, OPTIONAL_TRANSITIVE, 32);
      for (var value : route.largeCommunities()) {
        out.u32(value.globalAdministrator()).u32(value.localData1()).u32(value.localData2());
      }
      out.fillU16(place);
    }
  }

  /// One AS_SEQUENCE, or none for an empty path; more than 255 ASes take several.
  private static void asPath(WireWriter out, List<Long> path, boolean as4) {
    for (int from = 0; from < path.size(); from += 255) {
      var segment = path.subList(from, Math.min(path.size(), from + 255));
      out.u8(2).u8(segment.size());
      segment.forEach(as -> as(out, as, as4));
    }
  }

  private static void as(WireWriter out, long as, boolean as4) {
    if (as4) {
      out.u32(as);
    } else {
      out.u16(as > 0xffff ? AS_TRANS : (int) as);
    }
  }

  /// Flags, type and room for a length of two octets.
  private static int begin(WireWriter out, int flags, int type) {
    return out.u8(flags | EXTENDED_LENGTH).u8(type).placeU16();
  }

  private static WireWriter header() {
    return new WireWriter(512).u64(-1).u64(-1).u16(0).u8(UPDATE);
  }

  private static byte[] finish(WireWriter out) {
    return out.putU16(HEADER - 3, out.length()).toByteArray();
  }
}
