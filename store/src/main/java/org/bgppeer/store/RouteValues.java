package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.bgppeer.wire.AttributeSet;

/// What of an attribute set is looked for by [ValueRows]: texts as the columns of
/// `path_attributes` have them, each behind a letter for its kind.
///
/// ```
/// c64500:100         a community
/// l64500:1:2         a large community
/// ert:64500:100      an extended community, of IPv6 too
/// n192.0.2.1         a next hop, without the link-local one
/// a64500             an AS of the path that is not its origin
/// o64500             the origin AS, whose prefixes are in `origin_prefix`
/// ```
record RouteValues(
    String nextHop,
    String asPath,
    long originAs,
    String communities,
    String largeCommunities,
    String extCommunities) {

  static final char COMMUNITY = 'c';
  static final char LARGE_COMMUNITY = 'l';
  static final char EXT_COMMUNITY = 'e';
  static final char NEXT_HOP = 'n';
  static final char AS = 'a';
  static final char ORIGIN_AS = 'o';

  /// Sets that [#selectMany] reads.
  static final int SETS_A_SELECT = 64;

  private static final String SELECT =
      """
      SELECT a.next_hop, a.as_path, a.origin_as, %s, a.large_communities, a.ext_communities, a.id
      FROM path_attributes a WHERE a.id\
      """;

  static RouteValues of(AttributeSet set) {
    Long origin = set.originAs();
    return new RouteValues(
        set.nextHop(),
        set.asPath(),
        origin == null ? SetOrigins.NONE : origin,
        set.communities(),
        set.largeCommunities(),
        set.extCommunities());
  }

  /// Reads the values of sets: see [#of(PreparedStatement, long)].
  static PreparedStatement select(Connection connection) throws SQLException {
    return connection.prepareStatement(SELECT.formatted(CommunityLists.TEXT) + " = ?");
  }

  /// The values of the set of a number.
  ///
  /// @param select of [#select]
  static RouteValues of(PreparedStatement select, long id) throws SQLException {
    select.setLong(1, id);
    try (var row = select.executeQuery()) {
      return row.next() ? of(row, 5) : new RouteValues("", "", SetOrigins.NONE, "", "", "");
    }
  }

  /// Reads those of many sets, and lists of communities.
  ///
  /// @param sets see [#ofMany]
  /// @param lists see [#lists]
  record Selects(PreparedStatement sets, PreparedStatement lists) implements AutoCloseable {
    @Override
    public void close() throws SQLException {
      sets.close();
      lists.close();
    }
  }

  static Selects selectMany(Connection connection) throws SQLException {
    String some = " IN (?" + ", ?".repeat(SETS_A_SELECT - 1) + ")";
    return new Selects(
        connection.prepareStatement(
            SELECT.formatted("coalesce(a.communities, ''), a.community_list_id") + some),
        connection.prepareStatement("SELECT id, text FROM community_list WHERE id" + some));
  }

  /// The values of a set.
  ///
  /// @param of all of them, but for communities that are in a list
  /// @param list number of that list; 0 if there is none
  record Listed(RouteValues of, long list) {}

  /// The values of some sets by their numbers, in any order.
  ///
  /// @param ids 1 to [#SETS_A_SELECT]
  static Map<Long, Listed> ofMany(Selects selects, Collection<Long> ids) throws SQLException {
    bind(selects.sets, ids);
    var many = new HashMap<Long, Listed>();
    try (var row = selects.sets.executeQuery()) {
      while (row.next()) {
        many.put(row.getLong(8), new Listed(of(row, 6), row.getLong(5)));
      }
    }
    return many;
  }

  /// Lists of communities by their numbers, in any order.
  ///
  /// @param ids 1 to [#SETS_A_SELECT]
  static Map<Long, String> lists(Selects selects, Collection<Long> ids) throws SQLException {
    bind(selects.lists, ids);
    var lists = new HashMap<Long, String>();
    try (var row = selects.lists.executeQuery()) {
      while (row.next()) {
        lists.put(row.getLong(1), row.getString(2));
      }
    }
    return lists;
  }

  private static void bind(PreparedStatement select, Collection<Long> ids) throws SQLException {
    int i = 0;
    for (long id : ids) {
      select.setLong(++i, id);
    }
    long last = ids.iterator().next();
    while (i < SETS_A_SELECT) {
      select.setLong(++i, last);
    }
  }

  private static RouteValues of(ResultSet row, int largeCommunities) throws SQLException {
    long origin = row.getLong(3);
    boolean none = row.wasNull();
    return new RouteValues(
        row.getString(1),
        row.getString(2),
        none ? SetOrigins.NONE : origin,
        row.getString(4),
        row.getString(largeCommunities),
        row.getString(largeCommunities + 1));
  }

  /// Takes a value: a letter, and a part of a text.
  interface Sink {
    void accept(char kind, String text, int from, int to);
  }

  /// Gives each of them, some more than once.
  void each(Sink sink) {
    if (!nextHop.isEmpty()) {
      int end = nextHop.indexOf(' ');
      sink.accept(NEXT_HOP, nextHop, 0, end < 0 ? nextHop.length() : end);
    }
    String origin = originAs == SetOrigins.NONE ? "" : String.valueOf(originAs);
    if (!origin.isEmpty()) {
      sink.accept(ORIGIN_AS, origin, 0, origin.length());
    }
    for (int at = 0; at < asPath.length(); ) {
      int end = at;
      while (end < asPath.length() && isDigit(asPath.charAt(end))) {
        end++;
      }
      boolean isOrigin = end - at == origin.length() && asPath.startsWith(origin, at);
      if (end > at && !isOrigin) {
        sink.accept(AS, asPath, at, end);
      }
      at = end + 1;
    }
    words(communities, COMMUNITY, sink);
    words(largeCommunities, LARGE_COMMUNITY, sink);
    words(extCommunities, EXT_COMMUNITY, sink);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Gives each word of a text.
  static void words(String text, char kind, Sink sink) {
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf(' ', at);
      end = end < 0 ? text.length() : end;
      sink.accept(kind, text, at, end);
      at = end + 1;
    }
  }

  /// 64 bits for [LongHashes]: sets with the same values have the same.
  long hash() {
    long hash = LongHashes.mixed(LongHashes.seed(), nextHop);
    hash = LongHashes.mixed(hash, asPath);
    hash = LongHashes.mixed(hash ^ originAs, communities);
    hash = LongHashes.mixed(hash, largeCommunities);
    return LongHashes.mixed(hash, extCommunities);
  }
}
