package org.bgppeer.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.store.Queries.Findings;
import org.bgppeer.store.Queries.Room;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Packets of the journal, and what was wrong with some of them.
final class PacketQueries {
  /// Packets of which one statement asks for the findings.
  private static final int AT_ONCE = 250;

  private final Jdbi jdbi;
  private final NeighborQueries neighbors;
  private final @Nullable JournalPackets packets;

  /// @param packets null if the journal is not here
  PacketQueries(Jdbi jdbi, NeighborQueries neighbors, @Nullable JournalPackets packets) {
    this.jdbi = jdbi;
    this.neighbors = neighbors;
    this.packets = packets;
  }

  PacketList packetList(PacketQuery query) {
    if (packets == null) {
      return new PacketList(List.of(), null);
    }
    // No connection is held while the journal is read, which may take long.
    var names = jdbi.withHandle(PacketQueries::neighborNames);
    try {
      if (!query.findings()) {
        return packets.list(query, names, neighbors.muted(), this::findings);
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
        .bind("since", query.since() == null ? 0 : Columns.micros(query.since()))
        .bind("until", query.until() == null ? Long.MAX_VALUE : Columns.micros(query.until()))
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

  Optional<PacketRow> packet(long id) {
    if (packets == null || id <= 0) {
      return Optional.empty();
    }
    var names = jdbi.withHandle(PacketQueries::neighborNames);
    try {
      return packets.read(id, names, findings(List.of(id))::get);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Findings> findings(Instant since, @Nullable Instant until) {
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
                .bind("since", Columns.micros(since))
                .bind("until", until == null ? Long.MAX_VALUE : Columns.micros(until))
                .map(
                    (row, _) ->
                        new Findings(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(3),
                            Columns.instant(row.getLong(4)),
                            row.getString(5)))
                .list());
  }

  List<JournalGap> gaps() {
    try {
      return packets == null ? List.of() : packets.gaps();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nullable Room room() {
    try {
      return packets == null ? null : packets.room();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
