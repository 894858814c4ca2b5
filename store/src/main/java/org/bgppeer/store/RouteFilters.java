package org.bgppeer.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.bgppeer.store.OriginIndex.Table;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What a [RouteQuery] asks for, as conditions in SQL.
final class RouteFilters {
  private final Database database;
  private final boolean walks;

  /// @param walks whether a question by origin AS, community, next hop or AS in the path goes
  ///     through the tables that are not indexed
  RouteFilters(Database database, boolean walks) {
    this.database = database;
    this.walks = walks;
  }

  /// Conditions in SQL, and the values of their parameters.
  ///
  /// @param versions where to look: current versions, and for a moment of the past former ones
  /// @param wheres alternatives that no route fulfils two of, so that each can use its index
  record Filter(List<String> versions, List<String> wheres, Map<String, Object> values) {}

  /// Null if nothing can match.
  @Nullable Filter filter(Handle handle, RouteQuery query) {
    // the sets of one AS are few, and so are the routes that have its prefixes
    return filter(handle, query, few(query) || query.originAs() != null);
  }

  /// @param few whether few routes are looked at: each is asked for its set then; of many it is
  ///     cheaper to find all sets first, for a set is that of several routes
  @Nullable Filter filter(Handle handle, RouteQuery query, boolean few) {
    var where = new StringBuilder();
    var values = new HashMap<String, Object>();
    if (query.neighbor() != null) {
      where.append(" AND n.id = (SELECT id FROM neighbor WHERE name = :neighbor)");
      values.put("neighbor", query.neighbor());
    } else {
      where.append(RouteSql.NOT_MUTED);
    }
    if (query.family() != null) {
      where.append(" AND f.code = :family");
      values.put("family", Family.parse(query.family()).code());
    }
    if (query.at() != null) {
      if (Boolean.FALSE.equals(query.active()) || query.reason() != null) {
        return null;
      }
      where.append(
          " AND coalesce(r.valid_from, a.first_at) <= :at"
              + " AND coalesce(r.ended_at, g.ended_at, :at + 1) > :at");
      values.put("at", Columns.micros(query.at()));
    } else if (query.active() != null) {
      where.append(
          query.active()
              ? " AND r.ended_at IS NULL AND g.ended_at IS NULL"
              : " AND (r.ended_at IS NOT NULL OR g.ended_at IS NOT NULL)");
    }
    if (query.reason() != null || Boolean.FALSE.equals(query.active())) {
      where.append(
          " AND (n.id, f.code) IN"
              + " (SELECT neighbor_id, family FROM neighbor_family WHERE inactive > 0)");
    }
    if (query.reason() != null) {
      where.append(" AND coalesce(r.end_reason, g.reason) = :reason");
      values.put("reason", query.reason());
    }
    if (query.asPath() != null || query.pathAs() != null || query.community() != null) {
      database.teach(handle.getConnection());
    }
    String sets = ofSets(query, values);
    where.append(
        few || sets.isEmpty()
            ? sets
            : " AND r.attributes_id IN (SELECT a.id FROM path_attributes a WHERE TRUE"
                + sets
                + ")");
    var origins = ofOrigin(handle, query, values);
    var versions =
        query.at() == null
            ? List.of(RouteSql.CURRENT)
            : List.of(RouteSql.CURRENT, RouteSql.former(database.formerVersionsAt(":at")));
    if (query.nlri() != null) {
      where.append(RouteSql.ofNlri(RouteSql.TEXT_IS));
      values.put("nlri", query.nlri());
    }
    if (query.prefix() == null) {
      return origins.isEmpty()
          ? null
          : new Filter(versions, origins.stream().map(origin -> where + origin).toList(), values);
    }
    var wheres = new ArrayList<String>();
    String plain = prefixes(handle, query.prefix(), query.match(), values);
    String inner =
        query.inner() ? innerPrefixes(handle, query.prefix(), query.match(), values) : null;
    for (String origin : origins) {
      if (plain != null) {
        wheres.add(where + RouteSql.ofPrefixes(query.prefix()) + plain + origin);
      }
      if (inner != null) {
        wheres.add(where + RouteSql.ofNlri(inner) + origin);
      }
    }
    return wheres.isEmpty() ? null : new Filter(versions, wheres, values);
  }

  /// What the attribute set `a` of a route must be.
  String ofSets(RouteQuery query, Map<String, Object> values) {
    var sets = new StringBuilder();
    if (query.nextHop() != null) {
      sets.append(" AND (a.next_hop = :next_hop OR a.next_hop LIKE :next_hop || ' %')");
      values.put("next_hop", query.nextHop());
    }
    if (query.asPath() != null) {
      sets.append(" AND ").append(database.matches("a.as_path", ":as_path"));
      values.put("as_path", regularExpression(query.asPath()));
    }
    if (query.pathAs() != null) {
      // the quick look first
      sets.append(" AND a.as_path LIKE :path_as_like AND ")
          .append(database.matches("a.as_path", ":path_as"));
      values.put("path_as_like", "%" + query.pathAs() + "%");
      values.put("path_as", "(^|[^0-9])" + query.pathAs() + "([^0-9]|$)");
    }
    if (query.community() != null) {
      var community = CommunityPattern.parse(query.community());
      if (community.expression() == null) {
        sets.append(" AND ' ' || " + textOf(community) + " || ' ' LIKE :community");
        values.put("community", "% " + community.literal() + " %");
      } else {
        String column = textOf(community);
        sets.append(" AND ").append(column).append(" LIKE :community_like AND ");
        sets.append(database.matches(column, ":community"));
        values.put("community_like", "%" + community.literal() + "%");
        values.put("community", community.expression());
      }
    }
    return sets.toString();
  }

