package org.bgppeer.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.bgppeer.journal.JournalDamaged;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.journal.Position;
import org.bgppeer.journal.SegmentMissing;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.NlriBlock;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// Packets, read from the journal where they are: the database keeps only their positions.
///
/// A list reads whole segments, newest first, and looks at no more than the frame of each record,
/// unless a prefix is asked for, until it has enough rows or [#PATIENCE] is over; a page that came
/// short is gone on with as any other.
final class JournalPackets {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int TYPE_AT = 18;

  private final Path directory;

  JournalPackets(Path directory) {
    this.directory = directory;
  }

  List<JournalGap> gaps() throws IOException {
    return Files.isDirectory(directory) ? JournalGap.of(directory) : List.of();
  }

  /// How a record names a neighbor.
  ///
  /// @param local our end, if that tells it from others; else empty
  record Peer(String address, long as, String local) {}

  /// The packet at a number; empty if the journal has none there (any more).
  Optional<PacketRow> read(
      long id, Map<Peer, String> names, LongFunction<@Nullable String> findings)
      throws IOException {
    try {
      var position = PacketId.position(id);
      byte[] octets = JournalReader.recordAt(directory, position);
      var record = MrtRecord.of(octets, 0, octets.length);
      return record.isMessage()
          ? Optional.of(row(new Found(record, id, position), names, findings))
          : Optional.empty();
    } catch (SegmentMissing | JournalDamaged | MrtError | IllegalArgumentException e) {
      return Optional.empty(); // no number of a packet, or of one that is no longer kept
    }
  }

  private boolean isPacket(long id) throws IOException {
    return read(id, Map.of(), _ -> null).isPresent();
  }

  /// Packets that match; see [PacketQuery] for their order.
  ///
  /// @param muted neighbors whose UPDATEs are for those who ask for them by name
  List<PacketRow> list(
      PacketQuery query,
      Map<Peer, String> names,
      Set<String> muted,
      LongFunction<@Nullable String> findings)
      throws IOException {
    long deadline = query.patient() ? Long.MAX_VALUE : System.nanoTime() + PATIENCE.toNanos();
    var segments = segments();
    var rows = new ArrayList<PacketRow>();
    if (query.after() != null) {
      for (String segment : segments) {
        if (PacketId.base(segment) + (1L << 34) > query.after()) {
          scan(
              segment,
              query,
              names,
              muted,
              found -> {
                rows.add(row(found, names, findings));
                return rows.size() < query.limit();
              });
        }
        if (rows.size() >= query.limit() || System.nanoTime() > deadline) {
          break;
        }
      }
      return rows;
    }
    Collections.reverse(segments);
    String newer = null;
    for (String segment : segments) {
      boolean tooNew =
          query.before() != null && PacketId.base(segment) >= query.before()
              || query.until() != null && start(segment).isAfter(query.until());
      boolean tooOld =
          newer != null && query.since() != null && start(newer).isBefore(query.since());
      newer = segment;
      if (tooOld) {
        break;
      }
      if (!tooNew) {
        int room = query.limit() - rows.size();
        var last = new ArrayDeque<Found>();
        scan(
            segment,
            query,
            names,
            muted,
            found -> {
              if (last.size() == room) {
                last.removeFirst();
              }
              return last.add(found);
            });
        last.descendingIterator().forEachRemaining(found -> rows.add(row(found, names, findings)));
      }
      if (rows.size() >= query.limit() || System.nanoTime() > deadline) {
        break;
      }
    }
    return rows;
  }

  private static Instant start(String segment) {
    return Instant.ofEpochSecond((PacketId.base(segment) >>> 34) * 60);
  }

  /// Where the records of a segment go, in its order.
  private interface Sink {
    /// Takes one that matches.
    ///
    /// @return false if it has enough
    boolean take(Found found);
  }

  private record Found(MrtRecord record, long id, Position position) {}

