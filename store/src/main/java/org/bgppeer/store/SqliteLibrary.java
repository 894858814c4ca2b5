package org.bgppeer.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite itself, which the driver has in its jar and the system must load from a file.
///
/// By itself the driver writes that file anew for each process, into the directory for temporary
/// files, where one that is killed leaves it. Here it is written once a version, into `lib` beside
/// the database, and used again. Where that can't be, the driver does as it always does.
final class SqliteLibrary {
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";
  private static final String TEMPORARY = "org.sqlite.tmpdir";

  private SqliteLibrary() {}

  /// Tells the driver of the file beside a database, makes it if need be, and removes those of
  /// other versions. To be called before the first connection of the process; later calls change
  /// nothing.
  ///
  /// Only in a directory of the user who runs this: what is loaded does what it likes.
  static synchronized void beside(Path database) {
    if (System.getProperty(PATH) != null || System.getProperty(TEMPORARY) != null) {
      return; // somebody knows better, or it is done
    }
    try {
      Path lib = lib(database);
      Path directory = lib.getParent();
      byte[] library = library();
      if (library == null || directory == null || !isOurs(directory)) {
        return;
      }
      Files.createDirectories(lib);
      if (!isOurs(lib)) {
        return;
      }
      String name =
          "sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + LibraryLoaderUtil.getNativeLibName();
      Path file = lib.resolve(name);
      if (!isOurs(file) || !Arrays.equals(Files.readAllBytes(file), library)) {
        write(library, lib, file);
      }
      System.setProperty(PATH, lib.toString());
      System.setProperty(NAME, name);
      if (!isLoaded()) { // where no program may be, the driver asks elsewhere
        System.clearProperty(PATH);
        System.clearProperty(NAME);
      }
    } catch (IOException e) {
      return; // not a word: it may work all the same
    }
  }

  private static Path lib(Path database) {
    return database.toAbsolutePath().resolveSibling("lib");
  }

  /// What to do where nothing could be loaded.
  static String remedy(Path database) {
    return "SQLite cannot be loaded from "
        + lib(database)
        + " nor from "
        + System.getProperty(TEMPORARY, System.getProperty("java.io.tmpdir"))
        + ": may programs be there, or are they mounted noexec? Name a directory for it:"
        + " BGP_PEER_JAVA_OPTS=-D"
        + TEMPORARY
        + "=DIR";
  }

  /// Has the driver load it, unless it has one already: of two in one process each has a state of
  /// its own, and Java takes functions from either.
  private static boolean isLoaded() {
    try {
      return SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      return false; // the next time it says so to who needs it
    }
  }

  private static boolean isOurs(Path file) throws IOException {
    return Files.exists(file)
        && Files.getOwner(file).getName().equals(System.getProperty("user.name"));
  }

  /// Null on a system that the driver finds another way for.
  private static byte @Nullable [] library() throws IOException {
    String resource =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    }
  }

  /// Another process may have loaded the file that is replaced: it keeps that one.
  private static void write(byte[] library, Path lib, Path file) throws IOException {
    Path fresh = Files.createTempFile(lib, "new", "");
    try {
      Files.write(fresh, library);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    try (var others = Files.newDirectoryStream(lib)) {
      for (Path other : others) {
        if (!other.equals(file)) {
          Files.deleteIfExists(other);
        }
      }
    }
  }
}
