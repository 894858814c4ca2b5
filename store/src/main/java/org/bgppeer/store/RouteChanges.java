package org.bgppeer.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Changes of one neighbor in one family, in the order in which they came, packed: some 20 octets
/// each.
///
/// A *block* is what the NLRI of one packet have in common: the packet, its time, the attribute set
/// or the reason for the withdrawal. A *change* is one NLRI and its block.
class RouteChanges {
  /// In place of an attribute set for a block of withdrawals.
  static final long WITHDRAWAL = 0;

  /// In place of a path identifier where the session has none.
  static final long NO_PATH_ID = -1;

  private static final int SEQUENCE_BITS = 24;
  private static final Reason[] REASONS = Reason.values();

  /// Room for so many changes stays where it is when they move to a file.
  private static final int KEPT = 1 << 13;

  // the words of a block
  private static final int ATTRIBUTES = 0;
  private static final int PACKET = 1;
  private static final int AT = 2;
  private static final int BLOCK = 3;

  /// Changes that fit, those in a file included.
  static final int CAPACITY = 1 << SEQUENCE_BITS;

  final int neighborId;
  final int family;
  final int generation;
  final int keyOctets;
  private final boolean addPath;

  private Room room;
  private int blocks;
  private int size;

  /// Whether [#count] noted something.
  private boolean counted;

  private long earliest = Long.MAX_VALUE;
  private long latest = Long.MIN_VALUE;

  /// What the clock was set back from and to, at most: see [#setBackFrom].
  private long setBackFrom = Long.MIN_VALUE;

  private long setBackTo = Long.MAX_VALUE;

  /// What is not in memory: pairs of where it is in the file and how many octets.
  private final List<long[]> spilled = new ArrayList<>();

  private int spilledChanges;

  /// How many changes there were when they were sorted.
  private int sortedSize;

  /// Memory for changes and blocks. What was written leaves it to the next ones: a table takes tens
  /// of megabytes.
  static final class Room {
    /// Of each block its attribute set, negative if it is the first that has it, packet and time,
    /// together, for a table is written in
    /// another
    /// order than it came in.
    private long[] blocks;

    private Reason[] blockReason;

    /// What each block did to the counts: of active routes, of all.
    private int[] blockCounts = {};

    private long[] hi;
    private long[] lo;
    private byte[] length;
    private int[] pathId;
    private int[] block;

    /// In sorted order: the begin of the key, and which change it is.
    private long[] sorted = {};

    Room(int changes, int blocks, boolean isLong, boolean addPath) {
      this.blocks = new long[blocks * BLOCK];
      blockReason = new Reason[blocks];
      hi = new long[changes];
      lo = new long[isLong ? changes : 0];
      length = new byte[changes];
      pathId = new int[addPath ? changes : 0];
      block = new int[changes];
    }

    private boolean has(int changes, int blocks, boolean isLong, boolean addPath) {
      return hi.length >= changes
          && blockReason.length >= blocks
          && (!isLong || lo.length >= changes)
          && (!addPath || pathId.length >= changes);
    }

    private void growBlocks() {
      blocks = Arrays.copyOf(blocks, blocks.length * 2);
      blockReason = Arrays.copyOf(blockReason, blockReason.length * 2);
    }

    private void growChanges() {
      int more = hi.length * 2;
      hi = Arrays.copyOf(hi, more);
      lo = Arrays.copyOf(lo, lo.length * 2);
      length = Arrays.copyOf(length, more);
      pathId = Arrays.copyOf(pathId, pathId.length * 2);
      block = Arrays.copyOf(block, more);
    }
  }

  /// Rooms that are not in use.
  static final class Rooms {
    private final List<Room> free = new ArrayList<>();

    synchronized void give(Room room) {
      free.add(room);
    }

    private synchronized Room take(int changes, int blocks, boolean isLong, boolean addPath) {
      for (var each : free) {
        if (each.has(changes, blocks, isLong, addPath)) {
          free.remove(each);
          return each;
        }
      }
      free.clear(); // they are too small for what comes
      return new Room(changes, blocks, isLong, addPath);
    }
  }

