package org.bgppeer.wire;

/// A route target membership, SAFI 132, RFC 4684 §4: what a neighbor wants to have routes of. A
/// prefix of 0, or of 32 to 96 bits, over an AS (4) and a route target (8).
///
/// Texts: `route-target default`, `route-target 64500 any` of 32 bits, `route-target 64500
/// rt:64500:100` of 96, and between them the octets and the bits of the target that count:
/// `route-target 64500 0x0002fbf4/32`.
final class RouteTargetNlri extends NlriCodec {
  private static final int AS_BITS = 32;
  private static final int BITS = 96;

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    return bitsLength(array, at, to, 0, BITS);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int bits = in.u8(0);
    in.word("route-target ");
    in.key("length", null, 1, NlriParts::number);
    if (bits == 0) {
      in.word("default");
      return;
    }
    if (bits < AS_BITS) {
      throw new MalformedAttribute("a length of " + bits + " bits is not 0 or 32 to 96");
    }
    in.key("origin AS", "", 4, NlriParts::number);
    if (bits == AS_BITS) {
      in.word(" any");
    } else if (bits == BITS) {
      in.key("route target", " ", 8, ExtendedCommunities::appendText);
    } else {
      in.key("route target", " ", in.remaining(), NlriParts::hex);
      in.word("/" + (bits - AS_BITS));
    }
  }
}
