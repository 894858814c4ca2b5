package org.bgppeer.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Writes what neighbors hold at one moment as MRT TABLE_DUMP_V2 (RFC 6396 §4.3, RFC 8050 §4):
///
/// ```
/// PEER_INDEX_TABLE          once, first: who the peers are
/// RIB_IPV4_UNICAST, …       a prefix, and an entry for each peer that has it
/// RIB_IPV4_UNICAST_ADDPATH  the same, each entry with its path identifier
/// RIB_GENERIC               a route of any other family
/// ```
///
/// It is a file and no message: nothing of it can be sent to a neighbor. [RibRoute] reads it.
///
/// ```java
/// dump.peers(index);
/// dump.route(family, key, null, pathId);
/// dump.entry(0, originated, pathId, attributes);
/// dump.end();
/// ```
public final class TableDump {
  private static final int RIB_GENERIC = 6;
  private static final int RIB_GENERIC_ADDPATH = 12;
  private static final int ADDPATH = 6; // from a subtype without to the one with path identifiers
  private static final int MOST_ENTRIES = 0xffff;

  private final WireWriter out;
  private final long seconds;
  private long sequence;
  private int record = -1;
  private int countAt;
  private int count;
  private boolean pathIds;
  private byte[] header = {};

  /// @param out where records go; the caller empties it between one and the next
  /// @param at the moment that the table is of
  public TableDump(WireWriter out, Instant at) {
    this.out = out;
    this.seconds = at.getEpochSecond();
  }

  /// Whether the families' routes have a subtype of their own, which every reader of tables knows.
  public static boolean isSpecific(Family family) {
    return family.hasPlainPrefixes();
  }

  /// Writes the table of peers, at most 65535.
  public void peers(PeerIndex index) {
    begin(Mrt.PEER_INDEX_TABLE);
    index.encode(out);
    finish();
  }

  /// Begins the record of a route; entries follow, then [#end].
  ///
  /// @param key of the route, see [NlriCursor#key]
  /// @param nlri its octets without path identifier; null if [#isSpecific], where the key has all
  /// @param pathId what all entries have (RIB_GENERIC has room for one only); -1 if they have none,
  ///   any other number if [#isSpecific] and each brings its own
  public void route(Family family, byte[] key, byte @Nullable [] nlri, long pathId) {
    pathIds = pathId >= 0;
    var route = new WireWriter(32);
    if (nlri == null) {
      int bits = key[key.length - 1] & 0xff;
      route.u8(bits).octets(key, 0, (bits + 7) / 8);
      begin(subtype(family) + (pathIds ? ADDPATH : 0));
    } else {
      route.u16(family.afi()).u8(family.safi());
      if (pathIds) {
        route.u32(pathId); // of the NLRI, as in RFC 7911 §3
      }
      route.octets(nlri);
      begin(pathIds ? RIB_GENERIC_ADDPATH : RIB_GENERIC);
      pathIds = false;
    }
    header = route.toByteArray();
    head();
  }

  private static int subtype(Family family) {
    return (family.isIpv6() ? 4 : 2) + (family.safi() == 2 ? 1 : 0);
  }

  private void head() {
    out.u32(sequence++ & 0xffffffffL).octets(header);
    countAt = out.placeU16();
    count = 0;
  }

  /// Adds what a peer has.
  ///
  /// @param peer its number in the table of peers
  /// @param originated when it sent the route, in seconds since 1970
  /// @param pathId ignored if the record has none for each
  /// @param attributes as [Update#attributeSet] has them
  public void entry(int peer, long originated, long pathId, byte[] attributes) {
    if (count == MOST_ENTRIES) {
      int subtype = WireReader.u16(out.array(), record + 6);
      end();
      begin(subtype);
      head();
    }
    out.u16(peer).u32(originated);
    if (pathIds) {
      out.u32(pathId);
    }
    out.u16(attributes.length).octets(attributes);
    count++;
  }

  /// Ends the record of a route.
  public void end() {
    out.putU16(countAt, count);
    finish();
  }

  private void begin(int subtype) {
    record = out.length();
    out.u32(seconds).u16(Mrt.TABLE_DUMP_V2).u16(subtype).u32(0);
  }

  private void finish() {
    int length = out.length() - record - Mrt.HEADER_LENGTH;
    out.putU16(record + 8, length >>> 16).putU16(record + 10, length);
  }
}
