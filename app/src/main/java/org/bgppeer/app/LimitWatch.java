package org.bgppeer.app;

import java.time.Duration;
import java.util.List;
import org.bgppeer.session.Collector;
import org.bgppeer.session.NeighborStatus;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.Queries;
import org.bgppeer.wire.Family;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the sessions how many routes the database has of each neighbor that has a limit: it alone
/// counts them, and a session keeps none. So a limit takes effect within a second or two, or later
/// where the database is behind.
final class LimitWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Collector collector;
  private final Queries queries;
  private final Thread thread;
  private volatile boolean closed;

  LimitWatch(Collector collector, Queries queries) {
    this.collector = collector;
    this.queries = queries;
    thread = Thread.ofVirtual().name("limits").start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(LOOK);
        List<String> limited =
            collector.status().stream()
                .map(NeighborStatus::neighbor)
                .filter(neighbor -> !neighbor.limits().isEmpty())
                .map(neighbor -> neighbor.name())
                .toList();
        if (!limited.isEmpty()) {
          look(limited);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warn("routes cannot be counted now: {}", e.getMessage());
      }
    }
  }

  private void look(List<String> limited) {
    for (NeighborRow row : queries.neighbors()) {
      if (limited.contains(row.name())) {
        for (NeighborRow.FamilyCount count : row.families()) {
          // What is stale is of the session before.
          collector.counted(
              row.name(), Family.parse(count.family()), count.active() - count.stale());
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
