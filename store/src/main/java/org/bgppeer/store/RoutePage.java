package org.bgppeer.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of routes, in order of neighbor, family, prefix, path id.
///
/// @param next what to ask for [RouteQuery#after] with to go on; null if this was the last page
public record RoutePage(List<RouteRow> routes, @Nullable String next) {}
