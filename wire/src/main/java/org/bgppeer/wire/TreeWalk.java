package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Builds a [DecodeTree]: walks over the message's octets from front to back and never steps back,
/// so each octet lands in exactly one leaf. Lengths that do not fit are not believed: what is left
/// becomes a leaf of hex.
final class TreeWalk {
  private static final int HEADER = Framing.HEADER_LENGTH;
  private static final String PATH_ATTRIBUTES = "Path attributes";

  /// The capabilities whose values the codec takes apart.
  private static final Set<CapabilityCode.Assigned> DECODED =
      EnumSet.of(
          CapabilityCode.Assigned.MULTIPROTOCOL,
          CapabilityCode.Assigned.ROUTE_REFRESH,
          CapabilityCode.Assigned.EXTENDED_NEXT_HOP,
          CapabilityCode.Assigned.EXTENDED_MESSAGE,
          CapabilityCode.Assigned.GRACEFUL_RESTART,
          CapabilityCode.Assigned.FOUR_OCTET_AS,
          CapabilityCode.Assigned.ADD_PATH,
          CapabilityCode.Assigned.ENHANCED_ROUTE_REFRESH,
          CapabilityCode.Assigned.FQDN,
          CapabilityCode.Assigned.ROUTE_REFRESH_CISCO);

  private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

  /// A node under construction.
  private static final class Part {
    private final String name;
    private String value;
    private final int from;
    private int to;
    private final List<Part> children = new ArrayList<>();
    private @Nullable String finding;

    private Part(String name, String value, int from, int to) {
      this.name = name;
      this.value = value;
      this.from = from;
      this.to = to;
    }

    private void find(String what) {
      finding = finding == null ? what : finding + "; " + what;
    }
  }

  private final byte[] octets;
  private final DecodeContext context;
  private final List<Finding> findings = new ArrayList<>();
  private int at;
  private int announced;
  private int withdrawn;
  private int ids;

  TreeWalk(byte[] message, int offset, int length, DecodeContext context) {
    this.octets = Arrays.copyOfRange(message, offset, offset + length);
    this.context = context;
  }

  DecodeTree tree() {
    int end = octets.length;
    boolean whole = end >= HEADER;
    MessageType type = whole ? MessageType.of(u8(18)) : null;
    var root = new Part(type == null ? "BGP message" : type.toString(), "", 0, end);
    header(root, type, end);
    if (type != null) {
      int bodyEnd = Math.clamp(Framing.length(octets, 0), HEADER, end);
      body(root, type, bodyEnd);
      rest(root, "behind the message", end, "not counted by the length in the header");
      judge(root, type, bodyEnd);
    }
    return new DecodeTree(node(root), findings);
  }

  private void header(Part root, @Nullable MessageType type, int end) {
    if (end == 0) {
      root.value = "no bytes at all";
      found(root, 0, 0, 2, "length 0 is below 19");
      return;
    }
    Part header = open(root, "Header");
    int marker = Math.min(16, end);
    boolean ones = true;
    for (int i = 0; i < marker; i++) {
      ones &= u8(i) == 0xff;
    }
    Part markerLeaf = take(header, "Marker", marker, ones ? marker + " × ff" : hex(0, marker));
    if (!ones) {
      found(markerLeaf, 0, marker, 1, "the marker is not 16 octets of ff");
    }
    if (type == null) {
      if (end >= 18) {
        take(header, "Length", 2, bytes(u16(16)));
      }
      rest(header, "rest", end, null);
      root.value = "cut off within the header";
      found(header, 0, end, 2, "length " + end + " is below 19");
    } else {
      int length = Framing.length(octets, 0);
      Part lengthLeaf = take(header, "Length", 2, bytes(length));
      if (length > end) {
        found(
            lengthLeaf,
            16,
            2,
            2,
            "cut off: length " + length + ", but " + end + " octets are here");
      }
      Part typeLeaf = take(header, "Type", 1, u8(18) + ", " + type);
      if (ones) {
        try {
          Framing.checkHeader(octets, 0, Framing.EXTENDED_MAX_LENGTH);
        } catch (HeaderError e) {
          if (e.notification().subcode() == 3) {
            found(typeLeaf, 18, 1, 3, e.getMessage());
          } else {
            found(lengthLeaf, 16, 2, e.notification().subcode(), e.getMessage());
          }
        }
      }
    }
    close(header);
  }

