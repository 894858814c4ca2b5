package org.bgppeer.store;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// What can be asked of the database. Every method is one short read transaction and may be called
/// by any thread; times are UTC with microseconds.
public interface Queries {
  /// All neighbors, those that need a look first: down, stale, connecting, receiving, up, imported;
  /// by name within.
  List<NeighborRow> neighbors();

  /// The names of neighbors whose routes are hidden from whoever does not ask for one of them.
  default Set<String> muted() {
    return Set.of();
  }

  /// What each neighbor holds now, by its name: what [#neighbors()] says of that, for who asks
  /// often.
  default Map<String, List<NeighborRow.FamilyCount>> held() {
    return neighbors().stream().collect(Collectors.toMap(NeighborRow::name, NeighborRow::families));
  }

  /// The neighbors that were known at a moment of the past, and where their sessions stood then, in
  /// the same order. `updates` of a session that was up are those of all of it; what was stale is
  /// only known while a session was interrupted.
  List<NeighborRow> neighbors(Instant at);

  /// The oldest moment that can be asked about; null if the database has seen nothing yet.
  @Nullable Instant oldest();

  /// The neighbor of this name.
  Optional<NeighborRow> neighbor(String name);

  /// Sessions, newest first.
  ///
  /// @param neighbor its name; null for all
  /// @param before only those with a smaller id; null for the newest
  List<SessionRow> sessions(@Nullable String neighbor, @Nullable Long before, int limit);

  /// The same as it looked at a moment of the past: without those that began later, and one that
  /// was up then is up.
  List<SessionRow> sessionsAt(@Nullable String neighbor, Instant at, int limit);

  /// Sessions that were up at some time since then, those that are up now included, newest first:
  /// what a strip of the last 24 hours of every neighbor is drawn from.
  List<SessionRow> sessionsSince(Instant since, int limit);

  /// The session log: sessions that came up and ended, attempts that failed, strangers that called;
  /// newest first.
  default List<EventRow> events(@Nullable String neighbor, @Nullable Long before, int limit) {
    return events(neighbor, before, null, limit);
  }

  /// The same up to a moment.
  ///
  /// @param until null for now
  List<EventRow> events(
      @Nullable String neighbor, @Nullable Long before, @Nullable Instant until, int limit);

  /// Counts over time, oldest first, a point a step; steps without change repeat the last count.
  ///
  /// @param neighbor its name; null for the sum of all
  List<CountPoint> counts(@Nullable String neighbor, Instant from, Instant to, Duration step);

  /// The same of one family of a neighbor, as `ipv4-unicast`.
  List<CountPoint> counts(String neighbor, String family, Instant from, Instant to, Duration step);

  /// How many NLRI came of each neighbor in one minute, announced and withdrawn, by its number; of
  /// whom none came is not in it.
  ///
  /// @param minute any moment of it
  Map<Long, Long> changesIn(Instant minute);

  /// The same of steps of time that follow each other: how many NLRI came of each neighbor in each
  /// of them.
  ///
  /// @param from any moment of the first minute of the first step
  /// @param step whole minutes
  Map<Long, long[]> changes(Instant from, Duration step, int steps);

  /// Routes that match, a page of them.
  ///
  /// @throws IllegalArgumentException if the regular expression, the community or the page key is
  ///     not one
  RoutePage routes(RouteQuery query);

  /// All routes that match, one by one and in the order of the pages, in one transaction however
  /// many there are.
  void eachRoute(RouteQuery query, Consumer<RouteRow> sink);

  /// A whole table, in one transaction.
  ///
  /// @throws IOException what the sink throws
  void table(TableQuery query, TableSink sink) throws IOException;

  /// What is not the same on two sides, a page of it. It walks through both.
  ///
  /// @throws IllegalArgumentException if a query or the page key is wrong, or there is no such
  ///     neighbor
  DiffPage diff(DiffQuery query);

  /// How many routes match; the limit does not count.
  long count(RouteQuery query);

  /// The longest prefix that covers `address` and has an active path; if none is active, the
  /// longest that has any; empty if none was ever seen.
  Optional<Prefix> longestMatch(Prefix address);

  /// The prefixes that cover this one, shortest first, itself left out.
  List<PrefixRow> covering(Prefix prefix);

  /// Prefixes within this one, in order, itself left out.
  ///
  /// @param after only those behind it; null from the first
  List<PrefixRow> moreSpecific(Prefix prefix, @Nullable Prefix after, int limit);

  /// Every version of every path of exactly this prefix, oldest first, the current one last within
  /// its path.
  List<RouteRow> history(Prefix prefix, int limit);

  /// Every version of every path of one NLRI that is not just a prefix, in the same order.
  ///
  /// @param nlri its canonical text, see docs/nlri.md
  List<RouteRow> history(String nlri, int limit);

  /// The versions of several prefixes at once, those of each in that order.
  ///
  /// @param since null for all; else of each path only what was held at this moment or since, and
  ///     the current version
  /// @param limit of all of them together, for former versions and for current ones
  default List<RouteRow> history(Collection<Prefix> prefixes, @Nullable Instant since, int limit) {
    return prefixes.stream().flatMap(prefix -> history(prefix, limit).stream()).toList();
  }

  /// The same of what some neighbors have of some prefixes.
  default List<RouteRow> histories(Collection<NeighborPrefix> some, Instant since, int limit) {
    var prefixes = some.stream().map(NeighborPrefix::prefix).distinct().toList();
    return history(prefixes, since, limit).stream()
        .filter(
            row -> some.contains(new NeighborPrefix(row.neighbor(), Prefix.parse(row.prefix()))))
        .toList();
  }

