package org.bgppeer.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The segments of a journal that another process writes.
record JournalFiles(Path directory) {
  /// Octets of a record before its message: BGP4MP_ET (RFC 6396 section 3), AS4, IPv4 addresses.
  static final int HEADER = 12 + 4 + 20;

  private static final long POLL_NANOS = 5_000_000;

  /// What has been written, on the disk or not.
  long octets() throws IOException {
    long sum = 0;
    for (Path segment : segments()) {
      sum += Files.size(segment);
    }
    return sum;
  }

  /// Waits until so much is written, and has it put on the disk for certain.
  ///
  /// @return when that was so, by [System#nanoTime]
  long awaitOnDisk(long octets) throws IOException {
    while (octets() < octets) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    for (Path segment : segments()) {
      try (var channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
        channel.force(false);
      }
    }
    return System.nanoTime();
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith("updates.")).toList();
    }
  }
}