  /// A header that RFC 4271 §6.1 answers with a NOTIFICATION.
  private void found(Part part, int offset, int length, int subcode, String reason) {
    findings.add(
        new Finding(
            null,
            offset,
            Octets.copyOf(octets, offset, length),
            ErrorHandling.SESSION_RESET,
            subcode,
            reason,
            "RFC 4271 6.1"));
    part.find(reason);
  }

  private void body(Part root, MessageType type, int end) {
    switch (type) {
      case MessageType.Assigned.OPEN -> openMessage(root, end);
      case MessageType.Assigned.UPDATE -> update(root, end);
      case MessageType.Assigned.NOTIFICATION -> notification(root, end);
      case MessageType.Assigned.ROUTE_REFRESH -> routeRefresh(root, end);
      case MessageType.Assigned.KEEPALIVE -> rest(root, "body", end, "a KEEPALIVE has no body");
      case MessageType.Unknown _ -> {
        root.value = bytes(end - at);
        rest(root, "body", end, null);
      }
    }
  }

  /// What the codec finds wrong with the message goes to the part that it is about.
  private void judge(Part root, MessageType type, int end) {
    switch (type) {
      case MessageType.Assigned.UPDATE -> {
        if (end >= MessageType.Assigned.UPDATE.minLength()) {
          var update = Update.decode(octets, 0, end, context);
          root.value = says(update.endOfRib());
          for (Finding finding : update.findings()) {
            findings.add(finding);
            Part part = about(root, finding);
            AttributeType attribute = finding.attribute();
            part.find(
                attribute != null && part.name.equals(attribute.name())
                    ? finding.toString().substring(attribute.name().length() + 2)
                    : finding.toString());
          }
        }
      }
      case MessageType.Assigned.OPEN -> {
        try {
          Open open = Open.decode(octets, 0, end);
          root.value =
              "AS%d, %s, hold time %d s"
                  .formatted(
                      open.as(),
                      AddressText.ofIdentifier(open.bgpIdentifier()),
                      open.holdTimeSeconds());
        } catch (OpenError e) {
          boolean version = e.notification().subcode() == Notification.UNSUPPORTED_VERSION;
          int from = version ? HEADER : Math.min(28, end);
          refused(root, e, from, version ? HEADER + 1 : end, "RFC 4271 6.2");
        }
      }
      case MessageType.Assigned.ROUTE_REFRESH -> {
        try {
          RouteRefresh.decode(octets, 0, end);
        } catch (RouteRefreshError e) {
          refused(root, e, HEADER, end, "RFC 7313 5");
        }
      }
      case MessageType.Assigned.NOTIFICATION, MessageType.Assigned.KEEPALIVE -> {}
      case MessageType.Unknown _ -> {}
    }
  }

  /// What an UPDATE says, in short.
  private String says(@Nullable Family endOfRib) {
    if (endOfRib != null) {
      return "End-of-RIB, " + words(endOfRib);
    }
    if (announced == 0 && withdrawn == 0) {
      return "no routes";
    }
    return (announced == 0 ? "" : announced + " announced")
        + (announced == 0 || withdrawn == 0 ? "" : ", ")
        + (withdrawn == 0 ? "" : withdrawn + " withdrawn");
  }

  private void refused(Part root, MessageError error, int from, int to, String rule) {
    if (!findings.isEmpty()) {
      return; // the header is to blame
    }
    var finding =
        new Finding(
            null,
            from,
            Octets.copyOf(octets, from, to - from),
            ErrorHandling.SESSION_RESET,
            error.notification().subcode(),
            error.getMessage(),
            rule);
    findings.add(finding);
    about(root, finding).find(finding.reason());
  }

