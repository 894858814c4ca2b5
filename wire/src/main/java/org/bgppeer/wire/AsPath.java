package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// AS_PATH, type 2, RFC 4271 §5.1.2 with the confederation segments of RFC 5065. The value is none
/// or more segments:
///
/// ```
/// +-----------------------+----------------------------+---------------------------------------+
/// | Path Segment Type (1) | Number of AS numbers (1)   | AS numbers (2 each, or 4: RFC 6793)   |
/// +-----------------------+----------------------------+---------------------------------------+
/// ```
///
/// Its text: `64500 64501 {64502 64503} (65010 65011) [65012 65013]`, where braces hold a set,
/// parentheses a sequence and brackets a set of a confederation.
///
/// @param segments in wire order; none for a route of the neighbor's own AS within that AS
public record AsPath(List<Segment> segments) implements PathAttribute {
  public AsPath {
    segments = List.copyOf(segments);
  }

  /// What kind of segment.
  public enum SegmentType {
    AS_SET(1, "{", "}"),
    AS_SEQUENCE(2, "", ""),
    AS_CONFED_SEQUENCE(3, "(", ")"),
    AS_CONFED_SET(4, "[", "]");

    private final int code;
    private final String open;
    private final String close;

    SegmentType(int code, String open, String close) {
      this.code = code;
      this.open = open;
      this.close = close;
    }

    /// The number as on the wire, 1..4.
    public int code() {
      return code;
    }

    /// Whether it is one of a confederation (RFC 5065 §3).
    public boolean isConfederation() {
      return this == AS_CONFED_SEQUENCE || this == AS_CONFED_SET;
    }

    static SegmentType of(int code) {
      return switch (code) {
        case 1 -> AS_SET;
        case 2 -> AS_SEQUENCE;
        case 3 -> AS_CONFED_SEQUENCE;
        default -> AS_CONFED_SET;
      };
    }
  }

  /// AS numbers of one kind.
  ///
  /// @param ases 0..4294967295 each, at least one
  public record Segment(SegmentType type, List<Long> ases) {
    public Segment {
      ases = List.copyOf(ases);
    }

    /// How many AS numbers it counts in the length of a path: a set counts as one, a segment of a
    /// confederation as none (RFC 4271 §9.1.2.2, RFC 5065 §5.3).
    int count() {
      return switch (type) {
        case AS_SEQUENCE -> ases.size();
        case AS_SET -> 1;
        case AS_CONFED_SEQUENCE, AS_CONFED_SET -> 0;
      };
    }
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.AS_PATH;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @param as4 whether an AS number has 4 octets, and not 2
  /// @throws MalformedAttribute if a segment's type is unknown, a segment is empty, or one does not
  ///     fit (RFC 7606 §7.2)
  static AsPath decode(WireReader in, boolean as4) throws MalformedAttribute {
    check(in.array(), in.position(), in.remaining(), as4);
    return new AsPath(segments(in, as4));
  }

  static List<Segment> segments(WireReader in, boolean as4) {
    var segments = new ArrayList<Segment>(1);
    while (in.remaining() > 0) {
      SegmentType type = SegmentType.of(in.u8());
      int count = in.u8();
      var ases = new ArrayList<Long>(count);
      for (int i = 0; i < count; i++) {
        ases.add(as4 ? in.u32() : in.u16());
      }
      segments.add(new Segment(type, ases));
    }
    return segments;
  }

  /// What [#check] saw in a path, a bit each.
  static final int AS_ZERO = 1;

  static final int SET = 1 << 1;
  static final int SEQUENCE = 1 << 2;
  static final int CONFED_SEQUENCE = 1 << 3;
  static final int CONFED_SET = 1 << 4;

  /// Checks the syntax.
  ///
  /// @return the kinds of segments in it, and whether an AS number is zero
  static int check(byte[] array, int offset, int length, boolean as4) throws MalformedAttribute {
    int end = offset + length;
    int octetsEach = as4 ? 4 : 2;
    int seen = 0;
    for (int at = offset; at < end; ) {
      if (end - at < 2) {
        throw new MalformedAttribute("one octet is left behind the last segment");
      }
      int type = array[at] & 0xff;
      int count = array[at + 1] & 0xff;
      if (type < 1 || type > 4) {
        throw new MalformedAttribute("segment type " + type + " is not 1, 2, 3 or 4");
      }
      if (count == 0) {
        throw new MalformedAttribute("a segment without AS numbers");
      }
      at += 2;
      if (count * octetsEach > end - at) {
        throw new MalformedAttribute(
            "a segment of " + count + " AS numbers where " + (end - at) + " octets are left");
      }
      seen |= 1 << type;
      for (int last = at + count * octetsEach; at < last; at += octetsEach) {
        if ((as4 ? WireReader.u32(array, at) : WireReader.u16(array, at)) == 0) {
          seen |= AS_ZERO;
        }
      }
    }
    return seen;
  }

