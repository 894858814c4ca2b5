package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.bgppeer.store.CommunityPattern;
import org.bgppeer.store.CountPoint;
import org.bgppeer.store.DiffPage;
import org.bgppeer.store.EventRow;
import org.bgppeer.store.Health;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.PacketList;
import org.bgppeer.store.PacketQuery;
import org.bgppeer.store.PacketRow;
import org.bgppeer.store.PrefixRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.Reason;
import org.bgppeer.store.RoutePage;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.SessionRow;
import org.bgppeer.web.ApiOperation.Parameter;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// The API, `/api/v1`: the questions that pages ask, for programs. The table below is all there is:
/// [OpenApi] describes it, and the page `/api` shows it.
public final class Api {
  private static final String BASE = "/api/v1";
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final int POINTS = 10_000;

  private static final Parameter NEIGHBOR =
      Parameter.text("neighbor", "only of this neighbor, by name", null);

  private static final Parameter PREFIX =
      Parameter.text("prefix", "a prefix, or an address", "192.0.2.0/24");

  private static final Parameter NLRI =
      Parameter.text(
          "nlri",
          "the text of a route that is not just a prefix, as “prefix” of an answer has it",
          "64500:100 192.0.2.0/24");

  private static final Parameter[] OF_ROUTES = {
    PREFIX,
    Parameter.choice(
        "match",
        "how the prefix is compared: exact (usual for a prefix), longest (usual for an address):"
            + " the longest that covers it and has an active route, longer: it and all within,"
            + " shorter: it and all that cover it",
        "exact",
        "longest",
        "longer",
        "shorter"),
    NLRI,
    NEIGHBOR,
    Parameter.text("family", "only of this family", "ipv4-unicast"),
    Parameter.choice("state", "only routes that are held, or not any more", "active", "inactive"),
    Parameter.text("origin_as", "the last AS of the path", "64511"),
    Parameter.text("as", "an AS that is anywhere in the path", "64504"),
    Parameter.choice(
        "reason",
        "only those that ended for this reason: "
            + String.join(", ", Arrays.stream(Reason.values()).map(Reason::text).toList()),
        Arrays.stream(Reason.values()).map(Reason::text).toArray(String[]::new)),
    Parameter.text("as_path", "a regular expression, searched in the text of the path", "^64500 "),
    Parameter.text("community", "a community: " + CommunityPattern.FORMS, "64500:100"),
    Parameter.text("next_hop", "an address", "192.0.2.1"),
    Parameter.text("at", "as it was at this time, UTC", "2026-03-17T03:11:50Z")
  };

