package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bgppeer.wire.AttributeSet;
import org.jspecify.annotations.Nullable;

/// Bulk for SQLite: many rows a statement, in the order of their keys.
final class SqliteBulkWriter implements BulkWriter {
  private static final int SETS_A_STATEMENT = 16;

  /// What a set has always, and for most sets is all that it has: the number of columns, and the
  /// values of the others then.
  private static final int USUAL_COLUMNS = 9;

  private static final String USUAL_REST = ", '', '', 0, NULL, ''";
  private static final int ALL_COLUMNS = 14;
  private static final int KEYS_A_STATEMENT = 64;
  private static final long NO_ORIGIN = -1;

  /// Where in the log to look for what ended first: what one batch wrote is in the order of keys.
  private static final String OLDEST =
      "(SELECT id, ended_at FROM route_history ORDER BY id LIMIT 20000)";

  private final Connection connection;
  private final RouteWriter routeWriter;
  private final SetRows usualSets;
  private final SetRows otherSets;
  private final PreparedStatement removeHistory;
  private final PreparedStatement removeMinutes;
  private final PreparedStatement oldestHistory;
  private final SetKeys byHash;
  private final SetKeys byOriginAs;
  private final List<SetKey> unindexed = new ArrayList<>();

  SqliteBulkWriter(Connection connection) throws SQLException {
    this.connection = connection;
    routeWriter = new RouteWriter(connection);
    usualSets = new SetRows(USUAL_COLUMNS, USUAL_REST);
    otherSets = new SetRows(ALL_COLUMNS, "");
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
    byHash = new SetKeys("path_attributes_by_hash");
    byOriginAs = new SetKeys("path_attributes_by_origin_as");
  }

  @Override
  public void routes(RouteChanges changes, FamilyState state) throws SQLException {
    routeWriter.apply(changes, state);
  }

  @Override
  public void attributeSets(List<AttributeSets.New> sets) throws SQLException {
    for (var set : sets) {
      (isUsual(set.text()) ? usualSets : otherSets).add(set);
    }
    usualSets.finish();
    otherSets.finish();
    for (var set : sets) {
      Long originAs = set.text().originAs();
      unindexed.add(new SetKey(set.hash(), set.id(), originAs == null ? NO_ORIGIN : originAs));
    }
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

  /// Makes the sets that were written since the last call findable, in the order of each index.
  @Override
  public void finish() throws SQLException {
    routeWriter.finish();
    int size = unindexed.size();
    var order = new long[size];
    for (int i = 0; i < size; i++) {
      byte[] hash = unindexed.get(i).hash; // its first 31 bits bring it near enough to its place
      int top = (hash[0] & 0x7f) << 24 | (hash[1] & 0xff) << 16 | (hash[2] & 0xff) << 8;
      order[i] = (long) (top | hash[3] & 0xff) << 32 | i;
    }
    Arrays.sort(order);
    for (long next : order) {
      var set = unindexed.get((int) next);
      byHash.add(set.hash, set.id);
    }
    byHash.finish();
    int known = 0;
    for (int i = 0; i < size; i++) {
      if (unindexed.get(i).originAs != NO_ORIGIN) {
        order[known++] = unindexed.get(i).originAs << 31 | i;
      }
    }
    Arrays.sort(order, 0, known);
    for (int k = 0; k < known; k++) {
      var set = unindexed.get((int) order[k] & Integer.MAX_VALUE);
      byOriginAs.add(set.originAs, set.id);
    }
    byOriginAs.finish();
    unindexed.clear();
  }

  /// What a set is found by.
  private record SetKey(byte[] hash, long id, long originAs) {}

  /// Writes rows of a key and the number of a set, many a statement.
  private final class SetKeys {
    private final PreparedStatement insertMany;
    private final PreparedStatement insertOne;
    private final Object[] waiting = new Object[2 * KEYS_A_STATEMENT];
    private int size;

    SetKeys(String table) throws SQLException {
      String insert = "INSERT INTO " + table + " VALUES (?, ?)";
      insertMany = connection.prepareStatement(insert + ", (?, ?)".repeat(KEYS_A_STATEMENT - 1));
      insertOne = connection.prepareStatement(insert);
    }

    void add(Object key, Long attributesId) throws SQLException {
      waiting[size++] = key;
      waiting[size++] = attributesId;
      if (size == waiting.length) {
        write(insertMany, 0, size);
        size = 0;
      }
    }

    void finish() throws SQLException {
      for (int i = 0; i < size; i += 2) {
        write(insertOne, i, i + 2);
      }
      size = 0;
    }

    private void write(PreparedStatement statement, int from, int to) throws SQLException {
      for (int i = from; i < to; i++) {
        statement.setObject(i - from + 1, waiting[i]);
      }
      statement.executeUpdate();
    }
  }

  private static boolean isUsual(AttributeSet text) {
    return text.largeCommunities().isEmpty()
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

    /// @param columns that are bound
    /// @param rest the values of the others
    SetRows(int columns, String rest) throws SQLException {
      this.columns = columns;
      String row = "(?" + ", ?".repeat(columns - 1) + rest + ")";
      String insert = "INSERT INTO path_attributes VALUES " + row;
      insertMany = connection.prepareStatement(insert + (", " + row).repeat(SETS_A_STATEMENT - 1));
      insertOne = connection.prepareStatement(insert);
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
      statement.setBytes(++p, set.octets());
      statement.setString(++p, text.nextHop());
      statement.setString(++p, text.origin());
      statement.setString(++p, text.asPath());
      setLong(statement, ++p, text.originAs());
      setLong(statement, ++p, text.med());
      setLong(statement, ++p, text.localPref());
      statement.setString(++p, text.communities());
      if (columns == ALL_COLUMNS) {
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
