package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MrtRecordTest {
  private static final Instant AT = Instant.parse("2026-03-17T03:14:15.926535Z");
  private static final byte[] PEER = AddressText.parse("192.0.2.1");
  private static final byte[] LOCAL = AddressText.parse("192.0.2.10");
  private static final byte[] KEEPALIVE = new Keepalive().encode();

  @ParameterizedTest
  @CsvSource({
    // local, 4 octets, path identifiers: subtype of RFC 6396 §4.4, RFC 8050 §3
    "false, false, false, 1",
    "false, true, false, 4",
    "true, false, false, 6",
    "true, true, false, 7",
    "false, false, true, 8",
    "false, true, true, 9",
  })
  void aMessageIsReadAsItWasWritten(boolean local, boolean as4, boolean addPath, int subtype)
      throws MrtError {
    var context = new DecodeContext(as4, addPath ? Set.of(Family.IPV4_UNICAST) : Set.of(), false);
    byte[] message = new Updates().rawNlri("00000001 18 c63364").build();

    byte[] octets =
        Mrt.bgp4mpMessage(
            AT, local, 64500, 64496, PEER, LOCAL, message, 0, message.length, context);
    var record = MrtRecord.of(octets, 0, octets.length);

    assertThat(record.type()).isEqualTo(17);
    assertThat(record.subtype()).isEqualTo(subtype);
    assertThat(record.isMessage()).isTrue();
    assertThat(record.isStateChange()).isFalse();
    assertThat(record.isLocal()).isEqualTo(local);
    assertThat(record.as4()).isEqualTo(as4);
    assertThat(record.addPath()).isEqualTo(addPath);
    assertThat(record.at()).isEqualTo(AT);
    assertThat(record.peerAs()).isEqualTo(64500);
    assertThat(record.localAs()).isEqualTo(64496);
    assertThat(AddressText.of(record.peerAddress())).isEqualTo("192.0.2.1");
    assertThat(AddressText.of(record.localAddress())).isEqualTo("192.0.2.10");
    assertThat(Octets.copyOf(record.array(), record.messageOffset(), record.messageLength()))
        .isEqualTo(Octets.of(message));
    assertThat(record.length()).isEqualTo(octets.length);
  }

  @Test
  void anAsThatDoesNotFitTwoOctetsIsAsTrans() throws MrtError {
    byte[] octets =
        Mrt.bgp4mpMessage(
            AT, false, 4200000001L, 64496, PEER, LOCAL, KEEPALIVE, 0, 19, DecodeContext.AS2);

    assertThat(MrtRecord.of(octets, 0, octets.length).peerAs()).isEqualTo(Open.AS_TRANS);
  }

  @Test
  void aStateChangeHasBothStates() throws MrtError {
    byte[] octets =
        Mrt.stateChange(
            AT,
            64500,
            64496,
            AddressText.parse("2001:db8::1"),
            AddressText.parse("2001:db8::2"),
            Mrt.ESTABLISHED,
            Mrt.IDLE,
            null);
    var record = MrtRecord.of(octets, 0, octets.length);

    assertThat(record.isStateChange()).isTrue();
    assertThat(record.oldState()).isEqualTo(6);
    assertThat(record.newState()).isEqualTo(1);
    assertThat(record.isReason()).isFalse();
    assertThat(record.peerAddress()).hasToString("20010db8000000000000000000000001");
  }

  @Test
  void aStateChangeOfOthersHasNoReason() throws MrtError {
    byte[] octets =
        Hex.octets(
            """
            69b8c0d7 0010 0005 00000018        # BGP4MP, STATE_CHANGE_AS4
            0000fbf4 0000fbf0 0000 0001        # ASes, interface, IPv4
            c0000201 c000020a 0006 0001        # addresses, Established to Idle
            """);
    octets[11] = (byte) (octets.length - 12);

    var record = MrtRecord.of(octets, 0, octets.length);

    assertThat(record.newState()).isEqualTo(1);
    assertThat(record.micros()).isZero();
    assertThat(record.reason()).isNull();
  }

  @Test
  void ofAnotherTypeTheHeaderIsRead() throws MrtError {
    byte[] octets = Hex.octets("69b8c0d7 000d 0002 00000003 010203");
    var record = MrtRecord.of(octets, 0, octets.length);

    assertThat(record.type()).isEqualTo(13);
    assertThat(record.isMessage()).isFalse();
    assertThat(record.isStateChange()).isFalse();
    assertThat(record.length()).isEqualTo(15);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "69b8c0d7 0010 0004 000000",
        "69b8c0d7 0010 0004 ffffffff",
        "69b8c0d7 0010 0004 00000001",
        "69b8c0d7 0010 0004 00000000",
        "69b8c0d7 0011 0004 00000002 0000",
        "69b8c0d7 0010 0004 0000000c 0000fbf4 0000fbf0 0000 0003", // an address family of 3
        "69b8c0d7 0010 0004 0000000c 0000fbf4 0000fbf0 0000 0001", // and no addresses
        "69b8c0d7 0010 0000 00000010 fbf4 fbf0 0000 0001 c0000201 c000020a", // and no states
      })
  void whatIsTooShortIsRefused(String hex) {
    byte[] octets = Hex.octets(hex);

    assertThatThrownBy(() -> MrtRecord.of(octets, 0, octets.length)).isInstanceOf(MrtError.class);
  }

  @Test
  void noOctetsWhateverBreakTheReader() {
    var random = new Random(6396);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] octets = Noise.octets(random, random.nextInt(80));
      if (octets.length > 12 && random.nextInt(8) > 0) {
        octets[4] = 0;
        octets[5] = (byte) (16 + random.nextInt(2));
        octets[6] = 0;
        octets[7] = (byte) random.nextInt(13);
        octets[8] = octets[9] = octets[10] = 0;
        octets[11] = (byte) (octets.length - 12);
      }
      try {
        var record = MrtRecord.of(octets, 0, octets.length);
        assertThat(record.length()).isBetween(12, octets.length);
        assertThat(record.micros()).isBetween(0, 999_999);
        if (record.isMessage()) {
          assertThat(record.messageOffset() + record.messageLength()).isEqualTo(record.length());
          assertThat(record.context()).isNotNull();
        } else if (record.isStateChange()) {
          assertThat(record.newState()).isNotNegative();
          assertThat(String.valueOf(record.reason())).isNotEmpty();
        }
        read++;
      } catch (MrtError e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
    assertThat(read).isGreaterThan(1000);
  }
}