  /// @param generation the session that these changes came in
  /// @param keyOctets 5 for IPv4, 17 for IPv6
  /// @param addPath whether the NLRI of this session have path identifiers
  RouteChanges(int neighborId, int family, int generation, int keyOctets, boolean addPath) {
    this.neighborId = neighborId;
    this.family = family;
    this.generation = generation;
    this.keyOctets = keyOctets;
    this.addPath = addPath;
    room = new Room(64, 16, keyOctets == 17, addPath);
  }

  /// Changes in memory.
  int size() {
    return size;
  }

  /// All changes.
  int totalSize() {
    return spilledChanges + size;
  }

  /// Moves what is in memory to a file.
  ///
  /// @return how many changes; those of some families stay in memory
  int spill(Scratch scratch) throws IOException {
    if (size == 0) {
      return 0;
    }
    var octets = scratch.buffer(spilledOctets());
    octets.putInt(size).putInt(blocks);
    for (int i = 0; i < blocks; i++) {
      for (int word = i * BLOCK; word < (i + 1) * BLOCK; word++) {
        octets.putLong(room.blocks[word]);
      }
      octets.put((byte) room.blockReason[i].ordinal());
    }
    for (int i = 0; i < size; i++) {
      if (keyOctets == 5) {
        octets.putInt((int) (room.hi[i] >>> 32));
      } else {
        octets.putLong(room.hi[i]).putLong(room.lo[i]);
      }
      octets.put(room.length[i]).putInt(room.block[i]);
      if (addPath) {
        octets.putInt(room.pathId[i]);
      }
    }
    int written = octets.position();
    spilled.add(new long[] {scratch.append(octets), written});
    spilledChanges += size;
    int moved = size;
    size = 0;
    sortedSize = 0;
    blocks = 0;
    if (room.hi.length > KEPT) {
      room = new Room(64, 16, keyOctets == 17, addPath);
    }
    return moved;
  }

  private int spilledOctets() {
    return 8 + blocks * 25 + size * (keyOctets + (addPath ? 8 : 4));
  }

  /// Brings back what was moved to a file.
  ///
  /// @param rooms not in use; one is taken if it is large enough
  void restore(Scratch scratch, Rooms rooms) throws IOException {
    if (spilled.isEmpty()) {
      return;
    }
    spill(scratch); // the rest of them: they come back in their order
    int changes = spilledChanges;
    int changeBlocks = 0;
    for (long[] piece : spilled) {
      changeBlocks += scratch.read(piece[0] + 4, 4).getInt();
    }
    room = rooms.take(changes, changeBlocks, keyOctets == 17, addPath);
    size = 0;
    sortedSize = 0;
    blocks = 0;
    for (long[] piece : spilled) {
      var octets = scratch.read(piece[0], (int) piece[1]);
      int pieceChanges = octets.getInt();
      int pieceBlocks = octets.getInt();
      int before = blocks;
      for (int i = 0; i < pieceBlocks; i++) {
        for (int word = blocks * BLOCK; word < (blocks + 1) * BLOCK; word++) {
          room.blocks[word] = octets.getLong();
        }
        room.blockReason[blocks++] = REASONS[octets.get()];
      }
      for (int i = 0; i < pieceChanges; i++) {
        if (keyOctets == 5) {
          room.hi[size] = (long) octets.getInt() << 32;
        } else {
          room.hi[size] = octets.getLong();
          room.lo[size] = octets.getLong();
        }
        room.length[size] = octets.get();
        room.block[size] = before + octets.getInt();
        if (addPath) {
          room.pathId[size] = octets.getInt();
        }
        size++;
      }
    }
    spilled.clear();
    spilledChanges = 0;
  }

  /// Gives up its memory, and all that is in it.
  Room release() {
    var released = room;
    room = new Room(0, 0, false, false);
    size = 0;
    sortedSize = 0;
    blocks = 0;
    return released;
  }

  /// Whether the NLRI have path identifiers.
  boolean hasPathIds() {
    return addPath;
  }

