package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Records;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/// What three neighbors did on the morning of 17 March 2026, as MRT records: made by hand, so that
/// a test knows every route, time and reason.
///
/// ```
/// 03:00:00  rs1 (AS64500), core1 (AS64502) come up
/// 03:00:01  rs1    192.0.2.0/24, 198.51.100.0/24   64500 64511      community 64500:1
///           core1  192.0.2.0/24                    64502 64505 64511
/// 03:01:00  rs1    192.0.2.0/24 again, prepended   64500 64500 64511
/// 03:02:00  rs1    withdraws 198.51.100.0/24
/// 03:03:00  core1  closes: its route is inactive
/// ```
final class Story {
  static final Instant BEGIN = Instant.parse("2026-03-17T03:00:00Z");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-17T03:04:00Z"), ZoneOffset.UTC);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long LOCAL_AS = 64512;

  private static final String RS1 = "192.0.2.1";
  private static final String CORE1 = "198.51.100.7";

  private final List<byte[]> records = new ArrayList<>();

  private Story() {
    up(BEGIN, RS1, 64500);
    up(BEGIN, CORE1, 64502);
    Instant table = BEGIN.plusSeconds(1);
    update(
        table,
        RS1,
        64500,
        announce("192.0.2.1", List.of(64500, 64511), "192.0.2.0/24", "198.51.100.0/24"));
    update(table, RS1, 64500, updateOf("", new byte[0], ""));
    update(
        table,
        CORE1,
        64502,
        announce("198.51.100.7", List.of(64502, 64505, 64511), "192.0.2.0/24"));
    update(table, CORE1, 64502, updateOf("", new byte[0], ""));
    update(
        BEGIN.plusSeconds(60),
        RS1,
        64500,
        announce("192.0.2.1", List.of(64500, 64500, 64511), "192.0.2.0/24"));
    update(BEGIN.plusSeconds(120), RS1, 64500, updateOf("198.51.100.0/24", new byte[0], ""));
    state(
        BEGIN.plusSeconds(180),
        CORE1,
        64502,
        6,
        1,
        new StateReason(SessionCause.CONNECTION_CLOSED, "core1", ""));
  }

  /// Makes a data directory in which a collector would have heard it.
  static void asData(Path data) throws Exception {
    asData(data, null);
  }

  /// The same with the database elsewhere.
  ///
  /// @param db its JDBC URL; null for SQLite in the directory
  static void asData(Path data, @Nullable String db) throws Exception {
    new Story().hear(data, db);
  }

  /// At 03:03:30 rs1 announces one more prefix.
  static void goOn(Path data, @Nullable String db, String prefix) throws Exception {
    var story = new Story();
    story.records.clear();
    story.update(
        BEGIN.plusSeconds(210), RS1, 64500, announce("192.0.2.1", List.of(64500, 64511), prefix));
    story.hear(data, db);
  }

  private void hear(Path data, @Nullable String db) throws Exception {
    var directory = new DataDirectory(data, db);
    directory.prepare();
    try (Journal journal =
            Journal.open(directory.journal(), JournalOptions.defaults().withClock(CLOCK));
        Database database = directory.open()) {
      database.configure(
          List.of(
              new Database.ConfiguredNeighbor("rs1", RS1, 64500),
              new Database.ConfiguredNeighbor("core1", CORE1, 64502),
              new Database.ConfiguredNeighbor("silent", "203.0.113.9", 64503)),
          BEGIN.toEpochMilli() * 1000);
      records.forEach(record -> journal.append(record, 0, record.length));
      journal.flush(PATIENCE);
      try (var projector =
          Projector.start(
              database, Database.LIVE, from -> Records.of(journal.reader(from)), CLOCK)) {
        assertThat(projector.await(journal.end(), PATIENCE)).as("it is in the database").isTrue();
      }
    }
  }

  /// Writes it as an archive of somebody else.
  static Path asArchive(Path file) throws IOException {
    try (var plain = Files.newOutputStream(file);
        var out = file.toString().endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
      for (byte[] record : new Story().records) {
        out.write(record);
      }
    }
    return file;
  }

  private void up(Instant at, String neighbor, long as) {
    byte[] sent = open(LOCAL_AS, 0xc000020aL);
    byte[] received = open(as, 0xc0000200L | as & 0xff);
    message(at.minusMillis(30), neighbor, as, true, sent);
    message(at.minusMillis(20), neighbor, as, false, received);
    message(at.minusMillis(10), neighbor, as, true, new Keepalive().encode());
    message(at.minusMillis(5), neighbor, as, false, new Keepalive().encode());
    state(at, neighbor, as, 5, 6, null);
  }

  private static byte[] open(long as, long identifier) {
    return Open.of(
            as,
            90,
            identifier,
            List.of(
                new Capability.Multiprotocol(Family.IPV4_UNICAST), new Capability.FourOctetAs(as)))
        .encode();
  }

  private void update(Instant at, String neighbor, long as, byte[] message) {
    message(at, neighbor, as, false, message);
  }

  private void message(Instant at, String neighbor, long as, boolean sent, byte[] message) {
    records.add(
        Mrt.bgp4mpMessage(
            at,
            sent,
            as,
            LOCAL_AS,
            InetAddress.ofLiteral(neighbor).getAddress(),
            InetAddress.ofLiteral("192.0.2.10").getAddress(),
            message,
            0,
            message.length,
            DecodeContext.AS4));
  }

  private void state(
      Instant at, String neighbor, long as, int from, int to, @Nullable StateReason reason) {
    records.add(
        Mrt.stateChange(
            at,
            as,
            LOCAL_AS,
            InetAddress.ofLiteral(neighbor).getAddress(),
            InetAddress.ofLiteral("192.0.2.10").getAddress(),
            from,
            to,
            reason));
  }

  private static byte[] announce(String nextHop, List<Integer> path, String... prefixes) {
    var attributes =
        new WireWriter()
            .u8(0x40)
            .u8(1)
            .u8(1)
            .u8(0) // ORIGIN IGP
            .u8(0x40)
            .u8(2)
            .u8(2 + 4 * path.size())
            .u8(2)
            .u8(path.size());
    path.forEach(as -> attributes.u32(as));
    attributes
        .u8(0x40)
        .u8(3)
        .u8(4)
        .octets(InetAddress.ofLiteral(nextHop).getAddress()) // NEXT_HOP
        .u8(0xc0)
        .u8(8)
        .u8(4)
        .u16(64500)
        .u16(1); // COMMUNITIES 64500:1
    return updateOf("", attributes.toByteArray(), prefixes);
  }

  private static byte[] updateOf(String withdrawn, byte[] attributes, String... announced) {
    byte[] gone = nlri(withdrawn);
    byte[] come = nlri(announced);
    int length = Framing.HEADER_LENGTH + 4 + gone.length + attributes.length + come.length;
    return new WireWriter()
        .u64(-1)
        .u64(-1)
        .u16(length)
        .u8(2)
        .u16(gone.length)
        .octets(gone)
        .u16(attributes.length)
        .octets(attributes)
        .octets(come)
        .toByteArray();
  }

  private static byte[] nlri(String... prefixes) {
    var out = new WireWriter();
    for (String text : prefixes) {
      if (!text.isEmpty()) {
        Prefix prefix = Prefix.parse(text);
        int octets = (prefix.length() + 7) / 8;
        out.u8(prefix.length()).octets(Arrays.copyOf(prefix.address(), octets));
      }
    }
    return out.toByteArray();
  }
}
