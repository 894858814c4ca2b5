package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The items below `neighbors:` in the text of a configuration file, found by their indentation
/// alone. Where the text has another form there are none.
///
/// ```
/// local-as: 64512                before
/// neighbors:                     before
///   - address: 192.0.2.1         an item
///     as: 64500
///   - address: 192.0.2.2         another, up to a line that is not further in than its `-`
///     as: 64501
/// watch: true                    behind
/// ```
///
/// @param key the line of `neighbors:`, from 1
record NeighborItems(String before, int key, List<Item> items, String behind) {
  private static final String KEY = "neighbors:";

  /// An item.
  ///
  /// @param text with the ends of its lines
  /// @param line the first, from 1
  /// @param next the line behind its last
  record Item(String text, int line, int next) {}

  static NeighborItems of(String text) {
    int at = 0;
    int key = 1;
    while (at < text.length() && !isKey(text, at)) {
      at = next(text, at);
      key++;
    }
    var items = new ArrayList<Item>();
    int begin = -1; // of the item that is being looked at
    int beginLine = 0;
    int first = text.length();
    int indent = -1; // of the dashes
    int line = key + 1;
    at = next(text, at);
    for (; at < text.length(); at = next(text, at), line++) {
      int column = column(text, at);
      if (isEmpty(text, at + column)) {
        continue; // a part of the item above it
      }
      boolean begins = text.startsWith("- ", at + column);
      if (begin < 0 ? !begins : column < indent || column == indent && !begins) {
        break;
      }
      if (begin < 0) {
        first = at;
        indent = column;
      } else if (column == indent) {
        items.add(new Item(text.substring(begin, at), beginLine, line));
      }
      if (column == indent) {
        begin = at;
        beginLine = line;
      }
    }
    if (begin < 0) {
      return new NeighborItems(text, key, List.of(), "");
    }
    items.add(new Item(text.substring(begin, at), beginLine, line));
    return new NeighborItems(text.substring(0, first), key, items, text.substring(at));
  }

  private static boolean isKey(String text, int at) {
    return text.startsWith(KEY, at) && text.substring(at + KEY.length(), end(text, at)).isBlank();
  }

  private static int end(String text, int at) {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private static int next(String text, int at) {
    return Math.min(end(text, at) + 1, text.length());
  }

  private static int column(String text, int at) {
    int column = 0;
    while (at + column < text.length() && text.charAt(at + column) == ' ') {
      column++;
    }
    return column;
  }

  private static boolean isEmpty(String text, int at) {
    return at == text.length() || "\r\n#".indexOf(text.charAt(at)) >= 0;
  }

  /// Whether the same stands around the items.
  boolean isAround(NeighborItems others) {
    return before.equals(others.before) && behind.equals(others.behind);
  }

  /// The whole text with empty lines in place of some items, so that each other line keeps its
  /// number.
  String without(Predicate<Item> some) {
    var rest = new StringBuilder(before);
    for (Item item : items) {
      if (some.test(item)) {
        rest.repeat('\n', item.next - item.line);
      } else {
        rest.append(item.text);
      }
    }
    return rest.append(behind).toString();
  }
}
