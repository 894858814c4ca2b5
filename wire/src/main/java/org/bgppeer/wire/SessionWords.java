package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// Why a session ended, as a sentence for people: first what happened, then the codes in brackets.
/// The sentences are the same in the log, on the pages and in the commands.
public final class SessionWords {
  private SessionWords() {}

  /// The sentence of an end.
  ///
  /// @param notification the one that was sent, or received, with it; null if there was none
  /// @param text what else is known: see [SessionCause]; may be empty
  public static String say(SessionCause cause, @Nullable Notification notification, String text) {
    String said =
        switch (cause) {
          case HOLD_TIMER_EXPIRED ->
              "We heard nothing for " + orElse(text, "the hold time") + " and closed the session.";
          case SEND_HOLD_TIMER_EXPIRED ->
              "They did not read what we sent for " + orElse(text, "too long") + "; we closed.";
          case NOTIFICATION_SENT -> sent(notification, text);
          case NOTIFICATION_RECEIVED -> received(notification, text);
          case CONNECTION_CLOSED, CONNECTION_RESET -> "Connection dropped, no reason given.";
          case CONNECTION_REFUSED -> orElse(text, "The neighbor") + " refuses the connection.";
          case CONNECTION_TIMED_OUT -> orElse(text, "The neighbor") + " does not answer.";
          case NO_ROUTE -> orElse(text, "The neighbor") + " cannot be reached.";
          case COLLISION -> "Two connections at once; this one was dropped, the other stays.";
          case BROUGHT_NOTHING ->
              "Connection dropped before it brought anything; what was known waits on.";
          case NOT_CONFIGURED ->
              orElse(text, "Somebody") + " called and is not configured as a neighbor.";
          case ADMINISTRATIVE -> "Our configuration ended it" + behind(text) + ".";
          case COLLECTOR_STOPPED -> "This collector was stopped by its operator.";
          case COLLECTOR_CRASHED ->
              "This collector was cut off; end inferred from the last packet.";
          case STALE_EXPIRED -> "They did not come back after this collector restarted.";
          case RESTART_EXPIRED ->
              "They restarted and did not come back within "
                  + orElse(text, "the restart time")
                  + ".";
          case PREFIX_LIMIT ->
              "They sent more routes than the limit allows" + inBrackets(text) + "; we closed.";
          case OPERATOR_RESET ->
              "Our operator reset the session" + (text.isEmpty() ? "." : quoted(text));
          case INTERNAL_ERROR -> "A fault of this collector ended it" + behind(text) + ".";
        };
    return notification == null ? said : said + " " + codes(notification);
  }

  private static String codes(Notification notification) {
    Notification inner = notification.hardReset();
    String outer = notification.code() + "/" + notification.subcode();
    return inner == null
        ? "(" + outer + ")"
        : "(" + outer + ", " + inner.code() + "/" + inner.subcode() + ")";
  }

  /// We closed and said why.
  private static String sent(@Nullable Notification notification, String text) {
    if (notification == null) {
      return orElse(clause(text), "We found a fault") + "; we closed.";
    }
    return switch (notification.code()) {
      case Notification.MESSAGE_HEADER_ERROR ->
          "We could not read a message and closed" + behind(text) + ".";
      case Notification.OPEN_MESSAGE_ERROR ->
          orElse(clause(text), notification.words()) + "; we closed.";
      case Notification.UPDATE_MESSAGE_ERROR ->
          "We could not read an UPDATE safely and closed" + behind(text) + ".";
      case Notification.HOLD_TIMER_EXPIRED -> say(SessionCause.HOLD_TIMER_EXPIRED, null, text);
      case Notification.SEND_HOLD_TIMER_EXPIRED ->
          say(SessionCause.SEND_HOLD_TIMER_EXPIRED, null, text);
      case Notification.FSM_ERROR ->
          orElse(clause(text), unexpected(notification.subcode())) + "; we closed.";
      case Notification.CEASE ->
          switch (notification.subcode()) {
            case Notification.CONNECTION_COLLISION -> say(SessionCause.COLLISION, null, text);
            case Notification.CONNECTION_REJECTED -> say(SessionCause.NOT_CONFIGURED, null, text);
            case Notification.PEER_DECONFIGURED, Notification.OTHER_CONFIGURATION_CHANGE ->
                say(SessionCause.ADMINISTRATIVE, null, text);
            case Notification.ADMINISTRATIVE_SHUTDOWN, Notification.ADMINISTRATIVE_RESET ->
                say(SessionCause.COLLECTOR_STOPPED, null, text);
            default -> "We closed: " + name(notification) + ".";
          };
      case Notification.ROUTE_REFRESH_ERROR ->
          "We could not read a ROUTE-REFRESH and closed" + behind(text) + ".";
      default -> "We closed: " + name(notification) + ".";
    };
  }