  private static String textOf(CommunityPattern community) {
    String column = community.column();
    return column.equals("communities") ? CommunityLists.TEXT : "a." + column;
  }

  static boolean few(RouteQuery query) {
    var prefix = query.prefix();
    return query.nlri() != null
        || prefix != null
            && (query.match() != RouteQuery.Match.LONGER || prefix.length() >= MANY_WITHIN);
  }

  /// What the origin AS of a route must be: in tables in which it is known to have been, by
  /// prefixes that are known to have been announced with it; in those of which that is not known,
  /// by its attribute sets. Empty if no route has it.
  private List<String> ofOrigin(Handle handle, RouteQuery query, Map<String, Object> values) {
    if (query.originAs() == null) {
      return List.of("");
    }
    values.put("origin_as", query.originAs());
    if (few(query)) {
      return List.of(" AND a.origin_as = :origin_as");
    }
    var known = new ArrayList<Table>();
    var others = new ArrayList<Table>();
    for (var asked : AskedTable.of(handle, query)) {
      (asked.known() || !walks ? known : others).add(asked.table());
    }
    var origins = new ArrayList<String>();
    if (!known.isEmpty()) {
      origins.add(
          " AND a.origin_as = :origin_as AND (n.id, f.code) IN "
              + AskedTable.rows(known)
              + " AND r.prefix_key IN"
              + " (SELECT prefix_key FROM origin_prefix WHERE origin_as = :origin_as)");
    }
    if (!others.isEmpty()) {
      origins.add(" AND (n.id, f.code) IN " + AskedTable.rows(others) + " AND " + SET_OF_ORIGIN);
    }
    return origins;
  }

  static final String SET_OF_ORIGIN =
      "r.attributes_id IN (SELECT id FROM path_attributes WHERE origin_as = :origin_as)";

  /// Prefixes shorter than this may have a large part of a table within.
  private static final int MANY_WITHIN = 12;

  /// `_` is what routers let it be: anything between AS numbers, the begin and the end.
  private static String regularExpression(String text) {
    try {
      return Pattern.compile(text.replace("_", "(^|$|[\\] ,(){}\\[])")).pattern();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is not a regular expression: %s at %d"
              .formatted(text, e.getDescription(), e.getIndex()),
          e);
    }
  }

  private static @Nullable String prefixes(
      Handle handle, Prefix prefix, RouteQuery.Match match, Map<String, Object> values) {
    return switch (match) {
      case EXACT -> RouteSql.oneOf("r.prefix_key", "key", List.of(prefix.key()), values);
      case LONGEST -> {
        var longest = PrefixQueries.longestMatch(handle, prefix);
        yield longest == null
            ? null
            : RouteSql.oneOf("r.prefix_key", "key", List.of(longest.key()), values);
      }
      case LONGER -> {
        values.put("from_key", prefix.key());
        values.put("to_key", RouteSql.lastWithin(prefix));
        yield " AND r.prefix_key BETWEEN :from_key AND :to_key";
      }
      case SHORTER -> {
        var covering = PrefixQueries.coveringPrefixes(handle, prefix);
        covering.add(prefix);
        yield RouteSql.oneOf(
            "r.prefix_key", "key", covering.stream().map(Prefix::key).toList(), values);
      }
    };
  }

  /// A condition on the prefix within an NLRI that is not just a prefix.
  private static @Nullable String innerPrefixes(
      Handle handle, Prefix prefix, RouteQuery.Match match, Map<String, Object> values) {
    String where =
        switch (match) {
          case EXACT ->
              RouteSql.oneOf("inner_key", "inner", List.of(InnerPrefix.key(prefix)), values);
          case LONGEST -> {
            var longest =
                PrefixQueries.innerCovering(handle, prefix).descendingSet().stream().findFirst();
            yield longest
                .map(p -> RouteSql.oneOf("inner_key", "inner", List.of(InnerPrefix.key(p)), values))
                .orElse(null);
          }
          case LONGER -> {
            byte[] to = InnerPrefix.key(prefix);
            System.arraycopy(RouteSql.lastWithin(prefix), 0, to, 1, to.length - 1);
            values.put("from_inner", InnerPrefix.key(prefix));
            values.put("to_inner", to);
            yield " AND inner_key BETWEEN :from_inner AND :to_inner";
          }
          case SHORTER -> {
            var keys =
                PrefixQueries.innerCovering(handle, prefix).stream().map(InnerPrefix::key).toList();
            yield keys.isEmpty() ? null : RouteSql.oneOf("inner_key", "inner", keys, values);
          }
        };
    return where == null ? null : "inner_key IS NOT NULL" + where;
  }
}
