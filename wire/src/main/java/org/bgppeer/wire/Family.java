package org.bgppeer.wire;

import java.util.List;

/// An address family: an AFI with a SAFI (RFC 4760 §3). Its text is `ipv4-unicast`, `l2vpn-evpn`,
/// `bgp-ls`, … and, where a number has no name, `afi-7-unicast` or `ipv4-safi-200`.
///
/// @param afi 0..65535
/// @param safi 0..255
public record Family(int afi, int safi) implements Comparable<Family> {
  public static final Family IPV4_UNICAST = new Family(1, 1);
  public static final Family IPV6_UNICAST = new Family(2, 1);
  public static final Family IPV4_MULTICAST = new Family(1, 2);
  public static final Family IPV6_MULTICAST = new Family(2, 2);

  /// The families that have a name and whose routes are decoded; of any other the octets are kept.
  public static final List<Family> KNOWN =
      List.of(
          IPV4_UNICAST,
          IPV6_UNICAST,
          IPV4_MULTICAST,
          IPV6_MULTICAST,
          new Family(1, 4),
          new Family(2, 4),
          new Family(1, 128),
          new Family(2, 128),
          new Family(1, 129),
          new Family(2, 129),
          new Family(25, 70),
          new Family(25, 65),
          new Family(1, 5),
          new Family(2, 5),
          new Family(1, 132),
          new Family(1, 133),
          new Family(2, 133),
          new Family(1, 134),
          new Family(2, 134),
          new Family(25, 133),
          new Family(25, 134),
          new Family(16388, 71),
          new Family(16388, 72),
          new Family(1, 73),
          new Family(2, 73),
          new Family(1, 85),
          new Family(2, 85));

  private static final String LINK_STATE = "bgp-ls";
  private static final String LINK_STATE_VPN = "bgp-ls-vpn";

  public Family {
    if (afi < 0 || afi > 0xffff || safi < 0 || safi > 0xff) {
      throw new IllegalArgumentException("no family has AFI " + afi + " and SAFI " + safi);
    }
  }

  /// The family of two numbers; the known ones are not made anew.
  public static Family of(int afi, int safi) {
    for (int i = 0; i < KNOWN.size(); i++) {
      Family family = KNOWN.get(i);
      if (family.afi == afi && family.safi == safi) {
        return family;
      }
    }
    return new Family(afi, safi);
  }

  /// The family of a [#code].
  public static Family ofCode(int code) {
    return of(code >>> 8, code & 0xff);
  }

  /// Both numbers in one: the AFI times 256, plus the SAFI.
  public int code() {
    return afi << 8 | safi;
  }

  /// Whether a route of it is a prefix and nothing else, for [PrefixCursor]: IPv4 and IPv6, unicast
  /// and multicast.
  public boolean hasPlainPrefixes() {
    return (afi == 1 || afi == 2) && (safi == 1 || safi == 2);
  }

  /// Whether the key of a route of it is that of its prefix, [Prefix#key]: the plain ones, and
  /// those with labels.
  public boolean hasPrefixKeys() {
    return (afi == 1 || afi == 2) && (safi == 1 || safi == 2 || safi == 4);
  }

  /// Whether routes of IPv4 can have next hops of IPv6 in it, if agreed upon (RFC 8950 §3).
  public boolean mayHaveIpv6NextHop() {
    return afi == 1 && (safi == 1 || safi == 2 || safi == 4 || safi == 128 || safi == 129);
  }

  /// Whether its AFI is IPv6's.
  public boolean isIpv6() {
    return afi == 2;
  }

  /// Reads what [#toString] writes.
  ///
  /// @throws IllegalArgumentException if that is not what it is given
  public static Family parse(String text) {
    if (text.equals(LINK_STATE)) {
      return of(Afi.Assigned.BGP_LS.code(), Safi.Assigned.LS.code());
    }
    if (text.equals(LINK_STATE_VPN)) {
      return of(Afi.Assigned.BGP_LS.code(), Safi.Assigned.LS_VPN.code());
    }
    for (int dash = text.indexOf('-'); dash > 0; dash = text.indexOf('-', dash + 1)) {
      Afi afi = Afi.parse(text.substring(0, dash));
      Safi safi = Safi.parse(text.substring(dash + 1));
      if (afi != null && safi != null) {
        return of(afi.code(), safi.code());
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not a family; write for instance ipv4-unicast or ipv6-multicast");
  }

  /// The number behind `start`, or -1 if `text` is not that.
  static int number(String text, String start, int max) {
    if (!text.startsWith(start)) {
      return -1;
    }
    int value = 0;
    for (int i = start.length(); i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
      if (value > max) {
        return -1;
      }
    }
    return text.length() > start.length() ? value : -1;
  }

  @Override
  public int compareTo(Family other) {
    return Integer.compare(code(), other.code());
  }

  @Override
  public String toString() {
    if (afi == Afi.Assigned.BGP_LS.code()) {
      if (safi == Safi.Assigned.LS.code()) {
        return LINK_STATE;
      }
      if (safi == Safi.Assigned.LS_VPN.code()) {
        return LINK_STATE_VPN;
      }
      if (safi == Safi.Assigned.VPN.code()) {
        return Afi.Assigned.BGP_LS + "-" + new Safi.Unknown(safi); // not what SAFI 72 is called
      }
    }
    return Afi.of(afi) + "-" + Safi.of(safi);
  }
}
