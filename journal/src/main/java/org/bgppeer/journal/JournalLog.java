package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that the journal says, a method per line.
final class JournalLog {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private JournalLog() {}

  static void opened(Path dir, Position end) {
    LOG.info("journal opened dir={} end={}", dir, end);
  }

  static void cutTail(Path file, long whole, long cut) {
    LOG.warn(
        "journal cut-torn-tail file={} octets={} kept={}: the last record was not written whole"
            + " when the process or the machine stopped",
        file,
        cut,
        whole);
  }

  static void noRecord(Path dir, Position at, String reason) {
    LOG.warn("journal no-record dir={} position={} reason=\"{}\"", dir, at, reason);
  }

  static void keptCut(Path file) {
    LOG.warn("journal kept-cut file={}: more than a torn record; check the disk", file);
  }

  static void closedSessions(int count) {
    LOG.warn(
        "journal closed-sessions count={}: they were up when the collector stopped without saying"
            + " so",
        count);
  }

  static void writeRefused(Path file, IOException reason, long backlog) {
    LOG.error(
        "journal write-refused file={} reason=\"{}\" kept-octets={}: free space or fix the disk;"
            + " nothing is lost while this process runs, it tries again each second, and stops"
            + " reading from the neighbors when it holds 32 MiB",
        file,
        reason.getMessage() == null ? reason : reason.getMessage(),
        backlog);
  }

  static void writeResumed(Path file, Duration after, long backlog) {
    LOG.info(
        "journal write-resumed file={} after={} kept-octets={}: nothing was lost",
        file,
        after,
        backlog);
  }

  static void lost(long octets, Path dir) {
    LOG.error(
        "journal lost octets={} dir={}: the disk did not take them before the collector was"
            + " stopped",
        octets,
        dir);
  }

  static void fsyncFailed(Path file, IOException reason) {
    LOG.error(
        "journal fsync-failed file={} reason=\"{}\": check the disk; records of the last seconds"
            + " may not survive a power failure",
        file,
        String.valueOf(reason));
  }

  static void gzipFailed(Path file, IOException reason) {
    LOG.warn(
        "journal gzip-failed file={} reason=\"{}\": it stays as it is and is compressed at a later"
            + " rotation",
        file,
        String.valueOf(reason));
  }

  static void writerDied(Throwable why) {
    LOG.error("journal writer-died: this is a bug; restart the collector", why);
  }

  static void clockSetBack(Path file, Instant now) {
    LOG.warn(
        "journal clock-set-back now={} file={}: records go on in this file, in the order in which"
            + " they come, until the clock is past it again",
        now,
        file);
  }

  static void skippedTorn(Path file, long offset, int octets) {
    LOG.error(
        "journal segment-cut file={} offset={}: it ends within a record, after {} octets of that;"
            + " what was behind is left out. If there is a whole copy of the file, put it there and"
            + " run `bgp-peer rebuild`",
        file.toAbsolutePath(),
        offset,
        octets);
  }

  static void skippedOctets(Path file, long offset, long octets, String reason) {
    LOG.error(
        "journal segment-damaged file={} offset={} octets={} reason=\"{}\": these octets are left"
            + " out and reading goes on behind them, check the disk. If there is a good copy of the"
            + " file, put it there and run `bgp-peer rebuild`",
        file.toAbsolutePath(),
        offset,
        octets,
        reason);
  }

  static void skippedDamaged(Path file, long offset, long octets, String reason) {
    LOG.error(
        "journal segment-damaged file={} offset={} octets={} reason=\"{}\": the rest of the"
            + " segment, so many octets or more, is left out, check the disk. If there is a good"
            + " copy of the file, put it there and run `bgp-peer rebuild`",
        file.toAbsolutePath(),
        offset,
        octets,
        reason);
  }

  static void segmentMissing(Path dir, JournalGap gap) {
    LOG.error(
        "journal segment-missing dir={} missing={} before={}: what was in it, and in others between"
            + " {} and it, is left out. If there are copies of these files, put them there and run"
            + " `bgp-peer rebuild`",
        dir.toAbsolutePath(),
        gap.missing(),
        gap.next(),
        gap.last());
  }

  static void unlisted(Path dir, IOException reason) {
    LOG.warn(
        "journal not-checked dir={} reason=\"{}\": whether segments are missing is not known",
        dir,
        String.valueOf(reason));
  }

  static void positionMoved(Path dir, Position asked, Position begun) {
    LOG.warn(
        "journal position-moved dir={} asked={} begun={}: no record ends there; the journal lost"
            + " its last records in a power failure",
        dir,
        asked,
        begun);
  }

  static void removed(Path dir, int count, String first, String last) {
    LOG.info("journal removed dir={} segments={} first={} last={}", dir, count, first, last);
  }
}