  /// Begins a block: the changes that are added next belong to it.
  ///
  /// @param attributesId the set that is announced, or [#WITHDRAWAL]
  /// @param isFirst whether that set came for the first time in this packet, at this time
  /// @param reason why, of a withdrawal; ignored for an announcement
  void block(long attributesId, boolean isFirst, long packet, long at, Reason reason) {
    if (blocks == room.blockReason.length) {
      room.growBlocks();
    }
    room.blocks[blocks * BLOCK + ATTRIBUTES] = isFirst ? -attributesId : attributesId;
    room.blocks[blocks * BLOCK + PACKET] = packet;
    room.blocks[blocks * BLOCK + AT] = at;
    room.blockReason[blocks] = reason;
    blocks++;
    earliest = Math.min(earliest, at);
    if (at < latest) {
      setBackFrom = Math.max(setBackFrom, latest);
      setBackTo = Math.min(setBackTo, at);
    }
    latest = Math.max(latest, at);
  }

  /// The time of the earliest change.
  long earliest() {
    return earliest;
  }

  /// The time of the latest change.
  long latest() {
    return latest;
  }

  /// From when the clock was set back while they came; less than [#setBackTo] if it was not.
  long setBackFrom() {
    return setBackFrom;
  }

  /// To when.
  long setBackTo() {
    return setBackTo;
  }

  /// Adds a change to the newest block.
  ///
  /// @param key has `keyOctets` octets, the last one the prefix length
  /// @param path its path identifier; ignored if the session has none
  void add(byte[] key, long path) {
    if (size == room.hi.length) {
      room.growChanges();
    }
    if (keyOctets == 5) {
      room.hi[size] = octets(key, 0, 4) << 32;
    } else {
      room.hi[size] = octets(key, 0, 8);
      room.lo[size] = octets(key, 8, 8);
    }
    room.length[size] = key[keyOctets - 1];
    room.block[size] = blocks - 1;
    if (addPath) {
      room.pathId[size] = (int) path;
    }
    size++;
  }

  /// Sorts by prefix key, path identifier, arrival: [#at] and the others count in this order then.
  /// Does nothing if nothing was added since.
  void sort() {
    if (sortedSize == size) {
      return;
    }
    sortedSize = size;
    if (room.sorted.length < size) {
      room.sorted = new long[size];
    }
    long[] keys = room.sorted;
    for (int i = 0; i < size; i++) {
      // the 40 most significant bits of the prefix key: all of an IPv4 one
      keys[i] =
          sortable(keyOctets == 5 ? room.hi[i] >>> 24 | room.length[i] : room.hi[i] >>> 24, i);
    }
    Arrays.sort(keys, 0, size);
    if (keyOctets == 17) {
      sortTies(keys, 0, size, this::sortByNextBits);
    } else if (addPath) {
      sortTies(keys, 0, size, this::sortCompletely);
    } // else arrival is in the key
  }

  private interface Sorting {
    void sort(long[] keys, int from, int to);
  }

  /// The bits of a key of 40, and which change has them; in the order of these bits as unsigned.
  private static long sortable(long bits, int change) {
    return (bits ^ 1L << 39) << SEQUENCE_BITS | change;
  }

  private static int change(long sortable) {
    return (int) sortable & CAPACITY - 1;
  }

