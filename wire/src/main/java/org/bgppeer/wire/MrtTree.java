package org.bgppeer.wire;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Describes an MRT record as a [DecodeTree], header included: every octet of it is in one leaf.
/// Offsets are those of the record. A BGP message in it is the tree of that message; the attributes
/// of a RIB are described as those of a message are.
public final class MrtTree {
  private static final int GEO_PEER_TABLE = 7;
  private static final int AS4 = 4;

  /// Octets before the attributes of an UPDATE without withdrawn routes.
  private static final int BEFORE_ATTRIBUTES = Framing.HEADER_LENGTH + 4;

  private final byte[] octets;
  private final @Nullable PeerIndex peers;
  private final int type;
  private final int subtype;
  private final TreeBuilder tree;
  private final List<Finding> findings = new ArrayList<>();

  private MrtTree(byte[] octets, @Nullable PeerIndex peers) {
    this.octets = octets;
    this.peers = peers;
    type = WireReader.u16(octets, 4);
    subtype = WireReader.u16(octets, 6);
    tree = new TreeBuilder(octets, name(type, subtype));
  }

  /// Describes one record. Never throws, whatever its octets are.
  ///
  /// @param length of the whole record, at least the 12 octets of a header
  /// @param peers the last peer index table before it; null if none came
  /// @param context to decode its message with; null for what the record itself says
  public static DecodeTree of(
      byte[] array,
      int offset,
      int length,
      @Nullable PeerIndex peers,
      @Nullable DecodeContext context) {
    return new MrtTree(Arrays.copyOfRange(array, offset, offset + length), peers).tree(context);
  }

  /// `BGP4MP_ET MESSAGE_AS4`; a number for what has no name.
  public static String name(int type, int subtype) {
    String name = typeName(type);
    String subtypeName =
        switch (type) {
          case Mrt.TABLE_DUMP ->
              switch (subtype) {
                case 1 -> "AFI_IPv4";
                case 2 -> "AFI_IPv6";
                case 3 -> "AFI_IPv4_AS4";
                case 4 -> "AFI_IPv6_AS4";
                default -> "";
              };
          case Mrt.TABLE_DUMP_V2 -> ribName(subtype);
          case Mrt.BGP4MP, Mrt.BGP4MP_ET -> sessionName(subtype);
          default -> "";
        };
    if (subtypeName.isEmpty()) {
      return name + " subtype " + subtype;
    }
    return name + " " + subtypeName;
  }

  private static String typeName(int type) {
    return switch (type) {
      case 0 -> "NULL";
      case 1 -> "START";
      case 2 -> "DIE";
      case 3 -> "I_AM_DEAD";
      case 4 -> "PEER_DOWN";
      case 5 -> "BGP";
      case 6 -> "RIP";
      case 7 -> "IDRP";
      case 8 -> "RIPNG";
      case 9 -> "BGP4PLUS";
      case 10 -> "BGP4PLUS_01";
      case 11 -> "OSPFv2";
      case Mrt.TABLE_DUMP -> "TABLE_DUMP";
      case Mrt.TABLE_DUMP_V2 -> "TABLE_DUMP_V2";
      case Mrt.BGP4MP -> "BGP4MP";
      case Mrt.BGP4MP_ET -> "BGP4MP_ET";
      case 32 -> "ISIS";
      case 33 -> "ISIS_ET";
      case 48 -> "OSPFv3";
      case 49 -> "OSPFv3_ET";
      default -> "MRT type " + type;
    };
  }

  private static String ribName(int subtype) {
    return switch (subtype) {
      case Mrt.PEER_INDEX_TABLE -> "PEER_INDEX_TABLE";
      case 2 -> "RIB_IPV4_UNICAST";
      case 3 -> "RIB_IPV4_MULTICAST";
      case 4 -> "RIB_IPV6_UNICAST";
      case 5 -> "RIB_IPV6_MULTICAST";
      case 6 -> "RIB_GENERIC";
      case GEO_PEER_TABLE -> "GEO_PEER_TABLE";
      case 8 -> "RIB_IPV4_UNICAST_ADDPATH";
      case 9 -> "RIB_IPV4_MULTICAST_ADDPATH";
      case 10 -> "RIB_IPV6_UNICAST_ADDPATH";
      case 11 -> "RIB_IPV6_MULTICAST_ADDPATH";
      case 12 -> "RIB_GENERIC_ADDPATH";
      default -> "";
    };
  }

