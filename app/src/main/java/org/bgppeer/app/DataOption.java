package org.bgppeer.app;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.bgppeer.store.Database;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.Queries;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--data` and `--db`, for every command that reads what a collector knows; the collector may run
/// meanwhile.
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The collector's data directory. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of(ConfigurationReader.DEFAULT_DATA);

  /// The environment's default of `--db`: a password in it is in no list of processes.
  static final String DB_VARIABLE = "BGP_PEER_DB";

  @Option(
      names = "--db",
      paramLabel = "JDBC-URL",
      defaultValue = "${env:" + DB_VARIABLE + "}",
      description =
          "The collector's database, if it is not SQLite in the data directory:"
              + " jdbc:postgresql://HOST:PORT/DATABASE?user=NAME. Default: what "
              + DB_VARIABLE
              + " says.")
  private @Nullable String db;

  /// What a command does with the database.
  interface Work {
    void with(Queries queries) throws Failure;
  }

  /// The directory.
  DataDirectory directory() {
    return new DataDirectory(data, db);
  }

  /// Opens the database for reading, lets the work be done, closes it.
  ///
  /// @return the exit status: 0
  /// @throws Failure if there is no database, it cannot be read, or the work fails
  int read(Work work) throws Failure {
    try (Database database = directory().openToRead()) {
      work.with(database.queries(directory().journal()));
    }
    return Failure.DONE;
  }

  /// Refuses a moment that is still to come.
  ///
  /// @param option that names it
  /// @param at null if none was named
  static void requirePast(String option, @Nullable Instant at) throws Failure {
    Instant now = Instant.now();
    if (at != null && at.isAfter(now)) {
      throw new Failure(
          Failure.WRONG_USAGE,
          "%s %s is in the future; it is %s UTC".formatted(option, at, Moment.plain(now)));
    }
  }

  /// Refuses a moment that nothing is known of.
  ///
  /// @param at null for now
  /// @throws Failure if it is in the future, or before the oldest that the database has
  static void requireMoment(Queries queries, @Nullable Instant at) throws Failure {
    if (at == null) {
      return;
    }
    requirePast("--at", at);
    Instant oldest = queries.oldest();
    if (oldest == null) {
      throw new Failure(
          Failure.WRONG_USAGE, "--at has no answer: the database has seen no neighbor yet");
    }
    if (at.isBefore(oldest)) {
      throw new Failure(
          Failure.WRONG_USAGE,
          "--at %s is before the oldest time that is known; ask for %s or later"
              .formatted(at, oldest));
    }
  }

  /// Refuses a neighbor that is not in the database, and says who is.
  static void requireNeighbor(Queries queries, @Nullable String name) throws Failure {
    if (name == null || queries.neighbor(name).isPresent()) {
      return;
    }
    List<String> names =
        queries.neighbors().stream().map(NeighborRow::name).sorted(NeighborRow.NAME_ORDER).toList();
    String meant = Nearest.of(name, names).map(near -> "; did you mean '" + near + "'?").orElse("");
    throw new Failure(
        "there is no neighbor '"
            + name
            + "'"
            + meant
            + (names.isEmpty()
                ? "; the database has none yet"
                : " (known: "
                    + String.join(", ", names.subList(0, Math.min(20, names.size())))
                    + ")"));
  }
}
