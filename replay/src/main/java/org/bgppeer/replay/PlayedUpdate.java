package org.bgppeer.replay;

import java.util.HashSet;
import java.util.Set;
import org.bgppeer.wire.Aggregator;
import org.bgppeer.wire.AsPath;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.ErrorHandling;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Update;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/// An UPDATE as a file has it.
final class PlayedUpdate {
  private static final int AS_PATH = 2;
  private static final int AGGREGATOR = 7;
  private static final int MP_REACH_NLRI = 14;
  private static final int MP_UNREACH_NLRI = 15;
  private static final int AS4_PATH = 17;
  private static final int AS4_AGGREGATOR = 18;

  private static final int EXTENDED_LENGTH = 0x10;

  /// What to do with each attribute of a message: octets from `start`, its value from `value` to
  /// `end`.
  private interface Visitor {
    void attribute(int type, int start, int value, int end);
  }

  private final long micros;
  private final boolean as4;
  private final boolean addPath;
  private final byte[] message;

  /// @param micros when it came, microseconds since 1970
  /// @param as4 whether its AS numbers have 4 octets
  /// @param addPath whether its routes have path identifiers
  /// @param message whole, header included; not copied
  PlayedUpdate(long micros, boolean as4, boolean addPath, byte[] message) {
    this.micros = micros;
    this.as4 = as4;
    this.addPath = addPath;
    this.message = message;
  }

  /// When it came, microseconds since 1970.
  long micros() {
    return micros;
  }

  /// Whether its AS numbers have 4 octets.
  boolean as4() {
    return as4;
  }

  /// Whether its routes have path identifiers.
  boolean addPath() {
    return addPath;
  }

  /// The whole message, header included; not a copy.
  byte[] message() {
    return message;
  }

  /// The families whose routes it announces or withdraws; empty for an End-of-RIB. Families that
  /// are not decoded count as well.
  Set<Family> families() {
    var families = new HashSet<Family>();
    int withdrawn = u16(Framing.HEADER_LENGTH);
    int nlri =
        visit(
            (type, _, value, end) -> {
              int head =
                  type == MP_REACH_NLRI ? 5 : type == MP_UNREACH_NLRI ? 3 : Integer.MAX_VALUE;
              if (end - value > head) {
                int afi = u16(value);
                families.add(Family.of(afi, message[value + 2] & 0xff));
              }
            });
    if (withdrawn > 0 || nlri < message.length) {
      families.add(Family.IPV4_UNICAST);
    }
    return families;
  }

  /// The same for a session with 4-octet AS numbers: AS_PATH and AGGREGATOR merged with what
  /// AS4_PATH and AS4_AGGREGATOR add (RFC 6793 §4.2.3); those two are left out. Null if a malformed
  /// attribute keeps us from it.
  byte @Nullable [] widened() {
    if (as4) {
      return message;
    }
    var families = addPath ? families() : Set.<Family>of();
    var update =
        Update.decode(message, 0, message.length, new DecodeContext(false, families, false));
    if (update.handling() != ErrorHandling.NONE) {
      return null;
    }
    var path = update.attribute(AsPath.class);
    var aggregator = update.attribute(Aggregator.class);
    int attributes = Framing.HEADER_LENGTH + 2 + u16(Framing.HEADER_LENGTH);
    var out = new WireWriter(message.length + 64).octets(message, 0, attributes);
    int place = out.placeU16();
    int nlri =
        visit(
            (type, start, _, end) -> {
              switch (type) {
                case AS4_PATH, AS4_AGGREGATOR -> {}
                case AS_PATH -> {
                  if (path != null) {
                    write(out, message[start] & 0xff, type, value(path));
                  }
                }
                case AGGREGATOR -> {
                  if (aggregator != null) {
                    var value = new WireWriter().u32(aggregator.as()).octets(aggregator.address());
                    write(out, message[start] & 0xff, type, value);
                  }
                }
                default -> out.octets(message, start, end - start);
              }
            });
    out.fillU16(place).octets(message, nlri, message.length - nlri);
    return out.putU16(Framing.HEADER_LENGTH - 3, out.length()).toByteArray();
  }

  private static WireWriter value(AsPath path) {
    var value = new WireWriter();
    for (var segment : path.segments()) {
      value.u8(segment.type().code()).u8(segment.ases().size());
      segment.ases().forEach(value::u32);
    }
    return value;
  }

  private static void write(WireWriter out, int flags, int type, WireWriter value) {
    out.u8(flags | EXTENDED_LENGTH).u8(type).u16(value.length());
    out.octets(value.array(), 0, value.length());
  }

  private int u16(int at) {
    return (message[at] & 0xff) << 8 | (message[at + 1] & 0xff);
  }

  /// Walks the attributes as far as they are whole.
  ///
  /// @return where the NLRI begin; the end of the message if the lengths do not fit it
  private int visit(Visitor visitor) {
    int at = Framing.HEADER_LENGTH + 2 + u16(Framing.HEADER_LENGTH);
    if (at + 2 > message.length) {
      return message.length;
    }
    int end = at + 2 + u16(at);
    at += 2;
    if (end > message.length) {
      return message.length;
    }
    while (end - at >= 3) {
      boolean extended = (message[at] & EXTENDED_LENGTH) != 0;
      int value = at + (extended ? 4 : 3);
      if (value > end) {
        break;
      }
      int next = value + (extended ? u16(at + 2) : message[at + 2] & 0xff);
      if (next > end) {
        break;
      }
      visitor.attribute(message[at + 1] & 0xff, at, value, next);
      at = next;
    }
    return end;
  }
}
