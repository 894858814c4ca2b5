package org.bgppeer.wire;

import java.util.List;
import org.bgppeer.wire.TreeBuilder.Part;

/// Describes the capabilities of an OPEN in a [DecodeTree].
final class CapabilityTree {
  private CapabilityTree() {}

  /// Describes the capability that begins here.
  static void capability(TreeBuilder tree) {
    if (!tree.need(2, "a capability's code and length")) {
      return;
    }
    int code = tree.u8(0);
    int length = tree.u8(1);
    Part capability = tree.open(CapabilityCode.of(code).toString());
    tree.leaf("code", 1, code);
    tree.leaf("length", 1, TreeBuilder.bytes(length));
    if (tree.bound(length)) {
      value(tree, capability, Capability.decode(code, tree.reader()));
    }
    tree.close();
  }

  private static void value(TreeBuilder tree, Part part, Capability capability) {
    switch (capability) {
      case Capability.Multiprotocol(Family family) -> {
        part.value(words(family));
        tree.afi();
        tree.leaf("reserved", 1, tree.u8(0));
        tree.safi();
      }
      case Capability.FourOctetAs(long as) -> {
        part.value(Long.toString(as));
        tree.leaf("AS", 4, as);
      }
      case Capability.AddPath(var entries) ->
          entries(tree, 4, entries.stream().map(e -> words(e.family(), e)).toList());
      case Capability.ExtendedNextHop(var entries) ->
          entries(tree, 6, entries.stream().map(e -> words(e.nlri(), e)).toList());
      case Capability.MultipleLabels(var entries) ->
          entries(tree, 4, entries.stream().map(e -> words(e.family(), e)).toList());
      case Capability.LongLivedGracefulRestart(var entries) ->
          entries(tree, 7, entries.stream().map(e -> words(e.family(), e)).toList());
      case Capability.PathsLimit(var entries) ->
          entries(tree, 5, entries.stream().map(e -> words(e.family(), e)).toList());
      case Capability.GracefulRestart restart -> {
        String time =
            details(
                new Capability.GracefulRestart(
                    restart.restarted(),
                    restart.notification(),
                    restart.restartTimeSeconds(),
                    List.of()));
        tree.leaf("flags and time", 2, time);
        entries(tree, 4, restart.entries().stream().map(e -> words(e.family(), e)).toList());
        part.value(part.value().isEmpty() ? time : time + ", " + part.value());
      }
      case Capability.Fqdn fqdn -> {
        part.value(fqdn.words());
        text(tree, "host name", fqdn.host());
        text(tree, "domain name", fqdn.domain());
      }
      case Capability.SoftwareVersion(String version) -> {
        part.value(TreeBuilder.printable(version));
        text(tree, "version", version);
      }
      case Capability.OutboundRouteFiltering(var _, var entries) -> {
        part.value(details(capability));
        for (Capability.OutboundRouteFiltering.Entry entry : entries) {
          tree.open("family").value(words(entry.family(), entry));
          tree.afi();
          tree.leaf("reserved", 1, tree.u8(0));
          tree.safi();
          tree.leaf("count", 1, tree.u8(0));
          for (Capability.OutboundRouteFiltering.Filter filter : entry.filters()) {
            tree.leaf("filter", 2, filter.toString());
          }
          tree.closeHere();
        }
      }
      case Capability.Bgpsec bgpsec -> {
        part.value(details(bgpsec));
        tree.leaf(
            "version and direction",
            1,
            bgpsec.version() + (bgpsec.sends() ? ", send" : ", receive"));
        tree.afi();
      }
      case Capability.BgpRole role -> {
        part.value(role.words());
        tree.leaf("role", 1, role.role() + ", " + role.words());
      }
      case Capability.DynamicCapability(var _, var codes) -> {
        part.value(codes.isEmpty() ? "" : details(capability));
        codes(tree, codes);
      }
      case Capability.Multisession(var _, int flags, var grouping) -> {
        part.value(details(capability));
        tree.leaf("flags", 1, "0x%02x".formatted(flags));
        codes(tree, grouping);
      }
      case Capability.UnknownCapability unknown -> {
        part.value(tree.spaced(unknown.value().length()));
        if (unknown.code() instanceof CapabilityCode.Assigned known && isDecoded(known)) {
          part.find("not a value that this capability can have");
        }
      }
      case Capability.RouteRefreshCapability _,
          Capability.EnhancedRouteRefresh _,
          Capability.ExtendedMessage _,
          Capability.BfdStrict _,
          Capability.LinkLocalNextHop _ -> {}
    }
  }

  /// Whether anything is known of the value that a capability has.
  private static boolean isDecoded(CapabilityCode.Assigned code) {
    return switch (code) {
      case MULTIPLE_ROUTES,
          ROUTING_POLICY_DISTRIBUTION,
          FQDN_PRESTANDARD,
          OPERATIONAL_PRESTANDARD ->
          false;
      default -> true;
    };
  }

  /// The text without the capability's name.
  private static String details(Capability capability) {
    return capability.toString().substring(capability.code().toString().length() + 1);
  }

  private static void entries(TreeBuilder tree, int octetsEach, List<String> texts) {
    for (String text : texts) {
      tree.leaf("family", octetsEach, text);
    }
    tree.value(String.join(", ", texts));
  }

  private static void codes(TreeBuilder tree, List<Integer> codes) {
    for (int code : codes) {
      tree.leaf("capability", 1, code + ", " + CapabilityCode.of(code));
    }
  }

  /// A text behind a length of one octet.
  private static void text(TreeBuilder tree, String name, String text) {
    int length = tree.u8(0);
    tree.leaf(name + " length", 1, TreeBuilder.bytes(length));
    if (length > 0) {
      tree.leaf(name, length, TreeBuilder.printable(text));
    }
  }

  private static String words(Family family) {
    return TreeBuilder.words(family);
  }

  /// The text of something whose text begins with its family, for people.
  private static String words(Family family, Object entry) {
    return words(family) + entry.toString().substring(family.toString().length());
  }
}
