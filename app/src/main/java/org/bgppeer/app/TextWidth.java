package org.bgppeer.app;

/// How many columns of a terminal a text takes.
final class TextWidth {
  private TextWidth() {}

  /// The columns of this text: none for combining marks, two for wide East Asian characters and
  /// pictures, else one.
  static int of(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      width += of(codePoint);
      i += Character.charCount(codePoint);
    }
    return width;
  }

  private static int of(int codePoint) {
    if (codePoint < 0x300) {
      return 1;
    }
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  /// The blocks of Unicode's EastAsianWidth `W` and `F` that occur in names.
  private static boolean isWide(int c) {
    return c >= 0x1100 && c <= 0x115f
        || c >= 0x2e80 && c <= 0x303e
        || c >= 0x3041 && c <= 0xa4cf
        || c >= 0xac00 && c <= 0xd7a3
        || c >= 0xf900 && c <= 0xfaff
        || c >= 0xfe30 && c <= 0xfe6f
        || c >= 0xff00 && c <= 0xff60
        || c >= 0xffe0 && c <= 0xffe6
        || c >= 0x1f300 && c <= 0x1faff
        || c >= 0x20000 && c <= 0x3fffd;
  }

  /// The text if it fits into so many columns, else its begin and `…`.
  static String cut(String text, int columns) {
    if (of(text) <= columns) {
      return text;
    }
    int width = 1;
    int end = 0;
    while (true) {
      int codePoint = text.codePointAt(end);
      width += of(codePoint);
      if (width > columns) {
        return text.substring(0, end) + "…";
      }
      end += Character.charCount(codePoint);
    }
  }

  /// The text without what would disturb a terminal or a table: control characters, which a
  /// neighbor may have put into its shutdown text, become a middle dot.
  static String safe(String text) {
    int i = 0;
    while (i < text.length() && !Character.isISOControl(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    var safe = new StringBuilder(text.length());
    text.chars().forEach(c -> safe.append(Character.isISOControl(c) ? '·' : (char) c));
    return safe.toString();
  }
}
