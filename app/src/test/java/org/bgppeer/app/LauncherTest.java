package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `./bgp-peer`, the shell script, as far as it can be tried without building.
class LauncherTest {
  private static final Path LAUNCHER = ConfigurationTest.repository("bgp-peer").normalize();

  @TempDir Path directory;

  private record Said(int status, String out, String err) {}

  @Test
  void theShellUnderstandsIt() throws Exception {
    assertThat(run(Map.of(), "bash", "-n", LAUNCHER.toString()).status()).isZero();
  }

  @Test
  void argumentsArriveAsTheyWereGiven() throws Exception {
    Said said = dryRun(Map.of(), LAUNCHER, "routes", "--as-path", "^64500 .*$", "");

    assertThat(said.status()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("org.bgppeer.app.Main routes --as-path \\^64500\\ .\\*\\$ ''")
        .contains("-XX:+UseSerialGC");
  }

  @Test
  void itFindsItsJarsFromAnyDirectoryAndThroughLinks() throws Exception {
    Path first = Files.createSymbolicLink(directory.resolve("first"), LAUNCHER);
    Files.createDirectory(directory.resolve("bin"));
    Path second = Files.createSymbolicLink(directory.resolve("bin/bgp-peer"), Path.of("../first"));

    for (Path link : List.of(LAUNCHER, first, second)) {
      assertThat(dryRun(Map.of(), link, "neighbors").out())
          .contains("-cp " + LAUNCHER.toRealPath().getParent() + "/app/target/dist/lib/");
    }
    Files.delete(second);
    Files.delete(first);
  }

  @Test
  void optionsOfTheUserComeBehindOurs() throws Exception {
    Said said = dryRun(Map.of("BGP_PEER_JAVA_OPTS", "-Xmx1g -Dx=y"), LAUNCHER, "run");

    assertThat(said.out()).containsSubsequence("-Xmx", "UseParallelGC", "-Xmx1g -Dx=y", "-cp");
    assertThat(said.out()).doesNotContain("UseSerialGC");
  }

  @Test
  void onlyWhatIsLongToUnpackIsCompiledAtItsBest() throws Exception {
    String quick = "-XX:TieredStopAtLevel=1";

    assertThat(dryRun(Map.of(), LAUNCHER, "decode", "rib.gz").out()).contains(quick);
    assertThat(dryRun(Map.of(), LAUNCHER, "decode").out()).contains(quick);
    assertThat(dryRun(Map.of(), LAUNCHER, "decode", "rib.bz2").out()).doesNotContain(quick);
    assertThat(dryRun(Map.of(), LAUNCHER, "import", "updates").out()).doesNotContain(quick);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "4, false", "undefined, false"})
  void aCollectorOnFewProcessorsIsNotCompiledAtItsBest(String processors, boolean isQuick)
      throws Exception {
    Path getconf =
        Files.writeString(directory.resolve("getconf"), "#!/bin/sh\necho " + processors + "\n");
    assertThat(getconf.toFile().setExecutable(true)).isTrue();
    var path = Map.of("PATH", directory + ":" + System.getenv("PATH"));

    Said said = dryRun(path, LAUNCHER, "run", "-c", "file");

    assertThat(said.out().contains("-XX:TieredStopAtLevel=1")).isEqualTo(isQuick);
    assertThat(said.err()).isEmpty();
  }

  @Test
  void anOldJavaHomeIsPassedOver() throws Exception {
    Path old = directory.resolve("jdk-17");
    Files.createDirectories(old.resolve("bin"));
    for (String name : List.of("java", "javac")) {
      Path program = Files.writeString(old.resolve("bin").resolve(name), "#!/bin/sh\n");
      assertThat(program.toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");

    Said said = dryRun(Map.of("JAVA_HOME", old.toString()), LAUNCHER, "run");

    assertThat(said.out() + said.err()).doesNotContain(old.toString());
  }

  private Said dryRun(Map<String, String> environment, Path launcher, String... arguments)
      throws IOException, InterruptedException {
    var command = new java.util.ArrayList<>(List.of("bash", launcher.toString()));
    command.addAll(List.of(arguments));
    var all = new java.util.HashMap<>(Map.of("BGP_PEER_DRY_RUN", "1"));
    all.put("JAVA_HOME", System.getProperty("java.home"));
    all.putAll(environment);
    return run(all, command.toArray(String[]::new));
  }

  private Said run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ended").isTrue();
    return new Said(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
