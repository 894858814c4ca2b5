package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes sorted [RouteChanges] into `route` and `route_history`, and counts what that does to
/// [FamilyState].
///
/// Two speeds. A table that is new is written with statements of [#ROWS_A_STATEMENT] rows each,
/// which leave alone what is already there; the number that SQLite returns says if all were new.
/// Where a row exists, the change is read, decided, written:
///
/// ```
/// current version            announced, same set     announced, other set      withdrawn
/// none                       new route               new route                 nothing
/// active                     (generation refreshed)  -> history, replaced      ended
/// withdrawn, session ended   -> history, new version -> history, new version   nothing
/// ```
final class RouteWriter {
  private static final int ROWS_A_STATEMENT = 32;
  private static final int ROW_PARAMETERS = 5;

  private final PreparedStatement insertMany;
  private final PreparedStatement insertOne;
  private final PreparedStatement insertNlri;
  private final PreparedStatement insertText;
  private final PreparedStatement select;
  private final PreparedStatement refresh;
  private final PreparedStatement renew;
  private final PreparedStatement end;
  private final PreparedStatement archive;
  private final PreparedStatement generationEnd;

  /// The end of each generation that was asked for; ends do not change.
  private final Map<GenerationKey, GenerationEnd> ends = new HashMap<>();

  private record GenerationKey(int neighborId, int family, int generation) {}

  private record GenerationEnd(long at, String reason) {}

  RouteWriter(Connection connection) throws SQLException {
    insertMany = connection.prepareStatement(insertion(ROWS_A_STATEMENT));
    insertOne = connection.prepareStatement(insertion(1));
    insertNlri =
        connection.prepareStatement(
            """
            INSERT INTO route (neighbor_id, family, generation, version, prefix_key, path_id,
              attributes_id, valid_from, packet, details, nlri)
            VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)\
            """);
    insertText =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO nlri (family, prefix_key, text) VALUES (?, ?, ?)");
    String where = " WHERE neighbor_id = ? AND family = ? AND prefix_key = ? AND path_id = ?";
    select =
        connection.prepareStatement(
            """
            SELECT attributes_id, generation, version, valid_from, packet, first_seen, ended_at,
              end_reason, end_packet, details, nlri FROM route\
            """
                + where);
    refresh = connection.prepareStatement("UPDATE route SET generation = ?" + where);
    renew =
        connection.prepareStatement(
            """
            UPDATE route SET attributes_id = ?, generation = ?, version = ?, valid_from = ?, packet = ?,
              first_seen = ?, details = ?, nlri = ?, ended_at = NULL, end_reason = NULL,
              end_packet = NULL\
            """
                + where);
    end =
        connection.prepareStatement(
            "UPDATE route SET ended_at = ?, end_reason = ?, end_packet = ?" + where);
    archive =
        connection.prepareStatement(
            """
            INSERT INTO route_history (neighbor_id, family, prefix_key, path_id, version, attributes_id,
              valid_from, packet, ended_at, end_reason, end_packet, details, nlri)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """);
    generationEnd =
        connection.prepareStatement(
            """
            SELECT ended_at, reason FROM generation_end
            WHERE neighbor_id = ? AND family = ? AND generation = ?\
            """);
  }

  /// What all rows have in common are the parameters 1 to 3: each one that is bound costs.
  private static String insertion(int rows) {
    var sql =
        new StringBuilder(
            """
            INSERT OR IGNORE INTO route (neighbor_id, family, generation, version, prefix_key,
              path_id, attributes_id, valid_from, packet) VALUES\
            """);
    for (int i = 0; i < rows; i++) {
      sql.append(i == 0 ? " (?1, ?2, ?3, 1" : ", (?1, ?2, ?3, 1");
      for (int p = 4 + i * ROW_PARAMETERS; p < 4 + (i + 1) * ROW_PARAMETERS; p++) {
        sql.append(", ?").append(p);
      }
      sql.append(')');
    }
    return sql.toString();
  }

  /// Applies sorted changes that are all of `state`'s neighbor and family, within the caller's
  /// transaction.
  void apply(RouteChanges changes, FamilyState state) throws SQLException {
    int size = changes.size();
    boolean bulk = !(changes instanceof NlriChanges);
    var chunk = new int[ROWS_A_STATEMENT];
    int chunkSize = 0;
    for (int i = 0; i < size; ) {
      int next = i + 1;
      while (next < size && changes.sameRoute(i, next)) {
        next++;
      }
      if (bulk && next == i + 1 && changes.attributesId(i) != RouteChanges.WITHDRAWAL) {
        chunk[chunkSize++] = i;
        if (chunkSize == ROWS_A_STATEMENT) {
          bulk = insert(changes, chunk, state) > ROWS_A_STATEMENT / 2;
          chunkSize = 0;
        }
      } else {
        change(changes, i, next, state);
      }
      i = next;
    }
    for (int i = 0; i < chunkSize; i++) {
      change(changes, chunk[i], chunk[i] + 1, state);
    }
  }

