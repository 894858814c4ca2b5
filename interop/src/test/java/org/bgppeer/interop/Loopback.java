package org.bgppeer.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;

/// Addresses and ports of this machine that are free.
final class Loopback {
  /// Where everybody listens who has an address of his own: not privileged, and not 179.
  static final int PORT = 1790;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Set<Object> TAKEN = new HashSet<>();

  private Loopback() {}

  /// The first three numbers of a network, with a dot behind: none of its addresses is in use.
  static synchronized String network() {
    while (true) {
      String network = "127." + (64 + RANDOM.nextInt(128)) + "." + RANDOM.nextInt(256) + ".";
      if (TAKEN.add(network) && isFree(network + "1", PORT) && isFree(network + "2", PORT)) {
        return network;
      }
    }
  }

  /// A port that nobody listens on.
  static synchronized int freePort(String address) {
    while (true) {
      try (var socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
        if (TAKEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Whether this machine has IPv6 on its loopback.
  static boolean hasIpv6() {
    return isFree("::1", 0);
  }

  private static boolean isFree(String address, int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
