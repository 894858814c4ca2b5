package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.session.ScriptedPeer;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReasons;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/// What routers said, session by session, each announcement with a number of its own as MED: what
/// the collector's journal must begin with, and what routes that leaves. It shares no code with the
/// store: routes are a map.
final class SentSessions {
  private static final int UPDATE = 2;

  private final AtomicLong numbers = new AtomicLong();
  private final Map<Octets, Session> byFirst = new ConcurrentHashMap<>();

  /// One session's UPDATEs, noted before they are sent; the first is an announcement.
  final class Session {
    private final ScriptedPeer peer;
    private final long as;
    private final List<Octets> messages = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();

    private Session(ScriptedPeer peer, long as) {
      this.peer = peer;
      this.as = as;
    }

    void announce(String... prefixes) throws IOException {
      long number = numbers.incrementAndGet();
      var attributes =
          new WireWriter()
              .octets(new byte[] {0x40, 1, 1, 0, 0x40, 2, 6, 2, 1})
              .u32(as)
              .octets(new byte[] {0x40, 3, 4, (byte) 192, 0, 2, 1, (byte) 0x80, 4, 4})
              .u32(number);
      say(
          new Said(number, prefixes),
          ScriptedPeer.updateOctets(new byte[0], attributes.toByteArray(), nlri(prefixes)));
    }

    void withdraw(String... prefixes) throws IOException {
      say(
          new Said(0, prefixes),
          ScriptedPeer.updateOctets(nlri(prefixes), new byte[0], new byte[0]));
    }

    void endOfRib() throws IOException {
      say(new Said(0), ScriptedPeer.updateOctets(new byte[0], new byte[0], new byte[0]));
    }

    private void say(Said what, byte[] message) throws IOException {
      synchronized (this) {
        messages.add(Octets.of(message));
        said.add(what);
      }
      if (messages.size() == 1) {
        byFirst.put(messages.getFirst(), this);
      }
      peer.send(message);
    }

    private synchronized Said said(int index, Octets message) {
      assertThat(message).as("message %d of a session", index).isEqualTo(messages.get(index));
      return said.get(index);
    }
  }

  /// An announcement with its MED, a withdrawal with none, End-of-RIB without prefixes.
  private record Said(long med, String... prefixes) {}

  /// A session that is up.
  Session begin(ScriptedPeer peer, long as) {
    return new Session(peer, as);
  }

  private static byte[] nlri(String... prefixes) {
    var out = new WireWriter();
    for (String text : prefixes) {
      Prefix prefix = Prefix.parse(text);
      out.u8(prefix.length()).octets(prefix.address(), 0, (prefix.length() + 7) / 8);
    }
    return out.toByteArray();
  }

  /// A router as the journal tells of it.
  private static final class Router {
    private final Map<String, Long> meds = new HashMap<>();
    private final Set<String> stale = new HashSet<>();
    private @Nullable Session session;
    private int next;
    private boolean ended;
  }

  /// Checks that the journal has of each session the beginning of what was sent, and of none twice.
  ///
  /// @return the routes that this leaves: `address|prefix|MED`
  List<String> model(Path journal) throws Exception {
    var routers = new HashMap<String, Router>();
    var seen = new HashSet<Session>();
    var reasons = new StateReasons();
    try (var reader = JournalReader.of(journal, null)) {
      while (reader.next(Duration.ZERO)) {
        var record =
            MrtRecord.of(reader.buffer(), reader.offset(), reader.offset() + reader.length());
        var reason = reasons.of(record);
        if (record.isMessage() && !record.isLocal()) {
          var message =
              Octets.copyOf(record.array(), record.messageOffset(), record.messageLength());
          if (message.toByteArray()[18] == UPDATE) {
            update(router(routers, record), message, seen);
          }
        } else if (record.isStateChange() && record.oldState() != record.newState()) {
          var router = router(routers, record);
          if (record.newState() == 6) {
            router.session = null;
            router.next = 0;
            router.ended = false;
            router.stale.addAll(router.meds.keySet());
          } else if (record.oldState() == 6
              && (reason == null
                  || reason.cause() != SessionCause.COLLECTOR_CRASHED
                      && reason.cause() != SessionCause.COLLECTOR_STOPPED)) {
            router.meds.clear();
            router.stale.clear();
          }
        }
      }
    }
    var rows = new ArrayList<String>();
    routers.forEach(
        (address, router) ->
            router.meds.forEach((prefix, med) -> rows.add(address + "|" + prefix + "|" + med)));
    return rows;
  }

  private static Router router(Map<String, Router> routers, MrtRecord record) {
    return routers.computeIfAbsent(AddressText.of(record.peerAddress()), _ -> new Router());
  }

  private void update(Router router, Octets message, Set<Session> seen) {
    if (router.next == 0) {
      Session begun = byFirst.get(message);
      assertThat(begun).as("a session that began with %s", message).isNotNull();
      assertThat(seen.add(begun)).as("the journal has it once").isTrue();
      router.session = begun;
    }
    Said said = Objects.requireNonNull(router.session).said(router.next++, message);
    for (String prefix : said.prefixes) {
      router.stale.remove(prefix);
      if (said.med == 0) {
        router.meds.remove(prefix);
      } else {
        router.meds.put(prefix, said.med);
      }
    }
    if (said.prefixes.length == 0 && !router.ended) {
      router.ended = true;
      router.meds.keySet().removeAll(router.stale);
      router.stale.clear();
    }
  }
}
