package org.bgppeer.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.bgppeer.wire.Mrt;
import org.jspecify.annotations.Nullable;

/// The journal of one data directory: takes MRT records, in the order of [#append], and keeps them
/// in files.
///
/// ```
///            copy                 write                     fsync, every 100 ms
/// append() ───────► chunks 1 MiB ───────► the segment's file ───────► the disk
/// any thread        at most 64            writer thread  └──► readers  fsync thread
/// ```
///
/// Everything that waits for a disk does so in a thread of the journal's own; [#append] waits only
/// if [#LIMIT] octets are not in the file yet, and who asks [#congested] before it reads from a
/// socket never gets there.
public final class Journal implements AutoCloseable {
  /// Octets that are kept while the disk does not take them.
  static final long LIMIT = 64L << 20;

  private static final int CHUNK = RecordInput.MAX_RECORD;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

  private final Path dir;
  private final JournalOptions options;
  private final Segments segments;
  private final SegmentFile.Opener opener;
  private final FileChannel lockFile;
  private final Tail tail = new Tail();
  private final Thread writer;
  private final Thread syncer;
  private final ExecutorService compressor;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition(); // for the writer
  private final Condition room = lock.newCondition(); // for append
  private final Condition toSync = lock.newCondition(); // for the syncer
  private final Condition synced = lock.newCondition(); // for flush
  private final ArrayDeque<Chunk> full = new ArrayDeque<>();
  private Chunk filling = new Chunk();
  private @Nullable Chunk spare;
  private boolean writerWaits;
  private boolean closing;
  private boolean writerDone;
  private long syncedOctets;
  private volatile long acceptedOctets;
  private volatile long writtenOctets;

  // The writer's own.
  private final OpenSessions open;
  private final byte[] crashed;
  private final Instant crashedAt;
  private @Nullable String last;
  private boolean clockIsBehind; // the segment that is being written

  // Written by the writer under fileLock, read by it without and by the syncer with it.
  private final ReentrantLock fileLock = new ReentrantLock();
  private @Nullable SegmentWriter current;
  private volatile String lastFinished;

  private static final class Chunk {
    private final byte[] octets = new byte[CHUNK];
    private int length;
  }

  /// Opens the journal of a directory, which is made if it is not there, and puts in order what a
  /// crash has left: a torn record at the end is cut, finished segments are compressed, and each
  /// session that was up gets its end: state 6 -> 1, COLLECTOR_CRASHED, at the time of the last
  /// record.
  ///
  /// @throws JournalUnavailable if the directory is not writable, or another collector has it
  public static Journal open(Path dir, JournalOptions options) throws IOException {
    return open(dir, options, SegmentFile::open);
  }

