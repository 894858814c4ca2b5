package org.bgppeer.store;

import java.time.Instant;
import org.bgppeer.journal.Position;
import org.jspecify.annotations.Nullable;

/// How far the database has followed one source.
///
/// @param name `live`, or the name of an archive
/// @param position everything before it is in the database
/// @param projectedAt the time of the newest record that it has; null if none
/// @param beatAt when the projector said last that it is alive; null if never
/// @param lagSeconds between a record and its row at that time; 0 if it had caught up
public record Follower(
    String name,
    Position position,
    @Nullable Instant projectedAt,
    @Nullable Instant beatAt,
    double lagSeconds) {}
