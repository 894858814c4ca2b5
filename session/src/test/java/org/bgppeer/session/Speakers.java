package org.bgppeer.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// What a test of this room begins with: a tape, a clock, collectors and scripted neighbors on
/// loopback, all closed with it.
final class Speakers implements AutoCloseable {
  static final long OUR_AS = 64512;
  static final long OUR_ID = 0x0a0000ffL; // 10.0.0.255
  static final String ONE = "127.11.0.1";
  static final String TWO = "127.11.0.2";

  final TurnedClock clock = new TurnedClock();
  final Tape tape = new Tape();
  private final List<AutoCloseable> open = new ArrayList<>();

  static InetAddress ip(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  static NeighborConfig passive(String name, String address, long as) {
    return NeighborConfig.of(name, ip(address), as).withDirections(false, true);
  }

  /// What we are, listening on a port that the system chooses.
  static LocalConfig local() {
    return LocalConfig.of(OUR_AS, OUR_ID, List.of(new InetSocketAddress(ip("127.11.0.100"), 0)));
  }

  Collector start(NeighborConfig... neighbors) throws Exception {
    return start(List.of(neighbors), List.of());
  }

  Collector start(List<NeighborConfig> neighbors, List<NeighborRange> ranges) throws Exception {
    return start(local(), neighbors, ranges);
  }

  Collector start(LocalConfig local, List<NeighborConfig> neighbors, List<NeighborRange> ranges)
      throws Exception {
    var collector = new Collector(local, neighbors, ranges, tape, clock);
    open.add(collector);
    collector.start();
    return collector;
  }

  ScriptedPeer call(Collector collector, String from) throws Exception {
    var peer = ScriptedPeer.dial(collector.listening().getFirst(), from);
    open.add(peer);
    return peer;
  }

  ScriptedPeer established(Collector collector, String from, String name) throws Exception {
    int before = tape.changes(name).size();
    var peer = call(collector, from).establish(64500, 90);
    if (tape.awaitChange(name, before + 1).newState() != 6) {
      throw new AssertionError("not up: " + tape.changes(name));
    }
    return peer;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }
}
