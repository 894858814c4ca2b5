package org.bgppeer.session;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bgppeer.wire.SessionCause;
import org.jspecify.annotations.Nullable;

/// TCP by Netty: on Linux its native epoll, which alone can do TCP MD5 (RFC 2385) and TCP-AO (RFC
/// 5925); NIO elsewhere. An IPv6 address is listened on for IPv6 alone, so that `0.0.0.0:179` and
/// `[::]:179` go together.
final class Transport {
  /// `IPPROTO_IPV6` and `IPV6_V6ONLY` of Linux.
  private static final IntegerUnixChannelOption IPV6_V6ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

  /// `IP_TTL`, `IP_MINTTL`, `IPV6_UNICAST_HOPS`, `IPV6_MINHOPCOUNT` of Linux.
  private static final IntegerUnixChannelOption IP_TTL =
      new IntegerUnixChannelOption("IP_TTL", 0, 2);

  private static final IntegerUnixChannelOption IP_MINTTL =
      new IntegerUnixChannelOption("IP_MINTTL", 0, 21);
  private static final IntegerUnixChannelOption IPV6_UNICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", 41, 16);
  private static final IntegerUnixChannelOption IPV6_MINHOPCOUNT =
      new IntegerUnixChannelOption("IPV6_MINHOPCOUNT", 41, 73);

  /// `TCP_SAVE_SYN`, `TCP_SAVED_SYN` of Linux: the IP and TCP headers that a call began with.
  private static final IntegerUnixChannelOption TCP_SAVE_SYN =
      new IntegerUnixChannelOption("TCP_SAVE_SYN", 6, 27);

  private static final int SYN_OCTETS = 128;
  private static final RawUnixChannelOption TCP_SAVED_SYN =
      new RawUnixChannelOption("TCP_SAVED_SYN", 6, 28, SYN_OCTETS);

  private static final int MAX_TTL = 255;
  private static final int READ_SIZE = 1 << 16;
  private static final int MAX_LOOPS = 4;

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup loops;
  private final ChannelGroup listeners = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  Transport() {
    int threads = Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors());
    loops =
        new MultiThreadIoEventLoopGroup(
            threads,
            new DefaultThreadFactory("session"),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  EventLoop nextLoop() {
    return loops.next();
  }

  /// Why neither TCP MD5 nor GTSM works here; empty if both do.
  String noSecurity() {
    return epoll ? "" : "which needs Linux's epoll: " + Epoll.unavailabilityCause().getMessage();
  }

  /// Listens; each caller's channel, not yet registered with a loop, goes to `accepted`, but only
  /// after [#takeCalls].
  ///
  /// @return where it listens, with the port that the system chose if 0 was asked
  Listener listen(InetSocketAddress address, Keys keys, Consumer<Channel> accepted)
      throws ListenException {
    boolean ipv4 = address.getAddress() instanceof Inet4Address;
    var bootstrap =
        new ServerBootstrap()
            .group(loops)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Acceptor(accepted))
            .childHandler(new ChannelInboundHandlerAdapter()); // the acceptor keeps them all
    if (epoll) {
      // A neighbor with GTSM would not see our SYN-ACK; the others do not care.
      bootstrap.option(ipv4 ? IP_TTL : IPV6_UNICAST_HOPS, MAX_TTL);
      bootstrap.option(TCP_SAVE_SYN, 1);
      bootstrap.channelFactory(
          () ->
              new EpollServerSocketChannel(
                  ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6));
      if (!ipv4) {
        bootstrap.option(IPV6_V6ONLY, 1);
      }
    } else {
      bootstrap.channel(NioServerSocketChannel.class);
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new ListenException(address, reason(bound.cause()), bound.cause());
    }
    listeners.add(bound.channel());
    var listener = new Listener(address, bound.channel());
    try {
      listener.keys(keys);
    } catch (ListenException e) {
      listener.close();
      throw e;
    }
    SessionLog.listening(listener.address(), !keys.isEmpty());
    return listener;
  }

  /// A socket that waits for callers.
  static final class Listener {
    private final InetSocketAddress asked;
    private final Channel channel;
    private final TcpMd5 md5;
    private final TcpAo ao;

