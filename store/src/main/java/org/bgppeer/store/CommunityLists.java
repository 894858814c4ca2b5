package org.bgppeer.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gives lists of communities numbers, for the table `community_list`: neighbors have them in
/// common, and a table of one repeats them.
///
/// Some hundred thousand of this process are remembered, by a hash with a key, for a neighbor must
/// not be able to make two of them collide: each in the one cell where it may be, until another
/// takes that. A list that is not remembered is written anew: nothing depends on one being
/// there once. Owned by the thread that writes attribute sets.
final class CommunityLists {
  /// Cells of the memory, 24 octets each; a power of two.
  static final int CELLS = 1 << 17;

  /// A text shorter than this is as short as its number and stays with its set.
  private static final int SHORT = 16;

  /// What to select of a set `a` to have the text of its communities.
  static final String TEXT =
      "coalesce(a.communities, (SELECT l.text FROM community_list l WHERE l.id ="
          + " a.community_list_id))";

  /// A list that is to be written.
  record Fresh(long id, String text) {}

  private final KeyedHash hash = KeyedHash.ofThisProcess();

  /// Of each cell two halves of a hash and a number, which is 0 if it is empty.
  private final long[] cells = new long[3 * CELLS];

  private long nextId;
  private List<Fresh> fresh = new ArrayList<>();

  CommunityLists(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT coalesce(max(id), 0) FROM community_list")) {
      row.next();
      nextId = row.getLong(1) + 1;
    }
  }

  /// The number of a list; a new one is among [#takeFresh] then.
  ///
  /// @param communities as text
  /// @return 0 if it is to stay with its set
  long idOf(String communities) {
    if (communities.length() < SHORT) {
      return 0;
    }
    hash.of(communities.getBytes(StandardCharsets.ISO_8859_1));
    long hi = hash.first();
    long lo = hash.second();
    int cell = 3 * ((int) lo & CELLS - 1);
    if (cells[cell + 2] == 0 || cells[cell] != hi || cells[cell + 1] != lo) {
      cells[cell] = hi;
      cells[cell + 1] = lo;
      cells[cell + 2] = nextId++;
      fresh.add(new Fresh(cells[cell + 2], communities));
    }
    return cells[cell + 2];
  }

  /// The lists that are new since the last call: to be written with the sets that have them.
  List<Fresh> takeFresh() {
    var taken = fresh;
    fresh = new ArrayList<>();
    return taken;
  }

  /// Gives none of the numbers again that it has given so far: those that no set has can be removed
  /// then.
  ///
  /// @return the first one that it may give from now on
  long forget() {
    Arrays.fill(cells, 0);
    return nextId;
  }
}
