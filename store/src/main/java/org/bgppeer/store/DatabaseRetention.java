package org.bgppeer.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long the database keeps what is over. What a neighbor holds now is kept always.
///
/// @param history former versions of routes, and routes that ended: from their end on; null for
///   ever
/// @param databaseOctets above which the oldest history goes before its time; 0 for no limit
/// @param log sessions, the session log, findings, counts over time; null for ever
public record DatabaseRetention(
    @Nullable Duration history, long databaseOctets, @Nullable Duration log) {
  /// Everything, for ever.
  public static final DatabaseRetention FOR_EVER = new DatabaseRetention(null, 0, null);
}
