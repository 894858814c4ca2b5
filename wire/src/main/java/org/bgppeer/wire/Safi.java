package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// A subsequent address family identifier, one octet: IANA "SAFI Parameters". A number with no row
/// is [Unknown] and keeps its number.
public sealed interface Safi {
  /// The number as on the wire, 0..255.
  int code();

  /// The subsequent families with a name here.
  enum Assigned implements Safi {
    UNICAST(1, "unicast"),
    MULTICAST(2, "multicast"),
    LABELED_UNICAST(4, "labeled-unicast"),
    MCAST_VPN(5, "mcast-vpn"),
    VPLS(65, "vpls"),
    EVPN(70, "evpn"),
    LS(71, "ls"),
    LS_VPN(72, "ls-vpn"),
    SR_POLICY(73, "sr-policy"),
    MUP(85, "mup"),
    VPN(128, "vpn"),
    VPN_MULTICAST(129, "vpn-multicast"),
    ROUTE_TARGET(132, "route-target"),
    FLOWSPEC(133, "flowspec"),
    FLOWSPEC_VPN(134, "flowspec-vpn");

    private final int code;
    private final String text;

    Assigned(int code, String text) {
      this.code = code;
      this.text = text;
    }

    @Override
    public int code() {
      return code;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// A number with no row above; its text is `safi-` and the number.
  record Unknown(int code) implements Safi {
    @Override
    public String toString() {
      return "safi-" + code;
    }
  }

  /// Every number names a subsequent family.
  static Safi of(int code) {
    for (Assigned row : Assigned.values()) {
      if (row.code == code) {
        return row;
      }
    }
    return new Unknown(code);
  }

  /// Reads what [#toString] writes; null if it is neither a name nor `safi-` and a number.
  static @Nullable Safi parse(String text) {
    for (Assigned row : Assigned.values()) {
      if (row.text.equals(text)) {
        return row;
      }
    }
    int code = Family.number(text, "safi-", 0xff);
    return code < 0 ? null : of(code);
  }
}
