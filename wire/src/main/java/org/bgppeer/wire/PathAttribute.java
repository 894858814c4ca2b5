package org.bgppeer.wire;

/// A path attribute of an UPDATE, decoded (RFC 4271 §4.3, §5). Its `toString` is its value as text.
public sealed interface PathAttribute
    permits Origin,
        AsPath,
        NextHop,
        MultiExitDisc,
        LocalPref,
        AtomicAggregate,
        Aggregator,
        Communities,
        OriginatorId,
        ClusterList,
        MpReach,
        MpUnreach,
        ExtendedCommunities,
        As4Path,
        As4Aggregator,
        Ipv6ExtendedCommunities,
        LargeCommunities,
        UnknownAttribute {

  /// Its type.
  AttributeType type();

  /// Reads the value of an attribute whose flags were checked: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is not as its RFC has it
  static PathAttribute decode(AttributeType.Assigned type, WireReader in, DecodeContext context)
      throws MalformedAttribute {
    return switch (type) {
      case ORIGIN -> Origin.decode(in);
      case AS_PATH -> AsPath.decode(in, context.as4());
      case NEXT_HOP -> NextHop.decode(in);
      case MULTI_EXIT_DISC -> MultiExitDisc.decode(in);
      case LOCAL_PREF -> LocalPref.decode(in);
      case ATOMIC_AGGREGATE -> AtomicAggregate.decode(in);
      case AGGREGATOR -> Aggregator.decode(in, context.as4());
      case COMMUNITIES -> Communities.decode(in);
      case ORIGINATOR_ID -> OriginatorId.decode(in);
      case CLUSTER_LIST -> ClusterList.decode(in);
      case MP_REACH_NLRI -> MpReach.decode(in, context);
      case MP_UNREACH_NLRI -> MpUnreach.decode(in, context);
      case EXTENDED_COMMUNITIES -> ExtendedCommunities.decode(in);
      case AS4_PATH -> As4Path.decode(in);
      case AS4_AGGREGATOR -> As4Aggregator.decode(in);
      case IPV6_EXTENDED_COMMUNITIES -> Ipv6ExtendedCommunities.decode(in);
      case LARGE_COMMUNITIES -> LargeCommunities.decode(in);
    };
  }
}
