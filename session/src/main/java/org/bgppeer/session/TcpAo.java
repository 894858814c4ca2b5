package org.bgppeer.session;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bgppeer.session.TcpAoKey.Algorithm;
import org.bgppeer.wire.Prefix;

/// The keys of TCP-AO (RFC 5925) of one socket of Linux, from 6.7 on: structures of `linux/tcp.h`,
/// numbers in the byte order of the machine.
///
/// ```
/// tcp_ao_add       address (128) | algorithm (64) | interface (4) | bits (4) | 0 (2) |
///                  prefix length (1) | send id (1) | receive id (1) | octets of a signature (1) |
///                  flags (1) | octets of the key (1) | key (80)
/// tcp_ao_del       address (128) | interface (4) | bits (4) | 0 (2) |
///                  prefix length (1) | send id (1) | receive id (1) | other keys (2) | flags (1)
/// tcp_ao_info_opt  bits (4) | 0 (2) | keys (2) | counters (40)
/// ```
///
/// The kernel drops what comes without a signature from an address that has a key here. It refuses
/// a second key with one of the identifiers of another where the addresses of both overlap, and any
/// where there is one of TCP MD5.
final class TcpAo {
  private static final int IPPROTO_TCP = 6;
  private static final int ALGORITHM_LENGTH = 64;
  private static final int SIGNATURE_LENGTH = 12; // 96 bits, RFC 5926 §3.2

  /// TCP options are signed too, as RFC 5925 §3.1 has it unless told otherwise.
  private static final byte NO_FLAGS = 0;

  private static final int ADD_LENGTH = 288;
  private static final int DELETE_LENGTH = 144;
  private static final int INFO_LENGTH = 48;

  // Bits of the structures, which C numbers from the end where a number begins.
  private static final int SET_CURRENT = 0;
  private static final int SET_NEXT = 1;
  private static final int DELETE_ASYNC = 2;
  private static final int REQUIRED = 2;

  private static final RawUnixChannelOption ADD =
      new RawUnixChannelOption("TCP_AO_ADD_KEY", IPPROTO_TCP, 38, ADD_LENGTH);
  private static final RawUnixChannelOption DELETE =
      new RawUnixChannelOption("TCP_AO_DEL_KEY", IPPROTO_TCP, 39, DELETE_LENGTH);
  private static final RawUnixChannelOption INFO =
      new RawUnixChannelOption("TCP_AO_INFO", IPPROTO_TCP, 40, INFO_LENGTH);

  private static final Map<Algorithm, String> WHY_NOT = new ConcurrentHashMap<>();

  private final Channel listener;
  private final Map<Prefix, List<TcpAoKey>> keys = new HashMap<>();

  TcpAo(Channel listener) {
    this.listener = listener;
  }

  /// Why this kernel cannot sign so; empty if it can. It is asked once.
  static String whyNotHere(Algorithm algorithm) {
    return WHY_NOT.computeIfAbsent(algorithm, TcpAo::ask);
  }

  private static String ask(Algorithm algorithm) {
    if (!Epoll.isAvailable()) {
      return "TCP-AO (RFC 5925) needs Linux, and its epoll";
    }
    var socket = new EpollSocketChannel(SocketProtocolFamily.INET);
    try {
      sign(socket, Prefix.parse("127.0.0.1/32"), List.of(new TcpAoKey(1, 1, algorithm, "?")));
      return "";
    } catch (ChannelException e) {
      String why = TcpMd5.words(e);
      if (why.contains("Protocol not available")) {
        return "this kernel has no TCP-AO (RFC 5925), which is in Linux 6.7 or newer with"
            + " CONFIG_TCP_AO";
      }
      return "this kernel cannot sign with " + algorithm.kernels() + " (" + why + ")";
    } finally {
      socket.unsafe().closeForcibly();
    }
  }

  /// Gives a socket that will call keys for whom it calls; it begins with the first.
  ///
  /// @throws ChannelException if the kernel does not take them
  static void sign(Channel socket, Prefix whose, List<TcpAoKey> keys) {
    for (int i = 0; i < keys.size(); i++) {
      socket.config().setOption(ADD, add(whose, keys.get(i), i == 0, ByteOrder.nativeOrder()));
    }
  }

