package org.bgppeer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line on stderr that shows how far an import is, if that is a terminal.
final class Progress {
  /// Set by the launcher, which alone can see it: the width of the terminal that stderr is.
  private static final String WIDTH = "bgp-peer.progress";

  private static final int BAR = 30;

  private final Console console;
  private final int width = Integer.getInteger(WIDTH, 0);
  private final long total;
  private boolean shown;

  Progress(Console console, List<ArchiveRecords.Archive> archives) {
    this.console = console;
    long octets = 0;
    for (var archive : archives) {
      try {
        octets += Files.size(archive.file());
      } catch (IOException e) {
        octets += 0; // whoever opens it says so
      }
    }
    total = octets;
  }

  /// Shows how far it is.
  void show(@Nullable ArchiveRecords records) {
    if (width == 0 || records == null) {
      return;
    }
    double done = total == 0 ? 1 : Math.min(1, (double) records.octetsRead() / total);
    int filled = (int) (done * BAR);
    String line =
        "[%s%s] %3d %%  %,d records"
            .formatted(
                "#".repeat(filled), " ".repeat(BAR - filled), (int) (done * 100), records.read());
    console.err().print('\r' + line.substring(0, Math.min(line.length(), width - 1)));
    console.err().flush();
    shown = true;
  }

  /// Takes the line away.
  void end() {
    if (shown) {
      console.err().print("\r\u001b[K");
      console.err().flush();
    }
  }
}
