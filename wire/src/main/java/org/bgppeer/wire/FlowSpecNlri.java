package org.bgppeer.wire;

/// A flow specification, SAFI 133 and, with a route distinguisher before it, 134: RFC 8955 §4, RFC
/// 8956 §3. A length of one octet, or of two if it is 240 or more, and components in the order of
/// their types, all of which must match. The octets are the key (RFC 8955 §4).
///
/// ```
/// dst 192.0.2.0/24 && proto =6,=17 && dport >=80&<=90 && tcp-flags =SYN
/// 64500:1 src 2001:db8::/32 && fragment IsF
/// ```
///
/// A list of operators has `,` where one of them has to match and `&` where the one before has to
/// match too. A number is written `=80`, `>80`, `>=80`, `<80`, `<=80`, `!=80`, `true 80`, `false
/// 80`; bits are `SYN+ACK` if any of them has to be set, `=SYN+ACK` if all, `!…` if not so. Octets
/// that say the same in another way have another text: `=80/2` is the number 80 in two octets
/// instead of one, `[0x89]` stands before an operator with a bit that has no meaning.
///
/// A component of an unknown type ends what can be read: the rest follows in hex, `type-14 0x…`. Of
/// L2VPN all is hex: `flow 0x…`.
final class FlowSpecNlri extends NlriCodec {
  private static final int LONG_LENGTH = 0xf0;

  private static final String[] TYPES = {
    "",
    "dst",
    "src",
    "proto",
    "port",
    "dport",
    "sport",
    "icmp-type",
    "icmp-code",
    "tcp-flags",
    "length",
    "dscp",
    "fragment",
    "flow-label"
  };
  private static final int TCP_FLAGS = 9;
  private static final int FRAGMENT = 12;
  private static final int FLOW_LABEL = 13;

  private static final String[] TCP_FLAG_NAMES = {
    "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"
  };
  private static final String[] FRAGMENT_NAMES = {"DF", "IsF", "FF", "LF"};
  private static final String[] COMPARISONS = {"false ", "=", ">", ">=", "<", "<=", "!=", "true "};

  private final int afi;
  private final boolean vpn;

