package org.bgppeer.web;

import java.util.ArrayList;
import java.util.List;
import org.bgppeer.store.PacketRow;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.AsPath;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.ErrorHandling;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MessageError;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.NlriBlock;
import org.bgppeer.wire.NlriCursor;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.UnknownMessage;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// A packet in one line.
///
/// @param type as the RFCs write it: `UPDATE`
/// @param words what it says; empty for a KEEPALIVE
/// @param note what is remarkable about it; null if nothing is
public record PacketSummary(String type, String words, @Nullable Mark note) {
  /// Where its type stands in a message (RFC 4271 section 4.1).
  private static final int TYPE = 18;

  /// So many prefixes are named; of the rest there is only the number.
  private static final int NAMED = 3;

  /// Decodes a packet and says what is in it. Never fails: what cannot be read says why.
  public static PacketSummary of(PacketRow packet) {
    return of(packet.message(), packet.context(), packet.finding());
  }

  /// The same of a message with its header.
  ///
  /// @param said what RFC 7606 has to say; null if nothing
  static PacketSummary of(Octets message, DecodeContext context, @Nullable String said) {
    String type = MessageType.of(message.u8(TYPE)).toString();
    Mark finding = said == null ? null : new Mark("finding", "RFC 7606");
    try {
      return switch (Message.decode(message, context)) {
        case Update update -> new PacketSummary(type, words(update), finding);
        case Notification notification ->
            new PacketSummary(type, words(notification), new Mark("down", "session end"));
        case Open open -> new PacketSummary(type, words(open), finding);
        case RouteRefresh refresh -> new PacketSummary(type, words(refresh), finding);
        case Keepalive _ -> new PacketSummary(type, "", finding);
        case UnknownMessage unknown ->
            new PacketSummary(
                type,
                Text.count(unknown.body().length(), "byte") + " of a type that has no name",
                finding);
      };
    } catch (MessageError e) {
      return new PacketSummary(
          type, "Cannot be read: " + e.getMessage(), new Mark("finding", "unreadable"));
    }
  }

  private static String words(Update update) {
    Family ended = update.endOfRib();
    if (ended != null) {
      return "End-of-RIB, " + Text.family(ended.toString()) + ": the table is whole";
    }
    var said = new ArrayList<String>();
    boolean withdraw = update.handling() == ErrorHandling.TREAT_AS_WITHDRAW;
    blocks(update.announced(), withdraw ? "announced, treated as withdrawn" : "announced", said);
    AsPath path = update.attribute(AsPath.class);
    if (!said.isEmpty() && path != null && !withdraw) {
      said.add("path " + (path.segments().isEmpty() ? "empty" : Text.path(path.toString())));
    }
    blocks(update.withdrawn(), "withdrawn", said);
    if (update.handling() == ErrorHandling.SESSION_RESET) {
      said.add("not usable; the session was closed");
    }
    return said.isEmpty() ? "no routes" : String.join(" · ", said);
  }

  private static void blocks(List<NlriBlock> blocks, String what, List<String> said) {
    int count = 0;
    var named = new ArrayList<String>();
    for (NlriBlock block : blocks) {
      count += block.count();
      NlriCursor cursor = block.routes();
      while (named.size() < NAMED && cursor.next()) {
        named.add(cursor.text());
      }
    }
    if (count > 0) {
      said.add(
          Text.number(count)
              + " "
              + what
              + ": "
              + String.join(", ", named)
              + (count > named.size()
                  ? " and " + Text.number(count - named.size()) + " more"
                  : ""));
    }
  }

  private static String words(Notification notification) {
    String text = notification.shutdownText();
    Notification inner = notification.hardReset();
    return notification.words()
        + (inner == null ? "" : ", " + inner.words())
        + (text == null ? "" : ": “" + text + "”");
  }

  private static String words(Open open) {
    return "AS"
        + open.as()
        + ", identifier "
        + AddressText.ofIdentifier(open.bgpIdentifier())
        + ", hold time "
        + (open.holdTimeSeconds() == 0 ? "none" : open.holdTimeSeconds() + " s")
        + ", "
        + (open.capabilities().size() == 1
            ? "1 capability"
            : open.capabilities().size() + " capabilities");
  }

  private static String words(RouteRefresh refresh) {
    String family = Text.family(refresh.family().toString());
    return switch (refresh.subtype()) {
      case RouteRefresh.REQUEST -> "Send all " + family + " routes again";
      case RouteRefresh.BEGIN -> "All " + family + " routes come again from here";
      case RouteRefresh.END -> "All " + family + " routes came again";
      default -> family + ", subtype " + refresh.subtype();
    };
  }
}
