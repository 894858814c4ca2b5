package org.bgppeer.wire;

/// A link-state object, AFI 16388, SAFI 71 and, with a route distinguisher before it, 72: RFC 9552
/// §5.2, RFC 9514 §6. Type (2), length (2), protocol (1), identifier of the instance (8), and
/// descriptors as TLVs, all of which is the key.
///
/// ```
/// node ospfv2 0 {as 64500 ls-id 0 area 0.0.0.0 router 192.0.2.1}
/// link isis-2 0 {router 0000.0000.0001} remote {router 0000.0000.0002.03} ipv4 192.0.2.1
/// prefix-ipv4 ospfv2 0 {as 64500 router 192.0.2.1} ospf-route 1 prefix 198.51.100.0/24
/// srv6-sid isis-2 0 {as 64500 router 0000.0000.0001} sid 2001:db8::1
/// ```
///
/// A TLV without a name is `tlv-999 0x…`, a type without one `type-5 …` with the octets.
final class LinkStateNlri extends NlriCodec {
  private static final int NODE = 1;
  private static final int PREFIX_IPV4 = 3;
  private static final int PREFIX_IPV6 = 4;
  private static final int SRV6_SID = 6;

  private static final String[] TYPES = {
    "", "node", "link", "prefix-ipv4", "prefix-ipv6", "", "srv6-sid"
  };
  private static final String[] PROTOCOLS = {
    "",
    "isis-1",
    "isis-2",
    "ospfv2",
    "direct",
    "static",
    "ospfv3",
    "bgp",
    "rsvp-te",
    "segment-routing"
  };

  private final boolean vpn;

