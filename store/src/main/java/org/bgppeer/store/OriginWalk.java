package org.bgppeer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.bgppeer.store.OriginIndex.Table;
import org.jspecify.annotations.Nullable;

/// A thread that reads what some neighbors have of their families, former versions included, each
/// in one transaction, and finds the pairs of origin AS and prefix that no other walk found before,
/// and in which stretches of the tables each value of [RouteValues] is. They are to be written as
/// they come: sorted, some at a time.
final class OriginWalk implements AutoCloseable {
  /// Pairs that are sorted together: each such run goes once through `origin_prefix`.
  private static final int RUN = 1 << 18;

  /// Pairs, and rows of values, that are taken at once.
  private static final int CHUNK = 4_096;

  private static final int VALUES = 1_024;

  /// Since when there are former versions: a table is read since then if all that is known of it is
  /// to be replaced.
  static final long EVER = 0;

  /// Routes that are read at once.
  private static final int FETCH = 8_192;

  private final Database database;
  private final List<Target> targets;

  /// What this walk and those before it found.
  private final OriginPrefixes known;

  private final byte[][] keys = new byte[FETCH][];
  private final long[] sets = new long[FETCH];
  private final long[] origins = new long[FETCH];
  private final BlockingQueue<Found> found = new ArrayBlockingQueue<>(2);
  private final Thread thread;
  private List<OriginPrefix> run = new ArrayList<>();

  /// Whether all former versions are looked at, and all values of the table are gathered until its
  /// end.
  private boolean all;

  private volatile boolean read;
  private volatile @Nullable Exception failure;

  /// A table to read.
  ///
  /// @param since of former versions, those that ended then or later
  record Target(Table table, long since) {}

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
          for (; i < targets.size() && targets.get(i).table.family() == family; i++) {
            read(connection, values, targets.get(i));
          }
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

  private void read(Connection connection, ValueWalk values, Target target)
      throws SQLException, InterruptedException {
    var table = target.table;
    all = target.since == EVER;
    read(connection, values, table, "route h WHERE TRUE");
    read(
        connection,
        values,
        table,
        "route_history h WHERE " + database.endedSince(String.valueOf(target.since)));
    connection.rollback();
    if (all) {
      giveAll(table, values.takeTable());
    } else {
      give(table, values.share(table.neighborId()));
    }
  }

  private void read(Connection connection, ValueWalk values, Table table, String from)
      throws SQLException, InterruptedException {
    try (var statement =
        connection.prepareStatement(
            "SELECT h.prefix_key, h.attributes_id FROM "
                + from
                + " AND h.neighbor_id = ? AND h.family = ?")) {
      statement.setFetchSize(FETCH);
      statement.setInt(1, table.neighborId());
      statement.setInt(2, table.family());
      try (var rows = statement.executeQuery()) {
        int count = 0;
        while (rows.next()) {
          keys[count] = rows.getBytes(1);
          sets[count] = rows.getLong(2);
          if (++count == FETCH) {
            look(values, table, count);
            count = 0;
          }
        }
        look(values, table, count);
      }
    }
  }

  /// Looks at the routes that were read.
  private void look(ValueWalk values, Table table, int count)
      throws SQLException, InterruptedException {
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
