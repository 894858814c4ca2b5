package org.bgppeer.app;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bgppeer.store.Database;
import org.bgppeer.store.DatabaseUnavailable;

/// Where a collector keeps what it knows: `DIR/journal/…` and `DIR/bgp-peer.db`.
///
/// @param root the directory itself
record DataDirectory(Path root) {
  /// The directory of the journal.
  Path journal() {
    return root.resolve("journal");
  }

  /// The SQLite file.
  Path database() {
    return root.resolve("bgp-peer.db");
  }

  /// Makes it, and sees whether we may write there.
  ///
  /// @throws Failure if we may not, with the remedy
  void prepare() throws Failure {
    try {
      Files.createDirectories(root);
      Files.delete(Files.createTempFile(root, ".writable", ""));
    } catch (FileAlreadyExistsException e) {
      throw new Failure(
          "the data directory " + e.getFile() + " is a file; name a directory with --data", e);
    } catch (IOException e) {
      throw new Failure(
          "cannot write to the data directory "
              + root.toAbsolutePath()
              + " ("
              + reason(e)
              + "); make it writable for "
              + System.getProperty("user.name")
              + ", or name another one with --data",
          e);
    }
  }

  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left") ? "the disk is full" : e.getClass().getSimpleName();
  }

  /// Opens the database for writing; makes it if it is not there.
  ///
  /// @throws Failure if that cannot be
  Database open() throws Failure {
    try {
      return Database.open(database());
    } catch (DatabaseUnavailable e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  /// Opens the database for reading; the collector may write meanwhile.
  ///
  /// @throws Failure if there is none, or it cannot be read
  Database openToRead() throws Failure {
    if (!Files.exists(database())) {
      throw new Failure(
          "there is no database at "
              + database()
              + "; name the collector's data directory with --data DIR, or start it with ./bgp-peer"
              + " run");
    }
    try {
      return Database.openToRead(database());
    } catch (DatabaseUnavailable e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }
}
