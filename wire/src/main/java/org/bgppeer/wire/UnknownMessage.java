package org.bgppeer.wire;

/// A message of a type that we do not know.
///
/// @param code its type code
/// @param body all behind the header
public record UnknownMessage(int code, Octets body) implements Message {
  @Override
  public MessageType type() {
    return MessageType.of(code);
  }
}
