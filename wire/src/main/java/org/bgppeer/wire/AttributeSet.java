package org.bgppeer.wire;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The columns of a stored attribute set (see [Update#attributeSet]), as text for people and as
/// numbers where they are compared.
///
/// @param nextHop an address, a link-local one behind it after a space; empty if there is none
/// @param origin `IGP`, `EGP`, `INCOMPLETE`; empty if there is none
/// @param asPath see [AsPath]; empty for a path within the neighbor's own AS
/// @param originAs see [AsPath#originAs()]
/// @param communities, largeCommunities, extCommunities separated by spaces; empty if none; those
///     of
///     RFC 5701 are among the last
/// @param aggregator `AS address`; null if none
/// @param other what has no column, a line each: the type's name, a space, and its text or hex
public record AttributeSet(
    String nextHop,
    String origin,
    String asPath,
    @Nullable Long originAs,
    @Nullable Long med,
    @Nullable Long localPref,
    String communities,
    String largeCommunities,
    String extCommunities,
    boolean atomicAggregate,
    @Nullable String aggregator,
    String other) {

  /// Reads an attribute set. What in it is not as it should be stands in `other` in hex, so that
  /// octets from anywhere have an answer.
  public static AttributeSet decode(byte[] octets) {
    return new Reading(octets).result();
  }

  /// One pass over the octets.
  private static final class Reading {
    private final byte[] array;
    private final StringBuilder text = new StringBuilder();
    private String nextHop = "";
    private String mpNextHop = "";
    private String origin = "";
    private String asPath = "";
    private @Nullable Long originAs;
    private @Nullable Long med;
    private @Nullable Long localPref;
    private String communities = "";
    private String largeCommunities = "";
    private String extCommunities = "";
    private boolean atomicAggregate;
    private @Nullable String aggregator;
    private String other = "";

    Reading(byte[] array) {
      this.array = array;
    }

    AttributeSet result() {
      int at = 0;
      while (at < array.length) {
        int left = array.length - at;
        int header = (array[at] & 0x10) != 0 ? 4 : 3;
        int length = -1;
        if (left >= header) {
          length = header == 4 ? WireReader.u16(array, at + 2) : array[at + 2] & 0xff;
        }
        if (length < 0 || length > left - header) {
          other("REST", HexFormat.of().formatHex(array, at, array.length));
          break;
        }
        read(AttributeType.of(array[at + 1] & 0xff), at + header, length);
        at += header + length;
      }
      return new AttributeSet(
          mpNextHop.isEmpty() ? nextHop : mpNextHop,
          origin,
          asPath,
          originAs,
          med,
          localPref,
          communities,
          largeCommunities,
          extCommunities,
          atomicAggregate,
          aggregator,
          other);
    }

    private void read(AttributeType type, int at, int length) {
      try {
        switch (type) {
          case AttributeType.Unknown unknown -> hex(unknown, at, length);
          case AttributeType.Assigned known -> readKnown(known, at, length);
        }
      } catch (MalformedAttribute e) {
        hex(type, at, length);
      }
    }

    private void readKnown(AttributeType.Assigned type, int at, int length)
        throws MalformedAttribute {
      switch (type) {
        case ORIGIN -> {
          Origin.check(array, at, length);
          origin = Origin.of(array[at] & 0xff).name();
        }
        case AS_PATH -> {
          AsPath.check(array, at, length, true);
          AsPath.appendText(array, at, length, text);
          asPath = take();
          originAs = AsPath.originAs(array, at, length);
        }
        case NEXT_HOP -> {
          MalformedAttribute.unlessLength(4, length);
          nextHop = AddressText.ipv4(array, at);
        }
        case MULTI_EXIT_DISC -> med = u32(at, length);
        case LOCAL_PREF -> localPref = u32(at, length);
        case ATOMIC_AGGREGATE -> atomicAggregate = true;
        case AGGREGATOR -> {
          MalformedAttribute.unlessLength(8, length);
          aggregator = WireReader.u32(array, at) + " " + AddressText.ipv4(array, at + 4);
        }
        case COMMUNITIES -> {
          MalformedAttribute.unlessMultipleOf(4, length);
          Communities.appendText(array, at, length, text);
          communities = take();
        }
        case LARGE_COMMUNITIES -> {
          MalformedAttribute.unlessMultipleOf(12, length);
          LargeCommunities.appendText(array, at, length, text);
          largeCommunities = take();
        }
        case EXTENDED_COMMUNITIES -> {
          MalformedAttribute.unlessMultipleOf(8, length);
          ExtendedCommunities.appendText(array, at, length, text);
          appendExtended(take());
        }
        case IPV6_EXTENDED_COMMUNITIES -> {
          MalformedAttribute.unlessMultipleOf(20, length);
          Ipv6ExtendedCommunities.appendText(array, at, length, text);
          appendExtended(take());
        }
        case MP_REACH_NLRI -> {
          // The short form; some write the long one, whose first octet, the AFI's, is zero.
          int from = length > 0 && array[at] == 0 ? 3 : 0;
          if (length <= from || from + 1 + (array[at + from] & 0xff) > length) {
            throw new MalformedAttribute("no room for a next hop");
          }
          int nextHopLength = array[at + from] & 0xff;
          mpNextHop = MpReach.nextHopText(Octets.copyOf(array, at + from + 1, nextHopLength));
        }
        case ORIGINATOR_ID -> other(type.name(), AddressText.ofIdentifier(u32(at, length)));
        case CLUSTER_LIST ->
            other(type.name(), ClusterList.decode(new WireReader(array, at, length)).toString());
        case MP_UNREACH_NLRI, AS4_PATH, AS4_AGGREGATOR -> hex(type, at, length);
        case CONNECTOR,
            AS_PATHLIMIT,
            PMSI_TUNNEL,
            TUNNEL_ENCAPSULATION,
            TRAFFIC_ENGINEERING,
            AIGP,
            PE_DISTINGUISHER_LABELS,
            ENTROPY_LABEL,
            BGP_LS,
            BGPSEC_PATH,
            COMMUNITY_CONTAINER,
            ONLY_TO_CUSTOMER,
            D_PATH,
            SFP,
            BFD_DISCRIMINATOR,
            NEXT_HOP_CHARACTERISTICS,
            PREFIX_SID,
            ATTR_SET ->
            other(
                type.name(),
                PathAttribute.decode(type, new WireReader(array, at, length), DecodeContext.AS4)
                    .toString());
      }
    }

    private long u32(int at, int length) throws MalformedAttribute {
      MalformedAttribute.unlessLength(4, length);
      return WireReader.u32(array, at);
    }

    private String take() {
      String taken = text.toString();
      text.setLength(0);
      return taken;
    }

    private void appendExtended(String more) {
      extCommunities = extCommunities.isEmpty() ? more : extCommunities + " " + more;
    }

    private void hex(AttributeType type, int at, int length) {
      other(type.name(), HexFormat.of().formatHex(array, at, at + length));
    }

    private void other(String name, String value) {
      String line = value.isEmpty() ? name : name + " " + value;
      other = other.isEmpty() ? line : other + "\n" + line;
    }
  }
}
