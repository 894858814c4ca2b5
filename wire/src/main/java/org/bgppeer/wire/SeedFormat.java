package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A message with the structure, names and values that the first `bgp.py` printed, for scripts that
/// read those: a tree of `Map`, `List`, `String`, `Long`, `Boolean` and null, in the order of that
/// program, for any JSON printer, or as a Python literal.
///
/// ```
/// {'packet': {'raw': 'ffff…',
///             'type_field': {…},
///             'header': {'marker': 'ffff…', 'data': '…', 'length': '0013', 'type': '04'}}}
/// ```
///
/// Fields of a fixed size are hex as on the wire; a prefix is written with no more octets than are
/// on the wire, `10.1.2/24`. Original output exists of OPEN and UPDATE. What it does not have
/// follows its style, under names of its own that are there only if the packet has such a thing; so
/// a packet that the original could print looks as it did. `docs/decode.md` shows all of them.
public final class SeedFormat {
  private static final int HEADER = Framing.HEADER_LENGTH;

  private SeedFormat() {}

  /// The tree of one message. Never throws, whatever the octets are: what cannot be taken apart is
  /// there in `raw`.
  ///
  /// @param context of the session, or what [ContextGuess] takes it to be
  public static Map<String, @Nullable Object> of(Octets message, DecodeContext context) {
    byte[] octets = message.array();
    int end = octets.length;
    var packet = map();
    packet.put("raw", message.toHex());
    packet.put("type_field", end < HEADER ? map() : body(octets, context));
    var header = map();
    header.put("marker", hex(octets, 0, 16));
    header.put("data", hex(octets, HEADER, end));
    header.put("length", hex(octets, 16, 18));
    header.put("type", hex(octets, 18, HEADER));
    packet.put("header", header);
    var root = map();
    root.put("packet", packet);
    return root;
  }

  /// A tree as a Python literal, on one line.
  public static String python(@Nullable Object tree) {
    var text = new StringBuilder();
    python(tree, text);
    return text.toString();
  }

  private static void python(@Nullable Object tree, StringBuilder text) {
    switch (tree) {
      case null -> text.append("None");
      case Map<?, ?> map -> {
        String separator = "";
        text.append('{');
        for (var entry : map.entrySet()) {
          text.append(separator);
          python(entry.getKey(), text);
          text.append(": ");
          python(entry.getValue(), text);
          separator = ", ";
        }
        text.append('}');
      }
      case List<?> list -> {
        String separator = "";
        text.append('[');
        for (Object element : list) {
          text.append(separator);
          python(element, text);
          separator = ", ";
        }
        text.append(']');
      }
      case Boolean yes -> text.append(yes ? "True" : "False");
      case String string -> pythonString(string, text);
      default -> text.append(tree);
    }
  }

