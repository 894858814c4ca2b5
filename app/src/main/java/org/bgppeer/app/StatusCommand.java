package org.bgppeer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bgppeer.journal.JournalFile;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.store.Database;
import org.bgppeer.store.Follower;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.Queries;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `status`: how a collector does, and how much room it takes.
@Command(
    name = "status",
    header = "Whether the collector runs, sizes, lag, what can be asked.",
    description = {
      "%nSays whether a collector runs, how large journal and database are, how far the database is"
          + " behind the journal, whether segments of that are missing, and from when on routes and"
          + " packets can be asked about.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StatusCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private DataOption data;
  @Mixin private FormatOption format;

  /// What is said.
  ///
  /// @param process of the collector; null if none runs
  /// @param oldestRoutes null if the database is empty
  /// @param oldestPacket null if the journal is empty
  private record Status(
      String directory,
      @Nullable Long process,
      long databaseOctets,
      long journalOctets,
      int segments,
      List<JournalGap> gaps,
      long freeOctets,
      long neighbors,
      long up,
      long active,
      long inactive,
      List<Behind> followers,
      @Nullable Instant oldestRoutes,
      @Nullable Instant oldestPacket) {}

  /// @param octets of the journal that the database does not have; of compressed segments as they
  ///   are on the disk
  private record Behind(Follower follower, long octets) {}

  @Override
  public Integer call() throws Failure {
    try {
      return data.read(this::say);
    } catch (Failure e) {
      if (data.directory().db() != null && format.format == Listing.Format.table) {
        sayWithoutDatabase();
      }
      throw e;
    }
  }

  private void say(Queries queries) throws Failure {
    try (var listing = Listing.open(format.format, columns(), program.console())) {
      if (format.format == Listing.Format.table) {
        write(lines(status(queries)));
      } else {
        listing.row(status(queries));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Where a server does not answer, sessions and journal go on.
  private void sayWithoutDatabase() throws Failure {
    DataDirectory directory = data.directory();
    if (!Files.isDirectory(directory.root())) {
      return;
    }
    try {
      List<JournalFile> files = JournalFile.list(directory.journal());
      var lines = new LinkedHashMap<String, String>();
      lines.put("data", directory.root().toAbsolutePath().toString());
      lines.put("collector", collector(directory.collector()));
      lines.put("journal", journal(octets(files), files.size()));
      gaps(lines, JournalGap.of(directory.journal()));
      lines.put("free disk", size(free(directory.root())));
      lines.put("packets from", moment(files.isEmpty() ? null : files.getFirst().begin()));
      write(lines);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Failure unreadable(IOException e) {
    return new Failure("cannot read the data directory: " + e.getMessage(), e);
  }

  private void write(Map<String, String> lines) {
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    lines.forEach(
        (name, text) ->
            program.console().line(name + " ".repeat(width + 2 - name.length()) + text));
  }

  private Status status(Queries queries) throws IOException {
    DataDirectory directory = data.directory();
    List<JournalFile> files = JournalFile.list(directory.journal());
    List<NeighborRow> neighbors = queries.neighbors();
    return new Status(
        directory.root().toAbsolutePath().toString(),
        directory.collector(),
        queries.health().databaseBytes() + size(directory.log()),
        octets(files),
        files.size(),
        JournalGap.of(directory.journal()),
        free(directory.root()),
        neighbors.size(),
        neighbors.stream()
            .filter(
                n ->
                    n.state() == NeighborRow.SessionState.UP
                        || n.state() == NeighborRow.SessionState.RECEIVING)
            .count(),
        neighbors.stream().mapToLong(NeighborRow::active).sum(),
        neighbors.stream().mapToLong(NeighborRow::inactive).sum(),
        queries.followers().stream().map(f -> new Behind(f, behind(f, files))).toList(),
        queries.oldest(),
        files.isEmpty() ? null : files.getFirst().begin());
  }

  private static long octets(List<JournalFile> files) {
    return files.stream().mapToLong(JournalFile::octets).sum();
  }

  /// 0 if the directory is not here: the collector of a server's database may be elsewhere.
  private static long free(Path directory) throws IOException {
    return Files.exists(directory) ? Files.getFileStore(directory).getUsableSpace() : 0;
  }

  private static String collector(@Nullable Long process) {
    return process == null ? "does not run" : "runs, process " + process;
  }

  private static void gaps(Map<String, String> lines, List<JournalGap> gaps) {
    if (!gaps.isEmpty()) {
      JournalGap first = gaps.getFirst();
      lines.put(
          "missing",
          "segment %s, and what else was between %s and %s%s; put copies there and run `bgp-peer rebuild`"
              .formatted(
                  first.missing(),
                  first.last(),
                  first.next(),
                  gaps.size() == 1 ? "" : ", and in " + (gaps.size() - 1) + " more places"));
    }
  }

  private static String journal(long octets, int segments) {
    return size(octets) + ", segments: " + segments;
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static long behind(Follower follower, List<JournalFile> files) {
    if (!follower.name().equals(Database.LIVE)) {
      return 0;
    }
    long octets = 0;
    for (JournalFile file : files) {
      int order = file.segment().compareTo(follower.position().segment());
      if (order > 0) {
        octets += file.octets();
      } else if (order == 0 && !file.path().toString().endsWith(".gz")) {
        octets += Math.max(0, file.octets() - follower.position().offset());
      }
    }
    return octets;
  }

  private static Columns<Status> columns() {
    return new Columns<Status>()
        .field("directory", Status::directory)
        .field("running", status -> status.process() != null)
        .field("process", Status::process)
        .field("database_octets", Status::databaseOctets)
        .field("journal_octets", Status::journalOctets)
        .field("journal_segments", Status::segments)
        .field(
            "journal_segments_missing",
            status ->
                status.gaps().stream().map(JournalGap::missing).collect(Collectors.joining(" ")))
        .field("free_octets", Status::freeOctets)
        .field("neighbors", Status::neighbors)
        .field("neighbors_up", Status::up)
        .field("active", Status::active)
        .field("inactive", Status::inactive)
        .field("lag_seconds", status -> byFollower(status, b -> b.follower().lagSeconds()))
        .field("behind_octets", status -> byFollower(status, Behind::octets))
        .field("projected", status -> byFollower(status, b -> b.follower().projectedAt()))
        .field("last_beat", status -> byFollower(status, b -> b.follower().beatAt()))
        .field("oldest_routes", Status::oldestRoutes)
        .field("oldest_packet", Status::oldestPacket);
  }

  private static Map<String, @Nullable Object> byFollower(
      Status status, java.util.function.Function<Behind, @Nullable Object> what) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    status.followers().forEach(behind -> values.put(behind.follower().name(), what.apply(behind)));
    return values;
  }

  private static Map<String, String> lines(Status status) {
    var lines = new LinkedHashMap<String, String>();
    lines.put("data", status.directory());
    lines.put("collector", collector(status.process()));
    lines.put("database", size(status.databaseOctets()));
    lines.put("journal", journal(status.journalOctets(), status.segments()));
    gaps(lines, status.gaps());
    lines.put("free disk", size(status.freeOctets()));
    lines.put("neighbors", status.neighbors() + ", up: " + status.up());
    lines.put(
        "routes",
        String.format(Locale.ROOT, "%,d active, %,d not", status.active(), status.inactive()));
    for (Behind behind : status.followers()) {
      lines.put(
          behind.follower().name().equals(Database.LIVE)
              ? "lag"
              : "archive " + behind.follower().name(),
          lag(behind, status.process() != null));
    }
    lines.put("routes from", moment(status.oldestRoutes()));
    lines.put("packets from", moment(status.oldestPacket()));
    return lines;
  }

  private static String lag(Behind behind, boolean running) {
    Follower follower = behind.follower();
    String has = "the database has all until " + moment(follower.projectedAt());
    if (!follower.name().equals(Database.LIVE)) {
      return has;
    }
    if (running
        && follower.beatAt() != null
        && Duration.between(follower.beatAt(), Instant.now()).toSeconds() > 30) {
      return has + "; nothing was heard of the projector since " + moment(follower.beatAt());
    }
    return behind.octets() == 0
        ? "none; " + has
        : String.format(
            Locale.ROOT,
            "%.1f s, %s of the journal; %s",
            seconds(follower, running),
            size(behind.octets()),
            has);
  }

  /// While the database is not written nobody writes the lag either: it is as long as that is.
  private static double seconds(Follower follower, boolean running) {
    Instant beat = follower.beatAt();
    double silent = running && beat != null ? Duration.between(beat, Instant.now()).toMillis() : 0;
    return Math.max(follower.lagSeconds(), silent / 1000);
  }

  private static String moment(@Nullable Instant at) {
    return at == null ? "nothing yet" : Moment.plain(at) + " UTC";
  }

  private static String size(long octets) {
    String[] units = {"octets", "KiB", "MiB", "GiB", "TiB"};
    double value = octets;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? octets + " octets"
        : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
