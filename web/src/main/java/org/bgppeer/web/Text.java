package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How values are written on pages: the one place for numbers, times, ages and families. AS paths
/// are [AsPathHops]'s. Everything is UTC, says so once in the footer, and is plain text: the
/// templates escape it.
public final class Text {
  private static final DateTimeFormatter DAY = utc("yyyy-MM-dd");
  private static final DateTimeFormatter SHORT_DAY = utc("MM-dd");
  private static final DateTimeFormatter TIME = utc("HH:mm:ss");
  private static final DateTimeFormatter MINUTE = utc("HH:mm");
  private static final DateTimeFormatter MILLIS = utc(".SSS");
  private static final DateTimeFormatter WHOLE = utc("yyyy-MM-dd HH:mm:ss 'UTC'");
  private static final DateTimeFormatter WHOLE_MILLIS = utc("yyyy-MM-dd HH:mm:ss.SSS 'UTC'");
  private static final DateTimeFormatter WHOLE_MICROS = utc("yyyy-MM-dd HH:mm:ss.SSSSSS 'UTC'");
  private static final DateTimeFormatter LONG_DAY = utc("EEEE d MMMM yyyy");
  private static final Pattern FAMILY = Pattern.compile("ipv([46])-([a-z-]+)");

  private Text() {}

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /// `1,041,233`; from a billion `2.14 billion`, where the exact number belongs into a title.
  public static String number(long value) {
    return value >= 1_000_000_000L
        ? String.format(Locale.ROOT, "%.2f billion", value / 1e9)
        : exact(value);
  }

  /// `1,041,233`, however long.
  public static String exact(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// `1 route`, `2 routes`, `0 routes`.
  ///
  /// @param one the word for one of them; its plural has an `s`
  public static String count(long value, String one) {
    return number(value) + " " + one + (value == 1 ? "" : "s");
  }

  /// `0`, `under 0.1`, `14.2`, `5,013`.
  static String perSecond(double value) {
    return value == 0
        ? "0"
        : value < 0.1
            ? "under 0.1"
            : value < 100 ? String.format(Locale.ROOT, "%.1f", value) : number(Math.round(value));
  }

  /// `812 GB`, `1.2 MB`, in powers of ten.
  public static String bytes(long value) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    double rest = value;
    int unit = 0;
    while (rest >= 1000 && unit < units.length - 1) {
      rest /= 1000;
      unit++;
    }
    return (unit > 0 && rest < 10
            ? String.format(Locale.ROOT, "%.1f", rest)
            : Math.round(rest) + "")
        + " "
        + units[unit];
  }

  /// `0.4 s`, `12 s`, `3 min 20 s`: how far something is behind.
  public static String lag(double seconds) {
    return seconds < 10
        ? String.format(Locale.ROOT, "%.1f s", Math.max(0, seconds))
        : age(Duration.ofSeconds((long) seconds));
  }

  /// An age with at most two units, the second only where it matters: `8 s`, `1 min 18 s`, `29
  /// min`, `9 h 21 min`, `6 d 2 h`, `203 d`. What lies ahead has the age 0.
  public static String age(Duration length) {
    long s = Math.max(0, length.toSeconds());
    if (s < 60) {
      return s + " s";
    }
    if (s < 600) {
      return s / 60 + " min" + (s % 60 == 0 ? "" : " " + s % 60 + " s");
    }
    if (s < 3600) {
      return s / 60 + " min";
    }
    if (s < 86400) {
      return s / 3600 + " h" + (s / 60 % 60 == 0 ? "" : " " + s / 60 % 60 + " min");
    }
    if (s < 14 * 86400) {
      return s / 86400 + " d" + (s / 3600 % 24 == 0 ? "" : " " + s / 3600 % 24 + " h");
    }
    return s / 86400 + " d";
  }

  /// The age of something that began at `since`.
  public static String age(Instant since, Instant now) {
    return age(Duration.between(since, now));
  }

  /// For the `datetime` attribute: ISO 8601 in UTC.
  public static String iso(Instant at) {
    return at.toString();
  }

  /// For the `title` attribute: `2026-03-17 03:12:07 UTC`.
  public static String whole(Instant at) {
    return WHOLE.format(at);
  }

  /// The same to the millisecond.
  public static String wholeMillis(Instant at) {
    return WHOLE_MILLIS.format(at);
  }

  /// The same to the microsecond, as precise as we know it.
  public static String wholeMicros(Instant at) {
    return WHOLE_MICROS.format(at);
  }

  /// `03:12:07`.
  public static String time(Instant at) {
    return TIME.format(at);
  }

  /// `03:12`.
  public static String minute(Instant at) {
    return MINUTE.format(at);
  }

  /// `.481`, the part behind the seconds.
  public static String millis(Instant at) {
    return MILLIS.format(at);
  }

  /// What to put before the time of day: nothing today, `03-12` in the last 300 days, `2025-08-01`
  /// before.
  public static @Nullable String day(Instant at, Instant now) {
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (day.equals(today)) {
      return null;
    }
    return day.isAfter(today.minusDays(300)) && day.isBefore(today)
        ? SHORT_DAY.format(at)
        : DAY.format(at);
  }

  /// `2025-08-01`.
  public static String date(Instant at) {
    return DAY.format(at);
  }

