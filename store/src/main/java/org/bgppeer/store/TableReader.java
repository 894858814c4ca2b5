package org.bgppeer.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.PriorityQueue;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.OpenError;
import org.bgppeer.wire.PeerIndex;
import org.jspecify.annotations.Nullable;

/// Reads the table of all neighbors prefix by prefix, in one transaction, whatever is written
/// meanwhile, and in little memory, however many routes there are.
///
/// The tables of the database are sorted by neighbor first, those of an archive by prefix. So each
/// neighbor has a cursor, for a moment in the past a second one over its history, and the smallest
/// key of all is next.
final class TableReader implements AutoCloseable {
  private static final int REMEMBERED_SETS = 1 << 15;
  private static final int FETCH = 1000;

  private final Database database;
  private final Connection connection;
  private final TableQuery query;
  private final long at;
  private final PreparedStatement attributes;
  private final LinkedHashMap<Long, byte[]> sets = new LinkedHashMap<>(1024, 0.75f, true);

  TableReader(Database database, TableQuery query) throws SQLException {
    this.database = database;
    this.connection = database.reader();
    this.query = query;
    this.at = query.at() == null ? Long.MAX_VALUE : Columns.micros(query.at());
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    attributes =
        connection.prepareStatement(
            "SELECT " + AttributeSets.OCTETS + " FROM path_attributes a WHERE a.id = ?");
  }

  private record Neighbor(int id, PeerIndex.Peer peer) {}

  void read(TableSink sink) throws SQLException, IOException {
    long[] collector = new long[1];
    var neighbors = neighbors(collector);
    sink.begin(collector[0], neighbors.stream().map(Neighbor::peer).toList());
    for (int family : families()) {
      family(family, neighbors, sink);
    }
  }

