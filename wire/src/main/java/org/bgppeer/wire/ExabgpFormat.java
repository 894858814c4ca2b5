package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes messages as the JSON of ExaBGP's API, version 4 or 6, as trees of maps and lists:
///
/// ```
/// {"exabgp": "6.0.0", "time": 1.5, "type": "update", "neighbor": {"address": {…}, "asn": {…},
///   "direction": "in", "message": {"update": {"attribute": {…},
///     "announce": {"ipv4 unicast": {"192.0.2.1": [{"nlri": "198.51.100.0/24"}]}},
///     "withdraw": {"ipv6 unicast": [{"nlri": "2001:db8::/32"}]}}}}}
/// ```
///
/// Of version 4 the AS path is one list, with `as-set` and so on beside it. Routes of families that
/// are no prefixes are given as `raw` octets.
public final class ExabgpFormat {
  /// Whose message it is. What is not known is null.
  ///
  /// @param seconds with a fraction, as a number in text
  /// @param sent whether the collector sent it
  public record Heard(
      @Nullable String seconds,
      @Nullable String local,
      @Nullable String peer,
      @Nullable Long localAs,
      @Nullable Long peerAs,
      boolean sent) {
    /// Of a message that came without its session.
    public static final Heard ALONE = new Heard(null, null, null, null, null, false);
  }

  private final int version;
  private long counter;

  /// @param version 4 or 6
  public ExabgpFormat(int version) {
    this.version = version;
  }

  /// One message.
  ///
  /// @param message whole, header included
  public Map<String, @Nullable Object> of(Heard heard, Octets message, DecodeContext context) {
    var neighbor = new LinkedHashMap<String, @Nullable Object>();
    neighbor.put("address", pair(heard.local, heard.peer));
    neighbor.put("asn", pair(heard.localAs, heard.peerAs));
    neighbor.put("direction", heard.sent ? "out" : "in");
    var record = new LinkedHashMap<String, @Nullable Object>();
    record.put("exabgp", version == 4 ? "4.0.1" : "6.0.0");
    record.put("time", heard.seconds == null ? null : new Number(heard.seconds));
    record.put("counter", ++counter);
    record.put("type", body(message, context, neighbor));
    record.put("neighbor", neighbor);
    return record;
  }

  /// A number that is written as it is.
  private record Number(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private static Map<String, @Nullable Object> pair(@Nullable Object local, @Nullable Object peer) {
    var pair = new LinkedHashMap<String, @Nullable Object>();
    pair.put("local", local);
    pair.put("peer", peer);
    return pair;
  }

  private String body(
      Octets octets, DecodeContext context, Map<String, @Nullable Object> neighbor) {
    byte[] array = octets.array();
    if (octets.length() < Framing.HEADER_LENGTH) {
      neighbor.put("raw", octets.toHex());
      return "unknown";
    }
    Message message;
    try {
      message = Message.decode(array, 0, octets.length(), context);
    } catch (MessageError e) {
      neighbor.put("error", e.getMessage());
      neighbor.put("raw", octets.toHex());
      return MessageType.of(Framing.type(array, 0)).toString().toLowerCase(Locale.ROOT);
    }
    return switch (message) {
      case Update update -> {
        neighbor.put("message", update(update, array));
        yield "update";
      }
      case Open open -> {
        neighbor.put("open", open(open));
        yield "open";
      }
      case Notification notification -> {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("code", notification.code());
        fields.put("subcode", notification.subcode());
        fields.put("data", notification.data().toHex().toUpperCase(Locale.ROOT));
        fields.put("message", notification.words());
        neighbor.put("notification", fields);
        yield "notification";
      }
      case Keepalive _ -> "keepalive";
      case RouteRefresh refresh -> {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("afi", Afi.of(WireReader.u16(array, 19)).toString());
        fields.put("safi", Safi.of(array[22] & 0xff).toString());
        fields.put(
            "subtype",
            switch (array[21]) {
              case 0 -> "request";
              case 1 -> "begin";
              case 2 -> "end";
              default -> Integer.toString(array[21] & 0xff);
            });
        neighbor.put("route-refresh", fields);
        yield "refresh";
      }
      case UnknownMessage _ -> {
        neighbor.put("raw", octets.toHex());
        yield "unknown";
      }
    };
  }

  private static Map<String, @Nullable Object> open(Open open) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("version", 4);
    fields.put("asn", open.as());
    fields.put("hold_time", open.holdTimeSeconds());
    fields.put("router_id", AddressText.ofIdentifier(open.bgpIdentifier()));
    var capabilities = new LinkedHashMap<String, @Nullable Object>();
    for (Capability capability : open.capabilities()) {
      var one = new LinkedHashMap<String, @Nullable Object>();
      one.put("name", capability.code().toString().toLowerCase(Locale.ROOT));
      if (capability instanceof Capability.Multiprotocol(Family family)) {
        String code = Integer.toString(capability.code().code());
        if (capabilities.get(code) instanceof Map<?, ?> before
            && before.get("families") instanceof List<?> families) {
          var all = new ArrayList<Object>(families);
          all.add(slashed(family));
          one.put("families", all);
        } else {
          one.put("families", List.of(slashed(family)));
        }
      } else if (capability instanceof Capability.FourOctetAs(long as)) {
        one.put("asn4", as);
      }
      capabilities.put(Integer.toString(capability.code().code()), one);
    }
    fields.put("capabilities", capabilities);
    return fields;
  }

