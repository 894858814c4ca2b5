package org.bgppeer.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
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
    for (int at = 0; at < messages.length; at += CHUNK) {
      out.write(part(messages, firstAs, at, Math.min(CHUNK, messages.length - at), as));
    }
  }

  /// A part of the messages, with this AS as the first of each path.
  static byte[] part(byte[] messages, int[] firstAs, int at, int length, long as) {
    byte[] part = Arrays.copyOfRange(messages, at, at + length);
    int next = Arrays.binarySearch(firstAs, at - 3); // one may have begun in the part before
    for (int i = next < 0 ? -next - 1 : next; i < firstAs.length && firstAs[i] < at + length; i++) {
      for (int octet = 0; octet < 4; octet++) {
        int where = firstAs[i] - at + octet;
        if (where >= 0 && where < length) {
          part[where] = (byte) (as >>> 24 - 8 * octet);
        }
      }
    }
    return part;
  }

  /// Where the first AS of each AS_PATH stands.
  static int[] firstAs(byte[] messages) {
    var found = new ArrayList<Integer>();
    for (int at = 0; at < messages.length; at += length(messages, at)) {
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

  /// The length of the message that begins there.
  static int length(byte[] messages, int at) {
    return u16(messages, at + 16);
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
