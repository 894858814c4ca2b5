package org.bgppeer.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Hex;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.StateReasons;
import org.jspecify.annotations.Nullable;

/// Records to write, and what is read, as text that fits in an assertion.
final class Story {
  static final Instant START = Instant.parse("2026-11-23T23:36:00.250Z");
  static final long LOCAL_AS = 64512;
  static final Duration LONG = Duration.ofSeconds(20);

  private Story() {}

  private static byte[] address(int last) {
    return new byte[] {127, 0, 0, (byte) last};
  }

  /// The session with neighbor `n` changed its state.
  static byte[] state(Instant at, int n, int oldState, int newState) {
    StateReason reason =
        newState == Mrt.ESTABLISHED
            ? null
            : new StateReason(SessionCause.CONNECTION_CLOSED, "router " + n, "end of file");
    return Mrt.stateChange(
        at, 64500 + n, LOCAL_AS, address(n), address(100), oldState, newState, reason);
  }

  static byte[] up(Instant at, int n) {
    return state(at, n, Mrt.OPEN_CONFIRM, Mrt.ESTABLISHED);
  }

  static byte[] down(Instant at, int n) {
    return state(at, n, Mrt.ESTABLISHED, Mrt.IDLE);
  }

  /// An UPDATE of neighbor `n` that announces 10.x.y.z/32 with the number as x.y.z.
  static byte[] update(Instant at, int n, int number) {
    byte[] message =
        Hex.octets(
            """
            ffffffff ffffffff ffffffff ffffffff 0034 02   # UPDATE of 52 octets
            0000                                          # nothing withdrawn
            0018                                          # 24 octets of attributes
              40 01 01 00                                 # ORIGIN IGP
              40 02 0a 02 02 0000fbf5 0000fbf6            # AS_PATH 64501 64502
              40 03 04 7f000001                           # NEXT_HOP 127.0.0.1
            20 0a 000000                                  # 10.0.0.0/32
            """);
    ByteBuffer.wrap(message).putInt(message.length - 4, 10 << 24 | number);
    return message(at, n, false, message);
  }

  static byte[] keepalive(Instant at, int n, boolean sent) {
    return message(at, n, sent, Hex.octets("ffffffff ffffffff ffffffff ffffffff 0013 04"));
  }

  private static byte[] message(Instant at, int n, boolean sent, byte[] message) {
    return Mrt.bgp4mpMessage(
        at,
        sent,
        64500 + n,
        LOCAL_AS,
        address(n),
        address(100),
        message,
        0,
        message.length,
        DecodeContext.AS4);
  }

  /// What [#update] has as its number.
  static int number(byte[] octets, int offset, int length) {
    return ByteBuffer.wrap(octets).getInt(offset + length - 4) & 0xffffff;
  }

  static void append(Journal journal, byte[] record) {
    journal.append(record, 0, record.length);
  }

  /// What a record says; a reason is said with its state change, and is itself null, as is the
  /// record that names the segment before.
  /// `23:36:00.25 64501 6->1 COLLECTOR_CRASHED`, `23:36:00.25 64501 10.0.0.7`, `… 64501 message`
  private static @Nullable String text(
      StateReasons reasons, byte[] octets, int offset, int length) {
    try {
      var record = MrtRecord.of(octets, offset, offset + length);
      var reason = reasons.of(record);
      if (record.isReason() || record.follows() != null) {
        return null;
      }
      String head =
          record.at().toString().replaceFirst(".*T", "").replace("Z", "") + " " + record.peerAs();
      if (record.isStateChange()) {
        return head
            + " "
            + record.oldState()
            + "->"
            + record.newState()
            + (reason == null ? "" : " " + reason.cause());
      }
      return head
          + " "
          + (record.messageLength() == 52 ? number(octets, offset, length) : "message");
    } catch (MrtError e) {
      throw new AssertionError("a reader gave what is no record", e);
    }
  }

  /// The record that a segment begins with.
  static byte[] head(String before) {
    return Mrt.follows(START, before);
  }

  /// Whether the reader is at such a record.
  static boolean isAtHead(JournalReader reader) {
    try {
      int offset = reader.offset();
      return MrtRecord.of(reader.buffer(), offset, offset + reader.length()).follows() != null;
    } catch (MrtError e) {
      throw new AssertionError("a reader gave what is no record", e);
    }
  }

  /// Goes to the next record that is not one of those.
  static boolean next(JournalReader reader, Duration wait)
      throws IOException, InterruptedException {
    while (reader.next(wait)) {
      if (!isAtHead(reader)) {
        return true;
      }
    }
    return false;
  }

  /// All records that are there, as text.
  static List<String> read(JournalReader reader) throws IOException, InterruptedException {
    var all = new ArrayList<String>();
    var reasons = new StateReasons();
    while (reader.next(Duration.ZERO)) {
      String text = text(reasons, reader.buffer(), reader.offset(), reader.length());
      if (text != null) {
        all.add(text);
      }
    }
    return all;
  }

  static List<String> read(Path dir) throws IOException, InterruptedException {
    try (var reader = JournalReader.of(dir, null)) {
      return read(reader);
    }
  }

  /// The octets of one segment, uncompressed, as any gunzip sees them.
  static byte[] contents(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return file.toString().endsWith(".gz")
          ? new GZIPInputStream(in).readAllBytes()
          : in.readAllBytes();
    }
  }

  static byte[] join(byte[]... records) {
    var all = new ByteArrayOutputStream();
    for (byte[] record : records) {
      all.writeBytes(record);
    }
    return all.toByteArray();
  }

  /// The files of a journal, without the lock.
  static List<String> files(Path dir) throws IOException {
    try (var files = Files.walk(dir)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> dir.relativize(f).toString())
          .filter(f -> !f.equals("lock"))
          .sorted()
          .toList();
    }
  }

  /// What a `kill -9` at this moment leaves: the files as they are.
  static Path killed(Path dir, Path copy) throws IOException {
    try (var files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(dir.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return copy;
  }
}
