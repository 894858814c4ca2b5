package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The packets of a capture file, as tcpdump (pcap) and Wireshark (pcapng) write it, of either byte
/// order:
///
/// ```
/// pcap     24 octets of header, then for each packet
///          | Seconds (4) | Micro- or nanoseconds (4) | Captured (4) | Original (4) | Octets |
///          with 8 octets more before the packet if old Linux wrote it, with a patch of its own
/// pcapng   | Block Type (4) | Block Length (4) | Body | Block Length (4) |        each block
/// ```
///
/// Of pcapng the blocks with packets and those that describe sections and interfaces are
/// understood; others are passed over.
public final class Capture implements RecordFraming {
  /// Octets of the header of a pcap file.
  public static final int PCAP_HEADER = 24;

  private static final int MAX_PACKET = 1 << 18;
  private static final int SECTION = 0x0a0d0d0a;
  private static final int INTERFACE = 1;
  private static final int OLD_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int PACKET = 6;
  private static final int MICROS = 1_000_000;

  /// One packet, as it stands in the array.
  ///
  /// @param seconds since 1970
  /// @param micros 0..999999
  /// @param linkType what its first octets are, by tcpdump.org's list of LINKTYPE_ numbers
  /// @param captured octets from `offset` on
  /// @param original octets that it had
  public record Packet(
      long seconds, int micros, int linkType, int offset, int captured, long original) {}

  /// An interface of pcapng.
  private record Interface(int linkType, long perSecond, long offsetSeconds, long snapLength) {}

  private final boolean blocks;
  private final boolean nanos;
  private final int headerLength;
  private final int linkType;
  private boolean littleEndian;
  private final List<Interface> interfaces = new ArrayList<>();
  private @Nullable String problem;

  private Capture(
      boolean blocks, boolean littleEndian, boolean nanos, boolean patched, int linkType) {
    this.blocks = blocks;
    this.littleEndian = littleEndian;
    this.nanos = nanos;
    this.headerLength = patched ? 24 : 16;
    this.linkType = linkType;
  }

  /// A pcap file, by its header; null if that is not whole.
  public static @Nullable Capture pcap(byte[] header) {
    if (header.length < PCAP_HEADER) {
      return null;
    }
    boolean little = (header[0] & 0xff) != 0xa1;
    boolean nanos = header[little ? 1 : 2] == 0x3c;
    boolean patched = (header[little ? 1 : 2] & 0xff) == 0xcd;
    int link = little ? Integer.reverseBytes(i32(header, 20)) : i32(header, 20);
    return new Capture(false, little, nanos, patched, link & 0xffff);
  }

  /// A pcapng file, from its beginning.
  public static Capture pcapng() {
    return new Capture(true, false, false, false, 0);
  }

  private static int i32(byte[] array, int at) {
    return (int) WireReader.u32(array, at);
  }

  private long u32(byte[] array, int at) {
    int value = i32(array, at);
    return Integer.toUnsignedLong(littleEndian ? Integer.reverseBytes(value) : value);
  }

  private int u16(byte[] array, int at) {
    int value = WireReader.u16(array, at);
    return littleEndian ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
  }

  // ---- framing ----

  @Override
  public int length(byte[] array, int at, int end) {
    if (end - at < 16) {
      return !blocks || end - at < 12 ? MORE : blockLength(array, at);
    }
    if (blocks) {
      return blockLength(array, at);
    }
    long captured = u32(array, at + 8);
    return captured <= MAX_PACKET ? headerLength + (int) captured : NONE;
  }

  private int blockLength(byte[] array, int at) {
    long length = u32(array, at + 4);
    if (i32(array, at) == SECTION) {
      boolean little = i32(array, at + 8) == 0x4d3c2b1a;
      if (!little && i32(array, at + 8) != 0x1a2b3c4d) {
        return NONE;
      }
      int value = i32(array, at + 4);
      length = Integer.toUnsignedLong(little ? Integer.reverseBytes(value) : value);
    }
    return length >= 12 && length <= MAX_LENGTH && length % 4 == 0 ? (int) length : NONE;
  }

  @Override
  public String fault(byte[] array, int at, int end) {
    return blocks
        ? "a block of %d octets".formatted(u32(array, at + 4))
        : "a packet of %d octets".formatted(u32(array, at + 8));
  }

  @Override
  public int resume(byte[] array, int from, int end, boolean last) {
    for (int at = from; at <= end - 16; at++) {
      if (isLikely(array, at)) {
        int next = at + length(array, at, end);
        if (blocks ? next <= end && closes(array, at, next) : follows(array, next, end, last)) {
          return at;
        }
      }
    }
    return end;
  }

  private boolean follows(byte[] array, int next, int end, boolean last) {
    return next <= end - 16 ? isLikely(array, next) : !last || next == end;
  }

