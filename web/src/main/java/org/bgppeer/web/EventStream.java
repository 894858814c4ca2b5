package org.bgppeer.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Events to one browser over one answer that does not end (Server-Sent Events, WHATWG HTML 9.2).
final class EventStream {
  /// A browser that is gone is noticed by writing to it; a proxy closes what is silent.
  private static final Duration BEAT = Duration.ofSeconds(10);

  private final OutputStream out;
  private final CountDownLatch closing;
  private final @Nullable Long lastId;
  private final Function<List<LivePage.Row>, String> lines;
  private final BooleanSupplier allowed;
  private long written = System.nanoTime();

  /// What writes a stream.
  interface Source {
    /// Writes until [#waitFor] says that there is no one left to write to.
    void write(EventStream out) throws IOException, InterruptedException;
  }

  /// What a request asks for.
  interface Question {
    /// Reads the request; refuses it if it is wrong, before anything is written.
    Source of(Visit visit);
  }

  /// @param closing at zero when the server stops
  /// @param lastId of the event that the browser saw last, before it lost the connection
  /// @param allowed whether the reader may still read
  /// @param lines makes lines of a table of rows
  EventStream(
      OutputStream out,
      CountDownLatch closing,
      @Nullable Long lastId,
      Function<List<LivePage.Row>, String> lines,
      BooleanSupplier allowed) {
    this.out = out;
    this.closing = closing;
    this.lastId = lastId;
    this.lines = lines;
    this.allowed = allowed;
  }

  @Nullable Long lastId() {
    return lastId;
  }

  /// Waits; false if the server stops, or who reads may not any more.
  ///
  /// @throws IOException if the browser is gone
  boolean waitFor(Duration length) throws IOException, InterruptedException {
    if (System.nanoTime() - written > BEAT.toNanos()) {
      write(": " + Instant.now().getEpochSecond() + "\n\n");
    }
    return !closing.await(length.toMillis(), TimeUnit.MILLISECONDS) && allowed.getAsBoolean();
  }

  /// Lines of the table, newest first.
  void rows(long id, List<LivePage.Row> rows) throws IOException {
    send("rows", id, lines.apply(rows));
  }

  /// Only where to go on from.
  void at(long id) throws IOException {
    send("at", id, Long.toString(id));
  }

  void send(String event, long id, String data) throws IOException {
    var text = new StringBuilder();
    text.append("event: ").append(event).append("\nid: ").append(id).append('\n');
    data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
    write(text.append('\n').toString());
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    written = System.nanoTime();
  }
}
