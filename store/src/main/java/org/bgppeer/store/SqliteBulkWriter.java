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

  /// What a set has always, and for most sets is all that it has: the number of columns, and the
  /// values of the others then.
  private static final int USUAL_COLUMNS = 11;

  private static final String USUAL =
      """
      INSERT INTO path_attributes (id, next_hop, origin, as_path, origin_as, med, local_pref,
        communities, community_list_id, first_at, first_packet, large_communities, ext_communities,
        atomic_aggregate, other) VALUES\
      """;

  private static final String USUAL_REST = ", '', '', 0, ''";
  private static final String ALL =
      """
      INSERT INTO path_attributes (id, next_hop, origin, as_path, origin_as, med, local_pref,
        communities, community_list_id, first_at, first_packet, octets, large_communities,
        ext_communities, atomic_aggregate, aggregator, other) VALUES\
      """;
  private static final int ALL_COLUMNS = 17;
  private static final int KEYS_A_STATEMENT = 64;

  /// Where in the log to look for what ended first: what one batch wrote is in the order of keys.
  private static final String OLDEST =
      "(SELECT id, ended_at FROM route_history ORDER BY id LIMIT 20000)";

  private final Connection connection;
  private final RowsAhead rowsAhead;
  private final RouteWriter routeWriter;
  private final SetRows usualSets;
  private final SetRows otherSets;
  private final CommunityLists lists;
  private final PreparedStatement insertList;
  private final PreparedStatement removeHistory;
  private final PreparedStatement removeMinutes;
  private final PreparedStatement oldestHistory;
  private final PreparedStatement insertHashes;
  private final PreparedStatement insertHash;
  private final PreparedStatement writeNothing;

  /// @param connection that writes
  /// @param reader another one, closed with this object
  SqliteBulkWriter(Connection connection, Connection reader) throws SQLException {
    this.connection = connection;
    rowsAhead = new RowsAhead(reader);
    routeWriter = new RouteWriter(connection, rowsAhead);
    usualSets = new SetRows(USUAL, USUAL_COLUMNS, USUAL_REST);
    otherSets = new SetRows(ALL, ALL_COLUMNS, "");
    lists = new CommunityLists(connection);
    insertList = connection.prepareStatement("INSERT INTO community_list VALUES (?, ?)");
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

  @Override
  public void attributeSets(List<AttributeSets.New> sets) throws SQLException {
    for (var set : sets) {
      (isUsual(set) ? usualSets : otherSets).add(set);
    }
    usualSets.finish();
    otherSets.finish();
    for (var list : lists.takeFresh()) {
      insertList.setLong(1, list.id());
      insertList.setString(2, list.text());
      insertList.executeUpdate();
    }
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

  /// Takes from the beginning of the log. The newest row stays, for its number: the next is one
  /// more.
  @Override
  public int removeHistory(long before, int rows) throws SQLException {
    removeHistory.setLong(1, before);
    removeHistory.setInt(2, rows);
    int removed = removeHistory.executeUpdate();
    if (removed > 0) {
      removeMinutes.setLong(1, before);
      removeMinutes.executeUpdate();
    }
    return removed;
  }

  @Override
  public long endOfOldestHistory(int rows) throws SQLException {
    oldestHistory.setInt(1, rows);
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

  private static boolean isUsual(AttributeSets.New set) {
    var text = set.text();
    return set.octets() == null
        && text.largeCommunities().isEmpty()
        && text.extCommunities().isEmpty()
        && !text.atomicAggregate()
        && text.aggregator() == null
        && text.other().isEmpty();
  }

  /// Writes sets, many a statement: each value that is bound costs.
  private final class SetRows {
    private final int columns;
    private final PreparedStatement insertMany;
    private final PreparedStatement insertOne;
    private final AttributeSets.New[] waiting = new AttributeSets.New[SETS_A_STATEMENT];
    private int size;

    /// @param insert up to the values
    /// @param columns that are bound
    /// @param rest the values of the others
    SetRows(String insert, int columns, String rest) throws SQLException {
      this.columns = columns;
      String row = " (?" + ", ?".repeat(columns - 1) + rest + ")";
      insertOne = connection.prepareStatement(insert + row);
      insertMany =
          connection.prepareStatement(insert + row + ("," + row).repeat(SETS_A_STATEMENT - 1));
    }

    void add(AttributeSets.New set) throws SQLException {
      waiting[size++] = set;
      if (size == waiting.length) {
        for (int i = 0; i < size; i++) {
          bind(insertMany, i * columns, waiting[i]);
        }
        insertMany.executeUpdate();
        size = 0;
      }
    }

    void finish() throws SQLException {
      for (int i = 0; i < size; i++) {
        bind(insertOne, 0, waiting[i]);
        insertOne.executeUpdate();
      }
      size = 0;
    }

    private void bind(PreparedStatement statement, int before, AttributeSets.New set)
        throws SQLException {
      AttributeSet text = set.text();
      int p = before;
      statement.setLong(++p, set.id());
      statement.setString(++p, text.nextHop());
      statement.setString(++p, text.origin());
      statement.setString(++p, text.asPath());
      setLong(statement, ++p, text.originAs());
      setLong(statement, ++p, text.med());
      setLong(statement, ++p, text.localPref());
      long list = lists.idOf(text.communities());
      statement.setString(++p, list == 0 ? text.communities() : null);
      setLong(statement, ++p, list == 0 ? null : list);
      statement.setLong(++p, set.at());
      statement.setLong(++p, set.packet());
      if (columns == ALL_COLUMNS) {
        statement.setBytes(++p, set.octets());
        statement.setString(++p, text.largeCommunities());
        statement.setString(++p, text.extCommunities());
        statement.setInt(++p, text.atomicAggregate() ? 1 : 0);
        statement.setString(++p, text.aggregator());
        statement.setString(++p, text.other());
      }
    }
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