  /// The smallest part that holds the octets of a finding; of one without octets (something is
  /// missing), the part with all path attributes.
  private static Part about(Part root, Finding finding) {
    int from = finding.offset();
    int to = from + finding.octets().length();
    if (from == to) {
      for (Part part : root.children) {
        if (part.name.equals(PATH_ATTRIBUTES)) {
          return part;
        }
      }
      return root;
    }
    Part part = root;
    for (Part inner = root; inner != null; ) {
      part = inner;
      inner = null;
      for (Part child : part.children) {
        if (child.from <= from && to <= child.to) {
          inner = child;
        }
      }
    }
    return part;
  }

  // OPEN, RFC 4271 §4.2, RFC 5492, RFC 9072

  private void openMessage(Part root, int end) {
    if (!need(root, 10, end, "an OPEN's fixed part")) {
      return;
    }
    take(root, "Version", 1, Integer.toString(u8(at)));
    int as = u16(at);
    take(root, "My AS", 2, as == Open.AS_TRANS ? as + ", AS_TRANS" : Integer.toString(as));
    int hold = u16(at);
    take(root, "Hold time", 2, hold == 0 ? "0, none" : hold + " s");
    take(root, "BGP identifier", 4, AddressText.ipv4(octets, at));
    int length = u8(at);
    if (length == 0 && at + 1 == end) {
      take(root, "Optional parameters", 1, "none");
      return;
    }
    Part parameters = open(root, "Optional parameters");
    boolean extended = length == 255 && end - at >= 4 && u8(at + 1) == 255; // RFC 9072 §2
    if (extended) {
      take(parameters, "length", 1, "255, the extended form follows");
      take(parameters, "extended form", 1, "255");
      length = u16(at);
      take(parameters, "extended length", 2, bytes(length));
    } else {
      take(parameters, "length", 1, bytes(length));
    }
    parameters.value = bytes(length);
    int parametersEnd = fitting(parameters, length, end);
    while (at < parametersEnd) {
      optionalParameter(parameters, parametersEnd, extended);
    }
    close(parameters);
    rest(root, "rest", end, "behind the optional parameters");
  }

  private void optionalParameter(Part parent, int end, boolean extended) {
    int head = extended ? 3 : 2;
    if (!need(parent, head, end, "an optional parameter's type and length")) {
      return;
    }
    int type = u8(at);
    int length = extended ? u16(at + 1) : u8(at + 1);
    boolean capabilities = type == 2;
    String name =
        capabilities ? "Capabilities" : type == 1 ? "Authentication" : "Parameter " + type;
    Part parameter = open(parent, name);
    take(parameter, "type", 1, Integer.toString(type));
    take(parameter, "length", head - 1, bytes(length));
    int valueEnd = fitting(parameter, length, end);
    if (capabilities) {
      while (at < valueEnd) {
        capability(parameter, valueEnd);
      }
      parameter.value =
          parameter.children.stream()
              .skip(2)
              .map(child -> child.name)
              .collect(Collectors.joining(", "));
    } else {
      parameter.value = hex(at, valueEnd);
      rest(parameter, "value", valueEnd, null);
    }
    close(parameter);
  }

  private void capability(Part parent, int end) {
    if (!need(parent, 2, end, "a capability's code and length")) {
      return;
    }
    int code = u8(at);
    int length = u8(at + 1);
    Part capability = open(parent, CapabilityCode.of(code).toString());
    take(capability, "code", 1, Integer.toString(code));
    take(capability, "length", 1, bytes(length));
    int valueEnd = fitting(capability, length, end);
    if (valueEnd - at == length) {
      capabilityValue(capability, Capability.decode(code, reader(valueEnd)));
    }
    rest(capability, "value", valueEnd, null);
    close(capability);
  }

