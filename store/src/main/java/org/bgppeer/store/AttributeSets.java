package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.bgppeer.wire.AttributeSet;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/// Gives each distinct set of path attributes one number, over the life of the database.
///
/// In memory a set is known by 128 bits, a hash of its octets with a key that is this database's: a
/// neighbor cannot make two sets collide, so equal hash is equal set, and no octets need to be
/// kept. The newest quarter to half a million of them are remembered here (24 octets each); an
/// older one is looked up in the database by 64 of these bits and compared, unless all that were
/// ever there passed through here and it is not among them. Owned by the projector's thread.
///
/// ```
/// idOf ──► remembered? ──► certainly new? ──► waits for the table of hashes? ──► in that table?
/// ```
final class AttributeSets {
  /// How many the younger half of the memory holds before it becomes the older one.
  static final int REMEMBERED = 1 << 18;

  /// Sets whose hashes wait before they are worth a look at the whole table of hashes.
  private static final int MANY_HASHES = 1 << 16;

  /// Those that may wait at most: 24 MB.
  private static final int MOST_HASHES = 1 << 21;

  private static final int HASHES_A_PART = 1 << 14;

  /// Sets that are read behind one that was found, at most.
  private static final int MOST_AHEAD = 256;

  private final Connection database;
  private final int remembered;
  private final int many;
  private final WaitingHashes hashes;
  private final KeyedHash hash;
  private Generation young = new Generation();
  private Generation old = new Generation();
  private boolean complete = true;

  /// The highest number of a set whose hash is in the table; it, and all lower ones.
  private long hashedTo;

  private WaitingHashes.@Nullable Move move;

  /// The sets whose hashes wait and are not in a run yet.
  private final Generation unsorted = new Generation();

  /// What was there, once it is more than what is remembered; null before, and where a database had
  /// more from the beginning.
  private @Nullable HashFilter all;

  private long nextId;
  private final long firstOfThisLife;

  /// The message that sets come from now, and the first number that it could give.
  private long nowPacket;

  private long nowAt;
  private long firstOfNow;

  /// Sets of former lives whose hashes are neither in the table nor here: from and before which.
  private long unhashedFrom;

  private long unhashedTo;
  private FreshSets fresh = new FreshSets();

  /// Sets that were read behind others and not asked for yet; how many were since the last set that
  /// had to be found in the database, and how many were read behind that one.
  private final BitSet readAhead = new BitSet();

  private int saved;
  private int ahead = 1;

  /// Sets that were asked for since [#watch]; null if nobody wants to know.
  private @Nullable BitSet asked;

  /// Sets that no route had, and that none has got since: to be removed.
  private BitSet condemned = new BitSet();

  /// Sets that are being removed: to be had no more.
  private BitSet leaving = new BitSet();

  /// Those that were removed.
  private final BitSet gone = new BitSet();

  /// A set that the database does not have yet, as it is written.
  ///
  /// @param octets as [org.bgppeer.wire.Update#attributeSet] makes them; null if [#octets] makes
  ///     them of the text
  /// @param text the same for people
  record New(long id, byte @Nullable [] octets, AttributeSet text, long at, long packet) {}

  /// What to select of a set `a` to have its octets: [#octets].
  static final String OCTETS =
      "a.octets, a.next_hop, a.origin, a.as_path, a.med, a.local_pref, "
          + CommunityLists.TEXT
          + ", a.large_communities, a.atomic_aggregate, a.aggregator";

  /// The octets of a set of the database.
  ///
  /// @param first where in the row [#OCTETS] begin
  static byte[] octets(ResultSet row, int first) throws SQLException {
    byte[] octets = row.getBytes(first);
    if (octets != null) {
      return octets;
    }
    var text =
        new AttributeSet(
            row.getString(first + 1),
            row.getString(first + 2),
            row.getString(first + 3),
            null,
            Columns.number(row, first + 4),
            Columns.number(row, first + 5),
            row.getString(first + 6),
            row.getString(first + 7),
            "",
            row.getBoolean(first + 8),
            row.getString(first + 9),
            "");
    var out = new WireWriter();
    text.encode(out);
    return out.toByteArray();
  }

  /// Reads what is known.
  ///
  /// @param database for reading only; this object uses it alone
  AttributeSets(Connection database) throws SQLException {
    this(database, REMEMBERED, MANY_HASHES);
  }

