package org.bgppeer.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which packets to list, newest first unless `after` is given. Null means any.
///
/// @param type the message type code
/// @param findings true for those with a finding only
/// @param since, until received in this time, both inclusive
/// @param before only packets with a smaller id: the next page
/// @param after only packets with a greater id, oldest first: what came since
public record PacketQuery(
    @Nullable String neighbor,
    @Nullable Integer type,
    boolean findings,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable Long before,
    @Nullable Long after,
    int limit) {}
