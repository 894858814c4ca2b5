package org.bgppeer.replay;

import java.io.PrintStream;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Notification;

/// All that a simulated router says: a line an event, with the time and the router's name before
/// it.
final class RouterLog {
  private final PrintStream out;
  private final String name;
  private final Clock clock;

  RouterLog(PrintStream out, String name, Clock clock) {
    this.out = out;
    this.name = name;
    this.clock = clock;
  }

  void table(int routes, double rate) {
    line(
        String.format(Locale.ROOT, "table of %d routes, then %.1f changes a second", routes, rate));
  }

  void file(FileFeed file) {
    line(file.toString());
  }

  void listening(SocketAddress local) {
    line("listening at " + text(local));
  }

  void connecting(SocketAddress peer) {
    line("connecting to " + text(peer));
  }

  void notConnected(String why) {
    line("no connection: " + why + "; trying again");
  }

  void up(SocketAddress peer, Negotiated agreed) {
    line(
        "session up peer="
            + text(peer)
            + " as="
            + agreed.localAs()
            + " hold="
            + agreed.holdTime().toSeconds()
            + "s families="
            + agreed.families()
            + " "
            + agreed.context());
  }

  void sentAll(long messages) {
    line("sent everything: " + messages + " messages, End-of-RIB included");
  }

  void fileDone(FileFeed file) {
    line("the file is done; " + file.sentText());
  }

  void refresh(Object family) {
    line("route refresh of " + family);
  }

  void received(Notification notification) {
    line("NOTIFICATION received: " + notification);
  }

  void sent(Notification notification) {
    line("NOTIFICATION sent: " + notification);
  }

  void losing(SessionLoss style) {
    line("losing the session on purpose: " + style.name().toLowerCase(Locale.ROOT));
  }

  void down(String why) {
    line("session down: " + why);
  }

  void stopped() {
    line("stopped");
  }

  private static String text(SocketAddress address) {
    return address.toString().replaceFirst("^.*/", "");
  }

  private void line(String text) {
    out.println(clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + name + ": " + text);
  }
}
