package org.bgppeer.app;

import java.util.function.Consumer;

/// What is broken in a file, a line each with its place; of very many the first ones.
final class BrokenRecords {
  private static final int SHOWN = 100;

  private final String file;
  private final Consumer<String> err;
  private long count;

  BrokenRecords(String file, Consumer<String> err) {
    this.file = file;
    this.err = err;
  }

  /// The line about one.
  static String line(String file, long number, long offset, String what) {
    return file + ": record " + number + " at offset " + offset + ": " + what;
  }

  /// Shows such a line.
  synchronized void add(String line) {
    if (++count <= SHOWN) {
      err.accept(line);
    }
  }

  void add(long number, long offset, String what) {
    add(line(file, number, offset, what));
  }

  /// Whether there was any; says how many were not shown.
  synchronized boolean finish() {
    if (count > SHOWN) {
      err.accept("%s: %,d more records are broken".formatted(file, count - SHOWN));
    }
    return count > 0;
  }
}
