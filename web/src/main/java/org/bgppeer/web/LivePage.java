package org.bgppeer.web;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.bgppeer.store.CommunityPattern;
import org.bgppeer.store.CountPoint;
import org.bgppeer.store.EventRow;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.PacketList;
import org.bgppeer.store.PacketQuery;
import org.bgppeer.store.PacketRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.Queries.NeighborPrefix;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.AttributeSet;
import org.bgppeer.wire.ErrorHandling;
import org.bgppeer.wire.NlriBlock;
import org.bgppeer.wire.NlriCursor;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// `/live`: changes as they come. Each line is one route of one UPDATE, told against the version
/// before it; session events stand among them. The page asks for newer lines by the same address
/// with `after=`.
public final class LivePage {
  private static final int ROWS = 50;

  /// So many routes of one UPDATE are lines of their own.
  private static final int OF_ONE = 4;

  /// So many UPDATEs are looked through at most for what was asked.
  private static final int LOOKED_THROUGH = 1500;

  /// Of so many prefixes that went away it is looked up what their routes had been.
  private static final int LOOKED_UP = 200;

  private static final int BATCH = 150;

  /// Of so many UPDATEs it is looked up at once what they changed.
  private static final int TOGETHER = 30;

  private static final int VERSIONS = 200;
  private static final int EVENTS = 50;

  private static final List<String> KINDS =
      List.of("announced", "withdrawn", "changed", "same", "sessions");

  /// What is shown if nothing is chosen: all but routes sent again without a difference.
  private static final Set<String> USUAL = Set.of("announced", "withdrawn", "changed", "sessions");

  /// Of a stream: how often it looks for what is new.
  private static final Duration TICK = Duration.ofMillis(500);

  /// Each so many ticks it tells how much changes.
  private static final int RATED = 10;

  /// What the curve of it is of, a minute a step.
  private static final int MINUTES = 60;

  /// So many changes of a tick are told one by one; of more it is said how many there were.
  private static final int TOLD = 20;

  /// So many UPDATEs of a tick are read at most. With more it goes on from the newest.
  private static final int READ = 4000;

  LivePage(Site site) {
    var filters =
        List.of(
            "in", "neighbor", "family", "origin", "as", "path", "community", "nh", "kind", "after");
    var ofPage = new ArrayList<>(filters);
    ofPage.add("before");
    site.page("/live", this::live, ofPage.toArray(String[]::new));
    site.stream("/live/stream", this::stream, filters.toArray(String[]::new));
  }

  /// The model of `live.jte`.
  ///
  /// @param rate how much changes; null if the list is not of now
  /// @param sending neighbors that sent something in the last two minutes
  /// @param feed where newer lines can be had; null if the list is not of now
  /// @param stream where newer lines come by themselves; null if the list is not of now
  /// @param self the address of the newest lines
  /// @param newer the same; null if these are the newest
  /// @param cut whether the search for lines ended before it found enough
  public record Model(
      @Nullable Rate rate,
      int sending,
      List<Row> rows,
      List<String> neighbors,
      Filter filter,
      List<PrefixPage.Chip> kinds,
      @Nullable String feed,
      @Nullable String stream,
      boolean more,
      String self,
      @Nullable String newer,
      @Nullable String next,
      boolean cut,
      Instant now) {}

  /// How much all neighbors change, whatever the list shows.
  ///
  /// @param perSecond of the minute that runs and the one before it: `14.2`
  public record Rate(String perSecond, Spark curve) {
    private static Rate of(Queries queries, Instant now) {
      Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
      Instant from = minute.minus(Duration.ofMinutes(MINUTES - 1));
      var counts = new long[MINUTES];
      for (CountPoint point : queries.counts(null, from, minute, Duration.ofMinutes(1))) {
        int at = (int) Duration.between(from, point.at()).toMinutes();
        counts[at] = point.announced() + point.withdrawn();
      }
      Duration counted = Duration.ofMinutes(1).plus(Duration.between(minute, now));
      double changes = counts[MINUTES - 1] + counts[MINUTES - 2];
      return new Rate(
          Text.perSecond(changes / counted.toSeconds()),
          Spark.of(counts, from, Duration.ofMinutes(1)));
    }

