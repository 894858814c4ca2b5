package org.bgppeer.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bgppeer.store.Database;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.Queries;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--data`, for every command that reads the database; the collector may run meanwhile.
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The collector's data directory. Default: ${DEFAULT-VALUE}.")
  Path data = Path.of(ConfigurationReader.DEFAULT_DATA);

  /// Opens the database there, for reading.
  ///
  /// @throws Failure if there is none, or it cannot be read
  Database open() throws Failure {
    Path file = DataDirectory.database(data);
    if (!Files.exists(file)) {
      throw new Failure(
          "there is no database at "
              + file
              + "; name the collector's data directory with --data DIR, or start it with ./bgp-peer"
              + " run");
    }
    return DataDirectory.read(file);
  }

  /// Refuses a neighbor that is not in the database, and says who is.
  static void requireNeighbor(Queries queries, @Nullable String name) throws Failure {
    if (name == null || queries.neighbor(name).isPresent()) {
      return;
    }
    List<String> names = queries.neighbors().stream().map(NeighborRow::name).sorted().toList();
    String meant = Nearest.of(name, names).map(near -> "; did you mean '" + near + "'?").orElse("");
    throw new Failure(
        "there is no neighbor '"
            + name
            + "'"
            + meant
            + (names.isEmpty()
                ? "; the database has none yet"
                : " (known: " + String.join(", ", names.subList(0, Math.min(20, names.size()))) + ")"));
  }
}
