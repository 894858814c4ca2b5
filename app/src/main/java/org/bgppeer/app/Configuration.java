package org.bgppeer.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.session.LocalConfig;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.session.NeighborRange;
import org.jspecify.annotations.Nullable;

/// What the collector was told to be and to do: every value checked, every default filled in.
///
/// @param local what we are to all neighbors, and where we listen
/// @param data the directory of journal and database
/// @param db the JDBC URL of the database; null for SQLite in the directory
/// @param web where the pages are served; null for nowhere
/// @param reach who may reach the pages
/// @param asNames the file of names of AS; null for the usual one of the directory, if it is there
/// @param journal how it is written
/// @param keeping what is removed, and what is written beside the packets
/// @param neighbors no two of one address, no two of one name
/// @param ranges from where more neighbors may call; no two of one prefix
/// @param muted names of neighbors whose routes only those see who ask for them
/// @param watch whether the file is applied whenever it changes
/// @param warnings what works but is probably not meant, one line each
record Configuration(
    LocalConfig local,
    Path data,
    @Nullable String db,
    @Nullable InetSocketAddress web,
    WebReach reach,
    @Nullable Path asNames,
    JournalOptions journal,
    Keeping keeping,
    List<NeighborConfig> neighbors,
    List<NeighborRange> ranges,
    Set<String> muted,
    boolean watch,
    List<String> warnings) {
  public Configuration {
    neighbors = List.copyOf(neighbors);
    ranges = List.copyOf(ranges);
    muted = Set.copyOf(muted);
    warnings = List.copyOf(warnings);
  }
}
