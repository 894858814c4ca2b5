package org.bgppeer.wire;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// LARGE_COMMUNITIES, type 32, RFC 8092. The value is one or more of:
///
/// ```
/// +-------------------------------+-------------------+-------------------+
/// | Global Administrator (4)      | Local Data 1 (4)  | Local Data 2 (4)  |   octets
/// +-------------------------------+-------------------+-------------------+
/// ```
///
/// @param values at least one, in wire order, no two equal
public record LargeCommunities(List<LargeCommunity> values) implements PathAttribute {
  private static final int OCTETS_EACH = 12;

  /// Beyond so many, looking back for repeats at each one takes too long.
  private static final int MANY = 64;

  public LargeCommunities {
    values = List.copyOf(values);
  }

  /// One community of three unsigned 32-bit numbers; `64496:1:2` in canonical text (§5).
  public record LargeCommunity(long globalAdministrator, long localData1, long localData2) {
    @Override
    public String toString() {
      return globalAdministrator + ":" + localData1 + ":" + localData2;
    }
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.LARGE_COMMUNITIES;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not a non-zero multiple of 12 octets (§6)
  static LargeCommunities decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessMultipleOf(OCTETS_EACH, in.remaining());
    var values = new LinkedHashSet<LargeCommunity>(); // §3: repeats are dropped
    readInto(values, in);
    return new LargeCommunities(List.copyOf(values));
  }

  private static void readInto(Set<LargeCommunity> values, WireReader in) {
    while (in.remaining() > 0) {
      values.add(new LargeCommunity(in.u32(), in.u32(), in.u32()));
    }
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (var value : values) {
      out.u32(value.globalAdministrator).u32(value.localData1).u32(value.localData2);
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

  /// `64496:1:2 64496:3:4`.
  @Override
  public String toString() {
    var out = new WireWriter();
    encode(out);
    var text = new StringBuilder();
    appendText(out.array(), 0, out.length(), text);
    return text.toString();
  }

  /// The text of a checked value, repeats left out.
  static void appendText(byte[] array, int offset, int length, StringBuilder text) {
    if (length > MANY * OCTETS_EACH) {
      var values = new LinkedHashSet<LargeCommunity>();
      readInto(values, new WireReader(array, offset, length));
      text.append(values.stream().map(LargeCommunity::toString).collect(Collectors.joining(" ")));
      return;
    }
    for (int at = offset; at < offset + length; at += OCTETS_EACH) {
      if (isRepeat(array, offset, at)) {
        continue;
      }
      if (at > offset) {
        text.append(' ');
      }
      text.append(WireReader.u32(array, at))
          .append(':')
          .append(WireReader.u32(array, at + 4))
          .append(':')
          .append(WireReader.u32(array, at + 8));
    }
  }

  /// Whether the text may leave something out: not looked for among many.
  static boolean mayHaveRepeats(byte[] array, int offset, int length) {
    if (length > MANY * OCTETS_EACH) {
      return true;
    }
    for (int at = offset; at < offset + length; at += OCTETS_EACH) {
      if (isRepeat(array, offset, at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRepeat(byte[] array, int offset, int at) {
    for (int before = offset; before < at; before += OCTETS_EACH) {
      if (Arrays.equals(array, before, before + OCTETS_EACH, array, at, at + OCTETS_EACH)) {
        return true;
      }
    }
    return false;
  }
}
