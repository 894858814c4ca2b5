package org.bgppeer.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bgppeer.wire.Family;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Counts over time.
final class CountQueries {
  private static final long MINUTE = 60_000_000L;

  private final Jdbi jdbi;
  private final NeighborQueries neighbors;

  CountQueries(Jdbi jdbi, NeighborQueries neighbors) {
    this.jdbi = jdbi;
    this.neighbors = neighbors;
  }

  List<CountPoint> counts(@Nullable String neighbor, Instant from, Instant to, Duration step) {
    List<CountPoint> counts = countsOf(neighbor, null, from, to, step);
    for (String muted : neighbor == null ? neighbors.muted() : Set.<String>of()) {
      List<CountPoint> hidden = countsOf(muted, null, from, to, step);
      var left = new ArrayList<CountPoint>(counts.size());
      for (int i = 0; i < counts.size(); i++) {
        left.add(counts.get(i).without(hidden.get(i)));
      }
      counts = left;
    }
    return counts;
  }

  List<CountPoint> counts(String neighbor, String family, Instant from, Instant to, Duration step) {
    return countsOf(neighbor, Family.parse(family).code(), from, to, step);
  }

  Map<Long, Long> changesIn(Instant minute) {
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
              .bind(0, Columns.micros(minute) / MINUTE)
              .map((row, _) -> changes.merge(row.getLong(1), row.getLong(2), Long::sum))
              .list();
          return changes;
        });
  }

  Map<Long, long[]> changes(Instant from, Duration step, int steps) {
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
              .bind("first", Columns.micros(from) / MINUTE)
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
    long first = Columns.micros(from) / MINUTE;
    long last = Columns.micros(to) / MINUTE;
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
}
