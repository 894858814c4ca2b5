package org.bgppeer.app;

import org.bgppeer.store.RouteRow;

/// The fields of a route, by the names that the view `routes` of the database has too.
final class RouteColumns {
  private RouteColumns() {}

  /// For a list of routes as they are or were at one moment.
  static Columns<RouteRow> ofRoutes() {
    return fields()
        .column("PREFIX", RouteColumns::prefixAndPath)
        .column("NEIGHBOR", RouteRow::neighbor)
        .column("NEXT HOP", row -> row.nextHop().isEmpty() ? "none" : row.nextHop())
        .elastic("AS PATH", RouteColumns::path)
        .column("STATE", RouteColumns::state, RouteColumns::tone)
        .column("SINCE (UTC)", row -> Moment.plain(row.lastChanged()))
        .elastic("WHY", RouteRow::why);
  }

  /// For the versions of one prefix.
  static Columns<RouteRow> ofVersions() {
    return fields()
        .column("FROM (UTC)", row -> Moment.plain(row.validFrom()))
        .column("TO (UTC)", row -> row.validTo() == null ? "now" : Moment.plain(row.validTo()))
        .column("NEIGHBOR", RouteColumns::neighborAndPath)
        .column("NEXT HOP", row -> row.nextHop().isEmpty() ? "none" : row.nextHop())
        .elastic("AS PATH", RouteColumns::path)
        .column("STATE", RouteColumns::state, RouteColumns::tone)
        .elastic("WHY IT ENDED", RouteRow::why);
  }

  private static Columns<RouteRow> fields() {
    return new Columns<RouteRow>()
        .field("neighbor", RouteRow::neighbor)
        .field("neighbor_address", RouteRow::neighborAddress)
        .field("neighbor_as", RouteRow::neighborAs)
        .field("family", RouteRow::family)
        .field("prefix", RouteRow::prefix)
        .field("path_id", RouteRow::pathId)
        .field("next_hop", RouteRow::nextHop)
        .field("active", RouteRow::active)
        .field("stale", RouteRow::stale)
        .field("reason", RouteRow::reason)
        .field("inferred", RouteRow::inferred)
        .field("why", RouteRow::why)
        .field("origin", RouteRow::origin)
        .field("as_path", RouteRow::asPath)
        .field("origin_as", RouteRow::originAs)
        .field("med", RouteRow::med)
        .field("local_pref", RouteRow::localPref)
        .field("communities", RouteRow::communities)
        .field("large_communities", RouteRow::largeCommunities)
        .field("ext_communities", RouteRow::extCommunities)
        .field("atomic_aggregate", RouteRow::atomicAggregate)
        .field("aggregator", RouteRow::aggregator)
        .field("other_attributes", RouteRow::otherAttributes)
        .field("first_seen", RouteRow::firstSeen)
        .field("last_changed", RouteRow::lastChanged)
        .field("valid_from", RouteRow::validFrom)
        .field("valid_to", RouteRow::validTo)
        .field("packet", RouteRow::packet)
        .field("end_packet", RouteRow::endPacket)
        .field("details", RouteRow::details);
  }

  private static String prefixAndPath(RouteRow row) {
    return row.prefix()
        + (row.pathId() == null ? "" : " #" + row.pathId())
        + (row.details().isEmpty() ? "" : " (" + row.details() + ")");
  }

  private static String neighborAndPath(RouteRow row) {
    return row.neighbor()
        + (row.pathId() == null ? "" : " #" + row.pathId())
        + (row.details().isEmpty() ? "" : " (" + row.details() + ")");
  }

  private static String path(RouteRow row) {
    return row.asPath().isEmpty() ? "(own AS)" : row.asPath();
  }

  private static String state(RouteRow row) {
    if (row.active()) {
      return row.stale() ? "stale" : "active";
    }
    return (row.reason() == null ? "inactive" : row.reason())
        + (row.inferred() ? " (inferred)" : "");
  }

  private static Columns.Tone tone(RouteRow row) {
    if (row.active()) {
      return row.stale() ? Columns.Tone.WAITING : Columns.Tone.GOOD;
    }
    return "session-down".equals(row.reason()) ? Columns.Tone.BAD : Columns.Tone.FAINT;
  }
}