    /// For a page that is open, which has the drawing: a line each.
    String lines() {
      return String.join("\n", perSecond, curve.label(), curve.points());
    }
  }

  /// What is asked for, as it goes back into the form.
  ///
  public record Filter(
      String in,
      String neighbor,
      String family,
      String origin,
      String as,
      String path,
      String community,
      String nh,
      String kind,
      List<String> families,
      boolean any) {}

  /// One change.
  ///
  /// @param prefix null for a session event
  /// @param path of a new route; null if something else is said
  /// @param differences what changed, with before and after
  /// @param words what else there is to say
  public record Row(
      Instant at,
      String kind,
      Mark mark,
      @Nullable String neighbor,
      @Nullable String prefix,
      @Nullable Long pathId,
      @Nullable String path,
      List<VersionDiff.Row> differences,
      String words,
      @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Long packet) {}

  private record Wanted(
      @Nullable Prefix in,
      @Nullable String neighbor,
      @Nullable String family,
      @Nullable Long origin,
      @Nullable Long as,
      @Nullable Pattern path,
      @Nullable CommunityPattern community,
      @Nullable String nextHop,
      Set<String> kinds) {

    boolean takes(String prefix) {
      return in == null || (prefix.indexOf(' ') < 0 && in.contains(Prefix.parse(prefix)));
    }

    boolean takes(NlriBlock block) {
      return family == null || block.family().toString().equals(family);
    }

    /// Whether it depends on what stands beside the prefix.
    boolean attributes() {
      return origin != null || as != null || path != null || community != null || nextHop != null;
    }

    boolean takes(AttributeSet set) {
      return takes(
          set.asPath(),
          set.nextHop(),
          set.communities(),
          set.largeCommunities(),
          set.extCommunities());
    }

    /// Of a route that went away, what it had been.
    boolean takes(RouteRow row) {
      return takes(
          row.asPath(),
          row.nextHop(),
          row.communities(),
          row.largeCommunities(),
          row.extCommunities());
    }

    private boolean takes(
        String asPath, String hop, String communities, String large, String extended) {
      if (nextHop != null && !Arrays.asList(hop.split(" ")).contains(nextHop)) {
        return false;
      }
      if (path != null && !path.matcher(asPath).find()) {
        return false;
      }
      if (origin != null || as != null) {
        List<Text.Hop> hops = Text.hops(asPath);
        if (as != null && hops.stream().noneMatch(each -> isIn(as, each))) {
          return false;
        }
        if (origin != null && (hops.isEmpty() || !isIn(origin, hops.getLast()))) {
          return false;
        }
      }
      if (community == null) {
        return true;
      }
      String all =
          switch (community.column()) {
            case "communities" -> communities;
            case "large_communities" -> large;
            default -> extended;
          };
      return community.isIn(all);
    }

    private static boolean isIn(long as, Text.Hop hop) {
      return hop.as() != null
          ? hop.as() == as
          : Arrays.asList(hop.text().split("[^0-9]+")).contains(Long.toString(as));
    }
  }