  private static String sessionName(int subtype) {
    return switch (subtype) {
      case Mrt.STATE_CHANGE -> "STATE_CHANGE";
      case Mrt.MESSAGE -> "MESSAGE";
      case 2 -> "ENTRY";
      case 3 -> "SNAPSHOT";
      case Mrt.MESSAGE_AS4 -> "MESSAGE_AS4";
      case Mrt.STATE_CHANGE_AS4 -> "STATE_CHANGE_AS4";
      case Mrt.MESSAGE_LOCAL -> "MESSAGE_LOCAL";
      case Mrt.MESSAGE_AS4_LOCAL -> "MESSAGE_AS4_LOCAL";
      case Mrt.MESSAGE_ADDPATH -> "MESSAGE_ADDPATH";
      case Mrt.MESSAGE_AS4_ADDPATH -> "MESSAGE_AS4_ADDPATH";
      case Mrt.MESSAGE_LOCAL_ADDPATH -> "MESSAGE_LOCAL_ADDPATH";
      case Mrt.MESSAGE_AS4_LOCAL_ADDPATH -> "MESSAGE_AS4_LOCAL_ADDPATH";
      default -> "";
    };
  }

  private DecodeTree tree(@Nullable DecodeContext context) {
    boolean micros = type == Mrt.BGP4MP_ET || type == 33 || type == 49;
    tree.open("MRT header", micros ? 16 : 12);
    tree.leaf("Timestamp", 4, Instant.ofEpochSecond(tree.u32(0)).toString());
    tree.leaf("Type", 2, type + ", " + typeName(type));
    String name = name(type, subtype);
    tree.leaf("Subtype", 2, subtype + ", " + name.substring(name.indexOf(' ') + 1));
    tree.leaf("Length", 4, TreeBuilder.bytes((int) Math.min(tree.u32(0), Integer.MAX_VALUE)));
    if (micros && tree.need(4, "Microsecond Timestamp")) {
      tree.leaf("Microsecond Timestamp", 4, tree.u32(0));
    }
    tree.close();
    switch (type) {
      case Mrt.BGP4MP, Mrt.BGP4MP_ET -> session(context);
      case Mrt.TABLE_DUMP -> route();
      case Mrt.TABLE_DUMP_V2 -> table();
      default -> {}
    }
    tree.rest("body", null);
    return new DecodeTree(tree.build(), findings);
  }

  // ---- sessions ----

  private void session(@Nullable DecodeContext given) {
    MrtRecord record;
    try {
      record = MrtRecord.of(octets, 0, octets.length);
    } catch (MrtError e) {
      tree.rest("body", e.getMessage());
      return;
    }
    boolean state = record.isStateChange();
    if (!state && !record.isMessage()) {
      return; // ENTRY and SNAPSHOT, which nobody wrote
    }
    int as = record.as4() ? 4 : 2;
    tree.open("Session");
    tree.leaf("Peer AS", as, record.peerAs());
    tree.leaf("Local AS", as, record.localAs());
    tree.leaf("Interface Index", 2, tree.u16(0));
    tree.afi();
    int address = record.peerAddress().length();
    tree.leaf("Peer IP Address", address, AddressText.of(record.peerAddress()));
    tree.leaf("Local IP Address", address, AddressText.of(record.localAddress()));
    tree.value("%s AS%d".formatted(AddressText.of(record.peerAddress()), record.peerAs()));
    tree.closeHere();
    if (state) {
      tree.leaf("Old State", 2, state(record.oldState()));
      tree.leaf("New State", 2, state(record.newState()));
      tree.value(state(record.oldState()) + " to " + state(record.newState()));
      StateReason reason = record.reason();
      if (tree.remaining() > 0) {
        String text =
            reason == null ? tree.spaced(tree.remaining()) : reason.cause() + ": " + reason.text();
        tree.leaf("Reason", tree.remaining(), text);
      }
      return;
    }
    if (tree.remaining() == 0) {
      tree.find("no message in it");
      return;
    }
    DecodeContext context = given == null ? record.context() : given;
    int messageAt = tree.at();
    DecodeTree message = DecodeTree.of(octets, messageAt, octets.length - messageAt, context);
    tree.value(
        message.root().value().isEmpty()
            ? message.root().name()
            : message.root().name() + ", " + message.root().value());
    tree.graft(message.root());
    for (Finding finding : message.findings()) {
      findings.add(shifted(finding, messageAt));
    }
  }