  /// Writes the value with AS numbers of 4 octets; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (Segment segment : segments) {
      out.u8(segment.type.code()).u8(segment.ases.size());
      for (long as : segment.ases) {
        out.u32(as);
      }
    }
  }

  /// The number of AS numbers as route selection counts them (RFC 4271 §9.1.2.2).
  public int count() {
    int count = 0;
    for (Segment segment : segments) {
      count += segment.count();
    }
    return count;
  }

  /// The AS that the route comes from: the last of the path, segments of a confederation aside;
  /// null if there is none, or that is a set of several.
  public @Nullable Long originAs() {
    var out = new WireWriter();
    encode(out);
    return originAs(out.array(), 0, out.length());
  }

  /// The path of a session with 2-octet AS numbers (RFC 6793 §4.2.3): as many of the leading AS
  /// numbers and segments of this one as `as4Path` lacks, and then those of `as4Path`; this one if
  /// it is shorter. Segments of a confederation in `as4Path` do not count (§6).
  AsPath mergedWith(As4Path as4Path) {
    var tail = new ArrayList<Segment>();
    int tailCount = 0;
    for (Segment segment : as4Path.segments()) {
      if (!segment.type.isConfederation()) {
        tail.add(segment);
        tailCount += segment.count();
      }
    }
    int missing = count() - tailCount;
    if (missing < 0 || tail.isEmpty()) {
      return this;
    }
    var merged = new ArrayList<Segment>();
    for (Segment segment : segments) {
      int count = segment.count();
      if (count == 0) {
        merged.add(segment); // of a confederation: leading, or next to one that is taken
      } else if (missing == 0) {
        break;
      } else if (count <= missing) {
        merged.add(segment);
        missing -= count;
      } else {
        merged.add(new Segment(segment.type, segment.ases.subList(0, missing)));
        break;
      }
    }
    Segment last = merged.isEmpty() ? null : merged.getLast();
    Segment first = tail.getFirst();
    if (last != null
        && last.type == SegmentType.AS_SEQUENCE
        && first.type == SegmentType.AS_SEQUENCE
        && last.ases.size() + first.ases.size() <= 255) {
      var joined = new ArrayList<>(last.ases);
      joined.addAll(first.ases);
      merged.set(merged.size() - 1, new Segment(SegmentType.AS_SEQUENCE, joined));
      merged.addAll(tail.subList(1, tail.size()));
    } else {
      merged.addAll(tail);
    }
    return new AsPath(merged);
  }

  /// The text of a checked value with AS numbers of 4 octets.
  static void appendText(byte[] array, int offset, int length, StringBuilder text) {
    int end = offset + length;
    boolean first = true;
    for (int at = offset; at < end; ) {
      SegmentType type = SegmentType.of(array[at] & 0xff);
      int count = array[at + 1] & 0xff;
      at += 2;
      if (!first) {
        text.append(' ');
      }
      first = false;
      text.append(type.open);
      for (int i = 0; i < count; i++, at += 4) {
        if (i > 0) {
          text.append(' ');
        }
        text.append(WireReader.u32(array, at));
      }
      text.append(type.close);
    }
  }

  /// [#originAs()] of a checked value with AS numbers of 4 octets.
  static @Nullable Long originAs(byte[] array, int offset, int length) {
    int end = offset + length;
    Long origin = null;
    for (int at = offset; at < end; ) {
      SegmentType type = SegmentType.of(array[at] & 0xff);
      int count = array[at + 1] & 0xff;
      at += 2 + 4 * count;
      if (!type.isConfederation()) {
        boolean one = type == SegmentType.AS_SEQUENCE || count == 1;
        origin = one ? Long.valueOf(WireReader.u32(array, at - 4)) : null;
      }
    }
    return origin;
  }

  static void describe(TreeBuilder tree, int asOctets) {
    if (tree.remaining() == 0) {
      tree.value("empty");
    }
    TreeBuilder.Part attribute = tree.part();
    var path = new StringJoiner(" ");
    while (tree.remaining() > 0 && tree.need(2, "a segment's type and count")) {
      int code = tree.u8(0);
      int count = tree.u8(1);
      boolean known = code >= 1 && code <= 4;
      var type = SegmentType.of(code);
      TreeBuilder.Part segment = tree.open(known ? type.name() : "segment");
      TreeBuilder.Part typeLeaf =
          tree.leaf("type", 1, known ? code + ", " + type : code + ", undefined");
      TreeBuilder.Part countLeaf = tree.leaf("count", 1, count);
      boolean whole = tree.bound(count * asOctets);
      if (!known) {
        typeLeaf.find("segment types are 1 to 4");
      }
      if (count == 0) {
        countLeaf.find("a segment without AS numbers");
      }
      if (known && whole && count > 0) {
        var ases = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
          ases.add(asOctets == 2 ? tree.u16(2 * i) : tree.u32(4 * i));
        }
        segment.value(new AsPath(List.of(new Segment(type, ases))).toString());
        tree.leaf("AS numbers", tree.remaining(), segment.value());
      } else {
        segment.value("malformed");
      }
      path.add(segment.value());
      attribute.value(path.toString());
      tree.close();
    }
    if (attribute.value().isEmpty()) {
      attribute.value("malformed");
    }
  }

  @Override
  public String toString() {
    return text(segments);
  }

  static String text(List<Segment> segments) {
    var out = new WireWriter();
    new AsPath(segments).encode(out);
    var text = new StringBuilder();
    appendText(out.array(), 0, out.length(), text);
    return text.toString();
  }
}