  private List<Neighbor> neighbors(long[] collector) throws SQLException {
    var neighbors = new ArrayList<Neighbor>();
    try (var statement =
        connection.prepareStatement(
            """
            SELECT n.id, n.address, n.as_number, s.open_sent, s.open_received
            FROM neighbor n LEFT JOIN session s ON s.neighbor_id = n.id AND s.generation =
              (SELECT max(t.generation) FROM session t WHERE t.neighbor_id = n.id AND t.up_at <= ?)
            WHERE (CAST(? AS TEXT) IS NULL OR n.source = ?)
              AND (CAST(? AS TEXT) IS NULL AND n.id NOT IN (SELECT neighbor_id FROM muted)
                OR n.name = ?)
            ORDER BY n.id\
            """)) {
      statement.setLong(1, at);
      statement.setString(2, query.source());
      statement.setString(3, query.source());
      statement.setString(4, query.neighbor());
      statement.setString(5, query.neighbor());
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          long ours = identifier(rows.getBytes(4));
          collector[0] = ours == 0 ? collector[0] : ours;
          neighbors.add(
              new Neighbor(
                  rows.getInt(1),
                  new PeerIndex.Peer(
                      identifier(rows.getBytes(5)),
                      Octets.of(AddressText.parse(rows.getString(2))),
                      rows.getLong(3))));
        }
      }
    }
    return neighbors;
  }

  private static long identifier(byte @Nullable [] open) {
    try {
      return open == null ? 0 : Open.decode(open, 0, open.length).bgpIdentifier();
    } catch (OpenError e) {
      return 0; // of another program, and not read
    }
  }

  private List<Integer> families() throws SQLException {
    if (query.family() != null) {
      return List.of(Family.parse(query.family()).code());
    }
    var families = new ArrayList<Integer>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT code FROM family ORDER BY code")) {
      while (rows.next()) {
        families.add(rows.getInt(1));
      }
    }
    return families;
  }

  private void family(int code, List<Neighbor> neighbors, TableSink sink)
      throws SQLException, IOException {
    var family = Family.ofCode(code);
    var next =
        new PriorityQueue<Cursor>(
            Math.max(1, neighbors.size()),
            Comparator.comparing((Cursor c) -> c.key, Arrays::compareUnsigned)
                .thenComparingLong(c -> c.pathId)
                .thenComparingInt(c -> c.peer));
    try {
      for (int peer = 0; peer < neighbors.size(); peer++) {
        int id = neighbors.get(peer).id;
        add(next, new Cursor(peer, current(id, code)));
        if (query.at() != null) {
          add(next, new Cursor(peer, former(id, code)));
        }
      }
      while (!next.isEmpty()) {
        Cursor first = next.remove();
        sink.route(
            first.peer,
            family,
            first.key,
            first.pathId,
            first.validFrom,
            set(first.attributesId),
            first.nlri);
        add(next, first);
      }
    } finally {
      for (Cursor cursor : next) {
        cursor.close();
      }
    }
  }

  private static void add(PriorityQueue<Cursor> next, Cursor cursor) throws SQLException {
    if (cursor.next()) {
      next.add(cursor);
    } else {
      cursor.close();
    }
  }

  private static final String COLUMNS =
      "SELECT r.prefix_key, r.path_id, " + Database.VALID_FROM + ", r.attributes_id, r.nlri FROM ";

  private PreparedStatement current(int neighbor, int family) throws SQLException {
    String end = "coalesce(r.ended_at, g.ended_at)";
    return prepared(
        "route r LEFT JOIN generation_end g ON g.neighbor_id = r.neighbor_id"
            + " AND g.family = r.family AND g.generation = r.generation",
        query.at() == null
            ? "r.ended_at IS NULL AND g.ended_at IS NULL"
            : Database.VALID_FROM + " <= ? AND coalesce(" + end + ", " + Long.MAX_VALUE + ") > ?",
        neighbor,
        family);
  }

  private PreparedStatement former(int neighbor, int family) throws SQLException {
    String versions = database.formerVersionsAt(String.valueOf(at));
    return prepared(versions + " r", "r.valid_from <= ? AND r.ended_at > ?", neighbor, family);
  }

  private PreparedStatement prepared(String from, String where, int neighbor, int family)
      throws SQLException {
    var statement =
        connection.prepareStatement(
            COLUMNS
                + from
                + " WHERE r.neighbor_id = ? AND r.family = ? AND "
                + where
                + " ORDER BY r.prefix_key, r.path_id");
    statement.setFetchSize(FETCH);
    statement.setInt(1, neighbor);
    statement.setInt(2, family);
    if (query.at() != null) {
      statement.setLong(3, at);
      statement.setLong(4, at);
    }
    return statement;
  }

  private byte[] set(long id) throws SQLException {
    byte[] known = sets.get(id);
    if (known != null) {
      return known;
    }
    attributes.setLong(1, id);
    try (var row = attributes.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the database has no path attributes " + id + ", which a route has");
      }
      byte[] octets = AttributeSets.octets(row, 1);
      if (sets.size() == REMEMBERED_SETS) {
        sets.pollFirstEntry();
      }
      sets.put(id, octets);
      return octets;
    }
  }

  /// A row of one neighbor, and those behind it.
  private static final class Cursor implements AutoCloseable {
    private final int peer;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private byte[] key = {};
    private long pathId;
    private long validFrom;
    private long attributesId;
    private byte @Nullable [] nlri;

    Cursor(int peer, PreparedStatement statement) throws SQLException {
      this.peer = peer;
      this.statement = statement;
      this.rows = statement.executeQuery();
    }

    boolean next() throws SQLException {
      if (!rows.next()) {
        return false;
      }
      key = rows.getBytes(1);
      pathId = rows.getLong(2);
      validFrom = rows.getLong(3);
      attributesId = rows.getLong(4);
      nlri = rows.getBytes(5);
      return true;
    }

    @Override
    public void close() throws SQLException {
      statement.close();
    }
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      attributes.close();
      connection.rollback();
    }
  }
}
