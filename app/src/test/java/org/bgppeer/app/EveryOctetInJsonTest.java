package org.bgppeer.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.bgppeer.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `decode --format json` accounts for every octet: the leaves of `parts`, in order, are the
/// message or the MRT record, without gap and without overlap.
class EveryOctetInJsonTest {
  @TempDir private Path folder;

  /// Takes the leaves of a tree in order and sees that each node is made of its parts.
  private static final class Walk {
    private final StringBuilder octets = new StringBuilder();

    private void over(JsonNode parts) {
      for (JsonNode part : parts) {
        String name = part.get("name").asString();
        int begin = octets.length() / 2;
        assertThat(part.get("offset").asInt()).as(name).isEqualTo(begin);
        assertThat(name).isNotEmpty();
        if (part.has("parts")) {
          assertThat(part.has("octets")).isFalse();
          over(part.get("parts"));
        } else {
          octets.append(part.get("octets").asString());
        }
        assertThat(octets.length() / 2 - begin).as(name).isEqualTo(part.get("length").asInt());
      }
    }

    private static String octets(JsonNode row) {
      var walk = new Walk();
      walk.over(row.get("parts"));
      return walk.octets.toString();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--as4", "--as2", "--add-path=ipv4-unicast"})
  void ofEachMessageOfOtherProjects(String how) throws IOException {
    Path file = Files.write(folder.resolve("m.hex"), resource("/vectors/messages/messages.hex"));
    Ran ran = Ran.of("decode", how, file);

    assertThat(ran.rows()).hasSizeGreaterThan(150);
    for (JsonNode row : ran.rows()) {
      assertThat(Walk.octets(row)).isEqualTo(row.get("message").asString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tables", "table-of-old", "session-add-path", "geo-peers", "snapshot"})
  void ofEachRecordOfAnArchive(String name) throws IOException {
    byte[] archive = resource("/org/bgppeer/wire/MessageFuzzTestInputs/mrt/" + name);
    Ran ran = Ran.of("decode", Files.write(folder.resolve(name), archive));

    assertThat(ran.rows()).isNotEmpty();
    for (JsonNode row : ran.rows()) {
      Octets record = Octets.copyOf(archive, row.get("offset").asInt(), row.get("length").asInt());
      assertThat(Walk.octets(row)).isEqualTo(record.toHex());
    }
  }

  @Test
  void ofAMessageThatIsCutAnywhere() throws IOException {
    String longest =
        new String(
                resource("/vectors/messages/messages.hex"), java.nio.charset.StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.replaceAll("#.*|\\s", ""))
            .filter(line -> line.length() < 600)
            .max(java.util.Comparator.comparingInt(String::length))
            .orElseThrow();
    var lines = new StringBuilder();
    for (int octets = 19; octets < longest.length() / 2; octets++) {
      lines.append(longest, 0, 2 * octets).append('\n');
    }
    Ran ran = Ran.of("decode", Files.writeString(folder.resolve("cut.hex"), lines));

    assertThat(ran.rows()).hasSize(longest.length() / 2 - 19);
    for (JsonNode row : ran.rows()) {
      assertThat(Walk.octets(row)).isEqualTo(row.get("message").asString());
      assertThat(HexFormat.of().parseHex(row.get("message").asString()))
          .hasSize(row.get("length").asInt());
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = EveryOctetInJsonTest.class.getResourceAsStream(name)) {
      return requireNonNull(in, name).readAllBytes();
    }
  }
}
