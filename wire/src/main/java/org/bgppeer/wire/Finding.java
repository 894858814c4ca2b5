package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong with an UPDATE, and what it costs (RFC 7606).
///
/// @param attribute the attribute concerned, missing ones included; null if none is
/// @param offset where the octets begin, from the first octet of the message's marker
/// @param octets the attribute with its flags, type and length, or the faulty part of a field;
///     empty if it is about something that is missing
/// @param handling what is done about it
/// @param subcode of UPDATE Message Error (RFC 4271 §6.3), sent if the session must end for it
/// @param reason what is wrong, as a clause: `length 3 is not 4`
/// @param rule the section that says so: `RFC 7606 7.1`
public record Finding(
    @Nullable AttributeType attribute,
    int offset,
    Octets octets,
    ErrorHandling handling,
    int subcode,
    String reason,
    String rule) {

  /// For people: `ORIGIN: length 3 is not 1; treat-as-withdraw (RFC 7606 7.1)`, or `AS_PATH: has an
  /// AS_SET, which is deprecated; kept (RFC 9774 3)` if it costs nothing.
  @Override
  public String toString() {
    return (attribute == null ? "" : attribute.name() + ": ")
        + reason
        + "; "
        + (handling == ErrorHandling.NONE ? "kept" : handling.toString())
        + " ("
        + rule
        + ")";
  }
}
