import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// google-java-format over every Java file of the tree, on the JDK that the build chose: `check`
/// names the files that differ and fails, `fmt` rewrites them.
class Format {
  private static final int WIDTH = 100;

  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("fmt");
    if (args[0].equals("skip")) {
      return;
    }
    var differing = new ArrayList<Path>();
    var formatter = new Formatter();
    try (var files = Files.walk(Path.of("."))) {
      for (Path file :
          files
              .filter(f -> f.toString().endsWith(".java"))
              .filter(f -> !f.toString().contains("/target/"))
              .sorted()
              .toList()) {
        String before = Files.readString(file);
        String after = formatter.formatSourceAndFixImports(wrapped(before));
        if (!after.equals(before)) {
          differing.add(file);
          if (write) {
            Files.writeString(file, after);
          }
        }
      }
    }
    differing.forEach(f -> System.err.println((write ? "formatted " : "not formatted: ") + f));
    if (!write && !differing.isEmpty()) {
      System.err.println("run `make fmt`");
      System.exit(1);
    }
  }

  /// Breaks `///` lines that are too long: google-java-format would go on with `//`, and the rest
  /// would be lost to the documentation.
  private static String wrapped(String source) {
    var lines = new ArrayList<String>();
    boolean fenced = false;
    for (String line : source.split("\n", -1)) {
      String text = line.strip();
      boolean doc = text.startsWith("///");
      if (doc && text.substring(3).strip().startsWith("```")) {
        fenced = !fenced;
      }
      if (doc && !fenced && line.length() > WIDTH) {
        wrap(line, lines);
      } else {
        lines.add(line);
      }
    }
    return String.join("\n", lines);
  }

  private static void wrap(String line, List<String> lines) {
    int text = line.indexOf("///") + 3;
    while (text < line.length() && line.charAt(text) == ' ') {
      text++;
    }
    boolean tag = line.startsWith("@", text);
    String next = line.substring(0, text) + (tag ? "    " : "");
    String rest = line;
    while (rest.length() > WIDTH) {
      int space = rest.lastIndexOf(' ', WIDTH);
      if (space <= next.length()) {
        break;
      }
      lines.add(rest.substring(0, space));
      rest = next + rest.substring(space + 1);
    }
    lines.add(rest);
  }
}
