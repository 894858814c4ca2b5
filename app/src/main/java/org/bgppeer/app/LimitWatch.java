package org.bgppeer.app;

import java.time.Duration;
import java.util.Set;
import org.bgppeer.session.Collector;
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

  /// It rests this many times as long as it took to look.
  private static final int SHARE = 20;

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
    Duration pause = LOOK;
    while (!closed) {
      try {
        Thread.sleep(pause);
        long begun = System.nanoTime();
        Set<String> limited = collector.limited();
        if (!limited.isEmpty()) {
          look(limited);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        pause = took.multipliedBy(SHARE).compareTo(LOOK) > 0 ? took.multipliedBy(SHARE) : LOOK;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!closed) {
          LOG.warn("routes cannot be counted now: {}", e.getMessage());
        }
      }
    }
  }

  private void look(Set<String> limited) {
    queries
        .held()
        .forEach(
            (name, families) -> {
              if (limited.contains(name)) {
                for (NeighborRow.FamilyCount count : families) {
                  // What is stale is of the session before.
                  long routes = count.active() - count.stale();
                  collector.counted(name, Family.parse(count.family()), routes);
                }
              }
            });
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
