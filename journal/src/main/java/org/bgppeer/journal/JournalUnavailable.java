package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.Path;

/// The directory cannot hold a journal for us: not writable, or another collector has it. The
/// message names the directory and the remedy, and is for the operator as it is.
public final class JournalUnavailable extends IOException {
  private static final long serialVersionUID = 1;

  private JournalUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  private JournalUnavailable(String message) {
    super(message);
  }

  static JournalUnavailable notWritable(Path dir, IOException cause) {
    return new JournalUnavailable(
        "cannot write to the journal directory "
            + dir.toAbsolutePath()
            + " ("
            + cause
            + "): make it writable for user "
            + System.getProperty("user.name")
            + ", or choose another data directory with --data",
        cause);
  }

  static JournalUnavailable locked(Path dir, String holder) {
    return new JournalUnavailable(
        "the journal directory "
            + dir.toAbsolutePath()
            + " is in use by another collector"
            + (holder.isEmpty() ? "" : " (process " + holder + ")")
            + ": stop that one, or choose another data directory with --data");
  }
}
