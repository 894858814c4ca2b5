package org.bgppeer.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.Updates;
import org.jspecify.annotations.Nullable;

/// Records that some neighbors might cause, made from a seed: few prefixes, few attributes, so that
/// everything happens to the same routes again and again. One neighbor sends path identifiers in
/// some of its sessions, one VPN and EVPN routes. In every other story the clock is set back now
/// and then.
final class GeneratedStory {
  private static final byte[] OURS = AddressText.parse("192.0.2.10");
  private static final long OUR_AS = 64496;
  private static final Family VPN = new Family(1, 128);
  private static final Family EVPN = new Family(25, 70);
  private static final String[] IPV4 = {
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/9",
    "10.1.0.0/16",
    "10.1.2.0/24",
    "198.51.100.0/24",
    "203.0.113.7/32"
  };
  private static final String[] IPV6 = {"::/0", "2001:db8::/32", "2001:db8::1/128"};
  private static final SessionCause[] ENDS = {
    SessionCause.HOLD_TIMER_EXPIRED,
    SessionCause.NOTIFICATION_RECEIVED,
    SessionCause.CONNECTION_RESET,
    SessionCause.ADMINISTRATIVE,
    SessionCause.PREFIX_LIMIT,
    SessionCause.COLLISION
  };

  private final Random random;
  private final boolean setsClockBack;
  private final List<Peer> peers =
      List.of(
          new Peer("192.0.2.1", 64500, false),
          new Peer("192.0.2.2", 64501, false),
          new Peer("192.0.2.3", 64502, true));
  private final List<byte[]> records = new ArrayList<>();
  private Instant now = Story.BEGIN;

  private static final class Peer {
    private final String address;
    private final long as;
    private final boolean vpn;
    private boolean up;
    private boolean addPath;
    private @Nullable Family begun;

    Peer(String address, long as, boolean vpn) {
      this.address = address;
      this.as = as;
      this.vpn = vpn;
    }
  }

  private GeneratedStory(long seed) {
    random = new Random(seed);
    setsClockBack = seed % 2 == 1;
  }

