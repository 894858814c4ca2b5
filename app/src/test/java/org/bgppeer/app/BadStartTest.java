package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bgppeer.session.TcpAoKey;
import org.bgppeer.store.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What stands in the way of a start is named, with the remedy, and nothing is changed.
@Timeout(120)
class BadStartTest {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  @TempDir Path directory;

  private Ran run(String... more) {
    return Ran.of((Object[]) arguments(more));
  }

  private String[] arguments(String... more) {
    var arguments =
        new ArrayList<>(
            List.of("run", "--local-as", "64512", "--router-id", "192.0.2.10", "--no-web"));
    arguments.addAll(List.of("--data", directory.resolve("data").toString()));
    arguments.addAll(List.of("--neighbor", "192.0.2.1,as=64500"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /// The same as a process without one of root's privileges.
  private Ran runWithout(String privilege, String... more)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (ROOT) {
      assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
      command.addAll(List.of("/usr/bin/setpriv", "--bounding-set", "-" + privilege));
    }
    command.addAll(CollectorProcess.command(arguments(more)));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it gives up").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Path database() throws IOException {
    return Files.createDirectories(directory.resolve("data")).resolve("bgp-peer.db");
  }

  private void execute(String... statements) throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsNamedAndLeftAlone() throws Exception {
    Files.writeString(database(), "Dear diary, this is not a database. ".repeat(100));
    byte[] before = Files.readAllBytes(database());

    Ran ran = run("--listen", "none");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err().lines())
        .containsExactly(
            "bgp-peer: cannot open the database "
                + database()
                + ": it is not an SQLite database; move it away, and the journal fills a new one");
    assertThat(database()).hasBinaryContent(before);
  }

  @Test
  void theDatabaseOfAnotherProgramIsNamedAndLeftAlone() throws Exception {
    execute("CREATE TABLE song (title TEXT)");
    byte[] before = Files.readAllBytes(database());

    for (Ran ran :
        List.of(
            run("--listen", "none"),
            Ran.of("routes", "--data", directory.resolve("data")),
            Ran.of("web", "--data", directory.resolve("data")))) {
      assertThat(ran.status()).isEqualTo(2);
      assertThat(ran.err().lines())
          .hasSize(1)
          .first()
          .asString()
          .contains(database().toString(), "of another program", "move it away");
    }
    assertThat(database()).hasBinaryContent(before);
  }

  @Test
  void theDatabaseOfABuildBeforeTheFirstReleaseIsNamedAndLeftAlone() throws Exception {
    Files.createDirectories(database().getParent());
    Database.open(database()).close();
    execute("UPDATE flyway_schema_history SET checksum = 1", "PRAGMA user_version = 1");

    Ran ran = run("--listen", "none");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err().lines())
        .hasSize(1)
        .first()
        .asString()
        .contains(database().toString(), "before the first release", "bgp-peer rebuild");
  }

  @Test
  void theDatabaseOfANewerVersionIsNamedAndLeftAlone() throws Exception {
    execute("CREATE TABLE future (x TEXT)", "PRAGMA user_version = 999");

    for (Ran ran :
        List.of(
            run("--listen", "none"),
            Ran.of("routes", "--data", directory.resolve("data")),
            Ran.of("web", "--data", directory.resolve("data")))) {
      assertThat(ran.status()).isEqualTo(2);
      assertThat(ran.err().lines())
          .hasSize(1)
          .first()
          .asString()
          .contains(database().toString(), "newer bgp-peer", "999", "update this program");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.77.6.1"))) {
      String address = "127.77.6.1:" + other.getLocalPort();

      Ran ran = run("--listen", address);

      assertThat(ran.status()).isEqualTo(1);
      assertThat(ran.err().lines())
          .hasSize(1)
          .first()
          .asString()
          .contains("cannot listen on " + address, "another program", "ss -ltnp", "--listen");
    }
  }

  @Test
  void aPortThatIsNotPermittedIsNamedWithThreeRemedies() throws Exception {
    Path first = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    assumeTrue(Files.exists(first), "not Linux");
    try (var in = Files.newBufferedReader(first)) { // the kernel answers one read alone
      assumeFalse(Integer.parseInt(in.readLine()) <= 179, "everybody may listen on 179");
    }

    Ran ran = runWithout("net_bind_service", "--listen", "127.77.6.1:179");

    assertThat(ran.status()).as(ran.err()).isEqualTo(1);
    assertThat(ran.err().lines())
        .filteredOn(line -> !line.contains(" INFO ")) // the journal was opened before
        .hasSize(4)
        .first()
        .asString()
        .contains("cannot listen on 127.77.6.1:179", "may not listen on ports below 1024");
    assertThat(ran.err()).contains("sysctl", "CAP_NET_BIND_SERVICE", "--listen 0.0.0.0:1790");
  }

  @Test
  void aDataDirectoryThatIsNotWritableIsNamed() throws Exception {
    Path data = Files.createDirectories(directory.resolve("data"));
    assertThat(data.toFile().setWritable(false)).isTrue();
    try {
      Ran ran = runWithout("dac_override", "--listen", "none");

      assertThat(ran.status()).as(ran.err()).isEqualTo(1);
      assertThat(ran.err().lines())
          .hasSize(1)
          .first()
          .asString()
          .contains("cannot write to the data directory " + data, "permission denied", "--data");
    } finally {
      assertThat(data.toFile().setWritable(true)).isTrue();
    }
  }

  @Test
  void keysThatTheKernelCannotSignWithAreNamedByRunAndCheckConfig() throws Exception {
    String lacks = TcpAoKey.Algorithm.HMAC_SHA_1_96.whyNotHere();
    assumeFalse(lacks.isEmpty(), "this kernel has TCP-AO");
    Path key = Files.writeString(directory.resolve("key"), "s3cret\n");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Path file =
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            """
            neighbors:
              - address: 192.0.2.1
                as: 64500
                tcp-ao:
                  - {send-id: 1, key-file: key}
            local-as: 64512
            router-id: 192.0.2.10
            """);

    for (Ran ran : List.of(Ran.of("run", "-c", file), Ran.of("check-config", file))) {
      assertThat(ran.status()).isEqualTo(2);
      assertThat(ran.err().lines())
          .containsExactly(
              file
                  + ":4: tcp-ao cannot be used: "
                  + lacks
                  + "; run it on another kernel, or use password-file (TCP MD5) or IPsec");
    }
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void aDataDirectoryThatIsAFileIsNamed() throws Exception {
    Path file = Files.write(directory.resolve("data"), "x".getBytes(StandardCharsets.US_ASCII));

    Ran ran = run("--listen", "none");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains(file.toString(), "is a file", "--data");
  }
}
