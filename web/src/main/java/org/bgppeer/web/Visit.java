package org.bgppeer.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bgppeer.store.CommunityPattern;
import org.bgppeer.store.Queries;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// One request as a page sees it: what was asked for, read and checked. Whatever cannot be read is
/// a [Refusal] that names the parameter and says what is allowed.
final class Visit {

  /// How the answer is wanted.
  enum Form {
    HTML,
    JSON,
    CSV
  }

  private static final Pattern WINDOW = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
  private static final Pattern CLOCK = Pattern.compile("[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?");

  private final Queries queries;
  private final AsNames names;
  private final Instant now;
  private final Form form;
  private final String path;
  private final Map<String, String> pathParameters;
  private final Map<String, String> parameters;
  private @Nullable Instant moment;
  private boolean momentRead;

  /// @param path as it came, still encoded, without `.json` or `.csv`
  /// @param pathParameters decoded
  /// @param parameters of the query, decoded, in the order in which they came
  Visit(
      Queries queries,
      AsNames names,
      Instant now,
      Form form,
      String path,
      Map<String, String> pathParameters,
      Map<String, String> parameters) {
    this.queries = queries;
    this.names = names;
    this.now = now;
    this.form = form;
    this.path = path;
    this.pathParameters = pathParameters;
    this.parameters = parameters;
  }

  Queries queries() {
    return queries;
  }

  /// What autonomous systems are called.
  AsNames names() {
    return names;
  }

  /// When the request came: one moment for the whole page, so that its ages agree.
  Instant now() {
    return now;
  }

  Form form() {
    return form;
  }

