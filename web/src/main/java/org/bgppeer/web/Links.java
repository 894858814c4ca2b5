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

  /// The page of a prefix in its usual text.
  public static String prefix(String prefix) {
    return "/prefix/" + prefix;
  }

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
