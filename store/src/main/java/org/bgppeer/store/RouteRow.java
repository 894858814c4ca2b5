package org.bgppeer.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One route of one neighbor: the current version, active or not, or a former version of it.
///
/// @param prefix the canonical text of the NLRI: a prefix, or of other families what identifies a
///   route (see docs/nlri.md)
/// @param details what the NLRI says beside that: `label 24001`; empty if nothing
/// @param pathId the ADD-PATH path identifier; null if the session has none
/// @param nextHop an address; a link-local one behind it in IPv6 after a space
/// @param active whether the neighbor holds it now, as far as we know
/// @param stale active, but not yet sent again since our restart
/// @param reason why it is not active, a name of DESIGN's list (`withdrawn`, `replaced`,
///   `session-down`, …); null if active
/// @param inferred whether the end was concluded and not seen
/// @param why the reason in words; empty if active
/// @param origin `IGP`, `EGP` or `INCOMPLETE`
/// @param asPath as text, sets in braces, confederations in brackets; empty for a path of our own
///   AS
/// @param communities, largeCommunities, extCommunities as text, separated by spaces; empty if none
/// @param aggregator `AS address`; null if none
/// @param otherAttributes the attributes without a column, a line each: name and text or hex; empty
///   if none
/// @param validFrom when this version came
/// @param validTo when it ended; null if it is active
/// @param firstSeen when this path of this prefix came from this neighbor for the first time ever
/// @param lastChanged when its state or attributes changed last
/// @param packet the packet that brought this version
/// @param endPacket the packet that ended it; null if it is active or no packet did
public record RouteRow(
    String neighbor,
    String neighborAddress,
    long neighborAs,
    String family,
    String prefix,
    String details,
    @Nullable Long pathId,
    String nextHop,
    boolean active,
    boolean stale,
    @Nullable String reason,
    boolean inferred,
    String why,
    String origin,
    String asPath,
    @Nullable Long originAs,
    @Nullable Long med,
    @Nullable Long localPref,
    String communities,
    String largeCommunities,
    String extCommunities,
    boolean atomicAggregate,
    @Nullable String aggregator,
    String otherAttributes,
    Instant validFrom,
    @Nullable Instant validTo,
    Instant firstSeen,
    Instant lastChanged,
    @Nullable Long packet,
    @Nullable Long endPacket) {}
