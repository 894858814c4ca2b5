package org.bgppeer.wire;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How to decode the messages of one who sends: what both OPENs agree on if they were seen, and
/// what its messages have told if not. Whether AS numbers have 4 octets and routes have path
/// identifiers is the same for a whole session, so one message that tells decides for those that do
/// not.
final class ContextMemory {
  private @Nullable Boolean as4;
  private final Set<Family> addPath = new HashSet<>();

  /// A new session begins.
  void forget() {
    as4 = null;
    addPath.clear();
  }

  /// @param sent the sender's OPEN; null if it was not seen
  /// @param received the receiver's
  ContextGuess context(Octets message, @Nullable Open sent, @Nullable Open received) {
    if (sent != null && received != null) {
      return new ContextGuess(Negotiated.of(received, sent).context(), "both OPENs say so");
    }
    learnPathIds(message);
    ContextGuess guess = ContextGuess.of(message, addPath);
    Open seen = sent == null ? received : sent;
    if (seen != null && seen.capability(Capability.FourOctetAs.class) == null) {
      return known(false, guess, "an OPEN has no 4-octet AS capability");
    }
    if (guess.why().startsWith("only")) {
      as4 = guess.context().as4();
    } else if (as4 != null) {
      return known(as4, guess, "guessed from messages before");
    }
    boolean nothing = guess.why().startsWith("no");
    String why = nothing ? guess.why() : "guessed: " + guess.why();
    return new ContextGuess(guess.context(), withPathIds(why));
  }

  private ContextGuess known(boolean as4, ContextGuess guess, String why) {
    var context = new DecodeContext(as4, guess.context().addPath(), guess.context().ibgp());
    return new ContextGuess(context, withPathIds(why));
  }

  private String withPathIds(String why) {
    return addPath.isEmpty() ? why : why + "; path identifiers because routes fit only with them";
  }

  private void learnPathIds(Octets message) {
    byte[] array = message.array();
    int end = message.length();
    int at = Framing.HEADER_LENGTH;
    if (end < at + 4 || Framing.type(array, 0) != MessageType.Assigned.UPDATE.code()) {
      return;
    }
    int withdrawnEnd = at + 2 + WireReader.u16(array, at);
    if (withdrawnEnd > end - 2) {
      return;
    }
    int attributesEnd = withdrawnEnd + 2 + WireReader.u16(array, withdrawnEnd);
    if (attributesEnd > end) {
      return;
    }
    learn(Family.IPV4_UNICAST, array, at + 2, withdrawnEnd);
    learn(Family.IPV4_UNICAST, array, attributesEnd, end);
    for (int next = withdrawnEnd + 2; attributesEnd - next >= 3; ) {
      int header = (array[next] & 0x10) != 0 ? 4 : 3;
      if (attributesEnd - next < header) {
        return;
      }
      int code = array[next + 1] & 0xff;
      int length = header == 4 ? WireReader.u16(array, next + 2) : array[next + 2] & 0xff;
      int value = next + header;
      if (length > attributesEnd - value) {
        return;
      }
      if ((code == 14 && length > 4) || (code == 15 && length > 3)) {
        Family family = Family.of(WireReader.u16(array, value), array[value + 2] & 0xff);
        int routes = code == 15 ? value + 3 : value + 5 + (array[value + 3] & 0xff);
        if (isPrefixes(family) && routes <= value + length) {
          learn(family, array, routes, value + length);
        }
      }
      next = value + length;
    }
  }

  private static boolean isPrefixes(Family family) {
    return family.afi() <= 2 && family.safi() <= 2;
  }

  /// Routes fit with path identifiers, without, or, when few, both ways: then those of a sane table
  /// are believed, in which no prefix has bits behind its length and the default route comes once.
  private void learn(Family family, byte[] array, int from, int to) {
    if (from >= to) {
      return;
    }
    boolean plain = isSane(array, from, to, false, family);
    boolean with = isSane(array, from, to, true, family);
    if (with && !plain) {
      addPath.add(family);
    } else if (plain && !with) {
      addPath.remove(family);
    }
  }

  private static boolean isSane(byte[] array, int from, int to, boolean pathIds, Family family) {
    if (NlriBlock.check(array, from, to, pathIds, family.isIpv6() ? 128 : 32) < 0) {
      return false;
    }
    int defaults = 0;
    for (int at = from; at < to; ) {
      at += pathIds ? 4 : 0;
      int bits = array[at] & 0xff;
      int octets = (bits + 7) / 8;
      int rest = bits % 8;
      if (rest != 0 && (array[at + octets] & 0xff >>> rest) != 0) {
        return false;
      }
      if (bits == 0 && ++defaults > 1 && !pathIds) {
        return false;
      }
      at += 1 + octets;
    }
    return true;
  }
}
