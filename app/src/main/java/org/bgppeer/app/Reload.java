package org.bgppeer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bgppeer.session.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies a configuration that changed to a collector that runs. One that is wrong changes
/// nothing.
final class Reload implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Source source;
  private final Rooms rooms;
  private Configuration current;
  private volatile boolean closed;
  private @Nullable Thread watcher;

  /// Where the configuration comes from.
  interface Source {
    Configuration read() throws BadConfiguration;
  }

  Reload(Source source, Rooms rooms, Configuration current) {
    this.source = source;
    this.rooms = rooms;
    this.current = current;
  }

  /// Reads the configuration again and applies it.
  ///
  /// @return what changed, a line each
  /// @throws Failure with everything that is wrong; nothing has changed then
  synchronized List<String> apply() throws Failure {
    Configuration next;
    try {
      next = source.read();
    } catch (BadConfiguration e) {
      throw new Failure("nothing was changed:\n" + e.getMessage(), e);
    }
    Collector.Applied applied = rooms.apply(next);
    var lines = new ArrayList<String>();
    say(lines, "added", applied.added());
    say(lines, "removed", applied.removed());
    say(lines, "session reset", applied.reset());
    say(lines, "changed, session kept", applied.changed());
    lines.add("untouched: " + applied.untouched());
    lines.addAll(atNextStart(current, next));
    next.warnings().forEach(warning -> lines.add("warning: " + warning));
    current = next;
    return lines;
  }

  private static void say(List<String> lines, String what, List<String> names) {
    if (!names.isEmpty()) {
      lines.add(what + ": " + String.join(", ", names));
    }
  }

  private static List<String> atNextStart(Configuration before, Configuration next) {
    var lines = new ArrayList<String>();
    if (!before.data().equals(next.data())) {
      lines.add("data is another directory: that counts at the next start");
    }
    if (before.web() == null ? next.web() != null : !before.web().equals(next.web())) {
      lines.add("web is another address: that counts at the next start");
    }
    if (!before.journal().equals(next.journal())) {
      lines.add("journal has other settings: they count at the next start");
    }
    return lines;
  }

  /// The same where nobody waits for an answer: into the log.
  void applyAndLog(String why) {
    try {
      LOG.info("configuration read again ({}): {}", why, String.join("; ", apply()));
    } catch (Failure e) {
      LOG.error("configuration read again ({}): {}", why, e.getMessage());
    }
  }

  /// Applies the file whenever it changes, from now on.
  void watch(Path file) {
    watcher =
        Thread.ofVirtual()
            .name("watch")
            .start(
                () -> {
                  FileTime seen = changed(file);
                  try {
                    while (!closed) {
                      Thread.sleep(LOOK);
                      FileTime now = changed(file);
                      if (now != null && !now.equals(seen)) {
                        seen = now;
                        applyAndLog("the file changed");
                      }
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  private static @Nullable FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return null; // between two versions of it
    }
  }

  @Override
  public void close() {
    closed = true;
    if (watcher != null) {
      watcher.interrupt();
    }
  }
}
