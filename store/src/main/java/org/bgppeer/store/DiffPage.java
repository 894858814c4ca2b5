package org.bgppeer.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of differences, in order of family and prefix.
///
/// @param next what to ask for [DiffQuery#after] with to go on; null if this was the last page
public record DiffPage(List<DiffRow> rows, @Nullable String next) {}
