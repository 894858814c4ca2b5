package org.bgppeer.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.bgppeer.journal.Position;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `import`: update archives of others, or of our own journal, into the database.
@Command(
    name = "import",
    header = "MRT update archives into the database.",
    description = {
      "%nReads MRT update archives (BGP4MP; plain or gzip), as RIPE RIS, RouteViews and this"
          + " program write them, into the database, in the order of their times. What was imported"
          + " before is not imported again. Not while a collector uses the same data directory.%n"
    },
    footer = {"", "  ./bgp-peer import --source rrc00 updates.20261123.*.gz"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ImportCommand implements Callable<Integer> {
  private static final Duration REPORT_EVERY = Duration.ofSeconds(5);

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
    directory.prepare();
    ArchiveRecords.Count count;
    try (var _ = directory.lock();
        Database database = directory.open()) {
      count = read(database, archives);
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
    Console console = program.console();
    count.torn().forEach(line -> console.hint("warning: " + line));
    console.hint(
        "%,d packets of %d files imported as '%s'%s%s"
            .formatted(
                count.records(),
                archives.size() - count.again(),
                source,
                count.again() == 0 ? "" : "; " + count.again() + " files had been imported before",
                count.skipped() == 0
                    ? ""
                    : "; %,d records of other kinds left out".formatted(count.skipped())));
    return Failure.DONE;
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
    try (var projector =
        Projector.start(
            database,
            source,
            from -> new ArchiveRecords(archives, from, read::add),
            Clock.systemUTC())) {
      ArchiveRecords records = read.take();
      Position last = records.last();
      while (last != null && !projector.await(last, REPORT_EVERY)) {
        program.console().hint("%,d packets read ...".formatted(records.count().records()));
        ArchiveRecords again = read.poll(); // it began anew where the database had failed
        records = again == null ? records : again;
      }
      return records.count();
    }
  }
}
