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

  /// Changes that fit, those in a file included.
  static final int CAPACITY = 1 << SEQUENCE_BITS;

  final int neighborId;
  final int family;
  final int generation;
  final int keyOctets;
  private final boolean addPath;

  private int blocks;
  private long[] blockAttributes = new long[16];
  private long[] blockPacket = new long[16];
  private long[] blockAt = new long[16];
  private Reason[] blockReason = new Reason[16];

  /// What each block did to the counts: empty until it did something.
  private int[] blockActive = {};

  private int[] blockTotal = {};

  /// Pairs of moments: see [#neverHeld].
  private final List<long[]> neverHeld = new ArrayList<>();

  private int size;
  private long[] hi = new long[64];
  private long[] lo;
  private byte[] length = new byte[64];
  private int[] pathId;
  private int[] block = new int[64];
  private int[] order = new int[0];

  /// What is not in memory: pairs of where it is in the file and how many octets.
  private final List<long[]> spilled = new ArrayList<>();

  private int spilledChanges;

  /// @param generation the session that these changes came in
  /// @param keyOctets 5 for IPv4, 17 for IPv6
  /// @param addPath whether the NLRI of this session have path identifiers
  RouteChanges(int neighborId, int family, int generation, int keyOctets, boolean addPath) {
    this.neighborId = neighborId;
    this.family = family;
    this.generation = generation;
    this.keyOctets = keyOctets;
    this.addPath = addPath;
    lo = new long[keyOctets == 17 ? 64 : 0];
    pathId = new int[addPath ? 64 : 0];
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
      octets.putLong(blockAttributes[i]).putLong(blockPacket[i]).putLong(blockAt[i]);
      octets.put((byte) blockReason[i].ordinal());
    }
    for (int i = 0; i < size; i++) {
      if (keyOctets == 5) {
        octets.putInt((int) (hi[i] >>> 32));
      } else {
        octets.putLong(hi[i]).putLong(lo[i]);
      }
      octets.put(length[i]).putInt(block[i]);
      if (addPath) {
        octets.putInt(pathId[i]);
      }
    }
    int written = octets.position();
    spilled.add(new long[] {scratch.append(octets), written});
    spilledChanges += size;
    int moved = size;
    clear(64, 16);
    return moved;
  }

  private int spilledOctets() {
    return 8 + blocks * 25 + size * (keyOctets + (addPath ? 8 : 4));
  }

  private void clear(int changes, int changeBlocks) {
    size = 0;
    blocks = 0;
    blockAttributes = new long[changeBlocks];
    blockPacket = new long[changeBlocks];
    blockAt = new long[changeBlocks];
    blockReason = new Reason[changeBlocks];
    hi = new long[changes];
    lo = new long[keyOctets == 17 ? changes : 0];
    length = new byte[changes];
    pathId = new int[addPath ? changes : 0];
    block = new int[changes];
  }

  /// Brings back what was moved to a file.
  void restore(Scratch scratch) throws IOException {
    if (spilled.isEmpty()) {
      return;
    }
    spill(scratch); // the rest of them: they come back in their order
    int changes = spilledChanges;
    int changeBlocks = 0;
    for (long[] piece : spilled) {
      changeBlocks += scratch.read(piece[0] + 4, 4).getInt();
    }
    clear(changes, changeBlocks);
    for (long[] piece : spilled) {
      var octets = scratch.read(piece[0], (int) piece[1]);
      int pieceChanges = octets.getInt();
      int pieceBlocks = octets.getInt();
      int before = blocks;
      for (int i = 0; i < pieceBlocks; i++) {
        blockAttributes[blocks] = octets.getLong();
        blockPacket[blocks] = octets.getLong();
        blockAt[blocks] = octets.getLong();
        blockReason[blocks++] = REASONS[octets.get()];
      }
      for (int i = 0; i < pieceChanges; i++) {
        if (keyOctets == 5) {
          hi[size] = (long) octets.getInt() << 32;
        } else {
          hi[size] = octets.getLong();
          lo[size] = octets.getLong();
        }
        length[size] = octets.get();
        block[size] = before + octets.getInt();
        if (addPath) {
          pathId[size] = octets.getInt();
        }
        size++;
      }
    }
    spilled.clear();
    spilledChanges = 0;
  }

  /// Whether the NLRI have path identifiers.
  boolean hasPathIds() {
    return addPath;
  }

  /// Begins a block: the changes that are added next belong to it.
  ///
  /// @param attributesId the set that is announced, or [#WITHDRAWAL]
  /// @param reason why, of a withdrawal; ignored for an announcement
  void block(long attributesId, long packet, long at, Reason reason) {
    if (blocks == blockAt.length) {
      blockAttributes = Arrays.copyOf(blockAttributes, blocks * 2);
      blockPacket = Arrays.copyOf(blockPacket, blocks * 2);
      blockAt = Arrays.copyOf(blockAt, blocks * 2);
      blockReason = Arrays.copyOf(blockReason, blocks * 2);
    }
    blockAttributes[blocks] = attributesId;
    blockPacket[blocks] = packet;
    blockAt[blocks] = at;
    blockReason[blocks] = reason;
    blocks++;
  }

  /// Adds a change to the newest block.
  ///
  /// @param key has `keyOctets` octets, the last one the prefix length
  /// @param path its path identifier; ignored if the session has none
  void add(byte[] key, long path) {
    if (size == hi.length) {
      hi = Arrays.copyOf(hi, size * 2);
      length = Arrays.copyOf(length, size * 2);
      block = Arrays.copyOf(block, size * 2);
      lo = Arrays.copyOf(lo, lo.length * 2);
      pathId = Arrays.copyOf(pathId, pathId.length * 2);
    }
    if (keyOctets == 5) {
      hi[size] = octets(key, 0, 4) << 32;
    } else {
      hi[size] = octets(key, 0, 8);
      lo[size] = octets(key, 8, 8);
    }
    length[size] = key[keyOctets - 1];
    block[size] = blocks - 1;
    if (addPath) {
      pathId[size] = (int) path;
    }
    size++;
  }

  /// Sorts by prefix key, path identifier, arrival: [#at] and the others count in this order then.
  void sort() {
    var keys = new long[size];
    for (int i = 0; i < size; i++) {
      // the 40 most significant bits of the prefix key: all of an IPv4 one
      long top = keyOctets == 5 ? hi[i] >>> 24 | length[i] : hi[i] >>> 24;
      keys[i] = (top ^ 1L << 39) << SEQUENCE_BITS | i; // as signed, so that the order is unsigned
    }
    Arrays.sort(keys);
    order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = (int) keys[i] & CAPACITY - 1;
    }
    if (keyOctets == 5 && !addPath) {
      return; // arrival is in the key
    }
    int from = 0;
    for (int i = 1; i <= size; i++) {
      if (i == size || keys[i] >>> SEQUENCE_BITS != keys[from] >>> SEQUENCE_BITS) {
        if (i - from > 1) {
          sortRun(from, i);
        }
        from = i;
      }
    }
  }

  private void sortRun(int from, int to) {
    var run = IntStream.range(from, to).mapToObj(i -> order[i]).toArray(Integer[]::new);
    Arrays.sort(run, BY_KEY_PATH_ARRIVAL);
    for (int i = from; i < to; i++) {
      order[i] = run[i - from];
    }
  }

  private final Comparator<Integer> BY_KEY_PATH_ARRIVAL =
      (a, b) -> {
        int result = compareKeys(a, b);
        return result != 0 ? result : Integer.compare(a, b);
      };

  /// Compares two changes, in the order of their arrival, by key and path identifier.
  int compareKeys(int a, int b) {
    int result = Long.compareUnsigned(hi[a], hi[b]);
    if (result == 0 && keyOctets == 17) {
      result = Long.compareUnsigned(lo[a], lo[b]);
    }
    if (result == 0) {
      result = Byte.compareUnsigned(length[a], length[b]);
    }
    return result == 0 ? comparePaths(a, b) : result;
  }

  final int comparePaths(int a, int b) {
    return addPath ? Integer.compareUnsigned(pathId[a], pathId[b]) : 0;
  }

  /// Whether two changes, in sorted order, are of the same path of the same prefix.
  boolean sameRoute(int sortedA, int sortedB) {
    return compareKeys(order[sortedA], order[sortedB]) == 0;
  }

  /// The prefix key, 5 or 17 octets, in a new array.
  byte[] key(int sorted) {
    int i = arrival(sorted);
    var key = new byte[keyOctets];
    int addressOctets = keyOctets - 1;
    for (int octet = 0; octet < addressOctets; octet++) {
      long word = octet < 8 ? hi[i] : lo[i];
      key[octet] = (byte) (word >>> 56 - 8 * (octet & 7));
    }
    key[addressOctets] = length[i];
    return key;
  }

  /// Which change of all, in the order of their arrival, is the one at a place in sorted order.
  final int arrival(int sorted) {
    return order[sorted];
  }

  long pathId(int sorted) {
    return addPath ? pathId[order[sorted]] & 0xffffffffL : NO_PATH_ID;
  }

  /// The set announced, or [#WITHDRAWAL].
  long attributesId(int sorted) {
    return blockAttributes[block[order[sorted]]];
  }

  long packet(int sorted) {
    return blockPacket[block[order[sorted]]];
  }

  long at(int sorted) {
    return blockAt[block[order[sorted]]];
  }

  Reason reason(int sorted) {
    return blockReason[block[order[sorted]]];
  }

  /// Notes what a change did to the counts of active routes and of all.
  void count(int sorted, int active, int total) {
    if (blockActive.length == 0) {
      blockActive = new int[blocks];
      blockTotal = new int[blocks];
    }
    int of = block[order[sorted]];
    blockActive[of] += active;
    blockTotal[of] += total;
  }

  /// Notes that a version, counted when it began, ended before that: the clock was set back, and at
  /// no moment was it held.
  void neverHeld(long endedAt, long validFrom) {
    neverHeld.add(new long[] {endedAt, validFrom});
  }

  /// Adds what they did, all of them, and when.
  void addCounts(HeldCounts counts) {
    for (int of = 0; of < blockActive.length; of++) {
      counts.add(neighborId, family, blockAt[of], blockActive[of], blockTotal[of]);
    }
    for (long[] version : neverHeld) {
      counts.add(neighborId, family, version[0], 1, 0);
      counts.add(neighborId, family, version[1], -1, 0);
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
