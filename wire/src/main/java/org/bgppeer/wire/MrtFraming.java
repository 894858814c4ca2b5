package org.bgppeer.wire;

/// MRT records in a file: one behind the other, each with the length of its body in its header
/// (RFC 6396 §2):
///
/// ```
/// +---------------+----------+-------------+------------+------+
/// | Timestamp (4) | Type (2) | Subtype (2) | Length (4) | Body |   octets
/// +---------------+----------+-------------+------------+------+
/// ```
///
/// MRT has no magic number. Where a length was damaged the next record is looked for by what its
/// header and the header behind it can be.
public final class MrtFraming implements RecordFraming {
  private static final int MAX_CODE = 255;

  @Override
  public int length(byte[] array, int at, int end) {
    if (end - at < Mrt.HEADER_LENGTH) {
      return MORE;
    }
    long length = MrtRecord.length(array, at);
    boolean codes = type(array, at) <= MAX_CODE && WireReader.u16(array, at + 6) <= MAX_CODE;
    boolean zeros = WireReader.u64(array, at) == 0 && length == Mrt.HEADER_LENGTH;
    return length <= MAX_LENGTH && codes && !zeros ? (int) length : NONE;
  }

  @Override
  public String fault(byte[] array, int at, int end) {
    long length = MrtRecord.length(array, at);
    int type = type(array, at);
    if (type > MAX_CODE || (type == 0 && length == Mrt.HEADER_LENGTH)) {
      return "no MRT record stands here";
    }
    if (length > MAX_LENGTH) {
      return "a record of type %d with a length of %d octets, above %d"
          .formatted(type, length - Mrt.HEADER_LENGTH, MAX_LENGTH - Mrt.HEADER_LENGTH);
    }
    return "no MRT record of type %d has subtype %d".formatted(type, WireReader.u16(array, at + 6));
  }

  @Override
  public int resume(byte[] array, int from, int end, boolean last) {
    for (int at = from; at <= end - Mrt.HEADER_LENGTH; at++) {
      if (isLikely(array, at)) {
        long next = at + MrtRecord.length(array, at);
        boolean followed =
            next <= end - Mrt.HEADER_LENGTH ? isLikely(array, (int) next) : !last || next == end;
        if (followed) {
          return at;
        }
      }
    }
    return end;
  }

  /// Whether a header is one that is in use: a known type with a subtype and a length that it has.
  static boolean isLikely(byte[] array, int at) {
    long length = WireReader.u32(array, at + 8);
    int subtype = WireReader.u16(array, at + 6);
    return length < MAX_LENGTH
        && switch (type(array, at)) {
          case 5 -> subtype <= 7 && length >= 10;
          case 12 -> subtype >= 1 && subtype <= 4 && length >= 22;
          case 13 -> subtype >= 1 && subtype <= 12 && length >= 7;
          case 16, 17 -> subtype <= 11 && length >= 8;
          case 11, 32, 33, 48, 49 -> subtype <= 16 && length >= 8;
          default -> false;
        };
  }

  private static int type(byte[] array, int at) {
    return WireReader.u16(array, at + 4);
  }
}
