package org.bgppeer.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.bgppeer.wire.AttributeSet;
import org.jspecify.annotations.Nullable;

/// Gives each distinct set of path attributes one number, over the life of the database.
///
/// A set is known by the first 128 bits of SHA-256 of its octets: a neighbor cannot make two sets
/// collide, so equal hash is equal set, and no octets need to be kept in memory. The newest half to
/// one million of them are remembered here (20 octets each); an older one is looked up in the
/// database, unless all that were ever there passed through here and it is not among them.
/// Owned by the projector's thread.
final class AttributeSets {
  /// How many the younger half of the memory holds before it becomes the older one.
  static final int REMEMBERED = 1 << 19;

  private final Connection database;
  private final MessageDigest sha256;
  private final byte[] digest = new byte[32];
  private Generation young = new Generation();
  private Generation old = new Generation();
  private boolean complete = true;

  /// What was there, once it is more than what is remembered; null before, and where a database had
  /// more from the beginning.
  private @Nullable HashFilter all;

  private long nextId;
  private List<New> fresh = new ArrayList<>();

  /// Sets that were asked for since [#watch]; null if nobody wants to know.
  private @Nullable BitSet asked;

  /// Sets that no route had, and that none has got since: to be removed.
  private BitSet condemned = new BitSet();

  /// Sets that are being removed: to be had no more.
  private BitSet leaving = new BitSet();

  /// A set that the database does not have yet.
  ///
  /// @param hash 16 octets
  /// @param octets as [org.bgppeer.wire.Update#attributeSet] makes them
  /// @param text the same for people
  record New(long id, byte[] hash, byte[] octets, AttributeSet text) {}

  /// Reads what is known.
  ///
  /// @param database for reading only; this object uses it alone
  AttributeSets(Connection database) throws SQLException {
    this.database = database;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    database.setAutoCommit(false); // so that not all rows come at once
    try (var statement = database.createStatement()) {
      statement.setFetchSize(10_000);
      try (var max = statement.executeQuery("SELECT coalesce(max(id), 0) FROM path_attributes")) {
        max.next();
        nextId = max.getLong(1) + 1;
      }
      try (var rows =
          statement.executeQuery(
              "SELECT id, octets FROM path_attributes ORDER BY id DESC LIMIT " + REMEMBERED)) {
        while (rows.next()) {
          digest(rows.getBytes(2));
          young.put(longAt(digest, 0), longAt(digest, 8), rows.getLong(1));
        }
      }
    }
    database.setAutoCommit(true);
    complete = young.size < REMEMBERED;
  }

  /// The number of a set; a new one is among [#takeFresh] then.
  long idOf(byte[] octets) throws SQLException {
    digest(octets);
    long hi = longAt(digest, 0);
    long lo = longAt(digest, 8);
    long id = young.get(hi, lo);
    if (id != 0 && !leaving.get((int) id)) {
      return wanted(id);
    }
    id = old.get(hi, lo);
    if (id == 0 && !complete && (all == null || all.mayHave(hi, lo))) {
      id = inDatabase(Arrays.copyOf(digest, 16));
    }
    if (id != 0 && leaving.get((int) id)) {
      id = 0;
    }
    if (id == 0) {
      id = nextId++;
      fresh.add(new New(id, Arrays.copyOf(digest, 16), octets, AttributeSet.decode(octets)));
    }
    remember(hi, lo, id);
    return wanted(id);
  }

  private long wanted(long id) {
    if (asked != null) {
      asked.set((int) id);
    }
    condemned.clear((int) id);
    return id;
  }

  // ---- sets that no route has any more: see SetCollection

  /// From here on notes which sets are asked for.
  void watch() {
    asked = new BitSet();
  }

  /// Forgets sets that no route has, but for those that were asked for since [#watch].
  void condemn(BitSet unused) {
    if (asked != null) {
      unused.andNot(asked);
    }
    asked = null;
    condemned = unused;
  }

