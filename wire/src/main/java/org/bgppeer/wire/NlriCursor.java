package org.bgppeer.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks the routes of an [NlriBlock] of any family, one at a time:
///
/// ```java
/// for (var route = block.routes(); route.next(); ) {
///   say(route.text(), route.details());
/// }
/// ```
///
/// For IPv4 and IPv6 unicast and multicast, of which there are a million, [PrefixCursor] does it
/// without an object for each.
public final class NlriCursor {
  /// The first octet of a key that is followed by the octets of the NLRI as they came.
  private static final int AS_IT_CAME = 0;

  private static final int READ = 1;

  private final NlriCodec codec;
  private final byte[] array;
  private final int to;
  private final boolean pathIds;
  private final NlriParts check = new NlriParts();
  private final WireWriter keyOut = new WireWriter(64);
  private final NlriParts key = new NlriParts.Key(keyOut);
  private final StringBuilder out = new StringBuilder();
  private final NlriParts text = new NlriParts.Text(out);
  private final NlriParts details = new NlriParts.Details(out);
  private int from;
  private int length;
  private int next;
  private long pathId = -1;
  private @Nullable String fault;

  NlriCursor(NlriCodec codec, byte[] array, int from, int to, boolean pathIds) {
    this.codec = codec;
    this.array = array;
    this.to = to;
    this.pathIds = pathIds;
    this.from = from;
    this.next = from;
  }

  /// Goes to the next route; false if there is none.
  public boolean next() {
    if (next >= to) {
      return false;
    }
    from = next;
    if (pathIds) {
      pathId = WireReader.u32(array, from);
      from += 4;
    }
    try {
      length = codec.length(array, from, to);
    } catch (MalformedAttribute e) {
      throw new IllegalStateException("the block was checked and is malformed", e);
    }
    next = from + length;
    fault = null;
    try {
      tell(check);
      check.nothingElse();
    } catch (MalformedAttribute e) {
      fault = e.reason();
    }
    return true;
  }

  private void tell(NlriParts parts) throws MalformedAttribute {
    parts.begin(array, from, length);
    codec.parts(parts);
  }

  private void tellRead(NlriParts parts) {
    try {
      tell(parts);
    } catch (MalformedAttribute e) {
      throw new IllegalStateException("the NLRI was checked and is malformed", e);
    }
  }

  /// The path identifier of the route, 0..4294967295; -1 if the session has none.
  public long pathId() {
    return pathId;
  }

  /// Why its octets are not taken apart; null if they are.
  public @Nullable String fault() {
    return fault;
  }

  /// Where its octets begin in the array that the UPDATE was decoded from, behind the path
  /// identifier.
  public int from() {
    return from;
  }

  /// Its octets as they came, without path identifier; a copy.
  public byte[] octets() {
    return Arrays.copyOfRange(array, from, from + length);
  }

  /// How many octets it has, without path identifier.
  public int length() {
    return length;
  }

  /// What makes it the same route as another: two announcements with the same key (and path
  /// identifier) are two versions of one route, and a withdrawal with it ends that. Has no labels
  /// and whatever else may change. Of a family with [Family#hasPrefixKeys] it is [Prefix#key].
  public byte[] key() {
    keyOut.clear();
    if (fault != null) {
      keyOut.u8(AS_IT_CAME).octets(array, from, length);
    } else {
      if (codec.mayBeOpaque()) {
        keyOut.u8(READ);
      }
      tellRead(key);
    }
    return keyOut.toByteArray();
  }

  /// The key as text, in one way only: no two keys of a family have the same.
  public String text() {
    out.setLength(0);
    if (fault != null) {
      out.append("malformed ");
      NlriParts.hex(array, from, length, out);
    } else {
      tellRead(text);
    }
    return out.toString();
  }

  /// What the NLRI says beside its key: `label 24001`; empty if nothing.
  public String details() {
    out.setLength(0);
    if (fault == null) {
      tellRead(details);
    }
    return out.toString();
  }
}
