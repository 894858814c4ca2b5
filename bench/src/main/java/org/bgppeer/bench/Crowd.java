package org.bgppeer.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.WireWriter;

/// Many routers in one process, each with an address of its own in 127.0.0.0/8: they call, send a
/// table, and from then on KEEPALIVEs and now and then a change. What they see of the other side is
/// counted.
final class Crowd implements AutoCloseable {
  static final int FIRST_AS = 100_001;
  private static final int CHUNK = 1 << 16;
  private static final int KEEPALIVE = 4;
  private static final byte[] ALIVE = new Keepalive().encode();

  /// Sessions that are up; that ended, with the NOTIFICATION or nothing; and how late each
  /// KEEPALIVE came, counted from a third of the hold time after the one before.
  final AtomicInteger up = new AtomicInteger();

  final ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
  final AtomicLong changes = new AtomicLong();
  private final ConcurrentLinkedQueue<Integer> latenessMillis = new ConcurrentLinkedQueue<>();

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final InetSocketAddress to;
  private final byte[] table;
  private final int[] firstAs;
  private final int holdTime;
  private final int changeSeconds;
  private final int size;
  private final int messages;
  private volatile boolean quiet;
  private volatile boolean closing;

  /// @param table UPDATE messages, one behind the other
  /// @param holdTime in seconds
  /// @param changeSeconds how often each changes a route; 0 for never
  Crowd(InetSocketAddress to, int size, byte[] table, int holdTime, int changeSeconds) {
    this.to = to;
    this.size = size;
    this.table = table;
    this.firstAs = Blaster.firstAs(table);
    this.messages = count(table);
    this.holdTime = holdTime;
    this.changeSeconds = changeSeconds;
  }

  private static int count(byte[] messages) {
    int count = 0;
    for (int at = 0; at < messages.length; count++) {
      at += (messages[at + 16] & 0xff) << 8 | messages[at + 17] & 0xff;
    }
    return count;
  }

  /// The address of one of them.
  static String address(int member) {
    int low = member + 2;
    return "127.1." + (low >> 8) + "." + (low & 0xff);
  }

  /// All call at once.
  void call() throws UnknownHostException {
    var bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 120_000);
    for (int i = 0; i < size; i++) {
      InetAddress from = InetAddress.getByName(address(i));
      var member = new Member(from, FIRST_AS + i);
      bootstrap
          .clone()
          .handler(member)
          .connect(to, new InetSocketAddress(from, 0))
          .addListener(
              future -> {
                if (!future.isSuccess()) {
                  lost.add(from + " does not reach it: " + future.cause());
                }
              });
    }
  }

  /// How late KEEPALIVEs came, the earliest first, in milliseconds.
  int[] lateness() {
    int[] sorted = latenessMillis.stream().mapToInt(Integer::intValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /// From now on no routes change.
  void stopChanging() throws InterruptedException {
    quiet = true;
    for (var loop : loops) {
      loop.submit(() -> {}).sync(); // what runs now has run then
    }
  }

  /// How many UPDATEs all have sent, if all tables are sent.
  long updates() {
    return changes.get() + (long) size * messages;
  }

  @Override
  public void close() {
    closing = true;
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /// One router.
  private final class Member extends ByteToMessageDecoder {
    private final InetAddress from;
    private final long as;
    private boolean established;
    private long heard;
    private int sent;
    private int counter;
    private String last = "nothing";

    Member(InetAddress from, long as) {
      this.from = from;
      this.as = as;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      long identifier = 0xffffffffL & ByteBuffer.wrap(from.getAddress()).getInt();
      var capabilities =
          new ArrayList<Capability>(
              Stream.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST)
                  .map(Capability.Multiprotocol::new)
                  .toList());
      capabilities.add(new Capability.FourOctetAs(as));
      write(context.channel(), Open.of(as, holdTime, identifier, capabilities).encode());
      heard = System.nanoTime();
    }

    private static void write(Channel channel, byte[] octets) {
      channel.writeAndFlush(Unpooled.wrappedBuffer(octets), channel.voidPromise());
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      while (in.readableBytes() >= 19
          && in.readableBytes() >= in.getUnsignedShort(in.readerIndex() + 16)) {
        int length = in.getUnsignedShort(in.readerIndex() + 16);
        int type = in.getUnsignedByte(in.readerIndex() + 18);
        if (type == 3) {
          last = "NOTIFICATION " + in.getUnsignedByte(in.readerIndex() + 19);
          last += "/" + in.getUnsignedByte(in.readerIndex() + 20);
        }
        in.skipBytes(length);
        message(context.channel(), type);
      }
    }

    private void message(Channel channel, int type) {
      long now = System.nanoTime();
      if (type == 1) {
        write(channel, ALIVE);
      } else if (type == KEEPALIVE && !established) {
        established = true;
        up.incrementAndGet();
        table(channel);
        long each = holdTime * 1000L / 3;
        every(channel, each, () -> keepalive(channel));
        if (changeSeconds > 0) {
          every(channel, changeSeconds * 1000L, () -> change(channel));
        }
      } else if (type == KEEPALIVE) {
        long late = (now - heard) / 1_000_000 - holdTime * 1000L / 3;
        latenessMillis.add((int) Math.max(0, late));
      }
      heard = type == KEEPALIVE ? now : heard;
    }

    private void every(Channel channel, long millis, Runnable task) {
      long first = 1 + ThreadLocalRandom.current().nextLong(millis);
      var running =
          channel.eventLoop().scheduleAtFixedRate(task, first, millis, TimeUnit.MILLISECONDS);
      channel.closeFuture().addListener(_ -> running.cancel(false));
    }

    /// As much of it as the connection takes now.
    private void table(Channel channel) {
      while (sent < table.length && channel.isWritable()) {
        int length = Math.min(CHUNK, table.length - sent);
        byte[] part = Blaster.part(table, firstAs, sent, length, as);
        sent += length; // before it is written, which may call this again
        write(channel, part);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (established) {
        table(context.channel());
      }
    }

    private void keepalive(Channel channel) {
      if (sent == table.length) { // else it would stand in the middle of another message
        write(channel, ALIVE);
      }
    }

    /// One route, of its own, with another MED each time.
    private void change(Channel channel) {
      if (quiet || sent < table.length) {
        return; // while the table is sent it would stand in the middle of another message
      }
      var attributes =
          new WireWriter().u8(0x40).u8(1).u8(1).u8(0).u8(0x40).u8(2).u8(6).u8(2).u8(1).u32(as);
      attributes.u8(0x40).u8(3).u8(4).octets(from.getAddress(), 0, 4);
      attributes.u8(0x80).u8(4).u8(4).u32(++counter);
      var message = new WireWriter();
      for (int i = 0; i < 4; i++) {
        message.u32(0xffffffffL);
      }
      message.u16(19 + 4 + attributes.length() + 5).u8(2).u16(0).u16(attributes.length());
      message.octets(attributes.array(), 0, attributes.length());
      message.u8(32).octets(from.getAddress(), 0, 4);
      write(channel, message.toByteArray());
      changes.incrementAndGet();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!closing) {
        if (established) {
          up.decrementAndGet();
        }
        lost.add(from.getHostAddress() + " lost its connection after " + last);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      last = cause.toString();
      context.close();
    }
  }
}
