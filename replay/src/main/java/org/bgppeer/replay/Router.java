package org.bgppeer.replay;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Open;
import org.jspecify.annotations.Nullable;

/// A simulated router: connects or listens, speaks until the session ends, and comes back, until it
/// is stopped. A process of its own; see [RouterOptions#USAGE].
public final class Router {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final RouterOptions options;
  private final Feed feed;
  private final RouterLog log;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Object lock = new Object();

  /// Guarded by `lock`: what must be woken to stop.
  private @Nullable Speaker speaker;

  private @Nullable ServerSocket server;
  private @Nullable Socket connecting;

  /// The port of the last listening socket, so that `--listen ADDR:0` comes back on the same one.
  private volatile int listenPort;

  Router(RouterOptions options, Feed feed, RouterLog log) {
    this.options = options;
    this.feed = feed;
    this.log = log;
  }

  /// Runs a simulated router until it is stopped by a signal. Exits with 2 if the command line
  /// makes no sense, with 1 if the file cannot be read.
  public static void main(String[] args) throws InterruptedException {
    if (List.of(args).contains("--help")) {
      System.out.print(RouterOptions.USAGE);
      return;
    }
    RouterOptions options;
    try {
      options = RouterOptions.parse(args);
    } catch (UsageError e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var log = new RouterLog(out, options.name(), Clock.systemUTC());
    Router router;
    try {
      router = new Router(options, feed(options, log), log);
    } catch (IOException e) {
      System.err.println("cannot play " + options.file() + ": " + reason(e));
      System.exit(1);
      return;
    }
    var running = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> router.stopAndWait(running), "stop the router"));
    if (options.untilStdinCloses()) {
      Thread.ofPlatform().daemon().name("watch stdin").start(Router::exitWhenStdinCloses);
    }
    router.run();
  }

  /// The system's exceptions have nothing but the file's name as their message.
  private static @Nullable String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "it may not be read";
      default -> e.getMessage();
    };
  }

  private static Feed feed(RouterOptions options, RouterLog log) throws IOException {
    var path = options.file();
    if (path != null) {
      var file = FileFeed.open(path, options.filePeer(), options.speed(), options.exitAtEnd());
      log.file(file);
      return file;
    }
    var table = new RouteTable(options.vantage(), DemoTable.load());
    log.table(table.size(), options.rate());
    return new TableFeed(
        table,
        options.vantage().addPath(),
        options.vantage().seed(),
        options.rate(),
        options.breakEvery());
  }

  private static void exitWhenStdinCloses() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is expected; what matters is the end.
      }
    } catch (IOException e) {
      System.err.println("standard input is gone: " + e.getMessage());
    }
    System.exit(0);
  }

  private void stopAndWait(Thread running) {
    stop();
    try {
      running.join(Duration.ofSeconds(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the session with a Cease, and then [#run]. From any thread.
  void stop() {
    stopped.countDown();
    synchronized (lock) {
      if (speaker != null) {
        speaker.stop();
      }
      closeQuietly(server);
      closeQuietly(connecting);
    }
  }

  /// The port on which it listens, or listened last; 0 before.
  int listenPort() {
    return listenPort;
  }

  /// Speaks until [#stop], or until the file is done if it is to end then.
  void run() throws InterruptedException {
    int number = 0;
    while (!isStopped() && !isFinished()) {
      Socket socket;
      try {
        socket = options.to() != null ? connect(options.to()) : accept();
      } catch (IOException e) {
        if (!isStopped()) {
          log.notConnected(String.valueOf(e.getMessage()));
          pause(RETRY);
        }
        continue;
      }
      if (speak(socket, number)) {
        var plan = options.loss();
        pause(plan != null ? plan.away() : RETRY);
        number++;
      } else {
        pause(RETRY);
      }
    }
    log.stopped();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private boolean isFinished() {
    return feed instanceof FileFeed file && file.endsSession() && file.isDone();
  }

  private void pause(Duration duration) throws InterruptedException {
    if (!isFinished()) {
      // Stopping cuts it short.
      var _ = stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private boolean speak(Socket socket, int number) throws InterruptedException {
    var plan = options.loss();
    Speaker mine;
    try {
      mine =
          new Speaker(
              socket,
              open(),
              feed,
              log,
              plan != null ? plan.lasts(number) : null,
              plan != null ? plan.style(number) : SessionLoss.CLOSE);
    } catch (IOException e) {
      log.down("connection broken: " + e.getMessage());
      closeQuietly(socket);
      return false;
    }
    synchronized (lock) {
      speaker = mine;
      if (isStopped()) {
        mine.stop();
      }
    }
    try {
      return mine.run();
    } finally {
      synchronized (lock) {
        speaker = null;
      }
    }
  }

  private Socket connect(InetSocketAddress to) throws IOException {
    var socket = new Socket();
    synchronized (lock) {
      connecting = socket;
    }
    try {
      log.connecting(to);
      if (options.localAddress() != null) {
        socket.bind(new InetSocketAddress(options.localAddress(), 0));
      }
      socket.connect(to, (int) CONNECT_TIMEOUT.toMillis());
      return socket;
    } catch (IOException e) {
      closeQuietly(socket);
      throw e;
    } finally {
      synchronized (lock) {
        connecting = null;
      }
    }
  }

  /// Listens for one connection only: whoever calls while a session is up is refused by the system.
  private Socket accept() throws IOException {
    var listen = options.listen();
    if (listen == null) {
      throw new IllegalStateException("neither --to nor --listen");
    }
    try (var mine = new ServerSocket()) {
      synchronized (lock) {
        server = mine;
      }
      mine.setReuseAddress(true);
      int port = listen.getPort() != 0 ? listen.getPort() : listenPort;
      mine.bind(new InetSocketAddress(listen.getAddress(), port), 1);
      listenPort = mine.getLocalPort();
      log.listening(mine.getLocalSocketAddress());
      if (isStopped()) {
        throw new IOException("stopped");
      }
      return mine.accept();
    } finally {
      synchronized (lock) {
        server = null;
      }
    }
  }

  private Open open() {
    var offer = feed.offer();
    var capabilities = new ArrayList<Capability>();
    for (var family : new TreeSet<>(offer.families())) {
      capabilities.add(new Capability.Multiprotocol(family));
    }
    if (offer.refresh()) {
      capabilities.add(new Capability.RouteRefreshCapability(false));
      capabilities.add(new Capability.EnhancedRouteRefresh());
    }
    if (offer.as4()) {
      capabilities.add(new Capability.FourOctetAs(options.as()));
    }
    if (!offer.addPath().isEmpty()) {
      List<Capability.AddPath.Entry> entries =
          new TreeSet<>(offer.addPath())
              .stream()
                  .map(family -> new Capability.AddPath.Entry(family, Capability.AddPath.SEND))
                  .toList();
      capabilities.add(new Capability.AddPath(entries));
    }
    capabilities.add(new Capability.Fqdn(options.name(), ""));
    return Open.of(
        options.as(), (int) options.holdTime().toSeconds(), options.routerId(), capabilities);
  }

  private void closeQuietly(@Nullable Closeable closeable) {
    if (closeable == null) {
      return;
    }
    try {
      closeable.close();
    } catch (IOException e) {
      log.down("a socket does not close: " + e.getMessage());
    }
  }
}