  LinkStateNlri(boolean vpn) {
    this.vpn = vpn;
  }

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    need(4, at, to);
    return within(4 + WireReader.u16(array, at + 2), at, to);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int type = in.u16(0);
    in.key("NLRI type", "", 2, LinkStateNlri::type);
    in.frame("length", 2, NlriParts::number);
    if (vpn) {
      in.key("route distinguisher", " ", RouteDistinguisher.OCTETS, RouteDistinguisher::append);
    }
    if (type < NODE || type > SRV6_SID || type == 5) {
      in.key("value", " ", in.remaining(), NlriParts::hex);
      return;
    }
    in.key("protocol", " ", 1, LinkStateNlri::protocol);
    in.key("identifier", " ", 8, NlriParts::number);
    while (in.remaining() > 0) {
      tlv(in, type);
    }
  }

  /// One TLV; of node descriptors those within it.
  private static void tlv(NlriParts in, int type) throws MalformedAttribute {
    int code = in.u16(0);
    int length = in.u16(2);
    if (4 + length > in.remaining()) {
      throw new MalformedAttribute(
          "a TLV of type "
              + code
              + " with "
              + length
              + " octets where "
              + (in.remaining() - 4)
              + " are left");
    }
    boolean nodes = code == 256 || code == 257;
    String name = name(code);
    in.open(name.isEmpty() ? "TLV " + code : name, 4 + length);
    in.key("type", name.isEmpty() ? " tlv-" : null, 2, NlriParts::number);
    in.key("length", null, 2, NlriParts::number);
    if (nodes) {
      in.word(code == 256 ? " {" : " remote {");
      int behind = in.remaining() - length;
      boolean first = true;
      while (in.remaining() > behind) {
        if (in.remaining() - behind < 4 || 4 + in.u16(2) > in.remaining() - behind) {
          throw new MalformedAttribute("a node descriptor that ends behind its TLV");
        }
        descriptor(in, first);
        first = false;
      }
      in.word("}");
    } else {
      value(in, type, code, length);
    }
    in.close();
  }

  /// A node descriptor (RFC 9552 §5.2.1.4, RFC 9086 §4.1).
  private static void descriptor(NlriParts in, boolean first) throws MalformedAttribute {
    int code = in.u16(0);
    int length = in.u16(2);
    String name =
        switch (code) {
          case 512 -> "as";
          case 513 -> "ls-id";
          case 514 -> "area";
          case 515 -> "router";
          case 516 -> "bgp-router";
          case 517 -> "member-as";
          default -> "";
        };
    in.open(name.isEmpty() ? "TLV " + code : name, 4 + length);
    if (!first) {
      in.word(" ");
    }
    in.key("type", name.isEmpty() ? "tlv-" : null, 2, NlriParts::number);
    in.key("length", null, 2, NlriParts::number);
    in.word(name);
    NlriParts.Words words =
        switch (code) {
          case 512, 513, 517 -> length == 4 ? NlriParts::number : NlriParts::hex;
          case 514, 516 -> length == 4 ? NlriParts::address : NlriParts::hex;
          case 515 -> LinkStateNlri::routerId;
          default -> NlriParts::hex;
        };
    in.key("value", " ", length, words);
    in.close();
  }

  /// The value of a descriptor of a link, a prefix or a SID.
  private static void value(NlriParts in, int type, int code, int length)
      throws MalformedAttribute {
    in.word(name(code).isEmpty() ? "" : " " + name(code));
    boolean prefix = code == 265 && (type == PREFIX_IPV4 || type == PREFIX_IPV6);
    if (prefix && length >= 1 && (in.u8(0) + 7) >> 3 == length - 1) {
      int bits = in.u8(0);
      int addressOctets = type == PREFIX_IPV4 ? 4 : 16;
      in.key("prefix length", null, 1, NlriParts::number);
      in.prefix("IP prefix", " ", bits, addressOctets);
      return;
    }
    NlriParts.Words words =
        switch (code) {
          case 258 -> length == 8 ? LinkStateNlri::linkIds : NlriParts::hex;
          case 259, 260 -> length == 4 ? NlriParts::address : NlriParts::hex;
          case 261, 262, 518 -> length == 16 ? NlriParts::address : NlriParts::hex;
          case 263 -> length > 0 && length % 2 == 0 ? LinkStateNlri::topologies : NlriParts::hex;
          case 264 -> length == 1 ? NlriParts::number : NlriParts::hex;
          default -> NlriParts::hex;
        };
    in.key("value", " ", length, words);
  }

  private static String name(int code) {
    return switch (code) {
      case 256 -> "local node";
      case 257 -> "remote node";
      case 258 -> "link-ids";
      case 259 -> "ipv4";
      case 260 -> "neighbor-ipv4";
      case 261 -> "ipv6";
      case 262 -> "neighbor-ipv6";
      case 263 -> "topology";
      case 264 -> "ospf-route";
      case 265 -> "prefix";
      case 518 -> "sid";
      default -> "";
    };
  }

  /// RFC 9552 §5.2.1.4: of OSPF a router ID, and with the address of a DR's interface behind it a
  /// network; of IS-IS a system ID, and with a number behind it a pseudonode.
  private static void routerId(byte[] array, int at, int length, StringBuilder text) {
    switch (length) {
      case 4 -> text.append(AddressText.ipv4(array, at));
      case 8 ->
          text.append(AddressText.ipv4(array, at))
              .append('/')
              .append(AddressText.ipv4(array, at + 4));
      case 6, 7 -> {
        String hex = Octets.copyOf(array, at, length).toHex();
        text.append(hex, 0, 4).append('.').append(hex, 4, 8).append('.').append(hex, 8, 12);
        if (length == 7) {
          text.append('.').append(hex, 12, 14);
        }
      }
      default -> NlriParts.hex(array, at, length, text);
    }
  }

  private static void linkIds(byte[] array, int at, int length, StringBuilder text) {
    text.append(WireReader.u32(array, at)).append('/').append(WireReader.u32(array, at + 4));
  }

  private static void topologies(byte[] array, int at, int length, StringBuilder text) {
    for (int i = 0; i < length; i += 2) {
      text.append(i == 0 ? "" : ",").append(WireReader.u16(array, at + i));
    }
  }

  private static void type(byte[] array, int at, int length, StringBuilder text) {
    NlriParts.name(TYPES, WireReader.u16(array, at), text);
  }

  private static void protocol(byte[] array, int at, int length, StringBuilder text) {
    int code = array[at] & 0xff;
    if (code < PROTOCOLS.length && code > 0) {
      text.append(PROTOCOLS[code]);
    } else {
      text.append("protocol-").append(code);
    }
  }
}
