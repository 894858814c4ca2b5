package org.bgppeer.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// NOTIFICATION, type 3, RFC 4271 §4.5: why a session ends. Behind the header:
///
/// ```
/// +----------------+-------------------+--------------------+
/// | Error Code (1) | Error Subcode (1) | Data (the rest)    |   octets
/// +----------------+-------------------+--------------------+
/// ```
///
/// @param code 0..255, one of [Code] or not
/// @param subcode 0..255, its meaning depends on the code
/// @param data what the code and subcode say it is; may be empty
public record Notification(int code, int subcode, Octets data) implements Message {
  /// Error codes: IANA "BGP Error (Notification) Codes".
  public static final int MESSAGE_HEADER_ERROR = 1;

  public static final int OPEN_MESSAGE_ERROR = 2;
  public static final int UPDATE_MESSAGE_ERROR = 3;
  public static final int HOLD_TIMER_EXPIRED = 4;
  public static final int FSM_ERROR = 5;
  public static final int CEASE = 6;
  public static final int ROUTE_REFRESH_ERROR = 7;
  public static final int SEND_HOLD_TIMER_EXPIRED = 8;

  /// Subcodes of OPEN Message Error (RFC 4271 §6.2, RFC 5492 §5).
  public static final int UNSUPPORTED_VERSION = 1;

  public static final int BAD_PEER_AS = 2;
  public static final int BAD_BGP_IDENTIFIER = 3;
  public static final int UNSUPPORTED_OPTIONAL_PARAMETER = 4;
  public static final int UNACCEPTABLE_HOLD_TIME = 6;
  public static final int UNSUPPORTED_CAPABILITY = 7;

  /// Subcode of [#OPEN_MESSAGE_ERROR] (RFC 9234 §4.2).
  public static final int ROLE_MISMATCH = 11;

  /// Subcodes of FSM Error (RFC 6608 §3): the state in which the unexpected message came.
  public static final int IN_OPEN_SENT = 1;

  public static final int IN_OPEN_CONFIRM = 2;
  public static final int IN_ESTABLISHED = 3;

  /// Subcodes of Cease (RFC 4486, RFC 8538, RFC 9384).
  public static final int MAXIMUM_PREFIXES = 1;

  public static final int ADMINISTRATIVE_SHUTDOWN = 2;
  public static final int PEER_DECONFIGURED = 3;
  public static final int ADMINISTRATIVE_RESET = 4;
  public static final int CONNECTION_REJECTED = 5;
  public static final int OTHER_CONFIGURATION_CHANGE = 6;
  public static final int CONNECTION_COLLISION = 7;
  public static final int OUT_OF_RESOURCES = 8;
  public static final int HARD_RESET = 9;
  public static final int BFD_DOWN = 10;

  public Notification {
    if (code < 0 || code > 255 || subcode < 0 || subcode > 255) {
      throw new IllegalArgumentException("no NOTIFICATION has code " + code + "/" + subcode);
    }
  }

  /// One without data.
  public static Notification of(int code, int subcode) {
    return new Notification(code, subcode, Octets.EMPTY);
  }

