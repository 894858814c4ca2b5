package org.bgppeer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Moves what SQLite's write-ahead log holds into the database file, in a thread and a connection
/// of
/// its own, so that no commit ever waits for it: the end of a session is seen at once although a
/// table has just been written.
///
/// The log is moved when it holds [#PAGES]: a page of a full table that comes in is moved once then
/// and not a dozen times. The writer begins the log anew by itself when all of it was moved.
final class Checkpoints implements AfterCommit {
  /// 128 MiB.
  static final int PAGES = 32_768;

  private final Connection connection;
  private final int pages;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private boolean committed;
  private boolean closing;

  /// @param connection in auto-commit; closed with this object
  /// @param pages that may gather in the log
  Checkpoints(Connection connection, int pages) {
    this.connection = connection;
    this.pages = pages;
    thread = Thread.ofPlatform().name("projector-checkpoint").start(this::run);
  }

  /// There may be more in the log.
  @Override
  public void committed() {
    lock.lock();
    try {
      committed = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    boolean failing = false;
    try {
      while (awaitCommit()) {
        try {
          if (unmoved("NOOP") >= pages) {
            unmoved("PASSIVE");
          }
          failing = false;
        } catch (SQLException e) {
          if (!failing) { // the log stays and grows, nothing is lost; tried again at each commit
            StoreLog.checkpointFailed(e);
          }
          failing = true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits; false once there was the last.
  private boolean awaitCommit() throws InterruptedException {
    lock.lock();
    try {
      while (!committed && !closing) {
        news.await();
      }
      boolean more = committed;
      committed = false;
      return more;
    } finally {
      lock.unlock();
    }
  }

  /// Pages that are in the log and not in the database, behind a checkpoint of this mode.
  private long unmoved(String mode) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      return row.getLong(2) - row.getLong(3);
    }
  }

  @Override
  public void close() throws SQLException {
    lock.lock();
    try {
      closing = true;
      news.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
