package org.bgppeer.wire;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// How one extended community of 8 octets is written and read: `rt:64500:100`, `color:100`,
/// `router-mac:02:00:00:00:00:01`. A text and its octets stand for each other: what has no name
/// here, or something in it that its name does not allow for, is written in hex,
/// `0x0b01000000000001`.
///
/// The second highest bit of the type says whether a community leaves its AS. Of a name the usual
/// kind is meant; the other kind has `transitive-` or `non-transitive-` before it.
final class ExtendedCommunity {
  static final int OCTETS = 8;

  private static final int NON_TRANSITIVE = 0x4000;
  private static final String HEX = "0x";

  /// The names, ordered by type, each with what the six octets behind the type are: kind and size
  /// of each field.
  ///
  /// - `n` a number
  /// - `o` a number that is left out if it is 0
  /// - `w` an AS of 4 octets; one that would fit 2 has an `L` behind it, since `rt:64500:1` is that
  /// of
  ///   2 octets
  /// - `x` a number in hex
  /// - `l` a label in the highest 20 bits; in hex if there is something in the others
  /// - `i` an IPv4 address
  /// - `m` a MAC address
  /// - `f` a number of IEEE 754, in bytes or packets a second
  /// - `t` a type of tunnel
  /// - `v` a state of validation
  /// - `a` the bits of a traffic action
  /// - `z` nothing: zero
  private enum Row {
    RT_2(0x0002, "rt", "n2 n4"), // RFC 4360 §4
    SOO_2(0x0003, "soo", "n2 n4"), // RFC 4360 §5
    OSPF_DOMAIN_2(0x0005, "ospf-domain-id", "n2 n4"), // RFC 4577 §4.2.4
    COLLECTION_2(0x0008, "data-collection", "n2 n4"), // RFC 4384
    SOURCE_AS_2(0x0009, "source-as", "n2 n4"), // RFC 6514 §6
    L2VPN_2(0x000a, "l2vpn-id", "n2 n4"), // RFC 6074 §3.1
    DISTINGUISHER_2(0x0010, "vpn-distinguisher", "n2 n4"),
    RT_RECORD_2(0x0013, "rt-record", "n2 n4"),
    RT_IP(0x0102, "rt", "i4 n2"),
    SOO_IP(0x0103, "soo", "i4 n2"),
    OSPF_DOMAIN_IP(0x0105, "ospf-domain-id", "i4 n2"),
    OSPF_ROUTER(0x0107, "ospf-router-id", "i4 n2"), // RFC 4577 §4.2.7
    COLLECTION_IP(0x0108, "data-collection", "i4 n2"),
    L2VPN_IP(0x010a, "l2vpn-id", "i4 n2"),
    ROUTE_IMPORT(0x010b, "vrf-route-import", "i4 n2"), // RFC 6514 §7
    REDIRECT_TO_IP(0x010c, "redirect-to-ip", "i4 n2"), // draft-ietf-idr-flowspec-redirect-ip
    DISTINGUISHER_IP(0x0110, "vpn-distinguisher", "i4 n2"),
    SEGMENTED(0x0112, "segmented-next-hop", "i4 n2"), // RFC 7524
    RT_RECORD_IP(0x0113, "rt-record", "i4 n2"),
    VRF_NEXT_HOP(0x0114, "vrf-recursive-next-hop", "i4 n2"),
    MVPN_RP(0x0120, "mvpn-sa-rp", "i4 n2"), // RFC 9081
    RT_4(0x0202, "rt", "w4 n2"), // RFC 5668
    SOO_4(0x0203, "soo", "w4 n2"),
    GENERIC(0x0204, "generic", "n4 n2"),
    OSPF_DOMAIN_4(0x0205, "ospf-domain-id", "w4 n2"),
    COLLECTION_4(0x0208, "data-collection", "w4 n2"),
    SOURCE_AS_4(0x0209, "source-as", "w4 n2"),
    DISTINGUISHER_4(0x0210, "vpn-distinguisher", "w4 n2"),
    RT_RECORD_4(0x0213, "rt-record", "w4 n2"),
    OSPF_ROUTE(0x0306, "ospf-route-type", "i4 n1 n1"), // RFC 4577 §4.2.6
    COLOR(0x030b, "color", "o2 n4"), // RFC 9012 §4.3
    ENCAPSULATION(0x030c, "encapsulation", "z4 t2"), // RFC 9012 §4.1
    GATEWAY(0x030d, "default-gateway", "z6"), // RFC 7432 §7.8
    MAC_MOBILITY(0x0600, "mac-mobility", "o1 z1 n4"), // RFC 7432 §7.7
    ESI_LABEL(0x0601, "esi-label", "o1 z2 l3"), // RFC 7432 §7.5
    ES_IMPORT(0x0602, "es-import", "m6"), // RFC 7432 §7.6
    ROUTER_MAC(0x0603, "router-mac", "m6"), // RFC 9135 §8.1
    L2_ATTRIBUTES(0x0604, "l2-attributes", "x2 n2 z2"), // RFC 8214 §3.1
    E_TREE(0x0605, "e-tree", "x1 z2 l3"), // RFC 8317 §5.1
    DF_ELECTION(0x0606, "df-election", "n1 x2 z1 n2"), // RFC 8584 §2.2, RFC 9785
    I_SID(0x0607, "i-sid", "n6"), // RFC 7623
    ARP_ND(0x0608, "arp-nd", "x1 z5"), // RFC 9047
    MULTICAST(0x0609, "multicast-flags", "x2 z4"), // RFC 9251 §9.6
    EVI_RT_2(0x060a, "evi-rt", "n2 n4"), // RFC 9251 §9.5
    EVI_RT_IP(0x060b, "evi-rt", "i4 n2"),
    EVI_RT_4(0x060c, "evi-rt", "w4 n2"),
    CARVING(0x060f, "service-carving-time", "n4 n2"), // RFC 9722
    EVPN_BANDWIDTH(0x0610, "evpn-link-bandwidth", "n1 n5"),
    INTERFACES(0x0702, "interface-set", "n4 x2"), // draft-ietf-idr-flowspec-interfaceset
    REDIRECT_TO_NEXT_HOP(
        0x0800, "redirect-to-nexthop", "o6"), // draft-simpson-idr-flowspec-redirect
    REDIRECT_TO_ID(0x0900, "redirect-to-id", "n1 n1 n4"),
    MUP(0x0c00, "mup", "n2 n4"), // draft-ietf-bess-mup-safi §3.2
    LINK_BANDWIDTH(0x4004, "link-bandwidth", "n2 f4"), // draft-ietf-idr-link-bandwidth
    VALIDATION(0x4300, "validation-state", "z5 v1"), // RFC 8097 §2
    COST(0x4301, "cost", "n1 n1 n4"), // draft-ietf-idr-custom-decision
    CISCO_OSPF_ROUTE(0x8000, "cisco-ospf-route-type", "i4 n1 n1"),
    CISCO_OSPF_ROUTER(0x8001, "cisco-ospf-router-id", "i4 n2"),
    CISCO_OSPF_DOMAIN(0x8005, "cisco-ospf-domain-id", "n2 n4"),
    RATE_BYTES(0x8006, "rate-bytes", "n2 f4"), // RFC 8955 §7.1
    ACTION(0x8007, "traffic-action", "z5 a1"), // RFC 8955 §7.3
    REDIRECT_2(0x8008, "redirect", "n2 n4"), // RFC 8955 §7.4
    MARK(0x8009, "mark", "z5 n1"), // RFC 8955 §7.5
    LAYER_2(0x800a, "layer2-info", "n1 x1 n2 n2"), // RFC 4761 §3.2.4
    RATE_PACKETS(0x800c, "rate-packets", "n2 f4"), // RFC 8955 §7.2
    REDIRECT_IP(0x8108, "redirect", "i4 n2"),
    REDIRECT_4(0x8208, "redirect", "w4 n2");

