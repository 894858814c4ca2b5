package org.bgppeer.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.AttributeSet;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.ErrorHandling;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.NlriBlock;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.StateReasons;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// What the database must say, found in the slowest and plainest way: each path of each neighbor is
/// a list of versions in a map, and whatever ends a million routes walks over a million routes. It
/// shares the decoder with the projector and nothing else.
///
/// Rows are lines of text, the same that [#line(RouteRow)] makes of the database's.
final class ReferenceModel {
  private static final long STALE_SECONDS = 600;
  private static final long REFRESH_SECONDS = 1800;
  private static final long QUIET_SECONDS = 60;
  private static final long QUIET_SECONDS_WITH_END_OF_RIB = 300;

  private final StateReasons reasons = new StateReasons();
  private final Map<String, Neighbor> neighbors = new TreeMap<>();
  private final boolean remembersEachMoment;

  /// @param remembersEachMoment notes what was held after each record
  ReferenceModel(boolean remembersEachMoment) {
    this.remembersEachMoment = remembersEachMoment;
  }

  /// What was so from when on, in the order of the journal: if the clock was set back, a later word
  /// may be of an earlier moment.
  private static final class Notes<T> {
    private final List<Map.Entry<Instant, T>> all = new ArrayList<>();

    void add(Instant at, T what) {
      if (all.isEmpty() || !all.getLast().getValue().equals(what)) {
        all.add(Map.entry(at, what));
      }
    }

    /// The newest word that is not of a later moment.
    @Nullable T at(Instant moment) {
      return all.reversed().stream()
          .filter(each -> !each.getKey().isAfter(moment))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse(null);
    }
  }

  /// Where a session stands.
  ///
  /// @param keepsNothing whether it is down if nothing is held
  private record Standing(String state, Instant since, boolean keepsNothing) {}

  private static final class Neighbor {
    private final String name;
    private String state = "CONNECTING";
    private Instant since;
    private Instant heardOf;
    private final Notes<Standing> standing = new Notes<>();

    /// The line of each path; empty if it was not held.
    private final Map<Path, Notes<String>> lines = new TreeMap<>();

    private boolean up;
    private boolean interrupted;
    private boolean givenUp;
    private boolean heard;
    private @Nullable Instant staleUntil;
    private Instant lastUpdate = Instant.EPOCH;
    private @Nullable Open sent;
    private @Nullable Open received;
    private @Nullable DecodeContext context;
    private boolean promisesEndOfRib;
    private boolean saysWhatItRefreshes;
    private final TreeSet<String> keptForwarding = new TreeSet<>();
    private List<Kept> kept = List.of();
    private Instant keptSince = Instant.EPOCH;
    private final TreeSet<String> longLived = new TreeSet<>();

    /// Families that it is sending again, since when.
    private final Map<String, Instant> refreshing = new TreeMap<>();

    /// Families that have as many routes as they may.
    private final TreeSet<String> full = new TreeSet<>();

    private final TreeSet<String> ended = new TreeSet<>();
    private final TreeSet<String> waiting = new TreeSet<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final Map<Path, List<Version>> paths = new TreeMap<>();

    private Neighbor(String name, Instant since) {
      this.name = name;
      this.since = since;
      heardOf = since;
    }
  }

  private record Path(String family, String nlri, long pathId) implements Comparable<Path> {
    @Override
    public int compareTo(Path other) {
      return toString().compareTo(other.toString());
    }
  }

  private static final class Version {
    private byte[] set = {};
    private String details = "";
    private Instant from = Instant.EPOCH;
    private long packet;
    private @Nullable Instant to;
    private @Nullable String reason;
    private @Nullable Long endPacket;
    private boolean stale;

    private void end(Instant at, String why, @Nullable Long by) {
      to = at;
      reason = why;
      endPacket = by;
      stale = false;
    }
  }

  // ---------------------------------------------------------------- what happens

  void read(MrtRecord record, long packet) throws Exception {
    var why = reasons.of(record);
    if (record.isReason()) {
      return;
    }
    Instant at = record.at();
    giveUpStale(at);
    note(at);
    giveUpKept(at);
    if (record.isMessage()) {
      message(record, packet, at);
    } else if (record.isStateChange()) {
      if (why == null || why.cause() != SessionCause.NOT_CONFIGURED) {
        stateChange(neighbor(record), record, why, at);
      }
    }
    note(at);
  }

