package org.bgppeer.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The browser of the operating system, driven through its DevTools protocol: one tab, no network
/// but loopback.
final class Chromium implements AutoCloseable {
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SECONDS = 30;

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<@Nullable Void> loaded = new CompletableFuture<>();
  private @Nullable String session;

  /// Where it is installed; null if it is not.
  static @Nullable Path installed() {
    return PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst().orElse(null);
  }

  Chromium(Path program) throws IOException, InterruptedException {
    profile = Files.createTempDirectory("chromium-profile");
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address()), new Receiver())
            .join();
    JsonNode target = call("Target.createTarget", Map.of("url", "about:blank"));
    session =
        call(
                "Target.attachToTarget",
                Map.of("targetId", target.get("targetId").asString(), "flatten", true))
            .get("sessionId")
            .asString();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /// The address that it prints when it is ready; behind it a thread reads on, so that its output
  /// never blocks it.
  private String address() throws IOException {
    var lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var said = new ArrayList<String>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      int at = line.indexOf("ws://");
      if (line.startsWith("DevTools listening on") && at >= 0) {
        Thread.ofVirtual().start(() -> readToTheEnd(lines));
        return line.substring(at).strip();
      }
    }
    throw new IOException("Chromium ended before it was ready: " + said);
  }

  private static void readToTheEnd(BufferedReader lines) {
    try {
      lines.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      return; // it was ended while it wrote
    }
  }

  /// Opens a page and waits until it is loaded.
  void open(String url) {
    loaded = new CompletableFuture<>();
    call("Page.navigate", Map.of("url", url));
    waitForLoad();
  }

  /// Waits until the page that a click or a key began to load is there.
  void waitForLoad() {
    loaded.orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  /// From now on [#waitForLoad] waits for a new page.
  void expectLoad() {
    loaded = new CompletableFuture<>();
  }

  /// The size of the window; below 800 pixels it is a phone.
  void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 800));
  }

  /// What the system prefers: `light` or `dark`.
  void scheme(String value) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", value))));
  }

  /// Whether scripts run on the pages that are opened from now on.
  void scripts(boolean run) {
    call("Emulation.setScriptExecutionDisabled", Map.of("value", !run));
  }

  /// The value of an expression; of a promise what it becomes.
  JsonNode eval(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.get("result").path("value");
  }

  /// Waits until an expression is true on the page.
  void until(String condition) {
    boolean came =
        eval("new Promise(done => { const end = Date.now() + 20000; (function look() {"
                + " if ("
                + condition
                + ") done(true); else if (Date.now() > end) done(false);"
                + " else setTimeout(look, 20); })(); })")
            .asBoolean();
    if (!came) {
      throw new AssertionError("did not become true: " + condition);
    }
  }

  /// Presses and releases a key that is a character.
  void key(String character) {
    for (String type : List.of("keyDown", "keyUp")) {
      call("Input.dispatchKeyEvent", Map.of("type", type, "key", character, "text", character));
    }
  }

  /// Presses and releases a key by its name: `Escape`.
  void named(String name) {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      call("Input.dispatchKeyEvent", Map.of("type", type, "key", name, "code", name));
    }
  }

  /// Writes what the window shows into a file.
  ///
  /// @param whole the page to its end, not only the window
  void screenshot(Path file, boolean whole) throws IOException {
    JsonNode shot =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
    Files.write(file, Base64.getDecoder().decode(shot.get("data").asString()));
  }

  /// Writes the page as it is printed into a file, on A4.
  void print(Path file) throws IOException {
    JsonNode paper =
        call(
            "Page.printToPDF",
            Map.of("paperWidth", 8.27, "paperHeight", 11.69, "printBackground", false));
    Files.write(file, Base64.getDecoder().decode(paper.get("data").asString()));
  }

  /// What the browser complained about since it started: errors of scripts, blocked resources,
  /// breaches of the content policy.
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// Forgets them.
  void forgetComplaints() {
    complaints.clear();
  }

  private JsonNode call(String method, Map<String, ?> parameters) {
    int id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    answers.put(id, answer);
    var message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    if (session != null) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    try {
      return answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new AssertionError(method + " " + parameters + ": " + e.getCause(), e);
    }
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        JsonNode message = JSON.readTree(text.toString());
        text.setLength(0);
        receive(message);
      }
      from.request(1);
      return null;
    }

    private void receive(JsonNode message) {
      if (message.has("id")) {
        CompletableFuture<JsonNode> answer = answers.remove(message.get("id").asInt());
        if (answer == null) {
          return; // nobody waits any more
        }
        if (message.has("error")) {
          answer.completeExceptionally(new IOException(message.get("error").toString()));
        } else {
          answer.complete(message.get("result"));
        }
        return;
      }
      JsonNode body = message.path("params");
      switch (message.path("method").asString("")) {
        case "Page.loadEventFired" -> loaded.complete(null);
        case "Runtime.exceptionThrown" -> complaints.add(body.toString());
        case "Log.entryAdded" -> {
          if (body.path("entry").path("level").asString("").equals("error")) {
            complaints.add(body.toString());
          }
        }
        default -> {} // of no interest here
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).join();
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