    Listener(InetSocketAddress asked, Channel channel) {
      this.asked = asked;
      this.channel = channel;
      this.md5 = new TcpMd5(channel);
      this.ao = new TcpAo(channel);
    }

    /// Where it was asked to.
    InetSocketAddress asked() {
      return asked;
    }

    /// Where it listens, with the port that the system chose if 0 was asked.
    InetSocketAddress address() {
      return (InetSocketAddress) channel.localAddress();
    }

    Keys keys() {
      return new Keys(md5.keys(), ao.keys());
    }

    /// Whose calls must be signed, and how; those of the other kind of addresses are left out.
    void keys(Keys all) throws ListenException {
      Keys mine = all.ofKind(asked.getAddress() instanceof Inet6Address);
      var reason = ListenException.Reason.NO_TCP_AO;
      try {
        ao.forget(mine.tcpAo()); // first: the kernel takes no password where there is such a key
        reason = ListenException.Reason.NO_TCP_MD5;
        md5.set(mine.passwords());
        reason = ListenException.Reason.NO_TCP_AO;
        ao.set(mine.tcpAo());
      } catch (IOException e) {
        throw new ListenException(asked, reason, e);
      }
    }

    void takeCalls() {
      channel.config().setAutoRead(true);
    }

    void close() {
      channel.close().awaitUninterruptibly();
    }
  }

  private static byte[] octets(String password) {
    return password.getBytes(StandardCharsets.UTF_8);
  }

