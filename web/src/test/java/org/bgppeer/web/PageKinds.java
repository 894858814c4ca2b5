package org.bgppeer.web;

import java.util.List;
import java.util.stream.Stream;

/// An address of each kind of page of the story, for tests that look at all of them.
final class PageKinds {
  private static final String AT = "at=2026-03-17T03:11:50Z";
  private static final String BALTIC = "/neighbor/Baltic%20Backbone";
  private static final String PREFIX = "/prefix/198.51.100.0/24";

  private PageKinds() {}

  /// All of them.
  static List<String> all() {
    return Stream.of(fine(), wrong()).flatMap(List::stream).toList();
  }

  /// What is refused, or is not there.
  static List<String> wrong() {
    return List.of(
        "/nowhere",
        "/neighbor/nobody",
        "/neighbors?sort=1",
        "/prefix/203.0.113.0/99",
        "/neighbors?at=2036-01-01T00:00:00Z");
  }

  /// Pages of now and of then.
  static List<String> fine() {
    return List.of(
        "/",
        "/?w=7d",
        "/?" + AT,
        "/neighbors",
        "/neighbors?" + AT,
        BALTIC,
        BALTIC + "?" + AT,
        BALTIC + "/sessions",
        BALTIC + "/capabilities",
        BALTIC + "/counters",
        BALTIC + "/routes",
        BALTIC + "/routes?" + AT,
        BALTIC + "/findings",
        "/prefixes",
        "/prefixes?" + AT,
        PREFIX,
        PREFIX + "?w=30d",
        PREFIX + "?state=inactive",
        PREFIX + "?" + AT,
        PREFIX + "/history",
        PREFIX + "/diff",
        "/as",
        "/as/64511",
        "/as/64511?" + AT,
        "/as/65550",
        "/community/64501:500",
        "/next-hop/203.0.113.9",
        "/compare",
        "/compare?a=Northwind+Transit&b=core1.fra",
        "/search",
        "/search?q=198.51.100.77",
        "/search?q=198.51.100.0/23",
        "/search?q=nothing",
        "/packets",
        "/packets?finding=1",
        "/packet/212480093",
        "/decode",
        "/decode?hex=ffffffffffffffffffffffffffffffff001304",
        "/live",
        "/live?kind=sessions",
        "/live?origin=64999",
        "/keys",
        "/api");
  }
}