  /// @return what is appended to the journal in one call each: a record, or a reason and its state
  ///     change
  static List<byte[]> records(long seed, int steps) {
    var story = new GeneratedStory(seed);
    for (int i = 0; i < steps; i++) {
      story.step();
    }
    return story.records;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T any(T[] all) {
    return all[random.nextInt(all.length)];
  }

  private void step() {
    if (chance(70)) {
      now = now.plusNanos(1_000L * (1 + random.nextInt(5_000_000)));
    } else if (chance(10)) {
      now = now.plusSeconds(random.nextInt(chance(20) ? 2000 : 800));
    }
    if (setsClockBack && chance(4)) {
      now = now.minusNanos(1_000L * random.nextLong(chance(30) ? 2_000_000_000L : 30_000_000));
    }
    var peer = peers.get(random.nextInt(peers.size()));
    if (!peer.up) {
      if (chance(20)) {
        up(peer);
        if (chance(15)) { // and is lost before it brought anything
          state(peer, 6, 1, new StateReason(SessionCause.CONNECTION_CLOSED, "", ""));
          peer.up = false;
        }
      } else if (chance(20)) {
        var refused = new StateReason(SessionCause.CONNECTION_REFUSED, "", peer.address);
        state(peer, 2, 1, refused);
      } else if (chance(3)) {
        message(peer, false, announcement(peer).build()); // an UPDATE from nowhere
        peer.up = true;
        peer.addPath = false;
      } else {
        state(peer, 1, 3, null);
      }
      return;
    }
    int what = random.nextInt(100);
    if (what < 45) {
      message(peer, false, announcement(peer).build());
    } else if (what < 53) {
      refresh(peer);
    } else if (what < 70) {
      message(peer, false, withdrawal(new Updates(), peer).build());
    } else if (what < 74) {
      message(peer, false, withdrawal(announcement(peer), peer).build());
    } else if (what < 79) {
      message(peer, false, malformed(peer).build());
    } else if (what < 87) {
      message(peer, false, Updates.endOfRib(anyFamily(peer)));
    } else if (what < 92) {
      message(peer, false, new Keepalive().encode());
    } else if (what < 93) {
      var full = new StateReason(SessionCause.PREFIX_LIMIT, "", anyFamily(peer) + " 3");
      state(peer, 6, 6, full); // no new ones are stored from here on
    } else if (what < 94) {
      state(peer, 5, 6, null); // up, though it never went down
    } else if (what < 97) {
      down(peer, any(ENDS));
    } else {
      var cause = chance(50) ? SessionCause.COLLECTOR_CRASHED : SessionCause.COLLECTOR_STOPPED;
      peers.stream().filter(each -> each.up).forEach(each -> down(each, cause));
    }
  }

  /// Mostly the end of what was begun, or a beginning.
  private void refresh(Peer peer) {
    var begun = peer.begun;
    boolean end = chance(begun == null ? 10 : 60);
    var family = end && begun != null && chance(80) ? begun : anyFamily(peer);
    peer.begun = end ? null : family;
    int subtype = end ? RouteRefresh.END : RouteRefresh.BEGIN;
    message(peer, false, new RouteRefresh(family, subtype, Octets.EMPTY).encode());
  }

  private Family anyFamily(Peer peer) {
    var families = families(peer);
    return families.get(random.nextInt(families.size()));
  }

  private void up(Peer peer) {
    if (chance(90)) {
      peer.addPath = peer.address.endsWith(".2") && chance(80);
      var families = families(peer);
      var both = new ArrayList<Capability>();
      if (chance(70)) {
        both.add(new Capability.EnhancedRouteRefresh());
      }
      var theirs = new ArrayList<>(both);
      if (chance(60)) {
        theirs.add(new Capability.GracefulRestart(true, false, 120, keptForwarding(families)));
        if (chance(40)) {
          theirs.add(longLived(families));
        }
      }
      message(peer, true, open(OUR_AS, 10, families, peer.addPath, both));
      message(peer, false, open(peer.as, 20, families, peer.addPath, theirs));
    } else {
      peer.addPath = false;
    }
    state(peer, 5, 6, null);
    peer.up = true;
  }

  /// Some of them.
  private List<Capability.GracefulRestart.Entry> keptForwarding(List<Family> families) {
    return families.stream()
        .filter(_ -> chance(80))
        .map(family -> new Capability.GracefulRestart.Entry(family, chance(70)))
        .toList();
  }

  private Capability longLived(List<Family> families) {
    return new Capability.LongLivedGracefulRestart(
        families.stream()
            .map(family -> new Capability.LongLivedGracefulRestart.Entry(family, chance(50), 3600))
            .toList());
  }

  private List<Kept> kept(Peer peer) {
    var kept = new ArrayList<Kept>();
    for (var family : families(peer)) {
      if (chance(70)) {
        kept.add(
            new Kept(family, 1 + random.nextInt(100), chance(40) ? 1 + random.nextInt(200) : 0));
      }
    }
    return kept;
  }

  private static List<Family> families(Peer peer) {
    return peer.vpn
        ? List.of(Family.IPV4_UNICAST, VPN, EVPN)
        : List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
  }

  private static byte[] open(
      long as, long identifier, List<Family> families, boolean addPath, List<Capability> more) {
    var capabilities = new ArrayList<Capability>();
    families.forEach(family -> capabilities.add(new Capability.Multiprotocol(family)));
    capabilities.add(new Capability.FourOctetAs(as));
    if (addPath) {
      capabilities.add(
          new Capability.AddPath(
              List.of(new Capability.AddPath.Entry(Family.IPV4_UNICAST, Capability.AddPath.BOTH))));
    }
    capabilities.addAll(more);
    return Open.of(as, 90, identifier, capabilities).encode();
  }

  private void down(Peer peer, SessionCause cause) {
    var kept = cause != SessionCause.COLLISION && chance(50) ? kept(peer) : List.<Kept>of();
    boolean ours =
        cause == SessionCause.COLLECTOR_CRASHED || cause == SessionCause.COLLECTOR_STOPPED;
    state(peer, 6, 1, new StateReason(cause, "", ours ? List.of() : kept, ""));
    peer.up = false;
  }

  private Updates announcement(Peer peer) {
    var update = new Updates();
    int kind = random.nextInt(10);
    if (peer.vpn && kind < 7) {
      boolean evpn = chance(40);
      update.origin(0).asPath(peer.as, 64510 + random.nextInt(3));
      return evpn
          ? update.attribute(0x80, 14, "001946 04 c0000203 00 " + evpn())
          : update.attribute(
              0x80, 14, "000180 0c 0000000000000000c0000203 00 " + vpn(random.nextInt(3)));
    }
    if (!peer.vpn && kind < 3) {
      return update
          .origin(0)
          .asPath(peer.as, 64510 + random.nextInt(3))
          .mpReach(Family.IPV6_UNICAST, "2001:db8::" + (1 + random.nextInt(2)), some(IPV6));
    }
    update.usual(peer.address, peer.as, 64510 + random.nextInt(3));
    if (chance(20)) {
      update.med(random.nextInt(2));
    }
    if (chance(20)) {
      update.communities(chance(60) ? "65535:7" : "64500:" + random.nextInt(2));
    } else if (chance(30)) { // a long list, which has its text elsewhere
      update.communities(
          "64500:" + random.nextInt(3), "64501:100", chance(30) ? "65535:7" : "64501:200");
    }
    routes(update, peer);
    if (chance(20)) {
      routes(update, peer); // maybe the same ones twice
    }
    return update;
  }

  private void routes(Updates update, Peer peer) {
    if (peer.addPath) {
      update.nlriOfPath(1 + random.nextInt(3), some(IPV4));
    } else {
      update.nlri(some(IPV4));
    }
  }

  private Updates withdrawal(Updates update, Peer peer) {
    int kind = random.nextInt(10);
    if (peer.vpn && kind < 7) {
      return chance(40)
          ? update.attribute(0x80, 15, "001946" + evpn())
          : update.attribute(0x80, 15, "000180" + vpn(random.nextInt(3)));
    }
    if (!peer.vpn && kind < 3) {
      return update.mpUnreach(Family.IPV6_UNICAST, some(IPV6));
    }
    return peer.addPath
        ? update.withdrawPath(1 + random.nextInt(3), some(IPV4))
        : update.withdraw(some(IPV4));
  }

  private Updates malformed(Peer peer) {
    var update = new Updates();
    switch (random.nextInt(3)) {
      case 0 -> update.origin(9).asPath(peer.as).nextHop(peer.address); // treat-as-withdraw
      case 1 -> update.usual(peer.address, peer.as, 64510).attribute(0xc0, 7, "00"); // discarded
      default -> update.usual(peer.address, peer.as, 64510).rawNlri("28"); // resets the session
    }
    routes(update, peer);
    return update;
  }

  private static String vpn(int net) {
    return "70"
        + HexFormat.of().toHexDigits((24_001 + net % 2) << 4 | 1).substring(2)
        + "0000fbf400000064"
        + "c0000"
        + (2 + net);
  }

  /// An IP prefix route, one of three, with one of two labels.
  private String evpn() {
    return "0522 0000fbf400000001 00000000000000000000 00000000 20 c633640"
        + random.nextInt(3)
        + " 00000000 000"
        + (1 + random.nextInt(2))
        + "01";
  }

  private String[] some(String[] all) {
    if (all == IPV4 && chance(15)) { // a part of a table, mostly the same
      int from = chance(70) ? 0 : random.nextInt(20);
      return IntStream.range(from, from == 0 ? 110 : from + 40 + random.nextInt(20))
          .mapToObj(i -> "10.77." + i + ".0/24")
          .toArray(String[]::new);
    }
    var some = new String[1 + random.nextInt(3)];
    for (int i = 0; i < some.length; i++) {
      some[i] = any(all);
    }
    return some;
  }

  private void state(Peer peer, int from, int to, @Nullable StateReason reason) {
    records.add(
        Mrt.stateChange(
            now, peer.as, OUR_AS, AddressText.parse(peer.address), OURS, from, to, reason));
  }

  private void message(Peer peer, boolean sent, byte[] message) {
    var context = peer.addPath ? Updates.addPath(Family.IPV4_UNICAST) : DecodeContext.AS4;
    records.add(
        Mrt.bgp4mpMessage(
            now,
            sent,
            peer.as,
            OUR_AS,
            AddressText.parse(peer.address),
            OURS,
            message,
            0,
            message.length,
            context));
  }
}