  FlowSpecNlri(int afi, boolean vpn) {
    this.afi = afi;
    this.vpn = vpn;
  }

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    need(1, at, to);
    int first = array[at] & 0xff;
    if (first < LONG_LENGTH) {
      return within(1 + first, at, to);
    }
    need(2, at, to);
    return within(2 + (WireReader.u16(array, at) & 0xfff), at, to);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    in.frame("length", in.u8(0) < LONG_LENGTH ? 1 : 2, FlowSpecNlri::length);
    if (vpn) {
      in.key("route distinguisher", "", RouteDistinguisher.OCTETS, RouteDistinguisher::append);
      in.word(" ");
    }
    if (afi == Afi.Assigned.L2VPN.code()) {
      in.key("flow", "flow ", in.remaining(), NlriParts::hex);
      return;
    }
    if (in.remaining() == 0) {
      in.word("match all");
    }
    int before = 0;
    while (in.remaining() > 0) {
      int type = in.u8(0);
      if (type <= before) {
        throw new MalformedAttribute("component type " + type + " behind type " + before);
      }
      if (before > 0) {
        in.word(" && ");
      }
      component(in, type);
      before = type;
    }
  }

  private void component(NlriParts in, int type) throws MalformedAttribute {
    boolean ipv6 = afi == Afi.Assigned.IPV6.code();
    if (type == 0 || type > (ipv6 ? FLOW_LABEL : FRAGMENT)) {
      in.key("type", "", 1, FlowSpecNlri::type);
      in.key("value", " ", in.remaining(), NlriParts::hex);
      return;
    }
    in.key("type", "", 1, FlowSpecNlri::type);
    if (type > 2) {
      in.key("operators", " ", operators(in), words(type));
    } else if (ipv6) {
      prefixIpv6(in);
    } else {
      int bits = in.u8(0);
      in.frame("prefix length", 1, NlriParts::number);
      in.prefix("IP prefix", " ", bits, 4);
    }
  }

  /// RFC 8956 §3.1: a length, an offset, and the bits between them.
  private static void prefixIpv6(NlriParts in) throws MalformedAttribute {
    int bits = in.u8(0);
    int offset = in.u8(1);
    if (bits > 128 || offset > bits || (offset == bits && bits > 0)) {
      throw new MalformedAttribute("bits " + offset + " to " + bits + " of an address of 128");
    }
    if (offset == 0) {
      in.frame("prefix length", 1, NlriParts::number);
      in.key("offset", null, 1, NlriParts::number);
      in.prefix("IP prefix", " ", bits, 16);
    } else {
      in.key("prefix length", " to bit ", 1, NlriParts::number);
      in.key("offset", " from bit ", 1, NlriParts::number);
      in.key("pattern", " ", (bits - offset + 7) >> 3, NlriParts::hex);
    }
  }

  /// The octets of a list of operators with their values, up to the one with the end bit.
  private static int operators(NlriParts in) throws MalformedAttribute {
    int octets = 0;
    while (true) {
      int operator = in.u8(octets);
      octets += 1 + valueOctets(operator);
      if (octets > in.remaining()) {
        throw new MalformedAttribute("an operator's value ends behind the NLRI");
      }
      if ((operator & 0x80) != 0) {
        return octets;
      }
    }
  }

  private static int valueOctets(int operator) {
    return 1 << (operator >> 4 & 3);
  }

  private static NlriParts.Words words(int type) {
    return switch (type) {
      case TCP_FLAGS ->
          (array, at, length, text) -> bitmasks(array, at, length, TCP_FLAG_NAMES, text);
      case FRAGMENT ->
          (array, at, length, text) -> bitmasks(array, at, length, FRAGMENT_NAMES, text);
      default -> FlowSpecNlri::numbers;
    };
  }

  private static void numbers(byte[] array, int from, int length, StringBuilder text) {
    for (int at = from; at < from + length; ) {
      int operator = array[at] & 0xff;
      between(operator, at == from, 0x08, text);
      text.append(COMPARISONS[operator & 7]);
      int octets = valueOctets(operator);
      NlriParts.number(array, at + 1, octets, text);
      width(array, at + 1, octets, text);
      at += 1 + octets;
    }
  }

  private static void bitmasks(
      byte[] array, int from, int length, String[] names, StringBuilder text) {
    for (int at = from; at < from + length; ) {
      int operator = array[at] & 0xff;
      between(operator, at == from, 0x0c, text);
      text.append((operator & 2) != 0 ? "!" : "").append((operator & 1) != 0 ? "=" : "");
      int octets = valueOctets(operator);
      bits(array, at + 1, octets, names, text);
      width(array, at + 1, octets, text);
      at += 1 + octets;
    }
  }

  /// What stands between an operator and the one before it.
  private static void between(int operator, boolean first, int meaningless, StringBuilder text) {
    boolean and = (operator & 0x40) != 0;
    if (and) {
      text.append('&');
    } else if (!first) {
      text.append(',');
    }
    if ((operator & meaningless) != 0) {
      text.append("[0x").append(Integer.toHexString(operator)).append(']');
    }
  }

  private static void bits(byte[] array, int at, int octets, String[] names, StringBuilder text) {
    long value = 0;
    for (int i = 0; i < octets; i++) {
      value = value << 8 | array[at + i] & 0xff;
    }
    if (value <= 0 || value >= 1L << names.length) {
      text.append("0x").append(Long.toHexString(value));
      return;
    }
    boolean before = false;
    for (int bit = 0; bit < names.length; bit++) {
      if ((value & 1L << bit) != 0) {
        text.append(before ? "+" : "").append(names[bit]);
        before = true;
      }
    }
  }

  /// Says how many octets a value has, if fewer would do.
  private static void width(byte[] array, int at, int octets, StringBuilder text) {
    boolean upperHalfIsZero = octets > 1;
    for (int i = 0; i < octets / 2; i++) {
      upperHalfIsZero &= array[at + i] == 0;
    }
    if (upperHalfIsZero) {
      text.append('/').append(octets);
    }
  }

  private static void length(byte[] array, int at, int length, StringBuilder text) {
    text.append(length == 1 ? array[at] & 0xff : WireReader.u16(array, at) & 0xfff);
  }

  private static void type(byte[] array, int at, int length, StringBuilder text) {
    NlriParts.name(TYPES, array[at] & 0xff, text);
  }
}