  private void note(Instant at) {
    if (!remembersEachMoment) {
      return;
    }
    for (var neighbor : neighbors.values()) {
      neighbor.paths.forEach(
          (path, versions) -> {
            var last = versions.getLast();
            neighbor
                .lines
                .computeIfAbsent(path, _ -> new Notes<>())
                .add(at, last.to == null ? line(neighbor, path, versions, last, true) : "");
          });
      boolean down = neighbor.state.equals("DOWN") && !neighbor.givenUp || !neighbor.kept.isEmpty();
      if (!neighbor.state.equals("CONNECTING")) {
        neighbor.standing.add(at, new Standing(neighbor.state, neighbor.since, down));
      }
    }
  }

  private Neighbor neighbor(MrtRecord record) {
    var neighbor =
        neighbors.computeIfAbsent(
            AddressText.of(record.peerAddress()) + " AS" + record.peerAs(),
            name -> new Neighbor(name, record.at()));
    if (record.at().isBefore(neighbor.heardOf)) {
      neighbor.heardOf = record.at();
    }
    return neighbor;
  }

  private void message(MrtRecord record, long packet, Instant at) throws Exception {
    var neighbor = neighbor(record);
    byte[] message =
        Arrays.copyOfRange(
            record.array(),
            record.messageOffset(),
            record.messageOffset() + record.messageLength());
    switch (message[18]) {
      case 1 -> {
        if (!neighbor.up && record.isLocal()) {
          neighbor.sent = Open.decode(message, 0, message.length);
        } else if (!neighbor.up) {
          neighbor.received = Open.decode(message, 0, message.length);
        }
      }
      case 2 -> {
        if (!record.isLocal()) {
          update(neighbor, record, message, packet, at);
        }
      }
      case 4 -> {
        if (!record.isLocal() && neighbor.up) {
          neighbor.refreshing.entrySet().stream()
              .filter(begun -> !begun.getValue().plusSeconds(REFRESH_SECONDS).isAfter(at))
              .map(Map.Entry::getKey)
              .toList()
              .forEach(family -> endOfRefresh(neighbor, family, at));
          long quiet = neighbor.promisesEndOfRib ? QUIET_SECONDS_WITH_END_OF_RIB : QUIET_SECONDS;
          if (!neighbor.lastUpdate.plusSeconds(quiet).isAfter(at)) {
            List.copyOf(neighbor.waiting).forEach(family -> endOfRib(neighbor, family, at));
          }
        }
      }
      case 5 -> {
        if (!record.isLocal() && neighbor.up && neighbor.saysWhatItRefreshes) {
          var said = (RouteRefresh) Message.decode(message, 0, message.length, DecodeContext.AS4);
          refresh(neighbor, said.family().toString(), said.subtype(), at);
        }
      }
      default -> {}
    }
  }

  /// RFC 7313 section 4.
  private static void refresh(Neighbor neighbor, String family, int subtype, Instant at) {
    if (subtype == RouteRefresh.BEGIN
        && (!neighbor.promisesEndOfRib || neighbor.ended.contains(family))) {
      neighbor.known.add(family);
      neighbor.refreshing.put(family, at);
      held(neighbor, family).forEach(version -> version.stale = true);
    } else if (subtype == RouteRefresh.END && neighbor.refreshing.containsKey(family)) {
      endOfRefresh(neighbor, family, at);
    }
  }

  private static void endOfRefresh(Neighbor neighbor, String family, Instant at) {
    neighbor.refreshing.remove(family);
    neighbor.ended.add(family);
    neighbor.waiting.remove(family);
    endStale(neighbor, family, "not-resent-in-refresh", at);
  }

  private static void endStale(Neighbor neighbor, String family, String why, Instant at) {
    held(neighbor, family).stream()
        .filter(version -> version.stale)
        .forEach(version -> version.end(at, why, null));
  }

