package org.bgppeer.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/// Calls from addresses that nobody configured, so many a second, each from another one. A caller
/// waits until it is told something, or reset, and resets its end then, so that nothing of it stays
/// in the kernel.
///
/// There is no selector: to register and to deregister costs more than the whole rest of a call
/// that is over at once, and the rate shall be the program's that is called.
final class Strangers {
  /// Of these addresses, behind those of a [Crowd].
  private static final int FIRST = 127 << 24 | 200 << 16 | 2;

  private static final int ADDRESSES = 60_000;
  private static final int THREADS = 2;
  private static final int MOST_OPEN = 2_000;
  private static final int AT_ONCE = 64;
  private static final long PAUSE_NANOS = 200_000;

  private final InetSocketAddress to;
  private final double perSecond;
  private final int first;
  private final ByteBuffer in = ByteBuffer.allocateDirect(4096);
  private final Queue<SocketChannel> open = new ArrayDeque<>();
  private int made;
  private int answered;
  private int reset;

  /// What came of them.
  ///
  /// @param made calls
  /// @param answered those that got a message, or were closed
  /// @param reset those that were reset
  record Came(int made, double seconds, int answered, int reset) {
    Came and(Came other) {
      return new Came(
          made + other.made,
          Math.max(seconds, other.seconds),
          answered + other.answered,
          reset + other.reset);
    }
  }

  private Strangers(InetSocketAddress to, double perSecond, int first) {
    this.to = to;
    this.perSecond = perSecond;
    this.first = first;
  }

  /// Calls for so long.
  static Came call(InetSocketAddress to, int perSecond, Duration time) throws Exception {
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      var running = new ArrayList<Future<Came>>();
      for (int i = 0; i < THREADS; i++) {
        var some =
            new Strangers(to, (double) perSecond / THREADS, FIRST + i * (ADDRESSES / THREADS));
        running.add(threads.submit(() -> some.call(time)));
      }
      var all = new Came(0, 0, 0, 0);
      for (Future<Came> one : running) {
        all = all.and(one.get());
      }
      return all;
    }
  }

  private Came call(Duration time) throws IOException {
    long begun = System.nanoTime();
    double seconds = 0;
    while (seconds < time.toSeconds()) {
      int before = made;
      while (made - before < AT_ONCE && made < seconds * perSecond && open.size() < MOST_OPEN) {
        one();
      }
      if (!hear() && made == before) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      seconds = (System.nanoTime() - begun) / 1e9;
    }
    for (SocketChannel left : open) {
      left.close();
    }
    return new Came(made, seconds, answered, reset);
  }

  private void one() throws IOException {
    var channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    byte[] from = ByteBuffer.allocate(4).putInt(first + made % (ADDRESSES / THREADS)).array();
    channel.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
    made++;
    try {
      channel.connect(to);
      open.add(channel);
    } catch (IOException e) {
      reset++;
      channel.close();
    }
  }

  /// Looks after those that wait longest.
  ///
  /// @return whether one of them is done
  private boolean hear() throws IOException {
    boolean some = false;
    for (int i = Math.min(2 * AT_ONCE, open.size()); i > 0; i--) {
      SocketChannel channel = open.remove();
      try {
        if (!channel.finishConnect() || channel.read(in.clear()) == 0) {
          open.add(channel);
          continue;
        }
        answered++;
      } catch (IOException e) {
        reset++;
      }
      some = true;
      channel.close();
    }
    return some;
  }
}
