package org.bgppeer.interop;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.Update;

/// Stands in the wire between the collector, which connects, and a router, and hears every message
/// of both.
///
/// ```
/// collector ──► tap (address of its own) ──► router
///               connects from the collector's address
/// ```
final class Tap implements AutoCloseable {
  /// In place of the type of an UPDATE that is but an End-of-RIB (RFC 4724 §2).
  static final int END_OF_RIB = -2;

  private static final int HEADER = 19;

  private final Link link;
  private final ServerSocket listener;
  private final List<Integer> fromCollector = new CopyOnWriteArrayList<>();
  private final List<Integer> fromRouter = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /// @param link as the router knows it
  Tap(Link link) throws IOException {
    this.link = link;
    String address = link.router().substring(0, link.router().lastIndexOf('.') + 1) + "3";
    listener = new ServerSocket(Loopback.PORT, 8, InetAddress.getByName(address));
    Thread.ofVirtual().start(this::accept);
  }

  /// How the collector knows the router: at the tap.
  String address() {
    return listener.getInetAddress().getHostAddress();
  }

  /// The types of the messages that the collector sent, in their order.
  List<Integer> fromCollector() {
    return List.copyOf(fromCollector);
  }

  /// The types of the messages that the router sent.
  List<Integer> fromRouter() {
    return List.copyOf(fromRouter);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket collector = listener.accept();
        sockets.add(collector);
        var router = new Socket();
        sockets.add(router);
        router.bind(new InetSocketAddress(link.collector(), 0));
        router.connect(new InetSocketAddress(link.router(), link.routerPort()));
        Thread.ofVirtual().start(() -> pass(collector, router, fromCollector));
        Thread.ofVirtual().start(() -> pass(router, collector, fromRouter));
      } catch (IOException e) {
        // The router is not there: the collector finds its connection closed, and comes again.
        sockets.forEach(Tap::close);
      }
    }
  }

  private static void pass(Socket from, Socket to, List<Integer> types) {
    try (from;
        to) {
      var in = new DataInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      var message = new byte[65535];
      while (true) {
        in.readFully(message, 0, HEADER);
        int length = (message[16] & 0xff) << 8 | message[17] & 0xff;
        in.readFully(message, HEADER, length - HEADER);
        types.add(typeOf(message, length));
        out.write(message, 0, length);
        out.flush();
      }
    } catch (IOException e) {
      // One side has closed; so does the other now.
    }
  }

  private static int typeOf(byte[] message, int length) {
    int type = message[18] & 0xff;
    if (type == MessageType.Assigned.UPDATE.code()) {
      var update = Update.decode(message, 0, length, DecodeContext.AS4);
      return update.endOfRib() == null ? type : END_OF_RIB;
    }
    return type;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(Tap::close);
  }
}
