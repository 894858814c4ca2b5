package org.bgppeer.web;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.SessionRow;
import org.jspecify.annotations.Nullable;

/// A neighbor in the data forms: the fields of `neighbors --format json`, in their order.
///
/// @param localAddress our end of its sessions, if that tells it from others; else null
/// @param session the number of the current or last session; null if it never had one
record NeighborData(
    String name,
    String source,
    String address,
    long as,
    @Nullable String localAddress,
    String state,
    Instant since,
    String why,
    long active,
    long stale,
    long inactive,
    Map<String, Long> activeByFamily,
    Map<String, Long> inactiveByFamily,
    @Nullable Integer session,
    @Nullable Instant sessionUp,
    @Nullable Instant sessionDown,
    @Nullable Long updates,
    @Nullable Instant lastPacket) {

  static NeighborData of(NeighborRow row) {
    SessionRow session = row.session();
    return new NeighborData(
        row.name(),
        row.source(),
        row.address(),
        row.as(),
        row.localAddress().isEmpty() ? null : row.localAddress(),
        row.state().name().toLowerCase(Locale.ROOT),
        row.since(),
        row.why(),
        row.active(),
        row.families().stream().mapToLong(FamilyCount::stale).sum(),
        row.inactive(),
        byFamily(row, FamilyCount::active),
        byFamily(row, FamilyCount::inactive),
        session == null ? null : session.generation(),
        session == null ? null : session.upAt(),
        session == null ? null : session.downAt(),
        session == null ? null : session.updates(),
        row.lastPacketAt());
  }

  private static Map<String, Long> byFamily(NeighborRow row, ToLongFunction<FamilyCount> count) {
    var counts = new TreeMap<String, Long>();
    row.families().forEach(family -> counts.put(family.family(), count.applyAsLong(family)));
    return counts;
  }
}