  private static String slashed(Family family) {
    return Afi.of(family.afi()) + "/" + Safi.of(family.safi());
  }

  private static String words(Family family) {
    return Afi.of(family.afi()) + " " + Safi.of(family.safi());
  }

  private Map<String, @Nullable Object> update(Update update, byte[] array) {
    var message = new LinkedHashMap<String, @Nullable Object>();
    Family ended = update.endOfRib();
    if (ended != null) {
      var eor = new LinkedHashMap<String, @Nullable Object>();
      eor.put("afi", Afi.of(ended.afi()).toString());
      eor.put("safi", Safi.of(ended.safi()).toString());
      message.put("eor", eor);
      return message;
    }
    var fields = new LinkedHashMap<String, @Nullable Object>();
    var attributes = attributes(update);
    if (!attributes.isEmpty()) {
      fields.put("attribute", attributes);
    }
    var announce = new LinkedHashMap<String, @Nullable Object>();
    for (NlriBlock block : update.announced()) {
      var byHop = new LinkedHashMap<String, @Nullable Object>();
      byHop.put(nextHop(update, block), routes(block, array));
      announce.merge(words(block.family()), byHop, ExabgpFormat::joined);
    }
    if (!announce.isEmpty()) {
      fields.put("announce", announce);
    }
    var withdraw = new LinkedHashMap<String, @Nullable Object>();
    for (NlriBlock block : update.withdrawn()) {
      withdraw.merge(words(block.family()), routes(block, array), ExabgpFormat::joined);
    }
    if (!withdraw.isEmpty()) {
      fields.put("withdraw", withdraw);
    }
    message.put("update", fields);
    return message;
  }

  /// Two lists, or the lists of two maps, one behind the other.
  private static Object joined(Object first, Object second) {
    if (first instanceof Map<?, ?> a && second instanceof Map<?, ?> b) {
      var all = new LinkedHashMap<Object, Object>(a);
      b.forEach((key, value) -> all.merge(key, value, ExabgpFormat::joined));
      return all;
    }
    if (first instanceof List<?> a && second instanceof List<?> b) {
      var all = new ArrayList<Object>(a);
      all.addAll(b);
      return all;
    }
    return second;
  }

  private static String nextHop(Update update, NlriBlock block) {
    if (block.multiprotocol()) {
      Octets hop = block.nextHop();
      return hop.isEmpty()
          ? "no-nexthop"
          : AddressText.of(hop.length() == 32 ? Octets.copyOf(hop.array(), 0, 16) : hop);
    }
    var hop = update.attribute(NextHop.class);
    return hop == null ? "no-nexthop" : hop.toString();
  }

  private static List<Map<String, Object>> routes(NlriBlock block, byte[] array) {
    var routes = new ArrayList<Map<String, Object>>();
    boolean prefixes = block.family().hasPlainPrefixes();
    for (var cursor = block.routes(); cursor.next(); ) {
      var route = new LinkedHashMap<String, Object>();
      if (prefixes) {
        route.put("nlri", cursor.text());
      } else {
        route.put("parsed", false);
        route.put(
            "raw",
            Octets.copyOf(array, cursor.from(), cursor.length()).toHex().toUpperCase(Locale.ROOT));
        route.put("string", cursor.text());
      }
      if (block.addPath()) {
        route.put("path-information", AddressText.ofIdentifier(cursor.pathId()));
      }
      routes.add(route);
    }
    return routes;
  }

