package org.bgppeer.store;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.bgppeer.journal.Position;

/// The position of a record in the journal as one number, which is what a packet is called by.
///
/// Shape: the minute of the segment since 1970-01-01T00:00Z, times 2^34, plus the offset in it
/// (16 GiB a segment). Later records have greater numbers.
public final class PacketId {
  private static final int OFFSET_BITS = 34;
  private static final String NAME = "updates.";
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyyMMdd.HHmm", Locale.ROOT);

  private PacketId() {}

  /// The number of a position.
  ///
  /// @throws IllegalArgumentException if the segment is not named `updates.YYYYMMDD.HHMM`
  public static long of(Position position) {
    return base(position.segment()) + position.offset();
  }

  /// The number of the first octet of a segment: add the offset of a record.
  ///
  /// @throws IllegalArgumentException if the segment is not named `updates.YYYYMMDD.HHMM`
  static long base(String segment) {
    if (!segment.startsWith(NAME)) {
      throw new IllegalArgumentException("segment " + segment + " is not named updates.*");
    }
    try {
      long second =
          LocalDateTime.parse(segment.substring(NAME.length()), MINUTE)
              .toEpochSecond(ZoneOffset.UTC);
      return (second / 60) << OFFSET_BITS;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "segment " + segment + " is not named updates.YYYYMMDD.HHMM", e);
    }
  }

  /// The position of a number.
  public static Position position(long id) {
    long minute = id >>> OFFSET_BITS;
    String name = NAME + MINUTE.format(LocalDateTime.ofEpochSecond(minute * 60, 0, ZoneOffset.UTC));
    return new Position(name, id & ((1L << OFFSET_BITS) - 1));
  }
}
