package org.bgppeer.wire;

/// KEEPALIVE, type 4, RFC 4271 §4.4: nothing but a header.
public record Keepalive() implements Message {
  @Override
  public MessageType type() {
    return MessageType.Assigned.KEEPALIVE;
  }

  static Keepalive decode(int length) throws HeaderError {
    if (length != Framing.HEADER_LENGTH) {
      throw Framing.badLength(length, "length " + length + " is not 19, as of each KEEPALIVE");
    }
    return new Keepalive();
  }

  /// The whole message.
  public byte[] encode() {
    var out = new WireWriter(Framing.HEADER_LENGTH);
    return Framing.end(out, Framing.begin(out, type())).toByteArray();
  }
}