  private void update(
      Neighbor neighbor, MrtRecord record, byte[] message, long packet, Instant at) {
    if (!neighbor.up) {
      up(neighbor, at);
    }
    neighbor.heard = true;
    neighbor.lastUpdate = at;
    var context = neighbor.context == null ? record.context() : neighbor.context;
    var update = Update.decode(message, 0, message.length, context);
    if (update.handling() == ErrorHandling.SESSION_RESET
        || update.handling() == ErrorHandling.AFI_SAFI_DISABLE) {
      return;
    }
    var end = update.endOfRib();
    if (end != null) {
      endOfRib(neighbor, end.toString(), at);
      return;
    }
    for (var block : update.withdrawn()) {
      withdraw(neighbor, block, "withdrawn", packet, at);
    }
    for (var block : update.announced()) {
      if (update.handling() == ErrorHandling.TREAT_AS_WITHDRAW) {
        withdraw(neighbor, block, "treat-as-withdraw", packet, at);
      } else {
        announce(neighbor, block, update.attributeSet(block), packet, at);
      }
    }
  }

  private static void announce(
      Neighbor neighbor, NlriBlock block, byte[] set, long packet, Instant at) {
    mentioned(neighbor, block);
    for (var route = block.routes(); route.next(); ) {
      if (route.fault() != null) {
        continue;
      }
      var path = new Path(block.family().toString(), route.text(), route.pathId());
      var known = neighbor.paths.get(path);
      if (neighbor.full.contains(path.family) && (known == null || known.getLast().to != null)) {
        continue;
      }
      var versions = neighbor.paths.computeIfAbsent(path, _ -> new ArrayList<>());
      var last = versions.isEmpty() ? null : versions.getLast();
      if (last != null
          && last.to == null
          && Arrays.equals(last.set, set)
          && last.details.equals(route.details())) {
        last.stale = false;
        continue;
      }
      if (last != null && last.to == null) {
        last.end(at, "replaced", packet);
      }
      var fresh = new Version();
      fresh.set = set;
      fresh.details = route.details();
      fresh.from = at;
      fresh.packet = packet;
      versions.add(fresh);
    }
  }

  private static void withdraw(
      Neighbor neighbor, NlriBlock block, String reason, long packet, Instant at) {
    mentioned(neighbor, block);
    for (var route = block.routes(); route.next(); ) {
      if (route.fault() == null) {
        var path = new Path(block.family().toString(), route.text(), route.pathId());
        var versions = neighbor.paths.getOrDefault(path, List.of());
        if (!versions.isEmpty() && versions.getLast().to == null) {
          versions.getLast().end(at, reason, packet);
        }
      }
    }
  }

  private static void mentioned(Neighbor neighbor, NlriBlock block) {
    String family = block.family().toString();
    neighbor.known.add(family);
    if (!neighbor.ended.contains(family)) {
      neighbor.waiting.add(family);
    }
  }

  private static void endOfRib(Neighbor neighbor, String family, Instant at) {
    neighbor.known.add(family);
    neighbor.waiting.remove(family);
    if (neighbor.ended.add(family) && !neighbor.refreshing.containsKey(family)) {
      endStale(neighbor, family, "not-resent-before-End-of-RIB", at);
    }
  }

  private static void stateChange(
      Neighbor neighbor, MrtRecord record, @Nullable StateReason why, Instant at) {
    boolean was = record.oldState() == 6;
    if (was && record.newState() == 6 && why != null && why.cause() == SessionCause.PREFIX_LIMIT) {
      neighbor.full.add(why.text().split(" ")[0]);
    } else if (record.newState() == 6) {
      if (!neighbor.up || !was) {
        up(neighbor, at);
      }
    } else if (was && neighbor.up) {
      down(neighbor, why, at);
    }
  }

  private static void up(Neighbor neighbor, Instant at) {
    if (neighbor.up) {
      down(neighbor, null, at);
    }
    neighbor.up = true;
    neighbor.givenUp = false;
    neighbor.state = "UP";
    neighbor.since = at;
    if (!neighbor.interrupted) {
      neighbor.staleUntil = null;
    }
    neighbor.interrupted = false;
    neighbor.heard = false;
    neighbor.lastUpdate = at;
    neighbor.full.clear();
    neighbor.ended.clear();
    neighbor.waiting.clear();
    neighbor.waiting.addAll(neighbor.known);
    neighbor.context = null;
    neighbor.promisesEndOfRib = false;
    neighbor.saysWhatItRefreshes = false;
    neighbor.keptForwarding.clear();
    if (neighbor.sent != null && neighbor.received != null) {
      var agreed = Negotiated.of(neighbor.sent, neighbor.received);
      neighbor.context = agreed.context();
      neighbor.promisesEndOfRib =
          neighbor.received.capability(Capability.GracefulRestart.class) != null;
      neighbor.saysWhatItRefreshes = agreed.enhancedRouteRefresh();
      agreed.families().forEach(family -> neighbor.waiting.add(family.toString()));
      keptForwarding(neighbor, neighbor.received);
    }
    for (var kept : neighbor.kept) { // RFC 4724 section 4.2
      if (!neighbor.keptForwarding.contains(kept.family().toString())) {
        held(neighbor, kept.family().toString())
            .forEach(version -> version.end(at, "session-down", null));
      }
    }
    neighbor.kept = List.of();
    held(neighbor).forEach(version -> version.stale = true);
  }