  /// Inserts a chunk in one statement; whatever was there already is then changed one by one.
  ///
  /// @return how many were new
  private int insert(RouteChanges changes, int[] chunk, FamilyState state) throws SQLException {
    bindCommon(insertMany, changes);
    int parameter = 3;
    for (int i : chunk) {
      parameter = bindRow(insertMany, parameter, changes, i);
    }
    int inserted = insertMany.executeUpdate();
    state.active += inserted;
    state.announced += inserted;
    if (inserted < chunk.length) {
      for (int i : chunk) {
        change(changes, i, i + 1, state);
      }
    }
    return inserted;
  }

  /// Inserts a route that is not just a prefix, and the text of its key.
  private void insert(NlriChanges changes, int i) throws SQLException {
    bindCommon(insertNlri, changes);
    int parameter = bindRow(insertNlri, 3, changes, i);
    insertNlri.setString(++parameter, changes.details(i));
    insertNlri.setBytes(++parameter, changes.octets(i));
    insertNlri.executeUpdate();
    String text = changes.text(i);
    if (text != null) {
      insertText.setInt(1, changes.family);
      insertText.setBytes(2, changes.key(i));
      insertText.setString(3, text);
      insertText.executeUpdate();
    }
  }

  private static void bindCommon(PreparedStatement statement, RouteChanges changes)
      throws SQLException {
    statement.setInt(1, changes.neighborId);
    statement.setInt(2, changes.family);
    statement.setInt(3, changes.generation);
  }

  private static int bindRow(PreparedStatement statement, int before, RouteChanges changes, int i)
      throws SQLException {
    int p = before;
    statement.setBytes(++p, changes.key(i));
    statement.setLong(++p, changes.pathId(i));
    statement.setLong(++p, changes.attributesId(i));
    statement.setLong(++p, changes.at(i));
    statement.setLong(++p, changes.packet(i));
    return p;
  }

  /// Applies the changes `from` to `to` (exclusive), which are of one route, in their order.
  private void change(RouteChanges changes, int from, int to, FamilyState state)
      throws SQLException {
    byte[] key = changes.key(from);
    long pathId = changes.pathId(from);
    var current = read(changes, key, pathId);
    for (int i = from; i < to; i++) {
      if (changes.attributesId(i) == RouteChanges.WITHDRAWAL) {
        withdraw(changes, i, key, pathId, current, state);
      } else {
        current = announce(changes, i, key, pathId, current, state);
      }
    }
  }

  private Version announce(
      RouteChanges changes,
      int i,
      byte[] key,
      long pathId,
      @Nullable Version current,
      FamilyState state)
      throws SQLException {
    var fresh = new Version();
    fresh.attributesId = changes.attributesId(i);
    fresh.generation = changes.generation;
    fresh.version = 1;
    fresh.validFrom = changes.at(i);
    fresh.packet = changes.packet(i);
    if (changes instanceof NlriChanges nlri) {
      fresh.details = nlri.details(i);
      fresh.nlri = nlri.octets(i);
    }
    if (current == null) {
      if (changes instanceof NlriChanges nlri) {
        insert(nlri, i);
      } else {
        bindCommon(insertOne, changes);
        bindRow(insertOne, 3, changes, i);
        insertOne.executeUpdate();
      }
      state.active++;
      state.announced++;
      return fresh;
    }
    if (current.packet == fresh.packet && current.endedAt == 0 && current.sameAs(fresh)) {
      return current; // inserted a moment ago by `insert`, or the same NLRI twice in one packet
    }
    state.announced++;
    boolean active = current.endedAt == 0 && current.generation >= state.aliveFrom;
    boolean stale = active && current.generation < fresh.generation;
    if (active && current.sameAs(fresh)) {
      if (stale) {
        refresh.setInt(1, fresh.generation);
        bindKey(refresh, 1, changes, key, pathId);
        refresh.executeUpdate();
        current.generation = fresh.generation;
        state.stale--;
      }
      return current;
    }
    if (active) {
      archive(changes, key, pathId, current, fresh.validFrom, Reason.REPLACED.text(), fresh.packet);
      state.stale -= stale ? 1 : 0;
    } else {
      if (current.endedAt != 0) {
        archive(
            changes,
            key,
            pathId,
            current,
            current.endedAt,
            String.valueOf(current.endReason),
            current.endPacket);
      } else {
        var ended = endOf(changes.neighborId, changes.family, current.generation);
        archive(changes, key, pathId, current, ended.at, ended.reason, 0);
      }
      state.inactive--;
      state.active++;
    }
    fresh.version = current.version + 1;
    fresh.firstSeen = current.firstSeen != 0 ? current.firstSeen : current.validFrom;
    renew.setLong(1, fresh.attributesId);
    renew.setInt(2, fresh.generation);
    renew.setInt(3, fresh.version);
    renew.setLong(4, fresh.validFrom);
    renew.setLong(5, fresh.packet);
    renew.setLong(6, fresh.firstSeen);
    renew.setString(7, fresh.details);
    renew.setBytes(8, fresh.nlri);
    bindKey(renew, 8, changes, key, pathId);
    renew.executeUpdate();
    return fresh;
  }

