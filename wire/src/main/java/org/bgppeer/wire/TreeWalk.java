package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bgppeer.wire.TreeBuilder.Part;
import org.jspecify.annotations.Nullable;

/// Describes a message as a [DecodeTree]: what stands where in it, and beside it what the codec
/// finds wrong. Attributes, capabilities and routes are described by those who decode them.
final class TreeWalk {
  private static final int HEADER = Framing.HEADER_LENGTH;
  private static final String PATH_ATTRIBUTES = "Path attributes";

  private final byte[] octets;
  private final DecodeContext context;
  private final TreeBuilder tree;
  private final Part root;
  private final @Nullable MessageType type;
  private final List<Finding> findings = new ArrayList<>();
  private int announced;
  private int withdrawn;

  TreeWalk(byte[] message, int offset, int length, DecodeContext context) {
    this.octets = Arrays.copyOfRange(message, offset, offset + length);
    this.context = context;
    this.type = length >= HEADER ? MessageType.of(octets[18] & 0xff) : null;
    this.tree = new TreeBuilder(octets, type == null ? "BGP message" : type.toString());
    this.root = tree.root();
  }

  DecodeTree tree() {
    int end = octets.length;
    header(end);
    if (type != null) {
      int bodyEnd = Math.clamp(Framing.length(octets, 0), HEADER, end);
      tree.bound(bodyEnd - HEADER);
      body(type, bodyEnd);
      tree.rest("rest", null);
      tree.boundAll();
      tree.rest("behind the message", "not counted by the length in the header");
      judge(type, bodyEnd);
    }
    return new DecodeTree(tree.build(), findings);
  }

