package org.bgppeer.store;

import java.util.List;

/// A prefix in a list of prefixes: how many paths of it there are.
///
/// @param originAses of its active paths, ascending, none twice
/// @param active, inactive paths of it, over all neighbors
/// @param neighbors that hold an active path of it
public record PrefixRow(
    String family, String prefix, List<Long> originAses, int active, int inactive, int neighbors) {}
