package org.bgppeer.app;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Moments as people write them and as we write them; UTC always.
final class Moment {
  static final String FORMS =
      "2026-03-17T03:11:50Z, '2026-03-17 03:11:50', 2026-03-17, 03:11 (today), all UTC unless a"
          + " zone such as +02:00 is behind; 10m, 2h, 3d or '10 minutes ago'";

  private static final Pattern AGO =
      Pattern.compile(
          "-?(\\d{1,6}) ?(s|m|h|d)(?:ec|in|ecs|ins|econds?|inutes?|ours?|ays?)?( ago)?");
  private static final DateTimeFormatter ISO = utc("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
  private static final DateTimeFormatter MILLIS = utc("yyyy-MM-dd HH:mm:ss.SSS");
  private static final DateTimeFormatter PLAIN = utc("yyyy-MM-dd HH:mm:ss");

  private Moment() {}

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /// `2026-03-17T03:11:50.000000Z`: microseconds always, so that texts sort as times do.
  static String iso(Instant at) {
    return ISO.format(at);
  }

  /// `2026-03-17 03:11:50`, for tables whose heading says UTC.
  static String plain(Instant at) {
    return PLAIN.format(at);
  }

  /// `2026-03-17 03:11:50.481`, where the order within a second matters.
  static String millis(Instant at) {
    return MILLIS.format(at);
  }

  /// Reads one of [#FORMS]; a time without a zone is UTC.
  ///
  /// @throws IllegalArgumentException if it is none of them
  static Instant parse(String text, Clock clock) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long amount = Long.parseLong(ago.group(1));
      return clock
          .instant()
          .minus(
              switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
              });
    }
    if (text.equals("now")) {
      return clock.instant();
    }
    String iso = text.strip().replace(' ', 'T');
    try {
      if (iso.matches(".*T.*(Z|[+-]\\d\\d:\\d\\d)")) {
        return OffsetDateTime.parse(iso).toInstant();
      }
      if (iso.indexOf('T') > 0) {
        return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
      }
      if (iso.indexOf(':') > 0) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return LocalTime.parse(iso).atDate(today).toInstant(ZoneOffset.UTC);
      }
      return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is not a time; write " + FORMS, e);
    }
  }
}
