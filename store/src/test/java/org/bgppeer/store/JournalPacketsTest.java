package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Updates;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Packets of a journal with several segments of several parts each, by all that can be asked.
class JournalPacketsTest {
  private static final long OUR_AS = 64496;
  private static final byte[] OURS = AddressText.parse("192.0.2.100");
  private static final Instant BEGIN = Instant.parse("2026-03-31T23:50:00Z");

  /// Neighbors by name; the last one has none and is called by its address.
  private static final List<String> ADDRESSES =
      List.of("192.0.2.1", "192.0.2.2", "2001:db8::3", "192.0.2.9");

  private static final Map<JournalPackets.Peer, String> NAMES =
      Map.of(
          new JournalPackets.Peer("192.0.2.1", 64501, ""), "one",
          new JournalPackets.Peer("192.0.2.2", 64502, ""), "two",
          new JournalPackets.Peer("2001:db8::3", 64503, ""), "three");
  private static final List<String> CALLED = List.of("one", "two", "three", "192.0.2.9");

  /// A packet as it was written.
  private record Written(Instant at, String neighbor, int type, @Nullable String prefix) {}

  @TempDir Path dir;
  private final SplittableRandom random = new SplittableRandom(64_496);
  private final List<Written> written = new ArrayList<>();
  private Instant now = BEGIN;
  private Journal journal;

  @BeforeEach
  void open() throws IOException {
    journal = Journal.open(dir, JournalOptions.defaults().withClock(() -> now));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  /// Writes a packet of a neighbor; many are UPDATEs, some of the greatest size.
  private void write(int neighbor) {
    now = now.plusMillis(random.nextInt(300));
    int kind = random.nextInt(200);
    String prefix = null;
    byte[] message;
    if (kind == 0) {
      message = new Notification(6, 4, Octets.of(new byte[0])).encode();
    } else if (kind < 5) {
      message = new Keepalive().encode();
    } else {
      prefix = "10." + random.nextInt(3) + "." + random.nextInt(4) + ".0/24";
      var update = new Updates().usual("192.0.2.1", 64501, 64511).nlri(prefix);
      if (kind < 100) {
        update.attribute(0xc0, 200, new byte[random.nextInt(3000)]);
      }
      message = update.build();
    }
    byte[] peer = AddressText.parse(ADDRESSES.get(neighbor));
    byte[] record =
        Mrt.bgp4mpMessage(
            now,
            false,
            64501 + neighbor,
            OUR_AS,
            peer,
            peer.length == 4 ? OURS : AddressText.parse("2001:db8::100"),
            message,
            0,
            message.length,
            DecodeContext.AS4);
    journal.append(record, 0, record.length);
    written.add(new Written(now, CALLED.get(neighbor), message[18], prefix));
  }

  /// Neighbors in turns: one alone for a time, then all.
  private void write(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      write(i / 150 % 2 == 0 ? 0 : random.nextInt(ADDRESSES.size()));
      if (i % 500 == 499) {
        journal.flush(Duration.ofSeconds(20)); // by its clock
        now = now.plus(Duration.ofMinutes(5));
      }
    }
    journal.flush(Duration.ofSeconds(20));
  }

  private PacketList list(JournalPackets packets, PacketQuery query) throws IOException {
    return packets.list(query, NAMES, Set.of(), _ -> Map.of());
  }

  private static Written of(PacketRow row) {
    byte[] message = row.message().toByteArray();
    int end = message.length;
    return new Written(
        row.at(),
        row.neighbor(),
        row.type(),
        row.type() == 2 ? "10." + message[end - 2] + "." + message[end - 1] + ".0/24" : null);
  }

  private static boolean matches(Written each, PacketQuery query) {
    return (query.neighbor() == null || each.neighbor.equals(query.neighbor()))
        && (query.type() == null || each.type == query.type())
        && (query.since() == null || !each.at.isBefore(query.since()))
        && (query.until() == null || !each.at.isAfter(query.until()))
        && (query.prefix() == null || query.prefix().toString().equals(each.prefix));
  }

