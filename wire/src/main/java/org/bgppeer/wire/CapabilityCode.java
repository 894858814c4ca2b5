package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// A capability code, one octet: IANA "Capability Codes". A code with no row is [Unknown] and keeps
/// its number.
public sealed interface CapabilityCode {
  /// The code as on the wire, 0..255.
  int code();

  /// The codes with a name here; not all of them are decoded.
  enum Assigned implements CapabilityCode {
    /// RFC 2858, RFC 4760 §8
    MULTIPROTOCOL(1, "Multiprotocol"),
    /// RFC 2918 §2
    ROUTE_REFRESH(2, "Route Refresh"),
    /// RFC 5291 §5
    OUTBOUND_ROUTE_FILTERING(3, "Outbound Route Filtering"),
    /// RFC 8277 gave it back.
    MULTIPLE_ROUTES(4, "Multiple Routes"),
    /// RFC 8950 §4
    EXTENDED_NEXT_HOP(5, "Extended Next Hop"),
    /// RFC 8654 §3
    EXTENDED_MESSAGE(6, "Extended Message"),
    /// RFC 8205 §2.1
    BGPSEC(7, "BGPsec"),
    /// RFC 8277 §2.1
    MULTIPLE_LABELS(8, "Multiple Labels"),
    /// RFC 9234 §4.1
    BGP_ROLE(9, "BGP Role"),
    /// RFC 4724 §3
    GRACEFUL_RESTART(64, "Graceful Restart"),
    /// RFC 6793 §3
    FOUR_OCTET_AS(65, "4-octet AS"),
    DYNAMIC_CAPABILITY_PRESTANDARD(66, "Dynamic Capability (prestandard)"),
    /// draft-ietf-idr-dynamic-cap
    DYNAMIC_CAPABILITY(67, "Dynamic Capability"),
    /// draft-ietf-idr-bgp-multisession
    MULTISESSION(68, "Multisession"),
    /// RFC 7911 §4
    ADD_PATH(69, "ADD-PATH"),
    /// RFC 7313 §3.1
    ENHANCED_ROUTE_REFRESH(70, "Enhanced Route Refresh"),
    /// RFC 9494 §3
    LONG_LIVED_GRACEFUL_RESTART(71, "Long-Lived Graceful Restart"),
    /// draft-ietf-idr-rpd
    ROUTING_POLICY_DISTRIBUTION(72, "Routing Policy Distribution"),
    /// draft-walton-bgp-hostname-capability
    FQDN(73, "FQDN"),
    /// draft-ietf-idr-bgp-bfd-strict-mode
    BFD(74, "BFD Strict"),
    /// draft-abraitis-bgp-version-capability
    SOFTWARE_VERSION(75, "Software Version"),
    /// draft-abraitis-idr-addpath-paths-limit
    PATHS_LIMIT(76, "Paths Limit"),
    /// draft-ietf-idr-linklocal-capability
    LINK_LOCAL_NEXT_HOP(77, "Link-Local Next Hop"),
    /// What Cisco sent before RFC 2918, and many still send beside it.
    ROUTE_REFRESH_CISCO(128, "Route Refresh (Cisco)"),
    OUTBOUND_ROUTE_FILTERING_PRESTANDARD(129, "Outbound Route Filtering (prestandard)"),
    OUTBOUND_ROUTE_FILTERING_CISCO(130, "Outbound Route Filtering (Cisco)"),
    MULTISESSION_CISCO(131, "Multisession (Cisco)"),
    FQDN_PRESTANDARD(184, "FQDN (prestandard)"),
    OPERATIONAL_PRESTANDARD(185, "Operational Message (prestandard)");

    private static final @Nullable Assigned[] BY_CODE = new @Nullable Assigned[256];

    static {
      for (Assigned row : values()) {
        BY_CODE[row.code] = row;
      }
    }

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

  /// A code with no row above.
  record Unknown(int code) implements CapabilityCode {
    @Override
    public String toString() {
      return "Capability " + code;
    }
  }

  /// Every octet names a capability.
  static CapabilityCode of(int code) {
    Assigned row = Assigned.BY_CODE[code];
    return row != null ? row : new Unknown(code);
  }
}
