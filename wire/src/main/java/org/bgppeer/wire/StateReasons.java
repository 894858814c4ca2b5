package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// Tells why states changed, to one who reads records in their order.
///
/// ```
/// PEER_INDEX_TABLE  view name `why=…`, one peer   a reason, see [StateReason]
/// STATE_CHANGE      of that peer                  its own record, at once behind
/// ```
///
/// A reason without its state change, which is what a crash between the two leaves, counts for
/// nothing. Files of earlier versions have the reason behind the fixed body of the state change;
/// that is read too.
public final class StateReasons {
  private @Nullable StateReason told;
  private @Nullable Octets peer;

  /// Takes the next record.
  ///
  /// @return why the state changed, if the record is a state change and that is known; null if not
  public @Nullable StateReason of(MrtRecord record) {
    var before = told;
    var neighbor = peer;
    told = record.tellsReason();
    peer = told == null ? null : record.toldPeer();
    if (!record.isStateChange()) {
      return null;
    }
    return neighbor != null && neighbor.equals(record.peer()) ? before : record.reason();
  }
}
