package org.bgppeer.web;

import java.time.Instant;
import java.util.stream.Collectors;
import org.bgppeer.store.DiffRow;
import org.bgppeer.store.RouteField;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;

/// A difference in the data forms: the fields of `diff --format json`, in their order.
///
/// @param change `only-in-a`, `only-in-b` or `changed`
/// @param changed the names of the fields that differ, separated by spaces
public record DiffData(
    String change,
    String family,
    String prefix,
    String changed,
    @Nullable String aNeighbor,
    @Nullable String bNeighbor,
    @Nullable Long aPathId,
    @Nullable Long bPathId,
    @Nullable Instant aValidFrom,
    @Nullable Instant bValidFrom,
    @Nullable String aNextHop,
    @Nullable String bNextHop,
    @Nullable String aAsPath,
    @Nullable String bAsPath,
    @Nullable String aOrigin,
    @Nullable String bOrigin,
    @Nullable Long aMed,
    @Nullable Long bMed,
    @Nullable Long aLocalPref,
    @Nullable Long bLocalPref,
    @Nullable String aCommunities,
    @Nullable String bCommunities,
    @Nullable String aLargeCommunities,
    @Nullable String bLargeCommunities,
    @Nullable String aExtCommunities,
    @Nullable String bExtCommunities,
    @Nullable Boolean aAtomicAggregate,
    @Nullable Boolean bAtomicAggregate,
    @Nullable String aAggregator,
    @Nullable String bAggregator,
    @Nullable String aOtherAttributes,
    @Nullable String bOtherAttributes,
    @Nullable String aDetails,
    @Nullable String bDetails) {

  static DiffData of(DiffRow row) {
    RouteRow a = row.a();
    RouteRow b = row.b();
    return new DiffData(
        b == null ? "only-in-a" : a == null ? "only-in-b" : "changed",
        row.family(),
        row.prefix(),
        row.changed().stream().map(RouteField::text).collect(Collectors.joining(" ")),
        a == null ? null : a.neighbor(),
        b == null ? null : b.neighbor(),
        a == null ? null : a.pathId(),
        b == null ? null : b.pathId(),
        a == null ? null : a.validFrom(),
        b == null ? null : b.validFrom(),
        a == null ? null : a.nextHop(),
        b == null ? null : b.nextHop(),
        a == null ? null : a.asPath(),
        b == null ? null : b.asPath(),
        a == null ? null : a.origin(),
        b == null ? null : b.origin(),
        a == null ? null : a.med(),
        b == null ? null : b.med(),
        a == null ? null : a.localPref(),
        b == null ? null : b.localPref(),
        a == null ? null : a.communities(),
        b == null ? null : b.communities(),
        a == null ? null : a.largeCommunities(),
        b == null ? null : b.largeCommunities(),
        a == null ? null : a.extCommunities(),
        b == null ? null : b.extCommunities(),
        a == null ? null : a.atomicAggregate(),
        b == null ? null : b.atomicAggregate(),
        a == null ? null : a.aggregator(),
        b == null ? null : b.aggregator(),
        a == null ? null : a.otherAttributes(),
        b == null ? null : b.otherAttributes(),
        a == null ? null : a.details(),
        b == null ? null : b.details());
  }
}
