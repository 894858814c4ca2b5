package org.bgppeer.app;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Values of settings, each judged where it stands. One that is wrong is reported, and replaced by
/// one that is harmless for the checks that follow.
final class SettingValues {
  static final String ALLOWED_AS = "allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)";
  static final String ALLOWED_ADDRESS =
      "allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1";
  private static final String ALLOWED_HOLD_TIME =
      "allowed is 0 (off) or 3..65535, in seconds and without a unit";
  private static final long AS_TRANS = 23456;
  private static final Pattern OTHER_AS =
      Pattern.compile("(?i)(?:ASN?)? ?(?:(?<high>\\d{1,5})\\.)?(?<low>\\d{1,10})");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern OCTETS = Pattern.compile("([1-9]\\d{0,6})([MGT])");

  final List<Problem> problems = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();

  @Nullable InetAddress address(Fields fields, String key) {
    String text = fields.text(key);
    if (text == null) {
      return null;
    }
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      bad(fields.place(key), key + ": " + e.getMessage(), ALLOWED_ADDRESS);
      return null;
    }
  }

  long as(Fields fields, String key) {
    String text = fields.text(key);
    if (text == null) {
      if (fields.value(key) == null) {
        bad(fields.place(), key + " is missing", ALLOWED_AS);
      }
      return 1;
    }
    return as(fields.place(key), key, text);
  }

  /// An AS number that somebody can have.
  long as(Place place, String key, String text) {
    long as = number(text, 4294967295L);
    if (as < 0) {
      bad(place, key + " is '" + text + "'", asNumber(text) + ALLOWED_AS);
      return 1;
    }
    if (as == 0) {
      bad(place, "AS 0 is reserved (RFC 7607)", ALLOWED_AS);
      return 1;
    } else if (as == AS_TRANS) {
      bad(place, "AS 23456 is nobody's own", ALLOWED_AS);
    }
    return as;
  }

  /// What to write in place of `AS64500`, or of `1.10` (RFC 5396); empty for other texts.
  private static String asNumber(String text) {
    Matcher match = OTHER_AS.matcher(text);
    if (!match.matches()) {
      return "";
    }
    String high = match.group("high");
    long low = Long.parseLong(match.group("low"));
    long as = high == null ? low : Long.parseLong(high) << 16 | low;
    return as > 0xffff_ffffL || high != null && low > 0xffff
        ? ""
        : "write " + as + " for it, a number alone; ";
  }

  Duration holdTime(Fields fields, Duration otherwise) {
    String text = fields.text("hold-time");
    if (text == null) {
      return otherwise;
    }
    long seconds = number(text, 65535);
    if (seconds < 0 || seconds == 1 || seconds == 2) {
      bad(fields.place("hold-time"), "hold-time is '" + text + "'", ALLOWED_HOLD_TIME);
      return otherwise;
    }
    return Duration.ofSeconds(seconds);
  }

  Duration duration(Fields fields, String key, Duration otherwise, Duration least, Duration most) {
    String text = fields.text(key);
    if (text == null) {
      return otherwise;
    }
    Matcher match = DURATION.matcher(text);
    if (match.matches()) {
      long amount = Long.parseLong(match.group(1));
      Duration duration =
          switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return duration;
      }
    }
    bad(
        fields.place(key),
        key + " is '" + text + "'",
        "allowed is a time from "
            + words(least)
            + " to "
            + words(most)
            + ", such as "
            + words(otherwise));
    return otherwise;
  }

  /// Octets, as `200G`; 0 for `unlimited`, which counts if it is left out.
  long octets(Fields fields, String key) {
    String text = fields.text(key);
    if (text == null || text.equals("unlimited")) {
      return 0;
    }
    Matcher match = OCTETS.matcher(text);
    if (match.matches()) {
      return Long.parseLong(match.group(1)) << 20 + 10 * "MGT".indexOf(match.group(2));
    }
    bad(
        fields.place(key),
        key + " is '" + text + "'",
        "allowed is a size such as 500M, 200G or 2T, or unlimited");
    return 0;
  }

  /// A time, or null for `forever`, which counts if it is left out.
  @Nullable Duration age(Fields fields, String key) {
    String text = fields.text(key);
    return text == null || text.equals("forever")
        ? null
        : duration(fields, key, Duration.ofDays(90), Duration.ofHours(1), Duration.ofDays(36500));
  }

  static String words(Duration duration) {
    if (duration.toMillis() < 1000) {
      return duration.toMillis() + "ms";
    }
    if (duration.toSeconds() % 60 != 0) {
      return duration.toSeconds() + "s";
    }
    long hours = duration.toHours();
    if (hours >= 48 && hours % 24 == 0) {
      return hours / 24 + "d";
    }
    return hours > 0 ? hours + "h" : duration.toMinutes() + "m";
  }

  /// The number, or -1 if it is not one of 0..most.
  static long number(String text, long most) {
    if (!NUMBER.matcher(text).matches()) {
      return -1;
    }
    long number = Long.parseLong(text);
    return number <= most ? number : -1;
  }

  void bad(Place place, String what, String allowed) {
    problems.add(new Problem(place, what, allowed));
  }
}