  static Journal open(Path dir, JournalOptions options, SegmentFile.Opener opener)
      throws IOException {
    FileChannel lockFile = lock(dir);
    try {
      var segments = new Segments(dir);
      var journal = new Journal(dir, options, segments, opener, lockFile, Recovery.of(segments));
      journal.start();
      return journal;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileChannel lock(Path dir) throws JournalUnavailable {
    Path path = dir.resolve("lock");
    try {
      Files.createDirectories(dir);
      var file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock held;
      try {
        held = file.tryLock();
      } catch (OverlappingFileLockException e) {
        held = null; // this very process has it
      }
      if (held == null) {
        file.close();
        throw JournalUnavailable.locked(dir, Files.readString(path).strip());
      }
      file.truncate(0);
      file.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return file;
    } catch (JournalUnavailable e) {
      throw e;
    } catch (IOException e) {
      throw JournalUnavailable.notWritable(dir, e);
    }
  }

  private Journal(
      Path dir,
      JournalOptions options,
      Segments segments,
      SegmentFile.Opener opener,
      FileChannel lockFile,
      Recovery found)
      throws IOException {
    this.dir = dir;
    this.options = options;
    this.segments = segments;
    this.opener = opener;
    this.lockFile = lockFile;
    open = found.open();
    crashed = open.crashed(options.format(), found.at());
    crashedAt = found.at();
    acceptedOctets = crashed.length;
    last = found.last();
    lastFinished = "";
    if (last != null) {
      if (found.plain()) {
        Path path = segments.plain(last);
        current = new SegmentWriter(last, path, opener.open(path), found.end());
        String before = segments.latestBefore(last);
        lastFinished = before == null ? "" : before;
      } else {
        lastFinished = last;
      }
      tail.move(new Position(last, found.end()));
    }
    if (open.count() > 0) {
      JournalLog.closedSessions(open.count());
    }
    JournalLog.opened(dir, tail.end());
    writer = Thread.ofPlatform().name("journal-writer").daemon().unstarted(this::write);
    syncer = Thread.ofPlatform().name("journal-fsync").daemon().unstarted(this::sync);
    compressor =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("journal-gzip").daemon().factory());
  }

  private void start() {
    writer.start();
    syncer.start();
    compressor.execute(this::sayWhatIsMissing);
    compressFinished();
  }

  /// Takes an MRT record, header included, or several that nothing may come between; the octets are
  /// copied.
  ///
  /// @throws IllegalArgumentException if the octets are not whole records, or more than 1 MiB
  /// @throws IllegalStateException if the journal was closed
  public void append(byte[] records, int offset, int length) {
    if (length > CHUNK || !RecordInput.areRecords(records, offset, length)) {
      throw new IllegalArgumentException(length + " octets that are not whole MRT records");
    }
    lock.lock();
    try {
      while (acceptedOctets - writtenOctets + length > LIMIT && !closing) {
        room.awaitUninterruptibly();
      }
      if (closing) {
        throw new IllegalStateException("the journal in " + dir + " is closed");
      }
      if (CHUNK - filling.length < length) {
        full.add(filling);
        filling = fresh();
      }
      System.arraycopy(records, offset, filling.octets, filling.length, length);
      filling.length += length;
      acceptedOctets = acceptedOctets + length;
      if (writerWaits) {
        writerWaits = false;
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Octets taken that are not in the file yet.
  public long backlog() {
    long done = writtenOctets; // first, so that the difference is never negative
    return acceptedOctets - done;
  }

  /// Whether the disk is so far behind that nothing more should be read from the neighbors.
  public boolean congested() {
    return backlog() > LIMIT / 2;
  }

  /// Behind the last record that is in the files, that is where one who only wants what is new
  /// begins to read; [Position#BEGINNING] if there is none.
  public Position end() {
    return tail.end();
  }

  /// A reader that is woken when there is a record for it.
  ///
  /// @param from where to begin; null = with the oldest segment
  /// @throws SegmentMissing if that segment is not there
  public JournalReader reader(@Nullable Position from) throws IOException {
    return new JournalReader(segments, from, tail);
  }

  /// Waits until all that was taken before is in the files and on the disk.
  ///
  /// @throws TimeoutException if it is not within that time
  public void flush(Duration wait) throws InterruptedException, TimeoutException {
    lock.lockInterruptibly();
    try {
      long upTo = acceptedOctets;
      long left = wait.toNanos();
      while (syncedOctets < upTo) {
        if (left <= 0) {
          throw new TimeoutException(
              (upTo - syncedOctets) + " octets are not on the disk after " + wait);
        }
        left = synced.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Writes and fsyncs what was taken, and lets go of the directory. Waits 10 seconds at most; what
  /// a full disk has not taken by then is lost, and the log says how much.
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      filled.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted =
        Thread.interrupted(); // it may be why we are closed: not a reason to hurry
    try {
      writer.join(CLOSE_WAIT);
      syncer.join(CLOSE_WAIT);
      compressor.shutdownNow(); // what it leaves is finished at the next start
      compressor.close();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (backlog() > 0 && lockFile.isOpen()) {
      JournalLog.lost(backlog(), dir);
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      JournalLog.fsyncFailed(dir.resolve("lock"), e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until all that was to be compressed by now is.
  void awaitCompressed() throws InterruptedException {
    try {
      compressor.submit(() -> {}).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- the writer thread

  private void write() {
    try {
      if (crashed.length > 0 && !put(crashed, crashed.length, crashedAt)) {
        return;
      }
      while (awaitOctets()) {
        finishIfOver();
        Chunk chunk = take();
        if (chunk == null) {
          continue;
        }
        if (!put(chunk.octets, chunk.length, null)) {
          return;
        }
        recycle(chunk);
        // Under load the next write takes all that comes in a millisecond, instead of a record.
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      JournalLog.writerDied(e);
    } finally {
      lock.lock();
      try {
        closing = true;
        writerDone = true;
        room.signalAll();
        toSync.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /// Waits for octets or the next look at the clock; false if there are none and none will come.
  private boolean awaitOctets() throws InterruptedException {
    lock.lock();
    try {
      if (filling.length == 0 && full.isEmpty()) {
        if (closing) {
          return false;
        }
        writerWaits = true;
        if (filled.awaitNanos(SECOND_NANOS) <= 0) {
          writerWaits = false; // a look at the clock: the slot may be over
        }
        return true;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Chunk take() {
    lock.lock();
    try {
      Chunk chunk = full.poll();
      if (chunk == null && filling.length > 0) {
        chunk = filling;
        filling = fresh();
      }
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  private Chunk fresh() {
    Chunk chunk = spare;
    spare = null;
    return chunk != null ? chunk : new Chunk();
  }

  private void recycle(Chunk chunk) {
    lock.lock();
    try {
      chunk.length = 0;
      spare = chunk;
    } finally {
      lock.unlock();
    }
  }

  /// Writes whole records, however often it takes.
  ///
  /// @param past the time of the story that they belong to; null = now
  /// @return false if the disk does not take them and the journal is being closed
  private boolean put(byte[] records, int length, @Nullable Instant past)
      throws InterruptedException {
    byte[] octets = records;
    int from = 0;
    int to = length;
    long refusedNanos = 0;
    while (from < to) {
      boolean lastTry = isClosing();
      IOException reason = null;
      try {
        SegmentWriter segment = current;
        if (segment == null) {
          Instant now = options.clock().instant();
          String before = last;
          segment = begin(now);
          byte[] head = head(before, past != null ? past : now);
          octets = concatenate(head, octets, from, to);
          from = 0;
          to = octets.length;
        }
        segment.append(octets, from, to);
        open.followAll(octets, from, to);
        from = to;
        tail.move(segment.end());
      } catch (SegmentWriter.Refused e) {
        open.followAll(octets, from, e.next());
        from = e.next();
        reason = e.reason();
      } catch (IOException e) {
        reason = e;
      }
      if (reason != null) {
        if (refusedNanos == 0) {
          refusedNanos = System.nanoTime();
          JournalLog.writeRefused(path(), reason, backlog());
        }
        if (lastTry) {
          return false;
        }
        awaitRetry();
      }
    }
    if (refusedNanos != 0) {
      var after = Duration.ofNanos(System.nanoTime() - refusedNanos);
      JournalLog.writeResumed(path(), after, backlog());
    }
    lock.lock();
    try {
      writtenOctets = writtenOctets + length;
      room.signalAll();
      toSync.signal();
    } finally {
      lock.unlock();
    }
    return true;
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void awaitRetry() throws InterruptedException {
    lock.lock();
    try {
      long left = SECOND_NANOS;
      while (left > 0 && !closing) {
        left = filled.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private Path path() {
    SegmentWriter segment = current;
    return segment == null ? dir : segment.path();
  }

  /// Begins the segment of this time, or, if the clock was set back, one that still comes after all
  /// others: its name is the next slot's.
  private SegmentWriter begin(Instant now) throws IOException {
    String name = Segments.name(Segments.slot(now, options.rotation()));
    if (last != null && name.compareTo(last) <= 0) {
      Instant slot = Segments.slot(Segments.start(last), options.rotation());
      name = Segments.name(slot.plus(options.rotation()));
    }
    Path path = segments.plain(name);
    var segment = new SegmentWriter(name, path, opener.open(path), 0);
    fileLock.lock();
    try {
      current = segment;
    } finally {
      fileLock.unlock();
    }
    last = name;
    return segment;
  }

  /// Finishes the current segment if its slot is over; the next record begins another.
  private void finishIfOver() {
    SegmentWriter segment = current;
    if (segment == null) {
      return;
    }
    Instant slot = Segments.slot(options.clock().instant(), options.rotation());
    Instant begun = Segments.start(segment.name());
    if (slot.isBefore(begun) != clockIsBehind) {
      clockIsBehind = !clockIsBehind;
      if (clockIsBehind) {
        JournalLog.clockSetBack(segment.path(), options.clock().instant());
      }
    }
    if (!slot.isAfter(begun)) {
      return; // also where the clock was set back
    }
    fileLock.lock();
    try {
      force(segment);
      closeFile(segment);
      current = null;
    } finally {
      fileLock.unlock();
    }
    lastFinished = segment.name();
    compressFinished();
  }

  private void sayWhatIsMissing() {
    try {
      JournalGap.of(dir).forEach(gap -> JournalLog.segmentMissing(dir, gap));
    } catch (InterruptedIOException e) {
      return; // the journal is being closed
    } catch (IOException e) {
      JournalLog.unlisted(dir, e);
    }
  }

  private void compressFinished() {
    if (options.gzip()) {
      compressor.execute(
          () -> new Compressor(segments, () -> acceptedOctets).compressUpTo(lastFinished));
    }
  }

  /// What a segment begins with: which one is before it, if there is one, and who is up.
  private byte[] head(@Nullable String before, Instant at) {
    byte[] restated = open.restated(options.format(), at);
    return before == null
        ? restated
        : concatenate(Mrt.follows(at, before), restated, 0, restated.length);
  }

  private static byte[] concatenate(byte[] head, byte[] octets, int from, int to) {
    byte[] all = Arrays.copyOf(head, head.length + to - from);
    System.arraycopy(octets, from, all, head.length, to - from);
    return all;
  }

  // ---- the fsync thread

  private void sync() {
    try {
      while (true) {
        long upTo = awaitWritten();
        if (upTo < 0) {
          return;
        }
        fileLock.lock();
        try {
          if (current != null) {
            force(current);
          }
        } finally {
          fileLock.unlock();
        }
        synced(upTo);
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      JournalLog.writerDied(e);
    } finally {
      fileLock.lock();
      try {
        if (current != null && writerIsDone()) {
          closeFile(current);
        }
      } finally {
        fileLock.unlock();
      }
    }
  }

  /// How far it is written, once that is further than what is on the disk; -1 at the end.
  private long awaitWritten() throws InterruptedException {
    lock.lock();
    try {
      while (writtenOctets == syncedOctets) {
        if (writerDone) {
          return -1;
        }
        toSync.await();
      }
      return writtenOctets;
    } finally {
      lock.unlock();
    }
  }

  private void synced(long upTo) throws InterruptedException {
    lock.lock();
    try {
      syncedOctets = upTo;
      synced.signalAll();
      long left = options.fsync().toNanos();
      while (left > 0 && !writerDone) {
        left = toSync.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean writerIsDone() {
    lock.lock();
    try {
      return writerDone;
    } finally {
      lock.unlock();
    }
  }

  private static void force(SegmentWriter segment) {
    try {
      segment.force();
    } catch (IOException e) {
      JournalLog.fsyncFailed(segment.path(), e);
    }
  }

  private static void closeFile(SegmentWriter segment) {
    try {
      segment.close();
    } catch (IOException e) {
      JournalLog.fsyncFailed(segment.path(), e);
    }
  }
}
