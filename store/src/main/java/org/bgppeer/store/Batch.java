package org.bgppeer.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.bgppeer.journal.Position;
import org.jspecify.annotations.Nullable;

/// What is written together: steps in the order of the journal, and the position behind them.
///
/// Routes of one neighbor, family and session gather in one step, as long as nothing else happens
/// to that neighbor in between: the more of them, the fewer pages are written more than once.
///
/// A batch is one transaction, unless many tables come in at once and it was [#spill]ed: then it
/// gathers them in a file until they are whole, and each neighbor's [Part] is a transaction.
final class Batch implements AutoCloseable {
  /// Routes that make it worth the while to wait for more of a neighbor's table.
  private static final long TABLE = 1_500_000;

  /// Changes in a step at most: it must fit into memory.
  private static final int STEP = 1 << 21;

  /// Once it was spilled, it is again when this part of what fits into memory has come: what
  /// gathers in a file need not gather in memory before.
  private static final int PIECES = 8;

  /// One thing to write.
  interface Step {
    /// Writes it, within the open transaction.
    void write(BatchWriter writer) throws SQLException;
  }

  /// All steps of one neighbor.
  ///
  /// @param neighborId 0 for what is of none
  /// @param tables what these steps write of routes
  record Part(int neighborId, List<Step> steps, List<RouteChanges> tables) {
    Part(int neighborId) {
      this(neighborId, new ArrayList<>(), new ArrayList<>());
    }

    private long routes() {
      return tables.stream().mapToLong(RouteChanges::totalSize).sum();
    }
  }

  private record OfNeighbor(int neighborId, Step step, @Nullable RouteChanges table) {}

  private final List<OfNeighbor> steps = new ArrayList<>();
  private final List<RouteChanges> routes = new ArrayList<>();

  /// By neighbor and family.
  private final Map<Integer, Map<Integer, RouteChanges>> gathering = new HashMap<>();

  /// Neighbors whose routes gather, or did.
  private final Set<Integer> sending = new HashSet<>();

  private final Set<Integer> urgent = new HashSet<>();
  private long routeCount;
  private long ofTables;
  private long spilled;
  private long unspilled; // what stayed in memory then
  private @Nullable Scratch scratch;
  private final Set<RouteChanges> restored = ConcurrentHashMap.newKeySet();
  private final RouteChanges.Rooms rooms = new RouteChanges.Rooms();
  private @Nullable FutureTask<@Nullable Void> preparing;
  private @Nullable Position position;
  private long projectedAt;

  /// Where the changes of a neighbor in a family gather now.
  RouteChanges changes(int neighborId, int family, int generation, int keyOctets, boolean addPath) {
    var changes = gathered(neighborId).get(family);
    if (changes == null
        || changes.hasPathIds() != addPath // in a table of an archive that may change
        || changes.totalSize() > STEP) {
      changes = new RouteChanges(neighborId, family, generation, keyOctets, addPath);
      begin(changes);
    }
    return changes;
  }

