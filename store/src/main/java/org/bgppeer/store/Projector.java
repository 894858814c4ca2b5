package org.bgppeer.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.bgppeer.journal.Position;
import org.bgppeer.journal.SegmentMissing;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.jspecify.annotations.Nullable;

/// Follows the journal and keeps the database equal to it.
///
/// ```
/// records ──► reads, decodes, sorts ──► Batch ──► writes, one transaction a batch ──► database
///             (thread `projector`)     queue      (thread `projector-writer`)
/// ```
///
/// The position is written in the same transaction as the rows, so a crash at any moment repeats
/// nothing and loses nothing that the journal has. If the database cannot be written (locked, disk
/// full), both threads start again from the last commit, with a pause that grows; nobody else
/// waits.
///
/// A batch is as large as the writer is slow: small ones follow each other at once when little
/// comes, and a full table gathers into few, because pages of sorted rows are written once. Where
/// tables of many neighbors come at once, they gather in a file until they are whole. The end of a
/// session does not wait for that: see [#isDue].
public final class Projector implements AutoCloseable {
  /// Where the records come from.
  public interface Source {
    /// Opens them behind a position; null for the oldest.
    Records open(@Nullable Position from) throws IOException;
  }

  /// How much gathers.
  ///
  /// @param routes of a batch in memory at most
  /// @param quiet tables that gather in a file are still coming in while many routes of tables come
  ///     in this time
  record Gather(int routes, Duration quiet) {
    /// Some 30 MB.
    static final Gather USUAL = new Gather(1_000_000, Duration.ofMillis(500));
  }

  /// A batch with this many routes is part of a table that comes in: it waits for more of it.
  private static final int MANY_ROUTES = 10_000;

  /// Changes that gather in a file at most, in what fits into memory: nobody waits for longer, and
  /// a crash repeats no more. Tables that come in gather until they are whole.
  private static final long MANY_CHANGES = 16;

  private static final int SETS_AHEAD = 1_024;

  /// So long who closes it waits for what is to be written.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Attribute sets in a batch at most: one that is written and one that gathers must both fit into
  /// what [AttributeSets] remembers.
  private static final int MAX_SETS = AttributeSets.REMEMBERED / 2 - 2 * SETS_AHEAD;

  /// What may wait for the writer at most.
  private static final int WAITING = 64;

  /// Octets of attribute sets that may wait for the writer, some 8 MB with all around them. A table
  /// that comes while another one is written shall not wait for it.
  private static final long MAX_SET_OCTETS = 4 << 20;

  private static final Duration LOOK = Duration.ofMillis(20);

  /// More than that are many.
  private static final int QUIET_ROUTES = 25_000;
  private static final long LINGER_NANOS = Duration.ofMillis(150).toNanos();
  private static final long IDLE_NANOS = Duration.ofMillis(10).toNanos();
  private static final long BEAT_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long MAX_PAUSE_SECONDS = 30;

  /// Removing takes this part of the writer's time at most.
  private static final int REMOVAL_SHARE = 4;

  /// And stops after this at the latest, whatever waits.
  private static final long REMOVAL_NANOS = Duration.ofMillis(10).toNanos();

  /// The same for an index, although nothing waits then.
  private static final long INDEX_NANOS = Duration.ofMillis(200).toNanos();

  private static final long COLLECTION_NANOS = Duration.ofHours(1).toNanos();
  private static final long REMOVAL_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Database database;
  private final String name;
  private final Source source;
  private final InstantSource clock;
  private final DatabaseRetention retention;

  /// Whether something is too old some day.
  private final boolean removes;

  private final Gather gather;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private @Nullable Position committed;
  private volatile boolean closing;

  /// Whether who closes it does not wait for what is being written: it comes again from the
  /// journal.
  private volatile boolean givenUp;

  private volatile boolean atEnd;

  private volatile @Nullable Writing writing; // of this life

  /// Whether this life of the projector has written something.
  private volatile boolean written;

  /// Whether it was said that the database is not written, and not yet that it is again.
  private volatile boolean waits;