  private void capabilityValue(Part part, Capability capability) {
    switch (capability) {
      case Capability.Multiprotocol(Family family) -> {
        part.value = words(family);
        afi(part);
        take(part, "reserved", 1, Integer.toString(u8(at)));
        safi(part);
      }
      case Capability.FourOctetAs(long as) -> {
        part.value = Long.toString(as);
        take(part, "AS", 4, part.value);
      }
      case Capability.AddPath(var entries) ->
          entries(part, 4, entries.stream().map(e -> words(e.family(), e)).toList());
      case Capability.ExtendedNextHop(var entries) ->
          entries(part, 6, entries.stream().map(e -> words(e.nlri(), e)).toList());
      case Capability.GracefulRestart restart -> {
        String time =
            new Capability.GracefulRestart(
                    restart.restarted(),
                    restart.notification(),
                    restart.restartTimeSeconds(),
                    List.of())
                .toString()
                .substring(restart.code().toString().length() + 1);
        take(part, "flags and time", 2, time);
        entries(part, 4, restart.entries().stream().map(e -> words(e.family(), e)).toList());
        part.value = part.value.isEmpty() ? time : time + ", " + part.value;
      }
      case Capability.Fqdn fqdn -> {
        part.value = fqdn.host() + (fqdn.domain().isEmpty() ? "" : "." + fqdn.domain());
        text(part, "host name", fqdn.host());
        text(part, "domain name", fqdn.domain());
      }
      case Capability.UnknownCapability unknown -> {
        part.value = hex(at, at + unknown.value().length());
        if (unknown.code() instanceof CapabilityCode.Assigned known && DECODED.contains(known)) {
          part.find("not a value that this capability can have");
        }
      }
      case Capability.RouteRefreshCapability _,
          Capability.EnhancedRouteRefresh _,
          Capability.ExtendedMessage _ -> {}
    }
  }

  private void entries(Part part, int octetsEach, List<String> texts) {
    for (String text : texts) {
      take(part, "family", octetsEach, text);
    }
    part.value = String.join(", ", texts);
  }

  /// A text behind a length of one octet.
  private void text(Part part, String name, String text) {
    int length = u8(at);
    take(part, name + " length", 1, bytes(length));
    if (length > 0) {
      take(part, name, length, text);
    }
  }

  // UPDATE, RFC 4271 §4.3

  private void update(Part root, int end) {
    if (need(root, 2, end, "the length of the withdrawn routes")) {
      int length = u16(at);
      if (length == 0) {
        take(root, "Withdrawn routes", 2, "none");
      } else {
        Part routes = open(root, "Withdrawn routes");
        take(routes, "length", 2, bytes(length));
        int routesEnd = fitting(routes, length, end);
        withdrawn += prefixes(routes, Family.IPV4_UNICAST, routesEnd);
        close(routes);
      }
    }
    if (at < end && need(root, 2, end, "the length of the path attributes")) {
      int length = u16(at);
      if (length == 0) {
        take(root, PATH_ATTRIBUTES, 2, "none");
      } else {
        Part attributes = open(root, PATH_ATTRIBUTES);
        take(attributes, "length", 2, bytes(length));
        int attributesEnd = fitting(attributes, length, end);
        int count = 0;
        while (at < attributesEnd) {
          attribute(attributes, attributesEnd);
          count++;
        }
        attributes.value = count + ", " + bytes(length);
        close(attributes);
      }
    }
    if (at < end) {
      Part routes = open(root, "Routes");
      announced += prefixes(routes, Family.IPV4_UNICAST, end);
      close(routes);
    }
  }

  private void attribute(Part parent, int end) {
    if (!need(parent, 3, end, "an attribute's flags, type and length")) {
      return;
    }
    int flags = u8(at);
    boolean extended = (flags & 0x10) != 0;
    if (extended && !need(parent, 4, end, "an attribute's flags, type and extended length")) {
      return;
    }
    int code = u8(at + 1);
    int length = extended ? u16(at + 2) : u8(at + 2);
    Part attribute = open(parent, AttributeType.of(code).name());
    take(attribute, "flags", 1, flagWords(flags));
    take(attribute, "type", 1, Integer.toString(code));
    take(attribute, "length", extended ? 2 : 1, bytes(length));
    int valueEnd = fitting(attribute, length, end);
    attributeValue(attribute, code, valueEnd);
    if (at < valueEnd) {
      if (AttributeType.assigned(code) != null && attribute.value.isEmpty()) {
        attribute.value = "malformed";
      }
      rest(attribute, "value", valueEnd, null);
    }
    close(attribute);
  }

