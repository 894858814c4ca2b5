package org.bgppeer.app;

import java.io.StringWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a command did when it was run as from a shell.
///
/// @param status the exit status
/// @param out what it wrote to stdout
/// @param err what it wrote to stderr
record Ran(int status, String out, String err) {
  static Ran of(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int status = Main.run(Console.of(out, err), words);
    return new Ran(status, out.toString(), err.toString());
  }

  /// The lines of stdout.
  List<String> lines() {
    return out.lines().toList();
  }

  /// The objects of `--format json`.
  List<JsonNode> rows() {
    var json = new JsonMapper();
    return out.lines().map(json::readTree).toList();
  }
}
