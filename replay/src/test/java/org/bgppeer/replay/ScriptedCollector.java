package org.bgppeer.replay;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MessageError;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.NlriBlock;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// The other end of a simulated router's session: takes one connection at a time and remembers the
/// routes that it was sent, as [Update#attributeSet] has them.
final class ScriptedCollector implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ServerSocket server;
  private @Nullable Socket socket;
  private @Nullable Socket taken;
  private @Nullable DataInputStream in;
  private @Nullable Negotiated agreed;

  /// The routes of this session by now, with the octets of their attributes in hex.
  final Map<RouteKey, String> routes = new TreeMap<>();

  /// The families whose End-of-RIB came.
  final Set<Family> complete = new HashSet<>();

  /// The findings of all UPDATEs.
  final List<Object> findings = new ArrayList<>();

  ScriptedCollector() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setSoTimeout((int) PATIENCE.toMillis());
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /// Uses this connection, which we made, for the next session.
  void take(Socket connected) {
    taken = connected;
  }

  /// All that a modern collector offers.
  static List<Capability> modern() {
    return List.of(
        new Capability.Multiprotocol(Family.IPV4_UNICAST),
        new Capability.Multiprotocol(Family.IPV6_UNICAST),
        new Capability.RouteRefreshCapability(false),
        new Capability.EnhancedRouteRefresh(),
        new Capability.FourOctetAs(64512),
        new Capability.ExtendedMessage(),
        new Capability.AddPath(
            List.of(
                new Capability.AddPath.Entry(Family.IPV4_UNICAST, Capability.AddPath.RECEIVE),
                new Capability.AddPath.Entry(Family.IPV6_UNICAST, Capability.AddPath.RECEIVE))));
  }

  /// Waits for a connection and brings the session up; returns the router's OPEN.
  Open establish(int holdTimeSeconds, List<Capability> capabilities)
      throws IOException, MessageError {
    routes.clear();
    complete.clear();
    agreed = null;
    var next = taken != null ? taken : server.accept();
    taken = null;
    socket = next;
    next.setSoTimeout((int) PATIENCE.toMillis());
    in = new DataInputStream(next.getInputStream());
    var open = Open.of(64512, holdTimeSeconds, 0xc0000264L, capabilities);
    send(open.encode());
    var theirs = (Open) read();
    agreed = Negotiated.of(open, theirs);
    send(new Keepalive().encode());
    if (!(read() instanceof Keepalive)) {
      throw new IllegalStateException("no KEEPALIVE behind the OPEN");
    }
    return theirs;
  }

  void send(byte[] message) throws IOException {
    connection().getOutputStream().write(message);
  }

  /// The next message, an UPDATE's routes remembered.
  ///
  /// @throws java.io.EOFException if they closed
  /// @throws java.net.SocketException if they reset the connection
  Message read() throws IOException, MessageError {
    if (in == null) {
      throw new IllegalStateException("no connection yet");
    }
    byte[] header = new byte[Framing.HEADER_LENGTH];
    in.readFully(header);
    Framing.checkHeader(header, 0, Framing.EXTENDED_MAX_LENGTH);
    byte[] message = new byte[Framing.length(header, 0)];
    System.arraycopy(header, 0, message, 0, header.length);
    in.readFully(message, header.length, message.length - header.length);
    var context = agreed != null ? agreed.context() : DecodeContext.AS4;
    var decoded = Message.decode(message, 0, message.length, context);
    if (decoded instanceof Update update) {
      learn(update);
    }
    return decoded;
  }

  /// Reads until both families are complete.
  void readTable() throws IOException, MessageError {
    while (complete.size() < 2) {
      var _ = read();
    }
  }

  /// Waits so long, and fails if anything comes.
  void expectSilence(Duration time) throws IOException {
    connection().setSoTimeout((int) time.toMillis());
    try {
      int octet = connection().getInputStream().read();
      throw new AssertionError("no silence: " + octet);
    } catch (SocketTimeoutException e) {
      connection().setSoTimeout((int) PATIENCE.toMillis());
    }
  }

  private void learn(Update update) {
    findings.addAll(update.findings());
    for (var block : update.withdrawn()) {
      keys(block).forEach(routes::remove);
    }
    for (var block : update.announced()) {
      String attributes = HexFormat.of().formatHex(update.attributeSet(block));
      keys(block).forEach(key -> routes.put(key, attributes));
    }
    var family = update.endOfRib();
    if (family != null) {
      complete.add(family);
    }
  }

  /// The routes of a block.
  static List<RouteKey> keys(NlriBlock block) {
    var keys = new ArrayList<RouteKey>();
    byte[] key = new byte[block.family().isIpv6() ? 17 : 5];
    for (var cursor = block.cursor(); cursor.next(); ) {
      cursor.copyKey(key, 0);
      keys.add(new RouteKey(block.family(), Prefix.ofKey(key).toString(), cursor.pathId()));
    }
    return keys;
  }

  private Socket connection() {
    if (socket == null) {
      throw new IllegalStateException("no connection yet");
    }
    return socket;
  }

  /// Ends this session's connection.
  void hangUp() throws IOException {
    connection().close();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
    server.close();
  }
}
