package org.bgppeer.web;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.bgppeer.store.DiffQuery;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.RouteField;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// What is compared with what: two neighbors at one time, or one neighbor at two times. The page
/// and the API read it from the same parameters.
///
/// @param a, b the neighbors, by name; the same for two times
/// @param from when side A is looked at; null for when side B is
/// @param at when side B is looked at; null for now
record DiffSides(
    String a,
    String b,
    @Nullable Instant from,
    @Nullable Instant at,
    @Nullable String family,
    @Nullable Prefix within,
    Set<RouteField> only) {

  static final String FIELDS =
      Arrays.stream(RouteField.values()).map(RouteField::text).collect(Collectors.joining(", "));

  /// Reads the parameters `a`, `b`, `from`, `at`, `family`, `within` and `only`.
  ///
  /// @return null if `a` is not given, or nothing to compare it with
  static @Nullable DiffSides of(Visit visit) {
    String a = name(visit, "a");
    String other = name(visit, "b");
    Instant at = visit.moment();
    Instant from = visit.past("from");
    if (a == null) {
      if (other != null) {
        throw Refusal.parameter("a", "", "given too: the neighbor on the left side");
      }
      return null;
    }
    String b = other == null ? a : other;
    if (a.equals(b) && from == null) {
      return null;
    }
    return new DiffSides(
        a, b, from, at, visit.family("family"), visit.prefix("within"), only(visit));
  }

  private static @Nullable String name(Visit visit, String parameter) {
    String name = visit.text(parameter);
    if (name == null) {
      return null;
    }
    return visit
        .queries()
        .neighbor(name)
        .map(NeighborRow::name)
        .orElseThrow(() -> Refusal.parameter(parameter, name, "the name of a neighbor"));
  }

  private static Set<RouteField> only(Visit visit) {
    String text = visit.text("only");
    if (text == null) {
      return EnumSet.allOf(RouteField.class);
    }
    var fields = EnumSet.noneOf(RouteField.class);
    for (String name : text.split(",")) {
      fields.add(
          Arrays.stream(RouteField.values())
              .filter(field -> field.text().equals(name.strip()))
              .findFirst()
              .orElseThrow(
                  () -> Refusal.parameter("only", text, "some of " + FIELDS + ", with commas")));
    }
    return fields;
  }

  /// When side A is looked at; null for now.
  @Nullable Instant when() {
    return from == null ? at : from;
  }

  /// The question for the database.
  DiffQuery query(@Nullable String after, int limit) {
    var side = RouteQuery.all(limit).withActive(true).withFamily(family);
    if (within != null) {
      side = side.withPrefix(within, RouteQuery.Match.LONGER).withInner(true);
    }
    return new DiffQuery(
        side.withNeighbor(a).withAt(when()), side.withNeighbor(b).withAt(at), only, after, limit);
  }
}
