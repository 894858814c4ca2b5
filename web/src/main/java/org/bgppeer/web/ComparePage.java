package org.bgppeer.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bgppeer.store.DiffPage;
import org.bgppeer.store.DiffRow;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.RouteField;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;

/// `/compare`: what two neighbors, or one neighbor at two times, do not have in common.
public final class ComparePage {
  private static final int ROWS = 50;
  private static final int ROWS_DATA = 1000;

  ComparePage(Site site) {
    site.page(
        "/compare", this::compare, "a", "b", "from", "within", "family", "only", "after", "at");
  }

  /// The model of `compare.jte`.
  ///
  /// @param title the answer, or the question if nothing is compared yet
  /// @param left, right the two sides, by name and time; null if nothing is compared yet
  /// @param swap the address with the sides swapped; null for two times
  /// @param next the address of the next page; null if there is none
  /// @param first the address of the first page; null if it is this one
  public record Model(
      String title,
      Filter filter,
      @Nullable Side left,
      @Nullable Side right,
      List<Row> rows,
      @Nullable String swap,
      @Nullable String next,
      @Nullable String first,
      Instant now) {}

  /// What was asked for, as it goes back into the form.
  ///
  /// @param names all neighbors
  /// @param families those that any of them has
  public record Filter(
      List<String> names,
      List<String> families,
      String a,
      String b,
      String from,
      String within,
      String family,
      String only,
      List<String> fields) {}

  /// One side.
  ///
  /// @param at null for now
  public record Side(String name, @Nullable Instant at) {}

  /// One difference.
  ///
  /// @param a, b the route of each side; null if it has none
  /// @param differences of a route that both have
  public record Row(
      String prefix,
      String family,
      Mark mark,
      @Nullable RouteRow a,
      @Nullable RouteRow b,
      List<VersionDiff.Row> differences) {}

  private Reply compare(Visit visit) {
    DiffSides sides = DiffSides.of(visit);
    if (sides == null) {
      String a = visit.text("a");
      String title =
          a == null
              ? "What do you compare?"
              : "Choose another neighbor than " + a + ", or another time for it";
      return Reply.page(
          "compare",
          "Compare",
          "neighbors",
          new Model(title, filter(visit), null, null, List.of(), null, null, null, visit.shown()));
    }
    String after = visit.text("after");
    DiffPage page;
    try {
      page =
          visit
              .queries()
              .diff(sides.query(after, visit.form() == Visit.Form.HTML ? ROWS : ROWS_DATA));
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter("after", after, "as the link to the next page has it");
    }
    String next = page.next() == null ? null : visit.with("after", page.next());
    boolean two = !sides.a().equals(sides.b());
    return Reply.page(
            "compare",
            two ? sides.a() + " and " + sides.b() : sides.a() + " at two times",
            "neighbors",
            new Model(
                title(sides, page, after != null),
                filter(visit),
                new Side(sides.a(), sides.when()),
                new Side(sides.b(), sides.at()),
                page.rows().stream().map(ComparePage::row).toList(),
                two && sides.from() == null ? swapped(visit, sides) : null,
                next,
                after == null ? null : visit.with("after", null),
                visit.shown()))
        .withData(page.rows().stream().map(DiffData::of).toList())
        .withNext(next);
  }

  private static String title(DiffSides sides, DiffPage page, boolean later) {
    String what =
        sides.a().equals(sides.b()) ? sides.a() + " at two times" : sides.a() + " and " + sides.b();
    if (page.rows().isEmpty()) {
      return later ? "No more differences of " + what : "No difference between " + what;
    }
    String many = later || page.next() != null ? "Differences" : differences(page.rows().size());
    return many + " between " + what;
  }

  private static String differences(int count) {
    return count == 1 ? "One difference" : count + " differences";
  }

  private static String swapped(Visit visit, DiffSides sides) {
    return visit.with(java.util.Map.of("a", sides.b(), "b", sides.a(), "after", ""));
  }

  private static Row row(DiffRow row) {
    RouteRow a = row.a();
    RouteRow b = row.b();
    Mark mark =
        b == null
            ? new Mark("withdrawn", "only left")
            : a == null ? new Mark("active", "only right") : new Mark("stale", "differs");
    List<VersionDiff.Row> differences =
        a == null || b == null ? List.of() : VersionDiff.of(a, b).rows();
    return new Row(row.prefix(), row.family(), mark, a, b, differences);
  }

  private static Filter filter(Visit visit) {
    List<NeighborRow> neighbors = visit.queries().neighbors();
    Set<String> families = new TreeSet<>();
    neighbors.forEach(
        neighbor -> neighbor.families().forEach(family -> families.add(family.family())));
    Instant from = visit.past("from");
    return new Filter(
        neighbors.stream().map(NeighborRow::name).sorted(NeighborRow.NAME_ORDER).toList(),
        new ArrayList<>(families),
        text(visit, "a"),
        text(visit, "b"),
        from == null ? "" : Text.whole(from).replace(" UTC", ""),
        text(visit, "within"),
        text(visit, "family"),
        text(visit, "only"),
        Arrays.stream(RouteField.values()).map(RouteField::text).toList());
  }

  private static String text(Visit visit, String name) {
    String value = visit.text(name);
    return value == null ? "" : value;
  }
}
