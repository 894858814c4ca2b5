package org.bgppeer.app;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bgppeer.store.DiffPage;
import org.bgppeer.store.DiffQuery;
import org.bgppeer.store.DiffRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RouteField;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteQuery.Match;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Family;
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

/// `diff`: what two neighbors, or one at two times, do not have in common.
@Command(
    name = "diff",
    header = "What two neighbors, or one neighbor at two times, do not have in common.",
    description = {
      "%nCompares the active routes of two sides, A and B: two neighbors, or one neighbor at one"
          + " time (against now) or at two. It walks through the routes of both: some seconds for a"
          + " million. Exit status 0 whether they differ or not.%n"
    },
    footer = {
      "",
      "  ./bgp-peer diff rs1 rs2",
      "  ./bgp-peer diff rs1 rs2 --at '2026-03-17 03:11:50' --only as_path,communities",
      "  ./bgp-peer diff rs1 --at 1h",
      "  ./bgp-peer diff rs1 --at 03:00 --at 04:00 --within 192.0.2.0/24 --format csv"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DiffCommand implements Callable<Integer> {
  private static final int PAGE = 500;
  private static final int TERMINAL_LIMIT = 100;

  @ParentCommand private Main program;
  @Spec private CommandSpec spec;
  @Mixin private DataOption data;
  @Mixin private FormatOption format;

  @Parameters(
      arity = "1..2",
      paramLabel = "NEIGHBOR",
      description = "A, and B if that is another one.")
  private List<String> neighbors;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description =
          "As it was at this time; twice for one neighbor, the first for A: " + Moment.FORMS + ".")
  private List<Instant> at = List.of();

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      description = "Only of this family, for instance ipv4-unicast.")
  private @Nullable Family family;

  @Option(
      names = "--within",
      paramLabel = "PREFIX",
      description = "Only this prefix and all that lie within it.")
  private @Nullable String within;

  @Option(
      names = "--only",
      paramLabel = "FIELD",
      split = ",",
      description =
          "Compare only these fields: next_hop, as_path, origin, med, local_pref, communities,"
              + " large_communities, ext_communities, atomic_aggregate, aggregator,"
              + " other_attributes, details. Default: all.")
  private List<String> only = List.of();

  @Option(names = "--count", description = "Only how many there are.")
  private boolean count;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many; 0 for all. Default: 100 on a terminal, else all.")
  private @Nullable Integer limit;

  @Override
  public Integer call() throws Failure {
    DiffQuery query = query();
    return data.read(
        queries -> {
          for (String neighbor : neighbors) {
            DataOption.requireNeighbor(queries, neighbor);
          }
          for (Instant moment : at) {
            DataOption.requireMoment(queries, moment);
          }
          list(queries, query);
        });
  }

  private DiffQuery query() {
    boolean two = neighbors.size() == 2;
    if (two && at.size() > 1) {
      throw wrong("two neighbors are compared at one time; give one --at, or one neighbor");
    }
    if (!two && at.isEmpty()) {
      throw wrong("one neighbor is compared with itself at another time; add --at TIME");
    }
    if (at.size() > 2) {
      throw wrong("--at is given " + at.size() + " times; two sides have two times at most");
    }
    if (limit != null && limit < 0) {
      throw wrong("--limit is " + limit + "; allowed is 0 (all) and above");
    }
    var side =
        RouteQuery.all(PAGE).withActive(true).withFamily(family == null ? null : family.toString());
    if (within != null) {
      try {
        Prefix prefix = within.indexOf('/') < 0 ? Prefix.ofAddress(within) : Prefix.parse(within);
        side = side.withPrefix(prefix, Match.LONGER).withInner(true);
      } catch (IllegalArgumentException e) {
        throw wrong("--within: '" + within + "' is not a prefix such as 192.0.2.0/24");
      }
    }
    Instant first = at.isEmpty() ? null : at.getFirst();
    Instant second = two ? first : at.size() == 2 ? at.get(1) : null;
    return new DiffQuery(
        side.withNeighbor(neighbors.getFirst()).withAt(first),
        side.withNeighbor(neighbors.getLast()).withAt(second),
        fields(),
        null,
        PAGE);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Set<RouteField> fields() {
    if (only.isEmpty()) {
      return EnumSet.allOf(RouteField.class);
    }
    var fields = EnumSet.noneOf(RouteField.class);
    for (String name : only) {
      fields.add(
          Arrays.stream(RouteField.values())
              .filter(f -> f.text().equals(name.strip().replace('-', '_').toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(
                  () ->
                      wrong(
                          "--only: '"
                              + name
                              + "' is not a field; allowed are "
                              + Arrays.stream(RouteField.values())
                                  .map(RouteField::text)
                                  .collect(Collectors.joining(", ")))));
    }
    return fields;
  }

  private void list(Queries queries, DiffQuery query) {
    Console console = program.console();
    boolean people = console.terminal() && format.format == Listing.Format.table;
    long most =
        count || limit != null && limit == 0
            ? Long.MAX_VALUE
            : limit != null ? limit : people ? TERMINAL_LIMIT : Long.MAX_VALUE;
    long found = 0;
    boolean more = false;
    try (var listing = count ? null : Listing.open(format.format, columns(), console)) {
      for (DiffQuery next = query; next != null && !more; ) {
        DiffPage page = queries.diff(next);
        for (DiffRow row : page.rows()) {
          if (found == most) {
            more = true;
            break;
          }
          if (listing != null) {
            listing.row(row);
          }
          found++;
        }
        next = page.next() == null ? null : query.withAfter(page.next());
      }
    }
    if (count) {
      console.line(Long.toString(found));
    } else if (found == 0) {
      console.hint("There is no difference.");
    } else if (more) {
      console.hint(found + " shown, there are more; --limit 0 shows all.");
    }
  }

  private static Columns<DiffRow> columns() {
    var columns =
        new Columns<DiffRow>()
            .field("change", DiffCommand::change)
            .field("family", DiffRow::family)
            .field("prefix", DiffRow::prefix)
            .field(
                "changed",
                row ->
                    row.changed().stream().map(RouteField::text).collect(Collectors.joining(" ")))
            .field("a_neighbor", row -> of(row.a(), RouteRow::neighbor))
            .field("b_neighbor", row -> of(row.b(), RouteRow::neighbor))
            .field("a_path_id", row -> of(row.a(), RouteRow::pathId))
            .field("b_path_id", row -> of(row.b(), RouteRow::pathId))
            .field("a_valid_from", row -> of(row.a(), RouteRow::validFrom))
            .field("b_valid_from", row -> of(row.b(), RouteRow::validFrom));
    for (RouteField field : RouteField.values()) {
      columns.field("a_" + field.text(), row -> of(row.a(), field::of));
      columns.field("b_" + field.text(), row -> of(row.b(), field::of));
    }
    return columns
        .column("CHANGE", DiffCommand::change, DiffCommand::tone)
        .column("PREFIX", DiffCommand::prefix)
        .elastic("A", row -> side(row, row.a()))
        .elastic("B", row -> side(row, row.b()));
  }

  private static @Nullable Object of(
      @Nullable RouteRow side, java.util.function.Function<RouteRow, @Nullable Object> field) {
    return side == null ? null : field.apply(side);
  }

  private static String change(DiffRow row) {
    return row.b() == null ? "only-in-a" : row.a() == null ? "only-in-b" : "changed";
  }

  private static Columns.Tone tone(DiffRow row) {
    return row.b() == null
        ? Columns.Tone.BAD
        : row.a() == null ? Columns.Tone.GOOD : Columns.Tone.WAITING;
  }

  private static String prefix(DiffRow row) {
    RouteRow side = row.a() != null ? row.a() : Objects.requireNonNull(row.b());
    return side.prefix() + (side.pathId() == null ? "" : " #" + side.pathId());
  }

  /// What a side has: its path if it is alone, else what is not the same.
  private static String side(DiffRow row, @Nullable RouteRow side) {
    if (side == null) {
      return "";
    }
    if (row.changed().isEmpty()) {
      return (side.asPath().isEmpty() ? "(own AS)" : side.asPath())
          + (side.nextHop().isEmpty() ? "" : " via " + side.nextHop());
    }
    return row.changed().stream()
        .map(
            field -> {
              Object value = field.of(side);
              String text = value == null ? "" : value.toString().replace('\n', ',');
              return field.text() + " " + (text.isEmpty() ? "none" : text);
            })
        .collect(Collectors.joining("; "));
  }
}
