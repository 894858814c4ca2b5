package org.bgppeer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A collector at work, as another process, and what it costs.
record Collecting(Process process) implements AutoCloseable {
  private static final double TICKS = 100;

  /// Waits for a line of its output.
  ///
  /// @return the pattern's first group
  static String awaitLine(BufferedReader out, Pattern pattern) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    throw new IOException("the collector did not start");
  }

  /// User and system time of the whole process.
  double cpuSeconds() {
    String stat = proc("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  /// What is resident now.
  double residentMegabytes() {
    return megabytes("VmRSS");
  }

  /// The most that was resident at any time.
  double mostResidentMegabytes() {
    return megabytes("VmHWM");
  }

  private double megabytes(String what) {
    return proc("status")
            .lines()
            .filter(line -> line.startsWith(what))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        / 1024.0;
  }

  private String proc(String file) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/" + file));
    } catch (IOException e) {
      throw new UncheckedIOException("the collector ended", e);
    }
  }

  /// Removes all that it left.
  static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
