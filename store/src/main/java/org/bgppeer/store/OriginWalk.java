package org.bgppeer.store;

import java.sql.Connection;
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

  /// Routes that are read at once.
  private static final int FETCH = 8_192;

  private final Database database;
  private final Table table;
  private final long since;

  /// What this walk and those before it found.
  private final OriginPrefixes known;

  private final byte[][] keys = new byte[FETCH][];
  private final long[] sets = new long[FETCH];
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

  private OriginWalk(Database database, Table table, long since, OriginPrefixes known) {
    this.database = database;
    this.table = table;
    this.since = since;
    this.known = known;
    all = since == EVER;
    thread = Thread.ofPlatform().name("projector-origins").daemon().unstarted(this::walk);
  }

  /// Begins one: it sees all that was committed until now.
  ///
  /// @param since of former versions, those that ended then or later
  /// @param known what walks found before; used by one walk at a time
  static OriginWalk start(Database database, Table table, long since, OriginPrefixes known) {
    var walk = new OriginWalk(database, table, since, known);
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
      try (var many = RouteValues.selectMany(connection)) {
        var values = new ValueWalk(many);
        read(connection, values, "route h WHERE TRUE");
        read(
            connection,
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
    known.clear(); // some of it was never written
    failure = e;
  }

  private void read(Connection connection, ValueWalk values, String from)
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
            look(values, count);
            count = 0;
          }
        }
        look(values, count);
      }
    }
  }

  /// Looks at the routes that were read.
  private void look(ValueWalk values, int count) throws SQLException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    values.read(sets, 0, count);
    for (int i = 0; i < count; i++) {
      long as = values.add(Stretch.of(table.family(), keys[i]), sets[i]);
      if (as != SetOrigins.NONE && known.add(as, table.family(), keys[i])) {
        run.add(new OriginPrefix(as, table.family(), keys[i]));
        if (run.size() == RUN) {
          give();
        }
      }
      if (values.isMuch()) {
        give(values.take());
        all = false; // it did not fit
        values.read(sets, i + 1, count);
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
