package org.bgppeer.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who did what: a JSON object a line, so that no text can forge one.
final class AuditLog {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  private static final Set<StandardOpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  private static final FileAttribute<Set<PosixFilePermission>> OURS_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final @Nullable Path file;

  /// A line of it.
  ///
  /// @param user who it was, or said to be
  /// @param result `done`, or why not
  record Line(Instant at, String user, String address, List<String> action, String result) {}

  AuditLog(@Nullable Path file) {
    this.file = file;
  }

  synchronized void write(Line line) {
    String text = new String(Tabular.json(line), StandardCharsets.UTF_8);
    log.info("audit {}", text);
    if (file == null) {
      return;
    }
    try (var channel = Files.newByteChannel(file, APPEND, OURS_ALONE)) {
      var octets = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
    } catch (IOException e) {
      log.error("the audit log {} cannot be written: {}", file, e.toString());
    }
  }
}