  private Reply live(Visit visit) {
    Queries queries = visit.queries();
    Long before = visit.number("before", 0, Long.MAX_VALUE);
    Long after = visit.number("after", 0, Long.MAX_VALUE);
    if (before != null && after != null) {
      throw Refusal.parameter("after", visit.text("after"), "left out where “before” is given");
    }
    Wanted wanted = wanted(visit);
    Set<String> kinds = wanted.kinds;
    List<NeighborRow> neighbors = queries.neighbors();
    var reader = new Reader(queries, wanted);
    boolean enough = after == null ? reader.older(before) : reader.newer(after);
    List<Row> rows = reader.rows;
    sessions(queries, wanted, visit.now(), before, after, enough, rows);
    rows.sort(Comparator.comparing(Row::at).reversed());
    boolean now = before == null;
    String newest = Long.toString(Math.max(reader.newest, after == null ? 0 : after));
    String next =
        after == null && reader.oldest > 0 && (enough || reader.cut)
            ? visit.with("before", Long.toString(reader.oldest))
            : null;
    Instant recently = visit.now().minus(Duration.ofMinutes(2));
    int sending =
        (int)
            neighbors.stream()
                .filter(
                    neighbor ->
                        neighbor.state() == NeighborRow.SessionState.UP
                            || neighbor.state() == NeighborRow.SessionState.RECEIVING)
                .filter(
                    neighbor -> {
                      Instant last = neighbor.lastPacketAt();
                      return last != null && last.isAfter(recently);
                    })
                .count();
    String kindText = visit.text("kind");
    var filter =
        new Filter(
            wanted.in == null ? "" : wanted.in.toString(),
            wanted.neighbor == null ? "" : wanted.neighbor,
            wanted.family == null ? "" : wanted.family,
            typed(visit, "origin"),
            typed(visit, "as"),
            typed(visit, "path"),
            typed(visit, "community"),
            typed(visit, "nh"),
            kindText == null ? "" : kindText,
            neighbors.stream()
                .flatMap(each -> each.families().stream())
                .map(NeighborRow.FamilyCount::family)
                .distinct()
                .sorted()
                .toList(),
            wanted.in != null
                || wanted.neighbor != null
                || wanted.family != null
                || wanted.attributes()
                || kindText != null);
    return Reply.page(
            "live",
            "Live",
            "live",
            new Model(
                now ? Rate.of(queries, visit.now()) : null,
                sending,
                rows,
                neighbors.stream().map(NeighborRow::name).sorted(NeighborRow.NAME_ORDER).toList(),
                filter,
                chips(visit, kinds),
                now ? visit.with("after", newest) : null,
                now ? stream(visit, newest) : null,
                after != null && enough,
                visit.without("before", "after"),
                before == null && after == null ? null : visit.without("before", "after"),
                next,
                reader.cut,
                visit.now()))
        .withData(rows)
        .withNext(next);
  }

  private static String stream(Visit visit, String newest) {
    return visit.with("after", newest).replaceFirst("^/live", "/live/stream");
  }

  private static String typed(Visit visit, String name) {
    String text = visit.text(name);
    return text == null ? "" : text;
  }

  private static Wanted wanted(Visit visit) {
    String community = visit.community("community");
    return new Wanted(
        visit.prefix("in"),
        visit.text("neighbor"),
        visit.family("family"),
        visit.as("origin"),
        visit.as("as"),
        path(visit),
        community == null ? null : CommunityPattern.parse(community),
        visit.address("nh"),
        kinds(visit));
  }

  private static @Nullable Pattern path(Visit visit) {
    String text = visit.text("path");
    try {
      return text == null ? null : Pattern.compile(NeighborPage.pathPattern(text));
    } catch (PatternSyntaxException e) {
      throw Refusal.parameter(
          "path", text, "AS numbers in a row, or a regular expression: " + e.getDescription());
    }
  }

  /// Changes as they come, until the reader is gone: events `rows` with lines of the table, and
  /// `sampled` with how many were left out of them, and `rate` with how much changes. The id of
  /// each is where to go on from.
  private EventStream.Source stream(Visit visit) {
    Wanted wanted = wanted(visit);
    Long after = visit.number("after", 0, Long.MAX_VALUE);
    return out -> stream(visit.queries(), wanted, after, out);
  }

