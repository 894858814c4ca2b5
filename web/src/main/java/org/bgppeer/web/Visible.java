package org.bgppeer.web;

import java.nio.charset.StandardCharsets;

/// Makes visible what text can do to the text around it: control characters, and those that turn
/// the direction of writing (Unicode 9.0 section 23.2, "Trojan Source"). A neighbor's name or
/// shutdown text may hold any.
final class Visible {
  private Visible() {}

  /// A page in UTF-8, with each of these characters as a picture or its number.
  static byte[] of(byte[] page) {
    if (isPlain(page)) {
      return page;
    }
    String text = new String(page, StandardCharsets.UTF_8);
    var out = new StringBuilder(text.length() + 64);
    text.codePoints()
        .forEach(
            c -> {
              if (c < 0x20 && c != '\n' && c != '\t' && c != '\r') {
                out.appendCodePoint(0x2400 + c);
              } else if (c == 0x7f) {
                out.append('\u2421');
              } else if (c > 0x7f && c < 0xa0 || turns(c)) {
                out.append("⟨U+%04X⟩".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean turns(int c) {
    return c >= 0x202a && c <= 0x202e
        || c >= 0x2066 && c <= 0x2069
        || c == 0x200e
        || c == 0x200f
        || c == 0x061c
        || c == 0x2028
        || c == 0x2029;
  }

  /// A quick look: most pages have nothing of this.
  private static boolean isPlain(byte[] page) {
    for (int i = 0; i < page.length; i++) {
      int octet = page[i] & 0xff;
      if (octet < 0x20 && octet != '\n' && octet != '\t' && octet != '\r' || octet == 0x7f) {
        return false;
      }
      if (octet == 0xc2 && i + 1 < page.length && (page[i + 1] & 0xff) < 0xa0) {
        return false; // U+0080..U+009F
      }
      if (octet == 0xd8 && i + 1 < page.length && (page[i + 1] & 0xff) == 0x9c) {
        return false; // U+061C
      }
      if (octet == 0xe2 && i + 1 < page.length) {
        int next = page[i + 1] & 0xff;
        int last = i + 2 < page.length ? page[i + 2] & 0xff : 0;
        if (next == 0x80 && (last == 0x8e || last == 0x8f || last >= 0xa8 && last <= 0xae)
            || next == 0x81 && last >= 0xa6 && last <= 0xa9) {
          return false;
        }
      }
    }
    return true;
  }
}
