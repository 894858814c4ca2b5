package org.bgppeer.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A view of one MRT record (RFC 6396) where it stands in an array, which must not change
/// meanwhile. Messages and state changes of BGP sessions (types 16 and 17) are understood; of any
/// other type the header is.
public final class MrtRecord {
  /// Of a PEER_INDEX_TABLE: behind the header, the collector's identifier and a length.
  private static final int VIEW_NAME_AT = Mrt.HEADER_LENGTH + 6;

  private final byte[] array;
  private final int offset;
  private final int length;
  private final int type;
  private final int subtype;
  private int micros;
  private long peerAs;
  private long localAs;
  private int addressLength;
  private int addressesAt;
  private int bodyAt;
  private boolean understood;

  private MrtRecord(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
    this.type = WireReader.u16(array, offset + 4);
    this.subtype = WireReader.u16(array, offset + 6);
    this.bodyAt = offset + Mrt.HEADER_LENGTH;
  }

  /// The length of the record at `offset`, its header included, by that header. Needs 12 octets.
  public static long length(byte[] array, int offset) {
    return Mrt.HEADER_LENGTH + WireReader.u32(array, offset + 8);
  }

  /// The record at `offset`.
  ///
  /// @param end where the octets that may be read end
  /// @throws MrtError if it does not end before that, or is one of a session and too short
  public static MrtRecord of(byte[] array, int offset, int end) throws MrtError {
    if (end - offset < Mrt.HEADER_LENGTH) {
      throw new MrtError((end - offset) + " octets are left, too few for an MRT header");
    }
    long length = length(array, offset);
    if (length > end - offset) {
      throw new MrtError(
          "an MRT record of " + length + " octets where " + (end - offset) + " octets are left");
    }
    var record = new MrtRecord(array, offset, (int) length);
    record.readPeers();
    return record;
  }

  /// What keeps a record from being read whole, be it of a session or of a table; null if nothing
  /// does. What is wrong with the attributes of a message that is whole is not looked at.
  ///
  /// @param length of the record, header included, all of which is there
  /// @param peers the last peer index table before it; null if none came
  public static @Nullable String problem(
      byte[] array, int offset, int length, @Nullable PeerIndex peers) {
    try {
      if (Mrt.isPeerIndex(array, offset)) {
        PeerIndex.decode(array, offset + Mrt.HEADER_LENGTH, length - Mrt.HEADER_LENGTH);
      } else if (RibRoute.isTable(array, offset)) {
        RibRoute.decode(array, offset, length, peers);
      } else {
        MrtRecord record = of(array, offset, offset + length);
        if (record.isMessage()) {
          return HexInput.problem(array, record.messageOffset(), record.messageLength());
        }
      }
      return null;
    } catch (MrtError e) {
      return e.getMessage();
    }
  }

  private void readPeers() throws MrtError {
    boolean session = type == Mrt.BGP4MP || type == Mrt.BGP4MP_ET;
    if (!session) {
      return;
    }
    if (type == Mrt.BGP4MP_ET) {
      need(4);
      micros = (int) Math.min(WireReader.u32(array, bodyAt), 999_999);
      bodyAt += 4;
    }
    if (!isMessageSubtype() && !isStateSubtype()) {
      return;
    }
    int asLength = as4() ? 4 : 2;
    need(2 * asLength + 4);
    peerAs = as4() ? WireReader.u32(array, bodyAt) : WireReader.u16(array, bodyAt);
    localAs = as4() ? WireReader.u32(array, bodyAt + 4) : WireReader.u16(array, bodyAt + 2);
    bodyAt += 2 * asLength + 4;
    int afi = WireReader.u16(array, bodyAt - 2);
    if (afi != 1 && afi != 2) {
      throw new MrtError("address family " + afi + " of an MRT record is not 1 or 2");
    }
    addressLength = afi == 1 ? 4 : 16;
    addressesAt = bodyAt;
    need(2 * addressLength);
    bodyAt += 2 * addressLength;
    if (isStateSubtype()) {
      need(4);
    }
    understood = true;
  }

  private void need(int octets) throws MrtError {
    int left = offset + length - bodyAt;
    if (left < octets) {
      throw new MrtError(
          "an MRT record of type "
              + type
              + "/"
              + subtype
              + " and "
              + length
              + " octets is too short");
    }
  }

  /// Where it begins in [#array].
  public int offset() {
    return offset;
  }

  /// Its length in octets, header included.
  public int length() {
    return length;
  }

  /// The type, 0..65535: 16 or 17 for a session's.
  public int type() {
    return type;
  }

  /// The subtype, 0..65535.
  public int subtype() {
    return subtype;
  }

  /// Seconds since 1970, 0..4294967295.
  public long seconds() {
    return WireReader.u32(array, offset);
  }

  /// Microseconds of the second, 0..999999; 0 if it has none.
  public int micros() {
    return micros;
  }

  /// When it happened.
  public Instant at() {
    return Instant.ofEpochSecond(seconds(), micros * 1000L);
  }

  /// Whether it is a message of a session.
  public boolean isMessage() {
    return understood && isMessageSubtype();
  }

  /// Whether it is a state change of a session.
  public boolean isStateChange() {
    return understood && isStateSubtype();
  }

