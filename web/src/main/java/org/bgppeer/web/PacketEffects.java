package org.bgppeer.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bgppeer.store.PacketRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// What an UPDATE did to the routes that it names, and what became of them since.
///
/// A packet that did nothing to a route (it said again what was known, or withdrew what was not
/// there) has an effect without a change.
///
/// @param effects in the order in which the packet names the routes
/// @param left how many of the routes that it names were not looked at
public record PacketEffects(List<Effect> effects, int left) {
  /// Whose history is read: what a page needs, and what a question may cost.
  private static final int ROUTES = 20;

  private static final int VERSIONS = 500;

  /// @param change what the packet did; null if it changed nothing
  /// @param next what happened to that path then; null if nothing since
  public record Effect(
      String prefix, PathVersions.@Nullable Change change, PathVersions.@Nullable Change next) {

    /// How it is since then.
    public Mark mark() {
      var last = next == null ? change : next;
      return last == null ? new Mark("off", "no change") : last.mark();
    }
  }

  /// The same in the data form.
  ///
  /// @param did what the packet did, in words; empty if it changed nothing
  /// @param then what happened to that path next, in words; null if nothing since
  /// @param thenPacket the packet that did it; null if none did
  public record Data(
      String prefix,
      @Nullable Long pathId,
      String did,
      @Nullable String then,
      @Nullable Instant thenAt,
      @Nullable String thenPacket) {}

  /// Looks at the histories of the routes that a packet names.
  ///
  /// @param names the canonical texts of their NLRI
  /// @param until nothing later counts
  static PacketEffects of(
      Queries queries, PacketRow packet, Collection<String> names, Instant until) {
    if (packet.sent() || queries.muted().contains(packet.neighbor())) { // then histories hide it
      return new PacketEffects(List.of(), 0);
    }
    var effects = new ArrayList<Effect>();
    List<String> looked = names.stream().limit(ROUTES).toList();
    Map<String, List<RouteRow>> histories = histories(queries, looked);
    for (String name : looked) {
      effects(histories.getOrDefault(name, List.of()), packet, name, until, effects);
    }
    return new PacketEffects(List.copyOf(effects), Math.max(0, names.size() - ROUTES));
  }

  private static void effects(
      List<RouteRow> history, PacketRow packet, String name, Instant until, List<Effect> effects) {
    int before = effects.size();
    var versions =
        history.stream()
            .filter(row -> row.neighbor().equals(packet.neighbor()))
            .filter(row -> !row.validFrom().isAfter(until))
            .toList();
    for (var path : PathVersions.of(versions)) {
      var changes = path.changes().stream().filter(change -> !change.at().isAfter(until)).toList();
      for (int i = 0; i < changes.size(); i++) {
        var by = changes.get(i).packet();
        if (by != null && by == packet.id()) {
          effects.add(
              new Effect(name, changes.get(i), i + 1 < changes.size() ? changes.get(i + 1) : null));
        }
      }
    }
    if (effects.size() == before) {
      effects.add(new Effect(name, null, null));
    }
  }

  /// All versions of routes by their texts.
  private static Map<String, List<RouteRow>> histories(Queries queries, List<String> names) {
    var rows = new ArrayList<RouteRow>();
    var prefixes = new ArrayList<Prefix>();
    for (String name : names) {
      try {
        prefixes.add(Prefix.parse(name));
      } catch (IllegalArgumentException e) {
        // of a family whose routes are not just prefixes
        rows.addAll(queries.history(name, VERSIONS));
      }
    }
    rows.addAll(queries.history(prefixes, null, VERSIONS * ROUTES));
    return rows.stream().collect(Collectors.groupingBy(RouteRow::prefix));
  }

  List<Data> data() {
    return effects.stream().map(PacketEffects::data).toList();
  }

  private static Data data(Effect effect) {
    var change = effect.change;
    var next = effect.next;
    Long thenPacket = next == null ? null : next.packet();
    return new Data(
        effect.prefix,
        change == null ? null : change.path().current().pathId(),
        change == null ? "" : change.words(),
        next == null ? null : next.words(),
        next == null ? null : next.at(),
        thenPacket == null ? null : Long.toString(thenPacket));
  }
}
