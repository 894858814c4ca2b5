package org.bgppeer.wire;

/// A multicast VPN route, SAFI 5, RFC 6514 §4: a route type, a length, and what the type says; all
/// of it is the key.
///
/// | type | text |
/// |---|---|
/// | 1 | `intra-as-i-pmsi 64500:1 originator 192.0.2.1` |
/// | 2 | `inter-as-i-pmsi 64500:1 as 64500` |
/// | 3 | `s-pmsi 64500:1 source 192.0.2.7 group 233.252.0.1 originator 192.0.2.1` |
/// | 4 | `leaf 0x… originator 192.0.2.1`: the octets are the route that it answers |
/// | 5 | `source-active 64500:1 source 192.0.2.7 group 233.252.0.1` |
/// | 6 | `shared-tree-join 64500:1 as 64500 source 192.0.2.9 group 233.252.0.1` |
/// | 7 | `source-tree-join 64500:1 as 64500 source 192.0.2.7 group 233.252.0.1` |
///
/// A type that is not in the table is kept: `type-8 0x…`.
final class McastVpnNlri extends NlriCodec {
  private static final String[] TYPES = {
    "",
    "intra-as-i-pmsi",
    "inter-as-i-pmsi",
    "s-pmsi",
    "leaf",
    "source-active",
    "shared-tree-join",
    "source-tree-join"
  };

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    need(2, at, to);
    return within(2 + (array[at + 1] & 0xff), at, to);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int type = in.u8(0);
    in.key("route type", "", 1, McastVpnNlri::type);
    in.frame("length", 1, NlriParts::number);
    switch (type) {
      case 1 -> {
        distinguisher(in);
        originator(in);
      }
      case 2 -> {
        distinguisher(in);
        in.key("source AS", " as ", 4, NlriParts::number);
      }
      case 3 -> {
        distinguisher(in);
        sourceAndGroup(in);
        originator(in);
      }
      case 4 -> {
        int octets = 2 + in.u8(1);
        in.key("route key", " ", octets, NlriParts::hex);
        originator(in);
      }
      case 5 -> {
        distinguisher(in);
        sourceAndGroup(in);
      }
      case 6, 7 -> {
        distinguisher(in);
        in.key("source AS", " as ", 4, NlriParts::number);
        sourceAndGroup(in);
      }
      default -> in.key("value", " ", in.remaining(), NlriParts::hex);
    }
  }

  private static void distinguisher(NlriParts in) throws MalformedAttribute {
    in.key("route distinguisher", " ", RouteDistinguisher.OCTETS, RouteDistinguisher::append);
  }

  /// RFC 6625 §3: a source or group of length 0 is any.
  private static void sourceAndGroup(NlriParts in) throws MalformedAttribute {
    in.address("source", " source ", " source *");
    in.address("group", " group ", " group *");
  }

  /// All that is left: an address without a length.
  private static void originator(NlriParts in) throws MalformedAttribute {
    int octets = in.remaining();
    if (octets != 4 && octets != 16) {
      throw new MalformedAttribute("an originator of " + octets + " octets is not of 4 or 16");
    }
    in.key("originator", " originator ", octets, NlriParts::address);
  }

  private static void type(byte[] array, int at, int length, StringBuilder text) {
    NlriParts.name(TYPES, array[at] & 0xff, text);
  }
}