  private static void keptForwarding(Neighbor neighbor, Open received) {
    var restart = received.capability(Capability.GracefulRestart.class);
    var longLived = received.capability(Capability.LongLivedGracefulRestart.class);
    if (restart != null) {
      restart.entries().stream()
          .filter(Capability.GracefulRestart.Entry::forwardingKept)
          .forEach(entry -> neighbor.keptForwarding.add(entry.family().toString()));
    }
    if (restart != null && longLived != null) { // RFC 9494 section 4.1: not without the other
      longLived.entries().stream()
          .filter(Capability.LongLivedGracefulRestart.Entry::forwardingKept)
          .forEach(entry -> neighbor.keptForwarding.add(entry.family().toString()));
    }
  }

  private static boolean saidNothing(Neighbor neighbor, @Nullable StateReason why, Instant at) {
    return why != null
        && why.kept().isEmpty()
        && (why.cause() == SessionCause.CONNECTION_CLOSED
            || why.cause() == SessionCause.CONNECTION_RESET)
        && !neighbor.heard
        && neighbor.staleUntil != null
        && neighbor.staleUntil.isAfter(at);
  }

  private static void down(Neighbor neighbor, @Nullable StateReason why, Instant at) {
    var cause = why == null ? null : why.cause();
    var refreshing = new TreeSet<>(neighbor.refreshing.keySet());
    neighbor.refreshing.clear();
    neighbor.up = false;
    neighbor.since = at;
    neighbor.sent = null;
    neighbor.received = null;
    if (cause == SessionCause.COLLECTOR_CRASHED
        || cause == SessionCause.COLLECTOR_STOPPED
        || cause == SessionCause.COLLISION
        || saidNothing(neighbor, why, at)) {
      neighbor.state = "STALE";
      neighbor.interrupted = true;
      if (!saidNothing(neighbor, why, at)) {
        neighbor.staleUntil = null;
      }
      held(neighbor).forEach(version -> version.stale = true);
    } else {
      neighbor.kept = why == null ? List.of() : why.kept();
      neighbor.keptSince = at;
      neighbor.longLived.clear();
      neighbor.state = neighbor.kept.isEmpty() ? "DOWN" : "STALE";
      var keptFamilies = new TreeSet<String>();
      for (var kept : neighbor.kept) {
        String family = kept.family().toString();
        keptFamilies.add(family);
        if (kept.longLivedSeconds() == 0 && !refreshing.contains(family)) {
          endStale(neighbor, family, "graceful-restart-stale", at); // twice is too much
        }
        held(neighbor, family).forEach(version -> version.stale = true);
      }
      neighbor.paths.forEach(
          (path, versions) -> {
            if (!keptFamilies.contains(path.family) && versions.getLast().to == null) {
              versions.getLast().end(at, "session-down", null);
            }
          });
    }
  }

  /// What is kept of a neighbor that restarts ends when its time is over, and not when that is
  /// noticed.
  private void giveUpKept(Instant at) {
    while (true) {
      Instant next = null;
      for (var neighbor : neighbors.values()) {
        for (var kept : neighbor.kept) {
          for (var when : List.of(until(neighbor, kept), longLivedFrom(neighbor, kept))) {
            if (!when.isAfter(at) && (next == null || when.isBefore(next))) {
              next = when;
            }
          }
        }
      }
      if (next == null) {
        return;
      }
      for (var neighbor : neighbors.values()) {
        giveUpKept(neighbor, next);
      }
      note(next);
    }
  }

