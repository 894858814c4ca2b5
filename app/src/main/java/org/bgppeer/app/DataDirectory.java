package org.bgppeer.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.bgppeer.store.Database;
import org.bgppeer.store.DatabaseUnavailable;
import org.jspecify.annotations.Nullable;

/// Where a collector keeps what it knows: `DIR/journal/…`, and `DIR/bgp-peer.db` or the database of
/// a server.
///
/// @param root the directory itself
/// @param db the JDBC URL of the database; null for SQLite in the directory
record DataDirectory(Path root, @Nullable String db) {
  /// Who may use the pages; need not be there.
  Path users() {
    return root.resolve("web-users");
  }

  /// Where files are that say what communities mean; need not be there.
  Path communities() {
    return root.resolve("communities");
  }

  /// Where names of autonomous systems may be; need not be there.
  List<Path> asNames() {
    return List.of(
        root.resolve("as-names.txt"), root.resolve("as-names.csv"), root.resolve("asns.csv"));
  }

  /// The directory of the journal.
  Path journal() {
    return root.resolve("journal");
  }

  /// The SQLite file, if the database is one.
  Path database() {
    return root.resolve("bgp-peer.db");
  }

  /// SQLite's write-ahead log beside it.
  Path log() {
    return root.resolve("bgp-peer.db-wal");
  }

  private Path lockFile() {
    return root.resolve("bgp-peer.lock");
  }

  /// The process that has it locked; null if none.
  @Nullable Long collector() throws IOException {
    if (!Files.exists(lockFile())) {
      return null;
    }
    String text = Files.readString(lockFile()).strip();
    if (!text.matches("\\d{1,10}") || ProcessHandle.of(Long.parseLong(text)).isEmpty()) {
      return null;
    }
    // Another program may have that number by now. A shared lock would be refused beside the
    // collector's, and is held for no longer than it takes to see that.
    try (var channel = FileChannel.open(lockFile(), StandardOpenOption.READ)) {
      return channel.tryLock(0, Long.MAX_VALUE, true) == null ? Long.valueOf(text) : null;
    } catch (OverlappingFileLockException e) {
      return Long.valueOf(text); // this very process has it
    }
  }

  /// Makes it, and sees whether we may write there; before that, whether the server's database can
  /// be used.
  ///
  /// @throws Failure if not, with the remedy
  void prepare() throws Failure {
    if (db != null) {
      try {
        Database.check(db);
      } catch (DatabaseUnavailable e) {
        throw unavailable(e);
      }
    }
    try {
      Files.createDirectories(root);
      Files.delete(Files.createTempFile(root, ".writable", ""));
    } catch (FileAlreadyExistsException e) {
      throw new Failure(
          "the data directory " + e.getFile() + " is a file; name a directory with --data", e);
    } catch (IOException e) {
      throw notWritable(e);
    }
  }

  /// Takes the directory for this process alone, until it is closed: two that write would each undo
  /// the other.
  ///
  /// @throws Failure if another process has it
  Closeable lock() throws Failure {
    Path file = lockFile();
    try {
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw new Failure(
            "the data directory "
                + root.toAbsolutePath()
                + " is in use by another bgp-peer (process "
                + Files.readString(file).strip()
                + "); stop that one, or name another directory with --data");
      }
      channel.truncate(0);
      String process = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(process.getBytes(StandardCharsets.US_ASCII)));
      return channel;
    } catch (IOException e) {
      throw notWritable(e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very process has it
    }
  }

  private Failure notWritable(IOException e) {
    return new Failure(
        "cannot write to the data directory "
            + root.toAbsolutePath()
            + " ("
            + reason(e)
            + "); make it writable for "
            + System.getProperty("user.name")
            + ", or name another one with --data",
        e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason = e instanceof FileSystemException it ? it.getReason() : e.getMessage();
    if (reason == null) {
      return e.getClass().getSimpleName();
    }
    return reason.contains("No space left") ? "the disk is full" : reason;
  }

  private static Failure unavailable(DatabaseUnavailable e) {
    return new Failure(Failure.WRONG_USAGE, String.valueOf(e.getMessage()));
  }

  /// Opens the database for writing; makes it if it is not there.
  ///
  /// @throws Failure if that cannot be
  Database open() throws Failure {
    try {
      return db == null ? Database.open(database()) : Database.open(db);
    } catch (DatabaseUnavailable e) {
      throw unavailable(e);
    }
  }

  /// Opens the database for reading; the collector may write meanwhile.
  ///
  /// @throws Failure if there is none, or it cannot be read
  Database openToRead() throws Failure {
    if (db == null && !Files.exists(database())) {
      throw new Failure(
          "there is no database at "
              + database()
              + "; name the collector's data directory with --data DIR, or start it with ./bgp-peer"
              + " run");
    }
    try {
      return db == null ? Database.openToRead(database()) : Database.openToRead(db);
    } catch (DatabaseUnavailable e) {
      throw unavailable(e);
    }
  }
}