  private final List<ApiOperation> operations =
      List.of(
          ApiOperation.list(
              BASE + "/neighbors",
              "All neighbors, with the state of their sessions and their counts of routes",
              NeighborData.class,
              visit -> all(visit.queries().neighbors().stream().map(NeighborData::of).toList())),
          ApiOperation.one(
              BASE + "/neighbors/{name}",
              "One neighbor",
              NeighborData.class,
              visit -> NeighborData.of(neighbor(visit.queries(), visit.part("name"))),
              Parameter.text("name", "its name", null)),
          ApiOperation.list(
              BASE + "/sessions", "Sessions, newest first", Session.class, Api::sessions, NEIGHBOR),
          ApiOperation.list(
              BASE + "/events",
              "The session log: sessions that came up and ended, attempts that failed, strangers"
                  + " that called; newest first",
              Event.class,
              Api::events,
              NEIGHBOR),
          ApiOperation.list(
              BASE + "/counts",
              "Routes held, announced and withdrawn over time",
              Point.class,
              Api::counts,
              NEIGHBOR,
              Parameter.text("family", "only of this family, of one neighbor", "ipv4-unicast"),
              Parameter.text("from", "begin, UTC; 24 hours ago if left out", null),
              Parameter.text("to", "end, UTC; now if left out", null),
              Parameter.text("step", "how far points are apart; 5m if left out", "1h")),
          ApiOperation.list(
              BASE + "/routes",
              "Routes, active and not, now or at a time; all conditions hold together",
              RouteData.class,
              Api::routes,
              OF_ROUTES),
          ApiOperation.one(
              BASE + "/routes/count",
              "How many routes there are; the same conditions",
              Count.class,
              visit -> new Count(visit.queries().count(query(visit))),
              OF_ROUTES),
          ApiOperation.list(
              BASE + "/diff",
              "What two neighbors at one time, or one neighbor at two times, do not have in common:"
                  + " active routes, in order of family and prefix. It walks through both tables",
              DiffData.class,
              Api::diff,
              Parameter.text("a", "the neighbor of side A, by name; needed", null),
              Parameter.text(
                  "b", "the neighbor of side B; the same if left out, then “from” is needed", null),
              Parameter.text("at", "when both are looked at, UTC; now if left out", null),
              Parameter.text("from", "when side A is looked at, UTC; as “at” if left out", null),
              Parameter.text("family", "only of this family", "ipv4-unicast"),
              Parameter.text("within", "only this prefix and all within", "192.0.2.0/24"),
              Parameter.text(
                  "only", "compare only these fields, of " + DiffSides.FIELDS, "as_path,med")),
          ApiOperation.list(
              BASE + "/history",
              "Every version of every path of a prefix, oldest first, with from, to and reason; one"
                  + " of prefix and nlri is needed",
              RouteData.class,
              Api::history,
              PREFIX,
              NLRI),
          ApiOperation.list(
              BASE + "/prefixes",
              "Prefixes with how many paths they have: those within one, those that cover one, or"
                  + " those that an AS originates; one of the three is needed",
              PrefixRow.class,
              Api::prefixes,
              Parameter.text("within", "a prefix; itself is left out", "192.0.0.0/8"),
              Parameter.text("covering", "a prefix or an address; itself is left out", "192.0.2.1"),
              Parameter.text("origin_as", "an AS number", "64511")),
          ApiOperation.one(
              BASE + "/as/{as}",
              "An AS: its name, and how many active routes end in it, as far as the index of"
                  + " origins knows: “unindexed_routes” are not in it yet, and “/routes/count”"
                  + " looks at them too",
              As.class,
              Api::as,
              Parameter.text("as", "its number", "64511")),
          ApiOperation.list(
              BASE + "/search",
              "What a text means, and the little of each meaning that is found at once: what the"
                  + " search field shows while one types",
              Suggestions.Found.class,
              this::search,
              Parameter.text("q", "the text; needed", "192.0.2.1"),
              Parameter.text("at", "as it was at this time, UTC", null)),
          ApiOperation.list(
              BASE + "/packets",
              "Packets as they came, newest first, with their octets in hex",
              PacketsPage.Data.class,
              Api::packets,
              NEIGHBOR,
              Parameter.choice("type", "only of this type", PacketsPage.types()),
              Parameter.choice("finding", "only malformed ones", "1"),
              Parameter.text(
                  "prefix", "only UPDATEs that announce or withdraw exactly this one", null),
              Parameter.text("since", "begin, UTC", null),
              Parameter.text("until", "end, UTC", null)),
          ApiOperation.one(
              BASE + "/packets/{id}",
              "One packet with its decode tree, and what it did to routes",
              PacketPage.Data.class,
              PacketPage::data,
              Parameter.text("id", "as lists of packets and routes have it", null)),
          ApiOperation.one(
              BASE + "/health",
              "Whether the database follows what routers send",
              Health.class,
              visit -> visit.queries().health()));

  /// A session.
  ///
  /// @param session the number of this session of its neighbor
  /// @param notificationPacket of the NOTIFICATION that ended it, as text
  /// @param openSent, openReceived whole messages in hex
  public record Session(
      String neighbor,
      int session,
      String localAddress,
      Instant upAt,
      @Nullable Instant downAt,
      @Nullable String cause,
      @Nullable String why,
      @Nullable String notificationPacket,
      @Nullable Octets openSent,
      @Nullable Octets openReceived,
      long updates) {

    static Session of(SessionRow row) {
      return new Session(
          row.neighbor(),
          row.generation(),
          row.localAddress(),
          row.upAt(),
          row.downAt(),
          row.cause(),
          row.why(),
          row.notificationPacket() == null ? null : Long.toString(row.notificationPacket()),
          row.openSent(),
          row.openReceived(),
          row.updates());
    }
  }

  /// A line of the session log.
  ///
  /// @param packet of the NOTIFICATION that says why, as text
  public record Event(
      Instant at,
      @Nullable String neighbor,
      String address,
      String kind,
      @Nullable String cause,
      String why,
      @Nullable String packet,
      int times,
      Instant lastAt) {

    static Event of(EventRow row) {
      return new Event(
          row.at(),
          row.neighbor(),
          row.address(),
          row.kind(),
          row.cause(),
          row.why(),
          row.packet() == null ? null : Long.toString(row.packet()),
          row.times(),
          row.lastAt());
    }
  }

