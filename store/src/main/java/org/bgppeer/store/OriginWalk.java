package org.bgppeer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;
import org.bgppeer.store.OriginIndex.Table;
import org.jspecify.annotations.Nullable;

/// A thread that reads what some neighbors have of their families, former versions included, and
/// finds the pairs of origin AS and prefix that no other walk found before, and in which stretches
/// of the tables each value of [RouteValues] is. They are to be written as they come: sorted, some
/// at a time.
///
/// It reads some routes at a time, each time in a transaction of its own: SQLite cannot begin its
/// log anew while somebody reads. What was replaced before its turn came is a former version by
/// then, and these are read last.
final class OriginWalk implements AutoCloseable {
  /// Pairs that are sorted together: each such run goes once through `origin_prefix`.
  private static final int RUN = 1 << 18;

  /// Pairs, and rows of values, that are taken at once.
  private static final int CHUNK = 4_096;

  private static final int VALUES = 1_024;

  /// Since when there are former versions: a table is read since then if all that is known of it is
  /// to be replaced.
  static final long EVER = 0;

  /// Routes that are fetched and looked at together.
  private static final int FETCH = 8_192;

  /// Routes that are read in one transaction: a fraction of a second.
  private static final int ROUTES = 16 * FETCH;

  private final Database database;
  private final List<Target> targets;

  /// What this walk and those before it found.
  private final OriginPrefixes known;

  private final byte[][] keys = new byte[FETCH][];
  private final long[] sets = new long[FETCH];
  private final long[] origins = new long[FETCH];
  private int count;
  private final BlockingQueue<Found> found = new ArrayBlockingQueue<>(2);
  private final Thread thread;
  private List<OriginPrefix> run = new ArrayList<>();

  /// Whether all former versions are looked at, and all values of the table are gathered until its
  /// end.
  private boolean all;

  private volatile boolean read;
  private volatile @Nullable Exception failure;

  /// A table to read.
  static final class Target {
    private final Table table;
    private volatile long since;

    /// @param since of former versions, those that ended then or later
    Target(Table table, long since) {
      this.table = table;
      this.since = since;
    }

    Table table() {
      return table;
    }

    long since() {
      return since;
    }

    /// Something ended that early.
    ///
    /// @return whether that is earlier than was known
    boolean since(long earlier) {
      boolean isEarlier = earlier < since;
      if (isEarlier) {
        since = earlier;
      }
      return isEarlier;
    }
  }

  /// Some of what is to be written.
  sealed interface Found {
    /// @param rows sorted
    record Pairs(List<OriginPrefix> rows) implements Found {}

    /// Of one table.
    ///
    /// @param rows sorted
    record Values(Table table, List<ValueStretches> rows) implements Found {}

    /// All of one table in a range.
    ///
    /// @param rows sorted
    record AllValues(Table table, Range range, List<ValueStretches> rows) implements Found {}

    /// Of many.
    ///
    /// @param rows sorted
    record Shared(int family, List<SharedValue> rows) implements Found {}
  }

  /// Values of which all is known that routes and former versions have.
  ///
  /// @param behind this one
  /// @param to this one; null for all that follow
  record Range(String behind, @Nullable String to) {}

  private OriginWalk(Database database, List<Target> targets, OriginPrefixes known) {
    this.database = database;
    this.targets =
        targets.stream().sorted(Comparator.comparing(target -> target.table.family())).toList();
    this.known = known;
    thread = Thread.ofPlatform().name("projector-origins").daemon().unstarted(this::walk);
  }

  /// Begins one: of each table it sees all that was committed until now.
  ///
  /// @param known what walks found before; used by one walk at a time
  static OriginWalk start(Database database, List<Target> targets, OriginPrefixes known) {
    var walk = new OriginWalk(database, targets, known);
    walk.thread.start();
    return walk;
  }

  List<Table> tables() {
    return targets.stream().map(Target::table).toList();
  }

  /// Some to write; null if there is nothing ready.
  @Nullable Found poll() {
    return found.poll();
  }

  /// Whether all were taken.
  boolean isDone() {
    return read && found.isEmpty();
  }

  /// Why it could not go on; null if it could.
  @Nullable Exception failure() {
    return failure;
  }

