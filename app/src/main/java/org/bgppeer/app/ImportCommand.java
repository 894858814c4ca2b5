package org.bgppeer.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.bgppeer.journal.Position;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `import`: update archives of others, or of our own journal, into the database.
@Command(
    name = "import",
    header = "MRT archives into the database.",
    description = {
      "%nReads MRT archives, updates (BGP4MP) and tables (TABLE_DUMP, TABLE_DUMP_V2), plain or"
          + " packed (gzip, bzip2, zstd, xz), as RIPE RIS, RouteViews and this program write them,"
          + " into the database, in the order of their times. What was imported before is not"
          + " imported again: an import that was stopped goes on where it was. Not while a"
          + " collector uses the same data directory, or writes to the same database.%n"
    },
    footer = {
      "",
      "  ./bgp-peer import --source rrc00 updates.20261123.*.gz",
      "  ./bgp-peer import --source rv2 rib.20261123.0000.bz2 updates.20261123.*.bz2"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ImportCommand implements Callable<Integer> {
  private static final Duration REPORT_EVERY = Duration.ofMillis(250);
  private static final Duration ORIGINS_EVERY = Duration.ofMillis(50);

  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      defaultValue = "archive",
      description =
          "What the archives are of: neighbors of one source are one, those of another are others."
              + " Default: ${DEFAULT-VALUE}.")
  private String source;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The archives.")
  private List<Path> files;

  @Override
  public Integer call() throws Failure, InterruptedException {
    if (source.equals(Database.LIVE)) {
      throw new Failure(
          Failure.WRONG_USAGE, "--source live is the collector itself; give it another name");
    }
    List<ArchiveRecords.Archive> archives = archives();
    DataDirectory directory = data.directory();
    ArchiveRecords.Count count;
    try (var _ = lock(directory);
        Database database = directory.open()) {
      count = read(database, archives);
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
    Console console = program.console();
    for (String line : count.broken().subList(0, Math.min(100, count.broken().size()))) {
      console.hint(line);
    }
    console.hint(
        "%,d records of %d files imported as '%s'%s%s"
            .formatted(
                count.records(),
                archives.size() - count.again(),
                source,
                count.again() == 0 ? "" : "; " + count.again() + " files had been imported before",
                count.skipped() == 0
                    ? ""
                    : "; %,d records of other kinds left out".formatted(count.skipped())));
    return count.broken().isEmpty() ? Failure.DONE : Failure.FAILED;
  }

  /// The database of a server has a lock of its own, and nothing is kept in the directory.
  private static @Nullable Closeable lock(DataDirectory directory) throws Failure {
    if (directory.db() != null) {
      return null;
    }
    directory.prepare();
    return directory.lock();
  }

  private List<ArchiveRecords.Archive> archives() throws Failure {
    try {
      return ArchiveRecords.inOrder(files);
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  private ArchiveRecords.Count read(Database database, List<ArchiveRecords.Archive> archives)
      throws InterruptedException {
    var read = new LinkedBlockingQueue<ArchiveRecords>();
    var current = new AtomicReference<@Nullable ArchiveRecords>();
    var progress = new Progress(program.console());
    long total = octets(archives);
    try (var projector =
        Projector.start(
            database,
            source,
            from -> {
              var records = new ArchiveRecords(archives, from, read::add);
              current.set(records);
              return records;
            },
            Clock.systemUTC())) {
      ArchiveRecords records = null;
      while (records == null) {
        records = read.poll(REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        show(progress, current.get(), total);
      }
      Position last = records.last();
      while (last != null && !projector.await(last, REPORT_EVERY)) {
        ArchiveRecords again = read.poll(); // it began anew where the database had failed
        records = again == null ? records : again;
        show(progress, records, total);
      }
      awaitOrigins(database, projector, progress);
      progress.end();
      return records.count();
    }
  }

  /// Waits until questions by origin AS find what was read by an index, and need no walk.
  static void awaitOrigins(Database database, Projector projector, Progress progress)
      throws InterruptedException {
    while (projector.isAlive() && !hasAllOrigins(database)) {
      progress.show(1, "origin ASes");
      Thread.sleep(ORIGINS_EVERY);
    }
  }

  private static boolean hasAllOrigins(Database database) {
    try {
      return database.hasAllOrigins();
    } catch (SQLException e) {
      return false; // the projector says what is in the way, and tries again
    }
  }

  private static void show(Progress progress, @Nullable ArchiveRecords records, long total) {
    if (records != null) {
      progress.show(
          total == 0 ? 1 : (double) records.octetsRead() / total,
          "%,d records".formatted(records.read()));
    }
  }

  private static long octets(List<ArchiveRecords.Archive> archives) {
    long octets = 0;
    for (var archive : archives) {
      try {
        octets += Files.size(archive.file());
      } catch (IOException e) {
        octets += 0; // whoever opens it says so
      }
    }
    return octets;
  }
}