  private void withdraw(
      RouteChanges changes,
      int i,
      byte[] key,
      long pathId,
      @Nullable Version current,
      FamilyState state)
      throws SQLException {
    state.withdrawn++;
    if (current == null || current.endedAt != 0 || current.generation < state.aliveFrom) {
      return; // a withdrawal of what is not there says nothing new
    }
    current.endedAt = changes.at(i);
    current.endReason = changes.reason(i).text();
    current.endPacket = changes.packet(i);
    end.setLong(1, current.endedAt);
    end.setString(2, current.endReason);
    end.setLong(3, current.endPacket);
    bindKey(end, 3, changes, key, pathId);
    end.executeUpdate();
    state.stale -= current.generation < changes.generation ? 1 : 0;
    state.active--;
    state.inactive++;
  }

  private void archive(
      RouteChanges changes,
      byte[] key,
      long pathId,
      Version old,
      long endedAt,
      String reason,
      long endPacket)
      throws SQLException {
    bindKey(archive, 0, changes, key, pathId);
    archive.setInt(5, old.version);
    archive.setLong(6, old.attributesId);
    archive.setLong(7, old.validFrom);
    archive.setLong(8, old.packet);
    archive.setLong(9, endedAt);
    archive.setString(10, reason);
    if (endPacket != 0) {
      archive.setLong(11, endPacket);
    } else {
      archive.setNull(11, Types.BIGINT);
    }
    archive.setString(12, old.details);
    archive.setBytes(13, old.nlri);
    archive.executeUpdate();
  }

  private static void bindKey(
      PreparedStatement statement, int before, RouteChanges changes, byte[] key, long pathId)
      throws SQLException {
    statement.setInt(before + 1, changes.neighborId);
    statement.setInt(before + 2, changes.family);
    statement.setBytes(before + 3, key);
    statement.setLong(before + 4, pathId);
  }

  private @Nullable Version read(RouteChanges changes, byte[] key, long pathId)
      throws SQLException {
    bindKey(select, 0, changes, key, pathId);
    try (ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      var version = new Version();
      version.attributesId = row.getLong(1);
      version.generation = row.getInt(2);
      version.version = row.getInt(3);
      version.validFrom = row.getLong(4);
      version.packet = row.getLong(5);
      version.firstSeen = row.getLong(6);
      version.endedAt = row.getLong(7);
      if (version.endedAt != 0) {
        version.endReason = row.getString(8);
        version.endPacket = row.getLong(9);
      }
      if (changes instanceof NlriChanges) {
        version.details = row.getString(10);
        version.nlri = row.getBytes(11);
      }
      return version;
    }
  }

  private GenerationEnd endOf(int neighborId, int family, int generation) throws SQLException {
    var key = new GenerationKey(neighborId, family, generation);
    var known = ends.get(key);
    if (known != null) {
      return known;
    }
    generationEnd.setInt(1, neighborId);
    generationEnd.setInt(2, family);
    generationEnd.setInt(3, generation);
    try (ResultSet row = generationEnd.executeQuery()) {
      if (!row.next()) {
        throw new SQLException(
            "the database has no end of generation %d of neighbor %d, family %d, which is over"
                .formatted(generation, neighborId, family));
      }
      var found = new GenerationEnd(row.getLong(1), row.getString(2));
      ends.put(key, found);
      return found;
    }
  }

  /// A row of `route` without its key; 0 stands for null.
  private static final class Version {
    private long attributesId;
    private int generation;
    private int version;
    private long validFrom;
    private long packet;
    private long firstSeen;
    private long endedAt;
    private @Nullable String endReason;
    private long endPacket;
    private @Nullable String details;
    private byte @Nullable [] nlri;

    /// Whether it says the same as another version.
    private boolean sameAs(Version other) {
      return attributesId == other.attributesId && Objects.equals(details, other.details);
    }
  }
}