  private static void stream(Queries queries, Wanted wanted, @Nullable Long after, EventStream out)
      throws IOException, InterruptedException {
    Long resumed = out.lastId();
    long cursor = resumed != null ? resumed : after != null ? after : newest(queries);
    long event = newestEvent(queries);
    int ticks = 0;
    while (out.waitFor(TICK)) {
      var reader = new Reader(queries, wanted);
      boolean all = reader.sample(cursor);
      if (!all) {
        reader.newest = Math.max(reader.newest, newest(queries));
      }
      boolean moved = reader.newest > cursor;
      cursor = reader.newest;
      List<Row> rows = reader.rows;
      if (wanted.kinds.contains("sessions") && wanted.in == null && !wanted.attributes()) {
        for (EventRow each : queries.events(wanted.neighbor, null, EVENTS)) {
          if (each.id() > event) {
            rows.add(row(each));
          }
        }
        event = Math.max(event, newestEvent(queries));
      }
      if (!rows.isEmpty()) {
        rows.sort(Comparator.comparing(Row::at).reversed());
        out.rows(cursor, rows);
      } else if (moved) {
        out.at(cursor); // what was not wanted need not be read again
      }
      if (reader.left > 0 || !all) {
        out.send(
            "sampled", cursor, (all ? "" : "more than ") + Text.number(reader.left + rows.size()));
      }
      if (++ticks % RATED == 0) {
        out.send("rate", cursor, Rate.of(queries, Instant.now()).lines());
      }
    }
  }

  private static long newest(Queries queries) {
    return queries.packets(new PacketQuery(null, 2, false, null, null, null, null, 1)).stream()
        .mapToLong(PacketRow::id)
        .max()
        .orElse(0);
  }

  private static long newestEvent(Queries queries) {
    return queries.events(null, null, 1).stream().mapToLong(EventRow::id).max().orElse(0);
  }

  private static Set<String> kinds(Visit visit) {
    String text = visit.text("kind");
    if (text == null) {
      return USUAL;
    }
    var kinds = new LinkedHashSet<String>();
    for (String kind : text.split(",")) {
      if (!KINDS.contains(kind)) {
        throw Refusal.parameter("kind", text, "some of " + String.join(",", KINDS));
      }
      kinds.add(kind);
    }
    return kinds;
  }

  private static List<PrefixPage.Chip> chips(Visit visit, Set<String> chosen) {
    var chips = new ArrayList<PrefixPage.Chip>();
    for (String kind : KINDS) {
      var other = new LinkedHashSet<String>();
      for (String each : KINDS) {
        if (chosen.contains(each) != each.equals(kind)) {
          other.add(each);
        }
      }
      String word = kind.equals("same") ? "same again" : kind;
      boolean usual = other.equals(USUAL) || other.isEmpty();
      chips.add(
          new PrefixPage.Chip(
              Character.toUpperCase(word.charAt(0)) + word.substring(1),
              visit.with("kind", usual ? null : String.join(",", other)),
              chosen.contains(kind)));
    }
    return chips;
  }

  /// Puts the session events of the time of the rows among them.
  private static void sessions(
      Queries queries,
      Wanted wanted,
      Instant now,
      @Nullable Long before,
      @Nullable Long after,
      boolean enough,
      List<Row> rows) {
    if (!wanted.kinds.contains("sessions") || wanted.in != null || wanted.attributes()) {
      return;
    }
    Instant from = Instant.MIN;
    Instant to = now;
    if (before != null || after != null) {
      // A later page, or what is new: the times of its first and last packet bound it.
      Long known = before == null ? after : before;
      to =
          before == null
              ? now
              : queries.packet(known == null ? 0 : known).map(PacketRow::at).orElse(now);
      from = after == null ? Instant.MIN : queries.packet(after).map(PacketRow::at).orElse(now);
    }
    if (enough && after == null && !rows.isEmpty()) {
      from = rows.stream().map(Row::at).min(Comparator.naturalOrder()).orElse(from);
    }
    for (EventRow event : queries.events(wanted.neighbor, null, EVENTS)) {
      if (event.at().isAfter(from) && !event.at().isAfter(to)) {
        rows.add(row(event));
      }
    }
  }

  private static Row row(EventRow event) {
    return new Row(
        event.at(),
        "sessions",
        Mark.of(event),
        event.neighbor(),
        null,
        null,
        null,
        List.of(),
        event.why().isEmpty() ? "The session is up." : event.why(),
        event.packet());
  }

