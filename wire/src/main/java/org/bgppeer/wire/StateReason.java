package org.bgppeer.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a session's state changed, as the journal keeps it: UTF-8 lines `why=`, `neighbor=`,
/// `keep=` if something is, and, last, `text=`, whose value goes on to the end. [StateReasons] says
/// where they stand.
///
/// @param neighbor its configured name; empty if it has none
/// @param kept what of its routes is kept meanwhile; empty if the session is over with its routes
/// @param text see [SessionCause]; may be empty
public record StateReason(SessionCause cause, String neighbor, List<Kept> kept, String text) {
  /// The text, with [SessionCause#ADMINISTRATIVE], of one that is there now.
  public static final String ADDED = "added";

  /// The same of one that has the address and AS of another, and is told from it by our end.
  public static final String ADDED_APART = "added, told apart by its local address";

  private static final String WHY = "why=";
  private static final String NEIGHBOR = "neighbor=";
  private static final String KEEP = "keep=";
  private static final String TEXT = "text=";

  public StateReason {
    kept = List.copyOf(kept);
  }

  /// One that keeps nothing.
  public StateReason(SessionCause cause, String neighbor, String text) {
    this(cause, neighbor, List.of(), text);
  }

  /// Whether from here on the local address of records says of which of several neighbors they are.
  public boolean isAddedApart() {
    return cause == SessionCause.ADMINISTRATIVE && text.equals(ADDED_APART);
  }

  /// The lines.
  public byte[] encode() {
    String lines =
        WHY
            + cause.name()
            + '\n'
            + NEIGHBOR
            + neighbor.replace('\n', ' ')
            + '\n'
            + (kept.isEmpty() ? "" : KEEP + Kept.text(kept) + '\n')
            + TEXT
            + text;
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  /// Reads what [#encode] wrote; null if it is not that. A cause of a later version reads as
  /// [SessionCause#INTERNAL_ERROR] whose text names it.
  public static @Nullable StateReason decode(byte[] octets, int offset, int length) {
    String lines = new String(octets, offset, length, StandardCharsets.UTF_8);
    if (!lines.startsWith(WHY)) {
      return null;
    }
    String why = "";
    String neighbor = "";
    List<Kept> kept = List.of();
    int at = 0;
    while (at < lines.length()) {
      if (lines.startsWith(TEXT, at)) {
        return of(why, neighbor, kept, lines.substring(at + TEXT.length()));
      }
      int newline = lines.indexOf('\n', at);
      int end = newline < 0 ? lines.length() : newline;
      if (lines.startsWith(WHY, at)) {
        why = lines.substring(at + WHY.length(), end);
      } else if (lines.startsWith(NEIGHBOR, at)) {
        neighbor = lines.substring(at + NEIGHBOR.length(), end);
      } else if (lines.startsWith(KEEP, at)) {
        kept = Kept.parse(lines.substring(at + KEEP.length(), end));
      }
      at = end + 1;
    }
    return of(why, neighbor, kept, "");
  }

  private static StateReason of(String why, String neighbor, List<Kept> kept, String text) {
    for (SessionCause cause : SessionCause.values()) {
      if (cause.name().equals(why)) {
        return new StateReason(cause, neighbor, kept, text);
      }
    }
    String unknown = text.isEmpty() ? why : why + ": " + text;
    return new StateReason(SessionCause.INTERNAL_ERROR, neighbor, kept, unknown);
  }
}
