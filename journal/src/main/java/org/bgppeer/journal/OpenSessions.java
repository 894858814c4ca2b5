package org.bgppeer.journal;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtFormat;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.jspecify.annotations.Nullable;

/// The sessions that are up after the records that it was shown: those with a state change to
/// Established and none from there since. All other records it hops over.
final class OpenSessions {
  private static final int STATE_CHANGE = 0;
  private static final int STATE_CHANGE_AS4 = 5;

  private final Set<Session> up = new LinkedHashSet<>();
  private boolean onlyRestated = true;

  private record Session(long peerAs, long localAs, Octets peerAddress, Octets localAddress) {
    byte[] stateChange(MrtFormat format, Instant at, int newState, @Nullable StateReason reason) {
      return Mrt.stateChange(
          format,
          at,
          peerAs,
          localAs,
          peerAddress.toByteArray(),
          localAddress.toByteArray(),
          Mrt.ESTABLISHED,
          newState,
          reason);
    }
  }

  int count() {
    return up.size();
  }

  /// Whether it has seen nothing but what a segment begins with, which is 6 -> 6 of each session
  /// and the record before: there may have been more of them.
  boolean onlyRestated() {
    return onlyRestated;
  }

  /// Follows all of the octets, which are whole records.
  void followAll(byte[] octets, int from, int to) {
    int at = from;
    while (at < to) {
      int length = RecordInput.HEADER + (int) RecordInput.u32(octets, at + 8);
      follow(octets, at, length);
      at += length;
    }
  }

  /// Follows one record.
  void follow(byte[] octets, int offset, int length) {
    int subtype = RecordInput.u16(octets, offset + 6);
    if (RecordInput.u16(octets, offset + 4) == Mrt.TABLE_DUMP_V2) {
      return; // says something of the records behind it
    }
    if (subtype != STATE_CHANGE && subtype != STATE_CHANGE_AS4) {
      onlyRestated = false;
      return;
    }
    MrtRecord record;
    try {
      record = MrtRecord.of(octets, offset, offset + length);
    } catch (MrtError e) {
      onlyRestated = false;
      return; // nothing that says which session: a follower will show it
    }
    if (!record.isStateChange()) {
      onlyRestated = false;
      return;
    }
    boolean wasUp = record.oldState() == Mrt.ESTABLISHED;
    boolean isUp = record.newState() == Mrt.ESTABLISHED;
    onlyRestated &= wasUp && isUp;
    var session =
        new Session(record.peerAs(), record.localAs(), record.peerAddress(), record.localAddress());
    if (isUp) {
      up.add(session);
    } else if (wasUp) {
      up.remove(session); // an attempt beside an open session begins in another state
    }
  }

  /// 6 -> 6 of each session, for the beginning of a segment.
  byte[] restated(MrtFormat format, Instant at) {
    return stateChanges(format, at, Mrt.ESTABLISHED, null);
  }

  /// 6 -> 1 of each session, for the end of a crash.
  byte[] crashed(MrtFormat format, Instant at) {
    var reason = new StateReason(SessionCause.COLLECTOR_CRASHED, "", "");
    return stateChanges(format, at, Mrt.IDLE, reason);
  }

  private byte[] stateChanges(
      MrtFormat format, Instant at, int newState, @Nullable StateReason reason) {
    var all = new ByteArrayOutputStream();
    up.forEach(session -> all.writeBytes(session.stateChange(format, at, newState, reason)));
    return all.toByteArray();
  }
}