  /// Reads UPDATEs and makes rows of them.
  private static final class Reader {
    private final Queries queries;
    private final Wanted wanted;

    /// What became of a prefix with a neighbor.
    private final Map<Subject, List<PathVersions>> histories = new HashMap<>();

    /// Who has a prefix now, and what became of it with everybody.
    private final Map<String, Set<String>> holders = new HashMap<>();

    private final Map<String, List<PathVersions>> everywhere = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private long newest;
    private long oldest;
    private boolean cut;
    private int most = Integer.MAX_VALUE;

    /// Changes that were wanted, beyond `most`.
    private long left;

    Reader(Queries queries, Wanted wanted) {
      this.queries = queries;
      this.wanted = wanted;
    }

    private record Subject(String neighbor, String prefix) {}

    private PacketList updates(@Nullable Long before, @Nullable Long after, int limit) {
      return queries.packetList(
          new PacketQuery(wanted.neighbor, 2, false, null, null, before, after, limit));
    }

    /// Newest first, until there are enough rows; tells whether there are.
    boolean older(@Nullable Long before) {
      Long at = before;
      for (int limit : new int[] {BATCH, LOOKED_THROUGH}) {
        PacketList updates = updates(at, null, limit);
        if (add(updates.rows(), ROWS)) {
          return true;
        }
        if (updates.looked() != null) {
          oldest = updates.looked().id();
          break;
        }
        if (updates.rows().size() < limit) {
          return false;
        }
        at = oldest;
      }
      cut = true;
      return false;
    }

    /// All newer ones, as far as one answer may go; tells whether there may be more.
    boolean newer(long after) {
      List<PacketRow> updates = updates(null, after, BATCH).rows();
      newest = after;
      return add(updates, 2 * ROWS) || updates.size() == BATCH;
    }

    /// What is newer, some as rows and the rest counted; tells whether that was all.
    boolean sample(long after) {
      most = TOLD;
      List<PacketRow> updates = updates(null, after, READ).rows();
      newest = after;
      add(updates, Integer.MAX_VALUE);
      return updates.size() < READ;
    }

    /// Adds the rows of packets until there are enough; tells whether there are.
    private boolean add(List<PacketRow> packets, int enough) {
      for (int from = 0; from < packets.size(); from += TOGETHER) {
        var some = packets.subList(from, Math.min(packets.size(), from + TOGETHER));
        List<List<Part>> parts = some.stream().map(this::parts).toList();
        if (rows.size() < most) {
          lookUp(parts);
        }
        for (int i = 0; i < some.size(); i++) {
          oldest = some.get(i).id();
          newest = Math.max(newest, oldest);
          parts.get(i).forEach(this::block);
          if (rows.size() >= enough) {
            return true;
          }
        }
      }
      return false;
    }

    /// Routes of one UPDATE that may be wanted.
    ///
    /// @param set null if they are withdrawn
    /// @param treated whether they are announced, but treated as withdrawn
    private record Part(
        PacketRow packet, NlriBlock block, @Nullable AttributeSet set, boolean treated) {}

    private List<Part> parts(PacketRow packet) {
      if (packet.sent()) {
        return List.of();
      }
      byte[] message = packet.message().toByteArray();
      Update update = Update.decode(message, 0, message.length, packet.context());
      if (update.handling() == ErrorHandling.SESSION_RESET) {
        return List.of(); // nothing of it was used; the end of the session is an event
      }
      boolean treated = update.handling() == ErrorHandling.TREAT_AS_WITHDRAW;
      var parts = new ArrayList<Part>();
      for (NlriBlock block : update.withdrawn()) {
        if (wanted.takes(block)) {
          parts.add(new Part(packet, block, null, false));
        }
      }
      for (NlriBlock block : update.announced()) {
        if (!wanted.takes(block)) {
          continue;
        }
        AttributeSet set = AttributeSet.decode(update.attributeSet(block));
        if (!wanted.attributes() || wanted.takes(set)) {
          parts.add(new Part(packet, block, set, treated));
        }
      }
      return parts;
    }

