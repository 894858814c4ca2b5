package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQLite is a file that is loaded, once a version and data directory.
class SqliteLibraryTest {
  @TempDir Path directory;
  private Path data = Path.of("");
  private Path temporary = Path.of("");

  @BeforeEach
  void choosePlaces() throws IOException {
    data = directory.resolve("data");
    temporary = Files.createDirectories(directory.resolve("temporary"));
  }

  private Process start(String... arguments) throws IOException {
    var command = CollectorProcess.command(arguments);
    command.add(1, "-Djava.io.tmpdir=" + temporary);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("said").toFile())
        .start();
  }

  private List<String> ends(int status, String... arguments) throws Exception {
    Process process = start(arguments);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<String> said = Files.readAllLines(directory.resolve("said"));
    assertThat(process.exitValue()).as("%s", said).isEqualTo(status);
    return said;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void aCollectorThatIsKilledLeavesNothingForTheNextOneToClean() throws Exception {
    Path configuration =
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            """
            local-as: 64512
            router-id: 192.0.2.10
            listen: 127.77.7.1:0
            data: %s
            web: none
            neighbors: [{address: 192.0.2.1, as: 64500, passive: true}]
            """
                .formatted(data));
    Process collector = start("run", "-c", configuration.toString());
    try {
      while (!Files.readString(directory.resolve("said")).contains("neighbors  1")) {
        assertThat(collector.waitFor(20, TimeUnit.MILLISECONDS)).as("it ended").isFalse();
      }
    } finally {
      collector.destroyForcibly();
    }
    assertThat(collector.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(list(temporary)).isEmpty();
    var library = list(data.resolve("lib"));
    assertThat(library).hasSize(1);
    var written = Files.getLastModifiedTime(library.getFirst());
    ends(0, "status", "--data", data.toString());
    assertThat(list(data.resolve("lib"))).isEqualTo(library);
    assertThat(Files.getLastModifiedTime(library.getFirst())).isEqualTo(written);
    assertThat(list(temporary)).isEmpty();
  }

  @Test
  void oneOfAnotherVersionOrDamagedIsReplaced() throws Exception {
    Story.asData(data);
    ends(0, "status", "--data", data.toString());
    var library = list(data.resolve("lib"));
    byte[] good = Files.readAllBytes(library.getFirst());
    Files.delete(library.getFirst()); // and not written to: this process may have loaded it
    Files.write(library.getFirst(), new byte[1000]);
    Files.writeString(data.resolve("lib/sqlite-3.1.0-libsqlitejdbc.so"), "of long ago");

    ends(0, "status", "--data", data.toString());

    assertThat(list(data.resolve("lib"))).isEqualTo(library);
    assertThat(library.getFirst()).hasBinaryContent(good);
  }

  @Test
  void whereNoProgramMayBeThatIsSaidWithWhatToDo() throws Exception {
    assumeTrue(
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "noexec", "tmpfs", temporary.toString())
                .start()
                .waitFor()
            == 0,
        "this user may not mount a file system");
    try {
      data = temporary.resolve("data");
      Story.asData(data);

      assertThat(
              ends(
                  2,
                  "import",
                  "--data",
                  data.toString(),
                  Story.asArchive(directory.resolve("a")).toString()))
          .singleElement()
          .asString()
          .contains(
              "SQLite cannot be loaded from " + data.resolve("lib") + " nor from " + temporary,
              "noexec",
              "BGP_PEER_JAVA_OPTS=-Dorg.sqlite.tmpdir=DIR");
      temporary = Files.createDirectories(directory.resolve("elsewhere"));
      assertThat(ends(0, "status", "--data", data.toString()))
          .noneMatch(line -> line.contains("load"));
    } finally {
      new ProcessBuilder("umount", directory.resolve("temporary").toString()).start().waitFor();
    }
  }
}