  private Projector(
      Database database,
      String name,
      Source source,
      InstantSource clock,
      DatabaseRetention retention,
      Gather gather) {
    this.gather = gather;
    this.retention = retention;
    removes = !retention.equals(DatabaseRetention.FOR_EVER);
    this.database = database;
    this.name = name;
    this.source = source;
    this.clock = clock;
    thread = Thread.ofPlatform().name("projector").unstarted(this::run);
  }

  /// Starts to follow.
  ///
  /// @param name of the source: [Database#LIVE], or of an archive; also of the position that is
  ///     kept
  public static Projector start(
      Database database, String name, Source source, InstantSource clock) {
    return start(database, name, source, clock, DatabaseRetention.FOR_EVER);
  }

  /// Starts to follow, and to remove what need not be kept.
  public static Projector start(
      Database database,
      String name,
      Source source,
      InstantSource clock,
      DatabaseRetention retention) {
    return start(database, name, source, clock, retention, Gather.USUAL);
  }

  /// The same with another way to gather.
  static Projector start(
      Database database,
      String name,
      Source source,
      InstantSource clock,
      DatabaseRetention retention,
      Gather gather) {
    var projector = new Projector(database, name, source, clock, retention, gather);
    projector.thread.start();
    return projector;
  }

  /// Waits until all before a position is in the database.
  ///
  /// @return false if that took longer
  public boolean await(Position position, Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (committed == null || committed.compareTo(position) < 0) {
        if (nanos <= 0 || !thread.isAlive()) {
          return committed != null && committed.compareTo(position) >= 0;
        }
        nanos = moved.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Hides a neighbor's routes from whoever does not ask for it, or shows them again. Nothing is
  /// lost, and the session goes on.
  ///
  /// @return done when the database has it; fails if it cannot be written now
  public CompletableFuture<Void> mute(String neighbor, boolean muted) {
    var done = new CompletableFuture<Void>();
    Writing now = writing;
    if (now == null || now.failure != null) {
      done.completeExceptionally(new IllegalStateException("the database is not written now"));
      return done;
    }
    boolean taken =
        now.queue.offer(
            () -> {
              try {
                now.writer.mute(neighbor, muted);
                done.complete(null);
              } catch (SQLException e) {
                done.completeExceptionally(e);
                throw e;
              }
            });
    if (!taken) {
      done.completeExceptionally(new IllegalStateException("the database has too much to write"));
    }
    return done;
  }

  /// Whether it follows; if not, it was closed or the log says why.
  public boolean isAlive() {
    return thread.isAlive();
  }

  /// All before this is in the database; null if nothing is.
  public @Nullable Position committed() {
    lock.lock();
    try {
      return committed;
    } finally {
      lock.unlock();
    }
  }

  private void committed(@Nullable Position position) {
    lock.lock();
    try {
      committed = position;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long pause = 1;
    while (!closing) {
      written = false;
      try {
        follow();
      } catch (SQLException e) {
        if (written) {
          pause = 1; // another trouble than the last one
        }
        waits = true;
        StoreLog.waits(database.place(), database.explain(e), pause);
        pause = pause(pause);
      } catch (SegmentMissing e) {
        StoreLog.missing(database.place(), String.valueOf(e.getMessage()));
        return;
      } catch (IOException e) {
        waits = true;
        StoreLog.unreadable(database.place(), e, pause);
        pause = pause(pause);
      } catch (RuntimeException e) {
        StoreLog.failed(database.place(), e);
        pause = pause(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void wentOn() {
    written = true;
    if (waits) {
      waits = false;
      StoreLog.goesOn(database.place());
    }
  }

  private long pause(long seconds) {
    lock.lock();
    try {
      long nanos = TimeUnit.SECONDS.toNanos(seconds);
      while (nanos > 0 && !closing) {
        nanos = moved.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    } finally {
      lock.unlock();
    }
    return Math.min(seconds * 2, MAX_PAUSE_SECONDS);
  }

  /// One life: from the position that the database has until an error or the end.
  private void follow() throws SQLException, IOException, InterruptedException {
    try (Connection read = database.reader();
        AfterCommit afterCommit = database.afterCommit();
        Writing writing = new Writing(database.writer(), afterCommit)) {
      this.writing = writing;
      var projection = new Projection(read, name);
      var collection = projection.setCollection();
      writing.forgetLists(collection);
      Position from = position(read);
      committed(from);
      try (var records = source.open(from);
          var gathering = new Gathering()) {
        int sets = 0;
        boolean more = true;
        while (true) {
          boolean mayWait = !more && !closing;
          more = records.next(mayWait ? LOOK : Duration.ZERO);
          writing.check();
          writing.remove();
          var batch = gathering.batch;
          writing.collect(collection, batch.isEmpty());
          writing.hashes(projection.attributeSets(), more);
          if (more) {
            atEnd = false;
            gathering.begins();
            var record = record(records);
            if (record == null) {
              batch.reached(records.after(), 0);
            } else {
              projection.read(record, records.packet(), records.after(), records.peers(), batch);
            }
            if (projection.freshSets() >= SETS_AHEAD) {
              sets += projection.freshSets();
              writing.sets(projection.takeFreshSets());
            }
          } else if (batch.ofTables() < MANY_ROUTES) {
            writing.indexOrigins();
          }
          if (!more && batch.isEmpty()) {
            atEnd = true;
            if (closing) {
              return;
            }
            writing.beat();
          }
          if (batch.isEmpty()) {
            continue;
          }
          boolean last = closing && !more;
          if (!last && !gathering.isDue(more, writing.isBusy())) {
            if (sets >= MAX_SETS || batch.isSpilled() && writing.isBeatDue()) {
              writing.sets(projection.takeFreshSets());
              writing.commitSets();
              sets = 0;
            }
            if (!more) {
              gathering.sortAhead();
            }
            continue;
          }
          projection.finish(batch);
          writing.sets(projection.takeFreshSets());
          batch.seal();
          writing.batch(gathering.take());
          writing.begun++;
          sets = 0;
        }
      }
    }
  }

  /// The batch that gathers.
  private final class Gathering implements AutoCloseable {
    private Batch batch = new Batch();
    private long begun;
    private long quietSince;
    private long ofTablesThen;
    private long routesThen;
    private long sortedThen;

    void begins() {
      if (batch.isEmpty()) {
        begun = System.nanoTime();
        quietSince = begun;
        ofTablesThen = 0;
        routesThen = 0;
        sortedThen = 0;
      }
    }

    /// Nothing more comes for now: sorts what waits for the writer, unless it is growing still or
    /// most of it was sorted before.
    void sortAhead() {
      long routes = batch.routeCount();
      if (routes == routesThen && routes > sortedThen + sortedThen / 4) {
        batch.sort();
        sortedThen = routes;
      }
      routesThen = routes;
    }

    /// Whether it is to be written now; otherwise it is made ready to gather on.
    boolean isDue(boolean more, boolean busy) {
      long now = more ? 0 : System.nanoTime();
      if (batch.isSpread() && !batch.isUrgent()) {
        if (batch.isSpillDue(gather.routes)) {
          boolean hasRoom = batch.spill(database.scratch());
          if (!hasRoom || batch.inMemory() >= gather.routes) {
            return true;
          }
        }
        if (batch.isSpilled()) {
          return !busy && (batch.routeCount() - batch.ofTables() >= MANY_CHANGES * gather.routes)
              || !more && !busy && isQuiet(now);
        }
      }
      return Projector.isDue(batch, gather.routes, more, busy, now - begun);
    }

    private boolean isQuiet(long now) {
      if (batch.ofTables() == 0) {
        return true;
      }
      if (now - quietSince < gather.quiet.toNanos()) {
        return false;
      }
      boolean quiet = batch.ofTables() - ofTablesThen < QUIET_ROUTES;
      quietSince = now;
      ofTablesThen = batch.ofTables();
      return quiet;
    }

    /// Takes it to be written; another one gathers.
    Batch take() {
      var taken = batch;
      batch = new Batch();
      return taken;
    }

    @Override
    public void close() {
      batch.close();
    }
  }

  /// The record; null if it cannot be read: a rotten one must not stop all that follow it. The
  /// journal keeps its octets.
  private static @Nullable MrtRecord record(Records records) {
    try {
      return MrtRecord.of(records.buffer(), records.offset(), records.offset() + records.length());
    } catch (MrtError e) {
      StoreLog.unreadable(records.after(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  /// Whether a batch is to be written now, or gathers on.
  ///
  /// Somebody waits for the end of a session: it waits for the transaction that is being written,
  /// and for what was gathered before it, but neither for more nor for a table that may come.
  ///
  /// @param maxRoutes in memory
  /// @param more whether the journal may have more right now
  /// @param busy whether the one before is still being written
  static boolean isDue(Batch batch, int maxRoutes, boolean more, boolean busy, long ageNanos) {
    long routes = batch.routeCount();
    if (routes >= maxRoutes) {
      return true;
    }
    if (batch.isUrgent()) {
      return !busy || routes >= MANY_ROUTES;
    }
    return !more && !busy && (routes < MANY_ROUTES || ageNanos >= LINGER_NANOS);
  }

  private @Nullable Position position(Connection read) throws SQLException {
    try (var statement =
        read.prepareStatement(
            "SELECT journal_segment, journal_offset FROM follower WHERE name = ?")) {
      statement.setString(1, name);
      try (var row = statement.executeQuery()) {
        return row.next() ? new Position(row.getString(1), row.getLong(2)) : null;
      }
    }
  }

  /// Ends after all records that are there now are in the database; if that takes longer than half
  /// a minute, after the statement that is at work: the next one goes on from there.
  @Override
  public void close() {
    close(PATIENCE);
  }

  void close(Duration patience) {
    lock.lock();
    try {
      closing = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(patience)) {
        givenUp = true;
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /// Whether the last look found nothing more to read and everything is written.
  public boolean caughtUp() {
    return atEnd;
  }

  /// The thread that writes, and the queue before it.
  private final class Writing implements AutoCloseable {
    private final Connection connection;
    private final AfterCommit afterCommit;
    private final BatchWriter writer;
    private final BlockingQueue<BulkWriter.Work> queue = new ArrayBlockingQueue<>(WAITING);
    private final Thread hand;
    private volatile boolean busy;
    private final AtomicLong setOctets = new AtomicLong(); // that wait
    private volatile boolean setsOnTheirWay;
    private volatile boolean hashesOnTheirWay;
    private volatile @Nullable Exception failure;
    private long beatAt;
    private boolean inTransaction; // of the writing thread
    private final Removal removal;
    private volatile long removalAt = System.nanoTime();
    private volatile boolean removing;
    private volatile long indexAt = System.nanoTime();
    private volatile boolean indexing;
    private long begun = 1; // batches, the one that gathers included
    private volatile long batches;
    private volatile boolean setsRemoved = true;
    private volatile long removed; // once all that was too old is
    private long collected;
    private long collectAt = System.nanoTime();

    Writing(Connection connection, AfterCommit afterCommit) throws SQLException {
      this.connection = connection;
      this.afterCommit = afterCommit;
      try {
        writer = new BatchWriter(connection, database.bulkWriter(connection), name);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
      writer.meanwhile(this::writeWaitingSets);
      removal = new Removal(database, connection, writer, retention);
      hand = Thread.ofPlatform().name("projector-writer").start(this::work);
    }

    private void work() {
      try {
        while (true) {
          var next = queue.take();
          next.run();
          lock.lock();
          try {
            moved.signalAll();
          } finally {
            lock.unlock();
          }
        }
      } catch (InterruptedException e) {
        // closed: whatever is not committed comes again from the journal
        Thread.currentThread().interrupt();
      } catch (SQLException | RuntimeException e) {
        failure = e;
        queue.clear();
      }
    }

    void check() throws SQLException {
      switch (failure) {
        case null -> {}
        case SQLException e -> throw e;
        case RuntimeException e -> throw e;
        case Exception e -> throw new IllegalStateException(e);
      }
    }

    private void put(BulkWriter.Work work) throws SQLException, InterruptedException {
      while (!queue.offer(work, 100, TimeUnit.MILLISECONDS)) {
        check();
      }
    }

    boolean isBusy() {
      return busy;
    }

    void sets(FreshSets sets) throws SQLException, InterruptedException {
      if (sets.isEmpty()) {
        return;
      }
      while (setOctets.get() > MAX_SET_OCTETS) {
        idle();
        check();
      }
      setOctets.addAndGet(sets.octets());
      put(new Sets(sets));
    }

    /// Attribute sets to be written.
    private final class Sets implements BulkWriter.Work {
      private final FreshSets sets;

      Sets(FreshSets sets) {
        this.sets = sets;
      }

      @Override
      public void run() throws SQLException {
        transactionBegins(sets.size() >= SETS_AHEAD);
        writer.attributeSets(sets);
        setOctets.addAndGet(-sets.octets());
      }
    }

    /// Those that come next need not wait until the batch before them is written.
    private void writeWaitingSets() throws SQLException {
      while (queue.peek() instanceof Sets) {
        queue.remove().run();
      }
    }

    /// Something is about to be written: waits for room in the log if it is large and not within a
    /// transaction, which would be waited for itself.
    private void transactionBegins(boolean large) {
      if (large) {
        awaitRoom();
      }
      inTransaction = true;
    }

    private void awaitRoom() {
      if (!inTransaction) {
        afterCommit.awaitRoom();
      }
    }

    private void transactionEnds() {
      inTransaction = false;
      afterCommit.committed();
    }

    void batch(Batch batch) throws SQLException, InterruptedException {
      while (busy) {
        idle();
        check();
      }
      busy = true;
      put(() -> write(batch));
      beatAt = System.nanoTime();
    }

    private void write(Batch batch) throws SQLException {
      try (batch) {
        var position = batch.position();
        if (position == null) {
          throw new IllegalStateException("a batch without a record");
        }
        var parts = batch.takeParts();
        while (parts.size() > 1) {
          var part = parts.remove();
          batch.prepare(part, parts.element());
          transactionBegins(true);
          writer.writeAhead(part, position, batch.projectedAt());
          batch.written(part);
          transactionEnds();
          if (Thread.currentThread().isInterrupted()) {
            return; // what is not written comes again from the journal
          }
        }
        transactionBegins(batch.routeCount() >= MANY_ROUTES);
        writer.writeLast(parts.remove(), position, batch.projectedAt(), this::micros);
        batches = batches + 1;
        busy = false;
        committed(position);
        wentOn();
        transactionEnds();
      }
    }

    /// Commits attribute sets of routes that gather for long: they may be forgotten then.
    void commitSets() throws SQLException, InterruptedException {
      while (setsOnTheirWay) {
        idle();
        check();
      }
      setsOnTheirWay = true;
      put(
          () -> {
            writer.commitSets(micros());
            transactionEnds();
            setsOnTheirWay = false;
          });
      beatAt = System.nanoTime();
    }

    boolean isBeatDue() {
      return !busy && System.nanoTime() - beatAt > BEAT_NANOS;
    }

    /// Waits a moment for the writer.
    private void idle() throws InterruptedException {
      lock.lock();
      try {
        long left = moved.awaitNanos(IDLE_NANOS);
        if (left <= 0) {
          return; // what is waited for may have come before
        }
      } finally {
        lock.unlock();
      }
    }

    /// Lets the writer remove for a moment, if it is time.
    void remove() throws SQLException, InterruptedException {
      if (removes && !removing && System.nanoTime() - removalAt >= 0) {
        removing = true;
        put(this::removeForAMoment);
      }
    }

    /// Has a part of the hashes of attribute sets written, if there is nothing else to do or if
    /// they are many; waits if they are too many.
    void hashes(AttributeSets sets, boolean more) throws SQLException, InterruptedException {
      while (hashesOnTheirWay && sets.areHashesTooMany()) {
        idle();
        check();
      }
      if (!hashesOnTheirWay && (sets.areHashesDue() || !more && !busy)) {
        sets.hashesWritten();
        var part = sets.takeHashes();
        if (part == null) {
          return;
        }
        hashesOnTheirWay = true;
        put(
            () -> {
              transactionBegins(true);
              writer.hashes(part);
              transactionEnds();
              hashesOnTheirWay = false;
            });
      }
    }

    /// Lets the writer see to the index of origin ASes, if it is time: while nothing else waits for
    /// it, otherwise for half of its time at most.
    void indexOrigins() throws SQLException, InterruptedException {
      if (!indexing && System.nanoTime() - indexAt >= 0) {
        indexing = true;
        put(this::indexForAMoment);
      }
    }

    private void indexForAMoment() throws SQLException {
      long begun = System.nanoTime();
      long pause = 0;
      long took = 0;
      while (pause == 0 && took < INDEX_NANOS && (took == 0 || queue.isEmpty())) {
        awaitRoom();
        pause = writer.indexOrigins(database);
        if (pause == 0) {
          transactionEnds();
        }
        took = System.nanoTime() - begun;
      }
      indexAt = begun + took + (pause > 0 ? pause : queue.isEmpty() ? 0 : took);
      indexing = false;
    }

    /// Collects attribute sets: after the first removal, and then once in a while.
    ///
    /// @param nothingGathers whether the batch that gathers is empty
    void collect(SetCollection collection, boolean nothingGathers)
        throws SQLException, InterruptedException {
      if (collection.isActive()) {
        if (setsRemoved) {
          remove(collection.next(batches, database::reader));
        }
      } else if (removed > collected && System.nanoTime() - collectAt >= 0) {
        collected = removed;
        collectAt = System.nanoTime() + COLLECTION_NANOS;
        collection.begin(nothingGathers ? begun - 1 : begun);
        forgetLists(collection);
      }
    }

    /// Has no list of communities that is there used again, so that the next collection may remove
    /// those that no set has.
    void forgetLists(SetCollection collection) throws SQLException, InterruptedException {
      put(() -> collection.listsForgotten(writer.forgetCommunityLists()));
    }

    private void remove(SetCollection.Unused unused) throws SQLException, InterruptedException {
      if (!unused.isEmpty()) {
        setsRemoved = false;
        put(
            () -> {
              writer.remove(unused);
              transactionEnds();
              setsRemoved = true;
            });
      }
    }

    private void removeForAMoment() throws SQLException {
      long begun = System.nanoTime();
      boolean more = true;
      while (more && System.nanoTime() - begun < REMOVAL_NANOS) {
        more = removal.step(micros());
      }
      if (!more) {
        removed = removal.removed();
      }
      long now = System.nanoTime();
      removalAt = now + (more ? (now - begun) * (REMOVAL_SHARE - 1) : REMOVAL_PAUSE_NANOS);
      removing = false;
    }

    void beat() throws SQLException, InterruptedException {
      if (isBeatDue()) {
        beatAt = System.nanoTime();
        put(() -> writer.beat(micros()));
      }
    }

    private long micros() {
      var now = clock.instant();
      return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    @Override
    public void close() throws SQLException {
      try {
        if (failure == null) {
          drain();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        hand.interrupt();
        joinHand();
        try (connection) {
          writer.close();
        }
      }
    }

    /// Waits for the writer to let go of the connection, which takes a statement or a part of a
    /// batch.
    private void joinHand() {
      boolean interrupted = false;
      while (hand.isAlive()) {
        try {
          hand.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void drain() throws InterruptedException {
      while (!givenUp && (busy || !queue.isEmpty()) && failure == null && hand.isAlive()) {
        idle();
      }
    }
  }
}