  private static void pythonString(String string, StringBuilder text) {
    text.append('\'');
    for (int i = 0; i < string.length(); ) {
      int c = string.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\'' || c == '\\') {
        text.append('\\').append((char) c);
      } else if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
        text.append("\\u%04x".formatted(c));
      } else {
        text.appendCodePoint(c);
      }
    }
    text.append('\'');
  }

  private static Map<String, @Nullable Object> body(byte[] octets, DecodeContext context) {
    var body = map();
    int end = octets.length;
    boolean whole = end >= Framing.length(octets, 0) && Framing.length(octets, 0) >= HEADER;
    switch (MessageType.of(Framing.type(octets, 0))) {
      case MessageType.Assigned.OPEN -> open(body, octets);
      case MessageType.Assigned.UPDATE -> {
        if (whole && end >= MessageType.Assigned.UPDATE.minLength()) {
          update(body, octets, context);
        } else {
          body.put("raw", hex(octets, HEADER, end));
        }
      }
      case MessageType.Assigned.NOTIFICATION -> notification(body, octets);
      case MessageType.Assigned.KEEPALIVE -> {}
      case MessageType.Assigned.ROUTE_REFRESH -> routeRefresh(body, octets);
      case MessageType.Unknown _ -> body.put("raw", hex(octets, HEADER, end));
    }
    return body;
  }

  private static void open(Map<String, @Nullable Object> body, byte[] octets) {
    int end = octets.length;
    Open open;
    try {
      open = Open.decode(octets, 0, end);
    } catch (OpenError e) {
      body.put("raw", hex(octets, HEADER, end));
      return;
    }
    boolean extended = end >= 32 && octets[28] == (byte) 255 && octets[29] == (byte) 255;
    var optional = map();
    optional.put("capability", open.capabilities().stream().map(SeedFormat::words).toList());
    optional.put("raw", hex(octets, extended ? 32 : 29, end));
    optional.put("length", extended ? hex(octets, 30, 32) : hex(octets, 28, 29));
    optional.put(
        "auth",
        open.parameters().stream()
            .filter(parameter -> parameter.type() == 1)
            .map(parameter -> parameter.value().toHex())
            .findFirst()
            .orElse(null));
    body.put("as", hex(octets, 20, 22));
    body.put("version", hex(octets, 19, 20));
    body.put("optional", optional);
    body.put("hold", hex(octets, 22, 24));
    body.put("id", hex(octets, 24, 28));
  }

  /// `Name - detail,detail`, the name with dashes.
  private static String words(Capability capability) {
    return switch (capability) {
      case Capability.Multiprotocol(Family family) ->
          "Multi-Protocol Extensions - " + words(family);
      case Capability.RouteRefreshCapability(boolean cisco) ->
          cisco ? "Route-Refresh - Cisco" : "Route-Refresh";
      case Capability.FourOctetAs(long as) -> name(capability) + " - " + as;
      case Capability.AddPath(var entries) ->
          name(capability)
              + entries.stream()
                  .map(e -> words(e.family()) + "," + way(e))
                  .collect(Collectors.joining("; ", " - ", ""));
      case Capability.ExtendedNextHop(var entries) ->
          name(capability)
              + entries.stream()
                  .map(e -> words(e.nlri()) + "," + afi(e.nextHopAfi()))
                  .collect(Collectors.joining("; ", " - ", ""));
      case Capability.GracefulRestart restart ->
          name(capability)
              + " - "
              + restart.restartTimeSeconds()
              + (restart.restarted() ? ",Restarted" : "")
              + (restart.notification() ? ",Notification" : "")
              + restart.entries().stream()
                  .map(e -> "; " + words(e.family()) + (e.forwardingKept() ? ",Forwarding" : ""))
                  .collect(Collectors.joining());
      case Capability.Fqdn fqdn -> name(capability) + " - " + fqdn.words();
      case Capability.UnknownCapability(CapabilityCode code, Octets value) ->
          (code instanceof CapabilityCode.Unknown ? "Unknown - " + code.code() : name(capability))
              + (value.isEmpty()
                  ? ""
                  : (code instanceof CapabilityCode.Unknown ? "," : " - ") + value.toHex());
      case Capability.EnhancedRouteRefresh _,
          Capability.ExtendedMessage _,
          Capability.BfdStrict _,
          Capability.LinkLocalNextHop _ ->
          name(capability);
      case Capability.OutboundRouteFiltering _,
          Capability.Bgpsec _,
          Capability.MultipleLabels _,
          Capability.BgpRole _,
          Capability.DynamicCapability _,
          Capability.Multisession _,
          Capability.LongLivedGracefulRestart _,
          Capability.SoftwareVersion _,
          Capability.PathsLimit _ -> {
        String code = capability.code().toString();
        String details = capability.toString().substring(code.length());
        yield name(capability) + (details.isEmpty() ? "" : " -" + details);
      }
    };
  }

  private static String name(Capability capability) {
    return capability
        .code()
        .toString()
        .replace(" (Cisco)", " - Cisco")
        .replaceAll("(?<! -) (?!-)", "-");
  }

  private static String way(Capability.AddPath.Entry entry) {
    return switch (entry.sendReceive()) {
      case Capability.AddPath.RECEIVE -> "Receive";
      case Capability.AddPath.SEND -> "Send";
      case Capability.AddPath.BOTH -> "Send/Receive";
      default -> Integer.toString(entry.sendReceive());
    };
  }

  /// `IPv4,Unicast`.
  private static String words(Family family) {
    String safi =
        switch (Safi.of(family.safi())) {
          case Safi.Assigned known ->
              Arrays.stream(known.toString().split("-"))
                  .map(SeedFormat::capitalized)
                  .collect(Collectors.joining("-"));
          case Safi.Unknown(int code) -> Integer.toString(code);
        };
    return afi(family.afi()) + "," + safi;
  }

  private static String afi(int code) {
    return switch (Afi.of(code)) {
      case Afi.Assigned known -> known.toString().toUpperCase(Locale.ROOT).replace("IPV", "IPv");
      case Afi.Unknown _ -> Integer.toString(code);
    };
  }

  /// `Unicast`, but `EVPN`: what has no vowel in it but its first letter is an abbreviation.
  private static String capitalized(String word) {
    return word.substring(1).matches("[^aeiou]*") || word.equals("mup")
        ? word.toUpperCase(Locale.ROOT)
        : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  private static void update(
      Map<String, @Nullable Object> body, byte[] octets, DecodeContext context) {
    int end = Framing.length(octets, 0);
    if (end < MessageType.Assigned.UPDATE.minLength()) {
      body.put("raw", hex(octets, HEADER, octets.length));
      return;
    }
    int withdrawnAt = HEADER + 2;
    int withdrawnEnd = Math.min(withdrawnAt + WireReader.u16(octets, HEADER), end);
    int attributesAt = Math.min(withdrawnEnd + 2, end);
    int attributesEnd =
        withdrawnEnd + 2 > end
            ? end
            : Math.min(attributesAt + WireReader.u16(octets, withdrawnEnd), end);
    var update = Update.decode(octets, 0, end, context);

    var insert = map();
    insert.put("raw", hex(octets, attributesEnd, end));
    insert.put("nlri", nlri(update.announced(), false));
    var withdraw = map();
    withdraw.put("raw", hex(octets, withdrawnAt, withdrawnEnd));
    withdraw.put("length", hex(octets, HEADER, withdrawnAt));
    withdraw.put("nlri", nlri(update.withdrawn(), false));
    body.put("insert", insert);
    body.put("withdraw", withdraw);
    body.put("attribute", attribute(update, hex(octets, attributesAt, attributesEnd)));

    var mpReach = update.attribute(MpReach.class);
    if (mpReach != null) {
      var mpInsert = map();
      mpInsert.put("raw", mpReach.nlri().toHex());
      mpInsert.put("family", words(mpReach.family()));
      mpInsert.put("next_hop", MpReach.nextHopText(mpReach.nextHop()));
      mpInsert.put("nlri", nlri(update.announced(), true));
      body.put("mp_insert", mpInsert);
    }
    var mpUnreach = update.attribute(MpUnreach.class);
    if (mpUnreach != null) {
      var mpWithdraw = map();
      mpWithdraw.put("raw", mpUnreach.nlri().toHex());
      mpWithdraw.put("family", words(mpUnreach.family()));
      mpWithdraw.put("nlri", nlri(update.withdrawn(), true));
      body.put("mp_withdraw", mpWithdraw);
    }
  }

  private static Map<String, @Nullable Object> attribute(Update update, String raw) {
    var origin = update.attribute(Origin.class);
    var nextHop = update.attribute(NextHop.class);
    var med = update.attribute(MultiExitDisc.class);
    var aggregator = update.attribute(Aggregator.class);
    var localPref = update.attribute(LocalPref.class);
    var asPath = update.attribute(AsPath.class);
    var attribute = map();
    attribute.put("origin", origin == null ? null : origin.toString());
    attribute.put("raw", raw);
    attribute.put("next_hop", nextHop == null ? null : nextHop.toString());
    attribute.put("med", med == null ? null : med.value());
    attribute.put("agg", aggregator == null ? null : aggregator.toString());
    attribute.put("local_pref", localPref == null ? null : localPref.value());
    attribute.put("atomic_agg", update.attribute(AtomicAggregate.class) == null ? null : true);
    attribute.put("as_path", asPath == null ? null : asPath(asPath));
    var other = map();
    for (PathAttribute each : update.attributes()) {
      switch (each) {
        case Communities communities -> attribute.putIfAbsent("community", texts(communities));
        case LargeCommunities communities ->
            attribute.putIfAbsent("large_community", texts(communities));
        case ExtendedCommunities communities ->
            attribute.putIfAbsent("ext_community", texts(communities));
        case Ipv6ExtendedCommunities communities ->
            attribute.putIfAbsent("ipv6_ext_community", texts(communities));
        case OriginatorId id -> attribute.putIfAbsent("originator_id", id.toString());
        case ClusterList clusters -> attribute.putIfAbsent("cluster_list", texts(clusters));
        case UnknownAttribute _,
            Connector _,
            AsPathLimit _,
            PmsiTunnel _,
            TunnelEncapsulation _,
            TrafficEngineering _,
            Aigp _,
            PeDistinguisherLabels _,
            EntropyLabel _,
            LinkState _,
            BgpsecPath _,
            CommunityContainer _,
            OnlyToCustomer _,
            DomainPath _,
            Sfp _,
            BfdDiscriminator _,
            NextHopCharacteristics _,
            PrefixSid _,
            AttrSet _ ->
            other.putIfAbsent(each.type().name().toLowerCase(Locale.ROOT), each.toString());
        case Origin _,
            AsPath _,
            NextHop _,
            MultiExitDisc _,
            LocalPref _,
            AtomicAggregate _,
            Aggregator _,
            As4Path _,
            As4Aggregator _,
            MpReach _,
            MpUnreach _ -> {}
      }
    }
    if (!other.isEmpty()) {
      attribute.put("other", other);
    }
    return attribute;
  }

  /// An AS number each, a set or a segment of a confederation as one text.
  private static List<String> asPath(AsPath path) {
    var texts = new ArrayList<String>();
    for (AsPath.Segment segment : path.segments()) {
      if (segment.type() == AsPath.SegmentType.AS_SEQUENCE) {
        segment.ases().forEach(as -> texts.add(Long.toString(as)));
      } else {
        texts.add(new AsPath(List.of(segment)).toString());
      }
    }
    return texts;
  }

  /// The values of an attribute whose text has a space between each and the next.
  private static List<String> texts(PathAttribute attribute) {
    return List.of(attribute.toString().split(" "));
  }

  private static List<String> nlri(List<NlriBlock> blocks, boolean multiprotocol) {
    var texts = new ArrayList<String>();
    for (NlriBlock block : blocks) {
      if (block.multiprotocol() == multiprotocol) {
        if (block.family().hasPlainPrefixes()) {
          for (var cursor = block.cursor(); cursor.next(); ) {
            texts.add(withPath(shortened(cursor.prefix()), cursor.pathId()));
          }
        } else {
          for (var route = block.routes(); route.next(); ) {
            texts.add(withPath(route.text(), route.pathId()));
          }
        }
      }
    }
    return texts;
  }

  private static String withPath(String route, long pathId) {
    return pathId < 0 ? route : route + " path " + pathId;
  }

  /// An IPv4 prefix with the octets that are on the wire, at least one; one of IPv6 as everywhere.
  private static String shortened(Prefix prefix) {
    if (prefix.isIpv6()) {
      return prefix.toString();
    }
    byte[] address = prefix.address();
    var text = new StringBuilder().append(address[0] & 0xff);
    for (int i = 1; i < (prefix.length() + 7) / 8; i++) {
      text.append('.').append(address[i] & 0xff);
    }
    return text.append('/').append(prefix.length()).toString();
  }

  private static void notification(Map<String, @Nullable Object> body, byte[] octets) {
    int end = octets.length;
    Notification notification;
    try {
      notification = Notification.decode(octets, 0, end);
    } catch (HeaderError e) {
      body.put("raw", hex(octets, HEADER, end));
      return;
    }
    body.put("code", hex(octets, 19, 20));
    body.put("subcode", hex(octets, 20, 21));
    body.put("data", notification.data().toHex());
    body.put("error", notification.words());
    body.put("text", notification.shutdownText());
  }

  private static void routeRefresh(Map<String, @Nullable Object> body, byte[] octets) {
    int end = octets.length;
    if (end < MessageType.Assigned.ROUTE_REFRESH.minLength()) {
      body.put("raw", hex(octets, HEADER, end));
      return;
    }
    body.put("afi", hex(octets, 19, 21));
    body.put("subtype", hex(octets, 21, 22));
    body.put("safi", hex(octets, 22, 23));
    body.put("family", words(Family.of(WireReader.u16(octets, 19), octets[22] & 0xff)));
    if (end > 23) {
      body.put("raw", hex(octets, 23, end));
    }
  }

  /// The octets of a range in hex, as far as they are there.
  private static String hex(byte[] octets, int from, int to) {
    int first = Math.min(from, octets.length);
    int length = Math.clamp(to - first, 0, octets.length - first);
    return Octets.copyOf(octets, first, length).toHex();
  }

  private static Map<String, @Nullable Object> map() {
    return new LinkedHashMap<>();
  }
}
