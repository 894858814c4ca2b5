package org.bgppeer.app;

/// A line on stderr that shows how far something is, if that is a terminal.
final class Progress {
  /// Set by the launcher, which alone can see it: the width of the terminal that stderr is.
  private static final String WIDTH = "bgp-peer.progress";

  private static final int BAR = 30;

  private final Console console;
  private final int width = Integer.getInteger(WIDTH, 0);
  private boolean shown;

  Progress(Console console) {
    this.console = console;
  }

  /// Shows how far it is.
  ///
  /// @param done of 1
  /// @param text what else is to be said
  void show(double done, String text) {
    if (width == 0) {
      return;
    }
    double part = Math.clamp(done, 0, 1);
    int filled = (int) (part * BAR);
    String line =
        "[%s%s] %3d %%  %s"
            .formatted("#".repeat(filled), " ".repeat(BAR - filled), (int) (part * 100), text);
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