  /// A part of the path, `{name}` in the address, decoded.
  String part(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no {" + name + "} in this address");
    }
    return value;
  }

  /// Whether the address has a part `{name}`.
  boolean has(String name) {
    return pathParameters.containsKey(name);
  }

  /// A parameter without white space around it; null if it is absent or empty.
  @Nullable String text(String name) {
    String value = parameters.get(name);
    if (value != null && value.indexOf('\0') >= 0) { // which PostgreSQL refuses to look for
      throw Refusal.parameter(name, value, "text, without the character NUL");
    }
    return value == null || value.isBlank() ? null : value.strip();
  }

  /// A parameter that is a whole number; null if absent.
  @Nullable Long number(String name, long least, long most) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw badNumber(name, value, least, most);
    }
    throw badNumber(name, value, least, most);
  }

  private static Refusal badNumber(String name, String value, long least, long most) {
    return Refusal.parameter(
        name,
        value,
        most == Long.MAX_VALUE
            ? "a number, " + least + " or more"
            : "a number from " + least + " to " + most);
  }

  /// An AS number, with or without `AS` in front; null if absent.
  @Nullable Long as(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    return readAs(value)
        .orElseThrow(
            () -> Refusal.parameter(name, value, "an AS number from 0 to 4294967295, or AS64500"));
  }

  /// Reads `64500` or `AS64500`; empty if it is no AS number.
  static Optional<Long> readAs(String text) {
    String digits = text.regionMatches(true, 0, "AS", 0, 2) ? text.substring(2).strip() : text;
    if (digits.isEmpty()
        || digits.length() > 10
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    long as = Long.parseLong(digits);
    return as <= 0xffff_ffffL ? Optional.of(as) : Optional.empty();
  }

  /// A prefix, or an address (then of full length); null if absent.
  @Nullable Prefix prefix(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      return value.indexOf('/') < 0 ? Prefix.ofAddress(value) : Prefix.parse(value);
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter(name, value, "a prefix such as 192.0.2.0/24 or 2001:db8::/32");
    }
  }

  /// A parameter that is a family, `ipv4-unicast`, as families are written; null if absent.
  @Nullable String family(String name) {
    String value = text(name);
    try {
      return value == null ? null : Family.parse(value).toString();
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter(name, value, "a family such as ipv4-unicast");
    }
  }

  /// A moment in UTC, `2026-03-17T03:11:50Z` or shorter (`2026-03-17 03:11`; `03:11`, which is the
  /// last time that it was so late), or how long ago (`15m`, `2h`, `3d`); null if absent.
  @Nullable Instant time(String name) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    if (WINDOW.matcher(value).matches()) {
      return now.minus(window(name, Duration.ZERO, Duration.ofDays(36_600)))
          .truncatedTo(ChronoUnit.SECONDS);
    }
    try {
      String plain = value.replaceFirst("( ?UTC|Z)$", "").replace(' ', 'T');
      if (CLOCK.matcher(plain).matches()) {
        Instant today =
            LocalTime.parse(plain.indexOf(':') == 1 ? "0" + plain : plain)
                .atDate(LocalDate.ofInstant(now, ZoneOffset.UTC))
                .toInstant(ZoneOffset.UTC);
        return today.isAfter(now) ? today.minus(Duration.ofDays(1)) : today;
      }
      return LocalDateTime.parse(plain.length() == 10 ? plain + "T00:00" : plain)
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw Refusal.parameter(
          name,
          value,
          "a time in UTC such as 2026-03-17T03:11:50Z, 2026-03-17 03:11 or 03:11, or how long ago:"
              + " 15m, 2h, 3d");
    }
  }

  /// The moment of the past that a page is asked to show, `at`; null for now.
  @Nullable Instant moment() {
    if (!momentRead) {
      moment = readMoment();
      momentRead = true;
    }
    return moment;
  }

  /// The moment that the page shows: the one asked for, or now. Its ages count from there.
  Instant shown() {
    Instant at = moment();
    return at == null ? now : at;
  }

  private @Nullable Instant readMoment() {
    return past("at");
  }

  /// A moment that has passed and is known; null if absent.
  @Nullable Instant past(String name) {
    Instant at = time(name);
    if (at == null) {
      return null;
    }
    if (at.isAfter(now)) {
      throw Refusal.parameter(name, text(name), "a time that has passed")
          .near(new Refusal.Suggestion(at(null), "now", "this page without a time"));
    }
    Instant oldest = queries.oldest();
    if (oldest == null || at.isBefore(oldest.truncatedTo(ChronoUnit.SECONDS))) {
      Refusal refusal =
          Refusal.parameter(
              name,
              text(name),
              oldest == null
                  ? "left out: the database has seen nothing yet"
                  : "a time since " + Text.whole(oldest) + ", which is the oldest that is known");
      throw oldest == null
          ? refusal
          : refusal.near(
              new Refusal.Suggestion(
                  at(oldest.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1)),
                  Text.whole(oldest),
                  "this page as of the oldest time that is known"));
    }
    return at;
  }

  /// A community or many that look alike; null if absent.
  @Nullable String community(String name) {
    String value = text(name);
    if (value != null) {
      try {
        CommunityPattern.parse(value);
      } catch (IllegalArgumentException e) {
        throw Refusal.parameter(name, value, "a community: " + CommunityPattern.FORMS);
      }
    }
    return value;
  }

  /// An address in its usual text.
  @Nullable String address(String name) {
    String value = text(name);
    try {
      return value == null ? null : Prefix.ofAddress(value).toString().replaceFirst("/.*", "");
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter(name, value, "an address such as 192.0.2.1 or 2001:db8::1");
    }
  }

  /// One of some words.
  ///
  /// @param usual what an absent parameter means; need not be among `allowed`
  String choice(String name, String usual, String... allowed) {
    String value = text(name);
    if (value == null) {
      return usual;
    }
    for (String each : allowed) {
      if (each.equals(value)) {
        return value;
      }
    }
    throw Refusal.parameter(name, value, "one of " + String.join(", ", allowed));
  }

  /// A length of time: `90s`, `15m`, `4h`, `30d`.
  Duration window(String name, Duration usual, Duration most) {
    String value = text(name);
    if (value == null) {
      return usual;
    }
    var matcher = WINDOW.matcher(value);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration length =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (length.compareTo(most) <= 0) {
        return length;
      }
    }
    throw Refusal.parameter(
        name, value, "a length of time such as 90s, 15m, 4h or 7d, at most " + Text.age(most));
  }

  /// The address of this page with one parameter set, or without it.
  ///
  /// @param value null to leave it out
  String with(String name, @Nullable String value) {
    var changed = new LinkedHashMap<>(parameters);
    if (value == null) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    return path + query(changed);
  }

  /// The address of this page with some parameters set; with an empty value, without them.
  String with(Map<String, String> values) {
    var changed = new LinkedHashMap<>(parameters);
    changed.putAll(values);
    return path + query(changed);
  }

  /// The address of this page without some of its parameters.
  String without(String... names) {
    var rest = new LinkedHashMap<>(parameters);
    for (String name : names) {
      rest.remove(name);
    }
    return path + query(rest);
  }

  /// The address of this page at another moment; null for now. Keys of pages are left out: they are
  /// of rows that may not be there then.
  String at(@Nullable Instant moment) {
    var changed = new LinkedHashMap<>(parameters("after", "before"));
    if (moment == null) {
      changed.remove("at");
    } else {
      changed.put("at", Text.iso(moment));
    }
    return path + query(changed);
  }

  /// The parameters that it came with, without some.
  Map<String, String> parameters(String... without) {
    var rest = new LinkedHashMap<>(parameters);
    for (String name : without) {
      rest.remove(name);
    }
    rest.values().removeIf(String::isBlank);
    return rest;
  }

  /// The address of this page without any parameter.
  String plain() {
    return path;
  }

  /// The address of this page in another form: `suffix` is `.json` or `.csv`.
  String as(Form wanted) {
    String suffix =
        switch (wanted) {
          case HTML -> "";
          case JSON -> ".json";
          case CSV -> ".csv";
        };
    String base = path.equals("/") ? (suffix.isEmpty() ? "/" : "/dashboard") : path;
    return base + suffix + query(parameters);
  }

  private static String query(Map<String, String> parameters) {
    var out = new StringBuilder();
    parameters.forEach(
        (name, value) -> {
          if (!value.isBlank()) {
            out.append(out.isEmpty() ? '?' : '&')
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                // a query may hold these two as they are (RFC 3986 section 3.4)
                .append(
                    URLEncoder.encode(value, StandardCharsets.UTF_8)
                        .replace("%3A", ":")
                        .replace("%2F", "/"));
          }
        });
    return out.toString();
  }
}