  private void scan(
      String segment, PacketQuery query, Map<Peer, String> names, Set<String> muted, Sink sink)
      throws IOException {
    long base = PacketId.base(segment);
    // What stands before it need not be read; a number that is not that of a packet says nothing.
    long after = query.after() == null ? 0 : query.after();
    long begin = after > base && isPacket(after) ? after - base : 0;
    try (var reader = JournalReader.of(directory, new Position(segment, begin))) {
      while (reader.next(Duration.ZERO)) {
        var position = reader.position();
        if (!position.segment().equals(segment)) {
          return;
        }
        long id = base + position.offset();
        if (query.before() != null && id >= query.before()) {
          return;
        }
        if (query.after() != null && id <= query.after()) {
          continue;
        }
        var frame =
            MrtRecord.of(reader.buffer(), reader.offset(), reader.offset() + reader.length());
        if (matches(frame, query, names, muted)) {
          byte[] own =
              Arrays.copyOfRange(
                  reader.buffer(), reader.offset(), reader.offset() + reader.length());
          if (!sink.take(new Found(MrtRecord.of(own, 0, own.length), id, position))) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SegmentMissing e) {
      return; // removed by retention between the listing and now
    } catch (MrtError e) {
      throw new IOException("segment " + segment + " has a record that cannot be read", e);
    }
  }

  private static boolean matches(
      MrtRecord record, PacketQuery query, Map<Peer, String> names, Set<String> muted) {
    if (!record.isMessage()) {
      return false;
    }
    if (query.type() != null && type(record) != query.type()) {
      return false;
    }
    if (query.since() != null && record.at().isBefore(query.since())
        || query.until() != null && record.at().isAfter(query.until())) {
      return false;
    }
    if (query.neighbor() != null && !query.neighbor().equals(name(record, names))) {
      return false;
    }
    if (query.neighbor() == null
        && !muted.isEmpty()
        && !record.isLocal()
        && type(record) == MessageType.Assigned.UPDATE.code()
        && muted.contains(name(record, names))) {
      return false;
    }
    return query.prefix() == null
        || type(record) == MessageType.Assigned.UPDATE.code()
            && names(
                record.array(),
                record.messageOffset(),
                record.messageLength(),
                record.context(),
                query.prefix());
  }

  /// Whether a packet is an UPDATE that announces or withdraws exactly this prefix.
  static boolean names(PacketRow packet, Prefix prefix) {
    byte[] message = packet.message().toByteArray();
    return packet.type() == MessageType.Assigned.UPDATE.code()
        && names(message, 0, message.length, packet.context(), prefix);
  }

  private static boolean names(
      byte[] array, int offset, int length, DecodeContext context, Prefix prefix) {
    if (!mayName(array, offset, length, prefix)) {
      return false;
    }
    var update = Update.decode(array, offset, length, context);
    byte[] key = prefix.key();
    return Stream.concat(update.withdrawn().stream(), update.announced().stream())
        .anyMatch(block -> names(block, prefix.isIpv6(), key));
  }

  /// Whether the whole octets of the prefix stand anywhere in the message: in most they do not.
  private static boolean mayName(byte[] array, int offset, int length, Prefix prefix) {
    byte[] wanted = prefix.address();
    int octets = prefix.length() / 8;
    for (int at = offset; at + octets <= offset + length; at++) {
      if (Arrays.equals(array, at, at + octets, wanted, 0, octets)) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(NlriBlock block, boolean ipv6, byte[] key) {
    var family = block.family();
    if (family.isIpv6() != ipv6) {
      return false;
    }
    if (family.hasPlainPrefixes()) {
      byte[] own = new byte[key.length];
      for (var cursor = block.cursor(); cursor.next(); ) {
        cursor.copyKey(own, 0);
        if (Arrays.equals(own, key)) {
          return true;
        }
      }
    } else if (family.hasPrefixKeys()) {
      for (var route = block.routes(); route.next(); ) {
        if (route.fault() == null && Arrays.equals(route.key(), key)) {
          return true;
        }
      }
    }
    return false;
  }

  private static int type(MrtRecord record) {
    return record.messageLength() > TYPE_AT
        ? record.array()[record.messageOffset() + TYPE_AT] & 0xff
        : 0;
  }

  private static String name(MrtRecord record, Map<Peer, String> names) {
    String address = AddressText.of(record.peerAddress());
    String local = AddressText.of(record.localAddress());
    String apart = names.get(new Peer(address, record.peerAs(), local));
    return apart != null
        ? apart
        : names.getOrDefault(new Peer(address, record.peerAs(), ""), address);
  }

  private static PacketRow row(
      Found found, Map<Peer, String> names, LongFunction<@Nullable String> findings) {
    var record = found.record;
    return new PacketRow(
        found.id,
        record.at(),
        name(record, names),
        record.isLocal(),
        type(record),
        Octets.copyOf(record.array(), record.messageOffset(), record.messageLength()),
        record.context(),
        findings.apply(found.id),
        found.position.segment(),
        found.position.offset());
  }

  /// Names of the segments, oldest first.
  private List<String> segments() throws IOException {
    if (!Files.isDirectory(directory)) {
      return new ArrayList<>();
    }
    try (var files = Files.walk(directory, 2)) {
      return new ArrayList<>(
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("updates\\.\\d{8}\\.\\d{4}(\\.gz)?"))
              .map(name -> name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name)
              .distinct()
              .sorted()
              .toList());
    }
  }
}
