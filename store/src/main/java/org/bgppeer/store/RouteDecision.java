package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What becomes of a route by what was announced and withdrawn, whatever the database; it counts
/// that in the [FamilyState].
///
/// ```
/// current version            announced, same set     announced, other set      withdrawn
/// none                       new route               new route                 nothing
/// active                     (generation refreshed)  -> history, replaced      ended
/// withdrawn, session ended   -> history, new version -> history, new version   nothing
/// ```
final class RouteDecision {
  private final History history;
  private final PreparedStatement generationEnd;

  /// The end of each generation that was asked for; ends do not change.
  private final Map<GenerationKey, GenerationEnd> ends = new HashMap<>();

  private boolean touched;

  /// Takes versions that are not current any more.
  interface History {
    /// @param changes of its neighbor and family
    /// @param version has an end
    void add(RouteChanges changes, RouteVersion version) throws SQLException;
  }

  private record GenerationKey(int neighborId, int family, int generation) {}

  private record GenerationEnd(long at, String reason) {}

  /// @param connection to ask for ends of generations
  RouteDecision(Connection connection, History history) throws SQLException {
    this.history = history;
    generationEnd =
        connection.prepareStatement(
            """
            SELECT ended_at, reason FROM generation_end
            WHERE neighbor_id = ? AND family = ? AND generation = ?\
            """);
  }

  /// Applies the changes `from` to `to` (exclusive), which are of one route, in their order.
  ///
  /// @param current the version that is there; null if there is none
  /// @return the version that is current then; null if there is none
  @Nullable RouteVersion apply(
      RouteChanges changes, int from, int to, @Nullable RouteVersion current, FamilyState state)
      throws SQLException {
    touched = false;
    var version = current;
    for (int i = from; i < to; i++) {
      long active = state.active;
      long total = active + state.inactive;
      if (changes.attributesId(i) == RouteChanges.WITHDRAWAL) {
        touched |= withdraw(changes, i, version, state);
      } else {
        var announced = announce(changes, i, version, state);
        touched |= announced != null;
        version = announced == null ? version : announced;
      }
      if (state.active != active) {
        changes.count(
            changes.block(i),
            (int) (state.active - active),
            (int) (state.active + state.inactive - total));
      }
    }
    return version;
  }

  /// Whether the last [#apply] changed anything in what it returned.
  boolean isTouched() {
    return touched;
  }

  /// @param now the current version, or null
  /// @return the version that is current then; null if nothing changes
  private @Nullable RouteVersion announce(
      RouteChanges changes, int i, @Nullable RouteVersion now, FamilyState state)
      throws SQLException {
    long packet = changes.packet(i);
    var fresh =
        new RouteVersion(
            now == null ? changes.key(i) : now.key, now == null ? changes.pathId(i) : now.pathId);
    fresh.attributesId = changes.attributesId(i);
    fresh.generation = changes.generation;
    fresh.isFirst = changes.isFirst(i);
    fresh.validFrom = changes.at(i);
    fresh.packet = packet;
    if (changes instanceof NlriChanges nlri) {
      fresh.details = nlri.details(i);
      fresh.nlri = nlri.octets(i);
    }
    if (state.full && (now == null || now.endedAt != 0 || now.generation < state.aliveFrom)) {
      return null;
    }
    if (now == null) {
      fresh.version = 1;
      state.active++;
      state.announced++;
      return fresh;
    }
    if (now.endedAt == 0 && now.sameAs(fresh) && now.cameWith(fresh)) {
      return null; // inserted a moment ago, or the same NLRI twice in one packet
    }
    state.announced++;
    boolean active = now.endedAt == 0 && now.generation >= state.aliveFrom;
    boolean stale = active && now.generation < fresh.generation;
    if (active && now.sameAs(fresh)) {
      if (!stale) {
        return null;
      }
      now.generation = fresh.generation;
      state.stale--;
      return now;
    }
    if (active) {
      now.end(fresh.validFrom, Reason.REPLACED.text(), packet);
      state.stale -= stale ? 1 : 0;
    } else {
      if (now.endedAt == 0) {
        var ended = endOf(changes.neighborId, changes.family, now.generation);
        now.end(ended.at, ended.reason, 0);
      }
      state.inactive--;
      state.active++;
    }
    history.add(changes, now);
    fresh.former = now.id;
    fresh.version = now.version + 1;
    fresh.firstSeen = now.firstSeen != 0 ? now.firstSeen : now.validFrom;
    return fresh;
  }

  /// @param now the current version, or null
  /// @return whether it was active, and is not any more
  private static boolean withdraw(
      RouteChanges changes, int i, @Nullable RouteVersion now, FamilyState state) {
    state.withdrawn++;
    if (now == null || now.endedAt != 0 || now.generation < state.aliveFrom) {
      return false; // a withdrawal of what is not there says nothing new
    }
    now.end(changes.at(i), changes.reason(i).text(), changes.packet(i));
    state.stale -= now.generation < changes.generation ? 1 : 0;
    state.active--;
    state.inactive++;
    return true;
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
}