  private static String state(int code) {
    return switch (code) {
      case Mrt.IDLE -> "Idle";
      case Mrt.CONNECT -> "Connect";
      case Mrt.ACTIVE -> "Active";
      case Mrt.OPEN_SENT -> "OpenSent";
      case Mrt.OPEN_CONFIRM -> "OpenConfirm";
      case Mrt.ESTABLISHED -> "Established";
      case 7 -> "Clearing"; // Quagga's
      case 8 -> "Deleted";
      default -> "state " + code;
    };
  }

  private static Finding shifted(Finding finding, int by) {
    return new Finding(
        finding.attribute(),
        finding.offset() + by,
        finding.octets(),
        finding.handling(),
        finding.subcode(),
        finding.reason(),
        finding.rule());
  }

  // ---- tables ----

  private void route() {
    if (subtype < 1 || subtype > 4) {
      return;
    }
    int address = subtype % 2 == 0 ? 16 : 4;
    int as = subtype > 2 ? 4 : 2; // 3 and 4 are no RFC's
    if (!tree.need(2 * address + 12 + as, "a route")) {
      return;
    }
    tree.leaf("View Number", 2, tree.u16(0));
    tree.leaf("Sequence Number", 2, tree.u16(0));
    String prefix = address(address);
    tree.leaf("Prefix", address, prefix);
    prefix += "/" + tree.u8(0);
    tree.leaf("Prefix Length", 1, tree.u8(0));
    tree.leaf("Status", 1, tree.u8(0));
    tree.leaf("Originated Time", 4, Instant.ofEpochSecond(tree.u32(0)).toString());
    String peer = address(address);
    tree.leaf("Peer IP Address", address, peer);
    long number = as == 4 ? tree.u32(0) : tree.u16(0);
    tree.leaf("Peer AS", as, number);
    tree.value(prefix + " of " + peer + " AS" + number);
    attributes(as);
  }

  private String address(int length) {
    return length == 4 ? tree.ipv4(0) : tree.ipv6(0);
  }

  private void table() {
    switch (subtype) {
      case Mrt.PEER_INDEX_TABLE -> peerTable(false);
      case GEO_PEER_TABLE -> peerTable(true);
      case 2, 8 -> rib(Family.IPV4_UNICAST, subtype == 8);
      case 3, 9 -> rib(Family.IPV4_MULTICAST, subtype == 9);
      case 4, 10 -> rib(Family.IPV6_UNICAST, subtype == 10);
      case 5, 11 -> rib(Family.IPV6_MULTICAST, subtype == 11);
      case 6, 12 -> genericRib(subtype == 12);
      default -> {}
    }
  }

