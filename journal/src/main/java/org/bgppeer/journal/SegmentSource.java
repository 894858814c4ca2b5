package org.bgppeer.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/// The octets of one segment, plain or compressed.
final class SegmentSource {
  private SegmentSource() {}

  /// Opens a segment at an uncompressed offset.
  ///
  /// @throws SegmentMissing if neither form of it is there
  static RecordInput.Source open(Segments segments, String name, long offset) throws IOException {
    // The plain file goes away only after the compressed one has its name, so this order finds one.
    Path plain = segments.plain(name);
    if (Files.exists(plain)) {
      try {
        return new Plain(plain, offset);
      } catch (FileNotFoundException e) {
        if (Files.exists(plain)) {
          throw e; // not gone: not readable
        }
      }
    }
    Path compressed = segments.compressed(name);
    if (Files.exists(compressed)) {
      return GzipBlocks.open(compressed, offset);
    }
    throw new SegmentMissing(segments.dir(), name, segments.oldest());
  }

  /// Not a channel: those are closed by an interrupt of the thread that reads.
  private static final class Plain implements RecordInput.Source {
    private final RandomAccessFile file;

    Plain(Path path, long offset) throws IOException {
      file = new RandomAccessFile(path.toFile(), "r");
      file.seek(offset);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return file.read(into, offset, length);
    }

    @Override
    public boolean back(int octets) throws IOException {
      file.seek(file.getFilePointer() - octets);
      return true;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
