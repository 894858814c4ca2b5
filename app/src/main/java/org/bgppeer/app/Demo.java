package org.bgppeer.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A collector at work with three simulated routers, each a process of its own.
///
/// ```
///   transit1 127.0.0.2 ─┐
///   transit2 127.0.0.3 ─┼─► collector 127.0.0.1:1790 ─► pages 127.0.0.1:8179
///   rs1      127.0.0.4 ─┘
/// ```
///
/// `transit2` loses its session 20 s after the start and every minute or two from then on, each
/// time in another way, so that there is a history before a newcomer has looked at every page. It
/// offers a short hold time, so that its silence is noticed soon too.
final class Demo implements AutoCloseable {
  /// The file in a data directory that says that it is a demo's. It is the configuration.
  private static final String CONFIGURATION = "demo.yaml";

  private static final InetSocketAddress USUAL_BGP = new InetSocketAddress(local(1), 1790);

  /// One simulated router.
  ///
  /// @param last the last number of its address in 127.0.0.0/8
  /// @param words what else the router's command line says
  private record SimulatedRouter(String name, int last, long as, String words) {
    String address() {
      return "127.0.0." + last;
    }
  }

  private static final List<SimulatedRouter> ROUTERS =
      List.of(
          new SimulatedRouter(
              "transit1",
              2,
              64500,
              "--router-id 192.0.2.1 --next-hop4 192.0.2.1 --next-hop6 2001:db8:0:1::1 --rate 3"
                  + " --break-every 120"),
          new SimulatedRouter(
              "transit2",
              3,
              64501,
              "--router-id 198.51.100.1 --next-hop4 198.51.100.1 --next-hop6 2001:db8:0:2::1"
                  + " --ipv4 24000 --ipv6 6000 --rate 2"
                  + " --hold-time 45 --lose-after 20 --lose-every 90 --away 8"),
          new SimulatedRouter(
              "rs1",
              4,
              64502,
              "--router-id 203.0.113.1 --next-hop4 203.0.113.0 --next-hop6 2001:db8:0:3::"
                  + " --route-server --add-path --rate 2"));

  private final Console console;
  private final @Nullable Path data;
  private final @Nullable InetSocketAddress web;
  private final boolean verbose;

  private final List<RouterProcess> routers = new ArrayList<>();
  private @Nullable Path temporary;
  private @Nullable Rooms rooms;

  /// Read by the thread that is told of a process that ended.
  private volatile boolean closing;

  /// @param data the directory that keeps what it hears; null for a temporary one
  /// @param web where the pages are; null for the usual address, or another port if it is taken
  Demo(Console console, @Nullable Path data, @Nullable InetSocketAddress web, boolean verbose) {
    this.console = console;
    this.data = data;
    this.web = web;
    this.verbose = verbose;
  }

  /// Starts everything, and says where to look.
  ///
  /// @throws Failure with what is wrong and the remedy; what was started is then still to be closed
  synchronized void start() throws Failure {
    requireAddresses();
    Path directory = directory();
    Configuration configuration = configuration(directory);
    Rooms rooms = Rooms.open(configuration);
    this.rooms = rooms;
    Path file = directory.resolve(CONFIGURATION);
    rooms.takeOrders(
        configuration.data(),
        new Reload(() -> ConfigurationReader.read(file), rooms, configuration));
    InetSocketAddress collector = rooms.listening().getFirst();
    for (SimulatedRouter router : ROUTERS) {
      routers.add(start(router, collector));
    }
    if (configuration.web() != null) {
      greet(Address.url(configuration.web(), rooms.webPort(), false));
    }
  }

  private void greet(String url) {
    console.line("");
    console.line("  Open   " + url);
    console.line("");
    console.line("Three simulated routers now send their tables. Worth a look:");
    console.line("  transit2 loses its session every minute or two: its page says when and why");
    console.line("  search for 1.1.1.1, 2001:4860::/32 or Google: who has it, what changed, when");
    console.line(
        (temporary != null
                ? "Ctrl-C stops everything and removes " + temporary
                : "Ctrl-C stops everything; " + data + " stays")
            + ".");
  }

