package org.bgppeer.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which table to read: the active routes of these at one moment. Null means any.
///
/// @param source `live`, or the name of an archive
/// @param neighbor its name
/// @param family for instance `ipv4-unicast`
/// @param at the moment asked for; null for now
public record TableQuery(
    @Nullable String source,
    @Nullable String neighbor,
    @Nullable String family,
    @Nullable Instant at) {}
