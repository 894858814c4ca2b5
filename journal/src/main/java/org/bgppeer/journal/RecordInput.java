package org.bgppeer.journal;

import java.io.Closeable;
import java.io.IOException;

/// Cuts a stream of octets into MRT records, in one buffer and without an object per record.
///
/// It looks at the record header only (RFC 6396 §2): time (4), type (2), subtype (2), length (4) of
/// what follows.
final class RecordInput implements Closeable {
  /// Octets of the header.
  static final int HEADER = 12;

  /// No record of ours is longer: a BGP message has 65535 octets at most (RFC 8654).
  static final int MAX_RECORD = 1 << 20;

  private static final int BUFFER = 1 << 18;
  static final int BGP4MP = 16;
  static final int BGP4MP_ET = 17;

  /// TABLE_DUMP_V2, whose subtype 1 says why a state changed.
  private static final int PEERS = 13;

  /// Of BGP4MP (RFC 8050).
  private static final int LAST_SUBTYPE = 11;

  /// Octets of the longest message, and what stands before it.
  private static final int MAX_BODY = 65_535 + 64;

  /// The shortest body of BGP4MP: a state change between IPv4 addresses and 2-octet AS numbers.
  private static final int BGP4MP_MIN = 20;

  /// Where the octets come from.
  interface Source extends Closeable {
    /// As [java.io.InputStream#read(byte[], int, int)]; but a file that grows may have more after
    /// -1.
    int read(byte[] into, int offset, int length) throws IOException;

    /// Goes back so many octets, if this source can.
    ///
    /// @return whether it did
    default boolean back(int octets) throws IOException {
      return false;
    }

    /// After [#read] has thrown [NoRecord]: goes to the next octets that can be read.
    ///
    /// @return octets that are left out for that; 0 if there are none behind
    default long skipDamage() throws IOException {
      return 0;
    }
  }

  private final Source source;
  private byte[] buffer = new byte[BUFFER];
  private int start; // of the record
  private int length; // of the record, 0 before the first
  private int end; // of what is in the buffer
  private long position; // of the octet at `start`
  private int torn;
  private long lost;

  /// @param position offset of the source's next octet in its segment
  RecordInput(Source source, long position) {
    this.source = source;
    this.position = position;
  }

  /// Whether a record of this type may have so many octets behind its header. Zeros, which is what
  /// a file system may leave where the power went away, are no record.
  static boolean plausible(int type, long bodyLength) {
    int min = type == BGP4MP ? BGP4MP_MIN : type == BGP4MP_ET ? BGP4MP_MIN + 4 : 1;
    return type != 0 && bodyLength >= min && bodyLength <= MAX_RECORD - HEADER;
  }

  static int u16(byte[] octets, int offset) {
    return (octets[offset] & 0xff) << 8 | octets[offset + 1] & 0xff;
  }

  static long u32(byte[] octets, int offset) {
    return (long) u16(octets, offset) << 16 | u16(octets, offset + 2);
  }

  /// Whether the octets at `offset` are whole records, one at least.
  static boolean areRecords(byte[] octets, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (end - at >= HEADER) {
      long body = u32(octets, at + 8);
      if (!plausible(u16(octets, at + 4), body) || body > end - at - HEADER) {
        return false;
      }
      at += HEADER + (int) body;
    }
    return length > 0 && at == end;
  }

  /// Goes to the next record; false if the source has no whole one (yet).
  ///
  /// @throws NoRecord if what follows cannot be the beginning of a record, or the source cannot be
  ///     uncompressed; it stays there
  boolean next() throws IOException {
    start += length;
    position += length;
    length = 0;
    torn = 0;
    while (true) {
      int buffered = end - start;
      int needed = HEADER;
      if (buffered >= HEADER) {
        int type = u16(buffer, start + 4);
        long body = u32(buffer, start + 8);
        if (!plausible(type, body)) {
          throw new NoRecord(type, body);
        }
        needed = HEADER + (int) body;
        if (buffered >= needed) {
          length = needed;
          return true;
        }
      }
      if (!fill(needed)) {
        torn = end - start;
        if (torn > 0 && source.back(torn)) {
          end = start; // whoever cut it may write something else there
        }
        return false;
      }
    }
  }

