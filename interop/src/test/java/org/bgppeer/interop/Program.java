package org.bgppeer.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program of the operating system that runs in the foreground until it is stopped. What it says
/// goes to a file.
final class Program implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final List<String> command;
  private final Path directory;
  private final Path log;
  private final Map<String, String> environment;
  private @Nullable Process process;

  Program(Path directory, Path log, Map<String, String> environment, List<String> command) {
    this.command = command;
    this.directory = directory;
    this.log = log;
    this.environment = environment;
  }

  /// Starts it, or starts it again.
  ///
  /// @param more arguments behind the usual ones
  void start(String... more) throws IOException {
    var builder =
        new ProcessBuilder(Stream.concat(command.stream(), Stream.of(more)).toList())
            .directory(directory.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  /// SIGTERM, and waits for the end.
  void stop() throws InterruptedException {
    if (process != null) {
      List<ProcessHandle> all = family(process);
      process.destroy();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(command.getFirst() + " does not stop; it said:\n" + tail());
      }
      killAll(all);
    }
  }

  /// SIGKILL, to it and to those that it started.
  void kill() throws InterruptedException {
    if (process != null) {
      killAll(family(process));
      process.waitFor();
    }
  }

  private static List<ProcessHandle> family(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  private static void killAll(List<ProcessHandle> all) {
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : all) {
      one.onExit().join();
    }
  }

  /// The last lines that it said.
  String tail() {
    try {
      List<String> lines =
          Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  /// Runs a command to its end.
  ///
  /// @return what it wrote, stderr included
  static String run(List<String> command) throws IOException, InterruptedException {
    Said said = tryToRun(command);
    assertThat(said.status()).as("%s said %s", command, said.text()).isZero();
    return said.text();
  }

  /// What a command said.
  record Said(int status, String text) {}

  /// The same, if it may fail.
  static Said tryToRun(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  /// Where a program is, as a shell would find it; null if it is not there.
  static @Nullable Path find(String name) {
    if (name.startsWith("/")) {
      return Files.isExecutable(Path.of(name)) ? Path.of(name) : null;
    }
    for (String directory : List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin")) {
      Path path = Path.of(directory, name);
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    return null;
  }
}