  private static String unexpected(int subcode) {
    return switch (subcode) {
      case Notification.IN_OPEN_SENT -> "They sent something else when only OPEN may come";
      case Notification.IN_OPEN_CONFIRM ->
          "They sent something else when only KEEPALIVE or NOTIFICATION may come";
      case Notification.IN_ESTABLISHED -> "They sent OPEN when the session was up";
      default -> "They sent what may not come then";
    };
  }

  /// They closed and said why.
  private static String received(@Nullable Notification notification, String text) {
    if (notification == null) {
      return "They closed the session" + behind(text) + ".";
    }
    String why = notification.shutdownText();
    return switch (notification.code()) {
      case Notification.MESSAGE_HEADER_ERROR -> "They could not read a message of ours and closed.";
      case Notification.OPEN_MESSAGE_ERROR ->
          switch (notification.subcode()) {
            case Notification.UNSUPPORTED_VERSION -> "They do not speak BGP version 4.";
            case Notification.BAD_PEER_AS -> "They expect another AS" + inBrackets(text) + ".";
            case Notification.BAD_BGP_IDENTIFIER ->
                "They do not accept our identifier" + inBrackets(text) + ".";
            case Notification.UNSUPPORTED_OPTIONAL_PARAMETER ->
                "They do not accept an optional parameter of our OPEN.";
            case Notification.UNACCEPTABLE_HOLD_TIME ->
                "They do not accept "
                    + (text.isEmpty() ? "our hold time" : "hold time " + text)
                    + ".";
            case Notification.ROLE_MISMATCH ->
                "They expect another role of us" + inBrackets(text) + ".";
            case Notification.UNSUPPORTED_CAPABILITY ->
                "They insist on " + capabilities(notification.data()) + ".";
            default -> "They do not accept our OPEN" + behind(text) + ".";
          };
      case Notification.UPDATE_MESSAGE_ERROR -> "They could not read an UPDATE of ours and closed.";
      case Notification.HOLD_TIMER_EXPIRED ->
          "They heard nothing from us for " + orElse(text, "the hold time") + " and closed.";
      case Notification.SEND_HOLD_TIMER_EXPIRED ->
          "They say that we did not read what they sent, and closed.";
      case Notification.FSM_ERROR -> "They say that we sent what may not come then.";
      case Notification.ROUTE_REFRESH_ERROR ->
          "They could not read a ROUTE-REFRESH of ours and closed.";
      case Notification.CEASE ->
          switch (notification.subcode()) {
            case Notification.MAXIMUM_PREFIXES ->
                "They say we sent too many routes (we send none).";
            case Notification.ADMINISTRATIVE_SHUTDOWN ->
                "Their operator shut it down" + (why == null ? "." : quoted(why));
            case Notification.PEER_DECONFIGURED -> "They removed us from their configuration.";
            case Notification.ADMINISTRATIVE_RESET ->
                "Their operator reset the session" + (why == null ? "." : quoted(why));
            case Notification.CONNECTION_REJECTED -> "They refuse a session with us now.";
            case Notification.OTHER_CONFIGURATION_CHANGE ->
                "They changed the configuration of this session.";
            case Notification.CONNECTION_COLLISION -> say(SessionCause.COLLISION, null, text);
            case Notification.OUT_OF_RESOURCES -> "They are out of resources.";
            case Notification.HARD_RESET ->
                "They ended it for good, graceful restart does not apply"
                    + (why == null ? inner(notification) : quoted(why));
            case Notification.BFD_DOWN -> "Their BFD says the link is down.";
            default -> "They closed the session: " + name(notification) + ".";
          };
      default -> "They closed the session: " + name(notification) + ".";
    };
  }

  /// The name alone: the codes come behind the sentence.
  private static String name(Notification notification) {
    String words = notification.words();
    String name = words.substring(0, words.lastIndexOf(" ("));
    return name.equals(notification.codeName()) && notification.subcode() != 0
        ? name + ", subcode " + notification.subcode()
        : name;
  }

  private static String inner(Notification notification) {
    Notification inner = notification.hardReset();
    return inner == null ? "." : ": " + name(inner) + ".";
  }

  /// The capabilities that the data of an Unsupported Capability names (RFC 5492 §5).
  private static String capabilities(Octets data) {
    var names = new StringBuilder();
    int at = 0;
    while (data.length() - at >= 2 && data.length() - at - 2 >= data.u8(at + 1)) {
      int length = data.u8(at + 1);
      var capability = Capability.decode(data.u8(at), new WireReader(data.array(), at + 2, length));
      names.append(names.isEmpty() ? "" : ", ").append(capability);
      at += 2 + length;
    }
    return names.isEmpty() ? "a capability that we do not have" : names.toString();
  }

  private static String quoted(String text) {
    return ": \"" + text + "\"";
  }

  private static String behind(String text) {
    return text.isEmpty() ? "" : ": " + clause(text);
  }

  private static String inBrackets(String text) {
    return text.isEmpty() ? "" : " (" + clause(text) + ")";
  }

  private static String clause(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private static String orElse(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }
}