  private boolean closes(byte[] array, int at, int next) {
    return i32(array, next - 4) == i32(array, at + 4);
  }

  private boolean isLikely(byte[] array, int at) {
    if (blocks) {
      int type = i32(array, at);
      boolean known = type == SECTION || (u32(array, at) >= 1 && u32(array, at) <= 6);
      return known && blockLength(array, at) > 0;
    }
    long captured = u32(array, at + 8);
    return u32(array, at + 4) < (nanos ? 1_000_000_000 : MICROS)
        && captured >= 20
        && captured <= MAX_PACKET
        && u32(array, at + 12) >= captured
        && u32(array, at + 12) <= MAX_PACKET;
  }

  // ---- packets ----

  /// What keeps the record that [#packet] was last asked for from having its packet; null if
  /// nothing does.
  public @Nullable String problem() {
    return problem;
  }

  /// The packet of a record; null if it has none. To be called for each record in turn: those of
  /// pcapng say how to read the ones behind them.
  public @Nullable Packet packet(byte[] array, int at, int length) {
    problem = null;
    if (!blocks) {
      long fraction = u32(array, at + 4);
      return new Packet(
          u32(array, at),
          (int) Math.min(nanos ? fraction / 1000 : fraction, MICROS - 1),
          linkType,
          at + headerLength,
          length - headerLength,
          u32(array, at + 12));
    }
    if (i32(array, at) == SECTION) {
      littleEndian = i32(array, at + 8) == 0x4d3c2b1a;
      interfaces.clear();
      return null;
    }
    int body = at + 8;
    int end = at + length - 4;
    return switch ((int) u32(array, at)) {
      case INTERFACE -> {
        if (end - body >= 8) {
          interfaces.add(describe(array, body, end));
        }
        yield null;
      }
      case PACKET -> end - body < 20 ? tooShort(length) : timed(array, body, u32(array, body), end);
      case OLD_PACKET ->
          end - body < 20 ? tooShort(length) : timed(array, body, u16(array, body), end);
      case SIMPLE_PACKET -> {
        if (end - body < 4) {
          yield tooShort(length);
        }
        yield interfaces.isEmpty() ? ofNoInterface(0) : simple(array, body, end);
      }
      default -> null;
    };
  }

  private @Nullable Packet tooShort(int length) {
    problem = "a block of " + length + " octets is too short for a packet";
    return null;
  }

  private @Nullable Packet ofNoInterface(long number) {
    problem = "a packet of interface " + number + ", which was not described before";
    return null;
  }

  private Interface describe(byte[] array, int body, int end) {
    long perSecond = MICROS;
    long offset = 0;
    for (int at = body + 8; at + 4 <= end; ) {
      int code = u16(array, at);
      int length = u16(array, at + 2);
      if (code == 0 || at + 4 + length > end) {
        break;
      }
      if (code == 9 && length == 1) { // if_tsresol
        int exponent = array[at + 4] & 0x7f;
        boolean binary = (array[at + 4] & 0x80) != 0;
        perSecond = 1;
        for (int i = 0; i < Math.min(exponent, binary ? 62 : 18); i++) {
          perSecond *= binary ? 2 : 10;
        }
      } else if (code == 14 && length == 8) { // if_tsoffset
        long high = u32(array, littleEndian ? at + 8 : at + 4);
        offset = high << 32 | u32(array, littleEndian ? at + 4 : at + 8);
      }
      at += 4 + (length + 3) / 4 * 4;
    }
    return new Interface(u16(array, body), perSecond, offset, u32(array, body + 4));
  }

  private @Nullable Packet timed(byte[] array, int body, long number, int end) {
    if (number >= interfaces.size()) {
      return ofNoInterface(number);
    }
    Interface from = interfaces.get((int) number);
    long time = u32(array, body + 4) << 32 | u32(array, body + 8);
    long seconds = Long.divideUnsigned(time, from.perSecond);
    long rest = Long.remainderUnsigned(time, from.perSecond);
    long captured = u32(array, body + 12);
    if (captured > end - body - 20) {
      problem = "a packet of " + captured + " octets in a block that has " + (end - body - 20);
      captured = end - body - 20;
    }
    return new Packet(
        seconds + from.offsetSeconds,
        (int) ((double) rest / from.perSecond * MICROS),
        from.linkType,
        body + 20,
        (int) captured,
        u32(array, body + 16));
  }

  private Packet simple(byte[] array, int body, int end) {
    Interface from = interfaces.getFirst();
    long original = u32(array, body);
    long captured = Math.min(original, end - body - 4);
    if (from.snapLength > 0) {
      captured = Math.min(captured, from.snapLength);
    }
    return new Packet(0, 0, from.linkType, body + 4, (int) captured, original);
  }
}
