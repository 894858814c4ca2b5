package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Messages, OPENs and MRT records from a fuzzer that sees which code they reach. In a build it
/// runs
/// over the kept inputs in `MessageFuzzTestInputs` alone; `make fuzz` looks for new ones, and what
/// breaks something is kept there too.
class MessageFuzzTest {
  /// How long `make fuzz` tries each.
  private static final String DURATION = "5m";

  /// The first octet chooses the session, the others are the message behind its marker.
  @FuzzTest(maxDuration = DURATION)
  void messages(byte[] octets) {
    if (octets.length > 0) {
      byte[] message = new byte[octets.length + 15];
      Arrays.fill(message, 0, 16, (byte) -1);
      System.arraycopy(octets, 1, message, 16, octets.length - 1);
      DecodeContext context =
          DecodeTreeTest.CONTEXTS.get((octets[0] & 0xff) % DecodeTreeTest.CONTEXTS.size());
      all(message, context);
    }
  }

  /// The attributes of an UPDATE, and a route behind them.
  @FuzzTest(maxDuration = DURATION)
  void attributes(byte[] octets) {
    if (octets.length > 0 && octets.length < 60_000) {
      byte[] message =
          new Updates()
              .rawAttributes(Octets.copyOf(octets, 1, octets.length - 1).toHex())
              .nlri("198.51.100.0/24")
              .build();
      DecodeContext context =
          DecodeTreeTest.CONTEXTS.get((octets[0] & 0xff) % DecodeTreeTest.CONTEXTS.size());
      all(message, context);
      assertThat(AttributeSet.decode(octets).other()).isNotNull();
    }
  }

  /// What stands behind the header of an OPEN.
  @FuzzTest(maxDuration = DURATION)
  void opens(byte[] octets) {
    if (octets.length < 4000) {
      var out = new WireWriter();
      int start = Framing.begin(out, MessageType.Assigned.OPEN);
      all(Framing.end(out.octets(octets), start).toByteArray(), DecodeContext.AS4);
    }
  }

  /// Records of MRT, one behind the other.
  @FuzzTest(maxDuration = DURATION)
  void mrt(byte[] octets) {
    int at = 0;
    while (at < octets.length) {
      MrtRecord record;
      try {
        record = MrtRecord.of(octets, at, octets.length);
      } catch (MrtError e) {
        assertThat(e.getMessage()).isNotEmpty();
        return;
      }
      if (record.isMessage()) {
        byte[] message =
            Arrays.copyOfRange(
                octets, record.messageOffset(), record.messageOffset() + record.messageLength());
        Answers.check(message, record.context());
      } else if (record.isStateChange()) {
        assertThat(record.newState()).isNotNegative();
        assertThat(String.valueOf(record.reason())).isNotNull();
      }
      assertThat(record.at()).isNotNull();
      at += record.length();
    }
  }

  private static void all(byte[] message, DecodeContext context) {
    Answers.check(message, context);
    DecodeTree.of(message, 0, message.length, context);
    assertThat(ContextGuess.of(Octets.of(message), context.addPath()).why()).isNotEmpty();
  }
}
