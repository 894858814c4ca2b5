package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads NLRI of any family in tests, through the UPDATE that would bring them.
final class Nlris {
  private Nlris() {}

  /// A route as tests compare it: `text`, or `text | details`.
  static List<String> announced(String family, String hex) {
    return texts(reach(family, Hex.octets(hex), DecodeContext.AS4).announced());
  }

  static List<String> announcedWithPathIds(String family, String hex) {
    var context = DecodeContext.AS4.withAddPath(Set.of(Family.parse(family)));
    return texts(reach(family, Hex.octets(hex), context).announced());
  }

  static List<String> withdrawn(String family, String hex) {
    return texts(unreach(family, Hex.octets(hex)).withdrawn());
  }

  private static List<String> texts(List<NlriBlock> blocks) {
    var texts = new ArrayList<String>();
    for (NlriBlock block : blocks) {
      for (var route = block.routes(); route.next(); ) {
        texts.add(
            (route.pathId() < 0 ? "" : "path " + route.pathId() + ": ")
                + route.text()
                + (route.details().isEmpty() ? "" : " | " + route.details()));
      }
    }
    return texts;
  }

  /// The keys of announced routes.
  static List<Octets> keys(Update update) {
    var keys = new ArrayList<Octets>();
    for (var blocks : List.of(update.withdrawn(), update.announced())) {
      for (NlriBlock block : blocks) {
        for (var route = block.routes(); route.next(); ) {
          keys.add(Octets.of(route.key()));
        }
      }
    }
    return keys;
  }

  /// The UPDATE that announces these NLRI, next hop 192.0.2.1.
  static Update reach(String family, byte[] nlri, DecodeContext context) {
    byte[] message = message(family, nlri);
    return Update.decode(message, 0, message.length, context);
  }

  /// The octets of that UPDATE.
  static byte[] message(String family, byte[] nlri) {
    Family of = Family.parse(family);
    var value = new WireWriter().u16(of.afi()).u8(of.safi());
    if (of.hasPlainPrefixes() && of.isIpv6()) {
      value.u8(16).octets(AddressText.parse("2001:db8::1"));
    } else {
      value.u8(4).octets(AddressText.parse("192.0.2.1"));
    }
    value.u8(0).octets(nlri);
    return new Updates().origin(0).asPath(64500).attribute(0x90, 14, value.toByteArray()).build();
  }

  /// The UPDATE that withdraws them.
  static Update unreach(String family, byte[] nlri) {
    Family of = Family.parse(family);
    var value = new WireWriter().u16(of.afi()).u8(of.safi()).octets(nlri);
    return new Updates().attribute(0x90, 15, value.toByteArray()).decode(DecodeContext.AS4);
  }
}