  /// The same for a family whose routes are not just prefixes.
  NlriChanges nlriChanges(int neighborId, int family, int generation, boolean addPath) {
    if (gathered(neighborId).get(family) instanceof NlriChanges changes
        && changes.hasPathIds() == addPath
        && changes.totalSize() <= STEP) {
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
    sending.add(changes.neighborId);
    routes.add(changes);
    steps.add(new OfNeighbor(changes.neighborId, writer -> write(changes, writer), changes));
  }

  private void write(RouteChanges changes, BatchWriter writer) throws SQLException {
    restore(changes);
    writer.routes(changes);
  }

  private void restore(RouteChanges changes) throws SQLException {
    if (scratch != null && restored.add(changes)) {
      try {
        changes.restore(scratch, rooms);
      } catch (IOException e) {
        throw new SQLException("a file of a batch cannot be read: " + e.getMessage(), e);
      }
      changes.sort();
    }
  }

  /// Makes a part ready to be written, if it was not made before, and has the one behind it made
  /// ready meanwhile: read from the file, and sorted. One that takes much memory has to wait for
  /// its turn.
  void prepare(Part part, Part behind) throws SQLException {
    awaitPrepared();
    if (!isSpilled() || part.routes() > TABLE) {
      return;
    }
    restore(part);
    if (behind.routes() <= TABLE) {
      var task =
          new FutureTask<@Nullable Void>(
              () -> {
                restore(behind);
                return null;
              });
      preparing = task;
      Thread.ofPlatform().name("projector-sorter").daemon().start(task);
    }
  }

  private void restore(Part part) throws SQLException {
    for (var changes : part.tables) {
      restore(changes);
    }
  }

  private void awaitPrepared() throws SQLException {
    var task = preparing;
    preparing = null;
    try {
      if (task != null) {
        task.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SQLException sql -> throw sql;
        case RuntimeException bug -> throw bug;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while routes were sorted", e);
    }
  }

  /// A part is committed, and what it took of memory is there for the next one.
  void written(Part part) {
    for (var changes : part.tables) {
      if (restored.contains(changes)) {
        rooms.give(changes.release());
      }
    }
  }

  /// Adds a step that comes after all that was gathered for this neighbor so far.
  void step(int neighborId, Step step) {
    gathering.remove(neighborId);
    steps.add(new OfNeighbor(neighborId, step, null));
  }

  /// Notes that it has something of a neighbor that people wait for: the end of a session.
  void hurry(int neighborId) {
    urgent.add(neighborId);
  }

  boolean isUrgent() {
    return !urgent.isEmpty();
  }

  /// Counts routes that were added.
  ///
  /// @param ofTable whether they are of a table that comes in, of which more is to be expected
  void count(int added, boolean ofTable) {
    routeCount += added;
    if (ofTable) {
      ofTables += added;
    }
  }

  /// How many routes of tables that come in were added.
  long ofTables() {
    return ofTables;
  }

  /// How many routes were added.
  long routeCount() {
    return routeCount;
  }

  /// How many of them are in memory.
  long inMemory() {
    return routeCount - spilled;
  }

  /// Whether these are parts of the tables of several neighbors, which would be written once if
  /// they were whole.
  boolean isSpread() {
    return sending.size() > 1 && routeCount < sending.size() * TABLE;
  }

  /// Whether it is time to [#spill].
  ///
  /// @param routes that fit into memory
  boolean isSpillDue(int routes) {
    long more = inMemory() - unspilled;
    return isSpilled() ? more >= routes / PIECES : more >= routes;
  }

  /// Moves its routes to a file, to gather more; those of some families stay in memory.
  ///
  /// @param directory where there is room for it
  /// @return false if there is no room for more
  boolean spill(Path directory) {
    try {
      var file = scratch;
      if (file == null) {
        file = Scratch.in(directory);
        scratch = file;
      }
      for (var changes : routes) {
        spilled += changes.spill(file);
      }
      unspilled = inMemory();
      return !file.isFull();
    } catch (IOException e) {
      StoreLog.noScratch(directory, e);
      return false;
    }
  }

  boolean isSpilled() {
    return spilled > 0;
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

  /// Sorts the routes, unless they are in a file.
  void sort() {
    if (scratch == null) {
      routes.forEach(RouteChanges::sort);
    }
  }

  /// Nothing more is added: the last thing before the batch is written.
  void seal() {
    gathering.clear();
    sort();
    routes.clear();
  }

  /// Takes the steps, all in one, or if it was spilled neighbor by neighbor: those that people wait
  /// for first, then in the order of keys, for a table fills its pages best behind all others; what
  /// is of none last.
  Deque<Part> takeParts() {
    var awaited = new LinkedHashMap<Integer, Part>();
    if (isSpilled()) {
      urgent.forEach(neighborId -> awaited.put(neighborId, new Part(neighborId)));
    }
    var others = new TreeMap<Integer, Part>();
    for (var each : steps) {
      int key = isSpilled() ? each.neighborId : 0;
      var part = awaited.get(key);
      if (part == null) {
        part = others.computeIfAbsent(key, Part::new);
      }
      part.steps.add(each.step);
      if (each.table != null) {
        part.tables.add(each.table);
      }
    }
    steps.clear();
    var ofNone = others.remove(0);
    var parts = new ArrayDeque<>(awaited.values());
    parts.addAll(others.values());
    parts.add(ofNone == null ? new Part(0) : ofNone);
    return parts;
  }

  /// All before this is written with this batch; not null once [#isEmpty] is false.
  @Nullable Position position() {
    return position;
  }

  long projectedAt() {
    return projectedAt;
  }

  @Override
  public void close() {
    if (scratch != null) {
      try {
        awaitPrepared();
      } catch (SQLException e) {
        StoreLog.notPrepared(e);
      }
      try {
        scratch.close();
      } catch (IOException e) {
        StoreLog.scratchStays(e);
      }
    }
  }
}
