package org.bgppeer.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.bgppeer.wire.MrtFormat;

/// How a journal is written.
///
/// @param rotation length of a segment's slot, whole minutes that divide a day: 5 minutes as RIPE
///     RIS does it
/// @param fsync how long a written record may wait for its fsync, with those that come meanwhile
/// @param gzip whether a finished segment is compressed
/// @param format of the records that the journal writes itself; whoever appends brings others
/// @param clock names the segments; the records bring their own times
public record JournalOptions(
    Duration rotation, Duration fsync, boolean gzip, MrtFormat format, InstantSource clock) {
  private static final Duration DAY = Duration.ofDays(1);

  public JournalOptions {
    if (rotation.compareTo(Duration.ofMinutes(1)) < 0
        || rotation.getSeconds() % 60 != 0
        || rotation.getNano() != 0
        || rotation.compareTo(DAY) > 0
        || DAY.getSeconds() % rotation.getSeconds() != 0) {
      throw new IllegalArgumentException(
          "rotation " + rotation + " is not a number of minutes that divides a day");
    }
    if (fsync.isNegative() || fsync.isZero()) {
      throw new IllegalArgumentException("fsync " + fsync + " is not positive");
    }
  }

  /// 5 minutes, 100 ms, gzip, microseconds, the system's clock.
  public static JournalOptions defaults() {
    return new JournalOptions(
        Duration.ofMinutes(5),
        Duration.ofMillis(100),
        true,
        MrtFormat.BGP4MP_ET,
        Clock.systemUTC());
  }

  /// The same with another slot length.
  public JournalOptions withRotation(Duration other) {
    return new JournalOptions(other, fsync, gzip, format, clock);
  }

  /// The same with another fsync interval.
  public JournalOptions withFsync(Duration other) {
    return new JournalOptions(rotation, other, gzip, format, clock);
  }

  /// The same with or without compression.
  public JournalOptions withGzip(boolean other) {
    return new JournalOptions(rotation, fsync, other, format, clock);
  }

  /// The same with another form of records.
  public JournalOptions withFormat(MrtFormat other) {
    return new JournalOptions(rotation, fsync, gzip, other, clock);
  }

  /// The same with another clock.
  public JournalOptions withClock(InstantSource other) {
    return new JournalOptions(rotation, fsync, gzip, format, other);
  }
}
