package org.bgppeer.wire;

/// An Ethernet VPN route, AFI 25, SAFI 70, RFC 7432 §7: a route type, a length, and what the type
/// says.
///
/// ```
///  1 RFC 7432 7.1  ethernet-ad 64500:1 esi 00:…:01 tag 0
///  2          7.2  mac-ip 64500:1 tag 0 mac 00:00:5e:00:53:01 ip 192.0.2.1
///  3          7.3  imet 64500:1 tag 0 originator 192.0.2.1
///  4          7.4  ethernet-segment 64500:1 esi 00:…:01 originator 192.0.2.1
///  5 RFC 9136 3.1  ip-prefix 64500:1 tag 0 192.0.2.0/24
///  6 RFC 9251 9.1  smet 64500:1 tag 0 source * group 233.252.0.1 originator 192.0.2.1
///  7          9.2  membership-report 64500:1 esi … tag 0 source … group … originator …
///  8          9.3  leave 64500:1 esi … tag 0 source … group … originator …
///  9 RFC 9572 3.1  region-i-pmsi 64500:1 tag 0 region 0x…
/// 10          3.2  s-pmsi 64500:1 tag 0 source … group … originator …
/// 11          3.3  leaf 0x… originator 192.0.2.1
/// ```
///
/// What is in the text is the key, as these sections say; the rest (labels; ESI and gateway of
/// types 2 and 5; flags) are details. A label is shown as the MPLS label and as the VNI that the
/// same octets may be (RFC 8365 §5.1.3). A type that is not in the table is kept: `type-12 0x…`.
final class EvpnNlri extends NlriCodec {
  private static final String[] TYPES = {
    "",
    "ethernet-ad",
    "mac-ip",
    "imet",
    "ethernet-segment",
    "ip-prefix",
    "smet",
    "membership-report",
    "leave",
    "region-i-pmsi",
    "s-pmsi",
    "leaf"
  };

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    need(2, at, to);
    return within(2 + (array[at + 1] & 0xff), at, to);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int type = in.u8(0);
    in.key("route type", "", 1, EvpnNlri::type);
    in.frame("length", 1, NlriParts::number);
    switch (type) {
      case 1 -> {
        distinguisher(in);
        in.key("Ethernet segment", " esi ", 10, NlriParts::colons);
        tag(in);
        label(in);
      }
      case 2 -> macIp(in);
      case 3 -> {
        distinguisher(in);
        tag(in);
        in.address("originator", " originator ", null);
      }
      case 4 -> {
        distinguisher(in);
        in.key("Ethernet segment", " esi ", 10, NlriParts::colons);
        in.address("originator", " originator ", null);
      }
      case 5 -> ipPrefix(in);
      case 6 -> {
        distinguisher(in);
        tag(in);
        sourceGroupOriginator(in);
        in.detail("flags", "flags ", 1, NlriParts::hex);
      }
      case 7 -> {
        distinguisher(in);
        in.key("Ethernet segment", " esi ", 10, NlriParts::colons);
        tag(in);
        sourceGroupOriginator(in);
        in.detail("flags", "flags ", 1, NlriParts::hex);
      }
      case 8 -> {
        distinguisher(in);
        in.key("Ethernet segment", " esi ", 10, NlriParts::colons);
        tag(in);
        sourceGroupOriginator(in);
        in.frame("reserved", 4, NlriParts::hex);
        in.detail("maximum response time", "response-time ", 1, NlriParts::number);
        if (in.remaining() > 0) { // drafts before RFC 9251 have none, and routers still send it so
          in.detail("flags", "flags ", 1, NlriParts::hex);
        }
      }
      case 9 -> {
        distinguisher(in);
        tag(in);
        in.key("region", " region ", 8, NlriParts::hex);
      }
      case 10 -> {
        distinguisher(in);
        tag(in);
        sourceGroupOriginator(in);
      }
      case 11 -> {
        // The route that it answers, as it came: its second octet is its length.
        int octets = 2 + in.u8(1);
        in.key("route key", " ", octets, NlriParts::hex);
        in.address("originator", " originator ", null);
      }
      default -> in.key("value", " ", in.remaining(), NlriParts::hex);
    }
  }

  private static void macIp(NlriParts in) throws MalformedAttribute {
    distinguisher(in);
    in.detail("Ethernet segment", "esi ", 10, NlriParts::colons);
    tag(in);
    int bits = in.u8(0);
    if (bits != 48) {
      throw new MalformedAttribute("a MAC address of " + bits + " bits is not of 48");
    }
    in.key("MAC address length", null, 1, NlriParts::number);
    in.key("MAC address", " mac ", 6, NlriParts::colons);
    in.address("IP address", " ip ", "");
    label(in);
    if (in.remaining() > 0) {
      in.detail("label 2", "label2 ", 3, MplsLabel::appendWithVni);
    }
  }

  private static void ipPrefix(NlriParts in) throws MalformedAttribute {
    // RFC 9136 §3.1: addresses are of 4 octets, or of 16, which the length of the NLRI says.
    int octets =
        switch (in.remaining()) {
          case 34 -> 4;
          case 58 -> 16;
          default -> throw new MalformedAttribute("length " + in.remaining() + " is not 34 or 58");
        };
    distinguisher(in);
    in.detail("Ethernet segment", "esi ", 10, NlriParts::colons);
    tag(in);
    int bits = in.u8(0);
    in.frame("prefix length", 1, NlriParts::number);
    in.wholePrefix("IP prefix", " ", bits, octets);
    in.detail("gateway", "gateway ", octets, NlriParts::address);
    label(in);
  }

  private static void sourceGroupOriginator(NlriParts in) throws MalformedAttribute {
    in.address("source", " source ", " source *");
    in.address("group", " group ", " group *");
    in.address("originator", " originator ", null);
  }

  private static void distinguisher(NlriParts in) throws MalformedAttribute {
    in.key("route distinguisher", " ", RouteDistinguisher.OCTETS, RouteDistinguisher::append);
  }

  private static void tag(NlriParts in) throws MalformedAttribute {
    in.key("Ethernet tag", " tag ", 4, NlriParts::number);
  }

  private static void label(NlriParts in) throws MalformedAttribute {
    in.detail("label", "label ", 3, MplsLabel::appendWithVni);
  }

  private static void type(byte[] array, int at, int length, StringBuilder text) {
    NlriParts.name(TYPES, array[at] & 0xff, text);
  }
}
