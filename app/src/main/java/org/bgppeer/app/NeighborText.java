package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What [NeighborTree] has, as lines for people.
final class NeighborText {
  private static final int NAME_WIDTH = 28;

  private NeighborText() {}

  /// @param json of [NeighborTree]
  static List<String> lines(String json) {
    JsonNode tree = new JsonMapper().readTree(json);
    var lines = new ArrayList<String>();
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      JsonNode value = entry.getValue();
      String name = entry.getKey().replace('_', ' ');
      if (value.isNull()) {
        lines.add(padded(name) + "none");
      } else if (value.has("notification")) {
        lines.add(
            padded(name)
                + value.get("notification").asString()
                + " at "
                + value.get("at").asString());
      } else if (value.isObject()) {
        lines.add("");
        lines.add(name);
        value
            .properties()
            .forEach(
                one ->
                    lines.add(
                        padded("  " + one.getKey().replace('_', ' ')) + text(one.getValue())));
      } else if (value.isArray()) {
        lines.add("");
        lines.add(padded("open") + "we | they | in use");
        value.forEach(row -> lines.add(agreed(row)));
      } else {
        lines.add(padded(name) + text(value));
      }
    }
    return lines;
  }

  private static String agreed(JsonNode row) {
    String note = row.get("note").asString();
    return padded("  " + row.get("what").asString())
        + said(row.get("we"))
        + " | "
        + said(row.get("they"))
        + " | "
        + said(row.get("in_use"))
        + (note.isEmpty() ? "" : " (" + note + ")");
  }

  private static String said(JsonNode value) {
    return value.isNull() ? "-" : value.asString();
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.asString() : value.toString();
  }

  private static String padded(String name) {
    return name.length() >= NAME_WIDTH ? name + " " : name + " ".repeat(NAME_WIDTH - name.length());
  }
}
