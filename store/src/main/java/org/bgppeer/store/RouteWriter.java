package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;

/// Writes sorted [RouteChanges] into `route` and `route_history`, and counts what that does to
/// [FamilyState].
///
/// A chunk of routes at a time, in one of three ways, the likely one first.
///
/// ```
/// all new       INSERT, which leaves alone what is there
/// all replaced  INSERT into the history what SELECT finds active and different; then upsert
/// else          SELECT the current versions, RouteDecision says what becomes of each, and the rows
///               that come out are written with one statement a table
/// ```
///
/// In the first two nothing is read; the number of rows that SQLite returns says whether it was so.
///
/// Of a table that comes again the current versions are read by [RowsAhead], and routes side by
/// side that are sent as they were become those of this session together.
final class RouteWriter {
  private static final int ROUTES_A_CHUNK = 32;

  /// More if they are likely new, for each statement has to find its place in the tree.
  private static final int NEW_ROUTES_A_CHUNK = 128;

  private static final int HISTORY_A_STATEMENT = 16;
  private static final int ENDED_A_STATEMENT = 8;
  private static final int COMMON_PARAMETERS = 3;

  /// Of so many routes side by side so many are put between the others later: see [#apply].
  private static final int STRETCH = 80;

  private static final int LATER_OF_STRETCH = 8;

  /// Changes that are worth another thread.
  private static final int MANY = 64;

  /// How often in a batch a table may turn out to come again.
  private static final int TIMES_AGAIN = 3;

  static final long MINUTE = 60_000_000L;

  private final Inserts inserts;
  private final Inserts largeInserts;
  private final PreparedStatement select;
  private final PreparedStatement archiveReplaced;
  private final PreparedStatement forget;
  private final PreparedStatement announceAgain;
  private final PreparedStatement renewPrefixes;
  private final PreparedStatement renewPaths;
  private final PreparedStatement replaceMany;
  private final PreparedStatement replaceEnded;
  private final PreparedStatement replace;
  private final PreparedStatement archiveMany;
  private final PreparedStatement archive;
  private final PreparedStatement insertText;
  private final PreparedStatement insertMinute;
  private final RouteDecision decision;

  /// The first change of each route of the chunk, in sorted order, and what is behind its last one.
  private final int[] chunk = new int[NEW_ROUTES_A_CHUNK];

  private final int[] ends = new int[NEW_ROUTES_A_CHUNK];

  /// The block of that first change.
  private final int[] blocks = new int[NEW_ROUTES_A_CHUNK];

  /// How many routes the chunk has, and whether each has one change, an announcement of a prefix.
  private int routes;

  private boolean plain;

  /// Prefixes that wait, each with one change, and how many.
  private final int[] later = new int[2 * NEW_ROUTES_A_CHUNK];

  private int waiting;

  /// Whether the chunk before had new routes for the most part.
  private boolean likelyNew;

  /// Routes of the chunk that [#insert] added, and did not count.
  private int uncounted;

  private final @Nullable RouteVersion[] current = new RouteVersion[NEW_ROUTES_A_CHUNK];

  /// Rows that wait for their statement: active ones of the session, other ones, and former ones.
  private final List<RouteVersion> changed = new ArrayList<>();

  private final List<RouteVersion> ended = new ArrayList<>();
  private final List<RouteVersion> former = new ArrayList<>();

  /// The number of the newest row of the log.
  private long lastFormer;

  /// The first row that this batch adds of each minute in which a version ended.
  private final Map<Long, Long> firstFormer = new HashMap<>();

  private long lastMinute = -1;

  /// Whether the chunk before said something else of each of its routes.
  private boolean likelyReplaced;

  private final RowsAhead reader;

  /// The routes of the table from the chunk on; null if they are not read ahead.
  private RowsAhead.@Nullable Rows rows;

  /// Of each route of the chunk that was read ahead, whether the row before its own is that of a
  /// route of the chunk too.
  private final boolean[] isNext = new boolean[NEW_ROUTES_A_CHUNK];

  /// Tables that the transaction changed: what another connection sees of them is not true.
  private final Set<OriginIndex.Table> touched = new HashSet<>();

