package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// An address family identifier, two octets: IANA "Address Family Numbers". A number with no row is
/// [Unknown] and keeps its number.
public sealed interface Afi {
  /// The number as on the wire, 0..65535.
  int code();

  /// The families with a name here.
  enum Assigned implements Afi {
    IPV4(1, "ipv4"),
    IPV6(2, "ipv6"),
    L2VPN(25, "l2vpn"),
    BGP_LS(16388, "bgp-ls");

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

    private static @Nullable Assigned withText(String text) {
      for (Assigned row : values()) {
        if (row.text.equals(text)) {
          return row;
        }
      }
      return null;
    }
  }

  /// A number with no row above; its text is `afi-` and the number.
  record Unknown(int code) implements Afi {
    @Override
    public String toString() {
      return "afi-" + code;
    }
  }

  /// Every number names a family.
  static Afi of(int code) {
    for (Assigned row : Assigned.values()) {
      if (row.code == code) {
        return row;
      }
    }
    return new Unknown(code);
  }

  /// Reads what [#toString] writes; null if it is neither a name nor `afi-` and a number.
  static @Nullable Afi parse(String text) {
    Assigned row = Assigned.withText(text);
    if (row != null) {
      return row;
    }
    int code = Family.number(text, "afi-", 0xffff);
    return code < 0 ? null : of(code);
  }
}
