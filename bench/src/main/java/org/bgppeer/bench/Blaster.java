package org.bgppeer.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Open;

/// A session that sends UPDATEs made before, as fast as they are taken.
final class Blaster implements AutoCloseable {
  private static final int HOLD_TIME = 0; // nobody here has time for KEEPALIVEs
  private static final int CHUNK = 1 << 20;

  private final Socket socket;
  private final long as;

  private Blaster(Socket socket, long as) {
    this.socket = socket;
    this.as = as;
  }

  /// Connects, and returns once the session is up.
  static Blaster connect(InetSocketAddress to, InetAddress from, long as) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(to);
    socket.setTcpNoDelay(true);
    var out = socket.getOutputStream();
    var in = new DataInputStream(socket.getInputStream());
    long identifier = 0xffffffffL & java.nio.ByteBuffer.wrap(from.getAddress()).getInt();
    out.write(
        Open.of(
                as,
                HOLD_TIME,
                identifier,
                List.of(
                    new Capability.Multiprotocol(Family.IPV4_UNICAST),
                    new Capability.Multiprotocol(Family.IPV6_UNICAST),
                    new Capability.FourOctetAs(as)))
            .encode());
    expect(in, 1);
    out.write(new Keepalive().encode());
    expect(in, 4);
    return new Blaster(socket, as);
  }

  private static void expect(DataInputStream in, int type) throws IOException {
    in.skipNBytes(16);
    int length = in.readUnsignedShort();
    int found = in.readUnsignedByte();
    byte[] body = in.readNBytes(length - 19);
    if (found != type) {
      throw new IOException(
          "a message of type %d instead of %d: %s"
              .formatted(found, type, java.util.HexFormat.of().formatHex(body)));
    }
  }

  /// Sends all messages, our AS as the first of each path.
  ///
  /// @param firstAs where in `messages` the first AS of each path stands
  void send(byte[] messages, int[] firstAs) throws IOException {
    var out = socket.getOutputStream();
    var chunk = new byte[CHUNK];
    int next = 0;
    for (int at = 0; at < messages.length; at += CHUNK) {
      int length = Math.min(CHUNK, messages.length - at);
      System.arraycopy(messages, at, chunk, 0, length);
      if (next > 0) {
        put(chunk, firstAs[next - 1] - at, length); // it may have begun in the chunk before
      }
      while (next < firstAs.length && firstAs[next] < at + length) {
        put(chunk, firstAs[next++] - at, length);
      }
      out.write(chunk, 0, length);
    }
  }

  private void put(byte[] chunk, int at, int length) {
    for (int i = 0; i < 4; i++) {
      if (at + i >= 0 && at + i < length) {
        chunk[at + i] = (byte) (as >>> 24 - 8 * i);
      }
    }
  }

  /// Where the first AS of each AS_PATH stands.
  static int[] firstAs(byte[] messages) {
    var found = new ArrayList<Integer>();
    for (int at = 0; at < messages.length; at += u16(messages, at + 16)) {
      int attribute = at + 21 + u16(messages, at + 19) + 2;
      int end = attribute + u16(messages, attribute - 2);
      while (attribute < end) {
        boolean extended = (messages[attribute] & 0x10) != 0;
        int value = attribute + (extended ? 4 : 3);
        int length = extended ? u16(messages, attribute + 2) : messages[attribute + 2] & 0xff;
        if (messages[attribute + 1] == 2 && length >= 6) {
          found.add(value + 2);
        }
        attribute = value + length;
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int u16(byte[] octets, int at) {
    return (octets[at] & 0xff) << 8 | octets[at + 1] & 0xff;
  }

  /// Drops the connection, without a word.
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