  /// Whether a connection is signed; if it is, the kernel lets nothing without a signature in.
  static boolean isSigned(Channel connection) {
    try {
      connection.config().setOption(INFO, require(ByteOrder.nativeOrder()));
      return true;
    } catch (ChannelException e) {
      return false; // which is how the kernel answers for one that is not
    }
  }

  /// Those that the kernel has.
  Map<Prefix, List<TcpAoKey>> keys() {
    var copy = new HashMap<Prefix, List<TcpAoKey>>();
    keys.forEach((whose, some) -> copy.put(whose, List.copyOf(some)));
    return copy;
  }

  /// Removes those that are not among these.
  ///
  /// @throws IOException if the kernel does not let them go
  void forget(Map<Prefix, List<TcpAoKey>> wanted) throws IOException {
    try {
      for (Map.Entry<Prefix, List<TcpAoKey>> entry : keys().entrySet()) {
        Prefix whose = entry.getKey();
        List<TcpAoKey> there = keys.getOrDefault(whose, List.of());
        for (TcpAoKey key : entry.getValue()) {
          if (!wanted.getOrDefault(whose, List.of()).contains(key)) {
            listener.config().setOption(DELETE, delete(whose, key, ByteOrder.nativeOrder()));
            there.remove(key);
          }
        }
        if (there.isEmpty()) {
          keys.remove(whose);
        }
      }
    } catch (ChannelException e) {
      throw new IOException(TcpMd5.words(e), e);
    }
  }

  /// Makes these the keys, and no others.
  ///
  /// @throws IOException with the remedy if the kernel does not take them
  void set(Map<Prefix, List<TcpAoKey>> wanted) throws IOException {
    forget(wanted);
    try {
      for (Map.Entry<Prefix, List<TcpAoKey>> entry : wanted.entrySet()) {
        for (TcpAoKey key : entry.getValue()) {
          if (!keys.getOrDefault(entry.getKey(), List.of()).contains(key)) {
            // A listening socket has no key to begin with: the caller's first segment names it.
            listener
                .config()
                .setOption(ADD, add(entry.getKey(), key, false, ByteOrder.nativeOrder()));
            keys.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(key);
          }
        }
      }
    } catch (ChannelException e) {
      throw TcpMd5.refusal(e, wanted.values().stream().mapToInt(List::size).sum());
    }
  }

  /// `struct tcp_ao_add`.
  ///
  /// @param first whether it is the one to begin with, and to ask them for
  static ByteBuffer add(Prefix whose, TcpAoKey key, boolean first, ByteOrder order) {
    byte[] secret = key.secret().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(ADD_LENGTH).order(order);
    TcpMd5.putAddress(out, whose);
    out.put(key.algorithm().kernels().getBytes(StandardCharsets.US_ASCII));
    out.position(TcpMd5.ADDRESS_LENGTH + ALGORITHM_LENGTH);
    out.putInt(0).putInt(first ? bit(SET_CURRENT, order) | bit(SET_NEXT, order) : 0);
    out.putShort((short) 0).put((byte) whose.length());
    out.put((byte) key.sendId()).put((byte) key.receiveId()).put((byte) SIGNATURE_LENGTH);
    out.put(NO_FLAGS).put((byte) secret.length).put(secret);
    return out.clear();
  }

  /// `struct tcp_ao_del`; of a listening socket, which needs not wait until no call uses the key.
  static ByteBuffer delete(Prefix whose, TcpAoKey key, ByteOrder order) {
    ByteBuffer out = ByteBuffer.allocate(DELETE_LENGTH).order(order);
    TcpMd5.putAddress(out, whose);
    out.putInt(0).putInt(bit(DELETE_ASYNC, order));
    out.putShort((short) 0).put((byte) whose.length());
    out.put((byte) key.sendId()).put((byte) key.receiveId());
    return out.clear();
  }

  /// `struct tcp_ao_info_opt`.
  static ByteBuffer require(ByteOrder order) {
    return ByteBuffer.allocate(INFO_LENGTH).order(order).putInt(bit(REQUIRED, order)).clear();
  }

  private static int bit(int number, ByteOrder order) {
    return order == ByteOrder.LITTLE_ENDIAN ? 1 << number : 1 << 31 - number;
  }
}
