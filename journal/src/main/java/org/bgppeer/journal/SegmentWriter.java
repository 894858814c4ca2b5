package org.bgppeer.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The segment that is being written. Its file ends with a whole record, also after a write that
/// the disk refused in the middle of one.
final class SegmentWriter {
  private final String name;
  private final Path path;
  private final SegmentFile file;
  private long end;
  private boolean tailToCut;

  /// @param end where the last whole record ends
  SegmentWriter(String name, Path path, SegmentFile file, long end) {
    this.name = name;
    this.path = path;
    this.file = file;
    this.end = end;
  }

  String name() {
    return name;
  }

  Path path() {
    return path;
  }

  Position end() {
    return new Position(name, end);
  }

  /// Writes whole records; if that fails, as many whole records as the disk has taken.
  ///
  /// @throws Refused if not all could be written
  void append(byte[] octets, int from, int to) throws Refused {
    var buffer = ByteBuffer.wrap(octets, from, to - from);
    try {
      cut();
      while (buffer.hasRemaining()) {
        file.write(buffer, end + buffer.position() - from);
      }
      end += to - from;
    } catch (IOException e) {
      int whole = wholeRecords(octets, from, buffer.position());
      end += whole;
      tailToCut = true;
      try {
        cut();
      } catch (IOException second) {
        e.addSuppressed(second); // the next append tries again, before it writes
      }
      throw new Refused(from + whole, e);
    }
  }

  private void cut() throws IOException {
    if (tailToCut) {
      file.truncate(end);
      tailToCut = false;
    }
  }

  private static int wholeRecords(byte[] octets, int from, int to) {
    int at = from;
    while (to - at >= RecordInput.HEADER) {
      long next = at + RecordInput.HEADER + RecordInput.u32(octets, at + 8);
      if (next > to) {
        break;
      }
      at = (int) next;
    }
    return at - from;
  }

  void force() throws IOException {
    file.force();
  }

  void close() throws IOException {
    file.close();
  }

  /// The disk did not take all.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final int next;
    private final IOException reason;

    Refused(int next, IOException reason) {
      super(reason);
      this.next = next;
      this.reason = reason;
    }

    /// Index of the first octet that is not in the file.
    int next() {
      return next;
    }

    IOException reason() {
      return reason;
    }
  }
}