  /// Calls a neighbor; the connection is told how that went, on the loop.
  void dial(EventLoop loop, NeighborConfig neighbor, Connection connection) {
    boolean ipv4 = neighbor.address() instanceof Inet4Address;
    var bootstrap =
        new Bootstrap()
            .group(loop)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the ConnectRetryTimer's business
            .option(ChannelOption.RECVBUF_ALLOCATOR, receiveAllocator())
            .handler(connection);
    var peer = new InetSocketAddress(neighbor.address(), neighbor.port());
    if (epoll) {
      var channel =
          new EpollSocketChannel(ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
      try {
        sign(channel, neighbor); // not by the bootstrap, which calls though an option is refused
      } catch (ChannelException e) {
        channel.unsafe().closeForcibly();
        loop.execute(() -> connection.dialFails(e, peer));
        return;
      }
      bootstrap.channelFactory(() -> channel);
      ttl(neighbor).forEach(bootstrap::option);
    } else {
      bootstrap.channel(NioSocketChannel.class);
    }
    if (neighbor.localAddress() != null) {
      bootstrap.localAddress(new InetSocketAddress(neighbor.localAddress(), 0));
    }
    ChannelFuture connecting = bootstrap.connect(peer);
    connections.add(connecting.channel());
    connecting.addListener(
        future -> {
          if (!future.isSuccess()) {
            connection.dialFails(future.cause(), peer);
          }
        });
  }

  private static void sign(EpollSocketChannel channel, NeighborConfig neighbor) {
    if (neighbor.password() != null) {
      channel
          .config()
          .setOption(
              EpollChannelOption.TCP_MD5SIG,
              Map.of(neighbor.address(), octets(neighbor.password())));
    }
    TcpAo.sign(channel, TcpMd5.of(neighbor.address()), neighbor.tcpAo());
  }

  /// Whether a call is signed with TCP-AO, if its neighbor's must be: one that came before the
  /// listener had the key may not be.
  static boolean isSigned(Channel child, NeighborConfig neighbor) {
    return neighbor.tcpAo().isEmpty() || TcpAo.isSigned(child);
  }

  /// What the sockets of a neighbor need for GTSM (RFC 5082 §3) or several hops.
  private static Map<ChannelOption<Integer>, Integer> ttl(NeighborConfig neighbor) {
    boolean ipv4 = neighbor.address() instanceof Inet4Address;
    if (neighbor.ttlSecurity() > 0) {
      return Map.of(
          ipv4 ? IP_TTL : IPV6_UNICAST_HOPS,
          MAX_TTL,
          ipv4 ? IP_MINTTL : IPV6_MINHOPCOUNT,
          MAX_TTL + 1 - neighbor.ttlSecurity());
    }
    return neighbor.multihop() == 0
        ? Map.of()
        : Map.of(ipv4 ? IP_TTL : IPV6_UNICAST_HOPS, neighbor.multihop());
  }

  /// Whether a call came from no farther away than its neighbor may be (GTSM). The kernel asks that
  /// of each segment only once the socket is told to, which it is when there is one: a TCP
  /// handshake and an OPEN may be over by then. But whoever is near enough began with a SYN of that
  /// TTL. Where the kernel kept none, which is when it answers a flood with SYN cookies, what comes
  /// from then on must do.
  boolean isNearEnough(Channel child, NeighborConfig neighbor) {
    if (!epoll || neighbor.ttlSecurity() == 0) {
      return true;
    }
    ByteBuffer syn = child.config().getOption(TCP_SAVED_SYN);
    if (syn == null) {
      return true;
    }
    int version = syn.get(0) >> 4 & 0xf;
    int ttl = version == 4 ? syn.get(8) & 0xff : version == 6 ? syn.get(7) & 0xff : MAX_TTL;
    return ttl > MAX_TTL - neighbor.ttlSecurity();
  }

  /// Closes a caller's channel that is on no loop: with a reset, which leaves nothing behind.
  static void drop(Channel child) {
    child.config().setOption(ChannelOption.SO_LINGER, 0);
    child.unsafe().closeForcibly();
  }

  /// Puts a caller's channel on a loop, with a connection.
  ///
  /// @param neighbor whose call it is, or like whom the caller is
  void register(
      Channel child, EventLoop loop, Connection connection, @Nullable NeighborConfig neighbor) {
    if (epoll && neighbor != null) {
      ttl(neighbor).forEach(child.config()::setOption);
    }
    child.config().setOption(ChannelOption.TCP_NODELAY, true);
    child.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, receiveAllocator());
    child.pipeline().addLast(connection);
    connections.add(child);
    loop.register(child).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  private static AdaptiveRecvByteBufAllocator receiveAllocator() {
    return new AdaptiveRecvByteBufAllocator(512, 4096, READ_SIZE);
  }

  /// Listens no more.
  void closeListeners() {
    listeners.close().awaitUninterruptibly();
  }

  /// Gives the connections this long to end by themselves, then ends all.
  void close(Duration patience) {
    connections.newCloseFuture().awaitUninterruptibly(patience.toMillis());
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(patience.toMillis());
  }

  /// Takes the callers' channels before Netty registers them with a loop of its own choice.
  private static final class Acceptor extends ChannelInboundHandlerAdapter {
    private final Consumer<Channel> accepted;

    Acceptor(Consumer<Channel> accepted) {
      this.accepted = accepted;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object child) {
      accepted.accept((Channel) child);
    }
  }

  // ---- errors of the system

  private static ListenException.Reason reason(Throwable cause) {
    String words = words(cause).toLowerCase(Locale.ROOT);
    if (words.contains("permission denied")) {
      return ListenException.Reason.NOT_PERMITTED;
    }
    if (words.contains("already in use")) {
      return ListenException.Reason.IN_USE;
    }
    if (words.contains("cannot assign")) {
      return ListenException.Reason.NOT_OURS;
    }
    return ListenException.Reason.OTHER;
  }

  /// What became of a connection; the system tells by words alone, whichever exception brings them.
  static SessionCause causeOf(Throwable cause, SessionCause otherwise) {
    String words = words(cause).toLowerCase(Locale.ROOT);
    if (words.contains("refused")) {
      return SessionCause.CONNECTION_REFUSED;
    }
    if (words.contains("reset") || words.contains("broken pipe")) {
      return SessionCause.CONNECTION_RESET;
    }
    if (words.contains("unreachable")
        || words.contains("no route")
        || words.contains("cannot assign")) {
      return SessionCause.NO_ROUTE;
    }
    if (cause instanceof ConnectTimeoutException || words.contains("timed out")) {
      return SessionCause.CONNECTION_TIMED_OUT;
    }
    return otherwise;
  }

  static String words(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
