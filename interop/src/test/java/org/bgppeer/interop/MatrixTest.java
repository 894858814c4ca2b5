package org.bgppeer.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bgppeer.interop.Feature.Shows;
import org.junit.jupiter.api.Test;

/// The matrix of `docs/interop.md` says what the tests of this room try. With `-Dbless=true` it is
/// written anew.
class MatrixTest {
  private static final Path DOCUMENT = Path.of("../docs/interop.md");
  private static final String BEGIN = "<!-- written by MatrixTest: -->\n";
  private static final String END = "<!-- until here -->\n";

  private static final Map<Router.Kind, Class<? extends RouterTest>> TESTS =
      Map.of(
          Router.Kind.BIRD, BirdTest.class,
          Router.Kind.FRR, FrrTest.class,
          Router.Kind.GOBGP, GobgpTest.class,
          Router.Kind.OPENBGPD, OpenbgpdTest.class,
          Router.Kind.EXABGP, ExabgpTest.class);

  @Test
  void theDocumentSaysWhatIsTested() throws Exception {
    String text = Files.readString(DOCUMENT);
    String expected = BEGIN + matrix() + END;
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END) + END.length();
    assertThat(begin).as("where the matrix begins in %s", DOCUMENT).isNotNegative();
    if (Boolean.getBoolean("bless")) {
      Files.writeString(DOCUMENT, text.substring(0, begin) + expected + text.substring(end));
      return;
    }

    assertThat(text.substring(begin, end)).isEqualTo(expected);
  }

  private static String matrix() {
    List<Router.Kind> kinds = List.of(Router.Kind.values());
    var text = new StringBuilder();
    text.append(row("", kinds.stream().map(kind -> kind.title)));
    text.append(row("---", kinds.stream().map(_ -> "---")));
    for (Feature feature : Feature.values()) {
      text.append(row(feature.words, kinds.stream().map(kind -> cell(kind, feature))));
    }
    return text.toString();
  }

  private static String row(String first, Stream<String> cells) {
    return "| " + first + " | " + cells.collect(Collectors.joining(" | ")) + " |\n";
  }

  private static String cell(Router.Kind kind, Feature feature) {
    if (kind.lacking.containsKey(feature)) {
      return "no, it " + kind.lacking.get(feature);
    }
    boolean isTried =
        Stream.<Class<?>>of(TESTS.get(kind), RouterTest.class)
            .flatMap(test -> Arrays.stream(test.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Shows.class))
            .flatMap(method -> Arrays.stream(method.getAnnotation(Shows.class).value()))
            .anyMatch(feature::equals);
    return isTried ? "yes" : "";
  }
}
