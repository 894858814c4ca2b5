package org.bgppeer.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One line of the session log: a session came up or ended, a connection failed, a stranger called.
///
/// @param neighbor null if the caller is not configured
/// @param address the address that it concerns
/// @param kind `up`, `down`, `failed` (an attempt that did not become a session) or `rejected` (a
///     caller that we did not accept)
/// @param cause a name of [org.bgppeer.wire.SessionCause]; null for `up`
/// @param why in words, with codes in brackets behind
/// @param packet the NOTIFICATION that says why; null if there was none
/// @param times how often this came in a row (attempts that fail the same way are one row), at
///     least 1
/// @param lastAt when it came last; equal to `at` if `times` is 1
public record EventRow(
    long id,
    Instant at,
    @Nullable String neighbor,
    String address,
    String kind,
    @Nullable String cause,
    String why,
    @Nullable Long packet,
    int times,
    Instant lastAt) {}
