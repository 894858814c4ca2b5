package org.bgppeer.store;

import java.sql.SQLException;

/// What a database wants to be done beside its writer.
interface AfterCommit extends AutoCloseable {
  /// Tells that a transaction was committed; returns at once.
  void committed();

  /// Returns when there is room for a large transaction: for small ones there always is. Not to be
  /// called within one, whose end it may have to wait for.
  default void awaitRoom() {}

  @Override
  void close() throws SQLException;
}