  private Map<String, @Nullable Object> attributes(Update update) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    for (PathAttribute attribute : update.attributes()) {
      add(attribute, fields);
    }
    return fields;
  }

  private void add(PathAttribute attribute, Map<String, @Nullable Object> fields) {
    switch (attribute) {
      case Origin origin -> fields.put("origin", origin.toString().toLowerCase(Locale.ROOT));
      case AsPath path -> asPath(path, fields);
      case NextHop _, MpReach _, MpUnreach _ -> {}
      case MultiExitDisc med -> fields.put("med", med.value());
      case LocalPref preference -> fields.put("local-preference", preference.value());
      case AtomicAggregate _ -> fields.put("atomic-aggregate", true);
      case Aggregator aggregator ->
          fields.put("aggregator", aggregator.as() + ":" + AddressText.of(aggregator.address()));
      case Communities communities ->
          fields.put(
              "community",
              communities.values().stream().map(v -> List.of(v >>> 16, v & 0xffff)).toList());
      case LargeCommunities communities ->
          fields.put(
              "large-community",
              communities.values().stream()
                  .map(v -> List.of(v.globalAdministrator(), v.localData1(), v.localData2()))
                  .toList());
      case ExtendedCommunities communities ->
          fields.put(
              "extended-community",
              communities.values().stream().map(ExabgpFormat::extended).toList());
      case OriginatorId id -> fields.put("originator-id", id.toString());
      case ClusterList list ->
          fields.put(
              "cluster-list", list.clusters().stream().map(AddressText::ofIdentifier).toList());
      case UnknownAttribute unknown ->
          fields.put(
              "attribute-0x%02X-0x%02X".formatted(unknown.type().code(), unknown.flags()),
              "0x" + unknown.value().toHex().toUpperCase(Locale.ROOT));
      default ->
          fields.put(
              attribute.type().name().toLowerCase(Locale.ROOT).replace('_', '-'),
              attribute.toString());
    }
  }

  private void asPath(AsPath path, Map<String, @Nullable Object> fields) {
    if (path.segments().isEmpty()) {
      return;
    }
    if (version == 4) {
      for (AsPath.Segment segment : path.segments()) {
        String name =
            switch (segment.type()) {
              case AS_SEQUENCE -> "as-path";
              case AS_SET -> "as-set";
              case AS_CONFED_SEQUENCE -> "confederation-path";
              case AS_CONFED_SET -> "confederation-set";
            };
        fields.merge(name, segment.ases(), ExabgpFormat::joined);
      }
      return;
    }
    var segments = new LinkedHashMap<String, @Nullable Object>();
    for (AsPath.Segment segment : path.segments()) {
      var one = new LinkedHashMap<String, @Nullable Object>();
      one.put(
          "element",
          switch (segment.type()) {
            case AS_SEQUENCE -> "as-sequence";
            case AS_SET -> "as-set";
            case AS_CONFED_SEQUENCE -> "confed-sequence";
            case AS_CONFED_SET -> "confed-set";
          });
      one.put("value", segment.ases());
      segments.put(Integer.toString(segments.size()), one);
    }
    fields.put("as-path", segments);
  }

  private static Map<String, Object> extended(long value) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("value", new Number(Long.toUnsignedString(value)));
    fields.put("string", extendedText(value));
    return fields;
  }

  private static String extendedText(long value) {
    int type = (int) (value >>> 48) & 0xffff;
    String name =
        switch (type & 0xff) {
          case 2 -> "target";
          case 3 -> "origin";
          default -> "";
        };
    boolean known = !name.isEmpty() && (type >>> 8 & 0xbf) <= 2;
    if (!known) {
      return "0x%016X".formatted(value);
    }
    return switch (type >>> 8 & 0xbf) {
      case 0 -> name + ":" + (value >>> 32 & 0xffff) + ":" + (value & 0xffff_ffffL);
      case 1 ->
          name
              + ":"
              + AddressText.ofIdentifier(value >>> 16 & 0xffff_ffffL)
              + ":"
              + (value & 0xffff);
      default -> name + ":" + (value >>> 16 & 0xffff_ffffL) + ":" + (value & 0xffff);
    };
  }
}
