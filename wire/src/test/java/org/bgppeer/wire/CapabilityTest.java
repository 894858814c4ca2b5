package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilityTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0002 00 01, Multiprotocol ipv6-unicast",
    "1, 4004 ff 47, Multiprotocol bgp-ls", // the reserved octet is ignored: RFC 4760 §8
    "2, '', Route Refresh",
    "128, '', Route Refresh (Cisco)",
    "5, 0001 0001 0002, Extended Next Hop ipv4-unicast over ipv6",
    "6, '', Extended Message",
    "64, 8078 0001 01 80, 'Graceful Restart 120 s, restarted, ipv4-unicast (forwarding kept)'",
    "64, 4000, 'Graceful Restart 0 s, also after NOTIFICATION'",
    "65, ffffffff, 4-octet AS 4294967295",
    "69, 0001 01 01  0002 01 03, 'ADD-PATH ipv4-unicast receive, ipv6-unicast send and receive'",
    "70, '', Enhanced Route Refresh",
    "73, 03 727331 0b 6578616d706c652e6e6574, FQDN rs1.example.net",
    "73, 03 727331 00, FQDN rs1",
    "3, 0001 00 01 01 40 03, 'Outbound Route Filtering ipv4-unicast address prefix send and"
        + " receive'",
    "130, 0001 00 01 02 40 01 80 02, 'Outbound Route Filtering (Cisco) ipv4-unicast address prefix"
        + " receive, prefix list (Cisco) send'",
    "7, 08 0002, 'BGPsec ipv6 send, version 0'",
    "8, 0001 04 0a, Multiple Labels ipv4-labeled-unicast 10",
    "9, 00, BGP Role provider",
    "9, 03, BGP Role customer",
    "9, 09, BGP Role role 9",
    "67, '', Dynamic Capability",
    "67, 01 40, 'Dynamic Capability Multiprotocol, Graceful Restart'",
    "68, 00, Multisession flags 0x00",
    "131, 80 01, 'Multisession (Cisco) flags 0x80, by Multiprotocol'",
    "71, 0001 01 80 015180, Long-Lived Graceful Restart ipv4-unicast 86400 s (forwarding kept)",
    "74, '', BFD Strict",
    "75, 07 4652522f392e31, Software Version FRR/9.1",
    "76, 0001 01 0005, Paths Limit ipv4-unicast 5",
    "77, '', Link-Local Next Hop",
    "72, 0001 01 03, Routing Policy Distribution 00010103",
    "200, 0a0b, Capability 200 0a0b",
  })
  void eachHasItsText(int code, String value, String text) {
    assertThat(decode(code, value)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0001 00",
    "1, 0001 00 01 00",
    "2, 00",
    "5, 0001 0001 00",
    "5, 0001 0100 0002", // a SAFI of two octets that is none
    "6, 00",
    "64, 00",
    "64, 0078 0001 01",
    "65, fbf4",
    "69, 0001 01",
    "69, 0001 01 00", // a way that is none: RFC 7911 §4
    "69, 0001 01 04",
    "69, 0001 01 03 0002 01 ff", // and one is enough
    "69, 0002 01 00 0001 01 03",
    "70, 00",
    "73, ''",
    "73, 05 7273",
    "73, 02 7273",
    "73, 02 7273 00 00",
    "3, 0001 00 01 02 40 03",
    "3, ''",
    "7, 08 00",
    "8, 0001 04",
    "9, ''",
    "9, 0000",
    "68, ''",
    "71, 0001 01 80 0151",
    "74, 00",
    "75, ''",
    "75, 05 61",
    "75, 01 ff", // no UTF-8
    "76, 0001 01 00",
    "77, 00",
  })
  void whatIsNotAsItsRfcHasItKeepsItsOctetsAndHasNoEffect(int code, String value) {
    assertThat(decode(code, value))
        .isEqualTo(
            new Capability.UnknownCapability(
                CapabilityCode.of(code), Octets.of(Hex.octets(value))));
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    var random = new Random(5492);
    for (int i = 0; i < 50_000; i++) {
      int code = random.nextInt(256);
      byte[] value = Noise.octets(random, random.nextInt(24));
      var in = new WireReader(value);

      var capability = Capability.decode(code, in);

      assertThat(in.remaining()).isZero();
      assertThat(capability.code().code()).isEqualTo(code);
      assertThat(capability.toString()).isNotEmpty();
      var out = new WireWriter();
      capability.encodeValue(out);
      assertThat(Capability.decode(code, new WireReader(out.toByteArray())))
          .hasSameClassAs(capability);
    }
  }

  @Test
  void aNameThatWouldSteerATerminalDoesNot() {
    assertThat(decode(73, "05 611b5b326d 00")).hasToString("FQDN a\ufffd[2m");
    assertThat(decode(75, "02 0a61")).hasToString("Software Version \ufffda");
  }

  private static Capability decode(int code, String value) {
    return Capability.decode(code, new WireReader(Hex.octets(value)));
  }
}
