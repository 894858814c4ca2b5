package org.bgppeer.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How commands talk to a collector that runs: a socket in its data directory, which only its user
/// can open, and no port.
///
/// ```
/// command:    reset TAB edge 1 TAB new policy NEWLINE
/// collector:  ok NEWLINE what it did, as lines, to the end      or: failed NEWLINE why
/// ```
final class ControlSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

  /// What `sockaddr_un` of Linux has room for.
  private static final int LONGEST_PATH = 107;

  private static final int LONGEST_REQUEST = 4096;

  private final ServerSocketChannel server;
  private final Path path;
  private final Orders orders;

  /// Who carries out what is asked for.
  interface Orders {
    /// @return what it did, or what was asked for
    /// @throws Failure if it cannot
    String carryOut(List<String> words) throws Failure, InterruptedException;
  }

  private ControlSocket(ServerSocketChannel server, Path path, Orders orders) {
    this.server = server;
    this.path = path;
    this.orders = orders;
  }

  /// Where the collector of a data directory listens.
  static Path pathIn(Path data) {
    return data.resolve("control.sock");
  }

  /// Listens; the data directory must be locked by us.
  ///
  /// @throws Failure with the remedy if that cannot be
  static ControlSocket open(Path data, Orders orders) throws Failure {
    Path path = shortest(pathIn(data));
    try {
      Files.deleteIfExists(path); // of a collector that was killed: the lock says that it is gone
      var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      var socket = new ControlSocket(server, path, orders);
      Thread.ofPlatform().name("control").daemon().start(socket::listen);
      return socket;
    } catch (IOException | UnsupportedOperationException e) {
      throw new Failure("cannot make the control socket " + path + " (" + e.getMessage() + ")", e);
    }
  }

  /// The shorter of the two ways to name it.
  private static Path shortest(Path path) throws Failure {
    Path absolute = path.toAbsolutePath().normalize();
    Path relative = Path.of("").toAbsolutePath().relativize(absolute);
    Path shorter = octets(relative) < octets(absolute) ? relative : absolute;
    if (octets(shorter) > LONGEST_PATH) {
      throw new Failure(
          "the control socket "
              + absolute
              + " has a name of "
              + octets(absolute)
              + " octets, the system takes "
              + LONGEST_PATH
              + "; choose a data directory with a shorter name, or start in the directory above"
              + " it");
    }
    return shorter;
  }

  private static int octets(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private void listen() {
    while (true) {
      try {
        SocketChannel caller = server.accept();
        Thread.ofVirtual().name("control").start(() -> serve(caller));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("the control socket is closed: {}", e.getMessage());
        return;
      }
    }
  }

  private void serve(SocketChannel caller) {
    try (caller) {
      String request = line(caller);
      String answer;
      try {
        answer = "ok\n" + orders.carryOut(List.of(request.split("\t", -1)));
      } catch (Failure e) {
        answer = "failed\n" + e.getMessage();
      } catch (RuntimeException e) {
        LOG.error("order \"{}\"", request, e);
        answer = "failed\nsomething went wrong that should not: " + e;
      }
      ByteBuffer out = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
      while (out.hasRemaining()) {
        caller.write(out);
      }
    } catch (IOException e) {
      LOG.debug("a command went away: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(SocketChannel caller) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(LONGEST_REQUEST);
    while (in.hasRemaining() && caller.read(in) >= 0) {
      if (in.position() > 0 && in.get(in.position() - 1) == '\n') {
        break;
      }
    }
    String text = new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  /// Asks the collector of a data directory.
  ///
  /// @return its answer
  /// @throws Failure if it does not run, or cannot do that; says why
  static String ask(Path data, String... words) throws Failure {
    for (String word : words) {
      if (word.indexOf('\t') >= 0 || word.indexOf('\n') >= 0) {
        throw new Failure(Failure.WRONG_USAGE, "'" + word + "' has a tab or an end of line in it");
      }
    }
    Path path = shortest(pathIn(data));
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      byte[] request = (String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8);
      channel.write(ByteBuffer.wrap(request));
      var in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      String status = in.readLine();
      String answer = String.join("\n", in.lines().toList());
      if (!"ok".equals(status)) {
        throw new Failure(status == null ? "the collector stopped meanwhile" : answer);
      }
      return answer;
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      throw new Failure(
          why.contains("denied") || why.contains("not permitted")
              ? path + " may not be opened by this user; run this as the user of the collector"
              : "no collector runs over "
                  + data.toAbsolutePath().normalize()
                  + "; name the data directory of one that does with --data DIR",
          e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}
