package org.bgppeer.wire;

/// The routes of one field of an UPDATE: withdrawn routes, NLRI, or those of an MP attribute. Their
/// syntax was checked; [#cursor] walks them without making an object for each.
///
/// It reads the array that the UPDATE was decoded from, which must not change meanwhile.
public final class NlriBlock {
  private final Family family;
  private final boolean multiprotocol;
  private final boolean pathIds;
  private final byte[] array;
  private final int from;
  private final int to;
  private final int count;
  private final Octets nextHop;

  NlriBlock(
      Family family,
      boolean multiprotocol,
      boolean pathIds,
      byte[] array,
      int from,
      int to,
      int count,
      Octets nextHop) {
    this.family = family;
    this.multiprotocol = multiprotocol;
    this.pathIds = pathIds;
    this.array = array;
    this.from = from;
    this.to = to;
    this.count = count;
    this.nextHop = nextHop;
  }

  /// Their family.
  public Family family() {
    return family;
  }

  /// Whether they stand in MP_REACH_NLRI or MP_UNREACH_NLRI, and not in a field of RFC 4271.
  public boolean multiprotocol() {
    return multiprotocol;
  }

  /// Whether each has a path identifier (RFC 7911).
  public boolean addPath() {
    return pathIds;
  }

  /// How many routes there are, at least 1.
  public int count() {
    return count;
  }

  /// The next hop of MP_REACH_NLRI as it came; none for the other fields.
  public Octets nextHop() {
    return nextHop;
  }

  /// Where the routes begin in the array that the UPDATE was decoded from.
  public int from() {
    return from;
  }

  /// Where they end in it.
  public int to() {
    return to;
  }

  /// Before the first of them, of a family with [Family#hasPlainPrefixes].
  ///
  /// @throws IllegalStateException if it is of another
  public PrefixCursor cursor() {
    if (!family.hasPlainPrefixes()) {
      throw new IllegalStateException("routes of " + family + " are not just prefixes");
    }
    return new PrefixCursor(array, from, to, family.isIpv6(), pathIds);
  }

  /// Before the first of them, of whatever family.
  public NlriCursor routes() {
    return new NlriCursor(NlriCodec.of(family), array, from, to, pathIds);
  }

  /// Counts routes of any family and finds where each ends (RFC 7606 §5.3).
  ///
  /// @throws MalformedAttribute if that cannot be told
  static int check(byte[] array, int from, int to, boolean pathIds, NlriCodec codec)
      throws MalformedAttribute {
    int count = 0;
    int at = from;
    while (at < to) {
      if (pathIds) {
        if (to - at < 5) {
          throw new MalformedAttribute(
              (to - at) + " octets are left, too few for a path identifier and a length");
        }
        at += 4;
      }
      at += codec.length(array, at, to);
      count++;
    }
    return count;
  }

  /// Counts routes and checks their syntax (RFC 7606 §5.3).
  ///
  /// @return how many there are, or, if one is wrong, where it begins as `-1 - position`
  static int check(byte[] array, int from, int to, boolean pathIds, int maxBits) {
    int at = from;
    int count = 0;
    int before = pathIds ? 4 : 0;
    while (at < to) {
      int length = at + before;
      if (length >= to) {
        return -1 - at;
      }
      int bits = array[length] & 0xff;
      int next = length + 1 + ((bits + 7) >> 3);
      if (bits > maxBits || next > to) {
        return -1 - at;
      }
      at = next;
      count++;
    }
    return count;
  }

  /// What is wrong with the route at `at`, which [#check] found.
  static String fault(byte[] array, int at, int to, boolean pathIds, int maxBits) {
    int left = to - at;
    if (pathIds && left < 5) {
      return left + " octets are left, too few for a path identifier and a length";
    }
    int bits = array[at + (pathIds ? 4 : 0)] & 0xff;
    return bits > maxBits
        ? "a prefix of " + bits + " bits, above " + maxBits
        : "a prefix of " + bits + " bits where " + (left - (pathIds ? 5 : 1)) + " octets are left";
  }
}
