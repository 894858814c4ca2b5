package org.bgppeer.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureTest {
  private static final String TCP = "9c40 00b3 00000001 00000000 5010 0000 0000 0000 ffff";
  private static final String IPV4 = "4500 002a 0000 0000 40 06 0000 0a000001 0a000002";
  private static final String IPV6 =
      "60000000 %04x %s 40 20010db8000000000000000000000001 20010db8000000000000000000000002";

  private static TcpSegment segment(int linkType, String hex) {
    return requireNonNull(segment(new PacketLayers(), linkType, hex), "no TCP segment found");
  }

  private static @Nullable TcpSegment segment(PacketLayers layers, int linkType, String hex) {
    byte[] octets = Hex.octets(hex);
    return layers.segment(
        octets, new Capture.Packet(0, 0, linkType, 0, octets.length, octets.length));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 02000000",
    "108, 00000002",
    "1, 000000000001000000000002 0800",
    "1, 000000000001000000000002 8100 0001 0800",
    "1, 000000000001000000000002 88a8 0001 8100 0002 0800",
    "1, 000000000001000000000002 8847 00001000 00002140",
    "1, 000000000001000000000002 8847 00001140 00000000 000000000003000000000004 0800",
    "1, 000000000001000000000002 8864 11000001002c 0021",
    "1, 000000000001000000000002 0030 aaaa03 000000 0800",
    "9, ff03 0021",
    "9, 21",
    "9, 0f00 0800",
    "50, ff03 0021",
    "101, ''",
    "104, 0f00 0800",
    "107, 1801 03 cc",
    "113, 0000000100060000000000000000 0800",
    "276, 0800000000000001000100060000000000000000",
    "228, ''",
  })
  void tcpIsFoundBehindEachLinkLayer(int linkType, String before) {
    TcpSegment segment = segment(linkType, before + IPV4 + TCP);

    assertThat(segment.source().toHex()).isEqualTo("0a000001");
    assertThat(segment.destinationPort()).isEqualTo(179);
    assertThat(segment.length()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"06, ''", "00, 0600 000000000000", "3c, 0600 000000000000", "2c, 0600 0000 00000000"})
  void tcpIsFoundBehindTheHeadersOfIpv6(String next, String headers) {
    TcpSegment segment =
        segment(101, IPV6.formatted(22 + Hex.octets(headers).length, next) + headers + TCP);

    assertThat(segment.destination().toHex()).endsWith("0002");
    assertThat(segment.sourcePort()).isEqualTo(40000);
  }

  @ParameterizedTest
  @CsvSource({
    "04, ''",
    "2f, 0000 0800",
    "2f, 2000 0800 00000007",
    "2f, b000 0800 00000000 00000007 00000001",
    "2f, 0000 6558 000000000001000000000002 0800",
    "11, 15b3 12b5 0000 0000 0800000000000700 000000000001000000000002 0800",
  })
  void tcpIsFoundInTunnels(String protocol, String headers) {
    String inner = headers + IPV4 + TCP;
    String outer = "4500 %04x 0000 0000 40 %s 0000 cb007101 cb007102";
    TcpSegment segment =
        segment(101, outer.formatted(20 + Hex.octets(inner).length, protocol) + inner);

    assertThat(segment.source().toHex()).isEqualTo("0a000001");
    assertThat(segment.length()).isEqualTo(2);
  }

  @Test
  void headersThatStandInEachOtherWithoutEndAreATrap() {
    String tags = "8100 0001".repeat(60_000) + "0800";
    assertThat(segment(new PacketLayers(), 1, "000000000001000000000002" + tags + IPV4 + TCP))
        .isNull();
    String tunnels = "4500 0000 0000 0000 40 04 0000 0a000001 0a000002".repeat(10_000);
    assertThat(segment(new PacketLayers(), 101, tunnels + IPV4 + TCP)).isNull();
  }

  @Test
  void fragmentsInAnyOrderMakeTheSegment() {
    String first =
        "4500 001c 0007 2000 40 06 0000 0a000001 0a000002" + TCP.replace(" ", "").substring(0, 16);
    String second =
        "4500 0022 0007 0001 40 06 0000 0a000001 0a000002" + TCP.replace(" ", "").substring(16);
    var layers = new PacketLayers();

    assertThat(segment(layers, 101, second)).isNull();
    assertThat(requireNonNull(segment(layers, 101, first)).length()).isEqualTo(2);
  }

  @Test
  void noOctetsWhateverBreakTheLayers() {
    var random = new Random(5);
    var layers = new PacketLayers();
    int[] links = {0, 1, 9, 12, 50, 101, 104, 107, 108, 113, 178, 276};
    byte[] good = Hex.octets("000000000001000000000002 0800" + IPV4 + TCP);
    for (int i = 0; i < 50_000; i++) {
      byte[] noise = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int j = 0; j < i % 6 && noise.length > 0; j++) {
        noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
      }
      int link = links[i % links.length];
      layers.segment(noise, new Capture.Packet(0, 0, link, 0, noise.length, noise.length));
    }
    assertThat(layers.segment(good, new Capture.Packet(0, 0, 1, 0, good.length, good.length)))
        .isNotNull();
  }

  @Test
  void timesAreReadInEachByteOrderAndResolution() {
    assertThat(pcap("a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001", "65000000 0000002a"))
        .isEqualTo("1694498816.42 link 1");
    assertThat(pcap("34cdb2a1 0200 0400 00000000 00000000 ffff0000 01000000", "00000065 2a000000"))
        .isEqualTo("1694498816.42 link 1");
    assertThat(pcap("4d3cb2a1 0200 0400 00000000 00000000 ffff0000 71000000", "00000065 a8a40000"))
        .isEqualTo("1694498816.42 link 113");
  }

  private static String pcap(String header, String time) {
    Capture capture = requireNonNull(Capture.pcap(Hex.octets(header)));
    boolean little = !header.startsWith("a1");
    String before = header.startsWith("34") ? "01000000 00000000" : "";
    byte[] record =
        Hex.octets(time + (little ? "01000000 01000000" : "00000001 00000001") + before + "00");
    assertThat(capture.length(record, 0, record.length)).isEqualTo(record.length);
    Capture.Packet packet = requireNonNull(capture.packet(record, 0, record.length));
    return packet.seconds() + "." + packet.micros() + " link " + packet.linkType();
  }

  @Test
  void blocksOfPcapngSayHowTheirPacketsAreRead() {
    Capture capture = Capture.pcapng();
    byte[] section = Hex.octets("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000");
    byte[] nanos =
        Hex.octets("01000000 20000000 6500 0000 00000000 0900 0100 09000000 00000000 20000000");
    byte[] packet =
        Hex.octets(
            "06000000 24000000 00000000 4b9c8317 2a9ff56b 01000000 05000000 ff000000 24000000");

    assertThat(capture.length(section, 0, section.length)).isEqualTo(28);
    assertThat(capture.packet(section, 0, section.length)).isNull();
    assertThat(capture.packet(packet, 0, packet.length)).isNull();
    assertThat(capture.problem())
        .isEqualTo("a packet of interface 0, which was not described before");
    assertThat(capture.length(nanos, 0, nanos.length)).isEqualTo(32);
    assertThat(capture.packet(nanos, 0, nanos.length)).isNull();
    Capture.Packet found = requireNonNull(capture.packet(packet, 0, packet.length));
    assertThat(found.linkType()).isEqualTo(101);
    assertThat(found.captured()).isEqualTo(1);
    assertThat(found.original()).isEqualTo(5);
    assertThat(capture.problem()).isNull();
    byte[] empty = Hex.octets("06000000 14000000 00000000 00000000 14000000");
    assertThat(capture.packet(empty, 0, empty.length)).isNull();
    assertThat(capture.problem()).isEqualTo("a block of 20 octets is too short for a packet");
    byte[] long9 = packet.clone();
    long9[20] = 9;
    assertThat(requireNonNull(capture.packet(long9, 0, long9.length)).captured()).isEqualTo(4);
    assertThat(capture.problem()).isEqualTo("a packet of 9 octets in a block that has 4");
    assertThat(found.seconds()).isEqualTo(0x17839c4b6bf59f2aL / 1_000_000_000);
  }
}