  /// PEER_INDEX_TABLE, RFC 6396 §4.3.1, and the one with places, RFC 6397 §3.
  private void peerTable(boolean places) {
    if (!tree.need(6, "the collector")) {
      return;
    }
    tree.leaf("Collector BGP ID", 4, tree.ipv4(0));
    int name = tree.u16(0);
    tree.leaf("View Name Length", 2, TreeBuilder.bytes(name));
    if (!tree.need(name + (places ? 10 : 2), "the view's name")) {
      return;
    }
    if (name > 0) {
      byte[] text = Arrays.copyOfRange(octets, tree.at(), tree.at() + name);
      tree.leaf("View Name", name, new String(text, java.nio.charset.StandardCharsets.UTF_8));
    }
    if (places) {
      place("Collector ");
    }
    int count = tree.u16(0);
    tree.value(count + (count == 1 ? " peer" : " peers"));
    tree.leaf("Peer Count", 2, count);
    for (int i = 0; i < count && tree.need(1, "peer " + i); i++) {
      int flags = tree.u8(0);
      int address = (flags & 1) != 0 ? 16 : 4;
      int as = (flags & 2) != 0 ? 4 : 2;
      if (!tree.need(5 + address + as + (places ? 8 : 0), "peer " + i)) {
        return;
      }
      tree.open("Peer " + i);
      tree.leaf("Peer Type", 1, "IPv" + (address == 16 ? 6 : 4) + ", AS of " + as + " bytes");
      tree.leaf("Peer BGP ID", 4, tree.ipv4(0));
      String who = address(address);
      tree.leaf("Peer IP Address", address, who);
      long number = as == 4 ? tree.u32(0) : tree.u16(0);
      tree.leaf("Peer AS", as, number);
      if (places) {
        place("Peer ");
      }
      tree.value(who + " AS" + number);
      tree.closeHere();
    }
  }

  private void place(String whose) {
    tree.leaf(whose + "Latitude", 4, degrees(tree.u32(0)));
    tree.leaf(whose + "Longitude", 4, degrees(tree.u32(0)));
  }

  private static String degrees(long bits) {
    float value = Float.intBitsToFloat((int) bits);
    return Float.isNaN(value) ? "not told" : Float.toString(value);
  }

  /// RIB_IPV4_UNICAST and so on, RFC 6396 §4.3.2, RFC 8050 §4.
  private void rib(Family family, boolean addPath) {
    if (!tree.need(5, "a prefix")) {
      return;
    }
    tree.leaf("Sequence Number", 4, tree.u32(0));
    int bits = tree.u8(0);
    int length = 1 + (bits + 7) / 8;
    if (bits > (family.isIpv6() ? 128 : 32)) {
      tree.rest("Prefix", "a prefix of " + bits + " bits");
      return;
    }
    if (!tree.need(length + 2, "a prefix of " + bits + " bits")) {
      return;
    }
    var cursor = new PrefixCursor(octets, tree.at(), tree.at() + length, family.isIpv6(), false);
    cursor.next();
    String prefix = cursor.prefix().toString();
    tree.leaf("Prefix", length, prefix);
    entries(prefix, addPath);
  }

  /// RIB_GENERIC, RFC 6396 §4.3.3: one route of any family.
  private void genericRib(boolean addPath) {
    if (!tree.need(7, "a family")) {
      return;
    }
    tree.leaf("Sequence Number", 4, tree.u32(0));
    Family family = tree.family();
    int before = addPath ? 4 : 0;
    int length = nlriLength(family, tree.at() + before, octets.length);
    if (length < 0 || !tree.need(before + length + 2, "a route of " + family)) {
      tree.rest("NLRI and entries", "the length of a route of " + family + " is not known");
      return;
    }
    if (addPath) {
      tree.leaf("Path Identifier", 4, tree.u32(0));
    }
    int at = tree.at();
    var route = new NlriCursor(NlriCodec.of(family), octets, at, at + length, false);
    route.next();
    String nlri = family + " " + route.text();
    tree.leaf("NLRI", length, nlri);
    entries(nlri, false);
  }

  /// How many octets the route at `at` has; -1 if that cannot be told.
  private int nlriLength(Family family, int at, int end) {
    try {
      return at < end ? NlriCodec.of(family).length(octets, at, end) : -1;
    } catch (MalformedAttribute e) {
      return -1;
    }
  }

