package org.bgppeer.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A route that is not the same on two sides.
///
/// @param a the route of the first side; null if it has none
/// @param b the route of the second side; null if it has none
/// @param changed what they differ in; empty if only one side has it
public record DiffRow(
    String family,
    String prefix,
    @Nullable RouteRow a,
    @Nullable RouteRow b,
    List<RouteField> changed) {}