  private static void giveUpKept(Neighbor neighbor, Instant now) {
    boolean had = !neighbor.kept.isEmpty();
    for (var kept : neighbor.kept) {
      if (!longLivedFrom(neighbor, kept).isAfter(now)) {
        String family = kept.family().toString();
        neighbor.longLived.add(family);
        held(neighbor, family).stream()
            .filter(version -> saysNoLlgr(version.set))
            .forEach(version -> version.end(now, "no-llgr", null));
      }
      if (!until(neighbor, kept).isAfter(now)) {
        String why = kept.longLivedSeconds() > 0 ? "llgr-stale" : "graceful-restart-stale";
        held(neighbor, kept.family().toString()).forEach(version -> version.end(now, why, null));
      }
    }
    neighbor.kept =
        neighbor.kept.stream().filter(kept -> until(neighbor, kept).isAfter(now)).toList();
    if (had && neighbor.kept.isEmpty()) {
      neighbor.givenUp = true;
      neighbor.state = "DOWN";
      neighbor.since = now;
    }
  }

  /// RFC 9494 section 4.3.
  private static boolean saysNoLlgr(byte[] set) {
    return (" " + AttributeSet.decode(set).communities() + " ").contains(" 65535:7 ");
  }

  private static Instant longLivedFrom(Neighbor neighbor, Kept kept) {
    return kept.longLivedSeconds() == 0 || neighbor.longLived.contains(kept.family().toString())
        ? Instant.MAX
        : neighbor.keptSince.plusSeconds(kept.restartSeconds());
  }

  private static Instant until(Neighbor neighbor, Kept kept) {
    return neighbor.keptSince.plusSeconds(kept.restartSeconds() + kept.longLivedSeconds());
  }

  private void giveUpStale(Instant at) {
    for (var neighbor : neighbors.values()) {
      if (!neighbor.interrupted) {
        continue;
      }
      if (neighbor.staleUntil == null) {
        neighbor.staleUntil = at.plusSeconds(STALE_SECONDS);
      } else if (!neighbor.staleUntil.isAfter(at)) {
        neighbor.interrupted = false;
        neighbor.givenUp = true;
        neighbor.state = "DOWN";
        neighbor.since = at;
        held(neighbor).forEach(version -> version.end(at, "session-down", null));
      }
    }
  }

  private static List<Version> held(Neighbor neighbor, String family) {
    return neighbor.paths.entrySet().stream()
        .filter(path -> path.getKey().family.equals(family))
        .map(path -> path.getValue().getLast())
        .filter(version -> version.to == null)
        .toList();
  }

  private static List<Version> held(Neighbor neighbor) {
    return neighbor.paths.values().stream()
        .map(List::getLast)
        .filter(version -> version.to == null)
        .toList();
  }

  // ---------------------------------------------------------------- what is asked

  /// The newest version of each path.
  List<String> current() {
    var lines = new ArrayList<String>();
    for (var neighbor : neighbors.values()) {
      neighbor.paths.forEach(
          (path, versions) -> lines.add(line(neighbor, path, versions, versions.getLast(), false)));
    }
    return lines.stream().sorted().toList();
  }

  /// What was held at a moment, found in the versions.
  List<String> at(Instant moment) {
    var lines = new ArrayList<String>();
    for (var neighbor : neighbors.values()) {
      neighbor.paths.forEach(
          (path, versions) -> {
            for (var version : versions.reversed()) {
              if (version.to != null && !version.to.isAfter(moment)) {
                break;
              }
              if (!version.from.isAfter(moment)) {
                lines.add(line(neighbor, path, versions, version, true));
                break;
              }
            }
          });
    }
    return lines.stream().sorted().toList();
  }

  /// What was held at a moment, as it was noted then.
  List<String> noted(Instant moment) {
    return neighbors.values().stream()
        .flatMap(neighbor -> neighbor.lines.values().stream())
        .map(notes -> notes.at(moment))
        .filter(line -> line != null && !line.isEmpty())
        .sorted()
        .toList();
  }

