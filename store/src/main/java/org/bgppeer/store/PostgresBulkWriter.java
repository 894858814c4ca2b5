package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// Bulk for PostgreSQL: whatever is written goes there by COPY.
///
/// ```
/// changes ──► keys ──COPY──► wanted ──JOIN route──► the versions that are there
///                                                        │ decided here, change by change
///             new routes ───────────COPY──► route  ◄─────┤
///             former versions ──────COPY──► route_history◄┤
///             changed routes ──COPY──► changed ──UPDATE──► route
/// ```
///
/// A family that is empty needs not be asked: its table goes straight into `route`, and until it is
/// whole a [KeyFilter] tells which routes are new. The changes of a batch are held back and
/// gathered over neighbors, so that a batch costs a handful of statements however many neighbors
/// have a part in it.
final class PostgresBulkWriter implements BulkWriter {
  /// Routes that are looked up, decided and written at a time.
  private static final int SLICE = 1 << 17;

  /// New routes between two looks at what is to be done meanwhile.
  private static final int BETWEEN = 1 << 12;

  private static final String ROUTE_COLUMNS =
      "(neighbor_id, family, path_id, attributes_id, generation, version, valid_from, packet,"
          + " first_seen, ended_at, end_packet, prefix_key, end_reason, details, nlri)";
  private static final String BINARY = " FROM STDIN (FORMAT binary)";
  private static final String COPY_ROUTE = "COPY route " + ROUTE_COLUMNS + BINARY;
  private static final String COPY_CHANGED = "COPY changed " + ROUTE_COLUMNS + BINARY;
  private static final String COPY_HISTORY =
      "COPY route_history (neighbor_id, family, path_id, attributes_id, version, valid_from,"
          + " packet, ended_at, end_packet, prefix_key, end_reason, details, nlri)"
          + BINARY;
  private static final String COPY_WANTED = "COPY wanted" + BINARY;
  private static final String COPY_TEXTS = "COPY texts" + BINARY;

  private final Connection connection;
  private final CopyManager server;
  private final PreparedStatement look;
  private final PreparedStatement change;
  private final RouteDecision decision;
  private final PostgresSetWriter sets;

  private final PostgresCopy wanted = new PostgresCopy(5);
  private final PostgresCopy fresh = new PostgresCopy(15);
  private final PostgresCopy changed = new PostgresCopy(15);
  private final PostgresCopy former = new PostgresCopy(13);
  private final PostgresCopy texts = new PostgresCopy(4);

  private @Nullable Work meanwhile;

  /// What waits to be written: each state once.
  private final List<Pending> pending = new ArrayList<>();

  private boolean sliced;

  /// Whether this transaction has written routes.
  private boolean flushed;

  /// Of the tables that are coming in: 2 MB each.
  private static final int FILTERS = 16;

  private final Map<FamilyState, KeyFilter> filters = new IdentityHashMap<>();

  /// The first days of the weeks that have a partition, in microseconds.
  private final Set<Long> weeks = new HashSet<>();

  private final Set<Long> weeksNeeded = new HashSet<>();

  private record Pending(RouteChanges changes, FamilyState state) {}

