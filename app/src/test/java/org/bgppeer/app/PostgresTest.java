package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole program with its routes in PostgreSQL: a router that never rests, and a server that is
/// killed meanwhile.
@Timeout(300)
@SuppressWarnings("NullAway.Init") // fields are set before the tests
class PostgresTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String ROUTER = "127.77.5.1";

  @TempDir static Path cluster;
  private static KillableServer server;
  @TempDir Path directory;
  private Path log = Path.of("");
  private Path data = Path.of("");

  @BeforeAll
  static void startServer() throws Exception {
    server = new KillableServer(cluster);
    server.execute(
        "postgres",
        "CREATE ROLE reader LOGIN",
        "CREATE DATABASE theirs",
        "CREATE DATABASE newer",
        "CREATE DATABASE owned");
    server.execute("theirs", "CREATE TABLE song (title text)");
    server.execute(
        "newer",
        "CREATE TABLE follower (name text)",
        "CREATE TABLE flyway_schema_history (version text, success boolean)",
        "INSERT INTO flyway_schema_history VALUES ('99', true)");
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @BeforeEach
  void choosePlaces() {
    log = directory.resolve("log");
    data = directory.resolve("data");
  }

  private static String url() {
    return server.url("postgres");
  }

  private interface Question {
    boolean isSo() throws Exception;
  }

  private static void await(String what, Question question) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!question.isSo()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(100_000_000);
    }
  }

  private Ran ask(String... command) {
    return Ran.of(
        Stream.concat(Stream.of(command), Stream.of("--db", url(), "--data", data)).toArray());
  }

  private int active() {
    return ask("neighbors", "--format", "json").rows().getFirst().get("active").asInt();
  }

  private long journalOctets() {
    return ask("status", "--format", "json").rows().getFirst().get("journal_octets").asLong();
  }

  private Process router(InetSocketAddress collector) throws IOException {
    return new ProcessBuilder(
            CollectorProcess.command(
                "replay",
                "--as",
                "64501",
                "--local-address",
                ROUTER,
                "--ipv4",
                "3000",
                "--ipv6",
                "500",
                "--rate",
                "50",
                "--to",
                collector.getAddress().getHostAddress() + ":" + collector.getPort()))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("router").toFile())
        .start();
  }

  @Test
  void aSessionGoesOnWhileTheServerIsAwayAndTheDatabaseCatchesUp() throws Exception {
    Path configuration =
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            """
            local-as: 64512
            router-id: 192.0.2.10
            listen: 127.77.5.10:0
            db: '%s'
            web: none
            neighbors:
              - {address: %s, as: 64501, passive: true}
            """
                .formatted(url(), ROUTER));
    Process router = null;
    try (var collector = CollectorProcess.startWithoutPages(configuration, log)) {
      router = router(collector.address());
      await("the table is there", () -> active() >= 1000);
      await(
          "routes change",
          () -> !ask("routes", "--inactive", "--limit", "1", "--format", "json").rows().isEmpty());
      String prefix =
          ask("routes", "--active", "--limit", "1", "--format", "json")
              .rows()
              .getFirst()
              .get("prefix")
              .asString();
      assertThat(ask("history", prefix, "--format", "json").rows()).isNotEmpty();
      var status = ask("status", "--format", "json").rows().getFirst();
      assertThat(status.get("running").asBoolean()).isTrue();
      assertThat(status.get("database_octets").asLong()).isGreaterThan(1_000_000);
      assertThat(status.get("neighbors_up").asInt()).isEqualTo(1);

      server.kill();
      await("it is said", () -> Files.readString(log).contains("not written"));
      Ran away = ask("status");
      assertThat(away.status()).as(away.err()).isEqualTo(2);
      assertThat(away.err().lines()).hasSize(1).first().asString().contains("does not answer");
      assertThat(away.out()).contains("runs, process " + collector.pid(), "journal ", "segments: ");
      long octets = Files.size(segment());
      await("the journal goes on", () -> Files.size(segment()) > octets);

      server.startAgain();
      await("it is said", () -> Files.readString(log).contains("is written again"));
      long before = journalOctets();
      await("more comes", () -> journalOctets() > before);
      router.destroy();
      assertThat(router.waitFor(60, TimeUnit.SECONDS)).isTrue();
      await(
          "it catches up",
          () -> {
            var row = ask("status", "--format", "json").rows().getFirst();
            return row.get("neighbors_up").asInt() == 0
                && row.get("behind_octets").get("live").asLong() == 0;
          });
      collector.stop();
    } finally {
      if (router != null) {
        router.destroyForcibly();
      }
    }

    assertThat(Files.readAllLines(log))
        .noneMatch(line -> line.startsWith("\tat "))
        .filteredOn(line -> line.contains("not written"))
        .first()
        .asString()
        .contains("database=postgresql://127.0.0.1:" + server.port() + "/postgres")
        .contains("the journal keeps everything, next try in 1 s");
    assertThat(
            Files.readAllLines(log).stream()
                .filter(line -> line.contains("down neighbor=" + ROUTER)))
        .as("one session from beginning to end")
        .hasSize(1);
    assertThat(rows(ask("routes", "--format", "csv", "--limit", "100000")))
        .as("what SQLite makes of the same journal")
        .hasSizeGreaterThan(1000)
        .isEqualTo(inSqlite());
  }

  private Path segment() throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("journal"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("updates\\.\\d+\\.\\d+"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private static List<String> rows(Ran ran) {
    assertThat(ran.status()).as(ran.err()).isZero();
    return ran.lines().stream().sorted().toList();
  }

  private List<String> inSqlite() {
    assertThat(Ran.of("rebuild", "--data", data).status()).isZero();
    return rows(Ran.of("routes", "--format", "csv", "--limit", "100000", "--data", data));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:mysql://127.0.0.1/postgres | is no database that is known | jdbc:postgresql://",
        "jdbc:postgresql://127.0.0.1:1/postgres | does not answer | host and port",
        "jdbc:postgresql://no.such.host.invalid/x | there is no host | correct the URL",
        "nowhere | \"nowhere\" does not exist | createdb",
        "theirs | tables of another program | make a database for bgp-peer alone",
        "newer | written by a newer bgp-peer | update this program",
        "owned?user=reader | user reader may only read | make it the owner",
        "postgres?user=postgres&sslmode=require | does not support SSL | change that in the URL",
        "postgres?user=postgres&sslmode=perhaps | Invalid sslmode | correct the URL",
        "postgres?user=who&password=secret | role \"who\" does not exist | createuser",
      })
  void aDatabaseThatCannotBeUsedIsRefusedBeforeAnythingIsChanged(
      String db, String why, String remedy) throws Exception {
    String to = db.startsWith("jdbc:") ? db : server.url(db);

    Ran ran =
        Ran.of(
            "run",
            "--local-as",
            "64512",
            "--router-id",
            "192.0.2.10",
            "--listen",
            "none",
            "--no-web",
            "--neighbor",
            "192.0.2.1,as=64500",
            "--data",
            data,
            "--db",
            to);

    assertThat(ran.status()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err().lines())
        .hasSize(1)
        .first()
        .asString()
        .contains(why, remedy)
        .doesNotContain("secret");
    assertThat(data).doesNotExist();
  }
}
