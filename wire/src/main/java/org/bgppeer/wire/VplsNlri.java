package org.bgppeer.wire;

/// A VPLS route, AFI 25, SAFI 65: a length of two octets, and either a block of labels (RFC 4761
/// §3.2.2) or, for auto-discovery, the address of a PE (RFC 6074 §3.2.2.1).
///
/// ```
/// 17 octets: Route Distinguisher (8), VE ID (2), VE Block Offset (2), VE Block Size (2),
///            Label Base (3)
/// 12 octets: Route Distinguisher (8), PE address (4)
/// ```
///
/// Texts: `vpls 64500:1 ve 3 offset 1`, details `size 8 label 800000`; and `vpls-ad 64500:1 pe
/// 192.0.2.1`.
final class VplsNlri extends NlriCodec {
  private static final int LABEL_BLOCK = 17;
  private static final int AUTO_DISCOVERY = 12;

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    need(2, at, to);
    return within(2 + WireReader.u16(array, at), at, to);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int length = in.u16(0);
    in.frame("length", 2, NlriParts::number);
    switch (length) {
      case LABEL_BLOCK -> {
        in.word("vpls ");
        distinguisher(in);
        in.key("VE ID", " ve ", 2, NlriParts::number);
        in.key("VE block offset", " offset ", 2, NlriParts::number);
        in.detail("VE block size", "size ", 2, NlriParts::number);
        in.detail("label base", "label ", 3, MplsLabel::append);
      }
      case AUTO_DISCOVERY -> {
        in.word("vpls-ad ");
        distinguisher(in);
        in.key("PE address", " pe ", 4, NlriParts::address);
      }
      default -> throw new MalformedAttribute("length " + length + " is not 17 or 12");
    }
  }

  private static void distinguisher(NlriParts in) throws MalformedAttribute {
    in.key("route distinguisher", "", RouteDistinguisher.OCTETS, RouteDistinguisher::append);
  }
}
