import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// google-java-format over every Java file of the tree, on the JDK that the build chose: `check`
/// names the files that differ and fails, `fmt` rewrites them.
class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("fmt");
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
        String after = formatter.formatSourceAndFixImports(before);
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
}