  /// @param connection that writes
  /// @param reader over another one
  RouteWriter(Connection connection, RowsAhead reader) throws SQLException {
    this.reader = reader;
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT coalesce(max(id), 0) FROM route_history")) {
      lastFormer = row.getLong(1);
    }
    inserts = new Inserts(connection, ROUTES_A_CHUNK);
    largeInserts = new Inserts(connection, NEW_ROUTES_A_CHUNK);
    select =
        connection.prepareStatement(
            """
            SELECT %s, k.column1 FROM (VALUES %s) AS k CROSS JOIN route r
            WHERE neighbor_id = ?1 AND family = ?2 AND prefix_key = k.column2
              AND path_id = k.column3\
            """
                .formatted(
                    RouteVersion.COLUMNS,
                    IntStream.range(0, ROUTES_A_CHUNK)
                        .mapToObj(i -> "(%d, ?%d, ?%d)".formatted(i, 2 * i + 3, 2 * i + 4))
                        .collect(Collectors.joining(", "))));
    String renew = "UPDATE route SET generation = ?7 WHERE neighbor_id = ?1 AND family = ?2 AND ";
    renewPrefixes =
        connection.prepareStatement(
            renew + "prefix_key >= ?3 AND prefix_key <= ?5 AND path_id = ?4 AND ?4 = ?6");
    renewPaths =
        connection.prepareStatement(
            renew + "(prefix_key, path_id) >= (?3, ?4) AND (prefix_key, path_id) <= (?5, ?6)");
    archiveReplaced =
        connection.prepareStatement(
            """
            INSERT INTO route_history (id, previous, neighbor_id, family, prefix_key, path_id,
              version, attributes_id, valid_from, packet, ended_at, end_reason, end_packet)
            SELECT k.column1, former, ?1, ?2, prefix_key, path_id, version, attributes_id,
              valid_from, packet, k.column5, '%s', k.column6
            FROM (VALUES %s) AS k CROSS JOIN route
            WHERE neighbor_id = ?1 AND family = ?2 AND prefix_key = k.column2
              AND path_id = k.column3 AND attributes_id <> k.column4 AND generation = ?3
              AND ended_at IS NULL\
            """
                .formatted(
                    Reason.REPLACED.text(),
                    IntStream.range(0, ROUTES_A_CHUNK)
                        .mapToObj(
                            i ->
                                "(?4 + %d, ?%d, ?%d, ?%d, ?%d, ?%d)"
                                    .formatted(
                                        i, 5 * i + 5, 5 * i + 6, 5 * i + 7, 5 * i + 8, 5 * i + 9))
                        .collect(Collectors.joining(", "))));
    forget = connection.prepareStatement("DELETE FROM route_history WHERE id > ?");
    announceAgain =
        connection.prepareStatement(
            """
            INSERT INTO route (neighbor_id, family, generation, version, former, prefix_key, path_id,
              attributes_id, valid_from, packet) VALUES %s
            ON CONFLICT (neighbor_id, family, prefix_key, path_id) DO UPDATE SET
              version = version + 1, former = excluded.former,
              first_seen = coalesce(first_seen, %s), attributes_id = excluded.attributes_id,
              valid_from = excluded.valid_from, packet = excluded.packet\
            """
                .formatted(
                    IntStream.range(0, ROUTES_A_CHUNK)
                        .mapToObj(
                            i ->
                                "(?1, ?2, ?3, 1, ?4 + %d, ?%d, ?%d, ?%d, ?%d, ?%d)"
                                    .formatted(
                                        i, 5 * i + 5, 5 * i + 6, 5 * i + 7, 5 * i + 8, 5 * i + 9))
                        .collect(Collectors.joining(", ")),
                    Database.validFrom("route")));
    // of a table WITHOUT ROWID that has no other index REPLACE is one descent of the tree
    String replacement =
        """
        INSERT OR REPLACE INTO route (neighbor_id, family, generation, prefix_key, path_id,
          attributes_id, version, valid_from, packet, first_seen, former\
        """;
    replaceMany =
        connection.prepareStatement(
            replacement + ") VALUES" + rows(ROUTES_A_CHUNK, "?1, ?2, ?3", 8));
    replacement += ", ended_at, end_reason, end_packet, details, nlri) VALUES";
    replaceEnded = connection.prepareStatement(replacement + rows(ENDED_A_STATEMENT, "?1, ?2", 14));
    replace = connection.prepareStatement(replacement + rows(1, "?1, ?2", 14));
    String history =
        """
        INSERT INTO route_history (neighbor_id, family, prefix_key, path_id, attributes_id, version,
          valid_from, packet, id, previous, ended_at, end_reason, end_packet\
        """;
    archiveMany =
        connection.prepareStatement(history + ") VALUES" + rows(HISTORY_A_STATEMENT, "?1, ?2", 11));
    archive =
        connection.prepareStatement(history + ", details, nlri) VALUES" + rows(1, "?1, ?2", 13));
    insertText =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO nlri (family, prefix_key, text, inner_key) VALUES (?, ?, ?, ?)");
    decision = new RouteDecision(connection, (_, version) -> archive(version));
    insertMinute =
        connection.prepareStatement(
            """
            INSERT INTO route_history_minute VALUES (?, ?)
            ON CONFLICT (minute) DO UPDATE SET first_id = min(first_id, excluded.first_id)\
            """);
  }

  /// Makes what was added to the log since the last call findable by time; the transaction ends.
  void finish() throws SQLException {
    touched.clear();
    for (var first : firstFormer.entrySet()) {
      insertMinute.setLong(1, first.getKey());
      insertMinute.setLong(2, first.getValue());
      insertMinute.executeUpdate();
    }
    firstFormer.clear();
    lastMinute = -1;
  }

  /// Statements that add some new routes: with path identifiers or without, and with times and
  /// packets of their own or with those of their sets.
  private static final class Inserts {
    private final PreparedStatement plain;
    private final PreparedStatement first;
    private final PreparedStatement paths;
    private final PreparedStatement firstPaths;

    Inserts(Connection connection, int rows) throws SQLException {
      plain = insert(connection, rows, false, false);
      first = insert(connection, rows, false, true);
      paths = insert(connection, rows, true, false);
      firstPaths = insert(connection, rows, true, true);
    }

    /// All columns in the order of the table: otherwise SQLite copies each value once more.
    private static PreparedStatement insert(
        Connection connection, int rows, boolean hasPaths, boolean first) throws SQLException {
      var sql =
          new StringBuilder(
              """
              INSERT OR IGNORE INTO route (neighbor_id, family, prefix_key, path_id, attributes_id,
                generation, version, valid_from, packet, first_seen, former, ended_at, end_reason,
                end_packet, details, nlri) VALUES\
              """);
      int p = COMMON_PARAMETERS;
      for (int i = 0; i < rows; i++) {
        sql.append(i == 0 ? " (?1, ?2, ?" : ", (?1, ?2, ?").append(++p).append(", ");
        sql.append(hasPaths ? "?" + ++p : RouteChanges.NO_PATH_ID);
        sql.append(", ?").append(++p).append(", ?3, 1, ");
        sql.append(first ? "NULL, NULL" : "?" + ++p + ", ?" + ++p);
        sql.append(", NULL".repeat(7)).append(')');
      }
      return connection.prepareStatement(sql.toString());
    }

    PreparedStatement of(boolean hasPaths, boolean areFirst) {
      if (hasPaths) {
        return areFirst ? firstPaths : paths;
      }
      return areFirst ? first : plain;
    }
  }

  /// Rows of VALUES: each one that is bound costs, so what all have in common is bound once.
  private static String rows(int rows, String common, int parameters) {
    int before = (int) common.chars().filter(c -> c == '?').count();
    var sql = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      sql.append(i == 0 ? " (" : ", (").append(common);
      for (int p = 1; p <= parameters; p++) {
        sql.append(", ?").append(before + i * parameters + p);
      }
      sql.append(')');
    }
    return sql.toString();
  }

  /// Applies sorted changes that are all of `state`'s neighbor and family, within the caller's
  /// transaction.
  ///
  /// What SQLite is given in the order of keys leaves an eighth of each page free. So a tenth of a
  /// table that comes in, eight routes here and there, is put between the others afterwards, which
  /// makes it 4 percent.
  void apply(RouteChanges changes, FamilyState state) throws SQLException {
    likelyNew = !state.full;
    boolean isFirst = touched.add(new OriginIndex.Table(changes.neighborId, changes.family));
    boolean isWhole = 2L * changes.size() > state.active + state.inactive;
    int again = isFirst && isWhole && changes.size() >= MANY ? TIMES_AGAIN : 0;
    try {
      for (int next = 0; next < changes.size(); ) {
        next = gather(changes, next);
        if (rows != null && likelyNew) {
          endReading();
        } else if (rows == null && !likelyNew && again-- > 0) {
          rows =
              reader.read(
                  changes.neighborId,
                  changes.family,
                  changes.key(chunk[0]),
                  changes.key(changes.size() - 1));
        }
        if (routes > 0) {
          applyChunk(changes, state);
        }
        if (waiting == later.length) {
          applyLater(changes, state);
        }
      }
    } finally {
      endReading();
    }
    applyLater(changes, state);
    write(changes, true);
  }

  private void endReading() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }

  /// Takes the next routes; some of those that are likely new, to wait.
  ///
  /// @return the first change behind them
  private int gather(RouteChanges changes, int from) {
    int next = from;
    routes = 0;
    boolean arePrefixes = !(changes instanceof NlriChanges);
    boolean mayWait = likelyNew && arePrefixes;
    int most = likelyNew && !likelyReplaced ? NEW_ROUTES_A_CHUNK : ROUTES_A_CHUNK;
    while (routes < most && next < changes.size()) {
      int begin = next++;
      while (next < changes.size() && changes.sameRoute(begin, next)) {
        next++;
      }
      if (mayWait
          && next == begin + 1
          && begin % STRETCH >= STRETCH - LATER_OF_STRETCH
          && waiting < later.length) {
        later[waiting++] = begin;
      } else {
        chunk[routes] = begin;
        ends[routes++] = next;
      }
    }
    look(changes);
    return next;
  }

  /// Looks at what the routes of the chunk have: all at once, for they are scattered in memory.
  private void look(RouteChanges changes) {
    for (int k = 0; k < routes; k++) {
      blocks[k] = changes.block(chunk[k]);
    }
    plain = !(changes instanceof NlriChanges);
    for (int k = 0; k < routes; k++) {
      plain &=
          changes.attributesIdOf(blocks[k]) != RouteChanges.WITHDRAWAL && ends[k] == chunk[k] + 1;
    }
  }

  private void applyLater(RouteChanges changes, FamilyState state) throws SQLException {
    for (int from = 0; from < waiting; from += NEW_ROUTES_A_CHUNK) {
      routes = Math.min(NEW_ROUTES_A_CHUNK, waiting - from);
      for (int k = 0; k < routes; k++) {
        chunk[k] = later[from + k];
        ends[k] = chunk[k] + 1;
      }
      look(changes);
      applyChunk(changes, state);
    }
    waiting = 0;
  }

  private void applyChunk(RouteChanges changes, FamilyState state) throws SQLException {
    if (likelyReplaced
        && rows == null
        && plain
        && routes == ROUTES_A_CHUNK
        && changes.generation >= state.aliveFrom) {
      likelyReplaced = areReplaced(changes, state);
      if (likelyReplaced) {
        return;
      }
    }
    long before = lastFormer;
    uncounted = 0;
    int isNew = likelyNew && plain ? insert(changes, state) : 0;
    if (isNew < routes) {
      isNew += change(changes, isNew, state);
    }
    likelyNew = isNew > routes / 2 && !state.full;
    likelyReplaced = lastFormer - before == routes;
  }

  /// Inserts announcements from the first one of the chunk on, as many in a statement as it can
  /// take, until they are too few for one or some are not new: [#uncounted] of these are in, too.
  ///
  /// @return how many are in and done with
  private int insert(RouteChanges changes, FamilyState state) throws SQLException {
    int done = 0;
    while (routes - done >= ROUTES_A_CHUNK) {
      boolean isLarge = routes - done == NEW_ROUTES_A_CHUNK && areAlike(changes);
      int rows = isLarge ? NEW_ROUTES_A_CHUNK : ROUTES_A_CHUNK;
      int inserted = insert(isLarge ? largeInserts : inserts, changes, done, rows);
      state.active += inserted;
      state.announced += inserted;
      if (inserted < rows) {
        uncounted = inserted;
        break;
      }
      for (int k = done; k < done + rows; k++) {
        changes.count(blocks[k], 1, 1);
      }
      done += rows;
    }
    return done;
  }

  /// Whether all routes of the chunk came with their sets, or none.
  private boolean areAlike(RouteChanges changes) {
    int k = 1;
    while (k < routes && changes.isFirstOf(blocks[k]) == changes.isFirstOf(blocks[0])) {
      k++;
    }
    return k == routes;
  }

  /// @return how many were new
  private int insert(Inserts inserts, RouteChanges changes, int from, int rows)
      throws SQLException {
    boolean areFirst = true; // each is, that has its set
    for (int k = from; areFirst && k < from + rows; k++) {
      areFirst = changes.isFirstOf(blocks[k]);
    }
    boolean hasPaths = changes.hasPathIds();
    var statement = inserts.of(hasPaths, areFirst);
    bindCommon(statement, changes);
    statement.setInt(COMMON_PARAMETERS, changes.generation);
    int p = COMMON_PARAMETERS;
    for (int k = from; k < from + rows; k++) {
      int i = chunk[k];
      statement.setBytes(++p, changes.key(i));
      if (hasPaths) {
        statement.setLong(++p, changes.pathId(i));
      }
      statement.setLong(++p, changes.attributesIdOf(blocks[k]));
      if (!areFirst) {
        boolean isFirst = changes.isFirstOf(blocks[k]);
        p = bindCame(statement, p, isFirst, changes.at(i), changes.packet(i));
      }
    }
    return statement.executeUpdate();
  }

  /// Replaces the active versions of a chunk of announcements, if each has one in this session that
  /// says something else.
  ///
  /// @return whether it was so; if not, nothing is done
  private boolean areReplaced(RouteChanges changes, FamilyState state) throws SQLException {
    write(changes, true); // what waits for its place in the log comes before
    bindReplacement(archiveReplaced, changes, true);
    int replaced = archiveReplaced.executeUpdate();
    if (replaced < ROUTES_A_CHUNK) {
      if (replaced > 0) {
        forget.setLong(1, lastFormer);
        forget.executeUpdate();
      }
      return false;
    }
    bindReplacement(announceAgain, changes, false);
    announceAgain.executeUpdate();
    for (int k = 0; k < ROUTES_A_CHUNK; k++) {
      noteFormer(++lastFormer, changes.at(chunk[k]));
    }
    state.announced += ROUTES_A_CHUNK;
    return true;
  }

  /// @param isEnd whether time and packet are those of an end, which is always said
  private void bindReplacement(PreparedStatement statement, RouteChanges changes, boolean isEnd)
      throws SQLException {
    bindCommon(statement, changes);
    statement.setInt(COMMON_PARAMETERS, changes.generation);
    statement.setLong(4, lastFormer + 1);
    int p = 4;
    for (int k = 0; k < ROUTES_A_CHUNK; k++) {
      int i = chunk[k];
      statement.setBytes(++p, changes.key(i));
      statement.setLong(++p, changes.pathId(i));
      statement.setLong(++p, changes.attributesId(i));
      p = bindCame(statement, p, !isEnd && changes.isFirst(i), changes.at(i), changes.packet(i));
    }
  }

  /// Reads the current versions of routes of the chunk and applies the changes of each route in
  /// their order.
  ///
  /// @param from the first of these routes
  /// @return how many were new
  private int change(RouteChanges changes, int from, FamilyState state) throws SQLException {
    read(changes, from);
    int isNew = uncounted;
    for (int k = from; k < routes; k++) {
      int stale = staleFrom(k, changes, state);
      if (stale > 1) {
        renew(changes, k, stale, state);
        k += stale - 1;
        continue;
      }
      var before = current[k];
      if (uncounted > 0 && before != null && isOf(before, changes, chunk[k])) {
        changes.count(blocks[k], 1, 1);
        uncounted--;
      }
      var version = decision.apply(changes, chunk[k], ends[k], before, state);
      if (decision.isTouched() && version != null) {
        boolean isPlain =
            version.endedAt == 0 && version.generation == changes.generation && !version.hasNlri();
        (isPlain ? changed : ended).add(version);
      }
      if (before == null && version != null) {
        isNew++;
        if (changes instanceof NlriChanges nlri) {
          insertText(nlri, chunk[k], ends[k]);
        }
      }
    }
    write(changes, false);
    return isNew;
  }

  private static boolean isOf(RouteVersion version, RouteChanges changes, int i) {
    return version.version == 1
        && version.validFrom == changes.at(i)
        && (version.isFirst
            ? changes.isFirst(i) && version.attributesId == changes.attributesId(i)
            : version.packet == changes.packet(i));
  }

  private void read(RouteChanges changes, int from) throws SQLException {
    Arrays.fill(current, null);
    if (rows != null) {
      readAhead(changes, from, rows);
      return;
    }
    for (int k = from; k < routes; k += ROUTES_A_CHUNK) {
      select(changes, k);
    }
  }

  private void select(RouteChanges changes, int from) throws SQLException {
    bindCommon(select, changes);
    int p = 2;
    for (int k = from; k < from + ROUTES_A_CHUNK; k++) {
      int i = chunk[Math.min(k, routes - 1)]; // what is not full ends with the last route
      select.setBytes(++p, changes.key(i));
      select.setLong(++p, changes.pathId(i));
    }
    boolean hasNlri = changes instanceof NlriChanges;
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        int k = from + row.getInt(RouteVersion.COLUMN_COUNT + 1);
        if (k >= routes) {
          break;
        }
        current[k] = RouteVersion.of(row, changes.key(chunk[k]), changes.pathId(chunk[k]), hasNlri);
      }
    }
  }

  private void readAhead(RouteChanges changes, int from, RowsAhead.Rows rows) throws SQLException {
    boolean isNextOfOurs = false;
    for (int k = from; k < routes; ) {
      var row = rows.peek();
      if (row == null) {
        return;
      }
      int order = Arrays.compareUnsigned(changes.key(chunk[k]), row.key);
      order = order == 0 ? Long.compare(changes.pathId(chunk[k]), row.pathId) : order;
      if (order == 0) {
        isNext[k] = isNextOfOurs;
        current[k] = row;
      }
      if (order >= 0) {
        isNextOfOurs = order == 0;
        rows.skip();
      }
      k += order <= 0 ? 1 : 0;
    }
  }

  /// How many routes from one on are active since a session before, are announced again with the
  /// set that they have, and have their rows side by side.
  private int staleFrom(int from, RouteChanges changes, FamilyState state) {
    int k = from;
    while (rows != null
        && k < routes
        && (k == from || isNext[k])
        && isStale(current[k], changes, k, state)) {
      k++;
    }
    return k - from;
  }

  private boolean isStale(
      @Nullable RouteVersion version, RouteChanges changes, int k, FamilyState state) {
    return version != null
        && version.endedAt == 0
        && version.generation >= state.aliveFrom
        && version.generation < changes.generation
        && version.attributesId == changes.attributesId(chunk[k])
        && ends[k] == chunk[k] + 1
        && !(changes instanceof NlriChanges);
  }

  /// What the neighbor sent again as it was is of this session now.
  private void renew(RouteChanges changes, int from, int count, FamilyState state)
      throws SQLException {
    var statement = changes.hasPathIds() ? renewPaths : renewPrefixes;
    bindCommon(statement, changes);
    int p = 2;
    for (int k : new int[] {from, from + count - 1}) {
      statement.setBytes(++p, changes.key(chunk[k]));
      statement.setLong(++p, changes.pathId(chunk[k]));
    }
    statement.setInt(++p, changes.generation);
    statement.executeUpdate();
    state.stale -= count;
    state.announced += count;
  }

  /// A version that has ended and is not current any more gets its place in the log.
  private void archive(RouteVersion version) {
    version.id = ++lastFormer;
    former.add(version);
    noteFormer(version.id, version.endedAt);
  }

  private void noteFormer(long id, long endedAt) {
    long minute = endedAt / MINUTE;
    if (minute != lastMinute) {
      lastMinute = minute;
      firstFormer.putIfAbsent(minute, id);
    }
  }

  private void insertText(NlriChanges changes, int from, int to) throws SQLException {
    for (int i = from; i < to; i++) {
      String text = changes.text(i);
      if (text != null) {
        insertText.setInt(1, changes.family);
        insertText.setBytes(2, changes.key(i));
        insertText.setString(3, text);
        insertText.setBytes(4, InnerPrefix.key(Family.ofCode(changes.family), text));
        insertText.executeUpdate();
        return;
      }
    }
  }

  /// Writes the rows that wait.
  ///
  /// @param all also those that do not fill a statement
  private void write(RouteChanges changes, boolean all) throws SQLException {
    int i = 0;
    for (; former.size() - i >= HISTORY_A_STATEMENT; i += HISTORY_A_STATEMENT) {
      var rows = former.subList(i, i + HISTORY_A_STATEMENT);
      if (rows.stream().anyMatch(RouteVersion::hasNlri)) {
        archive(changes, rows);
      } else {
        bindCommon(archiveMany, changes);
        int p = 2;
        for (var version : rows) {
          p = bindFormer(archiveMany, p, version);
        }
        archiveMany.executeUpdate();
      }
    }
    if (all) {
      archive(changes, former.subList(i, former.size()));
      i = former.size();
    }
    former.subList(0, i).clear();

    i = 0;
    for (; changed.size() - i >= ROUTES_A_CHUNK; i += ROUTES_A_CHUNK) {
      bindCommon(replaceMany, changes);
      replaceMany.setInt(COMMON_PARAMETERS, changes.generation);
      int p = COMMON_PARAMETERS;
      for (var version : changed.subList(i, i + ROUTES_A_CHUNK)) {
        p = bindCurrent(replaceMany, p, version);
      }
      replaceMany.executeUpdate();
    }
    if (all) {
      replace(changes, changed.subList(i, changed.size()));
      i = changed.size();
    }
    changed.subList(0, i).clear();

    i = 0;
    for (; ended.size() - i >= ENDED_A_STATEMENT; i += ENDED_A_STATEMENT) {
      bindCommon(replaceEnded, changes);
      int p = 2;
      for (var version : ended.subList(i, i + ENDED_A_STATEMENT)) {
        p = bindEnded(replaceEnded, p, version);
      }
      replaceEnded.executeUpdate();
    }
    if (all) {
      replace(changes, ended.subList(i, ended.size()));
      i = ended.size();
    }
    ended.subList(0, i).clear();
  }

  private void archive(RouteChanges changes, List<RouteVersion> rows) throws SQLException {
    bindCommon(archive, changes);
    for (var version : rows) {
      int p = bindFormer(archive, 2, version);
      archive.setString(++p, version.details);
      archive.setBytes(++p, version.nlri);
      archive.executeUpdate();
    }
  }

  private void replace(RouteChanges changes, List<RouteVersion> rows) throws SQLException {
    bindCommon(replace, changes);
    for (var version : rows) {
      bindEnded(replace, 2, version);
      replace.executeUpdate();
    }
  }

  private static int bindEnded(PreparedStatement statement, int before, RouteVersion version)
      throws SQLException {
    int p = before;
    statement.setInt(++p, version.generation);
    p = bindCurrent(statement, p, version);
    setLong(statement, ++p, version.endedAt);
    statement.setString(++p, version.endReason);
    setLong(statement, ++p, version.endPacket);
    statement.setString(++p, version.details);
    statement.setBytes(++p, version.nlri);
    return p;
  }

  private static void bindCommon(PreparedStatement statement, RouteChanges changes)
      throws SQLException {
    statement.setInt(1, changes.neighborId);
    statement.setInt(2, changes.family);
  }

  private static int bindCurrent(PreparedStatement statement, int before, RouteVersion version)
      throws SQLException {
    int p = bindVersion(statement, before, version);
    setLong(statement, ++p, version.firstSeen);
    setLong(statement, ++p, version.former);
    return p;
  }

  private static int bindFormer(PreparedStatement statement, int before, RouteVersion version)
      throws SQLException {
    int p = bindVersion(statement, before, version);
    statement.setLong(++p, version.id);
    setLong(statement, ++p, version.former);
    statement.setLong(++p, version.endedAt);
    statement.setString(++p, version.endReason);
    setLong(statement, ++p, version.endPacket);
    return p;
  }

  private static int bindVersion(PreparedStatement statement, int before, RouteVersion version)
      throws SQLException {
    int p = before;
    statement.setBytes(++p, version.key);
    statement.setLong(++p, version.pathId);
    statement.setLong(++p, version.attributesId);
    statement.setInt(++p, version.version);
    return bindCame(statement, p, version.isFirst, version.validFrom, version.packet);
  }

  /// When and in which packet a version came, unless its set says so.
  private static int bindCame(
      PreparedStatement statement, int before, boolean isFirst, long at, long packet)
      throws SQLException {
    int p = before;
    if (isFirst) {
      statement.setNull(++p, Types.BIGINT);
      statement.setNull(++p, Types.BIGINT);
    } else {
      statement.setLong(++p, at);
      statement.setLong(++p, packet);
    }
    return p;
  }

  private static void setLong(PreparedStatement statement, int parameter, long value)
      throws SQLException {
    if (value == 0) {
      statement.setNull(parameter, Types.BIGINT);
    } else {
      statement.setLong(parameter, value);
    }
  }
}
