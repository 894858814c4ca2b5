package org.bgppeer.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.HeaderError;
import org.bgppeer.wire.SessionCause;
import org.jspecify.annotations.Nullable;

/// One TCP connection: cuts what comes into messages and hands them to its [Session], in place.
///
/// ```
///   buffer  | done | message | message | begun …|      free      |
///                  ^ start                      ^ end
/// ```
///
/// [Owner] is told of them: a session, or before it is known whose this is, a [Guest].
///
/// Ends in two ways: the neighbor closes, or [#finish] sends the rest, closes our half, and waits
/// for theirs a moment, for a close with unread input would take back the NOTIFICATION (TCP
/// resets).
final class Connection extends ChannelInboundHandlerAdapter {
  /// How long a connection that we close may take to do so.
  static final Duration LINGER = Duration.ofSeconds(2);

  private static final int FIRST_SIZE = 1 << 12;
  private static final byte[] NOTHING = {};

  /// Who is told what comes.
  interface Owner {
    /// One whole message, whose header is well; the octets are only valid during the call.
    void message(byte[] octets, int offset, int length);

    /// What came is no message.
    void headerError(HeaderError error);

    /// TCP did not come up, or broke.
    void connectionFails(SessionCause cause, String text);

    /// What was in the socket is dealt with for now.
    void batchRead();

    /// A fault of our own.
    void fault(Throwable fault);
  }

  private final boolean dialled;
  private @Nullable Channel channel;
  private @Nullable Owner owner;
  private @Nullable Runnable whenActive;
  private boolean finishing;
  private byte[] buffer = NOTHING;
  private int start;
  private int end;
  private int maxLength = Framing.MAX_LENGTH;

  /// @param dialled whether we initiated it
  Connection(boolean dialled) {
    this.dialled = dialled;
  }

  boolean dialled() {
    return dialled;
  }

  /// Says whose messages these are; from now on it is told.
  void attach(Owner next) {
    owner = next;
  }

  /// The thread that it lives on.
  EventLoop loop() {
    return channel().eventLoop();
  }

  /// Whose messages these are; null if nobody is told any more.
  @Nullable Owner owner() {
    return owner;
  }

  /// What to do, on the connection's loop, once it is up.
  void whenActive(Runnable task) {
    whenActive = task;
  }

  /// Octets of the longest message to accept.
  void maxLength(int octets) {
    maxLength = octets;
  }

  /// Theirs and ours; only of a connection that is or was up.
  InetSocketAddress peer() {
    return (InetSocketAddress) channel().remoteAddress();
  }

  InetSocketAddress local() {
    return (InetSocketAddress) channel().localAddress();
  }

  /// Sends a whole message; `done` runs when the system has taken it.
  void send(byte[] message, Runnable done) {
    channel()
        .writeAndFlush(Unpooled.wrappedBuffer(message))
        .addListener(
            future -> {
              if (future.isSuccess()) {
                done.run();
              } // a failure closes the channel, which is told by channelInactive
            });
  }

  /// Whether neither side has closed it, as far as is known here.
  boolean isUp() {
    return channel().isActive() && !finishing;
  }

  /// Whether to go on reading.
  void reading(boolean on) {
    channel().config().setAutoRead(on);
  }

  /// Closes when what was sent is out; nobody is told any more.
  void finish() {
    owner = null;
    buffer = NOTHING;
    Channel open = channel;
    if (finishing || open == null) {
      return;
    }
    finishing = true;
    if (!open.isActive()) {
      close(open);
      return;
    }
    var timeout =
        open.eventLoop().schedule(() -> close(open), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    open.closeFuture().addListener(_ -> timeout.cancel(false));
    open.config().setAutoRead(true); // what still comes is read and thrown away
    open.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            future -> {
              if (future.isSuccess() && open instanceof DuplexChannel duplex) {
                duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
              } else {
                close(open);
              }
            });
  }

  private static void close(Channel open) {
    open.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Runnable task = whenActive;
    whenActive = null;
    if (task != null && !finishing) {
      task.run();
    }
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (owner != null && in.isReadable()) {
        makeRoom(in.readableBytes());
        int length = Math.min(in.readableBytes(), buffer.length - end);
        in.readBytes(buffer, end, length);
        end += length;
        cut();
      }
      if (owner != null) {
        owner.batchRead();
      }
    } finally {
      in.release();
    }
  }

  /// Room for at least an octet, and if it can be had cheaply for all of these.
  private void makeRoom(int wanted) {
    if (start == end) {
      start = 0;
      end = 0;
    }
    if (buffer.length - end >= wanted) {
      return;
    }
    int begun = end - start;
    int size = Math.min(begun + wanted, begun + Framing.EXTENDED_MAX_LENGTH);
    if (size > buffer.length) {
      byte[] larger = new byte[Math.max(FIRST_SIZE, Integer.highestOneBit(size - 1) << 1)];
      System.arraycopy(buffer, start, larger, 0, begun);
      buffer = larger;
    } else {
      System.arraycopy(buffer, start, buffer, 0, begun);
    }
    start = 0;
    end = begun;
  }

  /// Hands on each message that is whole.
  private void cut() {
    Owner told = owner;
    while (told != null && end > start) {
      int there = end - start;
      try {
        if (there < Framing.HEADER_LENGTH) {
          checkBegunMarker(there);
          return;
        }
        Framing.checkHeader(buffer, start, maxLength);
      } catch (HeaderError e) {
        told.headerError(e);
        return;
      }
      int length = Framing.length(buffer, start);
      if (there < length) {
        return;
      }
      int offset = start;
      start += length;
      told.message(buffer, offset, length);
      told = owner;
    }
  }

  /// Somebody who speaks another protocol need not send 19 octets to be told.
  private void checkBegunMarker(int there) throws HeaderError {
    for (int i = start; i < start + Math.min(there, 16); i++) {
      if (buffer[i] != -1) {
        Framing.checkHeader(
            Arrays.copyOfRange(buffer, start, start + Framing.HEADER_LENGTH), 0, maxLength);
      }
    }
  }

  /// It did not come up.
  void dialFails(Throwable cause, InetSocketAddress peer) {
    SessionLog.dialFails(peer, cause);
    fails(Transport.causeOf(cause, SessionCause.CONNECTION_TIMED_OUT), SessionLog.text(peer));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fails(
        SessionCause.CONNECTION_CLOSED,
        end > start ? "in the middle of a message, after " + (end - start) + " octets of it" : "");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException broken) {
      fails(Transport.causeOf(broken, SessionCause.CONNECTION_RESET), Transport.words(broken));
    } else if (owner != null) {
      owner.fault(cause);
    } else {
      SessionLog.fault("none", cause);
    }
    finish();
    close(context.channel());
  }

  private void fails(SessionCause cause, String text) {
    Owner told = owner;
    owner = null;
    if (told != null) {
      told.connectionFails(cause, text);
    }
  }

  private Channel channel() {
    if (channel == null) {
      throw new IllegalStateException("not connected");
    }
    return channel;
  }
}
