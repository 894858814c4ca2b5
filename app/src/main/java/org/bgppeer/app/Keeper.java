package org.bgppeer.app;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalFile;
import org.bgppeer.journal.Position;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Queries;
import org.bgppeer.store.TableQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes RIB dumps beside the packets and removes files that need not be kept, in a thread that
/// nobody waits for.
///
/// A dump is of the moment that its name says, exactly: it waits until the database has what came
/// before that, and asks it about that time.
///
/// ```
/// journal/2026.11/bview.20261126.0800.gz        IPv4 and IPv6, unicast and multicast
/// journal/2026.11/bview-other.20261126.0800.gz  all other families, if there are any
/// ```
final class Keeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyy.MM/'bview.'yyyyMMdd.HHmm'.gz'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration REMOVE_EVERY = Duration.ofMinutes(1);

  private final Path directory;
  private final Journal journal;
  private final Projector projector;
  private final Queries queries;
  private final Configuration configuration;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closing;

  /// The moment of the latest dump that needs not be written any more.
  private Instant dumped;

  private Keeper(
      Path directory,
      Journal journal,
      Projector projector,
      Queries queries,
      Configuration configuration) {
    this.directory = directory;
    this.journal = journal;
    this.projector = projector;
    this.queries = queries;
    this.configuration = configuration;
    dumped = slot(configuration, now(configuration));
    thread = Thread.ofPlatform().name("keeper").daemon().unstarted(this::run);
  }

  static Keeper start(
      Path directory,
      Journal journal,
      Projector projector,
      Queries queries,
      Configuration configuration) {
    var keeper = new Keeper(directory, journal, projector, queries, configuration);
    keeper.thread.start();
    return keeper;
  }

  private static Instant now(Configuration configuration) {
    return configuration.journal().clock().instant();
  }

  private Instant now() {
    return now(configuration);
  }

  private void run() {
    Instant removed = Instant.EPOCH;
    try {
      do {
        Instant slot = slot(configuration, now());
        if (slot.isAfter(dumped)) {
          dump(slot);
          dumped = slot;
        }
        Position needed = projector.committed();
        if (needed != null && !removed.plus(REMOVE_EVERY).isAfter(now())) {
          remove(needed);
          removed = now();
        }
      } while (await());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The moment that the latest dump should be of.
  private static Instant slot(Configuration configuration, Instant at) {
    Duration every = configuration.keeping().ribDump();
    if (every == null) {
      return Instant.EPOCH;
    }
    long seconds = every.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
  }

  private boolean await() throws InterruptedException {
    lock.lock();
    try {
      long nanos = LOOK.toNanos();
      while (nanos > 0 && !closing) {
        nanos = changed.awaitNanos(nanos);
      }
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  private void dump(Instant at) throws InterruptedException {
    Path file = directory.resolve(NAME.format(at));
    try {
      Position end = journal.end(); // whatever came before `at` is in the files by now
      while (!end.equals(Position.BEGINNING) && !projector.await(end, LOOK)) {
        if (isClosing()) {
          return;
        }
      }
      if (Files.exists(file)) {
        return;
      }
      Files.createDirectories(file.resolveSibling(""));
      long begun = System.nanoTime();
      try (var files = TableFiles.into(file, at)) {
        queries.table(new TableQuery(Database.LIVE, null, null, at), files);
        files.commit();
        LOG.info(
            "rib-dump file={} routes={} others={} seconds={}",
            file,
            files.routes(),
            files.otherRoutes(),
            (System.nanoTime() - begun) / 1_000_000_000);
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("rib-dump file={} not written: {}; the next one comes", file, e.getMessage());
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /// @param needed what is behind this has still to be read
  private void remove(Position needed) {
    try {
      List<String> gone = configuration.keeping().packets().apply(directory, needed, now());
      if (!gone.isEmpty()) {
        removeDumps();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("journal files that are too old are not removed: {}", e.getMessage());
    }
  }

  /// Dumps go with the packets of their time.
  private void removeDumps() throws IOException {
    List<JournalFile> files = JournalFile.list(directory);
    if (files.isEmpty()) {
      return;
    }
    String oldest = files.getFirst().segment().replace("updates.", "");
    try (DirectoryStream<Path> months = Files.newDirectoryStream(directory, "????.??")) {
      for (Path month : months) {
        try (DirectoryStream<Path> dumps = Files.newDirectoryStream(month, "bview*.gz")) {
          for (Path dump : dumps) {
            String time = dump.getFileName().toString().replaceFirst("^bview(-other)?\\.", "");
            if (time.compareTo(oldest) < 0) {
              Files.deleteIfExists(dump);
            }
          }
        }
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    thread.join(LOOK.multipliedBy(5));
  }
}
