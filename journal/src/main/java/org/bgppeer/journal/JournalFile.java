package org.bgppeer.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A segment as it is on the disk.
///
/// @param segment its name, as positions have it
/// @param path of the file, compressed or not
/// @param octets of the file
public record JournalFile(String segment, Path path, long octets) {
  /// All segments of a directory, oldest first; none if it is not there.
  public static List<JournalFile> list(Path dir) throws IOException {
    var segments = new Segments(dir);
    var files = new ArrayList<JournalFile>();
    for (String name : segments.after("")) {
      for (Path path : List.of(segments.compressed(name), segments.plain(name))) {
        try {
          files.add(new JournalFile(name, path, Files.size(path)));
          break;
        } catch (NoSuchFileException e) {
          continue; // it is the other one, or was removed meanwhile
        }
      }
    }
    return files;
  }

  /// When its slot begins.
  public Instant begin() {
    return Segments.start(segment);
  }
}