    private static final Row[] ALL = values();

    private final int type;
    private final String name;
    private final String fields;

    Row(int type, String name, String fields) {
      this.type = type;
      this.name = name;
      this.fields = fields;
    }

    private static @Nullable Row of(int type) {
      int low = 0;
      int high = ALL.length - 1;
      while (low <= high) {
        int middle = low + high >>> 1;
        if (ALL[middle].type == type) {
          return ALL[middle];
        }
        if (ALL[middle].type < type) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return null;
    }

    private boolean usuallyTransitive() {
      return (type & NON_TRANSITIVE) == 0;
    }
  }

  private ExtendedCommunity() {}

  /// Appends the text of the community at `at`.
  static void appendText(byte[] array, int at, StringBuilder text) {
    int type = WireReader.u16(array, at);
    Row row = Row.of(type);
    int before = text.length();
    if (row == null) {
      row = Row.of(type ^ NON_TRANSITIVE);
      if (row != null) {
        text.append(row.usuallyTransitive() ? "non-transitive-" : "transitive-");
      }
    }
    if (row == null || !appendNamed(row, array, at, text)) {
      text.setLength(before);
      text.append(HEX).append(HexFormat.of().formatHex(array, at, at + OCTETS));
    }
  }

  private static boolean appendNamed(Row row, byte[] array, int at, StringBuilder text) {
    text.append(row.name);
    int field = at + 2;
    for (int i = 0; i < row.fields.length(); i += 3) {
      int size = row.fields.charAt(i + 1) - '0';
      if (!appendField(row.fields.charAt(i), size, array, field, text)) {
        return false;
      }
      field += size;
    }
    return true;
  }

