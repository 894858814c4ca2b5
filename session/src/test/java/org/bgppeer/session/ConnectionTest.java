package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.HeaderError;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.WireWriter;
import org.junit.jupiter.api.Test;

/// How a stream is cut into messages, however it comes.
class ConnectionTest {
  private static final List<byte[]> MESSAGES =
      List.of(
          Open.of(64500, 90, 1, List.of(new Capability.FourOctetAs(64500))).encode(),
          new Keepalive().encode(),
          ScriptedPeer.updateOctets(new byte[] {24, 10, 0, 1}, new byte[0], new byte[0]),
          ScriptedPeer.updateOctets(new byte[0], new byte[0], new byte[0]));

  private final List<String> heard = new ArrayList<>();
  private final Connection connection = new Connection(false);
  private final EmbeddedChannel channel = new EmbeddedChannel(connection);

  ConnectionTest() {
    connection.attach(
        new Connection.Owner() {
          @Override
          public void message(byte[] octets, int offset, int length) {
            heard.add(HexFormat.of().formatHex(octets, offset, offset + length));
          }

          @Override
          public void headerError(HeaderError error) {
            heard.add("error " + error.notification());
          }

          @Override
          public void connectionFails(SessionCause cause, String text) {
            heard.add(cause + " " + text);
          }

          @Override
          public void batchRead() {}

          @Override
          public void fault(Throwable fault) {
            heard.add(fault.toString());
          }
        });
  }

  private static byte[] stream(List<byte[]> messages) {
    var out = new WireWriter();
    messages.forEach(out::octets);
    return out.toByteArray();
  }

  private static List<String> hex(List<byte[]> messages) {
    return messages.stream().map(HexFormat.of()::formatHex).toList();
  }

  private void comes(byte[] stream, int from, int to) {
    channel.writeInbound(Unpooled.copiedBuffer(stream, from, to - from));
  }

  @Test
  void aStreamThatIsSplitAnywhereHasTheSameMessages() {
    byte[] stream = stream(MESSAGES);
    for (int split = 0; split <= stream.length; split++) {
      heard.clear();
      comes(stream, 0, split);
      comes(stream, split, stream.length);

      assertThat(heard).as("split at %s", split).isEqualTo(hex(MESSAGES));
    }
  }

  @Test
  void octetByOctetToo() {
    byte[] stream = stream(MESSAGES);
    for (int i = 0; i < stream.length; i++) {
      comes(stream, i, i + 1);
    }

    assertThat(heard).isEqualTo(hex(MESSAGES));
  }

  @Test
  void soDoMessagesOfEachLengthInPiecesOfAnyLength() {
    connection.maxLength(Framing.EXTENDED_MAX_LENGTH);
    var random = new Random(7);
    var messages = new ArrayList<byte[]>();
    for (int length : List.of(4096, 65_535, 23, 65_535, 65_534, 8192, 4097, 23)) {
      byte[] withdrawn = new byte[length - 23];
      random.nextBytes(withdrawn);
      messages.add(ScriptedPeer.updateOctets(withdrawn, new byte[0], new byte[0]));
    }
    byte[] stream = stream(messages);
    for (int most : List.of(1 << 17, 65_536, 5000, 100)) {
      heard.clear();
      for (int at = 0; at < stream.length; ) {
        int next = Math.min(stream.length, at + 1 + random.nextInt(most));
        comes(stream, at, next);
        at = next;
      }

      assertThat(heard).as("pieces of at most %s", most).isEqualTo(hex(messages));
    }
  }

  @Test
  void aStreamThatEndsWithinAMessageSaysWhere() {
    byte[] stream = stream(MESSAGES);
    int whole = MESSAGES.getFirst().length;
    comes(stream, 0, whole + 7);

    channel.close();

    assertThat(heard)
        .containsExactly(
            hex(MESSAGES).getFirst(),
            "CONNECTION_CLOSED in the middle of a message, after 7 octets of it");
  }

  @Test
  void aMarkerIsJudgedAtItsFirstWrongOctet() {
    for (int wrong = 0; wrong < 16; wrong++) {
      heard.clear();
      var one = new ConnectionTest();
      byte[] message = MESSAGES.get(1).clone();
      message[wrong] = 0x7f;
      one.comes(Arrays.copyOf(message, wrong), 0, wrong);
      assertThat(one.heard).as("before octet %s", wrong).isEmpty();
      one.comes(message, wrong, wrong + 1);
      assertThat(one.heard).as("octet %s", wrong).hasSize(1).first().asString().contains("(1/1)");
    }
  }
}
