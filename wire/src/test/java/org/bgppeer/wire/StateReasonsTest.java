package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateReasonsTest {
  private static final Instant AT = Instant.parse("2026-03-17T03:12:07.123456Z");
  private static final StateReason WHY =
      new StateReason(SessionCause.HOLD_TIMER_EXPIRED, "edge 1", "90 s\nand é");

  private static byte[] change(
      MrtFormat format, long as, String peer, String local, @Nullable StateReason reason) {
    return Mrt.stateChange(
        format, AT, as, 64512, AddressText.parse(peer), AddressText.parse(local), 6, 1, reason);
  }

  private static byte[] change(@Nullable StateReason reason) {
    return change(MrtFormat.BGP4MP_ET, 64500, "192.0.2.1", "192.0.2.2", reason);
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// The reason of each state change.
  private static List<@Nullable StateReason> read(byte[] octets) throws MrtError {
    var reasons = new StateReasons();
    var found = new ArrayList<@Nullable StateReason>();
    for (int at = 0; at < octets.length; ) {
      var record = MrtRecord.of(octets, at, octets.length);
      var reason = reasons.of(record);
      if (record.isStateChange()) {
        found.add(reason);
      } else {
        assertThat(reason).isNull();
      }
      at += record.length();
    }
    return found;
  }

  private static byte[] told() {
    byte[] both = change(WHY);
    return Arrays.copyOf(both, both.length - change(null).length);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsWhatIsRead(MrtFormat format) throws MrtError {
    assertThat(read(change(format, 64500, "192.0.2.1", "192.0.2.2", WHY))).containsExactly(WHY);
    assertThat(read(change(format, 1L << 31, "2001:db8::1", "2001:db8::2", WHY)))
        .containsExactly(WHY);
  }

  @Test
  void theReasonIsAPeerIndexTableAndTheStateChangeIsPlain() throws MrtError {
    byte[] records = change(new StateReason(SessionCause.NO_ROUTE, "", ""));
    byte[] expected =
        Hex.octets(
            """
            69b8c687 000d 0001 0000 0031        # PEER_INDEX_TABLE, 49 octets
            00000000 001c                       # no identifier, a view name of 28 octets
            7768793d4e4f5f524f555445 0a         # why=NO_ROUTE
            6e65696768626f723d 0a               # neighbor=
            746578743d                          # text=
            0001 02 00000000 c0000201 0000fbf4  # one peer: 192.0.2.1, AS 64500
            """);
    assertThat(records).startsWith(expected);
    var table = MrtRecord.of(records, 0, records.length);
    assertThat(table.isReason()).isTrue();
    assertThat(table.isStateChange()).isFalse();
    assertThat(Arrays.copyOfRange(records, table.length(), records.length)).isEqualTo(change(null));
  }

  @Test
  void theNameOfTheFileBeforeIsAPeerIndexTableOfNobodyAndNoReason() throws MrtError {
    byte[] record = Mrt.follows(AT, "updates.20260317.0300");

    assertThat(record)
        .isEqualTo(
            Hex.octets(
                """
                69b8c687 000d 0001 0000 0032
                00000000 001d                                # a view name of 29 octets
                666f6c6c6f77733d                             # follows=
                757064617465732e32303236303331372e30333030   # updates.20260317.0300
                0001 02 00000000 00000000 00000000           # one peer: 0.0.0.0, AS 0
                """));
    var view = MrtRecord.of(record, 0, record.length);
    assertThat(view.follows()).isEqualTo("updates.20260317.0300");
    assertThat(view.isReason()).isFalse();
    assertThat(MrtRecord.of(told(), 0, told().length).follows()).isNull();
    assertThat(read(join(told(), record, change(null)))).containsExactly((StateReason) null);
  }

  @Test
  void aReasonCountsOnlyForTheRecordBehindIt() throws MrtError {
    byte[] keepalive =
        Mrt.bgp4mpMessage(
            AT,
            false,
            64500,
            64512,
            AddressText.parse("192.0.2.1"),
            AddressText.parse("192.0.2.2"),
            new byte[19],
            0,
            19,
            DecodeContext.AS4);

    assertThat(read(join(told(), keepalive, change(null)))).containsExactly((StateReason) null);
    assertThat(read(join(change(WHY), change(null)))).containsExactly(WHY, null);
  }

  @Test
  void aReasonCountsOnlyForItsPeer() throws MrtError {
    byte[] otherAs = change(MrtFormat.BGP4MP_ET, 64501, "192.0.2.1", "192.0.2.2", null);
    byte[] otherAddress = change(MrtFormat.BGP4MP_ET, 64500, "192.0.2.9", "192.0.2.2", null);

    assertThat(read(join(told(), otherAs))).containsExactly((StateReason) null);
    assertThat(read(join(told(), otherAddress))).containsExactly((StateReason) null);
  }

  @Test
  void ofTwoReasonsTheOneRightBeforeTheStateChangeCounts() throws MrtError {
    var other = new StateReason(SessionCause.COLLECTOR_CRASHED, "", "");

    assertThat(read(join(told(), change(other)))).containsExactly(other);
  }

  @Test
  void theReasonBehindTheBodyThatEarlierVersionsWroteIsRead() throws MrtError {
    byte[] trailer = WHY.encode();
    byte[] record = join(change(null), trailer);
    record[11] += (byte) trailer.length;

    assertThat(read(record)).containsExactly(WHY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "69b8c687 000d 0001 0000 0008 c0000201 0000 0000", // no peers
        "69b8c687 000d 0001 0000 0015 c0000201 0000 0001 02 c0000201 c0000201 0000fbf4", // no name
        "69b8c687 000d 0001 0000 0006 c0000201 ffff", // a name that is not there
        "69b8c687 000d 0001 0000 0000",
        "69b8c687 000d 0002 0000 0008 c0000201 0000 0000",
      })
  void theTablesOfOthersAreNoReasons(String table) throws MrtError {
    byte[] octets = Hex.octets(table);
    assertThat(MrtRecord.of(octets, 0, octets.length).isReason()).isFalse();
    assertThat(read(join(octets, change(null)))).containsExactly((StateReason) null);
  }
}
