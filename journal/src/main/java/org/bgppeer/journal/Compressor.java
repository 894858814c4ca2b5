package org.bgppeer.journal;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Compresses finished segments so that at each moment, whatever happens, one of the two files is
/// whole: temporary file, fsync, rename, and only then the plain one is deleted.
///
/// @param segments where they are
/// @param taken octets that the journal took so far: what is large waits while many come in or are
///     written to the database, whose time it would take
record Compressor(Segments segments, LongSupplier taken) {
  /// A segment of more octets takes a second or more.
  private static final long LARGE = 16L << 20;

  /// How long it has to be calm: a checkpoint of the database may take some seconds of that.
  private static final Duration LOOK = Duration.ofSeconds(5);

  /// Octets in that time, from which on tables are coming in.
  private static final long MANY = 10L << 20;

  /// Processor time of this process in that time, from which on tables are being written.
  private static final Duration BUSY = Duration.ofMillis(1500);

  private static final Duration MOST = Duration.ofMinutes(20);

  /// Compresses all plain segments up to this one. What cannot be compressed now stays plain.
  void compressUpTo(String lastFinished) {
    try {
      for (String name : segments.plain()) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        if (name.compareTo(lastFinished) <= 0) {
          if (Files.size(segments.plain(name)) > LARGE) {
            awaitCalm();
          }
          compress(name);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the journal is being closed
    } catch (IOException e) {
      JournalLog.gzipFailed(segments.dir(), e);
    }
  }

  private void awaitCalm() throws InterruptedException {
    for (var waited = Duration.ZERO; waited.compareTo(MOST) < 0; waited = waited.plus(LOOK)) {
      long takenBefore = taken.getAsLong();
      var usedBefore = processorTime();
      Thread.sleep(LOOK);
      boolean busy = processorTime().minus(usedBefore).compareTo(BUSY) > 0;
      if (!busy && taken.getAsLong() - takenBefore < MANY) {
        return;
      }
    }
  }

  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
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
