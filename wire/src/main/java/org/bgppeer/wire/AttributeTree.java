package org.bgppeer.wire;

import java.util.function.Consumer;

/// Describes path attributes in a [DecodeTree]: flags, type and length of each here, its value
/// where it is decoded.
final class AttributeTree {
  private AttributeTree() {}

  /// A value that needs more than its octets to be described.
  interface Values {
    void describe(TreeBuilder tree, AttributeType type);
  }

  /// Describes the attribute that begins here.
  static void attribute(TreeBuilder tree, DecodeContext context) {
    attribute(tree, (inner, type) -> value(inner, type, context));
  }

  /// Describes the attribute that begins here, its value by `values`.
  static void attribute(TreeBuilder tree, Values values) {
    if (!tree.need(3, "an attribute's flags, type and length")) {
      return;
    }
    int flags = tree.u8(0);
    boolean extended = (flags & 0x10) != 0;
    if (extended && !tree.need(4, "an attribute's flags, type and extended length")) {
      return;
    }
    AttributeType type = AttributeType.of(tree.u8(1));
    int length = extended ? tree.u16(2) : tree.u8(2);
    TreeBuilder.Part attribute = tree.open(type.name());
    tree.leaf("flags", 1, flagWords(flags));
    tree.leaf("type", 1, type.code());
    tree.leaf("length", extended ? 2 : 1, TreeBuilder.bytes(length));
    tree.bound(length);
    int header = attribute.children().size();
    values.describe(tree, type);
    boolean understood = tree.remaining() == 0;
    if (attribute.value().isEmpty() && type instanceof AttributeType.Unknown) {
      attribute.value(tree.spaced(tree.remaining()));
    }
    tree.rest(TreeBuilder.VALUE, null);
    if (attribute.value().isEmpty()) {
      attribute.value(understood ? tree.summary(attribute, header) : "malformed");
    }
    tree.close();
  }

  private static String flagWords(int flags) {
    return ((flags & 0x80) != 0 ? "optional" : "well-known")
        + ((flags & 0x40) != 0 ? ", transitive" : ", non-transitive")
        + ((flags & 0x20) != 0 ? ", partial" : "")
        + ((flags & 0x10) != 0 ? ", extended length" : "")
        + ((flags & 0x0f) != 0 ? ", unused bits 0x%x".formatted(flags & 0x0f) : "");
  }

  /// Describes a value up to the end of the open node; of an attribute that has routes nothing.
  static void value(TreeBuilder tree, AttributeType type, DecodeContext context) {
    switch (type) {
      case AttributeType.Unknown _ -> {}
      case AttributeType.Assigned known -> {
        switch (known) {
          case ORIGIN -> Origin.describe(tree);
          case AS_PATH -> AsPath.describe(tree, context.as4() ? 4 : 2);
          case AS4_PATH -> AsPath.describe(tree, 4);
          case NEXT_HOP -> NextHop.describe(tree);
          case MULTI_EXIT_DISC -> MultiExitDisc.describe(tree);
          case LOCAL_PREF -> LocalPref.describe(tree);
          case ATOMIC_AGGREGATE -> AtomicAggregate.describe(tree);
          case AGGREGATOR -> Aggregator.describe(tree, context.as4() ? 4 : 2);
          case AS4_AGGREGATOR -> Aggregator.describe(tree, 4);
          case ORIGINATOR_ID -> OriginatorId.describe(tree);
          case CLUSTER_LIST -> ClusterList.describe(tree);
          case COMMUNITIES -> Communities.describe(tree);
          case EXTENDED_COMMUNITIES -> ExtendedCommunities.describe(tree);
          case IPV6_EXTENDED_COMMUNITIES -> Ipv6ExtendedCommunities.describe(tree);
          case LARGE_COMMUNITIES -> LargeCommunities.describe(tree);
          case MP_REACH_NLRI, MP_UNREACH_NLRI -> {}
          case CONNECTOR -> Connector.describe(tree);
          case AS_PATHLIMIT -> AsPathLimit.describe(tree);
          case PMSI_TUNNEL -> PmsiTunnel.describe(tree);
          case TUNNEL_ENCAPSULATION -> TunnelEncapsulation.describe(tree);
          case TRAFFIC_ENGINEERING -> TrafficEngineering.describe(tree);
          case AIGP -> Aigp.describe(tree);
          case PE_DISTINGUISHER_LABELS -> PeDistinguisherLabels.describe(tree);
          case ENTROPY_LABEL -> EntropyLabel.describe(tree);
          case BGP_LS -> LinkState.describe(tree);
          case BGPSEC_PATH -> BgpsecPath.describe(tree);
          case COMMUNITY_CONTAINER -> CommunityContainer.describe(tree);
          case ONLY_TO_CUSTOMER -> OnlyToCustomer.describe(tree);
          case D_PATH -> DomainPath.describe(tree);
          case SFP -> Sfp.describe(tree);
          case BFD_DISCRIMINATOR -> BfdDiscriminator.describe(tree);
          case NEXT_HOP_CHARACTERISTICS -> NextHopCharacteristics.describe(tree);
          case PREFIX_SID -> PrefixSid.describe(tree);
          case ATTR_SET -> AttrSet.describe(tree);
        }
      }
    }
  }

  /// A value in one line, as the tree has it.
  static String text(AttributeType type, byte[] array, int offset, int length) {
    return TreeBuilder.text(array, offset, length, tree -> value(tree, type, DecodeContext.AS4));
  }

  /// The text of a decoded attribute.
  static String text(PathAttribute attribute, Consumer<WireWriter> encode) {
    var out = new WireWriter();
    encode.accept(out);
    return text(attribute.type(), out.array(), 0, out.length());
  }
}
