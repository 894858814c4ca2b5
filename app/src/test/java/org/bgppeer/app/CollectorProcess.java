package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `run` as a process of its own, as a person starts it, of the classes that are being tested.
final class CollectorProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;
  private static final Pattern LISTENING = Pattern.compile("listening {2}(\\S+):(\\d+)");
  private static final Pattern NEIGHBORS = Pattern.compile("neighbors {2}\\d+");
  private static final Pattern WEB = Pattern.compile("web {8}(http://\\S+?)/?");

  private final Process process;
  private final InetSocketAddress address;
  private final String web;

  private CollectorProcess(Process process, InetSocketAddress address, String web) {
    this.process = process;
    this.address = address;
    this.web = web;
  }

  /// The command that starts this program with these arguments.
  static List<String> command(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=logback.xml", // the program's, not the tests'
                "-cp",
                System.getProperty("java.class.path"),
                "org.bgppeer.app.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  /// Starts one and does not wait.
  static Process launch(Path configuration, Path log) throws IOException {
    return new ProcessBuilder(command("run", "-c", configuration.toString()))
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /// Starts one and waits until it says where it listens and where its pages are.
  ///
  /// @param configuration with `listen` on one address, and `web`
  /// @param log takes what it says on stderr, behind what is there
  static CollectorProcess start(Path configuration, Path log) throws IOException {
    return start(configuration, log, true);
  }

  /// The same without pages: less to start.
  ///
  /// @param configuration with `listen` on one address, and no `web`
  static CollectorProcess startWithoutPages(Path configuration, Path log) throws IOException {
    return start(configuration, log, false);
  }

  private static CollectorProcess start(Path configuration, Path log, boolean pages)
      throws IOException {
    Process process = launch(configuration, log);
    InetSocketAddress address = null;
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.matches()) {
        address = new InetSocketAddress(listening.group(1), Integer.parseInt(listening.group(2)));
      }
      if (!pages && address != null && NEIGHBORS.matcher(line).matches()) {
        return new CollectorProcess(process, address, "");
      }
      Matcher web = WEB.matcher(line);
      if (web.matches() && address != null) {
        return new CollectorProcess(process, address, web.group(1));
      }
    }
    process.destroyForcibly();
    throw new AssertionError("it did not start: " + Files.readString(log));
  }

  /// Where neighbors connect to.
  InetSocketAddress address() {
    return address;
  }

  /// Its process.
  long pid() {
    return process.pid();
  }

  /// The body of a page.
  String page(String path) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(web + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      return response.body();
    }
  }

  /// As `kill -9`.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("killed").isTrue();
  }

  /// As Ctrl-C.
  void stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("stopped").isTrue();
  }

  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) {
      kill();
    }
  }
}
