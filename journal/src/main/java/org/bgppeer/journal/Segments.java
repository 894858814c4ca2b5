package org.bgppeer.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of a journal, named as RIPE RIS names them:
///
/// ```
/// <dir>/2026.11/updates.20261123.2330.gz   finished
/// <dir>/2026.11/updates.20261123.2335      being written, or finished and not yet compressed
/// <dir>/2026.11/updates.20261123.2330.gz.tmp   being compressed
/// ```
///
/// The names are the UTC start of the slot; their alphabetical order is their order in time.
record Segments(Path dir) {
  static final String GZ = ".gz";
  static final String TEMPORARY = ".gz.tmp";

  private static final Duration CLOCK_SET = Duration.ofDays(1);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'updates.'yyyyMMdd.HHmm");
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("yyyy.MM");
  private static final Pattern IS_NAME = Pattern.compile("updates\\.\\d{8}\\.\\d{4}");
  private static final Pattern IS_MONTH = Pattern.compile("\\d{4}\\.\\d{2}");

  /// Start of the slot that `at` is in.
  static Instant slot(Instant at, Duration rotation) {
    long seconds = rotation.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
  }

  static String name(Instant start) {
    return NAME.format(start.atOffset(ZoneOffset.UTC));
  }

  static Instant start(String name) {
    return LocalDateTime.parse(name, NAME).toInstant(ZoneOffset.UTC);
  }

  /// Goes behind a damage to the next record that may be of this segment; its time may differ from
  /// its name's by a day where the clock was set.
  ///
  /// @return octets that were skipped; 0 if there is no such record
  long skipDamage(String name, RecordInput in) throws IOException {
    var start = start(name);
    return in.skipToRecord(
        start.minus(CLOCK_SET).getEpochSecond(), start.plus(CLOCK_SET).getEpochSecond());
  }

  Path plain(String name) {
    return month(name).resolve(name);
  }

  Path compressed(String name) {
    return month(name).resolve(name + GZ);
  }

  Path temporary(String name) {
    return month(name).resolve(name + TEMPORARY);
  }

  /// The file that a segment is in now.
  Path file(String name) {
    Path plain = plain(name);
    return Files.exists(plain) ? plain : compressed(name);
  }

  /// Whether it is finished, and its plain form gone.
  boolean isCompressed(String name) {
    return !Files.exists(plain(name)) && Files.exists(compressed(name));
  }

  private Path month(String name) {
    if (!IS_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("`" + name + "` is not a segment's name");
    }
    return dir.resolve(MONTH.format(start(name).atOffset(ZoneOffset.UTC)));
  }

  @Nullable String oldest() throws IOException {
    for (Path month : months()) {
      NavigableSet<String> names = namesIn(month);
      if (!names.isEmpty()) {
        return names.first();
      }
    }
    return null;
  }

  /// The latest one before `name`, or of all if `name` is null.
  @Nullable String latestBefore(@Nullable String name) throws IOException {
    for (Path month : months().reversed()) {
      NavigableSet<String> names = namesIn(month);
      String latest = name == null ? lastOf(names) : names.lower(name);
      if (latest != null) {
        return latest;
      }
    }
    return null;
  }

  /// All after `name`, oldest first; all that there are if it is empty.
  List<String> after(String name) throws IOException {
    var after = new ArrayList<String>();
    for (Path month : name.isEmpty() ? months() : months().tailSet(month(name), true)) {
      after.addAll(namesIn(month).tailSet(name, false));
    }
    return after;
  }

  /// All from `name` on, itself included if it is there, oldest first; all that there are if it is
  /// null.
  List<String> from(@Nullable String name) throws IOException {
    if (name == null) {
      return after("");
    }
    var from = after(name);
    if (Files.exists(plain(name)) || Files.exists(compressed(name))) {
      from.addFirst(name);
    }
    return from;
  }

  /// All of them, newest first. A directory is listed when the first one of it is asked for.
  Stream<String> newestFirst() throws IOException {
    return months().descendingSet().stream()
        .flatMap(
            month -> {
              try {
                return namesIn(month).descendingSet().stream();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /// Those that are not compressed, whether or not a compressed form stands beside them.
  List<String> plain() throws IOException {
    return namesEndingIn("");
  }

  /// Those that somebody began to compress.
  List<String> temporary() throws IOException {
    return namesEndingIn(TEMPORARY);
  }

  private List<String> namesEndingIn(String suffix) throws IOException {
    var names = new ArrayList<String>();
    for (Path month : months()) {
      list(
          month,
          file -> {
            if (file.endsWith(suffix)) {
              String name = file.substring(0, file.length() - suffix.length());
              if (IS_NAME.matcher(name).matches()) {
                names.add(name);
              }
            }
          });
    }
    names.sort(null);
    return names;
  }

  private static @Nullable String lastOf(NavigableSet<String> names) {
    return names.isEmpty() ? null : names.last();
  }

  private static NavigableSet<String> namesIn(Path month) throws IOException {
    var names = new TreeSet<String>();
    list(
        month,
        file -> {
          String name = file.endsWith(GZ) ? file.substring(0, file.length() - GZ.length()) : file;
          if (IS_NAME.matcher(name).matches()) {
            names.add(name);
          }
        });
    return names;
  }

  private NavigableSet<Path> months() throws IOException {
    var months = new TreeSet<Path>();
    list(
        dir,
        file -> {
          if (IS_MONTH.matcher(file).matches()) {
            months.add(dir.resolve(file));
          }
        });
    return months;
  }

  private static void list(Path directory, Consumer<String> each) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> each.accept(entry.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return; // a journal that does not exist yet is an empty one
    } catch (DirectoryIteratorException | UncheckedIOException e) {
      throw new IOException("cannot list " + directory, e);
    }
  }
}
