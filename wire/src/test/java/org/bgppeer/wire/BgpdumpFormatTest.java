package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What no file in reach has: the records of which bgpdump 1.6.2 makes something odd, or crashes.
class BgpdumpFormatTest {
  private static final String SESSION = "0000fbf4 0000fbf5 0000 0001 c0000201 c0000202 ";
  private static final String PEERS =
      """
      65000000 000d 0001 00000023
      0a000001 0000 0002
      02 0a000002 c0000201 0000fbf4    # 0: 192.0.2.1 AS64500
      00 0a000003 c0000202 fbf5        # 1: 192.0.2.2 AS64501
      """;

  private final BgpdumpFormat format = new BgpdumpFormat();

  private String lines(byte[] record) {
    var out = new Lines(16);
    problem = format.write(record, 0, record.length, index(), out);
    return out.toString();
  }

  private @Nullable String problem = "not asked yet";

  private static PeerIndex index() {
    byte[] record = Hex.octets(PEERS);
    try {
      return PeerIndex.decode(record, 12, record.length - 12);
    } catch (MrtError e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] record(int type, int subtype, byte[] body) {
    return new WireWriter()
        .u32(0x65000000L)
        .u16(type)
        .u16(subtype)
        .u32(body.length)
        .octets(body)
        .toByteArray();
  }

  private static byte[] message(int subtype, byte[] message) {
    byte[] body = new WireWriter().octets(Hex.octets(SESSION)).octets(message).toByteArray();
    return record(16, subtype, body);
  }

  private static byte[] update(String attributes, String nlri) {
    byte[] octets = Hex.octets(attributes);
    byte[] routes = Hex.octets(nlri);
    return Hex.octets(
        "%s %04x 02 0000 %04x %s %s"
            .formatted(
                "ff".repeat(16),
                23 + octets.length + routes.length,
                octets.length,
                Octets.of(octets).toHex(),
                Octets.of(routes).toHex()));
  }

  @Test
  void whatIsMissingHasTheValuesThatBgpdumpGivesIt() {
    assertThat(lines(message(4, update("", "08 0a"))))
        .isEqualTo(
            "BGP4MP|1694498816|A|192.0.2.1|64500|10.0.0.0/8||INCOMPLETE|255.255.255.255|0|0||NAG||\n");
    assertThat(problem).isNull();
  }

  @Test
  void eachFieldHasItsPlace() {
    String attributes =
        """
        40 01 01 01                                # EGP
        40 02 14 02 02 0000fbf4 0000fbf6 01 02 00000001 00000002
        40 03 04 c0000209                          # next hop
        80 04 04 ffffffff                          # MED
        40 05 04 80000000                          # LOCAL_PREF
        40 06 00                                   # ATOMIC_AGGREGATE
        c0 07 08 0000fbf7 c0000207                 # AGGREGATOR
        c0 08 10 fbf40001 ffffff01 ffffff02 ffffff03
        """;
    assertThat(lines(message(4, update(attributes, "18 c63364"))))
        .isEqualTo(
            "BGP4MP|1694498816|A|192.0.2.1|64500|198.51.100.0/24|64500 64502 {1,2}|EGP|192.0.2.9"
                + "|2147483648|4294967295|64500:1 no-export no-advertise local-AS|AG"
                + "|64503 192.0.2.7|\n");
  }

  @Test
  void aLocalPrefOfMpReachIsSignedAsInBgpdump() {
    String attributes =
        "40 05 04 ffffffff  80 0e 0b 0001 01 04 c0000209 00 08 0a  80 04 04 00000007";
    assertThat(lines(message(4, update(attributes, ""))))
        .isEqualTo(
            "BGP4MP|1694498816|A|192.0.2.1|64500|10.0.0.0/8||INCOMPLETE|192.0.2.9|-1|7||NAG||\n");
  }

  @Test
  void theFirstOfRepeatedAttributesCountsWhereBgpdumpAborts() {
    assertThat(lines(message(4, update("40 01 01 00  40 01 01 01", "08 0a")))).contains("|IGP|");
  }

  @Test
  void morePrefixesThanBgpdumpHoldsAreAllThere() {
    assertThat(lines(message(4, update("40 01 01 00", "00".repeat(4000)))).lines()).hasSize(4000);
  }

  @Test
  void aPeerThatTheIndexDoesNotHaveIsNamedWhereBgpdumpAborts() {
    byte[] rib =
        record(13, 2, Hex.octets("00000000 08 0a 0002 0007 00000000 0000  0001 00000000 0000"));
    assertThat(lines(rib))
        .isEqualTo(
            "TABLE_DUMP2|1694498816|B|192.0.2.2|64501|10.0.0.0/8||INCOMPLETE|255.255.255.255|0|0||NAG||\n");
    assertThat(problem).isEqualTo("entry 0 is of peer 7 of 2");
  }

  @Test
  void aLocalMessageNamesTheFirstEnd() {
    assertThat(lines(message(7, update("", "08 0a"))))
        .startsWith("BGP4MP_LOCAL|1694498816|A|192.0.2.1|64500|");
    assertThat(lines(message(11, update("", "00000001 08 0a"))))
        .startsWith("BGP4MP_AP|1694498816|A|192.0.2.2|64501|10.0.0.0/8|1|");
  }

  @Test
  void aStateChangeWithAReasonBehindItHasNoLine() {
    String states = SESSION + "0006 0001";
    assertThat(lines(record(16, 5, Hex.octets(states))))
        .isEqualTo("BGP4MP|1694498816|STATE|192.0.2.1|64500|6|1\n");
    assertThat(lines(record(16, 5, Hex.octets(states + "7768793d")))).isEmpty();
    assertThat(problem).isNull();
  }

  @Test
  void anOldPathIsMergedWithItsNewOne() {
    String attributes =
        """
        40 02 08 02 03 fbf4 5ba0 5ba0           # 64500 23456 23456
        c0 11 0a 02 02 00030d40 00030d41        # 200000 200001
        c0 07 06 5ba0 c0000207  c0 12 08 00030d42 c0000208
        """;
    String session = "fbf4 fbf5 0000 0001 c0000201 c0000202 ";
    byte[] body =
        new WireWriter()
            .octets(Hex.octets(session))
            .octets(update(attributes, "08 0a"))
            .toByteArray();
    assertThat(lines(record(16, 1, body)))
        .contains("|64500 200000 200001|")
        .endsWith("|200002 192.0.2.8|\n");
  }

  @Test
  void aMalformedPathIsAnError() {
    assertThat(lines(message(4, update("40 02 02 09 00", "08 0a")))).contains("|! Error !|");
  }

  @Test
  void ipv6AddressesAreThoseOfBgpdump() {
    String reach = "80 0e 26 0002 01 10 %s 00 80 %s";
    String nextHop = "20010db8000000010001000100010001";
    assertThat(lines(message(4, update(reach.formatted(nextHop, "0".repeat(24) + "c0000201"), ""))))
        .contains("|::192.0.2.1/128|")
        .contains("|2001:db8::1:1:1:1:1|");
  }

  @Test
  void theTimeOfAnExtendedRecordHasSixDigits() {
    byte[] body =
        new WireWriter()
            .u32(42)
            .octets(Hex.octets(SESSION))
            .octets(update("", "08 0a"))
            .toByteArray();
    assertThat(lines(record(17, 4, body))).startsWith("BGP4MP_ET|1694498816.000042|A|");
  }

  @Test
  void whatIsCutIsWrittenAsFarAsItGoesAndNamed() {
    byte[] whole = message(4, update("40 01 01 00", "08 0a 08 0b"));
    for (int length = 12; length < whole.length; length++) {
      var out = new Lines(16);
      problem = format.write(whole, 0, length, null, out);
      assertThat(problem).as("cut at " + length).isNotNull();
    }
  }

  @Test
  void textBeyondTheLimitIsHandedOn() {
    var handed = new WireWriter();
    var out = new Lines(new byte[16], 1000, (text, length) -> handed.octets(text, 0, length));
    byte[] record = message(4, update("40 01 01 00", "00".repeat(100)));

    format.write(record, 0, record.length, null, out);

    assertThat(handed.length()).isPositive();
    handed.octets(out.array(), 0, out.length());
    assertThat(new String(handed.toByteArray(), java.nio.charset.StandardCharsets.US_ASCII).lines())
        .hasSize(100);
  }

  @Test
  void noOctetsWhateverBreakIt() {
    var random = new Random(1);
    byte[] good = message(4, update("40 01 01 00 40 02 06 02 01 0000fbf4", "08 0a 08 0b"));
    var out = new Lines(1 << 16);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = good.clone();
      noise[5] = (byte) (i % 2 == 0 ? 13 : 16);
      noise[7] = (byte) random.nextInt(13);
      for (int j = 0; j < 1 + i % 8; j++) {
        noise[12 + random.nextInt(noise.length - 12)] = (byte) random.nextInt(256);
      }
      format.write(noise, 0, noise.length, index(), out.clear());
      assertThat(out.length() == 0 || out.array()[out.length() - 1] == '\n').isTrue();
    }
  }
}
