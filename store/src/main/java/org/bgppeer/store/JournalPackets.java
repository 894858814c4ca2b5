package org.bgppeer.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.bgppeer.journal.JournalDamaged;
import org.bgppeer.journal.JournalFile;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.journal.Position;
import org.bgppeer.journal.SegmentMissing;
import org.bgppeer.journal.SegmentReader;
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
/// A list goes through the parts of the segments in which there may be something ([SegmentIndex]),
/// newest first or oldest first, and looks at no more than the frame of each record, unless a
/// prefix is asked for, until it has enough rows or [#PATIENCE] is over; then it says how far it
/// looked.
final class JournalPackets {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int TYPE_AT = 18;

  /// Parts that are read together at most, when few do not have enough: a compressed one is
  /// unpacked with its neighbors.
  private static final int TOGETHER = 64;

  /// Parts of all segments that are remembered, those of the one that was asked for last aside:
  /// 3 GB of journal, 4 MB of memory.
  private static final int REMEMBERED = 50_000;

  /// So much later than it came a record may be written at most, into a segment that begins later.
  private static final Duration WAITED = Duration.ofMinutes(1);

  /// Octets of a segment at most, by which [PacketId] numbers packets.
  private static final long SEGMENT = 1L << 34;

  private final Path directory;
  private final JournalGap.Finder gaps;

  /// By name; the one that was not asked for the longest is first.
  private final LinkedHashMap<String, SegmentIndex> indexes = new LinkedHashMap<>(16, 0.75f, true);

  private final Duration patience;

  JournalPackets(Path directory) {
    this(directory, PATIENCE);
  }

  /// @param patience how long a search may take, unless its question is patient
  JournalPackets(Path directory, Duration patience) {
    this.directory = directory;
    this.gaps = new JournalGap.Finder(directory);
    this.patience = patience;
  }

  List<JournalGap> gaps() throws IOException {
    return Files.isDirectory(directory) ? gaps.gaps() : List.of();
  }