  /// Whether it is a message that the collector sent.
  public boolean isLocal() {
    return isMessage()
        && switch (subtype) {
          case Mrt.MESSAGE_LOCAL,
              Mrt.MESSAGE_AS4_LOCAL,
              Mrt.MESSAGE_LOCAL_ADDPATH,
              Mrt.MESSAGE_AS4_LOCAL_ADDPATH ->
              true;
          default -> false;
        };
  }

  /// Whether the routes of the message have path identifiers.
  public boolean addPath() {
    return isMessage() && subtype >= Mrt.MESSAGE_ADDPATH;
  }

  /// Whether AS numbers have 4 octets in it.
  public boolean as4() {
    return switch (subtype) {
      case Mrt.MESSAGE_AS4,
          Mrt.STATE_CHANGE_AS4,
          Mrt.MESSAGE_AS4_LOCAL,
          Mrt.MESSAGE_AS4_ADDPATH,
          Mrt.MESSAGE_AS4_LOCAL_ADDPATH ->
          true;
      default -> false;
    };
  }

  /// What the record itself knows of how to decode its message: where OPENs are at hand, what they
  /// agree on is better ([Negotiated#context]).
  public DecodeContext context() {
    return new DecodeContext(
        as4(), addPath() ? Set.copyOf(Family.KNOWN) : Set.of(), peerAs == localAs);
  }

  /// The neighbor's AS; 0 if not known.
  public long peerAs() {
    return peerAs;
  }

  /// The collector's AS.
  public long localAs() {
    return localAs;
  }

  /// The neighbor's address, 4 or 16 octets.
  public Octets peerAddress() {
    return Octets.copyOf(array, addressesAt, addressLength);
  }

  /// The collector's address, as many.
  public Octets localAddress() {
    return Octets.copyOf(array, addressesAt + addressLength, addressLength);
  }

  /// The array that the record stands in, not a copy.
  public byte[] array() {
    return array;
  }

  /// Where the message begins in the array.
  public int messageOffset() {
    return bodyAt;
  }

  /// How many octets of message the record has: as many as the message's own header says, if it was
  /// written whole.
  public int messageLength() {
    return offset + length - bodyAt;
  }

  /// The state before, 1..6 (see [Mrt#IDLE]); 0 if this is no state change.
  public int oldState() {
    return isStateChange() ? WireReader.u16(array, bodyAt) : 0;
  }

  /// The state after, 1..6; 0 if this is no state change.
  public int newState() {
    return isStateChange() ? WireReader.u16(array, bodyAt + 2) : 0;
  }

  /// Whether it tells the reason of the state change behind it, and nothing else: see
  /// [StateReasons].
  public boolean isReason() {
    return tellsReason() != null;
  }

  /// The reason that it tells of the state change behind it; null if it is no such record.
  @Nullable StateReason tellsReason() {
    int viewName = viewNameLength();
    return viewName < 0 ? null : StateReason.decode(array, offset + VIEW_NAME_AT, viewName);
  }

  /// The name of the file before this one, if this is the record that says it: see [Mrt#follows].
  public @Nullable String follows() {
    int length = viewNameLength() - Mrt.FOLLOWS.length();
    if (length < 0) {
      return null;
    }
    var name =
        new String(array, offset + VIEW_NAME_AT, viewNameLength(), StandardCharsets.US_ASCII);
    return name.startsWith(Mrt.FOLLOWS) ? name.substring(Mrt.FOLLOWS.length()) : null;
  }

  /// The peer that the reason is about: address and AS, as they stand there.
  Octets toldPeer() {
    int at = offset + VIEW_NAME_AT + viewNameLength() + 7;
    return Octets.copyOf(array, at, offset + length - at);
  }

  /// The peer of a session's record, in the same form.
  Octets peer() {
    return Octets.of(
        new WireWriter(20).octets(array, addressesAt, addressLength).u32(peerAs).toByteArray());
  }

  /// Octets of the view name of a PEER_INDEX_TABLE with one peer whose AS has 4 octets; -1 if it is
  /// something else.
  private int viewNameLength() {
    if (type != Mrt.TABLE_DUMP_V2 || subtype != Mrt.PEER_INDEX_TABLE || length < VIEW_NAME_AT) {
      return -1;
    }
    int viewName = WireReader.u16(array, offset + VIEW_NAME_AT - 2);
    int peer = length - VIEW_NAME_AT - viewName - 7; // behind count, type and identifier
    return (peer == 8 || peer == 20) && WireReader.u16(array, offset + length - peer - 7) == 1
        ? viewName
        : -1;
  }

  /// What stands behind the fixed body of a state change, if that is a reason: earlier versions
  /// wrote it there.
  @Nullable StateReason reason() {
    int at = bodyAt + 4;
    return isStateChange() && at < offset + length
        ? StateReason.decode(array, at, offset + length - at)
        : null;
  }

  private boolean isMessageSubtype() {
    return subtype == Mrt.MESSAGE
        || (subtype >= Mrt.MESSAGE_AS4
            && subtype <= Mrt.MESSAGE_AS4_LOCAL_ADDPATH
            && subtype != Mrt.STATE_CHANGE_AS4);
  }

  private boolean isStateSubtype() {
    return subtype == Mrt.STATE_CHANGE || subtype == Mrt.STATE_CHANGE_AS4;
  }
}
