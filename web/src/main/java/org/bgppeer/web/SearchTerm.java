package org.bgppeer.web;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.bgppeer.store.CommunityPattern;
import org.bgppeer.wire.Prefix;

/// What a text in the search field can mean. One text may have several meanings: `64511` is an AS,
/// and maybe a part of a neighbor's name.
public sealed interface SearchTerm {

  /// One address: its longest match is looked for.
  ///
  /// @param address of full length
  /// @param text it in its usual form
  record Address(Prefix address, String text) implements SearchTerm {}

  /// One prefix.
  ///
  /// @param asTyped false if bits behind the length were set and had to be cleared
  /// @param inside whether all that lies within it is asked for too (`192.0.2.0/24+`)
  record Exact(Prefix prefix, boolean asTyped, boolean inside) implements SearchTerm {}

  /// The canonical text of an NLRI that is not just a prefix: `64500:100 192.0.2.0/24`.
  record Nlri(String text) implements SearchTerm {}

  /// An AS.
  record As(long as) implements SearchTerm {}

  /// A community of any kind, in its usual text; `*` stands for any digits.
  record Community(String text) implements SearchTerm {}

  /// A next hop.
  record NextHop(String address) implements SearchTerm {}

  /// AS that follow each other in a path.
  record Path(List<Long> ases) implements SearchTerm {}

  /// A name or a part of one.
  record Name(String text) implements SearchTerm {}

  /// A prefix that cannot be: what is wrong with it, in words.
  record NoPrefix(String why) implements SearchTerm {}

  Pattern COMMUNITY =
      Pattern.compile("(?:[0-9]{1,10}|\\*):(?:[0-9]{1,10}|\\*)(?::(?:[0-9]{1,10}|\\*))?");
  Pattern EXTENDED = Pattern.compile("[a-z][a-z0-9-]*:[0-9a-z.:*-]+", Pattern.CASE_INSENSITIVE);
  Pattern ASDOT = Pattern.compile("(?i)AS ?([0-9]{1,5})\\.([0-9]{1,5})");
  Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /// Well-known communities by name (IANA "BGP Well-known Communities").
  Map<String, String> WELL_KNOWN =
      Map.of(
          "no-export", "no-export",
          "no-advertise", "no-advertise",
          "no-export-subconfed", "no-export-subconfed",
          "nopeer", "no-peer",
          "no-peer", "no-peer",
          "blackhole", "blackhole",
          "graceful-shutdown", "graceful-shutdown",
          "llgr-stale", "llgr-stale",
          "no-llgr", "no-llgr");

  /// All meanings of a text, the likeliest first; empty if it is blank.
  static List<SearchTerm> of(String typed) {
    String text = typed.strip();
    var meanings = new ArrayList<SearchTerm>();
    if (text.isEmpty()) {
      return meanings;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("nh:")) {
      nextHop(text.substring(3).strip(), meanings);
      return meanings;
    }
    if (lower.startsWith("path:")) {
      path(text.substring(5).strip(), meanings);
      return meanings;
    }
    if (text.indexOf(' ') > 0 && Visit.readAs(text).isEmpty()) {
      meanings.add(new Nlri(text.replaceAll(" +", " ")));
    } else if (text.indexOf('/') >= 0) {
      prefix(text, meanings);
    } else if (ADDRESS.matcher(text).matches()) {
      address(text, meanings);
    }
    as(text, meanings);
    if (COMMUNITY.matcher(text).matches()) {
      community(text, meanings);
    } else if (WELL_KNOWN.containsKey(lower)) {
      community(WELL_KNOWN.get(lower), meanings);
    } else if (meanings.isEmpty() && EXTENDED.matcher(text).matches()) {
      community(lower, meanings);
    }
    if (meanings.stream().noneMatch(Exact.class::isInstance)) {
      meanings.add(new Name(text));
    }
    return meanings;
  }

  private static void community(String text, List<SearchTerm> meanings) {
    try {
      CommunityPattern.parse(text);
      meanings.add(new Community(text));
    } catch (IllegalArgumentException e) {
      meanings.add(new NoPrefix(reason(e)));
    }
  }

  private static void nextHop(String text, List<SearchTerm> meanings) {
    try {
      String address = Prefix.ofAddress(text).toString();
      meanings.add(new NextHop(address.substring(0, address.indexOf('/'))));
    } catch (IllegalArgumentException e) {
      meanings.add(new NoPrefix(reason(e)));
    }
  }

  private static void path(String text, List<SearchTerm> meanings) {
    var ases = new ArrayList<Long>();
    for (String word : text.split("[ ,]+")) {
      Visit.readAs(word).ifPresent(ases::add);
    }
    if (!ases.isEmpty() && ases.size() == text.split("[ ,]+").length) {
      meanings.add(new Path(List.copyOf(ases)));
    } else {
      meanings.add(new NoPrefix("“" + text + "” is not a row of AS numbers such as 64504 64511."));
    }
  }

  private static void prefix(String text, List<SearchTerm> meanings) {
    boolean inside = text.endsWith("+");
    String plain = inside ? text.substring(0, text.length() - 1).strip() : text;
    try {
      Prefix prefix = Prefix.parse(plain);
      byte[] typed = Prefix.ofAddress(plain.substring(0, plain.indexOf('/'))).address();
      meanings.add(new Exact(prefix, Arrays.equals(typed, prefix.address()), inside));
    } catch (IllegalArgumentException e) {
      meanings.add(new NoPrefix(reason(e)));
    }
  }

  private static void address(String text, List<SearchTerm> meanings) {
    try {
      Prefix address = Prefix.ofAddress(text);
      String usual = address.toString();
      meanings.add(new Address(address, usual.substring(0, usual.indexOf('/'))));
    } catch (IllegalArgumentException e) {
      if (!COMMUNITY.matcher(text).matches()) {
        meanings.add(new NoPrefix(reason(e)));
      }
    }
  }

  private static void as(String text, List<SearchTerm> meanings) {
    var dotted = ASDOT.matcher(text);
    if (dotted.matches()) {
      long high = Long.parseLong(dotted.group(1));
      long low = Long.parseLong(dotted.group(2));
      if (high <= 0xffff && low <= 0xffff) {
        meanings.add(new As(high << 16 | low));
      }
      return;
    }
    Visit.readAs(text).ifPresent(as -> meanings.add(new As(as)));
  }

  private static String reason(IllegalArgumentException e) {
    String message = e.getMessage();
    return message == null ? "It cannot be read." : message + ".";
  }
}
