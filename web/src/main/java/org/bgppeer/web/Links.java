package org.bgppeer.web;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The addresses of things, encoded. Names come from configurations and archives: any character may
/// be in them.
public final class Links {
  private static final String UNRESERVED =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

  private Links() {}

  /// The page of a neighbor.
  public static String neighbor(String name) {
    return "/neighbor/" + segment(name);
  }

  /// The page of a prefix in its usual text, or of another NLRI in its canonical one, which has a
  /// space.
  public static String prefix(String prefix) {
    // A slash within a segment would need %2F, which servers and proxies refuse.
    return prefix.indexOf(' ') < 0
        ? "/prefix/" + prefix
        : "/route/" + segment(prefix.replace('/', SLASH));
  }

  /// The text of the NLRI whose page is at `/route/` and this segment, decoded.
  static String nlri(String segment) {
    return segment.replace(SLASH, '/');
  }

  /// What stands for a slash: no NLRI's text has it.
  private static final char SLASH = '~';

  /// The page of an AS.
  public static String as(long as) {
    return "/as/" + as;
  }

  /// The page of a packet.
  public static String packet(long id) {
    return "/packet/" + id;
  }

  /// The packets of a neighbor, newest first.
  public static String packetsOf(String neighbor) {
    return "/packets?neighbor=" + segment(neighbor);
  }

  /// The packets that name a prefix.
  public static String packetsNaming(String prefix) {
    return "/packets?prefix=" + prefix; // none of its characters means anything there
  }

  /// The page of a community, in the text that routes are shown with.
  public static String community(String community) {
    return "/community/" + segment(community).replace("%3A", ":");
  }

  /// The page of a next hop.
  ///
  /// @param address without the link-local one that may stand behind it
  public static String nextHop(String address) {
    return "/next-hop/" + segment(address).replace("%3A", ":");
  }

  /// A moment as the value of a parameter.
  static String moment(java.time.Instant at) {
    return Text.iso(at);
  }

  /// Any text as one segment of a path, or as the value of a parameter.
  ///
  /// All but RFC 3986's unreserved characters are encoded; and the dot of a name that ends like a
  /// data form, so that a neighbor called `a.json` still has a page.
  public static String segment(String text) {
    boolean looksLikeForm = text.endsWith(".json") || text.endsWith(".csv");
    var out = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = octet == '.' ? !looksLikeForm : UNRESERVED.indexOf(octet) >= 0;
      if (plain) {
        out.append((char) octet);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      }
    }
    return out.toString();
  }
}