  /// @param remembered see [#REMEMBERED]
  /// @param many see [#MANY_HASHES]; no more than are remembered
  AttributeSets(Connection database, int remembered, int many) throws SQLException {
    this.database = database;
    this.remembered = remembered;
    this.many = many;
    hashes = new WaitingHashes(many);
    hash = hash(database);
    database.setAutoCommit(false); // so that not all rows come at once
    try (var statement = database.createStatement()) {
      statement.setFetchSize(10_000);
      try (var max = statement.executeQuery("SELECT coalesce(max(id), 0) FROM path_attributes")) {
        max.next();
        nextId = max.getLong(1) + 1;
      }
      try (var row = statement.executeQuery("SELECT up_to FROM path_attributes_hashed")) {
        row.next();
        hashedTo = row.getLong(1);
      }
      nextId = Math.max(nextId, hashedTo + 1);
      firstOfThisLife = nextId;
      firstOfNow = nextId;
      try (var rows =
          statement.executeQuery(
              "SELECT a.id, "
                  + OCTETS
                  + " FROM path_attributes a ORDER BY id DESC LIMIT "
                  + remembered)) {
        while (rows.next()) {
          hash.of(octets(rows, 2));
          young.put(hash.first(), hash.second(), rows.getLong(1));
        }
      }
    }
    database.setAutoCommit(true);
    complete = young.size < remembered;
    unhashedFrom = hashedTo + 1;
    unhashedTo = nextId;
    hashOn();
  }

  /// Takes hashes of sets that the database has without, from before this object.
  private void hashOn() throws SQLException {
    if (unhashedFrom >= unhashedTo) {
      return;
    }
    database.setAutoCommit(false);
    try (var select =
        database.prepareStatement(
            "SELECT a.id, "
                + OCTETS
                + " FROM path_attributes a WHERE id >= ? AND id < ? ORDER BY id LIMIT ?")) {
      select.setFetchSize(10_000);
      select.setLong(1, unhashedFrom);
      select.setLong(2, unhashedTo);
      select.setInt(3, MOST_HASHES);
      int count = 0;
      try (var rows = select.executeQuery()) {
        for (; rows.next(); count++) {
          unhashedFrom = rows.getLong(1) + 1;
          hash.of(octets(rows, 2));
          addHash(hash.first(), hash.second(), rows.getLong(1));
        }
      }
      if (count < MOST_HASHES) {
        unhashedFrom = unhashedTo;
      }
    }
    database.setAutoCommit(true);
  }

  private void addHash(long hi, long lo, long id) {
    if (hashes.add(hi, id)) {
      unsorted.clear();
    } else {
      unsorted.put(hi, lo, id);
    }
  }

  /// The number of a set; a new one is among [#takeFresh] then.
  ///
  /// @param at when it came now
  /// @param packet in which it came now
  long idOf(byte[] octets, long at, long packet) throws SQLException {
    if (at != nowAt || packet != nowPacket) {
      nowAt = at;
      nowPacket = packet;
      firstOfNow = nextId;
    }
    hash.of(octets);
    long hi = hash.first();
    long lo = hash.second();
    long id = young.get(hi, lo);
    if (id != 0 && !leaving.get((int) id)) {
      if (readAhead.get((int) id)) {
        readAhead.clear((int) id);
        saved++;
      }
      return wanted(id);
    }
    id = old.get(hi, lo);
    if (id == 0 && !complete && (all == null || all.mayHave(hi, lo))) {
      id = find(hi, lo, octets);
    }
    if (id != 0 && leaving.get((int) id)) {
      id = 0;
    }
    if (id == 0) {
      id = nextId++;
      fresh.add(id, octets, at, packet);
      addHash(hi, lo, id);
    }
    remember(hi, lo, id);
    return wanted(id);
  }

  /// Whether a set came for the first time with what [#idOf] was asked last: nothing has to be said
  /// then of when and in which packet a route came that has it.
  boolean isFirst(long id) {
    return id >= firstOfNow;
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
    gone.or(leaving);
    leaving = new BitSet();
  }

  /// What hashes the sets of a database; with [KeyedHash#first] a set is looked for in the table of
  /// hashes.
  static KeyedHash hash(Connection database) throws SQLException {
    try (var statement = database.createStatement();
        var row = statement.executeQuery("SELECT hash_key FROM path_attributes_hashed")) {
      row.next();
      return new KeyedHash(row.getBytes(1));
    }
  }

  /// How many new sets wait to be taken.
  int freshCount() {
    return fresh.size();
  }

  /// The sets that are new since the last call, in order of their numbers. Whoever takes them
  /// commits them before this memory could forget them: no more than [#REMEMBERED] may be on their
  /// way.
  FreshSets takeFresh() {
    var taken = fresh;
    fresh = new FreshSets();
    return taken;
  }