  private void attributeValue(Part attribute, int code, int end) {
    int length = end - at;
    switch (AttributeType.of(code)) {
      case AttributeType.Unknown _ -> attribute.value = hex(at, end);
      case AttributeType.Assigned type -> {
        switch (type) {
          case ORIGIN -> {
            if (length == 1) {
              int origin = u8(at);
              String known = origin <= 2 ? Origin.of(origin).toString() : "undefined";
              attribute.value = known;
              take(attribute, "value", 1, origin + " = " + known);
            }
          }
          case AS_PATH -> asPath(attribute, context.as4() ? 4 : 2, end);
          case AS4_PATH -> asPath(attribute, 4, end);
          case NEXT_HOP -> {
            if (length == 4) {
              attribute.value = AddressText.ipv4(octets, at);
              take(attribute, "address", 4, AddressText.ipv4(octets, at));
            }
          }
          case MULTI_EXIT_DISC, LOCAL_PREF -> {
            if (length == 4) {
              attribute.value = Long.toString(u32(at));
              take(attribute, "value", 4, attribute.value);
            }
          }
          case ATOMIC_AGGREGATE -> attribute.value = length == 0 ? "set" : "";
          case AGGREGATOR -> aggregator(attribute, context.as4() ? 4 : 2, end);
          case AS4_AGGREGATOR -> aggregator(attribute, 4, end);
          case ORIGINATOR_ID -> {
            if (length == 4) {
              attribute.value = AddressText.ipv4(octets, at);
              take(attribute, "BGP identifier", 4, AddressText.ipv4(octets, at));
            }
          }
          case CLUSTER_LIST -> each(attribute, "cluster", 4, end, i -> AddressText.ipv4(octets, i));
          case COMMUNITIES -> each(attribute, "community", 4, end, this::community);
          case EXTENDED_COMMUNITIES ->
              each(
                  attribute, "community", 8, end, i -> text(i, 8, ExtendedCommunities::appendText));
          case IPV6_EXTENDED_COMMUNITIES ->
              each(
                  attribute,
                  "community",
                  20,
                  end,
                  i -> text(i, 20, Ipv6ExtendedCommunities::appendText));
          case LARGE_COMMUNITIES ->
              each(attribute, "community", 12, end, i -> text(i, 12, LargeCommunities::appendText));
          case MP_REACH_NLRI -> mpReach(attribute, end);
          case MP_UNREACH_NLRI -> mpUnreach(attribute, end);
        }
      }
    }
  }

  private void asPath(Part attribute, int asSize, int end) {
    var path = new StringJoiner(" ");
    while (at < end && need(attribute, 2, end, "a segment's type and count")) {
      int code = u8(at);
      int count = u8(at + 1);
      boolean known = code >= 1 && code <= 4;
      var type = AsPath.SegmentType.of(code);
      Part segment = open(attribute, known ? type.name() : "segment");
      Part typeLeaf = take(segment, "type", 1, known ? code + ", " + type : code + ", undefined");
      Part countLeaf = take(segment, "count", 1, Integer.toString(count));
      int segmentEnd = fitting(segment, count * asSize, end);
      boolean whole = segmentEnd - at == count * asSize;
      if (!known) {
        typeLeaf.find("segment types are 1 to 4");
      }
      if (count == 0) {
        countLeaf.find("a segment without AS numbers");
      }
      if (known && whole && count > 0) {
        var ases = new ArrayList<Long>();
        for (int i = at; i < segmentEnd; i += asSize) {
          ases.add(as(i, asSize));
        }
        segment.value = new AsPath(List.of(new AsPath.Segment(type, ases))).toString();
        take(segment, "AS numbers", segmentEnd - at, segment.value);
      } else {
        segment.value = "malformed";
        rest(segment, "value", segmentEnd, null);
      }
      path.add(segment.value);
      close(segment);
    }
    attribute.value =
        attribute.children.size() == 3
            ? "empty"
            : path.length() == 0 ? "malformed" : path.toString();
  }

