package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bgppeer.store.OriginWalk.Found;
import org.bgppeer.store.OriginWalk.Target;
import org.jspecify.annotations.Nullable;

/// Keeps `origin_prefix`, the way from an origin AS to its routes, and [ValueRows], that from a
/// community, a next hop or another AS to where they may be, without a share in the time that a
/// table takes to load.
///
/// ```
/// few changes of a table     their pairs of AS and prefix, and their values, are written with them
/// many, or a table beside    the table is in `origin_todo`, and nothing else
/// those of other neighbors
///                            until it has been quiet: then an OriginWalk reads it, and what it
///                            found is written chunk by chunk, between batches
/// ```
///
/// A *table* is what a neighbor has of a family. Whoever asks takes what is there for tables that
/// are not in `origin_todo`, and walks through the others. The row of a table goes after its last
/// pair is there, so a crash costs nothing but another walk. Pairs that retention has left without
/// a route are removed some at a time. Owned by the thread that writes.
final class OriginIndex implements AutoCloseable {
  private static final int MANY = 50_000;

  /// The same of a table that comes in beside others.
  private static final int MANY_BESIDE_OTHERS = 1_000;

  private static final int ROWS_A_STATEMENT = 32;
  private static final int COLUMNS = 3;

  /// Tables that are walked through together, for most values are in all of them.
  private static final int TABLES = 16;

  static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();
  private static final long RETRY_NANOS = Duration.ofSeconds(10).toNanos();

  private final Connection connection;
  private final int many;
  private final long quietNanos;
  private final PreparedStatement insertMany;
  private final PreparedStatement insertOne;
  private final PreparedStatement origin;

  /// Walked through in the order of neighbors, for then sets of them are runs.
  private final Map<Table, Todo> todo = new TreeMap<>();

  private final List<RouteChanges> few = new ArrayList<>();
  private final SetOrigins origins = new SetOrigins();
  private final ValueIndex values;
  private final OriginPrefixes written = new OriginPrefixes();
  private final OriginPrefixes walked = new OriginPrefixes();
  private @Nullable OriginWalk walk;
  private @Nullable OriginPrefix cleanedTo;

  /// Tables that are to be walked through although nothing of them is missing: see [#removeUnused].
  private final Deque<Table> renewed = new ArrayDeque<>();

  /// What a neighbor has of a family.
  record Table(int neighborId, int family) implements Comparable<Table> {
    /// The order of pages.
    @Override
    public int compareTo(Table other) {
      int result = Integer.compare(neighborId, other.neighborId);
      return result == 0 ? Integer.compare(family, other.family) : result;
    }
  }

  private static final class Todo {
    private final Target target;
    private long dueAt;
    private int times;
    private int timesBeforeWalk;
    private boolean walked;

    private Todo(Table table, long since) {
      target = new Target(table, since);
    }
  }

  OriginIndex(Connection connection) throws SQLException {
    this(connection, MANY, QUIET_NANOS);
  }