  /// Null if there is no such directory.
  Queries.@Nullable Room room() throws IOException {
    if (!Files.isDirectory(directory)) {
      return null;
    }
    var disk = Files.getFileStore(directory);
    long octets = JournalFile.list(directory).stream().mapToLong(JournalFile::octets).sum();
    return new Queries.Room(octets, disk.getUsableSpace(), disk.getTotalSpace());
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

  /// Packets that match; see [PacketQuery] for their order.
  ///
  /// @param muted neighbors whose UPDATEs are for those who ask for them by name
  PacketList list(
      PacketQuery query,
      Map<Peer, String> names,
      Set<String> muted,
      Function<List<Long>, Map<Long, String>> findings)
      throws IOException {
    var search = new Search(query, names, muted);
    PacketList.@Nullable Place looked = null;
    try {
      looked = query.after() == null ? search.older() : search.newer(query.after());
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Map<Long, String> reasons = findings.apply(search.found.stream().map(Found::id).toList());
    return new PacketList(
        search.found.stream().map(found -> row(found, names, reasons::get)).toList(), looked);
  }

  private static Instant start(String segment) {
    return Instant.ofEpochSecond((PacketId.base(segment) >>> 34) * 60);
  }

  private SegmentIndex index(String segment) {
    synchronized (indexes) {
      var index = indexes.computeIfAbsent(segment, name -> new SegmentIndex(directory, name));
      long sum = indexes.values().stream().mapToLong(SegmentIndex::size).sum();
      for (var each = indexes.values().iterator(); sum > REMEMBERED && each.hasNext(); ) {
        var oldest = each.next();
        if (oldest != index) {
          sum -= oldest.size();
          each.remove();
        }
      }
      return index;
    }
  }

  private void forget(String segment) {
    synchronized (indexes) {
      indexes.remove(segment);
    }
  }

  private record Found(MrtRecord record, long id, Position position) {}

  /// One question's way through the journal.
  private final class Search {
    private final PacketQuery query;
    private final Map<Peer, String> names;
    private final Set<String> muted;
    private final long deadline;
    private final long peers;
    private final List<Found> found = new ArrayList<>();

    Search(PacketQuery query, Map<Peer, String> names, Set<String> muted) {
      this.query = query;
      this.names = names;
      this.muted = muted;
      deadline = query.patient() ? Long.MAX_VALUE : System.nanoTime() + patience.toNanos();
      peers = query.neighbor() == null ? -1 : peers(query.neighbor());
    }

    /// The bits of all addresses that a neighbor has or had.
    private long peers(String neighbor) {
      return Stream.concat(
              Stream.of(neighbor),
              names.entrySet().stream()
                  .filter(entry -> entry.getValue().equals(neighbor))
                  .map(entry -> entry.getKey().address()))
          .mapToLong(
              address -> {
                try {
                  return SegmentIndex.peer(Octets.of(AddressText.parse(address)));
                } catch (IllegalArgumentException e) {
                  return 0; // a name that is no address
                }
              })
          .reduce(0, (x, y) -> x | y);
    }

    /// Whether a segment begins later than what is asked for.
    private boolean isAfterAll(String segment) {
      return query.until() != null && start(segment).isAfter(query.until().plus(WAITED));
    }

    private boolean isOver() {
      return System.nanoTime() > deadline;
    }

    private int room() {
      return query.limit() - found.size();
    }

    /// Newest first.
    ///
    /// @return how far it looked; null if it need not look further
    PacketList.@Nullable Place older() throws IOException, InterruptedException {
      String newer = null;
      try (var segments = SegmentReader.newestFirst(directory)) {
        for (var each = segments.iterator(); each.hasNext(); ) {
          String segment = each.next();
          if (query.since() != null && newer != null && start(newer).isBefore(query.since())) {
            return null; // and so are all others too old
          }
          newer = segment;
          boolean tooNew =
              query.before() != null && PacketId.base(segment) >= query.before()
                  || isAfterAll(segment);
          if (tooNew) {
            continue;
          }
          try {
            var looked = older(segment);
            if (looked != null || room() <= 0) {
              return looked;
            }
          } catch (SegmentMissing e) {
            forget(segment); // removed by retention between the listing and now
          }
        }
      }
      return null;
    }

    private PacketList.@Nullable Place older(String segment)
        throws IOException, InterruptedException {
      long base = PacketId.base(segment);
      var parts = index(segment).parts(deadline);
      if (parts == null) {
        long end = base + SEGMENT;
        return new PacketList.Place(
            query.before() == null ? end : Math.min(end, query.before()), null);
      }
      int width = 1;
      for (int to = parts.size(); to > 0 && room() > 0; ) {
        if (!mayHave(parts.get(to - 1), base)) {
          to--;
          continue;
        }
        int from = to - 1;
        while (from > 0 && to - from < width && mayHave(parts.get(from - 1), base)) {
          from--;
        }
        var last = new ArrayDeque<Found>();
        int room = room();
        scan(
            segment,
            parts.get(from).begin(),
            parts.get(to - 1).end(),
            each -> {
              if (last.size() == room) {
                last.removeFirst();
              }
              return last.add(each);
            });
        last.descendingIterator().forEachRemaining(found::add);
        if (isOver() && room() > 0) {
          var part = parts.get(from);
          return new PacketList.Place(base + part.begin(), Instant.ofEpochSecond(part.since()));
        }
        to = from;
        width = Math.min(2 * width, TOGETHER);
      }
      return null;
    }

    /// Oldest first, those after a packet.
    ///
    /// @return how far it looked; null if it need not look further
    PacketList.@Nullable Place newer(long after) throws IOException, InterruptedException {
      String first = PacketId.position(after).segment();
      for (String segment : SegmentReader.from(directory, after == 0 ? null : first)) {
        if (isAfterAll(segment)) {
          return null;
        }
        try {
          var looked = newer(segment, after);
          if (looked != null || room() <= 0) {
            return looked;
          }
        } catch (SegmentMissing e) {
          forget(segment);
        }
      }
      return null;
    }

    private PacketList.@Nullable Place newer(String segment, long after)
        throws IOException, InterruptedException {
      long base = PacketId.base(segment);
      var parts = index(segment).parts(deadline);
      if (parts == null) {
        return new PacketList.Place(Math.max(after, base), null);
      }
      int width = 1;
      for (int from = 0; from < parts.size() && room() > 0; ) {
        if (base + parts.get(from).end() <= after + 1 || !mayHave(parts.get(from), base)) {
          from++;
          continue;
        }
        int to = from + 1;
        while (to < parts.size() && to - from < width && mayHave(parts.get(to), base)) {
          to++;
        }
        scan(
            segment,
            parts.get(from).begin(),
            parts.get(to - 1).end(),
            each -> {
              found.add(each);
              return room() > 0;
            });
        if (isOver() && room() > 0) {
          var part = parts.get(to - 1);
          return new PacketList.Place(base + part.end() - 1, Instant.ofEpochSecond(part.until()));
        }
        from = to;
        width = Math.min(2 * width, TOGETHER);
      }
      return null;
    }

    /// Whether something that matches can be in a part.
    private boolean mayHave(SegmentIndex.Part part, long base) {
      return part.since() <= part.until()
          && (query.before() == null || base + part.begin() < query.before())
          && (query.since() == null || part.until() >= query.since().getEpochSecond())
          && (query.until() == null || part.since() <= query.until().getEpochSecond())
          && (query.type() == null || (part.types() & SegmentIndex.type(query.type())) != 0)
          && (query.prefix() == null
              || (part.types() & SegmentIndex.type(MessageType.Assigned.UPDATE.code())) != 0)
          && (part.peers() & peers) != 0;
    }

    private void scan(String segment, long begin, long end, Sink sink) throws IOException {
      long base = PacketId.base(segment);
      try (var reader = SegmentReader.open(directory, new Position(segment, begin))) {
        while (reader.next() && reader.position() < end) {
          long id = base + reader.position();
          if (query.before() != null && id >= query.before()) {
            return;
          }
          if (query.after() != null && id <= query.after()) {
            continue;
          }
          int recordEnd = reader.offset() + reader.length();
          if (matches(reader.buffer(), reader.offset(), recordEnd)) {
            byte[] own = Arrays.copyOfRange(reader.buffer(), reader.offset(), recordEnd);
            var position = new Position(segment, reader.position());
            if (!sink.take(new Found(MrtRecord.of(own, 0, own.length), id, position))) {
              return;
            }
          }
        }
      } catch (MrtError e) {
        throw new IllegalStateException("a record that was read is none", e);
      }
    }

    private boolean matches(byte[] octets, int offset, int end) {
      try {
        return JournalPackets.matches(MrtRecord.of(octets, offset, end), query, names, muted);
      } catch (MrtError e) {
        return false; // nothing that could be shown
      }
    }
  }

  /// Where the records of a segment go, in its order.
  private interface Sink {
    /// Takes one that matches.
    ///
    /// @return false if it has enough
    boolean take(Found found);
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

  static int type(MrtRecord record) {
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
}
