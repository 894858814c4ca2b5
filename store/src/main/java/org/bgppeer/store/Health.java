package org.bgppeer.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How the collector itself does, as far as the database knows.
///
/// @param projectedAt the time of the newest journal record that the database holds; null if it is
///     empty
/// @param beatAt when the projector last said that it is alive; null if none ever ran
/// @param lagSeconds between a record and its row at the last beat; 0 if it has caught up
/// @param databaseBytes size of the database
public record Health(
    @Nullable Instant projectedAt,
    @Nullable Instant beatAt,
    double lagSeconds,
    long databaseBytes) {}
