package org.bgppeer.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A simulated router: the program of the room `replay`, as a process of its own with our Java and
/// our class path.
///
/// It is known here by its name only. What can announce a route is never loaded into a process that
/// collects, and a test reads that off the compiled classes.
///
/// It stops when its standard input ends. That is a pipe from us, so it also ends with us when we
/// are killed.
final class RouterProcess implements AutoCloseable {
  private static final String PROGRAM = "org.bgppeer.replay.Router";
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Process process;
  private final List<Thread> readers;

  private RouterProcess(Process process, List<Thread> readers) {
    this.process = process;
    this.readers = List.copyOf(readers);
  }

  /// Starts one.
  ///
  /// @param words its command line
  /// @param said gets each line that it writes to stdout
  /// @param complained gets each line that it writes to stderr
  /// @throws Failure if it cannot be started
  static RouterProcess start(List<String> words, Consumer<String> said, Consumer<String> complained)
      throws Failure {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xss512k",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                PROGRAM));
    command.addAll(words);
    command.add("--until-stdin-closes");
    try {
      Process process = new ProcessBuilder(command).start();
      return new RouterProcess(
          process,
          List.of(
              reader(process.getInputStream(), said),
              reader(process.getErrorStream(), complained)));
    } catch (IOException e) {
      throw new Failure("cannot start a simulated router: " + e.getMessage(), e);
    }
  }

  private static Thread reader(InputStream from, Consumer<String> to) {
    return Thread.ofPlatform()
        .daemon()
        .name("simulated router's output")
        .start(
            () -> {
              try (var lines =
                  new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                lines.lines().forEach(to);
              } catch (IOException | UncheckedIOException e) {
                to.accept("its output is gone: " + e.getMessage());
              }
            });
  }

  /// Waits until it ends, and until all that it wrote was handed on.
  ///
  /// @return its exit status
  int await() throws InterruptedException {
    int status = process.waitFor();
    for (Thread reader : readers) {
      reader.join();
    }
    return status;
  }

  /// Calls back when it ends, whatever the reason.
  void whenEnded(Consumer<Integer> then) {
    var _ = process.onExit().thenAccept(ended -> then.accept(ended.exitValue()));
  }

  /// Tells it to end its session and to stop; does not wait.
  void stop() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroy(); // the pipe is broken, as it is when the process is gone already
    }
  }

  /// Stops it and waits until it is gone.
  @Override
  public void close() throws InterruptedException {
    stop();
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
