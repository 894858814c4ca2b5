package org.bgppeer.store;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bgppeer.store.OriginIndex.Table;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What of a question `value_shared` and `value_stretch` answer: a community, a next hop, an AS in
/// the path, or
/// several of these.
final class ValueQuestion {
  /// Behind all that begins with a text: no value has this character.
  private static final String LAST = "~";

  /// One of them.
  ///
  /// @param from the first value that may be it
  /// @param to the last one
  /// @param pattern of the community; null if it is just that value
  /// @param as an AS that may be an origin as well; null if it is none
  private record Wanted(
      String from, String to, @Nullable CommunityPattern pattern, @Nullable Long as) {}

  private final List<Wanted> all = new ArrayList<>();

  private ValueQuestion() {}

  /// Null if it has none of them.
  static @Nullable ValueQuestion of(RouteQuery query) {
    var question = new ValueQuestion();
    if (query.community() != null) {
      var pattern = CommunityPattern.parse(query.community());
      char kind =
          switch (pattern.column()) {
            case "communities" -> RouteValues.COMMUNITY;
            case "large_communities" -> RouteValues.LARGE_COMMUNITY;
            default -> RouteValues.EXT_COMMUNITY;
          };
      String begin = kind + pattern.begin();
      question.all.add(
          pattern.expression() == null
              ? new Wanted(begin, begin, null, null)
              : new Wanted(begin, begin + LAST, pattern, null));
    }
    if (query.nextHop() != null) {
      String value = RouteValues.NEXT_HOP + query.nextHop();
      question.all.add(new Wanted(value, value, null, null));
    }
    if (query.pathAs() != null) {
      String value = RouteValues.AS + String.valueOf(query.pathAs());
      question.all.add(new Wanted(value, value, null, query.pathAs()));
    }
    return question.all.isEmpty() ? null : question;
  }

  /// Where in a table all of them may be.
  ///
  /// @param known whether what the index has of it is all
  NumberSet in(Handle handle, Table table, boolean known) {
    NumberSet in = null;
    for (var each : all) {
      var its = in(handle, table, each, known);
      in = in == null ? its : in.and(its);
      if (in.size() == 0) {
        return in;
      }
    }
    return in == null ? NumberSet.none() : in;
  }

  private static NumberSet in(Handle handle, Table table, Wanted wanted, boolean known) {
    var in = new BitSet();
    add(handle, table, wanted.from, wanted.to, wanted.pattern, in);
    if (wanted.as != null) {
      String origin = RouteValues.ORIGIN_AS + String.valueOf(wanted.as);
      add(handle, table, origin, origin, null, in);
      if (!known) {
        addFromOtherTables(handle, table, wanted.as, in);
      }
    }
    return NumberSet.of(in);
  }

  private static void add(
      Handle handle,
      Table table,
      String from,
      String to,
      @Nullable CommunityPattern pattern,
      BitSet in) {
    var neighbor = NumberSet.of(table.neighborId());
    handle
        .createQuery( // in one statement, for a value may go from the one to the other
            """
            SELECT value, stretches, NULL FROM value_stretch
            WHERE neighbor_id = :neighbor AND family = :family AND value BETWEEN :from AND :to
              AND value LIKE :like
            UNION ALL
            SELECT value, stretches, neighbors FROM value_shared
            WHERE family = :family AND value BETWEEN :from AND :to AND value LIKE :like\
            """)
        .bind("neighbor", table.neighborId())
        .bind("family", table.family())
        .bind("from", from)
        .bind("to", to)
        .bind("like", pattern == null ? "%" : "%" + pattern.literal() + "%")
        .setFetchSize(1000)
        .map(
            (row, _) -> {
              byte[] neighbors = row.getBytes(3);
              if ((neighbors == null || neighbor.areIn(neighbors))
                  && (pattern == null || pattern.isIn(row.getString(1).substring(1)))) {
                NumberSet.decode(row.getBytes(2)).addTo(in);
              }
              return 0;
            })
        .forEach(_ -> {});
  }

  /// Where an AS is the origin of what is in other tables: most tables have the same prefixes.
  private static void addFromOtherTables(Handle handle, Table table, long as, BitSet in) {
    handle
        .createQuery(
            "SELECT prefix_key FROM origin_prefix WHERE origin_as = :as AND family = :family")
        .bind("as", as)
        .bind("family", table.family())
        .mapTo(byte[].class)
        .forEach(key -> in.set(Stretch.of(table.family(), key)));
  }
}