  private void entries(String what, boolean addPath) {
    int count = tree.u16(0);
    tree.value(what + ", " + count + (count == 1 ? " route" : " routes"));
    tree.leaf("Entry Count", 2, count);
    for (int i = 0; i < count && tree.need(8 + (addPath ? 4 : 0), "entry " + i); i++) {
      tree.open("Entry " + i);
      int peer = tree.u16(0);
      String who = peer(peer);
      tree.leaf("Peer Index", 2, peer + (who.isEmpty() ? "" : ", " + who));
      tree.leaf("Originated Time", 4, Instant.ofEpochSecond(tree.u32(0)).toString());
      String path = "";
      if (addPath) {
        path = " path " + tree.u32(0);
        tree.leaf("Path Identifier", 4, tree.u32(0));
      }
      tree.value((who.isEmpty() ? "peer " + peer : who) + path);
      if (who.isEmpty()) {
        tree.find("no peer index table before it has peer " + peer);
      }
      attributes(AS4);
      tree.closeHere();
    }
  }

  private String peer(int index) {
    if (peers == null || index >= peers.peers().size()) {
      return "";
    }
    var peer = peers.peers().get(index);
    return AddressText.of(peer.address()) + " AS" + peer.as();
  }

  // ---- attributes ----

  private void attributes(int asOctets) {
    if (!tree.need(2, "Attribute Length")) {
      return;
    }
    int length = tree.u16(0);
    tree.open("Path attributes", 2 + length);
    tree.leaf("length", 2, TreeBuilder.bytes(length));
    var context = new DecodeContext(asOctets == AS4, Set.of(), true);
    while (tree.remaining() >= 3) {
      int header = (tree.u8(0) & 0x10) != 0 ? 4 : 3;
      if (tree.remaining() < header) {
        break;
      }
      int whole = header + (header == 4 ? tree.u16(2) : tree.u8(2));
      int there = Math.min(whole, tree.remaining());
      boolean abbreviated = tree.u8(1) == 14 && there > header && tree.u8(header) != 0;
      if (abbreviated && there == whole) {
        nextHop(header, whole - header);
      } else {
        attribute(there, context);
      }
    }
    tree.close();
  }

  /// MP_REACH_NLRI as RIBs have it, RFC 6396 §4.3.4: the next hop alone.
  private void nextHop(int header, int length) {
    tree.open("MP_REACH_NLRI", header + length);
    tree.leaf("flags", 1, "0x%02x".formatted(tree.u8(0)));
    tree.leaf("type", 1, "14, MP_REACH_NLRI");
    tree.leaf("length", header - 2, TreeBuilder.bytes(length));
    int nextHop = tree.u8(0);
    tree.leaf("next hop length", 1, TreeBuilder.bytes(nextHop));
    int there = Math.min(nextHop, tree.remaining());
    if (there > 0) {
      String text = MpReach.nextHopText(tree.reader().octets(there));
      tree.leaf("next hop", there, text);
      tree.value("next hop " + text);
    }
    if (there < nextHop) {
      tree.find("a next hop of " + nextHop + " octets where " + there + " are left");
    }
    tree.close();
  }

  /// One attribute as that of an UPDATE of its own.
  private void attribute(int length, DecodeContext context) {
    int from = tree.at();
    var out = new WireWriter(BEFORE_ATTRIBUTES + length);
    int start = Framing.begin(out, MessageType.Assigned.UPDATE);
    out.u16(0).u16(length).octets(octets, from, length);
    Framing.end(out, start);
    DecodeTree update = DecodeTree.of(out.array(), 0, out.length(), context);
    DecodeTree.Node found = find(update.root(), length);
    if (found == null) {
      tree.leaf("attribute", length);
      return;
    }
    tree.graft(found);
    for (Finding finding : update.findings()) {
      if (finding.attribute() != null && !finding.octets().isEmpty()) {
        findings.add(shifted(finding, from - BEFORE_ATTRIBUTES));
      }
    }
  }

  private static DecodeTree.@Nullable Node find(DecodeTree.Node node, int length) {
    for (DecodeTree.Node child : node.children()) {
      if (child.offset() == BEFORE_ATTRIBUTES && child.length() == length) {
        return child;
      }
      DecodeTree.Node found = find(child, length);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
