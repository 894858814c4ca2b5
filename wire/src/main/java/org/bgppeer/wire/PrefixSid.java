package org.bgppeer.wire;

import java.util.List;

/// PREFIX_SID, type 40, RFC 8669 §3: the segment of a prefix, and with the service TLVs of RFC 9252
/// §2 those of its services over SRv6. TLVs with a type of one octet and a length of two.
///
/// @param tlvs in wire order
public record PrefixSid(List<Tlv> tlvs) implements PathAttribute {
  private static final int LABEL_INDEX = 1;
  private static final int ORIGINATOR_SRGB = 3;
  private static final int SRV6_L3_SERVICE = 5;
  private static final int SRV6_L2_SERVICE = 6;

  public PrefixSid {
    tlvs = List.copyOf(tlvs);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.PREFIX_SID;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if a TLV does not fit or has not the length that it must have (RFC
  ///     8669 §6: attribute discard; of a service TLV, RFC 9252 §7: treat as withdraw)
  static PrefixSid decode(WireReader in) throws MalformedAttribute {
    if (in.remaining() < 3) {
      throw new MalformedAttribute("length " + in.remaining() + " is below 3");
    }
    WireReader whole = in.slice(in.remaining());
    int from = whole.position();
    try {
      var sid = new PrefixSid(Tlv.list(whole, 1, 2));
      for (Tlv tlv : sid.tlvs) {
        check(tlv);
      }
      return sid;
    } catch (MalformedAttribute e) {
      throw service(in.array(), from, in.position())
          ? new MalformedAttribute(e.reason(), ErrorHandling.TREAT_AS_WITHDRAW, "RFC 9252 7")
          : e;
    }
  }

  /// Whether one of the TLVs, the last and cut off one included, is of an SRv6 service.
  private static boolean service(byte[] array, int from, int to) {
    for (int at = from; at < to; ) {
      int type = array[at] & 0xff;
      if (type == SRV6_L3_SERVICE || type == SRV6_L2_SERVICE) {
        return true;
      }
      at += to - at < 3 ? 3 : 3 + WireReader.u16(array, at + 1);
    }
    return false;
  }

  private static void check(Tlv tlv) throws MalformedAttribute {
    int length = tlv.value().length();
    switch (tlv.type()) {
      case LABEL_INDEX -> {
        if (length != 7) {
          throw new MalformedAttribute("a Label-Index TLV of length " + length);
        }
      }
      case ORIGINATOR_SRGB -> {
        if (length < 8 || (length - 2) % 6 != 0) {
          throw new MalformedAttribute("an Originator SRGB TLV of length " + length);
        }
      }
      case SRV6_L3_SERVICE, SRV6_L2_SERVICE -> {
        if (length < 1) {
          throw new MalformedAttribute("an SRv6 Service TLV of length 0");
        }
        var inner = tlv.value().reader();
        inner.skip(1);
        for (Tlv sub : Tlv.list(inner, 1, 2)) {
          if (sub.type() == 1) {
            if (sub.value().length() < 21) {
              throw new MalformedAttribute(
                  "an SRv6 SID Information Sub-TLV of length " + sub.value().length());
            }
            var data = sub.value().reader();
            data.skip(21);
            Tlv.list(data, 1, 2);
          }
        }
      }
      default -> {}
    }
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    Tlv.encode(tlvs, 1, 2, 0, out);
  }

  static void describe(TreeBuilder tree) {
    while (tree.moreTlvs(1, 2)) {
      int type = tree.u8(0);
      tree.openTlv(name(type), 1, 2);
      switch (type) {
        case LABEL_INDEX -> {
          if (tree.remaining() == 7) {
            tree.reserved(1);
            tree.flags("flags", 2);
            tree.number(TreeBuilder.VALUE, 4);
          }
        }
        case ORIGINATOR_SRGB -> {
          tree.flags("flags", 2);
          while (tree.remaining() >= 6) {
            String range = tree.u24(0) + "+" + tree.u24(3);
            tree.leaf("range", 6, range);
          }
        }
        case SRV6_L3_SERVICE, SRV6_L2_SERVICE -> {
          tree.reserved(1);
          while (tree.moreTlvs(1, 2)) {
            service(tree);
          }
        }
        default -> {}
      }
      tree.closeTlv();
    }
  }

  private static void service(TreeBuilder tree) {
    int type = tree.u8(0);
    tree.openTlv(type == 1 ? "SID" : "sub-TLV " + type, 1, 2);
    if (type == 1) {
      tree.reserved(1);
      tree.ipv6(TreeBuilder.VALUE);
      tree.flags("flags", 1);
      tree.code("behavior", 2, Srv6::behavior);
      tree.reserved(1);
      while (tree.moreTlvs(1, 2)) {
        int inner = tree.u8(0);
        tree.openTlv(inner == 1 ? "structure" : "sub-sub-TLV " + inner, 1, 2);
        if (inner == 1) {
          tree.number("block", 1);
          tree.number("node", 1);
          tree.number("function", 1);
          tree.number("argument", 1);
          tree.number("transposition length", 1);
          tree.number("offset", 1);
        }
        tree.closeTlv();
      }
    }
    tree.closeTlv();
  }

  private static String name(int type) {
    return switch (type) {
      case LABEL_INDEX -> "label index";
      case ORIGINATOR_SRGB -> "SRGB";
      case 4 -> "SRv6-VPN SID"; // of a draft before RFC 9252
      case SRV6_L3_SERVICE -> "SRv6 L3 service";
      case SRV6_L2_SERVICE -> "SRv6 L2 service";
      default -> "TLV " + type;
    };
  }

  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
