package org.bgppeer.web;

import java.time.Instant;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keeps a reader in the past: the links and forms of a page that shows another moment than now
/// lead to other pages of the same moment.
///
/// It is done to the finished page, so no template can forget it. What leaves the past on purpose
/// has the attribute `data-now`, and an address that names a moment already keeps it.
final class PastLinks {
  /// A start tag as templates write it. Text from outside cannot look like one: its `<` is escaped,
  /// and a quote within an attribute too.
  private static final Pattern TAG =
      Pattern.compile("<(a|form)((?:\\s+[a-zA-Z-]+(?:=\"[^\"]*\")?)*+)\\s*>");

  private static final Pattern HREF = Pattern.compile("\\s(?:href|action)=\"(/[^\"]*)\"");
  private static final Pattern HAS_MOMENT = Pattern.compile("[?;]at=");

  private PastLinks() {}

  /// @param html a whole page
  /// @param has whether the page at a path can show a moment; a suffix `.json` or `.csv` is off
  static String keep(String html, Instant at, Predicate<String> has) {
    var out = new StringBuilder(html.length() + html.length() / 16);
    Matcher tag = TAG.matcher(html);
    while (tag.find()) {
      String attributes = tag.group(2);
      Matcher href = HREF.matcher(attributes);
      String kept = tag.group();
      if (!attributes.contains(" data-now") && href.find()) {
        String address = href.group(1);
        String path = address.replaceFirst("[?#].*", "").replaceFirst("\\.(json|csv)$", "");
        if (has.test(path) && !HAS_MOMENT.matcher(address).find()) {
          kept =
              tag.group(1).equals("form")
                  ? kept + "<input type=\"hidden\" name=\"at\" value=\"" + Text.iso(at) + "\">"
                  : kept.replace("\"" + address + "\"", "\"" + with(address, at) + "\"");
        }
      }
      tag.appendReplacement(out, Matcher.quoteReplacement(kept));
    }
    return tag.appendTail(out).toString();
  }

  private static String with(String address, Instant at) {
    int fragment = address.indexOf('#');
    String rest = fragment < 0 ? "" : address.substring(fragment);
    String plain = fragment < 0 ? address : address.substring(0, fragment);
    return plain + (plain.indexOf('?') < 0 ? "?" : "&amp;") + "at=" + Text.iso(at) + rest;
  }
}
