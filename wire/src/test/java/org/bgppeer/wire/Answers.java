package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

/// What every octets must be answered with: a message whose parts can all be taken, or an error
/// that has its NOTIFICATION. An exception of any other kind is a fault of ours.
final class Answers {
  private Answers() {}

  /// Reads octets as a message in all the ways in which it is read.
  static void check(byte[] octets, DecodeContext context) {
    try {
      if (octets.length >= Framing.HEADER_LENGTH) {
        Framing.checkHeader(octets, 0, Framing.EXTENDED_MAX_LENGTH);
      }
    } catch (HeaderError e) {
      refused(e);
    }
    try {
      switch (Message.decode(octets, 0, octets.length, context)) {
        case Update update -> check(update, octets);
        case Open open -> check(open);
        case Notification notification -> {
          if (notification.words().isEmpty()
              || SessionWords.say(SessionCause.NOTIFICATION_RECEIVED, notification, "").isEmpty()) {
            throw new AssertionError(notification);
          }
        }
        case Keepalive _, RouteRefresh _, UnknownMessage _ -> {}
      }
    } catch (MessageError e) {
      refused(e);
    }
  }

  private static void refused(MessageError e) {
    if (e.getMessage().isEmpty() || e.notification().encode().length < 21) {
      throw new AssertionError(e);
    }
  }

  private static void check(Open open) {
    for (Capability capability : open.capabilities()) {
      if (capability.toString().isEmpty()) {
        throw new AssertionError(capability.code());
      }
    }
    var negotiated = Negotiated.of(open, open);
    if (negotiated.maxLength() < Framing.MAX_LENGTH || open.encode().length < 29) {
      throw new AssertionError(open);
    }
  }

  /// That its parts agree with each other: what is checked can be decoded, routes can be walked,
  /// and findings stand within the message.
  private static void check(Update update, byte[] octets) {
    for (NlriBlock block : update.withdrawn()) {
      walk(block);
    }
    for (NlriBlock block : update.announced()) {
      walk(block);
      if (update.attributeSet(block).length > 4 * octets.length + 300) {
        throw new AssertionError("an attribute set longer than its message allows");
      }
      if (AttributeSet.decode(update.attributeSet(block)).other().contains("REST")) {
        throw new AssertionError("an attribute set that cannot be read");
      }
    }
    for (PathAttribute attribute : update.attributes()) {
      if (attribute.type() == null || attribute.toString() == null) {
        throw new AssertionError(attribute.getClass());
      }
    }
    ErrorHandling strongest = ErrorHandling.NONE;
    for (Finding finding : update.findings()) {
      strongest = strongest.or(finding.handling());
      int end = finding.offset() + finding.octets().length();
      if (finding.offset() < 0 || end > octets.length || finding.toString().isEmpty()) {
        throw new AssertionError(finding);
      }
    }
    assertThat(update.handling()).isEqualTo(strongest);
    boolean reset = strongest == ErrorHandling.SESSION_RESET;
    if (reset != (update.reset() != null) || (reset && !update.announced().isEmpty())) {
      throw new AssertionError(update.findings());
    }
    if (update.spans().size() > octets.length / 3) {
      throw new AssertionError("more attributes than have room");
    }
  }

  private static void walk(NlriBlock block) {
    byte[] key = new byte[17];
    int count = 0;
    if (block.family().hasPlainPrefixes()) {
      for (var cursor = block.cursor(); cursor.next(); count++) {
        cursor.copyKey(key, 0);
        Prefix.ofKey(java.util.Arrays.copyOf(key, cursor.keyLength()));
      }
    } else {
      for (var route = block.routes(); route.next(); count++) {
        if (route.key().length == 0 || route.text().isEmpty()) {
          throw new AssertionError("a route without a key or a text");
        }
        route.details();
      }
    }
    if (count != block.count() || count == 0) {
      throw new AssertionError(count + " routes where " + block.count() + " were counted");
    }
  }
}