  private void walk() {
    try (Connection connection = database.reader()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      try (var many = RouteValues.selectMany(connection)) {
        for (int i = 0; i < targets.size(); ) {
          int family = targets.get(i).table.family();
          var values = new ValueWalk(many);
          int end = i;
          while (end < targets.size() && targets.get(end).table.family() == family) {
            end++;
          }
          read(connection, values, targets.subList(i, end));
          i = end;
          give(family, values.take());
        }
      }
      give();
    } catch (SQLException | RuntimeException e) {
      forget(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      forget(e);
    } finally {
      read = true;
    }
  }

  private void forget(Exception e) {
    known.clear(); // some of it was never written
    failure = e;
  }

  /// Reads tables of a family.
  private void read(Connection connection, ValueWalk values, List<Target> some)
      throws SQLException, InterruptedException {
    if (some.getFirst().since == EVER) {
      var table = some.getFirst().table;
      all = true;
      readRoutes(connection, values, table);
      readFormer(connection, values, some);
      if (all) {
        giveAll(table, values.takeTable());
      }
    } else {
      for (var target : some) {
        readRoutes(connection, values, target.table);
        give(target.table, values.share(target.table.neighborId()));
      }
      readFormer(connection, values, some);
    }
  }

  private void readRoutes(Connection connection, ValueWalk values, Table table)
      throws SQLException, InterruptedException {
    byte[] key = {};
    long path = Long.MIN_VALUE;
    try (var statement =
        connection.prepareStatement(
            """
            SELECT prefix_key, path_id, attributes_id FROM route
            WHERE neighbor_id = ? AND family = ? AND (prefix_key, path_id) > (?, ?)
            ORDER BY prefix_key, path_id LIMIT\
            """
                + " "
                + ROUTES)) {
      statement.setFetchSize(FETCH);
      statement.setInt(1, table.neighborId());
      statement.setInt(2, table.family());
      for (int routes = ROUTES; routes == ROUTES; ) {
        statement.setBytes(3, key);
        statement.setLong(4, path);
        routes = 0;
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            key = rows.getBytes(1);
            path = rows.getLong(2);
            put(values, table, key, rows.getLong(3));
            routes++;
          }
        }
        look(values, table);
        connection.rollback();
      }
    }
  }

  private void readFormer(Connection connection, ValueWalk values, List<Target> some)
      throws SQLException, InterruptedException {
    long since = some.stream().mapToLong(Target::since).min().orElse(EVER);
    var table = some.getFirst().table;
    try (var statement =
        connection.prepareStatement(
            "SELECT h.neighbor_id, h.prefix_key, h.attributes_id FROM route_history h WHERE "
                + database.endedSince(String.valueOf(since))
                + " AND h.family = ? AND h.neighbor_id IN ("
                + some.stream()
                    .map(target -> String.valueOf(target.table.neighborId()))
                    .collect(Collectors.joining(", "))
                + ") ORDER BY h.neighbor_id")) {
      statement.setFetchSize(FETCH);
      statement.setInt(1, table.family());
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          int neighbor = rows.getInt(1);
          if (neighbor != table.neighborId()) {
            look(values, table);
            give(table, values.share(table.neighborId()));
            table = new Table(neighbor, table.family());
          }
          put(values, table, rows.getBytes(2), rows.getLong(3));
        }
      }
    }
    look(values, table);
    connection.rollback();
    if (!all) {
      give(table, values.share(table.neighborId()));
    }
  }

  private void put(ValueWalk values, Table table, byte[] key, long set)
      throws SQLException, InterruptedException {
    if (count == FETCH) {
      look(values, table);
    }
    keys[count] = key;
    sets[count++] = set;
  }

  /// Looks at the routes that were read.
  private void look(ValueWalk values, Table table) throws SQLException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    values.read(sets, 0, count);
    for (int i = 0; i < count; i++) {
      origins[i] = values.add(Stretch.of(table.family(), keys[i]), sets[i]);
      if (values.isMuch()) {
        all = false; // it does not fit
        give(table, values.share(table.neighborId()));
        give(table.family(), values.take());
        values.read(sets, i + 1, count);
      }
    }
    for (int i = 0; i < count; i++) { // apart, for the cells of hashes are far from each other
      long as = origins[i];
      if (as != SetOrigins.NONE && known.add(as, table.family(), keys[i])) {
        run.add(new OriginPrefix(as, table.family(), keys[i]));
        if (run.size() == RUN) {
          give();
        }
      }
    }
    count = 0;
  }

  private void give() throws InterruptedException {
    Collections.sort(run);
    for (int i = 0; i < run.size(); i += CHUNK) {
      found.put(new Found.Pairs(List.copyOf(run.subList(i, Math.min(run.size(), i + CHUNK)))));
    }
    run = new ArrayList<>();
  }

  private void give(int family, List<SharedValue> rows) throws InterruptedException {
    for (int i = 0; i < rows.size(); i += VALUES) {
      found.put(new Found.Shared(family, rows.subList(i, Math.min(rows.size(), i + VALUES))));
    }
  }

  private void give(Table table, List<ValueStretches> rows) throws InterruptedException {
    for (int i = 0; i < rows.size(); i += VALUES) {
      found.put(new Found.Values(table, rows.subList(i, Math.min(rows.size(), i + VALUES))));
    }
  }

  private void giveAll(Table table, List<ValueStretches> rows) throws InterruptedException {
    String behind = "";
    int i = 0;
    do {
      int end = Math.min(rows.size(), i + VALUES);
      String to = end == rows.size() ? null : rows.get(end - 1).value();
      found.put(new Found.AllValues(table, new Range(behind, to), rows.subList(i, end)));
      behind = to == null ? "" : to;
      i = end;
    } while (i < rows.size());
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