  private long as(int index, int asSize) {
    return asSize == 2 ? u16(index) : u32(index);
  }

  private void aggregator(Part attribute, int asSize, int end) {
    if (end - at == asSize + 4) {
      String as = Long.toString(as(at, asSize));
      attribute.value = as + " " + AddressText.ipv4(octets, at + asSize);
      take(attribute, "AS", asSize, as);
      take(attribute, "address", 4, AddressText.ipv4(octets, at));
    }
  }

  /// A list of things of one size.
  private void each(Part attribute, String name, int size, int end, IntFunction<String> text) {
    var all = new StringJoiner(" ");
    int count = 0;
    while (end - at >= size) {
      String one = text.apply(at);
      all.add(one);
      take(attribute, name + " " + ++count, size, one);
    }
    if (at < end) {
      int left = end - at;
      rest(
          attribute,
          "rest",
          end,
          bytes(left) + (left == 1 ? " does" : " do") + " not make a " + name);
      attribute.value = "malformed";
    } else {
      attribute.value = count == 0 ? "empty" : all.toString();
    }
  }

  // RFC 4760 §3
  private void mpReach(Part attribute, int end) {
    if (!need(attribute, 4, end, "AFI, SAFI and next hop length")) {
      attribute.value = "malformed";
      return;
    }
    Family family = Family.of(u16(at), u8(at + 2));
    attribute.value = words(family);
    afi(attribute);
    safi(attribute);
    int length = u8(at);
    take(attribute, "next hop length", 1, bytes(length));
    if (length >= end - at) {
      rest(
          attribute,
          "rest",
          end,
          "too short for a next hop of " + bytes(length) + " and the reserved byte");
      attribute.value = "malformed";
      return;
    }
    String nextHop = nextHop(attribute, length);
    take(attribute, "reserved", 1, Integer.toString(u8(at)));
    attribute.value = "no routes, " + words(family);
    if (at < end) {
      Part routes = open(attribute, "Routes");
      announced += prefixes(routes, family, end);
      close(routes);
      attribute.value = routes.value;
    }
    if (!nextHop.isEmpty()) {
      attribute.value += " via " + nextHop;
    }
  }

  /// @return its text
  private String nextHop(Part attribute, int length) {
    return switch (length) {
      case 0 -> "";
      case 4 -> take(attribute, "next hop", 4, AddressText.ipv4(octets, at)).value;
      case 16 -> take(attribute, "next hop", 16, AddressText.ipv6(octets, at)).value;
      case 32 -> { // RFC 2545 §3
        String global = take(attribute, "next hop", 16, AddressText.ipv6(octets, at)).value;
        take(attribute, "link-local next hop", 16, AddressText.ipv6(octets, at));
        yield global;
      }
      default -> take(attribute, "next hop", length, hex(at, at + length)).value;
    };
  }

  // RFC 4760 §4
  private void mpUnreach(Part attribute, int end) {
    if (!need(attribute, 3, end, "AFI and SAFI")) {
      attribute.value = "malformed";
      return;
    }
    Family family = Family.of(u16(at), u8(at + 2));
    afi(attribute);
    safi(attribute);
    attribute.value = "none, " + words(family);
    if (at < end) {
      Part routes = open(attribute, "Withdrawn routes");
      withdrawn += prefixes(routes, family, end);
      close(routes);
      attribute.value = routes.value;
    }
  }

