package org.bgppeer.store;

import java.sql.SQLException;

/// What a database wants to be done beside its writer.
interface AfterCommit extends AutoCloseable {
  /// Tells that a transaction was committed; returns at once, or when the next one may come.
  void committed();

  @Override
  void close() throws SQLException;
}
