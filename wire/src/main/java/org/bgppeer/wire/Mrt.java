package org.bgppeer.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Writes MRT records of BGP sessions (RFC 6396 §4.4, RFC 8050), with microseconds (§3) or without:
/// see [MrtFormat]. [MrtRecord] reads them.
///
/// ```
/// +---------------+----------+-------------+------------+------------------+
/// | Timestamp (4) | Type (2) | Subtype (2) | Length (4) | Microseconds (4) |   octets
/// +---------------+----------+-------------+------------+------------------+
/// | Peer AS (2|4) | Local AS (2|4) | Interface Index (2) | Address Family (2) |
/// +---------------+----------------+---------------------+--------------------+
/// | Peer IP Address (4|16) | Local IP Address (4|16) | the BGP message, or two states (2 each) |
/// +------------------------+-------------------------+-----------------------------------------+
/// ```
///
/// The length counts what stands behind it, microseconds included. The subtype of a message says
/// three things: whether AS numbers in it have 4 octets, whether we sent it, and whether its routes
/// have path identifiers.
///
/// A state change has no room for the reason. That stands before it in a record that no program
/// stumbles over, a PEER_INDEX_TABLE (§4.3.1) whose view name is the reason and whose one peer is
/// the neighbor; [StateReasons] puts the two together.
public final class Mrt {
  /// BGP4MP with microseconds.
  public static final int BGP4MP_ET = 17;

  /// BGP4MP without microseconds.
  public static final int BGP4MP = 16;

  /// One route of one neighbor (RFC 6396 §4.2).
  public static final int TABLE_DUMP = 12;

  /// A prefix with the routes of all neighbors (RFC 6396 §4.3).
  public static final int TABLE_DUMP_V2 = 13;

  static final int PEER_INDEX_TABLE = 1;

  /// What the view name of [#follows] begins with.
  static final String FOLLOWS = "follows=";

  /// Octets of the header that each record has, microseconds not included.
  public static final int HEADER_LENGTH = 12;

  /// The states of a session as the records number them (RFC 6396 §4.4.1).
  public static final int IDLE = 1;

  public static final int CONNECT = 2;
  public static final int ACTIVE = 3;
  public static final int OPEN_SENT = 4;
  public static final int OPEN_CONFIRM = 5;
  public static final int ESTABLISHED = 6;

  static final int STATE_CHANGE = 0;
  static final int MESSAGE = 1;
  static final int MESSAGE_AS4 = 4;
  static final int STATE_CHANGE_AS4 = 5;
  static final int MESSAGE_LOCAL = 6;
  static final int MESSAGE_AS4_LOCAL = 7;
  static final int MESSAGE_ADDPATH = 8;
  static final int MESSAGE_AS4_ADDPATH = 9;
  static final int MESSAGE_LOCAL_ADDPATH = 10;
  static final int MESSAGE_AS4_LOCAL_ADDPATH = 11;

  private Mrt() {}

  /// Whether the record at `at` is a peer index table, which those behind it need.
  public static boolean isPeerIndex(byte[] array, int at) {
    return WireReader.u32(array, at + 4) == ((long) TABLE_DUMP_V2 << 16 | PEER_INDEX_TABLE);
  }

  /// The record of one message, whole.
  ///
  /// @param local whether we sent it
  /// @param peerAddress 4 or 16 octets
  /// @param localAddress as many
  /// @param context of the session; before it is agreed on, [DecodeContext#AS4]
  public static byte[] bgp4mpMessage(
      Instant at,
      boolean local,
      long peerAs,
      long localAs,
      byte[] peerAddress,
      byte[] localAddress,
      byte[] message,
      int offset,
      int length,
      DecodeContext context) {
    var out = new WireWriter(length + 64);
    writeMessage(
        out,
        MrtFormat.BGP4MP_ET,
        at,
        local,
        peerAs,
        localAs,
        peerAddress,
        localAddress,
        message,
        offset,
        length,
        context);
    return out.toByteArray();
  }

  /// The same, behind what `out` already has, without garbage.
  public static void writeMessage(
      WireWriter out,
      MrtFormat format,
      Instant at,
      boolean local,
      long peerAs,
      long localAs,
      byte[] peerAddress,
      byte[] localAddress,
      byte[] message,
      int offset,
      int length,
      DecodeContext context) {
    boolean addPath = !local && hasPathIds(message, offset, length, context);
    int subtype = subtype(context.as4(), local, addPath);
    int start = begin(out, format, at, subtype);
    writePeers(out, context.as4(), peerAs, localAs, peerAddress, localAddress);
    out.octets(message, offset, length);
    end(out, start);
  }

  /// The record of a state change and, if there is a reason, the one before it that tells it: to be
  /// appended together.
  ///
  /// @param oldState 1 Idle, 2 Connect, 3 Active, 4 OpenSent, 5 OpenConfirm, 6 Established
  /// @param newState one of the same
  /// @param reason null for none
  public static byte[] stateChange(
      MrtFormat format,
      Instant at,
      long peerAs,
      long localAs,
      byte[] peerAddress,
      byte[] localAddress,
      int oldState,
      int newState,
      @Nullable StateReason reason) {
    var out = new WireWriter(256);
    if (reason != null) {
      writeReason(out, at, peerAs, peerAddress, reason.encode());
    }
    int start = begin(out, format, at, STATE_CHANGE_AS4);
    writePeers(out, true, peerAs, localAs, peerAddress, localAddress);
    out.u16(oldState).u16(newState);
    end(out, start);
    return out.toByteArray();
  }