  /// NLRI up to `end`: a leaf each, or with ADD-PATH (RFC 7911 §3) two.
  ///
  /// @return how many were read
  private int prefixes(Part parent, Family family, int end) {
    if (!family.isDecoded()) {
      parent.value = words(family);
      rest(parent, "NLRI", end, null);
      return 0;
    }
    int most = family.isIpv6() ? 128 : 32;
    boolean addPath = context.hasPathIds(family);
    int head = addPath ? 5 : 1;
    int count = 0;
    while (at < end
        && need(parent, head, end, addPath ? "a path id and a prefix length" : "a prefix")) {
      int bits = u8(at + head - 1);
      if (bits > most) {
        rest(parent, "rest", end, "a prefix of " + bits + " bits, and " + most + " is the most");
        break;
      }
      int size = (bits + 7) / 8;
      if (!need(parent, head + size, end, "a prefix of " + bits + " bits")) {
        break;
      }
      String prefix =
          Prefix.of(
                  Arrays.copyOf(Arrays.copyOfRange(octets, at + head, at + head + size), most / 8),
                  bits)
              .toString();
      if (addPath) {
        Part nlri = open(parent, "prefix");
        long pathId = u32(at);
        nlri.value = prefix + " path " + pathId;
        take(nlri, "path id", 4, Long.toString(pathId));
        take(nlri, "prefix", 1 + size, prefix);
        close(nlri);
      } else {
        take(parent, "prefix", 1 + size, prefix);
      }
      count++;
    }
    parent.value = count + ", " + words(family);
    return count;
  }

  // NOTIFICATION, RFC 4271 §4.5

  private void notification(Part root, int end) {
    if (!need(root, 2, end, "error code and subcode")) {
      return;
    }
    int code = u8(at);
    int subcode = u8(at + 1);
    var notification = new Notification(code, subcode, Octets.copyOf(octets, at + 2, end - at - 2));
    root.value = notification.words();
    take(root, "Error code", 1, code + ", " + notification.codeName());
    take(root, "Error subcode", 1, subcode(notification));
    if (at == end) {
      return;
    }
    Part data = open(root, "Data");
    data.value = bytes(end - at);
    Notification inner = notification.hardReset();
    if (inner != null) { // RFC 8538 §3.1
      take(data, "inner error code", 1, inner.code() + ", " + inner.codeName());
      take(data, "inner error subcode", 1, subcode(inner));
      data.value = inner.words();
    }
    String text = notification.shutdownText();
    if (text != null) { // RFC 9003 §2
      data.value = "“" + text + "”";
      int length = u8(at);
      take(data, "text length", 1, bytes(length));
      int textEnd = fitting(data, length, end);
      take(data, "text", textEnd - at, data.value);
    }
    rest(data, "data", end, null);
    close(data);
  }

  private static String subcode(Notification notification) {
    String words = notification.words();
    String name = words.substring(0, words.lastIndexOf(" ("));
    return name.equals(notification.codeName())
        ? Integer.toString(notification.subcode())
        : notification.subcode() + ", " + name;
  }

  // ROUTE-REFRESH, RFC 2918 §3, RFC 7313 §3.2

  private void routeRefresh(Part root, int end) {
    if (!need(root, 4, end, "AFI, subtype and SAFI")) {
      return;
    }
    Family family = Family.of(u16(at), u8(at + 3));
    afi(root);
    int subtype = u8(at);
    String what =
        switch (subtype) {
          case RouteRefresh.REQUEST -> "request";
          case RouteRefresh.BEGIN -> "begin of refresh";
          case RouteRefresh.END -> "end of refresh";
          default -> "subtype " + subtype;
        };
    take(root, "Subtype", 1, subtype + ", " + what);
    safi(root);
    root.value = what + ", " + words(family);
    rest(root, "rest", end, null); // Outbound Route Filters, RFC 5291 §4
  }

  // the few tools of the walk

  private int u8(int index) {
    return octets[index] & 0xff;
  }

  private WireReader reader(int end) {
    return new WireReader(octets, at, end - at);
  }

  private void afi(Part parent) {
    int afi = u16(at);
    take(parent, "AFI", 2, afi + ", " + words(Afi.of(afi)));
  }

  private void safi(Part parent) {
    int safi = u8(at);
    take(parent, "SAFI", 1, safi + ", " + words(Safi.of(safi)));
  }

  private static String words(Afi afi) {
    return switch (afi) {
      case Afi.Assigned.IPV4 -> "IPv4";
      case Afi.Assigned.IPV6 -> "IPv6";
      case Afi.Assigned _ -> afi.toString().toUpperCase(Locale.ROOT);
      case Afi.Unknown(int code) -> "AFI " + code;
    };
  }

