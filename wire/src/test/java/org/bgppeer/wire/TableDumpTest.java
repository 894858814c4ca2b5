package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What [TableDump] writes, [PeerIndex] and [RibRoute] read.
class TableDumpTest {
  private static final PeerIndex PEERS =
      new PeerIndex(
          0xc000020aL,
          "",
          List.of(
              new PeerIndex.Peer(1, Octets.of(AddressText.parse("192.0.2.1")), 4200000000L),
              new PeerIndex.Peer(2, Octets.of(AddressText.parse("2001:db8::1")), 64501)));
  private static final byte[] SET = Hex.octets("40010100 4002060201 0000fbf5 400304 c0000201");
  private static final Instant AT = Instant.parse("2026-03-17T08:00:00Z");

  private final WireWriter out = new WireWriter();
  private final TableDump dump = new TableDump(out, AT);

  private List<RibRoute> routes() throws MrtError {
    return RibRoute.decode(out.array(), 0, out.length(), PEERS);
  }

  @Test
  void theTableOfPeersIsReadAsItWasWritten() throws MrtError {
    dump.peers(PEERS);

    assertThat(MrtRecord.length(out.array(), 0)).isEqualTo(out.length());
    assertThat(Mrt.isPeerIndex(out.array(), 0)).isTrue();
    assertThat(WireReader.u32(out.array(), 0)).isEqualTo(AT.getEpochSecond());
    assertThat(PeerIndex.decode(out.array(), 12, out.length() - 12)).isEqualTo(PEERS);
  }

  @Test
  void aPrefixHasAnEntryOfEachPeer() throws MrtError {
    dump.route(Family.IPV6_UNICAST, Prefix.parse("2001:db8::/33").key(), null, -1);
    dump.entry(0, 1, -1, SET);
    dump.entry(1, 2, -1, SET);
    dump.end();

    assertThat(WireReader.u16(out.array(), 6)).as("RIB_IPV6_UNICAST").isEqualTo(4);
    assertThat(routes()).extracting(RibRoute::peer).isEqualTo(PEERS.peers());
    var cursor = routes().getFirst().block().cursor();
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.prefix()).hasToString("2001:db8::/33");
    assertThat(routes().getFirst().attributes()).isEqualTo(SET);
  }

  @Test
  void withPathIdentifiersEachEntryHasItsOwn() throws MrtError {
    dump.route(Family.IPV4_MULTICAST, Prefix.parse("192.0.2.0/25").key(), null, 7);
    dump.entry(0, 1, 7, SET);
    dump.entry(0, 1, 0xffffffffL, SET);
    dump.end();

    assertThat(WireReader.u16(out.array(), 6)).as("RIB_IPV4_MULTICAST_ADDPATH").isEqualTo(9);
    assertThat(routes())
        .extracting(
            route -> {
              var cursor = route.block().cursor();
              return cursor.next() ? cursor.pathId() + " " + cursor.prefix() : "nothing";
            })
        .containsExactly("7 192.0.2.0/25", "4294967295 192.0.2.0/25");
  }

  @Test
  void aRouteOfAnotherFamilyHasItsOctetsAsTheyCame() throws MrtError {
    byte[] nlri = Hex.octets("70 05dc11 0000fbf400000064 c00002");
    var vpn = Family.parse("ipv4-vpn");
    for (long pathId : new long[] {-1, 9}) {
      out.clear();
      dump.route(vpn, nlri, nlri, pathId);
      dump.entry(1, 1, pathId, SET);
      dump.end();

      var routes = routes().getFirst().block().routes();
      assertThat(routes.next()).isTrue();
      assertThat(routes.text()).isEqualTo("64500:100 192.0.2.0/24");
      assertThat(routes.details()).isEqualTo("label 24001");
      assertThat(routes.pathId()).isEqualTo(pathId);
    }
  }

  @Test
  void moreEntriesThanARecordCanCountGoIntoTheNext() throws MrtError {
    dump.route(Family.IPV4_UNICAST, Prefix.parse("0.0.0.0/0").key(), null, -1);
    for (int i = 0; i < 65_536; i++) {
      dump.entry(0, i, -1, SET);
    }
    dump.end();

    int first = (int) MrtRecord.length(out.array(), 0);
    assertThat(RibRoute.decode(out.array(), 0, first, PEERS)).hasSize(65_535);
    assertThat(RibRoute.decode(out.array(), first, out.length() - first, PEERS)).hasSize(1);
  }
}