    /// Looks up what became of the prefixes that will be told one by one, all at once.
    private void lookUp(List<List<Part>> parts) {
      var subjects = new LinkedHashMap<Subject, NeighborPrefix>();
      var withdrawn = new LinkedHashSet<Prefix>();
      Instant since = Instant.MAX;
      for (Part part : parts.stream().flatMap(List::stream).toList()) {
        String neighbor = part.packet.neighbor();
        since = part.packet.at().isBefore(since) ? part.packet.at() : since;
        NlriCursor cursor = part.block.routes();
        for (int some = 0; some < OF_ONE && cursor.next(); ) {
          String text = cursor.text();
          if (text.indexOf(' ') < 0 && wanted.takes(text)) {
            some++;
            var subject = new Subject(neighbor, text);
            var prefix = Prefix.parse(text);
            if (!histories.containsKey(subject)) {
              subjects.put(subject, new NeighborPrefix(neighbor, prefix));
            }
            if (part.set == null && !holders.containsKey(text)) {
              withdrawn.add(prefix);
            }
          }
        }
      }
      if (!subjects.isEmpty()) {
        var found =
            queries
                .histories(subjects.values(), since.minusSeconds(1), VERSIONS * subjects.size())
                .stream()
                .collect(Collectors.groupingBy(row -> new Subject(row.neighbor(), row.prefix())));
        for (Subject subject : subjects.keySet()) {
          histories.put(subject, PathVersions.of(found.getOrDefault(subject, List.of())));
        }
      }
      queries.holders(withdrawn).forEach((prefix, names) -> holders.put(prefix.toString(), names));
    }

    /// The same of one that was not among them.
    private List<PathVersions> everywhere(String prefix) {
      return everywhere.computeIfAbsent(
          prefix,
          text ->
              PathVersions.of(
                  text.indexOf(' ') < 0
                      ? queries.history(Prefix.parse(text), VERSIONS)
                      : queries.history(text, VERSIONS)));
    }

    private void block(Part part) {
      PacketRow packet = part.packet;
      NlriBlock block = part.block;
      AttributeSet set = part.set;
      boolean treated = part.treated;
      NlriCursor cursor = block.routes();
      int shown = 0;
      int unsaid = 0;
      while (cursor.next()) {
        String prefix = cursor.text();
        if (!wanted.takes(prefix)) {
          continue;
        }
        if (set == null && wanted.attributes() && !went(packet, block, cursor, prefix)) {
          continue;
        }
        if (rows.size() >= most) {
          left++;
          continue;
        }
        if (shown == OF_ONE) {
          unsaid++;
          continue;
        }
        Long pathId = cursor.pathId() < 0 ? null : cursor.pathId();
        Row row =
            treated
                ? finding(packet, prefix, pathId)
                : set != null
                    ? announced(packet, block.family().toString(), prefix, pathId, set)
                    : withdrawn(packet, prefix, pathId);
        if (wanted.kinds.contains(row.kind)) {
          rows.add(row);
          shown++;
        }
      }
      String kind = set != null && !treated ? "announced" : "withdrawn";
      if (unsaid > 0 && wanted.kinds.contains(kind)) {
        rows.add(
            new Row(
                packet.at(),
                kind,
                new Mark(kind.equals("announced") ? "active" : "withdrawn", kind),
                packet.neighbor(),
                null,
                null,
                null,
                List.of(),
                Text.count(unsaid, "more route") + " in the same packet.",
                packet.id()));
      }
    }

    /// Whether what a packet withdrew was wanted: its route says what it had been. Each is looked
    /// up, so only so many are.
    private boolean went(PacketRow packet, NlriBlock block, NlriCursor cursor, String prefix) {
      if (!histories.containsKey(new Subject(packet.neighbor(), prefix))
          && histories.size() >= LOOKED_UP) {
        return false;
      }
      PathVersions path =
          path(
              packet,
              block.family().toString(),
              prefix,
              cursor.pathId() < 0 ? null : cursor.pathId());
      if (path == null) {
        return false;
      }
      RouteRow before = null;
      for (RouteRow version : path.versions()) {
        if (version.validFrom().isBefore(packet.at())) {
          before = version;
        }
      }
      return before != null && wanted.takes(before);
    }

