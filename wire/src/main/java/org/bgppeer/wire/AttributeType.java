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
    OPTIONAL_TRANSITIVE(0xc0);

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
      return (attributeFlags & 0xc0) == flags;
    }
  }

  /// The codes that are decoded, a row each: code, category, what a malformed one costs, the
  /// subcode
  /// of a NOTIFICATION about it, and where that is written.
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
    /// RFC 5701 §2
    IPV6_EXTENDED_COMMUNITIES(
        25, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 7606 7.15"),
    /// RFC 8092 §3
    LARGE_COMMUNITIES(
        32, Category.OPTIONAL_TRANSITIVE, ErrorHandling.TREAT_AS_WITHDRAW, 9, "RFC 8092 6");

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

    /// What a malformed one costs.
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
        case 20 -> "CONNECTOR";
        case 21 -> "AS_PATHLIMIT";
        case 22 -> "PMSI_TUNNEL";
        case 23 -> "TUNNEL_ENCAPSULATION";
        case 24 -> "TRAFFIC_ENGINEERING";
        case 26 -> "AIGP";
        case 27 -> "PE_DISTINGUISHER_LABELS";
        case 29 -> "BGP_LS";
        case 33 -> "BGPSEC_PATH";
        case 34 -> "COMMUNITY_CONTAINER";
        case 35 -> "ONLY_TO_CUSTOMER";
        case 36 -> "D_PATH";
        case 37 -> "SFP";
        case 38 -> "BFD_DISCRIMINATOR";
        case 39 -> "NEXT_HOP_DEPENDENT_CAPABILITIES";
        case 40 -> "PREFIX_SID";
        case 128 -> "ATTR_SET";
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
