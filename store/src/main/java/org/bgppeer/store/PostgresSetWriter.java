package org.bgppeer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// Attribute sets by COPY, over a connection and in a thread of their own: beside the routes.
///
/// ```
/// add ──► COPY path_attributes …, community_list …   (thread `projector-attributes`)
/// finish ──► commit
/// settle     waits for that: then the routes that refer to them may be committed
/// ```
///
/// Between these two there may be more sets already: those of the batch behind.
///
/// What is committed here, and whose routes are not, is found again by its octets or collected.
final class PostgresSetWriter implements AutoCloseable {
  private static final String BINARY = " FROM STDIN (FORMAT binary)";
  private static final String COPY_SETS =
      "COPY path_attributes (id, octets, next_hop, origin, as_path, origin_as, med, local_pref,"
          + " communities, large_communities, ext_communities, atomic_aggregate, aggregator, other,"
          + " first_at, first_packet, community_list_id)"
          + BINARY;
  private static final String COPY_LISTS = "COPY community_list (id, text)" + BINARY;

  /// Calls of [#add] that may wait, so that memory does not fill where the server is slow.
  private static final int WAITING = 16;

  private final Connection connection;
  private final CopyManager server;
  private final ExecutorService hand =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("projector-attributes").factory());
  private final Deque<Future<?>> given = new ArrayDeque<>();

  /// Whether there are sets behind the last commit, and that commit, if it is still waited for.
  private boolean isOpen;

  private @Nullable Future<?> finished;

  // the thread's own
  private final PostgresCopy sets = new PostgresCopy(17);
  private final PostgresCopy newLists = new PostgresCopy(2);
  private final CommunityLists lists;

  /// @param connection with auto-commit off; this object closes it
  PostgresSetWriter(Connection connection) throws SQLException {
    this.connection = connection;
    server = connection.unwrap(PGConnection.class).getCopyAPI();
    lists = new CommunityLists(connection);
    connection.commit();
  }

  /// Has sets written.
  void add(List<AttributeSets.New> added) throws SQLException {
    give(() -> write(added));
    isOpen = true;
    while (given.size() > WAITING) {
      awaitFirst();
    }
  }

  /// Has all that were added committed.
  void finish() {
    if (isOpen) {
      finished = give(connection::commit);
      isOpen = false;
    }
  }

  /// See [BulkWriter#forgetCommunityLists].
  long forgetCommunityLists() throws SQLException {
    finish();
    settle(); // the other thread has nothing to do then
    return lists.forget();
  }

  /// Waits until what was finished is committed, but not for what was added since.
  void settle() throws SQLException {
    while (finished != null) {
      awaitFirst();
    }
  }

  private void awaitFirst() throws SQLException {
    var first = given.remove();
    await(first);
    if (first == finished) {
      finished = null;
    }
  }

  private Future<?> give(BulkWriter.Work work) {
    Future<?> done =
        hand.submit(
            () -> {
              work.run();
              return null;
            });
    given.add(done);
    return done;
  }

  private static void await(Future<?> done) throws SQLException {
    try {
      done.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SQLException sql -> throw sql;
        case RuntimeException bug -> throw bug;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while attribute sets were written", e);
    }
  }

  private void write(List<AttributeSets.New> added) throws SQLException {
    sets.begin(server, COPY_SETS);
    for (var set : added) {
      var text = set.text();
      long list = lists.idOf(text.communities());
      sets.row();
      sets.number(set.id())
          .octets(set.octets())
          .text(text.nextHop())
          .text(text.origin())
          .text(text.asPath())
          .numberOrNull(text.originAs())
          .numberOrNull(text.med())
          .numberOrNull(text.localPref())
          .text(list == 0 ? text.communities() : null)
          .text(text.largeCommunities())
          .text(text.extCommunities())
          .truth(text.atomicAggregate())
          .text(text.aggregator())
          .text(text.other())
          .number(set.at())
          .number(set.packet())
          .numberOrNull(list);
    }
    sets.end(server, COPY_SETS);
    for (var list : lists.takeFresh()) {
      newLists.row();
      newLists.number(list.id()).text(list.text());
    }
    newLists.end(server, COPY_LISTS);
  }

  /// Gives up what is not committed.
  @Override
  public void close() throws SQLException {
    hand.shutdownNow();
    connection.close();
  }
}
