package org.bgppeer.web;

import java.time.Instant;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;

/// A route in the data forms: the fields of `routes --format json`, in their order, and behind them
/// what a page has more.
///
/// @param originAsName null if it is not known
/// @param packet, endPacket as text: JSON's readers take a number for a double, and lose digits
public record RouteData(
    String neighbor,
    long neighborAs,
    String family,
    String prefix,
    @Nullable Long pathId,
    String nextHop,
    boolean active,
    @Nullable String reason,
    String origin,
    String asPath,
    @Nullable Long originAs,
    @Nullable Long med,
    @Nullable Long localPref,
    String communities,
    String largeCommunities,
    String extCommunities,
    Instant firstSeen,
    Instant lastChanged,
    boolean stale,
    boolean inferred,
    String why,
    boolean atomicAggregate,
    @Nullable String aggregator,
    String otherAttributes,
    Instant validFrom,
    @Nullable Instant validTo,
    @Nullable String packet,
    @Nullable String endPacket,
    String details,
    @Nullable String originAsName) {

  static RouteData of(RouteRow row, AsNames names) {
    Long origin = row.originAs();
    String name = origin == null ? "" : names.of(origin);
    return new RouteData(
        row.neighbor(),
        row.neighborAs(),
        row.family(),
        row.prefix(),
        row.pathId(),
        row.nextHop(),
        row.active(),
        row.reason(),
        row.origin(),
        row.asPath(),
        row.originAs(),
        row.med(),
        row.localPref(),
        row.communities(),
        row.largeCommunities(),
        row.extCommunities(),
        row.firstSeen(),
        row.lastChanged(),
        row.stale(),
        row.inferred(),
        row.why(),
        row.atomicAggregate(),
        row.aggregator(),
        row.otherAttributes(),
        row.validFrom(),
        row.validTo(),
        text(row.packet()),
        text(row.endPacket()),
        row.details(),
        name.isEmpty() ? null : name);
  }

  private static @Nullable String text(@Nullable Long number) {
    return number == null ? null : number.toString();
  }
}