  /// A prefix of a neighbor.
  record NeighborPrefix(String neighbor, Prefix prefix) {}

  /// The names of the neighbors that have an active path of each of some prefixes.
  default Map<Prefix, Set<String>> holders(Collection<Prefix> prefixes) {
    return prefixes.stream()
        .distinct()
        .collect(
            Collectors.toMap(
                prefix -> prefix,
                prefix ->
                    history(prefix, Integer.MAX_VALUE).stream()
                        .filter(RouteRow::active)
                        .map(RouteRow::neighbor)
                        .collect(Collectors.toSet())));
  }

  /// Prefixes with an active path whose last AS is this one, in order, each with all of its paths
  /// and origins. One answer looks only at so many of those that it ever originated.
  ///
  /// @param limit of prefixes; of the last one too all families are told
  Originated originated(long as, @Nullable Prefix after, int limit);

  /// A page of what an AS originates.
  ///
  /// @param next behind which there may be more, even if there are no rows; null if there is not
  record Originated(List<PrefixRow> rows, @Nullable Prefix next) {}

  /// Routes whose last AS is this one, active or not: of each what tells of that.
  default OriginRoutes originRoutes(long as, int limit) {
    return OriginRoutes.of(routes(RouteQuery.all(limit).withOriginAs(as)));
  }

  /// Routes with one origin AS.
  ///
  /// @param all whether there are no others; false too if it would take long to find out
  record OriginRoutes(List<OriginRoute> routes, boolean all) {
    /// Those of a page from the first on.
    public static OriginRoutes of(RoutePage page) {
      return new OriginRoutes(
          page.routes().stream().map(OriginRoute::of).toList(), page.next() == null);
    }
  }

  /// Some of what a [RouteRow] says.
  ///
  /// @param validTo null if it is active
  record OriginRoute(
      String neighbor,
      String family,
      String prefix,
      @Nullable Long pathId,
      String asPath,
      boolean stale,
      Instant validFrom,
      @Nullable Instant validTo,
      @Nullable String reason,
      @Nullable Long endPacket) {

    static OriginRoute of(RouteRow row) {
      return new OriginRoute(
          row.neighbor(),
          row.family(),
          row.prefix(),
          row.pathId(),
          row.asPath(),
          row.stale(),
          row.validFrom(),
          row.validTo(),
          row.reason(),
          row.endPacket());
    }

    /// Whether it is held.
    public boolean active() {
      return validTo == null;
    }

    /// When it came, or went away.
    public Instant lastChanged() {
      return validTo == null ? validFrom : validTo;
    }
  }

  /// The tables that are not yet in the indexes of origin ASes and of values, by neighbor and
  /// family: questions by origin AS, AS in the path, community or next hop walk through each of
  /// them.
  default List<Unindexed> unindexed() {
    return List.of();
  }

  /// What a neighbor has of a family, and the indexes do not know yet.
  ///
  /// @param routes it has, active or not
  record Unindexed(String neighbor, String family, long routes) {}

  /// When former versions of routes were held with this origin AS, those that ended since a moment.
  /// Of what [#unindexed()] names it finds what another table has made known.
  ///
  /// @param limit so many at most
  default List<Span> heldEarlier(long as, Instant since, int limit) {
    return List.of();
  }

  /// How long a version of a route was held.
  ///
  /// @param to null if it is held now
  record Span(Instant from, @Nullable Instant to) {}

  /// The same questions for who cannot wait: those by origin AS, AS in the path, community or next
  /// hop walk through nothing. What [#unindexed()] names is then found only by origin AS under
  /// prefixes that another table has made known, and by the rest where an earlier walk has.
  default Queries indexed() {
    return this;
  }

  /// Prefixes that changed most often since a moment, most first: announced, replaced, withdrawn.
  default List<Changes> mostChanging(Instant since, int limit) {
    return mostChanging(since, null, limit);
  }

  /// The same up to a moment.
  ///
  /// @param until null for now
  List<Changes> mostChanging(Instant since, @Nullable Instant until, int limit);

  /// A prefix and how often it changed.
  record Changes(String family, String prefix, long changes) {}

  /// Packets, as [PacketQuery] says.
  default List<PacketRow> packets(PacketQuery query) {
    return packetList(query).rows();
  }

  /// The same, with how far it looked if it could not look at everything.
  PacketList packetList(PacketQuery query);

  /// One packet.
  Optional<PacketRow> packet(long id);

  /// The neighbors that sent malformed UPDATEs since a moment, the newest first.
  default List<Findings> findings(Instant since) {
    return findings(since, null);
  }

  /// The same up to a moment.
  ///
  /// @param until null for now
  List<Findings> findings(Instant since, @Nullable Instant until);

  /// What was wrong with the packets of a neighbor.
  ///
  /// @param packets how many had a finding
  /// @param packet the newest of them
  /// @param at when it came
  /// @param reason its first finding
  record Findings(String neighbor, long packets, long packet, Instant at, String reason) {}

  /// How far the database has followed the journal, and each archive.
  List<Follower> followers();

  /// The places where segments of the journal are missing, oldest first; none if it is not here.
  default List<JournalGap> gaps() {
    return List.of();
  }

  /// The room that the journal takes, and that there is for more; null if it is not here.
  default @Nullable Room room() {
    return null;
  }

  /// Room on the disk of the journal, in octets.
  ///
  /// @param journal all its segments, as they are stored
  /// @param free what may still be written there
  /// @param whole how large that disk is
  record Room(long journal, long free, long whole) {}

  /// What the collector itself does.
  Health health();
}
