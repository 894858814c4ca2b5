package org.bgppeer.store;

import java.time.Instant;
import java.util.Objects;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// Which routes to list. All conditions hold together; null means any.
///
/// @param prefix with `match`: exact, covering, or more specific; null for all prefixes
/// @param inner whether a prefix that is a part of an NLRI of a VPN, of EVPN or FlowSpec counts too
/// @param nlri the canonical text of an NLRI that is not just a prefix; null for all
/// @param neighbor its name
/// @param family for instance `ipv4-unicast`
/// @param active true for active ones only, false for inactive ones only
/// @param originAs the last AS of the path
/// @param asPath a regular expression that is searched in the text of the path; `_` in it stands
///   for what is between AS numbers, the begin and the end included
/// @param pathAs an AS that is anywhere in the path
/// @param community one community of any kind, as [CommunityPattern] reads it
/// @param nextHop an address
/// @param reason why it is not active, the text of a [Reason]
/// @param at the moment asked for; null for now
/// @param after the key of the last row of the page before (see [RoutePage#next]); null for the
///   first page
/// @param limit rows of a page, at least 1
public record RouteQuery(
    @Nullable Prefix prefix,
    Match match,
    boolean inner,
    @Nullable String nlri,
    @Nullable String neighbor,
    @Nullable String family,
    @Nullable Boolean active,
    @Nullable Long originAs,
    @Nullable String asPath,
    @Nullable Long pathAs,
    @Nullable String community,
    @Nullable String nextHop,
    @Nullable String reason,
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
        null,
        Match.EXACT,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        limit);
  }

  /// With other rows a page.
  public RouteQuery withLimit(int value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, originAs, asPath, pathAs, community,
        nextHop, reason, at, after, value);
  }

  public RouteQuery withPrefix(@Nullable Prefix value, Match how) {
    return new RouteQuery(
        value, how, inner, nlri, neighbor, family, active, originAs, asPath, pathAs, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withInner(boolean value) {
    return new RouteQuery(
        prefix, match, value, nlri, neighbor, family, active, originAs, asPath, pathAs, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withNlri(@Nullable String value) {
    return new RouteQuery(
        prefix, match, inner, value, neighbor, family, active, originAs, asPath, pathAs, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withNeighbor(@Nullable String value) {
    return new RouteQuery(
        prefix, match, inner, nlri, value, family, active, originAs, asPath, pathAs, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withFamily(@Nullable String value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, value, active, originAs, asPath, pathAs, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withActive(@Nullable Boolean value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, value, originAs, asPath, pathAs, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withOriginAs(@Nullable Long value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, value, asPath, pathAs, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withAsPath(@Nullable String value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, originAs, value, pathAs, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withPathAs(@Nullable Long value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, originAs, asPath, value, community,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withCommunity(@Nullable String value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, originAs, asPath, pathAs, value,
        nextHop, reason, at, after, limit);
  }

  public RouteQuery withNextHop(@Nullable String value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, originAs, asPath, pathAs, community,
        value, reason, at, after, limit);
  }

  public RouteQuery withReason(@Nullable String value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, originAs, asPath, pathAs, community,
        nextHop, value, at, after, limit);
  }

  public RouteQuery withAt(@Nullable Instant value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, originAs, asPath, pathAs, community,
        nextHop, reason, value, after, limit);
  }

  public RouteQuery withAfter(@Nullable String value) {
    return new RouteQuery(
        prefix, match, inner, nlri, neighbor, family, active, originAs, asPath, pathAs, community,
        nextHop, reason, at, value, limit);
  }
}
