package org.bgppeer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Finds the attribute sets that no route and no history has any more, and the lists of communities
/// that no set has, and has them removed.
///
/// ```
/// WATCHING   notes which sets are asked for; all batches that were begun before are written
/// LOOKING    a thread reads which sets the tables have, in one transaction
/// REMOVING   those that no table has, and that were not asked for meanwhile, go, some at a time
/// ```
///
/// A set that is asked for while it waits to be removed stays; one that is on its way out gets
/// another number. Of the lists only those are looked at that no set could get since the collection
/// before: see [CommunityLists#forget]. Owned by the projector's thread.
final class SetCollection {
  /// Sets that are removed in one transaction.
  static final int SETS = 500;

  private final AttributeSets sets;
  private @Nullable FutureTask<Found> looking;
  private long batchesBefore = -1;
  private boolean removing;

  /// Lists that are to be removed yet.
  private BitSet lists = new BitSet();

  /// The numbers that no set gets any more: those below, as of the collection before.
  private long oldLists;

  private volatile long nextOldLists;

  /// What is to be removed in one transaction.
  record Unused(long[] sets, long[] lists) {
    private static final Unused NOTHING = new Unused(new long[0], new long[0]);

    boolean isEmpty() {
      return sets.length == 0 && lists.length == 0;
    }
  }

  private record Found(BitSet sets, BitSet lists) {}

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
    oldLists = nextOldLists;
  }

  /// No set that is written from now on refers to a list below this number.
  void listsForgotten(long before) {
    nextOldLists = before;
  }

  /// Goes on if it can.
  ///
  /// @param written batches; all that [#next] returned before is gone
  /// @return what to remove now; empty if nothing
  Unused next(long written, Callable<Connection> reader) throws SQLException {
    if (batchesBefore >= 0 && written >= batchesBefore) {
      batchesBefore = -1;
      looking = new FutureTask<>(() -> unused(reader, oldLists));
      Thread.ofPlatform().name("projector-sets").daemon().start(looking);
    } else if (looking != null && looking.isDone()) {
      try {
        var found = looking.get();
        sets.condemn(found.sets);
        lists = found.lists;
        removing = true;
      } catch (java.util.concurrent.ExecutionException e) {
        StoreLog.collectionFailed(e.getCause());
        sets.condemn(new BitSet());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      looking = null;
    } else if (removing) {
      var taken =
          new Unused(sets.takeCondemned(SETS), lists.stream().limit(SETS).asLongStream().toArray());
      for (long list : taken.lists) {
        lists.clear((int) list);
      }
      if (taken.isEmpty()) {
        removing = false;
        sets.removed();
      }
      return taken;
    }
    return Unused.NOTHING;
  }

  /// @param oldLists no list from this number on
  private static Found unused(Callable<Connection> reader, long oldLists) throws Exception {
    try (Connection connection = reader.call()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      var unused = new BitSet();
      var lists = new BitSet();
      try (var statement = connection.createStatement()) {
        statement.setFetchSize(1000);
        try (var rows =
            statement.executeQuery("SELECT id FROM community_list WHERE id < " + oldLists)) {
          while (rows.next()) {
            lists.set(rows.getInt(1));
          }
        }
        try (var rows =
            statement.executeQuery("SELECT id, community_list_id FROM path_attributes")) {
          while (rows.next()) {
            unused.set(rows.getInt(1));
            lists.clear(rows.getInt(2)); // 0 if it has none
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
      return new Found(unused, lists);
    }
  }
}
