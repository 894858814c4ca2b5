package org.bgppeer.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bgppeer.journal.Position;
import org.jspecify.annotations.Nullable;

/// What one transaction writes: steps in the order of the journal, and the position behind them.
///
/// Routes of one neighbor, family and session gather in one step, as long as nothing else happens
/// to that neighbor in between: the more of them, the fewer pages are written more than once.
final class Batch {
  /// One thing to write.
  interface Step {
    /// Writes it, within the open transaction.
    void write(BatchWriter writer) throws SQLException;
  }

  private final List<Step> steps = new ArrayList<>();
  private final List<RouteChanges> routes = new ArrayList<>();

  /// By neighbor and family.
  private final Map<Integer, Map<Integer, RouteChanges>> gathering = new HashMap<>();

  private long routeCount;
  private boolean urgent;
  private @Nullable Position position;
  private long projectedAt;

  /// Where the changes of a neighbor in a family gather now.
  RouteChanges changes(int neighborId, int family, int generation, int keyOctets, boolean addPath) {
    var changes = gathered(neighborId).get(family);
    if (changes == null
        || changes.hasPathIds() != addPath // in a table of an archive that may change
        || changes.size() > RouteChanges.CAPACITY / 2) {
      changes = new RouteChanges(neighborId, family, generation, keyOctets, addPath);
      begin(changes);
    }
    return changes;
  }

  /// The same for a family whose routes are not just prefixes.
  NlriChanges nlriChanges(int neighborId, int family, int generation, boolean addPath) {
    if (gathered(neighborId).get(family) instanceof NlriChanges changes
        && changes.hasPathIds() == addPath
        && changes.size() <= RouteChanges.CAPACITY / 2) {
      return changes;
    }
    var changes = new NlriChanges(neighborId, family, generation, addPath);
    begin(changes);
    return changes;
  }

  private Map<Integer, RouteChanges> gathered(int neighborId) {
    return gathering.computeIfAbsent(neighborId, _ -> new HashMap<>());
  }

  private void begin(RouteChanges changes) {
    gathered(changes.neighborId).put(changes.family, changes);
    routes.add(changes);
    steps.add(writer -> writer.routes(changes));
  }

  /// Adds a step that comes after all that was gathered for this neighbor so far.
  void step(int neighborId, Step step) {
    gathering.remove(neighborId);
    steps.add(step);
  }

  /// Notes that it has something that people wait for: the end of a session.
  void hurry() {
    urgent = true;
  }

  boolean isUrgent() {
    return urgent;
  }

  /// Counts routes that were added.
  void count(int added) {
    routeCount += added;
  }

  /// How many routes were added.
  long routeCount() {
    return routeCount;
  }

  /// Notes that all before `behind` is in this batch.
  ///
  /// @param at the time of the newest record, in microseconds
  void reached(Position behind, long at) {
    position = behind;
    projectedAt = Math.max(projectedAt, at);
  }

  /// Whether nothing was reached yet.
  boolean isEmpty() {
    return position == null;
  }

  /// Sorts the routes: the last thing before the batch is written.
  void seal() {
    gathering.clear();
    routes.forEach(RouteChanges::sort);
  }

  List<Step> steps() {
    return steps;
  }

  /// All before this is written with this batch; not null once [#isEmpty] is false.
  @Nullable Position position() {
    return position;
  }

  long projectedAt() {
    return projectedAt;
  }
}
