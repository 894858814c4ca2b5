package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;

/// One path of a prefix: what one neighbor said of it under one path identifier, version after
/// version.
///
/// @param versions oldest first, at least one; the last one is the current one
public record PathVersions(List<RouteRow> versions) {
  public PathVersions {
    versions = List.copyOf(versions);
  }

  private record Key(String neighbor, String family, @Nullable Long pathId) {}

  /// One change of a path: a version that began, or one that ended with nothing behind it.
  ///
  /// @param number of the version that began or ended, 1 for the first one
  /// @param before the version before; null if there was none
  /// @param after the version that began; null if the path ended
  public record Change(
      PathVersions path,
      int number,
      Instant at,
      @Nullable RouteRow before,
      @Nullable RouteRow after) {

    /// The packet that did it; null if none did.
    public @Nullable Long packet() {
      if (after != null) {
        return after.packet();
      }
      return before == null ? null : before.endPacket();
    }

    /// Whether two versions can be compared.
    public boolean comparable() {
      return before != null && after != null;
    }

    /// The state that it led to.
    public Mark mark() {
      RouteRow ended = before;
      return after != null || ended == null ? new Mark("active", "active") : Mark.of(ended);
    }

    /// What happened, as a sentence.
    public String words() {
      RouteRow old = before;
      RouteRow now = after;
      if (now == null) {
        return old == null ? "" : sentence(old.why(), Mark.of(old));
      }
      if (old == null) {
        return now.firstSeen().isBefore(now.validFrom())
            ? "Announced."
            : "Announced for the first time.";
      }
      String difference = VersionDiff.of(old, now).words();
      Instant ended = old.validTo();
      if (ended == null || !ended.isBefore(now.validFrom())) {
        return difference;
      }
      return "Announced again after "
          + Text.age(Duration.between(ended, now.validFrom()))
          + ". "
          + difference;
    }

    private static String sentence(String why, Mark state) {
      if (why.isEmpty()) {
        String word = state.word();
        return Character.toUpperCase(word.charAt(0)) + word.substring(1) + ".";
      }
      return why;
    }
  }

  /// Sorts versions, oldest first, into their paths; paths in the order of their first version.
  public static List<PathVersions> of(List<RouteRow> history) {
    var paths = new LinkedHashMap<Key, List<RouteRow>>();
    for (RouteRow row : history) {
      paths
          .computeIfAbsent(
              new Key(row.neighbor(), row.family(), row.pathId()), _ -> new ArrayList<>())
          .add(row);
    }
    return paths.values().stream().map(PathVersions::new).toList();
  }

  /// The changes of all paths, newest first.
  public static List<Change> changes(List<PathVersions> paths) {
    return paths.stream()
        .flatMap(path -> path.changes().stream())
        .sorted((a, b) -> b.at().compareTo(a.at()))
        .toList();
  }

  public RouteRow current() {
    return versions.getLast();
  }

  public String neighbor() {
    return current().neighbor();
  }

  /// The neighbor, with the path identifier where its session has them: `core1.fra, path 2`.
  public String label() {
    Long pathId = current().pathId();
    return pathId == null ? neighbor() : neighbor() + ", path " + pathId;
  }

  /// Whether this is the path of that route.
  public boolean isOf(RouteRow route) {
    RouteRow mine = current();
    return new Key(mine.neighbor(), mine.family(), mine.pathId())
        .equals(new Key(route.neighbor(), route.family(), route.pathId()));
  }

  /// What happened to it, oldest first.
  public List<Change> changes() {
    var changes = new ArrayList<Change>();
    for (int i = 0; i < versions.size(); i++) {
      RouteRow version = versions.get(i);
      changes.add(
          new Change(
              this, i + 1, version.validFrom(), i == 0 ? null : versions.get(i - 1), version));
      Instant end = version.validTo();
      boolean replaced =
          i + 1 < versions.size() && !versions.get(i + 1).validFrom().isAfter(or(end));
      if (end != null && !replaced) {
        changes.add(new Change(this, i + 1, end, version, null));
      }
    }
    return changes;
  }

  private static Instant or(@Nullable Instant end) {
    return end == null ? Instant.MAX : end;
  }

  /// The number of the version that held, or had ended last, at a moment; 0 before the first one.
  public int numberAt(Instant at) {
    int number = versions.size();
    while (number > 0 && isLater(versions.get(number - 1), at)) {
      number--;
    }
    return number;
  }

  /// Whether it began later, and did not end before: the clock may have been set back.
  private static boolean isLater(RouteRow version, Instant at) {
    return version.validFrom().isAfter(at) && or(version.validTo()).isAfter(at);
  }

  /// The change that led to version `number`; null if there is no version before it.
  public @Nullable Change changeTo(int number) {
    if (number < 2 || number > versions.size()) {
      return null;
    }
    RouteRow after = versions.get(number - 1);
    return new Change(this, number, after.validFrom(), versions.get(number - 2), after);
  }
}
