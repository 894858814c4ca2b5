package org.bgppeer.session;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.WireWriter;

/// A router that does what a test says, line by line, over a socket on loopback. It answers nothing
/// by itself. What it reads it waits for, ten seconds at most.
///
/// ```java
/// try (var peer = ScriptedPeer.dial(collector, "127.11.0.1")) {
///   peer.establish(64500, 90);
///   peer.announce("192.0.2.0/24", "198.51.100.0/24");
///   peer.endOfRib();
/// }
/// ```
public final class ScriptedPeer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private final List<byte[]> heard = new ArrayList<>();
  private long as;

  private ScriptedPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = new DataInputStream(socket.getInputStream());
  }

  /// Calls the collector from an address of loopback.
  public static ScriptedPeer dial(InetSocketAddress collector, String from) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(collector, PATIENCE_MILLIS);
    return new ScriptedPeer(socket);
  }

  /// Listens on an address of loopback, on a port that the system chooses.
  public static ServerSocket listen(String address) throws IOException {
    var server = new ServerSocket(0, 10, InetAddress.getByName(address));
    server.setSoTimeout(PATIENCE_MILLIS);
    return server;
  }

  /// Waits for the collector's call.
  public static ScriptedPeer accept(ServerSocket server) throws IOException {
    return new ScriptedPeer(server.accept());
  }

  // ---- says

  /// Sends octets, whatever they are.
  public ScriptedPeer send(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
    return this;
  }

  /// Sends an OPEN with the capabilities that most routers have: both unicast families, 4-octet AS,
  /// route refresh. The identifier is 10.0.0.1.
  public ScriptedPeer open(long as, int holdTimeSeconds) throws IOException {
    return open(as, holdTimeSeconds, 0x0a000001L);
  }

  /// The same with this identifier.
  public ScriptedPeer open(long as, int holdTimeSeconds, long identifier) throws IOException {
    return open(usualOpen(as, holdTimeSeconds, identifier));
  }

  /// An OPEN with the capabilities that most routers have.
  public static Open usualOpen(long as, int holdTimeSeconds, long identifier) {
    return Open.of(
        as,
        holdTimeSeconds,
        identifier,
        List.of(
            new Capability.Multiprotocol(Family.IPV4_UNICAST),
            new Capability.Multiprotocol(Family.IPV6_UNICAST),
            new Capability.RouteRefreshCapability(false),
            new Capability.FourOctetAs(as)));
  }

  /// Sends this OPEN.
  public ScriptedPeer open(Open open) throws IOException {
    as = open.as();
    return send(open.encode());
  }

  /// Sends a KEEPALIVE.
  public ScriptedPeer keepalive() throws IOException {
    return send(new Keepalive().encode());
  }

  /// Sends a NOTIFICATION.
  public ScriptedPeer notification(Notification notification) throws IOException {
    return send(notification.encode());
  }

  /// Exchanges OPENs and KEEPALIVEs, ours first.
  public ScriptedPeer establish(long as, int holdTimeSeconds) throws Exception {
    open(as, holdTimeSeconds);
    expect(Open.class);
    expect(Keepalive.class);
    return keepalive();
  }

  /// Announces IPv4 prefixes in one UPDATE: IGP, from our AS alone, next hop 192.0.2.1.
  public ScriptedPeer announce(String... prefixes) throws IOException {
    var attributes =
        new WireWriter()
            .u8(0x40)
            .u8(1)
            .u8(1)
            .u8(0)
            .u8(0x40)
            .u8(2)
            .u8(6)
            .u8(2)
            .u8(1)
            .u32(as)
            .u8(0x40)
            .u8(3)
            .u8(4)
            .u32(0xc0000201L);
    return update(new byte[0], attributes.toByteArray(), nlri(prefixes));
  }

  /// Withdraws IPv4 prefixes in one UPDATE.
  public ScriptedPeer withdraw(String... prefixes) throws IOException {
    return update(nlri(prefixes), new byte[0], new byte[0]);
  }

  /// Sends the End-of-RIB of IPv4 unicast (RFC 4724 §2).
  public ScriptedPeer endOfRib() throws IOException {
    return update(new byte[0], new byte[0], new byte[0]);
  }

  /// Sends an UPDATE with these three parts, whatever they are.
  public ScriptedPeer update(byte[] withdrawn, byte[] attributes, byte[] nlri) throws IOException {
    return send(updateOctets(withdrawn, attributes, nlri));
  }

  /// A whole UPDATE of these three parts.
  public static byte[] updateOctets(byte[] withdrawn, byte[] attributes, byte[] nlri) {
    int length = Framing.HEADER_LENGTH + 4 + withdrawn.length + attributes.length + nlri.length;
    return new WireWriter()
        .u64(-1)
        .u64(-1)
        .u16(length)
        .u8(2)
        .u16(withdrawn.length)
        .octets(withdrawn)
        .u16(attributes.length)
        .octets(attributes)
        .octets(nlri)
        .toByteArray();
  }

  private static byte[] nlri(String... prefixes) {
    var out = new WireWriter();
    for (String text : prefixes) {
      Prefix prefix = Prefix.parse(text);
      int octets = (prefix.length() + 7) / 8;
      out.u8(prefix.length()).octets(Arrays.copyOf(prefix.address(), octets));
    }
    return out.toByteArray();
  }

  // ---- hears

  /// Waits for the next message, whole.
  public byte[] readOctets() throws IOException {
    byte[] header = in.readNBytes(Framing.HEADER_LENGTH);
    if (header.length < Framing.HEADER_LENGTH) {
      throw new EOFException("they closed after " + heard.size() + " messages");
    }
    byte[] message = Arrays.copyOf(header, Framing.length(header, 0));
    in.readFully(message, header.length, message.length - header.length);
    heard.add(message);
    return message;
  }

  /// Waits for the next message, which must be of this kind.
  public <T extends Message> T expect(Class<T> kind) throws Exception {
    byte[] octets = readOctets();
    Message message = Message.decode(octets, 0, octets.length, DecodeContext.AS4);
    if (!kind.isInstance(message)) {
      throw new AssertionError("expected " + kind.getSimpleName() + ", came " + message);
    }
    return kind.cast(message);
  }

  /// Waits for a NOTIFICATION, passing over what else comes, and for the end of the connection.
  public Notification expectEnd() throws Exception {
    Notification notification = null;
    while (notification == null) {
      byte[] octets = readOctets();
      if (Message.decode(octets, 0, octets.length, DecodeContext.AS4) instanceof Notification it) {
        notification = it;
      }
    }
    if (in.read() != -1) {
      throw new AssertionError("more came after " + notification);
    }
    return notification;
  }

  /// Waits until they close without a word more.
  public void expectClose() throws IOException {
    if (in.read() != -1) {
      throw new AssertionError("something came where they should have closed");
    }
  }

  /// Waits until they close or reset the connection without a word.
  public void expectDrop() throws IOException {
    try {
      expectClose();
    } catch (SocketException e) {
      if (!String.valueOf(e.getMessage()).contains("reset")) {
        throw e;
      }
    }
  }

  /// All messages that were read, whole.
  public List<byte[]> heard() {
    return List.copyOf(heard);
  }

  /// Octets that came and were not read yet.
  public int unread() throws IOException {
    return in.available();
  }

  /// Ends the connection with a TCP reset.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