  /// A Cease with a text for the neighbor's operator (RFC 9003 §2), which is cut at a whole
  /// character if it has more than 255 octets.
  ///
  /// @param subcode [#ADMINISTRATIVE_SHUTDOWN] or [#ADMINISTRATIVE_RESET]
  public static Notification shutdown(int subcode, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, 255);
    while (length < utf8.length && (utf8[length] & 0xc0) == 0x80) {
      length--;
    }
    var out = new WireWriter().u8(length).octets(utf8, 0, length);
    return new Notification(CEASE, subcode, Octets.of(out.toByteArray()));
  }

  @Override
  public MessageType type() {
    return MessageType.Assigned.NOTIFICATION;
  }

  /// Reads a whole message.
  ///
  /// @throws HeaderError if it has no room for code and subcode (RFC 4271 §6.1)
  static Notification decode(byte[] message, int offset, int length) throws HeaderError {
    if (length < MessageType.Assigned.NOTIFICATION.minLength()) {
      throw Framing.badLength(
          length, "length " + length + " is below 21, the shortest NOTIFICATION");
    }
    var in =
        new WireReader(message, offset + Framing.HEADER_LENGTH, length - Framing.HEADER_LENGTH);
    return new Notification(in.u8(), in.u8(), in.octets(in.remaining()));
  }

  /// The whole message.
  public byte[] encode() {
    var out = new WireWriter(Framing.HEADER_LENGTH + 2 + data.length());
    int start = Framing.begin(out, MessageType.Assigned.NOTIFICATION);
    out.u8(code).u8(subcode).octets(data);
    return Framing.end(out, start).toByteArray();
  }

  /// The text that their operator wrote into an Administrative Shutdown or Reset (RFC 9003 §2), of
  /// a Hard Reset the text within (RFC 8538 §3.1); null if there is none. What is not UTF-8 in it
  /// is replaced, control characters too.
  public @Nullable String shutdownText() {
    Notification inner = hardReset();
    if (inner != null) {
      return inner.shutdownText();
    }
    if (code != CEASE
        || (subcode != ADMINISTRATIVE_SHUTDOWN && subcode != ADMINISTRATIVE_RESET)
        || data.length() < 2) {
      return null;
    }
    int length = Math.min(data.u8(0), data.length() - 1);
    String text = new String(data.array(), 1, length, StandardCharsets.UTF_8);
    String clean = text.replaceAll("\\p{Cntrl}", "\ufffd");
    return clean.isBlank() ? null : clean;
  }

  /// Whether its connection lost to another one between the same speakers (RFC 4486 §4).
  public boolean isCollision() {
    return code == CEASE && subcode == CONNECTION_COLLISION;
  }

  /// The NOTIFICATION within a Hard Reset (RFC 8538 §3.1); null if this is none or has none.
  public @Nullable Notification hardReset() {
    if (code != CEASE || subcode != HARD_RESET || data.length() < 2) {
      return null;
    }
    if (data.u8(0) == CEASE && data.u8(1) == HARD_RESET) {
      return null; // one in itself would be a way to make us recurse 32000 deep
    }
    return new Notification(
        data.u8(0), data.u8(1), Octets.copyOf(data.array(), 2, data.length() - 2));
  }

  /// Code and subcode by name, numbers behind: `Administrative Shutdown (6/2)`. A number without a
  /// name stands for itself.
  public String words() {
    String name = subcodeName();
    return (name == null ? codeName() : name) + " (" + code + "/" + subcode + ")";
  }

  /// The name of the code alone, for instance `Cease`.
  public String codeName() {
    return switch (code) {
      case MESSAGE_HEADER_ERROR -> "Message Header Error";
      case OPEN_MESSAGE_ERROR -> "OPEN Message Error";
      case UPDATE_MESSAGE_ERROR -> "UPDATE Message Error";
      case HOLD_TIMER_EXPIRED -> "Hold Timer Expired";
      case FSM_ERROR -> "Finite State Machine Error";
      case CEASE -> "Cease";
      case ROUTE_REFRESH_ERROR -> "ROUTE-REFRESH Message Error";
      case SEND_HOLD_TIMER_EXPIRED -> "Send Hold Timer Expired";
      default -> "Error code " + code;
    };
  }

  /// The name of the subcode; null if the code has none, or IANA no name for it. 0 is Unspecific
  /// everywhere.
  private @Nullable String subcodeName() {
    return switch (code) {
      case MESSAGE_HEADER_ERROR ->
          switch (subcode) {
            case 1 -> "Connection Not Synchronized";
            case 2 -> "Bad Message Length";
            case 3 -> "Bad Message Type";
            default -> null;
          };
      case OPEN_MESSAGE_ERROR ->
          switch (subcode) {
            case UNSUPPORTED_VERSION -> "Unsupported Version Number";
            case BAD_PEER_AS -> "Bad Peer AS";
            case BAD_BGP_IDENTIFIER -> "Bad BGP Identifier";
            case UNSUPPORTED_OPTIONAL_PARAMETER -> "Unsupported Optional Parameter";
            case UNACCEPTABLE_HOLD_TIME -> "Unacceptable Hold Time";
            case UNSUPPORTED_CAPABILITY -> "Unsupported Capability";
            case ROLE_MISMATCH -> "Role Mismatch";
            default -> null;
          };
      case UPDATE_MESSAGE_ERROR ->
          switch (subcode) {
            case 1 -> "Malformed Attribute List";
            case 2 -> "Unrecognized Well-known Attribute";
            case 3 -> "Missing Well-known Attribute";
            case 4 -> "Attribute Flags Error";
            case 5 -> "Attribute Length Error";
            case 6 -> "Invalid ORIGIN Attribute";
            case 8 -> "Invalid NEXT_HOP Attribute";
            case 9 -> "Optional Attribute Error";
            case 10 -> "Invalid Network Field";
            case 11 -> "Malformed AS_PATH";
            default -> null;
          };
      case FSM_ERROR ->
          switch (subcode) {
            case IN_OPEN_SENT -> "Unexpected Message in OpenSent";
            case IN_OPEN_CONFIRM -> "Unexpected Message in OpenConfirm";
            case IN_ESTABLISHED -> "Unexpected Message in Established";
            default -> null;
          };
      case CEASE ->
          switch (subcode) {
            case MAXIMUM_PREFIXES -> "Maximum Number of Prefixes Reached";
            case ADMINISTRATIVE_SHUTDOWN -> "Administrative Shutdown";
            case PEER_DECONFIGURED -> "Peer De-configured";
            case ADMINISTRATIVE_RESET -> "Administrative Reset";
            case CONNECTION_REJECTED -> "Connection Rejected";
            case OTHER_CONFIGURATION_CHANGE -> "Other Configuration Change";
            case CONNECTION_COLLISION -> "Connection Collision Resolution";
            case OUT_OF_RESOURCES -> "Out of Resources";
            case HARD_RESET -> "Hard Reset";
            case BFD_DOWN -> "BFD Down";
            default -> null;
          };
      case ROUTE_REFRESH_ERROR -> subcode == 1 ? "Invalid Message Length" : null;
      default -> null;
    };
  }

  /// [#words], and the shutdown text in quotation marks if there is one.
  @Override
  public String toString() {
    String text = shutdownText();
    return text == null ? words() : words() + ": \"" + text + "\"";
  }
}
