package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// RFCS.md names tests, and each is there: a table of what is tested must not rot.
class RfcsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern NAME =
      Pattern.compile(
          "`(?:(?<type>[A-Z]\\w*Test)(?:\\.(?<of>[a-z]\\w*)(?<cut>…)?)?|(?<alone>[a-z][a-z]+[A-Z]\\w*)(?<more>…)?)`");
  private static final Pattern METHOD = Pattern.compile("void (\\w+)\\(");

  @Test
  void eachTestThatItNamesIsThere() throws IOException {
    Map<String, Set<String>> tests = tests();
    Set<String> all = new LinkedHashSet<>();
    tests.values().forEach(all::addAll);
    var missing = new ArrayList<String>();
    int named = 0;
    List<String> lines = Files.readAllLines(ROOT.resolve("RFCS.md"));
    for (int i = 0; i < lines.size(); i++) {
      for (Matcher name = NAME.matcher(lines.get(i)); name.find(); named++) {
        String type = name.group("type");
        boolean there =
            type == null
                ? isThere(all, name.group("alone"), name.group("more") != null)
                : tests.containsKey(type)
                    && (name.group("of") == null
                        || isThere(tests.get(type), name.group("of"), name.group("cut") != null));
        if (!there) {
          missing.add("line " + (i + 1) + ": " + name.group());
        }
      }
    }

    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(100);
  }

  /// @param begun whether that is only its beginning
  private static boolean isThere(Set<String> methods, String name, boolean begun) {
    return begun
        ? methods.stream().anyMatch(method -> method.startsWith(name))
        : methods.contains(name);
  }

  /// The methods of each test class of each room.
  private static Map<String, Set<String>> tests() throws IOException {
    var tests = new HashMap<String, Set<String>>();
    try (var rooms = Files.newDirectoryStream(ROOT, Files::isDirectory)) {
      for (Path room : rooms) {
        Path sources = room.resolve("src/test/java");
        if (Files.isDirectory(sources)) {
          addTests(sources, tests);
        }
      }
    }
    return tests;
  }

  private static void addTests(Path sources, Map<String, Set<String>> tests) throws IOException {
    try (var files = Files.walk(sources)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith("Test.java")) {
          Set<String> methods =
              tests.computeIfAbsent(name.replace(".java", ""), _ -> new LinkedHashSet<>());
          for (Matcher method = METHOD.matcher(Files.readString(file)); method.find(); ) {
            methods.add(method.group(1));
          }
        }
      }
    }
  }
}
