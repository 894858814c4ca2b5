package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import org.bgppeer.store.PacketRow;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.AsPath;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MessageError;
import org.bgppeer.wire.NlriBlock;
import org.bgppeer.wire.NlriCursor;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.UnknownMessage;
import org.bgppeer.wire.Update;

/// What a message says, in one line for a table.
final class MessageText {
  private static final int PREFIXES_NAMED = 2;

  private MessageText() {}

  /// For instance `+192.0.2.0/24 +3 more, path 64500 64511`.
  static String of(PacketRow packet) {
    try {
      return of(Message.decode(packet.message(), packet.context()));
    } catch (MessageError e) {
      return e.getMessage();
    }
  }

  private static String of(Message message) {
    return switch (message) {
      case Open open ->
          "AS"
              + open.as()
              + ", identifier "
              + AddressText.ofIdentifier(open.bgpIdentifier())
              + ", hold time "
              + open.holdTimeSeconds()
              + " s";
      case Update update -> of(update);
      case Notification notification -> {
        String text = notification.shutdownText();
        yield notification.words() + (text == null ? "" : ": \"" + text + "\"");
      }
      case RouteRefresh refresh -> refresh.toString();
      case Keepalive _ -> "";
      case UnknownMessage unknown -> unknown.toString();
    };
  }

  private static String of(Update update) {
    Family endOfRib = update.endOfRib();
    if (endOfRib != null) {
      return "End-of-RIB " + endOfRib;
    }
    var parts = new ArrayList<String>();
    name(parts, "-", update.withdrawn());
    name(parts, "+", update.announced());
    AsPath path = update.attribute(AsPath.class);
    String text = String.join(" ", parts);
    return path == null || update.announced().isEmpty() ? text : text + ", path " + path;
  }

  private static void name(List<String> parts, String sign, List<NlriBlock> blocks) {
    int named = 0;
    long more = 0;
    for (NlriBlock block : blocks) {
      NlriCursor cursor = block.routes();
      while (cursor.next()) {
        if (named < PREFIXES_NAMED) {
          parts.add(sign + cursor.text());
          named++;
        } else {
          more++;
        }
      }
    }
    if (more > 0) {
      parts.add(sign + more + " more");
    }
  }
}
