package org.bgppeer.wire;

/// BGP messages in a file, one behind the other as on the wire (RFC 4271 §4.1).
public final class MessageFraming implements RecordFraming {
  @Override
  public int length(byte[] array, int at, int end) {
    if (end - at < Framing.HEADER_LENGTH) {
      return MORE;
    }
    boolean message = isMarker(array, at) && Framing.length(array, at) >= Framing.HEADER_LENGTH;
    return message ? Framing.length(array, at) : NONE;
  }

  private static boolean isMarker(byte[] array, int at) {
    return WireReader.u64(array, at) == -1 && WireReader.u64(array, at + 8) == -1;
  }

  @Override
  public String fault(byte[] array, int at, int end) {
    return isMarker(array, at)
        ? "a message of " + Framing.length(array, at) + " octets, and none has fewer than 19"
        : "no marker where a message should begin";
  }

  @Override
  public int resume(byte[] array, int from, int end, boolean last) {
    for (int at = from; at <= end - Framing.HEADER_LENGTH; at++) {
      if (array[at] == -1 && length(array, at, end) > 0) {
        return at;
      }
    }
    return end;
  }
}