  /// @param sets over a connection of their own; this object closes it
  PostgresBulkWriter(Connection connection, PostgresSetWriter sets) throws SQLException {
    this.connection = connection;
    this.sets = sets;
    server = connection.unwrap(PGConnection.class).getCopyAPI();
    try (var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TEMP TABLE IF NOT EXISTS wanted (n integer, neighbor_id integer, family integer,
            path_id bigint, prefix_key bytea) ON COMMIT DELETE ROWS;
          CREATE TEMP TABLE IF NOT EXISTS changed (LIKE route) ON COMMIT DELETE ROWS;
          CREATE TEMP TABLE IF NOT EXISTS texts (LIKE nlri) ON COMMIT DELETE ROWS;
          """);
      try (var rows =
          statement.executeQuery(
              """
              SELECT substr(c.relname, length('route_history_') + 1) FROM pg_inherits i
              JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'route_history'::regclass\
              """)) {
        while (rows.next()) {
          String day = rows.getString(1);
          weeks.add(LocalDate.parse(day, DateTimeFormatter.BASIC_ISO_DATE).toEpochDay() * DAY);
        }
      }
    }
    connection.commit();
    look =
        connection.prepareStatement(
            """
            SELECT w.n, r.attributes_id, r.generation, r.version, %s, r.packet, r.first_seen,
              r.ended_at, r.end_reason, r.end_packet, r.details, r.nlri, r.valid_from IS NULL
            FROM wanted w JOIN route r ON r.neighbor_id = w.neighbor_id AND r.family = w.family
              AND r.prefix_key = w.prefix_key AND r.path_id = w.path_id\
            """
                .formatted(Database.VALID_FROM));
    look.setFetchSize(10_000);
    change =
        connection.prepareStatement(
            """
            UPDATE route r SET attributes_id = c.attributes_id, generation = c.generation,
              version = c.version, valid_from = c.valid_from, packet = c.packet,
              first_seen = c.first_seen, ended_at = c.ended_at, end_packet = c.end_packet,
              end_reason = c.end_reason, details = c.details, nlri = c.nlri
            FROM changed c WHERE r.neighbor_id = c.neighbor_id AND r.family = c.family
              AND r.prefix_key = c.prefix_key AND r.path_id = c.path_id\
            """);
    decision = new RouteDecision(connection, this::archive);
  }

  /// The server has more to do with a route than this thread.
  @Override
  public void meanwhile(Work work) {
    meanwhile = work;
  }

  // ---------------------------------------------------------------- attribute sets

  @Override
  public void attributeSets(List<AttributeSets.New> added) throws SQLException {
    sets.add(added);
  }

  @Override
  public long forgetCommunityLists() throws SQLException {
    return sets.forgetCommunityLists();
  }

  @Override
  public void hashes(List<HashKey> keys) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO path_attributes_by_hash
            SELECT hash, max(id) FROM unnest(?::bigint[], ?::bigint[]) AS k (hash, id)
            GROUP BY hash ORDER BY hash
            ON CONFLICT (hash) DO UPDATE SET attributes_id = excluded.attributes_id\
            """)) {
      insert.setObject(1, keys.stream().mapToLong(HashKey::hash).toArray());
      insert.setObject(2, keys.stream().mapToLong(HashKey::id).toArray());
      insert.executeUpdate();
    }
  }

  /// The sets are committed here, ahead of the routes.
  @Override
  public void settle() throws SQLException {
    sets.finish();
    flush();
    sets.settle();
  }

  @Override
  public void finish() throws SQLException {
    settle();
    sliced = false; // the temporary tables are empty after the commit
    flushed = false;
  }

  // ---------------------------------------------------------------- routes

  @Override
  public void routes(RouteChanges changes, FamilyState state) throws SQLException {
    for (var other : pending) {
      if (other.state == state) {
        flush(); // these come after those
        break;
      }
    }
    pending.add(new Pending(changes, state));
  }

  @Override
  public int removeHistory(long before, long now, int rows) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            DELETE FROM route_history
            WHERE (neighbor_id, family, prefix_key, path_id, version, ended_at) IN (
              SELECT neighbor_id, family, prefix_key, path_id, version, ended_at FROM route_history
              WHERE ended_at < ? ORDER BY ended_at LIMIT ?)\
            """)) {
      statement.setLong(1, before);
      statement.setInt(2, rows);
      return statement.executeUpdate();
    }
  }

  @Override
  public long endOfOldestHistory(int rows) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT max(ended_at) FROM (SELECT ended_at FROM route_history ORDER BY ended_at LIMIT"
                + " ?) oldest")) {
      statement.setInt(1, rows);
      try (var row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /// The server gives room back only when it vacuums: what is removed would not be seen.
  @Override
  public long usedOctets() {
    return 0;
  }

  @Override
  public void flush() throws SQLException {
    if (pending.isEmpty()) {
      return;
    }
    if (flushed) { // what is looked up now may have sets that only their connection sees
      sets.finish();
      sets.settle();
    }
    flushed = true;
    var slice = new Slice();
    for (var each : pending) {
      boolean isNew = each.state.active == 0 && each.state.inactive == 0;
      var filter = filter(each.state, isNew);
      if (isNew || filter != null) {
        writeNew(each, filter, slice);
      } else {
        addAll(each, slice);
      }
    }
    slice.write();
    pending.clear();
  }

  /// What tells the new routes of a table that is coming in; null if all are to be looked up.
  private @Nullable KeyFilter filter(FamilyState state, boolean isNew) {
    var filter = filters.get(state);
    if (filter != null && (isNew || state.endOfRibAt != 0 || filter.isFull())) {
      filters.remove(state);
      filter = null;
    }
    if (isNew && filters.size() < FILTERS) {
      filter = new KeyFilter();
      filters.put(state, filter);
    }
    return filter;
  }

  private static int behind(RouteChanges changes, int from) {
    int to = from + 1;
    while (to < changes.size() && changes.sameRoute(from, to)) {
      to++;
    }
    return to;
  }

  private static void addAll(Pending each, Slice slice) throws SQLException {
    for (int from = 0; from < each.changes.size(); ) {
      int to = behind(each.changes, from);
      slice.add(each, from, to);
      from = to;
    }
  }

  /// Sends what is new straight into the table, and then sees to the others.
  ///
  /// @param filter null if the table is empty, and thus all are new
  private void writeNew(Pending each, @Nullable KeyFilter filter, Slice slice) throws SQLException {
    var changes = each.changes;
    boolean allNew = each.state.active == 0 && each.state.inactive == 0;
    var known = new int[16];
    int count = 0;
    int written = 0;
    fresh.begin(server, COPY_ROUTE);
    for (int from = 0; from < changes.size(); ) {
      int to = behind(changes, from);
      if (++written % BETWEEN == 0 && meanwhile != null) {
        meanwhile.run();
      }
      boolean isKnown = filter != null && filter.add(changes.key(from), changes.pathId(from));
      if (isKnown && !allNew) {
        if (count == known.length) {
          known = Arrays.copyOf(known, count * 2);
        }
        known[count++] = from;
      } else {
        apply(each, from, to, null);
      }
      from = to;
    }
    write();
    for (int i = 0; i < count; i++) {
      slice.add(each, known[i], behind(changes, known[i]));
    }
  }

  @Override
  public void close() throws SQLException {
    sets.close();
  }

  /// Routes that are looked up and decided together: places in their changes.
  private final class Slice {
    private final List<Pending> parts = new ArrayList<>();
    private int[] part = new int[64];
    private int[] from = new int[64];
    private int[] to = new int[64];
    private int size;

    boolean isEmpty() {
      return size == 0;
    }

    void add(Pending of, int first, int behind) throws SQLException {
      if (size == SLICE) {
        write();
      }
      if (parts.isEmpty() || parts.getLast() != of) {
        parts.add(of);
      }
      if (size == part.length) {
        part = Arrays.copyOf(part, size * 2);
        from = Arrays.copyOf(from, size * 2);
        to = Arrays.copyOf(to, size * 2);
      }
      part[size] = parts.size() - 1;
      from[size] = first;
      to[size] = behind;
      var changes = of.changes;
      wanted.row();
      wanted
          .number(size)
          .number(changes.neighborId)
          .number(changes.family)
          .number(changes.pathId(first))
          .octets(changes.key(first));
      size++;
    }

    void write() throws SQLException {
      if (size == 0) {
        return;
      }
      if (sliced) {
        try (var statement = connection.createStatement()) {
          statement.execute("TRUNCATE wanted, changed");
        }
      }
      sliced = true;
      wanted.end(server, COPY_WANTED);
      var current = new @Nullable RouteVersion[size];
      try (ResultSet row = look.executeQuery()) {
        while (row.next()) {
          int i = row.getInt(1);
          current[i] = version(row, parts.get(part[i]).changes, from[i]);
        }
      }
      for (int i = 0; i < size; i++) {
        apply(parts.get(part[i]), from[i], to[i], current[i]);
      }
      PostgresBulkWriter.this.write();
      parts.clear();
      size = 0;
    }
  }

  private static RouteVersion version(ResultSet row, RouteChanges changes, int i)
      throws SQLException {
    var version = new RouteVersion(changes.key(i), changes.pathId(i));
    version.attributesId = row.getLong(2);
    version.generation = row.getInt(3);
    version.version = row.getInt(4);
    version.validFrom = row.getLong(5);
    version.packet = row.getLong(6);
    version.firstSeen = row.getLong(7);
    version.endedAt = row.getLong(8);
    if (version.endedAt != 0) {
      version.endReason = row.getString(9);
      version.endPacket = row.getLong(10);
    }
    version.details = row.getString(11);
    version.nlri = row.getBytes(12);
    version.isFirst = row.getBoolean(13);
    return version;
  }

  /// Sends what was decided.
  private void write() throws SQLException {
    fresh.end(server, COPY_ROUTE);
    for (long week : weeksNeeded) {
      partition(week);
    }
    weeksNeeded.clear();
    former.end(server, COPY_HISTORY);
    if (!changed.isEmpty()) {
      changed.end(server, COPY_CHANGED);
      change.executeUpdate();
    }
    if (!texts.isEmpty()) {
      texts.end(server, COPY_TEXTS);
      try (var statement = connection.createStatement()) {
        statement.execute(
            "INSERT INTO nlri SELECT DISTINCT ON (family, prefix_key) * FROM texts ON CONFLICT DO"
                + " NOTHING");
        statement.execute("TRUNCATE texts");
      }
    }
  }

  /// Decides the changes `from` to `to` (exclusive), which are of one route, in their order.
  ///
  /// @param current the version that is there
  private void apply(Pending pending, int from, int to, @Nullable RouteVersion current)
      throws SQLException {
    var changes = pending.changes;
    var state = pending.state;
    var version = decision.apply(changes, from, to, current, state);
    if (version != null && decision.isTouched()) {
      add(current == null ? fresh : changed, changes, version);
      if (current == null) {
        text(changes, from, to);
      }
    }
  }

  private void text(RouteChanges changes, int from, int to) throws SQLException {
    if (changes instanceof NlriChanges nlri) {
      for (int i = from; i < to; i++) {
        String text = nlri.text(i);
        if (text != null) {
          texts.row();
          texts
              .number(changes.family)
              .octets(changes.key(i))
              .text(text)
              .octets(InnerPrefix.key(Family.ofCode(changes.family), text));
          return;
        }
      }
    }
  }

  private static void add(PostgresCopy to, RouteChanges changes, RouteVersion version)
      throws SQLException {
    to.row();
    to.number(changes.neighborId)
        .number(changes.family)
        .number(version.pathId)
        .number(version.attributesId)
        .number(version.generation)
        .number(version.version)
        .numberUnless(version.isFirst, version.validFrom)
        .numberUnless(version.isFirst, version.packet)
        .numberOrNull(version.firstSeen)
        .numberOrNull(version.endedAt)
        .numberOrNull(version.endPacket)
        .octets(version.key)
        .text(version.endReason)
        .text(version.details)
        .octets(version.nlri);
  }

  private void archive(RouteChanges changes, RouteVersion old) throws SQLException {
    weeksNeeded.add(Math.floorDiv(old.endedAt - FIRST_MONDAY, WEEK) * WEEK + FIRST_MONDAY);
    former.row();
    former
        .number(changes.neighborId)
        .number(changes.family)
        .number(old.pathId)
        .number(old.attributesId)
        .number(old.version)
        .numberUnless(old.isFirst, old.validFrom)
        .numberUnless(old.isFirst, old.packet)
        .number(old.endedAt)
        .numberOrNull(old.endPacket)
        .octets(old.key)
        .text(old.endReason)
        .text(old.details)
        .octets(old.nlri);
  }

  // ---------------------------------------------------------------- partitions

  private static final long DAY = 24L * 3600 * 1_000_000;
  private static final long WEEK = 7 * DAY;

  /// 1970-01-05 was a Monday.
  private static final long FIRST_MONDAY = 4 * DAY;

  /// Makes the partition of a week, if it is not there. Attaching one lets readers of the others go
  /// on.
  private void partition(long begin) throws SQLException {
    if (!weeks.add(begin)) {
      return;
    }
    String name =
        "route_history_"
            + LocalDate.ofEpochDay(Math.floorDiv(begin, DAY))
                .format(DateTimeFormatter.BASIC_ISO_DATE);
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + name + " (LIKE route_history INCLUDING ALL)");
      statement.execute(
          "ALTER TABLE route_history ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)"
              .formatted(name, begin, begin + WEEK));
    }
  }
}
