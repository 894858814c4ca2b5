package org.bgppeer.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.journal.Position;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.store.OriginIndex.Table;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/// [Queries] in SQL, over a pool of connections that read.
final class SqlQueries implements Queries {
  private static final long SECOND = 1_000_000L;
  private static final long MINUTE = 60 * SECOND;

  private final Jdbi jdbi;
  private final Database database;
  private final @Nullable JournalPackets packets;

  /// Whether a question by origin AS, community, next hop or AS in the path goes through the tables
  /// that are not indexed.
  private final boolean walks;

  private final int looks;

  SqlQueries(Database database, @Nullable Path journal) {
    this(database, database.readers(), journal);
  }

  SqlQueries(Database database, DataSource readers, @Nullable Path journal) {
    this(database, readers, journal, LOOKS);
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

  private SqlQueries(
      Jdbi jdbi, Database database, @Nullable JournalPackets packets, boolean walks, int looks) {
    this.jdbi = jdbi;
    this.database = database;
    this.packets = packets;
    this.walks = walks;
    this.looks = looks;
  }

  @Override
  public Queries indexed() {
    return new SqlQueries(jdbi, database, packets, false, looks);
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

  /// Several statements that see the same moment.
  private <T> T read(HandleCallback<T, RuntimeException> question) {
    return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, question);
  }

  // ---------------------------------------------------------------- neighbors and sessions

  @Override
  public List<NeighborRow> neighbors() {
    return neighbors("");
  }

  @Override
  public Set<String> muted() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT n.name FROM muted m JOIN neighbor n ON n.id = m.neighbor_id")
                .mapTo(String.class)
                .set());
  }

  @Override
  public Map<String, List<FamilyCount>> held() {
    return jdbi.withHandle(
        handle -> {
          var held = new HashMap<String, List<FamilyCount>>();
          handle
              .createQuery(
                  """
                  SELECT n.name, f.name, nf.active, nf.stale, nf.inactive, nf.end_of_rib_at
                  FROM neighbor_family nf JOIN family f ON f.code = nf.family
                    JOIN neighbor n ON n.id = nf.neighbor_id WHERE nf.active > 0
                  ORDER BY nf.neighbor_id, nf.family\
                  """)
              .map((row, _) -> Map.entry(row.getString(1), familyCount(row)))
              .forEach(
                  entry ->
                      held.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                          .add(entry.getValue()));
          return held;
        });
  }

  private static FamilyCount familyCount(ResultSet row) throws SQLException {
    return new FamilyCount(
        row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5), time(row, 6));
  }

  @Override
  public Optional<NeighborRow> neighbor(String name) {
    return neighbors(name).stream().findFirst();
  }

  private List<NeighborRow> neighbors(String name) {
    String where = name.isEmpty() ? "" : " WHERE n.name = :name";
    return jdbi.withHandle(
        handle -> {
          var families = new HashMap<Long, List<FamilyCount>>();
          handle
              .createQuery(
                  """
                  SELECT nf.neighbor_id, f.name, nf.active, nf.stale, nf.inactive, nf.end_of_rib_at
                  FROM neighbor_family nf JOIN family f ON f.code = nf.family
                  ORDER BY nf.neighbor_id, nf.family\
                  """)
              .map((row, _) -> Map.entry(row.getLong(1), familyCount(row)))
              .forEach(
                  entry ->
                      families
                          .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                          .add(entry.getValue()));
          var query =
              handle.createQuery(
                  "SELECT n.id AS n_id, n.name AS n_name, n.source, n.address, n.as_number,"
                      + " n.local_address AS n_local, n.state, n.since, n.why AS n_why,"
                      + " n.last_packet_at, "
                      + SESSION_COLUMNS
                      + " FROM neighbor n LEFT JOIN session s ON s.id = n.session_id"
                      + where);
          if (!name.isEmpty()) {
            query.bind("name", name);
          }
          return query
              .map((row, _) -> neighbor(row, families.getOrDefault(row.getLong("n_id"), List.of())))
              .stream()
              .sorted(NEED_FIRST)
              .toList();
        });
  }

  @Override
  public List<NeighborRow> neighbors(Instant at) {
    return read(handle -> PastNeighbors.at(database, handle, at)).stream()
        .sorted(NEED_FIRST)
        .toList();
  }

  @Override
  public @Nullable Instant oldest() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT coalesce((SELECT since FROM kept WHERE what = 'history'),"
                        + " (SELECT min(known_at) FROM neighbor))")
                .map((row, _) -> Optional.ofNullable(time(row, 1)))
                .one()
                .orElse(null));
  }

  private static final Comparator<NeighborRow> NEED_FIRST =
      Comparator.comparing((NeighborRow n) -> need(n.state())).thenComparing(NeighborRow::name);

  private static int need(SessionState state) {
    return switch (state) {
      case DOWN -> 0;
      case STALE -> 1;
      case CONNECTING -> 2;
      case RECEIVING -> 3;
      case UP -> 4;
      case IMPORTED -> 5;
    };
  }

  private static NeighborRow neighbor(ResultSet row, List<FamilyCount> families)
      throws SQLException {
    var state =
        switch (row.getString("state")) {
          case Projection.UP ->
              families.isEmpty() || families.stream().anyMatch(f -> f.endOfRibAt() == null)
                  ? SessionState.RECEIVING
                  : SessionState.UP;
          case Projection.DOWN -> SessionState.DOWN;
          case Projection.STALE -> SessionState.STALE;
          case Projection.IMPORTED -> SessionState.IMPORTED;
          default -> SessionState.CONNECTING;
        };
    row.getLong("s_id");
    return new NeighborRow(
        row.getLong("n_id"),
        row.getString("n_name"),
        row.getString("source"),
        row.getString("address"),
        row.getLong("as_number"),
        row.getString("n_local"),
        state,
        instant(row.getLong("since")),
        row.getString("n_why"),
        row.wasNull() ? null : session(row),
        families,
        time(row, "last_packet_at"));
  }

  static final String SESSION_COLUMNS =
      """
      s.id AS s_id, s.neighbor_id, n.name AS s_neighbor, s.generation AS s_generation, s.local_address,
      s.up_at, s.down_at, s.cause AS s_cause, s.why AS s_why, s.notification, s.open_sent AS s_open_sent,
      s.open_received AS s_open_received, s.updates
      """;

  static @Nullable SessionRow session(ResultSet row) throws SQLException {
    long id = row.getLong("s_id");
    if (id == 0) {
      return null;
    }
    return new SessionRow(
        id,
        row.getLong("neighbor_id"),
        row.getString("s_neighbor"),
        row.getInt("s_generation"),
        row.getString("local_address"),
        instant(row.getLong("up_at")),
        time(row, "down_at"),
        row.getString("s_cause"),
        row.getString("s_why"),
        number(row, "notification"),
        octets(row.getBytes("s_open_sent")),
        octets(row.getBytes("s_open_received")),
        row.getLong("updates"));
  }

  private static @Nullable Octets octets(byte @Nullable [] bytes) {
    return bytes == null ? null : Octets.of(bytes);
  }

  @Override
  public List<SessionRow> sessions(@Nullable String neighbor, @Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT "
                        + SESSION_COLUMNS
                        + """
                        FROM session s JOIN neighbor n ON n.id = s.neighbor_id
                        WHERE (:neighbor IS NULL OR n.name = :neighbor)
                          AND s.id < :before
                        ORDER BY s.id DESC LIMIT :limit\
                        """)
                .bind("neighbor", neighbor)
                .bind("before", before == null ? Long.MAX_VALUE : before)
                .bind("limit", limit)
                .map((row, _) -> session(row))
                .list());
  }

  @Override
  public List<SessionRow> sessionsAt(@Nullable String neighbor, Instant at, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT "
                        + SESSION_COLUMNS
                        + """
                        FROM session s JOIN neighbor n ON n.id = s.neighbor_id
                        WHERE (:neighbor IS NULL OR n.name = :neighbor) AND s.up_at <= :at
                        ORDER BY s.id DESC LIMIT :limit\
                        """)
                .bind("neighbor", neighbor)
                .bind("at", micros(at))
                .bind("limit", limit)
                .map((row, _) -> at(session(row), at))
                .list());
  }

  /// A session as it looked at a moment: it did not know yet that it would end.
  private static @Nullable SessionRow at(@Nullable SessionRow row, Instant at) {
    if (row == null || row.downAt() == null || !row.downAt().isAfter(at)) {
      return row;
    }
    return new SessionRow(
        row.id(),
        row.neighborId(),
        row.neighbor(),
        row.generation(),
        row.localAddress(),
        row.upAt(),
        null,
        null,
        null,
        null,
        row.openSent(),
        row.openReceived(),
        row.updates());
  }

  @Override
  public List<SessionRow> sessionsSince(Instant since, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT "
                        + SESSION_COLUMNS
                        + """
                        FROM session s JOIN neighbor n ON n.id = s.neighbor_id
                        WHERE s.down_at IS NULL OR s.down_at >= :since
                        ORDER BY s.id DESC LIMIT :limit\
                        """)
                .bind("since", micros(since))
                .bind("limit", limit)
                .map((row, _) -> session(row))
                .list());
  }

  @Override
  public List<EventRow> events(
      @Nullable String neighbor, @Nullable Long before, @Nullable Instant until, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT e.id, e.at, n.name, e.address, e.kind, e.cause, e.why, e.packet, e.times, e.last_at
                    FROM event e LEFT JOIN neighbor n ON n.id = e.neighbor_id
                    WHERE e.id < :before AND e.at <= :until AND (:neighbor IS NULL
                      OR e.neighbor_id = (SELECT id FROM neighbor WHERE name = :neighbor))
                    ORDER BY e.id DESC LIMIT :limit\
                    """)
                .bind("neighbor", neighbor)
                .bind("before", before == null ? Long.MAX_VALUE : before)
                .bind("until", until == null ? Long.MAX_VALUE : micros(until))
                .bind("limit", limit)
                .map(
                    (row, _) ->
                        new EventRow(
                            row.getLong(1),
                            instant(row.getLong(2)),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7),
                            number(row, 8),
                            row.getInt(9),
                            instant(row.getLong(10))))
                .list());
  }

  @Override
  public List<CountPoint> counts(
      @Nullable String neighbor, Instant from, Instant to, Duration step) {
    List<CountPoint> counts = countsOf(neighbor, null, from, to, step);
    for (String muted : neighbor == null ? muted() : Set.<String>of()) {
      List<CountPoint> hidden = countsOf(muted, null, from, to, step);
      var left = new ArrayList<CountPoint>(counts.size());
      for (int i = 0; i < counts.size(); i++) {
        left.add(counts.get(i).without(hidden.get(i)));
      }
      counts = left;
    }
    return counts;
  }

  @Override
  public List<CountPoint> counts(
      String neighbor, String family, Instant from, Instant to, Duration step) {
    return countsOf(neighbor, Family.parse(family).code(), from, to, step);
  }

  @Override
  public Map<Long, Long> changesIn(Instant minute) {
    return jdbi.withHandle(
        handle -> {
          var changes = new HashMap<Long, Long>();
          handle
              .createQuery(
                  """
                  SELECT t.neighbor_id, t.announced + t.withdrawn
                  FROM neighbor_family nf CROSS JOIN tally t
                  WHERE t.neighbor_id = nf.neighbor_id AND t.family = nf.family AND t.minute = ?\
                  """)
              .bind(0, micros(minute) / MINUTE)
              .map((row, _) -> changes.merge(row.getLong(1), row.getLong(2), Long::sum))
              .list();
          return changes;
        });
  }

  @Override
  public Map<Long, long[]> changes(Instant from, Duration step, int steps) {
    return jdbi.withHandle(
        handle -> {
          var changes = new HashMap<Long, long[]>();
          // a sum a step reads each count once in the order of its key; grouped they would be
          // sorted
          handle
              .createQuery(
                  """
                  WITH RECURSIVE step(number, minute) AS (
                    SELECT 0, CAST(:first AS BIGINT)
                    UNION ALL SELECT number + 1, minute + :minutes FROM step WHERE number + 1 < :steps)
                  SELECT nf.neighbor_id, step.number,
                    (SELECT sum(t.announced + t.withdrawn) FROM tally t
                      WHERE t.neighbor_id = nf.neighbor_id AND t.family = nf.family
                        AND t.minute >= step.minute AND t.minute < step.minute + :minutes)
                  FROM neighbor_family nf CROSS JOIN step\
                  """)
              .bind("first", micros(from) / MINUTE)
              .bind("minutes", step.toMinutes())
              .bind("steps", steps)
              .map(
                  (row, _) -> {
                    long came = row.getLong(3);
                    if (came > 0) {
                      changes
                              .computeIfAbsent(row.getLong(1), _ -> new long[steps])[
                              row.getInt(2)] +=
                          came;
                    }
                    return came;
                  })
              .list();
          return changes;
        });
  }

  private List<CountPoint> countsOf(
      @Nullable String neighbor,
      @Nullable Integer family,
      Instant from,
      Instant to,
      Duration step) {
    long stepMinutes = Math.max(1, step.toMinutes());
    long first = micros(from) / MINUTE;
    long last = micros(to) / MINUTE;
    int steps = (int) ((last - first) / stepMinutes) + 1;
    String ofFamily = family == null ? "" : " AND family = " + family;
    return jdbi.withHandle(
        handle -> {
          int id =
              neighbor == null
                  ? BatchWriter.EVERYBODY
                  : handle
                      .createQuery("SELECT id FROM neighbor WHERE name = ?")
                      .bind(0, neighbor)
                      .mapTo(Integer.class)
                      .findOne()
                      .orElse(-1);
          var active = new HashMap<Integer, Long>();
          handle
              .createQuery(
                  """
                  SELECT t.family, t.active FROM tally t
                  JOIN (SELECT family, max(minute) AS minute FROM tally
                    WHERE neighbor_id = :neighbor AND minute < :first%1$s GROUP BY family) last
                    ON last.family = t.family AND last.minute = t.minute
                  WHERE t.neighbor_id = :neighbor\
                  """
                      .formatted(ofFamily))
              .bind("neighbor", id)
              .bind("first", first)
              .map((row, _) -> active.put(row.getInt(1), row.getLong(2)))
              .list();
          var announced = new long[steps];
          var withdrawn = new long[steps];
          var held = new long[steps];
          Arrays.fill(held, -1);
          handle
              .createQuery(
                  """
                  SELECT minute, family, active, announced, withdrawn FROM tally
                  WHERE neighbor_id = :neighbor AND minute BETWEEN :first AND :last%s
                  ORDER BY minute\
                  """
                      .formatted(ofFamily))
              .bind("neighbor", id)
              .bind("first", first)
              .bind("last", last)
              .map(
                  (row, _) -> {
                    int at = (int) ((row.getLong(1) - first) / stepMinutes);
                    int before = Math.max(0, at);
                    for (int i = before - 1; i >= 0 && held[i] < 0; i--) {
                      held[i] = sum(active);
                    }
                    active.put(row.getInt(2), row.getLong(3));
                    announced[at] += row.getLong(4);
                    withdrawn[at] += row.getLong(5);
                    return at;
                  })
              .list();
          var points = new ArrayList<CountPoint>(steps);
          for (int i = 0; i < steps; i++) {
            points.add(
                new CountPoint(
                    Instant.ofEpochSecond((first + i * stepMinutes) * 60),
                    held[i] < 0 ? sum(active) : held[i],
                    announced[i],
                    withdrawn[i]));
          }
          return points;
        });
  }

  private static long sum(Map<Integer, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  // ---------------------------------------------------------------- routes

  private static final String VERSION_COLUMNS =
      """
      SELECT n.name AS neighbor, n.address AS neighbor_address, n.as_number AS neighbor_as, n.id AS neighbor_id,
        n.state AS neighbor_state, n.generation AS neighbor_generation, f.name AS family_name,
        r.family AS family, r.prefix_key AS prefix_key, r.path_id AS path_id, r.generation AS generation,
        coalesce(r.valid_from, a.first_at) AS valid_from, coalesce(r.packet, a.first_packet) AS packet,
        coalesce(r.first_seen, r.valid_from, a.first_at) AS first_seen,
        coalesce(r.ended_at, g.ended_at) AS ended_at, coalesce(r.end_reason, g.reason) AS end_reason,
        r.end_packet AS end_packet, r.details AS details,
        (SELECT s.why FROM session s WHERE s.neighbor_id = r.neighbor_id AND s.generation <= r.generation
          ORDER BY s.generation DESC LIMIT 1) AS session_why,
        (SELECT x.generation FROM route_refresh x WHERE x.neighbor_id = r.neighbor_id
          AND x.family = r.family AND x.begun_at IS NOT NULL) AS refresh_generation,
        CASE WHEN r.family NOT IN (257, 258, 260, 513, 514, 516) THEN
          (SELECT text FROM nlri WHERE nlri.family = r.family AND nlri.prefix_key = r.prefix_key)
        END AS nlri_text,
        a.next_hop, a.origin, a.as_path, a.origin_as, a.med, a.local_pref, %s AS communities, a.large_communities,
        a.ext_communities, a.atomic_aggregate, a.aggregator, a.other
      """
          .formatted(CommunityLists.TEXT);

  /// Whoever does not ask for a neighbor by name does not see one that is muted.
  private static final String NOT_MUTED = " AND n.id NOT IN (SELECT neighbor_id FROM muted)";

  private static final String CURRENT =
      """
      FROM neighbor n CROSS JOIN family f CROSS JOIN route r
      JOIN path_attributes a ON a.id = r.attributes_id
      LEFT JOIN generation_end g
        ON g.neighbor_id = r.neighbor_id AND g.family = r.family AND g.generation = r.generation
      WHERE r.neighbor_id = n.id AND r.family = f.code\
      """;

  /// Former versions in the shape of `route`: what they lack is not asked of them. Their sets come
  /// last, whatever is asked of these: SQLite would make an index of all sets first.
  ///
  /// @param versions a table expression
  private static String former(String versions) {
    return """
    FROM neighbor n CROSS JOIN family f CROSS JOIN %s r
    CROSS JOIN path_attributes a LEFT JOIN generation_end g ON g.neighbor_id = -1
    WHERE a.id = r.attributes_id AND r.neighbor_id = n.id AND r.family = f.code\
    """
        .formatted(versions);
  }

  @Override
  public RoutePage routes(RouteQuery query) {
    return read(handle -> page(handle, query));
  }

  @Override
  public void eachRoute(RouteQuery query, Consumer<RouteRow> sink) {
    jdbi.useTransaction(
        TransactionIsolationLevel.REPEATABLE_READ,
        handle -> {
          for (RouteQuery next = query; next != null; ) {
            RoutePage page = page(handle, next);
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

  private RoutePage page(Handle handle, RouteQuery query) {
    var found = keyed(handle, query, query.after() == null ? null : Key.parse(query.after()));
    boolean more = found.size() > query.limit();
    var page = more ? found.subList(0, query.limit()) : found;
    return new RoutePage(
        page.stream().map(Keyed::route).toList(), more ? page.getLast().key.toString() : null);
  }

  /// A page of routes behind a place, and one more if there is one.
  private static void pages(
      Handle handle, RouteQuery query, Filter filter, @Nullable Key after, List<Keyed> found) {
    if (after == null) {
      select(handle, query, filter, "", Map.of(), found);
      return;
    }
    var place =
        Map.<String, Object>of(
            "after_neighbor", after.neighborId,
            "after_family", after.family,
            "after_key", after.prefixKey,
            "after_path", after.pathId);
    select(
        handle,
        query,
        filter,
        " AND n.id = :after_neighbor AND f.code = :after_family"
            + " AND (r.prefix_key, r.path_id) > (:after_key, :after_path)",
        place,
        found);
    if (found.size() <= query.limit()) {
      select(
          handle,
          query,
          filter,
          " AND (n.id, f.code) > (:after_neighbor, :after_family)",
          place,
          found);
    }
  }

  // ---- by values: see OriginIndex

  /// Stretches that are looked at together: first, and at most.
  private static final int FIRST_STRETCHES = 4;

  private static final int MOST_STRETCHES = 64;

  /// Keys of routes that are read together.
  private static final int MOST_KEYS = 256;

  private static final byte[] NOWHERE = {1};

  /// Stretches beyond which all sets and all routes are looked at to count: that costs less.
  private static final int FEW_STRETCHES = 1_000;

  /// What of a question the index of values answers; null if there is a better way, or nothing.
  private static @Nullable ValueQuestion byValue(RouteQuery query) {
    return few(query) || query.originAs() != null ? null : ValueQuestion.of(query);
  }

  /// A table that a question may be about.
  ///
  /// @param known whether what the index has of it is all
  private record Asked(Table table, boolean known) {}

  private static final String MAY_HAVE_ORIGIN =
      """
      (EXISTS (SELECT 1 FROM value_stretch v WHERE v.neighbor_id = nf.neighbor_id
          AND v.family = nf.family AND v.value = :origin)
        OR EXISTS (SELECT 1 FROM origin_todo t
          WHERE t.neighbor_id = nf.neighbor_id AND t.family = nf.family))\
      """;

  /// Tables as rows of (number of the neighbor, code of the family).
  private static String rows(Collection<Table> tables) {
    return tables.stream()
        .map(table -> "(" + table.neighborId() + ", " + table.family() + ")")
        .collect(Collectors.joining(", ", "(VALUES ", ")"));
  }

  /// The tables that a question may be about, in the order of pages.
  private static List<Asked> tables(Handle handle, RouteQuery query) {
    String having = "";
    if (query.at() == null) {
      boolean ended = query.reason() != null || Boolean.FALSE.equals(query.active());
      boolean active = Boolean.TRUE.equals(query.active());
      having = (ended ? " AND nf.inactive > 0" : "") + (active ? " AND nf.active > 0" : "");
    }
    if (query.originAs() != null) {
      having += " AND " + MAY_HAVE_ORIGIN;
    }
    var select = handle
        .createQuery(
            """
            SELECT nf.neighbor_id, nf.family, NOT EXISTS (SELECT 1 FROM origin_todo t
              WHERE t.neighbor_id = nf.neighbor_id AND t.family = nf.family)
            FROM neighbor_family nf JOIN neighbor n ON n.id = nf.neighbor_id
            WHERE (:neighbor IS NULL AND n.id NOT IN (SELECT neighbor_id FROM muted)
                OR n.name = :neighbor)
              AND (:family IS NULL OR nf.family = :family)\
            """
                + having
                + " ORDER BY nf.neighbor_id, nf.family")
        .bind("neighbor", query.neighbor())
        .bind(
            "family", query.family() == null ? null : (Integer) Family.parse(query.family()).code());
    if (query.originAs() != null) {
      select.bind("origin", RouteValues.ORIGIN_AS + String.valueOf(query.originAs()));
    }
    return select
        .map((row, _) -> new Asked(new Table(row.getInt(1), row.getInt(2)), row.getBoolean(3)))
        .list();
  }

  private void pages(
      Handle handle,
      RouteQuery query,
      ValueQuestion question,
      @Nullable Key after,
      List<Keyed> found) {
    var walk = filter(handle, query, false);
    var look = filter(handle, query, true);
    if (walk == null || look == null) {
      return;
    }
    for (var asked : tables(handle, query)) {
      int place = after == null ? 1 : asked.table.compareTo(after.table());
      if (place < 0) {
        continue;
      }
      Key from = place == 0 ? after : null;
      if (walks && !asked.known) {
        select(handle, query, walk, asked, from, List.of(), found);
      } else {
        var stretches = question.in(handle, asked.table, asked.known);
        if (Stretches.divide(asked.table.family())) {
          var keys =
              new StretchKeys(
                  handle, query, asked.table, within(query, asked.table, stretches), from);
          while (found.size() <= query.limit() && keys.hasNext()) {
            int most = Math.min(MOST_KEYS, query.limit() + 1 - found.size());
            select(handle, query, look, asked, from, keys.next(most), found);
          }
        } else if (stretches.size() > 0) {
          select(handle, query, walk, asked, from, List.of(), found);
        }
      }
      if (found.size() > query.limit()) {
        return;
      }
    }
  }

  /// Routes of a table behind a place.
  ///
  /// @param keys of these prefixes; empty for all
  private static void select(
      Handle handle,
      RouteQuery query,
      Filter filter,
      Asked asked,
      @Nullable Key after,
      List<byte[]> keys,
      List<Keyed> found) {
    var values = new HashMap<String, Object>();
    String place = place(asked.table, keys, values);
    if (after != null) {
      place += " AND (r.prefix_key, r.path_id) > (:after_key, :after_path)";
      values.put("after_key", after.prefixKey);
      values.put("after_path", after.pathId);
    }
    select(handle, query, filter, place, values, found);
  }

  /// Routes of a table.
  ///
  /// @param keys of these prefixes; empty for all
  private static String place(Table table, List<byte[]> keys, Map<String, Object> values) {
    values.put("of_neighbor", table.neighborId());
    values.put("of_family", table.family());
    String place = " AND n.id = :of_neighbor AND f.code = :of_family";
    if (keys.isEmpty()) {
      return place;
    }
    // as few different statements as can be: each costs more to be read than to be answered
    int count = Integer.highestOneBit(2 * keys.size() - 1);
    var names = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      values.put("found" + i, keys.get(Math.min(i, keys.size() - 1)));
      names.add(":found" + i);
    }
    return place + " AND r.prefix_key IN (" + String.join(", ", names) + ")";
  }

  /// Those stretches that a prefix is in that all routes are to be within.
  private static Stretches within(RouteQuery query, Table table, Stretches stretches) {
    var prefix = query.prefix();
    return prefix == null || stretches.size() == 0
        ? stretches
        : stretches.between(
            Stretches.of(table.family(), prefix.key()),
            Stretches.of(table.family(), lastWithin(prefix)));
  }

  /// The keys of routes in some stretches of a table whose attributes are as asked, now or then, in
  /// order.
  private final class StretchKeys {
    private final Handle handle;
    private final RouteQuery query;
    private final Table table;
    private final Stretches stretches;
    private final byte @Nullable [] from;
    private final Map<String, Object> values = new HashMap<>();
    private final List<String> tables = new ArrayList<>();
    private final String condition;
    private int next;
    private int step = FIRST_STRETCHES;
    private List<byte[]> keys = List.of();

    /// @param after only routes behind it; null for all
    StretchKeys(
        Handle handle, RouteQuery query, Table table, Stretches stretches, @Nullable Key after) {
      this.handle = handle;
      this.query = query;
      this.table = table;
      this.stretches = stretches;
      from = after == null ? null : after.prefixKey;
      int first = from == null ? 0 : Stretches.of(table.family(), from);
      while (next < stretches.size() && stretches.get(next) < first) {
        next++;
      }
      // of few routes each set is looked at, whatever a planner thinks of it, and only of those in
      // a range: the second condition makes it wait until that is known
      condition =
          "(SELECT 1 FROM path_attributes a WHERE a.id = r.attributes_id AND s.column1 IS NOT NULL"
              + ofSets(query, values)
              + ") = 1";
      if (query.at() == null) {
        tables.add(
            "route r WHERE "
                + (Boolean.TRUE.equals(query.active()) ? "r.ended_at IS NULL" : "TRUE"));
      } else {
        values.put("at", micros(query.at()));
        tables.add("route r WHERE " + Database.VALID_FROM + " <= :at");
        tables.add(database.formerVersionsAt(":at") + " r WHERE TRUE");
      }
    }

    /// Looks on until there are some.
    boolean hasNext() {
      while (keys.isEmpty() && next < stretches.size()) {
        keys = read();
        step = Math.min(MOST_STRETCHES, 2 * step);
      }
      return !keys.isEmpty();
    }

    /// Some of them, in order.
    List<byte[]> next(int most) {
      var some = keys.subList(0, Math.min(most, keys.size()));
      keys = keys.subList(some.size(), keys.size());
      return some;
    }

    /// Looks at some stretches.
    private List<byte[]> read() {
      int end = Math.min(stretches.size(), next + step);
      var ranges = new ArrayList<String>();
      var bound = new HashMap<>(values);
      bound.put("neighbor", table.neighborId());
      bound.put("family", table.family());
      for (int i = 0; i < step; i++) {
        if (next < end) {
          bound.put("begin" + i, Stretches.begin(table.family(), stretches.get(next)));
          while (next + 1 < end && stretches.get(next + 1) == stretches.get(next) + 1) {
            next++;
          }
          bound.put("end" + i, Stretches.end(table.family(), stretches.get(next++)));
        } else { // none, for each number of them is a statement of its own
          bound.put("begin" + i, NOWHERE);
          bound.put("end" + i, new byte[0]);
        }
        ranges.add("(:begin" + i + ", :end" + i + ")");
      }
      var found = new TreeSet<byte[]>(Arrays::compareUnsigned);
      for (String versions : tables) {
        bind(
                handle.createQuery(
                    "SELECT r.prefix_key FROM (VALUES "
                        + String.join(", ", ranges)
                        + ") s CROSS JOIN "
                        + versions
                        + " AND r.neighbor_id = :neighbor AND r.family = :family"
                        + " AND r.prefix_key BETWEEN s.column1 AND s.column2 AND "
                        + condition),
                bound)
            .mapTo(byte[].class)
            .forEach(found::add);
      }
      return List.copyOf(from == null ? found : found.tailSet(from));
    }
  }

  private long count(Handle handle, RouteQuery query, ValueQuestion question) {
    var look = filter(handle, query, true);
    var walk = filter(handle, query, false);
    if (look == null || walk == null) {
      return 0;
    }
    long count = 0;
    var walked = new ArrayList<Table>();
    for (var asked : tables(handle, query)) {
      Table table = asked.table;
      boolean whole = walks && !asked.known;
      var stretches = whole ? Stretches.none() : within(query, table, question.in(handle, table, asked.known));
      if (!whole && stretches.size() == 0) {
        continue;
      }
      if (whole || !Stretches.divide(table.family()) || stretches.size() > FEW_STRETCHES) {
        walked.add(table);
        continue;
      }
      var keys = new StretchKeys(handle, query, table, stretches, null);
      while (keys.hasNext()) {
        var values = new HashMap<String, Object>();
        String these = place(table, keys.next(MOST_KEYS), values);
        count += count(handle, look, these, values);
      }
    }
    return walked.isEmpty()
        ? count
        : count
            + count(
                handle,
                walk,
                " AND (n.id, f.code) IN " + rows(walked),
                Map.of());
  }

  private static long count(
      Handle handle, Filter filter, String place, Map<String, Object> placeValues) {
    var values = new HashMap<>(filter.values);
    values.putAll(placeValues);
    long count = 0;
    for (String versions : filter.versions) {
      for (String where : filter.wheres) {
        count +=
            bind(handle.createQuery("SELECT count(*) " + versions + where + place), values)
                .mapTo(Long.class)
                .one();
      }
    }
    return count;
  }

  /// A row and its place.
  record Keyed(Key key, RouteRow route) {}

  /// The place of a row in the order of all.
  record Key(int neighborId, int family, byte[] prefixKey, long pathId) {
    Table table() {
      return new Table(neighborId, family);
    }

    static Key parse(String text) {
      String[] parts = text.split("\\.", -1);
      try {
        return new Key(
            Integer.parseInt(parts[0]),
            Integer.parseInt(parts[1]),
            HexFormat.of().parseHex(parts[2]),
            Long.parseLong(parts[3]));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IllegalArgumentException("after=" + text + " is not a key of a page", e);
      }
    }

    @Override
    public String toString() {
      return neighborId + "." + family + "." + HexFormat.of().formatHex(prefixKey) + "." + pathId;
    }
  }

  private static void select(
      Handle handle,
      RouteQuery query,
      Filter filter,
      String place,
      Map<String, Object> placeValues,
      List<Keyed> found) {
    String order = " ORDER BY n.id, f.code, r.prefix_key, r.path_id LIMIT :limit";
    int wanted = query.limit() + 1 - found.size();
    var values = new HashMap<>(filter.values);
    values.putAll(placeValues);
    values.put("limit", wanted);
    var merged = new ArrayList<Keyed>();
    for (String versions : filter.versions) {
      String bound = "";
      if (merged.size() >= wanted && filter.wheres.size() == 1 && place.contains("n.id =")) {
        // of the same neighbor and family: what is behind this key is on a later page anyhow
        bound = " AND r.prefix_key <= :last_key";
        values.put("last_key", merged.getLast().key.prefixKey);
      }
      for (String where : filter.wheres) {
        String sql = VERSION_COLUMNS + versions + where + place + bound + order;
        run(handle, sql, values, query.at(), merged);
      }
    }
    if (filter.versions.size() * filter.wheres.size() > 1) {
      merged.sort(KEYED_ORDER);
    }
    found.addAll(merged.subList(0, Math.min(wanted, merged.size())));
  }

  private static final Comparator<Key> KEY_ORDER =
      Comparator.comparingInt(Key::neighborId)
          .thenComparingInt(Key::family)
          .thenComparing(Key::prefixKey, Arrays::compareUnsigned)
          .thenComparingLong(Key::pathId);

  static final Comparator<Keyed> KEYED_ORDER = Comparator.comparing(Keyed::key, KEY_ORDER);

  private static void run(
      Handle handle,
      String sql,
      Map<String, Object> values,
      @Nullable Instant at,
      List<Keyed> found) {
    bind(handle.createQuery(sql), values)
        .map(
            (row, _) ->
                new Keyed(
                    new Key(
                        row.getInt("neighbor_id"),
                        row.getInt("family"),
                        row.getBytes("prefix_key"),
                        row.getLong("path_id")),
                    route(row, at)))
        .forEach(found::add);
  }

  private static Query bind(Query query, Map<String, Object> values) {
    values.forEach((name, value) -> query.bind(name, value));
    return query;
  }

  /// @param at the moment asked for, at which a version that was held is active; null for now
  private static RouteRow route(ResultSet row, @Nullable Instant at) throws SQLException {
    long ended = at == null ? row.getLong("ended_at") : 0;
    boolean active = ended == 0;
    String reason = active ? null : row.getString("end_reason");
    long pathId = row.getLong("path_id");
    boolean stale =
        at == null
            && active
            && (row.getString("neighbor_state").equals(Projection.STALE)
                || row.getInt("generation") < row.getInt("neighbor_generation")
                || row.getInt("generation") < row.getInt("refresh_generation"));
    String sessionWhy = row.getString("session_why");
    String why =
        reason == null
            ? ""
            : reason.equals(Reason.SESSION_DOWN.text()) && sessionWhy != null
                ? sessionWhy
                : Reason.words(reason);
    return new RouteRow(
        row.getString("neighbor"),
        row.getString("neighbor_address"),
        row.getLong("neighbor_as"),
        row.getString("family_name"),
        text(row.getString("nlri_text"), row.getBytes("prefix_key")),
        Objects.requireNonNullElse(row.getString("details"), ""),
        pathId == RouteChanges.NO_PATH_ID ? null : pathId,
        row.getString("next_hop"),
        active,
        stale,
        reason,
        reason != null && Reason.inferred(reason),
        why,
        row.getString("origin"),
        row.getString("as_path"),
        number(row, "origin_as"),
        number(row, "med"),
        number(row, "local_pref"),
        row.getString("communities"),
        row.getString("large_communities"),
        row.getString("ext_communities"),
        row.getBoolean("atomic_aggregate"),
        row.getString("aggregator"),
        row.getString("other"),
        instant(row.getLong("valid_from")),
        active ? null : instant(ended),
        instant(row.getLong("first_seen")),
        instant(active ? row.getLong("valid_from") : ended),
        number(row, "packet"),
        active ? null : number(row, "end_packet"));
  }

  /// The text of a key: that of a prefix, unless `nlri` has one.
  private static String text(@Nullable String nlri, byte[] key) {
    return nlri != null ? nlri : Prefix.ofKey(key).toString();
  }

  /// Only families whose keys are those of prefixes of this kind: others might look the same.
  private static String ofPrefixes(Prefix prefix) {
    return " AND f.code IN (" + familiesOf(prefix) + ")";
  }

  private static final List<Integer> IPV4_PREFIXES = List.of(257, 258, 260);
  private static final List<Integer> IPV6_PREFIXES = List.of(513, 514, 516);

  /// The keys of one kind are longer than those of the other.
  private static final String OF_PREFIXES = " AND f.code IN (257, 258, 260, 513, 514, 516)";

  private static String familiesOf(Prefix prefix) {
    return prefix.isIpv6() ? "513, 514, 516" : "257, 258, 260";
  }

  /// Conditions in SQL, and the values of their parameters.
  ///
  /// @param versions where to look: current versions, and for a moment of the past former ones
  /// @param wheres alternatives that no route fulfils two of, so that each can use its index
  private record Filter(List<String> versions, List<String> wheres, Map<String, Object> values) {}

  /// Null if nothing can match.
  private @Nullable Filter filter(Handle handle, RouteQuery query) {
    // the sets of one AS are few, and so are the routes that have its prefixes
    return filter(handle, query, few(query) || query.originAs() != null);
  }

  /// @param few whether few routes are looked at: each is asked for its set then; of many it is
  ///     cheaper to find all sets first, for a set is that of several routes
  private @Nullable Filter filter(Handle handle, RouteQuery query, boolean few) {
    var where = new StringBuilder();
    var values = new HashMap<String, Object>();
    if (query.neighbor() != null) {
      where.append(" AND n.id = (SELECT id FROM neighbor WHERE name = :neighbor)");
      values.put("neighbor", query.neighbor());
    } else {
      where.append(NOT_MUTED);
    }
    if (query.family() != null) {
      where.append(" AND f.code = :family");
      values.put("family", Family.parse(query.family()).code());
    }
    if (query.at() != null) {
      if (Boolean.FALSE.equals(query.active()) || query.reason() != null) {
        return null;
      }
      where.append(
          " AND coalesce(r.valid_from, a.first_at) <= :at"
              + " AND coalesce(r.ended_at, g.ended_at, :at + 1) > :at");
      values.put("at", micros(query.at()));
    } else if (query.active() != null) {
      where.append(
          query.active()
              ? " AND r.ended_at IS NULL AND g.ended_at IS NULL"
              : " AND (r.ended_at IS NOT NULL OR g.ended_at IS NOT NULL)");
    }
    if (query.reason() != null) {
      where.append(" AND coalesce(r.end_reason, g.reason) = :reason");
      values.put("reason", query.reason());
    }
    if (query.asPath() != null || query.pathAs() != null || query.community() != null) {
      database.teach(handle.getConnection());
    }
    String sets = ofSets(query, values);
    where.append(
        few || sets.isEmpty()
            ? sets
            : " AND r.attributes_id IN (SELECT a.id FROM path_attributes a WHERE TRUE"
                + sets
                + ")");
    var origins = ofOrigin(handle, query, values);
    var versions =
        query.at() == null
            ? List.of(CURRENT)
            : List.of(CURRENT, former(database.formerVersionsAt(":at")));
    if (query.nlri() != null) {
      where.append(ofNlri(TEXT_IS));
      values.put("nlri", query.nlri());
    }
    if (query.prefix() == null) {
      return origins.isEmpty()
          ? null
          : new Filter(versions, origins.stream().map(origin -> where + origin).toList(), values);
    }
    var wheres = new ArrayList<String>();
    String plain = prefixes(handle, query.prefix(), query.match(), values);
    String inner =
        query.inner() ? innerPrefixes(handle, query.prefix(), query.match(), values) : null;
    for (String origin : origins) {
      if (plain != null) {
        wheres.add(where + ofPrefixes(query.prefix()) + plain + origin);
      }
      if (inner != null) {
        wheres.add(where + ofNlri(inner) + origin);
      }
    }
    return wheres.isEmpty() ? null : new Filter(versions, wheres, values);
  }

  /// What the attribute set `a` of a route must be.
  private String ofSets(RouteQuery query, Map<String, Object> values) {
    var sets = new StringBuilder();
    if (query.nextHop() != null) {
      sets.append(" AND (a.next_hop = :next_hop OR a.next_hop LIKE :next_hop || ' %')");
      values.put("next_hop", query.nextHop());
    }
    if (query.asPath() != null) {
      sets.append(" AND ").append(database.matches("a.as_path", ":as_path"));
      values.put("as_path", regularExpression(query.asPath()));
    }
    if (query.pathAs() != null) {
      // the quick look first
      sets.append(" AND a.as_path LIKE :path_as_like AND ")
          .append(database.matches("a.as_path", ":path_as"));
      values.put("path_as_like", "%" + query.pathAs() + "%");
      values.put("path_as", "(^|[^0-9])" + query.pathAs() + "([^0-9]|$)");
    }
    if (query.community() != null) {
      var community = CommunityPattern.parse(query.community());
      if (community.expression() == null) {
        sets.append(" AND ' ' || " + textOf(community) + " || ' ' LIKE :community");
        values.put("community", "% " + community.literal() + " %");
      } else {
        String column = textOf(community);
        sets.append(" AND ").append(column).append(" LIKE :community_like AND ");
        sets.append(database.matches(column, ":community"));
        values.put("community_like", "%" + community.literal() + "%");
        values.put("community", community.expression());
      }
    }
    return sets.toString();
  }

  private static String textOf(CommunityPattern community) {
    String column = community.column();
    return column.equals("communities") ? CommunityLists.TEXT : "a." + column;
  }

  private static boolean few(RouteQuery query) {
    var prefix = query.prefix();
    return query.nlri() != null
        || prefix != null
            && (query.match() != RouteQuery.Match.LONGER || prefix.length() >= MANY_WITHIN);
  }

  /// What the origin AS of a route must be: in tables in which it is known to have been, by
  /// prefixes that are known to have been announced with it; in those of which that is not known, by
  /// its attribute sets. Empty if no route has it.
  private List<String> ofOrigin(Handle handle, RouteQuery query, Map<String, Object> values) {
    if (query.originAs() == null) {
      return List.of("");
    }
    values.put("origin_as", query.originAs());
    if (few(query)) {
      return List.of(" AND a.origin_as = :origin_as");
    }
    var known = new ArrayList<Table>();
    var others = new ArrayList<Table>();
    for (var asked : tables(handle, query)) {
      (asked.known || !walks ? known : others).add(asked.table);
    }
    var origins = new ArrayList<String>();
    if (!known.isEmpty()) {
      origins.add(
          " AND a.origin_as = :origin_as AND (n.id, f.code) IN "
              + rows(known)
              + " AND r.prefix_key IN"
              + " (SELECT prefix_key FROM origin_prefix WHERE origin_as = :origin_as)");
    }
    if (!others.isEmpty()) {
      origins.add(" AND (n.id, f.code) IN " + rows(others) + " AND " + SET_OF_ORIGIN);
    }
    return origins;
  }

  private static final String SET_OF_ORIGIN =
      "r.attributes_id IN (SELECT id FROM path_attributes WHERE origin_as = :origin_as)";

  /// Prefixes shorter than this may have a large part of a table within.
  private static final int MANY_WITHIN = 12;

  /// `_` is what routers let it be: anything between AS numbers, the begin and the end.
  private static String regularExpression(String text) {
    try {
      return Pattern.compile(text.replace("_", "(^|$|[\\] ,(){}\\[])")).pattern();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is not a regular expression: %s at %d"
              .formatted(text, e.getDescription(), e.getIndex()),
          e);
    }
  }

  private static @Nullable String prefixes(
      Handle handle, Prefix prefix, RouteQuery.Match match, Map<String, Object> values) {
    return switch (match) {
      case EXACT -> oneOf("r.prefix_key", "key", List.of(prefix.key()), values);
      case LONGEST -> {
        var longest = longestMatch(handle, prefix);
        yield longest == null ? null : oneOf("r.prefix_key", "key", List.of(longest.key()), values);
      }
      case LONGER -> {
        values.put("from_key", prefix.key());
        values.put("to_key", lastWithin(prefix));
        yield " AND r.prefix_key BETWEEN :from_key AND :to_key";
      }
      case SHORTER -> {
        var covering = coveringPrefixes(handle, prefix);
        covering.add(prefix);
        yield oneOf("r.prefix_key", "key", covering.stream().map(Prefix::key).toList(), values);
      }
    };
  }

  /// A condition on the prefix within an NLRI that is not just a prefix.
  private static @Nullable String innerPrefixes(
      Handle handle, Prefix prefix, RouteQuery.Match match, Map<String, Object> values) {
    String where =
        switch (match) {
          case EXACT -> oneOf("inner_key", "inner", List.of(InnerPrefix.key(prefix)), values);
          case LONGEST -> {
            var longest = innerCovering(handle, prefix).descendingSet().stream().findFirst();
            yield longest
                .map(p -> oneOf("inner_key", "inner", List.of(InnerPrefix.key(p)), values))
                .orElse(null);
          }
          case LONGER -> {
            byte[] to = InnerPrefix.key(prefix);
            System.arraycopy(lastWithin(prefix), 0, to, 1, to.length - 1);
            values.put("from_inner", InnerPrefix.key(prefix));
            values.put("to_inner", to);
            yield " AND inner_key BETWEEN :from_inner AND :to_inner";
          }
          case SHORTER -> {
            var keys = innerCovering(handle, prefix).stream().map(InnerPrefix::key).toList();
            yield keys.isEmpty() ? null : oneOf("inner_key", "inner", keys, values);
          }
        };
    return where == null ? null : "inner_key IS NOT NULL" + where;
  }

  private static String oneOf(
      String column, String name, List<byte[]> keys, Map<String, Object> values) {
    if (keys.size() == 1) {
      values.put(name, keys.getFirst());
      return " AND " + column + " = :" + name;
    }
    var names = new ArrayList<String>();
    for (byte[] key : keys) {
      values.put(name + names.size(), key);
      names.add(":" + name + names.size());
    }
    return " AND " + column + " IN (" + String.join(", ", names) + ")";
  }

  /// The greatest key of a prefix within this one.
  private static byte[] lastWithin(Prefix prefix) {
    byte[] key = prefix.key();
    int bits = (key.length - 1) * 8;
    for (int bit = prefix.length(); bit < bits; bit++) {
      key[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    key[key.length - 1] = (byte) 0xff;
    return key;
  }

  @Override
  public DiffPage diff(DiffQuery query) {
    return read(
        handle ->
            new RouteDiff(
                    (routes, after) -> keyed(handle, routes, after),
                    query,
                    neighborId(handle, query.a().neighbor()),
                    neighborId(handle, query.b().neighbor()))
                .page());
  }

  private static int neighborId(Handle handle, @Nullable String name) {
    return handle
        .createQuery("SELECT id FROM neighbor WHERE name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .orElseThrow(() -> new IllegalArgumentException("there is no neighbor '" + name + "'"));
  }

  /// A page of routes behind a place, and one more if there is one, in order.
  private List<Keyed> keyed(Handle handle, RouteQuery query, @Nullable Key after) {
    var found = new ArrayList<Keyed>();
    var question = byValue(query);
    if (question != null) {
      pages(handle, query, question, after, found);
      return found;
    }
    var filter = filter(handle, query);
    if (filter != null) {
      pages(handle, query, filter, after, found);
    }
    return found;
  }

  @Override
  public long count(RouteQuery query) {
    return read(
        handle -> {
          boolean plain =
              query.prefix() == null
                  && query.nlri() == null
                  && query.originAs() == null
                  && query.asPath() == null
                  && query.pathAs() == null
                  && query.reason() == null
                  && query.community() == null
                  && query.nextHop() == null
                  && query.at() == null;
          if (plain) {
            String column =
                query.active() == null
                    ? "nf.active + nf.inactive"
                    : query.active() ? "nf.active" : "nf.inactive";
            return handle
                .createQuery(
                    "SELECT coalesce(sum("
                        + column
                        + """
                        ), 0) FROM neighbor_family nf JOIN neighbor n ON n.id = nf.neighbor_id
                        JOIN family f ON f.code = nf.family
                        WHERE (:neighbor IS NULL AND n.id NOT IN (SELECT neighbor_id FROM muted)
                            OR n.name = :neighbor)
                          AND (:family IS NULL OR f.code = :family)\
                        """)
                .bind("neighbor", query.neighbor())
                .bind(
                    "family",
                    query.family() == null ? null : (Integer) Family.parse(query.family()).code())
                .mapTo(Long.class)
                .one();
          }
          var question = byValue(query);
          if (question != null) {
            return count(handle, query, question);
          }
          var filter = filter(handle, query);
          return filter == null ? 0L : count(handle, filter, "", Map.of());
        });
  }

  // ---------------------------------------------------------------- prefixes

  @Override
  public Optional<Prefix> longestMatch(Prefix address) {
    return jdbi.withHandle(handle -> Optional.ofNullable(longestMatch(handle, address)));
  }

  private static @Nullable Prefix longestMatch(Handle handle, Prefix address) {
    var active = new TreeSet<Prefix>(Comparator.comparingInt(Prefix::length));
    var covering =
        coveringPrefixes(
            handle,
            address,
            address.length(),
            candidate -> isActive(handle, candidate) && active.add(candidate));
    if (!active.isEmpty()) {
      return active.last();
    }
    return covering.isEmpty() ? null : covering.last();
  }

  private static boolean isActive(Handle handle, Prefix prefix) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT 1 "
                + CURRENT
                + NOT_MUTED
                + ofPrefixes(prefix)
                + " AND r.prefix_key = :key AND r.ended_at IS NULL AND g.ended_at IS NULL)")
        .bind("key", prefix.key())
        .mapTo(Boolean.class)
        .one();
  }

  /// The prefixes that any neighbor has that cover this one, itself left out, shortest first.
  private static TreeSet<Prefix> coveringPrefixes(Handle handle, Prefix prefix) {
    return coveringPrefixes(handle, prefix, prefix.length() - 1, _ -> false);
  }

  /// @param longest length of what is looked for
  /// @param isEnough see [#covering(Prefix, int, Descent, Predicate, TreeSet)]
  private static TreeSet<Prefix> coveringPrefixes(
      Handle handle, Prefix prefix, int longest, Predicate<Prefix> isEnough) {
    var found = new TreeSet<Prefix>(Comparator.comparingInt(Prefix::length));
    try (var nearest =
        handle
            .getConnection()
            .prepareStatement(
                """
                SELECT (SELECT r.prefix_key FROM route r WHERE r.neighbor_id = nf.neighbor_id
                    AND r.family = nf.family AND r.prefix_key <= ?
                  ORDER BY r.prefix_key DESC LIMIT 1)
                FROM neighbor_family nf WHERE nf.family IN (%s)
                  AND nf.neighbor_id NOT IN (SELECT neighbor_id FROM muted)\
                """
                    .formatted(familiesOf(prefix)))) {
      covering(
          prefix,
          longest,
          limit -> {
            nearest.setBytes(1, limit.key());
            return keys(nearest).stream().map(Prefix::ofKey).toList();
          },
          isEnough,
          found);
    } catch (SQLException e) {
      throw new IllegalStateException("the database did not answer", e);
    }
    return found;
  }

  /// The prefixes within other NLRI that cover this one, itself included.
  private static TreeSet<Prefix> innerCovering(Handle handle, Prefix prefix) {
    var found = new TreeSet<Prefix>(Comparator.comparingInt(Prefix::length));
    try (var nearest =
        handle
            .getConnection()
            .prepareStatement(
                """
                SELECT inner_key FROM nlri WHERE inner_key IS NOT NULL AND inner_key <= ?
                ORDER BY inner_key DESC LIMIT 1\
                """)) {
      covering(
          prefix,
          prefix.length(),
          limit -> {
            byte[] asked = InnerPrefix.key(limit);
            nearest.setBytes(1, asked);
            return keys(nearest).stream()
                .filter(key -> key[0] == asked[0])
                .map(InnerPrefix::ofKey)
                .toList();
          },
          _ -> false,
          found);
    } catch (SQLException e) {
      throw new IllegalStateException("the database did not answer", e);
    }
    return found;
  }

  private static List<byte[]> keys(PreparedStatement statement) throws SQLException {
    var keys = new ArrayList<byte[]>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        byte[] key = row.getBytes(1);
        if (key != null) {
          keys.add(key);
        }
      }
    }
    return keys;
  }

  /// Finds the prefix with the greatest key that is not above that of another, of each table.
  private interface Descent {
    List<Prefix> atMost(Prefix limit) throws SQLException;
  }

  /// Finds what covers a prefix, in an order by key.
  ///
  /// The greatest key that is not above (address, length) is the longest match if it covers; if
  /// not, no covering prefix is longer than what the two have in common, and we look from there: a
  /// handful of descents of the tree, whatever the table's size. All tables descend together, for a
  /// statement costs more than many of them.
  ///
  /// @param isEnough whether none that is shorter than this one is to be found
  private static void covering(
      Prefix prefix,
      int longest,
      Descent descent,
      Predicate<Prefix> isEnough,
      TreeSet<Prefix> found)
      throws SQLException {
    int length = longest;
    int enough = -1;
    while (length > enough) {
      int next = -1;
      for (Prefix candidate : descent.atMost(Prefix.of(prefix.address(), length))) {
        if (candidate.contains(prefix)) {
          if (found.add(candidate) && candidate.length() > enough && isEnough.test(candidate)) {
            enough = candidate.length();
          }
          next = Math.max(next, candidate.length() - 1);
        } else {
          next = Math.max(next, Math.min(length - 1, common(candidate, prefix)));
        }
      }
      length = next;
    }
  }

  /// How many leading bits two addresses share.
  private static int common(Prefix a, Prefix b) {
    byte[] x = a.address();
    byte[] y = b.address();
    int at = Arrays.mismatch(x, y);
    if (at < 0) {
      return Math.min(a.length(), b.length());
    }
    int shared = at * 8 + Integer.numberOfLeadingZeros((x[at] ^ y[at]) & 0xff) - 24;
    return Math.min(shared, b.length());
  }

  @Override
  public List<PrefixRow> covering(Prefix prefix) {
    return jdbi.withHandle(
        handle ->
            prefixRows(
                    handle,
                    prefix,
                    coveringPrefixes(handle, prefix).stream().map(Prefix::key).toList(),
                    Integer.MAX_VALUE)
                .stream()
                .sorted(Comparator.comparingInt(row -> Prefix.parse(row.prefix()).length()))
                .toList());
  }

  @Override
  public List<PrefixRow> moreSpecific(Prefix prefix, @Nullable Prefix after, int limit) {
    return read(
        handle -> {
          var rows = new ArrayList<PrefixRow>();
          byte[] behind = (after == null ? prefix : after).key();
          while (rows.size() < limit) {
            var keys = keysWithin(handle, prefix, behind, limit - rows.size());
            if (keys.isEmpty()) {
              break;
            }
            var values = new HashMap<String, Object>();
            String where = ofPrefixes(prefix) + oneOf("r.prefix_key", "key", keys, values);
            rows.addAll(prefixRows(handle, where, values, limit - rows.size()));
            behind = keys.getLast();
          }
          return rows;
        });
  }

  /// The first keys within a prefix, from each table in turn: to gather the paths of all that lie
  /// within it would be to walk through whole tables for a short prefix.
  private static List<byte[]> keysWithin(Handle handle, Prefix prefix, byte[] after, int limit) {
    var first = new TreeSet<byte[]>(Arrays::compareUnsigned);
    try (var tables =
            handle
                .getConnection()
                .prepareStatement(
                    """
                    SELECT neighbor_id, family FROM neighbor_family WHERE family IN (%s)
                      AND neighbor_id NOT IN (SELECT neighbor_id FROM muted)\
                    """
                        .formatted(familiesOf(prefix)));
        var table = tables.executeQuery();
        var within =
            handle
                .getConnection()
                .prepareStatement(
                    """
                    SELECT DISTINCT prefix_key FROM route WHERE neighbor_id = ? AND family = ?
                      AND prefix_key > ? AND prefix_key <= ? ORDER BY prefix_key LIMIT ?\
                    """)) {
      byte[] to = lastWithin(prefix);
      while (table.next()) {
        within.setInt(1, table.getInt(1));
        within.setInt(2, table.getInt(2));
        within.setBytes(3, after);
        within.setBytes(4, first.size() == limit ? first.last() : to);
        within.setInt(5, limit);
        first.addAll(keys(within));
        while (first.size() > limit) {
          first.pollLast();
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database did not answer", e);
    }
    return List.copyOf(first);
  }

  /// @param like a prefix of the families that are asked for
  private List<PrefixRow> prefixRows(Handle handle, Prefix like, List<byte[]> keys, int limit) {
    if (keys.isEmpty()) {
      return List.of();
    }
    var values = new HashMap<String, Object>();
    String where = ofPrefixes(like) + oneOf("r.prefix_key", "key", keys, values);
    return prefixRows(handle, where, values, limit);
  }

  /// So many routes are looked at for one answer to what an AS originates: most of the prefixes
  /// that
  /// it had may have gone to others.
  static final int LOOKS = 5_000;

  @Override
  public Originated originated(long as, @Nullable Prefix after, int limit) {
    return read(
        handle -> {
          var keys = new ArrayList<byte[]>();
          byte[] next = null;
          for (boolean isIpv6 : new boolean[] {false, true}) {
            if (next == null
                && keys.size() <= limit
                && (isIpv6 || after == null || !after.isIpv6())) {
              byte[] behind = after == null || after.isIpv6() != isIpv6 ? new byte[0] : after.key();
              next =
                  originated(
                      handle, as, isIpv6 ? IPV6_PREFIXES : IPV4_PREFIXES, behind, limit + 1, keys);
            }
          }
          if (keys.size() > limit) {
            keys.removeLast();
            next = keys.getLast();
          }
          var rows = List.<PrefixRow>of();
          if (!keys.isEmpty()) {
            var values = new HashMap<String, Object>();
            String where = OF_PREFIXES + oneOf("r.prefix_key", "key", keys, values);
            rows =
                prefixRows(handle, where, values, Integer.MAX_VALUE).stream()
                    .filter(row -> row.originAses().contains(as))
                    .toList();
          }
          return new Originated(rows, next == null ? null : Prefix.ofKey(next));
        });
  }

  /// Adds the keys of some families that an AS originates until there are so many.
  ///
  /// @return the last one that was looked at, if others are behind it; null if there are enough too
  private byte @Nullable [] originated(
      Handle handle, long as, List<Integer> families, byte[] after, int enough, List<byte[]> keys) {
    String all = announced(families, walks && isIndexIncomplete(handle));
    var tables =
        tables(handle, RouteQuery.all(1).withOriginAs(as).withActive(true)).stream()
            .map(Asked::table)
            .filter(table -> families.contains(table.family()))
            .toList();
    if (tables.isEmpty()) {
      return null;
    }
    int looked = Math.max(enough, looks / tables.size());
    var values = Map.<String, Object>of("origin_as", as, "after", after, "looked", looked);
    // of each key the routes are looked at, whatever a planner thinks of it
    bind(
            handle.createQuery(
                "SELECT k.prefix_key FROM ("
                    + all
                    + """
                    ) k WHERE (SELECT 1 FROM %s nf CROSS JOIN route r
                        CROSS JOIN path_attributes a LEFT JOIN generation_end g
                          ON g.neighbor_id = r.neighbor_id AND g.family = r.family
                            AND g.generation = r.generation
                        WHERE r.neighbor_id = nf.column1 AND r.family = nf.column2
                          AND r.prefix_key = k.prefix_key AND r.ended_at IS NULL
                          AND g.ended_at IS NULL AND a.id = r.attributes_id
                          AND a.origin_as = :origin_as LIMIT 1) = 1
                    ORDER BY k.prefix_key LIMIT :limit\
                    """
                        .formatted(rows(tables))),
            values)
        .bind("limit", enough - keys.size())
        .mapTo(byte[].class)
        .forEach(keys::add);
    if (keys.size() == enough) {
      return null;
    }
    return bind(
            handle.createQuery(
                "SELECT prefix_key FROM ("
                    + all
                    + ") k ORDER BY prefix_key LIMIT 1 OFFSET :looked - 1"),
            values)
        .mapTo(byte[].class)
        .findOne()
        .orElse(null);
  }

  /// The first keys behind one that an AS may have announced in some families, in order.
  ///
  /// @param walk whether to go through the tables that are not indexed too
  private static String announced(List<Integer> families, boolean walk) {
    String all =
        families.stream()
            .map(
                family ->
                    """
                    SELECT prefix_key FROM (SELECT prefix_key FROM origin_prefix
                      WHERE origin_as = :origin_as AND family = %1$d AND prefix_key > :after
                      ORDER BY prefix_key LIMIT :looked) of%1$d
                    """
                        .formatted(family))
            .collect(Collectors.joining(" UNION "));
    if (walk) {
      all +=
          """
           UNION SELECT r.prefix_key FROM origin_todo t CROSS JOIN route r
          WHERE t.family IN (%s) AND r.neighbor_id = t.neighbor_id
            AND r.family = t.family AND r.prefix_key > :after AND\
          """
                  .formatted(
                      families.stream().map(String::valueOf).collect(Collectors.joining(", ")))
              + " "
              + SET_OF_ORIGIN;
    }
    return "SELECT prefix_key FROM (" + all + ") announced ORDER BY prefix_key LIMIT :looked";
  }

  @Override
  public OriginRoutes originRoutes(long as, int limit) {
    if (walks && jdbi.withHandle(SqlQueries::isIndexIncomplete)) {
      return Queries.super.originRoutes(as, limit);
    }
    return read(handle -> originRoutes(handle, as, limit));
  }

  private OriginRoutes originRoutes(Handle handle, long as, int limit) {
    var tables = tablesOfOrigin(handle, as);
    if (tables.isEmpty()) {
      return new OriginRoutes(List.of(), true);
    }
    int looked = Math.max(1, looks / tables.size());
    var found = new TreeMap<Integer, List<KeyedOrigin>>(); // by neighbor: they come by prefix
    var seen = new Seen();
    handle
        .createQuery(
            """
            SELECT n.id, r.family, r.prefix_key, r.path_id, n.name, f.name, a.as_path,
              coalesce(r.valid_from, a.first_at),
              coalesce(r.ended_at, g.ended_at), coalesce(r.end_reason, g.reason), r.end_packet,
              n.state = 'stale' OR r.generation < n.generation OR r.generation < coalesce(
                (SELECT x.generation FROM route_refresh x WHERE x.neighbor_id = r.neighbor_id
                  AND x.family = r.family AND x.begun_at IS NOT NULL), 0),
              CASE WHEN r.family NOT IN (257, 258, 260, 513, 514, 516) THEN
                (SELECT text FROM nlri WHERE nlri.family = r.family AND nlri.prefix_key = r.prefix_key)
              END, r.attributes_id
            FROM (SELECT family, prefix_key FROM origin_prefix WHERE origin_as = :origin_as
                ORDER BY family, prefix_key LIMIT :looked) k
              CROSS JOIN %s t CROSS JOIN neighbor n CROSS JOIN family f CROSS JOIN route r
              CROSS JOIN path_attributes a LEFT JOIN generation_end g
                ON g.neighbor_id = r.neighbor_id AND g.family = r.family AND g.generation = r.generation
            WHERE t.column2 = k.family AND n.id = t.column1 AND f.code = k.family
              AND r.neighbor_id = t.column1 AND r.family = k.family
              AND r.prefix_key = k.prefix_key AND a.id = r.attributes_id AND a.origin_as = :origin_as
            LIMIT :limit\
            """
                .formatted(rows(tables)))
        .bind("origin_as", as)
        .bind("looked", looked)
        .bind("limit", limit + 1)
        .map(
            (row, _) -> {
              var key = new Key(row.getInt(1), row.getInt(2), row.getBytes(3), row.getLong(4));
              Instant ended = time(row, 9);
              var route =
                  new OriginRoute(
                      seen.text(row, 5, seen.neighbors, key.neighborId),
                      seen.text(row, 6, seen.families, key.family),
                      seen.prefix(row, 13, key),
                      key.pathId == RouteChanges.NO_PATH_ID ? null : key.pathId,
                      seen.text(row, 7, seen.paths, row.getLong(14)),
                      ended == null && row.getBoolean(12),
                      instant(row.getLong(8)),
                      ended,
                      ended == null ? null : row.getString(10),
                      ended == null ? null : number(row, 11));
              found
                  .computeIfAbsent(key.neighborId, _ -> new ArrayList<>())
                  .add(new KeyedOrigin(key, route));
              return key;
            })
        .list();
    List<OriginRoute> routes =
        found.values().stream()
            .flatMap(list -> list.stream().sorted(ORIGIN_ORDER))
            .map(KeyedOrigin::route)
            .toList();
    boolean more =
        routes.size() > limit
            || handle
                .createQuery(
                    "SELECT EXISTS (SELECT 1 FROM origin_prefix WHERE origin_as = :origin_as"
                        + " ORDER BY family, prefix_key LIMIT 1 OFFSET :looked)")
                .bind("origin_as", as)
                .bind("looked", looked)
                .mapTo(Boolean.class)
                .one();
    return new OriginRoutes(routes.stream().limit(limit).toList(), !more);
  }

  private record KeyedOrigin(Key key, OriginRoute route) {}

  private static final Comparator<KeyedOrigin> ORIGIN_ORDER =
      Comparator.comparing(KeyedOrigin::key, KEY_ORDER);

  /// Texts of rows before: many routes have the same, and each that is read anew costs.
  private static final class Seen {
    private final Map<Long, String> neighbors = new HashMap<>();
    private final Map<Long, String> families = new HashMap<>();
    private final Map<Long, String> paths = new HashMap<>();
    private byte[] key = {};
    private int family;
    private String prefix = "";

    /// @param known those that were read, by a number that the row has as well
    String text(ResultSet row, int column, Map<Long, String> known, long number)
        throws SQLException {
      String text = known.get(number);
      if (text == null) {
        text = row.getString(column);
        known.put(number, text);
      }
      return text;
    }

    /// The routes of a prefix come one behind the other.
    String prefix(ResultSet row, int column, Key of) throws SQLException {
      if (of.family != family || !Arrays.equals(of.prefixKey, key)) {
        key = of.prefixKey;
        family = of.family;
        prefix = SqlQueries.text(row.getString(column), key);
      }
      return prefix;
    }
  }

  @Override
  public List<Span> heldEarlier(long as, Instant since, int limit) {
    return read(
        handle -> {
          var tables = tablesOfOrigin(handle, as);
          return tables.isEmpty()
              ? List.<Span>of()
              : handle
                .createQuery(
                    """
                    SELECT r.valid_from, r.ended_at
                    FROM (SELECT family, prefix_key FROM origin_prefix WHERE origin_as = :origin_as) k
                      CROSS JOIN %s t CROSS JOIN %s r CROSS JOIN path_attributes a
                    WHERE t.column2 = k.family AND r.neighbor_id = t.column1 AND r.family = k.family
                      AND r.prefix_key = k.prefix_key AND r.ended_at >= :since
                      AND a.id = r.attributes_id AND a.origin_as = :origin_as LIMIT :limit\
                    """
                        .formatted(rows(tables), database.formerVersions()))
                .bind("origin_as", as)
                .bind("since", micros(since))
                .bind("limit", limit)
                .map((row, _) -> new Span(instant(row.getLong(1)), instant(row.getLong(2))))
                .list();
        });
  }

  /// The tables that may have routes of an origin AS, but for those of muted neighbors.
  private static List<Table> tablesOfOrigin(Handle handle, long as) {
    return tables(handle, RouteQuery.all(1).withOriginAs(as)).stream().map(Asked::table).toList();
  }

  private static boolean isIndexIncomplete(Handle handle) {
    return handle
        .createQuery("SELECT EXISTS (SELECT 1 FROM origin_todo)")
        .mapTo(Boolean.class)
        .one();
  }

  /// Paths gathered by prefix, in the order of families and keys.
  private List<PrefixRow> prefixRows(
      Handle handle, String where, Map<String, Object> values, int limit) {
    var query =
        handle.createQuery(
            """
            SELECT f.name, r.prefix_key,
              count(*) FILTER (WHERE r.ended_at IS NULL AND g.ended_at IS NULL),
              count(*) FILTER (WHERE r.ended_at IS NOT NULL OR g.ended_at IS NOT NULL),
              count(DISTINCT CASE WHEN r.ended_at IS NULL AND g.ended_at IS NULL THEN n.id END),\
            """
                + " "
                + database.joined(
                    "CASE WHEN r.ended_at IS NULL AND g.ended_at IS NULL THEN a.origin_as END")
                + " "
                + CURRENT
                + NOT_MUTED
                + where
                + " GROUP BY length(r.prefix_key), r.prefix_key, f.code"
                + " ORDER BY length(r.prefix_key), r.prefix_key, f.code LIMIT :limit");
    bind(query, values);
    return query
        .bind("limit", limit)
        .map(
            (row, _) ->
                new PrefixRow(
                    row.getString(1),
                    Prefix.ofKey(row.getBytes(2)).toString(),
                    ases(row.getString(6)),
                    row.getInt(3),
                    row.getInt(4),
                    row.getInt(5)))
        .list();
  }

  private static List<Long> ases(@Nullable String list) {
    return list == null || list.isEmpty()
        ? List.of()
        : Arrays.stream(list.split(",")).map(Long::valueOf).sorted().toList();
  }

  @Override
  public List<RouteRow> history(Prefix prefix, int limit) {
    return history(
        ofPrefixes(prefix) + " AND r.prefix_key = :key", Map.of("key", prefix.key()), limit);
  }

  @Override
  public List<RouteRow> history(String nlri, int limit) {
    return history(ofNlri(TEXT_IS), Map.of("nlri", nlri), limit);
  }

  private static final String TEXT_IS = "text = :nlri";

  /// Routes whose row in `nlri` is so, found by their keys: in this form SQLite goes from the index
  /// of `nlri` to the keys of `route`. The plus keeps it from going through the whole family.
  private static String ofNlri(String condition) {
    return """
     AND f.code IN (SELECT family FROM nlri WHERE %1$s)
    AND r.prefix_key IN (SELECT prefix_key FROM nlri WHERE +nlri.family = f.code AND %1$s)
    """
        .formatted(condition);
  }

  @Override
  public List<RouteRow> history(Collection<Prefix> prefixes, @Nullable Instant since, int limit) {
    if (prefixes.isEmpty()) {
      return List.of();
    }
    var values = new HashMap<String, Object>();
    String where =
        OF_PREFIXES
            + oneOf("r.prefix_key", "key", prefixes.stream().map(Prefix::key).toList(), values);
    if (since != null) {
      values.put("since", micros(since));
    }
    return history(
        "FROM neighbor n",
        where,
        values,
        limit,
        since == null ? database.formerVersions() : database.formerVersionsSince(":since"));
  }

  @Override
  public List<RouteRow> histories(Collection<NeighborPrefix> some, Instant since, int limit) {
    if (some.isEmpty()) {
      return List.of();
    }
    var values = new HashMap<String, Object>();
    values.put("since", micros(since));
    var pairs = new ArrayList<String>();
    for (var each : some) {
      values.put("of_neighbor" + pairs.size(), each.neighbor());
      values.put("of_key" + pairs.size(), each.prefix().key());
      pairs.add("(:of_neighbor%1$d, :of_key%1$d)".formatted(pairs.size()));
    }
    return history(
        "FROM (VALUES " + String.join(", ", pairs) + ") s CROSS JOIN neighbor n",
        " AND n.name = s.column1 AND r.prefix_key = s.column2" + OF_PREFIXES,
        values,
        limit,
        database.formerVersionsSince(":since"));
  }

  @Override
  public Map<Prefix, Set<String>> holders(Collection<Prefix> prefixes) {
    var holders = new HashMap<Prefix, Set<String>>();
    prefixes.forEach(prefix -> holders.put(prefix, new HashSet<>()));
    if (!prefixes.isEmpty()) {
      var values = new HashMap<String, Object>();
      String where =
          oneOf("r.prefix_key", "key", holders.keySet().stream().map(Prefix::key).toList(), values);
      jdbi.useHandle(
          handle ->
              bind(
                      handle.createQuery(
                          "SELECT r.prefix_key, n.name "
                              + CURRENT
                              + NOT_MUTED
                              + " AND r.ended_at IS NULL AND g.ended_at IS NULL"
                              + OF_PREFIXES
                              + where),
                      values)
                  .map((row, _) -> Map.entry(Prefix.ofKey(row.getBytes(1)), row.getString(2)))
                  .forEach(
                      holder ->
                          holders
                              .computeIfAbsent(holder.getKey(), _ -> new HashSet<>())
                              .add(holder.getValue())));
    }
    return holders;
  }

  private List<RouteRow> history(String where, Map<String, Object> subject, int limit) {
    return history("FROM neighbor n", where, subject, limit, database.formerVersions());
  }

  /// @param begin where the tables begin, `neighbor` last
  /// @param former a table expression
  private List<RouteRow> history(
      String begin, String where, Map<String, Object> subject, int limit, String former) {
    return read(
        handle -> {
          var values = new HashMap<>(subject);
          values.put("limit", limit);
          var versions = new TreeMap<Key, List<Keyed>>(KEY_ORDER);
          for (String from : List.of(former(former), CURRENT)) {
            var found = new ArrayList<Keyed>();
            run(
                handle,
                VERSION_COLUMNS
                    + from.replace("FROM neighbor n", begin)
                    + NOT_MUTED
                    + where
                    + " ORDER BY n.id, f.code, r.prefix_key, r.path_id, r.version DESC"
                    + " LIMIT :limit",
                values,
                null,
                found);
            Collections.reverse(found);
            for (var version : found) {
              versions.computeIfAbsent(version.key, _ -> new ArrayList<>()).add(version);
            }
          }
          return versions.values().stream().flatMap(List::stream).map(Keyed::route).toList();
        });
  }

  @Override
  public List<Changes> mostChanging(Instant since, @Nullable Instant until, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT f.name, h.prefix_key, count(*) AS changes,
                      (SELECT text FROM nlri
                        WHERE nlri.family = f.code AND nlri.prefix_key = h.prefix_key)
                    FROM route_history h JOIN family f ON f.code = h.family
                    WHERE %s AND h.ended_at <= :until
                      AND h.neighbor_id NOT IN (SELECT neighbor_id FROM muted)
                    GROUP BY f.code, h.prefix_key ORDER BY changes DESC, h.prefix_key LIMIT :limit\
                    """
                        .formatted(database.endedSince(":since")))
                .bind("since", micros(since))
                .bind("until", until == null ? Long.MAX_VALUE : micros(until))
                .bind("limit", limit)
                .map(
                    (row, _) ->
                        new Changes(
                            row.getString(1),
                            text(row.getString(4), row.getBytes(2)),
                            row.getLong(3)))
                .list());
  }

  // ---------------------------------------------------------------- packets and health

  /// Packets of which one statement asks for the findings.
  private static final int AT_ONCE = 250;

  @Override
  public PacketList packetList(PacketQuery query) {
    if (packets == null) {
      return new PacketList(List.of(), null);
    }
    // No connection is held while the journal is read, which may take long.
    var names = jdbi.withHandle(SqlQueries::neighborNames);
    try {
      if (!query.findings()) {
        return packets.list(query, names, muted(), this::findings);
      }
      var ids = jdbi.withHandle(handle -> findingIds(handle, query));
      var rows = new ArrayList<PacketRow>();
      var prefix = query.prefix();
      for (int from = 0; from < ids.size() && rows.size() < query.limit(); from += AT_ONCE) {
        var some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
        var reasons = findings(some);
        for (long id : some) {
          packets
              .read(id, names, reasons::get)
              .filter(row -> prefix == null || JournalPackets.names(row, prefix))
              .ifPresent(rows::add);
        }
      }
      return new PacketList(rows.subList(0, Math.min(rows.size(), query.limit())), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What was wrong with packets, a line each; of one with which nothing was it has nothing.
  private Map<Long, String> findings(List<Long> ids) {
    var reasons = new HashMap<Long, String>();
    jdbi.useHandle(
        handle -> {
          for (int from = 0; from < ids.size(); from += AT_ONCE) {
            handle
                .createQuery(
                    "SELECT packet, reason FROM finding WHERE packet IN (<ids>) ORDER BY rowid")
                .bindList("ids", ids.subList(from, Math.min(ids.size(), from + AT_ONCE)))
                .map((row, _) -> Map.entry(row.getLong(1), row.getString(2)))
                .forEach(
                    finding ->
                        reasons.merge(
                            finding.getKey(),
                            finding.getValue(),
                            (all, more) -> all + "\n" + more));
          }
        });
    return reasons;
  }

  private static List<Long> findingIds(Handle handle, PacketQuery query) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT d.packet FROM finding d JOIN neighbor n ON n.id = d.neighbor_id
            WHERE d.packet > 0 AND (n.name = :neighbor
                OR :neighbor IS NULL AND n.id NOT IN (SELECT neighbor_id FROM muted))
              AND d.at BETWEEN :since AND :until AND d.packet > :after AND d.packet < :before
              AND (:type IS NULL OR :type = 2)
            ORDER BY d.packet\
            """
                + (query.after() == null ? " DESC" : "")
                + " LIMIT :limit")
        .bind("neighbor", query.neighbor())
        .bind("since", query.since() == null ? 0 : micros(query.since()))
        .bind("until", query.until() == null ? Long.MAX_VALUE : micros(query.until()))
        .bind("after", query.after() == null ? 0 : query.after())
        .bind("before", query.before() == null ? Long.MAX_VALUE : query.before())
        .bind("type", query.type())
        .bind("limit", query.prefix() == null ? query.limit() : Integer.MAX_VALUE)
        .mapTo(Long.class)
        .list();
  }

  private static Map<JournalPackets.Peer, String> neighborNames(Handle handle) {
    var names = new HashMap<JournalPackets.Peer, String>();
    handle
        .createQuery(
            "SELECT address, as_number, local_address, name FROM neighbor WHERE source = ?")
        .bind(0, Database.LIVE)
        .map(
            (row, _) ->
                names.put(
                    new JournalPackets.Peer(row.getString(1), row.getLong(2), row.getString(3)),
                    row.getString(4)))
        .list();
    return names;
  }

  @Override
  public Optional<PacketRow> packet(long id) {
    if (packets == null || id <= 0) {
      return Optional.empty();
    }
    var names = jdbi.withHandle(SqlQueries::neighborNames);
    try {
      return packets.read(id, names, findings(List.of(id))::get);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Findings> findings(Instant since, @Nullable Instant until) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT n.name, s.packets, s.newest, d.at, d.reason
                    FROM (SELECT neighbor_id, count(DISTINCT packet) AS packets,
                              max(packet) AS newest, max(at) AS at
                          FROM finding WHERE at BETWEEN :since AND :until AND packet > 0
                            AND neighbor_id NOT IN (SELECT neighbor_id FROM muted)
                          GROUP BY neighbor_id) s
                      JOIN neighbor n ON n.id = s.neighbor_id
                      JOIN finding d ON d.rowid =
                        (SELECT min(rowid) FROM finding WHERE packet = s.newest)
                    ORDER BY d.at DESC, n.name\
                    """)
                .bind("since", micros(since))
                .bind("until", until == null ? Long.MAX_VALUE : micros(until))
                .map(
                    (row, _) ->
                        new Findings(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(3),
                            instant(row.getLong(4)),
                            row.getString(5)))
                .list());
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
                            time(row, 4),
                            time(row, 5),
                            row.getLong(6) / 1e6))
                .list());
  }

  @Override
  public List<JournalGap> gaps() {
    try {
      return packets == null ? List.of() : packets.gaps();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable Room room() {
    try {
      return packets == null ? null : packets.room();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
                            time(row, 1), time(row, 2), row.getLong(3) / 1e6, row.getLong(4)))
                .one());
  }

  // ---------------------------------------------------------------- columns

  static long micros(Instant instant) {
    return instant.getEpochSecond() * SECOND + instant.getNano() / 1000;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, SECOND), Math.floorMod(micros, SECOND) * 1000);
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : instant(micros);
  }

  private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : instant(micros);
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
