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
///     of RFC 5701 are among the last
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
  private static final int WELL_KNOWN = 0x40;
  private static final int OPTIONAL = 0x80;
  private static final int OPTIONAL_TRANSITIVE = 0xc0;
  private static final int EXTENDED_LENGTH = 0x10;

  /// Reads an attribute set. What in it is not as it should be stands in `other` in hex, so that
  /// octets from anywhere have an answer.
  public static AttributeSet decode(byte[] octets) {
    return new Reading(octets).result();
  }

  /// Whether [#encode] gives back the octets that [#decode] read this from, because they are as
  /// most speakers write them: MP_REACH_NLRI first, the other attributes in the order of their
  /// types, flags as their RFCs have them, an extended length where it must be, a path in one
  /// segment, and nothing that has no column of its own or is an extended community.
  public boolean encodesTo(byte[] octets) {
    return extCommunities.isEmpty() && other.isEmpty() && isUsual(octets);
  }

  private static boolean isUsual(byte[] octets) {
    int rank = 0;
    boolean hasPath = false;
    boolean hasMpReach = false;
    for (int at = 0; at < octets.length; ) {
      int left = octets.length - at;
      if (left < 3) {
        return false;
      }
      int flags = octets[at] & 0xff;
      int type = octets[at + 1] & 0xff;
      boolean isExtended = (flags & EXTENDED_LENGTH) != 0;
      int header = isExtended ? 4 : 3;
      if (left < header) {
        return false;
      }
      int length = isExtended ? WireReader.u16(octets, at + 2) : octets[at + 2] & 0xff;
      int value = at + header;
      if (length > left - header || isExtended != length > 255) {
        return false;
      }
      boolean isUsual =
          switch (type) {
            case 1 -> length == 1 && octets[value] >= 0 && octets[value] <= 2;
            case 2 ->
                length == 0
                    || length > 2
                        && length == 2 + 4 * (octets[value + 1] & 0xff)
                        && octets[value] == AsPath.SegmentType.AS_SEQUENCE.code();
            case 3 -> length == 4 && !hasMpReach;
            case 4, 5 -> length == 4;
            case 6 -> length == 0;
            case 7 -> length == 8;
            case 8 -> length > 0 && length % 4 == 0;
            case 14 ->
                (length == 17 || length == 33)
                    && octets[value] == length - 1; // one or two addresses
            case 32 ->
                length > 0
                    && length % 12 == 0
                    && !LargeCommunities.mayHaveRepeats(octets, value, length);
            default -> false;
          };
      int usualFlags =
          switch (type) {
            case 4, 14 -> OPTIONAL;
            case 7, 8, 32 -> OPTIONAL_TRANSITIVE;
            default -> WELL_KNOWN;
          };
      int place = type == 14 ? 1 : 1 + type;
      if (!isUsual || (flags & ~EXTENDED_LENGTH) != usualFlags || place <= rank) {
        return false;
      }
      rank = place;
      hasPath |= type == 2;
      hasMpReach |= type == 14;
      at = value + length;
    }
    return hasPath;
  }

  /// Writes the octets that most speakers would have sent: see [#encodesTo].
  public void encode(WireWriter out) {
    new Writing(this, out).write();
  }

  /// The way from text to octets.
  private static final class Writing {
    private final AttributeSet set;
    private final WireWriter out;

    Writing(AttributeSet set, WireWriter out) {
      this.set = set;
      this.out = out;
    }

    void write() {
      boolean isMpReach = set.nextHop.indexOf(':') >= 0;
      if (isMpReach) {
        mpReach();
      }
      if (!set.origin.isEmpty()) {
        header(WELL_KNOWN, AttributeType.Assigned.ORIGIN, 1);
        new Origin(Origin.Value.valueOf(set.origin)).encode(out);
      }
      asPath();
      if (!isMpReach && !set.nextHop.isEmpty()) {
        header(WELL_KNOWN, AttributeType.Assigned.NEXT_HOP, 4);
        out.octets(AddressText.parse(set.nextHop));
      }
      if (set.med != null) {
        header(OPTIONAL, AttributeType.Assigned.MULTI_EXIT_DISC, 4);
        out.u32(set.med);
      }
      if (set.localPref != null) {
        header(WELL_KNOWN, AttributeType.Assigned.LOCAL_PREF, 4);
        out.u32(set.localPref);
      }
      if (set.atomicAggregate) {
        header(WELL_KNOWN, AttributeType.Assigned.ATOMIC_AGGREGATE, 0);
      }
      if (set.aggregator != null) {
        header(OPTIONAL_TRANSITIVE, AttributeType.Assigned.AGGREGATOR, 8);
        int space = set.aggregator.indexOf(' ');
        out.u32(Long.parseLong(set.aggregator, 0, space, 10));
        out.octets(AddressText.parse(set.aggregator.substring(space + 1)));
      }
      communities(AttributeType.Assigned.COMMUNITIES, set.communities, 4, 2);
      communities(AttributeType.Assigned.LARGE_COMMUNITIES, set.largeCommunities, 12, 4);
    }

    private void mpReach() {
      String[] addresses = set.nextHop.split(" ");
      header(OPTIONAL, AttributeType.Assigned.MP_REACH_NLRI, addresses.length * 16 + 1);
      out.u8(addresses.length * 16);
      for (String address : addresses) {
        out.octets(AddressText.parse(address));
      }
    }

    private void asPath() {
      int count = count(set.asPath);
      header(WELL_KNOWN, AttributeType.Assigned.AS_PATH, count == 0 ? 0 : 2 + 4 * count);
      if (count > 0) {
        out.u8(AsPath.SegmentType.AS_SEQUENCE.code()).u8(count);
        numbers(set.asPath, 4);
      }
    }

    private void communities(
        AttributeType.Assigned type, String text, int octets, int octetsOfNumber) {
      if (!text.isEmpty()) {
        header(OPTIONAL_TRANSITIVE, type, count(text) * octets);
        numbers(text, octetsOfNumber);
      }
    }

    /// Words with a space between them.
    private static int count(String text) {
      return text.isEmpty() ? 0 : 1 + (int) text.chars().filter(c -> c == ' ').count();
    }

    /// All numbers of a text, whatever is between them.
    private void numbers(String text, int octets) {
      long value = 0;
      for (int i = 0; i <= text.length(); i++) {
        char c = i == text.length() ? ' ' : text.charAt(i);
        if (c >= '0' && c <= '9') {
          value = value * 10 + c - '0';
        } else {
          if (octets == 2) {
            out.u16((int) value);
          } else {
            out.u32(value);
          }
          value = 0;
        }
      }
    }

    private void header(int flags, AttributeType.Assigned type, int length) {
      if (length > 255) {
        out.u8(flags | EXTENDED_LENGTH).u8(type.code()).u16(length);
      } else {
        out.u8(flags).u8(type.code()).u8(length);
      }
    }
  }

  /// One pass over the octets.
  private static final class Reading {
    /// What most columns fit into, so that it need not grow step by step.
    private static final int USUAL_LENGTH = 128;

    private final byte[] array;
    private final StringBuilder text = new StringBuilder(USUAL_LENGTH);
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
