package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.bgppeer.store.OriginIndex.Table;
import org.jspecify.annotations.Nullable;

/// A thread that reads what a neighbor has of a family, former versions included, in one
/// transaction, and finds the pairs of origin AS and prefix that no other walk found before, and in
/// which stretches of the table each value of [RouteValues] is. They are to be written as they
/// come: sorted, some at a time.
final class OriginWalk implements AutoCloseable {
  /// Pairs that are sorted together: each such run goes once through `origin_prefix`.
  private static final int RUN = 1 << 18;

  /// Pairs, and rows of values, that are taken at once.
  private static final int CHUNK = 4_096;

  private static final int VALUES = 1_024;

  /// Since when there are former versions.
  static final long EVER = 0;

  private static final int FETCH = 10_000;

  private final Database database;
  private final Table table;
  private final long since;
  private final Memory memory;
  private final BlockingQueue<Found> found = new ArrayBlockingQueue<>(2);
  private final Thread thread;
  private List<OriginPrefix> run = new ArrayList<>();

  /// Whether all former versions are looked at, and all values are gathered until the end.
  private boolean all;

  private volatile boolean read;
  private volatile @Nullable Exception failure;

  /// Some of what is to be written.
  ///
  /// @param pairs sorted
  /// @param values sorted
  /// @param range null if they are not all of it
  record Found(List<OriginPrefix> pairs, List<ValueStretches> values, @Nullable Range range) {}

  /// Values of which all is known that routes and former versions have.
  ///
  /// @param behind this one
  /// @param to this one; null for all that follow
  record Range(String behind, @Nullable String to) {}

  /// What one walk leaves to the next.
  static final class Memory {
    private final SetOrigins origins = new SetOrigins();
    final OriginPrefixes found = new OriginPrefixes();
  }

  private OriginWalk(Database database, Table table, long since, Memory memory) {
    this.database = database;
    this.table = table;
    this.since = since;
    this.memory = memory;
    all = since == EVER;
    thread = Thread.ofPlatform().name("projector-origins").daemon().unstarted(this::walk);
  }

  /// Begins one: it sees all that was committed until now.
  ///
  /// @param since of former versions, those that ended then or later
  /// @param memory used by one walk at a time
  static OriginWalk start(Database database, Table table, long since, Memory memory) {
    var walk = new OriginWalk(database, table, since, memory);
    walk.thread.start();
    return walk;
  }

  Table table() {
    return table;
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
      try (var origin = connection.prepareStatement(SetOrigins.SELECT);
          var set = RouteValues.select(connection)) {
        var values = new ValueWalk(set);
        read(connection, origin, values, "route h WHERE TRUE");
        read(
            connection,
            origin,
            values,
            "route_history h WHERE " + database.endedSince(String.valueOf(since)));
        connection.rollback();
        give();
        giveLast(values.take());
      }
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
    memory.found.clear(); // some of it was never written
    failure = e;
  }

  private void read(Connection connection, PreparedStatement origin, ValueWalk values, String from)
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
        while (rows.next()) {
          byte[] key = rows.getBytes(1);
          long set = rows.getLong(2);
          if (values.add(Stretches.of(table.family(), key), set)) {
            give(values.take());
            all = false; // it did not fit
          }
          long as = memory.origins.of(set, origin);
          if (as == SetOrigins.NONE) {
            continue;
          }
          if (memory.found.add(as, table.family(), key)) {
            run.add(new OriginPrefix(as, table.family(), key));
            if (run.size() == RUN) {
              give();
            }
          }
        }
      }
    }
  }

  private void give() throws InterruptedException {
    Collections.sort(run);
    for (int i = 0; i < run.size(); i += CHUNK) {
      found.put(
          new Found(List.copyOf(run.subList(i, Math.min(run.size(), i + CHUNK))), List.of(), null));
    }
    run = new ArrayList<>();
  }

  private void give(List<ValueStretches> rows) throws InterruptedException {
    for (int i = 0; i < rows.size(); i += VALUES) {
      found.put(new Found(List.of(), rows.subList(i, Math.min(rows.size(), i + VALUES)), null));
    }
  }

  private void giveLast(List<ValueStretches> rows) throws InterruptedException {
    if (!all) {
      give(rows);
      return;
    }
    String behind = "";
    int i = 0;
    do {
      int end = Math.min(rows.size(), i + VALUES);
      String to = end == rows.size() ? null : rows.get(end - 1).value();
      found.put(new Found(List.of(), rows.subList(i, end), new Range(behind, to)));
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
