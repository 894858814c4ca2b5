package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `replay` as a shell runs it, and a collector that hears it.
@Timeout(120)
class ReplayCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"updates.20260317.0300", "updates.20260317.0300.gz"})
  void aFileIsPlayedToACollector(String name) throws Exception {
    Path file = Story.asArchive(directory.resolve(name));
    try (Rooms rooms = Rooms.open(configuration())) {
      Ran ran =
          Ran.of(
              "replay",
              file,
              "--to",
              Address.text(rooms.listening().getFirst()),
              "--local-address=127.78.1.1",
              "--as",
              "64500",
              "--peer",
              "192.0.2.1",
              "--speed",
              "max",
              "--exit");

      assertThat(ran.status()).as(ran.err()).isZero();
      assertThat(ran.err()).isEmpty();
      assertThat(ran.lines())
          .anyMatch(line -> line.endsWith("the file is done; sent 4 of 4 UPDATEs"));
      assertThat(rooms.catchUp(PATIENCE)).isTrue();
    }
    Ran routes = Ran.of("routes", "--data", directory.resolve("data"), "--format", "csv");
    assertThat(routes.lines())
        .anyMatch(line -> line.contains(",192.0.2.0/24,") && line.contains("64500 64500 64511"))
        .anyMatch(line -> line.contains(",198.51.100.0/24,") && line.contains("withdrawn"));
    Ran neighbors = Ran.of("neighbors", "--data", directory.resolve("data"), "--format", "json");
    assertThat(neighbors.rows().getFirst().get("why").asString()).contains("the file is played");
  }

  @Test
  void aTableIsAnnouncedWithoutAFile() throws Exception {
    try (Rooms rooms = Rooms.open(configuration())) {
      var complaints = new ArrayList<String>();
      var sent = new CountDownLatch(1);
      var words =
          "--to %s --local-address 127.78.1.1 --as 64500 --ipv4 30 --ipv6 10 --rate 0"
              .formatted(Address.text(rooms.listening().getFirst()));
      try (var _ =
          RouterProcess.start(
              List.of(words.split(" ")),
              line -> {
                if (line.contains("sent everything")) {
                  sent.countDown();
                }
              },
              complaints::add)) {
        assertThat(sent.await(60, TimeUnit.SECONDS)).as("complaints: " + complaints).isTrue();
      }
      assertThat(rooms.catchUp(PATIENCE)).isTrue();
    }
    assertThat(Ran.of("routes", "--data", directory.resolve("data"), "--count").out())
        .isEqualTo("40\n");
  }

  /// A wrong command line, and the one line that is said.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --as 64500                             | give one of --to ADDR:PORT and --listen ADDR:PORT
          --to 127.0.0.1:1                       | --as N is missing: the AS number of the simulated router
          --to 127.0.0.1:1 --as AS64500          | --as "AS64500" is not a number
          --to localhost:1 --as 1                | "localhost" is not an IPv4 or IPv6 address
          --to 127.0.0.1:1 --as 1 --hold-time 2  | --hold-time 2 is not 0 or 3..65535 seconds
          --to 127.0.0.1:1 --as 1 --speed fast   | --speed "fast" is not a number of 0 or more
          --to 127.0.0.1:1 --as 1 a.gz b.gz      | 'b.gz' is one word more than 'bgp-peer replay' takes
          --to 127.0.0.1:1 --as 1 --sped 2       | Unknown option: '--sped'
          """)
  void aWrongCommandLineIsOneLineAndStatusTwo(String line, String said) {
    Ran ran = Ran.of((Object[]) ("replay " + line).split(" "));

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err().lines().findFirst().orElseThrow()).startsWith("bgp-peer: " + said);
    assertThat(ran.err()).endsWith("'bgp-peer replay --help' explains it.\n");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aFileThatCannotBePlayedIsExplained() throws Exception {
    Path text = Files.writeString(directory.resolve("notes.txt"), "these are no MRT records\n");

    Ran missing = Ran.of("replay", "missing.gz", "--to", "127.0.0.1:1", "--as", "1");
    Ran other = Ran.of("replay", text, "--to", "127.0.0.1:1", "--as", "1");

    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.err())
        .isEqualTo("bgp-peer: cannot play missing.gz: there is no such file\n");
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).startsWith("bgp-peer: cannot play " + text + ": ").hasLineCount(1);
  }

  private Configuration configuration() throws Exception {
    return ConfigurationReader.read(
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            """
            local-as: 64512
            router-id: 192.0.2.10
            listen: 127.78.0.1:0
            web: none
            neighbors:
              - {address: 127.78.1.1, as: 64500, name: replayed, passive: true}
            """));
  }
}
