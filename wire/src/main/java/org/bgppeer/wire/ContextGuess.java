package org.bgppeer.wire;

import java.util.Set;

/// How to decode a message whose session is not known. No octet of an UPDATE says whether its AS
/// numbers have 4 octets or 2 (RFC 6793), but AS_PATH and AGGREGATOR seldom fit both: they are
/// taken to have 4 unless only 2 fit. The neighbor counts as one of our own AS if it sends
/// attributes that only such a one may send. ADD-PATH (RFC 7911) cannot be told and must be given.
///
/// @param context to decode with
/// @param why its AS numbers have that size, for people: `only 2-octet AS numbers fit AS_PATH`
public record ContextGuess(DecodeContext context, String why) {
  /// Guesses from one message; never throws, whatever the octets are.
  ///
  /// @param addPath the families whose routes have path identifiers
  public static ContextGuess of(Octets message, Set<Family> addPath) {
    var evidence = new Evidence(message);
    return new ContextGuess(
        new DecodeContext(!evidence.onlyAs2(), addPath, evidence.ibgp), evidence.why());
  }

  /// What the caller knows better: the size of AS numbers is given, the rest is guessed.
  ///
  /// @param addPath the families whose routes have path identifiers
  public static ContextGuess given(Octets message, boolean as4, Set<Family> addPath) {
    var evidence = new Evidence(message);
    return new ContextGuess(new DecodeContext(as4, addPath, evidence.ibgp), "given");
  }

  /// What the attributes of one UPDATE tell.
  private static final class Evidence {
    private boolean update;
    private boolean ibgp;

    /// What the sizes were seen at, for [#why].
    private String seen = "";

    private boolean fits4 = true;
    private boolean fits2 = true;

    private Evidence(Octets message) {
      int header = Framing.HEADER_LENGTH;
      if (message.length() < header
          || MessageType.of(message.u8(18)) != MessageType.Assigned.UPDATE) {
        return;
      }
      update = true;
      WireReader in = message.reader();
      in.skip(header);
      if (passU16(in) && in.remaining() >= 2) {
        int length = in.u16();
        attributes(in.slice(Math.min(length, in.remaining())));
      }
    }

    /// Passes over a field that begins with its length; false if it does not fit.
    private static boolean passU16(WireReader in) {
      if (in.remaining() < 2) {
        return false;
      }
      int length = in.u16();
      if (length > in.remaining()) {
        return false;
      }
      in.skip(length);
      return true;
    }

    private void attributes(WireReader in) {
      while (in.remaining() >= 3) {
        boolean extended = (in.u8() & 0x10) != 0;
        int code = in.u8();
        if (extended && in.remaining() < 2) {
          return;
        }
        int length = extended ? in.u16() : in.u8();
        if (length > in.remaining()) {
          return;
        }
        WireReader value = in.slice(length);
        switch (AttributeType.of(code)) {
          case AttributeType.Assigned.AS_PATH -> {
            if (length > 0) {
              int kinds4 = kinds(value, true);
              int kinds2 = kinds(value, false);
              saw("AS_PATH", kinds4 >= 0, kinds2 >= 0);
              int kinds = Math.max(kinds4 >= 0 ? kinds4 : kinds2, 0);
              // RFC 5065 §5: others must not send them
              ibgp |= (kinds & (AsPath.CONFED_SEQUENCE | AsPath.CONFED_SET)) != 0;
            }
          }
          case AttributeType.Assigned.AGGREGATOR -> saw("AGGREGATOR", length == 8, length == 6);
          case AttributeType.Assigned.LOCAL_PREF,
              AttributeType.Assigned.ORIGINATOR_ID,
              AttributeType.Assigned.CLUSTER_LIST ->
              ibgp = true; // RFC 7606 §7.5, §7.9, §7.10: others must not send them
          default -> {}
        }
      }
    }

    private void saw(String attribute, boolean with4, boolean with2) {
      seen += seen.isEmpty() ? attribute : " and " + attribute;
      fits4 &= with4;
      fits2 &= with2;
    }

    /// The kinds of segments in an AS_PATH with AS numbers of this size; -1 if they do not fit.
    private static int kinds(WireReader path, boolean as4) {
      try {
        return AsPath.check(path.array(), path.position(), path.remaining(), as4);
      } catch (MalformedAttribute _) {
        return -1;
      }
    }

    private boolean onlyAs2() {
      return fits2 && !fits4;
    }

    private String why() {
      if (!update) {
        return "nothing in it depends on it";
      }
      if (seen.isEmpty()) {
        return "no AS number in it";
      }
      if (fits4) {
        return (fits2 ? "4-octet AS numbers fit " : "only 4-octet AS numbers fit ")
            + seen
            + (fits2 ? ", 2-octet ones would too" : "");
      }
      return fits2
          ? "only 2-octet AS numbers fit " + seen
          : "neither 2-octet nor 4-octet AS numbers fit " + seen;
    }
  }
}
