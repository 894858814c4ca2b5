package org.bgppeer.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.journal.Position;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.wire.Prefix;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/// [Queries] in SQL, over a pool of connections that read: each kind of question has a class of its
/// own.
final class SqlQueries implements Queries {
  private final Jdbi jdbi;
  private final Database database;
  private final @Nullable JournalPackets journal;
  private final boolean walks;
  private final int looks;
  private final NeighborQueries neighbors;
  private final SessionQueries sessions;
  private final CountQueries counts;
  private final RouteQueries routes;
  private final PrefixQueries prefixes;
  private final OriginQueries origins;
  private final HistoryQueries history;
  private final PacketQueries packets;

  SqlQueries(Database database, @Nullable Path journal) {
    this(database, database.readers(), journal);
  }

  SqlQueries(Database database, DataSource readers, @Nullable Path journal) {
    this(database, readers, journal, OriginQueries.LOOKS);
  }

  /// @param looks routes that are looked at for one answer to what an AS originates
  SqlQueries(Database database, DataSource readers, @Nullable Path journal, int looks) {
    this(
        Jdbi.create(readers),
        database,
        journal == null ? null : new JournalPackets(journal),
        true,
        looks);
  }

  /// @param walks see [RouteFilters]
  private SqlQueries(
      Jdbi jdbi, Database database, @Nullable JournalPackets journal, boolean walks, int looks) {
    this.jdbi = jdbi;
    this.database = database;
    this.journal = journal;
    this.walks = walks;
    this.looks = looks;
    neighbors = new NeighborQueries(jdbi, database);
    sessions = new SessionQueries(jdbi);
    counts = new CountQueries(jdbi, neighbors);
    routes = new RouteQueries(database, walks);
    prefixes = new PrefixQueries(jdbi, database);
    origins = new OriginQueries(jdbi, database, walks, looks, prefixes);
    history = new HistoryQueries(jdbi, database);
    packets = new PacketQueries(jdbi, neighbors, journal);
  }

  @Override
  public Queries indexed() {
    return new SqlQueries(jdbi, database, journal, false, looks);
  }