  /// The same in [MrtFormat#BGP4MP_ET].
  public static byte[] stateChange(
      Instant at,
      long peerAs,
      long localAs,
      byte[] peerAddress,
      byte[] localAddress,
      int oldState,
      int newState,
      @Nullable StateReason reason) {
    return stateChange(
        MrtFormat.BGP4MP_ET,
        at,
        peerAs,
        localAs,
        peerAddress,
        localAddress,
        oldState,
        newState,
        reason);
  }

  private static void writeReason(
      WireWriter out, Instant at, long peerAs, byte[] peerAddress, byte[] viewName) {
    int start = out.length();
    int length = Math.min(viewName.length, 0xffff);
    out.u32(at.getEpochSecond()).u16(TABLE_DUMP_V2).u16(PEER_INDEX_TABLE).u32(0);
    out.u32(0).u16(length).octets(viewName, 0, length); // no collector's identifier; view name
    out.u16(1).u8(peerAddress.length == 4 ? 2 : 3).u32(0).octets(peerAddress).u32(peerAs);
    end(out, start);
  }

  /// The record that begins a file of a journal and names the file before it: like a reason one
  /// that no program stumbles over. [MrtRecord#follows] reads it.
  ///
  /// @param before the name of that file, in ASCII
  public static byte[] follows(Instant at, String before) {
    var out = new WireWriter(64);
    byte[] nobody = new byte[4];
    writeReason(out, at, 0, nobody, (FOLLOWS + before).getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  /// The same record as one of BGP4MP, which has seconds only.
  public static byte[] withoutMicroseconds(byte[] record) {
    var out = new WireWriter(record.length);
    out.octets(record, 0, 4).u16(BGP4MP).octets(record, 6, 2);
    out.u32(WireReader.u32(record, 8) - 4);
    out.octets(record, HEADER_LENGTH + 4, record.length - HEADER_LENGTH - 4);
    return out.toByteArray();
  }

  private static int subtype(boolean as4, boolean local, boolean addPath) {
    if (as4) {
      return addPath
          ? (local ? MESSAGE_AS4_LOCAL_ADDPATH : MESSAGE_AS4_ADDPATH)
          : (local ? MESSAGE_AS4_LOCAL : MESSAGE_AS4);
    }
    return addPath
        ? (local ? MESSAGE_LOCAL_ADDPATH : MESSAGE_ADDPATH)
        : (local ? MESSAGE_LOCAL : MESSAGE);
  }

  private static int begin(WireWriter out, MrtFormat format, Instant at, int subtype) {
    int start = out.length();
    out.u32(at.getEpochSecond()).u16(format.type()).u16(subtype).u32(0);
    if (format == MrtFormat.BGP4MP_ET) {
      out.u32(at.getNano() / 1000);
    }
    return start;
  }

  private static void writePeers(
      WireWriter out,
      boolean as4,
      long peerAs,
      long localAs,
      byte[] peerAddress,
      byte[] localAddress) {
    if (peerAddress.length != localAddress.length
        || (peerAddress.length != 4 && peerAddress.length != 16)) {
      throw new IllegalArgumentException(
          "addresses of "
              + peerAddress.length
              + " and "
              + localAddress.length
              + " octets are not of one IP version");
    }
    if (as4) {
      out.u32(peerAs).u32(localAs);
    } else {
      out.u16(as2(peerAs)).u16(as2(localAs));
    }
    out.u16(0).u16(peerAddress.length == 4 ? 1 : 2).octets(peerAddress).octets(localAddress);
  }

  private static int as2(long as) {
    return as > 0xffff ? Open.AS_TRANS : (int) as;
  }

  private static void end(WireWriter out, int start) {
    int length = out.length() - start - HEADER_LENGTH;
    out.putU16(start + 8, length >>> 16).putU16(start + 10, length);
  }

  /// Whether a message has routes of a family that has path identifiers (RFC 8050 §3 has no way to
  /// say it of one family of a message and not of another). False if it is no UPDATE or its lengths
  /// do not fit.
  static boolean hasPathIds(byte[] message, int offset, int length, DecodeContext context) {
    int end = offset + length;
    int at = offset + Framing.HEADER_LENGTH;
    if (context.addPath().isEmpty() || end - at < 4 || Framing.type(message, offset) != 2) {
      return false;
    }
    int withdrawn = WireReader.u16(message, at);
    at += 2 + withdrawn;
    if (at + 2 > end) {
      return false;
    }
    int attributesEnd = at + 2 + WireReader.u16(message, at);
    at += 2;
    if (attributesEnd > end) {
      return false;
    }
    if (withdrawn > 0 || attributesEnd < end) {
      if (context.hasPathIds(Family.IPV4_UNICAST)) {
        return true;
      }
    }
    while (attributesEnd - at >= 4) {
      int header = (message[at] & 0x10) != 0 ? 4 : 3;
      int code = message[at + 1] & 0xff;
      int value = header == 4 ? WireReader.u16(message, at + 2) : message[at + 2] & 0xff;
      if (value > attributesEnd - at - header) {
        return false;
      }
      if ((code == 14 || code == 15) && value >= 3) {
        int afi = WireReader.u16(message, at + header);
        if (context.hasPathIds(Family.of(afi, message[at + header + 2] & 0xff))) {
          return true;
        }
      }
      at += header + value;
    }
    return false;
  }
}
