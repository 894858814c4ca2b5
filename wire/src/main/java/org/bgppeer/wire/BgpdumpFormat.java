package org.bgppeer.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes MRT records as the lines of `bgpdump -m` (version 1.6.2), octet for octet:
///
/// ```
/// BGP4MP|1171158060|A|192.0.2.1|64500|192.0.2.0/24|64500 64501|IGP|192.0.2.1|0|0||NAG||
/// BGP4MP_ET|1647648000.000123|W|192.0.2.1|64500|198.51.100.0/24
/// BGP4MP|1171158060|STATE|192.0.2.1|64500|6|1
/// TABLE_DUMP2|1401487200|B|192.0.2.1|64500|1.0.0.0/24|64500 15169|IGP|192.0.2.1|0|0|64500:1|NAG||
/// ```
///
/// Programs have been reading these lines for twenty years, so what is odd in them stays: an IPv4
/// next hop that is missing is 255.255.255.255, a LOCAL_PREF above 2147483647 is negative for IPv4
/// routes of MP_REACH_NLRI, AS paths end at 7900 characters and communities at 8190. Where bgpdump
/// 1.6.2 stops, crashes or drops routes, this writes what is there: a repeated attribute (its first
/// value counts), more than 2050 routes of one message, a peer number that is not in the index.
///
/// One of these belongs to one thread. It makes no object for a route or a message.
public final class BgpdumpFormat {
  private static final int OLD_BGP = 5;

  /// The longest AS path of bgpdump, after which it writes three dots.
  private static final int MAX_PATH = 7900;

  /// The longest text of communities of bgpdump, with the space before the first.
  private static final int MAX_COMMUNITIES = 8191;

  private static final int SET = 1;
  private static final int SEQUENCE = 2;
  private static final int CONFED_SET = 4;
  private static final String OPENING = "?{ ([";
  private static final String CLOSING = "?} )]";

  private static final byte[] NO_ADDRESS = {-1, -1, -1, -1};
  private static final byte[] IGP = ascii("|IGP|");
  private static final byte[] EGP = ascii("|EGP|");
  private static final byte[] INCOMPLETE = ascii("|INCOMPLETE|");
  private static final byte[] AGGREGATED = ascii("|AG|");
  private static final byte[] NOT_AGGREGATED = ascii("|NAG|");
  private static final byte[] LINE_END = ascii("|\n");

  /// Families of MP attributes that have lines: AFI 0..2, SAFI 0..3.
  private static final int FAMILIES = 12;

  private static final int[] IN_ORDER = {5, 6, 7, 9, 10, 11};
  private static final int IPV4_UNICAST = 5;
  private static final int IPV6_UNICAST = 9;

  // Reading: like a file that goes on with zeros when it is over, which is how bgpdump reads.
  private byte[] array = {};
  private int at;
  private int end;

  private @Nullable String problem;

  // The attributes of one route or message; positions are -1 where there is none.
  private long seen;
  private int origin;
  private int pathAt;
  private int pathLength;
  private int path4At;
  private int path4Length;
  private long med;
  private long localPref;
  private final byte[] nextHop = new byte[4];
  private boolean fromAs2;
  private long aggregatorAs;
  private final byte[] aggregator = new byte[4];
  private long aggregator4As;
  private final byte[] aggregator4 = new byte[4];
  private int communitiesAt;
  private int communitiesLength;
  private final int[] announced = new int[FAMILIES];
  private final int[] announcedEnd = new int[FAMILIES];
  private final int[] withdrawn = new int[FAMILIES];
  private final int[] withdrawnEnd = new int[FAMILIES];
  private final int[] mpNextHopLength = new int[FAMILIES];
  private final byte[] mpNextHop = new byte[FAMILIES * 16];
  private boolean anyMp;

  private final byte[] address = new byte[16];
  private final Lines head = new Lines(128);
  private final Lines tail = new Lines(1024);
  private byte[] merged = new byte[1024];
  private @Nullable PeerIndex peers;
  private byte[][] peerTexts = {};