  private static boolean appendField(
      char kind, int size, byte[] array, int at, StringBuilder text) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | array[at + i] & 0xff;
    }
    if (kind == 'z') {
      return value == 0;
    }
    if (kind == 'o' && value == 0) {
      return true;
    }
    text.append(':');
    switch (kind) {
      case 'n', 'o' -> text.append(value);
      case 'w' -> text.append(value).append(value > 0xffff ? "" : "L");
      case 'i' -> text.append(AddressText.ipv4(array, at));
      case 'x' -> appendHex(value, size, text);
      case 'l' -> {
        if ((value & 0xf) == 0) {
          text.append(value >>> 4);
        } else {
          appendHex(value, size, text);
        }
      }
      case 'm' -> text.append(HexFormat.ofDelimiter(":").formatHex(array, at, at + size));
      case 'f' -> {
        String real = TreeBuilder.realText((int) value);
        text.append(real);
        return isReal(real) && Float.floatToRawIntBits(Float.parseFloat(real)) == (int) value;
      }
      case 't' -> text.append(TunnelEncapsulation.tunnelName((int) value));
      case 'v' -> {
        text.append(state((int) value));
        return value <= 2;
      }
      case 'a' -> {
        text.append(action((int) value));
        return value <= 3;
      }
      default -> throw new IllegalStateException("no field is of kind " + kind);
    }
    return true;
  }

  private static void appendHex(long value, int size, StringBuilder text) {
    text.append(HEX).append(HexFormat.of().toHexDigits(value, 2 * size));
  }

  /// RFC 8097 §2
  private static String state(int value) {
    return switch (value) {
      case 0 -> "valid";
      case 1 -> "not-found";
      case 2 -> "invalid";
      default -> Integer.toString(value);
    };
  }

  /// RFC 8955 §7.3
  private static String action(int bits) {
    return switch (bits) {
      case 0 -> "none";
      case 1 -> "terminal";
      case 2 -> "sample";
      case 3 -> "sample-terminal";
      default -> Integer.toString(bits);
    };
  }

  /// Reads what [#appendText] writes; `ro:` too, which is another word for `soo:`. Null if it is no
  /// community's text.
  static byte @Nullable [] parse(String text) {
    if (text.startsWith(HEX)) {
      return text.length() == HEX.length() + 2 * OCTETS && text.matches("0x[0-9a-f]*")
          ? HexFormat.of().parseHex(text, HEX.length(), text.length())
          : null;
    }
    String[] parts = text.split(":", -1);
    String name = parts[0].equals("ro") ? "soo" : parts[0];
    String canonical = name + text.substring(parts[0].length());
    for (Row row : Row.ALL) {
      int type = row.type;
      if (!row.name.equals(name)) {
        if (!name.equals(
            (row.usuallyTransitive() ? "non-transitive-" : "transitive-") + row.name)) {
          continue;
        }
        type ^= NON_TRANSITIVE;
      }
      byte[] octets = octets(type, row.fields, Arrays.copyOfRange(parts, 1, parts.length));
      if (octets != null) {
        var written = new StringBuilder();
        appendText(octets, 0, written);
        if (written.toString().equals(canonical)) {
          return octets;
        }
      }
    }
    return null;
  }

  private static byte @Nullable [] octets(int type, String fields, String[] parts) {
    int needed = 0;
    for (int i = 0; i < fields.length(); i += 3) {
      needed += parts(fields.charAt(i));
    }
    boolean optional = fields.indexOf('o') >= 0;
    boolean leftOut = optional && parts.length == needed - 1;
    if (parts.length != needed && !leftOut) {
      return null;
    }
    var out = new WireWriter(OCTETS).u16(type);
    int part = 0;
    for (int i = 0; i < fields.length(); i += 3) {
      char kind = fields.charAt(i);
      int size = fields.charAt(i + 1) - '0';
      long value = 0;
      if (kind != 'z' && !(kind == 'o' && leftOut)) {
        value = value(kind, parts, part);
        part += parts(kind);
        if (value < 0 || value >>> 8 * size != 0) {
          return null;
        }
      }
      for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
        out.u8((int) (value >>> shift));
      }
    }
    return out.toByteArray();
  }

  /// How many parts of a text, between colons, a field takes.
  private static int parts(char kind) {
    return kind == 'z' ? 0 : kind == 'm' ? 6 : 1;
  }

  /// The value of a field, or -1 if its text is none.
  private static long value(char kind, String[] parts, int at) {
    String part = parts[at];
    switch (kind) {
      case 'i' -> {
        try {
          return part.indexOf('.') < 0 ? -1 : WireReader.u32(AddressText.parse(part), 0);
        } catch (IllegalArgumentException e) {
          return -1;
        }
      }
      case 'm' -> {
        String hex = String.join("", Arrays.copyOfRange(parts, at, at + 6));
        return hex.matches("[0-9a-f]{12}") ? HexFormat.fromHexDigitsToLong(hex) : -1;
      }
      case 'f' -> {
        return isReal(part) ? Float.floatToRawIntBits(Float.parseFloat(part)) & 0xffff_ffffL : -1;
      }
      case 't' -> {
        for (int type = 0; type < 32; type++) {
          if (TunnelEncapsulation.tunnelName(type).equals(part)) {
            return type;
          }
        }
        return part.startsWith("tunnel-") ? number(part.substring("tunnel-".length())) : -1;
      }
      case 'v', 'a' -> {
        for (int value = 0; value <= 3; value++) {
          if ((kind == 'v' ? state(value) : action(value)).equals(part)) {
            return value;
          }
        }
        return -1;
      }
      case 'w' -> {
        return number(part.endsWith("L") ? part.substring(0, part.length() - 1) : part);
      }
      case 'l' -> {
        return part.startsWith(HEX) ? number(part) : number(part) << 4;
      }
      default -> {
        return number(part);
      }
    }
  }

  private static boolean isReal(String text) {
    return text.matches("-?[0-9]{1,60}(\\.[0-9]{1,60})?");
  }

  private static long number(String text) {
    if (text.matches("0x[0-9a-f]{1,12}")) {
      return HexFormat.fromHexDigitsToLong(text, 2, text.length());
    }
    return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -1;
  }
}
