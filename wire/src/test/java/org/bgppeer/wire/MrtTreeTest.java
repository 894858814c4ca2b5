package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MrtTreeTest {
  private static final String ATTRIBUTES =
      "0018 40010100 4002060201 0000fbf4 400304 c0000201 c03201 07";
  private static final String SESSION = "0000fbf4 0000fbf5 0000 0001 c0000201 c0000202";
  private static final String KEEPALIVE = "ff".repeat(16) + "001304";

  /// A record of each kind.
  static List<byte[]> records() {
    return List.of(
        record(
            13,
            1,
            "0a000001 0004 76696577 0002 02 0a000002 c0000201 0000fbf4"
                + "01 0a000003 20010db8000000000000000000000001 fbf5"),
        record(13, 2, "00000001 18 c63364 0001 0000 65000000" + ATTRIBUTES),
        record(13, 4, "00000002 20 20010db8 0001 0001 65000000 0015 800e12 11" + "10".repeat(17)),
        record(13, 6, "00000003 0001 01 18 c63364 0001 0000 65000000" + ATTRIBUTES),
        record(13, 6, "00000003 0019 46 01 00 0001 0000 65000000" + ATTRIBUTES),
        record(
            13,
            7,
            "0a000001 0000 42080000 c1200000 0001 02 0a000002 c0000201 0000fbf4"
                + "7fc00000 7fc00000"),
        record(13, 8, "00000001 18 c63364 0001 0000 65000000 00000007" + ATTRIBUTES),
        record(13, 12, "00000001 0001 01 00000009 18 c63364 0001 0000 65000000" + ATTRIBUTES),
        record(12, 1, "0000 0001 c6336400 18 01 65000000 c0000201 fbf4 0004 40010100"),
        record(12, 3, "0000 0001 c6336400 18 01 65000000 c0000201 00061a80 0004 40010100"),
        record(16, 4, SESSION + KEEPALIVE),
        record(17, 4, "0000002a" + SESSION + KEEPALIVE),
        record(16, 5, SESSION + "0006 0001 7768793d"),
        record(16, 2, "01020304"),
        record(11, 0, "0102030405"),
        record(49, 1, "00000001 0102"),
        record(200, 7, ""));
  }

  private static byte[] record(int type, int subtype, String body) {
    byte[] octets = Hex.octets(body);
    return new WireWriter()
        .u32(0x65000000L)
        .u16(type)
        .u16(subtype)
        .u32(octets.length)
        .octets(octets)
        .toByteArray();
  }

  private static DecodeTree tree(byte[] record) {
    return MrtTree.of(record, 0, record.length, peers(), null);
  }

  private static PeerIndex peers() {
    byte[] record = records().getFirst();
    try {
      return PeerIndex.decode(record, 12, record.length - 12);
    } catch (MrtError e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyOctetIsInOneLeaf(byte[] record) {
    int at = 0;
    for (DecodeTree.Node leaf : tree(record).leaves()) {
      assertThat(leaf.offset()).as(leaf.name()).isEqualTo(at);
      at += leaf.length();
    }
    assertThat(at).isEqualTo(record.length);
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyOctetIsInOneLeafWhereverItIsCutOrWrong(byte[] record) {
    var random = new Random(1);
    for (int length = 12; length < record.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(record, length);
      everyOctetIsInOneLeaf(cut);
      byte[] wrong = record.clone();
      wrong[length] = (byte) random.nextInt(256);
      everyOctetIsInOneLeaf(wrong);
    }
  }

  @Test
  void aRecordSaysWhatItIs() {
    assertThat(
            records().stream()
                .map(MrtTreeTest::tree)
                .map(t -> t.root().name() + ": " + t.root().value()))
        .containsExactly(
            "TABLE_DUMP_V2 PEER_INDEX_TABLE: 2 peers",
            "TABLE_DUMP_V2 RIB_IPV4_UNICAST: 198.51.100.0/24, 1 route",
            "TABLE_DUMP_V2 RIB_IPV6_UNICAST: 2001:db8::/32, 1 route",
            "TABLE_DUMP_V2 RIB_GENERIC: ipv4-unicast 198.51.100.0/24, 1 route",
            "TABLE_DUMP_V2 RIB_GENERIC: " + tree(records().get(4)).root().value(),
            "TABLE_DUMP_V2 GEO_PEER_TABLE: 1 peer",
            "TABLE_DUMP_V2 RIB_IPV4_UNICAST_ADDPATH: 198.51.100.0/24, 1 route",
            "TABLE_DUMP_V2 RIB_GENERIC_ADDPATH: ipv4-unicast 198.51.100.0/24, 1 route",
            "TABLE_DUMP AFI_IPv4: 198.51.100.0/24 of 192.0.2.1 AS64500",
            "TABLE_DUMP AFI_IPv4_AS4: 198.51.100.0/24 of 192.0.2.1 AS400000",
            "BGP4MP MESSAGE_AS4: KEEPALIVE",
            "BGP4MP_ET MESSAGE_AS4: KEEPALIVE",
            "BGP4MP STATE_CHANGE_AS4: Established to Idle",
            "BGP4MP ENTRY: ",
            "OSPFv2 subtype 0: ",
            "OSPFv3_ET subtype 1: ",
            "MRT type 200 subtype 7: ");
  }

  @ParameterizedTest
  @MethodSource("records")
  void aRecordThatIsCutHasAProblem(byte[] record) {
    assertThat(MrtRecord.problem(record, 0, record.length, peers())).isNull();
    boolean understood =
        record[5] >= 12 && record[5] <= 17 && record[7] != 7 && (record[5] < 16 || record[7] > 3);
    for (int length = 12; understood && length < record.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(record, length);
      java.nio.ByteBuffer.wrap(cut).putInt(8, length - 12);
      boolean reason =
          record[7] == 5 && length >= 12 + 24; // what is behind the states may be missing
      assertThat(MrtRecord.problem(cut, 0, length, peers()) == null).isEqualTo(reason);
    }
  }

  @Test
  void whatIsWrongWithARecordIsSaid() {
    byte[] message = record(16, 4, SESSION + "ff".repeat(16) + "0020 04");
    byte[] marker = record(16, 4, SESSION + "00".repeat(16) + "0013 04");
    byte[] long33 = record(12, 1, "0000 0001 c6336400 21 01 65000000 c0000201 fbf4 0000");
    byte[] peer9 = record(13, 2, "00000001 18 c63364 0001 0009 65000000 0000");

    assertThat(problem(message)).isEqualTo("the header says 32 bytes, but only 19 are here");
    assertThat(problem(marker)).startsWith("a BGP message begins with 16 bytes of ff");
    assertThat(problem(long33)).isEqualTo("a prefix of 33 bits in a table of ipv4-unicast");
    assertThat(problem(peer9)).isEqualTo("no peer index table before it has peer 9");
  }

  private static @Nullable String problem(byte[] record) {
    return MrtRecord.problem(record, 0, record.length, peers());
  }

  @Test
  void attributesOfATableAreDescribedAsThoseOfAMessage() {
    List<DecodeTree.Node> leaves = tree(records().get(1)).leaves();

    assertThat(leaves.stream().map(DecodeTree.Node::value))
        .contains("192.0.2.1", "64500")
        .contains("0, 192.0.2.1 AS64500");
  }
}