  /// A point of a chart.
  public record Point(Instant at, long active, long announced, long withdrawn) {
    static Point of(CountPoint point) {
      return new Point(point.at(), point.active(), point.announced(), point.withdrawn());
    }
  }

  /// An AS.
  ///
  /// @param name null if it is not known
  /// @param unindexedRoutes of tables that are not in the index of origins yet; of these, `active`
  ///     counts only prefixes that others had before
  public record As(long as, @Nullable String name, long active, long unindexedRoutes) {}

  /// A number of routes.
  public record Count(long count) {}

  /// The model of `api.jte`.
  ///
  /// @param lists the parameters that every list has
  public record Model(List<Item> lists, List<Entry> operations) {}

  /// An operation on the page.
  ///
  /// @param parameters of its own
  /// @param href an example that can be followed; null if one needs a value of this collector
  public record Entry(
      String path, String summary, boolean list, List<Item> parameters, @Nullable String href) {}

  /// A parameter on the page.
  public record Item(String name, String words) {}

  private final CommunityDictionary communities;

  Api(Site site) {
    communities = site.config().communities();
    byte[] description = OpenApi.describe(operations, site.config().version());
    operations.forEach(site::operation);
    site.fixed(BASE + "/openapi.json", "application/json", description);
    site.page(
        "/api",
        visit -> Reply.page("api", "API", "", new Model(items(ApiOperation.OF_LISTS), entries())));
  }

  private List<Entry> entries() {
    return operations.stream()
        .map(
            operation ->
                new Entry(
                    operation.path(),
                    operation.summary(),
                    operation.list() != null,
                    items(
                        operation.parameters().stream()
                            .filter(parameter -> !ApiOperation.OF_LISTS.contains(parameter))
                            .toList()),
                    example(operation)))
        .toList();
  }

  private static List<Item> items(List<Parameter> parameters) {
    return parameters.stream()
        .map(parameter -> new Item(parameter.name(), words(parameter)))
        .toList();
  }

  private static String words(Parameter parameter) {
    boolean said =
        parameter.allowed().stream().allMatch(value -> parameter.words().contains(value));
    String allowed = said ? "" : ": " + String.join(", ", parameter.allowed());
    String example = parameter.example() == null ? "" : ", for instance " + parameter.example();
    return parameter.words() + allowed + example;
  }

  private static @Nullable String example(ApiOperation operation) {
    return switch (operation.path().substring(BASE.length())) {
      case "/history" -> operation.path() + "?prefix=192.0.2.0/24";
      case "/prefixes" -> operation.path() + "?within=0.0.0.0/0";
      case "/search" -> operation.path() + "?q=192.0.2.1";
      case "/diff" -> null; // it needs the name of a neighbor
      default -> operation.path().endsWith("}") ? null : operation.path();
    };
  }

  // ---------------------------------------------------------------- answers

