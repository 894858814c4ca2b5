package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.bgppeer.wire.AttributeSet;
import org.jspecify.annotations.Nullable;

/// Bulk for SQLite: many rows a statement, in the order of their keys.
final class SqliteBulkWriter implements BulkWriter {
  private static final int SETS_A_STATEMENT = 16;

  private static final int SET_COLUMNS = 17;

  private static final int KEYS_A_STATEMENT = 64;

  private static final int LISTS_A_STATEMENT = 32;

  /// Where in the log to look for what ended first: what one batch wrote is in the order of keys.
  private static final String OLDEST =
      "(SELECT id, ended_at FROM route_history WHERE id > ? ORDER BY id LIMIT 20000)";

  /// How often it is looked for there at most, while all of it ended in the future.
  private static final int LOOKS = 10;

  private final Connection connection;
  private final RowsAhead rowsAhead;
  private final RouteWriter routeWriter;
  private final PreparedStatement insertSets;
  private final PreparedStatement insertSet;
  private final CommunityLists lists;
  private final PreparedStatement insertList;
  private final PreparedStatement insertLists;
  private final PreparedStatement removeHistory;
  private final PreparedStatement removeMinutes;
  private final PreparedStatement next;
  private final PreparedStatement endsOfNext;
  private final PreparedStatement oldestHistory;
  private final PreparedStatement insertHashes;
  private final PreparedStatement insertHash;
  private final PreparedStatement writeNothing;

  /// Up to this row of the log all ended while the clock was ahead, and when the first of them did.
  private long ahead;

  private long aheadFrom = Long.MAX_VALUE;

  /// @param connection that writes
  /// @param reader another one, closed with this object
  SqliteBulkWriter(Connection connection, Connection reader) throws SQLException {
    this.connection = connection;
    rowsAhead = new RowsAhead(reader);
    routeWriter = new RouteWriter(connection, rowsAhead);
    String insertInto =
        """
        INSERT INTO path_attributes (id, octets, next_hop, origin, as_path, origin_as, med,
          local_pref, communities, large_communities, ext_communities, atomic_aggregate, aggregator,
          other, first_at, first_packet, community_list_id) VALUES\
        """;
    String row = " (?" + ", ?".repeat(SET_COLUMNS - 1) + ")";
    insertSet = connection.prepareStatement(insertInto + row);
    insertSets =
        connection.prepareStatement(insertInto + row + ("," + row).repeat(SETS_A_STATEMENT - 1));
    lists = new CommunityLists(connection);
    String listRow = "INSERT INTO community_list VALUES (?, ?)";
    insertList = connection.prepareStatement(listRow);
    insertLists = connection.prepareStatement(listRow + ", (?, ?)".repeat(LISTS_A_STATEMENT - 1));
    removeHistory =
        connection.prepareStatement(
            """
            DELETE FROM route_history WHERE id IN (SELECT id FROM %s WHERE ended_at < ? LIMIT ?)
              AND id < (SELECT max(id) FROM route_history)\
            """
                .formatted(OLDEST));
    removeMinutes =
        connection.prepareStatement(
            "DELETE FROM route_history_minute WHERE minute < ? / " + RouteWriter.MINUTE);
    next = connection.prepareStatement("SELECT ended_at FROM route_history WHERE id > ? LIMIT 1");
    endsOfNext =
        connection.prepareStatement("SELECT min(ended_at), max(id) FROM %s".formatted(OLDEST));
    oldestHistory =
        connection.prepareStatement(
            "SELECT max(ended_at) FROM (SELECT ended_at FROM %s ORDER BY ended_at LIMIT ?)"
                .formatted(OLDEST));
    String insert = "INSERT INTO path_attributes_by_hash VALUES (?, ?)";
    String newest = " ON CONFLICT (hash) DO UPDATE SET attributes_id = excluded.attributes_id";
    insertHashes =
        connection.prepareStatement(insert + ", (?, ?)".repeat(KEYS_A_STATEMENT - 1) + newest);
    insertHash = connection.prepareStatement(insert + newest);
    writeNothing = connection.prepareStatement("DELETE FROM follower WHERE FALSE");
  }

  /// A transaction that has read something does not wait when it wants to write and another
  /// connection has the lock, as [Checkpoints] has for a moment: SQLite refuses that at once.
  @Override
  public void begin() throws SQLException {
    writeNothing.executeUpdate();
  }

  @Override
  public void routes(RouteChanges changes, FamilyState state) throws SQLException {
    routeWriter.apply(changes, state);
  }

  /// In the order of their numbers: pages that rows are put between have free room ever after.
  @Override
  public void attributeSets(List<AttributeSets.New> sets) throws SQLException {
    int whole = sets.size() - sets.size() % SETS_A_STATEMENT;
    for (int i = 0; i < whole; ) {
      for (int p = 0; p < SETS_A_STATEMENT * SET_COLUMNS; p += SET_COLUMNS) {
        bind(insertSets, p, sets.get(i++));
      }
      insertSets.executeUpdate();
    }
    for (var set : sets.subList(whole, sets.size())) {
      bind(insertSet, 0, set);
      insertSet.executeUpdate();
    }
    communityLists(lists.takeFresh());
  }