  private void remember(long hi, long lo, long id) {
    if (young.size == remembered) {
      if (complete && old.size > 0) {
        complete = false;
        all = new HashFilter();
        old.addTo(all);
        young.addTo(all);
      }
      var oldest = old;
      old = young;
      oldest.clear(); // 12 MB that are not made anew each time
      young = oldest;
    }
    young.put(hi, lo, id);
    if (all != null) {
      all.add(hi, lo);
    }
  }

  private @Nullable PreparedStatement byHash;
  private @Nullable PreparedStatement fromOn;

  /// Finds a set that is not remembered; 0 if it is new.
  private long find(long hash, long lo, byte[] octets) throws SQLException {
    long id = unsorted.get(hash, lo);
    if (id != 0 && !gone.get((int) id)) {
      return id;
    }
    for (long each : hashes.candidates(hash)) {
      if (has(each, octets)) {
        return each;
      }
    }
    if (byHash == null) {
      byHash =
          database.prepareStatement(
              "SELECT attributes_id FROM path_attributes_by_hash WHERE hash = ?");
    }
    byHash.setLong(1, hash);
    try (ResultSet row = byHash.executeQuery()) {
      id = row.next() ? row.getLong(1) : 0;
    }
    return id != 0 && has(id, octets) ? id : 0;
  }

  /// Whether these are the octets of a set. One of this life that the database does not have is on
  /// its way there; one of a former life never came.
  ///
  /// Remembers the sets behind it too: whoever sends a table again after our restart sends it in
  /// much the same order. So many, that they are worth it: twice as many as the last time if most
  /// of those were asked for since then, and else half of it.
  private boolean has(long id, byte[] octets) throws SQLException {
    ahead = saved > ahead / 2 ? Math.min(MOST_AHEAD, 2 * ahead) : Math.max(1, ahead / 2);
    saved = 0;
    if (fromOn == null) {
      fromOn =
          database.prepareStatement(
              "SELECT a.id, "
                  + OCTETS
                  + " FROM path_attributes a WHERE a.id >= ? ORDER BY a.id LIMIT ?");
    }
    fromOn.setLong(1, id);
    fromOn.setInt(2, 1 + ahead);
    try (var rows = fromOn.executeQuery()) {
      if (!rows.next() || rows.getLong(1) != id) {
        return id >= firstOfThisLife && !gone.get((int) id);
      }
      if (!Arrays.equals(octets(rows, 2), octets)) {
        return false;
      }
      while (rows.next()) {
        hash.of(octets(rows, 2));
        long hi = hash.first();
        long lo = hash.second();
        if (young.get(hi, lo) == 0) {
          remember(hi, lo, rows.getLong(1));
          readAhead.set((int) rows.getLong(1));
        }
      }
      return true;
    }
  }

  // ---- their hashes: see WaitingHashes

  /// Whether hashes are to be moved now, whatever else there is to do.
  boolean areHashesDue() {
    return move != null || unhashedFrom < unhashedTo || hashes.size() >= MOST_HASHES / 4 * 3;
  }

  /// Whether nothing else is to be done until some are moved.
  boolean areHashesTooMany() {
    return hashes.size() >= MOST_HASHES;
  }

  /// Hashes to be written now, of sets that were taken, and what is to be noted with them.
  ///
  /// @return null if there are too few to be worth it
  @Nullable Hashes takeHashes() {
    if (move == null) {
      if (hashes.size() < many && unhashedFrom == unhashedTo) {
        return null;
      }
      move = hashes.move(Math.min(many, HASHES_A_PART));
      unsorted.clear();
    }
    var keys = move.next();
    return new Hashes(keys, move.hasNext() ? 0 : move.upTo());
  }

  /// What [#takeHashes] gave is committed.
  void hashesWritten() throws SQLException {
    if (move != null && !move.hasNext()) {
      move.done();
      move = null;
      hashOn();
    }
  }

  /// Rows of the table of hashes.
  ///
  /// @param keys sorted
  /// @param upTo with these, the hashes of all sets up to this number are there; 0 if not yet
  record Hashes(List<HashKey> keys, long upTo) {}

  /// Hash to number, open addressing; it grows with what it holds, up to [#REMEMBERED].
  private static final class Generation {
    private long[] cells = new long[3 * 1024];
    private int size;

    void clear() {
      Arrays.fill(cells, 0);
      size = 0;
    }

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
