package org.bgppeer.wire;

/// A path attribute whose value cannot be read. Caught where the attributes of an UPDATE are
/// collected, and becomes a [Finding] there; has no stack trace, because a neighbor may send such
/// attributes all day.
public final class MalformedAttribute extends Exception {
  private static final long serialVersionUID = 1;

  MalformedAttribute(String reason) {
    super(reason, null, false, false);
  }

  /// What is wrong, as a clause: `length 3 is not 4`.
  public String reason() {
    return String.valueOf(getMessage());
  }

  /// Refuses a value that is not of `expected` octets.
  static void unlessLength(int expected, int actual) throws MalformedAttribute {
    if (actual != expected) {
      throw new MalformedAttribute("length " + actual + " is not " + expected);
    }
  }

  /// Refuses a value that is empty or does not consist of wholes of `unit` octets.
  static void unlessMultipleOf(int unit, int actual) throws MalformedAttribute {
    if (actual == 0 || actual % unit != 0) {
      throw new MalformedAttribute("length " + actual + " is not a non-zero multiple of " + unit);
    }
  }
}