  public BgpdumpFormat() {
    forgetFamilies();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Writes the lines of one record.
  ///
  /// @param length of the whole record, header included, all of which is there
  /// @param index the last peer index table before it; null if none came
  /// @return what is wrong with the record; null if nothing is
  public @Nullable String write(
      byte[] record, int offset, int length, @Nullable PeerIndex index, Lines out) {
    array = record;
    at = offset;
    end = offset + length;
    problem = null;
    long seconds = u32();
    int type = u16();
    int subtype = u16();
    u32();
    switch (type) {
      case Mrt.TABLE_DUMP_V2 -> rib(seconds, subtype, index, out);
      case Mrt.BGP4MP -> session(seconds, -1, subtype, out);
      case Mrt.BGP4MP_ET -> {
        if (end - at < 4) {
          return "no room for its microseconds";
        }
        session(seconds, u32(), subtype, out);
      }
      case Mrt.TABLE_DUMP -> oldRib(seconds, subtype, out);
      case OLD_BGP -> oldMessage(seconds, subtype, out);
      default -> {}
    }
    return problem;
  }

  private void broken(String what) {
    if (problem == null) {
      problem = what;
    }
  }

  // ---- reading ----

  private int u8() {
    return at < end ? array[at++] & 0xff : 0;
  }

  private int u16() {
    if (end - at >= 2) {
      at += 2;
      return WireReader.u16(array, at - 2);
    }
    return u8() << 8 | u8();
  }

  private long u32() {
    if (end - at >= 4) {
      at += 4;
      return WireReader.u32(array, at - 4);
    }
    return (long) u16() << 16 | u16();
  }

  private long as(int octets) {
    return octets == 2 ? u16() : u32();
  }

  /// Takes the next `count` octets, of which the first `room` go into `target`, zeros behind them.
  private void take(int count, byte[] target, int offset, int room) {
    int here = Math.min(count, end - at);
    int fits = Math.min(here, room);
    System.arraycopy(array, at, target, offset, fits);
    Arrays.fill(target, offset + fits, offset + room, (byte) 0);
    at += here;
  }

  // ---- RIBs ----

  private void rib(long seconds, int subtype, @Nullable PeerIndex index, Lines out) {
    boolean ipv6 = subtype == 4 || subtype == 10;
    boolean addPath = subtype == 8 || subtype == 10;
    if (!ipv6 && !addPath && subtype != 2) {
      return;
    }
    u32(); // sequence number
    int bits = u8();
    int room = ipv6 ? 16 : 4;
    if (bits > room * 8) {
      broken("a prefix of " + bits + " bits");
    }
    take((bits + 7) / 8, address, 0, room);
    int count = u16();
    if (index == null) {
      if (count > 0) {
        broken("no peer index table came before it");
      }
      return;
    }
    if (index != peers) {
      know(index);
    }
    head.clear().put(addPath ? "TABLE_DUMP2_AP|" : "TABLE_DUMP2|").number(seconds).put("|B|");
    tail.clear();
    address(ipv6, address, 0, tail);
    tail.put('/').number(bits).put('|');
    for (int i = 0; i < count; i++) {
      if (at >= end) {
        broken("it ends after " + i + " of " + count + " entries");
        return;
      }
      int peer = u16();
      u32(); // when the route came
      long pathId = addPath ? u32() : 0;
      attributes(4);
      if (peer >= peerTexts.length) {
        broken("entry " + i + " is of peer " + peer + " of " + peerTexts.length);
        continue;
      }
      out.put(head).put(peerTexts[peer]).put(tail);
      if (addPath) {
        out.number(pathId).put('|');
      }
      pathAndOrigin(4, out);
      ribNextHop(out);
      rest(false, out);
      out.handOn();
    }
  }

  /// Writes down the neighbors once for all records.
  private void know(PeerIndex index) {
    peers = index;
    peerTexts = new byte[index.peers().size()][];
    var text = new Lines(64);
    for (int i = 0; i < peerTexts.length; i++) {
      var peer = index.peers().get(i);
      text.clear();
      address(peer.address().length() == 16, peer.address().array(), 0, text);
      text.put('|').number(peer.as()).put('|');
      peerTexts[i] = Arrays.copyOf(text.array(), text.length());
    }
  }

  private void ribNextHop(Lines out) {
    int family = announced[IPV6_UNICAST] >= 0 ? IPV6_UNICAST : IPV4_UNICAST;
    if (announced[family] >= 0) {
      mpNextHop(family, out);
    } else {
      nextHop(out);
    }
  }

  /// TABLE_DUMP, RFC 6396 §4.2: one route of one neighbor.
  private void oldRib(long seconds, int subtype, Lines out) {
    if (subtype < 1 || subtype > 4) {
      return;
    }
    boolean ipv6 = subtype == 2 || subtype == 4;
    int asOctets = subtype > 2 ? 4 : 2; // 3 and 4 are no RFC's
    int room = ipv6 ? 16 : 4;
    if (end - at < 2 * room + asOctets + 12) {
      broken("too short for a route of TABLE_DUMP");
    }
    u32(); // view and sequence number
    take(room, address, 0, room);
    tail.clear();
    address(ipv6, address, 0, tail);
    int bits = u8();
    if (bits > room * 8) {
      broken("a prefix of " + bits + " bits");
    }
    tail.put('/').number(bits).put('|');
    u8(); // status
    u32(); // when the route came
    take(room, address, 0, room);
    out.put("TABLE_DUMP|").number(seconds).put("|B|");
    address(ipv6, address, 0, out);
    out.put('|').number(as(asOctets)).put('|').put(tail);
    attributes(asOctets);
    pathAndOrigin(asOctets, out);
    if (announced[IPV6_UNICAST] >= 0) {
      ipv6(mpNextHop, IPV6_UNICAST * 16, out);
    } else {
      nextHop(out);
    }
    rest(false, out);
    out.handOn();
  }

  // ---- sessions ----

  private void session(long seconds, long micros, int subtype, Lines out) {
    switch (subtype) {
      case Mrt.STATE_CHANGE -> stateChange(seconds, micros, 2, out);
      case Mrt.STATE_CHANGE_AS4 -> stateChange(seconds, micros, 4, out);
      case Mrt.MESSAGE, Mrt.MESSAGE_LOCAL, Mrt.MESSAGE_ADDPATH, Mrt.MESSAGE_LOCAL_ADDPATH ->
          message(seconds, micros, subtype, 2, out);
      case Mrt.MESSAGE_AS4,
          Mrt.MESSAGE_AS4_LOCAL,
          Mrt.MESSAGE_AS4_ADDPATH,
          Mrt.MESSAGE_AS4_LOCAL_ADDPATH ->
          message(seconds, micros, subtype, 4, out);
      default -> {}
    }
  }

  private void time(long seconds, long micros, Lines out) {
    out.number(seconds);
    if (micros >= 0) {
      out.put('.').micros(micros);
    }
  }

  private void stateChange(long seconds, long micros, int asOctets, Lines out) {
    int length = end - at;
    long as = as(asOctets);
    as(asOctets);
    int afi = 1;
    Arrays.fill(address, (byte) 0);
    if (length != 8) { // some Zebra leaves the addresses out
      u16(); // interface
      afi = u16();
      int room = afi == 2 ? 16 : 4;
      // What has more, as our own journal's records of why a session ended, bgpdump passes over.
      boolean fits =
          afi == 1 ? length == 20 || length == 24 : afi == 2 && (length == 44 || length == 48);
      if (!fits) {
        if ((afi != 1 && afi != 2) || length < 2 * asOctets + 2 * room + 8) {
          broken("a state change of " + length + " octets for address family " + afi);
        }
        return;
      }
      take(room, address, 0, 16);
      at += room;
    }
    int before = u16();
    int after = u16();
    out.put(micros >= 0 ? "BGP4MP_ET|" : "BGP4MP|");
    time(seconds, micros, out);
    out.put("|STATE|");
    address(afi == 2, address, 0, out);
    out.put('|').number(as).put('|').number(before).put('|').number(after).put('\n');
    out.handOn();
  }

  private void message(long seconds, long micros, int subtype, int asOctets, Lines out) {
    boolean local = subtype == Mrt.MESSAGE_LOCAL || subtype == Mrt.MESSAGE_AS4_LOCAL;
    boolean addPath = subtype >= Mrt.MESSAGE_ADDPATH;
    // With path identifiers bgpdump names the other end of a message that the collector sent.
    boolean second = addPath && subtype >= Mrt.MESSAGE_LOCAL_ADDPATH;
    long first = as(asOctets);
    long other = as(asOctets);
    int interfaceIndex = u16();
    int afi = u16();
    int marker = 16;
    Arrays.fill(address, (byte) 0);
    if (afi == 1 || afi == 2) {
      int room = afi == 2 ? 16 : 4;
      if (second) {
        at = Math.min(at + room, end);
      }
      take(room, address, 0, 16);
      if (!second) {
        at = Math.min(at + room, end);
      }
    } else if (afi == 0xffff && interfaceIndex == 0xffff) {
      marker = 12; // some Zebra leaves interface, family and addresses out of what is no UPDATE
      afi = 1;
    } else {
      broken("address family " + afi + " is not 1 or 2");
      return;
    }
    for (int i = 0; i < marker; i++) {
      if (u8() != 0xff) {
        broken("its message has no marker");
        return;
      }
    }
    int size = u16();
    int left = end - at;
    if (size < Framing.HEADER_LENGTH) {
      broken("its message has " + size + " octets by its header, and none has fewer than 19");
    } else if (size - 18 > left) {
      broken("its message has " + size + " octets by its header, and " + (left + 18) + " are here");
    } else {
      end = at + Math.max(0, size - 18);
    }
    if (u8() != MessageType.Assigned.UPDATE.code()) {
      return;
    }
    head.clear().put(micros >= 0 ? "BGP4MP_ET" : "BGP4MP");
    head.put(local ? "_LOCAL" : "").put(addPath ? "_AP|" : "|");
    time(seconds, micros, head);
    head.put("|W|");
    int kindAt = head.length() - 2;
    address(afi == 2, address, 0, head);
    long as = second ? other : first;
    head.put('|').number(as).put('|');
    update(kindAt, asOctets, addPath, out);
  }

  private void update(int kindAt, int asOctets, boolean addPath, Lines out) {
    int length = u16();
    int from = at;
    if (length > end - at) {
      broken("withdrawn routes of " + length + " octets where " + (end - at) + " are left");
    }
    at = Math.min(at + length, end);
    int to = at;
    attributes(asOctets);
    int nlri = at;
    tail.clear().put('\n');
    routes(false, from, to, addPath, out);
    for (int family : IN_ORDER) {
      if (withdrawn[family] >= 0) {
        routes(family >= 8, withdrawn[family], withdrawnEnd[family], addPath, out);
      }
    }
    head.array()[kindAt] = 'A';
    if (nlri < end) {
      announcement(asOctets, -1);
      routes(false, nlri, end, addPath, out);
    }
    for (int family : IN_ORDER) {
      if (announced[family] >= 0 && announced[family] < announcedEnd[family]) {
        announcement(asOctets, family);
        routes(family >= 8, announced[family], announcedEnd[family], addPath, out);
      }
    }
  }

  /// All of a line that stands behind its prefix, into [#tail].
  ///
  /// @param family of MP_REACH_NLRI; -1 for the NLRI field
  private void announcement(int asOctets, int family) {
    tail.clear().put('|');
    pathAndOrigin(asOctets, tail);
    if (family < 0) {
      nextHop(tail);
      rest(false, tail);
      return;
    }
    boolean ipv4 = family < 8;
    switch (mpNextHopLength[family]) {
      case 4, 16, 32 -> mpNextHop(family, tail);
      default -> {
        // Then bgpdump leaves out more than the next hop.
        if (!ipv4) {
          tail.clear().put('|');
        }
        communitiesAndAggregator(tail);
        return;
      }
    }
    rest(ipv4, tail);
  }

  private void routes(boolean ipv6, int from, int to, boolean addPath, Lines out) {
    int messageEnd = end;
    at = from;
    end = to;
    int room = ipv6 ? 16 : 4;
    while (at < end) {
      if (addPath && end - at < 5) {
        broken((end - at) + " octets are left, too few for a route with a path identifier");
      }
      long pathId = addPath ? u32() : 0;
      int bits = u8();
      int octets = (bits + 7) >> 3;
      if (octets > end - at) {
        broken("a prefix of " + bits + " bits where " + (end - at) + " octets are left");
        break;
      }
      if (bits > room * 8) {
        broken("a prefix of " + bits + " bits");
      }
      take(octets, address, 0, room);
      out.put(head);
      address(ipv6, address, 0, out);
      out.put('/').number(bits);
      if (addPath) {
        out.put('|').number(pathId);
      }
      out.put(tail);
      out.handOn();
    }
    end = messageEnd;
  }

  // ---- type 5, of MRTd ----

  private void oldMessage(long seconds, int subtype, Lines out) {
    if (subtype == 3) {
      int as = u16();
      take(4, address, 0, 4);
      out.put("BGP|").number(seconds).put("|STATE|").ipv4(address, 0).put('|').number(as);
      out.put('|').number(u16()).put('|').number(u16()).put('\n');
      out.handOn();
    }
    if (subtype != 1) {
      return;
    }
    int as = u16();
    take(4, address, 0, 4);
    at = Math.min(at + 6, end); // the collector's AS and address
    head.clear().put("BGP|").number(seconds).put("|W|");
    int kindAt = head.length() - 2;
    head.ipv4(address, 0).put('|').number(as).put('|');
    int withdrawnLength = u16();
    int from = at;
    at = Math.min(at + withdrawnLength, end);
    int to = at;
    attributes(2);
    int nlri = at;
    tail.clear().put('\n');
    routes(false, from, to, false, out);
    head.array()[kindAt] = 'A';
    tail.clear().put('|');
    pathAndOrigin(2, tail);
    nextHop(tail);
    preferences(false, tail); // and no separator behind them, in bgpdump too
    communitiesAndAggregator(tail);
    routes(false, nlri, end, false, out);
  }

  // ---- attributes ----

  /// Reads the list that begins with its length.
  private void attributes(int asOctets) {
    seen = 0;
    origin = -1;
    pathAt = -1;
    path4At = -1;
    med = 0;
    localPref = 0;
    fromAs2 = asOctets == 2;
    communitiesAt = -1;
    System.arraycopy(NO_ADDRESS, 0, nextHop, 0, 4);
    System.arraycopy(NO_ADDRESS, 0, aggregator, 0, 4);
    if (anyMp) {
      forgetFamilies();
    }
    int length = u16();
    if (length > end - at) {
      broken("attributes of " + length + " octets where " + (end - at) + " are left");
    }
    int recordEnd = end;
    end = Math.min(at + length, end);
    int listEnd = end;
    while (at < listEnd) {
      end = listEnd;
      int flag = u8();
      int code = u8();
      int octets = (flag & 0x10) != 0 ? u16() : u8();
      if (octets > listEnd - at) {
        broken(
            "attribute "
                + code
                + " of "
                + octets
                + " octets where "
                + (listEnd - at)
                + " are left");
        at = listEnd;
        break;
      }
      int next = at + octets;
      end = next;
      boolean again = code < 64 && (seen & 1L << code) != 0;
      if (code < 64) {
        seen |= 1L << code;
      }
      if (!again || code == 14 || code == 15) {
        attribute(code, octets, asOctets);
      }
      at = next;
    }
    end = recordEnd;
  }

  private boolean has(int code) {
    return (seen & 1L << code) != 0;
  }

  private void attribute(int code, int length, int asOctets) {
    switch (code) {
      case 1 -> origin = u8();
      case 2 -> {
        pathAt = at;
        pathLength = length;
      }
      case 3 -> take(4, nextHop, 0, 4);
      case 4 -> med = u32();
      case 5 -> localPref = u32();
      case 7 -> {
        aggregatorAs = as(asOctets);
        take(4, aggregator, 0, 4);
      }
      case 8 -> {
        communitiesAt = at;
        communitiesLength = length;
      }
      case 14 -> mpReach();
      case 15 -> mpUnreach();
      case 17 -> {
        path4At = at;
        path4Length = length;
      }
      case 18 -> {
        aggregator4As = u32();
        take(4, aggregator4, 0, 4);
      }
      default -> {}
    }
  }

  private void forgetFamilies() {
    anyMp = false;
    Arrays.fill(announced, -1);
    Arrays.fill(withdrawn, -1);
  }

  private void mpReach() {
    anyMp = true;
    if (at < end && array[at] != 0) { // the short form of RIBs, RFC 6396 §4.3.4
      if (announced[IPV6_UNICAST] < 0) {
        readMpNextHop(IPV6_UNICAST);
        announced[IPV6_UNICAST] = end;
        announcedEnd[IPV6_UNICAST] = end;
      }
      return;
    }
    int afi = u16();
    int safi = u8();
    if (afi > 2 || safi > 3 || announced[afi * 4 + safi] >= 0) {
      return;
    }
    int family = afi * 4 + safi;
    readMpNextHop(family);
    for (int snpas = u8(); snpas > 0 && at < end; snpas--) {
      int length = u8();
      at = Math.min(at + length, end);
    }
    announced[family] = at;
    announcedEnd[family] = end;
  }

  private void readMpNextHop(int family) {
    int length = u8();
    mpNextHopLength[family] = length;
    switch (length) {
      case 4, 16, 32 -> take(length, mpNextHop, family * 16, 16);
      default -> Arrays.fill(mpNextHop, family * 16, family * 16 + 16, (byte) 0);
    }
  }

  private void mpUnreach() {
    anyMp = true;
    int afi = u16();
    int safi = u8();
    if (afi <= 2 && safi <= 3 && withdrawn[afi * 4 + safi] < 0) {
      withdrawn[afi * 4 + safi] = at;
      withdrawnEnd[afi * 4 + safi] = end;
    }
  }

  // ---- the fields of a line ----

  private void pathAndOrigin(int asOctets, Lines out) {
    if (pathAt >= 0) {
      if (asOctets == 4 || path4At < 0) {
        path(array, pathAt, pathLength, asOctets, out);
      } else {
        mergedPath(out);
      }
    }
    out.put(origin == 0 ? IGP : origin == 1 ? EGP : INCOMPLETE);
  }

  private void nextHop(Lines out) {
    out.ipv4(nextHop, 0);
  }

  private void mpNextHop(int family, Lines out) {
    switch (mpNextHopLength[family]) {
      case 4 -> out.ipv4(mpNextHop, family * 16);
      case 16, 32 -> ipv6(mpNextHop, family * 16, out);
      default -> {}
    }
  }

  /// All behind the next hop.
  ///
  /// @param signed whether numbers above 2147483647 are negative
  private void rest(boolean signed, Lines out) {
    preferences(signed, out);
    out.put('|');
    communitiesAndAggregator(out);
  }

  private void preferences(boolean signed, Lines out) {
    out.put('|');
    number(signed, localPref, out);
    out.put('|');
    number(signed, med, out);
  }

  private static void number(boolean signed, long value, Lines out) {
    if (signed && value > Integer.MAX_VALUE) {
      out.put('-').number((1L << 32) - value);
    } else {
      out.number(value);
    }
  }

  private void communitiesAndAggregator(Lines out) {
    if (communitiesAt >= 0) {
      communities(out);
    }
    out.put(has(6) ? AGGREGATED : NOT_AGGREGATED);
    boolean four = fromAs2 && has(7) && has(18) && aggregatorAs == Open.AS_TRANS;
    byte[] address = four ? aggregator4 : aggregator;
    if (!Arrays.equals(address, NO_ADDRESS)) {
      out.number(four ? aggregator4As : aggregatorAs).put(' ').ipv4(address, 0);
    }
    out.put(LINE_END);
  }

  private void communities(Lines out) {
    int start = out.length() - 1; // bgpdump has a space before the first and counts it
    int last = communitiesAt + communitiesLength - 4;
    for (int i = communitiesAt; i <= last; i += 4) {
      int before = out.length();
      if (i > communitiesAt) {
        out.put(' ');
      }
      int value = (int) WireReader.u32(array, i);
      switch (value) {
        case 0xffffff01 -> out.put("no-export");
        case 0xffffff02 -> out.put("no-advertise");
        case 0xffffff03 -> out.put("local-AS");
        default -> out.number(value >>> 16).put(':').number(value & 0xffff);
      }
      if (out.length() - start > MAX_COMMUNITIES) {
        boolean named = value >= 0xffffff01 && value <= 0xffffff03; // cut off whole
        out.cut(named ? before : start + MAX_COMMUNITIES);
      }
    }
  }

  /// An AS path: `1 2 {3,4} (5 6) [7,8]`.
  private static void path(byte[] array, int from, int length, int asOctets, Lines out) {
    int start = out.length();
    int to = from + length;
    boolean space = false;
    int before = SEQUENCE;
    int type = SEQUENCE;
    for (int i = from; i < to; ) {
      int next = i + 1 < to ? i + 2 + (array[i + 1] & 0xff) * asOctets : to + 1;
      type = array[i];
      if (type < 1 || type > 4 || next > to) {
        out.cut(start);
        out.put("! Error !");
        return;
      }
      if (before != SEQUENCE) {
        out.put(CLOSING.charAt(before));
      }
      if (space) {
        out.put(' ');
      }
      if (type != SEQUENCE) {
        out.put(OPENING.charAt(type));
      }
      space = false;
      char separator = type == SET || type == CONFED_SET ? ',' : ' ';
      for (int as = i + 2; as < next; as += asOctets) {
        if (space) {
          out.put(separator);
        }
        space = true;
        out.number(asOctets == 4 ? WireReader.u32(array, as) : WireReader.u16(array, as));
        if (out.length() - start > MAX_PATH) {
          out.put("...");
          return;
        }
      }
      before = type;
      i = next;
    }
    if (type != SEQUENCE) {
      out.put(CLOSING.charAt(type));
    }
  }

  /// The number of AS numbers, a set counting as one; 0 if the path is malformed.
  private static int count(byte[] array, int from, int length, int asOctets) {
    int count = 0;
    int to = from + length;
    for (int i = from; i < to; ) {
      int type = array[i];
      int next = i + 1 < to ? i + 2 + (array[i + 1] & 0xff) * asOctets : to + 1;
      if (type < 1 || type > 4 || next > to) {
        return 0;
      }
      count += type == SET || type == CONFED_SET ? 1 : array[i + 1] & 0xff;
      i = next;
    }
    return count;
  }

  /// AS_PATH and AS4_PATH made one (RFC 6793 §4.2.3), as far as bgpdump does it.
  private void mergedPath(Lines out) {
    int count = count(array, pathAt, pathLength, 2);
    int count4 = count(array, path4At, path4Length, 4);
    boolean otherAggregator = has(7) && has(18) && aggregatorAs != Open.AS_TRANS;
    if (otherAggregator || count < count4) {
      path(array, pathAt, pathLength, 2, out);
      return;
    }
    int most = 2 * pathLength + path4Length;
    if (merged.length < most) {
      merged = new byte[most];
    }
    int length = 0;
    int want = count - count4;
    int have = 0;
    for (int i = pathAt; have < want; ) {
      int type = array[i];
      int ases = array[i + 1] & 0xff;
      boolean set = type == SET || type == CONFED_SET;
      int taken = set ? ases : Math.min(ases, want - have);
      merged[length] = (byte) type;
      merged[length + 1] = (byte) taken;
      length += 2;
      for (int j = 0; j < taken; j++) {
        merged[length] = 0;
        merged[length + 1] = 0;
        System.arraycopy(array, i + 2 + 2 * j, merged, length + 2, 2);
        length += 4;
      }
      have += set ? 1 : taken;
      i += 2 + 2 * ases;
    }
    System.arraycopy(array, path4At, merged, length, path4Length);
    path(merged, 0, length + path4Length, 4, out);
  }

  private static void address(boolean ipv6, byte[] array, int offset, Lines out) {
    if (ipv6) {
      ipv6(array, offset, out);
    } else {
      out.ipv4(array, offset);
    }
  }

  /// Not as RFC 5952 wants it: one zero group alone becomes `::` too, and an address below
  /// 2^32 is written as IPv4.
  private static void ipv6(byte[] array, int offset, Lines out) {
    long high = WireReader.u64(array, offset);
    long low = WireReader.u64(array, offset + 8);
    if (high == 0 && (low >>> 32 == 0xffff || (low >>> 32 == 0 && low > 1))) {
      out.put(low >>> 32 == 0 ? "::" : "::ffff:").ipv4(array, offset + 12);
      return;
    }
    int runAt = -1;
    int runLength = 0;
    for (int i = 0; i < 8; i++) {
      int start = i;
      while (i < 8 && group(high, low, i) == 0) {
        i++;
      }
      if (i - start > runLength) {
        runAt = start;
        runLength = i - start;
      }
    }
    for (int i = 0; i < 8; i++) {
      if (i == runAt) {
        out.put(i == 0 ? "::" : ":");
        i += runLength - 1;
        continue;
      }
      out.hex16(group(high, low, i));
      if (i < 7) {
        out.put(':');
      }
    }
  }

  private static int group(long high, long low, int index) {
    return (int) ((index < 4 ? high : low) >>> (48 - 16 * (index & 3))) & 0xffff;
  }
}