  private static NeighborRow neighbor(Queries queries, String name) {
    return queries
        .neighbor(name)
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "No such neighbor",
                    "There is no neighbor “" + name + "”",
                    "The neighbors are at " + BASE + "/neighbors.",
                    ""));
  }

  /// The neighbor that is asked for, which has to be there; null if none is.
  private static @Nullable String neighbor(Visit visit) {
    String name = visit.text("neighbor");
    return name == null ? null : neighbor(visit.queries(), name).name();
  }

  /// Rows that are read at once.
  private static ApiOperation.Rows all(List<? extends Record> rows) {
    return (after, limit) -> {
      int from = (int) Math.min(key("after", after, 0), rows.size());
      int to = (int) Math.min((long) from + limit, rows.size());
      return new ApiOperation.Page(
          rows.subList(from, to), to < rows.size() ? Integer.toString(to) : null);
    };
  }

  /// Rows with a number, newest first, whose number is the key.
  private static <T> ApiOperation.Rows newestFirst(
      BiFunction<@Nullable Long, Integer, List<T>> read,
      ToLongFunction<T> id,
      java.util.function.Function<T, ? extends Record> data) {
    return (after, limit) -> {
      List<T> rows = read.apply(after == null ? null : key("after", after, 0), limit);
      return new ApiOperation.Page(
          rows.stream().map(data).toList(),
          rows.size() < limit ? null : Long.toString(id.applyAsLong(rows.getLast())));
    };
  }

  private static long key(String name, @Nullable String text, long usual) {
    try {
      return text == null ? usual : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw badKey(name, text);
    }
  }

  private static Refusal badKey(String name, @Nullable String text) {
    return Refusal.parameter(name, text, "what “next” of the page before says");
  }

  private static ApiOperation.Rows sessions(Visit visit) {
    String neighbor = neighbor(visit);
    return newestFirst(
        (before, limit) -> visit.queries().sessions(neighbor, before, limit),
        SessionRow::id,
        Session::of);
  }

  private static ApiOperation.Rows events(Visit visit) {
    String neighbor = neighbor(visit);
    return newestFirst(
        (before, limit) -> visit.queries().events(neighbor, before, limit),
        EventRow::id,
        Event::of);
  }

  private static ApiOperation.Rows packets(Visit visit) {
    String neighbor = neighbor(visit);
    String type = visit.choice("type", "", PacketsPage.types());
    Integer code = type.isEmpty() ? null : List.of(PacketsPage.types()).indexOf(type) + 1;
    boolean finding = visit.choice("finding", "", "1").equals("1");
    Prefix prefix = visit.prefix("prefix");
    Instant since = visit.time("since");
    Instant until = visit.time("until");
    return (after, limit) -> {
      Long before = after == null ? null : key("after", after, 0);
      PacketList found =
          visit
              .queries()
              .packetList(
                  new PacketQuery(neighbor, code, finding, since, until, before, null, limit)
                      .withPrefix(prefix));
      List<PacketRow> rows = found.rows();
      PacketList.Place looked = found.looked();
      return new ApiOperation.Page(
          rows.stream().map(row -> PacketsPage.Data.of(row, PacketSummary.of(row))).toList(),
          looked != null
              ? Long.toString(looked.id())
              : rows.size() < limit ? null : Long.toString(rows.getLast().id()));
    };
  }

  private static ApiOperation.Rows counts(Visit visit) {
    Instant to = Optional.ofNullable(visit.time("to")).orElse(visit.now());
    Instant from = Optional.ofNullable(visit.time("from")).orElse(to.minus(Duration.ofDays(1)));
    Duration step = visit.window("step", Duration.ofMinutes(5), LONGEST);
    if (!from.isBefore(to)) {
      throw Refusal.parameter("from", visit.text("from"), "before “to”");
    }
    if (Duration.between(from, to).dividedBy(step) > POINTS) {
      throw Refusal.parameter("step", visit.text("step"), "longer: this gives too many points");
    }
    String neighbor = neighbor(visit);
    String family = visit.family("family");
    if (family != null && neighbor == null) {
      throw Refusal.parameter("family", family, "together with a neighbor");
    }
    List<CountPoint> points =
        family == null || neighbor == null
            ? visit.queries().counts(neighbor, from, to, step)
            : visit.queries().counts(neighbor, family, from, to, step);
    return all(points.stream().map(Point::of).toList());
  }

  private static ApiOperation.Rows routes(Visit visit) {
    RouteQuery query = query(visit);
    return (after, limit) -> {
      RoutePage page;
      try {
        page = visit.queries().routes(query.withAfter(after).withLimit(limit));
      } catch (IllegalArgumentException e) {
        throw badKey("after", after);
      }
      return new ApiOperation.Page(
          page.routes().stream().map(row -> RouteData.of(row, visit.names())).toList(),
          page.next());
    };
  }

  private static As as(Visit visit) {
    long as =
        Visit.readAs(visit.part("as"))
            .orElseThrow(
                () -> Refusal.parameter("as", visit.part("as"), "a number from 0 to 4294967295"));
    String name = visit.names().of(as);
    long unindexed =
        visit.queries().unindexed().stream().mapToLong(Queries.Unindexed::routes).sum();
    return new As(
        as,
        name.isEmpty() ? null : name,
        visit.queries().indexed().count(RouteQuery.all(1).withOriginAs(as).withActive(true)),
        unindexed);
  }

  private ApiOperation.Rows search(Visit visit) {
    return all(Suggestions.of(visit, communities));
  }

  private static ApiOperation.Rows diff(Visit visit) {
    DiffSides sides = DiffSides.of(visit);
    if (sides == null) {
      throw visit.text("a") == null
          ? Refusal.parameter("a", "", "given: the name of a neighbor")
          : Refusal.parameter("b", visit.text("b"), "another neighbor, or “from” given");
    }
    return (after, limit) -> {
      DiffPage page;
      try {
        page = visit.queries().diff(sides.query(after, limit));
      } catch (IllegalArgumentException e) {
        throw badKey("after", after);
      }
      return new ApiOperation.Page(page.rows().stream().map(DiffData::of).toList(), page.next());
    };
  }

  private static RouteQuery query(Visit visit) {
    RouteQuery query =
        RouteQuery.all(1)
            .withNlri(visit.text("nlri"))
            .withNeighbor(neighbor(visit))
            .withFamily(visit.family("family"))
            .withOriginAs(visit.as("origin_as"))
            .withPathAs(visit.as("as"))
            .withReason(reason(visit))
            .withAsPath(pattern(visit))
            .withCommunity(visit.community("community"))
            .withNextHop(visit.address("next_hop"))
            .withAt(visit.moment());
    query =
        switch (visit.choice("state", "", "active", "inactive")) {
          case "active" -> query.withActive(true);
          case "inactive" -> query.withActive(false);
          default -> query;
        };
    Prefix prefix = visit.prefix("prefix");
    String text = visit.text("prefix");
    if (prefix == null || text == null) {
      if (visit.text("match") != null) {
        throw Refusal.parameter("match", visit.text("match"), "given with “prefix”");
      }
      return query;
    }
    return query
        .withPrefix(
            prefix,
            switch (visit.choice(
                "match",
                text.indexOf('/') < 0 ? "longest" : "exact",
                "exact",
                "longest",
                "longer",
                "shorter")) {
              case "longest" -> RouteQuery.Match.LONGEST;
              case "longer" -> RouteQuery.Match.LONGER;
              case "shorter" -> RouteQuery.Match.SHORTER;
              default -> RouteQuery.Match.EXACT;
            })
        .withInner(true);
  }

  private static @Nullable String reason(Visit visit) {
    String reason =
        visit.choice(
            "reason", "", Arrays.stream(Reason.values()).map(Reason::text).toArray(String[]::new));
    if (!reason.isEmpty() && visit.moment() != null) {
      throw Refusal.parameter(
          "reason",
          reason,
          "left out together with “at”: of a moment, only what was held is listed");
    }
    return reason.isEmpty() ? null : reason;
  }

  private static @Nullable String pattern(Visit visit) {
    String text = visit.text("as_path");
    try {
      return text == null ? null : Pattern.compile(text).pattern();
    } catch (PatternSyntaxException e) {
      throw Refusal.parameter("as_path", text, "a regular expression: " + e.getDescription());
    }
  }

  private static ApiOperation.Rows history(Visit visit) {
    Prefix prefix = visit.prefix("prefix");
    String nlri = visit.text("nlri");
    if ((prefix == null) == (nlri == null)) {
      throw Refusal.parameter("prefix", visit.text("prefix"), "given, or else “nlri”");
    }
    var rows =
        prefix != null
            ? visit.queries().history(prefix, Integer.MAX_VALUE)
            : visit.queries().history(String.valueOf(nlri), Integer.MAX_VALUE);
    return all(rows.stream().map(row -> RouteData.of(row, visit.names())).toList());
  }

  private static ApiOperation.Rows prefixes(Visit visit) {
    Prefix within = visit.prefix("within");
    Prefix covering = visit.prefix("covering");
    Long as = visit.as("origin_as");
    if ((within == null ? 0 : 1) + (covering == null ? 0 : 1) + (as == null ? 0 : 1) != 1) {
      throw Refusal.parameter(
          "within", visit.text("within"), "given, or else “covering” or “origin_as”");
    }
    if (covering != null) {
      return all(visit.queries().covering(covering));
    }
    return (after, limit) -> {
      Prefix last = prefixKey(after);
      if (as != null) {
        var page = visit.queries().originated(as, last, limit);
        return new ApiOperation.Page(
            page.rows(), page.next() == null ? null : page.next().toString());
      }
      List<PrefixRow> rows =
          within == null ? List.of() : visit.queries().moreSpecific(within, last, limit);
      return new ApiOperation.Page(rows, rows.size() < limit ? null : rows.getLast().prefix());
    };
  }

  private static @Nullable Prefix prefixKey(@Nullable String after) {
    try {
      return after == null ? null : Prefix.parse(after);
    } catch (IllegalArgumentException e) {
      throw badKey("after", after);
    }
  }
}