    private @Nullable PathVersions path(
        PacketRow packet, String family, String prefix, @Nullable Long pathId) {
      List<PathVersions> paths =
          histories.computeIfAbsent(
              new Subject(packet.neighbor(), prefix), subject -> everywhere(subject.prefix));
      for (PathVersions path : paths) {
        RouteRow route = path.current();
        if (route.neighbor().equals(packet.neighbor())
            && route.family().equals(family)
            && (pathId == null ? route.pathId() == null : pathId.equals(route.pathId()))) {
          return path;
        }
      }
      return null;
    }

    private Row announced(
        PacketRow packet, String family, String prefix, @Nullable Long pathId, AttributeSet set) {
      PathVersions path = path(packet, family, prefix, pathId);
      if (path != null) {
        List<RouteRow> versions = path.versions();
        for (int i = 0; i < versions.size(); i++) {
          Long by = versions.get(i).packet();
          if (by == null || by != packet.id() || i == 0) {
            continue;
          }
          RouteRow old = versions.get(i - 1);
          Instant end = old.validTo();
          if (end != null && !end.isBefore(versions.get(i).validFrom())) {
            VersionDiff diff = VersionDiff.of(old, versions.get(i));
            List<VersionDiff.Row> differences = diff.rows();
            return new Row(
                packet.at(),
                "changed",
                new Mark("active", "changed"),
                packet.neighbor(),
                prefix,
                pathId,
                null,
                differences.subList(0, Math.min(2, differences.size())),
                differences.size() > 2
                    ? Text.count(differences.size() - 2, "more attribute") + " changed."
                    : "",
                packet.id());
          }
        }
        RouteRow current = path.current();
        Long by = current.packet();
        if (current.active()
            && by != null
            && by < packet.id()
            && current.validFrom().isBefore(packet.at())) {
          return new Row(
              packet.at(),
              "same",
              new Mark("active", "same again"),
              packet.neighbor(),
              prefix,
              pathId,
              null,
              List.of(),
              "Sent again with no difference.",
              packet.id());
        }
      }
      return new Row(
          packet.at(),
          "announced",
          new Mark("active", "announced"),
          packet.neighbor(),
          prefix,
          pathId,
          set.asPath(),
          List.of(),
          "next hop " + set.nextHop(),
          packet.id());
    }

    private Row withdrawn(PacketRow packet, String prefix, @Nullable Long pathId) {
      long others =
          holders
              .computeIfAbsent(
                  prefix,
                  text ->
                      everywhere(text).stream()
                          .map(PathVersions::current)
                          .filter(RouteRow::active)
                          .map(RouteRow::neighbor)
                          .collect(Collectors.toSet()))
              .stream()
              .filter(name -> !name.equals(packet.neighbor()))
              .count();
      return new Row(
          packet.at(),
          "withdrawn",
          new Mark("withdrawn", "withdrawn"),
          packet.neighbor(),
          prefix,
          pathId,
          null,
          List.of(),
          (pathId == null ? "" : "Path " + pathId + " went away. ")
              + (others == 0
                  ? "No other neighbor has it now."
                  : others == 1
                      ? "1 other neighbor has it now."
                      : others + " other neighbors have it now."),
          packet.id());
    }

    private static Row finding(PacketRow packet, String prefix, @Nullable Long pathId) {
      return new Row(
          packet.at(),
          "withdrawn",
          new Mark("finding", "finding"),
          packet.neighbor(),
          prefix,
          pathId,
          null,
          List.of(),
          packet.finding() == null
              ? "Treated as withdrawn."
              : Text.sentence(packet.finding().lines().findFirst().orElse("")),
          packet.id());
    }
  }
}
