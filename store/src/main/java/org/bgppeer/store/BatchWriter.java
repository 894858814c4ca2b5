package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.bgppeer.journal.Position;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;

/// The hand that writes: one connection, one thread, one transaction a batch.
final class BatchWriter implements AutoCloseable {
  /// In place of a neighbor in `tally`: the sum of all.
  static final int EVERYBODY = 0;

  private static final long MINUTE = 60_000_000L;

  /// As `communities` has it.
  private static final String NO_LLGR = "65535:7";

  private final Connection connection;
  private final String follower;
  private final BulkWriter bulk;
  private final OriginIndex origins;
  private final HeldCounts held;
  private final List<RouteChanges> counted = new ArrayList<>();

  /// By neighbor and family.
  private final Map<Integer, Map<Integer, FamilyState>> families = new LinkedHashMap<>();

  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Set<FamilyState> touched = new LinkedHashSet<>();

  private long active; // routes of all

  /// Whether a part of a batch may be written that is not all there: see [#writeAhead].
  private boolean isAhead = true;

  /// Whether a part is written that comes beside those of other neighbors.
  private boolean besideOthers;

  /// The time of the newest record of the last batch.
  private long projectedAt;

  /// @param connection with auto-commit off; this object uses it alone
  /// @param bulk over the same connection
  /// @param follower the name under which the position is kept
  BatchWriter(Connection connection, BulkWriter bulk, String follower) throws SQLException {
    this(connection, bulk, follower, new OriginIndex(connection));
  }

