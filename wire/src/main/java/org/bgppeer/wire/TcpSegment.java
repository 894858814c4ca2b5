package org.bgppeer.wire;

/// A TCP segment with the two ends that it went between.
///
/// @param source 4 or 16 octets
/// @param destination as many
/// @param sequence of its first octet, 0..4294967295
/// @param flags FIN 1, SYN 2, RST 4, ACK 16
/// @param array holds what was captured of its payload
/// @param offset where that begins
/// @param captured how much there is of it
/// @param length of the payload, which may be more than was captured
public record TcpSegment(
    Octets source,
    int sourcePort,
    Octets destination,
    int destinationPort,
    long sequence,
    int flags,
    byte[] array,
    int offset,
    int captured,
    int length) {
  static final int FIN = 1;
  static final int SYN = 2;
  static final int RST = 4;
  static final int ACK = 16;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
