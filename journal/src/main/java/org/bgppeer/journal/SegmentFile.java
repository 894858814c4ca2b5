package org.bgppeer.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the writer asks of a file; tests put one here whose disk is full.
interface SegmentFile extends Closeable {
  /// Opens a file, and its directory and itself if they are not there.
  interface Opener {
    SegmentFile open(Path path) throws IOException;
  }

  /// Writes some of the octets at an offset, at least one, as [FileChannel#write(ByteBuffer,
  /// long)].
  void write(ByteBuffer octets, long offset) throws IOException;

  /// Cuts the file to so many octets, if it has more.
  void truncate(long size) throws IOException;

  /// Returns when all that was written is on the disk.
  void force() throws IOException;

  /// The real thing.
  static SegmentFile open(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new SegmentFile() {
      @Override
      public void write(ByteBuffer octets, long offset) throws IOException {
        channel.write(octets, offset);
      }

      @Override
      public void truncate(long size) throws IOException {
        channel.truncate(size);
      }

      @Override
      public void force() throws IOException {
        channel.force(false);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
