package org.bgppeer.store;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Communities;
import org.bgppeer.wire.ExtendedCommunities;
import org.jspecify.annotations.Nullable;

/// One community that is asked for, or many that look alike.
///
/// ```
/// 64500:100                 a community (RFC 1997), by its numbers
/// no-export  NO_EXPORT      ... a well-known one by IANA's name for it
/// 64500:1:2                 a large community (RFC 8092)
/// rt:64500:100  ro:64500:7  an extended community, by the name that routes are shown with
/// rt:[2001:db8::1]:7        ... of IPv6 (RFC 5701)
/// 64500:*  *:666  rt:*:100  * stands for any digits, none included
/// ```
///
/// @param column of `path_attributes` that has communities of this kind, separated by spaces
/// @param literal the longest part of the text without a `*`: what a quick search begins with
/// @param begin the text up to the first `*`
/// @param expression a regular expression that is found in the column if such a community is there;
///     null if `literal` is all of the text
public record CommunityPattern(
    String column, String literal, String begin, @Nullable String expression) {
  private static final Pattern NUMBERS = Pattern.compile("[0-9*]+(:[0-9*]+){1,2}");
  private static final Pattern IPV6 = Pattern.compile("([a-z][a-z-]*):\\[([0-9a-f:.]+)]:([0-9*]+)");
  private static final int FIRST_WELL_KNOWN = 0xffff;

  /// What [#parse] reads, for a message.
  public static final String FORMS =
      "64500:100, 64500:1:2, rt:64500:100, ro:..., no-export, blackhole, ...; * stands for any"
          + " digits, as in 64500:*";

  private static final Map<String, String> WELL_KNOWN = wellKnown();

  private static Map<String, String> wellKnown() {
    var names = new HashMap<String, String>();
    for (int low = 0; low <= 0xffff; low++) {
      String name = Communities.wellKnownName((long) FIRST_WELL_KNOWN << 16 | low);
      if (name != null) {
        names.put(name, FIRST_WELL_KNOWN + ":" + low);
      }
    }
    return Map.copyOf(names);
  }

  /// Reads one of the forms above.
  ///
  /// @throws IllegalArgumentException if it is none; says what is
  public static CommunityPattern parse(String asked) {
    String text = asked.strip().toLowerCase(Locale.ROOT);
    String numbers = WELL_KNOWN.get(text.replace('_', '-'));
    if (numbers != null) {
      return of("communities", numbers);
    }
    if (NUMBERS.matcher(text).matches()) {
      List<String> parts = List.of(text.split(":"));
      boolean large = parts.size() == 3;
      for (String part : parts) {
        long most = large ? 0xffff_ffffL : 0xffff;
        if (part.indexOf('*') < 0 && (part.length() > 10 || Long.parseLong(part) > most)) {
          throw new IllegalArgumentException(
              "'%s' is not a community: %s is above %d%s"
                  .formatted(
                      asked,
                      part,
                      most,
                      large ? "" : "; a larger AS has large communities, " + text + ":0"));
        }
      }
      return of(large ? "large_communities" : "communities", text);
    }
    String named = text.startsWith("ro:") ? "soo" + text.substring(2) : text;
    var ipv6 = IPV6.matcher(named);
    if (ipv6.matches()) {
      try {
        String address = AddressText.of(AddressText.parse(ipv6.group(2)));
        return of("ext_communities", ipv6.group(1) + ":[" + address + "]:" + ipv6.group(3));
      } catch (IllegalArgumentException e) {
        throw none(asked, e);
      }
    }
    if (named.indexOf(':') > 0 || named.startsWith("0x")) {
      try {
        if (named.indexOf('*') < 0) {
          long value = ExtendedCommunities.parse(named);
          return of("ext_communities", new ExtendedCommunities(List.of(value)).toString());
        }
        ExtendedCommunities.parse(named.replaceAll("[0-9]*\\*[0-9*]*", "1"));
        return of("ext_communities", named);
      } catch (IllegalArgumentException e) {
        throw none(asked, e);
      }
    }
    throw none(asked, null);
  }

  /// Whether such a community is in a text of communities with spaces between them.
  public boolean isIn(String communities) {
    return expression != null
        ? Pattern.compile(expression).matcher(communities).find()
        : (" " + communities + " ").contains(" " + literal + " ");
  }

  private static IllegalArgumentException none(String asked, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "'" + asked + "' is not a community; write " + FORMS, cause);
  }

  private static CommunityPattern of(String column, String text) {
    if (text.indexOf('*') < 0) {
      return new CommunityPattern(column, text, text, null);
    }
    String longest = "";
    var expression = new StringBuilder("(^| )");
    for (String part : text.splitWithDelimiters("\\*", 0)) {
      if (part.equals("*")) {
        expression.append("[0-9]*");
      } else {
        expression.append(part.replaceAll("[\\[\\].]", "\\\\$0"));
        longest = part.length() > longest.length() ? part : longest;
      }
    }
    String begin = text.substring(0, text.indexOf('*'));
    return new CommunityPattern(column, longest, begin, expression.append("( |$)").toString());
  }
}
