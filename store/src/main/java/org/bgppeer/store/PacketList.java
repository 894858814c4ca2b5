package org.bgppeer.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Packets that a search found.
///
/// @param rows newest first, or oldest first where newer ones than some packet were asked for
/// @param looked how far it looked, if it ended for the time it took; null if there is nothing that
///     it did not look at, or there are as many rows as were asked for
public record PacketList(List<PacketRow> rows, @Nullable Place looked) {

  /// A place in the journal: the search goes on from there with its number as `before`, or as
  /// `after` where newer packets are asked for.
  ///
  /// @param at when what is there came; null if it did not come as far as a packet
  public record Place(long id, @Nullable Instant at) {}
}