  private PacketQuery anyQuery(List<Long> ids, int limit) {
    Instant since = written.get(random.nextInt(written.size())).at;
    Instant until = written.get(random.nextInt(written.size())).at;
    int way = random.nextInt(3);
    return new PacketQuery(
            random.nextInt(2) == 0 ? null : CALLED.get(random.nextInt(CALLED.size())),
            random.nextInt(2) == 0 ? null : (Integer) (2 + random.nextInt(3)),
            false,
            random.nextInt(3) == 0 ? since : null,
            random.nextInt(3) == 0 ? until : null,
            way == 1 ? ids.get(random.nextInt(ids.size())) : null,
            way == 2 ? ids.get(random.nextInt(ids.size())) : null,
            limit)
        .withPrefix(random.nextInt(3) == 0 ? Prefix.parse("10.1.2.0/24") : null);
  }

  /// What a query should find, of packets whose numbers are known.
  private List<Written> expected(PacketQuery query, List<Long> ids) {
    var found = new ArrayList<Written>();
    for (int i = 0; i < written.size(); i++) {
      boolean inRange =
          (query.before() == null || ids.get(i) < query.before())
              && (query.after() == null || ids.get(i) > query.after());
      if (inRange && matches(written.get(i), query)) {
        found.add(written.get(i));
      }
    }
    var ordered = query.after() == null ? found.reversed() : found;
    return ordered.subList(0, Math.min(query.limit(), ordered.size()));
  }

  private List<Long> ids() throws IOException {
    var all = new PacketQuery(null, null, false, null, null, null, null, 99_999).patiently();
    var rows = list(new JournalPackets(dir), all).rows();
    assertThat(rows.reversed().stream().map(JournalPacketsTest::of)).isEqualTo(written);
    return rows.reversed().stream().map(PacketRow::id).toList();
  }

  @Test
  void everyQuestionFindsWhatALookAtEveryPacketFindsWhileTheJournalGrows() throws Exception {
    var packets = new JournalPackets(dir);
    for (int round = 0; round < 3; round++) {
      write(round * 350, (round + 1) * 350);
      var ids = ids();
      assertThat(ids).isSortedAccordingTo(Comparator.naturalOrder());
      for (int i = 0; i < 40; i++) {
        var query = anyQuery(ids, 1 + random.nextInt(60)).patiently();
        assertThat(list(packets, query).rows().stream().map(JournalPacketsTest::of))
            .as(query.toString())
            .isEqualTo(expected(query, ids));
      }
    }
  }

  @Test
  void aSearchThatEndsEarlySaysWhereToGoOn() throws Exception {
    write(0, 900);
    var ids = ids();
    var packets = new JournalPackets(dir, Duration.ofNanos(-1));
    for (int i = 0; i < 25; i++) {
      var query = anyQuery(ids, 100_000);
      var found = new ArrayList<Written>();
      int searches = 0;
      for (PacketQuery next = query; next != null; searches++) {
        assertThat(searches).isLessThan(200);
        var list = list(packets, next);
        list.rows().stream().map(JournalPacketsTest::of).forEach(found::add);
        var looked = list.looked();
        next =
            looked == null
                ? null
                : new PacketQuery(
                        query.neighbor(),
                        query.type(),
                        false,
                        query.since(),
                        query.until(),
                        query.after() == null ? (Long) looked.id() : query.before(),
                        query.after() == null ? null : (Long) looked.id(),
                        query.limit())
                    .withPrefix(query.prefix());
      }
      assertThat(found).as(query.toString()).isEqualTo(expected(query, ids));
    }
  }

  @Test
  void damageHidesNoOtherPacket() throws Exception {
    write(0, 300);
    var ids = ids();
    try (var files = Files.walk(dir)) {
      Path file =
          files
              .filter(each -> each.getFileName().toString().startsWith("updates."))
              .findFirst()
              .orElseThrow();
      int at = (int) PacketId.position(ids.get(150)).offset();
      byte[] octets = Files.readAllBytes(file);
      for (int i = 0; i < 12; i++) {
        octets[at + i] = 0; // the header of a record
      }
      Files.write(file, octets, StandardOpenOption.WRITE);
    }
    written.remove(150);

    assertThat(ids()).hasSize(299);
  }
}