  /// Takes some of the condemned, which are to be removed now; empty if there are none.
  ///
  /// @param most of them
  long[] takeCondemned(int most) {
    var taken = condemned.stream().limit(most).asLongStream().toArray();
    for (long id : taken) {
      condemned.clear((int) id);
      leaving.set((int) id);
    }
    return taken;
  }

  /// All that were taken are gone from the database.
  void removed() {
    young = young.without(leaving);
    old = old.without(leaving);
    leaving = new BitSet();
  }

  /// What a set is known by: 16 octets.
  static byte[] hash(byte[] octets) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(octets), 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void digest(byte[] octets) {
    sha256.update(octets);
    try {
      sha256.digest(digest, 0, digest.length);
    } catch (java.security.DigestException e) {
      throw new IllegalStateException("32 octets are enough for SHA-256", e);
    }
  }

  /// How many new sets wait to be taken.
  int freshCount() {
    return fresh.size();
  }

  /// The sets that are new since the last call, in order of their numbers. Whoever takes them
  /// commits them before this memory could forget them: no more than [#REMEMBERED] may be on their
  /// way.
  List<New> takeFresh() {
    var taken = fresh;
    fresh = new ArrayList<>();
    return taken;
  }

  private void remember(long hi, long lo, long id) {
    if (young.size == REMEMBERED) {
      if (complete && old.size > 0) {
        complete = false;
        all = new HashFilter();
        old.addTo(all);
        young.addTo(all);
      }
      old = young;
      young = new Generation();
    }
    young.put(hi, lo, id);
    if (all != null) {
      all.add(hi, lo);
    }
  }

  private @Nullable PreparedStatement byHash;

  private long inDatabase(byte[] hash) throws SQLException {
    if (byHash == null) {
      byHash =
          database.prepareStatement(
              "SELECT attributes_id FROM path_attributes_by_hash WHERE hash = ?");
    }
    byHash.setBytes(1, hash);
    try (ResultSet row = byHash.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static long longAt(byte[] octets, int offset) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | octets[offset + i] & 0xff;
    }
    return value;
  }

  /// Hash to number, open addressing; it grows with what it holds, up to [#REMEMBERED].
  private static final class Generation {
    private long[] cells = new long[3 * 1024];
    private int size;

    long get(long hi, long lo) {
      int slots = cells.length / 3;
      for (int slot = (int) lo & slots - 1; ; slot = slot + 1 & slots - 1) {
        int cell = slot * 3;
        if (cells[cell + 2] == 0) {
          return 0;
        }
        if (cells[cell] == hi && cells[cell + 1] == lo) {
          return cells[cell + 2];
        }
      }
    }

    void addTo(HashFilter filter) {
      for (int cell = 0; cell < cells.length; cell += 3) {
        if (cells[cell + 2] != 0) {
          filter.add(cells[cell], cells[cell + 1]);
        }
      }
    }

    Generation without(BitSet ids) {
      var rest = new Generation();
      for (int cell = 0; cell < cells.length; cell += 3) {
        long id = cells[cell + 2];
        if (id != 0 && !ids.get((int) id)) {
          rest.put(cells[cell], cells[cell + 1], id);
        }
      }
      return rest;
    }

    void put(long hi, long lo, long id) {
      if (size * 3 * 3 > cells.length * 2) {
        var smaller = cells;
        cells = new long[smaller.length * 2];
        for (int cell = 0; cell < smaller.length; cell += 3) {
          if (smaller[cell + 2] != 0) {
            place(smaller[cell], smaller[cell + 1], smaller[cell + 2]);
          }
        }
      }
      place(hi, lo, id);
      size++;
    }

    private void place(long hi, long lo, long id) {
      int slots = cells.length / 3;
      int slot = (int) lo & slots - 1;
      while (cells[slot * 3 + 2] != 0 && !(cells[slot * 3] == hi && cells[slot * 3 + 1] == lo)) {
        slot = slot + 1 & slots - 1;
      }
      cells[slot * 3] = hi;
      cells[slot * 3 + 1] = lo;
      cells[slot * 3 + 2] = id;
    }
  }
}
