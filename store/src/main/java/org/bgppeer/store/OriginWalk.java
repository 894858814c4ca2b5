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
/// transaction,
/// and finds the pairs of origin AS and prefix that no other walk found before. They are to be
/// written
/// as they come: sorted, some at a time.
final class OriginWalk implements AutoCloseable {
  /// Pairs that are sorted together: each such run goes once through `origin_prefix`.
  private static final int RUN = 1 << 18;

  /// Pairs that are taken at once.
  private static final int CHUNK = 4_096;

  private static final int FETCH = 10_000;

  private final Database database;
  private final Table table;
  private final long since;
  private final Memory memory;
  private final BlockingQueue<List<OriginPrefix>> found = new ArrayBlockingQueue<>(2);
  private final Thread thread;
  private List<OriginPrefix> run = new ArrayList<>();
  private volatile boolean read;
  private volatile @Nullable Exception failure;

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

  /// Some pairs to write; null if none are ready.
  @Nullable List<OriginPrefix> poll() {
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
      try (var origin = connection.prepareStatement(SetOrigins.SELECT)) {
        read(connection, origin, "route h WHERE TRUE");
        read(
            connection,
            origin,
            "route_history h WHERE " + database.endedSince(String.valueOf(since)));
      }
      connection.rollback();
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
    memory.found.clear(); // some of it was never written
    failure = e;
  }

  private void read(Connection connection, PreparedStatement origin, String from)
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
          long as = memory.origins.of(rows.getLong(2), origin);
          if (as == SetOrigins.NONE) {
            continue;
          }
          byte[] key = rows.getBytes(1);
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
      found.put(List.copyOf(run.subList(i, Math.min(run.size(), i + CHUNK))));
    }
    run = new ArrayList<>();
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
