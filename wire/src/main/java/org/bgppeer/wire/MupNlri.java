package org.bgppeer.wire;

/// A mobile user plane route, SAFI 85, draft-ietf-bess-mup-safi §3.1: architecture (1), route type
/// (2), length (1), and what the type says.
///
/// | type | text | details |
/// |---|---|---|
/// | 1 | `interwork-segment 64500:1 192.0.2.0/24` | |
/// | 2 | `direct-segment 64500:1 192.0.2.1` | |
/// | 3 | `session-1 64500:1 192.0.2.1/32` | `teid 0x00003039 qfi 9 endpoint 198.51.100.1` |
/// | 4 | `session-2 64500:1 endpoint 198.51.100.1 teid 0x00003039/32` | |
///
/// Another architecture or type is kept: `architecture-2 type-1 0x…`, `type-5 0x…`.
final class MupNlri extends NlriCodec {
  private static final int ARCHITECTURE_3GPP_5G = 1;
  private static final String[] TYPES = {
    "", "interwork-segment", "direct-segment", "session-1", "session-2"
  };

  private final int addressOctets;

  MupNlri(int addressOctets) {
    this.addressOctets = addressOctets;
  }

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    need(4, at, to);
    return within(4 + (array[at + 3] & 0xff), at, to);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int architecture = in.u8(0);
    int type = in.u16(1);
    boolean known = architecture == ARCHITECTURE_3GPP_5G;
    in.key("architecture", known ? null : "architecture-", 1, NlriParts::number);
    in.key("route type", known ? "" : " type-", 2, known ? MupNlri::type : NlriParts::number);
    in.frame("length", 1, NlriParts::number);
    if (!known || type < 1 || type > 4) {
      in.key("value", " ", in.remaining(), NlriParts::hex);
      return;
    }
    in.key("route distinguisher", " ", RouteDistinguisher.OCTETS, RouteDistinguisher::append);
    switch (type) {
      case 1 -> prefix(in);
      case 2 -> in.key("address", " ", addressOctets, NlriParts::address);
      case 3 -> {
        prefix(in);
        in.detail("TEID", "teid ", 4, NlriParts::hex);
        in.detail("QFI", "qfi ", 1, NlriParts::number);
        address(in, "endpoint", "endpoint ", false);
        if (in.remaining() > 0) { // early drafts have no source address
          address(in, "source", "source ", true);
        }
      }
      default -> endpoint(in);
    }
  }

  private void prefix(NlriParts in) throws MalformedAttribute {
    int bits = in.u8(0);
    in.frame("prefix length", 1, NlriParts::number);
    in.prefix("IP prefix", " ", bits, addressOctets);
  }

  private static void address(NlriParts in, String name, String before, boolean mayBeNone)
      throws MalformedAttribute {
    int bits = in.u8(0);
    if (bits != 32 && bits != 128 && !(bits == 0 && mayBeNone)) {
      throw new MalformedAttribute("an address of " + bits + " bits is not of 32 or 128");
    }
    in.frame(name + " length", 1, NlriParts::number);
    if (bits > 0) {
      in.detail(name, before, bits / 8, NlriParts::address);
    }
  }

  /// An endpoint and as many bits of a TEID as its length has beyond the address (§3.1.4).
  private void endpoint(NlriParts in) throws MalformedAttribute {
    int bits = in.u8(0);
    int teidBits = bits - 8 * addressOctets;
    if (teidBits > 32) {
      throw new MalformedAttribute(
          "an endpoint of " + bits + " bits, above " + (8 * addressOctets + 32));
    }
    if (teidBits < 0) {
      in.frame("endpoint length", 1, NlriParts::number);
      in.prefix("endpoint", " endpoint ", bits, addressOctets);
      return;
    }
    in.key("endpoint length", null, 1, NlriParts::number);
    in.key("endpoint", " endpoint ", addressOctets, NlriParts::address);
    if (teidBits > 0) {
      in.key("TEID", " teid ", (teidBits + 7) >> 3, NlriParts::hex);
      in.word("/" + teidBits);
    }
  }

  private static void type(byte[] array, int at, int length, StringBuilder text) {
    NlriParts.name(TYPES, WireReader.u16(array, at), text);
  }
}
