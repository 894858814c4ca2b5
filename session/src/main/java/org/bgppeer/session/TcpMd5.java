package org.bgppeer.session;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.bgppeer.wire.Prefix;

/// The keys of TCP MD5 (RFC 2385) of one listening socket of Linux: `struct tcp_md5sig` of
/// `linux/tcp.h`. The kernel drops a SYN from an address that has a key here and does not use it,
/// and a SYN with a signature from an address that has none.
///
/// ```
/// address (128) | flags (1) | prefix length (1) | key length (2) | interface (4) | key (80)
/// ```
///
/// The kernel keeps the keys of a socket in `optmem_max` octets, which are few.
final class TcpMd5 {
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_MD5SIG_EXT = 32;
  private static final int LENGTH = 216;
  private static final byte FLAG_PREFIX = 1;
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;
  static final int ADDRESS_LENGTH = 128;
  private static final Path OPTMEM_MAX = Path.of("/proc/sys/net/core/optmem_max");

  /// What the kernel needs for one, some more than `struct tcp_md5sig_key` has.
  private static final int OCTETS_A_KEY = 256;

  private static final RawUnixChannelOption OPTION =
      new RawUnixChannelOption("TCP_MD5SIG_EXT", IPPROTO_TCP, TCP_MD5SIG_EXT, LENGTH);

  private final Channel listener;
  private final Map<Prefix, String> keys = new HashMap<>();

  TcpMd5(Channel listener) {
    this.listener = listener;
  }

  /// An address alone, as a prefix.
  static Prefix of(InetAddress address) {
    byte[] octets = address.getAddress();
    return Prefix.of(octets, octets.length * 8);
  }

  /// Those that the kernel has.
  Map<Prefix, String> keys() {
    return Map.copyOf(keys);
  }

  /// Makes these the keys, and no others.
  ///
  /// @throws IOException with the remedy if the kernel does not take them
  void set(Map<Prefix, String> wanted) throws IOException {
    try {
      for (Prefix gone : Map.copyOf(keys).keySet()) {
        if (!wanted.containsKey(gone)) {
          tell(gone, "");
          keys.remove(gone);
        }
      }
      for (Map.Entry<Prefix, String> key : wanted.entrySet()) {
        if (!key.getValue().equals(keys.get(key.getKey()))) {
          tell(key.getKey(), key.getValue());
          keys.put(key.getKey(), key.getValue());
        }
      }
    } catch (ChannelException e) {
      throw refusal(e, wanted.size());
    }
  }

  /// Why the kernel does not take so many keys, of whichever kind.
  static IOException refusal(ChannelException e, int wanted) {
    String why = words(e);
    return new IOException(why.contains("allocate") ? tooMany(wanted) : why, e);
  }

  /// In the system's words.
  static String words(ChannelException e) {
    return String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
  }

  private static String tooMany(int wanted) {
    String now;
    try (var in = Files.newBufferedReader(OPTMEM_MAX)) {
      now =
          String.valueOf(
              in.readLine()); // at once: the kernel answers only the first read of such a file
    } catch (IOException e) {
      now = "unknown";
    }
    return "the kernel does not take "
        + wanted
        + " keys: net.core.optmem_max is "
        + now
        + "; sysctl -w net.core.optmem_max="
        + wanted * OCTETS_A_KEY;
  }

  private void tell(Prefix whose, String password) {
    byte[] key = password.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder());
    putAddress(out, whose);
    out.put(FLAG_PREFIX).put((byte) whose.length()).putShort((short) key.length).putInt(0).put(key);
    listener.config().setOption(OPTION, out.clear());
  }

  /// `struct sockaddr_storage`, without a port.
  static void putAddress(ByteBuffer out, Prefix whose) {
    if (whose.isIpv6()) {
      out.putShort(AF_INET6).position(8).put(whose.address());
    } else {
      out.putShort(AF_INET).position(4).put(whose.address());
    }
    out.position(ADDRESS_LENGTH);
  }
}