  private RouterProcess start(SimulatedRouter router, InetSocketAddress collector) throws Failure {
    var words =
        new ArrayList<>(
            List.of(
                "--to",
                Address.text(collector),
                "--local-address",
                router.address(),
                "--as",
                Long.toString(router.as()),
                "--name",
                router.name()));
    words.addAll(List.of(router.words().split(" ")));
    RouterProcess process =
        RouterProcess.start(
            words,
            line -> {
              if (verbose) {
                console.hint(line);
              }
            },
            line -> console.hint(router.name() + ": " + line));
    process.whenEnded(status -> ended(router, status));
    return process;
  }

  private void ended(SimulatedRouter router, int status) {
    if (!closing) {
      console.hint(
          "bgp-peer: the simulated router %s ended with status %d; the others go on"
              .formatted(router.name(), status));
    }
  }

  /// Linux has all of 127.0.0.0/8; other systems have 127.0.0.1 alone.
  private static void requireAddresses() throws Failure {
    for (SimulatedRouter router : ROUTERS) {
      if (!isFree(new InetSocketAddress(local(router.last()), 0))) {
        throw new Failure(
            "the simulated router "
                + router.name()
                + " needs the address "
                + router.address()
                + ", which this machine does not have; on macOS: sudo ifconfig lo0 alias "
                + router.address());
      }
    }
  }

  private Path directory() throws Failure {
    try {
      if (data == null) {
        Path made = Files.createTempDirectory("bgp-peer-demo-");
        temporary = made;
        return made;
      }
    } catch (IOException e) {
      throw new Failure("cannot make a temporary directory (" + e + "); name one with --data", e);
    }
    var directory = new DataDirectory(data, null);
    if (Files.exists(directory.database()) && !Files.exists(data.resolve(CONFIGURATION))) {
      throw new Failure(
          Failure.WRONG_USAGE,
          data + " has the data of a real collector; name another directory with --data");
    }
    directory.prepare();
    return data;
  }

  /// Writes the configuration down, so that it can be looked at, and reads it as any other.
  private Configuration configuration(Path directory) throws Failure {
    Path file = directory.resolve(CONFIGURATION);
    var text =
        new StringBuilder(
            """
            # What ./bgp-peer demo runs with.
            local-as: 64496
            router-id: 192.0.2.10
            host-name: demo
            listen: %s
            web: "%s"
            data: .
            neighbors:
            """
                .formatted(
                    Address.text(orFree(USUAL_BGP)),
                    Address.text(web != null ? web : orFree(ConfigurationReader.DEFAULT_WEB))));
    for (SimulatedRouter router : ROUTERS) {
      text.append(
          "  - {address: %s, as: %d, name: %s, passive: true}\n"
              .formatted(router.address(), router.as(), router.name()));
    }
    try {
      Files.writeString(file, text);
      Path names = directory.resolve("as-names.txt");
      try (InputStream some = Demo.class.getResourceAsStream("demo-as-names.txt")) {
        if (some != null && !Files.exists(names)) {
          Files.copy(some, names);
        }
      }
    } catch (IOException e) {
      throw new Failure("cannot write " + file + " (" + e + ")", e);
    }
    return ConfigurationReader.read(file);
  }

  /// The address itself if it can be listened on, else the same with a port of the system's choice.
  private static InetSocketAddress orFree(InetSocketAddress usual) {
    return isFree(usual) ? usual : new InetSocketAddress(usual.getAddress(), 0);
  }

  private static boolean isFree(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      socket.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static InetAddress local(int last) {
    return InetAddress.ofLiteral("127.0.0." + last);
  }

  /// Stops everything, once, and removes what was to be temporary. Waits for a start that is under
  /// way.
  @Override
  public synchronized void close() {
    if (closing) {
      return;
    }
    closing = true;
    routers.forEach(RouterProcess::stop);
    if (rooms != null) {
      console.hint("stopping ...");
      rooms.close();
    }
    try {
      for (RouterProcess router : routers) {
        router.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (temporary != null) {
      remove(temporary);
    }
  }

  private void remove(Path directory) {
    try (Stream<Path> below = Files.walk(directory)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      console.hint("bgp-peer: cannot remove " + directory + ": " + e);
    }
  }
}