  /// @param many changes of a table in one batch that are not looked at one by one
  /// @param quietNanos how long a table has been quiet when it is walked through
  OriginIndex(Connection connection, int many, long quietNanos) throws SQLException {
    this.connection = connection;
    this.many = many;
    this.quietNanos = quietNanos;
    String insert = "INSERT INTO origin_prefix (origin_as, family, prefix_key) VALUES (?, ?, ?)";
    String unlessThere = " ON CONFLICT DO NOTHING";
    insertMany =
        connection.prepareStatement(
            insert + ", (?, ?, ?)".repeat(ROWS_A_STATEMENT - 1) + unlessThere);
    insertOne = connection.prepareStatement(insert + unlessThere);
    origin = connection.prepareStatement(SetOrigins.SELECT);
    values = new ValueIndex(connection);
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT neighbor_id, family, since FROM origin_todo")) {
      while (rows.next()) {
        var table = new Table(rows.getInt(1), rows.getInt(2));
        var state = new Todo(table, rows.getLong(3));
        state.dueAt = System.nanoTime() + quietNanos;
        todo.put(table, state);
      }
    }
  }

  /// These sets are there from now on.
  void sets(List<AttributeSets.New> sets) {
    values.sets(sets);
    for (var set : sets) {
      Long as = set.text().originAs();
      origins.put(set.id(), as == null ? SetOrigins.NONE : as);
    }
  }

  /// These changes are written.
  ///
  /// @param besideOthers whether they are a table that comes in beside many others, which wait: a
  ///     small one is left for later, too
  void changed(RouteChanges changes, boolean besideOthers) throws SQLException {
    var table = new Table(changes.neighborId, changes.family);
    var state = todo.get(table);
    boolean isMany = changes.size() >= (besideOthers ? Math.min(many, MANY_BESIDE_OTHERS) : many);
    if (!isMany && (state == null || state.walked)) {
      few.add(changes);
      if (state == null) {
        return;
      }
    } else {
      if (state == null) {
        state = new Todo(table, Long.MAX_VALUE);
        todo.put(table, state);
      }
      state.times++;
      if (isMany) {
        state.dueAt = System.nanoTime() + quietNanos;
      }
    }
    if (state.target.since(changes.earliest())) {
      try (var statement =
          connection.prepareStatement(
              """
              INSERT INTO origin_todo (neighbor_id, family, since) VALUES (?, ?, ?)
              ON CONFLICT (neighbor_id, family) DO UPDATE SET since = excluded.since\
              """)) {
        statement.setInt(1, table.neighborId);
        statement.setInt(2, table.family);
        statement.setLong(3, state.target.since());
        statement.executeUpdate();
      }
    }
  }

  /// Writes the pairs and the values of few changes: called before each commit of some.
  void finish() throws SQLException {
    var pairs = new ArrayList<OriginPrefix>();
    for (var changes : few) {
      var table = new Table(changes.neighborId, changes.family);
      for (int i = 0; i < changes.size(); i++) {
        long set = changes.attributesId(i);
        if (set != RouteChanges.WITHDRAWAL) {
          byte[] key = changes.key(i);
          values.announced(table, key, set);
          long as = origins.of(set, origin);
          if (as != SetOrigins.NONE && written.add(as, changes.family, key)) {
            pairs.add(new OriginPrefix(as, changes.family, key));
          }
        }
      }
    }
    few.clear();
    Collections.sort(pairs);
    insert(pairs);
    values.finish();
  }

  private void insert(List<OriginPrefix> pairs) throws SQLException {
    int whole = pairs.size() - pairs.size() % ROWS_A_STATEMENT;
    for (int i = 0; i < whole; ) {
      for (int p = 0; p < ROWS_A_STATEMENT * COLUMNS; p += COLUMNS) {
        bind(insertMany, p, pairs.get(i++));
      }
      insertMany.addBatch(); // a server need not be waited for each time
    }
    if (whole > 0) {
      insertMany.executeBatch();
    }
    for (var pair : pairs.subList(whole, pairs.size())) {
      bind(insertOne, 0, pair);
      insertOne.executeUpdate();
    }
  }

  private static void bind(PreparedStatement statement, int before, OriginPrefix pair)
      throws SQLException {
    statement.setLong(before + 1, pair.originAs());
    statement.setInt(before + 2, pair.family());
    statement.setBytes(before + 3, pair.key());
  }

  /// Whether [#step] has something to do.
  boolean hasWork() {
    return walk != null || !due().isEmpty() || !renewed.isEmpty();
  }

  /// Tables to walk through together: several, or one of which all is to be replaced.
  private List<Target> due() {
    long now = System.nanoTime();
    var due = new ArrayList<Target>();
    for (var each : todo.entrySet()) {
      var state = each.getValue();
      if (now - state.dueAt >= 0) {
        if (state.target.since() != OriginWalk.EVER) {
          due.add(state.target);
        } else if (due.isEmpty()) {
          return List.of(state.target);
        }
        if (due.size() == TABLES) {
          break;
        }
      }
    }
    return due;
  }

  /// Does some of what is to be done, within the open transaction; nothing else of it is open.
  ///
  /// @return in how many nanoseconds there may be more
  long step(Database database) throws SQLException {
    var current = walk;
    if (current == null) {
      return begin(database);
    }
    var found = current.poll();
    if (found != null) {
      switch (found) {
        case Found.Pairs pairs -> insert(pairs.rows());
        case Found.Shared shared -> values.share(shared.family(), shared.rows());
        case Found.Values own -> values.add(own.table(), own.rows());
        case Found.AllValues all -> values.replace(all.table(), all.range(), all.rows());
      }
      return 0;
    }
    if (!current.isDone()) {
      return LOOK_NANOS;
    }
    walk = null;
    end(current);
    return 0;
  }

  private long begin(Database database) {
    var due = due();
    if (due.isEmpty()) {
      var table = renewed.poll();
      if (table == null || todo.containsKey(table)) {
        return renewed.isEmpty() ? QUIET_NANOS : 0;
      }
      due = List.of(new Target(table, OriginWalk.EVER));
    }
    for (var target : due) {
      var state = todo.get(target.table());
      if (state != null) {
        state.walked = true;
        state.timesBeforeWalk = state.times;
      }
      if (target.since() == OriginWalk.EVER) {
        values.watch(target.table());
      }
    }
    walk = OriginWalk.start(database, due, walked);
    return LOOK_NANOS;
  }

  private void end(OriginWalk over) throws SQLException {
    values.watched();
    if (over.failure() != null) {
      StoreLog.originsFailed(over.failure());
    }
    for (var table : over.tables()) {
      var state = todo.get(table);
      if (state != null) {
        state.walked = false;
        if (over.failure() != null) {
          state.dueAt = System.nanoTime() + RETRY_NANOS;
        } else if (state.times == state.timesBeforeWalk) {
          done(table);
        }
      }
    }
  }

  private void done(Table table) throws SQLException {
    todo.remove(table);
    try (var statement =
        connection.prepareStatement(
            "DELETE FROM origin_todo WHERE neighbor_id = ? AND family = ?")) {
      statement.setInt(1, table.neighborId);
      statement.setInt(2, table.family);
      statement.executeUpdate();
    }
  }

  /// Goes on through the pairs and removes those that no route has any more, nor the history. After
  /// the last one all tables are walked through again, for their values.
  ///
  /// @param pairs to look at, at most
  /// @return whether there are more behind them; false at the end, and while tables wait to be
  ///     walked through, whose pairs are on their way
  boolean removeUnused(Database database, int pairs) throws SQLException {
    if (walk != null || !todo.isEmpty() || !renewed.isEmpty()) {
      cleanedTo = null;
      return false;
    }
    var from = cleanedTo;
    OriginPrefix to = null;
    int seen = 0;
    String where = from == null ? "" : " WHERE (origin_as, family, prefix_key) > (?, ?, ?)";
    try (var statement =
        connection.prepareStatement(
            "SELECT origin_as, family, prefix_key FROM origin_prefix"
                + where
                + " ORDER BY origin_as, family, prefix_key LIMIT "
                + pairs)) {
      if (from != null) {
        bind(statement, 0, from);
      }
      try (var rows = statement.executeQuery()) {
        for (; rows.next(); seen++) {
          to = new OriginPrefix(rows.getLong(1), rows.getInt(2), rows.getBytes(3));
        }
      }
    }
    if (to != null && removeUnused(database, from, to) > 0) {
      written.clear(); // they may come again
      walked.clear();
    }
    cleanedTo = seen == pairs ? to : null;
    if (cleanedTo == null) {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("SELECT neighbor_id, family FROM neighbor_family")) {
        while (rows.next()) {
          renewed.add(new Table(rows.getInt(1), rows.getInt(2)));
        }
      }
    }
    return cleanedTo != null;
  }

  private int removeUnused(Database database, @Nullable OriginPrefix from, OriginPrefix to)
      throws SQLException {
    String has =
        """
        AND NOT EXISTS (SELECT 1 FROM %s r CROSS JOIN path_attributes a
         WHERE r.neighbor_id IN (SELECT f.neighbor_id FROM neighbor_family f
             WHERE f.family = origin_prefix.family)
           AND r.family = origin_prefix.family AND r.prefix_key = origin_prefix.prefix_key
           AND a.id = r.attributes_id AND a.origin_as = origin_prefix.origin_as)\
        """;
    try (var statement =
        connection.prepareStatement(
            "DELETE FROM origin_prefix WHERE (origin_as, family, prefix_key) <= (?, ?, ?)"
                + (from == null ? "" : " AND (origin_as, family, prefix_key) > (?, ?, ?)")
                + has.formatted("route")
                + has.formatted(database.formerVersions()))) {
      bind(statement, 0, to);
      if (from != null) {
        bind(statement, COLUMNS, from);
      }
      return statement.executeUpdate();
    }
  }

  @Override
  public void close() {
    if (walk != null) {
      walk.close();
    }
  }
}
