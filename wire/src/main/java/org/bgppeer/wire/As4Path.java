package org.bgppeer.wire;

import java.util.List;

/// AS4_PATH, type 17, RFC 6793 §3: the path in AS numbers of 4 octets, which passed through a
/// speaker that has only 2. Same form as [AsPath].
public record As4Path(List<AsPath.Segment> segments) implements PathAttribute {
  public As4Path {
    segments = List.copyOf(segments);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.AS4_PATH;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it has no AS number, or is malformed as an AS_PATH (RFC 6793 §6)
  static As4Path decode(WireReader in) throws MalformedAttribute {
    check(in.array(), in.position(), in.remaining());
    return new As4Path(AsPath.segments(in, true));
  }

  /// Checks the syntax; returns what [AsPath#check] does.
  static int check(byte[] array, int offset, int length) throws MalformedAttribute {
    if (length < 6) {
      throw new MalformedAttribute("length " + length + " is below 6");
    }
    return AsPath.check(array, offset, length, true);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    new AsPath(segments).encode(out);
  }

  @Override
  public String toString() {
    return AsPath.text(segments);
  }
}
