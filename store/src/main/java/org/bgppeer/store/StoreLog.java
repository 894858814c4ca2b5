package org.bgppeer.store;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the store says, a method a line.
final class StoreLog {
  private static final Logger LOG = LoggerFactory.getLogger("store");

  private StoreLog() {}

  static void waits(Path file, String why, long seconds) {
    LOG.warn(
        "database={} not written: {}; the journal keeps everything, next try in {} s",
        file,
        why,
        seconds);
  }

  static void goesOn(Path file) {
    LOG.info("database={} is written again", file);
  }

  static void failed(Path file, Throwable e) {
    LOG.error("database={} projector failed; next try from the last commit", file, e);
  }

  static void checkpointFailed(Throwable e) {
    LOG.warn(
        "the write-ahead log cannot be moved into the database: {}; it grows until it can",
        e.getMessage());
  }

  static void lost(String what) {
    LOG.error("{}", what);
  }
}