  /// `03-17`.
  public static String shortDay(Instant at) {
    return SHORT_DAY.format(at);
  }

  /// `Tuesday 17 March 2026`.
  public static String longDate(Instant at) {
    return LONG_DAY.format(at);
  }

  /// `IPv4 unicast` for `ipv4-unicast`; a family without a usual name as it is.
  public static String family(String family) {
    var matcher = FAMILY.matcher(family);
    return matcher.matches()
        ? "IPv" + matcher.group(1) + " " + words(matcher.group(2))
        : USUAL_NAMES.getOrDefault(family, family);
  }

  private static final Map<String, String> USUAL_NAMES =
      Map.of(
          "l2vpn-evpn", "EVPN",
          "l2vpn-vpls", "VPLS",
          "l2vpn-flowspec", "L2VPN FlowSpec",
          "l2vpn-flowspec-vpn", "L2VPN FlowSpec VPN",
          "bgp-ls", "BGP-LS",
          "bgp-ls-vpn", "BGP-LS VPN");

  private static String words(String rest) {
    return switch (rest) {
      case "vpn" -> "VPN";
      case "vpn-multicast" -> "VPN multicast";
      case "mcast-vpn" -> "multicast VPN";
      case "flowspec" -> "FlowSpec";
      case "flowspec-vpn" -> "FlowSpec VPN";
      case "sr-policy" -> "SR policy";
      case "mup" -> "MUP";
      default -> rest.replace('-', ' ');
    };
  }

  /// `v4` for `ipv4-unicast`, `v4 multicast` for `ipv4-multicast`.
  public static String shortFamily(String family) {
    var matcher = FAMILY.matcher(family);
    if (!matcher.matches()) {
      return USUAL_NAMES.getOrDefault(family, family);
    }
    String rest = matcher.group(2);
    return "v" + matcher.group(1) + (rest.equals("unicast") ? "" : " " + words(rest));
  }

  /// A reason or state for the middle of a sentence: its first letter small unless it is a name.
  public static String lower(String sentence) {
    return sentence.length() < 2 || Character.isUpperCase(sentence.charAt(1))
        ? sentence
        : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  /// A clause as a sentence: a capital at the begin, a full stop at the end.
  public static String sentence(String clause) {
    return clause.isEmpty()
        ? clause
        : Character.toUpperCase(clause.charAt(0))
            + clause.substring(1)
            + (clause.endsWith(".") ? "" : ".");
  }

  /// One step of an AS path as it is shown.
  ///
  /// @param as the AS; null if this is a set or a confederation segment
  /// @param times how often it stands in a row
  /// @param text the AS, or the segment as text: `{64505 64506}`
  public record Hop(@Nullable Long as, int times, String text) {}

  /// The steps of an AS path, an AS that stands several times in a row once with its count. Sets
  /// and confederation segments stay whole.
  ///
  /// @param path as [org.bgppeer.store.RouteRow#asPath()] has it
  public static List<Hop> hops(String path) {
    var hops = new ArrayList<Hop>();
    int i = 0;
    while (i < path.length()) {
      char c = path.charAt(i);
      if (c == ' ') {
        i++;
        continue;
      }
      int end = endOfHop(path, i);
      String text = path.substring(i, end);
      Long as = Visit.readAs(text).orElse(null);
      Hop last = hops.isEmpty() ? null : hops.getLast();
      if (as != null && last != null && as.equals(last.as())) {
        hops.set(hops.size() - 1, new Hop(as, last.times() + 1, text));
      } else {
        hops.add(new Hop(as, 1, text));
      }
      i = end;
    }
    return hops;
  }

  private static int endOfHop(String path, int start) {
    char close =
        switch (path.charAt(start)) {
          case '{' -> '}';
          case '(' -> ')';
          case '[' -> ']';
          default -> ' ';
        };
    int end = path.indexOf(close, start);
    return end < 0 ? path.length() : close == ' ' ? end : end + 1;
  }

  /// So many steps of an AS path are shown; what has more is nothing that a person reads.
  private static final int HOPS = 48;

  /// The same, but of a path with more steps than anybody reads only the first and the last ones.
  public static List<Hop> shortHops(String path) {
    List<Hop> hops = hops(path);
    if (hops.size() <= HOPS) {
      return hops.stream()
          .map(hop -> hop.as() == null ? new Hop(null, hop.times(), cut(hop.text())) : hop)
          .toList();
    }
    var some = new ArrayList<>(hops.subList(0, HOPS - 8));
    some.add(new Hop(null, 1, "… " + exact(hops.size() - HOPS) + " more …"));
    some.addAll(hops.subList(hops.size() - 8, hops.size()));
    return some;
  }

  /// A set of many AS, cut.
  private static String cut(String segment) {
    return segment.length() <= 400 ? segment : segment.substring(0, 400) + "…";
  }

  /// An AS path as one line: `64500 64511×3 {64505 64506}`.
  public static String path(String path) {
    var out = new StringBuilder();
    for (Hop hop : shortHops(path)) {
      out.append(out.isEmpty() ? "" : " ").append(hop.text());
      if (hop.times() > 1) {
        out.append('×').append(hop.times());
      }
    }
    return out.toString();
  }
}
