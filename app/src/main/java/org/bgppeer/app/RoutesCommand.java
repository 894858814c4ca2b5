package org.bgppeer.app;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.bgppeer.store.CommunityPattern;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RoutePage;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteQuery.Match;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `routes`: what the neighbors hold, or held.
@Command(
    name = "routes",
    header = "Routes, active and not, now or at a time.",
    description = {
      "%nLists routes, active and not, of all neighbors. An address finds the longest prefix that"
          + " covers it; a prefix finds itself. Both also find the VPN, EVPN and FlowSpec routes"
          + " that they stand in.%n"
    },
    footer = {
      "",
      "A prefix, an address, an NLRI, --origin-as, --as, --community, --next-hop, --neighbor and"
          + " --family use an index. --as-path looks through all attribute sets; give an AS of it"
          + " with --as, and it need not. Without one of the others, --as-path, --active,"
          + " --inactive, --reason and --at walk through the routes of the neighbors and families"
          + " asked for: a second or so for some millions. So do --as, --community and --next-hop"
          + " with --count where many routes have it, and in families such as VPN and EVPN.",
      "",
      "  ./bgp-peer routes 192.0.2.1",
      "  ./bgp-peer routes 192.0.2.0/24 --at '2026-03-17 03:11:50'",
      "  ./bgp-peer routes 2001:db8::/32 --longer --active --format csv > routes.csv",
      "  ./bgp-peer routes --family ipv4-vpn 64500:100 192.0.2.0/24",
      "  ./bgp-peer routes --origin-as 64511 --neighbor rs1 --count"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RoutesCommand implements Callable<Integer> {
  private static final int PAGE = 2000;
  private static final int TERMINAL_LIMIT = 100;

  @ParentCommand private Main program;
  @Spec private CommandSpec spec;
  @Mixin private DataOption data;
  @Mixin private FormatOption format;

  @Parameters(
      arity = "0..*",
      paramLabel = "PREFIX|ADDRESS|NLRI",
      description =
          "192.0.2.0/24, 2001:db8::1, ..., or the text of a route of another family: 64500:100"
              + " 192.0.2.0/24; all routes if there is none.")
  private List<String> words = List.of();

  private Converters.@Nullable Subject subject;

  @ArgGroup private Range range = new Range();

  private static final class Range {
    @Option(names = "--longer", description = "The prefix and all that lie within it.")
    private boolean longer;

    @Option(names = "--shorter", description = "The prefix and all that cover it.")
    private boolean shorter;
  }

  @Option(names = "--neighbor", paramLabel = "NAME", description = "Only of this neighbor.")
  private @Nullable String neighbor;

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      description = "Only of this family, for instance ipv4-unicast.")
  private @Nullable Family family;

  @Option(names = "--origin-as", paramLabel = "AS", description = "Only with this last AS.")
  private Converters.@Nullable AsNumber originAs;

  @Option(
      names = "--as",
      paramLabel = "AS",
      description = "Only with this AS anywhere in the AS path.")
  private Converters.@Nullable AsNumber pathAs;

  @Option(
      names = "--as-path",
      paramLabel = "REGEX",
      description =
          "Only if this regular expression is found in the text of the AS path: '^64500"
              + " .*64511$$', or as routers write it '_64511_'.")
  private @Nullable Pattern asPath;

  @Option(
      names = "--community",
      paramLabel = "COMMUNITY",
      description = "Only with this community of any kind: " + CommunityPattern.FORMS + ".")
  private Converters.@Nullable Community community;

  @Option(names = "--next-hop", paramLabel = "ADDRESS", description = "Only with this next hop.")
  private @Nullable InetAddress nextHop;

  @ArgGroup private State state = new State();

  private static final class State {
    @Option(names = "--active", description = "Only routes that are held.")
    private boolean active;

    @Option(names = "--inactive", description = "Only routes that are not held any more.")
    private boolean inactive;
  }

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description =
          "Only routes that are not held for this reason: withdrawn, session-down,"
              + " treat-as-withdraw, not-resent-before-End-of-RIB, not-resent-in-refresh.")
  private Converters.@Nullable EndReason reason;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "What was held at this time: " + Moment.FORMS + ".")
  private @Nullable Instant at;

  @Option(names = "--count", description = "Only how many there are.")
  private boolean count;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many; 0 for all. Default: 100 on a terminal, else all.")
  private @Nullable Integer limit;

  @Override
  public Integer call() throws Failure {
    subject = words.isEmpty() ? null : Converters.subject(spec, words);
    RouteQuery query = query();
    return data.read(
        queries -> {
          DataOption.requireNeighbor(queries, neighbor);
          DataOption.requireMoment(queries, at);
          if (count) {
            program.console().line(Long.toString(queries.count(query)));
          } else {
            list(queries, query);
          }
        });
  }

  private void list(Queries queries, RouteQuery query) {
    Console console = program.console();
    long most = most();
    long shown = 0;
    boolean more = false;
    try (var listing = Listing.open(format.format, RouteColumns.ofRoutes(), console)) {
      for (RouteQuery next = query; next != null && !more; ) {
        RoutePage page = queries.routes(next);
        for (RouteRow row : page.routes()) {
          if (shown == most) {
            more = true;
            break;
          }
          listing.row(row);
          shown++;
        }
        next = page.next() == null ? null : query.withAfter(page.next());
      }
    }
    if (shown == 0) {
      console.hint("No route matches.");
    } else if (more) {
      console.hint(shown + " shown, there are more; --limit 0 shows all.");
    }
  }

  /// How many rows to write at most.
  private long most() {
    if (limit == null) {
      boolean people = program.console().terminal() && format.format == Listing.Format.table;
      return people ? TERMINAL_LIMIT : Long.MAX_VALUE;
    }
    return limit == 0 ? Long.MAX_VALUE : limit;
  }

  private RouteQuery query() {
    if (limit != null && limit < 0) {
      throw new ParameterException(
          spec.commandLine(), "--limit is " + limit + "; allowed is 0 (all) and above");
    }
    if (at != null && (state.inactive || reason != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--at lists what was held at that time; leave out "
              + (reason == null ? "--inactive" : "--reason")
              + ", or ask 'bgp-peer history PREFIX' when and why a route ended");
    }
    Prefix prefix = subject == null ? null : subject.prefix();
    if (prefix == null && (range.longer || range.shorter)) {
      throw new ParameterException(
          spec.commandLine(),
          (range.longer ? "--longer" : "--shorter") + " needs a prefix or an address");
    }
    RouteQuery query = RouteQuery.all((int) (most() < PAGE ? most() + 1 : PAGE));
    if (subject != null) {
      query =
          prefix == null
              ? query.withNlri(subject.nlri())
              : query.withPrefix(prefix, match(subject)).withInner(true);
    }
    return query
        .withNeighbor(neighbor)
        .withFamily(family == null ? null : family.toString())
        .withActive(state.active ? Boolean.TRUE : state.inactive ? Boolean.FALSE : null)
        .withOriginAs(originAs == null ? null : originAs.value())
        .withAsPath(asPath == null ? null : asPath.pattern())
        .withPathAs(pathAs == null ? null : pathAs.value())
        .withCommunity(community == null ? null : community.text())
        .withReason(reason == null ? null : reason.text())
        .withNextHop(nextHop == null ? null : Address.text(nextHop))
        .withAt(at);
  }

  private Match match(Converters.Subject asked) {
    if (range.longer) {
      return Match.LONGER;
    }
    if (range.shorter) {
      return Match.SHORTER;
    }
    return asked.address() ? Match.LONGEST : Match.EXACT;
  }
}
