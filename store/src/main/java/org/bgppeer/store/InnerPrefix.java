package org.bgppeer.store;

import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// The prefix within a route that is not just a prefix: what a person asks for who knows an address
/// and not in which VPN it is.
///
/// ```
/// 64500:100 192.0.2.0/24                                              192.0.2.0/24
/// ip-prefix 64500:1 tag 0 192.0.2.0/24                                192.0.2.0/24
/// mac-ip 64500:1 tag 0 mac 00:00:5e:00:53:01 ip 192.0.2.1             192.0.2.1/32
/// dst 192.0.2.0/24 && proto =6                                        192.0.2.0/24
/// ```
final class InnerPrefix {
  private static final int VPN = 128;
  private static final int VPN_MULTICAST = 129;
  private static final int EVPN = 70;
  private static final int FLOWSPEC = 133;
  private static final int FLOWSPEC_VPN = 134;

  private InnerPrefix() {}

  /// Its key in `nlri`: 4 or 6, then the octets of [Prefix#key], so that the prefixes of one kind
  /// stand together and in order.
  ///
  /// @param text the canonical text of an NLRI
  /// @return null if there is no prefix within
  static byte @Nullable [] key(Family family, String text) {
    String prefix =
        switch (family.safi()) {
          case VPN, VPN_MULTICAST -> text.substring(text.lastIndexOf(' ') + 1);
          case EVPN ->
              text.startsWith("ip-prefix ")
                  ? text.substring(text.lastIndexOf(' ') + 1)
                  : text.startsWith("mac-ip ") ? behind(text, " ip ") : "";
          case FLOWSPEC, FLOWSPEC_VPN ->
              text.startsWith("dst ") ? behind(text, "dst ") : behind(text, " dst ");
          default -> "";
        };
    if (prefix.isEmpty()) {
      return null;
    }
    try {
      return key(prefix.indexOf('/') < 0 ? Prefix.ofAddress(prefix) : Prefix.parse(prefix));
    } catch (IllegalArgumentException e) {
      return null; // a FlowSpec component that matches more than a prefix can say
    }
  }

  /// The word behind another; empty if that is not there.
  private static String behind(String text, String word) {
    int at = text.indexOf(word);
    if (at < 0) {
      return "";
    }
    int from = at + word.length();
    int to = text.indexOf(' ', from);
    return to < 0 ? text.substring(from) : text.substring(from, to);
  }

  /// The key of a prefix.
  static byte[] key(Prefix prefix) {
    byte[] plain = prefix.key();
    byte[] key = new byte[plain.length + 1];
    key[0] = (byte) (prefix.isIpv6() ? 6 : 4);
    System.arraycopy(plain, 0, key, 1, plain.length);
    return key;
  }

  /// The prefix of a key.
  static Prefix ofKey(byte[] key) {
    return Prefix.ofKey(java.util.Arrays.copyOfRange(key, 1, key.length));
  }
}
