package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.bgppeer.session.TcpAoKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileTest {
  private static final String HEAD =
      """
      local-as: 64512
      router-id: 192.0.2.10
      listen: 127.0.0.1:1790
      neighbors:
      """;

  /// What may stand in a neighbor, right and wrong, and what else a person or a slip of an editor
  /// puts into a file.
  private static final List<String> LINES =
      List.of(
          "    hold-time: 30",
          "    hold-time: 2",
          "    passive: true",
          "    families: [ipv4-unicast,",
          "      ipv6-unicast]",
          "    families:",
          "      - ipv4-unicast",
          "    name: \"with: a colon\"",
          "    name: \"open",
          "      closed\"",
          "    name: |",
          "      folded",
          "    nmae: x",
          "    mute: true",
          "    max-prefix:",
          "      limit: 100",
          "  - {address: 192.0.2.77, as: 7}",
          "  - address: 192.0.2.78 # of a list",
          "  -",
          "    address: 192.0.2.79",
          "    as: 7",
          "    as: 23456",
          "  - range: 198.51.100.0/24",
          "    as: any",
          "# said at the begin of a line",
          "    # said further in",
          "",
          "\t",
          "watch: true",
          "hold-time: 60",
          "listen: none",
          "neighbors:",
          "---",
          "    families: [ipv4-unicast, ipv4-route-target]",
          "    password-file: secret",
          "  - &anchor",
          "  - *anchor");

  @TempDir Path directory;

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("bgp-peer.yaml"), text);
  }

  private static String neighbor(int i) {
    return "  - address: 192.0.2.%d\n    as: %d\n".formatted(i, 64500 + i);
  }

  @Test
  void ofManyNeighborsOnlyThoseThatChangedAreReadAgain() throws Exception {
    String first = HEAD + neighbor(1) + neighbor(2) + neighbor(3);
    var file = new ConfigurationFile(write(first), UnaryOperator.identity());
    Configuration before = file.read();
    write(HEAD + neighbor(1) + neighbor(4) + "    mute: true\n" + neighbor(2) + neighbor(3));

    Configuration after = file.read();

    assertThat(after.neighbors()).hasSize(4);
    assertThat(after.neighbors().get(0)).isSameAs(before.neighbors().get(0));
    assertThat(after.neighbors().get(1).as()).isEqualTo(64504);
    assertThat(after.neighbors().get(2)).isSameAs(before.neighbors().get(1));
    assertThat(after.neighbors().get(3)).isSameAs(before.neighbors().get(2));
    assertThat(after.muted()).containsExactly("192.0.2.4");
  }

  @Test
  void whatCountsForAllNeighborsReachesThoseThatDidNotChange() throws Exception {
    var file = new ConfigurationFile(write(HEAD + neighbor(1)), UnaryOperator.identity());
    assertThat(file.read().neighbors().getFirst().holdTime()).hasSeconds(90);
    write("hold-time: 30\n" + HEAD + neighbor(1));

    assertThat(file.read().neighbors().getFirst().holdTime()).hasSeconds(30);
  }

  @Test
  void aPasswordIsReadAgainThoughTheFileThatNamesItIsAsBefore() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "one");
    String text = HEAD + neighbor(1) + "    password-file: secret\n";
    var file = new ConfigurationFile(write(text), UnaryOperator.identity());
    assertThat(file.read().neighbors().getFirst().password()).isEqualTo("one");
    Files.writeString(secret, "two");

    assertThat(file.read().neighbors().getFirst().password()).isEqualTo("two");
  }

  @Test
  void aNeighborThatTheKernelCannotSignForIsNamedWithEachReading() throws Exception {
    String here = TcpAoKey.Algorithm.HMAC_SHA_1_96.whyNotHere();
    assumeThat(here).as("what the kernel lacks").isNotEmpty();
    var file = new ConfigurationFile(write(HEAD + neighbor(1)), UnaryOperator.identity());
    assertThat(file.read().neighbors()).hasSize(1);
    write(HEAD + neighbor(1) + "    tcp-ao: [{send-id: 1, key: x}]\n");

    for (int reading = 0; reading < 2; reading++) {
      assertThatThrownBy(file::read)
          .isInstanceOf(BadConfiguration.class)
          .hasMessageContaining("tcp-ao cannot be used: " + here);
    }
  }

  @Test
  void whateverChangesItIsReadAsIfForTheFirstTime() throws Exception {
    Files.writeString(directory.resolve("secret"), "hidden");
    var random = new Random(5);
    int right = 0;
    for (int round = 0; round < 60; round++) {
      var lines = new ArrayList<>(HEAD.lines().toList());
      for (int i = 1; i <= 6; i++) {
        lines.addAll(neighbor(i).lines().toList());
      }
      var file = new ConfigurationFile(write(text(lines)), UnaryOperator.identity());
      file.read();
      for (int edit = 0; edit < 12; edit++) {
        var was = List.copyOf(lines);
        change(lines, random);
        Path path = write(text(lines));
        Object again = said(file::read);
        assertThat(again).as(text(lines)).isEqualTo(said(() -> ConfigurationReader.read(path)));
        if (again instanceof Configuration) {
          right++;
        } else if (random.nextInt(3) > 0) {
          lines.clear();
          lines.addAll(was);
        }
      }
    }
    assertThat(right).as("edits after which the file was right").isGreaterThan(100);
  }

  private static void change(List<String> lines, Random random) {
    int at = random.nextInt(lines.size());
    switch (random.nextInt(6)) {
      case 0 -> lines.remove(at);
      case 1 -> Collections.swap(lines, at, random.nextInt(lines.size()));
      case 2 -> lines.addAll(neighbor(10 + random.nextInt(200)).lines().toList());
      case 3 -> lines.addAll(4 + 2 * random.nextInt(4), neighbor(10).lines().toList());
      default -> lines.add(at, LINES.get(random.nextInt(LINES.size())));
    }
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static Object said(Reload.Source source) {
    try {
      return source.read();
    } catch (BadConfiguration e) {
      return String.valueOf(e.getMessage());
    }
  }
}