  /// After [#next] found no record: looks for the next octet at which one begins that is plausible,
  /// as is what follows it. If there is none, the position stays where it is, and nothing more is
  /// to be read.
  ///
  /// @param from what is of an earlier second is no record of this segment
  /// @param to nor what is of a later one
  /// @return octets that were skipped; 0 if there is none
  long skipToRecord(long from, long to) throws IOException {
    long damage = position;
    int step = 1; // from what is no record; 0 where nothing was looked at yet
    length = 0;
    while (true) {
      try {
        if (end - start <= HEADER + 4 && !fill(2 * HEADER)) {
          break;
        }
        if (end - start > HEADER + 4) {
          start += step;
          position += step;
          step = 1;
          if (isHeader(start, from, to) && isFollowed(from, to)) {
            return position - damage;
          }
        }
      } catch (NoRecord e) {
        long octets = source.skipDamage(); // what cannot be uncompressed
        position += end - start + octets;
        start = end;
        step = 0;
        if (octets == 0) {
          break;
        }
      }
    }
    lost = position + end - start - damage;
    position = damage;
    start = end;
    return 0;
  }

  /// After [#skipToRecord] found none: octets to the end of the source, as far as they can be
  /// counted.
  long lost() {
    return lost;
  }

  /// Whether behind the record that may begin here another one does, or the source ends.
  private boolean isFollowed(long from, long to) throws IOException {
    int size = HEADER + (int) u32(buffer, start + 8);
    try {
      while (end - start < size + HEADER + 4) {
        if (!fill(size + HEADER + 4)) {
          return end - start == size;
        }
      }
    } catch (NoRecord e) {
      return end - start >= size; // the next damage is behind it
    }
    return isHeader(start + size, from, to);
  }

  private boolean isHeader(int at, long from, long to) {
    long seconds = u32(buffer, at);
    int type = u16(buffer, at + 4);
    int subtype = u16(buffer, at + 6);
    long body = u32(buffer, at + 8);
    return seconds >= from
        && seconds <= to
        && body <= MAX_BODY
        && plausible(type, body)
        && switch (type) {
          case PEERS -> subtype == 1;
          case BGP4MP -> subtype <= LAST_SUBTYPE;
          case BGP4MP_ET -> subtype <= LAST_SUBTYPE && u32(buffer, at + HEADER) < 1_000_000;
          default -> false;
        };
  }

  private boolean fill(int needed) throws IOException {
    if (start > 0 && start == end) {
      start = 0;
      end = 0;
    } else if (buffer.length - start < needed) {
      byte[] target = needed <= buffer.length ? buffer : new byte[Math.max(needed, 2 * BUFFER)];
      System.arraycopy(buffer, start, target, 0, end - start);
      buffer = target;
      end -= start;
      start = 0;
    }
    int read = source.read(buffer, end, buffer.length - end);
    if (read <= 0) {
      return false;
    }
    end += read;
    return true;
  }

  /// The buffer that the record is in; it and its contents change with [#next].
  byte[] buffer() {
    return buffer;
  }

  /// Where in the buffer the record begins.
  int start() {
    return start;
  }

  /// Octets of the record, header included; 0 if the last [#next] found none.
  int length() {
    return length;
  }

  /// Offset in the segment of the record, or, if there is none, of where it would begin.
  long position() {
    return position;
  }

  /// Octets that the last [#next] found of a record that is not whole.
  int torn() {
    return torn;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  /// What follows is no record.
  static final class NoRecord extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;

    NoRecord(int type, long bodyLength) {
      this("no record has type " + type + " and length " + bodyLength);
    }

    NoRecord(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }
}
