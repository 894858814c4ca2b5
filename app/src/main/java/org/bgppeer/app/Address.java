package org.bgppeer.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bgppeer.wire.AddressText;

/// Addresses and ports as people write them. Only literals: no name is ever looked up, so that
/// nothing depends on a name server and no configuration error waits for one.
final class Address {
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern WITH_PORT =
      Pattern.compile("(?:\\[(?<v6>[^\\]]*)\\]|(?<v4>[^:\\[\\]]*)):(?<port>\\d{1,5})");

  private Address() {}

  /// An IPv4 address of four numbers or an IPv6 address, with a zone if it is link-local.
  ///
  /// @throws IllegalArgumentException if it is none
  static InetAddress parse(String text) {
    if (text.indexOf(':') < 0 && !DOTTED.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address");
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
    }
  }

  /// `ADDRESS:PORT`, an IPv6 address in brackets.
  ///
  /// @throws IllegalArgumentException if it is none
  static InetSocketAddress parseWithPort(String text) {
    Matcher match = WITH_PORT.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not ADDRESS:PORT");
    }
    int port = Integer.parseInt(match.group("port"));
    if (port > 65535) {
      throw new IllegalArgumentException("port " + port + " is above 65535");
    }
    String address = match.group("v6") != null ? match.group("v6") : match.group("v4");
    return new InetSocketAddress(parse(address), port);
  }

  /// As [parseWithPort] reads it.
  static String text(InetSocketAddress address) {
    String host = text(address.getAddress());
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  /// In canonical form (RFC 5952 §4), with its zone if it has one.
  static String text(InetAddress address) {
    String plain = address.getHostAddress();
    int zone = plain.indexOf('%');
    String canonical = AddressText.of(address.getAddress());
    return zone < 0 ? canonical : canonical + plain.substring(zone);
  }

  /// Where a browser finds pages that are served on this address: the wildcard is this machine.
  ///
  /// @param port the one that was chosen, if the address left it open
  static String url(InetSocketAddress address, int port) {
    InetAddress host = address.getAddress();
    InetAddress reachable = host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
    return "http://" + text(new InetSocketAddress(reachable, port)) + "/";
  }
}
