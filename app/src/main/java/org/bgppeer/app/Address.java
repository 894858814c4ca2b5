package org.bgppeer.app;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    int zone = text.indexOf('%');
    if (zone >= 0) {
      return onInterface(text.substring(0, zone), text.substring(zone + 1));
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
    }
  }

  private static InetAddress onInterface(String address, String name) {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      if (found == null) {
        throw new IllegalArgumentException(
            "this machine has no interface '"
                + name
                + "', it has "
                + NetworkInterface.networkInterfaces()
                    .map(NetworkInterface::getName)
                    .sorted()
                    .collect(Collectors.joining(", ")));
      }
      if (!(parse(address) instanceof Inet6Address six) || !six.isLinkLocalAddress()) {
        throw new IllegalArgumentException(
            "'" + address + "' is no link-local address, an interface says nothing");
      }
      return Inet6Address.getByAddress(null, six.getAddress(), found.getIndex());
    } catch (SocketException | UnknownHostException e) {
      throw new IllegalArgumentException("interface '" + name + "' cannot be asked", e);
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
    String canonical = AddressText.of(address.getAddress());
    if (!(address instanceof Inet6Address six) || six.getScopeId() == 0) {
      return canonical;
    }
    try {
      NetworkInterface found = NetworkInterface.getByIndex(six.getScopeId());
      return canonical + "%" + (found == null ? six.getScopeId() : found.getName());
    } catch (SocketException e) {
      return canonical + "%" + six.getScopeId();
    }
  }

  /// Where a browser finds pages that are served on this address: the wildcard is this machine.
  ///
  /// @param port the one that was chosen, if the address left it open
  /// @param secure whether it is HTTPS
  static String url(InetSocketAddress address, int port, boolean secure) {
    InetAddress host = address.getAddress();
    InetAddress reachable = host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
    return (secure ? "https://" : "http://") + text(new InetSocketAddress(reachable, port)) + "/";
  }
}
