package org.bgppeer.store;

import java.time.Instant;
import java.util.Objects;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// Which routes to list. All conditions hold together; null means any.
///
/// @param prefix with `match`: exact, covering, or more specific; null for all prefixes
/// @param nlri the canonical text of an NLRI that is not just a prefix; null for all
/// @param neighbor its name
/// @param family for instance `ipv4-unicast`
/// @param active true for active ones only, false for inactive ones only
/// @param originAs the last AS of the path
/// @param asPath a regular expression that is searched in the text of the path
/// @param community one community of any kind, in its usual text; `*` stands for any digits
/// @param nextHop an address
/// @param at the moment asked for; null for now
/// @param after the key of the last row of the page before (see [RoutePage#next]); null for the
///   first page
/// @param limit rows of a page, at least 1
public record RouteQuery(
    @Nullable Prefix prefix,
    Match match,
    @Nullable String nlri,
    @Nullable String neighbor,
    @Nullable String family,
    @Nullable Boolean active,
    @Nullable Long originAs,
    @Nullable String asPath,
    @Nullable String community,
    @Nullable String nextHop,
    @Nullable Instant at,
    @Nullable String after,
    int limit) {

  /// How a prefix is compared. An address is a prefix of its full length with `LONGEST`.
  public enum Match {
    /// The prefix itself.
    EXACT,
    /// The longest prefix that covers it and has an active route, with all its routes; if none is
    /// active, the longest that has any.
    LONGEST,
    /// It and all that lie within it.
    LONGER,
    /// It and all that cover it.
    SHORTER
  }

  public RouteQuery {
    Objects.requireNonNull(match);
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit + " is below 1");
    }
  }

  /// Everything, `limit` rows a page.
  public static RouteQuery all(int limit) {
    return new RouteQuery(
        null, Match.EXACT, null, null, null, null, null, null, null, null, null, null, limit);
  }

  public RouteQuery withPrefix(Prefix value, Match how) {
    return new RouteQuery(
        value, how, nlri, neighbor, family, active, originAs, asPath, community, nextHop, at, after,
        limit);
  }

  public RouteQuery withNlri(@Nullable String value) {
    return new RouteQuery(
        prefix, match, value, neighbor, family, active, originAs, asPath, community, nextHop, at,
        after, limit);
  }

  public RouteQuery withNeighbor(@Nullable String value) {
    return new RouteQuery(
        prefix, match, nlri, value, family, active, originAs, asPath, community, nextHop, at, after,
        limit);
  }

  public RouteQuery withFamily(@Nullable String value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, value, active, originAs, asPath, community, nextHop, at,
        after, limit);
  }

  public RouteQuery withActive(@Nullable Boolean value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, family, value, originAs, asPath, community, nextHop, at,
        after, limit);
  }

  public RouteQuery withOriginAs(@Nullable Long value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, family, active, value, asPath, community, nextHop, at, after,
        limit);
  }

  public RouteQuery withAsPath(@Nullable String value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, family, active, originAs, value, community, nextHop, at,
        after, limit);
  }

  public RouteQuery withCommunity(@Nullable String value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, family, active, originAs, asPath, value, nextHop, at, after,
        limit);
  }

  public RouteQuery withNextHop(@Nullable String value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, family, active, originAs, asPath, community, value, at,
        after, limit);
  }

  public RouteQuery withAt(@Nullable Instant value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, family, active, originAs, asPath, community, nextHop, value,
        after, limit);
  }

  public RouteQuery withAfter(@Nullable String value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, family, active, originAs, asPath, community, nextHop, at,
        value, limit);
  }

  public RouteQuery withLimit(int value) {
    return new RouteQuery(
        prefix, match, nlri, neighbor, family, active, originAs, asPath, community, nextHop, at,
        after, value);
  }
}
