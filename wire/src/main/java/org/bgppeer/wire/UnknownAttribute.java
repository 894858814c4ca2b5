package org.bgppeer.wire;

/// An attribute of a type that is not decoded.
///
/// @param flags the octet as it came, 0..255
/// @param value its octets without flags, type and length
public record UnknownAttribute(AttributeType type, int flags, Octets value)
    implements PathAttribute {
  /// The value in hex.
  @Override
  public String toString() {
    return value.toHex();
  }
}
