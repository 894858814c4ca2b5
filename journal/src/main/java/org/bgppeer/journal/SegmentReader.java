package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the records of one segment, from one whose place is known, and ends where the segment does
/// now: for who looks something up. Who follows the journal takes a [JournalReader].
///
/// ```
/// try (var reader = SegmentReader.open(dir, begin)) {
///   while (reader.next()) {
///     use(reader.buffer(), reader.offset(), reader.length());
///   }
/// }
/// ```
///
/// What is damaged is left out without a word: the log has it from who follows.
public final class SegmentReader implements AutoCloseable {
  private final Segments segments;
  private final String segment;
  private final RecordInput input;
  private final boolean finished;

  private SegmentReader(Segments segments, Position at) throws IOException {
    this.segments = segments;
    this.segment = at.segment();
    // before it is opened: what was compressed meanwhile is looked at once more
    this.finished = segments.isCompressed(segment);
    this.input = new RecordInput(SegmentSource.open(segments, segment, at.offset()), at.offset());
  }

  /// A reader whose first record is the one that begins at a position; it goes there at once.
  ///
  /// @throws SegmentMissing if that segment is not there
  public static SegmentReader open(Path dir, Position at) throws IOException {
    return new SegmentReader(new Segments(dir), at);
  }

  /// Names of the segments of a journal, newest first. A month's directory is read when the first
  /// one of it is asked for.
  ///
  /// @throws java.io.UncheckedIOException later, if one cannot be read
  public static Stream<String> newestFirst(Path dir) throws IOException {
    return new Segments(dir).newestFirst();
  }

  /// Names of a segment, if it is there, and of all later ones, oldest first.
  ///
  /// @param from null for all of them
  public static List<String> from(Path dir, @Nullable String from) throws IOException {
    return new Segments(dir).from(from);
  }

  /// Goes to the next record.
  ///
  /// @return false if there is no whole one behind, yet
  public boolean next() throws IOException {
    while (true) {
      try {
        return input.next();
      } catch (RecordInput.NoRecord e) {
        if (segments.skipDamage(segment, input) == 0) {
          return false;
        }
      }
    }
  }

  /// The octets that the record is in; valid, like the other two, until the next [#next].
  public byte[] buffer() {
    return input.buffer();
  }

  /// Where in [#buffer] the record begins, with its MRT header.
  public int offset() {
    return input.start();
  }

  /// Octets of the record, header included.
  public int length() {
    return input.length();
  }

  /// Where in the segment the record begins; if the last [#next] found none, where the next one
  /// would.
  public long position() {
    return input.position();
  }

  /// Whether nothing will ever be added to the segment: it is compressed.
  public boolean isFinished() {
    return finished;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