  private void header(int end) {
    if (end == 0) {
      root.value("no bytes at all");
      found(root, 0, 0, 2, "length 0 is below 19");
      return;
    }
    Part header = tree.open("Header");
    int marker = Math.min(16, end);
    boolean ones = true;
    for (int i = 0; i < marker; i++) {
      ones &= tree.u8(i) == 0xff;
    }
    Part markerLeaf = tree.leaf("Marker", marker, ones ? marker + " × ff" : tree.spaced(marker));
    if (!ones) {
      found(markerLeaf, 0, marker, 1, "the marker is not 16 octets of ff");
    }
    if (type == null) {
      if (end >= 18) {
        tree.leaf("Length", 2, bytes(tree.u16(0)));
      }
      tree.rest("rest", null);
      root.value("cut off within the header");
      found(header, 0, end, 2, "length " + end + " is below 19");
    } else {
      int length = tree.u16(0);
      Part lengthLeaf = tree.leaf("Length", 2, bytes(length));
      if (length > end) {
        found(
            lengthLeaf,
            16,
            2,
            2,
            "cut off: length " + length + ", but " + end + " octets are here");
      }
      Part typeLeaf = tree.leaf("Type", 1, tree.u8(0) + ", " + type);
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
    tree.closeHere();
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

  private void body(MessageType type, int end) {
    switch (type) {
      case MessageType.Assigned.OPEN -> openMessage();
      case MessageType.Assigned.UPDATE -> update();
      case MessageType.Assigned.NOTIFICATION -> notification();
      case MessageType.Assigned.ROUTE_REFRESH -> routeRefresh();
      case MessageType.Assigned.KEEPALIVE -> tree.rest("body", "a KEEPALIVE has no body");
      case MessageType.Unknown _ -> {
        root.value(bytes(end - HEADER));
        tree.rest("body", null);
      }
    }
  }

  /// What the codec finds wrong with the message goes to the part that it is about.
  private void judge(MessageType type, int end) {
    switch (type) {
      case MessageType.Assigned.UPDATE -> {
        if (end >= MessageType.Assigned.UPDATE.minLength()) {
          var update = Update.decode(octets, 0, end, context);
          root.value(says(update.endOfRib()));
          for (Finding finding : update.findings()) {
            findings.add(finding);
            Part part = about(finding);
            AttributeType attribute = finding.attribute();
            part.find(
                attribute != null && part.name().equals(attribute.name())
                    ? finding.toString().substring(attribute.name().length() + 2)
                    : finding.toString());
          }
        }
      }
      case MessageType.Assigned.OPEN -> {
        try {
          Open open = Open.decode(octets, 0, end);
          root.value(
              "AS%d, %s, hold time %d s"
                  .formatted(
                      open.as(),
                      AddressText.ofIdentifier(open.bgpIdentifier()),
                      open.holdTimeSeconds()));
        } catch (OpenError e) {
          boolean version = e.notification().subcode() == Notification.UNSUPPORTED_VERSION;
          int from = version ? HEADER : Math.min(28, end);
          refused(e, from, version ? HEADER + 1 : end, "RFC 4271 6.2");
        }
      }
      case MessageType.Assigned.ROUTE_REFRESH -> {
        try {
          RouteRefresh.decode(octets, 0, end);
        } catch (RouteRefreshError e) {
          refused(e, HEADER, end, "RFC 7313 5");
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

  private void refused(MessageError error, int from, int to, String rule) {
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
    about(finding).find(finding.reason());
  }

  /// The smallest part that holds the octets of a finding; of one without octets (something is
  /// missing), the part with all path attributes.
  private Part about(Finding finding) {
    int from = finding.offset();
    int to = from + finding.octets().length();
    if (from < to) {
      return root.about(from, to);
    }
    for (Part part : root.children()) {
      if (part.name().equals(PATH_ATTRIBUTES)) {
        return part;
      }
    }
    return root;
  }

  // OPEN, RFC 4271 §4.2, RFC 5492, RFC 9072

  private void openMessage() {
    if (!tree.need(10, "an OPEN's fixed part")) {
      return;
    }
    tree.leaf("Version", 1, tree.u8(0));
    int as = tree.u16(0);
    tree.leaf("My AS", 2, as == Open.AS_TRANS ? as + ", AS_TRANS" : Integer.toString(as));
    int hold = tree.u16(0);
    tree.leaf("Hold time", 2, hold == 0 ? "0, none" : hold + " s");
    tree.leaf("BGP identifier", 4, tree.ipv4(0));
    int length = tree.u8(0);
    if (length == 0 && tree.remaining() == 1) {
      tree.leaf("Optional parameters", 1, "none");
      return;
    }
    Part parameters = tree.open("Optional parameters");
    boolean extended = length != 0 && tree.remaining() >= 4 && tree.u8(1) == 255; // RFC 9072 §2
    if (extended) {
      tree.leaf("length", 1, length + ", the extended form follows");
      tree.leaf("extended form", 1, "255");
      length = tree.u16(0);
      tree.leaf("extended length", 2, bytes(length));
    } else {
      tree.leaf("length", 1, bytes(length));
    }
    parameters.value(bytes(length));
    tree.bound(length);
    while (tree.remaining() > 0) {
      optionalParameter(extended);
    }
    tree.close();
    tree.rest("rest", "behind the optional parameters");
  }

  private void optionalParameter(boolean extended) {
    int head = extended ? 3 : 2;
    if (!tree.need(head, "an optional parameter's type and length")) {
      return;
    }
    int type = tree.u8(0);
    int length = extended ? tree.u16(1) : tree.u8(1);
    boolean capabilities = type == 2;
    Part parameter =
        tree.open(
            capabilities ? "Capabilities" : type == 1 ? "Authentication" : "Parameter " + type);
    tree.leaf("type", 1, type);
    tree.leaf("length", head - 1, bytes(length));
    tree.bound(length);
    if (capabilities) {
      while (tree.remaining() > 0) {
        CapabilityTree.capability(tree);
      }
      parameter.value(
          parameter.children().stream().skip(2).map(Part::name).collect(Collectors.joining(", ")));
    } else {
      parameter.value(tree.spaced(tree.remaining()));
    }
    tree.close();
  }

  // UPDATE, RFC 4271 §4.3

  private void update() {
    if (tree.need(2, "the length of the withdrawn routes")) {
      int length = tree.u16(0);
      if (length == 0) {
        tree.leaf("Withdrawn routes", 2, "none");
      } else {
        tree.open("Withdrawn routes");
        tree.leaf("length", 2, bytes(length));
        tree.bound(length);
        withdrawn += prefixes(Family.IPV4_UNICAST);
        tree.close();
      }
    }
    if (tree.remaining() > 0 && tree.need(2, "the length of the path attributes")) {
      int length = tree.u16(0);
      if (length == 0) {
        tree.leaf(PATH_ATTRIBUTES, 2, "none");
      } else {
        Part attributes = tree.open(PATH_ATTRIBUTES);
        tree.leaf("length", 2, bytes(length));
        tree.bound(length);
        int count = 0;
        while (tree.remaining() > 0) {
          AttributeTree.attribute(tree, this::attributeValue);
          count++;
        }
        attributes.value(count + ", " + bytes(length));
        tree.close();
      }
    }
    if (tree.remaining() > 0) {
      tree.open("Routes");
      announced += prefixes(Family.IPV4_UNICAST);
      tree.close();
    }
  }

  private void attributeValue(TreeBuilder tree, AttributeType type) {
    if (type == AttributeType.Assigned.MP_REACH_NLRI) {
      mpReach(tree.part());
    } else if (type == AttributeType.Assigned.MP_UNREACH_NLRI) {
      mpUnreach(tree.part());
    } else {
      AttributeTree.value(tree, type, context);
    }
  }

  // RFC 4760 §3
  private void mpReach(Part attribute) {
    if (!tree.need(4, "AFI, SAFI and next hop length")) {
      attribute.value("malformed");
      return;
    }
    Family family = tree.family();
    attribute.value(words(family));
    int length = tree.u8(0);
    tree.leaf("next hop length", 1, bytes(length));
    if (length >= tree.remaining()) {
      tree.rest("rest", "too short for a next hop of " + bytes(length) + " and the reserved byte");
      attribute.value("malformed");
      return;
    }
    String nextHop = nextHop(length);
    tree.leaf("reserved", 1, tree.u8(0));
    String routes = "no routes, " + words(family);
    if (tree.remaining() > 0) {
      Part part = tree.open("Routes");
      announced += prefixes(family);
      tree.close();
      routes = part.value();
    }
    attribute.value(nextHop.isEmpty() ? routes : routes + " via " + nextHop);
  }

  /// @return its text
  private String nextHop(int length) {
    return switch (length) {
      case 0 -> "";
      case 4 -> tree.leaf("next hop", 4, tree.ipv4(0)).value();
      case 16 -> tree.leaf("next hop", 16, tree.ipv6(0)).value();
      case 32 -> { // RFC 2545 §3
        String global = tree.leaf("next hop", 16, tree.ipv6(0)).value();
        tree.leaf("link-local next hop", 16, tree.ipv6(0));
        yield global;
      }
      case 12, 24, 48 -> { // RFC 4364 §4.3.2, RFC 4659 §3.2.1, RFC 8950 §3
        var one = Octets.copyOf(octets, tree.at(), Math.min(length, 24));
        tree.leaf(
            "route distinguisher",
            8,
            NlriTree.text(octets, tree.at(), 8, RouteDistinguisher::append));
        if (length == 12) {
          tree.leaf("next hop", 4, tree.ipv4(0));
        } else {
          tree.leaf("next hop", 16, tree.ipv6(0));
        }
        if (length == 48) {
          tree.leaf(
              "route distinguisher",
              8,
              NlriTree.text(octets, tree.at(), 8, RouteDistinguisher::append));
          tree.leaf("link-local next hop", 16, tree.ipv6(0));
        }
        yield MpReach.nextHopText(one);
      }
      default -> tree.leaf("next hop", length).value();
    };
  }

  // RFC 4760 §4
  private void mpUnreach(Part attribute) {
    if (!tree.need(3, "AFI and SAFI")) {
      attribute.value("malformed");
      return;
    }
    Family family = tree.family();
    attribute.value("none, " + words(family));
    if (tree.remaining() > 0) {
      Part routes = tree.open("Withdrawn routes");
      withdrawn += prefixes(family);
      tree.close();
      attribute.value(routes.value());
    }
  }

  /// NLRI up to the end of the open node: a leaf each, or with ADD-PATH (RFC 7911 §3) two.
  ///
  /// @return how many were read
  private int prefixes(Family family) {
    if (!family.hasPlainPrefixes()) {
      return routes(family);
    }
    int most = family.isIpv6() ? 128 : 32;
    boolean addPath = context.hasPathIds(family);
    int head = addPath ? 5 : 1;
    int count = 0;
    while (tree.remaining() > 0
        && tree.need(head, addPath ? "a path id and a prefix length" : "a prefix")) {
      int bits = tree.u8(head - 1);
      if (bits > most) {
        tree.rest("rest", "a prefix of " + bits + " bits, and " + most + " is the most");
        break;
      }
      int size = (bits + 7) / 8;
      if (!tree.need(head + size, "a prefix of " + bits + " bits")) {
        break;
      }
      int from = tree.at() + head;
      String prefix =
          Prefix.of(Arrays.copyOf(Arrays.copyOfRange(octets, from, from + size), most / 8), bits)
              .toString();
      if (addPath) {
        Part nlri = tree.open("prefix", head + size);
        long pathId = tree.u32(0);
        nlri.value(prefix + " path " + pathId);
        tree.leaf("path id", 4, pathId);
        tree.leaf("prefix", 1 + size, prefix);
        tree.close();
      } else {
        tree.leaf("prefix", 1 + size, prefix);
      }
      count++;
    }
    tree.value(count + ", " + words(family));
    return count;
  }

  /// NLRI of any family up to the end of the open node: a node each, with its parts.
  ///
  /// @return how many were read
  private int routes(Family family) {
    NlriCodec codec = NlriCodec.of(family);
    boolean addPath = context.hasPathIds(family);
    int count = 0;
    while (tree.remaining() > 0) {
      Part route = tree.open("route");
      if (addPath) {
        if (!tree.need(5, "a path id and a route")) {
          tree.close();
          break;
        }
        tree.leaf("path id", 4, tree.u32(0));
      }
      try {
        tree.bound(codec.length(octets, tree.at(), tree.end()));
      } catch (MalformedAttribute e) {
        tree.rest("rest", e.reason());
        tree.close();
        break;
      }
      route.value(NlriTree.add(codec, tree));
      tree.close();
      count++;
    }
    tree.value(count + ", " + words(family));
    return count;
  }

  // NOTIFICATION, RFC 4271 §4.5

  private void notification() {
    if (!tree.need(2, "error code and subcode")) {
      return;
    }
    int code = tree.u8(0);
    int subcode = tree.u8(1);
    int length = tree.remaining() - 2;
    var notification =
        new Notification(code, subcode, Octets.copyOf(octets, tree.at() + 2, length));
    root.value(notification.words());
    tree.leaf("Error code", 1, code + ", " + notification.codeName());
    tree.leaf("Error subcode", 1, subcode(notification));
    if (length == 0) {
      return;
    }
    Part data = tree.open("Data");
    data.value(bytes(length));
    Notification inner = notification.hardReset();
    if (inner != null) { // RFC 8538 §3.1
      tree.leaf("inner error code", 1, inner.code() + ", " + inner.codeName());
      tree.leaf("inner error subcode", 1, subcode(inner));
      data.value(inner.words());
    }
    String text = notification.shutdownText();
    if (text != null) { // RFC 9003 §2
      data.value("“" + text + "”");
      int textLength = tree.u8(0);
      tree.leaf("text length", 1, bytes(textLength));
      int there = tree.fitting(textLength);
      if (there > 0) {
        tree.leaf("text", there, data.value());
      }
    }
    tree.rest("data", null);
    tree.close();
  }

  private static String subcode(Notification notification) {
    String words = notification.words();
    String name = words.substring(0, words.lastIndexOf(" ("));
    return name.equals(notification.codeName())
        ? Integer.toString(notification.subcode())
        : notification.subcode() + ", " + name;
  }

  // ROUTE-REFRESH, RFC 2918 §3, RFC 7313 §3.2

  private void routeRefresh() {
    if (!tree.need(4, "AFI, subtype and SAFI")) {
      return;
    }
    Family family = Family.of(tree.u16(0), tree.u8(3));
    tree.afi();
    int subtype = tree.u8(0);
    String what =
        switch (subtype) {
          case RouteRefresh.REQUEST -> "request";
          case RouteRefresh.BEGIN -> "begin of refresh";
          case RouteRefresh.END -> "end of refresh";
          default -> "subtype " + subtype;
        };
    tree.leaf("Subtype", 1, subtype + ", " + what);
    tree.safi();
    root.value(what + ", " + words(family));
    tree.rest("rest", null); // Outbound Route Filters, RFC 5291 §4
  }

  // the words of the walk

  private static String words(Family family) {
    return TreeBuilder.words(family);
  }

  private static String bytes(int n) {
    return TreeBuilder.bytes(n);
  }
}
