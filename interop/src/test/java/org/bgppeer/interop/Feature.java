package org.bgppeer.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What is tried with a router: a row of the matrix in `docs/interop.md`.
enum Feature {
  COLLECTOR_CONNECTS("we connect to it, over IPv4"),
  ROUTER_CONNECTS("it connects to us, over IPv6"),
  BOTH_CONNECT("both connect at once; one connection stays"),
  ATTRIBUTES("IPv4 and IPv6 routes: next hop, AS path, communities (standard, large, extended)"),
  WITHDRAWAL("a withdrawn route is inactive, `withdrawn`"),
  ROUTER_KILLED(
      "it is killed: `session-down`, or `graceful-restart-stale` if it asked to be waited for; it"
          + " comes back: active, first seen as before"),
  COLLECTOR_RESTARTED("we stop and start: nothing lost, `not-resent-before-End-of-RIB` inferred"),
  COLLECTOR_KILLED("we are killed and start: the same"),
  RECEIVE_ONLY("it has no route from us, and none was on the wire, churn and refresh included"),
  ADD_PATH("ADD-PATH: two paths of one prefix"),
  EXTENDED_NEXT_HOP("IPv4 routes with an IPv6 next hop"),
  TCP_MD5("TCP MD5"),
  GTSM("GTSM, both ways"),
  FOUR_OCTET_AS("its AS number has 4 octets"),
  EXTENDED_MESSAGE("Extended Message agreed on"),
  ROUTE_REFRESH("we ask for its routes, and it sends them again"),
  SHUTDOWN_TEXT("shutdown text: it shows ours, we show its"),
  GRACEFUL_RESTART(
      "it is killed and back within its restart time: its routes stay, and what it does not send"
          + " again is gone"),
  MAX_PREFIX("more routes than `max-prefix`: its session is torn down"),
  BIG_TABLE("50,000 routes with churn arrive complete");

  final String words;

  Feature(String words) {
    this.words = words;
  }

  /// The features that a test shows.
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface Shows {
    Feature[] value();
  }
}
