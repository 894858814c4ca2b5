package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// IPV6_EXTENDED_COMMUNITIES, type 25, RFC 5701 §2: one or more communities of 20 octets each: a
/// type of two octets, an IPv6 address, and two octets of local data.
///
/// Those with a name are written `rt:[2001:db8::1]:100`, `soo:[2001:db8::1]:100`, with
/// `non-transitive-` before it if they must not leave their AS; any other one in hex.
///
/// @param values 20 octets each, at least one, in wire order
public record Ipv6ExtendedCommunities(List<Octets> values) implements PathAttribute {
  private static final int OCTETS_EACH = 20;
  private static final int NON_TRANSITIVE = 0x4000;

  public Ipv6ExtendedCommunities {
    values = List.copyOf(values);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.IPV6_EXTENDED_COMMUNITIES;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not a non-zero multiple of 20 (RFC 7606 §7.15)
  static Ipv6ExtendedCommunities decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessMultipleOf(OCTETS_EACH, in.remaining());
    var values = new ArrayList<Octets>();
    while (in.remaining() > 0) {
      values.add(in.octets(OCTETS_EACH));
    }
    return new Ipv6ExtendedCommunities(values);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (Octets value : values) {
      out.octets(value);
    }
  }

  static void describe(TreeBuilder tree) {
    tree.each("community", OCTETS_EACH, ahead -> text(tree.octets(), tree.at() + ahead));
  }

  /// The text of the community at `offset`.
  static String text(byte[] array, int offset) {
    var text = new StringBuilder();
    appendText(array, offset, OCTETS_EACH, text);
    return text.toString();
  }

  /// Their texts, separated by spaces.
  @Override
  public String toString() {
    var out = new WireWriter();
    encode(out);
    var text = new StringBuilder();
    appendText(out.array(), 0, out.length(), text);
    return text.toString();
  }

  /// The text of a checked value.
  static void appendText(byte[] array, int offset, int length, StringBuilder text) {
    for (int at = offset; at < offset + length; at += OCTETS_EACH) {
      if (at > offset) {
        text.append(' ');
      }
      int type = WireReader.u16(array, at);
      String name = name(type & ~NON_TRANSITIVE);
      if (name == null) {
        text.append("0x").append(HexFormat.of().formatHex(array, at, at + OCTETS_EACH));
        continue;
      }
      text.append((type & NON_TRANSITIVE) == 0 ? "" : "non-transitive-")
          .append(name)
          .append(":[")
          .append(AddressText.ipv6(array, at + 2))
          .append("]:")
          .append(WireReader.u16(array, at + 18));
    }
  }

  private static @Nullable String name(int type) {
    return switch (type) {
      case 0x0002 -> "rt";
      case 0x0003 -> "soo";
      case 0x000b -> "vrf-route-import"; // RFC 6515 §4
      case 0x000c -> "redirect-to-ip"; // draft-ietf-idr-flowspec-redirect-ip
      case 0x000d -> "redirect"; // RFC 8956 §6.1
      case 0x0010 -> "vpn-distinguisher";
      case 0x0012 -> "segmented-next-hop"; // RFC 7524
      default -> null;
    };
  }
}
