package org.bgppeer.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.bgppeer.journal.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the store says, a method a line.
final class StoreLog {
  private static final Logger LOG = LoggerFactory.getLogger("bgp-peer.store");

  private StoreLog() {}

  static void waits(String place, String why, long seconds) {
    LOG.warn(
        "database={} not written: {}; the journal keeps everything, next try in {} s",
        place,
        why,
        seconds);
  }

  static void goesOn(String place) {
    LOG.info("database={} is written again", place);
  }

  static void unreadable(String place, IOException e, long seconds) {
    LOG.error(
        "database={} not written: the journal cannot be read: {}; next try in {} s",
        place,
        e.getMessage() == null ? e : e.getMessage(),
        seconds);
  }

  static void failed(String place, Throwable e) {
    LOG.error("database={} projector failed; next try from the last commit", place, e);
  }

  static void checkpointFailed(Throwable e) {
    LOG.warn(
        "the write-ahead log cannot be moved into the database: {}; it grows until it can",
        e.getMessage());
  }

  static void originsFailed(@Nullable Throwable e) {
    LOG.warn(
        "the index of origin ASes and communities is behind: {}; it is tried again",
        e == null ? "" : e.getMessage());
  }

  static void collectionFailed(@Nullable Throwable e) {
    LOG.warn("unused attribute sets stay for now: {}", e == null ? "" : e.getMessage());
  }

  static void noScratch(Path directory, IOException e) {
    LOG.warn(
        "no room in {} to gather the tables of many neighbors: {}; they are written as they come,"
            + " which takes longer",
        directory,
        e.getMessage() == null ? e : e.getMessage());
  }

  static void notPrepared(SQLException e) {
    LOG.warn("routes were not sorted for a batch that ends: {}", e.getMessage());
  }

  static void scratchStays(IOException e) {
    LOG.warn("a file of a batch is not closed: {}", e.getMessage() == null ? e : e.getMessage());
  }

  static void missing(String place, String what) {
    LOG.error(
        "database={} stays as it is: {}; put the segment back, or stop the collector and run"
            + " `bgp-peer rebuild`, which makes the database of the segments that are there",
        place,
        what);
  }

  static void unreadable(Position behind, String why) {
    LOG.error("the record before {} cannot be read and is left out: {}", behind, why);
  }
}
