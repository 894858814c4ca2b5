package org.bgppeer.app;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.SessionRow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `neighbors`: who sends us routes, and where their sessions stand.
@Command(
    name = "neighbors",
    header = "The neighbors and their sessions.",
    description = {
      "%nLists the neighbors, those that need a look first: state, since when, why, and what they"
          + " hold. Of one neighbor, all that the running collector knows. With --at, as they were"
          + " then, every route counted: a second or so for some millions.%n"
    },
    footer = {"", "  ./bgp-peer neighbors", "  ./bgp-peer neighbors --at '2026-03-17 03:11:50'"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NeighborsCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private DataOption data;
  @Mixin private FormatOption format;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "As it was at this time: " + Moment.FORMS + ".")
  private @Nullable Instant at;

  @Parameters(
      paramLabel = "NEIGHBOR",
      arity = "0..1",
      description = "All about this one, from the collector that runs: counters, timers, OPENs.")
  private @Nullable String name;

  @Override
  public Integer call() throws Failure {
    if (name != null) {
      return one(name);
    }
    return data.read(
        queries -> {
          DataOption.requireMoment(queries, at);
          List<NeighborRow> neighbors = at == null ? queries.neighbors() : queries.neighbors(at);
          try (var listing = Listing.open(format.format, columns(at != null), program.console())) {
            neighbors.forEach(listing::row);
          }
          if (neighbors.isEmpty()) {
            program.console().hint("There is no neighbor yet; configure one for ./bgp-peer run.");
          }
        });
  }

  /// What the collector says of one neighbor; beside the list, which comes from the database, it
  /// has to run for that.
  private int one(String neighbor) throws Failure {
    String json = ControlSocket.ask(data.directory().root(), "detail", neighbor);
    if (format.format == Listing.Format.json) {
      program.console().line(json);
    } else {
      NeighborText.lines(json).forEach(program.console()::line);
    }
    return Failure.DONE;
  }

  /// @param past whether they are of a moment of the past, of which the updates until then are not
  /// known
  private static Columns<NeighborRow> columns(boolean past) {
    return new Columns<NeighborRow>()
        .field("name", NeighborRow::name)
        .field("source", NeighborRow::source)
        .field("address", NeighborRow::address)
        .field("as", NeighborRow::as)
        .field("local_address", row -> row.localAddress().isEmpty() ? null : row.localAddress())
        .field("state", NeighborsCommand::state)
        .field("since", NeighborRow::since)
        .field("why", NeighborRow::why)
        .field("active", NeighborRow::active)
        .field("stale", row -> row.families().stream().mapToLong(FamilyCount::stale).sum())
        .field("inactive", NeighborRow::inactive)
        .field("active_by_family", row -> byFamily(row, FamilyCount::active))
        .field("inactive_by_family", row -> byFamily(row, FamilyCount::inactive))
        .field("session", row -> row.session() == null ? null : row.session().generation())
        .field("session_up", row -> row.session() == null ? null : row.session().upAt())
        .field("session_down", row -> row.session() == null ? null : row.session().downAt())
        .field("updates", row -> updatesOf(row, past))
        .field("last_packet", NeighborRow::lastPacketAt)
        .column("NEIGHBOR", NeighborRow::name)
        .column("ADDRESS", NeighborRow::ends)
        .number("AS", row -> Long.toString(row.as()))
        .column("STATE", NeighborsCommand::state, NeighborsCommand::tone)
        .column("SINCE (UTC)", row -> Moment.plain(row.since()))
        .number("ACTIVE", row -> grouped(row.active()))
        .number("INACTIVE", row -> grouped(row.inactive()))
        .number(
            "UPDATES", row -> past && updatesOf(row, true) == null ? "" : updates(row.session()))
        .elastic("WHY", NeighborRow::why);
  }

  private static @Nullable Long updatesOf(NeighborRow row, boolean past) {
    SessionRow session = row.session();
    return session == null || past && session.downAt() == null ? null : session.updates();
  }

  private static String updates(@Nullable SessionRow session) {
    return session == null ? "none" : grouped(session.updates());
  }

  private static Map<String, Long> byFamily(NeighborRow row, ToLongFunction<FamilyCount> count) {
    var counts = new TreeMap<String, Long>();
    row.families().forEach(family -> counts.put(family.family(), count.applyAsLong(family)));
    return counts;
  }

  private static String state(NeighborRow row) {
    return row.state().name().toLowerCase(Locale.ROOT);
  }

  private static Columns.Tone tone(NeighborRow row) {
    return switch (row.state()) {
      case UP -> Columns.Tone.GOOD;
      case DOWN -> Columns.Tone.BAD;
      case RECEIVING, CONNECTING, STALE -> Columns.Tone.WAITING;
      case IMPORTED -> Columns.Tone.FAINT;
    };
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
