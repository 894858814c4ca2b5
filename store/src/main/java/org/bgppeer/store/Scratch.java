package org.bgppeer.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file for what a batch cannot keep in memory: written once, in pieces, and read once. It has no
/// name, so that whatever becomes of this process, it leaves nothing behind.
final class Scratch implements AutoCloseable {
  /// What may be written of the room that the disk has: the rest is for the database.
  private static final int PART_OF_ROOM = 4;

  private final FileChannel file;
  private final long most;
  private long end;
  private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

  private Scratch(FileChannel file, long most) {
    this.file = file;
    this.most = most;
  }

  /// Makes one.
  static Scratch in(Path directory) throws IOException {
    Path path = Files.createTempFile(directory, "bgp-peer-batch-", ".tmp");
    try {
      return new Scratch(
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE),
          Files.getFileStore(directory).getUsableSpace() / PART_OF_ROOM);
    } finally {
      Files.delete(path);
    }
  }

  /// Whether it has taken as much as it may.
  boolean isFull() {
    return end >= most;
  }

  /// An empty buffer of so many octets, to be filled for [#append]; it is used again.
  ByteBuffer buffer(int octets) {
    if (buffer.capacity() < octets) {
      buffer = ByteBuffer.allocate(octets);
    }
    return buffer.clear().limit(octets);
  }

  /// Writes what the buffer holds.
  ///
  /// @return where it is
  long append(ByteBuffer filled) throws IOException {
    long at = end;
    filled.flip();
    while (filled.hasRemaining()) {
      end += file.write(filled, end);
    }
    return at;
  }

  /// Reads octets into the buffer.
  ByteBuffer read(long at, int octets) throws IOException {
    var into = buffer(octets);
    while (into.hasRemaining()) {
      if (file.read(into, at + into.position()) < 0) {
        throw new IOException("a file of a batch ends too early");
      }
    }
    return into.flip();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
