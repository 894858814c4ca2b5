package org.bgppeer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bgppeer.journal.JournalFile;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.journal.Position;
import org.bgppeer.store.Database;
import org.bgppeer.store.DatabaseUnavailable;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Records;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `rebuild`: the database anew, from the journal.
@Command(
    name = "rebuild",
    header = "The database anew, from the journal.",
    description = {
      "%nMakes the database again of what the journal has, into a new file that takes the place of"
          + " the old one when it is complete. Not while a collector runs.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RebuildCommand implements Callable<Integer> {
  private static final Duration REPORT_EVERY = Duration.ofMillis(250);
  private static final List<String> FILES = List.of("", "-wal", "-shm");

  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Option(
      names = "--force",
      description =
          "Also if the database has what the journal does not: imported archives, or history from"
              + " before the oldest segment. That is lost then.")
  private boolean force;

  private Set<String> muted = Set.of();

  @Override
  public Integer call() throws Failure, InterruptedException {
    DataDirectory directory = data.directory();
    if (directory.db() != null) {
      throw new Failure(
          Failure.WRONG_USAGE,
          "rebuild is for SQLite; empty the database of the server, and ./bgp-peer run fills it"
              + " from the journal");
    }
    if (!Files.isDirectory(directory.root())) {
      throw new Failure(
          "there is no data directory " + directory.root() + "; name the collector's with --data");
    }
    directory.prepare();
    try (var _ = directory.lock()) {
      List<JournalFile> files = JournalFile.list(directory.journal());
      if (files.isEmpty()) {
        throw new Failure(
            "the journal in "
                + directory.journal()
                + " has no segment, so nothing can be made of it; nothing was changed");
      }
      List<NeighborRow> neighbors = old(directory, files.getFirst());
      Path fresh = directory.root().resolve("bgp-peer.db.new");
      delete(fresh);
      try {
        fill(fresh, directory, files, neighbors);
        swap(directory.database(), fresh);
      } finally {
        delete(fresh);
      }
    } catch (IOException e) {
      throw new Failure("the database cannot be rebuilt: " + e.getMessage(), e);
    }
    return Failure.DONE;
  }

  /// The neighbors of the old database, so that they keep their names; none if it cannot be read.
  private List<NeighborRow> old(DataDirectory directory, JournalFile first) throws Failure {
    if (!Files.exists(directory.database())) {
      return List.of();
    }
    List<NeighborRow> neighbors;
    Instant oldest;
    try (Database database = Database.open(directory.database())) { // and brings it up to date
      var queries = database.queries(null);
      neighbors = queries.neighbors();
      muted = queries.muted();
      oldest = queries.oldest();
    } catch (DatabaseUnavailable e) {
      if (e.isOfAnother() && !force) {
        throw new Failure(Failure.WRONG_USAGE, e.getMessage() + "; nothing was changed");
      }
      program.console().hint("the old database cannot be read, so nothing is taken from it");
      return List.of();
    } catch (RuntimeException e) {
      program.console().hint("the old database cannot be read, so nothing is taken from it");
      return List.of();
    }
    var lost = new ArrayList<String>();
    neighbors.stream()
        .map(NeighborRow::source)
        .filter(source -> !source.equals(Database.LIVE))
        .distinct()
        .forEach(source -> lost.add("the archives imported as '" + source + "'"));
    if (oldest != null && oldest.isBefore(first.begin().minus(Duration.ofDays(1)))) {
      lost.add("what was before " + Moment.plain(first.begin()) + " UTC");
    }
    if (!lost.isEmpty() && !force) {
      throw new Failure(
          "the journal does not have everything that the database has: "
              + String.join(", ", lost)
              + " would be lost; --force rebuilds it all the same, nothing was changed");
    }
    return neighbors.stream()
        .filter(row -> row.source().equals(Database.LIVE))
        .sorted(Comparator.comparingLong(NeighborRow::id))
        .toList();
  }

  private void fill(
      Path fresh, DataDirectory directory, List<JournalFile> files, List<NeighborRow> neighbors)
      throws Failure, IOException, InterruptedException {
    Console console = program.console();
    long begun = System.nanoTime();
    long total = Math.max(1, files.stream().mapToLong(JournalFile::octets).sum());
    var progress = new Progress(console);
    try (Database database = Database.open(fresh)) {
      database.configure(
          neighbors.stream()
              .map(
                  row ->
                      new Database.ConfiguredNeighbor(
                          row.name(), row.address(), row.as(), row.localAddress(), false))
              .toList(),
          ChronoUnit.MICROS.between(Instant.EPOCH, files.getFirst().begin()));
      database.mute(muted);
      Position end = end(directory.journal(), files);
      try (var projector =
          Projector.start(
              database,
              Database.LIVE,
              from -> Records.of(JournalReader.of(directory.journal(), from)),
              Clock.systemUTC())) {
        while (!end.equals(Position.BEGINNING) && !projector.await(end, REPORT_EVERY)) {
          if (!projector.isAlive()) {
            throw new Failure(
                "the database could not be filled, the lines above say why; nothing was changed");
          }
          progress.show((double) before(projector.committed(), files) / total, "");
        }
        ImportCommand.awaitOrigins(database, projector, progress);
      }
    } catch (DatabaseUnavailable | SQLException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    } finally {
      progress.end();
    }
    console.hint(
        "made of %,d segments in %.1f s"
            .formatted(files.size(), (System.nanoTime() - begun) / 1e9));
  }

  /// Behind the last record that there is.
  private static Position end(Path journal, List<JournalFile> files)
      throws IOException, InterruptedException {
    for (JournalFile file : files.reversed()) {
      var begin = new Position(file.segment(), 0);
      try (var reader = JournalReader.of(journal, begin)) {
        Position end = begin;
        while (reader.next(Duration.ZERO)) {
          end = reader.after();
        }
        if (!end.equals(begin)) {
          return end;
        }
      }
    }
    return Position.BEGINNING;
  }

  /// Octets of the files before a position.
  private static long before(@Nullable Position position, List<JournalFile> files) {
    return position == null
        ? 0
        : files.stream()
            .filter(file -> file.segment().compareTo(position.segment()) < 0)
            .mapToLong(JournalFile::octets)
            .sum();
  }

  /// Between two renames there is no database: a collector that starts then makes it of the
  /// journal.
  private static void swap(Path database, Path fresh) throws IOException {
    Path old = database.resolveSibling(database.getFileName() + ".old");
    delete(old);
    for (String suffix : FILES) {
      Path file = database.resolveSibling(database.getFileName() + suffix);
      if (Files.exists(file)) {
        Files.move(
            file, old.resolveSibling(old.getFileName() + suffix), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Files.move(fresh, database, StandardCopyOption.ATOMIC_MOVE);
    delete(old);
  }

  private static void delete(Path database) throws IOException {
    for (String suffix : FILES) {
      Files.deleteIfExists(database.resolveSibling(database.getFileName() + suffix));
    }
  }
}
