package org.bgppeer.store;

import java.sql.SQLException;
import java.util.List;

/// What comes in bulk, written as suits a database: attribute sets and routes. One for each
/// connection that writes; its transaction is the caller's.
interface BulkWriter extends AutoCloseable {
  /// Something to be done with the database, in the thread that writes.
  interface Work {
    void run() throws SQLException;
  }

  /// Has something done again and again while many routes are on their way, if they are written by
  /// somebody else than this thread: it can see to the attribute sets of the batch behind.
  default void meanwhile(Work work) {}

  /// Writes attribute sets, ahead of the batch whose routes refer to them.
  void attributeSets(List<AttributeSets.New> sets) throws SQLException;

  /// From now on no set that is written refers to a list of communities that is there already.
  ///
  /// @return the first number of those to come
  long forgetCommunityLists() throws SQLException;

  /// Writes rows of the table of hashes, sorted; a hash that is there already gets the new set.
  void hashes(List<HashKey> keys) throws SQLException;

  /// Makes sure that the transaction that begins may write, whatever it begins with, and waits for
  /// that if another one writes.
  default void begin() throws SQLException {}

  /// Applies sorted changes, which are all of `state`'s neighbor and family, to `route` and
  /// `route_history`, and counts in `state` what that does: see [RouteDecision]. It may hold them
  /// back until [#flush].
  void routes(RouteChanges changes, FamilyState state) throws SQLException;

  /// Writes the routes that were held back: called before a state is used.
  void flush() throws SQLException;

  /// The same with the attribute sets, so that a question within the transaction finds those too.
  void settle() throws SQLException;

  /// Writes all that was held back: called before each commit, and at no other time.
  void finish() throws SQLException;

  /// Removes the oldest of `route_history`.
  ///
  /// @param before in microseconds: all that is removed ended before that
  /// @param now in microseconds: what ended later did so while the clock was ahead
  /// @param rows at most so many
  /// @return how many
  int removeHistory(long before, long now, int rows) throws SQLException;

  /// When the last of the oldest rows of `route_history` ended, in microseconds; 0 if there is
  /// none.
  long endOfOldestHistory(int rows) throws SQLException;

  /// Octets of the database that hold something, without the room that it keeps for later; 0 if
  /// that cannot be told.
  long usedOctets() throws SQLException;

  /// Gives up what is not committed; the connection is the caller's.
  @Override
  default void close() throws SQLException {}
}
