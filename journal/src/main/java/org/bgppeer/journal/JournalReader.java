package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads a journal from a position on and follows it as it grows: through rotation, from plain and
/// compressed segments alike, and undisturbed when the segment that it reads is compressed
/// meanwhile.
///
/// ```
/// try (var reader = journal.reader(stored)) {
///   while (running) {
///     if (reader.next(Duration.ofSeconds(1))) {
///       use(reader.buffer(), reader.offset(), reader.length());
///     } else {
///       commit(reader.after());
///     }
///   }
/// }
/// ```
///
/// Where a segment is damaged, the log says so and the reader goes on with the next record that it
/// finds behind, or else with the next segment, which begins with the sessions that are up: one bad
/// sector must not end all that follows the journal.
///
/// A reader of [Journal#reader] is woken as soon as a record is in the file; one of [#of] looks
/// every 50 ms, so it also works in another process. Each reader belongs to one thread.
public final class JournalReader implements AutoCloseable {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LIST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Segments segments;
  private final @Nullable Tail tail;
  private final ArrayDeque<String> newer = new ArrayDeque<>();
  private String segment;
  private @Nullable RecordInput input;
  private boolean damaged; // the rest of the segment
  private long listedNanos;

  JournalReader(Segments segments, @Nullable Position from, @Nullable Tail tail)
      throws IOException {
    this.segments = segments;
    this.tail = tail;
    this.segment = "";
    if (from != null && !from.segment().isEmpty()) {
      begin(from);
    }
  }

  /// A reader that needs no [Journal], for other processes and for files that nobody writes.
  ///
  /// @param from where to begin; null = with the oldest segment
  /// @throws SegmentMissing if that segment is not there
  public static JournalReader of(Path dir, @Nullable Position from) throws IOException {
    return new JournalReader(new Segments(dir), from, null);
  }

  /// The one record at a position, header included.
  ///
  /// @throws SegmentMissing if that segment is not there
  /// @throws JournalDamaged if no whole record is there
  public static byte[] recordAt(Path dir, Position at) throws IOException {
    var segments = new Segments(dir);
    try (var input =
        new RecordInput(SegmentSource.open(segments, at.segment(), at.offset()), at.offset())) {
      if (!input.next()) {
        throw new JournalDamaged(
            segments.file(at.segment()), at, "the segment ends before the end of the record");
      }
      return Arrays.copyOfRange(input.buffer(), input.start(), input.start() + input.length());
    } catch (RecordInput.NoRecord e) {
      throw new JournalDamaged(segments.file(at.segment()), at, e.reason());
    }
  }

  /// Goes to the next record, waiting for it if need be.
  ///
  /// @param wait how long at most; zero = only look
  /// @return true if there is one: [#buffer], [#offset] and [#length] are it
  public boolean next(Duration wait) throws IOException, InterruptedException {
    if (step()) {
      return true;
    }
    long deadline = System.nanoTime() + wait.toNanos();
    while (true) {
      long seen = tail == null ? 0 : tail.version();
      if (step()) {
        return true;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (tail != null) {
        tail.await(seen, left);
      } else {
        TimeUnit.NANOSECONDS.sleep(Math.min(left, POLL_NANOS));
      }
    }
  }

  /// The octets that the record is in; valid, like the other two, until the next [#next].
  public byte[] buffer() {
    return current().buffer();
  }

  /// Where in [#buffer] the record begins, with its MRT header.
  public int offset() {
    return current().start();
  }

  /// Octets of the record, header included.
  public int length() {
    return current().length();
  }

  /// Where the record begins in the journal. If the last [#next] found none: as [#after].
  public Position position() {
    return input == null ? Position.BEGINNING : new Position(segment, input.position());
  }

  /// Where the record ends, that is where a reader must begin to go on behind it: what a follower
  /// stores.
  public Position after() {
    return input == null
        ? Position.BEGINNING
        : new Position(segment, input.position() + input.length());
  }

  /// Lets go of the file. The journal goes on.
  @Override
  public void close() throws IOException {
    if (input != null) {
      input.close();
    }
  }

  private RecordInput current() {
    if (input == null) {
      throw new IllegalStateException("no record was read yet");
    }
    return input;
  }

  /// Goes to the next record that is there already.
  private boolean step() throws IOException {
    while (!nextInSegment()) {
      String next = nextSegment();
      if (next == null) {
        return false;
      }
      // A segment is begun when the one before it is complete, so after one more look we are done
      // with that.
      if (nextInSegment()) {
        newer.addFirst(next);
        return true;
      }
      if (input != null && input.torn() > 0 && !damaged) {
        long offset = input.position();
        int torn = input.torn();
        if (skip("a record ends behind the end of the segment") && nextInSegment()) {
          newer.addFirst(next);
          return true;
        }
        if (!damaged) {
          JournalLog.skippedTorn(segments.file(segment), offset, torn);
        }
      }
      String before = segment;
      open(next, 0);
      if (!before.isEmpty() && nextInSegment()) {
        var gap = JournalGap.between(before, next, buffer(), offset(), length());
        if (gap != null) {
          JournalLog.segmentMissing(segments.dir(), gap);
        }
        return true;
      }
    }
    return true;
  }

  private boolean nextInSegment() throws IOException {
    if (input == null || damaged) {
      return false;
    }
    while (true) {
      try {
        return input.next();
      } catch (RecordInput.NoRecord e) {
        if (!skip(e.reason())) {
          damaged = true;
          JournalLog.skippedDamaged(
              segments.file(segment), input.position(), input.lost(), e.reason());
          return false;
        }
      }
    }
  }

  /// Goes to the next record behind a damage, if there is one.
  private boolean skip(String reason) throws IOException {
    RecordInput in = current();
    long offset = in.position();
    long octets = segments.skipDamage(segment, in);
    if (octets > 0) {
      JournalLog.skippedOctets(segments.file(segment), offset, octets, reason);
    }
    return octets > 0;
  }

  private @Nullable String nextSegment() throws IOException {
    if (newer.isEmpty()) {
      long now = System.nanoTime();
      boolean current = tail != null && tail.isLast(segment);
      boolean justLooked = listedNanos != 0 && now - listedNanos < LIST_NANOS && tail == null;
      if (current && !segment.isEmpty() || justLooked) {
        return null;
      }
      listedNanos = now;
      newer.addAll(segments.after(segment));
    }
    return newer.poll();
  }

  /// Begins at a position that somebody stored. It is where a record ended, unless the machine lost
  /// power and the journal with it its last records: then the reader begins where the journal
  /// differs.
  private void begin(Position from) throws IOException {
    RecordInput in = open(from.segment(), 0);
    while (in.position() + in.length() < from.offset() && nextInSegment()) {
      // hop
    }
    long end = in.position() + in.length();
    if (end != from.offset() && !damaged) {
      JournalLog.positionMoved(segments.dir(), from, new Position(segment, in.position()));
      open(from.segment(), in.position());
    }
  }

  private RecordInput open(String name, long offset) throws IOException {
    var opened = new RecordInput(SegmentSource.open(segments, name, offset), offset);
    if (input != null) {
      input.close();
    }
    segment = name;
    damaged = false;
    listedNanos = 0;
    input = opened;
    return opened;
  }
}
