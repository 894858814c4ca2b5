package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// A path attribute type code, one octet: IANA "BGP Path Attributes".
///
/// The registry grows without us, so a code with no row is data and not an error: it is [Unknown],
/// keeps its number, and travels on.
public sealed interface AttributeType {
  /// The code as on the wire, 0..255.
  int code();

  /// As IANA writes it, with underscores: `AS_PATH`; `ATTRIBUTE_201` if IANA has no name for it.
  String name();

  /// What the Optional and Transitive flags of an attribute must be (RFC 4271 §5).
  enum Category {
    WELL_KNOWN(0x40),
    OPTIONAL_NON_TRANSITIVE(0x80),
    OPTIONAL_TRANSITIVE(0xc0),
    /// Of a number that was given back, or whose draft still changes: transitive or not.
    OPTIONAL(0x80);

    private final int flags;

    Category(int flags) {
      this.flags = flags;
    }

    /// The two highest bits of the attribute's flags.
    public int flags() {
      return flags;
    }

    /// Whether the flags of an attribute are of this category.
    public boolean matches(int attributeFlags) {
      return (attributeFlags & (this == OPTIONAL ? 0x80 : 0xc0)) == flags;
    }
  }

  /// The codes that are decoded, a row each: code, category, what a malformed one costs, the
  /// subcode of a NOTIFICATION about it, and where that is written.
  enum Assigned implements AttributeType {
    /// RFC 4271 §5.1.1
    ORIGIN(1, Category.WELL_KNOWN, ErrorHandling.TREAT_AS_WITHDRAW, 6, "RFC 7606 7.1"),
    /// RFC 4271 §5.1.2
    AS_PATH(2, Category.WELL_KNOWN, ErrorHandling.TREAT_AS_WITHDRAW, 11, "RFC 7606 7.2"),
    /// RFC 4271 §5.1.3
    NEXT_HOP(3, Category.WELL_KNOWN, ErrorHandling.TREAT_AS_WITHDRAW, 8, "RFC 7606 7.3"),
    /// RFC 4271 §5.1.4
    MULTI_EXIT_DISC(
        4, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 5, "RFC 7606 7.4"),
    /// RFC 4271 §5.1.5
    LOCAL_PREF(5, Category.WELL_KNOWN, ErrorHandling.TREAT_AS_WITHDRAW, 5, "RFC 7606 7.5"),
    /// RFC 4271 §5.1.6
    ATOMIC_AGGREGATE(6, Category.WELL_KNOWN, ErrorHandling.ATTRIBUTE_DISCARD, 5, "RFC 7606 7.6"),
    /// RFC 4271 §5.1.7
    AGGREGATOR(7, Category.OPTIONAL_TRANSITIVE, ErrorHandling.ATTRIBUTE_DISCARD, 9, "RFC 7606 7.7"),
    /// RFC 1997
    COMMUNITIES(
        8, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 7606 7.8"),
    /// RFC 4456 §8
    ORIGINATOR_ID(
        9, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 7606 7.9"),
    /// RFC 4456 §8
    CLUSTER_LIST(
        10, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 7606 7.10"),
    /// RFC 4760 §3
    MP_REACH_NLRI(
        14, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.SESSION_RESET, 9, "RFC 7606 7.11"),
    /// RFC 4760 §4
    MP_UNREACH_NLRI(
        15, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.SESSION_RESET, 9, "RFC 7606 7.12"),
    /// RFC 4360 §2
    EXTENDED_COMMUNITIES(
        16, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 7606 7.14"),
    /// RFC 6793 §3
    AS4_PATH(17, Category.OPTIONAL_TRANSITIVE, ErrorHandling.ATTRIBUTE_DISCARD, 9, "RFC 6793 6"),
    /// RFC 6793 §3
    AS4_AGGREGATOR(
        18, Category.OPTIONAL_TRANSITIVE, ErrorHandling.ATTRIBUTE_DISCARD, 9, "RFC 6793 6"),
    /// RFC 6037; given back
    CONNECTOR(20, Category.OPTIONAL, ErrorHandling.NONE, 9, "RFC 6037 5.2.1"),
    /// draft-ietf-idr-as-pathlimit; given back
    AS_PATHLIMIT(21, Category.OPTIONAL, ErrorHandling.NONE, 9, "draft-ietf-idr-as-pathlimit"),
    /// RFC 6514 §5
    PMSI_TUNNEL(22, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 6514 5"),
    /// RFC 9012 §2
    TUNNEL_ENCAPSULATION(
        23, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 9012 13"),
    /// RFC 5543 §3
    TRAFFIC_ENGINEERING(
        24, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 7606 7.13"),
    /// RFC 5701 §2
    IPV6_EXTENDED_COMMUNITIES(
        25, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 7606 7.15"),
    /// RFC 7311 §3
    AIGP(26, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.ATTRIBUTE_DISCARD, 9, "RFC 7311 3.2"),
    /// RFC 6514 §8
    PE_DISTINGUISHER_LABELS(
        27, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 6514 8"),
    /// RFC 6790 §5.2; given back by RFC 7447
    ENTROPY_LABEL(28, Category.OPTIONAL, ErrorHandling.NONE, 9, "RFC 7447"),
    /// RFC 9552 §5.3
    BGP_LS(
        29, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.ATTRIBUTE_DISCARD, 9, "RFC 9552 8.2.2"),
    /// RFC 8092 §3
    LARGE_COMMUNITIES(
        32, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 8092 6"),
    /// RFC 8205 §3
    BGPSEC_PATH(
        33, Category.OPTIONAL_NON_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 8205 5.2"),
    /// draft-ietf-idr-wide-bgp-communities
    COMMUNITY_CONTAINER(
        34, Category.OPTIONAL, ErrorHandling.NONE, 9, "draft-ietf-idr-wide-bgp-communities"),
    /// RFC 9234 §5
    ONLY_TO_CUSTOMER(
        35, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 9234 5"),
    /// draft-ietf-bess-evpn-ipvpn-interworking
    D_PATH(
        36,
        Category.OPTIONAL_TRANSITIVE,
        ErrorHandling.TREAT_AS_WITHDRAW,
        9,
        "draft-ietf-bess-evpn-ipvpn-interworking 4.1"),
    /// RFC 9015 §3.2.1
    SFP(37, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 9015 3.2.1"),
    /// RFC 9026 §3.1.6
    BFD_DISCRIMINATOR(
        38, Category.OPTIONAL_TRANSITIVE, ErrorHandling.ATTRIBUTE_DISCARD, 9, "RFC 9026 3.1.6"),
    /// draft-ietf-idr-nhc
    NEXT_HOP_CHARACTERISTICS(39, Category.OPTIONAL, ErrorHandling.NONE, 9, "draft-ietf-idr-nhc"),
    /// RFC 8669 §3
    PREFIX_SID(40, Category.OPTIONAL_TRANSITIVE, ErrorHandling.ATTRIBUTE_DISCARD, 9, "RFC 8669 6"),
    /// RFC 6368 §5
    ATTR_SET(
        128, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 7606 7.16");

    private static final @Nullable Assigned[] BY_CODE = new @Nullable Assigned[256];

    static {
      for (Assigned row : values()) {
        BY_CODE[row.code] = row;
      }
    }

    private final int code;
    private final Category category;
    private final ErrorHandling whenMalformed;
    private final int subcode;
    private final String rule;

    Assigned(int code, Category category, ErrorHandling whenMalformed, int subcode, String rule) {
      this.code = code;
      this.category = category;
      this.whenMalformed = whenMalformed;
      this.subcode = subcode;
      this.rule = rule;
    }

    @Override
    public int code() {
      return code;
    }

    /// What its flags must be.
    public Category category() {
      return category;
    }

    /// What a malformed one costs. [ErrorHandling#NONE] where nothing is ever done about it: what
    /// cannot be read stays as it came.
    public ErrorHandling whenMalformed() {
      return whenMalformed;
    }

    /// The subcode of UPDATE Message Error that a malformed value is reported with, where it is; a
    /// wrong length has one of its own (RFC 4271 §6.3).
    int subcode() {
      return subcode;
    }

    /// The section that says what makes it malformed.
    String rule() {
      return rule;
    }
  }

  /// A code with no row above. IANA may have a name for it that is known here.
  record Unknown(int code) implements AttributeType {
    @Override
    public String name() {
      return switch (code) {
        case 11 -> "DPA";
        case 12 -> "ADVERTISER";
        case 13 -> "RCID_PATH";
        case 19 -> "SSA";
        case 41 -> "BIER";
        case 42 -> "EDGE_METADATA";
        case 255 -> "DEVELOPMENT";
        default -> "ATTRIBUTE_" + code;
      };
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /// Every octet names a type.
  static AttributeType of(int code) {
    Assigned row = Assigned.BY_CODE[code];
    return row != null ? row : new Unknown(code);
  }

  /// The row of a code, null if there is none: [#of] without making an object.
  static @Nullable Assigned assigned(int code) {
    return Assigned.BY_CODE[code];
  }
}
