package org.bgppeer.wire;

/// The 19 octets before each message (RFC 4271 §4.1):
///
/// ```
/// +-----------------------+-------------------------------------+----------+
/// | Marker (16), all ones | Length (2), counts itself and all   | Type (1) |   octets
/// +-----------------------+-------------------------------------+----------+
/// ```
public final class Framing {
  /// Octets of a header.
  public static final int HEADER_LENGTH = 19;

  /// Octets of the longest message of a session without Extended Message (RFC 4271 §4.1).
  public static final int MAX_LENGTH = 4096;

  /// Octets of the longest message of a session with Extended Message (RFC 8654 §4).
  public static final int EXTENDED_MAX_LENGTH = 65535;

  private Framing() {}

  /// The whole length that the header at `offset` gives, 0..65535, not checked. Needs 18 octets.
  public static int length(byte[] array, int offset) {
    return WireReader.u16(array, offset + 16);
  }

  /// The type code that the header at `offset` gives. Needs 19 octets.
  public static int type(byte[] array, int offset) {
    return array[offset + 18] & 0xff;
  }

  /// Checks the 19 octets of a header at `offset`: marker, length, type (RFC 4271 §6.1).
  ///
  /// @param maxLength in octets: 4096, or 65535 once we advertised Extended Message; an OPEN or
  ///     KEEPALIVE is never longer than 4096 (RFC 8654 §4)
  /// @throws HeaderError if one is wrong; has the NOTIFICATION
  public static void checkHeader(byte[] array, int offset, int maxLength) throws HeaderError {
    if (WireReader.u64(array, offset) != -1 || WireReader.u64(array, offset + 8) != -1) {
      throw new HeaderError(
          Notification.of(Notification.MESSAGE_HEADER_ERROR, 1),
          "the marker is not 16 octets of ff");
    }
    int length = length(array, offset);
    int code = type(array, offset);
    if (length < HEADER_LENGTH) {
      throw badLength(length, "length " + length + " is below 19");
    }
    if (length > maxLength) {
      throw badLength(length, "length " + length + " is above " + maxLength);
    }
    switch (MessageType.of(code)) {
      case MessageType.Unknown unknown ->
          throw new HeaderError(
              new Notification(
                  Notification.MESSAGE_HEADER_ERROR, 3, Octets.of(new byte[] {(byte) code})),
              "message type " + unknown.code() + " is unknown");
      case MessageType.Assigned type -> {
        if (length < type.minLength()) {
          throw badLength(
              length,
              "length " + length + " is below " + type.minLength() + ", the shortest " + type);
        }
        boolean fixed = type == MessageType.Assigned.KEEPALIVE;
        if (fixed && length != type.minLength()) {
          throw badLength(length, "length " + length + " is not 19, as of each KEEPALIVE");
        }
        if (type == MessageType.Assigned.OPEN && length > MAX_LENGTH) {
          throw badLength(length, "length " + length + " is above 4096, the longest OPEN");
        }
      }
    }
  }

  static HeaderError badLength(int length, String message) {
    return new HeaderError(
        new Notification(
            Notification.MESSAGE_HEADER_ERROR,
            2,
            Octets.of(new byte[] {(byte) (length >>> 8), (byte) length})),
        message);
  }

  /// Writes a header whose length is filled in by [#end]; returns where it begins.
  static int begin(WireWriter out, MessageType type) {
    int start = out.length();
    out.u64(-1).u64(-1).u16(0).u8(type.code());
    return start;
  }

  /// Fills in the length of the message that began at `start`.
  static WireWriter end(WireWriter out, int start) {
    return out.putU16(start + 16, out.length() - start);
  }
}
