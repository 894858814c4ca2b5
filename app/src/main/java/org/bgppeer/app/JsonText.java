package org.bgppeer.app;

import java.util.List;
import java.util.Map;
import org.bgppeer.wire.Lines;
import org.jspecify.annotations.Nullable;

/// Writes trees of maps, lists, texts, numbers, booleans and nulls as JSON on one line. `decode`
/// starts in a tenth of a second, of which a JSON library would be half.
final class JsonText {
  private JsonText() {}

  static void write(@Nullable Object tree, Lines out) {
    switch (tree) {
      case null -> out.put("null");
      case String text -> string(text, out);
      case Map<?, ?> map -> {
        char separator = '{';
        for (var entry : map.entrySet()) {
          out.put(separator);
          string(String.valueOf(entry.getKey()), out);
          out.put(':');
          write(entry.getValue(), out);
          separator = ',';
        }
        out.put(map.isEmpty() ? "{}" : "}");
      }
      case List<?> list -> {
        char separator = '[';
        for (Object element : list) {
          out.put(separator);
          write(element, out);
          separator = ',';
        }
        out.put(list.isEmpty() ? "[]" : "]");
      }
      default -> out.put(tree.toString()); // numbers and booleans
    }
  }

  static void string(String text, Lines out) {
    out.put('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.put("\\\"");
        case '\\' -> out.put("\\\\");
        case '\n' -> out.put("\\n");
        case '\r' -> out.put("\\r");
        case '\t' -> out.put("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            out.put("\\u%04x".formatted((int) c));
          } else if (c < 0x80) {
            out.put(c);
          } else {
            int point = text.codePointAt(i);
            boolean alone = point >= 0xd800 && point <= 0xdfff;
            out.utf8(alone ? 0xfffd : point);
            i += Character.charCount(point) - 1;
          }
        }
      }
    }
    out.put('"');
  }
}