  private void communityLists(List<CommunityLists.Fresh> fresh) throws SQLException {
    int whole = fresh.size() - fresh.size() % LISTS_A_STATEMENT;
    for (int i = 0; i < whole; ) {
      for (int p = 0; p < 2 * LISTS_A_STATEMENT; p += 2) {
        bind(insertLists, p, fresh.get(i++));
      }
      insertLists.executeUpdate();
    }
    for (var list : fresh.subList(whole, fresh.size())) {
      bind(insertList, 0, list);
      insertList.executeUpdate();
    }
  }

  private static void bind(PreparedStatement statement, int before, CommunityLists.Fresh list)
      throws SQLException {
    statement.setLong(before + 1, list.id());
    statement.setString(before + 2, list.text());
  }

  private void bind(PreparedStatement statement, int before, AttributeSets.New set)
      throws SQLException {
    AttributeSet text = set.text();
    int p = before;
    statement.setLong(++p, set.id());
    statement.setBytes(++p, set.octets());
    statement.setString(++p, text.nextHop());
    statement.setString(++p, text.origin());
    statement.setString(++p, text.asPath());
    setLong(statement, ++p, text.originAs());
    setLong(statement, ++p, text.med());
    setLong(statement, ++p, text.localPref());
    long list = lists.idOf(text.communities());
    statement.setString(++p, list == 0 ? text.communities() : null);
    statement.setString(++p, text.largeCommunities());
    statement.setString(++p, text.extCommunities());
    statement.setInt(++p, text.atomicAggregate() ? 1 : 0);
    statement.setString(++p, text.aggregator());
    statement.setString(++p, text.other());
    statement.setLong(++p, set.at());
    statement.setLong(++p, set.packet());
    setLong(statement, ++p, list == 0 ? null : list);
  }

  @Override
  public long forgetCommunityLists() {
    return lists.forget();
  }

  @Override
  public void hashes(List<HashKey> keys) throws SQLException {
    int whole = keys.size() - keys.size() % KEYS_A_STATEMENT;
    for (int i = 0; i < whole; ) {
      for (int p = 0; p < 2 * KEYS_A_STATEMENT; p += 2) {
        bind(insertHashes, p, keys.get(i++));
      }
      insertHashes.executeUpdate();
    }
    for (var key : keys.subList(whole, keys.size())) {
      bind(insertHash, 0, key);
      insertHash.executeUpdate();
    }
  }

  private static void bind(PreparedStatement statement, int before, HashKey key)
      throws SQLException {
    statement.setLong(before + 1, key.hash());
    statement.setLong(before + 2, key.id());
  }

  @Override
  public long usedOctets() throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT (p.page_count - f.freelist_count) * s.page_size FROM pragma_page_count() p,"
                    + " pragma_freelist_count() f, pragma_page_size() s")) {
      return row.getLong(1);
    }
  }

  @Override
  public void flush() {
    // no route is held back
  }

  @Override
  public void settle() {
    // nor is an attribute set
  }

  /// Takes from the beginning of the log, or from behind what ended there in the future: the clock
  /// was ahead then, and what came later may be old. The newest row stays, for its number: the next
  /// is one more.
  @Override
  public int removeHistory(long before, long now, int rows) throws SQLException {
    if (before > aheadFrom) {
      ahead = 0;
      aheadFrom = Long.MAX_VALUE;
    }
    int removed;
    int looks = 0;
    do {
      removeHistory.setLong(1, ahead);
      removeHistory.setLong(2, before);
      removeHistory.setInt(3, rows);
      removed = removeHistory.executeUpdate();
    } while (removed == 0 && ++looks < LOOKS && skip(now));
    if (removed > 0) {
      removeMinutes.setLong(1, before);
      removeMinutes.executeUpdate();
    }
    return removed;
  }

  /// Skips what is to be looked at next if all of it ended in the future.
  private boolean skip(long now) throws SQLException {
    next.setLong(1, ahead);
    try (var row = next.executeQuery()) {
      if (!row.next() || row.getLong(1) <= now) {
        return false;
      }
    }
    endsOfNext.setLong(1, ahead);
    try (var row = endsOfNext.executeQuery()) {
      long first = row.getLong(1);
      if (first <= now) {
        return false;
      }
      aheadFrom = Math.min(aheadFrom, first);
      ahead = row.getLong(2);
      return true;
    }
  }

  @Override
  public long endOfOldestHistory(int rows) throws SQLException {
    oldestHistory.setLong(1, 0);
    oldestHistory.setInt(2, rows);
    try (var row = oldestHistory.executeQuery()) {
      return row.getLong(1);
    }
  }

  @Override
  public void finish() throws SQLException {
    routeWriter.finish();
  }

  @Override
  public void close() throws SQLException {
    rowsAhead.close();
  }

  private static void setLong(PreparedStatement statement, int parameter, @Nullable Long value)
      throws SQLException {
    if (value == null) {
      statement.setNull(parameter, Types.BIGINT);
    } else {
      statement.setLong(parameter, value);
    }
  }
}
