package org.bgppeer.journal;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Compresses finished segments so that at each moment, whatever happens, one of the two files is
/// whole: temporary file, fsync, rename, and only then the plain one is deleted.
record Compressor(Segments segments) {

  /// Compresses all plain segments up to this one. What cannot be compressed now stays plain.
  void compressUpTo(String lastFinished) {
    try {
      for (String name : segments.plain()) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        if (name.compareTo(lastFinished) <= 0) {
          compress(name);
        }
      }
    } catch (IOException e) {
      JournalLog.gzipFailed(segments.dir(), e);
    }
  }

  private void compress(String name) {
    Path plain = segments.plain(name);
    Path temporary = segments.temporary(name);
    try {
      try (var in = Files.newInputStream(plain);
          var out =
              FileChannel.open(
                  temporary,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE)) {
        GzipBlocks.compress(in, Channels.newOutputStream(out));
        out.force(true);
      }
      Files.move(temporary, segments.compressed(name), StandardCopyOption.ATOMIC_MOVE);
      Files.delete(plain);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      if (!Thread.currentThread().isInterrupted()) { // interrupted: the journal is being closed
        JournalLog.gzipFailed(plain, e);
      }
    }
  }
}
