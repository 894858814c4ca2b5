package org.bgppeer.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A capability of an OPEN (RFC 5492 §4):
///
/// ```
/// +---------------------+-----------------------+---------------------------+
/// | Capability Code (1) | Capability Length (1) | Capability Value (length) |   octets
/// +---------------------+-----------------------+---------------------------+
/// ```
///
/// Each has a `toString` for people. One that we do not know, or whose value is not as its RFC has
/// it, is an [UnknownCapability] and keeps its octets: it then has no effect.
public sealed interface Capability {
  /// Its code.
  CapabilityCode code();

  /// Writes the value; code and length are the caller's.
  void encodeValue(WireWriter out);

  /// Routes of a family (RFC 4760 §8).
  record Multiprotocol(Family family) implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.MULTIPROTOCOL;
    }

    @Override
    public void encodeValue(WireWriter out) {
      out.u16(family.afi()).u8(0).u8(family.safi());
    }

    @Override
    public String toString() {
      return code() + " " + family;
    }
  }

  /// Understands ROUTE-REFRESH (RFC 2918 §2).
  ///
  /// @param cisco whether by the code that Cisco used before the RFC
  record RouteRefreshCapability(boolean cisco) implements Capability {
    @Override
    public CapabilityCode code() {
      return cisco
          ? CapabilityCode.Assigned.ROUTE_REFRESH_CISCO
          : CapabilityCode.Assigned.ROUTE_REFRESH;
    }

    @Override
    public void encodeValue(WireWriter out) {}

    @Override
    public String toString() {
      return code().toString();
    }
  }

  /// Understands the beginning and end of a refresh (RFC 7313 §3.1).
  record EnhancedRouteRefresh() implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.ENHANCED_ROUTE_REFRESH;
    }

    @Override
    public void encodeValue(WireWriter out) {}

    @Override
    public String toString() {
      return code().toString();
    }
  }

  /// Messages of up to 65535 octets (RFC 8654 §3).
  record ExtendedMessage() implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.EXTENDED_MESSAGE;
    }

    @Override
    public void encodeValue(WireWriter out) {}

    @Override
    public String toString() {
      return code().toString();
    }
  }

  /// AS numbers of 4 octets (RFC 6793 §3).
  ///
  /// @param as the sender's, 0..4294967295
  record FourOctetAs(long as) implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.FOUR_OCTET_AS;
    }

    @Override
    public void encodeValue(WireWriter out) {
      out.u32(as);
    }

    @Override
    public String toString() {
      return code() + " " + as;
    }
  }

  /// Several paths of one prefix (RFC 7911 §4).
  record AddPath(List<AddPath.Entry> entries) implements Capability {
    public static final int RECEIVE = 1;
    public static final int SEND = 2;
    public static final int BOTH = 3;

    public AddPath {
      entries = List.copyOf(entries);
    }

    /// What the sender can do in one family.
    ///
    /// @param sendReceive [#RECEIVE], [#SEND], [#BOTH] or a number without meaning
    public record Entry(Family family, int sendReceive) {
      /// Whether it can receive path identifiers.
      public boolean receives() {
        return sendReceive == RECEIVE || sendReceive == BOTH;
      }

      /// Whether it can send path identifiers.
      public boolean sends() {
        return sendReceive == SEND || sendReceive == BOTH;
      }

      @Override
      public String toString() {
        return family
            + switch (sendReceive) {
              case RECEIVE -> " receive";
              case SEND -> " send";
              case BOTH -> " send and receive";
              default -> " " + sendReceive;
            };
      }
    }

    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.ADD_PATH;
    }

    @Override
    public void encodeValue(WireWriter out) {
      for (AddPath.Entry entry : entries) {
        out.u16(entry.family.afi()).u8(entry.family.safi()).u8(entry.sendReceive);
      }
    }

    @Override
    public String toString() {
      return code() + " " + list(entries);
    }
  }

  /// IPv6 next hops for IPv4 routes (RFC 8950 §4).
  record ExtendedNextHop(List<ExtendedNextHop.Entry> entries) implements Capability {
    public ExtendedNextHop {
      entries = List.copyOf(entries);
    }

    /// Routes of `nlri` may have a next hop of the AFI `nextHopAfi`.
    public record Entry(Family nlri, int nextHopAfi) {
      @Override
      public String toString() {
        return nlri + " over " + Afi.of(nextHopAfi);
      }
    }

    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.EXTENDED_NEXT_HOP;
    }

    @Override
    public void encodeValue(WireWriter out) {
      for (ExtendedNextHop.Entry entry : entries) {
        out.u16(entry.nlri.afi()).u16(entry.nlri.safi()).u16(entry.nextHopAfi);
      }
    }

    @Override
    public String toString() {
      return code() + " " + list(entries);
    }
  }

  /// Forwarding survives a restart; End-of-RIB is sent (RFC 4724 §3).
  ///
  /// @param restarted the Restart State bit: it just restarted
  /// @param notification the N bit: also after NOTIFICATIONs (RFC 8538 §2)
  /// @param restartTimeSeconds 0..4095
  record GracefulRestart(
      boolean restarted,
      boolean notification,
      int restartTimeSeconds,
      List<GracefulRestart.Entry> entries)
      implements Capability {
    public GracefulRestart {
      entries = List.copyOf(entries);
    }

    /// One that asks for End-of-RIB and promises nothing (RFC 4724 §3).
    public static GracefulRestart endOfRibOnly() {
      return new GracefulRestart(false, false, 0, List.of());
    }

    /// A family whose routes survive.
    ///
    /// @param forwardingKept the Forwarding State bit: it kept forwarding in the last restart
    public record Entry(Family family, boolean forwardingKept) {
      @Override
      public String toString() {
        return forwardingKept ? family + " (forwarding kept)" : family.toString();
      }
    }

    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.GRACEFUL_RESTART;
    }

    @Override
    public void encodeValue(WireWriter out) {
      out.u16(
          (restarted ? 0x8000 : 0) | (notification ? 0x4000 : 0) | (restartTimeSeconds & 0xfff));
      for (GracefulRestart.Entry entry : entries) {
        out.u16(entry.family.afi()).u8(entry.family.safi()).u8(entry.forwardingKept ? 0x80 : 0);
      }
    }

    @Override
    public String toString() {
      return code()
          + " "
          + restartTimeSeconds
          + " s"
          + (restarted ? ", restarted" : "")
          + (notification ? ", also after NOTIFICATION" : "")
          + (entries.isEmpty() ? "" : ", " + list(entries));
    }
  }

  /// The sender's name (draft-walton-bgp-hostname-capability §3); both are at most 64 octets of
  /// UTF-8 there.
  record Fqdn(String host, String domain) implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.FQDN;
    }

    @Override
    public void encodeValue(WireWriter out) {
      for (String name : List.of(host, domain)) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, 64);
        while (length < utf8.length && (utf8[length] & 0xc0) == 0x80) {
          length--;
        }
        out.u8(length).octets(utf8, 0, length);
      }
    }

    @Override
    public String toString() {
      return code() + " " + host + (domain.isEmpty() ? "" : "." + domain);
    }
  }

  /// Any other one, or one whose value is not as it should be.
  record UnknownCapability(CapabilityCode code, Octets value) implements Capability {
    @Override
    public void encodeValue(WireWriter out) {
      out.octets(value);
    }

    @Override
    public String toString() {
      return value.isEmpty() ? code.toString() : code + " " + value;
    }
  }

  /// Reads the value of a capability: all that is left of `in`.
  static Capability decode(int code, WireReader in) {
    return switch (CapabilityCode.of(code)) {
      case CapabilityCode.Unknown other -> unknown(other, in);
      case CapabilityCode.Assigned known -> decodeAssigned(known, in);
    };
  }

  private static Capability decodeAssigned(CapabilityCode.Assigned known, WireReader in) {
    int length = in.remaining();
    return switch (known) {
      case MULTIPROTOCOL -> length == 4 ? new Multiprotocol(multiprotocol(in)) : unknown(known, in);
      case ROUTE_REFRESH -> length == 0 ? new RouteRefreshCapability(false) : unknown(known, in);
      case ROUTE_REFRESH_CISCO ->
          length == 0 ? new RouteRefreshCapability(true) : unknown(known, in);
      case ENHANCED_ROUTE_REFRESH -> length == 0 ? new EnhancedRouteRefresh() : unknown(known, in);
      case EXTENDED_MESSAGE -> length == 0 ? new ExtendedMessage() : unknown(known, in);
      case FOUR_OCTET_AS -> length == 4 ? new FourOctetAs(in.u32()) : unknown(known, in);
      case ADD_PATH -> length % 4 == 0 ? addPath(in) : unknown(known, in);
      case EXTENDED_NEXT_HOP -> length % 6 == 0 ? extendedNextHop(in) : unknown(known, in);
      case GRACEFUL_RESTART ->
          length >= 2 && (length - 2) % 4 == 0 ? gracefulRestart(in) : unknown(known, in);
      case FQDN -> fqdn(in);
      case OUTBOUND_ROUTE_FILTERING,
          OUTBOUND_ROUTE_FILTERING_CISCO,
          BGPSEC,
          MULTIPLE_LABELS,
          BGP_ROLE,
          DYNAMIC_CAPABILITY,
          MULTISESSION,
          LONG_LIVED_GRACEFUL_RESTART,
          BFD,
          SOFTWARE_VERSION,
          PATHS_LIMIT ->
          unknown(known, in);
    };
  }

  private static Capability unknown(CapabilityCode code, WireReader in) {
    return new UnknownCapability(code, in.octets(in.remaining()));
  }

  private static Family multiprotocol(WireReader in) {
    int afi = in.u16();
    in.skip(1);
    return Family.of(afi, in.u8());
  }

  private static Capability addPath(WireReader in) {
    var entries = new ArrayList<AddPath.Entry>();
    while (in.remaining() > 0) {
      entries.add(new AddPath.Entry(Family.of(in.u16(), in.u8()), in.u8()));
    }
    return new AddPath(entries);
  }

  private static Capability extendedNextHop(WireReader in) {
    var whole = in.slice(in.remaining());
    Octets value = Octets.copyOf(whole.array(), whole.position(), whole.remaining());
    var entries = new ArrayList<ExtendedNextHop.Entry>();
    while (whole.remaining() > 0) {
      int afi = whole.u16();
      int safi = whole.u16();
      if (safi > 0xff) {
        return new UnknownCapability(CapabilityCode.Assigned.EXTENDED_NEXT_HOP, value);
      }
      entries.add(new ExtendedNextHop.Entry(Family.of(afi, safi), whole.u16()));
    }
    return new ExtendedNextHop(entries);
  }

  private static Capability gracefulRestart(WireReader in) {
    int flags = in.u16();
    var entries = new ArrayList<GracefulRestart.Entry>();
    while (in.remaining() > 0) {
      entries.add(new GracefulRestart.Entry(Family.of(in.u16(), in.u8()), (in.u8() & 0x80) != 0));
    }
    return new GracefulRestart(
        (flags & 0x8000) != 0, (flags & 0x4000) != 0, flags & 0xfff, entries);
  }

  private static Capability fqdn(WireReader in) {
    Octets value = in.octets(in.remaining());
    int host = value.isEmpty() ? 0 : value.u8(0);
    if (value.length() < host + 2 || value.length() != host + 2 + value.u8(host + 1)) {
      return new UnknownCapability(CapabilityCode.Assigned.FQDN, value);
    }
    return new Fqdn(
        new String(value.array(), 1, host, StandardCharsets.UTF_8),
        new String(value.array(), host + 2, value.u8(host + 1), StandardCharsets.UTF_8));
  }

  private static String list(List<?> entries) {
    return entries.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
