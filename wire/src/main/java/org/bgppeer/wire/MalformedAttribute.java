package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// A path attribute whose value cannot be read, or must not be used. Caught where the attributes of
/// an UPDATE are collected, and becomes a [Finding] there; has no stack trace, because a neighbor
/// may send such attributes all day.
public final class MalformedAttribute extends Exception {
  private static final long serialVersionUID = 1;

  /// The subcode of UPDATE Message Error "Attribute Length Error" (RFC 4271 §6.3).
  private static final int LENGTH_ERROR = 5;

  private final int subcode;
  private final @Nullable ErrorHandling handling;
  private final @Nullable String rule;

  /// A value that is not as the attribute's own RFC has it.
  MalformedAttribute(String reason) {
    this(reason, 0, null, null);
  }

  /// A value that another RFC than the attribute's own forbids.
  ///
  /// @param rule its section, for instance `RFC 7607 2`
  MalformedAttribute(String reason, String rule) {
    this(reason, 0, null, rule);
  }

  /// A value that costs something else than others of its type.
  ///
  /// @param rule the section that says so
  MalformedAttribute(String reason, ErrorHandling handling, String rule) {
    this(reason, 0, handling, rule);
  }

  private MalformedAttribute(
      String reason, int subcode, @Nullable ErrorHandling handling, @Nullable String rule) {
    super(reason, null, false, false);
    this.subcode = subcode;
    this.handling = handling;
    this.rule = rule;
  }

  /// What it costs.
  ErrorHandling handling(AttributeType.Assigned type) {
    return handling == null ? type.whenMalformed() : handling;
  }

  /// What is wrong, as a clause: `length 3 is not 4`.
  public String reason() {
    return String.valueOf(getMessage());
  }

  /// The subcode of UPDATE Message Error about it: of the length if it is that, else the one that
  /// its type has for a wrong value.
  int subcode(AttributeType.Assigned type) {
    return subcode == 0 ? type.subcode() : subcode;
  }

  /// The section that says so.
  String rule(AttributeType.Assigned type) {
    return rule == null ? type.rule() : rule;
  }

  /// Refuses a value that is not of `expected` octets.
  static void unlessLength(int expected, int actual) throws MalformedAttribute {
    if (actual != expected) {
      throw new MalformedAttribute(
          "length " + actual + " is not " + expected, LENGTH_ERROR, null, null);
    }
  }

  /// Refuses a value that is empty or does not consist of wholes of `unit` octets.
  static void unlessMultipleOf(int unit, int actual) throws MalformedAttribute {
    if (actual == 0 || actual % unit != 0) {
      throw new MalformedAttribute(
          "length " + actual + " is not a non-zero multiple of " + unit, LENGTH_ERROR, null, null);
    }
  }
}
