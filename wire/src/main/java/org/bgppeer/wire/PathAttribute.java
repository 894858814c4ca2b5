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
        Connector,
        AsPathLimit,
        PmsiTunnel,
        TunnelEncapsulation,
        TrafficEngineering,
        Aigp,
        PeDistinguisherLabels,
        EntropyLabel,
        LinkState,
        BgpsecPath,
        CommunityContainer,
        OnlyToCustomer,
        DomainPath,
        Sfp,
        BfdDiscriminator,
        NextHopCharacteristics,
        PrefixSid,
        AttrSet,
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
      case CONNECTOR -> Connector.decode(in);
      case AS_PATHLIMIT -> AsPathLimit.decode(in);
      case PMSI_TUNNEL -> PmsiTunnel.decode(in);
      case TUNNEL_ENCAPSULATION -> TunnelEncapsulation.decode(in);
      case TRAFFIC_ENGINEERING -> TrafficEngineering.decode(in);
      case AIGP -> Aigp.decode(in);
      case PE_DISTINGUISHER_LABELS -> PeDistinguisherLabels.decode(in);
      case ENTROPY_LABEL -> EntropyLabel.decode(in);
      case BGP_LS -> LinkState.decode(in);
      case BGPSEC_PATH -> BgpsecPath.decode(in);
      case COMMUNITY_CONTAINER -> CommunityContainer.decode(in);
      case ONLY_TO_CUSTOMER -> OnlyToCustomer.decode(in);
      case D_PATH -> DomainPath.decode(in);
      case SFP -> Sfp.decode(in);
      case BFD_DISCRIMINATOR -> BfdDiscriminator.decode(in);
      case NEXT_HOP_CHARACTERISTICS -> NextHopCharacteristics.decode(in);
      case PREFIX_SID -> PrefixSid.decode(in);
      case ATTR_SET -> AttrSet.decode(in);
    };
  }
}