  @Override
  public List<Unindexed> unindexed() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT n.name, f.name, coalesce(nf.active + nf.inactive, 0)
                    FROM origin_todo t JOIN neighbor n ON n.id = t.neighbor_id
                      JOIN family f ON f.code = t.family
                      LEFT JOIN neighbor_family nf
                        ON nf.neighbor_id = t.neighbor_id AND nf.family = t.family
                    WHERE t.neighbor_id NOT IN (SELECT neighbor_id FROM muted)
                    ORDER BY n.name, f.name\
                    """)
                .map((row, _) -> new Unindexed(row.getString(1), row.getString(2), row.getLong(3)))
                .list());
  }

  // ---------------------------------------------------------------- neighbors and sessions

  @Override
  public List<NeighborRow> neighbors() {
    return neighbors.neighbors();
  }

  @Override
  public Set<String> muted() {
    return neighbors.muted();
  }

  @Override
  public Map<String, List<FamilyCount>> held() {
    return neighbors.held();
  }

  @Override
  public List<NeighborRow> neighbors(Instant at) {
    return neighbors.neighbors(at);
  }

  @Override
  public @Nullable Instant oldest() {
    return neighbors.oldest();
  }

  @Override
  public Optional<NeighborRow> neighbor(String name) {
    return neighbors.neighbor(name);
  }

  @Override
  public List<SessionRow> sessions(@Nullable String neighbor, @Nullable Long before, int limit) {
    return sessions.sessions(neighbor, before, limit);
  }

  @Override
  public List<SessionRow> sessionsAt(@Nullable String neighbor, Instant at, int limit) {
    return sessions.sessionsAt(neighbor, at, limit);
  }

  @Override
  public List<SessionRow> sessionsSince(Instant since, int limit) {
    return sessions.sessionsSince(since, limit);
  }

  @Override
  public List<EventRow> events(
      @Nullable String neighbor, @Nullable Long before, @Nullable Instant until, int limit) {
    return sessions.events(neighbor, before, until, limit);
  }

  @Override
  public List<CountPoint> counts(
      @Nullable String neighbor, Instant from, Instant to, Duration step) {
    return counts.counts(neighbor, from, to, step);
  }

  @Override
  public List<CountPoint> counts(
      String neighbor, String family, Instant from, Instant to, Duration step) {
    return counts.counts(neighbor, family, from, to, step);
  }

  @Override
  public Map<Long, Long> changesIn(Instant minute) {
    return counts.changesIn(minute);
  }

  @Override
  public Map<Long, long[]> changes(Instant from, Duration step, int steps) {
    return counts.changes(from, step, steps);
  }

  // ---------------------------------------------------------------- routes

  @Override
  public RoutePage routes(RouteQuery query) {
    return RouteSql.read(jdbi, handle -> routes.page(handle, query));
  }

  @Override
  public void eachRoute(RouteQuery query, Consumer<RouteRow> sink) {
    jdbi.useTransaction(
        TransactionIsolationLevel.REPEATABLE_READ,
        handle -> {
          for (RouteQuery next = query; next != null; ) {
            RoutePage page = routes.page(handle, next);
            page.routes().forEach(sink);
            next = page.next() == null ? null : query.withAfter(page.next());
          }
        });
  }

  @Override
  public void table(TableQuery query, TableSink sink) throws IOException {
    try (var reader = new TableReader(database, query)) {
      reader.read(sink);
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  @Override
  public long count(RouteQuery query) {
    return RouteSql.read(jdbi, handle -> routes.count(handle, query));
  }

  @Override
  public DiffPage diff(DiffQuery query) {
    return RouteSql.read(jdbi, handle -> routes.diff(handle, query));
  }

  @Override
  public Optional<Prefix> longestMatch(Prefix address) {
    return prefixes.longestMatch(address);
  }

  @Override
  public List<PrefixRow> covering(Prefix prefix) {
    return prefixes.covering(prefix);
  }

  @Override
  public List<PrefixRow> moreSpecific(Prefix prefix, @Nullable Prefix after, int limit) {
    return prefixes.moreSpecific(prefix, after, limit);
  }

  @Override
  public Map<Prefix, Set<String>> holders(Collection<Prefix> some) {
    return prefixes.holders(some);
  }

  @Override
  public Originated originated(long as, @Nullable Prefix after, int limit) {
    return origins.originated(as, after, limit);
  }

  @Override
  public OriginRoutes originRoutes(long as, int limit) {
    return walks && jdbi.withHandle(AskedTable::isIndexIncomplete)
        ? Queries.super.originRoutes(as, limit)
        : origins.originRoutes(as, limit);
  }

  @Override
  public List<Span> heldEarlier(long as, Instant since, int limit) {
    return origins.heldEarlier(as, since, limit);
  }

  @Override
  public List<RouteRow> history(Prefix prefix, int limit) {
    return history.history(prefix, limit);
  }

  @Override
  public List<RouteRow> history(String nlri, int limit) {
    return history.history(nlri, limit);
  }

  @Override
  public List<RouteRow> history(Collection<Prefix> some, @Nullable Instant since, int limit) {
    return history.history(some, since, limit);
  }

  @Override
  public List<RouteRow> histories(Collection<NeighborPrefix> some, Instant since, int limit) {
    return history.histories(some, since, limit);
  }

  @Override
  public List<Changes> mostChanging(Instant since, @Nullable Instant until, int limit) {
    return history.mostChanging(since, until, limit);
  }

  // ---------------------------------------------------------------- packets and health

  @Override
  public PacketList packetList(PacketQuery query) {
    return packets.packetList(query);
  }

  @Override
  public Optional<PacketRow> packet(long id) {
    return packets.packet(id);
  }

  @Override
  public List<Findings> findings(Instant since, @Nullable Instant until) {
    return packets.findings(since, until);
  }

  @Override
  public List<JournalGap> gaps() {
    return packets.gaps();
  }

  @Override
  public @Nullable Room room() {
    return packets.room();
  }

  @Override
  public List<Follower> followers() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT name, journal_segment, journal_offset, projected_at, beat_at, lag
                    FROM follower ORDER BY name\
                    """)
                .map(
                    (row, _) ->
                        new Follower(
                            row.getString(1),
                            new Position(row.getString(2), row.getLong(3)),
                            Columns.time(row, 4),
                            Columns.time(row, 5),
                            row.getLong(6) / 1e6))
                .list());
  }

  @Override
  public Health health() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT f.projected_at, f.beat_at, coalesce(f.lag, 0), s.bytes
                    FROM (SELECT %s AS bytes) s LEFT JOIN follower f ON f.name = :live\
                    """
                        .formatted(database.size()))
                .bind("live", Database.LIVE)
                .map(
                    (row, _) ->
                        new Health(
                            Columns.time(row, 1),
                            Columns.time(row, 2),
                            row.getLong(3) / 1e6,
                            row.getLong(4)))
                .one());
  }
}