  /// State, since when, and active routes of each neighbor at a moment, as it was noted then: who
  /// keeps nothing is down.
  Map<String, String> notedNeighbors(Instant moment) {
    var result = new TreeMap<String, String>();
    for (var neighbor : neighbors.values()) {
      if (neighbor.heardOf.isAfter(moment)) {
        continue;
      }
      var counts = new TreeMap<String, Integer>();
      neighbor.lines.forEach(
          (path, notes) -> {
            String line = notes.at(moment);
            if (line != null && !line.isEmpty()) {
              counts.merge(path.family, 1, Integer::sum);
            }
          });
      var standing = neighbor.standing.at(moment);
      var text =
          new StringBuilder(
              standing == null
                  ? "CONNECTING since " + neighbor.heardOf
                  : (!standing.keepsNothing ? standing.state : counts.isEmpty() ? "DOWN" : "STALE")
                      + " since "
                      + standing.since);
      counts.forEach((family, count) -> text.append(", ").append(family).append(' ').append(count));
      result.put(neighbor.name, text.toString());
    }
    return result;
  }

  /// State, since when, and the active and stale routes of each neighbor's families.
  Map<String, String> neighbors() {
    var result = new TreeMap<String, String>();
    for (var neighbor : neighbors.values()) {
      result.put(neighbor.name, neighbor.state + " since " + neighbor.since + counts(neighbor));
    }
    return result;
  }

  private static String counts(Neighbor neighbor) {
    var text = new StringBuilder();
    for (String family :
        new TreeSet<>(neighbor.paths.keySet().stream().map(Path::family).toList())) {
      var held = held(neighbor, family);
      long stale = held.stream().filter(version -> version.stale).count();
      if (!held.isEmpty()) {
        text.append(", ").append(family).append(' ').append(held.size());
        text.append(" (" + stale + " stale)");
      }
    }
    return text.toString();
  }

  /// Each version of each path of an NLRI, oldest first within a path.
  List<String> history(String nlri) {
    var lines = new ArrayList<String>();
    for (var neighbor : neighbors.values()) {
      neighbor.paths.forEach(
          (path, versions) -> {
            if (path.nlri.equals(nlri)) {
              versions.forEach(
                  version -> lines.add(line(neighbor, path, versions, version, false)));
            }
          });
    }
    return lines;
  }

  /// The texts of all NLRI that were ever seen.
  TreeSet<String> nlris() {
    var texts = new TreeSet<String>();
    for (var neighbor : neighbors.values()) {
      neighbor.paths.keySet().forEach(path -> texts.add(path.nlri));
    }
    return texts;
  }

  /// The moments at which something changed.
  TreeSet<Instant> moments() {
    var moments = new TreeSet<Instant>();
    for (var neighbor : neighbors.values()) {
      for (var versions : neighbor.paths.values()) {
        for (var version : versions) {
          moments.add(version.from);
          if (version.to != null) {
            moments.add(version.to);
          }
        }
      }
    }
    return moments;
  }

  private static String line(
      Neighbor neighbor, Path path, List<Version> versions, Version version, boolean then) {
    var set = AttributeSet.decode(version.set);
    boolean active = then || version.to == null;
    return String.join(
        "|",
        neighbor.name,
        path.family,
        path.nlri,
        path.pathId < 0 ? "" : Long.toString(path.pathId),
        version.details,
        set.nextHop(),
        set.origin(),
        set.asPath(),
        Objects.toString(set.originAs()),
        Objects.toString(set.med()),
        set.communities(),
        active ? then ? "then" : version.stale ? "stale" : "active" : version.reason,
        version.from.toString(),
        active ? "" : String.valueOf(version.to),
        versions.getFirst().from.toString(),
        Long.toString(version.packet),
        active ? "null" : Objects.toString(version.endPacket));
  }

  /// The same line of a row of the database.
  ///
  /// @param then whether it is of a moment of the past
  static String line(RouteRow row, boolean then) {
    return String.join(
        "|",
        row.neighborAddress() + " AS" + row.neighborAs(),
        row.family(),
        row.prefix(),
        row.pathId() == null ? "" : Long.toString(row.pathId()),
        row.details(),
        row.nextHop(),
        row.origin(),
        row.asPath(),
        Objects.toString(row.originAs()),
        Objects.toString(row.med()),
        row.communities(),
        row.active() ? then ? "then" : row.stale() ? "stale" : "active" : row.reason(),
        row.validFrom().toString(),
        row.validTo() == null ? "" : row.validTo().toString(),
        row.firstSeen().toString(),
        Objects.toString(row.packet()),
        Objects.toString(row.endPacket()));
  }
}
