package org.bgppeer.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// PEER_INDEX_TABLE, the neighbors that the RIB records behind it mean by a number (RFC 6396
/// §4.3.1):
///
/// ```
/// +----------------------+----------------------+-----------+----------------+
/// | Collector BGP ID (4) | View Name Length (2) | View Name | Peer Count (2) |   octets
/// +----------------------+----------------------+-----------+----------------+
/// | Peer Type (1) | Peer BGP ID (4) | Peer Address (4|16) | Peer AS (2|4)    |   each
/// +---------------+-----------------+---------------------+------------------+
/// ```
///
/// @param collector its BGP identifier
/// @param view the name of the view, mostly empty
/// @param peers in order
public record PeerIndex(long collector, String view, List<Peer> peers) {
  private static final int TYPE_IPV6 = 1;
  private static final int TYPE_AS4 = 2;

  /// A neighbor.
  ///
  /// @param bgpIdentifier as a number of 32 bits
  /// @param address 4 or 16 octets
  public record Peer(long bgpIdentifier, Octets address, long as) {}

  public PeerIndex {
    peers = List.copyOf(peers);
  }

  /// Reads the body of the record: what stands behind the MRT header.
  ///
  /// @throws MrtError if it ends too early
  public static PeerIndex decode(byte[] array, int offset, int length) throws MrtError {
    var in = new WireReader(array, offset, length);
    need(in, 6, "the collector's identifier");
    long collector = in.u32();
    int nameLength = in.u16();
    need(in, nameLength + 2, "the view's name");
    byte[] name = in.octets(nameLength).array();
    int count = in.u16();
    var peers = new ArrayList<Peer>();
    for (int i = 0; i < count; i++) {
      need(in, 1, "peer " + i);
      int type = in.u8();
      int address = (type & TYPE_IPV6) != 0 ? 16 : 4;
      int as = (type & TYPE_AS4) != 0 ? 4 : 2;
      need(in, 4 + address + as, "peer " + i + " of " + count);
      long identifier = in.u32();
      Octets octets = in.octets(address);
      peers.add(new Peer(identifier, octets, as == 4 ? in.u32() : in.u16()));
    }
    return new PeerIndex(collector, new String(name, StandardCharsets.UTF_8), peers);
  }

  /// Writes the body of the record, AS numbers with 4 octets.
  void encode(WireWriter out) {
    byte[] name = view.getBytes(StandardCharsets.UTF_8);
    out.u32(collector).u16(name.length).octets(name).u16(peers.size());
    for (Peer peer : peers) {
      boolean ipv6 = peer.address.length() == 16;
      out.u8(TYPE_AS4 | (ipv6 ? TYPE_IPV6 : 0)).u32(peer.bgpIdentifier);
      out.octets(peer.address).u32(peer.as);
    }
  }

  private static void need(WireReader in, int octets, String what) throws MrtError {
    if (in.remaining() < octets) {
      throw new MrtError("the peer index table ends within " + what);
    }
  }
}