  private static void sortTies(long[] keys, int from, int to, Sorting sorting) {
    int first = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || keys[i] >>> SEQUENCE_BITS != keys[first] >>> SEQUENCE_BITS) {
        if (i - first > 1) {
          sorting.sort(keys, first, i);
        }
        first = i;
      }
    }
  }

  /// Sorts what is equal in the first 40 bits of an IPv6 key by the next 40.
  private void sortByNextBits(long[] keys, int from, int to) {
    for (int i = from; i < to; i++) {
      int change = change(keys[i]);
      keys[i] = sortable((room.hi[change] & 0xffffff) << 16 | room.lo[change] >>> 48, change);
    }
    Arrays.sort(keys, from, to);
    sortTies(keys, from, to, this::sortCompletely);
  }

  private void sortCompletely(long[] keys, int from, int to) {
    var run =
        IntStream.range(from, to)
            .mapToObj(i -> change(keys[i]))
            .sorted(BY_KEY_PATH_ARRIVAL)
            .toList();
    for (int i = from; i < to; i++) {
      keys[i] = run.get(i - from);
    }
  }

  private final Comparator<Integer> BY_KEY_PATH_ARRIVAL =
      (a, b) -> {
        int result = compareKeys(a, b);
        return result != 0 ? result : Integer.compare(a, b);
      };

  /// Compares two changes, in the order of their arrival, by key and path identifier.
  int compareKeys(int a, int b) {
    int result = Long.compareUnsigned(room.hi[a], room.hi[b]);
    if (result == 0 && keyOctets == 17) {
      result = Long.compareUnsigned(room.lo[a], room.lo[b]);
    }
    if (result == 0) {
      result = Byte.compareUnsigned(room.length[a], room.length[b]);
    }
    return result == 0 ? comparePaths(a, b) : result;
  }

  final int comparePaths(int a, int b) {
    return addPath ? Integer.compareUnsigned(room.pathId[a], room.pathId[b]) : 0;
  }

  /// Whether two changes, in sorted order, are of the same path of the same prefix.
  boolean sameRoute(int sortedA, int sortedB) {
    return keyOctets == 5 && !addPath
        ? room.sorted[sortedA] >>> SEQUENCE_BITS == room.sorted[sortedB] >>> SEQUENCE_BITS
        : compareKeys(arrival(sortedA), arrival(sortedB)) == 0;
  }

  /// The prefix key, 5 or 17 octets, in a new array.
  byte[] key(int sorted) {
    var key = new byte[keyOctets];
    if (keyOctets == 5 && !addPath) {
      long bits = (room.sorted[sorted] ^ Long.MIN_VALUE) >>> SEQUENCE_BITS; // all of it
      for (int octet = 0; octet < 5; octet++) {
        key[octet] = (byte) (bits >>> 32 - 8 * octet);
      }
      return key;
    }
    int i = arrival(sorted);
    int addressOctets = keyOctets - 1;
    for (int octet = 0; octet < addressOctets; octet++) {
      long word = octet < 8 ? room.hi[i] : room.lo[i];
      key[octet] = (byte) (word >>> 56 - 8 * (octet & 7));
    }
    key[addressOctets] = room.length[i];
    return key;
  }

  /// Which change of all, in the order of their arrival, is the one at a place in sorted order.
  final int arrival(int sorted) {
    return change(room.sorted[sorted]);
  }

  long pathId(int sorted) {
    return addPath ? room.pathId[arrival(sorted)] & 0xffffffffL : NO_PATH_ID;
  }

  /// The block of a change.
  int block(int sorted) {
    return room.block[arrival(sorted)];
  }

  /// The set that a block announces, or [#WITHDRAWAL].
  long attributesIdOf(int block) {
    return Math.abs(room.blocks[block * BLOCK + ATTRIBUTES]);
  }

  /// Whether the set came for the first time with a block: see [AttributeSets#isFirst].
  boolean isFirstOf(int block) {
    return room.blocks[block * BLOCK + ATTRIBUTES] < 0;
  }

  /// The set announced, or [#WITHDRAWAL].
  long attributesId(int sorted) {
    return attributesIdOf(block(sorted));
  }

  boolean isFirst(int sorted) {
    return isFirstOf(block(sorted));
  }

  long packet(int sorted) {
    return room.blocks[block(sorted) * BLOCK + PACKET];
  }

  long at(int sorted) {
    return room.blocks[block(sorted) * BLOCK + AT];
  }

  Reason reason(int sorted) {
    return room.blockReason[block(sorted)];
  }

  /// Notes what a change of a block did to the counts of active routes and of all.
  void count(int block, int active, int total) {
    if (!counted) {
      counted = true;
      if (room.blockCounts.length < blocks * 2) {
        room.blockCounts = new int[blocks * 2];
      } else {
        Arrays.fill(room.blockCounts, 0, blocks * 2, 0);
      }
    }
    room.blockCounts[block * 2] += active;
    room.blockCounts[block * 2 + 1] += total;
  }

  /// Adds what they did, all of them, and when.
  void addCounts(HeldCounts counts) {
    if (!counted) {
      return;
    }
    var changes = counts.of(neighborId, family);
    for (int of = 0; of < blocks; of++) {
      long at = room.blocks[of * BLOCK + AT];
      changes.add(at, room.blockCounts[of * 2], room.blockCounts[of * 2 + 1]);
    }
  }

  private static long octets(byte[] from, int offset, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | from[offset + i] & 0xff;
    }
    return value;
  }
}
