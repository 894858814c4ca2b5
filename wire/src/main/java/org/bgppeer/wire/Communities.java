package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// COMMUNITIES, type 8, RFC 1997: one or more communities of 4 octets each.
///
/// @param values 0..4294967295 each, at least one, in wire order
public record Communities(List<Long> values) implements PathAttribute {
  private static final int OCTETS_EACH = 4;

  public Communities {
    values = List.copyOf(values);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.COMMUNITIES;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not a non-zero multiple of 4 (RFC 7606 §7.8)
  static Communities decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessMultipleOf(OCTETS_EACH, in.remaining());
    var values = new ArrayList<Long>(in.remaining() / OCTETS_EACH);
    while (in.remaining() > 0) {
      values.add(in.u32());
    }
    return new Communities(values);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (long value : values) {
      out.u32(value);
    }
  }

  /// The name of a well-known community in IANA's registry, in lower case with dashes; null if it
  /// has none.
  public static @Nullable String wellKnownName(long value) {
    return switch ((int) value) {
      case 0xffff0000 -> "graceful-shutdown"; // RFC 8326
      case 0xffff0001 -> "accept-own"; // RFC 7611
      case 0xffff0002 -> "route-filter-translated-v4"; // draft-l3vpn-legacy-rtc
      case 0xffff0003 -> "route-filter-v4";
      case 0xffff0004 -> "route-filter-translated-v6";
      case 0xffff0005 -> "route-filter-v6";
      case 0xffff0006 -> "llgr-stale"; // RFC 9494
      case 0xffff0007 -> "no-llgr";
      case 0xffff0008 -> "accept-own-nexthop"; // draft-agrewal-idr-accept-own-nexthop
      case 0xffff0009 -> "standby-pe"; // RFC 9026
      case 0xffff029a -> "blackhole"; // RFC 7999
      case 0xffffff01 -> "no-export"; // RFC 1997
      case 0xffffff02 -> "no-advertise";
      case 0xffffff03 -> "no-export-subconfed";
      case 0xffffff04 -> "no-peer"; // RFC 3765
      default -> null;
    };
  }

  static void describe(TreeBuilder tree) {
    tree.each(
        "community",
        4,
        ahead -> {
          String numbers = tree.u16(ahead) + ":" + tree.u16(ahead + 2);
          String name = wellKnownName(tree.u32(ahead));
          return name == null ? numbers : numbers + " (" + name + ")";
        });
  }

  /// `64500:100 65535:666`, numbers throughout, so that a search finds what it shows.
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
      text.append(WireReader.u16(array, at)).append(':').append(WireReader.u16(array, at + 2));
    }
  }
}
