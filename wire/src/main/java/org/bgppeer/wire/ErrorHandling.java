package org.bgppeer.wire;

/// What an error in an UPDATE costs (RFC 7606 §2), weakest first: of several, "the strongest
/// action" (§3 (h)) is the maximum.
public enum ErrorHandling {
  /// Nothing was wrong, or nothing that has a consequence.
  NONE("none"),
  /// The attribute is left out, the routes stay.
  ATTRIBUTE_DISCARD("attribute-discard"),
  /// The routes of the UPDATE count as withdrawn.
  TREAT_AS_WITHDRAW("treat-as-withdraw"),
  /// The address family is ignored for the rest of the session. The decoder never asks for it:
  /// where RFC 7606 leaves the choice between this and a reset it asks for the reset, after which
  /// the neighbor sends its table again, and nothing is missing.
  AFI_SAFI_DISABLE("afi-safi-disable"),
  /// The session ends with a NOTIFICATION.
  SESSION_RESET("session-reset");

  private final String text;

  ErrorHandling(String text) {
    this.text = text;
  }

  /// The stronger one of two.
  public ErrorHandling or(ErrorHandling other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /// The name of RFC 7606, in lower case with dashes.
  @Override
  public String toString() {
    return text;
  }
}
