package org.bgppeer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Finds the attribute sets that no route and no history has any more, and has them removed.
///
/// ```
/// WATCHING   notes which sets are asked for; all batches that were begun before are written
/// LOOKING    a thread reads which sets the tables have, in one transaction
/// REMOVING   those that no table has, and that were not asked for meanwhile, go, some at a time
/// ```
///
/// A set that is asked for while it waits to be removed stays; one that is on its way out gets
/// another number. Owned by the projector's thread.
final class SetCollection {
  /// Sets that are removed in one transaction.
  static final int SETS = 500;

  private final AttributeSets sets;
  private @Nullable FutureTask<BitSet> looking;
  private long batchesBefore = -1;
  private boolean removing;

  SetCollection(AttributeSets sets) {
    this.sets = sets;
  }

  /// Whether a collection is under way.
  boolean isActive() {
    return batchesBefore >= 0 || looking != null || removing;
  }

  /// Begins one.
  ///
  /// @param batches that were begun until now
  void begin(long batches) {
    sets.watch();
    batchesBefore = batches;
  }

  /// Goes on if it can.
  ///
  /// @param written batches; all that [#next] returned before is gone
  /// @return sets to remove now; empty if none
  long[] next(long written, Callable<Connection> reader) throws SQLException {
    if (batchesBefore >= 0 && written >= batchesBefore) {
      batchesBefore = -1;
      looking = new FutureTask<>(() -> unused(reader));
      Thread.ofPlatform().name("projector-sets").daemon().start(looking);
    } else if (looking != null && looking.isDone()) {
      try {
        sets.condemn(looking.get());
        removing = true;
      } catch (java.util.concurrent.ExecutionException e) {
        StoreLog.collectionFailed(e.getCause());
        sets.condemn(new BitSet());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      looking = null;
    } else if (removing) {
      long[] taken = sets.takeCondemned(SETS);
      if (taken.length == 0) {
        removing = false;
        sets.removed();
      }
      return taken;
    }
    return new long[0];
  }

  private static BitSet unused(Callable<Connection> reader) throws Exception {
    try (Connection connection = reader.call()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      var unused = new BitSet();
      try (var statement = connection.createStatement()) {
        statement.setFetchSize(1000);
        try (var rows = statement.executeQuery("SELECT id FROM path_attributes")) {
          while (rows.next()) {
            unused.set(rows.getInt(1));
          }
        }
        for (String table : new String[] {"route", "route_history"}) {
          try (var rows = statement.executeQuery("SELECT attributes_id FROM " + table)) {
            while (rows.next()) {
              unused.clear(rows.getInt(1));
            }
          }
        }
      }
      connection.rollback();
      return unused;
    }
  }
}