  /// @param origins over the same connection; closed with this object
  BatchWriter(Connection connection, BulkWriter bulk, String follower, OriginIndex origins)
      throws SQLException {
    this.connection = connection;
    this.bulk = bulk;
    this.origins = origins;
    held = new HeldCounts(connection);
    this.follower = follower;
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT neighbor_id, family, alive_from, active, stale, inactive, end_of_rib_at,
                  is_full, latest_at
                FROM neighbor_family\
                """)) {
      while (rows.next()) {
        var state = new FamilyState(rows.getInt(1), rows.getInt(2));
        state.aliveFrom = rows.getInt(3);
        state.active = rows.getLong(4);
        state.stale = rows.getLong(5);
        state.inactive = rows.getLong(6);
        state.endOfRibAt = rows.getLong(7);
        state.full = rows.getBoolean(8);
        state.latestAt = rows.getLong(9);
        state.summed = state.active;
        active += state.active;
        add(state);
      }
    }
    try (var statement =
        connection.prepareStatement("SELECT projected_at FROM follower WHERE name = ?")) {
      statement.setString(1, follower);
      try (var row = statement.executeQuery()) {
        projectedAt = row.next() ? row.getLong(1) : 0;
      }
    }
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT neighbor_id, family, generation, begun_at IS NOT NULL FROM"
                    + " route_refresh")) {
      while (rows.next()) {
        var state = statesOf(rows.getInt(1)).get(rows.getInt(2));
        if (state != null) {
          state.refreshed = rows.getInt(3);
          state.refreshing = rows.getBoolean(4);
        }
      }
    }
    connection.commit(); // what was only read: see [#begin]
  }

  /// See [BulkWriter#meanwhile].
  void meanwhile(BulkWriter.Work work) {
    bulk.meanwhile(work);
  }

  /// To be called first where a transaction may begin with a question: see [BulkWriter#begin].
  void begin() throws SQLException {
    bulk.begin();
  }

  /// Writes attribute sets, ahead of the batch whose routes refer to them.
  void attributeSets(FreshSets fresh) throws SQLException {
    var sets = fresh.read();
    bulk.attributeSets(sets);
    origins.sets(sets);
  }

  /// Writes a batch and the position behind it, and commits: once, or after each part.
  ///
  /// @param now for the beat, in microseconds; asked when all is written
  void write(Batch batch, Position position, LongSupplier now) throws SQLException {
    var parts = batch.takeParts();
    while (parts.size() > 1) {
      writeAhead(parts.remove(), position, batch.projectedAt());
    }
    writeLast(parts.remove(), position, batch.projectedAt(), now);
  }

  /// Writes a part that is not the last one, and commits: its neighbor is ahead of the others.
  void writeAhead(Batch.Part part, Position position, long projectedAt) throws SQLException {
    besideOthers = true;
    write(part, projectedAt);
    besideOthers = false;
    update(
        "UPDATE neighbor SET ahead_segment = ?, ahead_offset = ? WHERE id = ?",
        position.segment(),
        position.offset(),
        part.neighborId());
    isAhead = true;
    connection.commit();
  }

  /// Writes the last part of a batch and the position behind it, and commits.
  void writeLast(Batch.Part part, Position position, long projectedAt, LongSupplier now)
      throws SQLException {
    write(part, projectedAt);
    if (isAhead) {
      update(
          """
          UPDATE neighbor SET ahead_segment = NULL, ahead_offset = NULL
          WHERE source = ? AND ahead_segment IS NOT NULL\
          """,
          follower);
      isAhead = false;
    }
    long writtenAt = now.getAsLong();
    update(
        """
        INSERT INTO follower (name, journal_segment, journal_offset, projected_at, beat_at, lag)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET journal_segment = excluded.journal_segment,
          journal_offset = excluded.journal_offset, projected_at = excluded.projected_at,
          beat_at = excluded.beat_at, lag = excluded.lag\
        """,
        follower,
        position.segment(),
        position.offset(),
        projectedAt,
        writtenAt,
        Math.max(0, writtenAt - projectedAt));
    connection.commit();
    this.projectedAt = projectedAt;
  }

  private void write(Batch.Part part, long projectedAt) throws SQLException {
    begin();
    for (var step : part.steps()) {
      step.write(this);
    }
    bulk.finish();
    origins.finish();
    counted.forEach(changes -> changes.addCounts(held));
    counted.clear();
    held.finish();
    long minute = projectedAt / MINUTE;
    if (!touched.isEmpty()) {
      long announced = 0;
      long withdrawn = 0;
      for (var state : touched) {
        save(state);
        tally(
            state.neighborId, state.family, minute, state.active, state.announced, state.withdrawn);
        announced += state.announced;
        withdrawn += state.withdrawn;
        active += state.active - state.summed;
        state.summed = state.active;
        state.announced = 0;
        state.withdrawn = 0;
      }
      touched.clear();
      tally(EVERYBODY, 0, minute, active, announced, withdrawn);
    }
  }

  /// Commits the attribute sets that were written, ahead of routes that gather for long, and says
  /// that the projector is alive.
  ///
  /// @param now in microseconds
  void commitSets(long now) throws SQLException {
    bulk.finish();
    update(
        "UPDATE follower SET beat_at = ?, lag = ? WHERE name = ?",
        now,
        Math.max(0, now - projectedAt),
        follower);
    connection.commit();
  }

  /// Writes hashes of attribute sets that were written before, and commits.
  void hashes(AttributeSets.Hashes hashes) throws SQLException {
    bulk.finish();
    bulk.hashes(hashes.keys());
    if (hashes.upTo() > 0) {
      update("UPDATE path_attributes_hashed SET up_to = ?", hashes.upTo());
    }
    connection.commit();
  }

  /// Writes what was held back, so that a commit has all of it.
  void flush() throws SQLException {
    bulk.finish();
  }

  /// Removes some of the history that ended before a moment, as [BulkWriter#removeHistory].
  int removeHistory(long before, long now, int rows) throws SQLException {
    return bulk.removeHistory(before, now, rows);
  }

  /// See [BulkWriter#endOfOldestHistory].
  long endOfOldestHistory(int rows) throws SQLException {
    return bulk.endOfOldestHistory(rows);
  }

  /// Octets of the database that hold something.
  long usedOctets() throws SQLException {
    return bulk.usedOctets();
  }

  /// Removes attribute sets that no route has, and lists of communities that no set has, and
  /// commits.
  void remove(SetCollection.Unused unused) throws SQLException {
    begin();
    bulk.finish();
    var hash = AttributeSets.hash(connection);
    try (var select =
            connection.prepareStatement(
                "SELECT " + AttributeSets.OCTETS + " FROM path_attributes a WHERE a.id = ?");
        var fromSets = connection.prepareStatement("DELETE FROM path_attributes WHERE id = ?");
        var fromHashes =
            connection.prepareStatement(
                "DELETE FROM path_attributes_by_hash WHERE hash = ? AND attributes_id = ?");
        var fromLists = connection.prepareStatement("DELETE FROM community_list WHERE id = ?")) {
      for (long id : unused.lists()) {
        fromLists.setLong(1, id);
        fromLists.executeUpdate();
      }
      for (long id : unused.sets()) {
        select.setLong(1, id);
        try (var row = select.executeQuery()) {
          if (row.next()) {
            hash.of(AttributeSets.octets(row, 1));
            fromHashes.setLong(1, hash.first());
            fromHashes.setLong(2, id);
            fromHashes.executeUpdate();
          }
        }
        fromSets.setLong(1, id);
        fromSets.executeUpdate();
      }
    }
    connection.commit();
  }

  /// See [BulkWriter#forgetCommunityLists].
  long forgetCommunityLists() throws SQLException {
    return bulk.forgetCommunityLists();
  }

  /// Whose table has routes that are not active.
  List<FamilyState> withInactiveRoutes() {
    return families.values().stream()
        .flatMap(states -> states.values().stream())
        .filter(state -> state.inactive > 0)
        .toList();
  }

  /// Routes that were not active are gone.
  void removedInactive(FamilyState state, int count, long at) throws SQLException {
    state.inactive -= count;
    held.of(state.neighborId, state.family).add(at, 0, -count);
    held.finish();
    save(state);
  }

  /// Does some of what [OriginIndex#step] has to do, and commits.
  ///
  /// @return in how many nanoseconds there may be more
  long indexOrigins(Database database) throws SQLException {
    if (!origins.hasWork()) {
      return OriginIndex.QUIET_NANOS;
    }
    begin();
    bulk.finish();
    long pause = origins.step(database);
    connection.commit();
    return pause;
  }

  /// Looks at some pairs of the index of origin ASes and removes those that no route has any more.
  ///
  /// @return whether there may be more
  boolean removeUnusedOrigins(Database database, int pairs) throws SQLException {
    return origins.removeUnused(database, pairs);
  }

  /// Removes some of the counts of moments that are not kept.
  ///
  /// @param before in microseconds
  /// @return whether there may be more
  boolean removeHeld(long before, int rows) throws SQLException {
    update("DELETE FROM clock_set_back WHERE until <= ?", before);
    return held.remove(before, rows);
  }

  /// Says that the projector is alive and has caught up.
  void beat(long now) throws SQLException {
    update("UPDATE follower SET beat_at = ?, lag = 0 WHERE name = ?", now, follower);
    connection.commit();
  }

  /// Hides a neighbor's routes from whoever does not ask for it, or shows them again; commits.
  void mute(String neighbor, boolean muted) throws SQLException {
    if (muted) {
      update(Database.MUTE, 0, neighbor);
    } else {
      update(
          "DELETE FROM muted WHERE neighbor_id = (SELECT id FROM neighbor WHERE name = ?)",
          neighbor);
    }
    connection.commit();
  }

  private void save(FamilyState state) throws SQLException {
    update(
        """
        INSERT INTO neighbor_family
          (neighbor_id, family, alive_from, active, stale, inactive, end_of_rib_at, is_full,
          latest_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (neighbor_id, family) DO UPDATE SET alive_from = excluded.alive_from,
          active = excluded.active, stale = excluded.stale, inactive = excluded.inactive,
          end_of_rib_at = excluded.end_of_rib_at, is_full = excluded.is_full,
          latest_at = excluded.latest_at\
        """,
        state.neighborId,
        state.family,
        state.aliveFrom,
        state.active,
        state.stale,
        state.inactive,
        state.endOfRibAt == 0 ? null : state.endOfRibAt,
        state.full,
        state.latestAt);
  }

  private void tally(
      int neighborId, int family, long minute, long active, long announced, long withdrawn)
      throws SQLException {
    update(
        """
        INSERT INTO tally (neighbor_id, family, minute, active, announced, withdrawn)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (neighbor_id, family, minute) DO UPDATE SET active = excluded.active,
          announced = tally.announced + excluded.announced,
          withdrawn = tally.withdrawn + excluded.withdrawn\
        """,
        neighborId,
        family,
        minute,
        active,
        announced,
        withdrawn);
  }

  /// Writes routes.
  void routes(RouteChanges changes) throws SQLException {
    var state = state(changes.neighborId, changes.family, changes.generation);
    bulk.routes(changes, state);
    boolean isWhole = 2L * changes.size() > state.active + state.inactive;
    origins.changed(changes, besideOthers && isWhole);
    counted.add(changes);
    setBack(state, changes.setBackFrom(), changes.setBackTo());
    setBack(state, state.latestAt, changes.earliest());
    state.latestAt = Math.max(state.latestAt, changes.latest());
  }

  /// Notes that moments come a second time, if the clock was set back.
  private void setBack(FamilyState state, long from, long to) throws SQLException {
    if (to < from) {
      update(
          """
          INSERT INTO clock_set_back (neighbor_id, family, until, since) VALUES (?, ?, ?, ?)
          ON CONFLICT (neighbor_id, family, until) DO UPDATE SET since = excluded.since
            WHERE excluded.since < clock_set_back.since\
          """,
          state.neighborId,
          state.family,
          from,
          to);
    }
  }

  private FamilyState state(int neighborId, int family, int generation) throws SQLException {
    var state = statesOf(neighborId).get(family);
    if (state == null) {
      state = new FamilyState(neighborId, family);
      state.aliveFrom = generation;
      add(state);
      update(
          "INSERT INTO family (code, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
          family,
          Family.ofCode(family).toString());
    }
    touched.add(state);
    return state;
  }

  private void add(FamilyState state) {
    families.computeIfAbsent(state.neighborId, _ -> new LinkedHashMap<>()).put(state.family, state);
  }

  private Map<Integer, FamilyState> statesOf(int neighborId) {
    return families.getOrDefault(neighborId, Map.of());
  }

  /// A session began: what is still active of the sessions before is stale until it is sent again.
  void sessionBegan(int neighborId) throws SQLException {
    bulk.flush();
    for (var state : statesOf(neighborId).values()) {
      state.stale = state.active;
      state.endOfRibAt = 0;
      state.full = false;
      state.refreshed = 0;
      state.refreshing = false;
      touched.add(state);
    }
    update("DELETE FROM route_refresh WHERE neighbor_id = ?", neighborId);
  }

  /// A neighbor begins to send its routes of a family again: what is active is stale until it has
  /// sent it, which from here on counts as of this generation.
  void refreshBegan(int neighborId, int family, int generation, long at) throws SQLException {
    bulk.flush();
    var state = state(neighborId, family, generation);
    state.stale = state.active;
    state.refreshed = generation;
    state.refreshing = true;
    update(
        """
        INSERT INTO route_refresh (neighbor_id, family, generation, begun_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (neighbor_id, family) DO UPDATE SET generation = excluded.generation,
          begun_at = excluded.begun_at\
        """,
        neighborId,
        family,
        generation,
        at);
  }

  /// It has sent them all: what was not among them is gone.
  void refreshEnded(int neighborId, int family, int generation, long at) throws SQLException {
    bulk.flush();
    var state = state(neighborId, family, generation);
    endGenerations(state, generation - 1, at, Reason.NOT_REFRESHED);
    staleEnded(state, at);
    state.refreshing = false;
    if (state.endOfRibAt == 0) {
      state.endOfRibAt = at;
    }
    update(
        "UPDATE route_refresh SET begun_at = NULL WHERE neighbor_id = ? AND family = ?",
        neighborId,
        family);
  }

  /// The session is over: whoever was sending routes again will not end that.
  private void refreshBrokenOff(FamilyState state) throws SQLException {
    if (state.refreshing) {
      state.refreshing = false;
      update(
          "UPDATE route_refresh SET begun_at = NULL WHERE neighbor_id = ? AND family = ?",
          state.neighborId,
          state.family);
    }
  }

  /// A neighbor has as many routes of a family as it may; to the end of the session no more count.
  void familyFull(int neighborId, int family, int generation) throws SQLException {
    bulk.flush();
    state(neighborId, family, generation).full = true;
  }

  /// Our restart interrupted a session: all that it held is stale.
  void sessionInterrupted(int neighborId) throws SQLException {
    bulk.flush();
    for (var state : statesOf(neighborId).values()) {
      refreshBrokenOff(state);
      state.stale = state.active;
      touched.add(state);
    }
  }

  /// A session ended whose neighbor restarts: what it held in these families is stale, what was
  /// stale in those that are not kept for long is gone.
  void sessionRestarts(int neighborId, int generation, long at, Map<Integer, Boolean> longLived)
      throws SQLException {
    bulk.flush();
    for (var state : statesOf(neighborId).values()) {
      Boolean isLong = longLived.get(state.family);
      if (isLong == null) {
        end(state, generation, at, Reason.SESSION_DOWN);
        continue;
      }
      boolean refreshing = state.refreshing; // then the stale ones are of this session too
      refreshBrokenOff(state);
      if (!isLong && !refreshing) {
        endGenerations(state, generation - 1, at, Reason.RESTART_STALE);
        staleEnded(state, at);
      }
      state.stale = state.active;
      touched.add(state);
    }
  }

  /// Nothing that a neighbor sent in a family until then is active any more.
  void familyEnded(int neighborId, int family, int generation, long at, Reason reason)
      throws SQLException {
    bulk.flush();
    var state = statesOf(neighborId).get(family);
    if (state != null) {
      end(state, generation, at, reason);
    }
  }

  private void end(FamilyState state, int generation, long at, Reason reason) throws SQLException {
    refreshBrokenOff(state);
    endGenerations(state, Math.max(generation, state.refreshed), at, reason);
    ended(state, state.active, at);
    state.stale = 0;
  }

  /// A session ended: nothing of it, nor of those before it, is active. A row per family, however
  /// many routes there are.
  void sessionEnded(int neighborId, int generation, long at) throws SQLException {
    bulk.flush();
    for (var state : statesOf(neighborId).values()) {
      end(state, generation, at, Reason.SESSION_DOWN);
    }
  }

  /// The initial table of a session ended: what it has not sent again is gone.
  void endOfRib(int neighborId, int family, int generation, long at) throws SQLException {
    bulk.flush();
    var state = state(neighborId, family, generation);
    if (state.endOfRibAt == 0) {
      state.endOfRibAt = at;
      if (state.refreshing) {
        return; // which leaves nothing of before, when it ends
      }
      endGenerations(state, generation - 1, at, Reason.NOT_RESENT);
      staleEnded(state, at);
    }
  }

  /// Of what is kept of a neighbor that restarts, the routes that say NO_LLGR are gone.
  void longLivedBegan(int neighborId, int family, long at) throws SQLException {
    bulk.settle();
    var state = statesOf(neighborId).get(family);
    if (state == null) {
      return;
    }
    var changes = new ArrayList<RouteChanges>();
    try (var select =
        connection.prepareStatement(
            """
            SELECT r.prefix_key, r.path_id FROM route r JOIN path_attributes a ON a.id = r.attributes_id
            WHERE r.neighbor_id = ? AND r.family = ? AND r.ended_at IS NULL AND r.generation >= ?
              AND (' ' || %s || ' ') LIKE '%% %s %%'\
            """
                .formatted(CommunityLists.TEXT, NO_LLGR))) {
      select.setInt(1, neighborId);
      select.setInt(2, family);
      select.setInt(3, state.aliveFrom);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          withdrawn(changes, state, rows.getBytes(1), rows.getLong(2), at);
        }
      }
    }
    long before = state.withdrawn;
    for (var each : changes) {
      each.sort();
      routes(each);
    }
    bulk.flush();
    state.withdrawn = before; // it did not withdraw them
  }

  /// Adds a route that is to end, to the changes with path identifiers or to those without.
  private static void withdrawn(
      List<RouteChanges> changes, FamilyState state, byte[] key, long pathId, long at) {
    boolean addPath = pathId != RouteChanges.NO_PATH_ID;
    var family = Family.ofCode(state.family);
    RouteChanges into = null;
    for (var each : changes) {
      into = each.hasPathIds() == addPath ? each : into;
    }
    if (into == null) {
      int all = Integer.MAX_VALUE; // are of generations before this
      into =
          family.hasPlainPrefixes()
              ? new RouteChanges(state.neighborId, state.family, all, key.length, addPath)
              : new NlriChanges(state.neighborId, state.family, all, addPath);
      into.block(RouteChanges.WITHDRAWAL, false, 0, at, Reason.NOT_LONG_LIVED);
      changes.add(into);
    }
    if (into instanceof NlriChanges nlri) {
      nlri.add(key, pathId, null, null, null);
    } else {
      into.add(key, pathId);
    }
  }

  private void staleEnded(FamilyState state, long at) {
    ended(state, state.stale, at);
    state.stale = 0;
  }

  private void ended(FamilyState state, long routes, long at) {
    state.active -= routes;
    state.inactive += routes;
    held.of(state.neighborId, state.family).add(at, -routes, 0);
  }

  private void endGenerations(FamilyState state, int last, long at, Reason reason)
      throws SQLException {
    for (; state.aliveFrom <= last; state.aliveFrom++) {
      update(
          "INSERT INTO generation_end VALUES (?, ?, ?, ?, ?)",
          state.neighborId,
          state.family,
          state.aliveFrom,
          at,
          reason.text());
    }
    setBack(state, state.latestAt, at);
    state.latestAt = Math.max(state.latestAt, at);
    touched.add(state);
  }

  /// Counts an event in the row of the one before, if that tells the same story.
  ///
  /// @param neighborId null for a stranger, who is known by address
  /// @return false if it is another story
  boolean repeated(@Nullable Integer neighborId, String address, String kind, String why, long at)
      throws SQLException {
    String same = neighborId == null ? "neighbor_id IS NULL AND address = ?" : "neighbor_id = ?";
    return update(
            "UPDATE event SET times = times + 1, last_at = ? WHERE id = (SELECT max(id) FROM event"
                + " WHERE "
                + same
                + ") AND kind = ? AND why = ?",
            at,
            neighborId == null ? address : neighborId,
            kind,
            why)
        > 0;
  }

  /// Runs a statement of its own, for what is not of routes; it stays prepared.
  ///
  /// @return how many rows it changed
  int update(String sql, @Nullable Object... values) throws SQLException {
    var statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    try (bulk) {
      origins.close();
    }
  }
}
