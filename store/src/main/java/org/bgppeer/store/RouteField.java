package org.bgppeer.store;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What two routes of the same prefix can differ in.
public enum RouteField {
  NEXT_HOP("next_hop", RouteRow::nextHop),
  AS_PATH("as_path", RouteRow::asPath),
  ORIGIN("origin", RouteRow::origin),
  MED("med", RouteRow::med),
  LOCAL_PREF("local_pref", RouteRow::localPref),
  COMMUNITIES("communities", RouteRow::communities),
  LARGE_COMMUNITIES("large_communities", RouteRow::largeCommunities),
  EXT_COMMUNITIES("ext_communities", RouteRow::extCommunities),
  ATOMIC_AGGREGATE("atomic_aggregate", RouteRow::atomicAggregate),
  AGGREGATOR("aggregator", RouteRow::aggregator),
  OTHER_ATTRIBUTES("other_attributes", RouteRow::otherAttributes),
  DETAILS("details", RouteRow::details);

  private final String text;
  private final Function<RouteRow, @Nullable Object> value;

  RouteField(String text, Function<RouteRow, @Nullable Object> value) {
    this.text = text;
    this.value = value;
  }

  /// The name that the view `routes` and the commands have for it.
  public String text() {
    return text;
  }

  /// What a route has there; null if nothing.
  public @Nullable Object of(RouteRow route) {
    return value.apply(route);
  }
}
