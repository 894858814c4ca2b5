package org.bgppeer.app;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.bgppeer.store.PacketQuery;
import org.bgppeer.store.PacketRow;
import org.bgppeer.store.Queries;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `packets`: the messages as they came, and those that we sent.
@Command(
    name = "packets",
    header = "The packets as they came.",
    description = {
      "%nLists packets as they came and as we sent them, newest first. The octets of each are in"
          + " json and csv; ./bgp-peer decode reads them.%n"
    },
    footer = {
      "",
      "  ./bgp-peer packets --neighbor rs1 --type notification",
      "  ./bgp-peer packets --findings --since 1h",
      "  ./bgp-peer packets --prefix 192.0.2.0/24 --since 1d",
      "  ./bgp-peer packets --follow --format json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PacketsCommand implements Callable<Integer> {
  private static final int PAGE = 500;
  private static final int TERMINAL_LIMIT = 100;
  private static final int BEFORE_FOLLOWING = 10;
  private static final long LOOK_MILLIS = 250;

  @ParentCommand private Main program;
  @Spec private CommandSpec spec;
  @Mixin private DataOption data;
  @Mixin private FormatOption format;

  @Option(names = "--neighbor", paramLabel = "NAME", description = "Only of this neighbor.")
  private @Nullable String neighbor;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only open, update, notification, keepalive, route-refresh, or a number.")
  private Converters.@Nullable MessageTypeCode type;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only those since this time: " + Moment.FORMS + ".")
  private @Nullable Instant since;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Only UPDATEs that announce or withdraw exactly this prefix.")
  private @Nullable Prefix prefix;

  @Option(names = "--findings", description = "Only those in which something was wrong.")
  private boolean findings;

  @Option(names = "--follow", description = "Go on with what comes, oldest first, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "At most so many; 0 for all. Default: 100 on a terminal, else all; with --follow, the"
              + " last 10 to begin with.")
  private @Nullable Integer limit;

  @Override
  public Integer call() throws Failure {
    if (limit != null && limit < 0) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + "; allowed is 0 (all) and above");
    }
    return data.read(
        queries -> {
          DataOption.requireNeighbor(queries, neighbor);
          DataOption.requirePast("--since", since);
          if (follow) {
            follow(queries);
          } else {
            list(queries);
          }
        });
  }

  private void list(Queries queries) {
    Console console = program.console();
    long most = most();
    long shown = 0;
    boolean more = false;
    try (var listing = Listing.open(format.format, columns(), console)) {
      @Nullable Long before = null;
      while (!more) {
        List<PacketRow> page = queries.packets(query(before, null, PAGE));
        for (PacketRow packet : page) {
          if (shown == most) {
            more = true;
            break;
          }
          listing.row(packet);
          shown++;
        }
        if (page.size() < PAGE) {
          break;
        }
        before = page.getLast().id();
      }
    }
    if (shown == 0) {
      console.hint("No packet matches.");
    } else if (more) {
      console.hint(shown + " shown, there are more; --limit 0 shows all.");
    }
  }

  private void follow(Queries queries) {
    try (var listing = Listing.open(format.format, columns(), program.console())) {
      int begin = limit == null ? BEFORE_FOLLOWING : limit == 0 ? PAGE : limit;
      List<PacketRow> newest = queries.packets(query(null, null, begin));
      newest.reversed().forEach(listing::row);
      long last = newest.isEmpty() ? 0 : newest.getFirst().id();
      while (true) {
        listing.flush();
        List<PacketRow> page = queries.packets(query(null, last, PAGE));
        if (page.isEmpty()) {
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS); // another process writes: there is no event
          continue;
        }
        page.forEach(listing::row);
        last = page.getLast().id();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PacketQuery query(@Nullable Long before, @Nullable Long after, int rows) {
    return new PacketQuery(
            neighbor,
            type == null ? null : type.value(),
            findings,
            since,
            null,
            before,
            after,
            rows)
        .withPrefix(prefix)
        .patiently();
  }

  private long most() {
    if (limit == null) {
      boolean people = program.console().terminal() && format.format == Listing.Format.table;
      return people ? TERMINAL_LIMIT : Long.MAX_VALUE;
    }
    return limit == 0 ? Long.MAX_VALUE : limit;
  }

  private static Columns<PacketRow> columns() {
    return new Columns<PacketRow>()
        .field("id", PacketRow::id)
        .field("at", PacketRow::at)
        .field("neighbor", PacketRow::neighbor)
        .field("direction", packet -> packet.sent() ? "sent" : "received")
        .field("type", packet -> Converters.messageType(packet.type()))
        .field("length", packet -> packet.message().length())
        .field("finding", PacketRow::finding)
        .field("context", packet -> packet.context().toString())
        .field("segment", PacketRow::segment)
        .field("offset", PacketRow::offset)
        .field("message", packet -> packet.message().toHex())
        .column("TIME (UTC)", packet -> Moment.millis(packet.at()))
        .column("NEIGHBOR", PacketRow::neighbor)
        .column("", packet -> packet.sent() ? "sent" : "")
        .column("TYPE", packet -> Converters.messageType(packet.type()))
        .number("OCTETS", packet -> Integer.toString(packet.message().length()))
        .elastic("SAYS", MessageText::of)
        .column(
            "FINDING",
            packet -> packet.finding() == null ? "" : packet.finding(),
            _ -> Columns.Tone.BAD);
  }
}