  private static String words(Safi safi) {
    return safi.toString().replace('-', ' ');
  }

  /// For people: `IPv4 unicast`.
  static String words(Family family) {
    return words(Afi.of(family.afi())) + " " + words(Safi.of(family.safi()));
  }

  /// The text of something whose text begins with its family, for people.
  private static String words(Family family, Object entry) {
    return words(family) + entry.toString().substring(family.toString().length());
  }

  /// How the codec writes a list of one community.
  private interface Appender {
    void appendText(byte[] array, int offset, int length, StringBuilder text);
  }

  private String text(int index, int length, Appender appender) {
    var text = new StringBuilder();
    appender.appendText(octets, index, length, text);
    return text.toString();
  }

  private String community(int index) {
    String name = Communities.wellKnownName(u32(index));
    String numbers = text(index, 4, Communities::appendText);
    return name == null ? numbers : numbers + " (" + name + ")";
  }

  private static String flagWords(int flags) {
    return ((flags & 0x80) != 0 ? "optional" : "well-known")
        + ((flags & 0x40) != 0 ? ", transitive" : ", non-transitive")
        + ((flags & 0x20) != 0 ? ", partial" : "")
        + ((flags & 0x10) != 0 ? ", extended length" : "")
        + ((flags & 0x0f) != 0 ? ", unused bits 0x%x".formatted(flags & 0x0f) : "");
  }

  private int u16(int index) {
    return u8(index) << 8 | u8(index + 1);
  }

  private long u32(int index) {
    return (long) u16(index) << 16 | u16(index + 2);
  }

  /// Whether `n` octets are there up to `end`. If not, what is left becomes a leaf and says so.
  private boolean need(Part parent, int n, int end, String what) {
    int left = end - at;
    if (left >= n) {
      return true;
    }
    String finding = what + " needs " + bytes(n) + ", " + left(left);
    if (left == 0) {
      parent.find(finding);
    } else {
      rest(parent, "rest", end, finding);
    }
    return false;
  }

  private static String left(int octets) {
    return octets == 0
        ? "none is left"
        : "only " + octets + (octets == 1 ? " is left" : " are left");
  }

  /// Where a part that says to be `length` octets long from here on ends, within what is there.
  private int fitting(Part part, int length, int end) {
    if (length > end - at) {
      part.find("the length says " + bytes(length) + ", " + left(end - at));
      return end;
    }
    return at + length;
  }

  /// A leaf of the next `n` octets; the walk goes on behind them.
  private Part take(Part parent, String name, int n, String value) {
    var leaf = new Part(name, value, at, at + n);
    parent.children.add(leaf);
    at += n;
    return leaf;
  }

  /// What is left up to `end`, if anything, as one leaf of hex.
  private void rest(Part parent, String name, int end, @Nullable String finding) {
    if (at < end) {
      Part leaf = take(parent, name, end - at, hex(at, end));
      if (finding != null) {
        leaf.find(finding);
      }
    }
  }

  /// A node that begins here; [#close] ends it.
  private Part open(Part parent, String name) {
    var part = new Part(name, "", at, at);
    parent.children.add(part);
    return part;
  }

  private void close(Part part) {
    part.to = at;
  }

  private static String bytes(int n) {
    return n == 1 ? "1 byte" : n + " bytes";
  }

  /// Octets for people; of many, the first ones.
  private String hex(int from, int to) {
    int shown = to - from <= 32 ? to : from + 24;
    String text = SPACED.formatHex(octets, from, shown);
    return shown == to ? text : text + " … (" + bytes(to - from) + ")";
  }

  private DecodeTree.Node node(Part part) {
    String id = Integer.toString(ids++);
    var children = new ArrayList<DecodeTree.Node>(part.children.size());
    for (Part child : part.children) {
      children.add(node(child));
    }
    return new DecodeTree.Node(
        id, part.name, part.value, part.from, part.to - part.from, children, part.finding);
  }
}
