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
    /// @param sendReceive [#RECEIVE], [#SEND] or [#BOTH]; with any other number in one entry the
    ///     whole capability is not understood (RFC 7911 §4)
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
        return family + " " + way(sendReceive);
      }
    }

    private static String way(int sendReceive) {
      return switch (sendReceive) {
        case RECEIVE -> "receive";
        case SEND -> "send";
        case BOTH -> "send and receive";
        default -> Integer.toString(sendReceive);
      };
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
      return code() + " " + words();
    }

    /// The whole name; what would break a line or a terminal is replaced.
    public String words() {
      return TreeBuilder.printable(domain.isEmpty() ? host : host + "." + domain);
    }
  }

  /// Filters that the sender would have applied for it, or would apply itself (RFC 5291 §5).
  ///
  /// @param code 3, or 129 or 130, by which it was known before the RFC
  record OutboundRouteFiltering(CapabilityCode code, List<OutboundRouteFiltering.Entry> entries)
      implements Capability {
    public OutboundRouteFiltering {
      entries = List.copyOf(entries);
    }

    /// What it can do in one family.
    public record Entry(Family family, List<Filter> filters) {
      public Entry {
        filters = List.copyOf(filters);
      }

      @Override
      public String toString() {
        return family + filters.stream().map(f -> " " + f).collect(Collectors.joining(","));
      }
    }

    /// A type of filter.
    ///
    /// @param type 64 is address prefix (RFC 5292), 65 covering prefix (RFC 7543)
    /// @param sendReceive 1 receive, 2 send, 3 both
    public record Filter(int type, int sendReceive) {
      @Override
      public String toString() {
        String name =
            switch (type) {
              case 64 -> "address prefix";
              case 65 -> "covering prefix";
              case 128 -> "prefix list (Cisco)";
              default -> "filter " + type;
            };
        return name + " " + AddPath.way(sendReceive);
      }
    }

    @Override
    public void encodeValue(WireWriter out) {
      for (OutboundRouteFiltering.Entry entry : entries) {
        out.u16(entry.family.afi()).u8(0).u8(entry.family.safi()).u8(entry.filters.size());
        for (Filter filter : entry.filters) {
          out.u8(filter.type).u8(filter.sendReceive);
        }
      }
    }

    @Override
    public String toString() {
      return code() + " " + list(entries);
    }
  }

  /// Signed paths of one AFI, in one direction (RFC 8205 §2.1).
  ///
  /// @param version 0..15
  /// @param sends whether it wants to send them, else it can receive them
  record Bgpsec(int version, boolean sends, int afi) implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.BGPSEC;
    }

    @Override
    public void encodeValue(WireWriter out) {
      out.u8(version << 4 | (sends ? 8 : 0)).u16(afi);
    }

    @Override
    public String toString() {
      return code() + " " + Afi.of(afi) + (sends ? " send" : " receive") + ", version " + version;
    }
  }

  /// Several labels on a prefix (RFC 8277 §2.1).
  record MultipleLabels(List<MultipleLabels.Entry> entries) implements Capability {
    public MultipleLabels {
      entries = List.copyOf(entries);
    }

    /// How many of one family it can take.
    public record Entry(Family family, int count) {
      @Override
      public String toString() {
        return family + " " + count;
      }
    }

    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.MULTIPLE_LABELS;
    }

    @Override
    public void encodeValue(WireWriter out) {
      for (MultipleLabels.Entry entry : entries) {
        out.u16(entry.family.afi()).u8(entry.family.safi()).u8(entry.count);
      }
    }

    @Override
    public String toString() {
      return code() + " " + list(entries);
    }
  }

  /// What the sender is to us (RFC 9234 §4.1).
  ///
  /// @param role 0..255
  record BgpRole(int role) implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.BGP_ROLE;
    }

    @Override
    public void encodeValue(WireWriter out) {
      out.u8(role);
    }

    /// Its name.
    public String words() {
      return switch (role) {
        case 0 -> "provider";
        case 1 -> "route server";
        case 2 -> "route server client";
        case 3 -> "customer";
        case 4 -> "peer";
        default -> "role " + role;
      };
    }

    @Override
    public String toString() {
      return code() + " " + words();
    }
  }

  /// Capabilities that can change while the session is up (draft-ietf-idr-dynamic-cap).
  ///
  /// @param code 67, or 66, by which it was known before
  /// @param codes those of the capabilities that can
  record DynamicCapability(CapabilityCode code, List<Integer> codes) implements Capability {
    public DynamicCapability {
      codes = List.copyOf(codes);
    }

    @Override
    public void encodeValue(WireWriter out) {
      codes.forEach(out::u8);
    }

    @Override
    public String toString() {
      return codes.isEmpty()
          ? code().toString()
          : code() + " " + list(codes.stream().map(CapabilityCode::of).toList());
    }
  }

  /// Several sessions beside each other (draft-ietf-idr-bgp-multisession).
  ///
  /// @param code 68, or 131, by which it was known before
  /// @param flags 0..255
  /// @param grouping the codes of the capabilities by which routes are divided among them
  record Multisession(CapabilityCode code, int flags, List<Integer> grouping)
      implements Capability {
    public Multisession {
      grouping = List.copyOf(grouping);
    }

    @Override
    public void encodeValue(WireWriter out) {
      out.u8(flags);
      grouping.forEach(out::u8);
    }

    @Override
    public String toString() {
      return code()
          + " flags 0x%02x".formatted(flags)
          + (grouping.isEmpty()
              ? ""
              : ", by " + list(grouping.stream().map(CapabilityCode::of).toList()));
    }
  }

  /// Routes are kept long after the sender is gone (RFC 9494 §3).
  record LongLivedGracefulRestart(List<LongLivedGracefulRestart.Entry> entries)
      implements Capability {
    public LongLivedGracefulRestart {
      entries = List.copyOf(entries);
    }

    /// For how long those of one family are.
    ///
    /// @param forwardingKept the F bit: it kept forwarding in the last restart
    /// @param staleTimeSeconds 0..16777215
    public record Entry(Family family, boolean forwardingKept, int staleTimeSeconds) {
      @Override
      public String toString() {
        return family
            + " "
            + staleTimeSeconds
            + " s"
            + (forwardingKept ? " (forwarding kept)" : "");
      }
    }

    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.LONG_LIVED_GRACEFUL_RESTART;
    }

    @Override
    public void encodeValue(WireWriter out) {
      for (LongLivedGracefulRestart.Entry entry : entries) {
        out.u16(entry.family.afi()).u8(entry.family.safi()).u8(entry.forwardingKept ? 0x80 : 0);
        out.u8(entry.staleTimeSeconds >>> 16).u16(entry.staleTimeSeconds);
      }
    }

    @Override
    public String toString() {
      return code() + " " + list(entries);
    }
  }

  /// The session waits for BFD (draft-ietf-idr-bgp-bfd-strict-mode).
  record BfdStrict() implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.BFD;
    }

    @Override
    public void encodeValue(WireWriter out) {}

    @Override
    public String toString() {
      return code().toString();
    }
  }

  /// What the sender runs (draft-abraitis-bgp-version-capability).
  ///
  /// @param version at most 255 octets of UTF-8
  record SoftwareVersion(String version) implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.SOFTWARE_VERSION;
    }

    @Override
    public void encodeValue(WireWriter out) {
      byte[] utf8 = version.getBytes(StandardCharsets.UTF_8);
      out.u8(utf8.length).octets(utf8);
    }

    @Override
    public String toString() {
      return code() + " " + TreeBuilder.printable(version);
    }
  }

  /// How many paths of a prefix the sender wants at most (draft-abraitis-idr-addpath-paths-limit).
  record PathsLimit(List<PathsLimit.Entry> entries) implements Capability {
    public PathsLimit {
      entries = List.copyOf(entries);
    }

    /// Of one family.
    ///
    /// @param limit 0..65535
    public record Entry(Family family, int limit) {
      @Override
      public String toString() {
        return family + " " + limit;
      }
    }

    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.PATHS_LIMIT;
    }

    @Override
    public void encodeValue(WireWriter out) {
      for (PathsLimit.Entry entry : entries) {
        out.u16(entry.family.afi()).u8(entry.family.safi()).u16(entry.limit);
      }
    }

    @Override
    public String toString() {
      return code() + " " + list(entries);
    }
  }

  /// A link-local next hop alone will do (draft-ietf-idr-linklocal-capability).
  record LinkLocalNextHop() implements Capability {
    @Override
    public CapabilityCode code() {
      return CapabilityCode.Assigned.LINK_LOCAL_NEXT_HOP;
    }

    @Override
    public void encodeValue(WireWriter out) {}

    @Override
    public String toString() {
      return code().toString();
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
          OUTBOUND_ROUTE_FILTERING_PRESTANDARD,
          OUTBOUND_ROUTE_FILTERING_CISCO ->
          outboundRouteFiltering(known, in);
      case BGPSEC -> length == 3 ? bgpsec(in) : unknown(known, in);
      case MULTIPLE_LABELS ->
          length > 0 && length % 4 == 0 ? multipleLabels(in) : unknown(known, in);
      case BGP_ROLE -> length == 1 ? new BgpRole(in.u8()) : unknown(known, in);
      case DYNAMIC_CAPABILITY, DYNAMIC_CAPABILITY_PRESTANDARD ->
          new DynamicCapability(known, codes(in));
      case MULTISESSION, MULTISESSION_CISCO ->
          length >= 1 ? new Multisession(known, in.u8(), codes(in)) : unknown(known, in);
      case LONG_LIVED_GRACEFUL_RESTART ->
          length % 7 == 0 ? longLivedGracefulRestart(in) : unknown(known, in);
      case BFD -> length == 0 ? new BfdStrict() : unknown(known, in);
      case SOFTWARE_VERSION -> softwareVersion(in);
      case PATHS_LIMIT -> length > 0 && length % 5 == 0 ? pathsLimit(in) : unknown(known, in);
      case LINK_LOCAL_NEXT_HOP -> length == 0 ? new LinkLocalNextHop() : unknown(known, in);
      case MULTIPLE_ROUTES,
          ROUTING_POLICY_DISTRIBUTION,
          FQDN_PRESTANDARD,
          OPERATIONAL_PRESTANDARD ->
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
    var whole = in.slice(in.remaining());
    Octets value = Octets.copyOf(whole.array(), whole.position(), whole.remaining());
    var entries = new ArrayList<AddPath.Entry>();
    while (whole.remaining() > 0) {
      var entry = new AddPath.Entry(Family.of(whole.u16(), whole.u8()), whole.u8());
      if (!entry.receives() && !entry.sends()) { // RFC 7911 §4: the capability is ignored, whole
        return new UnknownCapability(CapabilityCode.Assigned.ADD_PATH, value);
      }
      entries.add(entry);
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

  private static Capability outboundRouteFiltering(CapabilityCode code, WireReader in) {
    WireReader whole = in.slice(in.remaining());
    Octets value = Octets.copyOf(whole.array(), whole.position(), whole.remaining());
    var entries = new ArrayList<OutboundRouteFiltering.Entry>();
    while (whole.remaining() >= 5) {
      int afi = whole.u16();
      whole.skip(1);
      Family family = Family.of(afi, whole.u8());
      int count = whole.u8();
      if (2 * count > whole.remaining()) {
        return new UnknownCapability(code, value);
      }
      var filters = new ArrayList<OutboundRouteFiltering.Filter>();
      for (int i = 0; i < count; i++) {
        filters.add(new OutboundRouteFiltering.Filter(whole.u8(), whole.u8()));
      }
      entries.add(new OutboundRouteFiltering.Entry(family, filters));
    }
    return whole.remaining() == 0 && !entries.isEmpty()
        ? new OutboundRouteFiltering(code, entries)
        : new UnknownCapability(code, value);
  }

  private static Capability bgpsec(WireReader in) {
    int first = in.u8();
    return new Bgpsec(first >>> 4, (first & 8) != 0, in.u16());
  }

  private static Capability multipleLabels(WireReader in) {
    var entries = new ArrayList<MultipleLabels.Entry>();
    while (in.remaining() > 0) {
      entries.add(new MultipleLabels.Entry(Family.of(in.u16(), in.u8()), in.u8()));
    }
    return new MultipleLabels(entries);
  }

  private static Capability longLivedGracefulRestart(WireReader in) {
    var entries = new ArrayList<LongLivedGracefulRestart.Entry>();
    while (in.remaining() > 0) {
      entries.add(
          new LongLivedGracefulRestart.Entry(
              Family.of(in.u16(), in.u8()), (in.u8() & 0x80) != 0, in.u8() << 16 | in.u16()));
    }
    return new LongLivedGracefulRestart(entries);
  }

  private static Capability softwareVersion(WireReader in) {
    Octets value = in.octets(in.remaining());
    if (!value.isEmpty() && value.length() == 1 + value.u8(0)) {
      var version = new String(value.array(), 1, value.u8(0), StandardCharsets.UTF_8);
      var known = new SoftwareVersion(version);
      var written = new WireWriter();
      known.encodeValue(written);
      if (Octets.of(written.toByteArray()).equals(value)) { // else it is no UTF-8
        return known;
      }
    }
    return new UnknownCapability(CapabilityCode.Assigned.SOFTWARE_VERSION, value);
  }

  private static Capability pathsLimit(WireReader in) {
    var entries = new ArrayList<PathsLimit.Entry>();
    while (in.remaining() > 0) {
      entries.add(new PathsLimit.Entry(Family.of(in.u16(), in.u8()), in.u16()));
    }
    return new PathsLimit(entries);
  }

  private static List<Integer> codes(WireReader in) {
    var codes = new ArrayList<Integer>();
    while (in.remaining() > 0) {
      codes.add(in.u8());
    }
    return codes;
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
