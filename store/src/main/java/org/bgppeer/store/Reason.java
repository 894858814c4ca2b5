package org.bgppeer.store;

/// Why a route is not active, by the name that the database and the commands use.
public enum Reason {
  /// The neighbor withdrew it (RFC 4271 section 3.1).
  WITHDRAWN("withdrawn"),
  /// The neighbor sent the same prefix and path identifier with other attributes (implicit
  /// withdrawal).
  REPLACED("replaced"),
  /// The session that it came in ended.
  SESSION_DOWN("session-down"),
  /// The neighbor sent it with an error for which RFC 7606 section 2 says treat-as-withdraw.
  TREAT_AS_WITHDRAW("treat-as-withdraw"),
  /// After our own restart the neighbor sent its table without it: it went while we were away.
  NOT_RESENT("not-resent-before-End-of-RIB"),
  /// The neighbor sent its table again within the session, and not this route (RFC 7313 section 4).
  NOT_REFRESHED("not-resent-in-refresh"),
  /// The neighbor restarted and was not back within its Restart Time (RFC 4724 section 4.2), or
  /// restarted again before it had sent the route.
  RESTART_STALE("graceful-restart-stale"),
  /// It was not back within its Long-Lived Stale Time either (RFC 9494 section 4.2).
  LONG_LIVED_STALE("llgr-stale"),
  /// The neighbor was away for longer than its Restart Time, and the route says NO_LLGR (RFC 9494
  /// section 4.3).
  NOT_LONG_LIVED("no-llgr");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  /// The name in the database, for instance `session-down`.
  public String text() {
    return text;
  }

  /// Whether the end was concluded and not seen.
  public static boolean inferred(String text) {
    return text.equals(NOT_RESENT.text) || text.equals(NOT_REFRESHED.text);
  }

  /// In words, for people.
  public static String words(String text) {
    return switch (text) {
      case "withdrawn" -> "The neighbor withdrew it.";
      case "replaced" -> "The neighbor replaced it with other attributes.";
      case "session-down" -> "Its session ended.";
      case "treat-as-withdraw" ->
          "The neighbor sent it with an error; treated as withdrawn (RFC 7606).";
      case "not-resent-before-End-of-RIB" -> "Not sent again after a restart; the end is inferred.";
      case "not-resent-in-refresh" ->
          "The neighbor sent its table again without it; the end is inferred.";
      case "graceful-restart-stale" -> "The neighbor restarted and did not send it again in time.";
      case "llgr-stale" -> "The neighbor was away for longer than its routes may be kept.";
      case "no-llgr" ->
          "The neighbor was away for longer than its Restart Time; the route says no-llgr.";
      default -> text;
    };
  }
}
