package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteQuery.Match;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `history`: everything that was ever known of one prefix.
@Command(
    name = "history",
    header = "Every version of every path of a prefix.",
    description = {
      "%nLists every version of every path of a prefix, oldest first, with when it came, when it"
          + " ended and why. An address stands for the longest prefix that covers it.%n"
    },
    footer = {
      "",
      "  ./bgp-peer history 192.0.2.0/24",
      "  ./bgp-peer history 2001:db8::1 --format json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class HistoryCommand implements Callable<Integer> {
  private static final int ALL = Integer.MAX_VALUE - 1;
  private static final int NLRIS = 1_000;

  @ParentCommand private Main program;
  @Spec private CommandSpec spec;
  @Mixin private DataOption data;
  @Mixin private FormatOption format;

  @Parameters(
      arity = "1..*",
      paramLabel = "PREFIX|ADDRESS|NLRI",
      description =
          "192.0.2.0/24, 2001:db8::1, ..., or the text of a route of another family: 64500:100"
              + " 192.0.2.0/24.")
  private List<String> words;

  @Option(names = "--neighbor", paramLabel = "NAME", description = "Only of this neighbor.")
  private @Nullable String neighbor;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "At most so many; 0, the default, for all.")
  private int limit;

  @Override
  public Integer call() throws Failure {
    if (limit < 0) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + "; allowed is 0 (all) and above");
    }
    var subject = Converters.subject(spec, words);
    return data.read(queries -> list(queries, subject));
  }

  private void list(Queries queries, Converters.Subject subject) throws Failure {
    Console console = program.console();
    DataOption.requireNeighbor(queries, neighbor);
    Prefix prefix = subject.prefix();
    if (prefix != null && subject.address()) {
      prefix = queries.longestMatch(prefix).orElse(prefix);
      console.hint("The longest prefix that covers it is " + prefix + ".");
    }
    List<RouteRow> versions =
        versions(queries, subject, prefix).stream()
            .filter(row -> neighbor == null || row.neighbor().equals(neighbor))
            .limit(limit == 0 ? ALL : limit)
            .toList();
    try (var listing = Listing.open(format.format, RouteColumns.ofVersions(), console)) {
      versions.forEach(listing::row);
    }
    if (versions.isEmpty()) {
      console.hint("We never saw " + (prefix == null ? subject.nlri() : prefix) + ".");
    }
  }

  /// Of the prefix, then of each NLRI that it stands in.
  private static List<RouteRow> versions(
      Queries queries, Converters.Subject subject, @Nullable Prefix prefix) {
    if (prefix == null || subject.prefix() == null) {
      return queries.history(subject.nlri(), ALL);
    }
    var versions = new ArrayList<>(queries.history(prefix, ALL));
    var match = subject.address() ? Match.LONGEST : Match.EXACT;
    queries
        .routes(RouteQuery.all(NLRIS).withPrefix(subject.prefix(), match).withInner(true))
        .routes()
        .stream()
        .map(RouteRow::prefix)
        .filter(nlri -> nlri.indexOf(' ') > 0)
        .distinct()
        .forEach(nlri -> versions.addAll(queries.history(nlri, ALL)));
    return versions;
  }
}
